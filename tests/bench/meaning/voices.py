"""How well authors are read whom the model did not learn from, and the limits that follow.

python -m tests.bench.meaning.voices SCORES...            # tell the figures
python -m tests.bench.meaning.voices SCORES... --write    # and set limits.toml and the first look

SCORES are what ``tools/teach_minilm.py --without ... --scores ...`` wrote of the authors left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from auditbot.check.meaning import reader
from auditbot.check.meaning.passages import passages_of, spans_of
from auditbot.check.meaning.reader import HEADS, TAGS
from auditbot.check.please_read import model
from auditbot.check.please_read.model import SPEAKERS, FirstLook
from tests.bench.meaning.lessons import Lesson
from tests.bench.meaning.places import AsTold, counted_places, read_as
from tests.bench.meaning.prepare import IGNORED, all_lessons, rows_of
from tests.bench.please_read.training import Floats, Surface, by_newton, fit, vocabulary

Marks = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
OF_STAFF = ("conduct", "personal_use")
PRECISION = 0.77
"""Wanted of each head over the authors left out."""
MOST_CLEAN = {"school": 0.03, "others": 0.09}
"""Share of texts in which nothing is marked, most of them written as near misses, that may be told of."""
LEAST_KEPT = 0.5
"""Recall of a head that is kept for all that."""
LEAST_LIMIT = 0.3
"""No limit is lower: something is told only if it is likelier than not."""
LEAST = {"personal_use": 0.8}
"""Nor these: nearly 9 in 10 texts told as private news in ``staff_unseen.jsonl`` are rightly (2026-11-30)."""
MOST = {"direct_contact_with_pupil": 1.2, "threat": 1.2, "conduct": 0.2}
COMPLAINT_OF_STAFF = 0.5
"""No limit of these is higher: of sixty grave cases none that was known is lost, and 8 in 10 texts of conduct
in ``staff_unseen.jsonl`` are found, 9 in 10 of what is told rightly (2026-11-30). Where the school or its staff speak,
authors gave a single complaint, and no text was told as one at the last."""
GRAVEST = ("direct_contact_with_pupil", "threat")
GRAVE_PRECISION = 0.75
OF_TAGS = {"special": 0.78, "child": 0.75}
"""Precision wanted of the places that each of these tags tells."""
OF_PLACES = {"birth": 0.94, "home": 0.92}
"""Precision wanted of what the whole check tells: patterns and vetoes with the model."""
LEAST_OF_PLACES = {"birth": 1.9, "home": 1.6}
"""No limit is lower: below them two more schools gave three false births, and nothing that was missed (2026-11-30)."""
LEAST_RECALL = 0.6
"""Under which less precision is asked for, in two steps of .05."""
WIDER = {"school": 1.1, "others": 0.5}
"""How far under that the gates are opened: short fragments in ``staff_unseen.jsonl`` are like no author's texts."""
ENOUGH = 25
"""Texts of a head among a speaker's, to judge by these alone."""
MISSED = 0.02
"""Share of what a head would rightly tell that the first look may lose."""
FOLDER = Path(reader.__file__).parent
LOOK = Path(model.__file__).with_name("weights.npz")


@dataclass(slots=True)
class Told:
    """One text with what is right and what the model said that did not learn from its author."""

    lesson: Lesson
    right: Numbers
    """Sentences × heads: 1, 0, or -1 where nobody knows."""
    said: Numbers
    """Sentences × heads."""
    tags: list[tuple[Numbers, Numbers]] = field(default_factory=list)
    """Passages: tags × pieces, right and said."""

    def whole(self, head: int) -> tuple[int, float]:
        """Return for the whole text whether a head is right, and its highest score."""
        own = self.right[:, head]
        if HEADS[head] == "bullying" and (own < 1).all() and (self.right[:, HEADS.index("threat")] == 1).any():
            return IGNORED, 0.0  # a threat is told as bullying: either is right
        right = 1 if (own == 1).any() else 0 if (own == 0).any() else IGNORED
        return right, float(self.said[:, head].max())


