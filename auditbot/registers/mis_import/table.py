"""Where in an export the headings stand, and which column of the register each of its columns fills."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditbot.errors import ImportRefused
from auditbot.registers.mis_import.headings import ASK, UNUSED, System, folded, meaning, meaning_of_words
from auditbot.registers.mis_import.sheet import Line, Sheet, read_sheets
from auditbot.registers.pupils import CHANNELS, COLUMNS

IGNORE = "ignore"
LOOK_FOR_HEADINGS_IN = 40
FOOTER = re.compile(
    r"^(grand |sub[- ]?)?totals?\b|^count\b|^sum\b|^average\b|^number of|^no\.? of "
    r"|^\d+ (pupils|students|records|rows|children)"
    r"|^(pupils|students|records|rows|children)\b.*\d|^page \d|^printed|^report|^end of"
    r"|^generated|^exported|^run (on|at)"
    r"|^created|^confidential|^produced|^key\b|^notes?\b|^\*|^--|^source\b|^©|^copyright",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the school said that its headings mean."""

    columns: Mapping[str, tuple[str, ...]]
    """Columns of the register by folded heading or name of a consent; (IGNORE,) for none."""
    first_nursery_year: str = ""
    """What FS1 means: N1, N2, or empty if it was not said."""
    written: tuple[str, ...] = ()
    """As the school wrote it."""


@dataclass(frozen=True, slots=True)
class Table:
    """The part of an export that holds pupils."""

    headings: tuple[str, ...]
    """The headings, by place."""
    fills: Mapping[str, tuple[int, ...]]
    """Places of the columns by what they fill: the register's columns, consent_type, consent_status and full_name."""
    ask: tuple[int, ...]
    """Places of columns that only the school can explain."""
    lines: tuple[Line, ...]
    """The rows below the headings that hold anything."""
    notes: tuple[str, ...]
    """What a person should know of how the export was read."""


def read_mapping(path: Path, written: Sequence[str]) -> Said:
    """Read what ``--map`` said: "Heading=column", "Heading=website+social_media", "Heading=ignore" or "FS1=N1"."""
    columns: dict[str, tuple[str, ...]] = {}
    nursery, problems = "", []
    for each in written:
        heading, _, meant = each.rpartition("=")
        targets = tuple(target.strip().lower() for target in meant.split("+"))
        if folded(heading) in ("fs1", "f1", "foundation1") and meant.strip().upper() in ("N1", "N2"):
            nursery = meant.strip().upper()
        elif not folded(heading) or not (targets == (IGNORE,) or all(target in COLUMNS for target in targets)):
            problems.append(f'--map "{each}": write "Heading=column", with a column of consent/pupils.csv, or "ignore"')
        elif len(targets) > 1 and not all(target in CHANNELS for target in targets):
            problems.append(f'--map "{each}": only kinds of publication can be joined by +: {", ".join(CHANNELS)}')
        else:
            columns[folded(heading)] = targets
    if problems:
        raise ImportRefused(path, problems)
    return Said(columns, nursery, tuple(written))


def meanings(heading: str, system: System | None, said: Said) -> tuple[str, ...]:
    """Return what a heading fills: what the school said of it, or else what it is known to mean."""
    return said.columns.get(folded(heading)) or (meaning(heading, system),)


def find_table(path: Path, system: System | None, said: Said) -> Table:
    """Return the pupils' table of an export. Raises ImportRefused if there is none, or more than one."""
    found: dict[str, tuple[int, int, Table]] = {}
    nearest: tuple[int, tuple[str, ...]] = (0, ())
    for name, sheet in read_sheets(path):
        for score, start, headings in _candidates(sheet, system, said):
            if score > nearest[0]:
                nearest = (score, headings)
            if score <= found.get(name, (0,))[0]:
                continue
            table = _table(headings, sheet[start:], system, said)
            if not _missing(table):
                found[name] = (score, start, table)
    if len(found) > 1:
        names = ", ".join(f'"{name}"' for name in found)
        raise ImportRefused(path, [f"it holds pupils on more than one sheet ({names}); keep one sheet"])
    if not found:
        raise ImportRefused(path, _why_no_table(nearest[1], system, said))
    ((_, _, table),) = found.values()
    unknown = [each for each in said.columns if each not in {folded(heading) for heading in table.headings}]
    if unknown and "consent_type" not in table.fills:
        written = [each for each in said.written if folded(each.rpartition("=")[0]) in unknown]
        raise ImportRefused(path, [f'--map "{each}": there is no such heading in this file' for each in written])
    return table


