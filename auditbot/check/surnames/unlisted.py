"""Full names of children whom the register does not hold: newly started, remarried, adopted, or missing in it."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from importlib.resources import files

from auditbot.check.meaning.tagged import scores_of
from auditbot.check.surnames import lexicon
from auditbot.check.surnames.roster import Roster
from auditbot.check.surnames.rules.introduced import introduced_as_adult
from auditbot.check.surnames.text import Gap, Words
from auditbot.check.surnames.whose_name import (
    SHORT,
    Named,
    is_surely_a_child,
    likely,
    signs_of,
    speaks_of_children,
)

_SHORT_TEXT = 70
"""Words of a text in which a cheer is meant for a child of the school."""
_BEFORE, _AFTER = 100, 60
_SHORTEST = 3
_MOST_NAMES = 4
_LIKELY_IN_FEW_WORDS, _LIKELY, _LIKELY_FOR_ALL_THAT = 0.3, 1.5, 3.0
"""Log-odds that a name is a child's from which it is told: in a short text, in a longer one, beside words for adults.
Of three unread schools 92 in 100 children are told so, 8 in 10 of those told rightly (tests/bench/text, 2026-12-01)."""
_OPENS, _CLOSES = frozenset((' "', " '", " (", " “")), frozenset(('" ', "' ", ") ", "” "))
"""What stands before and after a nickname within a name."""
_ROW = 5
"""Words without a sign between them that are a row of forenames and no name, if all but one are forenames."""
_SAINTS = frozenset({"st", "saint"})
_CLASS_OF_A_PARENT = re.compile(r" \((?:parent,? )?(?:P|Y|S|Yr ?)\d(?:[A-Z]|[/,&-]{1,2} ?P?\d){0,3}(?: rep\w*)?\)")
"""After a name in minutes: the class for which a parent sits there."""
_OF_A_LIST = 600
"""Characters before a name in which a list of adults may begin."""
_REACH = 130
"""Characters of a list between a name and a pupil's."""
_LISTED = re.compile(
    r"(?=.{0,60}?(?:[,;/&|•]|\band\b))(?:[ ,;:/&|•()–-]|\d{1,2}(?:st|nd|rd|th)?\b|\.\s(?:Girls|Boys):"
    r"|(?!(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev|Sir|The|Our|We|They|Thanks?)\b)[A-Z][\w'’-]*"
    r"|\b(?:and|our|own|runners?-up|winners?|of|year)\b){1,60}+",
    re.DOTALL,
)
"""Between two names of one list: names, numbers, brackets and what joins them, on one line and no sentence."""


Name = tuple[int, int, int]
"""The first word of a name, and the first and last word of its surname."""


def children_by_meaning(
    words: Words,
    roster: Roster,
    taken: Collection[int],
    text: str,
    place_of: Callable[[int, int], tuple[int, int]],
    *,
    small: bool,
) -> Iterator[Name]:
    """Yield the full names that the language model takes for a child's; ``taken`` are words of names found already.

    ``place_of`` says where in ``text``, as it was published, a stretch of the folded text stands. ``small`` tells that
    names may be written in small letters.
    """
    found = [
        (first, surname, last)
        for first, surname, last in full_names(words, roster, taken, small=small)
        if words.low[last] not in roster.surnames
        and (words.low[surname] not in roster.surnames or words.gap_text(surname) == "-")
    ]
    if not found:
        return
    minutes = _words("minutes").search(text) is not None
    if minutes:
        found = [name for name in found if not _CLASS_OF_A_PARENT.match(words.text, words.ends[name[2]])]
    scores = scores_of(text, "child", [place_of(words.starts[first], words.ends[last]) for first, _, last in found])
    names = [named(words, name, score) for name, score in zip(found, scores, strict=True)]
    pupils = sorted(words.starts[index] for index in taken)
    short = len(words.low) <= SHORT
    for name, one, signs in zip(found, names, signs_of(words.text, names), strict=True):
        paper = minutes or signs["minutes"] or signs["paper"]
        if paper and not is_surely_a_child(words.text, one.start, one.end):
            continue
        about_children = short or _near(pupils, one) or speaks_of_children(words.text, one, signs)
        grown_up = _is_adult(words, one.start, one.end) or _is_in_a_list_of_adults(words.text, one.start)
        limit = _LIKELY_FOR_ALL_THAT if grown_up else _LIKELY_IN_FEW_WORDS if short else _LIKELY
        if about_children and likely(signs) > limit:
            yield name


