"""What holds for a whole site: who is an adult on it, and what stands on many of its pages and is told once.

Who is named on a page of staff, governors or minutes is an adult wherever the name stands. Of each adult, and of each
phone number and address, one finding stands at the first place, and says on how many further pages it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from auditbot.check.c05_personal_data import KINDS
from auditbot.check.read_before.kept_readings import NothingRead, ReadBefore
from auditbot.check.read_before.reading import Reading
from auditbot.check.surnames import SurnameEngine
from auditbot.check.surnames.rules.introduced import is_page_of_adults
from auditbot.check.texts import PublishedText, labelled, part_of
from auditbot.model import Finding, Post, PostFacts, TextEvidence
from auditbot.sentences import say_n, together

ADULT = "adult_with_a_name_like_a_pupil"
"""The kind of finding of somebody who seems to be an adult."""
CONTACTS = frozenset({KINDS["phone"], KINDS["email"], KINDS["postal_address"]})
"""The kinds of finding of contact details: in a footer or a signature they stand on page after page."""
_OF_PUPILS = frozenset({"post", "newsletter"})


def letters_of(text: str) -> str:
    """Return a name as its letters alone, in lower case, to be compared."""
    return "".join(filter(str.isalpha, text.casefold()))


def parts_of_adults(post: Post) -> frozenset[str]:
    """Return which parts of a post ("text", "document 1") say by their address or title that they name adults."""
    parts = {"text", "title"} if _names_adults(post.title, post.url) else set()
    parts |= {label for label, document in labelled(post) if _names_adults(document.title, document.url)}
    return frozenset(parts)


def _names_adults(title: str, url: str) -> bool:
    return is_page_of_adults(title) or is_page_of_adults(unquote(urlsplit(url).path))


@dataclass(frozen=True, slots=True)
class _Named:
    """Where a full name is, in code points."""

    start: int
    end: int


def adults_of_site(
    engine: SurnameEngine, posts: Iterable[PostFacts], before: ReadBefore | None = None
) -> frozenset[str]:
    """Return the full names of the adults on such pages, of those alone that share a surname with a pupil."""
    reading = Reading(before or NothingRead(), "people named", _Named, *engine.decided_by)

    def people(published: PublishedText) -> list[_Named]:
        if published.kind not in _OF_PUPILS:
            return []
        return [_Named(*span) for span in engine.people_named(published.text, kind=published.kind)]

    found: set[str] = set()
    for facts in posts:
        parts = parts_of_adults(facts.post)
        for published, named in reading.of(facts, people) if parts else ():
            if part_of(published.field) in parts:
                found.add(letters_of(published.text[named.start : named.end]))
    return frozenset(found)


class OncePerSite:
    """Folds what stands on many pages of an account, in the order in which the posts come.

    Of an adult, and of a phone number or an address, one finding stands at the first place and counts the others.
    """

    def __init__(self) -> None:
        """Begin with nothing told yet."""
        self._first: dict[tuple[str, ...], Finding] = {}
        self._more: defaultdict[str, dict[str, None]] = defaultdict(dict)

    def but_told(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings of one post without what was told of a post before."""
        return [finding for finding in findings if not self._is_told(finding)]

    def _is_told(self, finding: Finding) -> bool:
        what = _the_same_everywhere(finding)
        if not what:
            return False
        first = self._first.setdefault((finding.account, *what), finding)
        here = first.post_url == finding.post_url
        if first.id == finding.id or (here and finding.kind != ADULT):
            return False
        self._more[first.id][finding.post_url] = None
        return True

    def counted(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return all findings, each that stands for others saying on how many further pages they are."""
        return [self._with_count(finding) for finding in findings]

    def _with_count(self, finding: Finding) -> Finding:
        more = [page for page in self._more.get(finding.id, {}) if page != finding.post_url]
        if not more:
            return finding
        # Only how many: an explanation is read by people who may not see every page's address, which may hold a name.
        if finding.kind == ADULT:
            told = say_n(
                "The name stands on %(count)s more page.", "The name stands on %(count)s more pages.", len(more)
            )
        else:
            told = say_n(
                "It stands on %(count)s more page of this account: searching the site for it finds that one too.",
                "It stands on %(count)s more pages of this account: searching the site for it finds them.",
                len(more),
            )
        return replace(finding, explanation=together(finding.explanation, told))


def _the_same_everywhere(finding: Finding) -> tuple[str, ...]:
    """Return what makes two findings of an account one; empty for one that stands by itself."""
    evidence = finding.evidence
    text = evidence.text if isinstance(evidence, TextEvidence) else evidence.words
    characters = text[evidence.start : evidence.end]
    if finding.kind == ADULT and isinstance(evidence, TextEvidence):
        return finding.kind, letters_of(characters)
    if finding.kind in CONTACTS and characters:
        return finding.kind, finding.band, "".join(filter(str.isalnum, characters.casefold()))
    return ()
