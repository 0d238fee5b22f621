"""In what company a possible surname stands: children by forename, other pupils in full, rows of names, places."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Spelling
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Form, Surname
from auditbot.check.surnames.rules.bearer import AND, pupils_called
from auditbot.check.surnames.rules.place import Place
from auditbot.check.surnames.text import Gap

_TEXT_REACH = 70


def children_named(place: Place, pupils: tuple[int, ...]) -> tuple[int, ...]:
    """Those of `pupils` whose forename stands elsewhere near in the text, not as part of another full name."""
    page, order = place.page, place.page.forename_order
    names = page.roster.forenames_of
    wanted = {name for index in pupils for name in names[index]}
    found: dict[int, None] = {}
    for first in order[bisect_left(order, place.first - _TEXT_REACH) : bisect_right(order, place.last + _TEXT_REACH)]:
        for site in page.sites.forenames[first]:
            if site.letters not in wanted or place.first <= first <= place.last:
                continue
            capital = place.counts_as_capital(first) or first in page.words.compound
            if capital and not is_part_of_other_name(place, site):
                found.update((index, None) for index in pupils if site.letters in names[index])
    return tuple(found)


def is_part_of_other_name(place: Place, site: Site) -> bool:
    """The forename has a surname or a title of its own."""
    words, following = place.page.words, site.last + 1
    if following == place.first:
        return False
    if following < len(words.low) and place.linked(site.last) and words.is_capital(following):
        low, roster = words.low[following], place.page.roster
        return low in roster.staff_by_surname or low in roster.surnames or low not in lexicon.known_words()
    return site.first > 0 and place.linked(site.first - 1) and place.is_title(site.first - 1)


def stands_with_other_pupils(place: Place, sentence: range, pairs: frozenset[int]) -> bool:
    """Another pupil's full name stands in the same sentence."""
    before, after = range(sentence.start, place.first), range(place.last + 1, sentence.stop)
    return not (pairs.isdisjoint(before) and pairs.isdisjoint(after))


def listed_with_others(place: Place, sentence: range, own: Collection[int]) -> bool:
    """The surnames of other pupils, which are hardly anything else, stand beside it ("... and ...", "..., ...")."""
    sites, first, last = place.page.surname_starts, place.first, place.last
    near = [*range(max(sentence.start, first - 4), first), *range(last + 1, min(sentence.stop, last + 5))]
    return any(_is_other_pupil(place, sites[index], own) for index in near if index in sites)


def _is_other_pupil(place: Place, site: Site, own: Collection[int]) -> bool:
    page, other = place.page, place.page.roster.surnames[site.letters]
    if not (site.spelling is Spelling.PLAIN and other.form is Form.FULL and other.is_distinctive):
        return False
    if not page.has_capitals or not page.words.is_capital(site.first) or _names_a_place(place, site):
        return False
    titled = site.first > 0 and place.is_title(site.first - 1)
    return not titled and set(other.pupils).isdisjoint(own)


def _names_a_place(place: Place, site: Site) -> bool:
    words, following = place.page.words, site.last + 1
    if following >= len(words.low) or not place.linked(site.last) or not words.is_capital(following):
        return False
    return words.low[following] in group("streets", "buildings", "businesses")


def among_places(place: Place) -> bool:
    """A street or a building is listed beside it ("Armitage Bridge, ... and Beaumont Park")."""
    if not _is_listed(place, place.first, place.last):
        return False
    first, last, low = place.first, place.last, place.page.words.low
    skip = last + 2 if low[last + 1 : last + 2] == ["and"] else last + 1
    named_before = first > 1 and _is_place_word(place, first - (2 if low[first - 1] in AND else 1))
    named_after = any(_is_place_word(place, index) for index in range(skip + 1, min(skip + 3, len(low))))
    return named_before and named_after


def _is_place_word(place: Place, index: int) -> bool:
    return place.page.words.is_capital(index) and place.page.words.low[index] in group("streets", "buildings")


def in_a_row(place: Place) -> bool:
    """Three surnames of pupils stand in a row, each in capitals ("Wood, Green and Taylor")."""
    words, sites, first = place.page.words, place.page.surname_starts, place.first
    near = [sites[index] for index in range(first - 4, place.last + 5) if index in sites and index != first]
    joined = [site for site in near if words.is_capital(site.first) and _is_listed(place, site.first, site.last)]
    return len(joined) >= 2 and words.is_capital(first) and _is_listed(place, first, place.last)


def _is_listed(place: Place, first: int, last: int) -> bool:
    """A comma or "and" stands on one side of the name, and no other capital on either."""
    words, before, after = place.page.words, first - 1, last + 1
    low, count = words.low, len(words.low)
    listed_before = before >= 0 and (low[before] in AND or words.gap(before) is Gap.COMMA)
    listed_after = after < count and (low[after] in AND or words.gap(last) is Gap.COMMA)
    named = before >= 0 and place.linked(before) and words.is_capital(before)
    goes_on = after < count and place.linked(last) and words.is_capital(after)
    return (listed_before or listed_after) and not named and not goes_on


def is_middle_name(place: Place, surname: Surname) -> bool:
    """The pupil named before has the surname named after, and is not a bearer of this one."""
    following = place.page.surname_starts.get(place.last + 1)
    if following is None or not place.linked(place.last):
        return False
    owners = place.page.roster.surnames[following.letters].pupils
    called = _called_before(place)
    own = surname.pupils + surname.also
    return any(index in owners for index in called) and not any(index in own for index in called)


def is_forename_of_next(place: Place, surname: Surname) -> bool:
    """It, or the forename before it, is the forename of a pupil with the surname that follows ("Harper Ellison")."""
    following = place.page.surname_starts.get(place.last + 1)
    if following is None or following.letters == surname.letters or not place.linked(place.last):
        return False
    next_surname = place.page.roster.surnames[following.letters]
    owners = next_surname.pupils + next_surname.also
    return any(index in owners for index in (*pupils_called(place, surname.letters), *_called_before(place)))


def _called_before(place: Place) -> list[int]:
    named = place.page.sites.forename_ends.get(place.first - 1, ())
    return [index for site in named for index in pupils_called(place, site.letters)]


def reads_like_a_surname(place: Place, index: int) -> bool:
    """Word `index`, one space after the name, is in capitals and is a surname or no known word."""
    words = place.page.words
    if index >= len(words.low) or not (words.has_plain_space(place.last) and words.is_capital(index)):
        return False
    low = words.low[index]
    if low in group("child_nouns", "family_nouns") or place.page.sites.forenames.get(index):
        return False
    upper = words.text[words.starts[index] : words.ends[index]].isupper()
    surname_like = low in lexicon.surnames() or low not in lexicon.known_words()
    return surname_like and len(low) > 2 and not upper and low not in lexicon.common_words()
