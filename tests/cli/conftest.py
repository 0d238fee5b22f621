"""The program as its users run it: a process, a workspace on disk, a real browser and a real site on the loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from filelock import FileLock

from auditbot.workspace import make_demo_workspace
from tests.browser.little_server import LittleServer


@dataclass
class School:
    """One workspace on disk and the program run in it."""

    folder: Path
    environment: dict[str, str]
    outcomes: list[subprocess.CompletedProcess[str]] = field(default_factory=list)
    program: list[str] = field(default_factory=lambda: [sys.executable, "-m", "auditbot"])

    def command(self, *words: str) -> list[str]:
        """The command line of the program in this workspace."""
        return [*self.program, "--workspace", str(self.folder), *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        done = subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, check=False, timeout=500
        )
        self.outcomes.append(done)
        return done

    def audit(self, *words: str) -> dict[str, Any]:
        """Run an audit and return what --json prints, with the exit code as "exit"."""
        done = self.run("audit", "--json", *words)
        assert done.returncode in (0, 1, 3), done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        document["exit"] = done.returncode
        return document

    def posts(self) -> list[dict[str, Any]]:
        """Return what ``posts --json`` prints."""
        return [json.loads(line) for line in self.run("posts", "--json").stdout.splitlines()]

    def replace(self, file: str, old: str, new: str) -> None:
        """Edit a file of the workspace; the old text must stand there exactly once."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), "utf-8")


MakeSchool = Callable[[], School]


@pytest.fixture(scope="session")
def of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def key(of_all: Path) -> dict[str, str]:
    """The environment of every run: a template key of its own, so that no test touches the user's."""
    with FileLock(of_all / "key.lock"):
        kept = of_all / "key"
        if not kept.exists():
            kept.write_bytes(Fernet.generate_key())
        return {**os.environ, "AUDITBOT_KEY": kept.read_text("ascii")}


@pytest.fixture(scope="session")
def audited(of_all: Path, key: dict[str, str]) -> tuple[School, dict[str, Any]]:
    """The demo school after its first audit, and that audit's result. Never run anything in it: copy it.

    The first process that asks makes it for all.
    """
    school, result = School(of_all / "demo" / "school", key), of_all / "demo" / "result.json"
    with FileLock(of_all / "demo.lock"):
        if not result.exists():
            shutil.rmtree(school.folder, ignore_errors=True)
            make_demo_workspace(school.folder)
            result.write_text(json.dumps(school.audit()), "utf-8")
    document: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return school, document


@pytest.fixture
def demo(audited: tuple[School, dict[str, Any]], tmp_path: Path) -> School:
    """A copy of the demo school after its first audit, to do what one likes with."""
    shutil.copytree(audited[0].folder, tmp_path / "school", symlinks=True)
    return School(tmp_path / "school", audited[0].environment)


@pytest.fixture
def fresh(tmp_path: Path, key: dict[str, str]) -> MakeSchool:
    """Make demo schools that were never audited, as many as a test asks for."""
    made: list[School] = []

    def make() -> School:
        school = School(tmp_path / f"school {len(made)}", key)
        make_demo_workspace(school.folder)
        made.append(school)
        return school

    return make


def visit(school: School, server: LittleServer) -> None:
    """Point the school's account at this server, instead of at the embedded demo site, with short time-outs."""
    school.replace("config/auditbot.toml", 'serve_as = "www.larkmere.example"', 'serve_as = ""')
    allowed = f'[collect]\npage_timeout_seconds = 5.0\nallow_loopback = ["{server.address}"]'
    school.replace("config/auditbot.toml", "[collect]", allowed)
    school.replace("config/accounts.toml", "http://www.larkmere.example/", f"{server.url}/")


def without(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return a copy without these keys."""
    return {name: value for name, value in document.items() if name not in keys}


def ids(findings: Sequence[dict[str, Any]]) -> list[str]:
    """Return the findings' ids, in order."""
    return [finding["id"] for finding in findings]


def small(school: School, portraits: int = 20) -> School:
    """Leave so many pupils their portraits, and one worker, so that a run of all stages is short."""
    for path in (school.folder / "consent" / "photos").glob("P0*"):
        if int(path.stem[1:4]) > portraits:
            path.unlink()
    quick = "[report]\npdf = false\nscreenshots = false\n\n[examine]\nworkers = 1\n\n[collect]"
    school.replace("config/auditbot.toml", "[collect]", quick)
    return school
