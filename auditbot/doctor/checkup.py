"""``auditbot doctor``: what is missing before an audit can be trusted, in the order it matters, and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from auditbot.check.records.account_records import check_accounts
from auditbot.check.records.school_papers import check_documents, check_risk_assessments
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.doctor.browsers import check_browser, check_workers
from auditbot.doctor.line import Check, Standing
from auditbot.errors import AuditbotError, AuditRunning, DecisionsDamaged, DecisionsTooNew, TokenUnusable
from auditbot.examine.faces.engines import choice_of, engine_id
from auditbot.examine.faces.enrol import Enrolled, enrol
from auditbot.examine.faces.portraits import claim_in_words
from auditbot.examine.faces.trial import TRIAL_FILE, Trial, in_words, kept_trial, portraits_in_words, trial_of
from auditbot.present.wording import heading
from auditbot.privacy.withdrawal import honour_withdrawals
from auditbot.registers.accounts import TOKEN_KINDS, Account, token_variable
from auditbot.registers.declared import Declared, read_declared
from auditbot.registers.secrets import find_token
from auditbot.run import QUIET, Progress, local_now, one_at_a_time
from auditbot.sentences import _, _n
from auditbot.settings import Settings, Workspace, load_settings
from auditbot.store import Store


def examine_workspace(workspace: Workspace, progress: Progress = QUIET) -> Iterator[Check]:
    """Yield the checks in the order in which they matter; a missing thing ends the list where the rest stands on it."""
    try:
        settings = load_settings(workspace)
        yield Check(_("Settings"), "good", str(workspace.config / "auditbot.toml"))
        yield from check_browser(settings, local_now(settings))
        yield from check_workers()
        honour_withdrawals(workspace)
        with one_at_a_time(workspace):
            declared = read_declared(workspace, local_now(settings).date())
    except AuditRunning:
        # Nothing is wrong: setup may have switched a night on that was due.
        told = _(
            "An audit is running in %(folder)s. Type this once more when it has ended, for the rest.",
            folder=workspace.folder,
        )
        yield Check(_("Workspace"), "note", told)
        return
    except AuditbotError as error:
        yield Check(_("Workspace"), "missing", str(error))
        return
    yield from _registers(declared)
    yield _assessment(settings)
    if settings.faces.matching_allowed:
        try:
            with one_at_a_time(workspace):
                enrolled = enrol(workspace, settings, declared, progress)
            yield from _gallery(enrolled, declared, kept_trial(workspace.data / TRIAL_FILE))
        except AuditbotError as error:
            yield Check(_("Enrolment"), "missing", str(error))
    yield from _records(settings, declared)
    yield check_decisions(workspace)
    yield _last_audit(workspace, settings)


def _records(settings: Settings, declared: Declared) -> Iterator[Check]:
    """Say what the policy asks of the school's own records and they lack: findings of the next audit."""
    if not settings.school.domains:
        yield Check(
            _("Domains"), "note", _("config/auditbot.toml: [school] domains names none, so no address can be judged.")
        )
    lacking: dict[str, list[str]] = {}
    for finding in (
        *check_accounts(declared, settings.school.domains, (), ()),
        *check_risk_assessments(declared),
        *check_documents(declared),
    ):
        lacking.setdefault(finding.account, []).append(f"{finding.clause} {str(heading(finding)).lower()}")
    for account, headings in lacking.items():
        counted = Counter(headings)
        told = "; ".join(
            _("%(what)s (%(count)s cells)", what=words, count=count) if count > 1 else words
            for words, count in counted.items()
        )
        yield Check(_("Records"), "note", f"{account or _('the school')}: {told}.")
    attested = {clause for entry in declared.declarations.attestation for clause in entry.clauses}
    undeclared = [name for name, clause in declared.clauses.items() if "attest" in clause.how and name not in attested]
    if undeclared:
        told = _(
            "nobody has declared %(undeclared)s: [[attestation]] in config/declarations.toml.",
            undeclared=", ".join(undeclared),
        )
        yield Check(_("Declarations"), "note", told)


def check_decisions(workspace: Workspace) -> Check:
    """Say whether every decision is as it was written."""
    if not (workspace.data / FILE_NAME).is_file():
        return Check(_("Decisions"), "note", _("None is recorded yet."))
    try:
        with Ledger(workspace.data / FILE_NAME) as ledger:
            changed, count = ledger.verify(), len(ledger.events())
    except (DecisionsDamaged, DecisionsTooNew) as error:
        return Check(_("Decisions"), "missing", str(error))
    if changed is not None:
        told = _(
            "Step %(changed)s is not as it was written. Bring %(data)s back from a backup.",
            changed=changed,
            data=workspace.data / FILE_NAME,
        )
        return Check(_("Decisions"), "missing", told)
    return Check(_("Decisions"), "good", _("%(count)s on record, each as it was written.", count=count))


