"""Where in an export the headings stand, and which column of the register each of its columns fills."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditbot.errors import ImportRefused
from auditbot.registers.mis.headings import (
    ASK,
    ASK_END,
    ASK_START,
    UNUSED,
    System,
    folded,
    is_about_answers,
    meaning,
    meaning_of_words,
    refuses,
)
from auditbot.registers.mis.sheet import Line, Sheet, read_pages
from auditbot.registers.people import CHANNELS, COLUMNS

IGNORE = "ignore"
MEANT = (*COLUMNS, "full_name", "consent_type", "consent_status")
LOOK_FOR_HEADINGS_IN = 40
TOTAL = re.compile(r"^(grand |sub[- ]?)?totals?\b", re.IGNORECASE)
FOOTER = re.compile(
    rf"{TOTAL.pattern}|^count\b|^sum\b|^average\b|^number of|^no\.? of "
    r"|^\d+ (pupils|students|records|rows|children)"
    r"|^(pupils|students|records|rows|children)\b.*\d|^page \d|^printed|^report|^end of"
    r"|^generated|^exported|^run (on|at)"
    r"|^created|^confidential|^produced|^key\b|^notes?\b|^\*|^--|^source\b|^©|^copyright",
    re.IGNORECASE,
)

SECTION = re.compile(
    r"^(year|class|form|reg|reg group|registration (group|form)|tutor group)\b(?! no)|^reception$", re.I
)
"""A line that says to which class the pupils below it belong, and nothing else."""
LEGEND = re.compile(
    r"=|✓|✔|☑|\b(tick|cross|mark|shade|highlight)(s|ed)?\b|\b[yx] (means|is|for)\b"
    r"|\b(must|do|may|should|can) ?not\b|\bnever\b",
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
    ask: Mapping[int, str]
    """Places of columns that only the school can explain, with what to ask."""
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
        elif not folded(heading) or not (targets == (IGNORE,) or all(target in MEANT for target in targets)):
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
    found: dict[str, tuple[tuple[int, int], Table]] = {}
    nearest: tuple[tuple[int, int], tuple[str, ...]] = ((0, 0), ())
    pages = read_pages(path)
    for page in pages:
        for score, start, headings in _candidates(page.sheet, system, said):
            if score > nearest[0]:
                nearest = (score, headings)
            if page.title in found and score <= found[page.title][0]:
                continue
            above = [name for name in (path.stem, page.title) if is_about_answers(name)]
            above += [cell for line in page.sheet[: start - 1] for cell in line.cells]
            table = _table(headings, page.sheet[start:], system, said, above)
            if not _missing(table):
                found[page.title] = (score, table)
    if len(found) > 1:
        names = ", ".join(f'"{name}"' for name in found)
        raise ImportRefused(path, [f"it holds pupils on more than one sheet ({names}); keep one sheet"])
    if not found:
        raise ImportRefused(path, _why_no_table(nearest[1], system, said))
    (((_, table)),) = found.values()
    unknown = [each for each in said.columns if each not in {folded(heading) for heading in table.headings}]
    if unknown and "consent_type" not in table.fills:
        written = [each for each in said.written if folded(each.rpartition("=")[0]) in unknown]
        raise ImportRefused(path, [f'--map "{each}": there is no such heading in this file' for each in written])
    not_read = [
        f'The {"hidden " if page.hidden else ""}sheet "{page.title}" is not read.'
        for page in pages
        if page.title not in found and (page.hidden or (page.title and any(not line.blank for line in page.sheet)))
    ]
    return replace(table, notes=(*table.notes, *not_read))


def _candidates(sheet: Sheet, system: System | None, said: Said) -> list[tuple[tuple[int, int], int, tuple[str, ...]]]:
    """Return each row, alone or joined with the row above it, that may hold the headings, best first.

    With each goes how many of its headings are known, and how many are to be asked about.
    """
    candidates = []
    for place, line in enumerate(sheet[:LOOK_FOR_HEADINGS_IN]):
        above = sheet[place - 1].cells if place else ()
        joined = _joined(above, line.cells, system, said) if sum(map(bool, above)) > 1 else line.cells
        alone = () if _asks_more(line.cells, joined, system, said) else (line.cells,)
        for headings in dict.fromkeys((*alone, joined)):
            meant = [column for heading in headings if heading for column in meanings(heading, system, said)]
            known = set(meant) - {ASK, ASK_START, ASK_END, UNUSED}
            if len(known) > 1:
                candidates.append(((len(known), meant.count(ASK)), place + 1, tuple(headings)))
    return sorted(candidates, key=lambda candidate: (*(-score for score in candidate[0]), candidate[1]))


def _asks_more(alone: Sequence[str], joined: Sequence[str], system: System | None, said: Said) -> bool:
    """Return True if a heading that names a channel is to be asked about because of the heading of its group."""
    return any(
        lower and meanings(lower, system, said)[0] in CHANNELS and meanings(both, system, said) == (ASK,)
        for lower, both in zip(alone, joined, strict=False)
    )


def _joined(above: Sequence[str], below: Sequence[str], system: System | None, said: Said) -> tuple[str, ...]:
    """Join two rows of headings: a group's heading, merged over its columns, stands once, at the first of them."""
    joined, group = [], ""
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        group = upper or group
        alone = meanings(lower, system, said)[0] if lower else UNUSED
        together = f"{group} {lower}".strip()
        meant = meanings(together, system, said)[0]
        if not lower:
            joined.append(upper)
        elif (alone in (ASK, UNUSED) and meant != UNUSED) or (
            alone in CHANNELS and meant == ASK and is_about_answers(group) and folded(lower) not in said.columns
        ):
            joined.append(together)
        else:
            joined.append(lower)
    return tuple(joined)


