"""What could not be seen is told once: by the visit with its reason, or by how many, never by both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from auditbot.model import Coverage, DocumentFacts, DocumentUse, NotChecked, PhotoFacts, Why
from auditbot.sentences import say, say_n
from auditbot.store import Store
from auditbot.survey import not_looked_at, not_reached
from tests.unit.exposure.test_exposed_photos import post, use

SITE = "https://school.example"
LETTER = DocumentUse(f"{SITE}/letter.pdf", None, "Letter")
NEWS = DocumentUse(f"{SITE}/news.pdf", "n" * 64, "News")
FILM = DocumentUse(f"{SITE}/film.mp4", None, "", "video")
CAPTIONS = DocumentUse(f"{SITE}/film.vtt", None, "", "captions")
UNREAD = DocumentFacts("n" * 64, (), (), not_examined=say("It is locked."))
READ = DocumentFacts("n" * 64, ("Words.",), ())


def could_not(document: DocumentUse) -> NotChecked:
    return NotChecked("website", document.url, document.kind, say("The site took too long."), why=Why.FAILED)


def gone(document: DocumentUse, count: int, why: Why) -> NotChecked:
    """As the visit tells it: one line for all, at the address of the first."""
    reason = say_n("A file is no longer there.", "%(count)s files are no longer there.", count)
    return NotChecked("website", document.url, document.kind, reason, aside=True, why=why)


@pytest.mark.parametrize(
    ("documents", "known", "missed", "told"),
    [
        ((LETTER,), None, [could_not(LETTER)], []),
        ((LETTER,), None, [], ["1 document could not be searched for pictures."]),
        ((LETTER, NEWS), UNREAD, [could_not(LETTER)], ["1 document could not be searched for pictures."]),
        ((NEWS, NEWS), UNREAD, [], ["1 document could not be searched for pictures."]),
        ((NEWS, replace(NEWS, url=f"{SITE}/old.pdf")), UNREAD, [], ["1 document could not be searched for pictures."]),
        ((NEWS,), READ, [], []),
        ((FILM, CAPTIONS), None, [could_not(FILM)], []),
        ((FILM, CAPTIONS), None, [], ["1 film could not be looked through."]),
        ((LETTER, replace(LETTER, url=f"{SITE}/b.pdf")), None, [gone(LETTER, 2, Why.DEAD_DOCUMENT)], []),
        (
            (LETTER, replace(LETTER, url=f"{SITE}/b.pdf")),
            None,
            [gone(LETTER, 1, Why.DEAD_DOCUMENT)],
            ["1 document could not be searched for pictures."],
        ),
        ((FILM, replace(FILM, url=f"{SITE}/b.mp4")), None, [gone(FILM, 2, Why.DEAD_FILM)], []),
    ],
)
def test_a_document_is_told_once(
    documents: tuple[DocumentUse, ...], known: DocumentFacts | None, missed: Sequence[NotChecked], told: Sequence[str]
) -> None:
    posts = [
        replace(post(1, use("a")), documents=tuple(documents)),
        replace(post(2, use("a")), documents=documents[:1]),
    ]
    facts = {known.sha256: known} if known else {}
    assert not_looked_at(posts, {}, facts, missed) == told


def test_a_picture_that_could_not_be_had_is_not_called_a_drawing_as_well() -> None:
    lost, drawn = (replace(use(name), sha256=None) for name in ("lost", "drawn"))
    posts = [post(1, lost, drawn), post(2, lost, drawn)]
    missed = [NotChecked("website", lost.url, "photo", say("The site took too long."), why=Why.FAILED)]
    assert not_looked_at(posts, {}, {}, missed) == ["1 picture is a drawing or an icon, or could not be had earlier."]
    dead = [NotChecked("website", lost.url, "photo", say_n("Gone.", "%(count)s gone.", 2), why=Why.DEAD_PICTURE)]
    assert not_looked_at(posts, {}, {}, dead) == []
    unread = PhotoFacts("a", 0, 0, (), (), not_examined=say("It is damaged."))
    assert not_looked_at([], {"a": unread}, {}) == ["1 photo could not be opened, or not as a whole."]


def test_pictures_that_pages_only_name_are_told_together_as_nobody_sees_their_addresses() -> None:
    one = say("A part of %(page)s that was not read names this picture; it was not looked at.", page=SITE)
    rest = say_n("One more picture is named like this.", "%(count)s more pictures are named like this.", 5)
    page = NotChecked("website", SITE, "page", say("A part of it is shut."), why=Why.SHUT)
    missed = [NotChecked("website", SITE, "photo", reason, why=Why.SHUT) for reason in (one, one, rest)]
    assert not_reached([*missed, page, could_not(LETTER), could_not(LETTER)]) == [
        "A part of it is shut.",
        "The site took too long. (2 times)",
        "7 pictures that pages name in parts that were not read were not looked at.",
    ]


def test_what_a_check_left_out_is_not_told_as_what_a_visit_could_not_reach(tmp_path: Path) -> None:
    now = datetime(2026, 11, 30).astimezone()
    with Store(tmp_path / "auditbot.db") as store:
        audit = store.audits.begin(now, "all")
        store.audits.save_coverage(
            audit, Coverage("website", "partial", 1, 0), [could_not(LETTER)], started_at=now, at=now + timedelta(1)
        )
        store.audits.save_check(
            audit, now, findings=(), not_checked=[could_not(NEWS)], ended={}, versions={}, posts_without_finding=1
        )
        assert [note.url for note in store.audits.missed_now()] == [LETTER.url]
