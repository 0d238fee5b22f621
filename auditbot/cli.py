"""The command line: which commands there are, and what becomes of an error; no logic.

A command's own module is imported when that command was named, and not before: ``--help`` and ``--version`` need none.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import traceback
from _thread import interrupt_main
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Timer
from types import FrameType

from auditbot import __version__
from auditbot.errors import AuditbotError
from auditbot.log import Event, Log, log_event, log_fault, logging_to, trace_of
from auditbot.machine.environment import take_secrets
from auditbot.machine.refusals import refusal

WRONG_USE, BROKEN, STOPPED = 2, 70, 130
WAS_STOPPED = "stopped; what was done is kept, and the next run goes on from there."


@dataclass(frozen=True, slots=True)
class Command:
    """One command, as ``--help`` lists it."""

    name: str
    """Its word on the command line."""
    module: str
    """Its module in auditbot.commands, which declares what it takes in a function ``declare_`` and its name."""
    does: str
    """What it does, in half a sentence."""
    example: str
    """What follows "auditbot" in an example."""
    reads_names: bool = False
    """Whether it reads the names of pupils: it then leaves a line in data/access.log."""
    in_workspace: bool = True
    """Whether it works in a workspace that is there."""
    honours: bool = True
    """Whether withdrawals are honoured before it begins; if not, it does so itself."""
    stopped: str = WAS_STOPPED
    """What is said once it was stopped by hand."""


COMMANDS = (
    Command(
        "audit",
        "audit",
        "run an audit: collect, examine, check, report",
        "audit --account website --since yesterday",
        reads_names=True,
        stopped="the audit was stopped; what it did is kept, and the next audit goes on from there.",
    ),
    Command("schedule", "audit", "stay, and audit every night", "schedule", reads_names=True),
    Command("report", "audit", "write the newest audit's report again", "report", reads_names=True),
    Command(
        "init",
        "setup",
        "make a workspace for a school",
        'init /srv/school --school "Larkmere Infant School" --website https://www.larkmere.example/',
        in_workspace=False,
    ),
    Command(
        "doctor",
        "setup",
        "say what is missing and how to mend it",
        "doctor",
        reads_names=True,
        honours=False,
    ),
    Command(
        "enrol",
        "faces",
        "make face templates of pupils from the portraits in consent/photos",
        "enrol",
        reads_names=True,
    ),
    Command(
        "confirm",
        "faces",
        "learn a pupil's face from a finding that you confirm",
        "confirm 3f9c2 --pupil P001 --by DSL",
        reads_names=True,
    ),
    Command(
        "import-consent",
        "consent",
        "import an export of the pupil records system into the consent register",
        "import-consent export.csv --dry-run",
        reads_names=True,
    ),
    Command(
        "consent",
        "consent",
        "show one pupil's permission, or record an answer or a withdrawal",
        'consent withdraw P001 --all --by Mother --why "telephone call"',
        reads_names=True,
    ),
    Command(
        "import-archive",
        "setup",
        "take the posts of a platform's own download",
        "import-archive facebook.zip --account facebook --dry-run",
    ),
    Command(
        "likeliest",
        "faces",
        "say whom the faces of a finding resemble most; no evidence",
        "likeliest 3f9c2",
        reads_names=True,
    ),
    Command("posts", "posts", "list what was seen", "posts --account website --json"),
    Command(
        "token", "setup", "keep tokens of the school's own accounts in this computer's keyring", "token set facebook"
    ),
    Command(
        "check-text",
        "prepublish",
        "check texts before they are published: JSON Lines in and out",
        "check-text newsletter.jsonl",
        reads_names=True,
    ),
    Command(
        "check-photo",
        "prepublish",
        "check photos before they are published",
        "check-photo fair.jpg --channel social_media --class Robins --redact safe",
        reads_names=True,
    ),
    Command(
        "risk-assessment",
        "casework",
        "fill in, look over or print the risk assessment form",
        "risk-assessment new website",
    ),
    Command(
        "concern",
        "casework",
        "enter, list or close a concern that somebody reported",
        'concern add --clause C5 --by "A parent" --address https://social.example/p/1',
    ),
    Command(
        "decide",
        "deciding",
        "record what you decided about a finding",
        "decide 3f9c2 not-so --reason another_permitted",
        reads_names=True,
    ),
    Command(
        "ask",
        "deciding",
        "write what to send about all that is to come down, and record it as asked",
        "ask --account website",
        reads_names=True,
    ),
    Command(
        "refer",
        "deciding",
        "record that a finding was taken to the Headteacher or somebody else",
        "refer 3f9c2 --to Headteacher --by DSL",
        reads_names=True,
    ),
    Command("undo", "deciding", "take a step back; the step stays on record", "undo 12", reads_names=True),
    Command("history", "deciding", "list what was decided, by whom and why", "history 3f9c2", reads_names=True),
    Command(
        "subject-access",
        "privacy",
        "write all that is held about one pupil",
        "subject-access P001 --out /media/stick/P001",
        reads_names=True,
    ),
    Command(
        "forget",
        "privacy",
        "remove all that is held about one pupil",
        'forget P001 --why "the family asked" --yes',
        reads_names=True,
    ),
    Command(
        "review",
        "review",
        "the safeguarding lead's page, on which findings are decided",
        "review --serve",
        reads_names=True,
        stopped="the page is closed; every decision is kept.",
    ),
    Command("person", "review", "say who may sign in to the page", "person add dsl --role lead"),
    Command(
        "exposure",
        "exposure",
        "say how exposed the children in a website's photos are; needs nothing but its address",
        "exposure https://www.larkmere.example/ --safer-copies safer",
        in_workspace=False,
    ),
    Command(
        "setup",
        "service",
        "make this computer run auditbot every night: user, folder, key, services, backups; or take that away",
        "setup /srv/auditbot/school --school Larkmere --website https://www.larkmere.example/ --backup-to /mnt/backup",
        in_workspace=False,
    ),
    Command(
        "update", "service", "bring a newer version of the program, after a backup", "update --backup-to /mnt/backup"
    ),
    Command("key", "setup", "make or change the key that everything secret is sealed with", "key rotate"),
    Command(
        "backup", "backups", "make a sealed backup of the workspace and its key, and read it back", "backup /mnt/backup"
    ),
    Command(
        "restore",
        "backups",
        "bring a backup back into a new folder",
        "restore school-2026-11-29T02-30-00.auditbot-backup --to /srv/school",
        in_workspace=False,
    ),
    Command(
        "trust",
        "trust",
        "audit many schools in one night, sum up their counts, take a moved pupil's refusals along",
        "trust run /srv/schools --at-once 4",
        in_workspace=False,
    ),
    Command("demo", "setup", "serve the demo school's site, to look at it", "demo", in_workspace=False),
)
"""In the order in which ``--help`` lists them."""


def entry() -> int:
    """Run the command line as a program of its own: whatever stops it, it ends without a traceback."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.unraisablehook = _stop_again
    _open_streams()
    code = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # while Python itself ends
    # Python remembers a stop that passed through exec() of a text, as dataclasses use it, and would end a program begun
    # by -m with SIGINT instead of this code; the next such exec() lets it forget.
    exec("")
    return code


