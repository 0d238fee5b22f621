"""Audits, which one goes on after a cut, how far each reached, and the life of each finding over them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from auditbot.model import Audit, Coverage, Finding, FindingState, NotChecked, TrackedFinding, Why
from auditbot.sentences import kept, say, told
from auditbot.store.transaction import writing
from auditbot.store.values import (
    finding_from_json,
    finding_to_json,
    moment_of,
    row_of,
    storable,
    value_of,
    values_of,
)

RESUME_WITHIN = timedelta(hours=12)
"""Shorter than a night is from the next, so that a nightly audit never takes last night's visits for its own."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What is known of the removal of a finding that is still open."""

    words: str = ""
    """It in sentences; empty if the page still shows it."""
    since: datetime | None = None
    """When page and file were first both found gone, or None."""
    audit: str = ""
    """The audit that found them so; empty if none did."""
    file_url: str = ""
    """Address of the file that the finding rests on; empty if it rests on the page alone."""


class Audits:
    """One row per audit; a finding is one row for its whole life."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, now: datetime, request: str) -> str:
        """Return the id of the audit to run: that of the same request cut short lately, else a new one, made here."""
        with writing(self._db):
            cut = list(
                self._db.table("audits").rows_where(
                    "ended_at IS NULL AND request = ?", [request], order_by="rowid DESC", limit=1
                )
            )
            if cut and now - datetime.fromisoformat(cut[0]["started_at"]) < RESUME_WITHIN:
                return str(cut[0]["id"])
            audit, second = now.strftime("%Y-%m-%dT%H-%M-%S"), 1
            taken = {row["id"] for row in self._db.query("SELECT id FROM audits")}
            while audit in taken:
                second += 1
                audit = f"{now:%Y-%m-%dT%H-%M-%S}-{second}"
            self._db.table("audits").insert({"id": audit, "started_at": now.isoformat(), "request": request})
            return audit

    def end(self, audit: str, now: datetime) -> None:
        """Record that everything asked of this audit has been done."""
        with writing(self._db):
            self._db.table("audits").update(audit, {"ended_at": now.isoformat()})

    def mark_reported(self, audit: str, now: datetime) -> None:
        """Record that a report of this audit was written: its news has been told."""
        with writing(self._db):
            self._db.table("audits").update(audit, {"reported_at": now.isoformat()})

    def already_collected(self, audit: str) -> frozenset[str]:
        """Return the accounts that this audit, when it was cut short, had visited to the end, if not seen whole.

        Where this computer's disk had no room for a file, the account is visited again: there may be room by now.
        """
        found = self._db.query(
            """SELECT account FROM coverage JOIN audits ON audits.id = coverage.audit
            WHERE audit = ? AND status IN ('complete', 'partial')
            AND julianday(visit_started_at) >= julianday(started_at) AND NOT EXISTS (
                SELECT 1 FROM not_checked WHERE not_checked.audit = coverage.audit
                AND not_checked.account = coverage.account AND stage = 'collect' AND why = ?
            )""",
            [audit, Why.ROOM.value],
        )
        return frozenset(row["account"] for row in found)

    def save_coverage(
        self, audit: str, coverage: Coverage, notes: Iterable[NotChecked], *, started_at: datetime, at: datetime
    ) -> None:
        """Record how far one account was reached by a visit, and all that was not checked on the way."""
        with writing(self._db):
            self._replace_coverage(audit, storable(coverage), notes, started_at.isoformat(), at.isoformat())

    def carry_forward(self, audit: str, account: str) -> None:
        """For an account not visited in this audit, repeat what its last visit said, with the time of that visit."""
        with writing(self._db):
            if self._db.table("coverage").count_where("audit = ? AND account = ?", [audit, account]):
                return
            last = self._db.query(
                """SELECT coverage.* FROM coverage JOIN audits ON audits.id = coverage.audit
                WHERE account = ? AND audit != ? ORDER BY audits.rowid DESC LIMIT 1""",
                [account, audit],
            )
            row = next(iter(last), None)
            if row is None:
                never = Coverage(account, "error", 0, 0, say("Its pages have not been visited yet."))
                self._replace_coverage(audit, never, [], None, None)
                return
            notes = self._db.table("not_checked").rows_where(
                "audit = ? AND account = ? AND stage = 'collect'", [row["audit"], account], order_by="id"
            )
            told = values_of(NotChecked, list(notes))
            self._replace_coverage(audit, value_of(Coverage, row), told, row["visit_started_at"], row["visited_at"])

    def add_to_last_visit(self, audit: str, account: str, notes: Iterable[NotChecked]) -> None:
        """For an account of which one post alone was visited, repeat its last visit, and add what was not checked."""
        self.carry_forward(audit, account)
        with writing(self._db):
            self._insert_notes(audit, "collect", notes)

    def _replace_coverage(
        self,
        audit: str,
        coverage: Coverage,
        notes: Iterable[NotChecked],
        visit_started_at: str | None,
        visited_at: str | None,
    ) -> None:
        self._db.table("coverage").upsert(
            row_of(coverage, audit=audit, visit_started_at=visit_started_at, visited_at=visited_at),
            pk=("audit", "account"),
        )
        where = "audit = ? AND account = ? AND stage = 'collect'"
        self._db.table("not_checked").delete_where(where, [audit, coverage.account])
        self._insert_notes(audit, "collect", notes)

    def _insert_notes(self, audit: str, stage: str, notes: Iterable[NotChecked]) -> None:
        self._db.table("not_checked").insert_all(
            row_of(note, audit=audit, stage=stage) for note in map(storable, notes)
        )

    def began(self, audit: str) -> datetime:
        """Return when an audit began: one that was cut and went on began before the cut."""
        row = next(self._db.query("SELECT started_at FROM audits WHERE id = ?", [audit]))
        return datetime.fromisoformat(row["started_at"])

    def visits(self, audit: str) -> dict[str, datetime]:
        """Return by account when the last visit to its pages began; an account never visited is left out."""
        found = self._db.query("SELECT account, visit_started_at AS began FROM coverage WHERE audit = ?", [audit])
        return {row["account"]: datetime.fromisoformat(row["began"]) for row in found if row["began"]}

    def coverage_of(self, audit: str) -> dict[str, tuple[Coverage, datetime | None]]:
        """Return by account how far it was reached, and when that was; None if never."""
        rows = self._db.table("coverage").rows_where("audit = ?", [audit])
        return {row["account"]: (value_of(Coverage, row), moment_of(row["visited_at"])) for row in rows}

    def last_reached(self, account: str) -> datetime | None:
        """Return when the account was last reached at least in part, or None."""
        found = self._db.query(
            """SELECT visited_at FROM coverage WHERE account = ? AND status IN ('complete', 'partial')
            AND visited_at IS NOT NULL ORDER BY julianday(visited_at) DESC LIMIT 1""",
            [account],
        )
        return next((datetime.fromisoformat(row["visited_at"]) for row in found), None)

    def notes_of_visits(self, audit: str) -> list[NotChecked]:
        """Return what was not checked on the visits this audit rests on."""
        found = self._db.table("not_checked").rows_where("audit = ? AND stage = 'collect'", [audit], order_by="id")
        return list(values_of(NotChecked, found))

    def open_findings(self) -> list[Finding]:
        """Return every finding that is not gone."""
        found = self._db.table("findings").rows_where("gone_at IS NULL", order_by="id")
        return [finding_from_json(row["finding"]) for row in found]

    def watched_files(self, account: str) -> dict[str, dict[str, str]]:
        """Return by permalink the addresses of files that open findings of the account rest on, to content hashes.

        The hash is empty for a document; a post whose findings rest on its page alone stands there without files.
        """
        watched: dict[str, dict[str, str]] = {}
        for row in self._db.table("findings").rows_where(
            "gone_at IS NULL AND account = ? AND post_url != ''", [account]
        ):
            files = watched.setdefault(row["post_url"], {})
            if row["file_url"]:
                evidence = json.loads(row["finding"])["evidence"]
                whole = row["file_url"] == evidence.get("photo_url")
                files[row["file_url"]] = evidence["sha256"] if whole else ""
        return watched

    def missing(self) -> dict[str, Missing]:
        """Return by id of the open findings what was known of their removal when the last audit looked."""
        rows = self._db.table("findings").rows_where("gone_at IS NULL")
        return {
            row["id"]: Missing(
                told(row["removal"] or ""),
                moment_of(row["missing_since"]),
                row["missing_audit"] or "",
                row["file_url"] or "",
            )
            for row in rows
        }

    def drop_ended(self, before: datetime) -> int:
        """Delete findings that ended before this moment; return how many."""
        with writing(self._db):
            where = "gone_at IS NOT NULL AND julianday(gone_at) < julianday(?)"
            count = self._db.table("findings").count_where(where, [before.isoformat()])
            self._db.table("findings").delete_where(where, [before.isoformat()])
        return count

    def lives(self) -> list[tuple[Finding, dict[str, str]]]:
        """Return every finding ever derived and still kept, with first_seen, last_seen and gone_at (empty if open)."""
        rows = self._db.table("findings").rows_where(order_by="first_seen, id")
        times = ("first_seen", "last_seen", "gone_at")
        return [(finding_from_json(row["finding"]), {name: row[name] or "" for name in times}) for row in rows]

    def save_check(
        self,
        audit: str,
        now: datetime,
        *,
        findings: Iterable[Finding],
        not_checked: Iterable[NotChecked],
        ended: Mapping[str, str],
        versions: Mapping[str, str],
        posts_without_finding: int,
        files: Mapping[str, str] = {},
        missing: Mapping[str, Missing] = {},
    ) -> None:
        """Record all that the check stage derived, and with it the life of every finding.

        ``ended`` holds the ids of open findings that are gone now, each with the proof that the page no longer shows it
        (empty if it ended for another reason). An open finding that is neither derived nor ended stays open; of those
        that the page no longer shows, ``missing`` says by id what is known. ``files`` holds the addresses of the files
        that findings rest on.
        """
        derived = {finding.id: finding for finding in findings}
        with writing(self._db):
            self._take_over_news(audit)
            for finding in derived.values():
                self._see(audit, now, finding, files.get(finding.id, ""))
            for finding_id, known in missing.items():
                since = known.since.isoformat() if known.since else None
                row = {"removal": kept(known.words), "missing_since": since, "missing_audit": known.audit or None}
                self._db.table("findings").update(finding_id, row)
            for finding_id, proof in ended.items():
                gone = {"gone_at": now.isoformat(), "gone_audit": audit, "proof": kept(proof)}
                self._db.table("findings").update(finding_id, gone)
            self._db.table("not_checked").delete_where("audit = ? AND stage != 'collect'", [audit])
            self._insert_notes(audit, "check", not_checked)
            statuses = [row["status"] for row in self._db.table("coverage").rows_where("audit = ?", [audit])]
            complete = all(status == "complete" for status in statuses)
            complete = complete and all(note.aside for note in self._notes(audit))
            self._db.table("audits").update(
                audit,
                {
                    "finished_at": now.isoformat(),
                    "complete": int(complete),
                    "versions": json.dumps({name: kept(version) for name, version in versions.items()}, sort_keys=True),
                    "posts_without_finding": posts_without_finding,
                },
            )

    def _take_over_news(self, audit: str) -> None:
        """What an audit noticed that never came to a report was told to nobody: it is news of this one."""
        for column in ("first_audit", "back_audit", "gone_audit"):
            self._db.execute(
                f"""UPDATE findings SET {column} = :audit WHERE {column} IN
                (SELECT id FROM audits WHERE reported_at IS NULL AND id != :audit)""",
                {"audit": audit},
            )

    def _see(self, audit: str, now: datetime, finding: Finding, file_url: str) -> None:
        """Insert or update one finding: in plain SQL, for there may be tens of thousands."""
        values = {
            "id": finding.id,
            "account": finding.account,
            "post_url": finding.post_url,
            "finding": finding_to_json(finding),
            "file_url": file_url,
            "now": now.isoformat(),
            "audit": audit,
        }
        self._db.execute(
            """INSERT INTO findings (id, account, post_url, finding, file_url, last_seen, first_seen, first_audit)
            VALUES (:id, :account, :post_url, :finding, :file_url, :now, :now, :audit)
            ON CONFLICT (id) DO UPDATE SET finding = excluded.finding, file_url = excluded.file_url,
            last_seen = excluded.last_seen, removal = NULL, missing_since = NULL, missing_audit = NULL,
            back_audit = CASE WHEN gone_at IS NULL THEN back_audit ELSE :audit END,
            gone_audit = CASE WHEN gone_at IS NULL THEN gone_audit END,
            proof = CASE WHEN gone_at IS NULL THEN proof END,
            gone_at = NULL""",
            values,
        )

    def visits_since(self, start: datetime) -> list[tuple[str, datetime, str]]:
        """Return account, end and status of each visit that ended since ``start``, oldest first."""
        found = self._db.query(
            """SELECT DISTINCT account, visited_at, status FROM coverage
            WHERE julianday(visited_at) >= julianday(?) ORDER BY julianday(visited_at)""",
            [start.isoformat()],
        )
        return [(row["account"], datetime.fromisoformat(row["visited_at"]), row["status"]) for row in found]

    def last_started(self) -> datetime | None:
        """Return when the newest audit began that visited pages and ran to its end, or None."""
        found = self._db.query(
            """SELECT started_at FROM audits WHERE ended_at IS NOT NULL AND EXISTS (
                SELECT 1 FROM coverage WHERE audit = audits.id AND julianday(visited_at) >= julianday(started_at)
            ) ORDER BY rowid DESC LIMIT 1"""
        )
        return next((datetime.fromisoformat(row["started_at"]) for row in found), None)

    def all_started(self) -> list[datetime]:
        """Return when each audit began, in the order in which they were run."""
        return [
            datetime.fromisoformat(row["started_at"])
            for row in self._db.query("SELECT started_at FROM audits ORDER BY rowid")
        ]

    def first_started(self) -> datetime | None:
        """Return when the first audit began that was checked, or None."""
        found = self._db.query("SELECT started_at FROM audits WHERE finished_at IS NOT NULL ORDER BY rowid LIMIT 1")
        return next((datetime.fromisoformat(row["started_at"]) for row in found), None)

    def is_first(self, audit: str) -> bool:
        """Return whether no audit was checked before this one."""
        found = self._db.query("SELECT id FROM audits WHERE finished_at IS NOT NULL ORDER BY rowid LIMIT 1")
        return next((row["id"] == audit for row in found), True)

    def latest(self) -> str | None:
        """Return the id of the newest finished audit, or None."""
        found = self._db.query("SELECT id FROM audits WHERE finished_at IS NOT NULL ORDER BY rowid DESC LIMIT 1")
        return next((str(row["id"]) for row in found), None)

    def mark(self) -> tuple[str | None, int, int, datetime | None]:
        """Return what changes when an audit begins or ends, or when findings are dropped or a person is erased from
        them; not while it is at work."""
        found = next(
            self._db.query(
                """SELECT (SELECT count(*) FROM findings) AS findings,
                (SELECT coalesce(max(id), 0) FROM deletions) AS deletions"""
            )
        )
        return self.latest(), int(found["findings"]), int(found["deletions"]), self.not_ended()

    def not_ended(self) -> datetime | None:
        """Return when an audit began that is newer than all that ended: it runs, or was cut off."""
        found = self._db.query("SELECT started_at, finished_at, ended_at FROM audits ORDER BY rowid DESC LIMIT 1")
        newest = next(found, None)
        if newest is None or newest["finished_at"] or newest["ended_at"]:
            return None
        return datetime.fromisoformat(newest["started_at"])

    def missed_now(self) -> tuple[NotChecked, ...]:
        """Return what the visits of the newest audit, ended or not, could not look at, in a fixed order."""
        newest = list(self._db.query("SELECT id FROM audits ORDER BY rowid DESC LIMIT 1"))
        return tuple(_ordered(self.notes_of_visits(newest[0]["id"]))) if newest else ()

    def load(self, audit: str) -> Audit:
        """Return one finished audit as the report reads it, in a fixed order."""
        row = next(iter(self._db.table("audits").rows_where("id = ?", [audit])))
        severity = {"today": 0, "week": 1, "governance": 2}
        tracked = [
            self._tracked(item, audit)
            for item in self._db.query(
                """SELECT findings.*, posts.last_reached_at FROM findings
                LEFT JOIN posts ON posts.account = findings.account AND posts.url = findings.post_url
                WHERE findings.gone_at IS NULL OR findings.gone_audit = ?""",
                [audit],
            )
        ]
        tracked.sort(
            key=lambda item: (
                item.state == "gone",
                severity[item.finding.severity],
                item.finding.band,
                item.finding.account,
                item.finding.post_url,
                item.finding.clause,
                item.finding.id,
            )
        )
        coverage = self._db.table("coverage").rows_where("audit = ?", [audit], order_by="account")
        return Audit(
            id=audit,
            started_at=datetime.fromisoformat(row["started_at"]),
            finished_at=datetime.fromisoformat(row["finished_at"]),
            complete=bool(row["complete"]),
            versions={name: told(version) for name, version in json.loads(row["versions"]).items()},
            coverage=values_of(Coverage, coverage),
            findings=tuple(tracked),
            not_checked=tuple(self._notes(audit)),
            posts_without_finding=row["posts_without_finding"],
        )

    def _notes(self, audit: str) -> list[NotChecked]:
        found = values_of(NotChecked, self._db.table("not_checked").rows_where("audit = ?", [audit]))
        return _ordered(found)

    def _tracked(self, row: dict[str, Any], audit: str) -> TrackedFinding:
        state: FindingState = "open"
        if row["gone_at"] is not None:
            state = "gone"
        elif row["back_audit"] == audit:
            state = "back"
        elif row["first_audit"] == audit:
            state = "new"
        return TrackedFinding(
            finding=finding_from_json(row["finding"]),
            state=state,
            first_seen=datetime.fromisoformat(row["first_seen"]),
            last_seen=datetime.fromisoformat(row["last_seen"]),
            gone_at=moment_of(row["gone_at"]),
            proof=told(row["proof"] or ""),
            last_checked=moment_of(row["last_reached_at"]),
            removal=told(row["removal"] or "") if row["gone_at"] is None else "",
            seen_gone=row["gone_at"] is None and row["missing_since"] is not None,
        )

    def photos_in_findings(self, since: datetime) -> frozenset[str]:
        """Return the content hashes of photos that an open finding shows, or one that ended after ``since``."""
        found = self._db.query(
            """SELECT DISTINCT json_extract(finding, '$.evidence.sha256') AS sha256 FROM findings
            WHERE sha256 IS NOT NULL AND (gone_at IS NULL OR julianday(gone_at) > julianday(?))""",
            [since.isoformat()],
        )
        return frozenset(row["sha256"] for row in found)


def _ordered(notes: Iterable[NotChecked]) -> list[NotChecked]:
    return sorted(notes, key=lambda note: (note.account, note.url, note.what, note.reason))
