"""Print the tables: python -m tests.bench.faces [--draws 10] [--only PART ...]; the parts stand below."""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread everywhere, as in a worker; before numpy is imported

from pathlib import Path

from auditbot.examine.faces.engines import DefaultEngine
from tests.bench.faces.children import MADE_UP_PEOPLE, print_children
from tests.bench.faces.detection import print_detection
from tests.bench.faces.lfw import FOLDER, load
from tests.bench.faces.pool import print_pool
from tests.bench.faces.posts import print_posts
from tests.bench.faces.speed import print_speed
from tests.bench.faces.tables import print_class_prior, print_naming, print_sizes

PARTS = ("speed", "detection", "children", "naming", "class", "posts", "sizes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--made-up", type=Path, default=MADE_UP_PEOPLE, help="folder of made-up children")
    options = parser.parse_args()
    engine = DefaultEngine()
    with_lfw = FOLDER.is_dir()
    if "speed" in options.only:
        print_speed(engine, with_lfw=with_lfw)
        print_pool(with_lfw=with_lfw)
    if "detection" in options.only:
        print_detection(engine, with_lfw=with_lfw)
    if "children" in options.only:
        print_children(options.made_up)
    if not set(options.only) & {"naming", "class", "posts", "sizes"}:
        return
    if not with_lfw:
        print(f"\nSkipped: all tables about adults. LFW is not in {FOLDER}; tests/bench/faces/lfw.py says where it is.")
        return
    population = load()
    if "naming" in options.only:
        print_naming(population, options.draws)
    if "class" in options.only:
        print_class_prior(population, max(1, options.draws // 3))
    if "posts" in options.only:
        print_posts(population, options.draws)
    if "sizes" in options.only:
        print_sizes(population, engine)


if __name__ == "__main__":
    main()
