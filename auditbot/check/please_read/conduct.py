"""What staff and school accounts write: conduct, and private news on the school's page; lists of words, and two heads.

Read in short texts alone: in pages of a dozen sentences and more, stories of adults would be told as news of staff.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from auditbot.check.meaning.reader import Scores
from auditbot.check.please_read.model import Counted
from auditbot.check.prose import Span
from auditbot.sentences import Sentence, say

HEADS = ("conduct", "personal_use")
"""The rules that have a head."""
_MOST_SENTENCES = 12
_FEWEST_WORDS = 4
_NO_HEADING = 7
_MORE_OF_POSTS = np.array([1.0, 1.0], np.float32)
"""How much surer a head has to be where the school's account speaks or in several sentences: its news of behaviour is
no slip. With .5 less a quarter more is found of an author whom nothing learned from, and of clean texts twice as many
are told of (2026-12-01)."""
_A_FRAGMENT = 2
"""Sentences of what somebody posts in passing, at most."""
_SURE = 1.35
"""By how much a head has to be over its threshold for words that may be a heading."""
_OWN = re.compile(r"\b(?:my|me|i|i'm|i've|i'd|i'll)\b", re.IGNORECASE)
HEAD_SCORE = 0.6
"""Of what a head alone tells."""
_NOTICE = re.compile(r"\b(?:please|welcome|thank(?:s| you)|join us|office|term dates|e-?mail us)\b", re.IGNORECASE)
"""Words of a notice, which no head is asked about."""
_QUOTED = re.compile(r'["“][^"”]{3,}["”]')
"""What somebody else said: a school quotes what children say."""
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
        """Whether a plain sentence holds such words."""
        return self.words.search(sentence) is not None and (self.usual is None or self.usual.search(sentence) is None)


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


Hints = Callable[[str, float, int], bool]
"""Whether words of a rule, right so often, are meant so in the sentence at a place."""


def read_staff(
    parts: Sequence[Span], known: Sequence[Counted], over: Scores, hints: Hints, *, by_heads: bool, by_school: bool
) -> Iterator[StaffReading]:
    """Yield what staff or the school's account wrote that should be read, at most one a rule and sentence.

    ``known`` are the sentences in ``parts``, ``over`` says by how much each is over the limits of ``HEADS``. Without
    ``by_heads`` only the lists of words are asked: no title or caption is read for what it is like. ``by_school`` tells
    that the school's account speaks, no member of staff under a name.
    """
    if not 0 < len(parts) <= _MOST_SENTENCES:
        return
    for place, (part, one, scores) in enumerate(zip(parts, known, over, strict=True)):
        listed = [told for told in _listed(part, one.plain) if hints(told.rule, told.score, place)]
        yield from listed
        if by_heads and not listed and _is_said(one.plain):
            sure = scores - _MORE_OF_POSTS if by_school or len(parts) > _A_FRAGMENT else scores
            best, heading = int(np.argmax(sure)), _may_be_a_heading(one.plain)
            told = sure[best] > (_SURE if heading else 0)
            if told and not (heading and by_school and not _OWN.search(one.plain)):
                yield StaffReading(HEADS[best], part, HEAD_SCORE, _READS_LIKE[HEADS[best]])


def _listed(part: Span, sentence: str) -> Iterator[StaffReading]:
    told: set[str] = set()
    for words in staff_words():
        if words.rule not in told and words.found_in(sentence):
            told.add(words.rule)
            yield StaffReading(words.rule, part, words.score, words.reason)


def _is_said(sentence: str) -> bool:
    """Whether a sentence is long enough, and no notice or quotation but where somebody speaks of himself."""
    if len(sentence.split()) < _FEWEST_WORDS:
        return False
    own = _QUOTED.sub("", sentence)
    return (own == sentence and not _NOTICE.search(sentence)) or _OWN.search(own) is not None


def _may_be_a_heading(sentence: str) -> bool:
    return len(sentence.split()) < _NO_HEADING and sentence[-1] not in ".!?…"
