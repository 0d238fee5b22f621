"""Adults of a whole site: who is named on a page of staff, governors or minutes is an adult wherever the name stands.

Of each adult one finding stands, at the first place, and says on how many further pages the name is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from auditbot.check.surnames import SurnameEngine
from auditbot.check.surnames.rules.introduced import is_page_of_adults
from auditbot.check.texts import labelled, part_of, texts_of_post
from auditbot.model import Finding, PostFacts, TextEvidence
from auditbot.sentences import say_n, together

ADULT = "adult_with_a_name_like_a_pupil"
"""The kind of finding of somebody who seems to be an adult."""
_OF_PUPILS = frozenset({"post", "newsletter"})


def letters_of(text: str) -> str:
    """Return a name as its letters alone, in lower case, to be compared."""
    return "".join(filter(str.isalpha, text.casefold()))


def parts_of_adults(facts: PostFacts) -> frozenset[str]:
    """Return which parts of a post ("text", "document 1") say by their address or title that they name adults."""
    post = facts.post
    parts = {"text", "title"} if _names_adults(post.title, post.url) else set()
    parts |= {label for label, document in labelled(post) if _names_adults(document.title, document.url)}
    return frozenset(parts)


def _names_adults(title: str, url: str) -> bool:
    return is_page_of_adults(title) or is_page_of_adults(unquote(urlsplit(url).path))


def adults_of_site(engine: SurnameEngine, posts: Iterable[PostFacts]) -> frozenset[str]:
    """Return the full names of the adults on such pages, of those alone that share a surname with a pupil."""
    found: set[str] = set()
    for facts in posts:
        parts = parts_of_adults(facts)
        for published in texts_of_post(facts) if parts else ():
            if part_of(published.field) in parts and published.kind in _OF_PUPILS:
                spans = engine.people_named(published.text, kind=published.kind)
                found.update(letters_of(published.text[start:end]) for start, end in spans)
    return frozenset(found)


class OncePerAdult:
    """Folds the findings of adults over all posts of an audit, in the order in which the posts come."""

    def __init__(self) -> None:
        """Begin a site of which nobody was named yet."""
        self._first: dict[str, str] = {}
        self._more: Counter[str] = Counter()

    def but_told(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings of one post without those of adults who stand in a post before."""
        return [finding for finding in findings if finding.kind != ADULT or not self._is_told(finding)]

    def _is_told(self, finding: Finding) -> bool:
        evidence = finding.evidence
        if not isinstance(evidence, TextEvidence):
            return False
        name = letters_of(evidence.text[evidence.start : evidence.end])
        first = self._first.setdefault(name, finding.id)
        self._more[first] += first != finding.id
        return first != finding.id

    def counted(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return all findings, those of adults saying on how many further pages the name stands."""
        return [self._with_count(finding) for finding in findings]

    def _with_count(self, finding: Finding) -> Finding:
        more = self._more[finding.id]
        if not more:
            return finding
        told = say_n("The name stands on %(count)s more page.", "The name stands on %(count)s more pages.", more)
        return replace(finding, explanation=together(finding.explanation, told))
