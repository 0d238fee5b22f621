"""Reads a labelled set of posts, runs the engine on it, and counts."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditbot.check.surnames import PupilName, StaffName, SurnameEngine, SurnameHit

CORPUS = Path(__file__).resolve().parents[3] / "data" / "corpus"
SCHOOLS = (
    "brindle_lane",
    "thornbeck",
    "gorsedale",
    "wavefield",
    "st_pauls",
    "heathmoor",
    "larkbank",
    "ropery_wharf",
    "moorside",
    "sedgewater",
    "kingsbourne",
)


@dataclass(frozen=True, slots=True)
class Label:
    """Where a surname stands, by a person's judgement."""

    start: int
    end: int
    severity: str
    pupil_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """One labelled text."""

    id: str
    kind: str
    author_role: str
    text: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class School:
    """The registers and the posts of one school."""

    pupils: tuple[PupilName, ...]
    staff: tuple[StaffName, ...]
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """How well the engine did, in percent; posts count as one each."""

    precision: float
    recall: float
    recall_any_tier: float
    flagged_without_label: float
    right_pupil: float


def read_school(folder: Path) -> School:
    """Read `pupils.csv`, `staff.csv` and `posts.jsonl`."""
    with (folder / "pupils.csv").open(encoding="utf-8") as file:
        pupils = tuple(map(_pupil, csv.DictReader(file)))
    with (folder / "staff.csv").open(encoding="utf-8") as file:
        staff = tuple(
            StaffName(row["title"], row["forename"], row["surname"], row["role"]) for row in csv.DictReader(file)
        )
    lines = (folder / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    return School(pupils, staff, tuple(_post(json.loads(line)) for line in lines if line))


def _pupil(row: dict[str, str]) -> PupilName:
    forenames, surnames = [row["forename"]], [row["surname"]]
    forename, _, surname = row["known_as"].partition(" ")
    forenames += [forename] if forename else []
    surnames += [surname] if surname else []
    return PupilName(
        row["pupil_id"],
        tuple(forenames),
        tuple(name for name in surnames if name),
        row["year_group"],
        row["class_name"],
        tuple(row["middle_names"].split()),
    )


def _post(row: dict[str, object]) -> Post:
    labels = row["labels"]
    assert isinstance(labels, list)
    surnames = tuple(
        Label(label["span"][0], label["span"][1], label["severity"], tuple(label.get("pupil_ids") or ()))
        for label in labels
        if label["rule"] == "surname"
    )
    return Post(str(row["id"]), str(row["kind"]), str(row["author_role"]), str(row["text"]), surnames)


def measure(school: School) -> Figures:
    """Run the engine on every post and compare with the labels."""
    engine = SurnameEngine(school.pupils, school.staff)
    results = [(post, engine.find(post.text, kind=post.kind)) for post in school.posts]
    breaches = [(post, hits) for post, hits in results if any(label.severity == "breach" for label in post.labels)]
    flagged = [(post, hits) for post, hits in results if any(hit.band == "breach" for hit in hits)]
    unlabelled = [hits for post, hits in results if not post.labels]
    named = list(_named_pupils(results))
    return Figures(
        precision=_percent([any(label.severity == "breach" for label in post.labels) for post, _ in flagged]),
        recall=_percent([any(hit.band == "breach" for hit in hits) for _, hits in breaches]),
        recall_any_tier=_percent([bool(hits) for _, hits in breaches]),
        flagged_without_label=_percent([bool(hits) for hits in unlabelled]),
        right_pupil=_percent(named),
    )


def _named_pupils(results: Sequence[tuple[Post, list[SurnameHit]]]) -> Iterator[bool]:
    """For every label that was found: whether one of its pupils is named."""
    for post, hits in results:
        for label in post.labels:
            found = [hit for hit in hits if hit.start < label.end and label.start < hit.end]
            if found and label.pupil_ids:
                yield any(set(hit.pupil_ids) & set(label.pupil_ids) for hit in found)


def _percent(answers: Sequence[bool]) -> float:
    return 100 * sum(answers) / len(answers) if answers else 100.0
