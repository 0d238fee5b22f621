"""Prose as it is laid out: lines broken by a program joined again, and sentences apart from headings, lists and tables.

Lines are joined without moving a character, so a place in what comes out is the same place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

TITLE = "title"
"""The kind of text that names what stands under it, and says nothing itself but where somebody clearly speaks."""
_LINE = re.compile(r"[^\r\n\u2028\u2029]*(?:\r\n|[\r\n\u2028\u2029]|\Z)")
_BULLET = re.compile(
    r"\s*(?:[•●◦▪■□‣⁃∙·*–—-]\s|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s|[✓✔☐☑➢►→»]\s?|\d{1,2}(?::|\.)\d\d\b)"
)
_COLUMN_GAP = re.compile(r"\S(?:[ \u00a0]{3,}|[ \u00a0]*\t[ \u00a0]*|[ \u00a0]*\|[ \u00a0]*)\S")
_ENDS = re.compile(r"[.!?…:;][\"'”’)\]*_]*$")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|mx|dr|st|rev|prof|e\.g|i\.e|no|nos|approx|vs|etc|inc|tel|[a-z])\.$", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_LABELLED = re.compile(r"[A-Z][^.:!?]{0,30}:\s")
"""A line of results or of a list: "Sack race (Y2): ..."."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_OPENS = re.compile(r"[\s\"'“‘(\[*_]*")
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but nor of to in on at by for from with without into onto over under about after before "
        "between during until since as than that which who whose whom where when while if because so is are was were "
        "be been being has have had do does did will would can could should may might must shall not no our your their "
        "his her its my this these those some any all both each every other more most very also only just we you they "
        "he she it i us them him me mr mrs ms miss dr",
    )
)
_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*\s+|[!?…]+(?=\Z)")
_LONGEST = 400
"""Characters: a "sentence" without any full stop (a pasted table) is cut."""
_NARROWEST = 22
"""Characters of the widest line of a paragraph, under which no program has broken its lines."""
_SHORT_HEADING = 9
"""Words of a heading at most."""
_FEW_WORDS = 4
_RUN_OF_ITEMS = 3
_REACH = 8
"""Lines each way by which the width of the column is judged."""


class Role(Enum):
    """What a piece of text is on its page."""

    PROSE = "prose"
    """A sentence, or words that stand alone in a short text."""
    HEADING = "heading"
    """A short line without an end above others."""
    ITEM = "item"
    """An entry of a list that is no whole sentence."""
    CELL = "cell"
    """A line of a table or of columns."""


@dataclass(frozen=True, slots=True)
class Span:
    """One sentence, heading, entry or line of a table."""

    start: int
    """First character, in code points of the text."""
    end: int
    """One past the last character."""
    role: Role
    """What it is on the page."""
    paragraph: int
    """The paragraph it stands in, from 0; lines that were not joined are paragraphs of their own."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    """Without the blanks around it; ``start`` and ``end`` are those of this."""

    @property
    def bullet(self) -> bool:
        return _BULLET.match(self.text) is not None

    @property
    def columns(self) -> bool:
        return _COLUMN_GAP.search(self.text) is not None


def joined(text: str) -> str:
    """Return the text with a blank in place of every line break that a program put into prose; the same length."""
    lines = _lines(text)
    pieces: list[str] = []
    done = 0
    for number in _joins(lines):
        begin, end = lines[number].end, lines[number + 1].start
        pieces += (text[done:begin], " " * (end - begin))
        done = end
    return "".join(pieces) + text[done:] if pieces else text


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences, headings, entries and table lines of a text, in order; none overlaps another.

    Fragments of one word join the sentence before them.
    """
    lines = _lines(text)
    breaks = frozenset(_joins(lines))
    blocks: list[tuple[int, int]] = []
    first = 0
    for number, line in enumerate(lines):
        if number not in breaks:
            if line.text or number > first:
                blocks.append((first, number))
            first = number + 1
    found: list[Span] = []
    roles = _roles(lines, blocks)
    for paragraph, ((begin, end), role) in enumerate(zip(blocks, roles, strict=True)):
        found += _cut(text, lines[begin].start, lines[end].end, role, paragraph)
    return tuple(found)


def _lines(text: str) -> list[_Line]:
    """All lines; a blank line is a line without text."""
    lines = []
    at = 0
    while at < len(text):
        match = _LINE.match(text, at)
        assert match is not None and match.end() > at
        raw = match.group()
        words = raw.strip()
        start = at + len(raw) - len(raw.lstrip()) if words else at
        lines.append(_Line(start, start + len(words), words))
        at = match.end()
    return lines


def _joins(lines: Sequence[_Line]) -> Iterator[int]:
    """The numbers of the lines that go on in the next one."""
    widths = _widths(lines)
    for number in range(len(lines) - 1):
        if _goes_on(lines[number], lines[number + 1], widths[number]):
            yield number


