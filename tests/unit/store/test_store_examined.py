"""Facts about files: each file is examined once with each version, and only while a post shows it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from auditbot.model import (
    Candidate,
    DocumentFacts,
    DocumentPicture,
    DocumentUse,
    Face,
    Outcome,
    PhotoFacts,
    PostGone,
    Words,
)
from auditbot.sentences import quoted
from auditbot.store import Store
from tests.unit.store.facts import DOCUMENTS, NOON, PHOTOS, URL, photo, post

A, B, C, D = "a" * 64, "b" * 64, "c" * 64, "d" * 64
V1, V2 = "engine 1 | gallery 1", "engine 1 | gallery 2"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=PHOTOS, other=PHOTOS)
def test_facts_about_a_photo_come_back_as_they_were(store: Store, one: PhotoFacts, other: PhotoFacts) -> None:
    for facts in (one, other, one):
        store.examined.save_photo(facts, V1)
        assert store.examined.photo(facts.sha256) == facts
    if other.sha256 != one.sha256:
        assert store.examined.photo(other.sha256) == other


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=DOCUMENTS, other=DOCUMENTS)
def test_facts_about_a_document_come_back_as_they_were(store: Store, one: DocumentFacts, other: DocumentFacts) -> None:
    for facts in (one, other, one):
        store.examined.save_document(facts, V1)
        assert store.examined.document(facts.sha256) == facts


def test_what_was_never_examined_is_unknown(store: Store) -> None:
    assert store.examined.photo(A) is None
    assert store.examined.document(A) is None


def test_torn_characters_in_words_and_pages_are_replaced(store: Store) -> None:
    store.examined.save_photo(replace(photo(A), words=(Words("\ud83e", (0.0, 0.0, 1.0, 1.0), 0.5),)), V1)
    store.examined.save_document(DocumentFacts(B, ("\udc00 text",), ()), V1)
    words, document = store.examined.photo(A), store.examined.document(B)
    assert words is not None and words.words[0].text == "\ufffd"
    assert document is not None and document.pages == ("\ufffd text",)


def test_a_second_look_replaces_the_first_answer_in_full(store: Store) -> None:
    face = Face((1.0, 2.0, 3.0, 4.0), 0.9, "named", (Candidate("P001", 0.8), Candidate("P002", 0.7)))
    store.examined.save_photo(photo(A, face, face), V1)
    store.examined.save_photo(photo(A, replace(face, outcome="nobody", candidates=())), V2)
    assert store.examined.photo(A) == photo(A, replace(face, outcome="nobody", candidates=()))


# --- what waits to be examined --------------------------------------------------------------------------------------


def test_photos_wait_until_they_were_examined_with_this_version(store: Store) -> None:
    store.published.save_post(post(URL, B, A, None, B), NOON)
    assert store.examined.photos_to_examine(V1) == [A, B]
    store.examined.save_photo(photo(A), V1)
    assert store.examined.photos_to_examine(V1) == [B]
    store.examined.save_photo(photo(B, not_examined="It is cut short."), V1)
    assert store.examined.photos_to_examine(V1) == []


def test_a_changed_gallery_or_engine_asks_for_every_photo_in_use_again(store: Store) -> None:
    store.published.save_post(post(URL, A, B), NOON)
    for sha256 in (A, B, C):
        store.examined.save_photo(photo(sha256), V1)
    assert store.examined.photos_to_examine(V2) == [A, B]


def test_photos_of_posts_that_are_gone_wait_for_nobody(store: Store) -> None:
    store.published.save_post(post(URL, A, B), NOON)
    store.published.save_post(post(f"{URL}/other", B), NOON)
    store.published.mark_gone(PostGone("website", URL, quoted("404 Not Found")), NOON)
    assert store.examined.photos_to_examine(V1) == [B]


def test_pictures_inside_documents_wait_as_photos_do(store: Store) -> None:
    store.published.save_post(replace(post(URL, A), documents=(DocumentUse(f"{URL}/n.pdf", C),)), NOON)
    assert store.examined.documents_to_examine(V1) == [C]
    assert store.examined.photos_to_examine(V1) == [A]

    store.examined.save_document(DocumentFacts(C, ("page",), (DocumentPicture(1, B), DocumentPicture(2, A))), V1)
    assert store.examined.documents_to_examine(V1) == []
    assert store.examined.documents_to_examine(V2) == [C]
    assert store.examined.photos_to_examine(V1) == [A, B]
    assert store.examined.documents_holding({B, D}) == {C}
    assert store.examined.documents_holding({D}) == set()

    store.published.mark_gone(PostGone("website", URL, quoted("404 Not Found")), NOON)
    assert store.examined.photos_to_examine(V1) == []


def test_documents_wait_only_where_a_post_that_is_there_links_to_them(store: Store) -> None:
    uses = (DocumentUse(f"{URL}/n.pdf", C), DocumentUse(f"{URL}/m.pdf", None), DocumentUse(f"{URL}/o.pdf", C))
    store.published.save_post(replace(post(), documents=uses), NOON)
    store.examined.save_document(DocumentFacts(D, (), (), not_examined=quoted("It needs a password.")), V1)
    assert store.examined.documents_to_examine(V1) == [C]
    store.published.mark_gone(PostGone("website", URL, quoted("The page answers 410 Gone.")), NOON)
    assert store.examined.documents_to_examine(V1) == []


# --- forgetting a person --------------------------------------------------------------------------------------------

BOX = (1.0, 2.0, 3.0, 4.0)


def likely(outcome: Outcome, *people: str) -> Face:
    ranked = tuple(Candidate(person, round(0.9 - rank / 10, 2)) for rank, person in enumerate(people))
    return Face(BOX, 0.9, outcome, ranked)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (likely("named", "P1"), likely("nobody")),
        (likely("possible", "P1"), likely("nobody")),
        (likely("named", "P2"), likely("named", "P2")),
        (likely("possible", "P2", "P3"), likely("possible", "P2", "P3")),
        (likely("nobody"), likely("nobody")),
        (likely("too_small"), likely("too_small")),
    ],
)
def test_a_person_who_is_forgotten_is_in_no_face_and_the_others_stay(store: Store, before: Face, after: Face) -> None:
    store.examined.save_photo(photo(A, before, likely("named", "P4")), V1)
    store.erasure.forget("P1", "left on 2026-07-17", NOON)
    assert store.examined.photo(A) == photo(A, after, likely("named", "P4"))


def test_a_runner_up_is_never_named_in_the_place_of_a_person_who_is_forgotten(store: Store) -> None:
    store.examined.save_photo(photo(A, likely("named", "P1", "P2"), likely("named", "P3", "P1")), V1)
    store.erasure.forget("P1", "left on 2026-07-17", NOON)
    known = store.examined.photo(A)
    assert known is not None
    first, second = known.faces
    assert (first.outcome, [one.pupil_id for one in first.candidates]) == ("possible", ["P2"])
    assert (second.outcome, [one.pupil_id for one in second.candidates]) == ("named", ["P3"])


def test_a_record_of_each_deletion_remains_and_no_match(store: Store, tmp_path: Path) -> None:
    store.examined.save_photo(photo(A, likely("possible", "P1", "P2"), likely("named", "P3")), V1)
    store.examined.save_photo(photo(B, likely("named", "P1")), V1)
    assert store.erasure.people_with_matches() == {"P1", "P2", "P3"}
    for person in ("P1", "P2"):
        store.erasure.forget(person, "face matching is not allowed", NOON)
    assert store.erasure.people_with_matches() == {"P3"}
    store.erasure.forget("P9", "left", NOON, what="face template")
    with closing(sqlite3.connect(tmp_path / "data" / "auditbot.db")) as file:
        kept = list(file.execute("SELECT person_id, what, at, why FROM deletions ORDER BY id"))
        assert list(file.execute("SELECT person_id FROM candidates")) == [("P3",)]
    assert kept == [
        ("P1", "matches", NOON.isoformat(), "face matching is not allowed"),
        ("P2", "matches", NOON.isoformat(), "face matching is not allowed"),
        ("P9", "face template", NOON.isoformat(), "left"),
    ]


def test_a_photo_in_which_a_person_was_forgotten_waits_no_longer_than_before(store: Store) -> None:
    store.published.save_post(post(URL, A), NOON)
    store.examined.save_photo(photo(A, likely("named", "P1")), V1)
    store.erasure.forget("P1", "left", NOON)
    assert (store.examined.photos_to_examine(V1), store.examined.photos_to_examine(V2)) == ([], [A])
