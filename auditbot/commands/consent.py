"""``auditbot consent`` and ``import-consent``: one pupil's answers, or an export of the record system."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from auditbot.commands.common import COMPLETE, FINDINGS, a_day, workspace_of
from auditbot.errors import CannotWrite, NoSuchPupil
from auditbot.registers.changes.accepted import BY_HAND, accept, edited, register_lock, restore
from auditbot.registers.changes.entry_refused import NobodyConfirms, NothingToWithdraw, NotSaidOf, SeveralPupils
from auditbot.registers.changes.record_answer import (
    Answered,
    biometric_answers,
    record_answer,
    record_fact,
    withdraw_all,
    withdraw_biometric,
)
from auditbot.registers.changes.register_gate import SWITCH, lines
from auditbot.registers.consent import FACTS, KINDS, WORDS, Permission, permission_today
from auditbot.registers.declared import Declared, read_declared, why_no_template
from auditbot.registers.mis.entries import Export
from auditbot.registers.mis.headings import SYSTEMS
from auditbot.registers.mis.join import Cells, Joined
from auditbot.registers.mis.update import (
    Prepared,
    imported_already,
    prepare,
    questions_csv,
    read_decisions,
    with_word,
    write,
)
from auditbot.registers.people import CHANNELS, Pupil, pupils_called
from auditbot.run import local_now
from auditbot.safe_files import finish_replacing, write_private
from auditbot.sentences import _, _n, say
from auditbot.settings import Workspace, load_settings

WORDS_THAT_ACCEPT = tuple(dict.fromkeys(SWITCH.values()))
SAID = {True: say("yes"), False: say("no"), None: say("not recorded")}
STANDS = {
    "yes": say("yes"),
    "no": say("no"),
    "not_recorded": say("not recorded (counts as no permission)"),
    "withdrawn": say("no: withdrawn"),
    "disagreement": say("no: the parents disagree"),
    "expired": say("no: no longer valid"),
    "not_yet": say("no: not given yet"),
    "unknown": say("yes, since when is not known"),
}


def show(options: argparse.Namespace) -> int:
    """Print what holds today and every answer on record."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with register_lock(workspace.consent):
        declared = read_declared(workspace, local_now(settings).date())
    print("\n".join(_shown(workspace, _pupil(declared, options.pupil), declared)))
    return COMPLETE