def _widths(lines: Sequence[_Line]) -> list[int]:
    """For every line the length of the longest near it with no blank line between, in characters."""
    widths = [0] * len(lines)
    begin = 0
    while begin < len(lines):
        end = begin
        while end < len(lines) and lines[end].text:
            end += 1
        for number in range(begin, end):
            near = lines[max(begin, number - _REACH) : min(end, number + _REACH + 1)]
            widths[number] = max(len(line.text) for line in near)
        begin = end + 1
    return widths


def _goes_on(line: _Line, following: _Line, width: int) -> bool:
    if not line.text or not following.text or following.bullet or line.columns or following.columns:
        return False
    if not _LETTER.search(line.text) or not _LETTER.search(following.text):
        return False
    if _ENDS.search(line.text) and not _ABBREVIATED.search(line.text):
        return False
    words, ahead = _WORD.findall(line.text), _WORD.findall(following.text)
    if line.text.endswith((",", "&")) or words[-1].lower() in _FUNCTION_WORDS:
        return len(words) > 1 or words[-1].lower() in _FUNCTION_WORDS
    opening = _OPENS.sub("", following.text, count=1)[:1]
    if opening.islower():
        return len(words) > 1
    return _is_nearly_full(line, following, words, ahead, width)


def _is_nearly_full(line: _Line, following: _Line, words: list[str], ahead: list[str], width: int) -> bool:
    """The next line's first word had no room, and these lines are prose, not names under each other."""
    if _LABELLED.match(following.text) and _LABELLED.match(line.text):
        return False
    room = width - len(line.text) - 1
    if width < _NARROWEST or len(words) < _FEW_WORDS - 1 or len(following.text.split(maxsplit=1)[0]) <= room:
        return False
    small = any(word in _FUNCTION_WORDS for word in (*words, *ahead))
    return (small or "," in line.text) and len(words) + len(ahead) >= _FEW_WORDS


def _roles(lines: Sequence[_Line], blocks: Sequence[tuple[int, int]]) -> list[Role]:
    """What each block of joined lines is; a text of one block is prose."""
    texts = [lines[begin].text if begin == end else "" for begin, end in blocks]
    fragments = [_is_fragment(one) for one in texts]
    roles = []
    for number, (begin, end) in enumerate(blocks):
        if len(blocks) == 1:
            roles.append(Role.PROSE)
        elif any(line.columns for line in lines[begin : end + 1]):
            roles.append(Role.CELL)
        elif lines[begin].bullet:
            roles.append(Role.PROSE if _is_sentence(lines[end].text, lines[begin].text) else Role.ITEM)
        elif not fragments[number]:
            roles.append(Role.PROSE)
        else:
            roles.append(_role_of_fragment(number, lines, blocks, fragments))
    return roles


def _role_of_fragment(
    number: int, lines: Sequence[_Line], blocks: Sequence[tuple[int, int]], fragments: Sequence[bool]
) -> Role:
    """Short lines in a row are a list; one short line right above others is their heading."""
    run = 1
    for step in (-1, 1):
        at = number + step
        while 0 <= at < len(blocks) and fragments[at] and run < _RUN_OF_ITEMS:
            run += 1
            at += step
    if run >= _RUN_OF_ITEMS:
        return Role.ITEM
    last = number + 1 == len(blocks)
    few = len(_WORD.findall(lines[blocks[number][0]].text)) <= _SHORT_HEADING
    return Role.HEADING if few and not last else Role.PROSE


def _is_fragment(line: str) -> bool:
    """A line that does not end as a sentence does and is short."""
    return bool(line) and not re.search(r"[.!?…][\"'”’)\]*_]*$", line) and len(_WORD.findall(line)) <= _SHORT_HEADING


def _is_sentence(last: str, first: str) -> bool:
    return re.search(r"[.!?…][\"'”’)\]*_]*$", last) is not None and len(_WORD.findall(first)) > _FEW_WORDS


def _cut(text: str, start: int, end: int, role: Role, paragraph: int) -> list[Span]:
    found: list[Span] = []
    for begin, stop in _pieces(text, start, end):
        alone = len(_WORD.findall(text[begin:stop])) < 2
        if alone and found and stop - found[-1].start <= _LONGEST:
            found[-1] = Span(found[-1].start, stop, role, paragraph)
        else:
            found.append(Span(begin, stop, role, paragraph))
    return found


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    bullet = _BULLET.match(text, start, end)
    for stop in _STOP.finditer(text, bullet.end() if bullet else start, end):
        if text[stop.start()] == "." and _ABBREVIATED.search(text[max(begin, stop.start() - 8) : stop.start() + 1]):
            continue
        yield from _short(text, begin, stop.end())
        begin = stop.end()
    yield from _short(text, begin, end)


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
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
