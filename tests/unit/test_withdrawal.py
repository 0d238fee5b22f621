"""A right that ends takes templates, matches, findings and reports with it at the next command, whichever it is."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from cryptography.fernet import Fernet
from PIL import Image

from auditbot.cli import main
from auditbot.decisions.event import Action, Draft
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.examine.faces.templates import Template, load_templates, save_templates
from auditbot.model import Candidate, Coverage, Face, Finding, PhotoEvidence, PhotoFacts, PhotoUse, Post
from auditbot.registers.secrets import find_key
from auditbot.run import one_at_a_time
from auditbot.sentences import quoted
from auditbot.settings import Workspace
from auditbot.store import Store

PHOTO = "a" * 64
URL = "https://www.larkmere.example/news/1"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OLD, NEWEST = "2026-11-20T02-30-00", "2026-11-21T02-30-00"
GOES, STAYS, HEAD = "PUPIL-GOES-7", "PUPIL-STAYS-7", "staff-head"
COLUMNS = "pupil_id,legal_forename,legal_surname,left_on,biometric_parents_notified_on,biometric_consent,"
COLUMNS += "biometric_objection,child_objects,biometric_withdrawn_on\n"
RIGHT = {
    "left_on": "",
    "biometric_parents_notified_on": "2026-09-01",
    "biometric_consent": "yes",
    "biometric_objection": "no",
    "child_objects": "no",
    "biometric_withdrawn_on": "",
}
NEEDS_NO_BROWSER = [
    ["posts"],
    ["enrol"],
    ["doctor"],
    ["check-text", "texts.jsonl"],
    ["audit", "--stage", "check"],
    ["report"],
    ["schedule"],
    ["check-photo", "photo.png"],
]


def row(pupil_id: str, **cells: str) -> str:
    return ",".join([pupil_id, "Maya", "Day", *(RIGHT | cells).values()]) + "\n"


def register(workspace: Workspace, *rows: str) -> None:
    (workspace.consent / "pupils.csv").write_text(COLUMNS + "".join(rows), "utf-8")


def finding(name: str, *people: str) -> Finding:
    return Finding(
        name, "C11", "no_permission", "today", "breach", "website", URL, NOON,
        PhotoEvidence(f"{URL}/1.jpg", PHOTO, ((1.0, 2.0, 3.0, 4.0),)), people, 0.8,
        quoted(" ".join(f"The face may be {{{person}}}." for person in people)),
    )  # fmt: skip


def template(person: str, kind: str = "enrolled") -> Template:
    vector = np.ones(320, np.float32)
    return Template(person, kind, date(2026, 9, 1), None, kind, "engine 1", vector, ((320, 1.0),))  # type: ignore[arg-type]


def people_in(workspace: Workspace) -> set[str]:
    return {one.pupil_id for one in load_templates(workspace.data / "templates.sealed", find_key())}


def record(workspace: Workspace) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(workspace.data / "auditbot.db")) as file:
        return list(file.execute("SELECT person_id, what, why FROM deletions ORDER BY id"))


@pytest.fixture
def school(fresh_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A school with templates, learned ones too, matches in many photos, findings and two reports of three people."""
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    before = signal.getsignal(signal.SIGTERM)
    workspace = fresh_workspace
    settings = workspace.config / "auditbot.toml"
    text = settings.read_text("utf-8").replace('# dpia_reference = ""', 'dpia_reference = "D1"')
    text = text.replace('# dpia_officer = ""', 'dpia_officer = "R. Ashdown"').replace("# dpia_date", "dpia_date")
    settings.write_text(text.replace("# pdf = true", "pdf = false").replace("# workers = 0", "workers = 1"), "utf-8")
    register(workspace, row(GOES), row(STAYS))
    staff = "staff_id,title,forename,surname,role,biometric_consent\nhead,Mrs,Ann,Hale,Headteacher,yes\n"
    (workspace.consent / "staff.csv").write_text(staff, "utf-8")
    everybody = [template(person) for person in (GOES, STAYS, HEAD)]
    save_templates(workspace.data / "templates.sealed", [*everybody, template(GOES, "learned")], find_key())
    with Store(workspace.data / "auditbot.db") as store:
        store.published.save_post(
            Post("website", URL, "Harvest", "We sang.", photos=(PhotoUse(f"{URL}/1", PHOTO),)), NOON
        )
        for number in range(200):  # enough for pages to be split, freed and used again
            both = Face((1.0, 2.0, 3.0, 4.0), 0.9, "named", (Candidate(GOES, 0.8), Candidate(STAYS, 0.7)))
            alone = Face((9.0, 2.0, 3.0, 4.0), 0.9, "named", (Candidate(GOES, 0.8),))
            store.examined.save_photo(PhotoFacts(f"{number:064}", 800, 600, (both, alone), ()), "v1")
        audit = store.audits.begin(NOON, "all")
        store.audits.save_coverage(audit, Coverage("website", "complete", 1, 1), [], started_at=NOON, at=NOON)
        store.audits.save_check(
            audit, NOON, findings=[finding("f1", GOES), finding("f2", GOES, STAYS), finding("f3", STAYS)],
            not_checked=[], ended={}, versions={}, posts_without_finding=0,
        )  # fmt: skip
        store.audits.end(audit, NOON)
        for folder in (OLD, audit):
            written = {"findings": [{"clause": "C11", "pupils": [GOES]}]}
            (workspace.reports / folder).mkdir()
            (workspace.reports / folder / "report.json").write_text(json.dumps(written), "utf-8")
    (workspace.folder / "texts.jsonl").write_text('{"id": 1, "text": "We sang."}\n', "utf-8")
    Image.new("RGB", (8, 8)).save(workspace.folder / "photo.png")
    monkeypatch.chdir(workspace.folder)
    monkeypatch.setattr("auditbot.commands.audit.run_nightly", lambda *_: None)
    yield workspace
    signal.signal(signal.SIGTERM, before)


