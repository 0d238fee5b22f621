"""Who may be in a photo: the gallery's answer for each face, with everything else that is known.

Pure functions over vectors and a gallery. Four answers: *named* (one of the candidates, at the stated rate of error),
*possible* (likeness that is evidence, for a person to decide), *nobody* (nobody the program knows; its candidates are
the likeliest all the same, for a person who asks), *too_small* (too small or unclear to tell).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditbot.examine.faces.faces import FaceWithVector, VectorPart, is_clear
from auditbot.examine.faces.gallery import Gallery, Matrix
from auditbot.examine.photo import ExaminedPhoto
from auditbot.model import Box, Candidate, Face, Outcome

Owners = NDArray[np.int_]

MATCHING = "4"
"""Changes whenever the same vectors may be answered differently by the same gallery."""
NOBODY = -1
MOST_CANDIDATES = 3
CLOSE_RATE = 0.1
LIKELY_RATE = 0.05
CLASS_SHARE = 0.8
SIBLING_RATE = 0.05
SIBLING_GAP = 2.0
NO_SIBLINGS: Mapping[str, frozenset[str]] = {}


@dataclass(frozen=True, slots=True, eq=False)
class _Bars:
    """What a score must exceed, pupil by pupil."""

    named: Matrix
    """One score per pupil."""
    shown: Matrix
    """The score from which a likeness is evidence, one per pupil."""
    listed: Matrix
    """The score from which a pupil is among the likeliest, one per pupil."""
    close: Matrix
    """The score from which a runner-up is shown beside a name, one per pupil."""
    likely: Matrix
    """The score that at most one stranger in twenty reaches, one per pupil."""
    gap: float
    """How far below the likeliest, where nobody is named, a runner-up is still shown."""
    sibling: float
    """The score that at most one stranger in twenty reaches when compared with one pupil alone."""


def match_faces(
    faces: Sequence[FaceWithVector],
    gallery: Gallery,
    *,
    likely: Set[str] = frozenset(),
    absent: Set[str] = frozenset(),
    siblings: Mapping[str, frozenset[str]] = NO_SIBLINGS,
) -> tuple[Face, ...]:
    """Answer for each face of one photo, in the order given.

    ``likely`` are the pupils of the class or year group that the post names: most of the permitted error is spent on
    them, so they need a lower score, and everyone else a higher one. ``absent`` are pupils who were not on roll on that
    day: they are not considered. ``siblings`` of a candidate with a score near theirs are shown beside them. A pupil is
    named at most once in a photo, for the face that is most alike.
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
    place = {pupil_id: number for number, pupil_id in enumerate(gallery.pupil_ids)}
    families = {
        place[one]: [place[other] for other in sorted(others) if other in place]
        for one, others in siblings.items()
        if one in place
    }
    return tuple(
        _answer(face, number, scores[number], bars, owners, gallery.pupil_ids, families)
        if clear[number]
        else _unclear(face)
        for number, face in enumerate(faces)
    )


def _bars(gallery: Gallery, likely: Set[str], present: NDArray[np.bool_]) -> _Bars:
    in_class = np.array([pupil_id in likely for pupil_id in gallery.pupil_ids], dtype=bool) & present
    inside, outside = int(in_class.sum()), int((present & ~in_class).sum())

    def bar(rate: float) -> Matrix:
        if inside == 0 or outside == 0:
            return np.full(len(present), gallery.threshold(rate, inside + outside))
        within = gallery.threshold(rate * CLASS_SHARE, inside)
        return np.where(in_class, within, gallery.threshold(rate * (1 - CLASS_SHARE), outside))

    if gallery.whitening is None:
        shown = listed = np.full(len(present), gallery.shown_above)
    else:
        shown, listed = bar(gallery.shown_rate), bar(gallery.listed_rate)
    named = bar(gallery.false_name_rate)
    if gallery.whitening is not None:  # who resembles a twin or sibling must be more alike than that one is
        named = np.maximum(named, gallery.nearest)
    sibling = gallery.threshold(SIBLING_RATE, 1)
    return _Bars(named, shown, listed, bar(CLOSE_RATE), bar(LIKELY_RATE), gallery.impostor_spread, sibling)


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


