"""Names beside photos, on alternative texts and file names written by hand: found, and invented.

    python -m tests.bench.exposure.names [--misses]

``tests/data/exposure/alts.tsv`` says where the words come from. A name counts once a line; a line
counts as invented in if a name is told that no child bears.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditbot.exposure.names.names_beside import names_beside
from auditbot.exposure.names.own_words import Knowledge
from auditbot.model import Post

ALTS = Path(__file__).parents[2] / "data" / "exposure" / "alts.tsv"
SITE = "https://school.example"


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    drawn: str
    """Set "a" or "b", in view while the rules were made, or "c"."""
    where: str
    """An alternative text ("alt") or a file's name ("file")."""
    words: str
    """What stands there."""
    names: frozenset[str]
    """The forenames of children in it."""


def lines() -> Iterator[Line]:
    """Yield the lines of the table."""
    rows = [line for line in ALTS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
        names = frozenset(name.strip() for name in (row["names"] or "").split(",") if name.strip())
        yield Line(row["set"], row["where"], row["words"], names)


def told(line: Line) -> frozenset[str]:
    """Return the names that are found in a line."""
    file = line.words if line.where == "file" else "p1.jpg"
    found = names_beside(
        Post("website", f"{SITE}/news/1/", "", ""), alt=line.words if line.where == "alt" else "", caption="",
        address=f"{SITE}/media/{file}", in_picture=(), alone=False, known=Knowledge(),
    )  # fmt: skip
    return frozenset(name.name for name in found.names)


def main() -> None:
    """Print how many names are found, and how many are told that are none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print each line of a and b that is read wrongly")
    misses = parser.parse_args().misses
    for drawn in ("a", "b", "c"):
        mine = [(line, told(line)) for line in lines() if line.drawn == drawn]
        wanted = sum(len(line.names) for line, _ in mine)
        found = sum(len(line.names & names) for line, names in mine)
        invented = sum(bool(names - line.names) for line, names in mine)
        print(f"set {drawn}: found {found} of {wanted} names; invented in {invented} of {len(mine)} lines")
        for line, names in mine if misses and drawn != "c" else ():
            if names != line.names:
                print(f"  {line.words}: {', '.join(sorted(line.names)) or 'nobody'}; told {sorted(names)}")


if __name__ == "__main__":
    main()
