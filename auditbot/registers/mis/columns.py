"""The headings of an export as columns: what each means, and why, read with the headings that stand beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from pathlib import Path

from auditbot.errors import ImportRefused
from auditbot.registers.mis.headings import (
    ASK,
    OF_PARENT,
    UNUSED,
    folded,
    giver_of,
    is_inside_use,
    may_be_a_remark,
    meaning,
    year_of,
)
from auditbot.registers.mis.notes import Note, NoteCode, note
from auditbot.registers.people import CHANNELS, COLUMNS

IGNORE = "ignore"
ANSWERED_AT, GIVER_KEY, FORMER_UPN, REMARK = "answered_at", "giver_key", "former_upn", "remark"
MEANT = (*COLUMNS, "full_name", "consent_type", "consent_status", FORMER_UPN)
"""What a school may say that a heading means."""
TIMES = ("completiontime", "timestamp", "submissiontime", "submissiondate", "submittedat", "submittedon",
         "datesubmitted", "starttime", "lastmodifiedtime")  # fmt: skip
"""Headings that forms write of themselves, the best first: when somebody answered."""
OF_RESPONSE = frozenset(
    ["id", "responseid", "responseno", "responsenumber", "entryid", "submissionid", "uniqueid", "no"]
)
CHILD = re.compile(r"\b(child|pupil|student|son|daughter)('s|’s|s)?\b", re.IGNORECASE)
WHICH_CLASS = re.compile(r"^\W*(\d+[.)]?\W+)?(which|what) (class|year group)\b", re.IGNORECASE)
OF_A_QUIZ = re.compile(r"^(points|feedback) - |^(total points|quiz feedback|grade posted time)$", re.IGNORECASE)
"""Columns that Microsoft Forms adds to each question of a quiz."""
QUESTIONS = (
    (re.compile(r"\bbirth|\bdob\b", re.IGNORECASE), "date_of_birth"),
    (re.compile(r"\b(first|fore|given) ?names?\b", re.IGNORECASE), "forename"),
    (re.compile(r"\b(last|family|second) ?names?\b|\bsurname\b", re.IGNORECASE), "surname"),
    (re.compile(r"\bnames?\b", re.IGNORECASE), "full_name"),
    (re.compile(r"\bclass\b(?!room)", re.IGNORECASE), "class"),
    (re.compile(r"\byear group\b", re.IGNORECASE), "year_group"),
)
"""What a form's question about a child asks for, the first that fits."""


class Why(Enum):
    """Why a column means what it means."""

    SAID = "the school says so"
    NAMED = "its heading is known"
    GIVER = "its heading names one of several who answer"
    COMPANY = "the headings beside it say so"
    QUESTION = "its heading asks about a child"
    YEAR = "it is of another academic year"
    NOT_FACES = "it does not say that it is about faces"
    CONTENT = "its cells say so"
    REFUSES = "its heading refuses, so that a mark is a no"
    INSIDE = "it is about pictures that stay inside the school"


@dataclass(frozen=True, slots=True)
class Said:
    """What the school said that its headings mean."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns of the register by folded heading or name of a consent; (IGNORE,) for none."""
    first_nursery_year: str = ""
    """What FS1 means: N1, N2, or empty if it was not said."""
    written: tuple[str, ...] = ()
    """As the school wrote it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export."""

    place: int
    """Where it stands, counted from 0."""
    heading: str
    """Its heading."""
    means: tuple[str, ...]
    """The register's columns that it fills, what must be asked (ASK), or nothing."""
    why: Why = Why.NAMED
    """Why it means that."""
    giver: str = ""
    """Who of several answers in it, where its heading says so."""
    year: int | None = None
    """The calendar year in which the academic year begins that its heading names."""


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


def meanings(heading: str, system: str | None, said: Said) -> tuple[str, ...]:
    """Return what a heading alone fills: what the school said of it, or else what it is known to mean."""
    return said.columns.get(folded(heading)) or (meaning(heading, system),)


def columns_of(
    headings: Sequence[str], system: str | None, said: Said, today: date | None
) -> tuple[tuple[Column, ...], bool, list[Note]]:
    """Return the columns, whether the file is the answers to a form, and what of the headings is to be told."""
    notes: list[Note] = []
    columns = [_alone(place, heading, system, said) for place, heading in enumerate(headings)]
    is_form = any(folded(heading) in TIMES[:-2] for heading in headings)
    if is_form:
        columns = list(_of_form(columns, notes))
    columns = list(_of_this_year(columns, today, notes))
    notes += [
        note(NoteCode.BIOMETRICS_NOT_USED, heading=column.heading)
        for column in columns
        if column.why == Why.NOT_FACES and column.means == (UNUSED,)
    ]
    return tuple(_names_settled(columns, notes)), is_form, notes


