"""Labelled examples: our own (``examples.jsonl``) or any corpus in the same form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from auditbot.check.meaning.reader import HEADS

OWN = Path(__file__).with_name("examples.jsonl")
UNSEEN = Path(__file__).with_name("unseen.jsonl")
GRAVE = Path(__file__).with_name("grave.jsonl")


@dataclass(frozen=True, slots=True)
class Label:
    rule: str
    severity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    id: str
    kind: str
    author_role: str
    text: str
    labels: tuple[Label, ...]
    split: str = ""
    round: int = 1
    """1: written before any corpus was read; 2: after its first misses had been read; 3: for real prose."""


def load(path: Path) -> list[Example]:
    """Read JSON Lines with id, kind, author_role, text and labels (rule, severity, span); other rules are left out."""
    examples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = tuple(
            Label(x["rule"], x["severity"], x["span"][0], x["span"][1]) for x in row["labels"] if x["rule"] in HEADS
        )
        examples.append(
            Example(
                row["id"],
                row["kind"],
                row["author_role"],
                row["text"],
                labels,
                row.get("split", ""),
                row.get("round", 1),
            )
        )
    return examples
