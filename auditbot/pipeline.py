"""The whole story of an audit: collect, examine, check, evidence, report, in this order."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from auditbot import __version__
from auditbot.check.stage import check
from auditbot.collect.archives.importing import archives_away, stand_in
from auditbot.collect.browser.launch import ran_without_sandbox, render_pdf
from auditbot.collect.net.warc import Warc
from auditbot.collect.stage import collect
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.decisions.proof import record_proofs
from auditbot.decisions.standing import standings
from auditbot.demo.site import demo_site
from auditbot.errors import AuditbotError, StoreDamaged, UnknownAccount, UnknownPost
from auditbot.evidence.kept import keep_evidence
from auditbot.evidence.screenshots import take_screens
from auditbot.examine.faces.enrol import Enrolled, enrol
from auditbot.examine.faces.learn import unlearned_in_words
from auditbot.examine.faces.trial import trial_of
from auditbot.examine.stage import examine, examined_with, to_fetch_again, versions
from auditbot.exposure.nightly import keep_counts
from auditbot.log import Event, log_event
from auditbot.model import Audit
from auditbot.privacy.retention import clock_is_believed, remove_what_is_old
from auditbot.privacy.withdrawal import erase_without_right
from auditbot.registers.accounts import Account
from auditbot.registers.changes.accepted import register_lock
from auditbot.registers.declared import Declared, read_declared
from auditbot.registers.mis.update import import_newest
from auditbot.report.stage import report
from auditbot.run import WARC_FILE, Progress, Run, local_now, one_at_a_time
from auditbot.sentences import say
from auditbot.settings import Cluster as Chosen
from auditbot.settings import Settings, Workspace, load_settings
from auditbot.store import Store
from auditbot.store.copies import is_whole
from auditbot.trust.cluster import Cluster

STAGES = ("collect", "examine", "check", "report")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    stages: tuple[str, ...] = STAGES
    """Which stages to run."""
    account: str | None = None
    """Visit only this account; the others stand as they were last seen."""
    since: date | None = None
    """Visit only posts published on or after this day."""
    post: str = ""
    """Visit only this post, known from an earlier audit; of an account that is no website, the whole account."""
    cluster: Chosen | None = None
    """Other machines that look at photos, instead of those that the settings name."""
    visitors: Path | None = None
    """Folder of locks that audits of several schools share, so that no host has two visitors."""
    warc: bool = False
    """Keep what pages and files were answered, as a WARC file in the report's folder."""

    @property
    def key(self) -> str:
        """What was asked for, as an audit that was cut short is known again by: the same request goes on with it."""
        return json.dumps(asdict(self), default=str, sort_keys=True)


WHOLE = Request()


@dataclass(frozen=True, slots=True)
class Audited:
    """What a run came to."""

    audit: Audit | None
    """Its result; None if nothing was checked."""
    not_printed: AuditbotError | None = None
    """Why the report, whole otherwise, has no PDF although there should be one."""


def run_audit(workspace: Workspace, progress: Progress, request: Request = WHOLE) -> Audited:
    """Run an audit, or go on with one that was cut short, and return what it came to.

    Raises AuditbotError with a sentence for the reader where nothing can be audited.
    """
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        _look_at_database(workspace)
        with register_lock(workspace.consent):
            not_imported = import_newest(workspace, settings.consent, local_now(settings))
            declared = read_declared(workspace, local_now(settings).date())
        declared = replace(declared, notes=(*not_imported, *declared.notes))
        accounts = _asked_for(declared, request)
        erase_without_right(workspace, settings, declared)
        enrolled = enrol(workspace, settings, declared, progress)
        declared = replace(declared, notes=(*declared.notes, *unlearned_in_words(enrolled)))
        with Store(workspace.data / "auditbot.db") as store:
            believed = clock_is_believed(store.audits.all_started(), local_now(settings))
            if not believed:
                log_event(Event.RETENTION_WAITS)
                declared = replace(declared, notes=(*declared.notes, CLOCK_DOUBTED))
            audit = store.audits.begin(local_now(settings), request.key)
            ends_at = time.monotonic() + settings.schedule.most_hours * 3600
            run = Run(
                workspace,
                settings,
                declared,
                store,
                audit,
                progress,
                request.visitors,
                ends_at,
                removes_by_age=believed,
            )
            if believed:
                remove_what_is_old(run)
            not_printed = _run_stages(run, request, accounts, enrolled)
            store.audits.end(audit, run.now())
            latest = store.audits.latest() if {"check", "report"} & set(request.stages) else None
            return Audited(store.audits.load(latest) if latest else None, not_printed)


