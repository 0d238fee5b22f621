"""Table 0: made-up children, whom no training set holds. Drawn faces resemble each other; real ones differ more.

All sixty of them, with seven pictures each, are looked for in .bench-data/made-up; the repository holds a few.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from auditbot.examine.faces.engines import DefaultEngine
from auditbot.examine.faces.enrol import steady, views_of
from auditbot.examine.faces.faces import Vectors
from tests.bench.faces.lfw import FOLDER, read
from tests.bench.faces.tables import found, gallery_of, in_top, named

MADE_UP_PEOPLE = FOLDER.parent / "made-up"
ENROLLED, SPLITS = 40, 40


def print_children(folder: Path) -> None:
    """Print how often the right child is found among forty, the other twenty as strangers."""
    print(f"\n0. Made-up children, {ENROLLED} enrolled, {SPLITS} splits")
    if not folder.is_dir():
        print(f"Skipped: they are not in {folder}.")
        return
    print(
        f"{'':<12}"
        + "".join(f"{head:>9}" for head in ("first", "top 3", "at 1 %", "own", "str. own", "shown", "right sh."))
    )
    people = _vectors(folder)
    for photos in (1, 2):
        rows = [_split(people, photos, seed) for seed in range(SPLITS)]
        print(
            f"{photos} portrait{'s' if photos > 1 else ''}  "
            + "".join(f"{value:>9.3f}" for value in np.mean(rows, axis=0))
        )
    print("wanted: at 1 % .81 with one portrait; strangers named at most .02, shown as names at most .35")


def _vectors(folder: Path) -> list[dict[str, Vectors]]:
    engine, people = DefaultEngine(), []
    for person in sorted(folder.glob("C*")):
        rows: dict[str, list[Vectors]] = defaultdict(list)
        for path in sorted(person.glob("*.jpg")):
            rgb = read(path)
            face = max(engine.detect(rgb), key=lambda one: one.box[2], default=None)
            if face is None:
                continue
            views = views_of(rgb, engine, face) if path.stem.startswith("portrait") else engine.embed(rgb, [face])
            rows["plain" if len(views) > 1 else "candid"].append(views[0])
            if len(views) > 1:
                rows["steady"].append(steady(views, engine))
        people.append({use: np.stack(own) for use, own in rows.items()})
    return people


def _split(people: list[dict[str, Vectors]], photos: int, seed: int) -> list[float]:
    order = np.random.default_rng(seed).permutation(len(people))
    pupils, others = [people[n] for n in order[:ENROLLED]], [people[n] for n in order[ENROLLED:]]
    gallery = gallery_of([one["steady"][:photos] for one in pupils], [one["plain"][:photos] for one in pupils])
    owners = np.repeat(np.arange(len(pupils)), [len(one["candid"]) for one in pupils])
    probes = gallery.scores(np.concatenate([one["candid"] for one in pupils]))
    strangers = gallery.scores(np.concatenate([one["candid"] for one in others]))
    exact = float(np.quantile(strangers.max(axis=1), 0.99))
    best_three = np.argsort(-probes, axis=1)[:, :3]
    seen = (best_three == owners[:, None]) & (np.take_along_axis(probes, best_three, axis=1) >= gallery.shown_above)
    return [
        in_top(probes, owners, 1),
        in_top(probes, owners, 3),
        found(probes, owners, exact),
        found(probes, owners, gallery.named_above),
        named(strangers, gallery.named_above),
        named(strangers, gallery.shown_above),
        float(seen.any(axis=1).mean()),
    ]