def bytes_of(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("words", NEEDS_NO_BROWSER, ids=lambda words: words[0])
def test_after_any_command_no_byte_tells_whom_a_face_was_matched_with(
    school: Workspace, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    register(school, row(GOES, biometric_withdrawn_on="2026-11-01"), row(STAYS))
    main(words)
    capsys.readouterr()
    assert record(school) == [(GOES, "face template and matches", "biometric consent withdrawn on 2026-11-01")]
    # What the record itself says is the one place left.
    assert bytes_of(school.data).count(GOES.encode()) == 1
    assert GOES.encode() not in bytes_of(school.reports)
    assert not (school.reports / OLD).exists()
    if words != ["enrol"]:  # which also drops whoever has no photo
        with Store(school.data / "auditbot.db") as store:
            assert store.erasure.people_with_matches() == {STAYS}
    main(["posts"])
    assert len(record(school)) == 1, "nothing is recorded twice"


def decided_about(workspace: Workspace) -> list[tuple[str, ...]]:
    with Ledger(workspace.data / FILE_NAME) as ledger:
        assert ledger.verify() is None
        return [event.draft.pupil_ids for event in ledger.events()]


def test_decisions_about_a_face_are_forgotten_with_the_match_and_no_others(school: Workspace) -> None:
    with Ledger(school.data / FILE_NAME) as ledger:
        (down,) = ledger.append([Draft("lead", Action.DOWN, finding="f1", rule="C11", pupil_ids=(GOES,))])
        ledger.append([Draft("lead", Action.UNDO, about=down.id, pupil_ids=(GOES,))])
        ledger.append([Draft("lead", Action.DOWN, finding="f3", rule="C11", pupil_ids=(STAYS,))])
        ledger.append([Draft("lead", Action.DOWN, finding="w1", rule="C12", pupil_ids=(GOES,))])
    with Store(school.data / "auditbot.db") as store:
        before = store.audits.mark()
    register(school, row(GOES, biometric_withdrawn_on="2026-11-01"), row(STAYS))
    main(["posts"])
    assert decided_about(school) == [(), (), (STAYS,), (GOES,)]
    with Store(school.data / "auditbot.db") as store:
        assert store.audits.mark() != before  # what the page goes by


def test_where_matching_is_not_allowed_any_more_decisions_stay(school: Workspace) -> None:
    with Ledger(school.data / FILE_NAME) as ledger:
        ledger.append([Draft("lead", Action.DOWN, finding="f1", rule="C11", pupil_ids=(GOES,))])
    without_assessment(school)
    main(["posts"])
    assert decided_about(school) == [(GOES,)]


def without_assessment(school: Workspace) -> None:
    settings = school.config / "auditbot.toml"
    settings.write_text(settings.read_text("utf-8").replace('dpia_reference = "D1"', ""), "utf-8")


@pytest.mark.parametrize(
    ("change", "gone", "why"),
    [
        (lambda one: register(one, row(GOES, left_on="2026-07-17"), row(STAYS)), {GOES}, "left on 2026-07-17"),
        (lambda one: register(one, row(GOES, biometric_objection="yes"), row(STAYS)), {GOES}, "a parent objects"),
        (lambda one: register(one, row(GOES, child_objects="yes"), row(STAYS)), {GOES}, "the child objects"),
        (lambda one: register(one, row(STAYS)), {GOES}, "no longer in the registers"),
        (without_assessment, {GOES, STAYS, HEAD}, "face matching is not allowed"),
        (
            lambda one: (one.consent / "staff.csv").write_text("title,forename,surname,role\n", "utf-8"),
            {HEAD},
            "no longer in the registers",
        ),
        (lambda one: None, set(), ""),
    ],
    ids=["left", "objection", "child", "row removed", "no assessment", "staff", "nothing"],
)
def test_every_end_of_the_right_is_honoured_and_its_reason_recorded(
    school: Workspace, change: Callable[[Workspace], object], gone: set[str], why: str
) -> None:
    change(school)
    assert main(["posts"]) == 0
    assert {person for person, _, _ in record(school)} == gone
    assert {reason for _, _, reason in record(school)} == ({why} if why else set())
    assert people_in(school) == {GOES, STAYS, HEAD} - gone
    assert (school.reports / OLD).exists() == (GOES not in gone)


def test_a_template_without_any_match_leaves_a_record_too(school: Workspace) -> None:
    for path in school.data.glob("auditbot.db*"):
        path.unlink()
    register(school, row(STAYS))
    main(["posts"])
    assert record(school) == [(GOES, "face template", "no longer in the registers")]


def test_what_others_were_matched_with_stays_and_the_findings_keep_their_place(school: Workspace) -> None:
    register(school, row(STAYS))
    main(["posts"])
    with Store(school.data / "auditbot.db") as store:
        findings = {one.id: one for one in store.audits.open_findings()}
        facts = store.examined.photo(f"{0:064}")
    assert {name: one.pupil_ids for name, one in findings.items()} == {"f1": (), "f2": (STAYS,), "f3": (STAYS,)}
    assert "erased" in findings["f1"].explanation and findings["f3"] == finding("f3", STAYS)
    assert facts is not None and [face.outcome for face in facts.faces] == ["possible", "nobody"]


def test_templates_nobody_can_read_do_not_keep_the_matches(school: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    register(school, row(STAYS))
    assert main(["posts"]) == 0
    assert [(person, what) for person, what, _ in record(school)] == [(GOES, "matches")]


def test_an_erasing_that_was_killed_before_its_end_is_taken_up(
    school: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    register(school, row(STAYS))
    with monkeypatch.context() as patch:
        patch.setattr("auditbot.report.stage.write_newest_again", killed)
        assert main(["posts"]) == 130
    assert main(["posts"]) == 0
    assert bytes_of(school.data).count(GOES.encode()) == 1
    assert GOES.encode() not in bytes_of(school.reports)


def test_whom_a_report_names_that_cannot_be_read_now_is_erased_by_the_next_command(
    school: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on Windows, while the report is open elsewhere."""
    register(school, row(STAYS))
    read_text = Path.read_text

    def locked(path: Path, *how: str, **more: str) -> str:
        if path == school.reports / OLD / "report.json":
            raise PermissionError(13, "The process cannot access the file", str(path))
        return read_text(path, *how, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", locked)
        assert main(["posts"]) == 2
    assert OLD in capsys.readouterr().err
    assert record(school) == []
    assert main(["posts"]) == 0
    assert not (school.reports / OLD).exists()
    assert [person for person, _, _ in record(school)] == [GOES]


def test_a_record_of_what_is_past_its_time_leaves_the_report_as_it_is(school: Workspace) -> None:
    with Store(school.data / "auditbot.db") as store:
        newest = store.audits.latest()
        store.erasure.record("", "3 findings", "past the time for which they are kept", NOON)
    pdf = school.reports / str(newest) / "report.pdf"
    pdf.write_bytes(b"%PDF")
    assert main(["posts"]) == 0
    assert pdf.exists()
    with Store(school.data / "auditbot.db") as store:
        assert not store.erasure.unfinished()


def test_while_another_run_holds_the_workspace_nothing_is_touched(school: Workspace) -> None:
    register(school, row(STAYS))
    with one_at_a_time(school):
        assert main(["posts"]) == 0
    assert record(school) == []
