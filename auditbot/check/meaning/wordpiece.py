"""Cuts text into the pieces that the language model knows, each with its place in the text.

``vocab.txt`` is the vocabulary of BERT base uncased (Google, Apache-2.0). The well-known library for it brings a client
that downloads models; a school's machine needs neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

_LONGEST_WORD = 100
_MOST_KEPT = 50_000
"""Words whose pieces are kept in memory, at most."""
_ASCII_SYMBOLS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_CHUNK = re.compile(r"\S+")
_Piece = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a text, three columns of one length."""

    ids: tuple[int, ...]
    """What each is in the vocabulary."""
    starts: tuple[int, ...]
    """The first character of each, in code points of the text."""
    ends: tuple[int, ...]
    """One past the last character of each."""


class WordPiece:
    """Turns text into piece ids of one vocabulary."""

    def __init__(self, vocabulary: list[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.start, self.end, self._unknown = (self._ids[name] for name in ("[CLS]", "[SEP]", "[UNK]"))
        self._kept: dict[str, tuple[_Piece, ...]] = {}

    def pieces(self, text: str) -> Pieces:
        """Return the pieces of a text without any marks of start and end."""
        rows = [
            (number, chunk.start() + first, chunk.start() + last)
            for chunk in _CHUNK.finditer(text)
            for number, first, last in self._of_chunk(chunk.group())
        ]
        ids, starts, ends = zip(*rows, strict=True) if rows else ((), (), ())
        return Pieces(ids, starts, ends)

    def _of_chunk(self, chunk: str) -> tuple[_Piece, ...]:
        known = self._kept.get(chunk)
        if known is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            known = tuple(piece for word in _words(chunk) for piece in self._of_word(*word))
            self._kept[chunk] = known
        return known

    def _of_word(self, word: str, places: list[int]) -> Iterator[_Piece]:
        """Yield the pieces of a word; ``places`` says where in the chunk each of its letters stands."""
        found: list[_Piece] = []
        start = 0
        while start < len(word) <= _LONGEST_WORD:
            for end in range(len(word), start, -1):
                number = self._ids.get(("##" if start else "") + word[start:end])
                if number is not None:
                    found.append((number, places[start], places[end - 1] + 1))
                    start = end
                    break
            else:
                break
        if start < len(word):
            found = [(self._unknown, places[0], places[-1] + 1)]
        yield from found


def _words(chunk: str) -> Iterator[tuple[str, list[int]]]:
    """Yield words and signs in small letters without accents, and where each letter stands."""
    if chunk.isascii() and chunk.isalnum():
        yield chunk.lower(), list(range(len(chunk)))
        return
    word: str = ""
    places: list[int] = []
    for place, written in enumerate(chunk):
        for character in unicodedata.normalize("NFD", written.lower()):
            category = unicodedata.category(character)
            if category == "Mn" or character in "\x00�" or category[0] == "C":
                continue
            if category[0] == "P" or character in _ASCII_SYMBOLS or "一" <= character <= "鿿":
                if word:
                    yield word, places
                yield character, [place]
                word, places = "", []
            else:
                word, places = word + character, [*places, place]
    if word:
        yield word, places


@cache
def word_pieces() -> WordPiece:
    """Return the pieces of the language model's vocabulary, read once."""
    source = resources.files("auditbot.check.meaning") / "vocab.txt"
    return WordPiece(source.read_text(encoding="utf-8").split("\n"))
