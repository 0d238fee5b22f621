"""A place in a text at which a name may stand: which words belong to it, lead up to it and follow it."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Sites, Spelling
from auditbot.check.surnames.register_rows import pupils_of_rows
from auditbot.check.surnames.roster import Roster
from auditbot.check.surnames.rules.features import SENTENCE
from auditbot.check.surnames.text import Gap, Words

_LONG_TEXT = 120
"""Words from which a text is a page rather than a post."""
_MOST_STEPS = 3
_SEEN_THROUGH = re.compile(r"\s?(?:_|[^\w\s.,;!?]|\.{2,3})+\s?(?:_|[^\w\s.,;!?])*\s?")
_LONGEST_SIGNS = 8
"""Characters that may stand between a forename and its surname, and which every reader sees through."""
_ABBREVIATED_TITLES = frozenset(
    (
        *("mr", "mrs", "ms", "mx", "dr", "prof", "rev", "revd", "fr", "br", "sr", "pc", "sgt", "insp", "cllr", "capt"),
        *("maj", "col", "gen", "lt", "cpl", "st", "hon", "mme"),
    )
)
"""Titles that a full stop follows without the end of a sentence."""
_LABEL_KINDS = frozenset({"ocr", "filename", "address", "hashtag"})


@dataclass(frozen=True, slots=True)
class Page:
    """One text with everything that was found in it, before any of it is weighed."""

    words: Words
    """Its words."""
    sites: Sites
    """The roster's names in it."""
    roster: Roster
    """The registers."""
    kind: str
    """What the text is: post, comment, filename, ocr, ..."""
    has_capitals: bool
    """Capital letters are used with care, so that a small letter means something."""
    some_capitals: bool
    """Capital letters are used within sentences, be it without care."""
    surname_starts: Mapping[int, Site]
    """Possible surnames by their first word."""
    surname_lasts: frozenset[int]
    """Last words of possible surnames."""
    forename_order: Sequence[int]
    """First words of the forenames, in order."""
    rows: Mapping[int, tuple[int, ...]]
    """Pupils meant by entries of lists in the order of a register, by the character after the surname."""
    breaks: Sequence[int]
    """Words after which a sentence or a line ends, in order."""

    @property
    def is_long(self) -> bool:
        """A page of a document or a website, in which one child's sign says nothing about a name far from it."""
        return len(self.words.low) > _LONG_TEXT


def page_of(words: Words, sites: Sites, roster: Roster, kind: str, *, has_capitals: bool, some_capitals: bool) -> Page:
    """Return the page of these words and of the names of `roster` found in them; its cost grows with the length."""
    breaks = [
        index
        for index in range(len(words.low) - 1)
        if not words.has_plain_space(index) and words.gap(index) in (Gap.STOP, Gap.LINE)
    ]
    starts = {site.first: site for site in sites.surnames}
    lasts = frozenset(site.last for site in sites.surnames)
    forename_order = sorted(sites.forenames)
    rows = pupils_of_rows(words.text, roster) if starts else {}
    return Page(words, sites, roster, kind, has_capitals, some_capitals, starts, lasts, forename_order, rows, breaks)


