"""reports/latest leads to the newest report, on systems with and without links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from auditbot.report.stage import point_latest_at
from tests import made_up_language


def audit_folder(reports: Path, name: str) -> Path:
    (reports / name).mkdir(parents=True)
    (reports / name / "report.html").write_text(name, "utf-8")
    return reports / name


def leads_to(reports: Path) -> str:
    """Follow latest/report.html as a browser would."""
    page = reports / "latest" / "report.html"
    found = re.search(r'href="([^"]+)"', page.read_text("utf-8"))
    return (page.parent / found[1]).read_text("utf-8") if found else page.read_text("utf-8")


def no_links(*_args: object, **_kwargs: Any) -> None:
    raise OSError("A required privilege is not held by the client")


def test_it_follows_the_newest_audit(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert point_latest_at(audit_folder(tmp_path, name), tmp_path) == tmp_path / "latest"
        assert leads_to(tmp_path) == name


def test_the_workspace_can_be_moved(tmp_path: Path) -> None:
    reports = tmp_path / "here" / "reports"
    point_latest_at(audit_folder(reports, "one"), reports)
    (tmp_path / "here").rename(tmp_path / "there")
    assert leads_to(tmp_path / "there" / "reports") == "one"


def test_without_links_a_page_leads_on_and_copies_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "symlink_to", no_links)
    for name in ("one", "two"):
        point_latest_at(audit_folder(tmp_path, name), tmp_path)
        assert leads_to(tmp_path) == name
    assert [path.name for path in (tmp_path / "latest").iterdir()] == ["report.html"]
    monkeypatch.undo()
    point_latest_at(audit_folder(tmp_path, "three"), tmp_path)
    assert (tmp_path / "latest").is_symlink() and leads_to(tmp_path) == "three"


def test_a_page_that_leads_on_is_known_in_every_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "symlink_to", no_links)
    with made_up_language.spoken():
        point_latest_at(audit_folder(tmp_path, "one"), tmp_path)
    page = (tmp_path / "latest" / "report.html").read_text("utf-8")
    assert 'lang="x-made-up"' in page and "Newest report" not in page
    monkeypatch.undo()
    point_latest_at(audit_folder(tmp_path, "two"), tmp_path)
    assert (tmp_path / "latest").is_symlink() and leads_to(tmp_path) == "two"


@pytest.mark.parametrize("links_allowed", [True, False])
def test_where_a_link_cannot_be_replaced_no_report_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links_allowed: bool
) -> None:
    point_latest_at(audit_folder(tmp_path, "one"), tmp_path)
    replace = Path.replace

    def replace_as_on_windows(self: Path, target: Path) -> Path:
        if target.is_symlink():
            raise PermissionError(13, "Access is denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replace_as_on_windows)
    if not links_allowed:
        monkeypatch.setattr(Path, "symlink_to", no_links)
    point_latest_at(audit_folder(tmp_path, "two"), tmp_path)
    assert leads_to(tmp_path) == "two"
    assert (tmp_path / "one" / "report.html").read_text("utf-8") == "one"


def test_a_folder_of_somebody_elses_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "notes.txt").write_text("mine", "utf-8")
    point_latest_at(audit_folder(tmp_path, "one"), tmp_path)
    assert (tmp_path / "latest" / "notes.txt").read_text("utf-8") == "mine"
    assert leads_to(tmp_path) == "one"


def test_nothing_is_left_beside_it(tmp_path: Path) -> None:
    point_latest_at(audit_folder(tmp_path, "one"), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "one"]


@pytest.mark.parametrize("name", ["2026-11-19T02-30-00", "a b&c"])
def test_any_folder_name_is_led_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(Path, "symlink_to", no_links)
    point_latest_at(audit_folder(tmp_path, name), tmp_path)
    page = (tmp_path / "latest" / "report.html").read_text("utf-8")
    from urllib.parse import unquote

    found = re.search(r'href="([^"]+)"', page)
    assert found and (tmp_path / "latest" / unquote(found[1])).is_file()