def change(options: argparse.Namespace) -> int:
    """Record one answer, or a withdrawal, and print what holds now."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    if options.action == "withdraw" and bool(options.channel) == (options.all or options.biometric):
        raise NothingToWithdraw
    with register_lock(workspace.consent):
        now = local_now(settings)
        declared = read_declared(workspace, now.date())
        pupil = _pupil(declared, options.pupil)
        given = Answered(pupil.pupil_id, options.by, options.why, options.on or now.date(), now)
        if options.action == "withdraw" and (options.biometric or options.all):
            if options.all:
                withdraw_all(workspace, given, declared.history)
            if options.biometric:
                withdraw_biometric(workspace, given)
        else:
            answer = options.answer if options.action == "set" else "no"
            if fact := next((each for each in FACTS if each == options.channel), None):
                record_fact(workspace, given, fact, answer, declared.history)
            else:
                record_answer(workspace, given, options.channel, _plain(answer), declared.history)
        declared = read_declared(workspace, now.date())
    print(_("Recorded."))
    if options.action == "withdraw" and options.all and not options.biometric and pupil.biometric.consent:
        print(
            _(
                "The consent to hold a face template stands apart, and stays. If it is withdrawn too: auditbot "
                "consent withdraw %(pupil_id)s --biometric",
                pupil_id=pupil.pupil_id,
            )
        )
    print("\n".join(_shown(workspace, declared.pupils[pupil.pupil_id], declared)))
    return COMPLETE


def _plain(answer: str) -> str:
    if answer not in WORDS.values():
        raise NotSaidOf("a channel", WORDS.values())
    return answer


def _pupil(declared: Declared, typed: str) -> Pupil:
    """Return the one pupil with this id, or with exactly these names. Raises ConsentNotRecorded."""
    found = pupils_called(declared.pupils, typed)
    if not found:
        raise NoSuchPupil
    if len(found) > 1:
        listed = "\n".join(map(_line, found))
        raise SeveralPupils(listed)
    return found[0]


def _line(pupil: Pupil) -> str:
    where = f", {pupil.class_name}" if pupil.class_name else ""
    left = _(", left on %(day)s", day=pupil.left_on) if pupil.left_on else ""
    label = "".join(letter for letter in f"{pupil.label}{where}" if letter.isprintable())
    return f"  {pupil.pupil_id}  {label}{left}"


def find(options: argparse.Namespace) -> int:
    """Print every pupil whose names begin as what was typed."""
    workspace = workspace_of(options)
    with register_lock(workspace.consent):
        declared = read_declared(workspace, local_now(load_settings(workspace)).date())
    found = pupils_called(declared.pupils, " ".join(options.name), begun=True)
    print("\n".join(map(_line, found)) if found else _("Nobody in consent/pupils.csv is called so."))
    return COMPLETE


def _shown(workspace: Workspace, pupil: Pupil, declared: Declared) -> Iterator[str]:
    today = declared.today
    label = "".join(letter for letter in pupil.label if letter.isprintable())
    left = _(", left on %(day)s", day=pupil.left_on) if pupil.left_on else ""
    yield f"{pupil.pupil_id}  {label}{left}"
    if pupil.never_publish:
        yield _("Never to be published, on any channel, whatever stands below.")
    yield ""
    yield _("Today (%(day)s)", day=today)
    for channel in CHANNELS:
        yield f"  {channel:<19} {_stands(permission_today(pupil, declared.history, channel, today))}"
    template, held = format(_("face template"), "<19"), _("may be held")
    yield f"  {template} {why_no_template(pupil, today) or held}"
    answers = sorted(
        (answer for kind in KINDS for answer in declared.history.get((pupil.pupil_id, kind), ())),
        key=lambda answer: (answer.effective_on, answer.line),
    )
    yield ""
    yield _("On record") if answers else _("Nothing is on record.")
    if answers:
        heads = _("from"), _("channel"), _("answer"), _("given by"), _("entered"), _("source")
        yield "  {:<11} {:<19} {:<13} {:<15} {:<17} {}".format(*heads)
    for answer in answers:
        cells = (answer.given_by or _("not stated"), answer.recorded_at[:16], answer.source)
        by, entered, source = ("".join(letter for letter in cell if letter.isprintable()) for cell in cells)
        said = answer.value or str(SAID[answer.answer])
        yield f"  {answer.effective_on}  {answer.channel:<19} {said:<13} {by:<15} {entered:<17} {source}".rstrip()
    for day, said, giver, moment, why in biometric_answers(workspace, pupil.pupil_id):
        yield f"  {day}  {template} {said:<13} {giver:<15} {moment[:16]:<17} {why}"


def _stands(permission: Permission) -> str:
    since = permission.since
    words = STANDS[permission.standing]
    if permission.standing == "expired" and since:
        return _("%(answer)s after %(day)s", answer=words, day=since)
    if since and permission.standing != "unknown":
        return _("%(answer)s, from %(day)s", answer=words, day=since)
    return str(words)


def declare_consent(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    actions = parser.add_subparsers(required=True, metavar="find|show|set|withdraw|changes", dest="action")
    finding = actions.add_parser("find", help="which pupils are called so: ids, classes")
    finding.add_argument("name", metavar="NAME", nargs="+", help="names, or how they begin")
    finding.set_defaults(run=find)
    shown = actions.add_parser("show", help="what holds today, and every answer on record")
    shown.add_argument("pupil", metavar="PUPIL", help="the pupil's id, or names that one pupil alone has")
    shown.set_defaults(run=show)
    setting = actions.add_parser("set", help="record an answer for one channel")
    setting.add_argument("pupil", metavar="PUPIL", help="the pupil's id, or names that one pupil alone has")
    setting.add_argument("channel", metavar="CHANNEL", choices=KINDS, help=", ".join(KINDS))
    setting.add_argument(
        "answer", metavar="ANSWER", help="yes, no, not_recorded; none or first (name_use); a day (consent_expires_on)"
    )
    withdrawing = actions.add_parser("withdraw", help="record that permission is withdrawn")
    withdrawing.add_argument("pupil", metavar="PUPIL", help="the pupil's id, or names that one pupil alone has")
    withdrawing.add_argument("--channel", choices=CHANNELS, metavar="CHANNEL", help="for this channel")
    withdrawing.add_argument("--all", action="store_true", help="for every channel (a face template stays)")
    withdrawing.add_argument(
        "--biometric", action="store_true", help="for holding a face template (also together with --all)"
    )
    waiting = actions.add_parser("changes", help="what was edited by hand in pupils.csv and waits for somebody's word")
    word = waiting.add_mutually_exclusive_group()
    word.add_argument("--accept", action="store_true", help="the edit is right: it counts from now on")
    word.add_argument(
        "--restore", action="store_true", help="the edit is wrong: bring back the register as it was before it"
    )
    waiting.set_defaults(run=changes)
    for action in (setting, withdrawing):
        action.add_argument("--by", required=True, help='who gave the answer, like "Mother" or "Both parents"')
        action.add_argument("--why", required=True, help='how it came, like "e-mail to the office"')
        action.add_argument("--on", type=a_day, metavar="DAY", help="from when (default: today)")
        action.set_defaults(run=change)


# ``auditbot import-consent FILE``: an export of the school's pupil records system into the register.

SHOWN = 40


def run_import_consent(options: argparse.Namespace) -> int:
    """Show what the export changes, and import it once that is confirmed."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    path = Path(options.file)
    accepted = [name for name in WORDS_THAT_ACCEPT if getattr(options, name)]
    decisions = Path(options.decide) if options.decide else None
    with register_lock(workspace.consent):
        now = local_now(settings)
        system = options.system or settings.consent.system or None
        decided = read_decisions(decisions) if decisions and decisions.exists() else {}
        prepared = prepare(workspace, path, now, system, (*settings.consent.headings, *options.map), decided)
        print("\n".join(preview(prepared)))
        if decisions and prepared.questions:
            _write_questions(decisions, prepared)
        if options.dry_run:
            for stopped in prepared.stops:
                if stopped.switch not in accepted:
                    print(_("Stop: %(what)s.", what=with_word(stopped)))
            print(_("Nothing was changed (--dry-run)."))
            return COMPLETE
        refused = [stopped for stopped in prepared.stops if stopped.switch not in accepted]
        if not refused and not options.yes and not _confirmed():
            print(_("Nothing was changed."))
            return COMPLETE
        again = imported_already(workspace, path)
        write(workspace, prepared, now, accepted)
    print(_("Imported once more.") if again else _("Imported."), _("The old register is kept in consent/kept."))
    return FINDINGS if prepared.questions else COMPLETE