def _candidates(sheet: Sheet, system: System | None, said: Said) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return each row, alone or joined with the row above it, that may hold the headings, with how many are known."""
    candidates = []
    for place, line in enumerate(sheet[:LOOK_FOR_HEADINGS_IN]):
        above = sheet[place - 1].cells if place else ()
        joined = _joined(above, line.cells, system, said) if sum(map(bool, above)) > 1 else line.cells
        for headings in dict.fromkeys((line.cells, joined)):
            known = {
                column
                for heading in headings
                if heading
                for column in meanings(heading, system, said)
                if column not in (ASK, UNUSED)
            }
            if len(known) > 1:
                candidates.append((len(known), place + 1, tuple(headings)))
    return sorted(candidates, key=lambda candidate: (-candidate[0], candidate[1]))


def _joined(above: Sequence[str], below: Sequence[str], system: System | None, said: Said) -> tuple[str, ...]:
    """Join two rows of headings: a group's heading, merged over its columns, stands once, at the first of them."""
    joined, group = [], ""
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        group = upper or group
        alone = meanings(lower, system, said)[0] if lower else UNUSED
        together = f"{group} {lower}".strip()
        if not lower:
            joined.append(upper)
        elif alone in (ASK, UNUSED) and meanings(together, system, said)[0] not in (UNUSED,):
            joined.append(together)
        else:
            joined.append(lower)
    return tuple(joined)


def _table(headings: tuple[str, ...], lines: Sequence[Line], system: System | None, said: Said) -> Table:
    fills: dict[str, list[int]] = {}
    ask: list[int] = []
    unused: list[str] = []
    notes: list[str] = []
    for place, heading in enumerate(headings):
        for column in meanings(heading, system, said) if heading else ():
            if column == ASK:
                ask.append(place)
            elif column == UNUSED:
                unused.append(f'"{heading}"')
            elif column != IGNORE:
                fills.setdefault(column, []).append(place)
    notes += _settle_names(headings, fills)
    if {"legal_forename", "legal_surname"} <= fills.keys():
        unused += [f'"{headings[place]}"' for place in fills.pop("full_name", [])]
    if not {"consent_type", "consent_status"} <= fills.keys():
        alone = [place for column in ("consent_type", "consent_status") for place in fills.pop(column, [])]
        ask += [place for place in alone if meaning_of_words(headings[place]) == ASK]
        unused += [f'"{headings[place]}"' for place in alone if place not in ask]
    if unused:
        notes.append(f"Not used: {', '.join(unused)}.")
    again = tuple(folded(heading) for heading in headings)
    kept = [
        Line(line.number, line.cells + ("",) * (len(headings) - len(line.cells)))
        for line in lines
        if not line.blank and tuple(folded(cell) for cell in line.cells) != again
    ]
    without = [
        place for place, heading in enumerate(headings) if not heading and any(line.cells[place] for line in kept)
    ]
    if without:
        notes.append(f"Not used, for want of a heading: column {', '.join(str(place + 1) for place in without)}.")
    return Table(
        headings, {name: tuple(places) for name, places in fills.items()}, tuple(sorted(ask)), tuple(kept), tuple(notes)
    )


def _settle_names(headings: Sequence[str], fills: dict[str, list[int]]) -> Iterator[str]:
    """Let a plain "Forename" or "Surname" be that in law, or that in use where the one in law stands beside it."""
    for part in ("forename", "surname"):
        plain = fills.pop(part, [])
        if plain and f"legal_{part}" not in fills:
            fills[f"legal_{part}"] = plain
        elif plain and f"preferred_{part}" not in fills:
            fills[f"preferred_{part}"] = plain
            yield (f'"{headings[plain[0]]}" stands beside the legal {part} and is read as the {part} in use.')
        elif plain:
            yield (f'"{headings[plain[0]]}" is not used: the legal and the preferred {part} stand beside it.')


def _missing(table: Table) -> list[str]:
    fills = table.fills
    missing = []
    if not {"pupil_id", "upn", "admission_no"} & fills.keys():
        missing.append("pupil_id")
    if "full_name" not in fills:
        missing += [name for name in ("legal_forename", "legal_surname") if name not in fills]
    return missing


def _why_no_table(headings: tuple[str, ...], system: System | None, said: Said) -> list[str]:
    if not headings:
        return [
            "no row with headings was found; there must be one with pupil_id (or UPN or admission number), "
            "forename and surname"
        ]
    reasons = {
        "pupil_id": "pupil_id (or upn or admission_no) is missing: a heading like Pupil ID, UPN or Admission Number",
        "legal_forename": "legal_forename is missing: a heading like Forename, First Name or Legal Forename",
        "legal_surname": "legal_surname is missing: a heading like Surname, Last Name or Legal Surname",
    }
    return [f"the column {reasons[name]}" for name in _missing(_table(headings, (), system, said))]


def is_footer(line: Line, identity: Sequence[str], names: Sequence[str]) -> bool:
    """Return True for a total or a closing remark below the pupils, never for a row that could be a pupil."""
    whole = any(identity) and all(names) and not any(letter.isdigit() for name in names for letter in name)
    if not any(identity) and not any(names):
        return all(cell.isdecimal() for cell in line.cells if cell) or any(FOOTER.search(cell) for cell in line.cells)
    return not whole and any(FOOTER.search(cell) for cell in line.cells)