CLOCK_DOUBTED = say(
    "Nothing was removed by its age: the audit before lies weeks away from today by this computer's clock. See that "
    "the clock is right; removal goes on once audits have run on seven days."
)


def _look_at_database(workspace: Workspace) -> None:
    """Raises StoreDamaged if pages or rows of the database are not what they should be."""
    path = workspace.data / "auditbot.db"
    if path.is_file() and path.stat().st_size > 0 and not is_whole(path):
        raise StoreDamaged(path)


def _run_stages(run: Run, request: Request, accounts: list[Account], enrolled: Enrolled) -> AuditbotError | None:
    """Run the stages asked for; return why the report has no PDF, if it should have one."""
    if "collect" in request.stages:
        warc = Warc(run.workspace.reports / run.audit / WARC_FILE) if request.warc else nullcontext()
        with local_hosts(run.settings) as hosts, warc as kept:
            again = frozenset() if request.post else to_fetch_again(run, enrolled)
            collect(run, _of_post(run, request) or accounts, request.since, again, hosts, kept, request.post)
    if "examine" in request.stages:
        chosen = request.cluster or run.settings.cluster
        examine(run, enrolled, Cluster(chosen) if chosen.scheduler else None)
    if "check" in request.stages:
        version = examined_with(enrolled, run.settings)
        stand_in(run)
        waiting = frozenset(run.store.examined.photos_to_examine(version))
        check(run, waiting, _versions(run, enrolled), archives_away(run, waiting))
        keep_evidence(run, version)
        keep_counts(run)
        latest = run.store.audits.latest()
        if latest:
            _record_what_is_gone(run, run.store.audits.load(latest))
        if latest and run.settings.report.screenshots and {"collect", "report"} <= set(request.stages):
            with local_hosts(run.settings) as hosts:
                take_screens(run, run.store.audits.load(latest), hosts)
    if "report" in request.stages:
        trial_of(run.workspace.data, enrolled.templates, enrolled.gallery, run.settings.faces.false_name_rate)
        reported = report(run, render_pdf)
        run.store.audits.mark_reported(reported.folder.name, run.now())
        return reported.not_printed
    return None


def _record_what_is_gone(run: Run, audit: Audit) -> None:
    """Write into the decisions what this audit saw gone, and what it proved."""
    if any(tracked.seen_gone or tracked.proof for tracked in audit.findings):
        with Ledger(run.workspace.data / FILE_NAME) as ledger:
            stands = standings(audit.findings, run.declared, audit.versions, ledger.events(), run.now())
            record_proofs(ledger, stands.values(), run.now())


def _of_post(run: Run, request: Request) -> list[Account]:
    """Return the account that published the one post asked for; nothing if none was. Raises UnknownPost."""
    if not request.post:
        return []
    holders = [
        account
        for account in run.declared.accounts.values()
        if request.post
        in {*run.store.published.permalinks(account.name), *run.store.audits.watched_files(account.name)}
    ]
    if not holders:
        raise UnknownPost(request.post)
    return holders[:1]


def _asked_for(declared: Declared, request: Request) -> list[Account]:
    if request.account is None:
        return list(declared.accounts.values())
    if request.account not in declared.accounts:
        raise UnknownAccount(request.account, list(declared.accounts))
    return [declared.accounts[request.account]]


@contextmanager
def local_hosts(settings: Settings) -> Iterator[Mapping[str, tuple[str, int]]]:
    """Serve the embedded demo site, if the settings say so, under its name and on this machine only."""
    if not settings.demo.serve_as:
        yield {}
        return
    with demo_site() as address:
        yield {settings.demo.serve_as: address}


def _versions(run: Run, enrolled: Enrolled) -> dict[str, str]:
    gallery = enrolled.gallery
    return {
        "auditbot": __version__,
        **versions(enrolled, run.settings),
        "films": say("at most %(count)s moments of each looked at", count=run.settings.examine.video_frames),
        "people enrolled": str(len(gallery.pupil_ids)),
        "pupils with one photo": str(len(enrolled.with_one_photo(run.declared.pupils))),
        "pupils without a photo of this year": str(
            len(enrolled.none_of_this_year(run.declared.pupils, run.declared.today))
        ),
        "portraits that are nobody’s": str(len(enrolled.unclaimed)),
        "named from score": f"{gallery.named_above:.3f}",
        "shown from score": f"{gallery.shown_above:.3f}",
        "consent list": run.declared.consent_version,
        "policy": run.declared.policy_version,
        "browser": say("without its sandbox") if ran_without_sandbox() else say("in its sandbox"),
    }
