"""Everything the rules ask about one possible surname: the name it belongs to, titles, staff, and signs of a child."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from rapidfuzz.distance import OSA

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Sites, Spelling
from auditbot.check.surnames.roster import (
    Form,
    PupilName,
    Roster,
    StaffName,
    Surname,
    inflected,
    parts_of,
    skeleton,
    sounded,
)
from auditbot.check.surnames.text import Gap, Words, letters_only

_LONG_TEXT = 120
"""Words from which a text is a page rather than a post."""

# One text with everything that was found in it, before any of it is weighed.


@dataclass(slots=True)
class Page:
    """One text with everything found in it."""

    words: Words
    """Its words."""
    sites: Sites
    """The roster's names in it."""
    roster: Roster
    """The registers."""
    kind: str
    """What the text is: post, comment, filename, ocr, ..."""
    author_role: str
    """Who wrote it: school, staff, parent or unknown."""
    has_capitals: bool
    """Capital letters are used, so that a small letter means something."""
    surname_starts: dict[int, Site] = field(default_factory=dict)
    """Possible surnames by their first word."""
    surname_lasts: set[int] = field(default_factory=set)
    """Last words of possible surnames."""
    forename_order: list[int] = field(default_factory=list)
    """First words of the forenames, in order."""
    unbroken: range = range(0)
    """Words that were seen to stand in one sentence."""
    pairs: set[int] = field(default_factory=set)
    """First words of the surnames that stand with their own pupil's forename."""
    borne_by_others: set[str] = field(default_factory=set)
    """Surnames which the text gives to somebody with another forename or a title, and to no pupil."""

    @property
    def is_long(self) -> bool:
        """A page of a document or a website, in which one child's sign says nothing about a name far from it."""
        return len(self.words.low) > _LONG_TEXT


# The words around a possible surname, and how it is written.

_SENTENCE_REACH = 30
_MOST_STEPS = 3
_SEEN_THROUGH = re.compile(r"\s?(?:_|[^\w\s.,;!?]|\.{2,3})+\s?(?:_|[^\w\s.,;!?])*\s?")
_LONGEST_SIGNS = 8
"""Characters that may stand between a forename and its surname, and which every reader sees through."""
_MAILBOX = re.compile(r"[\w.+%-]{0,64}@[\w-]{1,64}\.")
_LABEL_KINDS = frozenset({"ocr", "filename", "address", "hashtag"})


