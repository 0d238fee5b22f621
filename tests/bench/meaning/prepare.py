"""Cuts the lessons into passages of pieces for ``tools/teach_minilm.py``: python -m tests.bench.meaning.prepare OUT"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from auditbot.check.meaning.passages import Passage, passages_of, spans_of
from auditbot.check.meaning.reader import HEADS, TAGS
from auditbot.check.prose import Span
from tests.bench.meaning.lessons import (
    PARTLY_KNOWN,
    Lesson,
    Marked,
    of_authors,
    of_older_examples,
    of_older_schools,
    of_prose,
    of_schools,
)

OF_OLDER_SCHOOLS, OF_PROSE = 250, 400
JOINED = 0.1
"""Texts made of two or three of one author, for each text: what stands beside a sentence need not be about it."""
IGNORED = -1


def all_lessons() -> list[Lesson]:
    """Return every lesson, always in the same order."""
    return [
        *of_authors(),
        *of_schools(),
        *of_older_examples(),
        *of_older_schools(OF_OLDER_SCHOOLS),
        *of_prose(OF_PROSE),
    ]


def joined(lessons: Sequence[Lesson], chance: random.Random) -> Iterator[Lesson]:
    """Yield longer texts of short ones by the same voice about which the same is known."""
    groups: dict[tuple[object, ...], list[Lesson]] = {}
    for one in lessons:
        groups.setdefault((one.voice, one.own, one.heads, one.tags), []).append(one)
    for group in groups.values():
        for _ in range(round(len(group) * JOINED)):
            yield _join([chance.choice(group) for _ in range(chance.choice((2, 2, 3)))], chance)


def _join(several: Sequence[Lesson], chance: random.Random) -> Lesson:
    text, marks, unsure = "", [], []
    for one in several:
        text += chance.choice((" ", "\n", "\n\n")) if text else ""
        marks += [Marked(mark.what, mark.start + len(text), mark.end + len(text)) for mark in one.marks]
        unsure += [(start + len(text), end + len(text)) for start, end in one.unsure]
        text += one.text
    first = several[0]
    return Lesson(first.voice, text, first.own, first.kind, tuple(marks), first.heads, first.tags, tuple(unsure))


def rows_of(lesson: Lesson, number: int, made: bool) -> Iterator[dict[str, object]]:
    """Yield one row a passage; numbers of text and sentences tell which belong together."""
    spans = spans_of(lesson.text)
    for passage in passages_of(lesson.text):
        yield {
            "voice": lesson.voice,
            "text": number,
            "made": made,
            "own": lesson.own,
            "ids": passage.ids,
            "sentences": [(begin, end) for _, begin, end in passage.sentences],
            "rules": [_rules(lesson, spans[place]) for place, _, _ in passage.sentences],
            "tags": [_tag(lesson, passage, tag) for tag in TAGS],
        }


def _rules(lesson: Lesson, span: Span) -> list[int]:
    """1 where the sentence is marked with the head, 0 where not, -1 where the rest of its text is or nobody knows."""
    found = []
    for head in HEADS:
        own = [mark for mark in lesson.marks if mark.what == head]
        shared = max((min(mark.end, span.end) - max(mark.start, span.start) for mark in own), default=0)
        inside = any(span.start <= mark.start and mark.end <= span.end for mark in own)
        if shared > 0 and (inside or shared >= PARTLY_KNOWN * (span.end - span.start)):
            found.append(1)
        else:
            found.append(IGNORED if own or head not in lesson.heads else 0)
    return found


def _tag(lesson: Lesson, passage: Passage, tag: str) -> list[int]:
    if tag not in lesson.tags:
        return [IGNORED] * len(passage.starts)
    own = [mark for mark in lesson.marks if mark.what == tag]
    found = []
    for start, end in zip(passage.starts, passage.ends, strict=True):
        if any(mark.start < end and start < mark.end for mark in own):
            found.append(1)
        else:
            unsure = tag == "child" and any(begin < end and start < last for begin, last in lesson.unsure)
            found.append(IGNORED if unsure else 0)
    return found


def main() -> None:
    """Write the rows."""
    lessons = all_lessons()
    made = [*joined([one for one in lessons if one.voice not in ("prose", "older")], random.Random(3))]
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        for number, lesson in enumerate([*lessons, *made]):
            for row in rows_of(lesson, number, number >= len(lessons)):
                out.write(json.dumps(row) + "\n")
    print(Counter(one.voice for one in lessons), Counter(mark.what for one in lessons for mark in one.marks))


if __name__ == "__main__":
    main()