def full_names(words: Words, roster: Roster, taken: Collection[int], *, small: bool) -> Iterator[Name]:
    """Yield what may be a full name, be the forename ever so rare; ``small`` as for :func:`children_by_meaning`."""
    index = 0
    while index < len(words.low) - 1:
        last = _perhaps_full_name(words, index, roster) or (_in_small_letters(words, index) if small else None)
        if last is None or not _may_be_a_child(words, index, last, roster, taken):
            index += 1
            continue
        yield index, _surname_of(words, index, last), last
        index = last + 1


def named(words: Words, name: Name, score: float) -> Named:
    """Return the name as its signs are asked for."""
    first, _, last = name
    return Named(words.starts[first], words.ends[last], words.low[first], words.low[last], score)


def _near(pupils: Sequence[int], one: Named) -> bool:
    """Whether the surname of a pupil named in full stands near; ``pupils`` are their first characters."""
    at = bisect_left(pupils, one.start - _REACH)
    return at < len(pupils) and pupils[at] < one.end + _REACH


def unlisted_children(words: Words, roster: Roster, taken: Collection[int], people_speaking: bool) -> Iterator[Name]:
    """Yield the names of what seem to be unlisted children, by the words around them.

    Time grows with the length of the text only.

    Words in `taken` are surnames of pupils named in full; who stands in one list with a child is one too.
    `people_speaking` tells that the text is a post or comment, where a cheer without any class or age is enough.
    """
    pupils = sorted(taken)
    short = people_speaking and len(words.low) <= _SHORT_TEXT
    index = 0
    while index < len(words.low) - 1:
        last = _full_name(words, index, roster)
        if last is None or not _may_be_a_child(words, index, last, roster, taken):
            index += 1
            continue
        start, end = words.starts[index], words.ends[last]
        if _is_child(words, start, end, roster, short) or _among_pupils(words, index, last, pupils):
            surname = _surname_of(words, index, last)
            insort(pupils, surname)
            yield index, surname, last
        index = last + 1


def _full_name(words: Words, first: int, roster: Roster) -> int | None:
    """The last word of a full name that begins with `first`, or None."""
    low = words.low[first]
    if not words.is_capital(first) or len(low) < 2 or first in words.compound:
        return None
    usual = low in lexicon.usual_for_children() or low in lexicon.forenames() or low in roster.forenames
    if not usual or low in _not_names():
        return None
    last = first
    while last + 1 < len(words.low) and last - first < _MOST_NAMES - 1 and _goes_on(words, last):
        last += 1
    while last > first and len(words.low[last]) < _SHORTEST:
        last -= 1
    if last > first and _names_a_thing(words, last):
        return None
    return last if last > first and _is_surname(words.low[last], low) else None


def _names_a_thing(words: Words, last: int) -> bool:
    """ "Fenn Bridge Nursery": a building, a firm or an event goes by the name."""
    if last + 1 >= len(words.low) or words.gap(last) is not Gap.CLOSE:
        return False
    return words.low[last + 1] in lexicon.group("streets", "buildings", "businesses", "events")


def _perhaps_full_name(words: Words, first: int, roster: Roster) -> int | None:
    """The last word of what may be a full name that begins with `first`, be the forename ever so rare, or None."""
    low = words.low[first]
    if not words.is_capital(first) or first in words.compound or low in _not_names():
        return None
    if len(low) < 2:
        return _after_initials(words, first)
    a_name = low in lexicon.forenames() or low in roster.forenames or _leads_to_a_surname(words, first)
    known = low in lexicon.known_words() and not a_name
    a_place = low in lexicon.large_places() and not _leads_to_a_surname(words, first)
    if known or a_place or low in lexicon.vocabulary()["calendar"]:
        return None
    last = first
    while last + 1 < len(words.low) and last - first < _MOST_NAMES - 1 and _goes_on_at_length(words, first, last):
        last += 1
    while last > first and (len(words.low[last]) < 2 or words.low[last] in lexicon.vocabulary()["particles"]):
        last -= 1
    return None if last == first or _names_a_thing(words, last) or _among_forenames(words, first, last) else last