def _table(
    headings: tuple[str, ...], lines: Sequence[Line], system: System | None, said: Said, above: Sequence[str] = ()
) -> Table:
    fills: dict[str, list[int]] = {}
    ask: dict[int, str] = {}
    unused: list[str] = []
    notes: list[str] = []
    again = tuple(folded(heading) for heading in headings)
    kept = [
        Line(line.number, line.cells + ("",) * (len(headings) - len(line.cells)))
        for line in lines
        if not line.blank and tuple(folded(cell) for cell in line.cells) != again
    ]
    for place, heading in enumerate(headings):
        for column in meanings(heading, system, said) if heading else ():
            if column in (ASK, ASK_START, ASK_END):
                ask[place] = what_to_ask(f'the column "{heading}"', heading, column)
            elif column == UNUSED:
                unused.append(f'"{heading}"')
            elif column != IGNORE:
                fills.setdefault(column, []).append(place)
    notes += _settle_names(headings, fills)
    unused += [f'"{headings[place]}"' for place in _settle_person(kept, fills)]
    if {"legal_forename", "legal_surname"} <= fills.keys():
        unused += [f'"{headings[place]}"' for place in fills.pop("full_name", [])]
    unused += [f'"{headings[place]}"' for place in _settle_kinds(headings, kept, fills, ask)]
    ask |= _turned_round(headings, fills, said, above, notes)
    if unused:
        notes.append(f"Not used: {', '.join(unused)}.")
    without = [
        place for place, heading in enumerate(headings) if not heading and any(line.cells[place] for line in kept)
    ]
    if without:
        notes.append(f"Not used, for want of a heading: column {', '.join(str(place + 1) for place in without)}.")
    return Table(headings, {name: tuple(places) for name, places in fills.items()}, ask, tuple(kept), tuple(notes))


