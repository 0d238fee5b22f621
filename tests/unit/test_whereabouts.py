"""Where a child is: one answer for both who asks what is held and who asks that it goes."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from auditbot.decisions.event import Action, Draft
from auditbot.decisions.ledger import Ledger
from auditbot.errors import NobodyOfThatId, TemplatesUnreadable
from auditbot.model import Candidate, Face, PhotoFacts
from auditbot.privacy import whereabouts
from auditbot.privacy.forget import forget
from auditbot.privacy.subject_access import write_subject_access
from auditbot.privacy.whereabouts import Inside, Kind, holds_inside, where_is
from auditbot.registers.declared import read_declared
from auditbot.run import local_now
from auditbot.settings import Settings, Workspace, load_settings
from auditbot.store import Store
from tests.unit.registers.mis.exports import workbook

PUPILS = (
    "pupil_id,admission_no,legal_forename,legal_surname,website,Notes\n"
    "P001,9031,Maya,Quillfeather,yes,rang\nP002,9032,Max,Lee,yes,\n"
)
CONCERN = """[[concern]]
id = "2026-01"
clause = "C12"
reported_on = 2026-11-01
reported_by = "A parent"
quote = "Well done Maya Quillfeather"
"""


@pytest.fixture
def school(fresh_workspace: Workspace, tmp_path: Path) -> tuple[Workspace, Settings]:
    """Return a workspace in which one child is in every kind of place, and the watched folder lies outside of it."""
    consent = fresh_workspace.consent
    (consent / "pupils.csv").write_text(PUPILS, "utf-8")
    (fresh_workspace.config / "casework.toml").write_text(CONCERN, "utf-8")
    rows: list[list[object]] = [["Adno", "Forename", "Surname"], [9031, "Maya", "Quillfeather"], [9032, "Max", "Lee"]]
    workbook(consent, {"List": rows}, name="list.xlsx")
    exports = tmp_path / "exports"
    exports.mkdir()
    workbook(exports, {"List": rows}, name="september.xlsx")
    (exports / "other.csv").write_text("Adno,Forename,Surname\n9032,Max,Lee\n", "utf-8")
    (consent / "forms.zip").write_bytes(b"PK")
    with Ledger(fresh_workspace.data / "decisions.db") as ledger:
        ledger.append([Draft("lead", Action.DOWN, finding="f1", pupil_ids=("P001",))])
    # And where nothing knows how to erase it.
    with closing(sqlite3.connect(fresh_workspace.data / "decisions.db")) as database, database:
        database.execute("CREATE TABLE noted_by_hand (said TEXT)")
        database.execute("INSERT INTO noted_by_hand VALUES ('P001')")
    settings = load_settings(fresh_workspace)
    settings = replace(settings, consent=replace(settings.consent, watch_folder=str(exports)))
    read_declared(fresh_workspace, local_now(settings).date())
    return fresh_workspace, settings


def kinds(workspace: Workspace, settings: Settings, pupil_id: str) -> dict[str, set[str]]:
    declared = read_declared(workspace, local_now(settings).date())
    found: dict[str, set[str]] = {}
    for place in where_is(workspace, settings, declared, pupil_id).places:
        found.setdefault(place.kind.name, set()).add(place.path.name)
    return found


def test_every_place_is_named(school: tuple[Workspace, Settings]) -> None:
    assert kinds(*school, "P001") == {
        "REGISTER": {"pupils.csv"},
        "HISTORY": {"consent_history.csv"},
        "KEPT": {"pupils-accepted.csv"},
        "CONCERN": {"casework.toml"},
        "EXPORT": {"september.xlsx"},
        "WORKBOOK": {"list.xlsx"},
        "DATABASE": {"decisions.db"},
        "NOT_SEARCHED": {"forms.zip"},
    }
    assert "CONCERN" not in kinds(*school, "P002")


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_after_forgetting_nothing_is_found_that_was_not_named(
    school: tuple[Workspace, Settings], tmp_path: Path, delimiter: str
) -> None:
    workspace, settings = school
    register = workspace.consent / "pupils.csv"
    register.write_text(register.read_text("utf-8").replace(",", delimiter), "utf-8")
    declared = read_declared(workspace, local_now(settings).date())
    done = forget(workspace, settings, declared, "P001", "asked for", from_register=True)
    named = {place.path for place in done.left}
    assert {path.name for path in named} == {"casework.toml", "list.xlsx", "september.xlsx", "decisions.db"}
    assert [path.name for path in done.unsearched] == ["forms.zip"]
    after = read_declared(workspace, local_now(settings).date())
    assert list(after.pupils) == ["P002"] and after.notes == ()
    page = write_subject_access(workspace, settings, after, "P001", tmp_path / "out").read_text("utf-8")
    held = where_is(workspace, settings, after, "P001")
    assert {place.path for place in held.places if place.kind != Kind.NOT_SEARCHED} <= named
    assert "Quillfeather" not in page
    with pytest.raises(NobodyOfThatId):
        write_subject_access(workspace, settings, after, "P777", tmp_path / "none")


def test_who_asks_what_is_held_is_told_every_file(school: tuple[Workspace, Settings], tmp_path: Path) -> None:
    workspace, settings = school
    declared = read_declared(workspace, local_now(settings).date())
    page = write_subject_access(workspace, settings, declared, "P001", tmp_path / "out").read_text("utf-8")
    for name in ("casework.toml", "september.xlsx", "list.xlsx", "decisions.db", "pupils-accepted.csv", "rang"):
        assert name in page


def test_after_forgetting_the_childs_photo_is_in_no_folder(school: tuple[Workspace, Settings]) -> None:
    workspace, settings = school
    with Store(workspace.data / "auditbot.db") as store:
        face = Face((1.0, 2.0, 3.0, 4.0), 0.9, "named", (Candidate("P001", 0.8),))
        store.examined.save_photo(PhotoFacts("a" * 64, 800, 600, (face,), ()), "v1")
    copies = [workspace.data / folder / ("a" * 64) for folder in ("evidence", "spool")]
    for copy in copies:
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(b"photo")
    declared = read_declared(workspace, local_now(settings).date())
    forget(workspace, settings, declared, "P001", "asked for", from_register=True)
    assert not any(copy.exists() for copy in copies)


PLANTED = (
    "consent/imports.csv", "consent/kept/pupils-2026-01-01T000000.csv", "consent/form.txt", "consent/notes",
    "consent/september.bak", "consent/questions.csv", "config/accounts.toml.old", "data/exposure/counts.json",
    "data/review.db-wal", "data/log/2026-11.jsonl", "data/other.sqlite", "reports/letters/request.html",
    "reports/meeting.html", "data/outbox/1.json", "before-you-post/text.md",
)  # fmt: skip
"""Files of any room, and of a school's own, in which a child may be."""
SAID = "note: P001 Maya Quillfeather, 9031"


