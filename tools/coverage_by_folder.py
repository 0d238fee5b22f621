"""Print how much of each folder the tests went through, in lines and branches; fail below the floor of branches.

    python -m tools.coverage_by_folder [--floor 85]

Reads what ``python -m pytest --cov`` left in .coverage. A branch is a way out of a line that has several; a folder
counts its own files, not those of folders within.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coverage import Coverage
from coverage.exceptions import NoDataError

FLOOR = 85.0
"""Percent of branches that the tests of every folder take."""


@dataclass(slots=True)
class Folder:
    """What the tests went through in one folder."""

    lines: int = 0
    """Lines that can run."""
    lines_run: int = 0
    """Lines that ran."""
    branches: int = 0
    """Ways out of lines that have several."""
    branches_taken: int = 0
    """Ways that were taken."""

    @property
    def of_lines(self) -> float:
        """Percent of lines."""
        return 100 * self.lines_run / self.lines if self.lines else 100.0

    @property
    def of_branches(self) -> float:
        """Percent of branches; 100 where there is none."""
        return 100 * self.branches_taken / self.branches if self.branches else 100.0


def folders(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> dict[str, Folder]:
    """Return each folder by its path from a report of coverage.py in JSON."""
    found: dict[str, Folder] = defaultdict(Folder)
    for path, file in report["files"].items():
        summary = file["summary"]
        folder = found[PurePosixPath(path.replace("\\", "/")).parent.as_posix()]
        folder.lines += summary["num_statements"]
        folder.lines_run += summary["covered_lines"]
        folder.branches += summary["num_branches"]
        folder.branches_taken += summary["covered_branches"]
    return dict(sorted(found.items()))


def table(found: dict[str, Folder], floor: float) -> list[str]:
    """Return the lines to print; a folder below the floor is marked."""
    width = max(map(len, found), default=0)
    lines = [f"{'folder':{width}}  lines  of them  branches  of them"]
    for name, each in found.items():
        low = "  below the floor" if each.of_branches < floor else ""
        figures = f"{each.lines:5}  {each.of_lines:5.1f} %  {each.branches:8}  {each.of_branches:5.1f} %"
        lines.append(f"{name:{width}}  {figures}{low}")
    whole = Folder(*(sum(getattr(each, part) for each in found.values()) for part in Folder.__slots__))
    lines.append(f"branches of all folders: {whole.of_branches:.1f} %; floor of each: {floor:g} %")
    return lines


def _report() -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    measured = Coverage()
    measured.load()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "coverage.json"
        measured.json_report(outfile=str(path))
        report: dict[str, dict[str, dict[str, dict[str, int]]]] = json.loads(path.read_text("utf-8"))
    return report


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 if a folder is below the floor, 2 if nothing was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--floor", type=float, default=FLOOR, help="percent of branches that each folder needs")
    floor: float = parser.parse_args(arguments).floor
    try:
        found = folders(_report())
    except NoDataError:
        print("Nothing was measured: run the tests with --cov first.", file=sys.stderr)
        return 2
    print(*table(found, floor), sep="\n")
    return 1 if any(each.of_branches < floor for each in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
