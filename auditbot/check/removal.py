"""Which open findings are gone, and how that is known: what could not be looked at again never counts as gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urldefrag

from auditbot.check.texts import labelled, texts_of_post
from auditbot.model import FileAnswer, Finding, NotChecked, PhotoEvidence, Post, PostFacts
from auditbot.same_page import key
from auditbot.sentences import Sentence, say, together
from auditbot.store.audits import Missing

Posts = Mapping[tuple[str, str], PostFacts]


def ended_findings(
    still_open: Iterable[Finding],
    derived: Iterable[Finding],
    posts: Posts,
    not_checked: Iterable[NotChecked],
    gone: Mapping[tuple[str, str], str],
) -> dict[str, str]:
    """Return by id the open findings that are gone, with the proof that the page no longer shows them, if there is one.

    ``gone`` says by account and permalink how it is known that a post is gone. A finding whose page, photo or document
    could not be looked at this time is not returned: it stays open.
    """
    still_derived = {finding.id for finding in derived}
    unseen = {_page(note.url) for note in not_checked if note.url}
    return {
        finding.id: _proof(finding, posts.get((finding.account, finding.post_url)), gone)
        for finding in still_open
        if finding.id not in still_derived
        and ((finding.account, finding.post_url) in gone or not _rests_on(finding, posts) & unseen)
    }


def _rests_on(finding: Finding, posts: Posts) -> set[str]:
    """Return the addresses that have to be looked at before a finding can be called gone."""
    addresses = {_page(finding.post_url)}
    if isinstance(finding.evidence, PhotoEvidence):
        addresses.add(_page(finding.evidence.photo_url))
    elif _DOCUMENT.match(finding.evidence.field):
        facts = posts.get((finding.account, finding.post_url))
        addresses |= {_page(document.url) for document in facts.post.documents} if facts else set()
    return addresses


def _page(url: str) -> str:
    """Return what all addresses of one page share: a visit may note another than the permalink the page names."""
    try:
        return key(urldefrag(url).url)
    except ValueError:
        return url


def _proof(finding: Finding, facts: PostFacts | None, gone: Mapping[tuple[str, str], str]) -> str:
    place = (finding.account, finding.post_url)
    if place in gone:
        return gone[place]
    if facts is None:
        return ""
    if isinstance(finding.evidence, PhotoEvidence):
        return "" if finding.evidence.sha256 in facts.photos else say("The page no longer shows this photo.")
    words = finding.evidence.text[finding.evidence.start : finding.evidence.end]
    # A photo, comment or document that joins or leaves the post gives the others new numbers.
    sort = _NUMBER.sub("", finding.evidence.field)
    here = [text.text for text in texts_of_post(facts) if _NUMBER.sub("", text.field) == sort]
    return "" if any(words in text for text in here) else say("The page no longer holds these words.")


def file_of(finding: Finding, post: Post | None) -> str:
    """Return the address of the file that a finding rests on; empty if it rests on the page alone."""
    url = ""
    if isinstance(finding.evidence, PhotoEvidence):
        url = urldefrag(finding.evidence.photo_url).url
    elif post and (found := _DOCUMENT.match(finding.evidence.field)):
        url = next((use.url for label, use in labelled(post) if label == found[0]), "")
    own = url.startswith(("http://", "https://")) and url != urldefrag(finding.post_url).url
    return url if own else ""


_NUMBER = re.compile(r"\d+")
_DOCUMENT = re.compile(r"(document|video|captions) \d+\b")
_AGAIN = say("This was checked once; the next audit that visits the page checks it again.")
_NOT_ASKED = say("Whether the file still answers at its own address has not been asked yet.")


def proved(
    before: Missing, proof: str, audit: str, looked_at: datetime | None, answer: tuple[FileAnswer, datetime] | None
) -> str | Missing:
    """Return the proof that something was removed, or, while it is not proved, what is known.

    ``proof`` says how the page no longer shows it, ``looked_at`` when it was last looked at, ``answer`` what the file's
    own address said last, and when. Proved is what page and file have both said in two audits, on two visits.
    """
    if before.file_url:
        if answer is None or looked_at is None or answer[1] < looked_at:
            return Missing(together(proof, _NOT_ASKED), before.since, before.audit)
        proof = together(proof, answer[0].answer)
        if not answer[0].gone:
            return Missing(proof) if answer[0].gone is False else Missing(proof, before.since, before.audit)
    if before.since is None or looked_at is None:
        return Missing(together(proof, _AGAIN), looked_at, audit)
    if audit == before.audit or looked_at <= before.since:
        return Missing(together(proof, _AGAIN), before.since, before.audit)
    return together(
        proof, say("Checked twice: %(first)s, and %(second)s.", first=_at(before.since), second=_at(looked_at))
    )


def _at(moment: datetime) -> Sentence:
    return say("%(day)s, %(time)s", day=moment.date(), time=moment.strftime("%H:%M"))