@dataclass(frozen=True, slots=True)
class Place:
    """Words `first` to `last` of a text, which spell a name."""

    page: Page
    """The text."""
    first: int
    """Index of the first word."""
    last: int
    """Index of the last word."""
    spelling: Spelling
    """How the name is written."""

    def widened_to(self, first: int) -> "Place":
        """The place of the longer name that begins with word `first`, if that is before it."""
        return Place(self.page, min(first, self.first), self.last, self.spelling)

    def linked(self, index: int, *, across_lines: bool = True) -> bool:
        """Words `index` and `index + 1` may belong to one name."""
        words = self.page.words
        if not 0 <= index < len(words.low) - 1:
            return False
        if words.has_plain_space(index):
            return True
        gap = words.gap(index)
        compound = words.compound.get(index)
        if compound is not None and words.compound.get(index + 1) == compound:
            return gap is not Gap.STOP
        if gap is Gap.CLOSE:
            return True
        label = self.page.kind in _LABEL_KINDS
        if gap in (Gap.LINE, Gap.SIGN):
            return across_lines and label if gap is Gap.LINE else self.spelling is Spelling.DISGUISED
        abbreviated = words.low[index] in _ABBREVIATED_TITLES and self.is_title(index)
        stop_of_title = words.gap_text(index).strip() == "." and abbreviated
        return stop_of_title or (gap is Gap.DOT and (label or len(words.low[index]) == 1))

    def seen_through(self, index: int) -> bool:
        """Only brackets, quotes, emoji, markup, dashes or one new line stand between words `index` and `index + 1`."""
        words = self.page.words
        if not 0 <= index < len(words.low) - 1:
            return False
        if self.linked(index):
            return True
        gap = words.gap_text(index)
        if "\n" in gap:
            capital = words.is_capital(index) and words.is_capital(index + 1)
            return gap.strip(" ") == "\n" and capital
        if gap == ".":
            return self._joined_by_a_dot(index)
        return 0 < len(gap) <= _LONGEST_SIGNS and _SEEN_THROUGH.fullmatch(gap) is not None

    def _joined_by_a_dot(self, index: int) -> bool:
        """ "ada.brierley" as an account is called; with capitals only if the second word is none of every day."""
        words = self.page.words
        if not words.is_capital(index + 1):
            return not words.is_capital(index)
        return words.is_capital(index) and words.low[index + 1] not in lexicon.common_words()

    def is_title(self, index: int) -> bool:
        """Word `index` is a title of an adult."""
        low = self.page.words.low[index]
        if self.follows_digit(index):
            return False
        if low in lexicon.vocabulary()["adult_titles"]:
            return True
        return low in lexicon.vocabulary()["office_titles"] and self.counts_as_capital(index)

    def follows_digit(self, index: int) -> bool:
        """The word is the ending of a number ("1st")."""
        words = self.page.words
        start = words.starts[index]
        return start > 0 and words.text[start - 1].isdigit()

    def counts_as_capital(self, index: int) -> bool:
        """The word begins with a capital, or capitals mean nothing here."""
        return self.page.words.is_capital(index) or not self.page.has_capitals

    def before(self) -> list[str]:
        """Up to three words, in lower case, that lead up to the name on the same line, the nearest first."""
        index = self.first
        while self.first - index < _MOST_STEPS and self.linked(index - 1, across_lines=False):
            index -= 1
        return self.page.words.low[index : self.first][::-1]

    def after(self) -> list[str]:
        """Up to three words, in lower case, that follow the name (past a possessive) on the same line."""
        index = end = self.end
        while index - end < _MOST_STEPS and self._followed(index):
            index += 1
        return self.page.words.low[end + 1 : index + 1]

    def _followed(self, index: int) -> bool:
        """Word `index` is linked to the next on the same line and in the same column."""
        return self.linked(index, across_lines=False) and "   " not in self.page.words.gap_text(index)

    @property
    def end(self) -> int:
        """The last word of the name, or the "s" of "'s" after it."""
        words, last = self.page.words, self.last
        if last + 1 < len(words.low) and words.low[last + 1] == "s" and words.gap_text(last) == "'":
            return last + 1
        return last

    @property
    def in_compound(self) -> bool:
        """Inside a hashtag, handle, address or file name, where capitals mean little."""
        return self.first in self.page.words.compound

    @property
    def is_small(self) -> bool:
        """Written in small letters although the text uses capitals."""
        if self.in_compound or not self.page.has_capitals:
            return False
        return not any(self.page.words.is_capital(index) for index in range(self.first, self.last + 1))

    @property
    def after_is_capital(self) -> bool:
        """The word after the name begins with a capital, or capitals mean nothing here."""
        end = self.end
        return self._followed(end) and (self.in_compound or self.counts_as_capital(end + 1))

    @property
    def starts_sentence(self) -> bool:
        """Nothing of the same sentence stands before the name."""
        return self.first == 0 or self.page.words.gap(self.first - 1) in (Gap.STOP, Gap.LINE)

    def capitals_after(self) -> Iterator[str]:
        """Up to three words after the name, in lower case, while they begin with capitals or capitals mean nothing."""
        index = self.end
        for _ in range(_MOST_STEPS):
            if not self._followed(index):
                return
            index += 1
            if not self.in_compound and not self.counts_as_capital(index):
                return
            yield self.page.words.low[index]

    def possible_titles(self) -> Iterator[str]:
        """Words before the name, its forename or its initials which are titles if a group of titles holds them."""
        words, index = self.page.words, self.first - 1
        for _ in range(_MOST_STEPS):
            if index < 0 or not self.linked(index, across_lines=False) or self.follows_digit(index):
                return
            low = words.low[index]
            capital = words.is_capital(index) or index in words.compound or not self.page.has_capitals
            if capital or len(low) < 4:
                yield low
            named = len(low) == 1 or low in lexicon.forenames() or low not in lexicon.known_words()
            if not (capital and (named or self.is_title(index))):
                return
            index -= 1

    def sentence(self) -> range:
        """The indexes of the words of the same sentence, as far as it matters."""
        breaks = self.page.breaks
        begin = max(0, self.first - SENTENCE)
        end = min(len(self.page.words.low) - 1, self.last + SENTENCE)
        broken_before = bisect_left(breaks, self.first) - 1
        broken_after = bisect_left(breaks, self.last)
        if broken_before >= 0:
            begin = max(begin, breaks[broken_before] + 1)
        if broken_after < len(breaks):
            end = min(end, breaks[broken_after])
        return range(begin, end + 1)