def _answer(
    face: FaceWithVector,
    number: int,
    row: Matrix,
    bars: _Bars,
    owners: Owners,
    ids: Sequence[str],
    families: Mapping[int, Sequence[int]],
) -> Face:
    named = np.flatnonzero(owners == number)
    # A pupil named elsewhere in the photo stays in question here only if the likeness alone would have named them.
    in_question = (owners == NOBODY) | (row >= bars.named)
    above = np.where(in_question & (owners != number), row - (bars.close if len(named) else bars.listed), -np.inf)
    lowest = 0.0 if len(named) else min(0.0, above.max(initial=-np.inf) - bars.gap)
    others = np.flatnonzero(above >= lowest) if above.max(initial=-np.inf) >= 0 else np.empty(0, np.int_)
    others = others[np.lexsort((others, -above[others]))]  # pupils are sorted by id, so ties are settled
    shown = [int(pupil) for pupil in (*named, *others)]
    shown = list(_with_siblings(shown, row, bars, in_question, families))[:MOST_CANDIDATES]
    candidates = tuple(Candidate(ids[pupil], round(min(1.0, float(row[pupil])), 4)) for pupil in shown)
    is_evidence = any(row[pupil] >= bars.shown[pupil] for pupil in shown)
    outcome: Outcome = "named" if len(named) else "possible" if is_evidence else "nobody"
    likely = bool(shown) and bool(row[shown[0]] >= bars.likely[shown[0]])
    return _face(face, outcome, candidates, likely)


def _with_siblings(
    shown: Sequence[int],
    row: Matrix,
    bars: _Bars,
    in_question: NDArray[np.bool_],
    families: Mapping[int, Sequence[int]],
) -> Iterable[int]:
    """Put each candidate's siblings right behind them: few are asked, so the bar is that of one comparison alone."""
    ordered: dict[int, None] = {}
    for pupil in shown:
        ordered[pupil] = None
        lowest = max(bars.sibling, float(row[pupil]) - SIBLING_GAP * bars.gap)
        near = [other for other in families.get(pupil, ()) if in_question[other] and row[other] >= lowest]
        ordered |= dict.fromkeys(sorted(near, key=lambda other: (-row[other], other)))
    return ordered


def _unclear(face: FaceWithVector) -> Face:
    return _face(face, "too_small")


def _face(face: FaceWithVector, outcome: Outcome, candidates: tuple[Candidate, ...] = (), likely: bool = False) -> Face:
    """The answer without the vector, which ends here."""
    seen = face.quality
    return Face(face.box, face.confidence, outcome, candidates, likely, seen.detail, seen.turn, seen.cover)


# Photos of one post answered together: a child who is in several of them is one person, known better by all of
# them.

LINK_RATE = 0.001


@dataclass(frozen=True, slots=True)
class PhotoContext:
    """What the posts that use a photo say of whom it may show."""

    likely: frozenset[str] = frozenset()
    """Enrolled pupils of the classes and year groups that they name."""
    absent: frozenset[str] = frozenset()
    """Enrolled pupils who cannot be in it, as they joined the school long afterwards."""


NOTHING_SAID = PhotoContext()


