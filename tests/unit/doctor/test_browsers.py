"""What doctor says of browser and workers, and how a missing browser is got: the system first, then Playwright."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditbot.collect.browser.launch import FoundBrowser
from auditbot.doctor import browsers
from auditbot.errors import BrowserMissing
from auditbot.settings import School, Settings

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
FOUND = FoundBrowser("Chromium 140", "/usr/bin/chromium", NOW - timedelta(days=100))
SETTINGS = Settings(school=School(name="Larkmere"))


def finds(*answers: FoundBrowser | None) -> Callable[[Settings], FoundBrowser]:
    left: Iterator[FoundBrowser | None] = iter(answers)

    def find(_: Settings) -> FoundBrowser:
        found = next(left)
        if found is None:
            raise BrowserMissing
        return found

    return find


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Note what is run; all of it succeeds."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("auditbot.doctor.browsers.subprocess.run", run)
    monkeypatch.setattr("auditbot.doctor.browsers.shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return ran


@pytest.mark.parametrize(
    ("release", "packages"),
    [
        ({"ID": "debian"}, (browsers.BROWSER_OF_DEBIAN, *browsers.SYSTEM_PARTS)),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, browsers.SYSTEM_PARTS),
        (None, browsers.SYSTEM_PARTS),
    ],
)
def test_packages_are_those_that_the_system_has(
    release: dict[str, str] | None, packages: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> dict[str, str]:
        if release is None:
            raise OSError
        return release

    monkeypatch.setattr("auditbot.doctor.browsers.platform.freedesktop_os_release", told)
    assert browsers.packages_of_the_system() == packages


def test_a_browser_that_is_there_is_taken(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "find_browser", finds(FOUND))
    assert browsers.get_browser() == "Chromium 140"
    assert [command[0] for command in commands if "apt-get" in command] == []


def test_a_missing_one_is_got_from_the_system(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "find_browser", finds(None, FOUND))
    assert browsers.get_browser() == "Chromium 140"
    assert [command[2] for command in commands if command[0] == "apt-get"] == ["update", "install"]


def test_who_may_not_install_gets_playwrights_own(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(browsers, "find_browser", finds(None, FOUND))
    assert browsers.get_browser() == "Chromium 140"
    assert commands[-2][-3:] == ["install", "--only-shell", "chromium"]


def test_where_nothing_helps_it_is_said(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "find_browser", finds(None, None, None))
    with pytest.raises(BrowserMissing):
        browsers.get_browser()
    monkeypatch.setattr(browsers, "find_browser", finds(None))
    (told,) = browsers.check_browser(SETTINGS, NOW)
    assert (told.name, told.standing) == ("Browser", "missing")


@pytest.mark.parametrize("sandboxed", [True, False])
@pytest.mark.parametrize(("confined", "network"), [(True, "good"), (False, "note")])
def test_age_sandbox_and_network_are_told(
    sandboxed: bool, confined: bool, network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsers, "find_browser", finds(FOUND))
    monkeypatch.setattr(browsers, "ran_without_sandbox", lambda: not sandboxed)
    monkeypatch.setattr(browsers, "ran_unconfined", lambda: not confined)
    monkeypatch.setattr("auditbot.doctor.browsers.sys.platform", "linux")
    first, *others = browsers.check_browser(SETTINGS, NOW)
    assert (first.name, first.standing) == ("Browser", "note") and "14 weeks old" in first.message
    expected = [] if sandboxed else [("Browser sandbox", "note")]
    assert [(check.name, check.standing) for check in others] == [*expected, ("Browser's network", network)]


@pytest.mark.parametrize(
    ("confined", "platform", "standings"),
    [(True, "linux", ["good"]), (False, "linux", ["note"]), (False, "darwin", [])],
)
def test_whether_workers_are_confined(
    confined: bool, platform: str, standings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsers, "confines", lambda: confined)
    monkeypatch.setattr("auditbot.doctor.browsers.sys.platform", platform)
    assert [check.standing for check in browsers.check_workers()] == standings
