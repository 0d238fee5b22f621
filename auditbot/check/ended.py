"""Which open findings are gone, and how that is known: what could not be looked at again never counts as gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urldefrag

from auditbot.check.texts_of_post import texts_of_post
from auditbot.model import Finding, NotChecked, PhotoEvidence, PostFacts

Posts = Mapping[tuple[str, str], PostFacts]


def ended_findings(
    still_open: Iterable[Finding],
    derived: Iterable[Finding],
    posts: Posts,
    not_checked: Iterable[NotChecked],
    gone: Mapping[str, str],
) -> dict[str, str]:
    """Return by id the open findings that are gone, with the proof that the page no longer shows them, if there is one.

    ``gone`` says by permalink how it is known that a post is gone. A finding whose page, photo or document could not be
    looked at this time is not returned: it stays open.
    """
    still_derived = {finding.id for finding in derived}
    unseen = {urldefrag(note.url).url for note in not_checked if note.url}
    return {
        finding.id: _proof(finding, posts.get((finding.account, finding.post_url)), gone)
        for finding in still_open
        if finding.id not in still_derived and (finding.post_url in gone or not _rests_on(finding, posts) & unseen)
    }


def _rests_on(finding: Finding, posts: Posts) -> set[str]:
    """Return the addresses that have to be looked at before a finding can be called gone."""
    addresses = {urldefrag(finding.post_url).url}
    if isinstance(finding.evidence, PhotoEvidence):
        addresses.add(urldefrag(finding.evidence.photo_url).url)
    elif finding.evidence.field.startswith("document"):
        facts = posts.get((finding.account, finding.post_url))
        addresses |= {urldefrag(document.url).url for document in facts.post.documents} if facts else set()
    return addresses


def _proof(finding: Finding, facts: PostFacts | None, gone: Mapping[str, str]) -> str:
    if finding.post_url in gone:
        return gone[finding.post_url]
    if facts is None:
        return ""
    if isinstance(finding.evidence, PhotoEvidence):
        return "" if finding.evidence.sha256 in facts.photos else "The page no longer shows this photo."
    words = finding.evidence.text[finding.evidence.start : finding.evidence.end]
    here = [text.text for text in texts_of_post(facts) if text.field == finding.evidence.field]
    return "" if any(words in text for text in here) else "The page no longer holds these words."