def searched(path: Path) -> bool:
    """Whether the bytes of a file hold the child, in any letters."""
    content = path.read_bytes()
    return any(name.encode(code) in content for name in ("Quillfeather", "P001") for code in ("utf-8", "utf-16-le"))


def test_after_forgetting_no_byte_of_the_child_is_left_in_a_file_that_was_not_named(
    school: tuple[Workspace, Settings], tmp_path: Path
) -> None:
    workspace, settings = school
    for place in PLANTED:
        path = workspace.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".csv":
            path.write_text(f"{SAID}\n", "utf-16" if path.suffix == ".txt" else "utf-8")
    (workspace.consent / "kept" / "pupils-2026-01-01T000000.csv").write_text(PUPILS, "utf-8")
    (workspace.consent / "questions.csv").write_text(f"key,row,question,decision\nk,2,{SAID},P001\n", "utf-8")
    kept_pages = workspace.data / "warc" / "pages.warc.gz"
    kept_pages.parent.mkdir()
    kept_pages.write_bytes(gzip.compress(SAID.encode()))
    (workspace.folder / "reports" / "P001.png").write_bytes(b"\x89PNG")
    before = read_declared(workspace, local_now(settings).date())
    done = forget(workspace, settings, before, "P001", "asked for", from_register=True)
    named = {place.path for place in done.left} | set(done.unsearched)
    held = {path for path in workspace.folder.rglob("*") if path.is_file() and (searched(path) or "P001" in path.name)}
    ours = {workspace.data / "auditbot.db"}  # it keeps the id in the record that the child was forgotten
    assert held - ours <= named
    assert kept_pages in named
    assert {workspace.folder / place for place in PLANTED} - named <= {
        workspace.consent / "imports.csv",  # nothing of the child was planted in it
        workspace.consent / "kept" / "pupils-2026-01-01T000000.csv",
    }
    assert b"Quillfeather" not in (workspace.data / "auditbot.db").read_bytes()
    after = read_declared(workspace, local_now(settings).date())
    found = where_is(workspace, settings, after, "P001")
    assert {place.path for place in found.places} <= named


