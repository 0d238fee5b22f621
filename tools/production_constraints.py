"""Writes constraints-production.txt: the part of constraints.txt that an audit needs, without test tools and extras.

Run where everything is installed, after ``make constraints``: python tools/production_constraints.py
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
OF_BUILDING = ("hatchling", "editables")
"""What the package itself is built with; it stands among the test tools."""


def needed(names: list[str]) -> set[str]:
    """Return these packages and all that they need on any system, without their extras that nobody asked for."""
    found: set[str] = set()
    waiting = [Requirement(name) for name in names]
    while waiting:
        wanted = waiting.pop()
        name, extras = canonicalize_name(wanted.name), {"", *wanted.extras}
        if (key := f"{name}[{','.join(sorted(extras))}]") in found:
            continue
        found |= {name, key}
        try:
            further = requires(name) or []
        except PackageNotFoundError:  # of another system
            continue
        for text in further:
            inner = Requirement(text)
            asked = re.findall(r"extra == ['\"]([^'\"]+)['\"]", str(inner.marker or ""))
            if not asked or extras & set(asked):
                waiting.append(inner)
    return {name for name in found if "[" not in name}


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = needed([*project["dependencies"], *OF_BUILDING])
    blocks = re.split(r"^(?=[A-Za-z0-9])", (ROOT / "constraints.txt").read_text("utf-8"), flags=re.MULTILINE)
    kept = [block for block in blocks if canonicalize_name(re.split(r"[=\[ ;]", block)[0] or "-") in names]
    (ROOT / "constraints-production.txt").write_text("".join(kept), "utf-8")
    print(f"{len(kept)} of {len([block for block in blocks if block.strip()])} packages")


if __name__ == "__main__":
    main()
