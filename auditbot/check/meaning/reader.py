"""Reads passages once for every check: how much a sentence is like each rule, and which words tell what of a child.

The model, ``data/models/minilm_school.onnx``, is all-MiniLM-L6-v2 (Apache-2.0) taught by ``tools/teach_minilm.py`` with
texts that several authors wrote for the project. It runs on this machine.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from auditbot.check.meaning.passages import Passage
from auditbot.errors import LanguageModelMissing
from auditbot.safe_files import is_intact

Scores = npt.NDArray[np.float32]
HEADS = (
    "direct_contact_with_pupil",
    "bullying",
    "discrimination",
    "defamation_or_malicious",
    "copyright",
    "complaint",
    "personal_campaign",
    "commercial",
    "threat",
    "conduct",
    "personal_use",
)
"""What a sentence is asked for."""
TAGS = ("birth", "home", "special", "child")
"""What a word is asked for: whether it tells when a child was born, where somebody lives, of health, care or faith, or
is part of a child's full name."""
_MODEL = Path(str(resources.files("auditbot").joinpath("data/models/minilm_school.onnx")))
_SHA256 = "33b9f271e4620aa8e97ccf8a019dd1e05bc6359f7e0aa67550b7ed16b1a97402"
_WORTH_THREADS = 4
"""New passages from which starting threads is quicker."""
_NEAR = 2
"""Pieces from one loud piece to the next of the same place, at most."""
_KEPT = 3_000
"""Passages of which the answer is kept in memory, at most: 25 megabytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the model says of one passage."""

    passage: Passage
    """The passage."""
    said: Scores
    """Pieces × (heads where the school speaks, heads where others speak, tags), as log-odds."""

    def rules(self, own: bool) -> Iterator[tuple[int, Scores]]:
        """Yield the number of each sentence and its score for each head; ``own``: the school or its staff speak."""
        begin = 0 if own else len(HEADS)
        for number, first, last in self.passage.sentences:
            yield number, self.said[first:last, begin : begin + len(HEADS)].mean(axis=0)

    def tag(self, name: str) -> Scores:
        """Return the score of each piece for a tag."""
        return np.asarray(self.said[:, 2 * len(HEADS) + TAGS.index(name)])

    def runs(self, name: str, limit: float) -> Iterator[tuple[int, int, float]]:
        """Yield where words side by side score over a limit: first and one past the last character, the highest score.

        A piece between them that scores less belongs to them.
        """
        scores = self.tag(name)
        loud = np.flatnonzero(scores > limit)
        breaks = np.flatnonzero(np.diff(loud) > _NEAR)
        for group in np.split(loud, breaks + 1):
            if len(group):
                first, last = int(group[0]), int(group[-1])
                yield self.passage.starts[first], self.passage.ends[last], float(scores[group].max())


class LanguageModel:
    """MiniLM in eight-bit arithmetic, with the heads and tags in it."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._kept: dict[tuple[int, ...], Scores] = {}

    def read(self, passages: Sequence[Passage]) -> list[Reading]:
        """Return what the model says of each passage. Pages repeat themselves: some answers are kept.

        One passage at a time: one of another length beside it would be padded.
        """
        if len(self._kept) > _KEPT:
            self._kept.clear()
        new = [ids for ids in dict.fromkeys(one.ids for one in passages) if ids not in self._kept]
        if len(new) < _WORTH_THREADS:
            self._kept.update((ids, self._said(ids)) for ids in new)
        else:
            with ThreadPoolExecutor(max_workers=min(len(new), os.cpu_count() or 1)) as pool:
                self._kept.update(zip(new, pool.map(self._said, new), strict=True))
        return [Reading(one, self._kept[one.ids]) for one in passages]

    def _said(self, ids: tuple[int, ...]) -> Scores:
        whole = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})[0][0]
        return np.asarray(whole[1:-1], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """From which score on something is told (``limits.toml``, written by the bench)."""

    school: Scores
    """One a head, where the school or its staff speak."""
    long: Scores
    """One a head, in a long text of the school (``prose_limits.toml``)."""
    others: Scores
    """One a head, where others speak."""
    tags: dict[str, float]
    """One a tag of which places are told."""


@cache
def limits() -> Limits:
    """Return the limits, read once."""
    folder = resources.files("auditbot.check.meaning")
    table = tomllib.loads((folder / "limits.toml").read_text(encoding="utf-8"))
    school, others = (np.array([table[who][head] for head in HEADS], np.float32) for who in ("school", "others"))
    prose = tomllib.loads((folder / "prose_limits.toml").read_text(encoding="utf-8"))
    long = np.array([prose[head] for head in HEADS], np.float32)
    return Limits(school, long, others, {tag: float(limit) for tag, limit in table["tags"].items()})


@cache
def language_model() -> LanguageModel:
    """Return the one model of this process; raise :class:`LanguageModelMissing` if it is absent or altered."""
    if not is_intact(_MODEL, _SHA256):
        raise LanguageModelMissing
    return LanguageModel(_MODEL)
