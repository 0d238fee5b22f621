"""Photos of one post answered together: a child who is in several of them is one person, known better by all of them.

Faces of different photos (or frames of a picture that moves) that resemble each other as two strangers hardly ever do
are linked, and each is compared with the gallery by the mean of all. The bar follows from the gallery, like those for
names, and rises with the number of faces in question. Two faces in one photo are never linked. Pure; vectors live in
memory only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditbot.examine.faces import FaceWithVector, VectorPart, is_clear
from auditbot.examine.gallery import Gallery, Matrix
from auditbot.examine.matching import NO_SIBLINGS, match_faces
from auditbot.examine.photo import ExaminedPhoto
from auditbot.model import Box, Face

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
