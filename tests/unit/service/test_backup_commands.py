"""``backup`` and ``restore`` as they are typed, with a key of the templates and a recovery key of their own."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from auditbot.cli import main
from auditbot.registers.secrets import key_file
from auditbot.service.sealed import new_recovery_key
from auditbot.settings import Workspace


def keep(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def test_a_backup_alone_brings_school_and_key_back_on_another_computer(
    fresh_workspace: Workspace, user: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recovery, face_key = new_recovery_key(), Fernet.generate_key().decode()
    keep(user, "recovery.key", recovery)
    keep(user, "face-templates.key", face_key)
    for night in ("2026-11-29T02-00-00", "2026-11-30T02-00-00"):
        (fresh_workspace.reports / night).mkdir(parents=True)
        (fresh_workspace.reports / night / "report.html").write_text(night)
    assert main(["--workspace", str(fresh_workspace.folder), "backup", str(tmp_path / "disk")]) == 0
    assert "Backup made and read back whole" in capsys.readouterr().out
    (backup,) = (tmp_path / "disk").iterdir()
    before = (fresh_workspace.config / "auditbot.toml").read_bytes()
    shutil.rmtree(user)
    shutil.rmtree(fresh_workspace.folder)
    (tmp_path / "safe").write_text(recovery.lower().replace("-", " "))
    words = ["restore", str(backup), "--to", str(tmp_path / "back"), "--recovery-key", str(tmp_path / "safe")]
    assert main(words) == 0
    assert (tmp_path / "back" / "config" / "auditbot.toml").read_bytes() == before
    assert (tmp_path / "back" / "reports" / "latest" / "report.html").read_text() == "2026-11-30T02-00-00"
    assert key_file().read_text() == face_key and stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert face_key not in capsys.readouterr().out


def test_another_key_of_this_computer_stays(
    fresh_workspace: Workspace, user: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(user, "recovery.key", new_recovery_key())
    keep(user, "face-templates.key", Fernet.generate_key().decode())
    assert main(["--workspace", str(fresh_workspace.folder), "backup", str(tmp_path / "disk")]) == 0
    (backup,) = (tmp_path / "disk").iterdir()
    other = Fernet.generate_key().decode()
    keep(user, "face-templates.key", other)
    words = ["restore", str(backup), "--to", str(tmp_path / "back"), "--recovery-key", str(user / "recovery.key")]
    assert main(words) == 0
    assert key_file().read_text() == other and "another key to face templates" in capsys.readouterr().out


def test_where_nobody_could_be_shown_a_recovery_key_none_is_made(
    fresh_workspace: Workspace, user: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--workspace", str(fresh_workspace.folder), "backup", str(tmp_path / "disk")]) == 2
    assert "once in a terminal" in capsys.readouterr().err
    assert not (user / "recovery.key").exists() and not (tmp_path / "disk").exists()


@pytest.mark.parametrize("text", ["", "ABCD-EFGH", "correct horse battery staple"])
def test_what_is_no_recovery_key_is_said(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key").write_text(text)
    (tmp_path / "b").write_bytes(b"sealed")
    words = ["restore", str(tmp_path / "b"), "--to", str(tmp_path / "back"), "--recovery-key", str(tmp_path / "key")]
    assert main(words) == 2
    assert "32 letters and digits" in capsys.readouterr().err


def test_a_backup_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key").write_text(new_recovery_key())
    words = ["restore", str(tmp_path / "b"), "--to", str(tmp_path / "back"), "--recovery-key", str(tmp_path / "key")]
    assert main(words) == 2
    assert "is not there" in capsys.readouterr().err and not (tmp_path / "back").exists()


@pytest.mark.parametrize(
    "website",
    ["https://not a url", "http://", "https://host", "ftp://www.larkmere.example/", "https://www.larkmere.example:99999/",
     "https://[::1/", "https://-bad.example/", "javascript:alert(1)", "  ", "https://a..b/"],
)  # fmt: skip
def test_init_refuses_what_is_no_address_and_makes_nothing(website: str, tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "school"), "--school", "Larkmere", "--website", website]) == 2
    assert not (tmp_path / "school").exists()


@pytest.mark.parametrize("website", ["www.larkmere.example", "https://www.larkmere.example/", "http://127.0.0.1:8080/"])
def test_init_takes_an_address_as_people_write_it(website: str, tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "school"), "--school", "Larkmere", "--website", website]) == 0