def _stop_again(lost: sys.UnraisableHookArgs) -> None:
    """Stop a moment later where Ctrl-C fell into something that swallows it, as Python's imports do; tell all else."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        again = Timer(0.01, interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(lost)


def _open_streams() -> None:
    """Let what is said go nowhere where that was closed, and show "?" for a letter that a terminal cannot write."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  open while the program runs
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  open while the program runs
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 complete and nothing found, 1 findings, 2 wrong use, configuration or a machine that refuses, 3 incomplete (with
    or without findings), 70 an error in the program, 130 stopped.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    command: Command | None = None
    code = BROKEN  # an error that nobody foresaw: Python's own code for it, 1, would read as findings
    log = Log()
    try:
        take_secrets()
        command, options = understood(words)
        signal.signal(signal.SIGTERM, _stop)
        folder = _log_folder(options) if command and command.in_workspace else None
        with logging_to(folder, verbose=options.verbose) as log:
            code = _run(command, options)
        sys.stdout.flush()
    except AuditbotError as error:
        code = _said(str(error))
    except BrokenPipeError:
        # Whoever read the output has gone; what Python still holds of it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = STOPPED
    except OSError as error:
        code = _said(str(refusal(error)))
    except KeyboardInterrupt:
        print(f"auditbot: {command.stopped if command else WAS_STOPPED}", file=sys.stderr)
        code = STOPPED
    return BROKEN if log.faults else code


def _run(command: Command | None, options: argparse.Namespace) -> int:
    """Run the command that was named; a fault of our own goes into the log."""
    assert command is not None, "the grammar lets no other command pass"
    log_event(Event.COMMAND_BEGAN, command=command.name)
    code = BROKEN
    try:
        import_module("auditbot.commands.common").begin(command, options)
        code = options.run(options)
    except (AuditbotError, OSError):
        code = WRONG_USE
        raise
    except KeyboardInterrupt:
        code = STOPPED
        raise
    except Exception as error:  # noqa: BLE001
        log_fault("command", error)
        _tell_fault(error, verbose=options.verbose)
    finally:
        log_event(Event.COMMAND_ENDED, command=command.name, code=code)
    return code