def _in_small_letters(words: Words, first: int) -> int | None:
    """The surname after a usual forename, both in small letters and neither a word of every day, or None."""
    low, last = words.low, first + 1
    if last >= len(low) or words.is_capital(first) or not words.has_plain_space(first) or len(low[last]) <= _SHORTEST:
        return None
    usual = low[first] in lexicon.usual_for_children() and low[first] not in lexicon.common_words()
    forename = usual or (low[first] in lexicon.given_to_children() and low[first] not in lexicon.known_words())
    surname = low[last] in lexicon.surnames() or low[last] not in lexicon.known_words()
    return last if forename and surname and low[last] not in lexicon.common_words() | lexicon.forenames() else None


def _after_initials(words: Words, first: int) -> int | None:
    """The surname after initials ("T. J. Oluwole"), or None."""
    last = first
    while last + 1 < len(words.low) and last - first < _MOST_NAMES - 1 and words.gap(last) is Gap.DOT:
        last += 1
    low = words.low[last]
    named = last > first and words.is_capital(last) and len(low) > _SHORTEST and low not in _not_names()
    return last if named and low not in lexicon.known_words() else None


def _among_forenames(words: Words, first: int, last: int) -> bool:
    """The words belong to a row of forenames ("Arlo Temi Zara Hattie Luca")."""
    while first > 0 and last - first < _ROW and _goes_on(words, first - 1):
        first -= 1
    while last + 1 < len(words.low) and last - first < _ROW and _goes_on(words, last):
        last += 1
    row = words.low[first : last + 1]
    others = sum(one not in lexicon.forenames() and one not in lexicon.usual_for_children() for one in row)
    return len(row) >= _ROW and others < 2


def _goes_on(words: Words, index: int) -> bool:
    gap = words.gap_text(index)
    elided = gap == "'" and len(words.low[index]) == 1  # O'Dowd
    if not _encloses(words, index) and (
        words.gap(index) is not Gap.CLOSE or "\n" in gap or ("'" in gap and not elided)
    ):
        return False
    following = words.low[index + 1]
    particle = following in lexicon.vocabulary()["particles"]
    return (words.is_capital(index + 1) and following not in _not_names()) or particle


def _goes_on_at_length(words: Words, first: int, index: int) -> bool:
    """The name goes on, also over an initial, after a hyphen in small letters, with a saint, or on the next line."""
    gap, following = words.gap_text(index), index + 1
    if _goes_on(words, index):
        return True
    if gap == "-":
        return len(words.low[following]) > 1
    if not words.is_capital(following):
        return False
    if gap.strip(" ") == "\n":
        return index == first and _is_prose(words, first, following)
    return gap in (" ", ". ") and _is_between_names(words, first, index)


def _is_between_names(words: Words, first: int, index: int) -> bool:
    """An initial or a saint stands on either side of the gap after the word ("Benedict A. Lowe", "Ada St John")."""
    following, low = index + 1, words.low
    if index > first and (len(low[index]) == 1 or low[index] in _SAINTS):
        return low[following] not in _not_names()
    after = words.text[words.ends[following] : words.ends[following] + 2]
    if len(low[following]) == 1:
        return after == ". "
    named = low[following] in _SAINTS and following + 1 < len(low) and words.is_capital(following + 1)
    return named and after.strip(".")[:1] == " "


def _is_prose(words: Words, first: int, last: int) -> bool:
    """Forename and surname on two lines of a narrow column: a sentence goes on right after them."""
    surname = words.low[last] in lexicon.surnames() or words.low[last] not in lexicon.known_words()
    if not surname or words.low[first] not in lexicon.given_to_children() or last + 1 >= len(words.low):
        return False
    gap = words.gap_text(last)
    return gap in (" ", ", ") and not words.is_capital(last + 1)


def _leads_to_a_surname(words: Words, first: int) -> bool:
    """A rarer forename that is a word as well ("Wren"), before what is a surname and none of every day."""
    given = words.low[first] in lexicon.given_to_children() and first + 1 < len(words.low)
    low = words.low[first + 1] if given and words.has_plain_space(first) else ""
    surname = low in lexicon.surnames() or low not in lexicon.known_words()
    return surname and len(low) > _SHORTEST and low not in lexicon.common_words() and words.is_capital(first + 1)


def _encloses(words: Words, index: int) -> bool:
    """A sign before or after a nickname stands between this word and the next (``Kaiden "KJ" Jessop``)."""
    gap, last = words.gap_text(index), len(words.low) - 2
    opens = gap in _OPENS and index < last and words.gap_text(index + 1) in _CLOSES
    return opens or (gap in _CLOSES and index > 0 and words.gap_text(index - 1) in _OPENS)


