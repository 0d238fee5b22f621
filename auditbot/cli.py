"""The command line: commands, options and exit codes; no logic."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import traceback
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from types import FrameType

from rich.console import Console

from auditbot import __version__, pipeline
from auditbot.check_text import check_texts
from auditbot.demo.site import demo_site
from auditbot.doctor import examine_workspace, get_browser
from auditbot.errors import AuditbotError, AuditRunning, NoAuditYet, NobodyToAsk, UnknownAccount
from auditbot.examine.enrol import enrol
from auditbot.model import Audit
from auditbot.published_json import post_document
from auditbot.registers.accounts import read_accounts
from auditbot.registers.declared import read_declared
from auditbot.report.json_report import audit_json
from auditbot.report.summary import summary
from auditbot.run import local_now, one_at_a_time
from auditbot.schedule import NightlyAudit, night_was_missed, run_nightly
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from auditbot.terminal import ProgressBars
from auditbot.workspace import make_demo_workspace, make_workspace

COMPLETE, FINDINGS, WRONG_USE, INCOMPLETE = 0, 1, 2, 3
BROKEN, STOPPED = 70, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 complete and nothing found, 1 findings, 2 wrong use or configuration, 3 incomplete (with or without findings),
    70 an error in the program, 130 stopped.
    """
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    code = BROKEN  # an error that nobody foresaw: Python's own code for it, 1, would read as findings
    try:
        code = options.run(options)
    except AuditbotError as error:
        print(f"auditbot: {error}", file=sys.stderr)
        code = WRONG_USE
    except KeyboardInterrupt:
        print("auditbot: stopped; what was done is kept, and the next run goes on from there.", file=sys.stderr)
        code = STOPPED
    except Exception:  # noqa: BLE001
        traceback.print_exc()
    return code


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _audit(options: argparse.Namespace) -> int:
    stages = tuple(options.stage or pipeline.STAGES)
    request = pipeline.Request(stages=stages, account=options.account, since=options.since)
    with ProgressBars(Console(stderr=True)) as progress:
        audit = pipeline.run_audit(_workspace(options), progress, request)
    if audit is None:
        print("auditbot: nothing was checked; run the check stage, or all stages.", file=sys.stderr)
        return INCOMPLETE
    if options.json:
        print(audit_json(audit))
    else:
        print(summary(audit, _workspace(options).reports / "latest" / "report.html"))
    return _exit_code(audit)


def _exit_code(audit: Audit) -> int:
    if not audit.complete:
        return INCOMPLETE
    return FINDINGS if any(tracked.state != "gone" for tracked in audit.findings) else COMPLETE


def _report(options: argparse.Namespace) -> int:
    options.stage, options.account, options.since, options.json = ["report"], None, None, False
    return _audit(options)


def _posts(options: argparse.Namespace) -> int:
    workspace = _workspace(options)
    load_settings(workspace)
    if not (workspace.data / "auditbot.db").exists():
        raise NoAuditYet(workspace.folder)
    with Store(workspace.data / "auditbot.db") as store:
        seen = list(store.published.posts(options.account))
        known = [account.name for account in read_accounts(workspace.config / "accounts.toml")]
        if options.account is not None and not seen and options.account not in known:
            raise UnknownAccount(options.account, known)
        for post in seen:
            if options.json:
                print(json.dumps(post_document(post, store), ensure_ascii=True))
            else:
                day = post.published_at.strftime("%d %b %Y") if post.published_at else "no date    "
                print(f"{day}  {post.account}  {len(post.photos):2} photos  {post.url}")
    return COMPLETE


def _check_text(options: argparse.Namespace) -> int:
    workspace = _workspace(options)
    pupils = Path(options.pupils) if options.pupils else workspace.consent / "pupils.csv"
    staff = Path(options.staff) if options.staff else workspace.consent / "staff.csv"
    found = False
    for result in check_texts(Path(options.file), pupils, staff if options.staff or staff.exists() else None):
        print(json.dumps(result, ensure_ascii=True))
        found = found or bool(result["findings"])
    return FINDINGS if found else COMPLETE


def _schedule(options: argparse.Namespace) -> int:
    workspace = _workspace(options)
    settings = load_settings(workspace)
    with contextlib.suppress(AuditRunning), one_at_a_time(workspace):
        read_declared(workspace, local_now(settings).date())
    with Store(workspace.data / "auditbot.db") as store:
        due = night_was_missed(settings, store.audits.last_started(), local_now(settings))
    command = [sys.executable, "-m", "auditbot", "--workspace", str(workspace.folder), "audit"]
    print(f"Auditing every night at {settings.schedule.at} ({settings.school.timezone}).", flush=True)
    run_nightly(settings, NightlyAudit(command, _say), due)
    return COMPLETE


def _say(line: str) -> None:
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {line}", flush=True)


