"""Cuts a text into passages of a few sentences, each read at once: what stands beside a sentence says what it means."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from auditbot.check.meaning.wordpiece import Pieces, word_pieces
from auditbot.check.prose import Span, sentences

LONGEST = 150_000
"""Characters of one text that are read: half a novel, where a long newsletter has twenty thousand."""
WHOLE = 160
"""Pieces of a text that is read as one passage, at most."""
PASSAGE = 80
"""Pieces of one passage of a longer text, where there is a sentence end."""
_TEXTS_KEPT = 8


@dataclass(frozen=True, slots=True)
class Passage:
    """Some sentences that follow each other, in pieces."""

    ids: tuple[int, ...]
    """What each piece is in the vocabulary, with the marks of start and end around them."""
    starts: tuple[int, ...]
    """The first character of each piece in the text, without the marks."""
    ends: tuple[int, ...]
    """One past the last character of each piece."""
    sentences: tuple[tuple[int, int, int], ...]
    """Sentences in it: its number in the text, and its first and one past its last piece."""

    def alone(self) -> Iterator[Passage]:
        """Yield each sentence of several as a passage of its own."""
        for one in self.sentences if len(self.sentences) > 1 else ():
            yield self._of((one,))

    def paragraphs(self, spans: Sequence[Span]) -> Iterator[Passage]:
        """Yield the paragraphs of several sentences as passages of their own, if there are more than one; ``spans`` are
        all sentences of the text."""
        groups = [tuple(group) for _, group in groupby(self.sentences, key=lambda one: spans[one[0]].paragraph)]
        for group in groups if len(groups) > 1 else ():
            if len(group) > 1:
                yield self._of(group)

    def _of(self, some: Sequence[tuple[int, int, int]]) -> Passage:
        first, last = some[0][1], some[-1][2]
        ids = (self.ids[0], *self.ids[first + 1 : last + 1], self.ids[-1])
        places = tuple((number, begin - first, end - first) for number, begin, end in some)
        return Passage(ids, self.starts[first:last], self.ends[first:last], places)


@lru_cache(maxsize=_TEXTS_KEPT)
def spans_of(text: str) -> tuple[Span, ...]:
    """Return the sentences of a text, up to ``LONGEST`` characters; several checks ask for those of one text."""
    return sentences(text[:LONGEST])


@lru_cache(maxsize=_TEXTS_KEPT)
def passages_of(text: str) -> tuple[Passage, ...]:
    """Return the passages that hold all sentences of a text in order; what is longer than a whole passage is cut."""
    return tuple(_passages(word_pieces().pieces(text[:LONGEST]), spans_of(text)))


def _passages(pieces: Pieces, spans: Sequence[Span]) -> Iterator[Passage]:
    cut: list[tuple[int, int, int]] = []
    for number, span in enumerate(spans):
        first, last = bisect_left(pieces.starts, span.start), bisect_left(pieces.starts, span.end)
        cut += [(number, begin, min(begin + WHOLE, last)) for begin in range(first, last, WHOLE)]
    room = WHOLE if cut and cut[-1][2] - cut[0][1] <= WHOLE else PASSAGE
    together: list[tuple[int, int, int]] = []
    for part in cut:
        if together and part[2] - together[0][1] > room:
            yield _passage(pieces, together)
            together = []
        together.append(part)
    if together:
        yield _passage(pieces, together)


def _passage(pieces: Pieces, parts: Sequence[tuple[int, int, int]]) -> Passage:
    first, last = parts[0][1], parts[-1][2]
    known = word_pieces()
    return Passage(
        (known.start, *pieces.ids[first:last], known.end),
        pieces.starts[first:last],
        pieces.ends[first:last],
        tuple((number, begin - first, end - first) for number, begin, end in parts),
    )
