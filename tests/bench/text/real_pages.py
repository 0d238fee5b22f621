"""What every check of words finds on the prose of real sites, with a made-up register of three hundred pupils.

python -m tests.bench.text.real_pages                # findings per 100 pages of each site no threshold was set with
python -m tests.bench.text.real_pages --read 50      # and fifty of them, to be read by eye
python -m tests.bench.text.real_pages --seed 2 --only surname --read 30

The sites are those of ``tests/bench/please_read/sites.toml``, which says how to get them; nothing of them is kept here.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from auditbot.check.c12_surnames import surname_engine
from auditbot.check.clauses import as_the_policy_says, checks
from auditbot.check.texts import Ours
from auditbot.check.whole_site import OncePerSite, adults_of_site
from auditbot.model import DocumentFacts, DocumentUse, Finding, PostFacts, TextEvidence
from auditbot.registers.people import Pupil
from tests.bench.please_read.real_prose import Page, Site, pages, sites
from tests.unit.check.school import declared, facts, post, pupil

SURNAMES = Path(__file__).with_name("usual_surnames.txt")
FORENAMES = Path("auditbot/data/names/forenames_uk.txt")
PUPILS = 300
USUAL = 400
"""Forenames that the register draws from, the most usual first."""
PERSONAL = frozenset({"phone_number", "email_address", "postal_address", "date_of_birth"})
COLUMNS: Mapping[str, Callable[[Finding], bool]] = {
    "surname breach": lambda one: one.kind == "surname" and one.band == "breach",
    "surname review": lambda one: one.kind == "surname" and one.band == "review",
    "adults": lambda one: one.kind == "adult_with_a_name_like_a_pupil",
    "unlisted": lambda one: one.kind == "child_not_on_the_register",
    "please read": lambda one: one.kind.startswith("words_"),
    "special data": lambda one: one.kind == "special_data",
    "all but personal": lambda one: one.kind not in PERSONAL,
    "personal": lambda one: one.kind in PERSONAL,
}
"""What is counted, by its heading."""


@dataclass(frozen=True, slots=True)
class Told:
    """One finding on one page."""

    site: str
    """The repository."""
    path: str
    """The file."""
    finding: Finding
    """What was found."""

    def __str__(self) -> str:
        evidence = self.finding.evidence
        assert isinstance(evidence, TextEvidence)
        before, said = evidence.text[max(0, evidence.start - 90) : evidence.start], self._quoted(evidence)
        around = f"{before}>>{said}<<{evidence.text[evidence.end : evidence.end + 70]}"
        kind = f"{self.finding.kind}/{self.finding.band}"
        return f"  {kind:<40} {self.path[-40:]:<40} {' '.join(around.split())}"

    @staticmethod
    def _quoted(evidence: TextEvidence) -> str:
        return evidence.text[evidence.start : evidence.end][:240]


def register(seed: int) -> list[Pupil]:
    """Three hundred made-up pupils: usual forenames and surnames of Britain, the more usual drawn more often."""
    chance = random.Random(seed)
    lines = SURNAMES.read_text(encoding="utf-8").splitlines()
    surnames = [name for line in lines if not line.startswith("#") for name in line.split()]
    forenames = FORENAMES.read_text(encoding="utf-8").split()[:USUAL]
    return [
        pupil(f"P{number:03}", name=f"{_drawn(forenames, chance).title()} {_drawn(surnames, chance)}")
        for number in range(1, PUPILS + 1)
    ]


def _drawn(names: Sequence[str], chance: random.Random) -> str:
    return chance.choices(names, [1 / (rank + 20) for rank in range(len(names))])[0]


def posts_of(site: Site) -> Iterator[tuple[str, int, PostFacts]]:
    """Yield each page and each document of a site as one post, with its path and how many pages it has."""
    for (path, is_document), grouped in groupby(pages(site), key=_file_of):
        own = list(grouped)
        url = f"https://site.example/{re.sub(r'[^A-Za-z0-9/._-]+', '-', path)}"
        if is_document:
            known = DocumentFacts("d", tuple(page.text for page in own), ())
            shown = replace(
                post(url="https://site.example/files", title=""), documents=(DocumentUse(url, "d", own[0].title),)
            )
            yield path, len(own), facts(shown, documents=(known,))
        else:
            yield path, 1, facts(post(url=url, title=own[0].title, text=own[0].text))


def _file_of(page: Page) -> tuple[str, bool]:
    is_document = page.kind == "newsletter"
    return (page.path.rpartition(" page ")[0] if is_document else page.path), is_document


def main() -> None:
    """Print the table, and what is to be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which made-up register")
    parser.add_argument("--split", default="test", help="test, or calibrate to look for what to mend")
    parser.add_argument("--only", default="all but personal", choices=COLUMNS, help="what to print of")
    parser.add_argument("--read", type=int, default=0, help="print so many findings, drawn at random")
    options = parser.parse_args()
    registers = declared(register(options.seed))
    engine = surname_engine(registers)
    told: list[Told] = []
    totals: Counter[str] = Counter()
    print(f"findings per 100 pages\n{'':<40} pages " + " ".join(f"{name:>16}" for name in COLUMNS))
    for site in sites():
        if site.split != options.split:
            continue
        own, posts = [], list(posts_of(site))
        count = sum(length for _, length, _ in posts)
        ours = Ours(adults=adults_of_site(engine, (known for _, _, known in posts)))
        rules, adults = checks(registers, ours), OncePerSite()
        for path, _, known in posts:
            found = as_the_policy_says((one for rule in rules for one in rule(known)), registers)
            own += [Told(site.repository, path, one) for one in adults.but_told(list(found))]
        told += own
        _print_row(site.repository[:40], count, own, totals)
    rates = " ".join(f"{100 * totals[name] / max(totals['pages'], 1):16.2f}" for name in COLUMNS)
    print(f"{'all':<40} {totals['pages']:5} {rates}")
    print("by kind: " + ", ".join(f"{kind} {n}" for kind, n in Counter(one.finding.kind for one in told).most_common()))
    wanted = [one for one in told if COLUMNS[options.only](one.finding)]
    for one in random.Random(1).sample(wanted, min(options.read, len(wanted))):
        print(one)


def _print_row(name: str, count: int, own: Sequence[Told], totals: Counter[str]) -> None:
    counted = {column: sum(holds(one.finding) for one in own) for column, holds in COLUMNS.items()}
    totals.update(counted)
    totals["pages"] += count
    rates = " ".join(f"{100 * counted[column] / max(count, 1):16.2f}" for column in COLUMNS)
    print(f"{name:<40} {count:5} {rates}", flush=True)


if __name__ == "__main__":
    main()
