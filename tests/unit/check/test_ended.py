"""A finding is gone only if its place was looked at again and no longer shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditbot.check.ended import ended_findings
from auditbot.model import DocumentUse, Finding, NotChecked, PhotoEvidence, PhotoUse, PostFacts, TextEvidence
from tests.unit.check.school import URL, photo, post

SHA = "a" * 64
PHOTO = f"{URL}/a.jpg"
NEWSLETTER = f"{URL}/news.pdf"
PAGE = replace(
    post(title="Well done Maya Okonkwo"),
    photos=(PhotoUse(PHOTO, SHA),),
    documents=(DocumentUse(NEWSLETTER, "d" * 64),),
)
SHOWN = PostFacts(PAGE, {SHA: photo(SHA)}, {})
GONE = {URL: "The page answers 404 Not Found."}


def finding(evidence: TextEvidence | PhotoEvidence, name: str = "f1") -> Finding:
    return Finding(name, "C12", "surname", "today", "breach", "website", URL, None, evidence, ("P001",), 0.9, "Why.")


WORDS = finding(TextEvidence("title", PAGE.title, 15, 22))
OF_PHOTO = finding(PhotoEvidence(PHOTO, SHA, ((1, 2, 3, 4),)))
OF_PICTURE = finding(PhotoEvidence(f"{NEWSLETTER}#page=2", SHA, ((1, 2, 3, 4),)))
OF_DOCUMENT = finding(TextEvidence("document 1 page 2", "Maya Okonkwo", 5, 12))
OTHER_WORDS = PostFacts(replace(PAGE, title="Well done Maya"), SHOWN.photos, {})
WITHOUT_PHOTO = PostFacts(replace(PAGE, photos=()), {}, {})


def note(url: str) -> NotChecked:
    return NotChecked("website", url, "photo", "It did not answer in time.")


@pytest.mark.parametrize(
    ("known", "page", "left_out", "gone", "ended"),
    [
        # looked at again, and no longer there: gone, with its proof
        (WORDS, OTHER_WORDS, [], {}, "The page no longer holds these words."),
        (OF_PHOTO, WITHOUT_PHOTO, [], {}, "The page no longer shows this photo."),
        (WORDS, None, [], GONE, "The page answers 404 Not Found."),
        (OF_PHOTO, None, [note(PHOTO)], GONE, "The page answers 404 Not Found."),
        # still shown, but no longer a finding: gone, and nothing proves that it was taken down
        (WORDS, SHOWN, [], {}, ""),
        (OF_PHOTO, SHOWN, [], {}, ""),
        # could not be looked at again: not gone
        (WORDS, OTHER_WORDS, [note(URL)], {}, None),
        (OF_PHOTO, WITHOUT_PHOTO, [note(PHOTO)], {}, None),
        (OF_PICTURE, WITHOUT_PHOTO, [note(NEWSLETTER)], {}, None),
        (OF_PICTURE, WITHOUT_PHOTO, [note(f"{NEWSLETTER}#page=1")], {}, None),
        (OF_DOCUMENT, SHOWN, [note(NEWSLETTER)], {}, None),
        # what could not be looked at is something else
        (WORDS, OTHER_WORDS, [note(PHOTO)], {}, "The page no longer holds these words."),
        (OF_PHOTO, WITHOUT_PHOTO, [note(f"{URL}/b.jpg")], {}, "The page no longer shows this photo."),
        (OF_PHOTO, WITHOUT_PHOTO, [note("")], {}, "The page no longer shows this photo."),
    ],
)
def test_when_a_finding_is_gone(
    known: Finding, page: PostFacts | None, left_out: list[NotChecked], gone: dict[str, str], ended: str | None
) -> None:
    posts = {("website", URL): page} if page else {}
    assert ended_findings([known], [], posts, left_out, gone) == ({} if ended is None else {known.id: ended})


def test_what_is_derived_again_is_not_gone() -> None:
    assert ended_findings([WORDS], [WORDS], {("website", URL): SHOWN}, [], {}) == {}