def load(paths: Sequence[Path]) -> list[Told]:
    """Read the scores and put them beside the lessons."""
    lessons = all_lessons()
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            found[row["text"]].append(row)
    told = []
    for number, said in sorted(found.items()):
        rows: list[dict[str, Any]] = list(rows_of(lessons[number], number, made=False))
        assert [len(row["sentences"]) for row in rows] == [len(one["rules"]) for one in said]
        right = np.vstack([np.array(row["rules"]) for row in rows])
        one = Told(lessons[number], right, np.vstack([np.array(row["rules"]) for row in said]))
        one.tags = [(np.array(a["tags"]), np.array(b["tags"])) for a, b in zip(rows, said, strict=True)]
        told.append(one)
    return told


def of_head(told: Sequence[Told], head: int, own: bool) -> tuple[Marks, Numbers]:
    """Return for a head and speaker which texts are right, and their scores."""
    pairs = [one.whole(head) for one in told if one.lesson.own is own]
    known = [(right > 0, said) for right, said in pairs if right != IGNORED]
    return np.array([right for right, _ in known], bool), np.array([said for _, said in known])


def limit_of(right: Marks, said: Numbers, precision: float) -> float:
    """Return the limit with the best F1 at which so many are right, halfway to the next lower score."""
    order = np.argsort(-said, kind="stable")
    hits = np.cumsum(right[order])
    share, recall = hits / np.arange(1, len(order) + 1), hits / max(1, right.sum())
    f1 = 2 * share * recall / np.maximum(share + recall, 1e-9)
    best = int(np.argmax(f1))
    for asked in (precision, precision - 0.05, precision - 0.1):
        able = np.where(share >= asked, f1, -1)
        best = int(np.argmax(able))
        if recall[best] >= LEAST_RECALL:
            break
    scores = said[order]
    return float(scores[best] + scores[min(best + 1, len(scores) - 1)]) / 2


def limits(told: Sequence[Told]) -> dict[str, dict[str, float]]:
    """Return the limit of each head where the school or others speak."""
    chosen: dict[str, dict[str, float]] = {}
    for speaker in SPEAKERS:
        chosen[speaker] = {}
        for head, name in enumerate(HEADS):
            right, said = of_head(told, head, speaker == "school")
            if right.sum() < ENOUGH:
                both = [of_head(told, head, own) for own in (True, False)]
                right, said = np.concatenate([one[0] for one in both]), np.concatenate([one[1] for one in both])
            limit = limit_of(right, said, GRAVE_PRECISION if name in GRAVEST else PRECISION)
            chosen[speaker][name] = round(min(max(limit, LEAST.get(name, LEAST_LIMIT)), MOST.get(name, np.inf)), 2)
    chosen["school"]["complaint"] = COMPLAINT_OF_STAFF
    return chosen


