"""The words around a possible surname, and how it is written."""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Spelling
from auditbot.check.surnames.page import Page
from auditbot.check.surnames.roster import Surname
from auditbot.check.surnames.words import Gap

_SENTENCE_REACH = 30
_MOST_STEPS = 3
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
