"""Quoting: the exact characters a finding rests on, marked within a window of the text around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from auditbot.sentences import _

WINDOW = 140
"""Characters of context on either side."""
NEAR = 70
"""Characters of a sentence before, up to which it is quoted with the one that holds a name or a number."""
LONGEST_MARK = 400
"""A longer passage is quoted by its beginning and end."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters within a quotation."""

    text: str
    """The characters, unchanged."""
    marked: bool = False
    """True if they are the evidence itself."""


def quote(text: str, spans: Sequence[tuple[int, int]], *, near: bool = False) -> tuple[tuple[Piece, ...], ...]:
    """Return excerpts of ``text`` with each span (start, end; in code points) marked; near ones share an excerpt.

    With ``near`` only the sentence of a span is quoted, and a short one before it: enough for a name or a number.
    """
    inside = sorted({(max(0, start), min(len(text), end)) for start, end in spans if start < min(len(text), end)})
    merged: list[list[int]] = []
    for start, end in inside:
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    excerpts: list[list[list[int]]] = []
    for span in merged:
        if excerpts and span[0] - excerpts[-1][-1][1] <= 2 * WINDOW:
            excerpts[-1].append(span)
        else:
            excerpts.append([span])
    return tuple(_excerpt(text, marks, near) for marks in excerpts)


_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*\s+|\n+")


def _sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where the sentence of a span goes, and the one before it where that is short."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    before = [0, *(at for at in ends if at <= start)]
    first = before[-2] if len(before) > 1 and before[-1] - before[-2] <= NEAR else before[-1]
    return first, next((at for at in ends if at >= end), len(text))


def _excerpt(text: str, marks: list[list[int]], near: bool) -> tuple[Piece, ...]:
    first, last = _word_start(text, marks[0][0] - WINDOW), _word_end(text, marks[-1][1] + WINDOW)
    if near:
        begin, end = _sentences(text, marks[0][0], marks[-1][1])
        first, last = max(first, begin), min(last, len(text[:end].rstrip()))
    pieces = [Piece("… ")] if first else []
    at = first
    for start, end in marks:
        pieces.append(Piece(text[at:start]))
        if end - start > LONGEST_MARK:
            half = LONGEST_MARK // 2
            pieces += [Piece(text[start : start + half], True), Piece(" … "), Piece(text[end - half : end], True)]
        else:
            pieces.append(Piece(text[start:end], True))
        at = end
    pieces.append(Piece(text[at:last]))
    if last < len(text):
        pieces.append(Piece(" …"))
    return tuple(piece for piece in pieces if piece.text)


def _word_start(text: str, at: int) -> int:
    """Move the beginning of a window to the beginning of a word, if one is near."""
    if at <= 0:
        return 0
    found = re.search(r"\s", text[at : at + 25])
    return at + found.end() if found else at


def _word_end(text: str, at: int) -> int:
    """Move the end of a window to the end of a word, if one is near."""
    if at >= len(text):
        return len(text)
    found = text[at - 25 : at][::-1]
    gap = re.search(r"\s", found)
    return at - gap.end() if gap else at


# Text from a page, made fit to be read: nothing hidden, nothing that turns the line round, no address that
# acts.

_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls except tab and newline
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, direction marks
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # half characters and none
    "\U000e0000-\U000e0fff"  # tags and invisible variants
    "]"
)
_IN_A_DOWNLOAD = re.compile(r"archive:(\w+)/(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ(/[\w/]+)?", re.ASCII)
_NO_ADDRESS = re.compile(r"[\s\x00-\x20\"<>\\^`{|}]")


def visible(text: str) -> str:
    """Return ``text`` with every control, direction or invisible character written as its code, like ⟨U+202E⟩."""
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match.group()):04X}⟩", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return ``text`` visible and on one line, for a terminal."""
    return visible(" ".join(text.split()))


_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


def cell(text: str) -> str:
    """Return ``text`` as a cell that no spreadsheet runs: one that could start a formula gets a quote before it.

    Half characters and NUL, which no CSV file can carry, are written as their code.
    """
    text = re.sub("[\x00\ud800-\udfff]", lambda match: visible(match.group()), text)
    return f"'{text}" if _FORMULA.match(text) else text


def spoken(url: str) -> str:
    """Return an address as a person would say it: a file as its path, and what only a download shows as that."""
    scheme, _colon, rest = url.partition(":")
    if scheme == "file":
        return unquote(rest)
    if found := _IN_A_DOWNLOAD.fullmatch(url):
        where, day, time = found[1].capitalize(), found[2], found[3]
        return _(
            "no address: in the download of %(where)s, posted %(day)s %(time)s UTC", where=where, day=day, time=time
        )
    return _("in the download: %(rest)s", rest=rest) if scheme == "archive" else url


def may_link(url: str) -> bool:
    """Return whether ``url`` may become a link: http or https, with a host, without user name or unusual characters."""
    if _NO_ADDRESS.search(url) or visible(url) != url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
