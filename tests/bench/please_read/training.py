"""Fits the weights of the "please read" rules: ridge logistic regression with NumPy alone, thresholds by a budget.

python -m tests.bench.please_read.training            # fit, tell, and write the shipped weights

Examples and ``background.txt`` are in this folder; the openly licensed prose and the sites that thresholds are set with
are in ``.bench-data`` (``sites.toml`` says how to get them). Five minutes of one processor, and the first time as many
more for the vectors, which are kept.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from auditbot.check.please_read import model
from auditbot.check.please_read.embedding import sentence_model
from auditbot.check.please_read.model import HEADS, MEANING_WEIGHT, SPEAKERS, Heads, Vector, cues
from auditbot.check.please_read.rules import LONG_TEXT
from auditbot.check.please_read.text_kinds import TextKind
from auditbot.check.prose import Role, sentences
from tests.bench.please_read.data import OWN, Example, load
from tests.bench.please_read.real_prose import DATA, HERE, Page, kind_of_page, pages, sites

WEIGHTS = Path(model.__file__).with_name("weights.npz")
VECTORS = DATA / "vectors.npz"
FOLDS = 5
STRENGTH = 1.0
FEWEST = 3
"""Examples that hold a word, for it to have a weight."""
EACH_SITE = 1200
"""Sentences of one openly licensed source, at most."""
EACH_LINE = 26
"""Sentences made of one line of ``background.txt``, at most."""
ORDINARY_KEPT = 1500
"""Meanings of ordinary sentences that are shipped."""
PRECISION = 0.85
"""Wanted of each head on the examples, in cross-validation, before the rules compete for a sentence."""
GRAVEST = ("direct_contact_with_pupil", model.THREAT)
GRAVE_PRECISION = 0.75
"""Of threats and invitations to private contact less is wanted, to miss fewer."""
ENOUGH = 20
"""Examples of a head among a speaker's, to judge by these alone."""
BUDGET = {
    "direct_contact_with_pupil": 0.6,
    "bullying": 0.3,
    "discrimination": 0.5,
    "defamation_or_malicious": 0.3,
    "copyright": 0.4,
    "complaint": 0.3,
    "personal_campaign": 0.8,
    "commercial": 0.5,
    "threat": 0.5,
}
"""Alarms that a head may give in a thousand sentences of long texts of the sites thresholds are set with."""
PEOPLE_BUDGET = 2.0
"""The same in letters to an editor, read as comments, for each head but the gravest."""
MORE = {"complaint": 0.5}
"""More wanted of people's words than the examples ask for: what a child tells at home reads like a grievance."""
LETTERS = re.compile(r"(?<!news)letter|to-the-editor|soapbox")
LETTERS_READ = 90
"""Pages on which people speak; of one site, at most."""
LOW_LOOK = -1.0
PAGES = {"decoy-school/school-site": 420, "lovell/stokeferry.com": 170, "wing5wong/artisan-whs-static": 160}
MISSED = 0.01
"""Share of what a head would tell that the first look may lose."""
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Instance:
    """One text to learn from."""

    text: str
    kind: str
    author_role: str
    heads: frozenset[str]
    fold: int
    """Texts of one example share a fold; -1 is background."""


def instances(examples: Sequence[Example]) -> list[Instance]:
    """Whole texts; where only part of a text is labelled, also that part and the rest, apart."""
    made = []
    for example in examples:
        heads = frozenset(label.rule for label in example.labels)
        fold = int(hashlib.sha256(example.id.encode()).hexdigest(), 16) % FOLDS
        made.append(Instance(example.text, example.kind, example.author_role, heads, fold))
        spans = {(label.start, label.end) for label in example.labels}
        if len(spans) == 1:
            start, end = next(iter(spans))
            rest = (example.text[:start] + example.text[end:]).strip()
            if len(rest) > 15:
                quoted = example.text[start:end]
                made.append(Instance(quoted, example.kind, example.author_role, heads, fold))
                made.append(Instance(rest, example.kind, example.author_role, frozenset(), fold))
    return made


def prose(text: str) -> list[str]:
    """The sentences of a text that the rules would read in a long one."""
    cut = [" ".join(text[s.start : s.end].split()) for s in sentences(text) if s.role is Role.PROSE]
    return [sentence for sentence in cut if len(sentence.split()) >= 5]