def match_together(
    photos: Sequence[ExaminedPhoto],
    gallery: Gallery,
    contexts: Mapping[str, PhotoContext],
    siblings: Mapping[str, frozenset[str]] = NO_SIBLINGS,
) -> list[tuple[Face, ...]]:
    """Answer for each face of photos that one post shows, photo by photo and face by face in the order given.

    ``contexts`` are by content hash. A picture that moves is answered frame by frame: a child may be in each of them.
    """
    places = [(photo, frame) for photo, one in enumerate(photos) for frame in _frames(one)]
    frames = link([[photos[photo].faces[face] for face in frame] for photo, frame in places], gallery)
    answers: list[dict[int, Face]] = [{} for _ in photos]
    for (photo, frame), faces in zip(places, frames, strict=True):
        context = contexts.get(photos[photo].sha256, NOTHING_SAID)
        matched = match_faces(faces, gallery, likely=context.likely, absent=context.absent, siblings=siblings)
        answers[photo].update(zip(frame, matched, strict=True))
    return [tuple(answers[photo][face] for face in range(len(one.faces))) for photo, one in enumerate(photos)]


def _frames(photo: ExaminedPhoto) -> list[list[int]]:
    """The numbers of the faces in each frame; a face on the border belongs where its middle is."""
    if len(photo.panels) < 2:
        return [list(range(len(photo.faces)))]
    frames: list[list[int]] = [[] for _ in photo.panels]
    for number, face in enumerate(photo.faces):
        frames[_frame_of(face.box, photo.panels)].append(number)
    return frames


def _frame_of(box: Box, panels: Sequence[Box]) -> int:
    middle = box[1] + box[3] / 2
    return max((number for number, panel in enumerate(panels) if panel[1] <= middle), default=0)


def link(photos: Sequence[Sequence[FaceWithVector]], gallery: Gallery) -> list[list[FaceWithVector]]:
    """Return the faces of each photo with the mean vector of the person they show in the photos given."""
    result = [list(faces) for faces in photos]
    of_photo = [number for number, faces in enumerate(photos) for face in faces if is_clear(face.quality)]
    clear = [
        (number, at) for number, faces in enumerate(photos) for at, face in enumerate(faces) if is_clear(face.quality)
    ]
    if gallery.whitening is None or len(set(of_photo)) < 2:
        return result
    vectors = np.stack([photos[number][at].vector for number, at in clear]).astype(np.float64)
    for members in _people(vectors, np.array(of_photo), gallery):
        mean = unit_parts(vectors[members].mean(axis=0), gallery.whitening.parts).astype(np.float32)
        for member in members:
            number, at = clear[member]
            result[number][at] = replace(result[number][at], vector=mean)
    return result


def _people(vectors: Matrix, of_photo: NDArray[np.int_], gallery: Gallery) -> list[list[int]]:
    """Groups of at least two faces that are one person; the pairs that are most alike come first."""
    whitening = gallery.whitening
    assert whitening is not None
    rows = whitening.apply(vectors)
    alike = np.triu(whitening.compare(rows, rows), 1)
    alike[of_photo[:, np.newaxis] == of_photo] = -np.inf
    bar = gallery.threshold(LINK_RATE, len(vectors) - 1)
    group = {face: [face] for face in range(len(vectors))}
    pairs = [(int(first), int(second)) for first, second in zip(*np.nonzero(alike >= bar), strict=True)]
    for first, second in sorted(pairs, key=lambda pair: (-alike[pair], pair)):
        one, other = group[first], group[second]
        if one is other or {of_photo[face] for face in one} & {of_photo[face] for face in other}:
            continue
        means = whitening.apply(
            np.stack([unit_parts(vectors[members].mean(axis=0), whitening.parts) for members in (one, other)])
        )
        # Or a chain of faces, each a little like the next, becomes one person.
        if whitening.compare(means, means)[0, 1] >= bar:
            one += other
            group |= dict.fromkeys(other, one)
    return [members for face, members in group.items() if len(members) > 1 and face == min(members)]


def unit_parts(vector: Matrix, parts: Sequence[VectorPart]) -> Matrix:
    """Return a vector each of whose parts has length one."""
    ends = np.cumsum([size for size, _ in parts])[:-1]
    return np.concatenate([part / max(float(np.linalg.norm(part)), 1e-12) for part in np.split(vector, ends)])
