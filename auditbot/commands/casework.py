"""``auditbot risk-assessment`` and ``concern``: the policy's form, and what a person reported by hand."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from auditbot.collect.browser.launch import render_pdf
from auditbot.commands.common import COMPLETE, FINDINGS, a_day, workspace_of
from auditbot.errors import (
    NobodyAnswers,
    NoSuchRiskAssessment,
    NotAnAddress,
    NotInTheFuture,
    UnknownAccount,
)
from auditbot.registers.accounts import read_accounts
from auditbot.registers.changes import concerns as doors
from auditbot.registers.policy import CLAUSES, read_casework
from auditbot.registers.risk_assessments import (
    COLUMNS,
    QUESTIONS,
    RiskAssessment,
    read_risk_assessment,
    read_risk_assessments,
    unfinished,
    write_risk_assessment,
)
from auditbot.report.html import print_form
from auditbot.run import local_now, one_at_a_time
from auditbot.sentences import _
from auditbot.settings import Workspace, load_settings


def new(options: argparse.Namespace) -> int:
    """Ask question by question; Enter keeps what was answered before, and every answer is saved at once."""
    workspace = workspace_of(options)
    load_settings(workspace)
    name, form = _begin(workspace, options)
    path = workspace.config / "risk_assessments" / f"{name}.toml"
    print(_("Answer each question; write None where there is nothing. Enter keeps what stands in [brackets].") + "\n")
    with one_at_a_time(workspace):
        form = read_risk_assessment(path) if path.is_file() else form
        form = _save(path, replace(form, name=_ask(_("Name of social media"), form.name)))
        form = _save(path, replace(form, purpose=_ask(_("Purpose of use"), form.purpose)))
        groups = _ask(_("Year groups to be allowed access, separated by commas"), ", ".join(form.year_groups))
        form = _save(path, replace(form, year_groups=tuple(part.strip() for part in groups.split(",") if part.strip())))
        for question, asked in QUESTIONS.items():
            print(f"\n{asked}")
            for column, heading in COLUMNS.items():
                row = form.answer(question)
                row = replace(row, **{column: _ask(f"  {heading}", getattr(row, column))})
                form = _save(path, form.with_answer(question, row))
        print()
        form = _save(path, replace(form, authorised_by=_ask(_("Authorisation (who, by role)"), form.authorised_by)))
        form = _save(path, replace(form, date=_ask_day(form.date)))
    print("\n" + _("Saved as config/risk_assessments/%(name)s.toml.", name=name))
    print(_('In config/accounts.toml its account needs the line: risk_assessment = "%(name)s"', name=name))
    return _tell(name, form, workspace)


def _begin(workspace: Workspace, options: argparse.Namespace) -> tuple[str, RiskAssessment]:
    if options.tool:
        return _file_name(options.tool), RiskAssessment(name=options.tool)
    accounts = {account.name: account for account in read_accounts(workspace.config / "accounts.toml")}
    if options.account not in accounts:
        raise UnknownAccount(options.account or "", list(accounts))
    account = accounts[options.account]
    form = RiskAssessment(name=account.name, purpose=account.purpose, year_groups=account.year_groups)
    return _file_name(account.risk_assessment or account.name), form


def _file_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "tool"


def _save(path: Path, form: RiskAssessment) -> RiskAssessment:
    write_risk_assessment(path, form)
    return form


def _ask(question: str, known: str) -> str:
    try:
        answer = input(f"{question}{f' [{known}]' if known else ''}: ")
    except EOFError as error:
        raise NobodyAnswers from error
    return answer.strip() or known


def _ask_day(known: date | None) -> date | None:
    while True:
        answer = _ask(_("Date of authorisation, like 2026-09-01"), str(known or ""))
        if not answer:
            return None
        try:
            return date.fromisoformat(answer)
        except ValueError:
            print("  " + _("That is no date. Write it like 2026-09-01, or press Enter to leave it empty."))


def check(options: argparse.Namespace) -> int:
    """Say of each form what is missing in it."""
    workspace = workspace_of(options)
    load_settings(workspace)
    forms = read_risk_assessments(workspace.config / "risk_assessments")
    if not forms:
        print(_("No risk assessment is on file. Make one with: auditbot risk-assessment new ACCOUNT"))
        return FINDINGS
    return max(_tell(name, form, workspace) for name, form in forms.items())


def _tell(name: str, form: RiskAssessment, workspace: Workspace) -> int:
    missing = unfinished(form, local_now(load_settings(workspace)).date())
    if not missing:
        print(_("%(name)s: complete, authorised and in date.", name=name))
        return COMPLETE
    print(_("%(name)s: %(count)s to complete", name=name, count=len(missing)))
    for cell, wrong in missing:
        print(f"  - {cell}: {wrong}")
    return FINDINGS


def print_page(options: argparse.Namespace) -> int:
    """Write a form as HTML and PDF, as the school would sign it."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    forms = read_risk_assessments(workspace.config / "risk_assessments")
    if options.name not in forms:
        raise NoSuchRiskAssessment(options.name, sorted(forms))
    folder, today = workspace.reports / "risk_assessments", local_now(settings).date()
    for path in print_form(
        forms[options.name], options.name, folder, settings.school.name, today, partial(render_pdf, settings=settings)
    ):
        print(path)
    return COMPLETE


