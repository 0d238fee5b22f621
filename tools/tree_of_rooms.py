"""Print the tree of the program: every folder and file with the first line of its docstring, as a stranger sees it.

    python -m tools.tree_of_rooms [FOLDER]
    python -m tools.tree_of_rooms --way WORKSPACE

``--way`` writes the newest report of a workspace again and prints the rooms that the run passes on its way to it: the
modules of auditbot a function of which is handed the run or the workspace, in this process, from the moment the
pipeline begins until the report is there. Behind them stand all modules that were entered for anything at all.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from auditbot import cli, pipeline
from auditbot.run import Run
from auditbot.settings import Workspace

PACKAGE = Path(__file__).resolve().parents[1] / "auditbot"


def first_line(path: Path) -> str:
    """Return the first line of a module's docstring; empty if it has none."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0]


def tree(folder: Path = PACKAGE, depth: int = 0) -> Iterator[str]:
    """Yield the lines of the tree, files before the folders beside them."""
    own = folder / "__init__.py"
    yield f"{'  ' * depth}{folder.name}/  {first_line(own) if own.is_file() else ''}".rstrip()
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield f"{'  ' * (depth + 1)}{path.name}  {first_line(path)}"
    for inside in sorted(each for each in folder.iterdir() if (each / "__init__.py").is_file()):
        yield from tree(inside, depth + 1)


def way_of_a_report(workspace: Path) -> tuple[list[str], list[str]]:
    """Write the newest report of a workspace again; return the rooms that the run passes, and all that are entered."""
    passed: dict[str, None] = {}
    entered: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        name, code = str(frame.f_globals.get("__name__", "")), frame.f_code
        if event == "call" and name.startswith("auditbot.") and code.co_name != "<module>":
            entered.setdefault(name.removeprefix("auditbot."))
            given = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            if any(isinstance(frame.f_locals.get(one), Run | Workspace) for one in given):
                passed.setdefault(name.removeprefix("auditbot."))

    really = pipeline.run_audit

    def watched(*given: Any, **more: Any) -> Any:
        sys.setprofile(note)
        try:
            return really(*given, **more)
        finally:
            sys.setprofile(None)

    pipeline.run_audit = watched
    code = cli.main(["--workspace", str(workspace), "report"])
    if code not in (0, 1, 3):
        raise SystemExit(code)
    return list(passed), list(entered)


def main() -> int:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=PACKAGE)
    parser.add_argument("--way", type=Path, metavar="WORKSPACE")
    options = parser.parse_args()
    if options.way:
        passed, entered = way_of_a_report(options.way)
        print("the run passes:", *passed, f"= {len(passed)} rooms; entered at all: {len(entered)}", sep="\n")
    else:
        print(*tree(options.folder), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
