"""The report stage: joins the newest audit with names and permissions, and writes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from auditbot.check.policy_state import Basis, ClauseState, policy_states
from auditbot.check.verdict import channels, describe, permissions
from auditbot.errors import NoAuditYet
from auditbot.examine.leave_one_out import TRIAL_FILE, kept_trial
from auditbot.model import Audit, Channel, Finding, PhotoEvidence, Post
from auditbot.registers.declared import Declared
from auditbot.registers.policy import Clause
from auditbot.report.context import AccountEntry, ClauseText, ConsentThenNow, PupilLabel, ReportContext
from auditbot.report.kept import remove_old_reports, sweep_unfinished
from auditbot.report.latest import point_latest_at
from auditbot.report.screens import screens_of
from auditbot.report.secret_names import secret_names
from auditbot.report.wording import CHANNEL, moment_of_film
from auditbot.report.write import write_pdf, write_report
from auditbot.run import Run, stage
from auditbot.settings import Settings, Workspace
from auditbot.store import Store


def report(run: Run) -> Path:
    """Write the report of the newest audit, point ``reports/latest`` at it and remove old ones; return its folder.

    Raises NoAuditYet if nothing was ever checked, OldReportStays if an old report cannot be removed, and
    BrowserMissing, BrowserUnusable or ReportNotPrinted if there can be no PDF; the new report is in its place by then.
    """
    latest = run.store.audits.latest()
    if latest is None:
        raise NoAuditYet(run.workspace.folder)
    audit = run.store.audits.load(latest)
    folder = run.workspace.reports / audit.id
    with stage(run.progress, "Report written", 1) as one_more:
        files = write_report(audit, _context(run, audit), folder)
        point_latest_at(folder, run.workspace.reports)
        sweep_unfinished(run.workspace.reports)
        kept_for = timedelta(days=run.settings.report.evidence_days)
        remove_old_reports(run.workspace.reports, folder, run.now() - kept_for)
        if run.settings.report.pdf:
            write_pdf(files, run.settings)
        one_more()
    return folder


def write_newest_again(
    workspace: Workspace, settings: Settings, declared: Declared, store: Store, *, even_if_gone: bool = False
) -> None:
    """Write the newest report again, if there is one, as the store tells it now; its PDF goes with the old one."""
    newest = store.audits.latest()
    if newest is None or not (even_if_gone or (workspace.reports / newest / "report.json").is_file()):
        return
    run = Run(workspace, settings, declared, store, newest, _Quiet())
    audit = store.audits.load(newest)
    write_report(audit, _context(run, audit), workspace.reports / newest)
    point_latest_at(workspace.reports / newest, workspace.reports)


class _Quiet:
    """Shows nothing."""

    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, stage: str) -> None:
        pass

    def finish(self, stage: str) -> None:
        pass


def _context(run: Run, audit: Audit) -> ReportContext:
    declared = run.declared
    posts = {(post.account, post.url): post for post in run.store.published.posts()}
    findings = [tracked.finding for tracked in audit.findings]
    states = policy_states(Basis(declared, run.settings, audit))
    return ReportContext(
        school=run.settings.school.name,
        safeguarding_lead=run.settings.school.safeguarding_lead,
        timezone=run.settings.school.timezone,
        pupils={pupil.pupil_id: PupilLabel(pupil.label, pupil.class_name) for pupil in declared.pupils.values()},
        secret_names=secret_names(declared.pupils.values()),
        permissions={finding.id: tuple(_then_and_now(finding, posts, run)) for finding in findings},
        referrals={
            given.finding: f"to the {given.referred_to} on {given.referred_on.day} {given.referred_on:%B %Y}"
            for given in declared.casework.referral
        },
        clauses={name: _clause_text(declared.clauses[name], state) for name, state in states.items()},
        accounts=tuple(
            AccountEntry(account.name, account.kind, account.url, account.channel, account.owner)
            for account in declared.accounts.values()
        ),
        evidence={file.name: file for file in run.evidence.iterdir()},
        titles={post.url: post.title for post in posts.values()},
        screens=screens_of(
            run.workspace.data / "screens",
            audit,
            {account.name for account in declared.accounts.values() if account.kind == "website"},
            run.settings.report.screenshots,
        ),
        face_trial=kept_trial(run.workspace.data / TRIAL_FILE),
        counts={
            "posts known": len(posts),
            "photos known": len({use.sha256 for post in posts.values() for use in post.photos if use.sha256}),
            "pupils in the register": len(declared.pupils),
        },
    )


def _then_and_now(finding: Finding, posts: dict[tuple[str, str], Post], run: Run) -> Iterator[ConsentThenNow]:
    post = posts.get((finding.account, finding.post_url))
    if finding.clause != "C11" or post is None or post.account not in run.declared.accounts:
        return
    for pupil_id in finding.pupil_ids:
        if pupil_id in run.declared.pupils:
            told = []
            for channel in channels(post, run.declared, _of_film(finding, post)):
                then, now = permissions(post, pupil_id, run.declared, channel)
                told.append((channel, describe(then) if then else "", describe(now)))
            yield ConsentThenNow(pupil_id, *told[0][1:]) if len(told) == 1 else _by_channel(pupil_id, told)


def _of_film(finding: Finding, post: Post) -> bool:
    """Whether a finding rests on a moment or the poster of a film."""
    evidence = finding.evidence
    if not isinstance(evidence, PhotoEvidence):
        return False
    poster = any(use.found_in == "video" and use.sha256 == evidence.sha256 for use in post.photos)
    return poster or moment_of_film(finding) != ""


def _by_channel(pupil_id: str, told: list[tuple[Channel, str, str]]) -> ConsentThenNow:
    """Say for each channel that is needed what the register says."""
    then = "; ".join(f"{CHANNEL[channel]}: {words}" for channel, words, _ in told if words)
    return ConsentThenNow(pupil_id, then, "; ".join(f"{CHANNEL[channel]}: {words}" for channel, _, words in told))


def _clause_text(clause: Clause, state: ClauseState) -> ClauseText:
    """Join the school's words with what the program knows: no line of policy.toml makes a clause a checked one."""
    return ClauseText(
        summary=clause.summary,
        how=", ".join(clause.how),
        severity=clause.severity or None,
        wording=" ".join(part for part in (clause.school_number, clause.school_wording) if part),
        state=state,
    )
