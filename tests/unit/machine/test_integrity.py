"""``doctor --integrity`` finds one changed byte in anything that is kept, and says nothing of what is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.collect.browser.launch import FoundBrowser
from auditbot.decisions.event import Action, Draft
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.doctor.browsers import age
from auditbot.doctor.integrity import check_integrity
from auditbot.settings import Workspace
from auditbot.store import Store

NOW = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)


@pytest.fixture
def school(fresh_workspace: Workspace) -> Workspace:
    """Return a workspace with a database, kept photos and a report with its manifest."""
    with Store(fresh_workspace.data / "auditbot.db") as store:
        store.audits.end(store.audits.begin(NOW, "all"), NOW)
    kept = fresh_workspace.data / "evidence" / hashlib.sha256(b"a photo").hexdigest()
    kept.parent.mkdir()
    kept.write_bytes(b"a photo")
    evidence = fresh_workspace.reports / "2026-11-29T02-30-00" / "evidence"
    evidence.mkdir(parents=True)
    (evidence / "1.jpg").write_bytes(b"a picture")
    files = {"files": {"1.jpg": hashlib.sha256(b"a picture").hexdigest()}}
    (evidence / "manifest.json").write_text(json.dumps(files), "ascii")
    return fresh_workspace


def standings(school: Workspace) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for check in check_integrity(school):
        told.setdefault(check.name, set()).add(check.standing)
    return told


def test_what_is_whole_is_good(school: Workspace) -> None:
    assert set().union(*standings(school).values()) == {"good"}


def a_byte(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)


DAMAGES: dict[str, tuple[Callable[[Workspace], None], str]] = {
    "database": (lambda school: a_byte(school.data / "auditbot.db", 5), "Database"),
    "kept photo": (lambda school: a_byte(next((school.data / "evidence").iterdir()), 0), "Evidence"),
    "picture of a report": (lambda school: a_byte(next(school.reports.glob("*/evidence/1.jpg")), 0), "Report"),
    "lost picture": (lambda school: next(school.reports.glob("*/evidence/1.jpg")).unlink(), "Report"),
    "manifest": (lambda school: a_byte(next(school.reports.glob("*/evidence/manifest.json")), 0), "Report"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_changed_byte_is_told(kind: str, school: Workspace) -> None:
    change, name = DAMAGES[kind]
    change(school)
    assert standings(school)[name] & {"note", "missing"}


def test_a_changed_decision_is_told(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with Ledger(school.data / FILE_NAME) as ledger:
        ledger.append([Draft(action=Action.DOWN, actor="DSL", finding="F1")])
    assert main(["--workspace", str(school.folder), "doctor", "--integrity"]) == 0
    path = school.data / FILE_NAME
    path.write_bytes(path.read_bytes().replace(b"DSL", b"XXX"))
    capsys.readouterr()
    assert main(["--workspace", str(school.folder), "doctor", "--integrity"]) == 2
    assert "is not as it was written" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("built", "standing", "says"),
    [
        (datetime(2026, 11, 28, tzinfo=UTC), "good", "1 day old"),
        (datetime(2026, 10, 15, tzinfo=UTC), "good", "6 weeks old"),
        (datetime(2026, 8, 1, tzinfo=UTC), "note", "update it"),
        (None, "good", "156.0"),
    ],
)
def test_the_browsers_age_is_told(built: datetime | None, standing: str, says: str) -> None:
    check = age(FoundBrowser("156.0", "/usr/bin/chromium", built), NOW)
    assert check.standing == standing and says in check.message


def test_a_folder_that_is_no_workspace_is_not_called_whole(tmp_path: Path) -> None:
    assert main(["--workspace", str(tmp_path), "doctor", "--integrity"]) == 2
