"""``auditbot trust`` as it is typed: a line a school, and an exit code that says what became of all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditbot.cli import main
from auditbot.commands import trust
from auditbot.model import Coverage
from auditbot.settings import Cluster, Workspace
from auditbot.store import Store
from auditbot.trust.night import NOT_BEGUN, Audited, audit_of
from auditbot.trust.schools import School, schools_in
from auditbot.workspace import make_workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("ash", "birch"):
        make_workspace(tmp_path / name, name.title(), f"https://{name}.example/")
    return tmp_path


def audit_once(workspace: Workspace) -> None:
    """Leave what an audit leaves that found nothing."""
    now = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
    (workspace.data).mkdir(exist_ok=True)
    with Store(workspace.data / "auditbot.db") as store:
        name = store.audits.begin(now, "made")
        coverage = Coverage("website", "complete", 3, 0)
        store.audits.save_coverage(name, coverage, [], started_at=now, at=now)
        store.audits.save_check(name, now, findings=[], not_checked=[], ended={}, versions={}, posts_without_finding=3)
        store.audits.end(name, now)


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the schools' audits end with these codes."""

    def with_codes(*codes: int) -> None:
        def night(_: Path, schools: tuple[School, ...], *__: Any) -> Iterator[Audited]:
            for number, (school, code) in enumerate(zip(schools, codes, strict=True)):
                yield Audited(school, code, 12.4, ("policy.toml",) if number else ())

        monkeypatch.setattr(trust, "run_night", night)

    return with_codes


def test_a_school_that_was_not_begun_is_told_what_to_mend(
    folder: Path, ends: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    ends(NOT_BEGUN, 0)
    assert main(["trust", "run", str(folder)]) == 3
    told = capsys.readouterr().out
    assert "Ash: not audited" in told and "data/log" not in told and "Birch: nothing found" in told


@pytest.mark.parametrize(
    ("codes", "expected", "said"),
    [
        ((0, 0), 0, "nothing found"),
        ((0, 1), 1, "findings"),
        ((1, 3), 3, "not everything was reached"),
        ((70, 0), 3, "could not be audited (exit code 70)"),
    ],
)
def test_each_school_has_its_line(
    codes: tuple[int, ...],
    expected: int,
    said: str,
    folder: Path,
    ends: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    ends(*codes)
    assert main(["trust", "run", str(folder)]) == expected
    told = capsys.readouterr().out
    assert said in told and "its own policy.toml stands" in told and (folder / "reports").is_dir()


@pytest.mark.parametrize(
    ("damaged", "audited"),
    [
        ("config/accounts.toml", False),
        ("config/auditbot.toml", False),
        ("consent/pupils.csv", True),
        ("data/auditbot.db", True),
    ],
)
def test_a_school_that_cannot_be_read_is_named_and_the_others_are_summed_up(
    damaged: str, audited: bool, folder: Path, ends: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ash", "birch"):
        audit_once(Workspace(folder / name))
    (folder / "ash" / damaged).write_text('name = "Amelia Okafor', "utf-8")
    ends(*((2, 0) if audited else (0,)))
    assert main(["trust", "run", str(folder)]) == 3
    told = capsys.readouterr().out
    assert f"{'Ash' if audited else 'ash'}: cannot be read" in told and f"{folder / 'ash'} doctor" in told
    assert "Birch: nothing found" in told and ("Ash: could not be audited" in told) is audited
    page = (folder / "reports" / "trust.html").read_text("utf-8")
    assert "cannot be read" in page and "Birch" in page and "Everything that was to be" not in page
    assert "Amelia" not in told + page, "what a school's file holds is told by its own doctor alone"
    assert [row["readable"] for row in json.loads((folder / "reports" / "trust.json").read_text())] == [False, True]
    assert main(["trust", "report", str(folder)]) == 3


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever may do all is stopped by nothing")
def test_a_school_whose_data_cannot_be_written_to_is_named_and_the_others_are_summed_up(
    folder: Path, ends: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    shut = folder / "ash" / "data"
    shut.mkdir(exist_ok=True)
    shut.chmod(0o500)
    try:
        ends(NOT_BEGUN, 0)
        assert main(["trust", "run", str(folder)]) == 3
    finally:
        shut.chmod(0o700)
    assert "Ash: cannot be read" in capsys.readouterr().out and (folder / "reports" / "trust.html").is_file()


def test_where_names_cannot_be_noted_as_read_a_school_is_named_and_not_counted(
    folder: Path, ends: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    audit_once(Workspace(folder / "ash"))
    (folder / "ash" / "data" / "access.log").mkdir()
    ends(0, 0)
    assert main(["trust", "run", str(folder)]) == 3
    assert "Ash: cannot be read" in capsys.readouterr().out and (folder / "reports" / "trust.html").is_file()


@pytest.mark.parametrize("count", ["0", "x", "-1"])
def test_a_number_of_schools_at_once_is_at_least_one(
    count: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["trust", "run", str(folder), "--at-once", count])
    assert stopped.value.code == 2 and "should be a number from 1" in capsys.readouterr().err


def test_a_school_is_audited_with_the_cluster_that_was_named(folder: Path) -> None:
    school = schools_in(folder)[0]
    alone = audit_of(school)
    assert "--scheduler" not in alone and alone[-2:] == ["--visitors", str(folder / alone[-1].rpartition("/")[2])]
    together = audit_of(school, Cluster("tls://a.example:8786", "certificates"))
    assert together[-4:] == ["--scheduler", "tls://a.example:8786", "--certificates", "certificates"]
