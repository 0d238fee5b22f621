"""``setup``, ``update``, ``backup`` and ``restore`` as somebody at a keyboard meets them: asked, confirmed, told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.commands import backups, service
from auditbot.service.host import UNIT_FILES
from auditbot.service.renew import Installed
from auditbot.service.sealed import new_recovery_key
from auditbot.service.steps import Step, plan_in_words
from auditbot.service.units import units
from auditbot.settings import Workspace
from auditbot.workspace import settings_text
from tests.unit.at_a_terminal import sit
from tests.unit.service.test_setup import SERVICE


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Sit somebody at a terminal who types these; returns the questions that were asked."""

    def sitting(*typed: str) -> list[str]:
        answer, asked = sit(monkeypatch, typed)
        monkeypatch.setattr(backups, "getpass", answer)
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        return asked

    return sitting


@dataclass(frozen=True, slots=True)
class Done:
    """A machine on which plans are noted."""

    systemd: Path
    """Where its units lie."""
    plans: list[str]
    """Each plan that was carried out, in words."""


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Done:
    """Let the machine be one with systemd and its administrator sit there; plans are noted, not carried out."""
    systemd = tmp_path / "system"
    systemd.mkdir()
    made = Done(systemd, [])

    def carry_out(plan: Sequence[Step], *_: object) -> None:
        made.plans.append(plan_in_words(tuple(plan)))

    real = Path.is_dir
    monkeypatch.setattr(service, "carry_out", carry_out)
    monkeypatch.setattr(service, "check_program", lambda _: None)
    monkeypatch.setattr(service, "FOLDER", systemd)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("auditbot.commands.service.shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(Path, "is_dir", lambda path: str(path) == "/run/systemd/system" or real(path))
    return made


def test_what_no_option_gives_is_asked(answers: Callable[..., list[str]], done: Done, tmp_path: Path) -> None:
    folder = tmp_path / "srv" / "school"
    asked = answers(str(folder), "", "Larkmere", "www.larkmere.example", str(tmp_path / "disk"), "y")
    assert main(["setup"]) == 0
    assert [question.partition(" ")[0] for question in asked[:2]] == ["The", "The"] and len(asked) == 6
    (plan,) = done.plans
    assert "https://www.larkmere.example" in plan and str(folder) in plan and str(tmp_path / "disk") in plan


def test_a_no_changes_nothing(
    answers: Callable[..., list[str]], done: Done, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers("", "n")
    words = ["setup", str(tmp_path / "school"), "--school", "Larkmere", "--website", "https://www.larkmere.example"]
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 0 and done.plans == [] and "Nothing was changed." in capsys.readouterr().out


def test_an_address_that_is_none_is_refused(answers: Callable[..., list[str]], done: Done, tmp_path: Path) -> None:
    answers("not a url")
    assert main(["setup", str(tmp_path / "school"), "--school", "Larkmere"]) == 2
    assert done.plans == []


def test_what_comes_next_is_told_with_the_recovery_key_or_the_address_of_the_page(
    fresh_workspace: Workspace, done: Done, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "setup",
        str(fresh_workspace.folder),
        "--backup-to",
        str(tmp_path / "disk"),
        "--yes",
        "--user",
        "nobody-yet",
    ]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "systemctl list-timers" in told and "recovery key" in told and "report.html" in told
    settings = fresh_workspace.config / "auditbot.toml"
    lines = settings.read_text("utf-8").replace("[review]", '[review]\ncertificate = "c.pem"\nnames = ["audit.school"]')
    settings.write_text(lines, "utf-8")
    assert main(["setup", str(fresh_workspace.folder), "--yes"]) == 0
    assert "https://audit.school:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("configured", "words", "at"),
    [
        ("", (), "23:15"),
        ("", ("--at", "04:00"), "04:00"),
        ("01:45", (), "01:45"),
        ("01:45", ("--at", "04:00"), "04:00"),
    ],
)
def test_a_second_setup_keeps_the_hour_unless_it_is_given_another(
    configured: str, words: tuple[str, ...], at: str, fresh_workspace: Workspace, done: Done
) -> None:
    made = units(replace(SERVICE, audit_at="23:15"))
    (done.systemd / "auditbot-audit.timer").write_text(made["auditbot-audit.timer"], "utf-8")
    settings = fresh_workspace.config / "auditbot.toml"
    if configured:
        settings.write_text(settings_text({"school.name": "Larkmere", "schedule.at": configured}), "utf-8")
    assert main(["setup", str(fresh_workspace.folder), "--yes", *words]) == 0
    (plan,) = done.plans
    assert f"OnCalendar=*-*-* {at}:00" in plan


def test_without_root_or_systemd_nothing_is_changed(
    fresh_workspace: Workspace, done: Done, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("auditbot.commands.service.shutil.which", lambda _: None)
    assert main(["setup", str(fresh_workspace.folder), "--yes"]) == 2
    assert "does not run systemd" in capsys.readouterr().err
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main(["setup", str(fresh_workspace.folder), "--yes"]) == 2
    assert "sudo" in capsys.readouterr().err and done.plans == []


def test_windows_is_given_lines_to_type(fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["setup", str(fresh_workspace.folder), "--system", "windows", "--yes"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "(cmd, not PowerShell)" in said and r"reports\latest\report.html" in said
    assert main(["setup", "--remove", "--system", "windows"]) == 0
    assert "auditbot" in capsys.readouterr().out


def test_removing_takes_the_units_and_says_what_stays(done: Done, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup", "--remove", "--yes"]) == 0
    assert "No service" in capsys.readouterr().out and done.plans == []
    (done.systemd / "auditbot-audit.timer").touch()
    assert main(["setup", "--remove", "--plan"]) == 0
    assert done.plans == []
    assert main(["setup", "--remove", "--yes"]) == 0
    assert len(done.plans) == 1 and "keys" in capsys.readouterr().out


def test_an_update_says_what_is_here_and_how_to_go_back(
    fresh_workspace: Workspace, done: Done, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = Installed(Path(sys.executable), Path(sys.prefix), fresh_workspace.folder)
    monkeypatch.setattr(service, "how_installed", lambda *_: clone)
    words = ["--workspace", str(fresh_workspace.folder), "update"]
    assert main([*words, "--plan"]) == 0
    assert done.plans == []
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "No backup is made first" in told and "reset --hard" in told and len(done.plans) == 1
    for name in UNIT_FILES:
        (done.systemd / name).touch()
    assert main([*words, "--backup-to", str(fresh_workspace.folder.parent / "disk")]) == 0
    assert "backup" in done.plans[-1] and "No backup is made first" not in capsys.readouterr().out


def test_the_first_backup_shows_its_key_once_and_is_tried(
    fresh_workspace: Workspace,
    user: Path,
    tmp_path: Path,
    answers: Callable[..., list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers()
    words = ["--workspace", str(fresh_workspace.folder), "backup", str(tmp_path / "disk"), "--keep", "1"]
    assert main([*words, "--try"]) == 0
    first = capsys.readouterr().out
    key = (user / "recovery.key").read_text("ascii")
    assert key in first and "no key to face templates" in first and "all of them whole" in first
    old = next((tmp_path / "disk").iterdir())
    old.rename(old.with_name("school-2026-01-01T02-30-00.auditbot-backup"))
    assert main(words) == 0
    second = capsys.readouterr().out
    assert key not in second and "1 of the oldest" in second


def test_a_restore_asks_for_the_key_and_refuses_a_wrong_one(
    fresh_workspace: Workspace, user: Path, tmp_path: Path, answers: Callable[..., list[str]]
) -> None:
    answers()
    assert main(["--workspace", str(fresh_workspace.folder), "backup", str(tmp_path / "disk")]) == 0
    key = (user / "recovery.key").read_text("ascii")
    (made,) = (tmp_path / "disk").iterdir()
    answers("not the key", new_recovery_key(), key)
    for code in (2, 2, 0):
        assert main(["restore", str(made), "--to", str(tmp_path / f"back {code}")]) == code
    (user / "recovery.key").write_text("not a key", "ascii")
    assert main(["--workspace", str(fresh_workspace.folder), "backup", str(tmp_path / "disk")]) == 2
    assert main(["--workspace", str(fresh_workspace.folder), "backup", str(fresh_workspace.data)]) == 2


@pytest.mark.parametrize("words", [["backup", "x", "--keep", "0"], ["setup", "x", "--at", "25:00"]])
def test_numbers_and_times_that_are_none_are_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2 and "should be" in capsys.readouterr().err