def says_her_name(text: str) -> bool:
    return "quillfeather" in text.lower()


MOST = 2_000_000
SEALED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"EncryptedPackage".ljust(2000, b"\0")
"""What Excel writes where a password is asked for, as far as anybody can read it."""


@pytest.mark.parametrize(
    ("name", "content", "inside"),
    [
        ("pupils.xlsx", SEALED, Inside.NOT_SEARCHABLE),
        ("pupils.xls", b"<html><p>Quillfeather</p></html>", Inside.FOUND),
        ("pupils.xlsx", b"", Inside.NOT_FOUND),
        ("pages.warc.gz", gzip.compress(b"Quillfeather"), Inside.FOUND),
        ("pages.warc.gz", gzip.compress(b"Lee"), Inside.NOT_FOUND),
        (
            "pages.warc.gz",
            gzip.compress(bytes(MOST + 1_500_000)) + gzip.compress(b"Quillfeather"),
            Inside.NOT_SEARCHABLE,
        ),
        ("pages.warc.gz", gzip.compress(bytes(MOST)), Inside.NOT_FOUND),
        ("pages.warc.gz", gzip.compress(b"Lee" * 999)[:-9], Inside.NOT_SEARCHABLE),
        ("letter.pdf", b"%PDF", Inside.NOT_SEARCHABLE),
        ("photo.jpg", b"\xff\xd8", Inside.NOT_FOUND),
    ],
    ids=["password", "page", "empty", "packed", "packed without", "too long", "long", "damaged", "letter", "photo"],
)
def test_what_cannot_be_searched_is_not_said_to_be_without_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, inside: Inside
) -> None:
    monkeypatch.setattr(whereabouts, "MOST_BYTES", MOST)
    (tmp_path / name).write_bytes(content)
    assert holds_inside(tmp_path / name, says_her_name) == inside


def test_a_hidden_sheet_is_told_as_not_searched(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {"List": [["Lee"]], "Old": [["Quillfeather"]]}
    assert holds_inside(workbook(tmp_path, sheets, hidden=["Old"]), says_her_name) == Inside.NOT_SEARCHABLE
    assert holds_inside(workbook(tmp_path, sheets), says_her_name) == Inside.FOUND


def test_without_the_key_of_the_templates_nothing_is_removed(
    school: tuple[Workspace, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, settings = school
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())  # another than they were made with
    (workspace.data / "templates.sealed").write_bytes(b"sealed")
    log = workspace.data / "access.log"
    log.write_text('{"at": "2026-11-01T00:00:00+00:00", "whose": "P001"}\n', "utf-8")
    declared = read_declared(workspace, local_now(settings).date())
    with pytest.raises(TemplatesUnreadable):
        forget(workspace, settings, declared, "P001", "asked for", from_register=True)
    with Ledger(workspace.data / "decisions.db") as ledger:
        assert [event.draft.pupil_ids for event in ledger.events()] == [("P001",)]
    assert "P001" in log.read_text("utf-8")


def test_a_picture_of_a_page_that_cannot_be_removed_is_told(
    school: tuple[Workspace, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, settings = school
    screens = workspace.data / "screens"
    screens.mkdir()
    (screens / "page.jpg").write_bytes(b"\xff\xd8")
    remove = shutil.rmtree

    def open_elsewhere(folder: Path, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            remove(folder)

    monkeypatch.setattr(shutil, "rmtree", open_elsewhere)
    declared = read_declared(workspace, local_now(settings).date())
    done = forget(workspace, settings, declared, "P001", "asked for", from_register=True)
    assert done.stuck == (screens / "page.jpg",)