class Surroundings:
    """What stands around one site."""

    def __init__(self, page: Page, site: Site, surname: Surname) -> None:
        self.page = page
        self.site = site
        self.surname = surname
        self.words = page.words

    def widened_to(self, first: int) -> Self:
        """The surroundings of the longer name that begins with word `first`."""
        site = Site(min(first, self.site.first), self.site.last, self.site.letters, self.site.spelling)
        return type(self)(self.page, site, self.surname)

    def linked(self, index: int, *, across_lines: bool = True) -> bool:
        """Words `index` and `index + 1` may belong to one name."""
        if not 0 <= index < len(self.words.low) - 1:
            return False
        if self.words.has_plain_space(index):
            return True
        gap = self.words.gap(index)
        compound = self.words.compound.get(index)
        if compound is not None and self.words.compound.get(index + 1) == compound:
            return gap is not Gap.STOP
        if gap is Gap.CLOSE:
            return True
        label = self.page.kind in _LABEL_KINDS
        if gap in (Gap.LINE, Gap.SIGN):
            return across_lines and label if gap is Gap.LINE else self.site.spelling is Spelling.DISGUISED
        stop_of_title = self.words.gap_text(index).strip() == "." and self.is_title(index)
        return stop_of_title or (gap is Gap.DOT and (label or len(self.words.low[index]) == 1))

    def seen_through(self, index: int) -> bool:
        """Only brackets, quotes, emoji, markup, dashes or one new line stand between words `index` and `index + 1`."""
        if not 0 <= index < len(self.words.low) - 1:
            return False
        if self.linked(index):
            return True
        gap = self.words.gap_text(index)
        if "\n" in gap:
            capital = self.words.is_capital(index) and self.words.is_capital(index + 1)
            return gap.strip(" ") == "\n" and capital
        return 0 < len(gap) <= _LONGEST_SIGNS and _SEEN_THROUGH.fullmatch(gap) is not None

    def is_title(self, index: int) -> bool:
        """Word `index` is a title of an adult."""
        low = self.words.low[index]
        if self.follows_digit(index):
            return False
        if low in lexicon.vocabulary()["adult_titles"]:
            return True
        return low in lexicon.vocabulary()["office_titles"] and (
            self.words.is_capital(index) or not self.page.has_capitals
        )

    def follows_digit(self, index: int) -> bool:
        """The word is the ending of a number ("1st")."""
        start = self.words.starts[index]
        return start > 0 and self.words.text[start - 1].isdigit()

    def before(self, steps: int = 1) -> str:
        """The word so many steps before the name, if linked to it on the same line, in lower case; otherwise ""."""
        return self._linked_before[steps - 1] if steps <= len(self._linked_before) else ""

    @cached_property
    def _linked_before(self) -> list[str]:
        index = first = self.site.first
        while first - index < _MOST_STEPS and self.linked(index - 1, across_lines=False):
            index -= 1
        return self.words.low[index:first][::-1]

    def after(self, steps: int = 1) -> str:
        """The word so many steps after the name (past a possessive), likewise."""
        return self._linked_after[steps - 1] if steps <= len(self._linked_after) else ""

    @cached_property
    def _linked_after(self) -> list[str]:
        index = last = self.end_with_possessive
        while index - last < _MOST_STEPS and self.linked(index, across_lines=False):
            index += 1
        return self.words.low[last + 1 : index + 1]

    @cached_property
    def after_is_capital(self) -> bool:
        """The word after the name begins with a capital, or capitals mean nothing here."""
        index = self.end_with_possessive + 1
        return bool(self.after()) and (self.in_compound or not self.page.has_capitals or self.words.is_capital(index))

    @cached_property
    def end_with_possessive(self) -> int:
        """The last word of the name, or the "s" of "'s" after it."""
        last = self.site.last
        if last + 1 < len(self.words.low) and self.words.low[last + 1] == "s" and self.words.gap_text(last) == "'":
            return last + 1
        return last

    @cached_property
    def after_possessive(self) -> bool:
        """The name follows the "s" of "'s"."""
        first = self.site.first
        return first > 1 and self.words.low[first - 1] == "s" and "'" in self.words.gap_text(first - 2)

    @cached_property
    def hyphenated(self) -> bool:
        """A hyphen joins the name to the next or the previous word."""
        first, last = self.site.first, self.site.last
        joined_before = first > 0 and self.words.gap_text(first - 1) == "-"
        return joined_before or (last + 1 < len(self.words.low) and self.words.gap_text(last) == "-")

    def capitals_after(self) -> Iterator[str]:
        """Up to three words after the name, in lower case, while they begin with capitals or capitals mean nothing."""
        index = self.end_with_possessive
        for _ in range(3):
            if not self.linked(index, across_lines=False):
                return
            index += 1
            if self.page.has_capitals and not self.in_compound and not self.words.is_capital(index):
                return
            yield self.words.low[index]

    @cached_property
    def starts_sentence(self) -> bool:
        """Nothing of the same sentence stands before the name."""
        first = self.site.first
        return first == 0 or self.words.gap(first - 1) in (Gap.STOP, Gap.LINE)

    @cached_property
    def sentence(self) -> range:
        """The indexes of the words of the same sentence, as far as it matters."""
        begin = max(0, self.site.first - _SENTENCE_REACH)
        end = min(len(self.words.low) - 1, self.site.last + _SENTENCE_REACH)
        # Neighbours share most of a sentence: what was seen to hold together is not looked at again.
        known = self.page.unbroken
        within = known.start <= self.site.first and self.site.last < known.stop
        first = max(begin, known.start) if within else self.site.first
        last = min(end, known.stop - 1) if within else self.site.last
        while first > begin and not self._breaks_after(first - 1):
            first -= 1
        while last < end and not self._breaks_after(last):
            last += 1
        self.page.unbroken = (
            range(min(first, known.start), max(last + 1, known.stop)) if within else range(first, last + 1)
        )
        return range(first, last + 1)

    def _breaks_after(self, index: int) -> bool:
        return not self.words.has_plain_space(index) and self.words.gap(index) in (Gap.STOP, Gap.LINE)

    def near(self, group: str, reach: int = _SENTENCE_REACH) -> bool:
        """A word of that vocabulary group stands in the same sentence at most `reach` words away."""
        return not lexicon.vocabulary()[group].isdisjoint(self.around(reach))

    def around(self, reach: int = _SENTENCE_REACH) -> list[str]:
        """The words of the sentence at most `reach` words away, in lower case, without the name itself."""
        first, last = self.site.first, self.site.last
        begin, end = max(self.sentence.start, first - reach), min(self.sentence.stop, last + 1 + reach)
        return self.words.low[begin:first] + self.words.low[last + 1 : end]

    @cached_property
    def in_compound(self) -> bool:
        """Inside a hashtag, handle, address or file name, where capitals mean little."""
        return self.site.first in self.words.compound

    @cached_property
    def is_small(self) -> bool:
        """Written in small letters although the text uses capitals."""
        if self.in_compound or not self.page.has_capitals:
            return False
        return not any(self.words.is_capital(index) for index in range(self.site.first, self.site.last + 1))

    @cached_property
    def in_handle(self) -> bool:
        """Inside the name of an account ("@...")."""
        number = self.words.compound.get(self.site.first)
        if number is None:
            return False
        index = self.words.compound_starts[number]
        return self.words.text[: self.words.starts[index]].endswith("@")

    @cached_property
    def in_mailbox(self) -> bool:
        """Before the sign of an e-mail address ("ada.brierley@...")."""
        if not self.in_compound:
            return False
        end = self.words.ends[self.site.last]
        return _MAILBOX.match(self.words.text, end) is not None