def _alone(place: int, heading: str, system: str | None, said: Said) -> Column:
    if not heading:
        return Column(place, heading, (REMARK,))
    if folded(heading) in said.columns:
        return Column(place, heading, said.columns[folded(heading)], Why.SAID, year=year_of(heading))
    meant = meaning(heading, system)
    giver, rest = giver_of(heading)
    if giver and rest and meant in (ASK, UNUSED) and (of_rest := meaning(rest, system)) in CHANNELS:
        return Column(place, heading, (of_rest,), Why.GIVER, giver=giver, year=year_of(heading))
    if re.search(r"biometric", heading, re.IGNORECASE) and meant in (UNUSED, ASK):
        return Column(place, heading, (UNUSED,), Why.NOT_FACES)
    if meant == UNUSED and (asked := asked_about_child(heading)):
        return Column(place, heading, (asked,), Why.QUESTION)
    inside = meant == ASK and is_inside_use(heading)
    if inside or (meant == UNUSED and may_be_a_remark(heading)):
        meant = REMARK
    return Column(place, heading, (meant,), Why.INSIDE if inside else Why.NAMED, year=year_of(heading))


def asked_about_child(heading: str) -> str:
    """Return what a form's question asks about a child, like "What is your child's full name?", or about a parent."""
    if CHILD.search(heading) or WHICH_CLASS.search(heading):
        return next((column for pattern, column in QUESTIONS if pattern.search(heading)), "")
    if OF_PARENT.search(heading) and re.search(r"\bname\b|\bsign", heading, re.IGNORECASE):
        return "consent_by"
    return ""


def _of_form(columns: Sequence[Column], notes: list[Note]) -> Iterator[Column]:
    """Read the columns that a form adds of itself: number, time, e-mail and name of who answered, not of the child."""
    by_key = {folded(column.heading): column.place for column in columns if column.heading}
    time = next((by_key[key] for key in TIMES if key in by_key), None)
    own = {"starttime", "completiontime"} <= by_key.keys()  # Microsoft's: then "Name" is who was signed in
    typed = any(column.means == ("consent_by",) and folded(column.heading) != "name" for column in columns)
    names_a_child = any({"forename", "full_name", "legal_forename"} & set(column.means) and
                        folded(column.heading) != "name" for column in columns)  # fmt: skip
    for column in columns:
        key = folded(column.heading)
        if column.why == Why.SAID:
            yield column
        elif OF_A_QUIZ.search(column.heading):
            yield replace(column, means=(), why=Why.COMPANY)
        elif column.place == time:
            yield replace(column, means=(ANSWERED_AT,), why=Why.COMPANY)
        elif key in OF_RESPONSE:
            notes.append(note(NoteCode.ID_OF_RESPONSE, heading=column.heading))
            yield replace(column, means=(), why=Why.COMPANY)
        elif key in ("email", "emailaddress", "username", "respondentemail"):
            yield replace(column, means=(GIVER_KEY,), why=Why.COMPANY)
        elif key == "name" and (own or names_a_child):
            # Who was signed in; a name that the parent typed says better who answers.
            yield replace(column, means=() if typed else ("consent_by",), why=Why.COMPANY)
        elif key in TIMES:
            yield replace(column, means=(), why=Why.COMPANY)
        else:
            yield column


def _of_this_year(columns: Sequence[Column], today: date | None, notes: list[Note]) -> Iterator[Column]:
    """Of columns that ask the same for several academic years keep the one that runs: the latest that has begun."""
    begun = None if today is None else today.year - (today.month < 9)
    years: dict[tuple[tuple[str, ...], str], set[int]] = {}
    for column in columns:
        if column.year is not None and set(column.means) & {*CHANNELS, ASK}:
            years.setdefault((column.means, column.giver), set()).add(column.year)
    for column in columns:
        of_same = years.get((column.means, column.giver), set()) if column.year is not None else set()
        wanted = max((year for year in of_same if begun is None or year <= begun), default=None)
        if len(of_same) > 1 and column.year != wanted and column.why != Why.SAID:
            notes.append(note(NoteCode.OTHER_YEAR, heading=column.heading))
            yield replace(column, means=(), why=Why.YEAR)
        else:
            yield column


def _names_settled(columns: Sequence[Column], notes: list[Note]) -> Iterator[Column]:
    """Let a plain "Forename" or "Surname" be that in law, or that in use where the one in law stands beside it."""
    held = {meant for column in columns for meant in column.means}
    if {"surname", "legal_surname"} & held and not {"forename", "legal_forename"} & held:
        # "Name" beside "Surname" is the forename.
        columns = [
            replace(column, means=("forename",), why=Why.COMPANY) if column.means == ("full_name",) else column
            for column in columns
        ]
        held = {meant for column in columns for meant in column.means}
    for column in columns:
        part = next((each for each in ("forename", "surname") if each in column.means), "")
        if not part:
            yield column
        elif f"legal_{part}" not in held:
            yield replace(column, means=(f"legal_{part}",))
        elif f"preferred_{part}" not in held:
            notes.append(note(NoteCode.NAME_IN_USE, heading=column.heading, part=part))
            yield replace(column, means=(f"preferred_{part}",))
        else:
            notes.append(note(NoteCode.NAME_NOT_USED, heading=column.heading, part=part))
            yield replace(column, means=())
