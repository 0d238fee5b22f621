"""What the language model learns from: texts of several authors, each with the places that should be noticed.

``voices/*.txt`` were written for the project by independent authors, each alone: a line is rules, speaker, kind and
text, parted by tabs, with ``[[rule:words]]`` around what should be noticed. ``voices/school_*.jsonl`` are posts of
made-up schools in the form of ``tests/data/corpus``. Nobody in them is real. Older examples are of one voice.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditbot.check.meaning.reader import HEADS, TAGS
from tests.bench.please_read.training import background

HERE = Path(__file__).parent
VOICES = HERE / "voices"
BENCH = HERE.parent / "please_read"
CORPUS = HERE.parents[1] / "data" / "corpus"
OWN = frozenset({"school", "staff"})
PARTLY_JUDGED = frozenset({"school_a", "school_b", "school_c"})
"""Schools whose authors did not judge by every rule."""
PARTLY_KNOWN = 0.3
"""Share of a sentence that has to be marked for it to be one of the rule's."""
_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]", re.DOTALL)
_NAMES_BEFORE = re.compile(r"(?:[A-Z][\w'’-]*[ ]){1,2}$")
RULES = {
    "defamation": "defamation_or_malicious",
    "private_contact": "direct_contact_with_pupil",
    "campaign": "personal_campaign",
    "staff_conduct": "conduct",
}
"""The authors' names of rules that have others here."""
TAG_OF = {"dob": "birth", "address": "home", "health": "special", "unlisted": "child", "unlisted_child": "child"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A place that should be noticed."""

    what: str
    """A head or a tag."""
    start: int
    """First character."""
    end: int
    """One past the last."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text."""

    voice: str
    """Who wrote it."""
    text: str
    """The text without marks."""
    own: bool
    """Whether the school or its staff speak."""
    kind: str
    """post, caption, comment, newsletter, ..."""
    marks: tuple[Marked, ...]
    """What should be noticed."""
    heads: frozenset[str] = frozenset(HEADS)
    """The heads that the author judged by."""
    tags: frozenset[str] = frozenset(TAGS)
    """The tags that the author judged by."""
    unsure: tuple[tuple[int, int], ...] = ()
    """Places where a tag is neither right nor wrong."""
    speaker: str = "school"
    """Who speaks, as the author wrote it."""


def of_authors() -> Iterator[Lesson]:
    """Yield the texts of the independent authors, but for the schools."""
    for path in sorted(VOICES.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            parts = line.split("\t")
            if len(parts) == 4:
                text, marks = unmarked(parts[3].replace("\\n", "\n"))
                own = parts[1] in OWN and not (parts[2] == "comment" and parts[1] != "school")
                yield Lesson(path.stem, text, own, parts[2], marks, speaker=parts[1])


def unmarked(written: str) -> tuple[str, tuple[Marked, ...]]:
    """Return the text without its marks, and where they were."""
    text, marks, at = "", [], 0
    for mark in _MARK.finditer(written):
        text += written[at : mark.start()]
        name = TAG_OF.get(mark[1]) or RULES.get(mark[1], mark[1])
        if name in HEADS or name in TAGS:
            marks.append(Marked(name, len(text), len(text) + len(mark[2])))
        text += mark[2]
        at = mark.end()
    return text + written[at:], tuple(marks)


def of_schools() -> Iterator[Lesson]:
    """Yield the posts of whole made-up schools by further authors; full names of listed pupils are children's too."""
    for path in sorted(VOICES.glob("school_*.jsonl")):
        whole = path.stem not in PARTLY_JUDGED
        for line in path.read_text("utf-8").splitlines():
            post = json.loads(line)
            marks, unsure = [], []
            for label in post["labels"]:
                name = TAG_OF.get(label["rule"]) or RULES.get(label["rule"], label["rule"])
                if name == "surname":
                    marks.append(Marked("child", label["start"], label["end"]))
                    forename = _NAMES_BEFORE.search(post["text"], max(0, label["start"] - 40), label["start"])
                    if forename:
                        unsure.append(forename.span())
                elif (whole or name != "conduct") and (name in HEADS or name in TAGS):
                    marks.append(Marked(name, label["start"], label["end"]))
            own = post["kind"] != "comment"
            unknown = set() if whole or post["clean"] else {"copyright", "personal_campaign"}
            if not whole and any(label["rule"] == "conduct" for label in post["labels"]):
                unknown |= {"conduct", "bullying"}
            heads = frozenset(HEADS) - unknown
            yield Lesson(path.stem, post["text"], own, post["kind"], tuple(marks), heads, unsure=tuple(unsure))


def of_older_examples() -> Iterator[Lesson]:
    """Yield the project's older examples, which know of rules alone."""
    staff = frozenset({"conduct", "personal_use"})
    for line in (BENCH / "examples.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        marks = tuple(Marked(one["rule"], *one["span"]) for one in row["labels"] if one["rule"] in HEADS)
        own = row["author_role"] in OWN
        heads = frozenset(HEADS) - staff
        yield Lesson("older", row["text"], own, row["kind"], marks, heads, frozenset())
    for line in (BENCH / "staff_examples.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        marks = (Marked(row["rule"], 0, len(row["text"])),) if row["rule"] else ()
        yield Lesson("older", row["text"], True, "post", marks, staff, frozenset())


def of_older_schools(most: int) -> Iterator[Lesson]:
    """Yield some posts of the older made-up schools: full names of children, and ordinary news."""
    rows = []
    for path in sorted(CORPUS.glob("*/posts.jsonl")):
        rows += [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    random.Random(11).shuffle(rows)
    kept = [row for row in rows if row["kind"] in ("post", "newsletter", "comment", "caption")]
    for row in kept[:most]:
        marks, unsure = [], []
        for label in row["labels"]:
            start, end = label["span"]
            if label["rule"] == "surname" and label["severity"] == "breach":
                marks.append(Marked("child", start, end))
                forename = _NAMES_BEFORE.search(row["text"], max(0, start - 40), start)
                if forename:
                    unsure.append(forename.span())
            elif label["rule"] == "surname":
                unsure.append((start, end))
            elif label["rule"] in HEADS:
                marks.append(Marked(label["rule"], start, end))
        own = row["author_role"] in OWN
        heads = frozenset(HEADS) - {"conduct", "personal_use"}
        yield Lesson("older", row["text"], own, row["kind"], tuple(marks), heads, frozenset({"child"}), tuple(unsure))


def of_prose(most: int) -> Iterator[Lesson]:
    """Yield ordinary prose in runs of a few sentences: nothing in it should be noticed."""
    chance = random.Random(5)
    found = background()
    at = 0
    while at < len(found) and most:
        size = chance.randint(1, 4)
        yield Lesson("prose", " ".join(found[at : at + size]), True, "post", ())
        at, most = at + size, most - 1
