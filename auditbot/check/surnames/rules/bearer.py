"""Whose forename, initial or title stands with a possible surname."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Spelling
from auditbot.check.surnames.roster import Form, StaffName, Surname, inflected, skeleton, sounded
from auditbot.check.surnames.rules.place import Place
from auditbot.check.surnames.text import Gap, letters_only

_MOST_BETWEEN = 3
_SHORT_FORENAME = 3
_OPENS, _CLOSES = frozenset({' "', " '", " (", " “"}), frozenset({'" ', "' ", ") ", "” "})
AND = frozenset({"and", "i", "y", "et", "und", "a", "e"})
"""What joins two names, in the languages that families write in."""
Leading = Sequence[tuple[Site, bool]]
"""Forenames of pupils that lead up to a surname, and whether other names stand between."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears the name at a place, as the words directly beside it say."""

    own: Site | None
    """The forename of a pupil of this surname that stands with it."""
    own_pupils: tuple[int, ...]
    """The pupils who have both."""
    other: Site | None
    """A forename of another pupil directly before the surname."""
    stranger: str
    """A capitalised word before the surname which reads like a forename, of a pupil or not, or ""."""
    staff: StaffName | None
    """The member of staff whose forename stands directly before the surname."""
    titles: tuple[str, ...]
    """Words before the whole name that are titles if a group of titles holds them, the nearest first."""

    def title(self, *groups: str) -> str:
        """The title of one of these vocabulary groups before the name, or ""."""
        titles = lexicon.group(*groups)
        return next((word for word in self.titles if word in titles), "")


def bearer_of(place: Place, surname: Surname) -> Bearer:
    """Return who bears `surname` at `place`."""
    leading = list(_leading_forenames(place, surname))
    before = place.before()
    stranger = _stranger_forename(place, before)
    staff = _staff_by_forename(place, surname, before)
    other = _other_forename(place, leading)
    own = (
        _own_before(place, surname, leading)
        or _spelt_out_before(place, surname)
        or _own_after(place, surname, unnamed=not (other or stranger))
        or _nearly_this_surname(place, surname, leading)
        or (_nearly_own_forename(place, surname, stranger or _in_small(place, before)) if staff is None else None)
    )
    forename, pupils = own or (None, ())
    return Bearer(forename, pupils, other, stranger, staff, tuple(place.possible_titles()))


def pupils_called(place: Place, letters: str) -> tuple[int, ...]:
    """Pupils with that forename or a usual short form of it."""
    return place.page.roster.forenames.get(letters) or place.page.roster.nicknames.get(letters, ())


def plainly_joined(place: Place) -> bool:
    """Nothing but blanks, hyphens or an initial's full stop stands before the surname."""
    return place.linked(place.first - 1)


def _leading_forenames(place: Place, surname: Surname) -> Iterator[tuple[Site, bool]]:
    """Forenames of pupils that lead up to the surname, and whether other names stand between."""
    index, ends = place.first - 1, place.page.sites.forename_ends
    if index >= 0 and _in_next_column(place, surname, index):
        yield from ((found, False) for found in ends.get(index, ()))
        return
    for steps in range(_MOST_BETWEEN):
        if index < 0 or not place.seen_through(index):
            return
        yield from ((found, steps > 0) for found in ends.get(index, ()))
        if not _may_stand_between(place, index):
            return
        index -= 1


def _in_next_column(place: Place, surname: Surname, index: int) -> bool:
    """Word `index` and the surname stand in two cells of a pasted table ("Ada,Brierley,Wrens")."""
    if surname.base in place.page.roster.forenames or place.is_small:
        return False
    gap = place.page.words.gap_text(index)
    return gap.strip(' "') in (",", ";", "|", '","') and gap != ", " and "\n" not in gap and gap != "; "


def _may_stand_between(place: Place, index: int) -> bool:
    words, roster = place.page.words, place.page.roster
    low = words.low[index]
    if low == "s" and index > 0 and "'" in words.gap_text(index - 1):
        return False
    if index in place.page.surname_starts and low not in roster.forenames and low == words.low[place.first]:
        return False
    if len(low) == 1 or low in roster.middle_names or _is_nickname(place, index):
        return True
    named = low in lexicon.forenames() or low in lexicon.vocabulary()["particles"]
    return named and (words.is_capital(index) or index in words.compound)