def quieter(told: Sequence[Told], chosen: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return the limits, raised where it costs least until few clean texts are told of."""
    quiet: dict[str, dict[str, float]] = {}
    for speaker, most in MOST_CLEAN.items():
        own = speaker == "school"
        heads = [place for place, name in enumerate(HEADS) if own or name not in OF_STAFF]
        bars = np.array([chosen[speaker][HEADS[head]] for head in heads])
        clean = np.array(
            [one.said[:, heads].max(axis=0) for one in told if one.lesson.own is own and not (one.right == 1).any()]
        )
        meant = [of_head(told, head, own) for head in heads]
        while (clean > bars).any(axis=1).mean() > most:
            loud = clean > bars
            alone = loud & (loud.sum(axis=1, keepdims=True) == 1)
            costs = np.full(len(bars), np.inf)
            raised = bars.copy()
            for place, (right, said) in enumerate(meant):
                if alone[:, place].any():
                    raised[place] = clean[alone[:, place], place].min() + 0.01
                    lost = (right & (said > bars[place]) & (said <= raised[place])).sum() / max(int(right.sum()), 1)
                    kept = (right & (said > raised[place])).sum() / max(int(right.sum()), 1)
                    if kept < LEAST_KEPT or HEADS[heads[place]] in MOST:
                        continue
                    costs[place] = lost / (alone[:, place] & (clean[:, place] < raised[place])).sum()
            cheapest = int(np.argmin(costs))
            if not np.isfinite(costs[cheapest]):
                break
            bars[cheapest] = raised[cheapest]
        quiet[speaker] = {HEADS[head]: round(float(bar), 2) for head, bar in zip(heads, bars, strict=True)}
        quiet[speaker] = chosen[speaker] | quiet[speaker]
    return quiet


def runs(marks: Marks) -> Iterator[tuple[int, int]]:
    """Yield where marks stand side by side."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marks.astype(int), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def counted_tags(told: Sequence[Told], tag: int, limit: float) -> tuple[int, int, int, int]:
    """Return places found, meant, right and told of a tag over a limit."""
    found = meant = right = said = 0
    for one in told:
        for wanted, scores in one.tags:
            if not wanted.size or (wanted[tag] == IGNORED).all():
                continue
            loud = scores[tag] > limit
            for first, last in runs(wanted[tag] == 1):
                meant += 1
                found += bool(loud[first:last].any())
            for first, last in runs(loud):
                if not (wanted[tag][first:last] == IGNORED).any():
                    said += 1
                    right += bool((wanted[tag][first:last] == 1).any())
    return found, meant, right, said


def limits_of_tags(told: Sequence[Told]) -> dict[str, float]:
    """Return the lowest limit of each tag at which enough places are right."""
    chosen: dict[str, float] = {}
    for number, name in enumerate(TAGS):
        if name in OF_PLACES:
            chosen[name] = limit_of_places(told, name)
            continue
        for limit in np.arange(-3, 4, 0.1):
            _, _, right, said = counted_tags(told, number, float(limit))
            if right / max(said, 1) >= OF_TAGS[name]:
                break
        chosen[name] = round(float(limit), 2)
    return chosen


def limit_of_places(told: Sequence[Told], tag: str) -> float:
    """Return the lowest limit at which the check of personal data is right often enough about a tag's places."""
    asked = [AsTold(one.lesson, tuple(scores for _, scores in one.tags)) for one in told]
    with read_as(asked):
        for limit in np.arange(LEAST_OF_PLACES[tag], 3, 0.1):
            reader.limits().tags[tag] = float(limit)
            _, _, right, said = counted_places(asked, tag)
            if right / max(said, 1) >= OF_PLACES[tag]:
                break
    return round(float(limit), 2)


def tell(told: Sequence[Told], chosen: dict[str, dict[str, float]], tags: dict[str, float]) -> None:
    """Print precision and recall of each author left out, and of all."""
    for voice in [*sorted({one.lesson.voice for one in told}), "all"]:
        mine = [one for one in told if voice in (one.lesson.voice, "all")]
        f1s, lines = [], []
        for head, name in enumerate(HEADS):
            hits = loud = meant = 0
            for own, speaker in ((True, "school"), (False, "others")):
                if own or name not in OF_STAFF:
                    right, said = of_head(mine, head, own)
                    over = said > chosen[speaker][name]
                    hits, loud, meant = (
                        hits + int((right & over).sum()),
                        loud + int(over.sum()),
                        meant + int(right.sum()),
                    )
            if meant:
                f1s.append(2 * hits / max(loud + meant, 1))
                lines.append(f"  {name:<27} P {_share(hits, loud)} R {_share(hits, meant)}")
        print(f"{voice}: {len(mine)} texts, macro F1 {100 * float(np.mean(f1s)):.1f}, {_clean(mine, chosen)}")
        if voice == "all":
            print("\n".join(lines))
        for number, name in enumerate(TAGS):
            found, meant, right, said = counted_tags(mine, number, tags[name])
            if name in OF_PLACES:
                asked = [AsTold(one.lesson, tuple(scores for _, scores in one.tags)) for one in mine]
                reader.limits().tags[name] = tags[name]
                with read_as(asked):
                    found, meant, right, said = counted_places(asked, name)
            print(f"  {name:<27} P {_share(right, said)} R {_share(found, meant)}")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):5.1f} ({part}/{whole})"


def _clean(told: Sequence[Told], chosen: dict[str, dict[str, float]]) -> str:
    parts = []
    for own, speaker in ((True, "school"), (False, "others")):
        clean = [one for one in told if one.lesson.own is own and not (one.right == 1).any()]
        heads = [head for head, name in enumerate(HEADS) if own or name not in OF_STAFF]
        bars = np.array([chosen[speaker][HEADS[head]] for head in heads])
        loud = sum(bool((one.said[:, heads] > bars).any()) for one in clean)
        parts.append(f"{loud}/{len(clean)} clean of {speaker} told of")
    return ", ".join(parts)


