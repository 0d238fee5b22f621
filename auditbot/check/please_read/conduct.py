"""What staff and school accounts write: conduct, and private news on the school's page; lists of words and two heads.

Read in short texts alone: in pages of a dozen sentences and more, stories of adults would be told as news of staff.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from auditbot.check.please_read.embedding import SentenceModel
from auditbot.check.prose import Span

Numbers = npt.NDArray[np.float32]
HEADS = ("conduct", "personal_use")
"""The rules that have a head, in the order of the weights."""
WEIGHTS = Path(str(files("auditbot"))) / "data" / "models" / "staff_words.npz"
_MOST_SENTENCES = 12
_FEWEST_WORDS = 4
_NO_HEADING = 7
HEAD_SCORE = 0.6
"""Of what a head alone tells."""
_NOTICE = re.compile(r"\b(?:please|welcome|thank(?:s| you)|join us|office|term dates|e-?mail us)\b", re.IGNORECASE)
"""Words of a notice, which no head is asked about."""
_READS_LIKE = {
    "conduct": "Reads as if it spoke ill of children, families or work at the school. Please read.",
    "personal_use": "Reads as if it were private news from a member of staff, not school news. Please read.",
}

_NAME = (
    r"(?-i:(?!(?:Mrs?|Ms|Miss|Mx|Dr|Year|Class|Reception|Nursery|The|Our|We|It|They|This|That|Monday|Friday)\b)"
    r"[A-Z][a-zà-ÿ]+)"
)
_CHILD = r"(?:child|children|kids?|boys?|girls?|lads?|pupils?)"


@dataclass(frozen=True, slots=True)
class StaffWords:
    """One list."""

    rule: str
    """The rule it belongs to: conduct or personal_use."""
    reason: str
    """One calm sentence."""
    score: float
    """How often it is right: such words are plain, or only a hint."""
    words: re.Pattern[str]
    """What is looked for in one sentence."""
    usual: re.Pattern[str] | None
    """What makes such a sentence ordinary all the same; None where nothing does."""

    def found_in(self, sentence: str) -> bool:
        """Whether the sentence holds such words; curly apostrophes count as straight ones."""
        plain = sentence.replace("’", "'").replace("‘", "'")
        return self.words.search(plain) is not None and (self.usual is None or self.usual.search(plain) is None)


@cache
def staff_words() -> tuple[StaffWords, ...]:
    """All lists, those that are surest first."""
    source = files("auditbot") / "data" / "words" / "staff_conduct.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    return tuple(
        StaffWords(
            entry["rule"],
            entry["reason"],
            entry["score"],
            _any(entry["words"]),
            _any(entry["not"]) if "not" in entry else None,
        )
        for entry in table["rule"]
    )


def _any(patterns: list[str]) -> re.Pattern[str]:
    filled = (
        pattern.replace("MY_NAME", rf"\bmy {_NAME}").replace("NAME", _NAME).replace("CHILD", _CHILD)
        for pattern in patterns
    )
    return re.compile(rf"(?<![\w*])(?:{'|'.join(filled)})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StaffReading:
    """One sentence that somebody should read."""

    rule: str
    """conduct or personal_use."""
    span: Span
    """The sentence."""
    score: float
    """0.6 to 0.8: how often such words are what they seem."""
    reason: str
    """One calm sentence."""


def read_staff(text: str, parts: Sequence[Span], model: SentenceModel) -> Iterator[StaffReading]:
    """Yield what staff or the school's account wrote that should be read, at most one a rule and sentence.

    Measured on 2026-11-29 on 131 texts in a voice that was not learned from (tests/data/personal/fresh.jsonl): conduct
    40 % found, all 10 right; private news 44 % found, 11 of 13 right. No title or caption is asked about.
    """
    if not 0 < len(parts) <= _MOST_SENTENCES:
        return
    weights, bias, thresholds = _heads()
    meanings = np.array(model.embed_all([" ".join(text[part.start : part.end].split()) for part in parts]))
    passed = meanings @ weights.T + bias > thresholds
    for part, heads in zip(parts, passed, strict=True):
        sentence = " ".join(text[part.start : part.end].split())
        told: set[str] = set()
        for words in staff_words():
            if words.rule not in told and words.found_in(sentence):
                told.add(words.rule)
                yield StaffReading(words.rule, part, words.score, words.reason)
        for rule, is_over in zip(HEADS, heads, strict=True):
            if is_over and not told and _is_said(sentence) and not _NOTICE.search(sentence):
                told.add(rule)
                yield StaffReading(rule, part, HEAD_SCORE, _READS_LIKE[rule])


def _is_said(sentence: str) -> bool:
    """Whether a sentence is long enough to be asked about, and no heading."""
    words = len(sentence.split())
    return words >= _NO_HEADING or (words >= _FEWEST_WORDS and sentence[-1] in ".!?…")


@cache
def _heads() -> tuple[Numbers, Numbers, Numbers]:
    with np.load(WEIGHTS) as kept:
        return kept["weights"], kept["bias"], kept["thresholds"]