def _turned_round(
    headings: Sequence[str], fills: Mapping[str, Sequence[int]], said: Said, above: Sequence[str], notes: list[str]
) -> dict[int, str]:
    """Return what to ask about columns of answers below words such as "must not": a tick there may be a refusal."""
    words = next((text for text in above if refuses(text)), "")
    ask = {}
    for column in (*CHANNELS, "consent_status") if words else ():
        for place in fills.get(column, ()):
            heading = headings[place]
            if folded(heading) in said.columns:
                notes.append(f'"{heading}" stands below "{words}" and is read as --map says.')
                continue
            ask[place] = (
                f'the column "{heading}" stands below "{words}", so a yes in it may be a refusal; if a yes permits, '
                f'say so with --map "{heading}={column}", and if not, leave it out with --map "{heading}={IGNORE}"'
            )
    return ask


def _settle_kinds(
    headings: Sequence[str], lines: Sequence[Line], fills: dict[str, list[int]], ask: dict[int, str]
) -> list[int]:
    """Ask about kinds of consent that stand without answers, or answers without kinds; return the places not used."""
    if {"consent_type", "consent_status"} <= fills.keys():
        return []
    not_used = []
    for place in [each for column in ("consent_type", "consent_status") for each in fills.pop(column, [])]:
        heading = headings[place]
        if any(meaning_of_words(line.cells[place]) in CHANNELS for line in lines):
            ask[place] = (
                f'the column "{heading}" names kinds of consent, but no column with the answers beside it is known; '
                'say which it is with --map "Heading=consent_status"'
            )
        elif meaning_of_words(heading) == ASK:
            ask[place] = what_to_ask(f'the column "{heading}"', heading, ASK)
        else:
            not_used.append(place)
    return not_used


def what_to_ask(what: str, heading: str, about: str) -> str:
    """Return the sentence that asks what a heading, or the name of a consent, means."""
    if about in (ASK_START, ASK_END):
        of_pupil, of_consent = (
            ("on_roll_from", "consent_given_on") if about == ASK_START else ("left_on", "consent_expires_on")
        )
        return (
            f"{what} does not say whether it is about the pupil or the consent; say it with "
            f'--map "{heading}={of_pupil}" (or {of_consent}, or {IGNORE})'
        )
    if refuses(heading):
        return (
            f"{what} may be about a refusal, so that a yes in it is no permission; if a yes permits, say what with "
            f'--map "{heading}=website" (or another); if it forbids everything, with --map "{heading}=never_publish"; '
            f'or leave it out with --map "{heading}={IGNORE}"'
        )
    return (
        f'{what} does not say where photos may be published; say it with --map "{heading}=website" '
        f"(or {', '.join(CHANNELS[1:])}, several joined by +, or {IGNORE})"
    )


def _settle_person(lines: Sequence[Line], fills: dict[str, list[int]]) -> list[int]:
    """Take a column just called "Student" for names or ids, by what it holds; return the places of those not used."""
    not_used = []
    for place in fills.pop("person", []):
        held = [line.cells[place] for line in lines if line.cells[place]]
        numbers = sum(any(letter.isdigit() for letter in each) for each in held)
        holds = "pupil_id" if numbers * 2 > len(held) else "full_name"
        if holds not in fills:
            fills[holds] = [place]
        else:
            not_used.append(place)
    return not_used


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


def turns_round(line: Line) -> bool:
    """Return True if a closing remark says that a mark stands for a refusal, like "Ticked = do not publish"."""
    text = " ".join(line.cells)
    return bool(LEGEND.search(text)) and refuses(text)


def is_footer(line: Line, identity: Sequence[str], names: Sequence[str]) -> bool:
    """Return True for a total or a closing remark below the pupils, never for a row that could be a pupil.

    A row with forename and surname is a pupil. So is one with a number that is not its first cell, unless it begins
    with "Total": Key, Page and Note are surnames too.
    """
    if all(names) and not any(letter.isdigit() for name in names for letter in name):
        return False
    first, *others = [cell for cell in line.cells if cell] or [""]
    if not others and SECTION.search(first):
        return True
    if not any(identity) and not any(names) and all(cell.isdecimal() for cell in line.cells if cell):
        return True
    if any(each and each != first for each in identity):
        return bool(TOTAL.search(first))
    return bool(FOOTER.search(first))