def background() -> list[Instance]:
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
    return [Instance(text, chance.choice(["newsletter", "post"]), "school", frozenset(), -1) for text in texts]


def _made_of(line: str, chance: random.Random) -> str:
    chosen = re.sub(r"\[([^\]]*)\]", lambda m: chance.choice(m.group(1).split("|")), line)
    return re.sub(r"\{n\}", lambda _: str(chance.randint(1, 9)), chosen)


class Vectors:
    """Meanings of sentences, kept between runs."""

    def __init__(self) -> None:
        self._kept: dict[str, Floats] = {}
        if VECTORS.is_file():
            with np.load(VECTORS) as data:
                self._kept = dict(zip(data["k"].tolist(), data["v"].astype(np.float32), strict=True))

    def of(self, texts: Sequence[str]) -> Floats:
        """Return the meanings of texts, one a row."""
        keys = [hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        for key, text in new.items():
            self._kept[key] = sentence_model().embed(model.plain(text))
        if new:
            VECTORS.parent.mkdir(exist_ok=True)
            np.savez(VECTORS, k=np.array(list(self._kept)), v=np.stack(list(self._kept.values())).astype(np.float16))
        return np.stack([self._kept[key] for key in keys])


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


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that is learned from, as numbers."""

    made: list[Instance]
    words: tuple[str, ...]
    rarity: Vector
    surface: Floats
    meaning: Floats
    targets: Floats


def material(vectors: Vectors) -> Material:
    """Read and count the examples and the background."""
    own, ordinary = instances(load(OWN)), background()
    known, rarity = vocabulary([one.text for one in own] + [one.text for one in ordinary[::9]])
    made = own + ordinary
    surface = Surface(known, rarity).of([(one.text, one.kind, one.author_role) for one in made])
    meaning = vectors.of([" ".join(one.text.split()) if one.fold < 0 else one.text for one in made])
    targets = np.array([[head in one.heads for head in HEADS] for one in made], dtype=np.float32)
    print(f"{len(own)} texts of examples, {len(ordinary)} ordinary sentences, {len(known)} words")
    return Material(made, known, rarity, surface, meaning, targets)


def heads_of(known: Material, rows: npt.NDArray[np.bool_]) -> Heads:
    """Weights fitted to some of the material; thresholds and gates are still to be set."""
    surface, meaning, targets = known.surface[rows], known.meaning[rows], known.targets[rows]
    first, first_bias = fit(surface, targets)
    full, full_bias = fit(np.hstack([surface, meaning * np.float32(MEANING_WEIGHT)]), targets)
    told = targets.any(axis=1)
    usual = meaning[~told]
    chosen = np.random.default_rng(5).permutation(len(usual))[:ORDINARY_KEPT]
    blank = np.zeros((len(SPEAKERS), len(HEADS)))
    fitted: Any = [np.asarray(one, dtype=np.float64) for one in (first, first_bias, full, full_bias, blank, blank)]
    near: Any = [meaning[told], targets[told].T.astype(np.float64), usual[chosen], model.NEARNESS]
    return Heads(known.words, known.rarity, *fitted, *near)


def cross_validated(known: Material) -> tuple[Vector, Vector]:
    """First looks and scores of every example, from weights that never saw it (nor another part of its text)."""
    folds = np.array([one.fold for one in known.made])
    looks, scores = np.zeros((len(folds), len(HEADS))), np.zeros((len(folds), len(HEADS)))
    for fold in range(FOLDS):
        heads, mine = heads_of(known, folds != fold), folds == fold
        surface = known.surface[mine].astype(np.float64)
        looks[mine], scores[mine] = heads.look(surface), heads.scores(surface, known.meaning[mine].astype(np.float64))
        print(f"fold {fold}", flush=True)
    return looks, scores


def precise(scores: Vector, right: npt.NDArray[np.bool_], wanted: float) -> float:
    """The lowest threshold at which so many are right as wanted."""
    order = np.argsort(-scores)
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((share >= wanted) & right[order])
    return float(scores[order[good[-1]]]) if len(good) else float(scores.max())


def _chosen_pages() -> dict[str, list[Page]]:
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
    return frozenset(page.path for page in _chosen_pages()["people"])


def prose_scores(heads: Heads, vectors: Vectors, speaker: str) -> tuple[Vector, int]:
    """Scores of the sentences in long texts of the sites thresholds are set with, that pass a low first look."""
    surface = Surface(heads.words, heads.rarity)
    kind, role = ("", "school") if speaker == "school" else ("comment", "unknown")
    found, count = [np.full((1, len(HEADS)), -99.0)], 0
    for page in _chosen_pages()[speaker]:
        cut = prose(page.text)
        if len(cut) < LONG_TEXT or (speaker == "school" and kind_of_page(page) is not TextKind.SPEAKING):
            continue
        count += len(cut)
        features = surface.of([(sentence, kind or page.kind, role) for sentence in cut]).astype(np.float64)
        looks = heads.look(features)
        level = model.LEVEL_WEIGHT * (looks.mean(axis=0) - model.LEVEL)
        passed = np.flatnonzero((looks >= LOW_LOOK).any(axis=1))
        if len(passed):
            meanings = vectors.of([cut[place] for place in passed]).astype(np.float64)
            found.append(heads.scores(features[passed], meanings) - level)
    print(f"{count} sentences of {speaker}", flush=True)
    return np.vstack(found), count


def _of_budget(told: tuple[Vector, int], place: int, budget: float) -> float:
    """The score above which so many in a thousand sentences are."""
    highest = np.sort(told[0][:, place])[::-1]
    return float(highest[min(round(budget * told[1] / 1000), len(highest) - 1)])


def thresholds(
    known: Material, looks: Vector, scores: Vector, usual: Sequence[tuple[Vector, int]]
) -> tuple[Vector, Vector]:
    """Thresholds and gates, speakers × heads: precision on the examples, and a budget on the speaker's prose."""
    own, roles = (np.array([getattr(one, name) for one in known.made]) for name in ("fold", "author_role"))
    chosen, gates = np.zeros((len(SPEAKERS), len(HEADS))), np.zeros((len(SPEAKERS), len(HEADS)))
    for speaker, place in np.ndindex(chosen.shape):
        head = HEADS[place]
        told = known.targets[:, place] > 0
        # A threat is told as bullying: either is right.
        right = told | (known.targets[:, HEADS.index("bullying")] > 0) if head == model.THREAT else told
        among = (own >= 0) & ((roles != "school") == bool(speaker))
        judged = among if (among & told).sum() >= ENOUGH else own >= 0
        threshold = precise(scores[judged, place], right[judged], GRAVE_PRECISION if head in GRAVEST else PRECISION)
        budget = BUDGET[head] if SPEAKERS[speaker] == "school" else PEOPLE_BUDGET
        if SPEAKERS[speaker] == "school" or head not in GRAVEST:
            threshold = max(threshold, _of_budget(usual[speaker], place, budget))
        if SPEAKERS[speaker] == "people":
            threshold += MORE.get(head, 0.0)
        loud = told & (own >= 0) & (scores[:, place] >= threshold)
        chosen[speaker, place], gates[speaker, place] = threshold, np.quantile(looks[loud, place], MISSED)
        mine = told & among
        share = 100 * float((scores[mine, place] >= threshold).mean()) if mine.any() else 0.0
        print(
            f"{head:<27}{SPEAKERS[speaker]:<7} threshold {threshold:5.2f} gate {gates[speaker, place]:5.2f} "
            f"found {share:3.0f} % of {int(mine.sum())}"
        )
    return chosen, gates


def _seen(known: Material) -> tuple[Vector, Vector]:
    """Cross-validated looks and scores, kept between runs as long as the material is the same."""
    digest = hashlib.sha256("\n".join(f"{one.fold} {one.text}" for one in known.made).encode()).hexdigest()[:16]
    kept = DATA / f"cross_validated_{digest}.npz"
    if not kept.is_file():
        looks, scores = cross_validated(known)
        np.savez(kept, looks=looks, scores=scores)
    with np.load(kept) as data:
        return data["looks"], data["scores"]


def main() -> None:
    """Fit, set the thresholds, and write the weights."""
    vectors = Vectors()
    known = material(vectors)
    looks, scores = _seen(known)
    heads = heads_of(known, np.ones(len(known.made), dtype=bool))
    usual = [prose_scores(heads, vectors, speaker) for speaker in SPEAKERS]
    limits, gates = thresholds(known, looks, scores, usual)
    heads = replace(heads, thresholds=limits, gates=gates)
    heads.save(WEIGHTS)
    digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    WEIGHTS.with_name("SHA256SUMS").write_text(f"{digest}  {WEIGHTS.name}\n", encoding="ascii")
    print(f"wrote {WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