def _is_nickname(place: Place, index: int) -> bool:
    """A word in capitals between quotes or brackets ("Theodore 'Teddy' Best")."""
    words = place.page.words
    if index == 0 or not words.is_capital(index):
        return False
    return words.gap_text(index - 1) in _OPENS and words.gap_text(index) in _CLOSES


def _own_before(place: Place, surname: Surname, leading: Leading) -> tuple[Site, tuple[int, ...]] | None:
    for found, _ in leading:
        both = _with_this_surname(surname, pupils_called(place, found.letters))
        if both:
            return found, (*both, *_joined_by_and(place, surname, found, both))
    return None


def _joined_by_and(place: Place, surname: Surname, found: Site, already: tuple[int, ...]) -> tuple[int, ...]:
    """Brothers and sisters named together ("Ada and Max Brierley")."""
    words, index = place.page.words, found.first - 1
    joins = index > 0 and words.low[index] in AND
    if index < 0 or not (joins or "&" in words.gap_text(index)):
        return ()
    names = place.page.sites.forename_ends.get(index - joins, ())
    pupils = (i for site in names for i in _with_this_surname(surname, pupils_called(place, site.letters)))
    return tuple(i for i in pupils if i not in already)


def _with_this_surname(surname: Surname, pupils: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(i for i in pupils if i in surname.pupils) or tuple(i for i in pupils if i in surname.also)


def _spelt_out_before(place: Place, surname: Surname) -> tuple[Site, tuple[int, ...]] | None:
    """A short forename spelt out before a surname spelt out likewise ("A d a  B r i e r l e y")."""
    low, first = place.page.words.low, place.first
    if place.spelling is not Spelling.DISGUISED or len(low[first]) > 1:
        return None
    letters = ""
    for index in range(first - 1, max(-1, first - 1 - _SHORT_FORENAME), -1):
        if len(low[index]) > 1 or not place.linked(index):
            return None
        letters = low[index] + letters
        both = _with_this_surname(surname, pupils_called(place, letters)) if len(letters) > 1 else ()
        if both:
            return Site(index, first - 1, letters), both
    return None


def _own_after(place: Place, surname: Surname, *, unnamed: bool) -> tuple[Site, tuple[int, ...]] | None:
    """The forename after its surname, as in a list."""
    words, last = place.page.words, place.last
    if last + 1 >= len(words.low):
        return None
    comma = words.gap_text(last).strip() == "," and unnamed
    listed = comma and _listed_surname_first(place, surname, last + 1)
    if not (place.linked(last) or listed or _forename_in_brackets(place)):
        return None
    for found in place.page.sites.forenames.get(last + 1, ()):
        both = _with_this_surname(surname, pupils_called(place, found.letters))
        if both and not _has_own_surname(place, found) and not _describes_forename(place, surname):
            return found, both
    return None


def _forename_in_brackets(place: Place) -> bool:
    """ "Brierley (Ada, Y2)": brackets open after the surname, and close or go on with a comma after the next word."""
    words, forename = place.page.words, place.last + 1
    following = words.text[words.ends[forename] : words.ends[forename] + 1]
    return words.gap_text(place.last) == " (" and words.is_capital(forename) and following in (")", ",")


def _listed_surname_first(place: Place, surname: Surname, forename: int) -> bool:
    """ "Surname, Forename" as in a list, not two forenames in a row."""
    words = place.page.words
    if not surname.is_forename:
        return True
    if forename + 1 >= len(words.low):
        return place.starts_sentence or ";" in words.gap_text(place.first - 1)
    gap = words.gap_text(forename)
    ends = words.gap(forename) is Gap.LINE or any(sign in gap for sign in ";(")
    return ends or (place.starts_sentence and " - " in gap)


def _has_own_surname(place: Place, found: Site) -> bool:
    following = place.page.surname_starts.get(found.last + 1)
    if following is None:
        return False
    surname = place.page.roster.surnames[following.letters]
    return any(i in surname.pupils or i in surname.also for i in pupils_called(place, found.letters))


def _describes_forename(place: Place, surname: Surname) -> bool:
    """A word such as "young" or "star" right before a forename, not a surname put first."""
    described = surname.letters in lexicon.group("child_titles", "child_makers")
    crowned = surname.letters in lexicon.group("office_titles") and not _is_an_entry(place)
    return (described or crowned) and place.page.words.gap_text(place.last) == " "


def _is_an_entry(place: Place) -> bool:
    """The surname and the word after it stand alone on their line."""
    words, following = place.page.words, place.last + 1
    begins = place.first == 0 or "\n" in words.gap_text(place.first - 1)
    return begins and (following + 1 >= len(words.low) or "\n" in words.gap_text(following))


def _nearly_this_surname(place: Place, surname: Surname, leading: Leading) -> tuple[Site, tuple[int, ...]] | None:
    """Pupils of the forename found whose surname is one slip away from the one found, which is another's."""
    roster, letters = place.page.roster, surname.letters
    for found, between in leading:
        called = roster.forenames.get(found.letters, ()) if len(letters) > 4 and not between else ()
        nearby = tuple(
            i for i in called if any(OSA.distance(letters, own) <= 1 for own in roster.surnames_of[i] if len(own) > 4)
        )
        if nearby:
            return found, nearby
    return None


def _in_small(place: Place, before: Sequence[str]) -> str:
    """A forename that is a word as well, where nobody cares for capitals ("scarlet booth")."""
    small = not place.page.has_capitals and not place.in_compound and bool(before) and len(before[0]) > _SHORT_FORENAME
    return before[0] if small and before[0] in lexicon.forenames() else ""


def _nearly_own_forename(place: Place, surname: Surname, stranger: str) -> tuple[Site, tuple[int, ...]] | None:
    """A misspelt, inflected, cut or longer forename of a pupil with this surname ("Jocab", "Zofii", "Damilola")."""
    if len(stranger) < 3:
        return None
    for index in surname.pupils + surname.also:
        for name in place.page.roster.forenames_of[index]:
            if _nearly_forename(stranger, name, surname.form):
                return Site(place.first - 1, place.first - 1, name), (index,)
    return None


def _nearly_forename(low: str, name: str, form: Form) -> bool:
    if inflected(low, name, form is Form.INFLECTED) or (len(name) > 3 and sounded(low) == sounded(name)):
        return True
    shorter = min(len(low), len(name))
    if low in lexicon.forenames() or low in lexicon.usual_for_children():
        alike = low[0] == name[0] and skeleton(low) == skeleton(name) and OSA.distance(low, name) <= 2
        return shorter > 3 and (alike or low.startswith(name) or name.startswith(low))
    if shorter > 3 and OSA.distance(low, name) <= (2 if shorter > 6 else 1):
        return True
    return shorter > 3 and (low in name or name in low)


def _other_forename(place: Place, leading: Leading) -> Site | None:
    if not plainly_joined(place):
        return None
    for found, between in leading:
        capital = place.counts_as_capital(found.first) or place.in_compound
        if not between and capital and found.letters in place.page.roster.forenames:
            return found
    return None


def _staff_by_forename(place: Place, surname: Surname, before: Sequence[str]) -> StaffName | None:
    adults = place.page.roster.staff_by_surname.get(surname.base, [])
    return next((adult for adult in adults if before and letters_only(adult.forename) == before[0]), None)


def _stranger_forename(place: Place, before: Sequence[str]) -> str:
    steps, particles = 1, lexicon.vocabulary()["particles"]
    while steps <= len(before) and before[steps - 1] in particles and steps < _MOST_BETWEEN:
        steps += 1
    low = before[steps - 1] if steps <= len(before) else ""
    index = place.first - steps
    if len(low) < 2 or place.is_title(index) or low in lexicon.vocabulary()["child_titles"]:
        return ""
    if index in place.page.surname_lasts and low not in place.page.roster.forenames:
        return ""
    if place.in_compound or not place.page.has_capitals:
        named = low in lexicon.forenames() and low not in lexicon.common_words()
        unknown = not place.in_compound and low not in lexicon.known_words() and len(low) > 3
        return low if named or unknown else ""
    return low if place.page.words.is_capital(index) and reads_like_a_forename(place, low) else ""


def reads_like_a_forename(place: Place, low: str) -> bool:
    """A word in capitals that is a usual forename, a pupil's, or no word that is known."""
    if low not in lexicon.known_words() or low in lexicon.usual_forenames() or low in place.page.roster.forenames:
        return True
    usual = low in lexicon.usual_for_children()
    return low in lexicon.forenames() and (usual or low not in lexicon.common_words())


def pupils_by_initial(place: Place, surname: Surname) -> tuple[int, ...]:
    """Pupils with this surname whose initial stands directly before it, or after it in a list."""
    words, first, last = place.page.words, place.first, place.last
    listed = place.page.rows.get(words.ends[last], ())
    if listed:
        return listed
    before = place.before()[:1]
    article = before in (["a"], ["i"]) and not place.in_compound and not words.is_capital(first - 1)
    owned = first > 1 and words.low[first - 1] == "s" and "'" in words.gap_text(first - 2)
    initials = [] if owned or article else before
    if (
        last + 1 < len(words.low)
        and surname.base not in place.page.roster.forenames
        and (not surname.is_forename or _ends_entry(place, last + 1))
        and place.end == last
        and place.linked(last)
        and "  " not in words.gap_text(last)
    ):
        initials.append(words.low[last + 1])
    names = place.page.roster.forenames_of
    for initial in initials:
        fitting = tuple(i for i in surname.pupils if any(name.startswith(initial) for name in names[i]))
        if len(initial) == 1 and fitting:
            return fitting
    if _initials_follow(place):
        initial = words.low[last + 1][0]
        return tuple(i for i in surname.pupils if any(name.startswith(initial) for name in names[i]))
    return ()


def _initials_follow(place: Place) -> bool:
    """ "Brierley AM": surname and initials in capitals are all of an entry of a list."""
    words, last = place.page.words, place.last
    if last + 1 >= len(words.low) or not words.has_plain_space(last) or place.in_compound:
        return False
    surname, after = (words.text[words.starts[index] : words.ends[index]] for index in (last, last + 1))
    begins = place.first == 0 or words.gap(place.first - 1) in (Gap.COMMA, Gap.LINE)
    initials = after.isupper() and not surname.isupper() and 1 < len(after) <= _MOST_BETWEEN
    return initials and begins and after.lower() not in lexicon.known_words() and _ends_entry(place, last + 1)


def _ends_entry(place: Place, index: int) -> bool:
    """An entry of a list ends after word `index`."""
    words = place.page.words
    return index + 1 >= len(words.low) or words.gap(index) in (Gap.COMMA, Gap.LINE)


def pupils_nearly_called(place: Place, surname: Surname, bearer: Bearer) -> tuple[int, ...]:
    """Pupils with this surname whose forename is one letter from another real one that stands before it."""
    low, names = bearer.stranger, place.page.roster.forenames_of
    if len(low) < 4 or bearer.own is not None or bearer.staff is not None:
        return ()
    return tuple(i for i in surname.pupils if any(OSA.distance(low, name) == 1 for name in names[i]))


@dataclass(frozen=True, slots=True)
class Bearers:
    """Whose the names of a whole text are, known once every place in it was looked at."""

    pairs: frozenset[int]
    """First words of the surnames that stand with their own pupil's forename."""
    borne_by_others: frozenset[str]
    """Surnames which the text gives to somebody with another forename or a title, and to no pupil."""


def bearers_of(found: Sequence[tuple[Place, Surname, Bearer]]) -> Bearers:
    """Return whose all the names found in one text are."""
    owned = {surname.letters for _, surname, bearer in found if bearer.own is not None}
    others = {
        surname.letters
        for _, surname, bearer in found
        if bearer.stranger or bearer.title("adult_titles", "office_titles")
    }
    pairs = frozenset(place.first for place, _, bearer in found if bearer.own is not None)
    return Bearers(pairs, frozenset(others - owned))
