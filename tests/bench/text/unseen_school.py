"""What every check of words finds in labelled posts of schools: python -m tests.bench.text.unseen_school [FOLDER...]

A folder (those in ``unseen`` if none is named) holds ``pupils.csv``, ``staff.csv`` and ``posts.jsonl`` in the form of
``tests/data/corpus``; labels may be of every rule of ``lessons.py`` too. The texts are read as ``auditbot check-text``
reads them. Only totals are printed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditbot.check.please_read.please_read_clauses import KINDS
from auditbot.prepublish.text_check import check_texts
from tests.bench.meaning.lessons import RULES, TAG_OF

UNSEEN = Path(__file__).with_name("unseen")
OWN = frozenset({"school", "staff"})
TOLD_AS = {
    **{rule: frozenset({rule}) for rule in KINDS},
    "threat": frozenset({"bullying", "direct_contact_with_pupil"}),
    "surname": frozenset({"surname"}),
    "child": frozenset({"surname"}),
    "birth": frozenset({"date_of_birth"}),
    "home": frozenset({"postal_address"}),
    "special": frozenset({"special_data"}),
}
"""The kinds of finding that tell a label."""
PLACES = frozenset({"child", "birth", "home", "special"})
"""Labels that are places in a text, each to be found; of the others a text counts once."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A place that should be noticed."""

    what: str
    """A rule or a tag."""
    start: int
    """First character."""
    end: int
    """One past the last."""
    breach: bool
    """Whether it is certain."""


@dataclass(frozen=True, slots=True)
class Told:
    """A place that was noticed."""

    what: str
    """Rule or kind of personal data."""
    start: int
    """First character."""
    end: int
    """One past the last."""
    breach: bool
    """Whether it is called certain."""
    listed: bool
    """Whether a pupil of the register is named."""

    def touches(self, label: Labelled) -> bool:
        """Whether it shares a character with a label."""
        return self.start < label.end and label.start < self.end


@dataclass(frozen=True, slots=True)
class Read:
    """One text with its labels and what was found in it."""

    name: str
    """The text's id."""
    text: str
    """The text."""
    own: bool
    """Whether the school or its staff speak."""
    labels: tuple[Labelled, ...]
    """What should be found."""
    found: tuple[Told, ...]
    """What was."""

    def knows(self, label: Labelled) -> bool:
        """Whether a finding of the label's kinds touches it."""
        return any(one.what in TOLD_AS[label.what] and one.touches(label) for one in self.found)


def read_all(folder: Path) -> Iterator[Read]:
    """Yield every text of a folder with what the whole check finds in it."""
    posts = folder / "posts.jsonl"
    rows = [json.loads(line) for line in posts.read_text("utf-8").splitlines()]
    for row, told in zip(rows, check_texts(posts, folder / "pupils.csv", folder / "staff.csv"), strict=True):
        found = [_told(one) for one in (*told["findings"], *told["other_findings"])]
        own = row.get("author_role", "school") in OWN
        yield Read(row["id"], row["text"], own, tuple(_labels(row["labels"])), tuple(found))


def _told(row: dict[str, Any]) -> Told:
    return Told(row["rule"], row["start"], row["end"], row["severity"] == "breach", bool(row.get("pupil_ids")))


def _labels(rows: Sequence[dict[str, Any]]) -> Iterator[Labelled]:
    for row in rows:
        start, end = row["span"] if isinstance(row["span"], list) else (row["start"], row["end"])
        what = TAG_OF.get(row["rule"]) or RULES.get(row["rule"], row["rule"])
        yield Labelled(what, start, end, row.get("severity", "breach") == "breach")


def of_places(texts: Sequence[Read], what: str) -> tuple[int, int, int, int]:
    """Return how many findings of a kind are right and told, and how many labels are found and meant."""
    wanted = [(one, label) for one in texts for label in one.labels if label.what == what]
    told = [(one, found) for one in texts for found in one.found if found.what in TOLD_AS[what]]
    if what == "child":
        told = [(one, found) for one, found in told if not found.listed]
    right = sum(any(found.touches(label) for label in one.labels) for one, found in told)
    return right, len(told), sum(one.knows(label) for one, label in wanted), len(wanted)


