"""Who may be in a photo: the gallery's answer for each face, with everything else that is known.

Pure functions over vectors and a gallery. Four answers: *named* (one of the candidates, at the stated rate of error),
*possible* (the likeliest, for a person to decide), *nobody* (nobody we know), *too_small* (too small or unclear to
tell).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditbot.examine.faces import FaceWithVector, Quality
from auditbot.examine.gallery import Gallery, Matrix
from auditbot.model import Candidate, Face, Outcome

Owners = NDArray[np.int_]

NOBODY = -1
MOST_CANDIDATES = 3
SMALLEST_FACE = 24.0
LARGEST_TURN = 70.0
CLOSE_RATE = 0.1
LIKELY_RATE = 0.05
CLASS_SHARE = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class _Bars:
    """What a score must exceed, pupil by pupil."""

    named: Matrix
    """One score per pupil."""
    possible: Matrix
    """One score per pupil."""
    close: Matrix
    """The score from which a runner-up is shown beside a name, one per pupil."""
    likely: Matrix
    """The score that at most one stranger in twenty reaches, one per pupil."""
    gap: float
    """How far below the likeliest, where nobody is named, a runner-up is still shown."""


def match_faces(
    faces: Sequence[FaceWithVector],
    gallery: Gallery,
    *,
    likely: Set[str] = frozenset(),
    absent: Set[str] = frozenset(),
) -> tuple[Face, ...]:
    """Answer for each face of one photo, in the order given.

    ``likely`` are the pupils of the class or year group that the post names: most of the permitted error is spent on
    them, so they need a lower score, and everyone else a higher one. ``absent`` are pupils who were not on roll on that
    day: they are not considered. A pupil is named at most once in a photo, for the face that is most alike.
    """
    if not faces:
        return ()
    scores = gallery.scores(np.stack([face.vector for face in faces]))
    present = np.array([pupil_id not in absent for pupil_id in gallery.pupil_ids], dtype=bool)
    clear = np.array([is_clear(face.quality) for face in faces], dtype=bool)
    scores[:, ~present] = -np.inf
    scores[~clear] = -np.inf
    bars = _bars(gallery, likely, present)
    owners = _assign(scores, bars)
    return tuple(
        _answer(face, number, scores[number], bars, owners, gallery.pupil_ids) if clear[number] else _unclear(face)
        for number, face in enumerate(faces)
    )


def is_clear(quality: Quality) -> bool:
    """Whether a face can be compared at all: large enough, and not seen from the side."""
    return quality.size >= SMALLEST_FACE and quality.turn <= LARGEST_TURN


def _bars(gallery: Gallery, likely: Set[str], present: NDArray[np.bool_]) -> _Bars:
    in_class = np.array([pupil_id in likely for pupil_id in gallery.pupil_ids], dtype=bool) & present
    inside, outside = int(in_class.sum()), int((present & ~in_class).sum())

    def bar(rate: float) -> Matrix:
        if inside == 0 or outside == 0:
            return np.full(len(present), gallery.threshold(rate, inside + outside))
        within = gallery.threshold(rate * CLASS_SHARE, inside)
        return np.where(in_class, within, gallery.threshold(rate * (1 - CLASS_SHARE), outside))

    possible = (
        np.full(len(present), gallery.possible_above) if gallery.whitening is None else bar(gallery.possible_rate)
    )
    named = bar(gallery.false_name_rate)
    if gallery.whitening is not None:  # who resembles a twin or sibling must be more alike than that one is
        named = np.maximum(named, gallery.nearest)
    return _Bars(named, possible, bar(CLOSE_RATE), bar(LIKELY_RATE), gallery.impostor_spread)


def _assign(scores: Matrix, bars: _Bars) -> Owners:
    """The face that each pupil is named for, or NOBODY: the pairs that clear the bar by most come first."""
    above = scores - bars.named
    owners = np.full(scores.shape[1], NOBODY)
    taken: set[int] = set()
    pairs = [(int(face), int(pupil)) for face, pupil in zip(*np.nonzero(above >= 0), strict=True)]
    for face, pupil in sorted(pairs, key=lambda pair: (-above[pair], pair)):
        if owners[pupil] == NOBODY and face not in taken:
            owners[pupil] = face
            taken.add(face)
    return owners


def _answer(face: FaceWithVector, number: int, row: Matrix, bars: _Bars, owners: Owners, ids: Sequence[str]) -> Face:
    named = np.flatnonzero(owners == number)
    # A pupil named elsewhere in the photo stays in question here only if the likeness alone would have named them.
    in_question = (owners == NOBODY) | (row >= bars.named)
    above = np.where(in_question & (owners != number), row - (bars.close if len(named) else bars.possible), -np.inf)
    lowest = 0.0 if len(named) else min(0.0, above.max(initial=-np.inf) - bars.gap)
    others = np.flatnonzero(above >= lowest) if above.max(initial=-np.inf) >= 0 else np.empty(0, np.int_)
    others = others[np.lexsort((others, -above[others]))]  # pupils are sorted by id, so ties are settled
    shown = [int(pupil) for pupil in (*named, *others)][:MOST_CANDIDATES]
    candidates = tuple(Candidate(ids[pupil], round(min(1.0, float(row[pupil])), 4)) for pupil in shown)
    outcome: Outcome = "named" if len(named) else "possible" if candidates else "nobody"
    likely = bool(shown) and bool(row[shown[0]] >= bars.likely[shown[0]])
    return Face(face.box, face.confidence, outcome, candidates, likely)


def _unclear(face: FaceWithVector) -> Face:
    return Face(face.box, face.confidence, "too_small")
