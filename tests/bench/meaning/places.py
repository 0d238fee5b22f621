"""What the whole check of personal data tells where the model says what it said of authors it did not learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from auditbot.check.meaning.passages import Passage, passages_of
from auditbot.check.meaning.reader import HEADS, TAGS, Reading, Scores
from auditbot.check.personal_data import OwnContacts, find_private_data
from tests.bench.meaning.lessons import Lesson

KINDS = {"birth": ("date_of_birth",), "home": ("postal_address", "postcode")}
"""What the check calls a tag's places."""
READ_ON = date(2026, 11, 30)
"""The day of reading: one day for good, so that the figures stay the same."""


@dataclass(frozen=True, slots=True)
class AsTold:
    """A text and what a model said of it that did not learn from its author."""

    lesson: Lesson
    """The text."""
    tags: tuple[npt.NDArray[np.float64], ...]
    """Tags × pieces, one a passage."""


class _Remembers:
    def __init__(self, told: Sequence[AsTold]) -> None:
        self._said: dict[tuple[int, ...], Scores] = {}
        for one in told:
            for passage, scores in zip(passages_of(one.lesson.text), one.tags, strict=True):
                said = np.zeros((scores.shape[1], 2 * len(HEADS) + len(TAGS)), np.float32)
                said[:, 2 * len(HEADS) :] = scores.T
                self._said[passage.ids] = said

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        return [Reading(one, self._said[one.ids]) for one in passages]


@contextmanager
def read_as(told: Sequence[AsTold]) -> Iterator[None]:
    """Let the check read these texts with what was said of them."""
    remembers = _Remembers(told)
    with patch("auditbot.check.meaning.tagged.language_model", lambda: remembers):
        yield


def counted_places(told: Sequence[AsTold], tag: str) -> tuple[int, int, int, int]:
    """Return places found, meant, right and told."""
    found = meant = right = said = 0
    for one in told:
        if tag in one.lesson.tags:
            marks = [mark for mark in one.lesson.marks if mark.what == tag]
            every = find_private_data(one.lesson.text, OwnContacts(), READ_ON)
            items = [item for item in every if item.kind in KINDS[tag]]
            meant, said = meant + len(marks), said + len(items)
            found += sum(any(item.start < mark.end and mark.start < item.end for item in items) for mark in marks)
            right += sum(any(item.start < mark.end and mark.start < item.end for mark in marks) for item in items)
    return found, meant, right, said
