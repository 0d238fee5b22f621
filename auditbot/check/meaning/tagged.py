"""Where words tell when a child was born, where somebody lives, or what law guards most: by what the sentence means."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from auditbot.check.meaning.passages import passages_of, spans_of
from auditbot.check.meaning.reader import Reading, language_model, limits

UNREAD = -20.0
"""What is said of words that no sentence holds: surely not."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """Words side by side that tell something."""

    start: int
    """First character, in code points."""
    end: int
    """One past the last character."""
    score: float
    """The highest score of a word, as log-odds."""


def tagged(text: str, tag: str, places: Iterable[int] | None = None) -> Iterator[Tagged]:
    """Yield the places of a text that a tag tells, in order.

    Read are the passages in which one of these ``places`` is, or else what is worth reading for the tag. Raises
    LanguageModelMissing.
    """
    if places is None:
        places = (found.start() for found in worth_reading(tag).finditer(text))
    for reading in _readings(text, places):
        for start, end, score in reading.runs(tag, limits().tags[tag]):
            yield Tagged(start, end, score)


def scores_of(text: str, tag: str, places: Sequence[tuple[int, int]]) -> list[float]:
    """Return how much the words of each place are like a tag, by mean log-odds; raise LanguageModelMissing."""
    pieces = [
        (begin, last, float(score))
        for reading in _readings(text, (start for start, _ in places))
        for begin, last, score in zip(reading.passage.starts, reading.passage.ends, reading.tag(tag), strict=True)
    ]
    starts = [begin for begin, _, _ in pieces]
    found = []
    for start, end in places:
        near = pieces[max(0, bisect_right(starts, start) - 1) : bisect_left(starts, end)]
        own = [score for _, last, score in near if start < last]
        found.append(sum(own) / len(own) if own else UNREAD)
    return found


def _readings(text: str, places: Iterable[int]) -> list[Reading]:
    """Return what the model says of the passages in which one of the places is."""
    numbers = {number for place in places if (number := number_at(text, place)) is not None}
    if not numbers:
        return []
    chosen = [one for one in passages_of(text) if any(number in numbers for number, _, _ in one.sentences)]
    return language_model().read(chosen)


def number_at(text: str, place: int) -> int | None:
    """Return the number of the sentence in which a character stands."""
    spans = spans_of(text)
    number = bisect_right(spans, place, key=lambda span: span.start) - 1
    return number if number >= 0 and place < spans[number].end else None


@cache
def worth_reading(tag: str) -> re.Pattern[str]:
    """Return what stands in a sentence that may hold such a place (``worth_reading.toml``)."""
    source = resources.files("auditbot.data") / "words" / "worth_reading.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))[tag]
    flags = 0 if table["case_matters"] else re.IGNORECASE
    return re.compile(rf"(?<!\w)(?:{'|'.join(table['words'])})(?!\w)", flags)
