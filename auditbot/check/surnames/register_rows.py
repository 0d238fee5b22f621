"""Lists in the order of a register, "Surname I, Surname I": what is a surname in one entry is one in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditbot.check.surnames.roster import Roster
from auditbot.check.surnames.text import letters_only

_PARTICLE = r"(?:(?:van|von|de|der|den|di|da|dos|la|el|al|bin|ap|st)[ -]){0,2}"
_ENTRY = re.compile(
    rf"(?<![\w.'’&-])(?P<surname>{_PARTICLE}[A-Z][\w'’-]{{1,30}}(?: [A-Z][\w'’-]{{2,30}})?)"
    r"(?P<comma>,?) (?P<initial>[A-Z])(?:\.|(?![\w.'’&-]))"
)
_BETWEEN = re.compile(r"(?:\([^()\n]{1,20}\)|[\s,;/|•·&+*:–—-]|\band\b|\n\W{0,4}[^\n:,;]{1,24}:|\d{1,3}[.)]?){1,12}")
"""Between two entries: signs, a number, a label at the beginning of a line, what stands in brackets."""
_LONGEST_BETWEEN = 40
"""Characters between two entries."""
_FEWEST = 3
"""Entries of one form that make a row."""
_OPENS = re.compile(r"(?:^|\n)[^\w\n]{0,6}(?:\d{1,2}[.)]? )?$")
"""Nothing but a bullet or a number stands before it on its line."""
_CLOSES = re.compile(r"\s?(?:\n|$|\((?!\s?(?:19|20)\d\d)|;|- )")
"""The entry of a list ends or goes on in brackets; a year in them is that of a book."""
_SIGNING = frozenset({"best", "love", "thanks", "cheers", "regards", "yours", "kind", "signed"})
"""Words that sign a letter, before an initial and a comma."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A word or two in capitals with one initial after them."""

    start: int
    """First character."""
    name_end: int
    """One past the surname."""
    end: int
    """One past the initial and its full stop."""
    letters: str
    """The surname's bare letters."""
    initial: str
    """The initial in small letters."""
    comma: bool
    """Whether a comma stands between."""


def pupils_of_rows(text: str, roster: Roster) -> Mapping[int, tuple[int, ...]]:
    """Return the pupils whom entries of such lists mean, by the character after the surname.

    A row has three entries of one form or more, one beside it that fits a pupil, none of staff alone, and no more that
    read as forename and initial. A single entry counts with a comma, "Surname, I.", on a line of its own.
    """
    entries = list(_entries(text))
    found = {
        one.name_end: pupils
        for one in entries
        if one.comma and _stands_alone(text, one) and (pupils := _pupils(one, roster))
    }
    for row in _rows(text, entries):
        meant = {one.name_end: pupils for one in row if (pupils := _pupils(one, roster))}
        others = sum(one.name_end not in meant and _is_forename(one, roster) for one in row)
        staff = any(one.name_end not in meant and one.letters in roster.staff_by_surname for one in row)
        if len(meant) > max(1, others) and not staff:
            found |= meant
    return found


def _entries(text: str) -> Iterator[_Entry]:
    for match in _ENTRY.finditer(text):
        letters, initial = letters_only(match["surname"]), match["initial"].lower()
        yield _Entry(match.start(), match.end("surname"), match.end(), letters, initial, bool(match["comma"]))


def _rows(text: str, entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    row: list[_Entry] = []
    for one in entries:
        if row and not (row[-1].comma == one.comma and _joined(text, row[-1].end, one.start)):
            if len(row) >= _FEWEST:
                yield row
            row = []
        row.append(one)
    if len(row) >= _FEWEST:
        yield row


def _joined(text: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_BETWEEN and _BETWEEN.fullmatch(text, start, end) is not None


def _stands_alone(text: str, one: _Entry) -> bool:
    before = text[max(0, one.start - 12) : one.start]
    opens = _OPENS.search(before) if "\n" in before or one.start <= len(before) else None
    closes = _CLOSES.match(text, one.end) if opens is not None else None
    return closes is not None and (one.letters not in _SIGNING or bool(closes.group().strip()))


def _pupils(one: _Entry, roster: Roster) -> tuple[int, ...]:
    surname = roster.surnames.get(one.letters)
    names = roster.forenames_of
    pupils = surname.pupils if surname else ()
    return tuple(index for index in pupils if any(name.startswith(one.initial) for name in names[index]))


def _is_forename(one: _Entry, roster: Roster) -> bool:
    """The entry is an allowed one, a pupil's forename and the initial of the surname."""
    pupils = (*roster.forenames.get(one.letters, ()), *roster.nicknames.get(one.letters, ()))
    return any(name.startswith(one.initial) for index in pupils for name in roster.surnames_of[index])
