"""The names no take-down request may hold: those of every pupil, as words of a title, an address or a file name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from auditbot.check.surnames.normalise import fold
from auditbot.registers.pupils import Pupil

SHORTEST_WORD = 2
SHORTEST_RUN_TOGETHER = 5
"""Names run together, as in "aokafor", are looked for from this length: shorter ones are too often plain words."""


def secret_names(pupils: Iterable[Pupil]) -> frozenset[str]:
    """Return every forename and surname of the pupils, in law, in use and former, as :func:`words` would give them.

    Names of several words count word by word and run together, and so do forename and surname, or one and an initial.
    """
    return frozenset(name for pupil in pupils for name in _of_pupil(pupil))


def _of_pupil(pupil: Pupil) -> Iterator[str]:
    given = [name for name in (pupil.legal_forename, pupil.preferred_forename) if name.strip()]
    given += [name.split()[0] for name in given]
    family = [name for name in (pupil.legal_surname, pupil.preferred_surname, *pupil.former_surnames) if name.strip()]
    for name in (*given, *family):
        yield from (word for word in words(name) if len(word) >= SHORTEST_WORD)
    together = [*given, *family]
    together += [one + other for first in given for last in family for one, other in _pairs(first, last)]
    for name in together:
        run = "".join(re.findall(r"[^\W\d_]", fold(name).text)).casefold()
        if len(run) >= SHORTEST_RUN_TOGETHER:
            yield run


def _pairs(first: str, last: str) -> tuple[tuple[str, str], ...]:
    return ((first, last), (last, first), (first[0], last), (last, first[0]), (first, last[0]), (last[0], first))


def words(text: str) -> list[str]:
    """Return the words of a title, an address or a file name: folded to plain lower-case letters.

    Words that a file name runs together, as in "AmaraHarvest2.jpg", are given whole and apart.
    """
    plain = fold(unquote(text)).text
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", plain if apart == plain else f"{plain} {apart}")]
