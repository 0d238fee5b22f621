"""Measure what is read in photos, and how fast, beside rapidocr as it comes.

    python -m tests.bench.words [--photos FOLDER] [--width PIXELS] [--every N] [--only-auditbot]

Prints recall of names by scene, and photos a second on a mix in which four photos of five hold no words. Both readers
see each photo in turn, so a busy machine slows both; seconds are those of the clock and of the processor. ``--photos``
names a folder of photos without words (JPEG), used beside rendered rooms for that mix.
"""

from __future__ import annotations

import argparse
import logging
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rapidocr
from PIL import Image

from auditbot.examine.words import WordReader
from tests.bench.words.scenes import Case, Pixels, cases, turned, walls, without_words

Read = Callable[[Pixels], list[str]]


@dataclass(slots=True)
class Measured:
    """What one reader read, and what it took."""

    hits: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    misses: list[str] = field(default_factory=list)
    false_lines: int = 0
    clock: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})
    processor: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})


def squeezed(text: str) -> str:
    """Letters only, in lower case: a lost blank or apostrophe does not hide a name from the surname check."""
    return re.sub(r"[^a-z]", "", text.lower())


def plain_rapidocr() -> Read:
    """Return rapidocr with all its defaults."""
    engine = rapidocr.RapidOCR(params={"Global.log_level": "critical"})

    def read(rgb: Pixels) -> list[str]:
        return list(getattr(engine(np.ascontiguousarray(rgb[..., ::-1])), "txts", None) or ())

    return read


def auditbot_reader() -> Read:
    """Return the product's reader."""
    reader = WordReader()
    return lambda rgb: [words.text for words in reader.read(rgb)]


def measure(read: Read, case: Case, into: Measured) -> None:
    """Read one photo."""
    clock, processor = time.perf_counter(), time.process_time()
    lines = read(case.rgb)
    into.clock[bool(case.name)] += time.perf_counter() - clock
    into.processor[bool(case.name)] += time.process_time() - processor
    if not case.name:
        into.false_lines += len(lines)
        return
    hit = squeezed(case.name) in squeezed(" ".join(lines))
    for key in (case.scene, f"at {abs(case.angle)} degrees", case.trouble, "all"):
        into.hits[key].append(hit)
    if not hit:
        into.misses.append(f"{case.scene}, {case.angle} degrees, {case.trouble}: {case.name!r} read as {lines}")


def print_speed(name: str, measured: Measured, with_words: int, without: int) -> None:
    """Print photos a second on the mix: each photo with words once, the others in proportion."""
    print(f"{name}:")
    for what, seconds in (("clock", measured.clock), ("processor", measured.processor)):
        yes, no = seconds[True] / with_words, seconds[False] / without
        mix = 5 / (yes + 4 * no)
        print(f"    {what:<10}{mix:6.2f} photos/s on the mix; {yes:.3f} s a photo with words, {no:.3f} s without")
    print(f"    {measured.false_lines} lines read in {without} photos without words")
    for miss in measured.misses:
        print(f"    missed: {miss}")


def main() -> None:
    """Print both tables."""
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--width", type=int, default=1920, help="width of the photos with words, in pixels")
    parser.add_argument("--every", type=int, default=1, help="take only every Nth photo")
    parser.add_argument("--only-auditbot", action="store_true")
    options = parser.parse_args()
    with_words = list(cases(options.width))[:: options.every]
    files = sorted(options.photos.rglob("*.jpg")) if options.photos else []
    blank = [Case("no words", 0, "plain", "", np.asarray(Image.open(file).convert("RGB"))) for file in files]
    blank = (blank + list(without_words(max(0, 40 - len(blank)))))[:: options.every]
    readers = {"auditbot": auditbot_reader()}
    if not options.only_auditbot:
        readers["rapidocr as it comes"] = plain_rapidocr()
    results = {name: Measured() for name in readers}
    for read in readers.values():
        read(with_words[0].rgb)
    for case in with_words + blank:
        for name, read in readers.items():
            measure(read, case, results[name])
    for name, measured in results.items():
        print_speed(name, measured, len(with_words), len(blank))
    sideways = {name: Measured() for name in readers}
    for case in list(turned(options.width))[:: options.every]:
        for name, read in readers.items():
            measure(read, case, sideways[name])
    on_walls = {name: Measured() for name in readers}
    for case, shown in list(walls())[:: options.every]:
        for name, read in readers.items():
            measure_wall(read, case, shown, on_walls[name])
    print_recall("recall of names", results)
    print_recall("names on walls of labels", on_walls)
    print_recall("lying, upside down, letters stacked", sideways)


def measure_wall(read: Read, case: Case, shown: tuple[str, ...], into: Measured) -> None:
    """Read a photo of many names, and note for each whether it was read."""
    said = squeezed(" ".join(read(case.rgb)))
    for name in shown:
        into.hits[f"{case.scene}, {case.trouble}"].append(squeezed(name) in said)


def print_recall(title: str, results: dict[str, Measured]) -> None:
    """Print how many names each reader read, by scene, angle and trouble."""
    print(f"\n{title:<36}" + "".join(f"{name:>24}" for name in results))
    for key in sorted(next(iter(results.values())).hits):
        row = (measured.hits[key] for measured in results.values())
        print(f"{key:<36}" + "".join(f"{sum(hits)}/{len(hits)}".rjust(24) for hits in row))


if __name__ == "__main__":
    main()
