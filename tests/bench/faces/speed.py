"""Table 5: time and memory, side by side in one run."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import cv2
import numpy as np

from auditbot.examine.faces.engines import SFACE_BATCH, DefaultEngine
from auditbot.examine.faces.faces import DetectedFace, Pixels, align, find_faces
from auditbot.examine.weights import MODELS, session
from tests.bench.faces.detection import LFW_FACE, MADE_UP, adult
from tests.bench.faces.lfw import read
from tests.bench.faces.tables import gallery_of

ROUNDS = 5


def compositions(*, with_lfw: bool) -> dict[str, Pixels]:
    """Photos of 1920 x 1080 with ten faces, by what they show."""
    whole = read(MADE_UP / "groups" / "group_03.jpg")
    photos = {"made-up children": np.asarray(cv2.resize(whole, (1920, 1080), interpolation=cv2.INTER_AREA), np.uint8)}
    return photos | ({"ten adults (LFW)": _ten_adults()} if with_lfw else {})


def _ten_adults() -> Pixels:
    """Ten pictures of LFW on coarse noise, their faces about 100 pixels wide: large enough for every detector."""
    rng = np.random.default_rng(10)
    ground = rng.integers(0, 255, (34, 60, 3)).astype(np.uint8)
    photo = np.asarray(cv2.resize(ground, (1920, 1080), interpolation=cv2.INTER_CUBIC), np.uint8)
    scale = 100 / LFW_FACE[2]
    source = adult()
    for number in range(10):
        small = cv2.resize(source(rng)[0], None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        top, left = 150 + 450 * (number // 5), 40 + 375 * (number % 5)
        photo[top : top + small.shape[0], left : left + small.shape[1]] = small
    return photo


def seconds(action: Callable[[], object]) -> float:
    """The median processor time of a few rounds, after one to warm up, so that other programs do not count."""
    action()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return float(np.median(times))


def print_speed(engine: DefaultEngine, *, with_lfw: bool) -> None:
    print("\n5. Speed: one photo of 1920 x 1080 with ten faces, one thread, processor time")
    for title, photo in compositions(with_lfw=with_lfw).items():
        _print_photo(title, photo, engine)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory so far            {peak:8.0f} MB   of this process, which holds the bench's own pictures too")
    _print_matching()


def _print_photo(title: str, photo: Pixels, engine: DefaultEngine) -> None:
    faces = engine.detect(photo)
    ours = seconds(lambda: find_faces(photo, engine))
    bare = _bare(photo, faces)
    print(f"{title}, {len(faces)} found")
    print(f"  this product, all in all    {ours:8.3f} s")
    print(f"  its models' inference alone {bare:8.3f} s   ratio {ours / bare:.2f}, wanted 1.3 at most")
    _print_face_recognition(photo, ours)


def _bare(photo: Pixels, faces: list[DetectedFace]) -> float:
    """One pass of the detector at full size and one of each embedder, over pixels prepared beforehand."""
    detector = session(MODELS / "yunet_2023mar.onnx")
    mobile, sface = session(MODELS / "mobilefacenet.onnx"), session(MODELS / "sface_2021dec.onnx")
    whole = cv2.dnn.blobFromImage(cv2.copyMakeBorder(photo, 0, 8, 0, 0, cv2.BORDER_CONSTANT), swapRB=True)
    # Real faces: the networks take longer over them than over noise or zeros.
    seen = np.stack([align(photo, face.landmarks) for face in faces]).transpose(0, 3, 1, 2).astype(np.float32)
    seen = np.ascontiguousarray(seen)
    small = (seen - 127.5) / 127.5

    def run() -> None:
        detector.run(None, {"input": whole})
        mobile.run(None, {"input": small})
        for start in range(0, len(seen), SFACE_BATCH):
            sface.run(None, {"data": seen[start : start + SFACE_BATCH]})

    return seconds(run)


def _print_face_recognition(photo: Pixels, ours: float) -> None:
    try:
        import face_recognition  # not a dependency; measured where somebody installed it
    except (ImportError, SystemExit):  # without its models it ends the program
        print("  face_recognition is not installed: not measured")
        return
    known = [np.random.default_rng(n).normal(size=128) for n in range(300)]

    def run() -> int:
        rows = face_recognition.face_encodings(photo, face_recognition.face_locations(photo))
        for row in rows:
            face_recognition.compare_faces(known, row)
        return len(rows)

    theirs, count = seconds(run), run()
    print(f"  face_recognition            {theirs:8.3f} s   {count} found; {theirs / ours:.1f} times as long")


def _print_matching() -> None:
    rng = np.random.default_rng(1)
    size = sum(part for part, _ in DefaultEngine.parts)
    gallery = gallery_of([rng.normal(size=(1, size)).astype(np.float32) for _ in range(500)])
    faces = rng.normal(size=(100_000, size)).astype(np.float32)
    start = time.process_time()
    for first in range(0, len(faces), 2000):
        gallery.scores(faces[first : first + 2000])
    print(f"100,000 faces x 500 enrolled  {time.process_time() - start:8.3f} s    wanted 2 at most")
