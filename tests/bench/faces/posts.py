"""Table 3b: two photos of one post, the same five pupils and a stranger in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from auditbot.examine.faces.faces import FaceWithVector, Vectors
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.matching import link, match_faces
from auditbot.model import Face
from tests.bench.faces.lfw import Person, Population
from tests.bench.faces.tables import CLEAR, gallery_of

Photos = list[list[FaceWithVector]]
Way = Callable[[Photos, Gallery], list[tuple[Face, ...]]]
IN_POST = 5
SHOWN_TWICE = 200
ENROLLED = 300
LOOK_ALIKES = 150


def _alone(photos: Photos, gallery: Gallery) -> list[tuple[Face, ...]]:
    return [match_faces(faces, gallery) for faces in photos]


def _linked(photos: Photos, gallery: Gallery) -> list[tuple[Face, ...]]:
    return _alone(link(photos, gallery), gallery)


def _with_prior(photos: Photos, gallery: Gallery) -> list[tuple[Face, ...]]:
    """What the product does not do: whoever is named in the other photo counts as likely in this one."""
    linked = link(photos, gallery)
    first, second = (frozenset(_name(face) for face in faces) - {""} for faces in _alone(linked, gallery))
    return [match_faces(linked[0], gallery, likely=second), match_faces(linked[1], gallery, likely=first)]


WAYS: dict[str, Way] = {
    "each photo by itself": _alone,
    "linked (the product)": _linked,
    "linked, named elsewhere": _with_prior,
}


def print_posts(population: Population, draws: int) -> None:
    """Print how often pupils are found and strangers named, photo by photo and with the photos of a post linked."""
    print("\n3b. Two photos of one post: share of pupils found, of pupils misnamed, of strangers named")
    twice = [person for person in population.people if len(person.probes) > 1]
    once = [person for person in population.people if len(person.probes) == 1]
    for title, alike in (("adults, 300", False), ("look-alikes, 150", True)):
        counts = {way: np.zeros(5) for way in WAYS}
        for seed in range(draws):
            rng = np.random.default_rng(seed)
            if alike:
                pupils, strangers = _look_alikes(twice, rng)
                gallery = gallery_of(
                    [person.enrolled[:1] for person in pupils], [person.plain[:1] for person in pupils]
                )
            else:
                shuffled = [twice[n] for n in rng.permutation(len(twice))]
                pupils, strangers = shuffled[:SHOWN_TWICE], shuffled[SHOWN_TWICE:]
                more = [once[n] for n in rng.permutation(len(once))[: ENROLLED - SHOWN_TWICE]]
                gallery = gallery_of(
                    [person.enrolled[:1] for person in (*pupils, *more)],
                    [person.plain[:1] for person in (*pupils, *more)],
                )
            for start in range(0, len(pupils), IN_POST):
                stranger = strangers[int(rng.integers(len(strangers)))]
                photos = _post([*pupils[start : start + IN_POST], stranger])
                owners = [*(f"P{start + n:04}" for n in range(IN_POST)), ""]
                for way, answer in WAYS.items():
                    for faces in answer(photos, gallery):
                        counts[way] += _count(faces, owners)
        for way, (shown, right, wrong, unknown, named) in counts.items():
            print(f"{title:<18}{way:<26}{right / shown:>9.3f}{wrong / shown:>9.4f}{named / unknown:>9.4f}")


def _look_alikes(people: Sequence[Person], rng: np.random.Generator) -> tuple[list[Person], list[Person]]:
    """Those who resemble most others, and their nearest neighbours as strangers."""
    rows = np.stack([person.enrolled[0] for person in people])
    alike = rows @ rows.T
    crowded = np.argsort(-np.sort(alike, axis=1)[:, -21:-1].mean(axis=1))
    chosen = [int(n) for n in rng.permutation(crowded[:LOOK_ALIKES])]
    rest = [n for n in range(len(people)) if n not in set(chosen)]
    near = sorted(rest, key=lambda n: -float(alike[n, chosen].mean()))[: 2 * LOOK_ALIKES // 3]
    return [people[n] for n in chosen], [people[n] for n in near]


def _post(people: Sequence[Person]) -> Photos:
    return [[_face(person.probes[photo], 100 * n) for n, person in enumerate(people)] for photo in (0, 1)]


def _face(row: Vectors, x: int) -> FaceWithVector:
    return FaceWithVector((x, 0, 80, 80), 0.9, CLEAR, row)


def _count(faces: Sequence[Face], owners: Sequence[str]) -> list[int]:
    pairs = [(_name(face), owner) for face, owner in zip(faces, owners, strict=True)]
    of_pupils = [pair for pair in pairs if pair[1]]
    return [
        len(of_pupils),
        sum(name == owner for name, owner in of_pupils),
        sum(name not in ("", owner) for name, owner in of_pupils),
        len(pairs) - len(of_pupils),
        sum(bool(name) for name, owner in pairs if not owner),
    ]


def _name(face: Face) -> str:
    return face.candidates[0].pupil_id if face.outcome == "named" else ""