def look(told: Sequence[Told], chosen: dict[str, dict[str, float]], write: bool) -> None:
    """Fit the first look at words and style, with gates by what it says of authors it did not learn from."""
    lessons = all_lessons()
    texts: list[tuple[str, str, str]] = []
    targets: list[list[float]] = []
    numbers: list[int] = []
    rightly: list[bool] = []
    known = {id(one.lesson): one for one in told}
    by_text = {one.lesson.text: one for one in known.values()}
    for number, lesson in enumerate(lessons):
        rows: list[dict[str, Any]] = list(rows_of(lesson, number, made=False))
        spans = spans_of(lesson.text)
        places = [place for passage in passages_of(lesson.text) for place, _, _ in passage.sentences]
        right = np.array([one for row in rows for one in row["rules"]])
        seen = by_text.get(lesson.text)
        bars = np.array([chosen[SPEAKERS[0 if lesson.own else 1]][head] for head in HEADS])
        for row, place in enumerate(places):
            sentence = " ".join(lesson.text[spans[place].start : spans[place].end].split())
            kind = lesson.kind if lesson.kind in ("comment", "newsletter") else "post"
            texts.append((sentence, kind, "school" if lesson.own else "parent"))
            targets.append((right[row] > 0).astype(float).tolist())
            numbers.append(number)
            rightly.append(seen is not None and bool(((right[row] > 0) & (seen.said[row] > bars)).any()))
    words, rarity = vocabulary([text for text, _, _ in texts])
    features = Surface(words, rarity).of(texts)
    wanted = np.array(targets, dtype=np.float32)
    anything = wanted.max(axis=1, keepdims=True)
    left_out = {one.lesson.voice for one in told}
    left = np.array([lessons[number].voice in left_out for number in numbers])
    weights, bias = _of_anything(features[~left], anything[~left])
    looks = (features @ weights.T + bias)[:, 0]
    gates = np.zeros(len(SPEAKERS))
    for place, speaker in enumerate(SPEAKERS):
        highest: dict[int, float] = {}
        should: dict[int, tuple[bool, bool]] = {}
        for row in np.flatnonzero(left):
            number = numbers[row]
            if lessons[number].own is (place == 0):
                highest[number] = max(highest.get(number, -99.0), float(looks[row]))
                before = should.get(number, (False, False))
                should[number] = (before[0] or rightly[row], before[1] or bool(anything[row, 0]))
        tops = np.array(list(highest.values()))
        loud, marked = (np.array([one[which] for one in should.values()]) for which in (0, 1))
        gates[place] = np.quantile(tops[loud], MISSED) - WIDER[speaker]
        passed = tops[~marked] >= gates[place]
        print(f"read further, where {speaker} speak: {passed.mean():.2f} of texts in which nothing is marked")
    if write:
        of_heads, bias_of_heads = fit(features, wanted)
        weights, bias = _of_anything(features, anything)
        both = (
            np.vstack([of_heads, weights]).astype(np.float64),
            np.concatenate([bias_of_heads, bias]).astype(np.float64),
        )
        FirstLook(words, rarity, *both, gates).save(LOOK)
        digest = hashlib.sha256(LOOK.read_bytes()).hexdigest()
        LOOK.with_name("SHA256SUMS").write_text(f"{digest}  {LOOK.name}\n", encoding="ascii")


def _of_anything(features: Floats, anything: Floats) -> tuple[Floats, Floats]:
    importance = np.where(anything > 0, 3.0, 1.0).astype(np.float32)
    return by_newton(features, anything, importance, strength=5.0, steps=6)


def main() -> None:
    """Tell, and write what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scores", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    told = load(options.scores)
    chosen, tags = quieter(told, limits(told)), limits_of_tags(told)
    tell(told, chosen, tags)
    look(told, chosen, options.write)
    if options.write:
        lines = ["# From which score on something is told. Written by tests/bench/meaning/voices.py."]
        for name, table in [
            *chosen.items(),
            ("tags", {tag: limit for tag, limit in tags.items() if tag != "child"}),
        ]:
            lines += ["", f"[{name}]", *(f"{key} = {value}" for key, value in table.items())]
        (FOLDER / "limits.toml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
