"""Cut a folded text into words, also inside hashtags, handles, addresses and file names."""

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import accumulate

import numpy as np

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.lexicon import lookalikes

_LETTER = re.compile(r"[^\W\d_]")
_ASCII_END = 128
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|[A-Z]")
# A pattern that begins with one set of characters lets the search skip all others quickly.
_INNER_CAPITAL = re.compile(r"[A-Z](?<=[a-z][A-Z])")
_MARK = re.compile(r"[#@_:.](?:(?<=[#@_])|(?<=:)(?=//)|(?<=\.)(?=\w))")
_TOKEN = re.compile(r"\S*")
# Every alternative begins where no such token runs already, so that long tokens cost no more than their length.
_COMPOUND = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[#@][^\W_][\w.]*"
    r"|(?<![\w%+.-])[\w%+.-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w%()+.-])[\w%()+.-]*\w\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?|svg|pdf|docx?|pptx?|xlsx?|odt|txt|csv"
    r"|mp[34]|mov|m4[av]|avi|webm|zip|html?|php)\b"
    r"|\b[^\W_]+_\w+",
    re.IGNORECASE,
)
_STOP = re.compile(r"[!?]|\.\s|.\.$|\.\.\.|[\"“”](?=\s)|[•·▪|]")
_CLOSE = re.compile(r"\s*\Z|['_-]{1,2} ?\Z| '\Z")
_PUNCTUATION = re.compile(r"[0-9,;:/()\[\]{}<>=+&%-]")
_LONGEST_TO_SPLIT = 60
_SHORTEST_TO_SPLIT = 5
_SURE_NAME = 6


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
    distinct: set[str]
    """The different words in lower case."""
    compound: dict[int, int]
    """For each word inside a hashtag, handle, address or file name, the number of that compound."""
    compound_starts: dict[int, int]
    """The first word of each compound, by its number."""

    def gap_text(self, index: int) -> str:
        """What stands between word `index` and the next."""
        return self.text[self.ends[index] : self.starts[index + 1]]

    def has_plain_space(self, index: int) -> bool:
        """One space and nothing else stands between word `index` and the next, as mostly."""
        end = self.ends[index]
        return self.starts[index + 1] == end + 1 and self.text[end] == " "

    def gap(self, index: int) -> Gap:
        """The kind of gap between word `index` and the next."""
        if self.has_plain_space(index):
            return Gap.CLOSE
        kind = _gap_kind(self.gap_text(index))
        if kind is Gap.STOP and self.ends[index] - self.starts[index] == 1 and self.gap_text(index).strip() == ".":
            return Gap.DOT
        return kind

    def is_capital_text(self, indexes: range) -> bool:
        """Most of these words begin with a capital, as in a headline."""
        return 2 * sum(self.is_capital(index) for index in indexes) > len(indexes)

    def has_capitals_within_sentences(self) -> bool:
        """A word other than "I" begins with a capital although no sentence begins with it."""
        for index in range(1, len(self.low)):
            within = self.gap(index - 1) not in (Gap.STOP, Gap.LINE, Gap.SIGN) and index not in self.compound
            if within and self.is_capital(index) and self.low[index] != "i":
                return True
        return False

    def begins_small(self) -> bool:
        """The first word begins with a small letter, as where nobody cares for capitals."""
        return bool(self.low) and not self.is_capital(0) and 0 not in self.compound

    def is_capital(self, index: int) -> bool:
        """The word begins with a capital letter."""
        return self.text[self.starts[index]].isupper()


def cut(
    text: str, lowered: str, names: Collection[str], whole_names: AbstractSet[str] = frozenset(), *, all_compound: bool
) -> Words:
    """Cut `text` (folded, with `lowered` its lower case of the same length) into words.

    `names` are the letters of the roster's names; with them joined words are split. `whole_names` are forename and
    surname in one, which are split wherever they stand. `all_compound` treats the whole text as a file name or address.
    """
    runs = _runs(lowered)
    compounds = [(0, len(text))] if all_compound else _compound_spans(text)
    if not all_compound and not whole_names.isdisjoint(runs.low):
        compounds = _with_whole_names(compounds, runs, whole_names)
    cut_runs = _Runs([], [], [])
    compound: dict[int, int] = {}
    compound_starts: dict[int, int] = {}
    done = 0
    for number, (begin, stop, is_compound) in enumerate(_to_split(text, compounds)):
        last = bisect_left(runs.starts, stop)
        first = max(done, bisect_left(runs.starts, begin) if is_compound else last - 1)
        cut_runs.add(runs, done, first)
        for index in range(first, last):
            start, end = runs.starts[index], runs.ends[index]
            split = [(start + a, start + b) for a, b in _split_run(text[start:end], names, is_compound)]
            if is_compound:
                compound_starts.setdefault(number, len(cut_runs.low))
                compound.update((len(cut_runs.low) + offset, number) for offset in range(len(split)))
            for a, b in split:
                cut_runs.starts.append(a)
                cut_runs.ends.append(b)
                cut_runs.low.append(lowered[a:b])
        done = max(done, last)
    cut_runs.add(runs, done, len(runs.low))
    low = cut_runs.low
    stream_starts = [0, *accumulate(map(len, low))][: len(low)]
    return Words(
        text, cut_runs.starts, cut_runs.ends, low, "".join(low), stream_starts, set(low), compound, compound_starts
    )


