"""Cut a folded text into words, also inside hashtags, handles, addresses and file names."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from functools import cache

from auditbot.check.surnames import lexicon

_RUN = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|[A-Z]")
_COMPOUND = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[#@][^\W_][\w.]*"
    r"|[\w%+.-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[\w%()+.-]*\w\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?|svg|pdf|docx?|pptx?|xlsx?|odt|txt|csv|mp[34]|mov|m4[av]|avi|webm|zip|html?|php)\b"
    r"|\b\w*[^\W_]_\w+",
    re.IGNORECASE,
)
_STOP = re.compile(r"[!?]|\.\s|.\.$|\.\.\.|[\"“”](?=\s)|[•·▪|]")
_CLOSE = re.compile(r"\s*\Z|['_-]{1,2} ?\Z| '\Z")
_PUNCTUATION = re.compile(r"[0-9,;:/()\[\]{}<>=+&%-]")
_LONGEST_TO_SPLIT = 60
_SHORTEST_TO_SPLIT = 5


class Gap(Enum):
    """What stands between two neighbouring words."""

    CLOSE = "close"
    """Nothing, spaces, hyphens, apostrophes or low lines: one name may span it."""
    DOT = "dot"
    """A full stop without a new sentence: an initial, a title, a file name."""
    SIGN = "sign"
    """Emoji or signs that are no punctuation."""
    COMMA = "comma"
    """A comma, colon, bracket, slash or dash."""
    LINE = "line"
    """A new line."""
    STOP = "stop"
    """The end of a sentence."""


@dataclass(slots=True)
class Words:
    """The words of a text, and the stream of their letters that the automaton reads."""

    text: str
    """The folded text."""
    starts: list[int]
    """Where each word begins in `text`."""
    ends: list[int]
    """One past the end of each word."""
    low: list[str]
    """Each word in lower case."""
    stream: str
    """All words in lower case, joined without gaps."""
    stream_starts: list[int]
    """Where each word begins in `stream`."""
    compound: dict[int, int]
    """For each word inside a hashtag, handle, address or file name, the number of that compound."""

    def gap_text(self, index: int) -> str:
        """What stands between word `index` and the next."""
        return self.text[self.ends[index] : self.starts[index + 1]]

    def gap(self, index: int) -> Gap:
        """The kind of gap between word `index` and the next."""
        kind = _gap_kind(self.gap_text(index))
        if kind is Gap.STOP and self.ends[index] - self.starts[index] == 1 and self.gap_text(index).strip() == ".":
            return Gap.DOT
        return kind

    def is_capital(self, index: int) -> bool:
        """The word begins with a capital letter."""
        return self.text[self.starts[index]].isupper()

    def is_all_capitals(self, index: int) -> bool:
        """The word has at least two letters, all capitals."""
        return self.ends[index] - self.starts[index] > 1 and self.text[self.starts[index] : self.ends[index]].isupper()


def cut(text: str, lowered: str, names: Collection[str], *, all_compound: bool) -> Words:
    """Cut `text` (folded, with `lowered` its lower case of the same length) into words.

    `names` are the letters of the roster's names; with them joined words are split. `all_compound` treats the whole
    text as a file name or address.
    """
    compound_spans = [(0, len(text))] if all_compound else _compound_spans(text)
    starts: list[int] = []
    ends: list[int] = []
    compound: dict[int, int] = {}
    next_span = 0
    for match in _RUN.finditer(text):
        start, end = match.span()
        while next_span < len(compound_spans) and compound_spans[next_span][1] <= start:
            next_span += 1
        inside = next_span < len(compound_spans) and compound_spans[next_span][0] <= start
        if not inside and (end - start < _SHORTEST_TO_SPLIT or not _has_inner_capital(text, lowered, start, end)):
            starts.append(start)
            ends.append(end)
            continue
        for piece_start, piece_end in _split_run(text[start:end], names, inside):
            if inside:
                compound[len(starts)] = next_span
            starts.append(start + piece_start)
            ends.append(start + piece_end)
    low = [lowered[start:end] for start, end in zip(starts, ends, strict=True)]
    stream_starts: list[int] = []
    at = 0
    for word in low:
        stream_starts.append(at)
        at += len(word)
    return Words(text, starts, ends, low, "".join(low), stream_starts, compound)


def _compound_spans(text: str) -> list[tuple[int, int]]:
    if not any(mark in text for mark in "#@_./"):
        return []
    return [match.span() for match in _COMPOUND.finditer(text)]


def _has_inner_capital(text: str, lowered: str, start: int, end: int) -> bool:
    return text[start + 1 : end] != lowered[start + 1 : end] and not text[start:end].isupper()


def _split_run(run: str, names: Collection[str], inside: bool) -> list[tuple[int, int]]:
    pieces = [match.span() for match in _CAMEL.finditer(run)]
    if not inside:
        return pieces
    split: list[tuple[int, int]] = []
    for start, end in pieces:
        split += [(start + a, start + b) for a, b in _segment(run[start:end].lower(), names)]
    return split


def _segment(word: str, names: Collection[str]) -> list[tuple[int, int]]:
    """The cheapest way to read joined letters as names and words; a single piece when there is no good one."""
    if len(word) < _SHORTEST_TO_SPLIT or len(word) > _LONGEST_TO_SPLIT or word in names:
        return [(0, len(word))]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(word) + 1):
        best.append(
            min((best[start][0] + _cost(word[start:end], names), start) for start in range(max(0, end - 20), end))
        )
    pieces: list[tuple[int, int]] = []
    end = len(word)
    while end:
        start = best[end][1]
        pieces.append((start, end))
        end = start
    return pieces[::-1]


def _cost(piece: str, names: Collection[str]) -> float:
    if piece in names:
        return 1.0 if len(piece) > 3 else 1.6
    if len(piece) == 1:
        return 1.9
    if piece in lexicon.common_words():
        return 1.1 if len(piece) > 2 else 1.6
    if piece in lexicon.known_words() or piece in lexicon.forenames():
        return 1.3 if len(piece) > 3 else 2.2
    return 2.0 + 0.9 * len(piece)


@cache
def _gap_kind(gap: str) -> Gap:
    if _CLOSE.match(gap):
        return Gap.LINE if "\n" in gap else Gap.CLOSE
    if _STOP.search(gap):
        return Gap.STOP
    if "\n" in gap:
        return Gap.LINE
    if gap.strip() == ".":
        return Gap.DOT
    return Gap.COMMA if _PUNCTUATION.search(gap) else Gap.SIGN
