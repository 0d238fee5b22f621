"""A browser that may not have its sandbox is started without one and said to be; one that is broken is not."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from auditbot.collect.browser import launch
from auditbot.collect.browser.launch import find_browser, ran_without_sandbox
from auditbot.errors import BrowserUnusable
from auditbot.settings import Collect, School, Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script for sh")
ZYGOTE = "[1130/0319:FATAL:zygote_host_impl_linux.cc:251] Zygote process exited prematurely with exit code -1"


SCHOOL = School(name="Larkmere")


@pytest.fixture(scope="module")
def program() -> str:
    """Return the program of the browser that an audit would use here."""
    return find_browser(Settings(school=SCHOOL)).program


def refusing(folder: Path, program: str, words: str) -> Settings:
    """Settings with a browser that says these words and ends, unless it is started without its sandbox."""
    script = folder / "browser"
    script.write_text(
        f'#!/bin/sh\ncase " $* " in *" --no-sandbox "*) exec {program} "$@" ;; esac\necho "{words}" >&2\nexit 133\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return Settings(school=SCHOOL, collect=Collect(browser=str(script)))


@pytest.fixture(autouse=True)
def _with_a_sandbox(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "sandbox_works", lambda: True)
    monkeypatch.setattr(launch, "_sandboxed", [])
    monkeypatch.setattr(launch, "_worked", [])


@pytest.mark.parametrize("words", [ZYGOTE, "No usable sandbox! Update your kernel or see linux/suid_sandbox.md"])
def test_where_the_sandbox_is_forbidden_it_is_started_without_and_that_is_known(
    tmp_path: Path, program: str, words: str
) -> None:
    assert find_browser(refusing(tmp_path, program, words)).version
    assert ran_without_sandbox()


def test_a_browser_that_is_broken_is_not_started_without_its_sandbox(tmp_path: Path, program: str) -> None:
    with pytest.raises(BrowserUnusable):
        find_browser(refusing(tmp_path, program, "error while loading shared libraries: libnss3.so"))
    assert not ran_without_sandbox()
