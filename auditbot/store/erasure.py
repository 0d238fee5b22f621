"""What is erased when the right to hold a person's face data ends, from the file's freed pages and its log too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from auditbot.model import Finding, PhotoEvidence
from auditbot.sentences import say
from auditbot.store.transaction import writing
from auditbot.store.values import finding_from_json, finding_to_json

ERASED = say("Whom this face may show was erased: no face template of that pupil may be held any more.")


class Erasure:
    """Forgets people whom faces were matched with. A record of every deletion remains."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def people_with_matches(self) -> frozenset[str]:
        """Return everyone whom a face in any photo may show, or whom somebody named there."""
        tables = "SELECT person_id FROM candidates UNION SELECT person_id FROM confirmations"
        found = {row["person_id"] for row in self._db.query(tables)}
        return frozenset(found.union(*(finding.pupil_ids for _, finding in self._about_faces())))

    def forget(self, person: str, why: str, at: datetime, *, what: str = "matches") -> None:
        """Remove a person from every face they were matched with and from findings about faces; record that.

        A face that was named after them shows its runners-up as possible, never as named. A finding keeps its place
        and its photo until the next audit derives it again.
        """
        with writing(self._db):
            self._db.execute(
                """UPDATE faces SET outcome = 'possible' WHERE outcome = 'named' AND (sha256, place, 1) IN
                (SELECT sha256, face, rank FROM candidates WHERE person_id = ?)""",
                [person],
            )
            self._db.execute(
                """UPDATE faces SET outcome = 'nobody' WHERE (sha256, place) IN
                (SELECT sha256, face FROM candidates GROUP BY sha256, face
                HAVING min(person_id) = :person AND max(person_id) = :person)""",
                {"person": person},
            )
            for table in ("candidates", "confirmations"):
                self._db.execute(f"DELETE FROM {table} WHERE person_id = ?", [person])
            for row_id, finding in list(self._about_faces()):
                if person in finding.pupil_ids:
                    others = tuple(other for other in finding.pupil_ids if other != person)
                    without = replace(finding, pupil_ids=others, explanation=ERASED)
                    self._db.table("findings").update(row_id, {"finding": finding_to_json(without)})
            self._db.table("deletions").insert(
                {"person_id": person, "what": what, "at": at.isoformat(), "why": why, "scrubbed": 0}
            )

    def photos_of(self, person: str) -> frozenset[str]:
        """Return the content hashes of photos in which a face may show this person, or that a finding on them shows."""
        rows = self._db.query("SELECT DISTINCT sha256 FROM candidates WHERE person_id = ?", [person])
        found = {row["sha256"] for row in rows}
        for row in self._db.query("SELECT finding FROM findings"):
            finding = finding_from_json(row["finding"])
            if person in finding.pupil_ids and isinstance(finding.evidence, PhotoEvidence):
                found.add(finding.evidence.sha256)
        return frozenset(found)

    def posts_naming(self, person: str) -> list[tuple[str, str]]:
        """Return account and permalink of posts in whose words a finding took something for this person's name."""
        found = []
        for row in self._db.query("SELECT finding FROM findings"):
            finding = finding_from_json(row["finding"])
            if person in finding.pupil_ids and finding.clause == "C12" and finding.post_url:
                found.append((finding.account, finding.post_url))
        return sorted(set(found))

    def record(self, person: str, what: str, why: str, at: datetime) -> None:
        """Add to the record of deletions; ``person`` is empty for what concerns nobody alone."""
        with writing(self._db):
            self._db.table("deletions").insert(
                {"person_id": person, "what": what, "at": at.isoformat(), "why": why, "scrubbed": 0}
            )

    def deletions_of(self, person: str) -> list[tuple[str, ...]]:
        """Return when what was deleted about this person and why, oldest first."""
        rows = self._db.table("deletions").rows_where("person_id = ?", [person], order_by="id")
        return [(row["at"], row["what"], row["why"]) for row in rows]

    def unfinished(self, *, about_people: bool = False) -> bool:
        """Return whether anything, or anything about a person, was deleted that may still stand in freed pages."""
        who = " AND person_id != ''" if about_people else ""
        return bool(self._db.table("deletions").count_where(f"scrubbed = 0{who}"))

    def scrub(self) -> None:
        """Rewrite the file without what was deleted, and empty its log."""
        self._db.execute("PRAGMA temp_store = MEMORY")  # no copy in a folder for temporary files
        self._empty_log()
        self._db.execute("VACUUM")
        self._empty_log()
        with writing(self._db):
            self._db.execute("UPDATE deletions SET scrubbed = 1")
        self._empty_log()

    def _empty_log(self) -> None:
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _about_faces(self) -> Iterator[tuple[str, Finding]]:
        rows = self._db.query("SELECT id, finding FROM findings WHERE json_extract(finding, '$.clause') = 'C11'")
        for row in rows:
            finding = finding_from_json(row["finding"])
            if isinstance(finding.evidence, PhotoEvidence) and finding.pupil_ids:
                yield row["id"], finding


