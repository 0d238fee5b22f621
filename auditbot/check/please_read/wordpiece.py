"""WordPiece, the way BERT's uncased models cut words into pieces.

The well-known library for it brings a client that downloads models; a school's machine needs neither.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_LONGEST_WORD = 100
_ASCII_SYMBOLS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class WordPiece:
    """Turns text into token ids of one vocabulary."""

    def __init__(self, vocabulary: list[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._start, self._end, self._unknown = (self._ids[name] for name in ("[CLS]", "[SEP]", "[UNK]"))

    def ids(self, text: str, longest: int) -> list[int]:
        """Return token ids with the start and end marks, at most ``longest`` of them."""
        found: list[int] = []
        for word in _words(text):
            found.extend(self._pieces(word))
            if len(found) >= longest - 2:
                break
        return [self._start, *found[: longest - 2], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._ids.get(("##" if start else "") + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return [self._unknown]
        return found


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFD", text.lower())
    word = ""
    for character in plain:
        category = unicodedata.category(character)
        if category == "Mn" or character in "\x00�" or (category[0] == "C" and not character.isspace()):
            continue
        alone = category[0] == "P" or character in _ASCII_SYMBOLS or "一" <= character <= "鿿"
        if character.isspace() or alone:
            if word:
                yield word
            word = ""
            if alone:
                yield character
        else:
            word += character
    if word:
        yield word
