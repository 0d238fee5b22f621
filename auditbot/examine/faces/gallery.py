"""The enrolled pupils as one space in which a face is compared, with thresholds that the gallery sets for itself.

Faces of young children lie close together, so a threshold measured on other people says nothing here. Two steps mend
that, both from the gallery alone: *whitening* (subtract the gallery's mean, shrink its covariance, scale to length one)
after which the scores of two different people follow a bell curve around zero; and *leave-one-pupil-out*, which
measures the width of that curve by scoring each photo of a pupil as a stranger to all the others. The score that the
best of N strangers' comparisons exceeds once in a hundred faces then follows from the bell curve and N: with a margin
while few pupils make the curve's width uncertain, or from the curve's own upper tail where that is heavier.

Where an engine gives several parts, each is whitened by itself and their scores are added, each by its share.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditbot.errors import GalleryMixed
from auditbot.examine.faces.faces import VectorPart
from auditbot.examine.faces.templates import Template

Matrix = NDArray[np.float64]

ALGORITHM = "6"
SHRINKAGE = 0.9
FEWEST_TO_NAME = 12
FOLDS = 30
MARGIN = 1.01
SMALL_GALLERY_MARGIN = 2.0
TAIL_SHARES = (0.1, 0.05, 0.01, 0.005, 0.001)
FEWEST_IN_TAIL = 30
# Names are shown where they are evidence: to three strangers in ten. The right child is then among them for nearly as
# many faces as at 75 %, where seven strangers in ten were given names (bench faces, 2026-11-29).
SHOWN_RATE = 0.3
# The likeliest are kept for a person who asks for them, of faces that the program does not know too.
LISTED_RATE = 0.75
UNWHITENED_SHOWN = 0.35


@dataclass(frozen=True, slots=True)
class ConfusablePair:
    """Two pupils whose enrolment photos resemble each other as a stranger's rarely would."""

    pupil_ids: tuple[str, str]
    """The two ids, sorted."""
    score: float
    """Similarity, comparable with the scores of matches."""


