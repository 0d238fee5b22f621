"""``auditbot consent show|set|withdraw PUPIL``: one pupil's answers, and a new one with who gave it and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import ConsentNotRecorded
from auditbot.registers.answer import Answered, biometric_answers, record_answer, withdraw_all, withdraw_biometric
from auditbot.registers.biometrics import why_no_template
from auditbot.registers.consent import WORDS, Permission, permission_today
from auditbot.registers.declared import Declared, read_declared
from auditbot.registers.pupils import CHANNELS, Pupil
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import Workspace, load_settings

STANDS = {
    "yes": "yes",
    "no": "no",
    "not_recorded": "not recorded (counts as no permission)",
    "withdrawn": "no: withdrawn",
    "disagreement": "no: the parents disagree",
    "expired": "no: no longer valid",
    "not_yet": "no: not given yet",
    "unknown": "yes, since when is not known",
}


def show(options: argparse.Namespace) -> int:
    """Print what holds today and every answer on record."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(settings).date())
    print("\n".join(_shown(workspace, _pupil(declared, options.pupil), declared)))
    return COMPLETE


def change(options: argparse.Namespace) -> int:
    """Record one answer, or a withdrawal, and print what holds now."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        now = local_now(settings)
        declared = read_declared(workspace, now.date())
        pupil = _pupil(declared, options.pupil)
        given = Answered(pupil.pupil_id, options.by, options.why, options.on or now.date(), now)
        if options.action == "withdraw" and options.biometric:
            withdraw_biometric(workspace, given)
        elif options.action == "withdraw" and options.all:
            withdraw_all(workspace, given, declared.history)
        else:
            answer = options.answer if options.action == "set" else "no"
            record_answer(workspace, given, options.channel, answer, declared.history)
        declared = read_declared(workspace, now.date())
    print("Recorded.")
    print("\n".join(_shown(workspace, declared.pupils[pupil.pupil_id], declared)))
    return COMPLETE


def _pupil(declared: Declared, pupil_id: str) -> Pupil:
    if pupil_id not in declared.pupils:
        raise ConsentNotRecorded(
            "No pupil in consent/pupils.csv has that id. Ids are in its first column, and reports show them."
        )
    return declared.pupils[pupil_id]


def _shown(workspace: Workspace, pupil: Pupil, declared: Declared) -> Iterator[str]:
    today = declared.today
    label = "".join(letter for letter in pupil.label if letter.isprintable())
    left = f", left on {_day(pupil.left_on)}" if pupil.left_on else ""
    yield f"{pupil.pupil_id}  {label}{left}"
    if pupil.never_publish:
        yield "Never to be published, on any channel, whatever stands below."
    yield ""
    yield f"Today ({_day(today)})"
    for channel in CHANNELS:
        yield f"  {channel:<19} {_stands(permission_today(pupil, declared.history, channel, today))}"
    yield f"  {'face template':<19} {why_no_template(pupil, today) or 'may be held'}"
    answers = sorted(
        (answer for channel in CHANNELS for answer in declared.history.get((pupil.pupil_id, channel), ())),
        key=lambda answer: (answer.effective_on, answer.line),
    )
    yield ""
    yield "On record" if answers else "Nothing is on record."
    if answers:
        yield f"  {'from':<11} {'channel':<19} {'answer':<13} {'given by':<15} {'entered':<17} source"
    for answer in answers:
        cells = (answer.given_by or "not stated", answer.recorded_at[:16], answer.source)
        by, entered, source = ("".join(letter for letter in cell if letter.isprintable()) for cell in cells)
        said = WORDS[answer.answer].replace("_", " ")
        yield f"  {answer.effective_on}  {answer.channel:<19} {said:<13} {by:<15} {entered:<17} {source}".rstrip()
    for day, said, giver, moment, why in biometric_answers(workspace, pupil.pupil_id):
        yield f"  {day}  {'face template':<19} {said:<13} {giver:<15} {moment[:16]:<17} {why}"


def _stands(permission: Permission) -> str:
    since = permission.since
    words = STANDS[permission.standing]
    if permission.standing == "expired" and since:
        return f"{words} after {_day(since)}"
    return f"{words}, from {_day(since)}" if since and permission.standing != "unknown" else words


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def add(commands: Commands) -> None:
    """Declare the command."""
    consent = commands.add_parser("consent", help="show one pupil's permission, or record an answer or a withdrawal")
    actions = consent.add_subparsers(required=True, metavar="show|set|withdraw", dest="action")
    shown = actions.add_parser("show", help="what holds today, and every answer on record")
    shown.add_argument("pupil", metavar="PUPIL", help="the pupil's id")
    shown.set_defaults(run=show)
    setting = actions.add_parser("set", help="record an answer for one channel")
    setting.add_argument("pupil", metavar="PUPIL", help="the pupil's id")
    setting.add_argument("channel", metavar="CHANNEL", choices=CHANNELS, help=", ".join(CHANNELS))
    setting.add_argument("answer", metavar="ANSWER", choices=tuple(WORDS.values()), help=", ".join(WORDS.values()))
    withdrawing = actions.add_parser("withdraw", help="record that permission is withdrawn")
    withdrawing.add_argument("pupil", metavar="PUPIL", help="the pupil's id")
    which = withdrawing.add_mutually_exclusive_group(required=True)
    which.add_argument("--channel", choices=CHANNELS, metavar="CHANNEL", help="for this channel")
    which.add_argument("--all", action="store_true", help="for every channel")
    which.add_argument("--biometric", action="store_true", help="for holding a face template")
    for action in (setting, withdrawing):
        action.add_argument("--by", required=True, help='who gave the answer, like "Mother" or "Both parents"')
        action.add_argument("--why", required=True, help='how it came, like "e-mail to the office"')
        action.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="from when (default: today)")
        action.set_defaults(run=change)
