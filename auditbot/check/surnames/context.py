"""What stands around a possible surname: the name it belongs to, titles, and signs of a child, an adult or a place."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Sites
from auditbot.check.surnames.names import StaffName
from auditbot.check.surnames.normalise import letters_only
from auditbot.check.surnames.roster import Roster, Surname
from auditbot.check.surnames.words import Gap, Words

_SENTENCE_REACH = 30
_TEXT_REACH = 70
_MOST_BETWEEN = 3
_LABEL_KINDS = frozenset({"ocr", "filename", "address", "hashtag"})


@dataclass(frozen=True, slots=True)
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


class Context:
    """The surroundings of one site."""

    def __init__(self, page: Page, site: Site, surname: Surname) -> None:
        self.page = page
        self.site = site
        self.surname = surname
        self.words = page.words

    # -- the words around --------------------------------------------------------------------------------------------

    def linked(self, index: int) -> bool:
        """Words `index` and `index + 1` may belong to one name."""
        if not 0 <= index < len(self.words.low) - 1:
            return False
        compound = self.words.compound
        gap = self.words.gap(index)
        if index in compound and compound.get(index + 1) == compound[index]:
            return gap is not Gap.STOP
        if gap is Gap.LINE:
            return self.page.kind in _LABEL_KINDS
        return (
            gap is Gap.CLOSE
            or (gap is Gap.DOT and (len(self.words.low[index]) == 1 or self.page.kind in _LABEL_KINDS))
            or self._after_title(index)
        )

    def _after_title(self, index: int) -> bool:
        low = self.words.low[index]
        return (
            self.words.gap_text(index).strip() == "."
            and low in lexicon.vocabulary()["adult_titles"] | lexicon.vocabulary()["office_titles"]
        )

    def before(self, steps: int = 1) -> str:
        """The word so many steps before the name, if linked to it, in lower case; otherwise ""."""
        index = self.site.first
        for _ in range(steps):
            if not self.linked(index - 1):
                return ""
            index -= 1
        return self.words.low[index]

    def after(self, steps: int = 1) -> str:
        """The word so many steps after the name, if linked to it (past a possessive), in lower case; otherwise ""."""
        index = self.end_with_possessive
        for _ in range(steps):
            if not self.linked(index):
                return ""
            index += 1
        return self.words.low[index]

    @cached_property
    def end_with_possessive(self) -> int:
        """The last word of the name, or the "s" of "'s" after it."""
        last = self.site.last
        if last + 1 < len(self.words.low) and self.words.low[last + 1] == "s" and self.words.gap_text(last) == "'":
            return last + 1
        return last

    @cached_property
    def sentence(self) -> range:
        """The indexes of the words of the same sentence, as far as it matters."""
        first, last = self.site.first, self.site.last
        while first > max(0, self.site.first - _SENTENCE_REACH) and self.words.gap(first - 1) not in (
            Gap.STOP,
            Gap.LINE,
        ):
            first -= 1
        end = min(len(self.words.low) - 1, self.site.last + _SENTENCE_REACH)
        while last < end and self.words.gap(last) not in (Gap.STOP, Gap.LINE):
            last += 1
        return range(first, last + 1)

    def near(self, group: str, reach: int | None = None) -> bool:
        """A word of that vocabulary group stands in the sentence (or within `reach` words), outside the name."""
        words = lexicon.vocabulary()[group]
        if reach is None:
            indexes = self.sentence
        else:
            indexes = range(max(0, self.site.first - reach), min(len(self.words.low), self.site.last + reach + 1))
        return any(self.words.low[i] in words for i in indexes if not self.site.first <= i <= self.site.last)

    def near_word(self, word: str) -> bool:
        """That word stands in the sentence, outside the name."""
        return any(self.words.low[i] == word for i in self.sentence if not self.site.first <= i <= self.site.last)

    # -- how it is written -------------------------------------------------------------------------------------------

    @cached_property
    def in_compound(self) -> bool:
        """Inside a hashtag, handle, address or file name, where capitals mean little."""
        return self.site.first in self.words.compound

    @cached_property
    def is_small(self) -> bool:
        """Written in small letters although the text uses capitals."""
        return not self.in_compound and self.page.has_capitals and not self.words.is_capital(self.site.last)

    # -- names beside it ---------------------------------------------------------------------------------------------

    def _forenames_before(self) -> Iterator[tuple[Site, bool]]:
        """Forenames of pupils that lead up to the surname, and whether other names stand between."""
        index = self.site.first - 1
        for steps in range(_MOST_BETWEEN):
            if index < 0 or not self.linked(index):
                return
            for found in self.page.sites.forename_ends.get(index, ()):
                yield found, steps > 0
            if not self._may_stand_between(index):
                return
            index -= 1

    def _may_stand_between(self, index: int) -> bool:
        low = self.words.low[index]
        if len(low) == 1 or low in self.page.roster.middle_names:
            return True
        return (low in lexicon.forenames() or low in lexicon.vocabulary()["particles"]) and (
            self.words.is_capital(index) or index in self.words.compound
        )

    def _forenames_after(self) -> Iterator[Site]:
        last = self.site.last
        if last + 1 >= len(self.words.low):
            return
        gap = self.words.gap_text(last).strip()
        turned = gap == "," and not self.surname.is_forename
        if self.linked(last) or turned:
            yield from self.page.sites.forenames.get(last + 1, ())

    def pupils_called(self, letters: str) -> tuple[int, ...]:
        """Pupils with that forename or a usual short form of it."""
        return self.page.roster.forenames.get(letters) or self.page.roster.nicknames.get(letters, ())

    @cached_property
    def own_forename(self) -> tuple[Site, tuple[int, ...]] | None:
        """The forename that stands with this surname, and the pupils who have both."""
        for found, _ in self._forenames_before():
            both = [index for index in self.pupils_called(found.letters) if index in self.surname.pupils]
            if both:
                return found, tuple(both)
        for found in self._forenames_after():
            both = [index for index in self.pupils_called(found.letters) if index in self.surname.pupils]
            if both and not self._has_own_surname(found, both):
                return found, tuple(both)
        return None

    def _has_own_surname(self, found: Site, pupils: list[int]) -> bool:
        following = next((site for site in self.page.sites.surnames if site.first == found.last + 1), None)
        if following is None:
            return False
        return any(index in self.page.roster.surnames[following.letters].pupils for index in pupils)

    @cached_property
    def other_forename(self) -> Site | None:
        """A forename of another pupil directly before the surname."""
        for found, between in self._forenames_before():
            if not between:
                return found
        return None

    @cached_property
    def own_initial(self) -> tuple[int, ...]:
        """Pupils with this surname whose initial stands directly before or after it."""
        initials = [self.before()]
        if (
            self.site.last + 1 < len(self.words.low)
            and self.linked(self.site.last)
            and self.end_with_possessive == self.site.last
        ):
            initials.append(self.words.low[self.site.last + 1])
        roster = self.page.roster
        for initial in initials:
            if len(initial) == 1:
                fitting = tuple(
                    i for i in self.surname.pupils if any(name.startswith(initial) for name in roster.forenames_of[i])
                )
                if fitting:
                    return fitting
        return ()

    @cached_property
    def stranger_forename(self) -> str:
        """A capitalised word before the surname which is a forename of nobody on the register, or ""."""
        low = self.before()
        if len(low) < 2 or not (self.in_compound or self.words.is_capital(self.site.first - 1)):
            return ""
        return low if low in lexicon.forenames() or low not in lexicon.known_words() else ""

    def title(self, *groups: str) -> str:
        """The title of one of these vocabulary groups before the name (and before its forename or initials), or ""."""
        known = frozenset().union(*(lexicon.vocabulary()[group] for group in groups))
        index = self.site.first - 1
        for _ in range(_MOST_BETWEEN):
            if index < 0 or not self.linked(index):
                return ""
            if self.words.low[index] in known:
                return self.words.low[index]
            if not (self.words.is_capital(index) or index in self.words.compound or len(self.words.low[index]) == 1):
                return ""
            index -= 1
        return ""

    @cached_property
    def staff(self) -> list[StaffName]:
        """Staff with this surname."""
        return self.page.roster.staff_by_surname.get(self.surname.letters, [])

    @cached_property
    def staff_by_forename(self) -> StaffName | None:
        """The member of staff whose forename stands directly before the surname."""
        low = self.before()
        return next((adult for adult in self.staff if low and letters_only(adult.forename) == low), None)

    def children_named(self, pupils: tuple[int, ...]) -> tuple[int, ...]:
        """Those of `pupils` whose forename stands elsewhere near in the text, not as part of another full name."""
        found: list[int] = []
        low, high = self.site.first - _TEXT_REACH, self.site.last + _TEXT_REACH
        for first, sites in self.page.sites.forenames.items():
            if not low <= first <= high or self.site.first <= first <= self.site.last:
                continue
            for site in sites:
                if not self.words.is_capital(first) and self.page.has_capitals and first not in self.words.compound:
                    continue
                if not self._part_of_other_name(site):
                    found += [
                        i for i in pupils if i in self.page.roster.forenames.get(site.letters, ()) and i not in found
                    ]
        return tuple(found)

    def _part_of_other_name(self, site: Site) -> bool:
        following = site.last + 1
        if following < len(self.words.low) and self.linked(site.last) and self.words.is_capital(following):
            low = self.words.low[following]
            if following == self.site.first:
                return False
            return (
                low in self.page.roster.staff_by_surname
                or low in self.page.roster.surnames
                or low not in lexicon.known_words()
            )
        before = site.first - 1
        if before >= 0 and self.linked(before):
            return self.words.low[before] in lexicon.vocabulary()["adult_titles"]
        return False