def _said(sentence: str) -> int:
    print(f"auditbot: {sentence}", file=sys.stderr)
    return WRONG_USE


def _tell_fault(error: Exception, *, verbose: bool) -> None:
    if verbose:
        traceback.print_exc()
        return
    way = "\n".join(f"  {step}" for step in trace_of(error)[-12:])
    print(
        f"auditbot: a fault in this program ({type(error).__name__}); nothing it left undone counts as done. Its way, "
        f"which names nobody and stands in data/log too, for whoever mends it:\n{way}",
        file=sys.stderr,
    )


def _log_folder(options: argparse.Namespace) -> Path | None:
    """Return where events are written; none in a folder that is no workspace."""
    folder = Path(options.workspace).absolute()
    return folder / "data" / "log" if (folder / "config" / "auditbot.toml").is_file() else None


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def understood(words: Sequence[str]) -> tuple[Command | None, argparse.Namespace]:
    """Return the command that these words name, and what they say to it; wrong use ends the program with 2."""
    command = _named(words)
    grammar = parser(command)
    if command is None:
        _refuse_mistyped(words, grammar)
    return command, grammar.parse_args(words)


def _named(words: Sequence[str]) -> Command | None:
    """Return the command that the words name, wherever options that come before it end."""
    known = {command.name: command for command in COMMANDS}
    return next((known.get(word) for word in _own_words(words) if not word.startswith("-")), None)


def _own_words(words: Sequence[str]) -> Iterator[str]:
    """Yield the words without the folder that stands behind --workspace."""
    skip = False
    for word in words:
        if not skip:
            yield word
        skip = word == "--workspace" and not skip


def _refuse_mistyped(words: Sequence[str], grammar: argparse.ArgumentParser) -> None:
    """End with 2 at the first word that is neither a command nor an option, and say which was meant."""
    for word in _own_words(words):
        is_option = word.startswith("-")
        known = list(grammar._option_string_actions) if is_option else [command.name for command in COMMANDS]
        given = word.partition("=")[0]
        if word == "--" or any(one == given or (given.startswith("--") and one.startswith(given)) for one in known):
            continue
        meant = import_module("difflib").get_close_matches(given, known, 1, 0.75)
        kind = "option" if is_option else "command"
        guess = f"did you mean {meant[0]}?" if meant else "auditbot --help lists what there is."
        grammar.error(f"there is no {kind} {given!r}; {guess}")


def parser(chosen: Command | None = None) -> argparse.ArgumentParser:
    """Return the command line's grammar; only the chosen command declares what it takes."""
    grammar = argparse.ArgumentParser(
        prog="auditbot",
        description="Checks what a school has published against photo permission and its social media policy.",
        epilog="Each command has examples: auditbot COMMAND --help. Exit codes: 0 complete and nothing found, "
        "1 findings, 2 wrong use, configuration or a machine that refuses, 3 incomplete, 70 an error in the program, "
        "130 stopped.",
    )
    grammar.add_argument("--version", action="version", version=f"auditbot {__version__}")
    grammar.add_argument("--workspace", default=".", metavar="FOLDER", help="the school's folder (default: this one)")
    grammar.add_argument("--verbose", action="store_true", help="show in the terminal what is being done")
    commands = grammar.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for command in COMMANDS:
        one = commands.add_parser(
            command.name,
            help=command.does,
            description=f"{command.does[0].upper()}{command.does[1:]}.",
            epilog=f"Example: auditbot {command.example}",
        )
        if command is chosen:
            declare: Callable[[argparse.ArgumentParser], None] = getattr(
                import_module(f"auditbot.commands.{command.module}"), f"declare_{command.name.replace('-', '_')}"
            )
            declare(one)
            _take_everywhere(one)
    return grammar


def _take_everywhere(command: argparse.ArgumentParser) -> None:
    """Let the options that stand before a command stand behind it as well, and behind its own commands."""
    for option, more in (("--workspace", {"metavar": "FOLDER"}), ("--verbose", {"action": "store_true"})):
        command.add_argument(option, default=argparse.SUPPRESS, help=argparse.SUPPRESS, **more)  # type: ignore[arg-type]
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                _take_everywhere(inner)
