"""``auditbot risk-assessment``: fill in the policy's form question by question, look it over, print it."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from auditbot.commands.exit_codes import COMPLETE, FINDINGS
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import NobodyAnswers, NoSuchRiskAssessment, UnknownAccount
from auditbot.registers.accounts import read_accounts
from auditbot.registers.risk_assessments import (
    COLUMNS,
    QUESTIONS,
    RiskAssessment,
    read_risk_assessment,
    read_risk_assessments,
    unfinished,
    write_risk_assessment,
)
from auditbot.report.risk_assessment_form import print_form
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import Workspace, load_settings


def new(options: argparse.Namespace) -> int:
    """Ask question by question; Enter keeps what was answered before, and every answer is saved at once."""
    workspace = workspace_of(options)
    load_settings(workspace)
    name, form = _begin(workspace, options)
    path = workspace.config / "risk_assessments" / f"{name}.toml"
    print("Answer each question; write None where there is nothing. Enter keeps what stands in [brackets].\n")
    with one_at_a_time(workspace):
        form = read_risk_assessment(path) if path.is_file() else form
        form = _save(path, replace(form, name=_ask("Name of social media", form.name)))
        form = _save(path, replace(form, purpose=_ask("Purpose of use", form.purpose)))
        groups = _ask("Year groups to be allowed access, separated by commas", ", ".join(form.year_groups))
        form = _save(path, replace(form, year_groups=tuple(part.strip() for part in groups.split(",") if part.strip())))
        for question, asked in QUESTIONS.items():
            print(f"\n{asked}")
            for column, heading in COLUMNS.items():
                row = form.answer(question)
                row = replace(row, **{column: _ask(f"  {heading}", getattr(row, column))})
                form = _save(path, form.with_answer(question, row))
        print()
        form = _save(path, replace(form, authorised_by=_ask("Authorisation (who, by role)", form.authorised_by)))
        form = _save(path, replace(form, date=_ask_day(form.date)))
    print(f"\nSaved as config/risk_assessments/{name}.toml.")
    print(f'In config/accounts.toml its account needs the line: risk_assessment = "{name}"')
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
        answer = _ask("Date of authorisation, like 2026-09-01", str(known or ""))
        if not answer:
            return None
        try:
            return date.fromisoformat(answer)
        except ValueError:
            print("  That is no date. Write it like 2026-09-01, or press Enter to leave it empty.")


def check(options: argparse.Namespace) -> int:
    """Say of each form what is missing in it."""
    workspace = workspace_of(options)
    load_settings(workspace)
    forms = read_risk_assessments(workspace.config / "risk_assessments")
    if not forms:
        print("No risk assessment is on file. Make one with: auditbot risk-assessment new ACCOUNT")
        return FINDINGS
    return max(_tell(name, form, workspace) for name, form in forms.items())


def _tell(name: str, form: RiskAssessment, workspace: Workspace) -> int:
    missing = unfinished(form, local_now(load_settings(workspace)).date())
    if not missing:
        print(f"{name}: complete, authorised and in date.")
        return COMPLETE
    print(f"{name}: {len(missing)} to complete")
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
    for path in print_form(forms[options.name], options.name, folder, settings, today):
        print(path)
    return COMPLETE


def add(commands: Commands) -> None:
    """Declare the command."""
    command = commands.add_parser("risk-assessment", help="fill in, look over or print the risk assessment form")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    making = actions.add_parser("new", help="fill in the form of an account, question by question")
    what = making.add_mutually_exclusive_group(required=True)
    what.add_argument("account", nargs="?", metavar="ACCOUNT", help="the account, as config/accounts.toml names it")
    what.add_argument("--tool", metavar="NAME", help="a tool that pupils use in school, instead of an account")
    making.set_defaults(run=new)
    actions.add_parser("check", help="say what is missing in each form").set_defaults(run=check)
    printing = actions.add_parser("print", help="write a form as HTML and PDF, to be signed")
    printing.add_argument("name", metavar="NAME", help="the form's name: its file without .toml")
    printing.set_defaults(run=print_page)