def _with_whole_names(
    compounds: list[tuple[int, int]], runs: "_Runs", whole_names: AbstractSet[str]
) -> list[tuple[int, int]]:
    """The compounds, and every run of letters that is a whole name ("ADABRIERLEY")."""
    found = list(compounds)
    for start, end, low in zip(runs.starts, runs.ends, runs.low, strict=True):
        at = bisect_left(compounds, (start + 1, 0))
        if low in whole_names and not (at > 0 and end <= compounds[at - 1][1]):
            found.append((start, end))
    return sorted(found)


@dataclass(slots=True)
class _Runs:
    starts: list[int]
    ends: list[int]
    low: list[str]

    def add(self, other: "_Runs", first: int, last: int) -> None:
        self.starts += other.starts[first:last]
        self.ends += other.ends[first:last]
        self.low += other.low[first:last]


def _runs(lowered: str) -> _Runs:
    """The runs of letters; looking at all characters at once is much faster than asking each run for its place."""
    codes = np.frombuffer(lowered.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = np.zeros(len(codes) + 2, np.int8)
    letters[1:-1] = (codes >= ord("a")) & (codes <= ord("z")) | (codes >= ord("A")) & (codes <= ord("Z"))
    for index in np.flatnonzero(codes >= _ASCII_END).tolist():
        letters[index + 1] = _is_letter(lowered[index])
    borders = np.diff(letters)
    starts, ends = np.flatnonzero(borders == 1).tolist(), np.flatnonzero(borders == -1).tolist()
    return _Runs(starts, ends, [lowered[start:end] for start, end in zip(starts, ends, strict=True)])


@cache
def _is_letter(char: str) -> bool:
    return _LETTER.fullmatch(char) is not None


def _to_split(text: str, compounds: list[tuple[int, int]]) -> list[tuple[int, int, bool]]:
    """The spans of `text` to be cut more finely, in order: compounds, and small letters before a capital."""
    found = [(begin, stop, True) for begin, stop in compounds]
    inside = 0
    for match in _INNER_CAPITAL.finditer(text):
        at = match.start() - 1
        while inside < len(compounds) and compounds[inside][1] <= at:
            inside += 1
        if inside == len(compounds) or compounds[inside][0] > at:
            found.append((at, at + 1, False))
    return sorted(found)


def _compound_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    done = 0
    for mark in _MARK.finditer(text):
        if mark.start() < done:
            continue
        begin = mark.start()
        while begin > done and not text[begin - 1].isspace():
            begin -= 1
        token = _TOKEN.match(text, mark.start())
        done = token.end() if token else mark.end()
        spans += [match.span() for match in _COMPOUND.finditer(text, begin, done)]
    return spans


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
    return _without_chance_names(word, pieces[::-1], names)


def _without_chance_names(word: str, pieces: list[tuple[int, int]], names: Collection[str]) -> list[tuple[int, int]]:
    """Join short names again to unknown letters beside them: "rosenberg" is no Berg."""
    joined = [pieces[0]]
    for start, end in pieces[1:]:
        left, right = word[slice(*joined[-1])], word[start:end]
        by_chance = (_is_unknown(left, names) and right in names and len(right) < _SURE_NAME) or (
            _is_unknown(right, names) and left in names and len(left) < _SURE_NAME
        )
        if by_chance:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _is_unknown(piece: str, names: Collection[str]) -> bool:
    known = piece in names or piece in lexicon.known_words() or piece in lexicon.forenames()
    return len(piece) > 2 and not known


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


# Fold a text to plain Latin letters, keeping for every letter the place it came from.

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
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]{0,3}\r?\n[ \t]{0,3}(?=[a-z])")
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


def without_hyphenation(folded: Folded, text: str) -> Folded:
    """Join words that a program has broken at the end of a line ("Winter-", "bottom"); ``text`` is the original."""
    gone = {place for match in _HYPHENATED.finditer(text) for place in range(*match.span())}
    if not gone:
        return folded
    firsts = folded.firsts if folded.firsts is not None else range(len(folded.text))
    lasts = folded.lasts if folded.lasts is not None else range(1, len(folded.text) + 1)
    kept = [index for index, first in enumerate(firsts) if first not in gone]
    whole = "".join(folded.text[index] for index in kept)
    return Folded(whole, [firsts[index] for index in kept], [lasts[index] for index in kept])


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