# Whose forename or initial stands with a possible surname.

_MOST_BETWEEN = 3
_SHORT_FORENAME = 3
_AND = frozenset({"and", "i", "y", "et", "und", "a", "e"})


class FullName(Surroundings):
    """The name to which one site belongs."""

    @cached_property
    def all_pupils(self) -> tuple[int, ...]:
        """Every pupil of whose surname this is some form."""
        return self.surname.pupils + self.surname.also

    def _forenames_before(self) -> Iterator[tuple[Site, bool]]:
        """Forenames of pupils that lead up to the surname, and whether other names stand between."""
        index = self.site.first - 1
        if index >= 0 and self._in_next_column(index):
            for found in self.page.sites.forename_ends.get(index, ()):
                yield found, False
            return
        for steps in range(_MOST_BETWEEN):
            if index < 0 or not self.seen_through(index):
                return
            for found in self.page.sites.forename_ends.get(index, ()):
                yield found, steps > 0
            if not self._may_stand_between(index):
                return
            index -= 1

    @property
    def plainly_joined(self) -> bool:
        """Nothing but blanks, hyphens or an initial's full stop stands before the surname."""
        return self.linked(self.site.first - 1)

    def _in_next_column(self, index: int) -> bool:
        """Word `index` and the surname stand in two cells of a pasted table ("Ada,Brierley,Wrens")."""
        gap = self.words.gap_text(index)
        if self.surname.base in self.page.roster.forenames or self.is_small:
            return False
        return gap.strip(' "') in (",", ";", "|", '","') and gap != ", " and "\n" not in gap and gap != "; "

    def _may_stand_between(self, index: int) -> bool:
        low = self.words.low[index]
        if low == "s" and index > 0 and "'" in self.words.gap_text(index - 1):
            return False
        if (
            index in self.page.surname_starts
            and low not in self.page.roster.forenames
            and low == self.words.low[self.site.first]
        ):
            return False
        if len(low) == 1 or low in self.page.roster.middle_names:
            return True
        named = low in lexicon.forenames() or low in lexicon.vocabulary()["particles"]
        return named and (self.words.is_capital(index) or index in self.words.compound)

    def _forenames_after(self) -> Iterator[Site]:
        last = self.site.last
        if last + 1 >= len(self.words.low):
            return
        comma = self.words.gap_text(last).strip() == "," and not (self.other_forename or self.stranger_forename)
        if self.linked(last) or (comma and self._listed_surname_first(last + 1)):
            yield from self.page.sites.forenames.get(last + 1, ())

    def _listed_surname_first(self, forename: int) -> bool:
        """ "Surname, Forename" as in a list, not two forenames in a row."""
        if not self.surname.is_forename:
            return True
        if forename + 1 >= len(self.words.low):
            return self.starts_sentence
        gap = self.words.gap_text(forename)
        return (
            self.words.gap(forename) is Gap.LINE
            or any(sign in gap for sign in ";(")
            or (self.starts_sentence and " - " in gap)
        )

    def pupils_called(self, letters: str) -> tuple[int, ...]:
        """Pupils with that forename or a usual short form of it."""
        return self.page.roster.forenames.get(letters) or self.page.roster.nicknames.get(letters, ())

    @cached_property
    def own_forename(self) -> tuple[Site, tuple[int, ...]] | None:
        """The forename that stands with this surname, and the pupils who have both."""
        before = list(self._forenames_before())
        for found, _ in before:
            both = self._with_this_surname(self.pupils_called(found.letters))
            if both:
                return found, (*both, *self._joined_by_and(found, both))
        spelt = self._spelt_out_before()
        if spelt is not None:
            return spelt
        for found in self._forenames_after():
            both = self._with_this_surname(self.pupils_called(found.letters))
            if both and not self._has_own_surname(found) and not self._describes_forename(found):
                return found, both
        for found, between in before:
            nearby = () if between else self._with_nearly_this_surname(found)
            if nearby:
                return found, nearby
        return self._nearly_own_forename()

    def _spelt_out_before(self) -> tuple[Site, tuple[int, ...]] | None:
        """A short forename spelt out before a surname spelt out likewise ("A d a  B r i e r l e y")."""
        first = self.site.first
        if self.site.spelling is not Spelling.DISGUISED or len(self.words.low[first]) > 1:
            return None
        letters = ""
        for index in range(first - 1, max(-1, first - 1 - _SHORT_FORENAME), -1):
            if len(self.words.low[index]) > 1 or not self.linked(index):
                return None
            letters = self.words.low[index] + letters
            both = self._with_this_surname(self.pupils_called(letters)) if len(letters) > 1 else ()
            if both:
                return Site(index, first - 1, letters), both
        return None

    def _describes_forename(self, found: Site) -> bool:
        """A word such as "young" or "star" before a forename, not a surname put first."""
        word = self.surname.letters in lexicon.vocabulary()["child_titles"] | lexicon.vocabulary()["child_makers"]
        return word and found.first == self.site.last + 1 and self.words.gap_text(self.site.last) == " "

    def _joined_by_and(self, found: Site, already: tuple[int, ...]) -> tuple[int, ...]:
        """Brothers and sisters named together ("Ada and Max Brierley")."""
        index = found.first - 1
        joins = index > 0 and self.words.low[index] in _AND
        if index < 0 or not (joins or "&" in self.words.gap_text(index)):
            return ()
        index -= joins
        names = self.page.sites.forename_ends.get(index, ())
        pupils = (i for site in names for i in self._with_this_surname(self.pupils_called(site.letters)))
        return tuple(i for i in pupils if i not in already)

    def _with_nearly_this_surname(self, found: Site) -> tuple[int, ...]:
        """Pupils of that forename whose surname is one slip away from the one found, which is another's."""
        letters = self.surname.letters
        if len(letters) < 5:
            return ()
        roster = self.page.roster
        called = roster.forenames.get(found.letters, ())
        return tuple(
            i for i in called if any(OSA.distance(letters, own) <= 1 for own in roster.surnames_of[i] if len(own) > 4)
        )

    def _with_this_surname(self, pupils: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(i for i in pupils if i in self.surname.pupils) or tuple(
            i for i in pupils if i in self.surname.also
        )

    def _has_own_surname(self, found: Site) -> bool:
        following = self.page.surname_starts.get(found.last + 1)
        if following is None:
            return False
        surname = self.page.roster.surnames[following.letters]
        return any(i in surname.pupils or i in surname.also for i in self.pupils_called(found.letters))

    def _nearly_own_forename(self) -> tuple[Site, tuple[int, ...]] | None:
        """A misspelt, inflected, cut or longer forename of a pupil with this surname ("Jocab", "Zofii", "Damilola")."""
        low = self.stranger_forename
        if len(low) < 3 or self.staff_by_forename is not None:
            return None
        for index in self.all_pupils:
            for name in self.page.roster.forenames_of[index]:
                if self._nearly_forename(low, name):
                    return Site(self.site.first - 1, self.site.first - 1, name), (index,)
        return None

    def _nearly_forename(self, low: str, name: str) -> bool:
        if inflected(low, name, self.surname.form is Form.INFLECTED) or (
            len(name) > 3 and sounded(low) == sounded(name)
        ):
            return True
        shorter = min(len(low), len(name))
        if low in lexicon.forenames() or low in lexicon.usual_for_children():
            alike = low[0] == name[0] and skeleton(low) == skeleton(name) and OSA.distance(low, name) <= 2
            return shorter > 3 and (alike or low.startswith(name) or name.startswith(low))
        if shorter > 3 and OSA.distance(low, name) <= (2 if shorter > 6 else 1):
            return True
        return shorter > 3 and (low in name or name in low)

    @cached_property
    def like_own_forename(self) -> tuple[int, ...]:
        """Pupils with this surname whose forename is one letter from another real one that stands before it."""
        low = self.stranger_forename
        if len(low) < 4 or self.own_forename is not None or self.staff_by_forename is not None:
            return ()
        names = self.page.roster.forenames_of
        return tuple(i for i in self.surname.pupils if any(OSA.distance(low, name) == 1 for name in names[i]))

    @cached_property
    def staff(self) -> list[StaffName]:
        """Staff with this surname."""
        return self.page.roster.staff_by_surname.get(self.surname.base, [])

    @cached_property
    def staff_by_forename(self) -> StaffName | None:
        """The member of staff whose forename stands directly before the surname."""
        low = self.before()
        return next((adult for adult in self.staff if low and letters_only(adult.forename) == low), None)

    @cached_property
    def other_forename(self) -> Site | None:
        """A forename of another pupil directly before the surname."""
        if not self.plainly_joined:
            return None
        for found, between in self._forenames_before():
            capital = self.words.is_capital(found.first) or self.in_compound or not self.page.has_capitals
            if not between and capital and found.letters in self.page.roster.forenames:
                return found
        return None

    @cached_property
    def own_initial(self) -> tuple[int, ...]:
        """Pupils with this surname whose initial stands directly before it, or after it in a list."""
        article = (
            self.before() in ("a", "i") and not self.in_compound and not self.words.is_capital(self.site.first - 1)
        )
        initials = [] if self.after_possessive or article else [self.before()]
        last = self.site.last
        if (
            last + 1 < len(self.words.low)
            and self.surname.base not in self.page.roster.forenames
            and (not self.surname.is_forename or self._ends_entry(last + 1))
            and self.end_with_possessive == last
            and self.linked(last)
            and "  " not in self.words.gap_text(last)
        ):
            initials.append(self.words.low[last + 1])
        for initial in initials:
            if len(initial) == 1:
                names = self.page.roster.forenames_of
                fitting = tuple(i for i in self.surname.pupils if any(name.startswith(initial) for name in names[i]))
                if fitting:
                    return fitting
        return ()

    def _ends_entry(self, index: int) -> bool:
        """An entry of a list ends after word `index`."""
        return index + 1 >= len(self.words.low) or self.words.gap(index) in (Gap.COMMA, Gap.LINE)

    @cached_property
    def stranger_forename(self) -> str:
        """A capitalised word before the surname which reads like a forename, of a pupil or not, or ""."""
        steps = 1
        while self.before(steps) in lexicon.vocabulary()["particles"] and steps < _MOST_BETWEEN:
            steps += 1
        low = self.before(steps)
        index = self.site.first - steps
        if len(low) < 2 or self.is_title(index) or low in lexicon.vocabulary()["child_titles"]:
            return ""
        if index in self.page.surname_lasts and low not in self.page.roster.forenames:
            return ""
        if self.in_compound or not self.page.has_capitals:
            named = low in lexicon.forenames() and low not in lexicon.common_words()
            unknown = not self.in_compound and low not in lexicon.known_words() and len(low) > 3
            return low if named or unknown else ""
        if not self.words.is_capital(index):
            return ""
        return low if self._reads_like_a_forename(low) else ""

    def _reads_like_a_forename(self, low: str) -> bool:
        if low not in lexicon.known_words() or low in lexicon.usual_forenames() or low in self.page.roster.forenames:
            return True
        usual = low in lexicon.usual_for_children()
        return low in lexicon.forenames() and (usual or low not in lexicon.common_words())


_TEXT_REACH = 70
_CLOSE_BY = 8
_SHORT_TEXT = 40


class Context(FullName):
    """One possible surname with its surroundings, as the rules see it."""

    def title(self, *groups: str) -> str:
        """The title of one of these vocabulary groups before the name (and before its forename or initials), or ""."""
        titles = lexicon.group(*groups)
        index = self.site.first - 1
        for _ in range(_MOST_BETWEEN):
            if index < 0 or not self.linked(index, across_lines=False):
                return ""
            low = self.words.low[index]
            if self.follows_digit(index):
                return ""
            capital = self.words.is_capital(index) or index in self.words.compound
            if low in titles and (capital or not self.page.has_capitals or len(low) < 4):
                return low
            named = len(low) == 1 or low in lexicon.forenames() or low not in lexicon.known_words()
            if not (named and (capital or not self.page.has_capitals)):
                return ""
            index -= 1
        return ""

    def children_named(self, pupils: tuple[int, ...]) -> tuple[int, ...]:
        """Those of `pupils` whose forename stands elsewhere near in the text, not as part of another full name."""
        found: dict[int, None] = {}
        low, high = self.site.first - _TEXT_REACH, self.site.last + _TEXT_REACH
        order = self.page.forename_order
        for first in order[bisect_left(order, low) : bisect_right(order, high)]:
            if self.site.first <= first <= self.site.last:
                continue
            if not self.words.is_capital(first) and self.page.has_capitals and first not in self.words.compound:
                continue
            for site in self.page.sites.forenames[first]:
                if not self.is_part_of_other_name(site):
                    found.update((i, None) for i in pupils if i in self.page.roster.forenames.get(site.letters, ()))
        return tuple(found)

    def is_part_of_other_name(self, site: Site) -> bool:
        """The forename has a surname or a title of its own."""
        following = site.last + 1
        if following == self.site.first:
            return False
        if following < len(self.words.low) and self.linked(site.last) and self.words.is_capital(following):
            low = self.words.low[following]
            roster = self.page.roster
            return low in roster.staff_by_surname or low in roster.surnames or low not in lexicon.known_words()
        return site.first > 0 and self.linked(site.first - 1) and self.is_title(site.first - 1)

    @cached_property
    def among_pupils(self) -> bool:
        """Another pupil's full name stands in the same sentence."""
        before = range(self.sentence.start, self.site.first)
        after = range(self.site.last + 1, self.sentence.stop)
        return not (self.page.pairs.isdisjoint(before) and self.page.pairs.isdisjoint(after))

    @cached_property
    def listed_with_others(self) -> bool:
        """The surnames of other pupils, which are hardly anything else, stand beside it ("... and ...", "..., ...")."""
        sites = self.page.surname_starts
        first, last = self.site.first, self.site.last
        near = [*range(max(self.sentence.start, first - 4), first), *range(last + 1, min(self.sentence.stop, last + 5))]
        return any(self._is_other_pupil(sites[index]) for index in near if index in sites)

    def _is_other_pupil(self, site: Site) -> bool:
        other = self.page.roster.surnames[site.letters]
        if not (site.spelling is Spelling.PLAIN and other.form is Form.FULL and other.is_distinctive):
            return False
        if not self.page.has_capitals or not self.words.is_capital(site.first) or self._names_a_place(site):
            return False
        titled = site.first > 0 and self.is_title(site.first - 1)
        return not titled and set(other.pupils).isdisjoint(self.all_pupils)

    def _names_a_place(self, site: Site) -> bool:
        following = site.last + 1
        if following >= len(self.words.low) or not self.linked(site.last) or not self.words.is_capital(following):
            return False
        return self.words.low[following] in lexicon.group("streets", "buildings", "businesses")

    @cached_property
    def among_places(self) -> bool:
        """A street or a building is listed beside it ("Armitage Bridge, ... and Beaumont Park")."""
        if not self._is_listed(self.site) or self.own_forename is not None:
            return False
        first, last, low = self.site.first, self.site.last, self.words.low
        skip = last + 2 if low[last + 1 : last + 2] == ["and"] else last + 1
        named_before = first > 1 and self._is_place_word(first - (2 if low[first - 1] in _AND else 1))
        named_after = any(self._is_place_word(index) for index in range(skip + 1, min(skip + 3, len(low))))
        return named_before and named_after

    def _is_place_word(self, index: int) -> bool:
        return self.words.is_capital(index) and self.words.low[index] in lexicon.group("streets", "buildings")

    @cached_property
    def in_a_row(self) -> bool:
        """Three surnames of pupils stand in a row, each in capitals ("Wood, Green and Taylor")."""
        sites = self.page.surname_starts
        first, last = self.site.first, self.site.last
        near = [sites[index] for index in range(first - 4, last + 5) if index in sites and index != first]
        joined = [site for site in near if self.words.is_capital(site.first) and self._is_listed(site)]
        return len(joined) >= 2 and self.words.is_capital(first) and self._is_listed(self.site)

    def _is_listed(self, site: Site) -> bool:
        """A comma or "and" stands on one side of the name, and no other capital on either."""
        low, count = self.words.low, len(self.words.low)
        before, after = site.first - 1, site.last + 1
        listed_before = before >= 0 and (low[before] in _AND or self.words.gap(before) is Gap.COMMA)
        listed_after = after < count and (low[after] in _AND or self.words.gap(site.last) is Gap.COMMA)
        named = before >= 0 and self.linked(before) and self.words.is_capital(before)
        goes_on = after < count and self.linked(site.last) and self.words.is_capital(after)
        return (listed_before or listed_after) and not named and not goes_on

    @cached_property
    def speaks_of_child(self) -> bool:
        """The sentence, or a short text, has a sign of a child of this school, be it a weak one."""
        if self.surely_child or self.near("weak_child_signs"):
            return True
        words = self.words.low if len(self.words.low) <= _SHORT_TEXT else self.around()
        school = self.page.roster.class_words | {"year", "reception", "nursery", "playground"}
        return any(word in school for word in words)

    @cached_property
    def surely_child(self) -> bool:
        """The text has a strong sign of a child: a word of school life, another pupil's full name, a cheer by name."""
        if self.near("child_signs") or self.among_pupils:
            return True
        if self.before() in lexicon.vocabulary()["cheers"] and not self.after_is_capital:
            return True
        words = self.words.low
        if any(word in lexicon.vocabulary()["labels"] for word in words[max(0, self.site.first - 3) : self.site.first]):
            return True
        return len(words) <= _SHORT_TEXT and any(word in lexicon.vocabulary()["child_signs"] for word in words)

    @cached_property
    def of_this_school(self) -> bool:
        """A class of the school, another pupil's full name or a strong sign of a child stands in the sentence."""
        return (
            self.among_pupils or self.near("child_signs") or not self.page.roster.class_words.isdisjoint(self.around())
        )

    @cached_property
    def close_to_child(self) -> bool:
        """A strong sign of a child stands within a few words, or another pupil's full name in the same sentence."""
        return self.near("child_signs", _CLOSE_BY) or self.among_pupils or bool(self.children_named(self.all_pupils))

    @cached_property
    def full_name_span(self) -> tuple[int, int]:
        """Where the whole name begins and ends in the folded text: forename, signs between and surname."""
        own = self.own_forename
        first = min(self.site.first, own[0].first) if own else self.site.first
        last = max(self.site.last, own[0].last) if own else self.site.last
        return self.words.starts[first], self.words.ends[last]

    @cached_property
    def whole_name_span(self) -> tuple[int, int]:
        """Where the name begins and ends with the title and the names in capitals that lead up to it."""
        start, end = self.full_name_span
        index = self.site.first
        for _ in range(_MOST_STEPS):
            if not self.linked(index - 1, across_lines=False) or not self.words.is_capital(index - 1):
                break
            low = self.words.low[index - 1]
            if not (self.is_title(index - 1) or len(low) == 1 or self._reads_like_a_forename(low)):
                break
            index -= 1
        return min(start, self.words.starts[index]), end

    def text_has(self, *groups: str) -> bool:
        """A word of these vocabulary groups stands in the sentence, or anywhere in a short text."""
        words = self.words.low if len(self.words.low) <= _SHORT_TEXT else self.around()
        return not lexicon.group(*groups).isdisjoint(words)

    def narrowed(self, pupils: tuple[int, ...]) -> tuple[int, ...]:
        """Those of `pupils` whose class or year the sentence names; all of them when it names none."""
        if len(pupils) < 2:
            return pupils
        sentence = self.sentence
        text = self.words.text[self.words.starts[sentence[0]] : self.words.ends[sentence[-1]] + 2].lower()
        words = set(self.around())
        fitting = [i for i in pupils if self._in_class(self.page.roster.pupils[i], text, words)]
        return tuple(fitting) or pupils

    def _in_class(self, pupil: PupilName, text: str, words: set[str]) -> bool:
        named = [word for word in parts_of(pupil.class_name) if len(word) > 2]
        if named and all(word in words for word in named):
            return True
        year = pupil.year_group.strip().lower()
        return bool(year) and re.search(rf"(?<!\w){re.escape(year)}(?!\w)", text) is not None
