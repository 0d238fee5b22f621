"""Table 1b: for how many faces the third embedder could be left out, as nothing that it says changes the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from auditbot.examine.faces.faces import Vectors
from auditbot.examine.faces.gallery import MOST_FROM_SECOND_OPINION, Gallery
from auditbot.examine.faces.matching import CLOSE_RATE
from tests.bench.faces.lfw import Population
from tests.bench.faces.tables import Draw, gallery_of, look_alikes, school

LEAST_SEEN = 0.01


def print_third_look(population: Population, draws: int) -> None:
    """Print the share of faces that the first two embedders settle, of pupils and of strangers."""
    print("\n1b. Share of faces settled by the first two embedders: named for sure, or nobody for sure")
    print(f"{'':<28}{'pupils':>9}{'nobody':>9}{'strang.':>9}{'nobody':>9}")
    ways: dict[str, Callable[[int], Draw]] = {
        "adults, 300, 1 photo": lambda seed: school(population, seed),
        "adults, 300, 3 photos": lambda seed: school(population, seed, photos=3),
        "look-alikes, 150, 1 photo": lambda seed: look_alikes(population, seed),
    }
    for title, draw_of in ways.items():
        rows = []
        for seed in range(draws):
            draw = draw_of(seed)
            gallery = gallery_of(draw.enrolled)
            rows.append([*_settled(gallery, draw.probes), *_settled(gallery, draw.strangers)])
        print(f"{title:<28}" + "".join(f"{value:>9.3f}" for value in np.mean(rows, axis=0)))
    print("The product looks three times at every face: a stranger's answer is hardly ever settled by two looks.")


def _settled(gallery: Gallery, vectors: Vectors) -> tuple[float, float]:
    """Share named, with no runner-up near whatever the third says, and share that nobody can be shown for.

    The most that a third can add is its cap; the least is what all but one pair of people in a hundred exceed.
    """
    assert gallery.whitening is not None
    size, share = gallery.whitening.parts[-1]
    rows = gallery.whitening.apply(vectors)
    third = np.minimum(share * (rows[:, -size:] @ gallery.rows[:, -size:].T), share * MOST_FROM_SECOND_OPINION)
    two: NDArray[np.float64] = gallery.scores(vectors) - third
    number, best = np.arange(len(two)), two.argmax(axis=1)
    others = two.copy()
    others[number, best] = -np.inf
    most = share * MOST_FROM_SECOND_OPINION
    bar = np.maximum(gallery.named_above, gallery.nearest)[best]
    named = two[number, best] + float(np.quantile(third, LEAST_SEEN)) >= bar
    alone = others.max(axis=1) + most < gallery.threshold(CLOSE_RATE)
    return float((named & alone).mean()), float((two.max(axis=1) + most < gallery.possible_above).mean())
