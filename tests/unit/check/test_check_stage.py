"""The check stage over a real file: what was not checked is said, and what is known again gives the same findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from auditbot.check.stage import check
from auditbot.collect.archives.importing import stand_in
from auditbot.evidence.kept import keep_evidence
from auditbot.model import (
    Audit,
    Coverage,
    DocumentFacts,
    DocumentPicture,
    DocumentUse,
    FileAnswer,
    NotChecked,
    PhotoUse,
    Post,
    PostGone,
)
from auditbot.registers.declared import Declared
from auditbot.run import Run, local_now
from auditbot.sentences import quoted
from auditbot.settings import Demo, Faces, School, Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import URL, declared, face, photo, post, pupil

A, B, C, D = "a" * 64, "b" * 64, "c" * 64, "d" * 64
V1, V2 = "engine 1 | gallery 1", "engine 1 | gallery 2"
PUPILS = [pupil("P001", "website=no given=2025-09-01", name="Maya Okonkwo"), pupil("P002", name="Max Quennell")]
ASSESSED = Faces(dpia_reference="DPIA-1", dpia_officer="R. Ashdown", dpia_date=date(2026, 9, 1))


class Silent:
    """Shows no progress and remembers which stages were started and finished."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int]] = []
        self._items = 0

    def start(self, stage: str, total: int | None) -> None:
        self._items = 0

    def advance(self, stage: str) -> None:
        self._items += 1

    def finish(self, stage: str) -> None:
        self.said.append((stage, self._items))


@contextmanager
def night(
    workspace: Workspace, *, school: Declared | None = None, faces: Faces = ASSESSED, reached: str = "complete"
) -> Iterator[Run]:
    """Open a new audit of the workspace that has visited its one account."""
    settings = Settings(School("Larkmere"), faces=faces, demo=Demo())
    with Store(workspace.data / "auditbot.db") as store:
        registers = school or declared(PUPILS)
        run = Run(workspace, settings, registers, store, store.audits.begin(local_now(settings), "all"), Silent())
        coverage = Coverage("website", reached, 1, 1)  # type: ignore[arg-type]
        store.audits.save_coverage(run.audit, coverage, (), started_at=run.now(), at=run.now())
        yield run
        store.audits.end(run.audit, run.now())


def checked(run: Run, version: str = V1) -> Audit:
    stand_in(run)
    check(run, frozenset(run.store.examined.photos_to_examine(version)), {"auditbot": "1"})
    return run.store.audits.load(run.audit)


def publish(run: Run, *posts: Post) -> None:
    for one in posts:
        run.store.published.save_post(one, run.now())


def reasons(audit: Audit) -> list[tuple[str, str, str]]:
    return [(note.what, note.url, note.reason) for note in audit.not_checked]


def test_a_post_that_is_clear_leaves_nothing_unchecked(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace) as run:
        publish(run, post(A), post(url=f"{URL}-2"))
        run.store.examined.save_photo(photo(A, face("named", "staff-1")), V1)
        audit = checked(run)
    assert (audit.findings, audit.not_checked, audit.complete) == ((), (), True)
    assert audit.posts_without_finding == 2


def test_findings_of_all_clauses_are_kept_and_posts_without_one_counted(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace) as run:
        publish(run, post(A, title="Maya Okonkwo sang"), post(A, url=f"{URL}-2"), post(url=f"{URL}-3"))
        run.store.examined.save_photo(photo(A, face("named", "P001")), V1)
        audit = checked(run)
        assert isinstance(run.progress, Silent)
        assert run.progress.said == [("Posts checked", 3)]
    found = [(tracked.finding.clause, tracked.finding.post_url, tracked.state) for tracked in audit.findings]
    assert sorted(found) == [("C11", URL, "new"), ("C11", f"{URL}-2", "new"), ("C12", URL, "new")]
    assert audit.posts_without_finding == 1
    assert audit.complete


NOT_YET = "It has not been examined yet; the next full audit fetches it."
STALE = "It was examined with an earlier gallery; the next full audit fetches it and looks again."


