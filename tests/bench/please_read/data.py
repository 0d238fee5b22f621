"""Labelled examples: our own (``examples.jsonl``) or any corpus in the same form."""

from __future__ import annotations

import json
from pathlib import Path

from auditbot.check.please_read.model import RULES
from tests.bench.please_read.training import Example, Label

OWN = Path(__file__).with_name("examples.jsonl")


def load(path: Path) -> list[Example]:
    """Read JSON Lines with id, kind, author_role, text and labels (rule, severity, span); other rules are left out."""
    examples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = tuple(
            Label(x["rule"], x["severity"], x["span"][0], x["span"][1]) for x in row["labels"] if x["rule"] in RULES
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
