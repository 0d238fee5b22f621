"""``auditbot import-consent FILE``: an export of the school's pupil records system into the register."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.commands.workspace import workspace_of
from auditbot.errors import ConsentNotRecorded
from auditbot.registers.mis_import.headings import SYSTEMS
from auditbot.registers.mis_import.join import Cells
from auditbot.registers.mis_import.run import Prepared, imported_already, prepare, write
from auditbot.registers.pupils import CHANNELS
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import load_settings

SHOWN = 40


def run(options: argparse.Namespace) -> int:
    """Show what the export changes, and import it once that is confirmed."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    path = Path(options.file)
    accepted = [name for name in ("accept_drop", "accept_more_permission") if getattr(options, name)]
    with one_at_a_time(workspace):
        now = local_now(settings)
        system = options.system or settings.consent.system or None
        prepared = prepare(workspace, path, now, system, (*settings.consent.headings, *options.map))
        print("\n".join(preview(prepared)))
        if options.dry_run:
            for switch, sentence in prepared.stops:
                if switch not in accepted:
                    print(f"Stop: {sentence}.")
            print("Nothing was changed (--dry-run).")
            return COMPLETE
        refused = [switch for switch, _ in prepared.stops if switch not in accepted]
        if not refused and not options.yes and not _confirmed():
            print("Nothing was changed.")
            return COMPLETE
        again = imported_already(workspace, path)
        write(workspace, prepared, now, accepted)
    print(f"Imported{' once more' if again else ''}. The old register is kept in consent/kept.")
    return COMPLETE


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise ConsentNotRecorded("Nobody is at the keyboard to confirm: add --yes, or --dry-run to look only.")
    return input("Import this? [y/N] ").strip().lower() in ("y", "yes")


def preview(prepared: Prepared) -> Iterator[str]:
    """Yield the lines that say what an import changes, each pupil by id, forename and initial."""
    joined, export = prepared.joined, prepared.export
    channels = [channel for channel in CHANNELS if channel in export.columns]
    yield f"{export.name}: {len(export.entries)} pupils"
    for channel in CHANNELS:
        if channel not in channels:
            yield f"  {channel:<19} not in the file: the register's answers stay"
            continue
        counts = Counter(entry.cells[channel] for entry in export.entries)
        yield (
            f"  {channel:<19} {counts['yes']:>4} yes  {counts['no']:>4} no  {counts['not_recorded']:>4} not recorded"
        )
    for note in export.notes:
        yield f"  note: {note}"
    yield ""
    yield (
        f"New {len(joined.new)} · changed answers {len(joined.changed)} · left {len(joined.left)} · "
        f"back {len(joined.back)} · unchanged {joined.unchanged}"
    )
    turned = Counter((each.old, each.new) for each in joined.changed if each.column in CHANNELS)
    if turned["no", "yes"] or turned["not_recorded", "yes"]:
        yield (
            f"More permission: {turned['no', 'yes']} from no to yes · "
            f"{turned['not_recorded', 'yes']} from blank to yes (a blank may have been a refusal)"
        )
    yield from _listed("new", [f"{label(joined.rows[each])}  {_answers(joined.rows[each])}" for each in joined.new])
    yield from _listed(
        "changed",
        [f"{label(joined.rows[each.pupil_id])}  {each.column}: {each.old} -> {each.new}" for each in joined.changed],
    )
    yield from _listed("left", [label(joined.rows[each]) for each in joined.left])
    if joined.left:
        yield "  Missing from the file: marked as left today. Their answers cover nothing that is posted from now on."
    yield from _listed("back on roll", [label(joined.rows[each]) for each in joined.back])
    yield from _listed(
        "details", [f"{label(joined.rows[each])}  {', '.join(columns)}" for each, columns in joined.details.items()]
    )
    yield from _listed(
        "stays",
        [f"{label(joined.rows[each.pupil_id])}  {each.column}: {each.old} (file: {each.new})" for each in joined.kept],
    )
    if joined.kept:
        yield (
            "  These were written down by hand, and no newer form of the one who refused is in the file. "
            "To change one: auditbot consent set"
        )
    yield from _listed(
        "still blocked", [f"{label(joined.rows[each])}  {why}" for each, why in prepared.blocked.items()]
    )


def label(row: Cells) -> str:
    """Name a pupil for the terminal: id, forename in use and initial."""
    forename = row.get("preferred_forename") or row.get("legal_forename", "")
    surname = row.get("preferred_surname") or row.get("legal_surname", "")
    name = "".join(letter for letter in f"{forename} {surname[:1]}." if letter.isprintable())
    return f"{row['pupil_id']}  {name}"


def _answers(row: Cells) -> str:
    given = [channel for channel in CHANNELS if row.get(channel) == "yes"]
    return f"yes: {', '.join(given)}" if given else "no yes"


def _listed(what: str, lines: list[str]) -> Iterator[str]:
    for line in lines[:SHOWN]:
        yield f"  {what:<13} {line}"
    if len(lines) > SHOWN:
        yield f"  {what:<13} and {len(lines) - SHOWN} more"


def add(commands: Commands) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "import-consent", help="import an export of the pupil records system into the consent register"
    )
    command.add_argument("file", metavar="FILE", help="CSV or Excel workbook (.xlsx)")
    command.add_argument("--from", dest="system", choices=SYSTEMS, help="the system it was exported from")
    command.add_argument(
        "--map",
        action="append",
        default=[],
        metavar='"HEADING=COLUMN"',
        help="what a heading means: a column of pupils.csv, several kinds of publication joined by +, or ignore "
        "(repeatable)",
    )
    command.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--accept-drop", action="store_true", help="accept that many pupils are missing from the file")
    command.add_argument(
        "--accept-more-permission", action="store_true", help="accept that many refusals become permission"
    )
    command.set_defaults(run=run)
