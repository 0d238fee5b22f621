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

from auditbot.check.please_read import model
from auditbot.check.please_read.embedding import SentenceModel
from auditbot.check.please_read.model import Vector
from auditbot.check.prose import Span
from auditbot.sentences import Sentence, say

HEADS = ("conduct", "personal_use")
"""The rules that have a head, in the order of the weights."""
WEIGHTS = Path(str(files("auditbot"))) / "data" / "models" / "staff_words.npz"
NEARNESS_WEIGHT = np.array([20.0, 8.0])
"""One a head: of how much nearer a sentence is to examples than to ordinary ones; cross-validated on 2026-11-29."""
SCALE = 127.0
"""Meanings are kept as whole numbers of eight bits."""
_MOST_SENTENCES = 12
_FEWEST_WORDS = 4
_NO_HEADING = 7
_SURE = 1.5
"""By how much a head has to be over its threshold for words that may be a heading."""
_OWN = re.compile(r"\b(?:my|me|i|i'm|i've|i'd|i'll)\b", re.IGNORECASE)
HEAD_SCORE = 0.6
"""Of what a head alone tells."""
_NOTICE = re.compile(r"\b(?:please|welcome|thank(?:s| you)|join us|office|term dates|e-?mail us)\b", re.IGNORECASE)
"""Words of a notice, which no head is asked about."""
_READS_LIKE = {
    "conduct": say("Reads as if it spoke ill of children, families or work at the school. Please read."),
    "personal_use": say("Reads as if it were private news from a member of staff, not school news. Please read."),
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
    reason: Sentence
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
    reason: Sentence
    """One calm sentence."""


@dataclass(frozen=True, slots=True)
class StaffHeads:
    """The two heads, and a first look at words."""

    weights: Vector
    """Heads × 384: of a sentence's meaning."""
    bias: Vector
    """One a head."""
    thresholds: Vector
    """The score above which a head speaks, one a head."""
    known: Vector
    """Meanings of examples, one a row."""
    known_of: Vector
    """Heads × rows of ``known``: 1 where the example is one of the head's."""
    ordinary: Vector
    """Meanings of ordinary sentences, one a row."""
    of_words: dict[str, float]
    """The weight of each word in a first look."""
    gate: float
    """The sum of these under which no sentence is read further."""

    def may_speak(self, sentence: str) -> bool:
        """Whether the words of a sentence are worth the sentence model."""
        said = set(model.words(model.plain(sentence)))
        return sum(self.of_words.get(word, 0.0) for word in said) >= self.gate

    def over(self, meanings: Vector) -> Vector:
        """Return by how much each sentence (a row) is over each head's threshold."""
        near = nearness(meanings, self.known, self.known_of, self.ordinary)
        scores = meanings @ self.weights.T + self.bias + NEARNESS_WEIGHT * near
        return np.asarray(scores - self.thresholds)


def nearness(meanings: Vector, known: Vector, known_of: Vector, ordinary: Vector) -> Vector:
    """Return how much nearer each sentence is to a head's three nearest examples than to ten ordinary ones."""
    usual = model.mean_of_highest(meanings @ ordinary.T, 10)
    alike = meanings @ known.T
    heads = [model.mean_of_highest(alike[:, own > 0], 3) for own in known_of]
    return np.asarray(np.stack(heads, axis=1) - usual[:, None])


def read_staff(text: str, parts: Sequence[Span], meant: SentenceModel, *, by_heads: bool) -> Iterator[StaffReading]:
    """Yield what staff or the school's account wrote that should be read, at most one a rule and sentence.

    Without ``by_heads`` only the lists of words are asked: no title or caption is read for what it is like.
    """
    if not 0 < len(parts) <= _MOST_SENTENCES:
        return
    sentences = [" ".join(text[part.start : part.end].split()) for part in parts]
    heads = staff_heads()
    asked = [place for place, one in enumerate(sentences) if by_heads and _is_said(one) and heads.may_speak(one)]
    over = dict(zip(asked, _over([sentences[place] for place in asked], meant), strict=True))
    for place, (part, sentence) in enumerate(zip(parts, sentences, strict=True)):
        told: set[str] = set()
        for words in staff_words():
            if words.rule not in told and words.found_in(sentence):
                told.add(words.rule)
                yield StaffReading(words.rule, part, words.score, words.reason)
        best = int(np.argmax(over[place])) if place in over else 0
        if not told and place in over and over[place][best] > (_SURE if _may_be_a_heading(sentence) else 0):
            yield StaffReading(HEADS[best], part, HEAD_SCORE, _READS_LIKE[HEADS[best]])


def _over(sentences: Sequence[str], meant: SentenceModel) -> Sequence[Vector]:
    return (
        list(staff_heads().over(np.array(meant.embed_all([model.plain(one) for one in sentences]), dtype=np.float64)))
        if sentences
        else []
    )


def _is_said(sentence: str) -> bool:
    """Whether a sentence is long enough to be asked about, and no notice but where somebody speaks of himself."""
    if len(sentence.split()) < _FEWEST_WORDS:
        return False
    return not _NOTICE.search(sentence) or _OWN.search(sentence) is not None


def _may_be_a_heading(sentence: str) -> bool:
    return len(sentence.split()) < _NO_HEADING and sentence[-1] not in ".!?…"


@cache
def staff_heads() -> StaffHeads:
    """Return the heads that come with the program."""
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        words = str(kept["words"]).split("\n")
        return StaffHeads(
            weights=kept["weights"].astype(np.float64),
            bias=kept["bias"].astype(np.float64),
            thresholds=kept["thresholds"].astype(np.float64),
            known=kept["known"].astype(np.float64) / SCALE,
            known_of=kept["known_of"].astype(np.float64),
            ordinary=kept["ordinary"].astype(np.float64) / SCALE,
            of_words=dict(zip(words, kept["of_words"].tolist(), strict=True)),
            gate=float(kept["gate"]),
        )
