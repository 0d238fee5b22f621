"""Finds sentences that somebody should read. It quotes them, ranks them and accuses nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from auditbot.check.please_read import model
from auditbot.check.please_read.model import (
    RULES,
    Heads,
    Reading,
    SentenceModel,
    Vector,
    cues,
    load_heads,
    probability,
    sentence_model,
)
from auditbot.check.please_read.plain_rules import PLAIN_RULES, is_ordinary

# Why a sentence is shown, in one calm sentence.

_OPENINGS = {
    "commercial": "May be an offer or advertisement from which somebody gains privately",
    "personal_campaign": "May call for support of a campaign, vote, strike or personal sponsorship",
    "defamation_or_malicious": "May make or hint at a claim about a member of the school community",
    "complaint": "May be a complaint that could go through the school's own procedure",
    "bullying": "May hold words that could hurt or frighten somebody",
    "discrimination": "May link a protected characteristic with being treated or spoken of differently",
    "direct_contact_with_pupil": "May address a child and could lead to private contact",
    "copyright": "May be about copying or sharing work, pictures or log-ins that may belong to somebody else",
}
_MENTIONED = 2


def reason(rule: str, weights: Vector, counts: Vector) -> str:
    """Return the reason, naming up to two kinds of words seen that weighed most for the rule."""
    known = cues()
    weight = weights[: len(known.names)] * np.minimum(counts, 2)
    order = np.argsort(-weight, kind="stable")
    said = [known.says[known.names[i]] for i in order if weight[i] > 0 and known.names[i] in known.says][:_MENTIONED]
    opening = _OPENINGS[rule]
    return f"{opening} ({' and '.join(said)}). Please read." if said else f"{opening}. Please read."


# Sentences of a text with their offsets, and the short runs of them that are read together.

_LINE = re.compile(r"[^\r\n]+")
_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*\s+")
_ABBREVIATION = re.compile(r"(?:\b(?:mr|mrs|ms|dr|st|rev|e\.g|i\.e|no|approx|vs|etc|am|pm)|\b[a-z])\.$", re.IGNORECASE)
_LONGEST = 400
"""Characters: a "sentence" without any full stop (a pasted table) is read in pieces."""
_RUN = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, in code points of the text."""

    start: int
    """First character."""
    end: int
    """One past the last character."""
    line: int
    """The line it stands on, from 0."""


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text in order; fragments of one word join the sentence before."""
    found: list[Sentence] = []
    for number, line in enumerate(_LINE.finditer(text)):
        for start, end in _cut(text, line.start(), line.end()):
            before = found[-1] if found else None
            alone = not re.search(r"\w\W+\w", text[start:end])
            if alone and before is not None and before.line == number and end - before.start <= _LONGEST:
                found[-1] = Sentence(before.start, end, number)
            else:
                found.append(Sentence(start, end, number))
    return found


def runs(count: int) -> Iterator[tuple[int, int]]:
    """Yield index ranges [first, last) to read: each sentence alone, then every run of three (or all, if fewer)."""
    for index in range(count):
        yield index, index + 1
    if count > 1:
        size = min(_RUN, count)
        for index in range(count - size + 1):
            yield index, index + size


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _ABBREVIATION.search(text, max(begin, stop.start() - 8), stop.start() + 1):
            continue
        yield from _pieces(text, begin, stop.end())
        begin = stop.end()
    yield from _pieces(text, begin, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        space = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        middle = space if space > 0 else start + _LONGEST
        yield start, middle
        start = middle + 1 if space > 0 else middle
    if start < end:
        yield start, end


MEANING_WEIGHT = 2.0
"""Scale of the meaning beside the other features; the weights were trained with it."""
_GATE = 0.45
"""A run in which the cheap look gives every rule less than this share of its threshold is not read further."""
_DISARMED = 0.25
"""In a text of few sentences, one of them says nothing if the whole reaches less than this share of the threshold."""
LONGEST = 150_000
"""Characters of one text that are read: half a novel, where a long newsletter has twenty thousand."""
OF_THE_SCHOOL = frozenset({"school", "staff"})
ORDER = (*RULES, "conduct", "personal_use")
"""All rules, in the order in which equal scores are ranked; the last two are plain lists of words."""
UNREAD_KINDS = frozenset({"filename", "address", "author", "byline"})
_SHORT = 40
"""Characters of a quotation that says too little by itself to be usual business."""
_NEIGHBOUR = 0.5
"""A sentence belongs to the quotation if alone it reaches this share of the threshold."""


@dataclass(frozen=True, slots=True)
class PleaseRead:
    """Sentences that somebody should read, under one rule of the policy."""

    rule: str
    """The rule, for example "complaint"."""
    start: int
    """First character of the quoted sentences, in code points."""
    end: int
    """One past the last character."""
    band: Literal["review"]
    """Always review: a person decides."""
    score: float
    """0.5 at the threshold to 1; comparable between rules, the worst first."""
    reason: str
    """One calm sentence on what kind of words were seen."""


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: int
    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class _RunRead:
    """A run of sentences as it was read."""

    first: int
    """Its first sentence."""
    last: int
    """One past its last sentence."""
    counts: Vector
    """How often each cue occurs in it."""
    found: Vector
    """The probability of each rule; zeros where the cheap look gave no cause to read further."""


class PleaseReadRules:
    """Loads the sentence model and the weights once; raises LanguageModelMissing if the model is not installed."""

    def __init__(self, heads: Heads | None = None, model: SentenceModel | None = None) -> None:
        self._heads = heads or load_heads()
        self._model = model or sentence_model()
        self._index = {word: position for position, word in enumerate(self._heads.words)}

    def find(self, text: str, *, kind: str = "post", author_role: str = "school") -> list[PleaseRead]:
        """Return what should be read, highest score first; at most one finding a rule and quotation.

        Of a text longer than ``LONGEST`` characters the rest is not read: whoever asks has to say so.
        """
        if kind in UNREAD_KINDS:
            return []
        parts = sentences(text[:LONGEST])
        runs_read = self._read(text, parts, kind, author_role)
        found = [self._quoted(parts, hit, runs_read) for hit in _joined(self._hits(runs_read))]
        if author_role in OF_THE_SCHOOL:
            found = [one for one in found if not is_ordinary(one.rule, _with_what_follows(text, parts, one))]
        found += _plain(text, parts, author_role, found)
        return sorted(found, key=lambda f: (-f.score, ORDER.index(f.rule), f.start))

    def scores(self, text: str, *, kind: str = "post", author_role: str = "school") -> Vector:
        """Return the highest probability of each rule over all runs, in the order of ``RULES``; for measuring."""
        runs_read = self._read(text, sentences(text), kind, author_role, gate=0.0)
        return np.asarray(np.max([np.zeros(len(RULES)), *(run.found for run in runs_read)], axis=0))

    def _read(
        self, text: str, parts: list[Sentence], kind: str, author_role: str, gate: float = _GATE
    ) -> list[_RunRead]:
        """Look at every run cheaply, then ask the sentence model about those that pass the gate."""
        plain = [model.plain(text[p.start : p.end]) for p in parts]
        counts = [model.cues().count(one) for one in plain]
        looked: list[_RunRead] = []
        waiting: list[tuple[int, str, Vector]] = []
        for first, last in runs(len(parts)):
            seen = np.sum(counts[first:last], axis=0)
            run_text = (
                plain[first] if last - first == 1 else model.plain(text[parts[first].start : parts[last - 1].end])
            )
            surface = Reading(run_text, seen, kind, author_role).surface(self._index, self._heads.rarity)
            looked.append(_RunRead(first, last, seen, np.zeros(len(RULES))))
            first_look = probability(self._heads.surface, self._heads.surface_bias, surface)
            is_whole = last - first == len(parts)
            if (is_whole and waiting) or np.any(first_look >= gate * self._heads.thresholds):
                waiting.append((len(looked) - 1, run_text, surface))
        meanings = self._model.embed_all([run_text for _, run_text, _ in waiting])
        for (place, _, surface), meaning in zip(waiting, meanings, strict=True):
            both = np.concatenate([surface, meaning * MEANING_WEIGHT])
            found = probability(self._heads.full, self._heads.full_bias, both)
            looked[place] = replace(looked[place], found=_possible(found, author_role))
        return looked

    def _hits(self, runs_read: list[_RunRead]) -> list[_Hit]:
        thresholds = self._heads.thresholds
        alone = {run.first: run.found for run in runs_read if run.last - run.first == 1}
        whole = next((run.found for run in runs_read if run.last - run.first == len(alone)), thresholds)
        hits = []
        for run in runs_read:
            for rule in np.flatnonzero((run.found >= thresholds) & (whole >= _DISARMED * thresholds)):
                threshold = float(thresholds[rule])
                score = 0.5 + 0.5 * (float(run.found[rule]) - threshold) / (1 - threshold)
                near = [i for i in range(run.first, run.last) if alone[i][rule] >= _NEIGHBOUR * threshold]
                span = (near[0], near[-1] + 1) if near else (run.first, run.last)
                hits.append(_Hit(int(rule), *span, score))
        return hits

    def _quoted(self, parts: list[Sentence], hit: _Hit, runs_read: list[_RunRead]) -> PleaseRead:
        inside = [run.counts for run in runs_read if run.last - run.first == 1 and hit.first <= run.first < hit.last]
        why = reason(RULES[hit.rule], self._heads.full[hit.rule], np.sum(inside, axis=0))
        start, end = parts[hit.first].start, parts[hit.last - 1].end
        return PleaseRead(RULES[hit.rule], start, end, "review", round(hit.score, 3), why)


def _with_what_follows(text: str, parts: list[Sentence], read: PleaseRead) -> str:
    """A call as short as "Vote for us!" is understood by the sentence after it."""
    if read.end - read.start > _SHORT:
        return text[read.start : read.end]
    following = next((part.end for part in parts if part.start >= read.end), read.end)
    return text[read.start : following]


def _plain(text: str, parts: list[Sentence], author_role: str, read: list[PleaseRead]) -> list[PleaseRead]:
    """Return what the plain lists of words find beside ``read``, at most one a rule and sentence."""
    found: dict[tuple[str, int], PleaseRead] = {}
    by_school = author_role in OF_THE_SCHOOL
    known = {(one.rule, part.start) for one in read for part in parts if one.start <= part.start < one.end}
    for part in parts:
        sentence = text[part.start : part.end].replace("’", "'")
        for rule in PLAIN_RULES:
            about = (rule.rule, part.start)
            if by_school is not rule.of_others and about not in found.keys() | known and rule.words.search(sentence):
                found[about] = PleaseRead(*about, part.end, "review", rule.score, rule.reason)
    return list(found.values())


def _possible(found: Vector, author_role: str) -> Vector:
    """A parent or stranger writing to a child is not the school's account doing so."""
    if author_role not in OF_THE_SCHOOL:
        found[RULES.index("direct_contact_with_pupil")] = 0
    return found


def _joined(hits: Iterable[_Hit]) -> list[_Hit]:
    """Join hits of one rule that overlap or touch."""
    joined: list[_Hit] = []
    for hit in sorted(hits, key=lambda h: (h.rule, h.first, h.last)):
        before = joined[-1] if joined else None
        if before is not None and before.rule == hit.rule and hit.first <= before.last:
            last, score = max(before.last, hit.last), max(before.score, hit.score)
            joined[-1] = _Hit(hit.rule, before.first, last, score)
        else:
            joined.append(hit)
    return joined