def _last_audit(workspace: Workspace, settings: Settings) -> Check:
    database = workspace.data / "auditbot.db"
    if not database.exists():
        return Check(_("Audit"), "note", _("None has run yet. Run one: auditbot audit"))
    with Store(database) as store:
        last = store.audits.last_started()
    if last is None:
        return Check(_("Audit"), "note", _("None has run to its end yet. Run one: auditbot audit"))
    days = (local_now(settings) - last).days
    standing: Standing = "good" if days < 2 else "note"
    hint = "" if days < 2 else _(" The nightly audit does not seem to run: auditbot schedule")
    return Check(
        _("Audit"),
        standing,
        _(
            "The last one that ran to its end began on %(day)s at %(time)s.%(hint)s",
            day=last.date(),
            time=format(last, "%H:%M"),
            hint=hint,
        ),
    )


def try_faces(workspace: Workspace, progress: Progress = QUIET) -> tuple[str, ...]:
    """Try the gallery's own photos, and say in sentences how sure face matching is here.

    Raises what reading settings and registers and enrolling raise.
    """
    settings = load_settings(workspace)
    honour_withdrawals(workspace)
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(settings).date())
        if not settings.faces.matching_allowed:
            return (_assessment(settings).message,)
        enrolled = enrol(workspace, settings, declared, progress)
        rate = settings.faces.false_name_rate
        trial = trial_of(workspace.data, enrolled.templates, enrolled.gallery, rate)
    return (
        _(
            "Engine: %(engine_id)s. %(count)s people enrolled.",
            engine_id=engine_id(choice_of(settings.faces)),
            count=len(enrolled.photos),
        ),
        *in_words(trial),
    )


def _registers(declared: Declared) -> Iterator[Check]:
    pupils = len(declared.pupils)
    hint = "" if pupils else _(" Fill in consent/pupils.csv.")
    yield Check(
        _("Pupils"),
        "good" if pupils else "note",
        _("%(pupils)s in the register.%(hint)s", pupils=_pupils(pupils), hint=hint),
    )
    blank = sum(not any(answer for answer in (pupil.answers or {}).values()) for pupil in declared.pupils.values())
    if blank:
        yield Check(
            _("Consent"),
            "note",
            _(
                "%(pupils)s without a yes for any channel; each counts as no permission.",
                pupils=_pupils(blank),
            ),
        )
    for note in declared.notes:
        yield Check(_("Consent history"), "note", note)
    yield Check(
        _("Staff"),
        "good" if declared.staff else "note",
        _n("%(count)s member of staff.", "%(count)s members of staff.", len(declared.staff)),
    )
    over = [phrase for phrase in declared.allowed if phrase.until < declared.today]
    if over:
        listed = "; ".join(_("“%(phrase)s” until %(day)s", phrase=phrase.text, day=phrase.until) for phrase in over)
        yield Check(
            _("Allowed phrases"),
            "note",
            _("No longer allowed: %(listed)s. See config/allowed_phrases.toml.", listed=listed),
        )
    for account in declared.accounts.values():
        yield Check(_("Account"), "good", f"{account.name}: {account.url} ({account.channel})")
        if account.kind in TOKEN_KINDS:
            yield _token(account)


def _pupils(count: int) -> str:
    return _n("%(count)s pupil", "%(count)s pupils", count)


def _token(account: Account) -> Check:
    try:
        found = find_token(account)
    except TokenUnusable as error:
        return Check(_("Token"), "note", f"{account.name}: {error}")
    if found:
        return Check(_("Token"), "good", _("%(name)s: found in %(origin)s.", name=account.name, origin=found.origin))
    variable = token_variable(account.name)
    message = _(
        '%(name)s is not checked without one: auditbot token set "%(name)s", or set %(variable)s.',
        name=account.name,
        variable=variable,
    )
    return Check(_("Token"), "note", message)


def _assessment(settings: Settings) -> Check:
    faces = settings.faces
    if faces.matching_allowed:
        return Check(_("Impact assessment"), "good", f"{faces.dpia_reference}, {faces.dpia_date}.")
    missing = [
        option
        for option, value in (
            ("dpia_reference", faces.dpia_reference),
            ("dpia_officer", faces.dpia_officer),
            ("dpia_date", faces.dpia_date),
        )
        if not value
    ]
    return Check(
        _("Impact assessment"),
        "note",
        _(
            "Faces are counted but not matched until [faces] %(missing)s in config/auditbot.toml record the "
            "data protection impact assessment.",
            missing=", ".join(missing),
        ),
    )


def _gallery(enrolled: Enrolled, declared: Declared, trial: Trial | None) -> Iterator[Check]:
    pupils = sum(person in declared.pupils for person in enrolled.photos)
    yield Check(
        _("Enrolment"),
        "good" if pupils else "note",
        _(
            "Enrolled: %(pupils)s and %(staff)s. No template may be held of %(no_right)s. No photo: %(no_photo)s.",
            pupils=_pupils(pupils),
            staff=_n("%(count)s member of staff", "%(count)s members of staff", len(enrolled.photos) - pupils),
            no_right=_pupils(len(enrolled.no_right)),
            no_photo=len(enrolled.no_photo),
        ),
    )
    for name, reason in enrolled.refused:
        yield Check(_("Enrolment"), "note", f"consent/photos/{name}: {reason}")
    for portrait in enrolled.unclaimed:
        yield Check(_("Enrolment"), "note", f"consent/photos/{portrait.path.name}: {claim_in_words(portrait)}")
    for sentence in portraits_in_words(enrolled, declared, trial):
        yield Check(_("Enrolment"), "note", sentence)