@pytest.mark.parametrize(
    ("examined", "with_version", "reason"),
    [
        (None, "", NOT_YET),
        (photo(A, not_examined="The file is cut short."), V1, "The file is cut short."),
        (photo(A), V2, STALE),
        (photo(A, not_examined="The file is cut short."), V2, "The file is cut short."),
    ],
)
def test_a_photo_that_was_not_looked_at_is_said(
    fresh_workspace: Workspace, examined: object, with_version: str, reason: str
) -> None:
    with night(fresh_workspace) as run:
        publish(run, post(A))
        if examined is not None:
            run.store.examined.save_photo(examined, with_version)  # type: ignore[arg-type]
        audit = checked(run)
    assert reasons(audit) == [("photo", f"{URL}/{A}.jpg", reason)]
    assert not audit.complete


def test_documents_and_the_pictures_inside_are_said_too(fresh_workspace: Workspace) -> None:
    uses = tuple(
        DocumentUse(f"{URL}/{name}.pdf", sha256) for name, sha256 in (("a", A), ("b", B), ("c", C), ("d", None))
    )
    with night(fresh_workspace) as run:
        publish(run, replace(post(), documents=uses))
        run.store.examined.save_document(
            DocumentFacts(B, (), (), not_examined=quoted("It needs a password.")), "reader"
        )
        run.store.examined.save_document(DocumentFacts(C, ("text",), (DocumentPicture(4, D),)), "reader")
        audit = checked(run)
    assert reasons(audit) == [
        ("document", f"{URL}/a.pdf", "It has not been examined yet."),
        ("document", f"{URL}/b.pdf", "It needs a password."),
        ("photo", f"{URL}/c.pdf#page=4", NOT_YET),
    ]


def test_one_photo_in_two_places_of_a_post_is_said_once(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace) as run:
        publish(run, post(PhotoUse(f"{URL}/1.jpg", A), PhotoUse(f"{URL}/1.jpg", A)))
        audit = checked(run)
    assert len(audit.not_checked) == 1


def test_a_photo_without_its_file_is_left_to_what_the_visit_said(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace) as run:
        publish(run, post(PhotoUse(f"{URL}/1.jpg", None)))
        note = NotChecked("website", f"{URL}/1.jpg", "photo", quoted("The site answered 500."))
        run.store.audits.save_coverage(
            run.audit,
            Coverage("website", "partial", 1, 0, quoted("one photo")),
            [note],
            started_at=run.now(),
            at=run.now(),
        )
        audit = checked(run)
    assert audit.not_checked == (note,)


@pytest.mark.parametrize(
    "faces",
    [
        Faces(),
        replace(ASSESSED, dpia_reference=""),
        replace(ASSESSED, dpia_officer=""),
        replace(ASSESSED, dpia_date=None),
    ],
)
def test_without_the_impact_assessment_faces_count_as_not_checked(fresh_workspace: Workspace, faces: Faces) -> None:
    with night(fresh_workspace, faces=faces) as run:
        audit = checked(run)
    (note,) = audit.not_checked
    assert (note.account, note.what) == ("", "faces")
    assert "no data protection impact assessment" in note.reason
    assert not audit.complete


def test_without_a_pupil_in_the_register_nothing_counts_as_clear(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace, school=declared()) as run:
        publish(run, post(title="Maya Okonkwo sang"))
        audit = checked(run)
    assert [note.what for note in audit.not_checked] == ["register"]
    assert not audit.complete


def test_an_account_that_was_never_reached_is_never_clean(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace, reached="error") as run:
        assert not checked(run).complete
    with Store(fresh_workspace.data / "auditbot.db") as store:
        registers = declared(PUPILS)
        accounts = {**registers.accounts, "facebook": registers.accounts["website"]}
        settings = Settings(School("Larkmere"), faces=ASSESSED)
        unvisited = replace(registers, accounts=accounts)
        run = Run(fresh_workspace, settings, unvisited, store, store.audits.begin(local_now(settings), "all"), Silent())
        audit = checked(run)
    assert [(entry.account, entry.status) for entry in audit.coverage] == [("facebook", "error"), ("website", "error")]
    assert not audit.complete


