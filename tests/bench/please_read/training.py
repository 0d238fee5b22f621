"""Ordinary prose to learn from, and the cheap first look at words and style: ridge logistic regression with NumPy.

``background.txt`` is in this folder; the openly licensed prose is in ``.bench-data`` (``sites.toml`` says how).
``tests/bench/meaning`` fits the weights.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from auditbot.check.please_read import model
from auditbot.check.please_read.model import Vector, cues
from auditbot.check.prose import Role, sentences
from tests.bench.please_read.real_prose import HERE, Page, pages, sites

STRENGTH = 1.0
FEWEST = 3
"""Examples that hold a word, for it to have a weight."""
EACH_SITE = 1200
"""Sentences of one openly licensed source, at most."""
EACH_LINE = 26
"""Sentences made of one line of ``background.txt``, at most."""
LETTERS = re.compile(r"(?<!news)letter|to-the-editor|soapbox")
LETTERS_READ = 90
"""Pages on which people speak; of one site, at most."""
PAGES = {"decoy-school/school-site": 420, "lovell/stokeferry.com": 170, "wing5wong/artisan-whs-static": 160}
"""Pages of these sites that limits are set with; of the others 110."""
Floats = npt.NDArray[np.float32]


def prose(text: str) -> list[str]:
    """The sentences of a text that the rules would read in a long one."""
    cut = [" ".join(text[s.start : s.end].split()) for s in sentences(text) if s.role is Role.PROSE]
    return [sentence for sentence in cut if len(sentence.split()) >= 5]


def background() -> list[str]:
    """Ordinary prose: openly licensed, and made of ``background.txt``."""
    chance = random.Random(7)
    texts: list[str] = []
    for site in sites():
        if site.split == "train":
            found = {s for page in pages(site) for s in prose(page.text) if len(s) < 300}
            own = sorted(s for s in found if not re.search(r"[{}<>]|https?:", s))
            chance.shuffle(own)
            texts += own[:EACH_SITE]
    for line in (HERE / "background.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            texts += sorted({_made_of(line, chance) for _ in range(EACH_LINE)})
    return texts


def _made_of(line: str, chance: random.Random) -> str:
    chosen = re.sub(r"\[([^\]]*)\]", lambda m: chance.choice(m.group(1).split("|")), line)
    return re.sub(r"\{n\}", lambda _: str(chance.randint(1, 9)), chosen)


def vocabulary(texts: Sequence[str]) -> tuple[tuple[str, ...], Vector]:
    """The words that have a weight, and how rare each is."""
    seen = Counter(word for text in texts for word in set(model.words(model.plain(text))))
    known = tuple(sorted(word for word, n in seen.items() if n >= FEWEST))
    return known, np.array([np.log((1 + len(texts)) / (1 + seen[word])) + 1 for word in known])


class Surface:
    """Surface features of texts, one a row."""

    def __init__(self, known: tuple[str, ...], rarity: Vector) -> None:
        self._index = {word: place for place, word in enumerate(known)}
        self._rarity = rarity

    def of(self, texts: Sequence[tuple[str, str, str]]) -> Floats:
        """Return the features of texts with kind and role."""
        rows = []
        for text, kind, role in texts:
            plain = model.plain(text)
            rows.append(model.surface(plain, cues().count(plain), kind, role, self._index, self._rarity))
        return np.array(rows, dtype=np.float32)


def fit(rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """Ridge logistic regression of all heads at once by Newton's method; rare and common answers weigh the same."""
    count = len(rows)
    positive = targets.sum(axis=0)
    importance = np.where(targets > 0, count / (2 * positive), count / (2 * (count - positive))).astype(np.float32)
    return by_newton(rows, targets, importance, STRENGTH, steps=6)


def by_newton(rows: Floats, targets: Floats, importance: Floats, strength: float, steps: int) -> tuple[Floats, Floats]:
    """Ridge logistic regression of all heads, each answer weighing ``importance``, in at most so many steps.

    Returns weights (head x feature) and a bias a head.
    """
    squares = rows * rows
    weights, bias = np.zeros((rows.shape[1], targets.shape[1]), np.float32), np.zeros(targets.shape[1], np.float32)
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights + bias, -30, 30)))
        error, curve = importance * (chance - targets), importance * np.maximum(chance * (1 - chance), 1e-6)
        wanted = -(rows.T @ error + strength * weights)
        step, step_bias = newton_step(rows, squares, curve, wanted, -error.sum(axis=0), strength)
        weights, bias = weights + step, bias + step_bias
        if float(np.abs(step).max()) < 3e-3:
            break
    return weights.T, bias


def newton_step(
    rows: Floats, squares: Floats, curve: Floats, target: Floats, target_bias: Floats, strength: float
) -> tuple[Floats, Floats]:
    """Solve for the step by conjugate gradients, the bias not shrunk."""
    scale, scale_bias = 1 / (squares.T @ curve + strength), 1 / (curve.sum(axis=0) + 1e-6)
    step, step_bias = np.zeros_like(target), np.zeros_like(target_bias)
    left, left_bias = target.copy(), target_bias.copy()
    way, way_bias = scale * left, scale_bias * left_bias
    size = first = (left * way).sum(axis=0) + left_bias * way_bias
    for _ in range(22):
        bent = curve * (rows @ way + way_bias)
        turned, turned_bias = rows.T @ bent + strength * way, bent.sum(axis=0)
        far = size / np.maximum((way * turned).sum(axis=0) + way_bias * turned_bias, 1e-12)
        step, step_bias = step + far * way, step_bias + far * way_bias
        left, left_bias = left - far * turned, left_bias - far * turned_bias
        new, new_bias = scale * left, scale_bias * left_bias
        before, size = size, (left * new).sum(axis=0) + left_bias * new_bias
        if np.all(size < 1e-5 * first):
            break
        way, way_bias = new + size / before * way, new_bias + size / before * way_bias
    return step, step_bias


def chosen_pages() -> dict[str, list[Page]]:
    """Pages of the sites thresholds are set with: the school's words, and letters to an editor, where people speak."""
    chosen: dict[str, list[Page]] = {"school": [], "people": []}
    for site in sites():
        if site.split == "calibrate":
            own = [page for page in pages(site) if len(page.text) > 60]
            random.Random(3).shuffle(own)
            chosen["school"] += own[: PAGES.get(site.repository, 110)]
            chosen["people"] += [page for page in own if LETTERS.search(page.path)][:LETTERS_READ]
    return chosen


def set_with() -> frozenset[str]:
    """Paths of the letters that thresholds for people's words are set with."""
    return frozenset(page.path for page in chosen_pages()["people"])
