"""``auditbot init`` makes a private workspace that every register reader accepts, and overwrites nothing."""

from __future__ import annotations

import filecmp
import os
import stat
from datetime import date
from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.errors import WorkspaceExists
from auditbot.registers.accounts import read_accounts
from auditbot.registers.declared import read_declared
from auditbot.registers.people import read_staff
from auditbot.settings import Workspace, load_settings
from auditbot.workspace import make_demo_workspace, make_workspace

posix_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX file modes")


def test_what_init_writes_is_read_without_complaint(fresh_workspace: Workspace) -> None:
    settings = load_settings(fresh_workspace)
    declared = read_declared(fresh_workspace, date(2026, 11, 22))
    assert settings.school.name == "Larkmere Infant School"
    assert not settings.faces.matching_allowed
    assert list(declared.accounts) == ["website"]
    assert declared.accounts["website"].url == "https://www.larkmere.example/"
    assert (declared.pupils, declared.staff) == ({}, ())
    assert {"C11", "C12"} <= set(declared.clauses)


def test_every_line_of_the_accounts_file_can_be_uncommented(fresh_workspace: Workspace) -> None:
    path = fresh_workspace.config / "accounts.toml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line[2:] if line.startswith("# ") and " = " in line else line for line in lines), "utf-8")
    (account,) = read_accounts(path)
    assert account.approved_on == date(2026, 9, 1)
    assert account.password_meets_rule is True


def test_init_asks_for_school_domains_and_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["Larkmere", "www.larkmere.example", "larkmere.sch.example", "", "facebook.com/larkmere",
                    "https://bsky.app/profile/larkmere.example", "https://blog.larkmere.example/", ""])  # fmt: skip
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    assert main(["init", str(tmp_path / "school")]) == 0
    workspace = Workspace(tmp_path / "school")
    assert load_settings(workspace).school.domains == ("larkmere.example", "larkmere.sch.example")
    accounts = read_accounts(workspace.config / "accounts.toml")
    assert [(one.name, one.kind, one.channel, one.url) for one in accounts] == [
        ("website", "website", "website", "https://www.larkmere.example"),
        ("facebook", "facebook", "social_media", "https://facebook.com/larkmere"),
        ("bluesky", "bluesky", "social_media", "https://bsky.app/profile/larkmere.example"),
        ("blog-larkmere-example", "website", "website", "https://blog.larkmere.example/"),
    ]
    for paper in ("dpia_outline.md", "privacy_notice.md", "checklist.md"):
        assert "Larkmere" in (workspace.folder / paper).read_text("utf-8")
    assert "checklist.md" in capsys.readouterr().out


@pytest.mark.parametrize("name", ['St "Anne"\'s', "Ysgol Tŷ Ddewi", "back\\slash", "line\nbreak", "# not a comment"])
def test_names_that_look_like_toml_are_written_as_text(tmp_path: Path, name: str) -> None:
    workspace = make_workspace(tmp_path / "school", name, 'https://a.example/?q="x"')
    assert load_settings(workspace).school.name == name
    assert read_accounts(workspace.config / "accounts.toml")[0].url == 'https://a.example/?q="x"'


@posix_modes
def test_a_new_workspace_is_for_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        workspace = make_workspace(tmp_path / "school", "Larkmere", "https://a.example/")
    finally:
        os.umask(old)
    for path in [workspace.folder, *workspace.folder.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    assert load_settings(make_workspace(tmp_path, "Larkmere", "https://a.example/"))


@pytest.mark.parametrize(
    "make", [lambda folder: make_workspace(folder, "a", "https://a.example/"), make_demo_workspace]
)
def test_nothing_that_exists_is_overwritten(tmp_path: Path, make: object) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(WorkspaceExists, match="nothing was changed"):
            make(place)  # type: ignore[operator]
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_the_demo_workspace_is_the_repositorys_own(tmp_path: Path, repository: Path) -> None:
    made = make_demo_workspace(tmp_path / "demo")
    for part in ("config", "consent"):
        comparison = filecmp.dircmp(repository / part, made.folder / part)
        assert not (comparison.left_only or comparison.right_only or comparison.diff_files)
        assert comparison.common_files
    assert load_settings(made).demo.serve_as
    assert read_declared(made, date(2026, 11, 22)).pupils


@posix_modes
def test_the_demo_workspace_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = make_demo_workspace(tmp_path / "demo")
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700


def test_headings_alone_are_registers_without_anybody(fresh_workspace: Workspace) -> None:
    assert read_staff(fresh_workspace.consent / "staff.csv") == ()
