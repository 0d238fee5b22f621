"""Sentences of a text with their offsets, and the short runs of them that are read together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]+")
_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*\s+")
_ABBREVIATION = re.compile(r"(?:\b(?:mr|mrs|ms|dr|st|rev|e\.g|i\.e|no|approx|vs|etc|am|pm)|\b[a-z])\.$", re.IGNORECASE)
_LONGEST = 400
"""Characters: a "sentence" without any full stop (a pasted table) is read in pieces."""
_RUN = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, in code points of the text."""

    start: int
    """First character."""
    end: int
    """One past the last character."""
    line: int
    """The line it stands on, from 0."""


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text in order; fragments of one word join the sentence before."""
    found: list[Sentence] = []
    for number, line in enumerate(_LINE.finditer(text)):
        for start, end in _cut(text, line.start(), line.end()):
            before = found[-1] if found else None
            alone = not re.search(r"\w\W+\w", text[start:end])
            if alone and before is not None and before.line == number and end - before.start <= _LONGEST:
                found[-1] = Sentence(before.start, end, number)
            else:
                found.append(Sentence(start, end, number))
    return found


def runs(count: int) -> Iterator[tuple[int, int]]:
    """Yield index ranges [first, last) to read: each sentence alone, then every run of three (or all, if fewer)."""
    for index in range(count):
        yield index, index + 1
    if count > 1:
        size = min(_RUN, count)
        for index in range(count - size + 1):
            yield index, index + size


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _ABBREVIATION.search(text, max(begin, stop.start() - 8), stop.start() + 1):
            continue
        yield from _pieces(text, begin, stop.end())
        begin = stop.end()
    yield from _pieces(text, begin, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        space = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        middle = space if space > 0 else start + _LONGEST
        yield start, middle
        start = middle + 1 if space > 0 else middle
    if start < end:
        yield start, end
