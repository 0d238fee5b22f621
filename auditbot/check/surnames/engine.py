"""The surname engine: normalise, cut into words, find candidates, weigh each, join the answers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from auditbot.check.surnames.candidates import Finder, Site, Sites
from auditbot.check.surnames.context import Context, Page
from auditbot.check.surnames.misspelt import Misspellings
from auditbot.check.surnames.names import PupilName, StaffName, SurnameHit
from auditbot.check.surnames.normalise import Folded, fold, fold_name, lower
from auditbot.check.surnames.roster import Roster
from auditbot.check.surnames.rules_children import masked
from auditbot.check.surnames.verdict import Verdict
from auditbot.check.surnames.weigh import weigh
from auditbot.check.surnames.words import Words, cut

_MIXED = re.compile(r"(?=[^\W_]*[^\W\d_])(?=[^\W_]*[0-9@$])(?:[^\W_]|[@$])*(?:[^\W\d_]{2})(?:[^\W_]|[@$])*")
_DIGIT_LETTERS = (str.maketrans("01345678@$", "oieasgtbas"), str.maketrans("01345678@$", "oleasgtbas"))
_COMPOUND_KINDS = frozenset({"filename", "address"})


class SurnameEngine:
    """Finds surnames of pupils in any text a school publishes."""

    def __init__(
        self,
        pupils: Sequence[PupilName],
        staff: Sequence[StaffName] = (),
        school_words: Sequence[str] = (),
        allowed_phrases: Sequence[str] = (),
    ) -> None:
        """Get ready for `pupils` and `staff`; `school_words` are names of the school, its classes and houses, and
        `allowed_phrases` texts in which a surname may stand; both are compared without regard to case.
        """
        self._roster = Roster(pupils, staff)
        self._finder = Finder(self._roster)
        self._misspellings = Misspellings(self._roster)
        phrases = {fold_name(phrase) for phrase in (*school_words, *allowed_phrases) if phrase.strip()}
        self._allowed = (
            re.compile(
                "|".join(rf"(?<!\w){re.escape(phrase)}(?!\w)" for phrase in sorted(phrases, key=len, reverse=True))
            )
            if phrases
            else None
        )

    def find(self, text: str, *, kind: str = "post", author_role: str = "school") -> list[SurnameHit]:
        """All hits in `text` in order of place, none overlapping another.

        `kind` is what the text is: post, comment, alt_text, filename, hashtag, newsletter, ocr, address (a URL), author
        (a commenter's name). `author_role` is who wrote it: school, staff, parent, unknown.
        """
        folded = fold(text)
        hits = self._find_in(folded, folded.text, kind, author_role)
        if _MIXED.search(folded.text):
            for table in _DIGIT_LETTERS:
                undone = _undo_digits(folded.text, table)
                hits += self._find_in(folded, undone, kind, author_role)
        return _without_overlap(hits)

    def _find_in(self, folded: Folded, text: str, kind: str, author_role: str) -> list[SurnameHit]:
        lowered = lower(text)
        words = cut(text, lowered, self._finder.names, all_compound=kind in _COMPOUND_KINDS)
        sites = self._finder.find(words)
        allowed = [match.span() for match in self._allowed.finditer(lowered)] if self._allowed else []
        inexact = self._inexact(words, sites)
        contexts = self._contexts(
            Page(words, sites, self._roster, kind, author_role, text not in (lowered, text.upper())), inexact
        )
        hits: list[SurnameHit] = []
        for context in contexts:
            start, end = words.starts[context.site.first], words.ends[context.site.last]
            if any(begin <= start and end <= stop for begin, stop in allowed):
                continue
            verdict = weigh(context)
            if verdict.band is not None:
                hits.append(self._hit(folded, start, end, replace(verdict, pupils=context.narrowed(verdict.pupils))))
        for start, end, letters in self._misspellings.masked(words):
            hits.append(self._hit(folded, start, end, masked(self._roster.surnames[letters].pupils)))
        return hits

    def _contexts(self, page: Page, inexact: list[Site]) -> list[Context]:
        page.surname_starts = {site.first: site for site in page.sites.surnames}
        contexts = [
            Context(page, site, self._roster.surnames[site.letters]) for site in (*page.sites.surnames, *inexact)
        ]
        page.pairs = {context.site.first for context in contexts if context.own_forename is not None}
        return contexts

    def _inexact(self, words: Words, sites: Sites) -> list[Site]:
        taken = {index for site in sites.surnames for index in range(site.first, site.last + 1)}
        found: list[Site] = []
        for site in (
            *self._misspellings.beside_forenames(words, sites),
            *self._misspellings.alone(words),
            *self._misspellings.cut_short(words, sites),
        ):
            covered = range(site.first, site.last + 1)
            if taken.isdisjoint(covered):
                taken.update(covered)
                found.append(site)
        return found

    def _hit(self, folded: Folded, start: int, end: int, verdict: Verdict) -> SurnameHit:
        first, last = folded.original_span(start, end)
        ids = tuple(self._roster.pupils[index].pupil_id for index in verdict.pupils)
        return SurnameHit(first, last, ids, verdict.band or "review", verdict.score, verdict.rule, verdict.explanation)


def _without_overlap(hits: list[SurnameHit]) -> list[SurnameHit]:
    kept: list[SurnameHit] = []
    for hit in sorted(hits, key=lambda hit: (hit.band != "breach", -hit.score, hit.start, hit.end)):
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _undo_digits(text: str, table: dict[int, int]) -> str:
    return _MIXED.sub(lambda match: match.group().translate(table), text)
