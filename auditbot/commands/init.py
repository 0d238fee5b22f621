"""``auditbot init``: make a workspace for a school."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.errors import NobodyToAsk
from auditbot.workspace import make_demo_workspace, make_workspace


def run(options: argparse.Namespace) -> int:
    """Make the workspace, asking for what was not given."""
    folder = Path(options.folder)
    if options.demo:
        make_demo_workspace(folder)
    else:
        by_hand = not (options.school and options.website)
        school = options.school or _ask("The school's name: ")
        website = options.website or _ask("Address of its website (https://...): ")
        domains = options.domain or (_ask_all("Further domain of the school's own web or e-mail") if by_hand else [])
        more = options.account or (_ask_all("Address of another account of the school") if by_hand else [])
        make_workspace(folder, school, website, domains=domains, more=more)
        print(f"Read first: {folder / 'checklist.md'}")
    print(f"Workspace made in {folder}. Next: auditbot --workspace {folder} doctor")
    return COMPLETE


def _ask_all(question: str) -> list[str]:
    answers: list[str] = []
    with contextlib.suppress(EOFError):  # nobody there: no more
        while answer := input(f"{question} (Enter: no more): ").strip():
            answers.append(answer)
    return answers


def _ask(question: str) -> str:
    answer = ""
    while not answer.strip():
        try:
            answer = input(question)
        except EOFError as error:
            raise NobodyToAsk from error
    return answer.strip()


def add(commands: Commands) -> None:
    """Declare the command."""
    init = commands.add_parser("init", help="make a workspace for a school")
    init.add_argument("folder", metavar="FOLDER")
    init.add_argument("--school", help="the school's name")
    init.add_argument("--website", help="address of its website")
    init.add_argument("--domain", action="append", metavar="DOMAIN", help="a domain of the school's own (repeatable)")
    init.add_argument("--account", action="append", metavar="URL", help="a further account of the school (repeatable)")
    init.add_argument("--demo", action="store_true", help="copy the fictional demo school instead")
    init.set_defaults(run=run)
