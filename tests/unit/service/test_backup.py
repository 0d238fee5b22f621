"""A backup is read back before it counts, is restored whole or not at all, and tells nobody anything."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import stat
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditbot.service import backup
from auditbot.service.backup import (
    ENDING,
    BackupDamaged,
    RestoreInTheWay,
    backup_name,
    make_backup,
    remove_older,
    restore,
)
from auditbot.service.sealed import NotOpened, new_recovery_key
from auditbot.settings import Workspace
from auditbot.store import Store
from auditbot.store.copies import is_whole

KEY = new_recovery_key()
NOW = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)


@pytest.fixture
def school(fresh_workspace: Workspace) -> Workspace:
    """Return a workspace with a database, a report, a portrait, evidence and what no backup should hold."""
    with Store(fresh_workspace.data / "auditbot.db") as store:
        store.audits.end(store.audits.begin(NOW, "all"), NOW)
    for name, content in {
        "consent/photos/P001.jpg": "portrait of Maya",
        "consent/pupils.csv": "pupil_id,legal_forename\nP001,Maya\n",
        "data/evidence/" + "a" * 64: "evidence",
        "data/spool/" + "b" * 64: "half of a download",
        "data/log/2026-11-29.jsonl": "{}",
        "reports/2026-11-29T02-30-00/report.html": "<p>report",
    }.items():
        path = fresh_workspace.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    (fresh_workspace.reports / "latest").symlink_to("2026-11-29T02-30-00")
    return fresh_workspace


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and ".db" not in path.name
    }


def audits_in(folder: Path) -> int:
    with sqlite3.connect(folder / "data" / "auditbot.db") as database:
        return int(database.execute("SELECT count(*) FROM audits").fetchone()[0])


def made(school: Workspace, to: Path, **options: str) -> backup.Backup:
    return make_backup(school, to, KEY, face_key=options.get("face_key", "k" * 44), version="0.1.0", now=NOW)


def test_what_was_backed_up_comes_back_with_the_key_on_another_machine(school: Workspace, tmp_path: Path) -> None:
    kept = tmp_path / "disk" / f"school{ENDING}"
    told = made(school, kept)
    before = {name: at for name, at in hashes(school.folder).items() if not name.startswith(("data/spool", "data/log"))}
    shutil.rmtree(school.folder)
    back = restore(kept, tmp_path / "new" / "school", KEY)
    assert back == told and back.face_key == "k" * 44 and back.files == len(before) + 1
    assert hashes(tmp_path / "new" / "school") == before
    assert audits_in(tmp_path / "new" / "school") == 1
    for path in (tmp_path / "new" / "school").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_database_in_use_is_backed_up_with_what_was_written(school: Workspace, tmp_path: Path) -> None:
    with Store(school.data / "auditbot.db") as store:
        store.audits.end(store.audits.begin(NOW.replace(day=30), "all"), NOW)
        made(school, tmp_path / "b")
    restore(tmp_path / "b", tmp_path / "back", KEY)
    assert audits_in(tmp_path / "back") == 2


def test_nothing_can_be_read_in_it_and_only_its_owner_has_it(school: Workspace, tmp_path: Path) -> None:
    made(school, tmp_path / "b")
    content = (tmp_path / "b").read_bytes()
    assert not any(word in content for word in (b"Maya", b"pupils.csv", b"kkkk", b"P001"))
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600


def test_another_recovery_key_opens_nothing(school: Workspace, tmp_path: Path) -> None:
    made(school, tmp_path / "b")
    with pytest.raises(NotOpened, match="recovery key is not the one"):
        restore(tmp_path / "b", tmp_path / "back", new_recovery_key())
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("at", [0.2, 0.5, 0.9, 0.999])
def test_a_backup_that_is_cut_short_or_changed_restores_nothing(at: float, school: Workspace, tmp_path: Path) -> None:
    made(school, tmp_path / "b")
    whole = (tmp_path / "b").read_bytes()
    for wrong in (
        whole[: int(len(whole) * at)],
        whole[: int(len(whole) * at)] + b"\x00" + whole[int(len(whole) * at) :],
    ):
        (tmp_path / "b").write_bytes(wrong)
        with pytest.raises(NotOpened):
            restore(tmp_path / "b", tmp_path / "back", KEY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "school"]


def test_nothing_is_restored_over_anything(school: Workspace, tmp_path: Path) -> None:
    made(school, tmp_path / "b")
    with pytest.raises(RestoreInTheWay):
        restore(tmp_path / "b", school.folder, KEY)


def test_a_damaged_database_makes_no_backup_that_counts(school: Workspace, tmp_path: Path) -> None:
    path = school.data / "auditbot.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 8] = b"\xff" * 4096 * 5
    path.write_bytes(raw)
    with pytest.raises((BackupDamaged, sqlite3.DatabaseError)):
        made(school, tmp_path / "kept" / "b")
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_backup_that_cannot_be_read_back_does_not_count(
    school: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = backup._add_file
    monkeypatch.setattr(backup, "_add_file", lambda *words: add(*words)[::-1])
    with pytest.raises(BackupDamaged, match="is not what was backed up"):
        made(school, tmp_path / "kept" / "b")
    assert list((tmp_path / "kept").iterdir()) == []


def test_nothing_lies_open_beside_a_backup_while_it_is_tried(
    school: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside: set[str] = set()
    within: set[str] = set()

    def watching(database: Path) -> bool:
        beside.update(path.name for path in (tmp_path / "kept").rglob("*") if path.is_file())
        within.update(path.name for path in database.parents[2].rglob("*") if path.is_file())
        return is_whole(database)

    (school.data / ".backup-tried-killed").mkdir()
    monkeypatch.setattr(backup, "is_whole", watching)
    made(school, tmp_path / "kept" / f"b{ENDING}")
    assert [name.endswith(".part") for name in beside] == [True]
    assert within == {"auditbot.db"}
    assert list(school.data.glob(".backup-*")) == []


def test_two_schools_in_folders_of_one_name_share_a_disk_and_nothing_else(tmp_path: Path) -> None:
    one, other = Workspace(tmp_path / "a" / "school"), Workspace(tmp_path / "b" / "school")
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / f"school-2026-10-31T02-30-00{ENDING}").write_text("")  # as versions before named it
    for day in range(1, 15):
        for workspace in (one, other):
            (disk / backup_name(workspace, NOW.replace(day=day))).write_text("")
            remove_older(disk, workspace, 14)
    kept = Counter(path.name.partition("-2026-")[0] for path in disk.iterdir())
    assert sorted(kept.values()) == [14, 14] and "school" not in kept


def test_the_oldest_go_and_nothing_else_does(school: Workspace, tmp_path: Path) -> None:
    names = [backup_name(school, NOW.replace(day=day)) for day in range(1, 6)]
    for name in [*names, "letters.docx", f"other-school-2026-11-01T02-30-00{ENDING}"]:
        (tmp_path / name).write_text("")
    removed = remove_older(tmp_path, school, 2)
    assert [path.name for path in removed] == names[:3]
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} >= {*names[3:], "letters.docx"}
