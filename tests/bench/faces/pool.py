"""Table 5b: the product's pool of workers against face_recognition in as many processes, in one run, side by side."""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from auditbot.examine.engines.default import DefaultEngine
from auditbot.examine.gallery import Gallery
from auditbot.examine.matching import match_faces
from auditbot.examine.workers import ExamineWorkers
from auditbot.settings import Examine, School, Settings
from tests.bench.faces.speed import photo_of_ten
from tests.bench.faces.tables import gallery_of

ENROLLED = 300
OURS, THEIRS = 16, 6


@dataclass(frozen=True)
class Measured:
    """One run over some photos."""

    photos: int
    faces: int
    wall: float
    processor: float
    peak: float

    def line(self, name: str) -> str:
        processor = self.processor / self.photos
        figures = f"{self.photos / self.wall:8.2f} photos/s{processor:9.3f} s of processor a photo"
        return f"{name:<34}{figures}{self.faces / self.photos:6.1f} faces a photo{self.peak:7.0f} MB at most"


def print_pool() -> None:
    """Print photos a second of both, and how much memory the largest worker took."""
    cores = len(os.sched_getaffinity(0))
    print(
        f"\n5b. Photos of 1920 x 1080 with 10 faces from disk to answers, {ENROLLED} enrolled, {cores} processes each"
    )
    with tempfile.TemporaryDirectory() as folder:
        photos = _photos(Path(folder))
        gallery = _gallery()
        ours = [_measured(lambda: _product(photos, gallery, cores, words=False), OURS)]
        print(ours[0].line("this product, faces"))
        if find_spec("face_recognition") is None:
            print("face_recognition is not installed: not measured")
        else:
            theirs = [_measured(lambda: _face_recognition(photos[:THEIRS], cores), THEIRS)]
            ours.append(_measured(lambda: _product(photos, gallery, cores, words=False), OURS))
            theirs.append(_measured(lambda: _face_recognition(photos[:THEIRS], cores), THEIRS))
            print(ours[1].line("this product, faces, again"))
            for measured in theirs:
                print(measured.line("face_recognition as it comes"))
            wall = _mean([one.wall / one.photos for one in theirs]) / _mean([one.wall / one.photos for one in ours])
            processor = _mean([one.processor / one.photos for one in theirs])
            processor /= _mean([one.processor / one.photos for one in ours])
            print(f"times as many photos: {wall:.1f} by the clock, {processor:.1f} by processor time")
        print(
            _measured(lambda: _product(photos, gallery, cores, words=True), OURS).line("this product, faces and words")
        )


def _photos(folder: Path) -> list[Path]:
    """The same photo many times, each file a little different."""
    picture = Image.fromarray(photo_of_ten())
    paths = [folder / f"{number:02}.jpg" for number in range(OURS)]
    for number, path in enumerate(paths):
        picture.save(path, quality=90, comment=str(number))
    return paths


def _gallery() -> Gallery:
    rng = np.random.default_rng(1)
    size = sum(part for part, _ in DefaultEngine.parts)
    return gallery_of([rng.normal(size=(1, size)).astype(np.float32) for _ in range(ENROLLED)])


def _measured(run: Callable[[], tuple[int, float, float]], photos: int) -> Measured:
    """Measure a run whose processes have all ended with it.

    Clock and processor time start once each process has seen a photo; other programs slow the one, hardly the other.
    """
    faces, wall, processor = run()
    # The largest process that ever ended: ours run first, so that theirs do not count.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Measured(photos, faces, wall, processor, peak)


def _processor() -> float:
    """Processor time of all processes that this one started."""
    times = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return sum(one.user + one.system for one in times)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _product(photos: Sequence[Path], gallery: Gallery, cores: int, *, words: bool) -> tuple[int, float, float]:
    settings = Settings(school=School(name="Bench"), examine=Examine(workers=cores, read_words=words))
    with ExamineWorkers(settings) as workers:
        list(workers.map_photos(photos[: 2 * cores]))
        began, before = time.monotonic(), _processor()
        faces = sum(len(match_faces(examined.faces, gallery)) for examined in workers.map_photos(photos))
        return faces, time.monotonic() - began, _processor() - before


def _face_recognition(photos: Sequence[Path], cores: int) -> tuple[int, float, float]:
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_recognised, photos[: 2 * cores]))
        began, before = time.monotonic(), _processor()
        faces = sum(pool.map(_recognised, photos))
        return faces, time.monotonic() - began, _processor() - before


def _recognised(path: Path) -> int:
    import face_recognition  # not a dependency; measured where somebody installed it

    rng = np.random.default_rng(1)
    known = [rng.normal(size=128) for _ in range(ENROLLED)]
    picture = face_recognition.load_image_file(str(path))
    rows = face_recognition.face_encodings(picture, face_recognition.face_locations(picture))
    for row in rows:
        face_recognition.compare_faces(known, row)
    return len(rows)
