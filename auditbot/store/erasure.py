"""What is erased when the right to hold a person's face data ends, from the file's freed pages and its log too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from auditbot.model import Finding, PhotoEvidence
from auditbot.store.finding_json import finding_from_json, finding_to_json
from auditbot.store.transaction import writing

ERASED = "Whom this face may show was erased: no face template of that pupil may be held any more."


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