def of_texts(texts: Sequence[Read], what: str) -> tuple[int, int, int, int]:
    """Return the same of a rule, a text counting once; a threat is told as bullying."""
    meant = {one.name for one in texts if any(label.what == what for label in one.labels)}
    told = {one.name for one in texts if any(found.what in TOLD_AS[what] for found in one.found)}
    either = {one.name for one in texts if what == "bullying" and any(label.what == "threat" for label in one.labels)}
    return len(told & (meant | either)), len(told), len(told & meant), len(meant)


def lines(texts: Sequence[Read]) -> Iterator[str]:
    """Yield the figures."""
    f1s = []
    for what in (*KINDS, "threat", *sorted(PLACES)):
        right, told, found, meant = (of_places if what in PLACES else of_texts)(texts, what)
        if meant and what in KINDS:
            precision, recall = right / max(told, 1), found / meant
            f1s.append(2 * precision * recall / max(precision + recall, 1e-9))
        yield f"  {what:<27} P {_share(right, told)}  R {_share(found, meant)}"
    yield f"  macro F1 of the rules that were written: {100 * sum(f1s) / max(1, len(f1s)):.1f}"
    yield from _surnames(texts)
    for own in (True, False):
        clean = [one for one in texts if one.own is own and not one.labels]
        loud = sum(any(found.what in KINDS for found in one.found) for one in clean)
        yield f"  clean of {'the school' if own else 'others'} told of as please read: {_share(loud, len(clean))}"


def _surnames(texts: Sequence[Read]) -> Iterator[str]:
    named = [one for one in texts if any(label.what == "surname" and label.breach for label in one.labels)]
    clean = [one for one in texts if not any(label.what in ("surname", "child") for label in one.labels)]
    told = [one for one in texts if any(found.what == "surname" and found.breach for found in one.found)]
    right = sum(any(label.what == "surname" for label in one.labels) for one in told)
    places = [(one, label) for one in named for label in one.labels if label.what == "surname"]

    def flagged(group: Sequence[Read]) -> str:
        return _share(sum(any(found.what == "surname" for found in one.found) for one in group), len(group))

    certain, known = sum(one in told for one in named), sum(one.knows(at) for one, at in places)
    yield f"  surname, breach tier        P {_share(right, len(told))}  R {_share(certain, len(named))}"
    yield f"  surname, any tier           R {flagged(named)}, by place {_share(known, len(places))}"
    yield f"  without a name, flagged     {flagged(clean)}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):5.1f} ({part}/{whole})"


def misses(texts: Iterable[Read]) -> Iterator[str]:
    """Yield what was told wrongly and what was missed: to read only what is no unseen set any more."""
    for one in texts:
        for label in one.labels:
            if not one.knows(label):
                yield f"  missed {label.what}: {one.name} {one.text[label.start : label.end]!r}"
        for found in one.found:
            if not any(found.touches(label) for label in one.labels):
                yield f"  told {found.what}: {one.name} {one.text[found.start : found.end]!r}"


def main() -> None:
    """Print the figures of each folder and of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", help="folders of schools; without any those in unseen/")
    parser.add_argument("--misses", action="store_true", help="print what was wrong: the set is unseen no longer")
    options = parser.parse_args()
    every: list[Read] = []
    folders = options.folders or sorted(UNSEEN.glob("school_*"))
    for folder in folders:
        texts = list(read_all(folder))
        every += texts
        print(folder.name, *lines(texts), *(misses(texts) if options.misses else ()), sep="\n", flush=True)
    if len(folders) > 1:
        print("all", *lines(every), sep="\n")


if __name__ == "__main__":
    main()
