"""``auditbot trust`` as it is typed: a line a school, and an exit code that says what became of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditbot.cli import main
from auditbot.commands import trust
from auditbot.settings import Cluster
from auditbot.trust.night import NOT_BEGUN, Audited, audit_of
from auditbot.trust.schools import School, schools_in
from auditbot.workspace import make_workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("ash", "birch"):
        make_workspace(tmp_path / name, name.title(), f"https://{name}.example/")
    return tmp_path


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


@pytest.mark.parametrize("count", ["0", "x"])
def test_a_number_of_schools_at_once_is_at_least_one(count: str, folder: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["trust", "run", str(folder), "--at-once", count])
    assert stopped.value.code == 2


def test_a_school_is_audited_with_the_cluster_that_was_named(folder: Path) -> None:
    school = schools_in(folder)[0]
    alone = audit_of(school)
    assert "--scheduler" not in alone and alone[-2:] == ["--visitors", str(folder / alone[-1].rpartition("/")[2])]
    together = audit_of(school, Cluster("tls://a.example:8786", "certificates"))
    assert together[-4:] == ["--scheduler", "tls://a.example:8786", "--certificates", "certificates"]
