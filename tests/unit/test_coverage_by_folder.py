"""The table of branch coverage: a folder counts its own files, and one below the floor fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.coverage_by_folder import FLOOR, folders, table

ROOT = Path(__file__).resolve().parents[2]


def file(lines: int, run: int, branches: int, taken: int) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "num_statements": lines,
            "covered_lines": run,
            "num_branches": branches,
            "covered_branches": taken,
        }
    }


REPORT = {
    "files": {
        "auditbot/log.py": file(10, 10, 0, 0),
        "auditbot/store/a.py": file(50, 50, 10, 10),
        "auditbot/store/b.py": file(50, 40, 10, 7),
        "auditbot\\store\\inner\\c.py": file(1, 1, 2, 1),
    }
}


def test_a_folder_counts_its_own_files_and_not_those_of_folders_within() -> None:
    found = folders(REPORT)
    assert list(found) == ["auditbot", "auditbot/store", "auditbot/store/inner"]
    assert (found["auditbot/store"].of_lines, found["auditbot/store"].of_branches) == (90, 85)
    assert found["auditbot"].of_branches == 100


@pytest.mark.parametrize(("floor", "low"), [(85, ["inner"]), (85.1, ["store", "inner"]), (50, [])])
def test_a_folder_below_the_floor_is_marked(floor: float, low: list[str]) -> None:
    marked = [line.split()[0].rpartition("/")[2] for line in table(folders(REPORT), floor) if "below" in line]
    assert marked == low
    assert table(folders(REPORT), floor)[-1].startswith("branches of all folders: 81.8 %")


def test_the_floor_is_what_the_project_promises() -> None:
    assert FLOOR >= 85


@pytest.mark.parametrize(("content", "taken", "code"), [("f(1)", 50, 1), ("f(1); f(0)", 100, 0), ("", 0, 2)])
def test_what_a_run_left_is_read_and_the_exit_code_says_it(tmp_path: Path, content: str, taken: int, code: int) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("def f(x):\n    if x:\n        return 1\n    return 2\n", "utf-8")
    (tmp_path / "run.py").write_text(f"from pack import f\n{content}\n", "utf-8")
    measure = ["-m", "coverage", "run", "--branch", "--source=pack", "run.py"]
    shown = ["-c", "import sys; from tools.coverage_by_folder import main; sys.exit(main([]))"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    if content:
        subprocess.run([sys.executable, *measure], cwd=tmp_path, env=environment, check=True)
    done = subprocess.run(
        [sys.executable, *shown], cwd=tmp_path, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr
    assert f"{taken:5.1f} %" in done.stdout or (code == 2 and "Nothing was measured" in done.stderr)
