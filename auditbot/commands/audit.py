"""``auditbot audit``, ``report`` and ``schedule``: an audit now or nightly, and its report."""

from __future__ import annotations

import argparse
import contextlib
import sys
from datetime import datetime
from pathlib import Path

from rich.console import Console

from auditbot import pipeline
from auditbot.commands.common import COMPLETE, INCOMPLETE, ProgressBars, a_day_so_far, of_audit, workspace_of
from auditbot.errors import AuditRunning, OptionWithoutUse
from auditbot.evidence.screenshots import manifest_sha256
from auditbot.model import Audit
from auditbot.present import wording
from auditbot.present.excerpt import one_line
from auditbot.present.headline import Headline
from auditbot.registers.declared import read_declared
from auditbot.report.data import audit_json
from auditbot.report.stage import headline_now
from auditbot.run import local_now, one_at_a_time
from auditbot.schedule import NightlyAudit, next_night, night_was_missed, run_nightly
from auditbot.sentences import _, long_day, say
from auditbot.settings import Cluster, load_settings
from auditbot.store import Store

# What a terminal shows after an audit: the first box, how far each account was reached, where the report is.


def summary(audit: Audit, head: Headline, report: Path) -> str:
    """Return the summary as plain text, without a trailing newline; no pupil's name stands in it."""
    lines = [head.line(), *head.meaning(), ""]
    width = max((len(entry.account) for entry in audit.coverage), default=0)
    left_out = {item.account for item in audit.not_checked}
    for entry in audit.coverage:
        posts, photos = wording.amount(entry.posts, "post"), wording.amount(entry.photos, "photo")
        reached = wording.reached(entry.status, entry.account in left_out)
        reason = f" – {one_line(entry.reason)}" if entry.reason else ""
        lines.append(f"  {one_line(entry.account):<{width}}  {reached}: {posts}, {photos}{reason}")
    if audit.not_checked:
        lines.append(
            "  "
            + _(
                "Not checked: %(amount)s; the report lists each with its reason.",
                amount=wording.amount(len(audit.not_checked), "thing"),
            )
        )
    return "\n".join([*lines, "", _("Report: %(path)s", path=report)])


def run_audit(options: argparse.Namespace) -> int:
    """Run the stages asked for and show the result."""
    stages = tuple(options.stage or (pipeline.STAGES[:3] if options.post else pipeline.STAGES))
    post = sys.stdin.readline().strip() if options.post == "-" else options.post
    request = pipeline.Request(
        stages, options.account, options.since, post, _cluster(options), options.visitors, options.warc
    )
    workspace = workspace_of(options)
    with ProgressBars(Console(stderr=True)) as progress:
        done = pipeline.run_audit(workspace, progress, request)
    audit = done.audit
    if audit is None:
        print("auditbot:", _("nothing was checked; run the check stage, or all stages."), file=sys.stderr)
        return INCOMPLETE
    if options.json:
        print(audit_json(audit, manifest_sha256(workspace.reports / audit.id)))
    else:
        print(
            summary(
                audit,
                headline_now(workspace, load_settings(workspace), audit),
                workspace.reports / "latest" / "report.html",
            )
        )
    if done.not_printed is not None:
        print("auditbot:", done.not_printed, file=sys.stderr)
    return of_audit(audit)


def _cluster(options: argparse.Namespace) -> Cluster | None:
    if options.certificates and not options.scheduler:
        raise OptionWithoutUse("--certificates", say("it belongs to --scheduler"))
    return Cluster(options.scheduler, options.certificates) if options.scheduler else None


def declare_audit(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--account", help="visit only this account")
    parser.add_argument(
        "--since", type=a_day_so_far, metavar="DAY", help="visit only posts since this day: 2026-09-01, or yesterday"
    )
    parser.add_argument(
        "--post",
        default="",
        metavar="URL",
        help="visit only this post, and write no report; - takes its address from standard input",
    )
    parser.add_argument("--stage", action="append", choices=pipeline.STAGES, help="run only this stage (repeatable)")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON document")
    parser.add_argument("--scheduler", default="", metavar="URL", help="let this Dask cluster look at photos: tls://…")
    parser.add_argument("--certificates", default="", metavar="FOLDER", help="ca.pem, cert.pem, key.pem for it")
    parser.add_argument(
        "--visitors",
        type=Path,
        metavar="FOLDER",
        help="share locks with the audits of other schools: one visitor a host",
    )
    parser.add_argument("--warc", action="store_true", help="also keep the pages, photos and documents as a WARC file")
    parser.set_defaults(run=run_audit)


def declare_report(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes: nothing."""
    parser.set_defaults(
        run=run_audit,
        stage=["report"],
        post="",
        account=None,
        since=None,
        json=False,
        warc=False,
        scheduler="",
        certificates="",
        visitors=None,
    )


# ``auditbot schedule``: stay, and audit every night.


def run_schedule(options: argparse.Namespace) -> int:
    """Check that an audit could run, then wait for the night."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with contextlib.suppress(AuditRunning), one_at_a_time(workspace):
        read_declared(workspace, local_now(settings).date())
    with Store(workspace.data / "auditbot.db") as store:
        due = night_was_missed(settings, store.audits.last_started(), local_now(settings))
    command = [sys.executable, "-m", "auditbot", "--workspace", str(workspace.folder), "audit"]
    night = next_night(settings, local_now(settings))
    print(
        _("Auditing every night at %(at)s (%(timezone)s).", at=settings.schedule.at, timezone=settings.school.timezone),
        flush=True,
    )
    if due:
        print(_("Last night's was missed: it runs now."), flush=True)
    print(_("The next: %(day)s at %(time)s.", day=long_day(night.date()), time=format(night, "%H:%M")), flush=True)
    run_nightly(settings, NightlyAudit(command, _say), due)
    return COMPLETE


def _say(line: str) -> None:
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {line}", flush=True)


def declare_schedule(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.set_defaults(run=run_schedule)