# Removing one pupil from the file entirely: every row that holds the pupil's id or one of their names.

KEPT = frozenset({"deletions", "audits", "answers", "read_texts"})
"""Tables not searched: no page's text stands in them, or they are emptied. Deletions are recorded by pupil id."""
PARTS = {
    "posts": ("comments", "photo_uses", "document_uses", "post_words"),
    "photos": ("faces", "candidates", "words", "photo_metadata_words"),
    "documents": ("document_pages", "document_pictures"),
}
"""What is deleted as a whole if any part of it holds the pupil: it is then taken and examined again, if still there."""
WHOLE_OF = {part: whole for whole, parts in PARTS.items() for part in parts}
KEYS = {"posts": ("id", "post"), "photos": ("sha256", "sha256"), "documents": ("sha256", "sha256")}
"""The column by which a whole is known, and the column of its parts that names it."""


class Forgetting:
    """Removes whatever holds an id or a name."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def forget_entirely(
        self, person: str, holds: Callable[[str], bool], posts: Iterable[tuple[str, str]], why: str, at: datetime
    ) -> int:
        """Delete every row in which a text holds a name, with the post, photo or document it is part of, and ``posts``.

        Returns how many rows were deleted, and records the deletion. Freed pages are emptied by ``Erasure.scrub``.
        """
        self._db.register_function(lambda text: int(isinstance(text, str) and holds(text)), name="holds", replace=True)
        deleted = 0
        with writing(self._db):
            for account, url in posts:
                for row in list(self._db.table("posts").rows_where("account = ? AND url = ?", [account, url])):
                    deleted += self._delete("posts", row["id"])
                self._db.execute("DELETE FROM findings WHERE account = ? AND post_url = ?", [account, url])
            for whole, parts in PARTS.items():
                deleted += self._delete_wholes(whole, parts)
            for table in self._tables() - KEPT - PARTS.keys() - WHOLE_OF.keys():
                where = self._holds(table)
                if where:
                    deleted += self._db.execute(f"DELETE FROM [{table}] WHERE {where}").rowcount
            self._db.execute("DELETE FROM answers")  # compressed, so it cannot be searched
            self._db.execute("DELETE FROM read_texts")  # it may name the pupil by id, and is made again
            self._db.table("deletions").insert(
                {"person_id": person, "what": "everything", "at": at.isoformat(), "why": why, "scrubbed": 0}
            )
        return deleted

    def _delete_wholes(self, whole: str, parts: tuple[str, ...]) -> int:
        own, of_part = KEYS[whole]
        found = {row[0] for row in self._db.execute(f"SELECT [{own}] FROM [{whole}] WHERE {self._holds(whole)}")}
        for part in parts:
            rows = self._db.execute(f"SELECT DISTINCT [{of_part}] FROM [{part}] WHERE {self._holds(part)}")
            found |= {row[0] for row in rows}
        return sum(self._delete(whole, key) for key in found)

    def _delete(self, whole: str, key: object) -> int:
        own, of_part = KEYS[whole]
        for part in PARTS[whole]:
            self._db.execute(f"DELETE FROM [{part}] WHERE [{of_part}] = ?", [key])
        return self._db.execute(f"DELETE FROM [{whole}] WHERE [{own}] = ?", [key]).rowcount

    def _holds(self, table: str) -> str:
        texts = [column.name for column in self._db.table(table).columns if column.type.upper() == "TEXT"]
        return " OR ".join(f"holds([{name}])" for name in texts)

    def _tables(self) -> set[str]:
        return {name for name in self._db.table_names() if not name.startswith(("sqlite_", "_sqlite"))}
