"""Table 5b: the product's pool of workers against face_recognition as a user calls it, in one run, side by side."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import mean

import numpy as np
import psutil
from PIL import Image

from auditbot.examine.faces.engines import DefaultEngine
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.matching import match_faces
from auditbot.examine.workers import ExamineWorkers
from auditbot.settings import Examine, School, Settings
from tests.bench.faces.speed import compositions
from tests.bench.faces.tables import gallery_of

ENROLLED = 300
OURS, THEIRS = 16, 6


@dataclass(frozen=True)
class Measured:
    """What some photos took. Clock and processor time start once each process has seen a photo."""

    faces: float
    """Faces found in a photo."""
    wall: float
    """Seconds a photo by the clock, which other programs make longer."""
    processor: float
    """Seconds of processor time a photo, all processes together."""
    peak: float
    """Most memory that one process ever took, in megabytes."""

    def line(self, name: str) -> str:
        """Return one line of the table."""
        figures = f"{1 / self.wall:8.2f} photos/s{self.processor:9.3f} s of processor a photo"
        return f"  {name:<34}{figures}{self.faces:6.1f} faces a photo{self.peak:7.0f} MB at most"


def print_pool(*, with_lfw: bool) -> None:
    """Print photos a second of both, and how much memory the largest worker took."""
    cores = len(os.sched_getaffinity(0))
    print(f"\n5b. Photos of 1920 x 1080 with ten faces, from file to answers, {ENROLLED} enrolled, {cores} cores")
    gallery = _gallery()
    for title, picture in compositions(with_lfw=with_lfw).items():
        print(title)
        with tempfile.TemporaryDirectory() as folder:
            photos = _photos(Path(folder), picture)
            _compare(photos, gallery, cores)


def _compare(photos: Sequence[Path], gallery: Gallery, cores: int) -> None:
    ours = [_product(photos, gallery, cores, words=False)]
    if find_spec("face_recognition") is None:
        print(ours[0].line("this product, faces"))
        print("  face_recognition is not installed: not measured")
    else:
        theirs = [_face_recognition(photos[:THEIRS])]
        ours.append(_product(photos, gallery, cores, words=False))
        theirs.append(_face_recognition(photos[:THEIRS]))
        for measured in ours:
            print(measured.line(f"this product, faces, {cores} processes"))
        for measured in theirs:
            print(measured.line("face_recognition as it comes"))
        wall = mean(one.wall for one in theirs) / mean(one.wall for one in ours)
        processor = mean(one.processor for one in theirs) / mean(one.processor for one in ours)
        print(
            f"  times as many photos a second: {wall:.1f} by the clock, {cores * processor:.1f} by processor time and "
            f"{cores} cores (wanted 8); one process against one: {processor:.1f}"
        )
    print(_product(photos, gallery, cores, words=True).line("this product, faces and words"))
    print("  wanted: at least as many faces as face_recognition finds; at most 600 MB")


def _photos(folder: Path, picture: np.ndarray) -> list[Path]:
    """The same photo many times, each file a little different."""
    paths = [folder / f"{number:02}.jpg" for number in range(OURS)]
    for number, path in enumerate(paths):
        Image.fromarray(picture).save(path, quality=90, comment=str(number))
    return paths


def _gallery() -> Gallery:
    rng = np.random.default_rng(1)
    size = sum(part for part, _ in DefaultEngine.parts)
    return gallery_of([rng.normal(size=(1, size)).astype(np.float32) for _ in range(ENROLLED)])


def _measured(run: Callable[[], int], photos: int) -> Measured:
    began, before = time.monotonic(), _processor()
    faces = run()
    wall, processor = time.monotonic() - began, _processor() - before
    return Measured(faces / photos, wall / photos, processor / photos, _peak())


def _processor() -> float:
    """Processor time of this process and all that it started."""
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(one.cpu_times().user + one.cpu_times().system for one in processes)


def _peak() -> float:
    """The most that any of the processes started took so far, in megabytes."""
    statuses = [Path(f"/proc/{child.pid}/status") for child in psutil.Process().children(recursive=True)]
    lines = [line for status in statuses for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return max(int(line.split()[1]) for line in lines) / 1024


def _product(photos: Sequence[Path], gallery: Gallery, cores: int, *, words: bool) -> Measured:
    settings = Settings(school=School(name="Bench"), examine=Examine(workers=cores, read_words=words))
    with ExamineWorkers(settings) as workers:
        list(workers.map_photos(photos[: 2 * cores]))
        return _measured(
            lambda: sum(len(match_faces(examined.faces, gallery)) for examined in workers.map_photos(photos)),
            len(photos),
        )


def _face_recognition(photos: Sequence[Path]) -> Measured:
    """In one process, as its README calls it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_recognised, photos[:1]))
        return _measured(lambda: sum(pool.map(_recognised, photos)), len(photos))


def _recognised(path: Path) -> int:
    import face_recognition  # not a dependency; measured where somebody installed it

    rng = np.random.default_rng(1)
    known = [rng.normal(size=128) for _ in range(ENROLLED)]
    picture = face_recognition.load_image_file(str(path))
    rows = face_recognition.face_encodings(picture, face_recognition.face_locations(picture))
    for row in rows:
        face_recognition.compare_faces(known, row)
    return len(rows)