def test_posts_of_an_account_that_left_the_register_are_not_checked_and_their_findings_end(
    fresh_workspace: Workspace,
) -> None:
    with night(fresh_workspace) as run:
        publish(run, post(title="Maya Okonkwo sang"))
        assert [tracked.state for tracked in checked(run).findings] == ["new"]
    other = declared(PUPILS)
    with night(fresh_workspace, school=replace(other, accounts={"new": other.accounts["website"]})) as run:
        assert [tracked.state for tracked in checked(run).findings] == ["gone"]


def test_a_consent_withdrawn_today_turns_an_old_post_into_a_finding_with_no_page_visited(
    fresh_workspace: Workspace,
) -> None:
    allowed, withdrawn = (
        declared([pupil("P001", f"website=yes given=2025-09-01{more}")]) for more in ("", " withdrawn=2026-11-22")
    )
    with night(fresh_workspace, school=allowed) as run:
        publish(run, post(A))
        run.store.examined.save_photo(photo(A, face("named", "P001")), V1)
        assert checked(run).findings == ()
    with night(fresh_workspace, school=withdrawn) as run:
        (tracked,) = checked(run).findings
    assert (tracked.state, tracked.finding.kind, tracked.finding.severity) == ("new", "withdrawn_since", "today")


def test_checking_twice_gives_the_same_audit(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace) as run:
        publish(run, post(A, B, title="Maya Okonkwo sang"))
        run.store.examined.save_photo(photo(A, face("named", "P001"), face("nobody", left=60)), V1)
        first, second = checked(run), checked(run)
    assert [t.finding for t in first.findings] == [t.finding for t in second.findings]
    assert {t.state for t in second.findings} == {"new"}
    assert first.not_checked == second.not_checked


# --- photos on disk -------------------------------------------------------------------------------------------------


def spooled(run: Run, *hashes: str) -> None:
    for sha256 in hashes:
        run.spool.path(sha256).write_bytes(sha256.encode())


def names(folder: object) -> set[str]:
    return {file.name for file in folder.iterdir()}  # type: ignore[attr-defined]


def test_only_photos_with_a_finding_are_kept_and_what_waits_stays(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace) as run:
        publish(run, replace(post(A, B, C), documents=(DocumentUse(f"{URL}/d.pdf", D),)))
        run.store.examined.save_photo(photo(A, face("named", "P001")), V1)
        run.store.examined.save_photo(photo(B), V1)
        spooled(run, A, B, C, D, "e" * 64)
        checked(run)
        keep_evidence(run, V1)
        assert names(run.spool.folder) == {C, D}
        assert names(run.evidence) == {A}
        assert run.bytes_of(A) == run.evidence / A
        assert run.bytes_of(B) is None
        keep_evidence(run, V1)
        assert names(run.evidence) == {A}


def test_evidence_goes_when_its_last_finding_ended_long_enough_ago(fresh_workspace: Workspace) -> None:
    with night(fresh_workspace) as run:
        publish(run, post(A))
        run.store.examined.save_photo(photo(A, face("named", "P001")), V1)
        spooled(run, A)
        checked(run)
        keep_evidence(run, V1)
    at = local_now(Settings(School("Larkmere")))
    for days in (0, 1):
        with night(fresh_workspace) as run:
            gone = PostGone("website", URL, quoted("The page answers 404 Not Found."))
            answer = FileAnswer(f"{URL}/{A}.jpg", True, quoted("The file’s own address answers 410 Gone."))
            run.store.published.mark_gone(gone, at + timedelta(days=days))
            run.store.published.save_answer(answer, at + timedelta(days=days))
            told = checked(run).findings
    with night(fresh_workspace) as run:
        assert [tracked.state for tracked in told] == ["gone"]
        assert told[0].proof.startswith(
            "The page answers 404 Not Found. The file’s own address answers 410 Gone. Checked twice"
        )
        keep_evidence(run, V1)
        assert names(run.evidence) == {A}
        later = replace(run, settings=replace(run.settings, report=replace(run.settings.report, evidence_days=1)))
        run.store.audits._db.execute("UPDATE findings SET gone_at = '2026-01-01T00:00:00+00:00'")
        keep_evidence(later, V1)
        assert names(run.evidence) == set()