def _is_surname(low: str, forename: str) -> bool:
    if low in _not_names() or low in lexicon.vocabulary()["calendar"]:
        return False
    if low in lexicon.surnames():
        return low not in lexicon.common_words() or forename not in lexicon.common_words()
    return low not in lexicon.known_words() and low not in lexicon.large_places()


def _surname_of(words: Words, first: int, last: int) -> int:
    """The first word of the surname: what follows the forenames."""
    for index in range(first + 1, last + 1):
        if words.low[index] not in lexicon.usual_for_children() or index == last:
            return index
    return last


def _may_be_a_child(words: Words, first: int, last: int, roster: Roster, taken: Collection[int]) -> bool:
    span = range(first, last + 1)
    if any(index in taken for index in span):
        return False
    surname = "".join(words.low[_surname_of(words, first, last) : last + 1])
    for adult in roster.staff_by_surname.get(surname, ()):
        if not adult.forename or adult.forename.lower() == words.low[first]:
            return False
    name = " ".join(words.low[index] for index in span)
    return name not in lexicon.people() and f"{words.low[first]} {words.low[last]}" not in lexicon.people()


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    before = re.split(r"[.!?]\s|\n", text[max(0, start - _BEFORE) : start])[-1]
    return before, re.split(r"(?<!\bSt)[.!?](?:\s|$)|\n", text[end : end + _AFTER])[0]


def _is_adult(words: Words, start: int, end: int) -> bool:
    if introduced_as_adult(words.text, start, end):
        return True
    before, after = _around(words.text, start, end)
    parents = _words("parents_before").sub("", before), _words("parents_after").sub("", after, count=1)
    return _words("adult").search(" | ".join(parents)) is not None


def _is_in_a_list_of_adults(text: str, start: int) -> bool:
    """Whether words of minutes or of a committee lead up to a name, before any blank line."""
    before = text[max(0, start - _OF_A_LIST) : start].rpartition("\n\n")[2]
    return _words("list_of_adults").search(before) is not None


def _is_child(words: Words, start: int, end: int, roster: Roster, short: bool) -> bool:
    text = words.text
    before, after = _around(text, start, end)
    if _is_adult(words, start, end):
        return False
    if _class_after(after, roster) or _words("sure_after").match(after) or _words("sure_before").search(before):
        return True
    cheered = _words("cheer_before").search(before) or _words("cheer_after").match(after)
    if not cheered:
        return False
    return short or _words("school").search(f"{before} | {after}") is not None


def _among_pupils(words: Words, first: int, last: int, pupils: Sequence[int]) -> bool:
    """Whether a pupil's full name stands next before or after in one list with the name, no adult's."""
    if introduced_as_adult(words.text, words.starts[first], words.ends[last]):
        return False
    at = bisect_left(pupils, first)
    before, after = pupils[at - 1 : at] if at else [], pupils[at : at + 1]
    between = [
        *((words.ends[other], words.starts[first]) for other in before),
        *((words.ends[last], words.starts[other]) for other in after),
    ]
    return any(end - begin <= _REACH and _LISTED.fullmatch(words.text, begin, end) for begin, end in between)


def _class_after(after: str, roster: Roster) -> bool:
    """ ", Year 1", "(Otters)", "of Reception": a class or year follows right away."""
    found = re.match(r"[\s,(–-]{1,3}(?:in|of|from|who is in|in class)?\s?(?:class\s)?([A-Za-z]+)(\s?[12R])?\b", after)
    if found is None:
        return False
    word = found.group(1).lower()
    if word in ("reception", "nursery", "preschool"):
        return True
    if word in ("year", "yr", "class", "y"):
        return found.group(2) is not None
    linked = after[:2].strip(" ").startswith(("(", ",")) or re.match(r"\s(?:in|of|from)\s", after) is not None
    return linked and word in roster.class_words


@cache
def _table() -> dict[str, list[str]]:
    source = files("auditbot") / "data" / "words" / "unlisted.toml"
    table: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return table


@cache
def _not_names() -> frozenset[str]:
    return frozenset(" ".join(_table()["not_names"]).split())


@cache
def _words(group: str) -> re.Pattern[str]:
    ends = "$" if group.endswith("_before") else r"(?!\w)"
    return re.compile(rf"(?<!\w)(?:{'|'.join(_table()[group])}){ends}", re.IGNORECASE)