def _init(options: argparse.Namespace) -> int:
    folder = Path(options.folder)
    if options.demo:
        make_demo_workspace(folder)
    else:
        school = options.school or _ask("The school's name: ")
        make_workspace(folder, school, options.website or _ask("Address of its website (https://...): "))
    print(f"Workspace made in {folder}. Next: auditbot --workspace {folder} doctor")
    return COMPLETE


def _ask(question: str) -> str:
    answer = ""
    while not answer.strip():
        try:
            answer = input(question)
        except EOFError as error:
            raise NobodyToAsk from error
    return answer.strip()


def _doctor(options: argparse.Namespace) -> int:
    if options.get_browser:
        print(f"Browser: {get_browser()}")
        return COMPLETE
    checks = list(examine_workspace(_workspace(options)))
    marks = {"good": "ok      ", "note": "note    ", "missing": "missing "}
    for check in checks:
        print(f"{marks[check.standing]}{check.name}: {check.message}")
    return WRONG_USE if any(check.standing == "missing" for check in checks) else COMPLETE


def _enrol(options: argparse.Namespace) -> int:
    workspace = _workspace(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(settings).date())
        enrolled = enrol(workspace, settings, declared)
    for person, photos in sorted(enrolled.photos.items()):
        print(f"enrolled  {person}  {photos} {'photo' if photos == 1 else 'photos'}")
    for name, reason in enrolled.refused:
        print(f"refused   {name}: {reason}")
    for pupil_id, reason in sorted(enrolled.no_right.items()):
        print(f"no right  {pupil_id}: {reason}")
    for person in enrolled.no_photo:
        print(f"no photo  {person}")
    for pair in enrolled.gallery.pairs:
        print(f"alike     {' and '.join(pair.pupil_ids)}")
    return COMPLETE


def _demo(options: argparse.Namespace) -> int:
    with demo_site() as (host, port):
        print(f"The demo school's site: http://{host}:{port}/   (Ctrl-C ends it)", flush=True)
        signal.pause() if hasattr(signal, "pause") else input()
    return COMPLETE


def _workspace(options: argparse.Namespace) -> Workspace:
    return Workspace(Path(options.workspace).resolve())


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    grammar = argparse.ArgumentParser(
        prog="auditbot",
        description="Checks what a school has published against photo permission and its social media policy.",
        epilog="Exit codes: 0 complete and nothing found, 1 findings, 2 wrong use or configuration, 3 incomplete, "
        "70 an error in the program, 130 stopped.",
    )
    grammar.add_argument("--version", action="version", version=f"auditbot {__version__}")
    grammar.add_argument("--workspace", default=".", metavar="FOLDER", help="the school's folder (default: this one)")
    commands = grammar.add_subparsers(required=True, metavar="COMMAND")

    audit = commands.add_parser("audit", help="run an audit: collect, examine, check, report")
    audit.add_argument("--account", help="visit only this account")
    audit.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="visit only posts since this day")
    audit.add_argument("--stage", action="append", choices=pipeline.STAGES, help="run only this stage (repeatable)")
    audit.add_argument("--json", action="store_true", help="print the result as one JSON document")
    audit.set_defaults(run=_audit)

    commands.add_parser("schedule", help="stay, and audit every night").set_defaults(run=_schedule)

    init = commands.add_parser("init", help="make a workspace for a school")
    init.add_argument("folder", metavar="FOLDER")
    init.add_argument("--school", help="the school's name")
    init.add_argument("--website", help="address of its website")
    init.add_argument("--demo", action="store_true", help="copy the fictional demo school instead")
    init.set_defaults(run=_init)

    doctor = commands.add_parser("doctor", help="say what is missing and how to mend it")
    doctor.add_argument("--get-browser", action="store_true", help="install a browser if there is none")
    doctor.set_defaults(run=_doctor)

    commands.add_parser("enrol", help="build the gallery from consent/photos").set_defaults(run=_enrol)

    posts = commands.add_parser("posts", help="list what was seen")
    posts.add_argument("--account", help="only this account")
    posts.add_argument("--json", action="store_true", help="one JSON object a line")
    posts.set_defaults(run=_posts)

    check_text = commands.add_parser("check-text", help="check texts before they are published: JSON Lines in and out")
    check_text.add_argument("file", metavar="FILE", help="one object a line: id, kind, author_role, text")
    check_text.add_argument("--pupils", metavar="CSV", help="the pupils (default: consent/pupils.csv)")
    check_text.add_argument("--staff", metavar="CSV", help="the staff (default: consent/staff.csv)")
    check_text.set_defaults(run=_check_text)

    commands.add_parser("report", help="write the newest audit's report again").set_defaults(run=_report)
    commands.add_parser("demo", help="serve the demo school's site, to look at it").set_defaults(run=_demo)
    return grammar