@dataclass(frozen=True, slots=True, eq=False)
class Whitening:
    """A change of space fitted on the gallery, for each part of a vector by itself."""

    parts: tuple[VectorPart, ...]
    """The parts of a vector."""
    means: tuple[Matrix, ...]
    """The gallery's mean, part by part."""
    matrices: tuple[Matrix, ...]
    """The square matrix that evens out the gallery's spread, part by part."""

    def apply(self, rows: NDArray[np.floating]) -> NDArray[np.float32]:
        """Rows in the whitened space, each part of length one; in single precision, which is twice as quick."""
        whitened = [
            _unit((piece - mean.astype(np.float32)) @ matrix.astype(np.float32))
            for piece, mean, matrix in zip(
                _split(rows.astype(np.float32, copy=False), self.parts), self.means, self.matrices, strict=True
            )
        ]
        return np.hstack(whitened)

    def compare(self, rows: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much each of ``rows`` resembles each of ``others``, both whitened; about 0 for strangers."""
        total = np.zeros((len(rows), len(others)), np.float32)
        pieces = zip(self.parts, _split(rows, self.parts), _split(others, self.parts), strict=True)
        for (_, share), left, right in pieces:
            total += left @ (np.float32(share) * right).T
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """All pupils with a template, ready to be compared with."""

    pupil_ids: tuple[str, ...]
    """The enrolled pupils, sorted."""
    rows: NDArray[Any]
    """One whitened row per pupil, each part of length one."""
    whitening: Whitening | None
    """The change of space, or None while too few pupils are enrolled to fit one."""
    nearest: Matrix
    """For each pupil the score of the other pupil most alike, left out in turn; empty without whitening."""
    impostor_mean: float
    """Mean score of two different pupils, left out in turn."""
    impostor_spread: float
    """Standard deviation of those scores; 0 without whitening."""
    impostor_tail: float
    """The standard deviation of the bell curve whose upper tail would be as heavy as theirs; 0 without whitening."""
    false_name_rate: float
    """Share of strangers' faces that may be given a name."""
    pairs: tuple[ConfusablePair, ...]
    """Pupils who resemble each other, most alike first."""
    engine: str
    """Name and version of the engine that made the templates; empty if there are none."""
    version: str
    """Changes whenever a face might be answered differently."""

    @classmethod
    def from_templates(cls, templates: Iterable[Template], *, false_name_rate: float = 0.01) -> Gallery:
        """Build the gallery; each pupil stands as the mean of all their templates.

        Raises GalleryMixed if the templates come from different engines.
        """
        ordered = sorted(templates, key=lambda t: (t.pupil_id, t.photo_sha256, t.kind, t.vector.tobytes()))
        engines = sorted({template.engine for template in ordered})
        if len(engines) > 1:
            raise GalleryMixed(engines)
        ids = tuple(sorted({template.pupil_id for template in ordered}))
        version = _version(ordered, false_name_rate)
        engine = engines[0] if engines else ""
        parts = ordered[0].parts or ((len(ordered[0].vector), 1.0),) if ordered else ()
        vectors = _mean_vectors(ordered, ids, parts)
        if len(ids) < FEWEST_TO_NAME:
            return cls(
                ids,
                vectors[:, : parts[0][0]] if parts else vectors,
                None,
                np.zeros(0),
                0.0,
                0.0,
                0.0,
                false_name_rate,
                (),
                engine,
                version,
            )
        whitening = fit_whitening(vectors, parts)
        # As a stranger comes: one plain view, which lies closer to everybody than the steady mean of several does.
        photos = np.stack([template.vector if template.plain is None else template.plain for template in ordered])
        owners = np.searchsorted(ids, [template.pupil_id for template in ordered])
        scores = leave_one_out(vectors, parts, photos, owners)
        mean, spread, tail = _bell(scores)
        by_pupil = np.stack([scores[owners == number].mean(axis=0) for number in range(len(ids))])
        alike = np.fmax(by_pupil, by_pupil.T)
        pairs = _pairs(ids, alike, _threshold(mean, spread, tail, len(ids), len(ids), false_name_rate))
        rows, nearest = whitening.apply(vectors), np.nanmax(alike, axis=1)
        return cls(ids, rows, whitening, nearest, mean, spread, tail, false_name_rate, pairs, engine, version)

    def scores(self, vectors: NDArray[np.floating]) -> Matrix:
        """How much each face (row) resembles each pupil (column); about 0 for a stranger."""
        if not self.pupil_ids:
            return np.zeros((len(vectors), 0))
        if self.whitening is None:  # only the first part is compared
            return np.asarray(vectors[:, : self.rows.shape[1]] @ self.rows.T, np.float64)
        return np.asarray(self.whitening.compare(self.whitening.apply(vectors), self.rows), np.float64)

    def threshold(self, rate: float, among: int | None = None) -> float:
        """The score that the best of ``among`` pupils (default: all) reaches for this share of strangers' faces.

        Infinite without whitening: so few pupils cannot tell how alike strangers are.
        """
        among = len(self.pupil_ids) if among is None else among
        if self.whitening is None or among == 0:
            return float("inf")
        return _threshold(
            self.impostor_mean, self.impostor_spread, self.impostor_tail, len(self.pupil_ids), among, rate
        )

    @property
    def shown_rate(self) -> float:
        """Share of strangers' faces beside which names of pupils are shown."""
        return max(SHOWN_RATE, self.false_name_rate)

    @property
    def listed_rate(self) -> float:
        """Share of strangers' faces of which the likeliest pupils are kept, for a person who asks."""
        return max(LISTED_RATE, self.false_name_rate)

    @property
    def shown_above(self) -> float:
        """The score from which a pupil's likeness is evidence, and a name is shown to a person."""
        return UNWHITENED_SHOWN if self.whitening is None else self.threshold(self.shown_rate)

    @property
    def named_above(self) -> float:
        """The score from which a face is given a pupil's name; infinite while too few are enrolled."""
        return self.threshold(self.false_name_rate)


def fit_whitening(vectors: Matrix, parts: tuple[VectorPart, ...]) -> Whitening:
    """Fit mean and shrunk covariance on one row per pupil."""
    pieces = _split(vectors, parts)
    return Whitening(parts, tuple(piece.mean(axis=0) for piece in pieces), tuple(_evening(piece) for piece in pieces))


def _evening(rows: Matrix) -> Matrix:
    """A square root of the inverse of the shrunk covariance."""
    centred = rows - rows.mean(axis=0)
    covariance = centred.T @ centred / len(rows)
    size = len(covariance)
    average = max(float(np.trace(covariance)) / size, 1e-12)
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * average * np.eye(size)
    matrix: Matrix = np.linalg.inv(np.linalg.cholesky(shrunk)).T
    return matrix


def leave_one_out(
    vectors: Matrix, parts: tuple[VectorPart, ...], photos: NDArray[np.floating], owners: NDArray[np.int_]
) -> Matrix:
    """Scores of each enrolled photo (row) against all other pupils (column), as a stranger's the gallery has not seen.

    ``vectors`` has one row per pupil, ``owners`` says whose each photo is. Photos, not the means of a pupil's photos,
    as a stranger comes as one photo, which lies closer to everybody than a mean does. What was not compared is not a
    number. Large galleries leave out a few pupils at a time.
    """
    count = len(vectors)
    scores = np.full((len(photos), count), np.nan)
    for fold in range(min(count, FOLDS)):
        kept = np.flatnonzero(np.arange(count) % FOLDS != fold)
        out = np.flatnonzero(owners % FOLDS == fold)
        whitening = fit_whitening(vectors[kept], parts)
        scores[np.ix_(out, kept)] = whitening.compare(whitening.apply(photos[out]), whitening.apply(vectors[kept]))
    return scores


def _threshold(mean: float, spread: float, tail: float, enrolled: int, among: int, rate: float) -> float:
    margin = MARGIN + SMALL_GALLERY_MARGIN / enrolled  # the fewer pupils, the less certain is the spread
    return mean + max(margin * spread, tail) * NormalDist().inv_cdf((1 - rate) ** (1 / among))


def _bell(scores: Matrix) -> tuple[float, float, float]:
    """Mean and spread of the bell curve that strangers' scores follow, and the spread that their upper tail has."""
    values = scores[np.isfinite(scores)]
    mean, spread = float(values.mean()), float(values.std())
    enough = [share for share in TAIL_SHARES if share * len(values) >= FEWEST_IN_TAIL]
    tails = [(float(np.quantile(values, 1 - share)) - mean) / NormalDist().inv_cdf(1 - share) for share in enough]
    return mean, spread, max([0.0, *tails])


def _mean_vectors(templates: Sequence[Template], ids: Sequence[str], parts: tuple[VectorPart, ...]) -> Matrix:
    if not ids:
        return np.zeros((0, 0))
    place = {pupil_id: index for index, pupil_id in enumerate(ids)}
    sums = np.zeros((len(ids), len(templates[0].vector)))
    for template in templates:
        sums[place[template.pupil_id]] += template.vector
    return np.hstack([_unit(piece) for piece in _split(sums, parts)])


def _split(rows: NDArray[np.floating], parts: tuple[VectorPart, ...]) -> list[NDArray[Any]]:
    ends = np.cumsum([size for size, _ in parts])
    return np.split(np.asarray(rows), ends[:-1], axis=1)


def _pairs(ids: Sequence[str], alike: Matrix, threshold: float) -> tuple[ConfusablePair, ...]:
    found = [
        ConfusablePair((ids[first], ids[second]), float(alike[first, second]))
        for first, second in zip(*np.nonzero(np.triu(np.nan_to_num(alike, nan=-1.0) >= threshold, 1)), strict=True)
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.score, pair.pupil_ids)))


def _version(templates: Sequence[Template], false_name_rate: float) -> str:
    digest = hashlib.sha256(f"{ALGORITHM} {SHRINKAGE} {SHOWN_RATE} {LISTED_RATE} {false_name_rate!r}".encode())
    for template in templates:
        digest.update(f"\n{template.pupil_id} {template.photo_sha256} {template.kind} {template.engine} ".encode())
        digest.update(template.vector.astype("<f4").tobytes())
    return digest.hexdigest()[:16]


def _unit(rows: NDArray[Any]) -> NDArray[Any]:
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    scaled: NDArray[Any] = rows / np.maximum(lengths, 1e-12)[:, np.newaxis]
    return scaled
