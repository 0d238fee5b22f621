"""No vector of a posted face reaches the disk: every file of the workspace is searched for it, in every likely form."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from cryptography.fernet import Fernet

from auditbot.check.stage import check
from auditbot.evidence.kept import keep_evidence
from auditbot.examine.faces.enrol import enrol
from auditbot.examine.faces.faces import Vectors
from auditbot.examine.photo import ExaminedPhoto
from auditbot.examine.stage import examine, examined_with
from auditbot.examine.workers import ExamineWorkers
from auditbot.run import Run, local_now
from auditbot.settings import Examine, School, Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import declared, post
from tests.unit.check.test_check_stage import Silent
from tests.unit.examine.made_up_faces import FACES
from tests.unit.examine.test_enrol import ASSESSED, pupil

PHOTOS = (FACES / "C001" / "candid_2.jpg", FACES / "groups" / "group_03.jpg")
PUPILS = ("C001", "C002", "C004")


def forms(vector: Vectors) -> Iterator[bytes]:
    """Yield the vector as it might be stored: a run of its numbers is enough to know it by."""
    some = vector[5:11]
    for kind in ("<f4", "<f8", "<f2", ">f4"):
        yield some.astype(kind).tobytes()
    yield ", ".join(str(float(number)) for number in some).encode()
    yield json.dumps([round(float(number), 6) for number in some])[1:-1].encode()
    yield json.dumps([float(number) for number in some], separators=(",", ":"))[1:-1].encode()
    # The same bytes begin at one of three places of base64's groups of four letters.
    raw = vector.astype("<f4").tobytes()
    for start in (24, 25, 26):
        yield base64.b64encode(raw[start : start + 24])


def held(folder: Path, vectors: Iterable[Vectors]) -> list[tuple[str, int]]:
    """Return each file that holds a vector, and which."""
    content = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [
        (path.name, number)
        for number, vector in enumerate(vectors)
        for form in forms(vector)
        for path, data in content.items()
        if form in data
    ]


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[Vectors]:
    """The very vectors that worker processes hand to the main process."""
    seen: list[Vectors] = []
    real = ExamineWorkers.map_photos

    def noted(self: ExamineWorkers, paths: Iterable[Path]) -> Iterator[ExaminedPhoto]:
        for examined in real(self, paths):
            seen.extend(face.vector for face in examined.faces)
            yield examined

    monkeypatch.setattr(ExamineWorkers, "map_photos", noted)
    return seen


def test_no_vector_of_a_posted_face_is_on_disk(
    fresh_workspace: Workspace, handed_over: list[Vectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    for child in PUPILS:
        shutil.copyfile(FACES / child / "portrait_1.jpg", fresh_workspace.consent / "photos" / f"{child}.jpg")
    settings = Settings(School("Larkmere"), examine=Examine(workers=1, read_words=False), faces=ASSESSED)
    registers = declared(map(pupil, PUPILS))
    enrolled = enrol(fresh_workspace, settings, registers)
    assert enrolled.gallery.pupil_ids == PUPILS
    with Store(fresh_workspace.data / "auditbot.db") as store:
        run = Run(fresh_workspace, settings, registers, store, store.audits.begin(local_now(settings), "all"), Silent())
        hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in PHOTOS]
        for sha256, path in zip(hashes, PHOTOS, strict=True):
            shutil.copyfile(path, run.spool.path(sha256))
        store.published.save_post(post(*hashes), run.now())
        examine(run, enrolled)
        version = examined_with(enrolled, settings)
        check(run, frozenset(store.examined.photos_to_examine(version)), {})
        assert len(handed_over) > 8
        files = {path.name for path in fresh_workspace.folder.rglob("*")}
        assert {"auditbot.db", "auditbot.db-wal", "templates.sealed", *hashes} <= files
        assert held(fresh_workspace.folder, handed_over) == []
        keep_evidence(run, examined_with(enrolled, settings))
    answers = [face for sha256 in hashes for face in _faces(fresh_workspace, sha256)]
    assert len(answers) == len(handed_over)
    assert any(face for face in answers)
    assert held(fresh_workspace.folder, handed_over) == []


def _faces(workspace: Workspace, sha256: str) -> list[tuple[str, ...]]:
    with Store(workspace.data / "auditbot.db") as store:
        known = store.examined.photo(sha256)
    assert known is not None
    return [tuple(candidate.pupil_id for candidate in face.candidates) for face in known.faces]


@pytest.mark.parametrize(
    "written",
    [
        lambda row: b"x" + row.tobytes(),
        lambda row: row.astype(np.float64).tobytes(),
        lambda row: row.astype(np.float16).tobytes(),
        lambda row: json.dumps({"vector": row.tolist()}).encode(),
        lambda row: json.dumps([round(float(number), 6) for number in row]).encode(),
        lambda row: json.dumps(row.tolist(), separators=(",", ":")).encode(),
        lambda row: base64.b64encode(row.tobytes()),
        lambda row: b"SQLite format 3\0" + base64.b64encode(b"{}" + row.tobytes()),
    ],
)
def test_the_search_finds_a_vector_in_each_form(tmp_path: Path, written: object) -> None:
    rows = np.random.default_rng(1).normal(size=(3, 320)).astype(np.float32)
    assert callable(written)
    (tmp_path / "left.bin").write_bytes(written(rows[1]))
    assert {number for _, number in held(tmp_path, rows)} == {1}
