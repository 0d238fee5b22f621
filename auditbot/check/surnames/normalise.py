"""Fold a text to plain Latin letters, keeping for every letter the place it came from.

Undone: character references, percent escapes, Unicode styles (full width, mathematical, squared, small capitals),
diacritics, look-alike letters of other scripts, and everything invisible (zero width, soft hyphen, direction marks).
Case is kept, because it tells names from words.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from auditbot.check.surnames.lexicon import lookalikes

_CHUNK = re.compile(
    r"(?P<plain>[\x20-\x24\x27-\x7e\n]+)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_SPECIAL = {
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ı": "i",
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ŋ": "ng", "Ŋ": "NG",
    "ə": "e", "Ə": "E",
    "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "`": "'", "´": "'", "′": "'", "＇": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "…": "...",
    "\u3164": "", "\u115f": "", "\u1160": "", "\uffa0": "", "\u2800": " ", "\t": " ", "\r": " ",
    "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
_NAMED_LETTER = re.compile(
    r"(?:NEGATIVE (?:SQUARED|CIRCLED) LATIN (?P<negative>CAPITAL) LETTER"
    r"|REGIONAL INDICATOR SYMBOL LETTER|LATIN (?:LETTER )?SMALL CAPITAL(?: LETTER)?"
    r"|TAG LATIN (?:SMALL|CAPITAL) LETTER) (?P<letter>[A-Z])"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back to the original."""

    text: str
    """The folded text."""
    firsts: Sequence[int] | None
    """For each folded character the original index it begins at; None when nothing moved."""
    lasts: Sequence[int] | None
    """For each folded character the original index one past its source; None when nothing moved."""

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The original (start, end) of the folded characters start to end; needs start < end."""
        if self.firsts is None or self.lasts is None:
            return start, end
        return self.firsts[start], self.lasts[end - 1]


def fold(text: str) -> Folded:
    """Fold `text`; its cost grows with its length only."""
    if text.isascii() and not any(mark in text for mark in "&%\t\r"):
        return Folded(text, None, None)
    pieces: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    for match in _CHUNK.finditer(text):
        start, end = match.span()
        if match.lastgroup == "plain":
            pieces.append(match.group())
            firsts.extend(range(start, end))
            lasts.extend(range(start + 1, end + 1))
            continue
        for piece, first, last in _decoded(match.lastgroup or "", match.group(), start):
            pieces.append(piece)
            firsts.extend([first] * len(piece))
            lasts.extend([last] * len(piece))
    return Folded("".join(pieces), firsts, lasts)


def fold_name(name: str) -> str:
    """A name as it appears in folded text, in lower case with its spaces and hyphens."""
    return lower(fold(name).text)


def letters_only(name: str) -> str:
    """A name folded to its bare lower-case letters, as the automaton sees it."""
    return "".join(char for char in fold_name(name) if char.isalpha())


def lower(text: str) -> str:
    """`text` in lower case at the same length, so that indexes stay valid."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _decoded(group: str, source: str, start: int) -> Iterator[tuple[str, int, int]]:
    end = start + len(source)
    if group == "entity":
        plain = html.unescape(source)
        if plain != source:
            yield "".join(map(fold_character, plain)), start, end
            return
    if group == "percent":
        try:
            plain = bytes.fromhex(source.replace("%", "")).decode()
        except UnicodeDecodeError:
            plain = ""
        at = start
        for char in plain:
            width = 3 * len(char.encode())
            yield fold_character(char), at, at + width
            at += width
        if plain:
            return
    for offset, char in enumerate(source, start):
        yield fold_character(char), offset, offset + 1


@cache
def fold_character(char: str) -> str:
    """The plain form of one character: "" for what cannot be seen, itself where there is none."""
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cc", "Cs", "Co") and not _NAMED_LETTER.match(unicodedata.name(char, "")):
        return ""
    plain = "".join(
        part for part in unicodedata.normalize("NFKD", char) if unicodedata.category(part) not in ("Mn", "Cf")
    )
    plain = "".join(_SPECIAL.get(part) or lookalikes().get(part, part) for part in plain)
    if plain.isascii() and plain:
        letters = "".join(part for part in plain if part.isalnum())
        return letters if category == "So" and letters else plain
    named = _NAMED_LETTER.match(unicodedata.name(char, ""))
    if named:
        return named["letter"] if named["negative"] else named["letter"].lower()
    return plain if len(plain) == 1 else char
