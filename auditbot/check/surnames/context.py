"""Everything the rules ask about one possible surname: the name it belongs to, titles, staff, and signs of a child."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Spelling
from auditbot.check.surnames.full_name import FullName
from auditbot.check.surnames.names import PupilName
from auditbot.check.surnames.roster import Form, parts_of

_TEXT_REACH = 70
_MOST_BETWEEN = 3
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
        if not self.page.has_capitals or not self.words.is_capital(site.first):
            return False
        titled = site.first > 0 and self.is_title(site.first - 1)
        return not titled and set(other.pupils).isdisjoint(self.all_pupils)

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