def declare_risk_assessment(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    making = actions.add_parser("new", help="fill in the form of an account, question by question")
    what = making.add_mutually_exclusive_group(required=True)
    what.add_argument("account", nargs="?", metavar="ACCOUNT", help="the account, as config/accounts.toml names it")
    what.add_argument("--tool", metavar="NAME", help="a tool that pupils use in school, instead of an account")
    making.set_defaults(run=new)
    actions.add_parser("check", help="say what is missing in each form").set_defaults(run=check)
    printing = actions.add_parser("print", help="write a form as HTML and PDF, to be signed")
    printing.add_argument("name", metavar="NAME", help="the form's name: its file without .toml")
    printing.set_defaults(run=print_page)


# ``auditbot concern``: what a person reported.


def enter_concern(options: argparse.Namespace) -> int:
    """Enter a concern; the next audit shows it like any finding."""
    workspace = workspace_of(options)
    accounts = [account.name for account in read_accounts(workspace.config / "accounts.toml")]
    if options.account and options.account not in accounts:
        raise UnknownAccount(options.account, accounts)
    if options.address and not re.match(r"https?://[^\s/]+", options.address):
        raise NotAnAddress(options.address)
    today = local_now(load_settings(workspace)).date()
    concern = doors.enter_concern(
        workspace,
        today,
        clause=options.clause,
        by=options.by,
        reported_on=_past(options.on or today, today),
        address=options.address,
        account=options.account,
        quote=options.quote,
        about_head=options.about_head,
    )
    print(_("Concern %(id)s is entered. The next audit shows it.", id=concern.id))
    return COMPLETE


def list_concerns(options: argparse.Namespace) -> int:
    """Print every concern, open and closed."""
    for concern in read_casework(workspace_of(options).config / "casework.toml").concern:
        state = _("closed %(day)s", day=str(concern.closed_on)) if concern.closed_on else _("open")
        reported = _("reported %(day)s", day=str(concern.reported_on))
        print(f"{concern.id}  {concern.clause:4} {state:17} {reported}  {concern.address}")
    return COMPLETE


def close_concern(options: argparse.Namespace) -> int:
    """Close a concern with its outcome."""
    workspace = workspace_of(options)
    doors.close_concern(workspace, options.id, options.outcome, local_now(load_settings(workspace)).date())
    print(_("Concern %(id)s is closed.", id=options.id))
    return COMPLETE


def _past(day: date, today: date) -> date:
    if day > today:
        raise NotInTheFuture(day)
    return day


def declare_concern(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    new = actions.add_parser("add", help="enter a concern; it then stands in every report until it is closed")
    new.add_argument(
        "--clause",
        required=True,
        choices=CLAUSES,
        help="what it is about: C11 a photo, C12 a surname, C5 private details, C9 private contact with a pupil, C10 "
        "personal use, B6 how staff write, D1 a visitor's photo, D2 a complaint, D3 malicious words, E2 bullying",
    )
    new.add_argument("--by", required=True, metavar="ROLE", help='who reported it, by role: "A parent"')
    new.add_argument("--on", type=a_day, metavar="DAY", help="when (default: today)")
    new.add_argument("--address", default="", metavar="URL", help="where it is published")
    new.add_argument("--account", default="", help="the school's account it stands on")
    new.add_argument("--quote", default="", metavar="WORDS", help="the words it is about")
    new.add_argument("--about-head", action="store_true", help="it is about the Headteacher: leads alone are shown it")
    new.set_defaults(run=enter_concern)
    actions.add_parser("list", help="list all concerns").set_defaults(run=list_concerns)
    close = actions.add_parser("close", help="close a concern")
    close.add_argument("id", metavar="ID")
    close.add_argument("--outcome", required=True, metavar="TEXT", help="how it ended; no names, please")
    close.set_defaults(run=close_concern)
