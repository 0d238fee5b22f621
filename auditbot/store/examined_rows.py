"""What is in the bytes, by content hash: each file is examined once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlite_utils import Database

from auditbot.model import (
    Candidate,
    DocumentFacts,
    DocumentKind,
    DocumentPicture,
    Face,
    PhotoFacts,
    PhotoMetadata,
    Post,
    PostFacts,
    Words,
)
from auditbot.model.examined import Box
from auditbot.store.transaction import writing
from auditbot.store.values import row_of, storable, value_of


class Examined:
    """Facts about photos and documents. Faces carry the gallery's answer, never a vector."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save_photo(self, facts: PhotoFacts, examined_with: str, matched_with: str = "") -> None:
        """Replace the facts about one photo.

        ``examined_with`` names engine, gallery and reader; ``matched_with`` what else its faces' answers depend on.
        """
        facts = storable(facts)
        key = facts.sha256
        with writing(self._db):
            for table in ("candidates", "faces", "words", "photo_metadata_words"):
                self._db.table(table).delete_where("sha256 = ?", [key])
            self._db.table("photos").upsert(
                row_of(facts, examined_with=examined_with, matched_with=matched_with) | row_of(facts.metadata),
                pk="sha256",
            )
            self._db.table("faces").insert_all(
                row_of(face, sha256=key, place=place, **_sides(face.box))
                | {"detail": round(face.detail, 2), "turn": round(face.turn, 1)}
                for place, face in enumerate(facts.faces, 1)
            )
            self._db.table("candidates").insert_all(
                {"sha256": key, "face": place, "rank": rank, "person_id": likely.pupil_id, "score": likely.score}
                for place, face in enumerate(facts.faces, 1)
                for rank, likely in enumerate(face.candidates, 1)
            )
            self._db.table("words").insert_all(
                row_of(line, sha256=key, place=place, **_sides(line.box)) for place, line in enumerate(facts.words, 1)
            )
            self._db.table("photo_metadata_words").insert_all(
                {"sha256": key, "place": place, "field": field, "text": text}
                for place, (field, text) in enumerate(facts.metadata.words, 1)
            )

    def save_document(self, facts: DocumentFacts, examined_with: str) -> None:
        """Replace the facts about one document; ``examined_with`` names the reader."""
        facts = storable(facts)
        key = facts.sha256
        with writing(self._db):
            for table in ("document_pages", "document_pictures"):
                self._db.table(table).delete_where("sha256 = ?", [key])
            self._db.table("documents").upsert(
                row_of(facts, examined_with=examined_with),
                pk="sha256",
            )
            self._db.table("document_pages").insert_all(
                {"sha256": key, "page": page, "text": text} for page, text in enumerate(facts.pages, 1)
            )
            self._db.table("document_pictures").insert_all(
                {"sha256": key, "place": place, "page": picture.page, "picture": picture.sha256}
                for place, picture in enumerate(facts.pictures, 1)
            )

    def facts_of(self, posts: Iterable[Post]) -> Iterator[PostFacts]:
        """Yield each post joined with what examining its photos and documents found, some at a time from the file."""
        waiting = iter(posts)
        while some := list(islice(waiting, _POSTS_AT_ONCE)):
            documents = self.documents(use.sha256 for post in some for use in post.documents if use.sha256)
            photos = self.photos(wanted for post in some for wanted in _pictures(post, documents))
            for post in some:
                own = {use.sha256: documents[use.sha256] for use in post.documents if use.sha256 in documents}
                yield PostFacts(post, {one: photos[one] for one in _pictures(post, own) if one in photos}, own)

    def photo(self, sha256: str) -> PhotoFacts | None:
        """Return the facts about one photo, or None if it was never examined."""
        return self.photos([sha256]).get(sha256)

    def photos(self, wanted: Iterable[str]) -> dict[str, PhotoFacts]:
        """Return by content hash the facts about those of these photos that were examined."""
        found: dict[str, PhotoFacts] = {}
        for some in _batches(wanted):
            likely: dict[tuple[str, int], list[Candidate]] = {}
            for item in self._rows("candidates", some, "face, rank"):
                candidate = Candidate(item["person_id"], item["score"])
                likely.setdefault((item["sha256"], item["face"]), []).append(candidate)
            faces, words, said = (self._parts(one, some) for one in ("faces", "words", "photo_metadata_words"))
            for row in self._rows("photos", some):
                key = row["sha256"]
                found[key] = value_of(
                    PhotoFacts,
                    row,
                    faces=tuple(
                        value_of(Face, item, box=_box(item), candidates=tuple(likely.get((key, item["place"]), ())))
                        for item in faces.get(key, ())
                    ),
                    words=tuple(value_of(Words, item, box=_box(item)) for item in words.get(key, ())),
                    metadata=value_of(
                        PhotoMetadata, row, words=tuple((item["field"], item["text"]) for item in said.get(key, ()))
                    ),
                )
        return found

    def document(self, sha256: str) -> DocumentFacts | None:
        """Return the facts about one document, or None if it was never examined."""
        return self.documents([sha256]).get(sha256)

    def documents(self, wanted: Iterable[str]) -> dict[str, DocumentFacts]:
        """Return by content hash the facts about those of these documents that were examined."""
        found: dict[str, DocumentFacts] = {}
        for some in _batches(wanted):
            pages, pictures = self._parts("document_pages", some, "page"), self._parts("document_pictures", some)
            for row in self._rows("documents", some):
                key = row["sha256"]
                found[key] = value_of(
                    DocumentFacts,
                    row,
                    pages=tuple(item["text"] for item in pages.get(key, ())),
                    pictures=tuple(DocumentPicture(item["page"], item["picture"]) for item in pictures.get(key, ())),
                )
        return found

    def photos_to_examine(self, examine_with: str) -> list[str]:
        """Return the content hashes in use by posts that are not gone and were not examined with this version."""
        found = self._db.query(
            """
            WITH in_use AS (
                SELECT photo_uses.sha256 AS sha256 FROM photo_uses JOIN posts ON posts.id = photo_uses.post
                WHERE posts.gone_at IS NULL AND photo_uses.sha256 IS NOT NULL
                UNION
                SELECT picture FROM document_pictures
                JOIN document_uses ON document_uses.sha256 = document_pictures.sha256
                JOIN posts ON posts.id = document_uses.post WHERE posts.gone_at IS NULL
            )
            SELECT in_use.sha256 FROM in_use LEFT JOIN photos ON photos.sha256 = in_use.sha256
            WHERE photos.sha256 IS NULL OR photos.examined_with != ? ORDER BY in_use.sha256
            """,
            [examine_with],
        )
        return [row["sha256"] for row in found]

    def matched_with(self) -> dict[str, str]:
        """Return by content hash what each photo that holds a clear face was matched with."""
        found = self._db.query(
            """SELECT sha256, matched_with FROM photos WHERE EXISTS
            (SELECT 1 FROM faces WHERE faces.sha256 = photos.sha256 AND outcome != 'too_small')"""
        )
        return {row["sha256"]: row["matched_with"] for row in found}

    def save_confirmation(self, finding: str, person: str, sha256: str, by: str, at: datetime) -> None:
        """Record that somebody confirmed whom a face in a finding's photo shows."""
        record = {"finding": finding, "person_id": person, "sha256": sha256, "confirmed_by": by, "at": at.isoformat()}
        with writing(self._db):
            self._db.table("confirmations").insert(storable(record))

    def confirmations(self) -> list[dict[str, Any]]:
        """Return who confirmed what and when, oldest first."""
        return list(self._db.table("confirmations").rows_where(order_by="id"))

    def documents_to_examine(self, examine_with: str, kind: DocumentKind = "document") -> list[str]:
        """Return the content hashes of documents in use by posts that are not gone, not examined with this version.

        ``kind`` asks for films or captions instead.
        """
        found = self._db.query(
            """
            SELECT DISTINCT document_uses.sha256 FROM document_uses JOIN posts ON posts.id = document_uses.post
            WHERE posts.gone_at IS NULL AND document_uses.sha256 IS NOT NULL AND document_uses.kind = ?
            AND document_uses.sha256 NOT IN (SELECT sha256 FROM documents WHERE examined_with = ?) ORDER BY 1
            """,
            [kind, examine_with],
        )
        return [row["sha256"] for row in found]

    def of_kind(self, kind: DocumentKind) -> set[str]:
        """Return the content hashes of all documents of a kind that any post uses."""
        found = self._db.query("SELECT DISTINCT sha256 FROM document_uses WHERE kind = ? AND sha256 != ''", [kind])
        return {row["sha256"] for row in found}

    def documents_holding(self, pictures: set[str]) -> set[str]:
        """Return the content hashes of the documents that hold any of these pictures."""
        found = self._db.query("SELECT DISTINCT sha256, picture FROM document_pictures")
        return {row["sha256"] for row in found if row["picture"] in pictures}

    def _rows(self, table: str, some: Sequence[str], order: str = "sha256") -> Iterator[dict[str, Any]]:
        marks = ", ".join("?" * len(some))
        return self._db.query(f"SELECT * FROM {table} WHERE sha256 IN ({marks}) ORDER BY {order}", some)

    def _parts(self, table: str, some: Sequence[str], order: str = "place") -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows(table, some, order):
            found.setdefault(row["sha256"], []).append(row)
        return found


_POSTS_AT_ONCE, _FILES_AT_ONCE = 100, 500
"""So many are asked for in one question: asking for each alone costs three times as much."""


def _batches(wanted: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(dict.fromkeys(wanted))
    while some := list(islice(waiting, _FILES_AT_ONCE)):
        yield some


def _pictures(post: Post, documents: Mapping[str, DocumentFacts]) -> Iterator[str]:
    """Yield the content hashes of what a post shows, its own photos first."""
    yield from (use.sha256 for use in post.photos if use.sha256)
    for use in post.documents:
        if use.sha256 and use.sha256 in documents:
            yield from (picture.sha256 for picture in documents[use.sha256].pictures)


def _sides(box: Box) -> dict[str, float]:
    return dict(zip(("x", "y", "width", "height"), box, strict=True))


def _box(row: dict[str, Any]) -> Box:
    return (row["x"], row["y"], row["width"], row["height"])