def _write_questions(path: Path, prepared: Prepared) -> None:
    """Write what is to be decided. Raises CannotWrite."""
    try:
        write_private(path, questions_csv(prepared.questions))
    except OSError as error:
        raise CannotWrite(path, error.strerror or type(error).__name__) from error
    print(
        _(
            "To decide: %(count)s. Fill in the last column of %(path)s, and import the file again with it.",
            count=len(prepared.questions),
            path=path,
        )
    )


def changes(options: argparse.Namespace) -> int:
    """Show what was edited by hand in pupils.csv and waits for a person's word; accept it, or put the old one back."""
    workspace = workspace_of(options)
    now = local_now(load_settings(workspace))
    with register_lock(workspace.consent):
        finish_replacing(workspace.consent)
        state = edited(workspace.consent, now.date())
        if not state.stopped:
            read_declared(workspace, now.date())
            print(_("Nothing waits for anybody's word."))
            return COMPLETE
        print(
            "\n".join(
                (*lines(state.changes, BY_HAND), *(_("Stop: %(what)s", what=each.sentence) for each in state.stopped))
            )
        )
        if options.restore:
            kept = restore(workspace.consent, now)
            print(
                _("The register of before is back. The edited one is kept as %(name)s in consent/kept.", name=kept.name)
            )
        elif options.accept:
            accept(workspace.consent, state, now)
            read_declared(workspace, now.date())
            print(_("Accepted: it counts from now on, and every changed answer has today's date."))
        else:
            print(_("If that is right: auditbot consent changes --accept. If not: auditbot consent changes --restore"))
            return FINDINGS
    return COMPLETE


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise NobodyConfirms
    return input(_("Import this? [y/N] ")).strip().lower() in ("y", "yes")


def preview(prepared: Prepared) -> Iterator[str]:
    """Yield the lines that say what an import changes, each pupil by id, forename and initial."""
    yield from _in_the_file(prepared.export)
    yield from _listed(_("to decide"), [question.sentence for question in prepared.questions])
    yield ""
    yield from _counted(prepared.joined)
    yield from _pupil_by_pupil(prepared.joined)
    yield from _listed(
        _("still blocked"), [f"{label(prepared.joined.rows[each])}  {why}" for each, why in prepared.blocked.items()]
    )


def _in_the_file(export: Export) -> Iterator[str]:
    """Yield how many pupils the file holds, and how many answers of each kind for each channel."""
    channels = [channel for channel in CHANNELS if channel in export.columns]
    yield f"{export.name}: " + _n("%(count)s pupil", "%(count)s pupils", len(export.entries))
    for channel in CHANNELS:
        if channel not in channels:
            yield f"  {channel:<19} " + _("not in the file: the register's answers stay")
            continue
        counts = Counter(entry.cells[channel] for entry in export.entries)
        yield f"  {channel:<19} " + _(
            "%(yes)s yes  %(no)s no  %(unknown)s not recorded",
            yes=format(counts["yes"], ">4"),
            no=format(counts["no"], ">4"),
            unknown=format(counts["not_recorded"], ">4"),
        )
    for note in export.notes:
        yield "  " + _("note: %(what)s", what=note)


