"""A finding is gone only if its place was looked at again and no longer shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from auditbot.check.removal import ended_findings, file_of, proved
from auditbot.model import (
    Comment,
    DocumentUse,
    FileAnswer,
    Finding,
    NotChecked,
    PhotoEvidence,
    PhotoUse,
    PostFacts,
    TextEvidence,
)
from auditbot.sentences import quoted
from auditbot.store.audits import Missing
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
    return Finding(
        name, "C12", "surname", "today", "breach", "website", URL, None, evidence, ("P001",), 0.9, quoted("Why.")
    )


WORDS = finding(TextEvidence("title", PAGE.title, 15, 22))
OF_PHOTO = finding(PhotoEvidence(PHOTO, SHA, ((1, 2, 3, 4),)))
OF_PICTURE = finding(PhotoEvidence(f"{NEWSLETTER}#page=2", SHA, ((1, 2, 3, 4),)))
OF_DOCUMENT = finding(TextEvidence("document 1 page 2", "Maya Okonkwo", 5, 12))
OTHER_WORDS = PostFacts(replace(PAGE, title="Well done Maya"), SHOWN.photos, {})
WITHOUT_PHOTO = PostFacts(replace(PAGE, photos=()), {}, {})


def note(url: str) -> NotChecked:
    return NotChecked("website", url, "photo", quoted("It did not answer in time."))


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
        (WORDS, OTHER_WORDS, [note(f"{URL}/")], {}, None),
        (WORDS, OTHER_WORDS, [note(f"{URL}/?utm_source=home#top".replace("https://www.", "http://"))], {}, None),
        # what could not be looked at is something else
        (WORDS, OTHER_WORDS, [note(f"{URL}?page=2")], {}, "The page no longer holds these words."),
        (WORDS, OTHER_WORDS, [note(PHOTO)], {}, "The page no longer holds these words."),
        (OF_PHOTO, WITHOUT_PHOTO, [note(f"{URL}/b.jpg")], {}, "The page no longer shows this photo."),
        (OF_PHOTO, WITHOUT_PHOTO, [note("")], {}, "The page no longer shows this photo."),
    ],
)
def test_when_a_finding_is_gone(
    known: Finding, page: PostFacts | None, left_out: list[NotChecked], gone: dict[str, str], ended: str | None
) -> None:
    posts = {("website", URL): page} if page else {}
    proofs = {("website", url): proof for url, proof in gone.items()}
    assert ended_findings([known], [], posts, left_out, proofs) == ({} if ended is None else {known.id: ended})


def test_what_is_gone_from_one_account_may_stand_in_another() -> None:
    proofs = {("another", URL): "The page answers 410 Gone."}
    unread = [NotChecked("website", URL, "page", quoted("The site did not answer."))]
    assert ended_findings([WORDS], [], {("website", URL): SHOWN}, unread, proofs) == {}


def test_words_that_got_another_number_are_still_on_the_page() -> None:
    said = finding(TextEvidence("comment 1 text", "Well done Maya Okonkwo", 15, 22))
    comments = (Comment("Ann", "Lovely!"), Comment("Ben", "Well done Maya Okonkwo"))
    pages = {
        "": PostFacts(replace(PAGE, title="", comments=comments), SHOWN.photos, {}),
        # the same words in a text of another sort are another finding
        "The page no longer holds these words.": PostFacts(replace(PAGE, comments=comments[:1]), SHOWN.photos, {}),
    }
    for proof, page in pages.items():
        assert ended_findings([said], [], {("website", URL): page}, [], {}) == {said.id: proof}


FIRST, NEXT = datetime(2026, 11, 20, 2, 30), datetime(2026, 11, 21, 2, 30)
NOT_SHOWN = "The page no longer shows this photo."
FILE_GONE, FILE_THERE, FILE_SHUT = (
    FileAnswer(PHOTO, gone, quoted(words))
    for gone, words in ((True, "It answers 404."), (False, "It still answers."), (None, "It is not known."))
)
ONCE = "This was checked once"
SEEN = Missing(since=FIRST, audit="one", file_url=PHOTO)


@pytest.mark.parametrize(
    ("before", "audit", "looked_at", "answer", "ended", "said"),
    [
        (Missing(file_url=PHOTO), "one", FIRST, (FILE_GONE, FIRST), False, ONCE),
        (SEEN, "two", NEXT, (FILE_GONE, NEXT), True, "Checked twice: 20 November 2026, 02:30, and 21"),
        (Missing(), "one", FIRST, None, False, ONCE),
        (Missing(since=FIRST, audit="one"), "two", NEXT, None, True, "Checked twice"),
        # the same look counts once, however often it is checked, and in however many audits
        (SEEN, "one", FIRST, (FILE_GONE, FIRST), False, ONCE),
        (SEEN, "one", NEXT, (FILE_GONE, NEXT), False, ONCE),
        (SEEN, "two", FIRST, (FILE_GONE, FIRST), False, ONCE),
        # the file: still there, not known, not asked on this visit
        (Missing(file_url=PHOTO), "one", FIRST, (FILE_THERE, FIRST), False, "It still answers."),
        (SEEN, "two", NEXT, (FILE_THERE, NEXT), False, "It still answers."),
        (SEEN, "two", NEXT, (FILE_SHUT, NEXT), False, "It is not known."),
        (SEEN, "two", NEXT, (FILE_GONE, FIRST), False, "has not been asked yet"),
        (SEEN, "two", NEXT, None, False, "has not been asked yet"),
    ],
)
def test_removal_is_proved_by_page_and_file_in_two_audits(
    before: Missing,
    audit: str,
    looked_at: datetime,
    answer: tuple[FileAnswer, datetime] | None,
    ended: bool,
    said: str,
) -> None:
    result = proved(before, NOT_SHOWN, audit, looked_at, answer)
    assert isinstance(result, str) == ended
    words = result if isinstance(result, str) else result.words
    assert words.startswith(NOT_SHOWN) and said in words


def test_a_file_that_answers_again_begins_the_count_anew() -> None:
    again = proved(SEEN, NOT_SHOWN, "two", NEXT, (FILE_THERE, NEXT))
    assert isinstance(again, Missing) and again.since is None


@pytest.mark.parametrize(
    ("known", "file"),
    [
        (OF_PHOTO, PHOTO),
        (OF_PICTURE, NEWSLETTER),
        (OF_DOCUMENT, NEWSLETTER),
        (WORDS, ""),
        (finding(TextEvidence("document 7 page 2", "Maya Okonkwo", 5, 12)), ""),
        (finding(PhotoEvidence(f"{URL}#picture-1", SHA, ())), ""),
        (finding(PhotoEvidence("folder:board/a.jpg", SHA, ())), ""),
    ],
)
def test_the_file_that_a_finding_rests_on(known: Finding, file: str) -> None:
    assert file_of(known, SHOWN.post) == file


def test_what_is_derived_again_is_not_gone() -> None:
    assert ended_findings([WORDS], [WORDS], {("website", URL): SHOWN}, [], {}) == {}
