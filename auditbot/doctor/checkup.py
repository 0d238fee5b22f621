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
from auditbot.settings import Settings, Workspace, load_settings
from auditbot.store import Store


def examine_workspace(workspace: Workspace, progress: Progress = QUIET) -> Iterator[Check]:
    """Yield the checks in the order in which they matter; a missing thing ends the list where the rest stands on it."""
    try:
        settings = load_settings(workspace)
        yield Check("Settings", "good", str(workspace.config / "auditbot.toml"))
        yield from check_browser(settings, local_now(settings))
        yield from check_workers()
        honour_withdrawals(workspace)
        with one_at_a_time(workspace):
            declared = read_declared(workspace, local_now(settings).date())
    except AuditRunning:
        # Nothing is wrong: setup may have switched a night on that was due.
        told = f"An audit is running in {workspace.folder}. Type this once more when it has ended, for the rest."
        yield Check("Workspace", "note", told)
        return
    except AuditbotError as error:
        yield Check("Workspace", "missing", str(error))
        return
    yield from _registers(declared)
    yield _assessment(settings)
    if settings.faces.matching_allowed:
        try:
            with one_at_a_time(workspace):
                enrolled = enrol(workspace, settings, declared, progress)
            yield from _gallery(enrolled, declared, kept_trial(workspace.data / TRIAL_FILE))
        except AuditbotError as error:
            yield Check("Enrolment", "missing", str(error))
    yield from _records(settings, declared)
    yield check_decisions(workspace)
    yield _last_audit(workspace, settings)


def _records(settings: Settings, declared: Declared) -> Iterator[Check]:
    """Say what the policy asks of the school's own records and they lack: findings of the next audit."""
    if not settings.school.domains:
        yield Check(
            "Domains", "note", "config/auditbot.toml: [school] domains names none, so no address can be judged."
        )
    lacking: dict[str, list[str]] = {}
    for finding in (
        *check_accounts(declared, settings.school.domains, (), ()),
        *check_risk_assessments(declared),
        *check_documents(declared),
    ):
        lacking.setdefault(finding.account, []).append(f"{finding.clause} {heading(finding).lower()}")
    for account, headings in lacking.items():
        counted = Counter(headings)
        told = "; ".join(f"{words} ({count} cells)" if count > 1 else words for words, count in counted.items())
        yield Check("Records", "note", f"{account or 'the school'}: {told}.")
    attested = {clause for entry in declared.declarations.attestation for clause in entry.clauses}
    undeclared = [name for name, clause in declared.clauses.items() if "attest" in clause.how and name not in attested]
    if undeclared:
        told = f"nobody has declared {', '.join(undeclared)}: [[attestation]] in config/declarations.toml."
        yield Check("Declarations", "note", told)


def check_decisions(workspace: Workspace) -> Check:
    """Say whether every decision is as it was written."""
    if not (workspace.data / FILE_NAME).is_file():
        return Check("Decisions", "note", "None is recorded yet.")
    try:
        with Ledger(workspace.data / FILE_NAME) as ledger:
            changed, count = ledger.verify(), len(ledger.events())
    except (DecisionsDamaged, DecisionsTooNew) as error:
        return Check("Decisions", "missing", str(error))
    if changed is not None:
        told = f"Step {changed} is not as it was written. Bring {workspace.data / FILE_NAME} back from a backup."
        return Check("Decisions", "missing", told)
    return Check("Decisions", "good", f"{count} on record, each as it was written.")


def _last_audit(workspace: Workspace, settings: Settings) -> Check:
    database = workspace.data / "auditbot.db"
    if not database.exists():
        return Check("Audit", "note", "None has run yet. Run one: auditbot audit")
    with Store(database) as store:
        last = store.audits.last_started()
    if last is None:
        return Check("Audit", "note", "None has run to its end yet. Run one: auditbot audit")
    days = (local_now(settings) - last).days
    standing: Standing = "good" if days < 2 else "note"
    hint = "" if days < 2 else " The nightly audit does not seem to run: auditbot schedule"
    return Check("Audit", standing, f"The last one that ran to its end began on {last:%d %B %Y at %H:%M}.{hint}")


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
        f"Engine: {engine_id(choice_of(settings.faces))}. {len(enrolled.photos)} people enrolled.",
        *in_words(trial),
    )


def _registers(declared: Declared) -> Iterator[Check]:
    pupils = len(declared.pupils)
    hint = "" if pupils else " Fill in consent/pupils.csv."
    yield Check("Pupils", "good" if pupils else "note", f"{_so_many(pupils, 'pupil')} in the register.{hint}")
    blank = sum(not any(answer for answer in (pupil.answers or {}).values()) for pupil in declared.pupils.values())
    if blank:
        yield Check(
            "Consent",
            "note",
            f"{_so_many(blank, 'pupil')} without a yes for any channel; each counts as no permission.",
        )
    for note in declared.notes:
        yield Check("Consent history", "note", note)
    yield Check("Staff", "good" if declared.staff else "note", f"{_so_many(len(declared.staff), 'member')} of staff.")
    over = [phrase for phrase in declared.allowed if phrase.until < declared.today]
    if over:
        listed = "; ".join(f"“{phrase.text}” until {phrase.until}" for phrase in over)
        yield Check("Allowed phrases", "note", f"No longer allowed: {listed}. See config/allowed_phrases.toml.")
    for account in declared.accounts.values():
        yield Check("Account", "good", f"{account.name}: {account.url} ({account.channel})")
        if account.kind in TOKEN_KINDS:
            yield _token(account)


def _so_many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _token(account: Account) -> Check:
    try:
        found = find_token(account)
    except TokenUnusable as error:
        return Check("Token", "note", f"{account.name}: {error}")
    if found:
        return Check("Token", "good", f"{account.name}: found in {found.origin}.")
    variable = token_variable(account.name)
    message = f'{account.name} is not checked without one: auditbot token set "{account.name}", or set {variable}.'
    return Check("Token", "note", message)


def _assessment(settings: Settings) -> Check:
    faces = settings.faces
    if faces.matching_allowed:
        return Check("Impact assessment", "good", f"{faces.dpia_reference}, {faces.dpia_date}.")
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
        "Impact assessment",
        "note",
        f"Faces are counted but not matched until [faces] {', '.join(missing)} in config/auditbot.toml "
        "record the data protection impact assessment.",
    )


def _gallery(enrolled: Enrolled, declared: Declared, trial: Trial | None) -> Iterator[Check]:
    pupils = sum(person in declared.pupils for person in enrolled.photos)
    yield Check(
        "Enrolment",
        "good" if pupils else "note",
        f"Enrolled: {_so_many(pupils, 'pupil')} and {_so_many(len(enrolled.photos) - pupils, 'member')} of staff. "
        f"No template may be held of {_so_many(len(enrolled.no_right), 'pupil')}. No photo: {len(enrolled.no_photo)}.",
    )
    for name, reason in enrolled.refused:
        yield Check("Enrolment", "note", f"consent/photos/{name}: {reason}")
    for portrait in enrolled.unclaimed:
        yield Check("Enrolment", "note", f"consent/photos/{portrait.path.name}: {claim_in_words(portrait)}")
    for sentence in portraits_in_words(enrolled, declared, trial):
        yield Check("Enrolment", "note", sentence)