def _counted(joined: Joined) -> Iterator[str]:
    """Yield how many pupils come, go and change, and how many answers give more permission than before."""
    yield (
        _(
            "New %(new)s · changed answers %(changed)s · left %(left)s · back %(back)s · unchanged %(unchanged)s",
            new=len(joined.new),
            changed=len(joined.changed),
            left=len(joined.left),
            back=len(joined.back),
            unchanged=joined.unchanged,
        )
    )
    turned = Counter((each.old, each.new) for each in joined.changed if each.column in CHANNELS)
    if turned["no", "yes"] or turned["not_recorded", "yes"]:
        yield (
            _(
                "More permission: %(refused)s from no to yes · %(blank)s from blank to yes (a blank "
                "may have been a refusal)",
                refused=turned["no", "yes"],
                blank=turned["not_recorded", "yes"],
            )
        )


def _pupil_by_pupil(joined: Joined) -> Iterator[str]:
    """Yield a line for each pupil and answer that changes or stays against the file."""
    yield from _listed(_("new"), [f"{label(joined.rows[each])}  {_answers(joined.rows[each])}" for each in joined.new])
    yield from _listed(
        _("changed"),
        [f"{label(joined.rows[each.pupil_id])}  {each.column}: {each.old} -> {each.new}" for each in joined.changed],
    )
    yield from _listed(_("left"), [label(joined.rows[each]) for each in joined.left])
    if joined.left:
        yield "  " + _(
            "Missing from the file: marked as left today. Their answers cover nothing that is posted from now on."
        )
    yield from _listed(_("back on roll"), [label(joined.rows[each]) for each in joined.back])
    yield from _listed(
        _("details"), [f"{label(joined.rows[each])}  {', '.join(columns)}" for each, columns in joined.details.items()]
    )
    in_file = _("file")
    yield from _listed(
        _("stays"),
        [
            f"{label(joined.rows[each.pupil_id])}  {each.column}: {each.old} ({in_file}: {each.new})"
            for each in joined.kept
        ],
    )
    if joined.kept:
        yield (
            "  "
            + _(
                "These were written down by hand, and no newer form of the one who refused is in the file. To "
                "change one: auditbot consent set"
            )
        )


def label(row: Cells) -> str:
    """Name a pupil for the terminal: id, forename in use and initial."""
    forename = row.get("preferred_forename") or row.get("legal_forename", "")
    surname = row.get("preferred_surname") or row.get("legal_surname", "")
    name = "".join(letter for letter in f"{forename} {surname[:1]}." if letter.isprintable())
    return f"{row['pupil_id']}  {name}"


def _answers(row: Cells) -> str:
    given = [channel for channel in CHANNELS if row.get(channel) == "yes"]
    return _("yes: %(channels)s", channels=", ".join(given)) if given else _("no yes")


def _listed(what: str, lines: list[str]) -> Iterator[str]:
    for line in lines[:SHOWN]:
        yield f"  {what:<13} {line}"
    if len(lines) > SHOWN:
        yield f"  {what:<13} " + _("and %(count)s more", count=len(lines) - SHOWN)


def declare_import_consent(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument(
        "file", metavar="FILE", help="a CSV file, or a workbook (.xlsx, .xls, .ods), of any system or form"
    )
    parser.add_argument("--from", dest="system", choices=SYSTEMS, help="the system it was exported from")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar='"HEADING=COLUMN"',
        help="what a heading means: a column of pupils.csv, several kinds of publication joined by +, or ignore "
        "(repeatable)",
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--yes", action="store_true", help="write it without asking first")
    parser.add_argument(
        "--accept-drop", action="store_true", help="accept that many pupils are missing from the file and count as left"
    )
    parser.add_argument(
        "--accept-more-permission",
        action="store_true",
        help="accept that refusals or blanks become permission, or that a protection ends",
    )
    parser.add_argument(
        "--accept-moved-names", action="store_true", help="accept that names stand at other ids than before"
    )
    parser.add_argument(
        "--accept-no-answers", action="store_true", help="accept a file in which no cell says yes or no"
    )
    parser.add_argument(
        "--decide",
        metavar="FILE",
        help="a table of the rows and answers that only you can decide. If there is no FILE it is written; fill in its "
        "last column, and give the same command again",
    )
    parser.set_defaults(run=run_import_consent)
