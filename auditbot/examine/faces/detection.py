"""Finding faces with YuNet: one coarse pass, one at full resolution, and a closer look at what is small or doubtful.

YuNet sees faces of about 16 to 300 pixels. So large faces are sought in a reduced copy, and each small or doubtful
proposal is enlarged and judged again, all of a photo's proposals side by side in one mosaic. A photo may lie on its
side without saying so: where few or doubtful faces are found, a quarter turn that shows plainly more is searched too.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from auditbot.examine.faces.faces import DetectedFace, Pixels
from auditbot.examine.weights import session

Rows = NDArray[np.float32]  # YuNet's rows: x, y, width, height, five points, score

COARSE_SIDE = 640
TILE_SIDE = 1920
LARGEST_AT_FULL_SIZE = 300.0
PROPOSAL_SCORE = 0.1
CLOSER_LOOK_BELOW_SCORE = 0.85
CLOSER_LOOK_BELOW_WIDTH = 32.0
PATCH_SIDE = 160
PATCH_FACE_WIDTH = 44.0
MOST_PATCHES = 400
FACE_SCORE = 0.6
STRIDES = (8, 16, 32)
SMALLEST_WIDTH = 10.0
SURE_SCORE = 0.9
SURE_FACES = 3
"""This many sure faces, and none doubtful, and a photo stands upright: drawn faces upside down reach .88."""
DOUBT = 0.4
TURNED_MORE = 1.05
TURNED_LEAST = 0.15
"""A quarter turn is searched if what its proposals in a coarse pass exceed DOUBT by adds up to so many times that of
the upright ones, and to so much, and its surest face is surer. Which of two overlapping faces is kept, their scores
decide. Set on made-up groups and portraits laid on their side (tests/unit/examine/test_faces_turned.py, 2026-11-29)."""
OVERLAP = 0.35
CONTAINED = 0.65


class YunetDetector:
    """YuNet over a photo of any size."""

    def __init__(self, model: Path) -> None:
        self._network = session(model)
        self._outputs = [output.name for output in self._network.get_outputs()]

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Return the faces of an upright RGB picture (height x width x 3, 8 bit), most confident first."""
        upright = self._search(rgb)
        doubtful = upright[:, 14] < SURE_SCORE
        if not doubtful.any() and len(upright) >= SURE_FACES:
            return [_as_face(row) for row in upright]
        turned = self._turned(rgb)
        found = _suppress(np.concatenate([upright, turned])) if len(turned) else upright
        return [_as_face(row) for row in found]

    def _turned(self, rgb: Pixels) -> Rows:
        """Return the faces of the quarter turn that shows plainly more than the upright photo, in its own pixels."""
        height, width = rgb.shape[:2]
        scale = min(1.0, COARSE_SIDE / max(height, width))
        small = rgb if scale == 1.0 else _resized(rgb, (max(1, round(width * scale)), max(1, round(height * scale))))
        passes = [self._run(np.ascontiguousarray(np.rot90(small, turn)))[:, 14] for turn in range(4)]
        shown = [float(np.maximum(scores - DOUBT, 0).sum()) for scores in passes]
        best = int(np.argmax(shown))
        surest = [float(scores.max(initial=0.0)) for scores in passes]
        if surest[best] <= surest[0] or shown[best] < max(TURNED_MORE * shown[0], TURNED_LEAST):
            return np.empty((0, 15), np.float32)
        return _turned_back(self._search(np.ascontiguousarray(np.rot90(rgb, best))), best, width, height)

    def _search(self, rgb: Pixels) -> Rows:
        """Return the faces that stand upright, most confident first."""
        coarse, scale = self._coarse_pass(rgb)
        full = self._full_pass(rgb, scale)
        if scale < 1.0:
            full = full[full[:, 2] <= LARGEST_AT_FULL_SIZE]
        proposals = _suppress(np.concatenate([coarse, full]))
        small = proposals[:, 2] < CLOSER_LOOK_BELOW_WIDTH
        doubtful = (proposals[:, 14] < CLOSER_LOOK_BELOW_SCORE) & (proposals[:, 2] < PATCH_FACE_WIDTH)
        closer = self._closer_look(rgb, proposals[small | doubtful][:MOST_PATCHES])
        found = np.concatenate([closer, proposals])
        return _suppress(found[(found[:, 14] >= FACE_SCORE) & (found[:, 2] >= SMALLEST_WIDTH)])

    def _run(self, rgb: Pixels) -> Rows:
        """All proposals of one pass, the best of those that overlap."""
        height, width = rgb.shape[:2]
        planes = np.zeros((1, 3, height + -height % STRIDES[-1], width + -width % STRIDES[-1]), np.float32)
        for plane, colour in enumerate((2, 1, 0)):  # YuNet was trained on blue, green, red
            planes[0, plane, :height, :width] = rgb[..., colour]
        answers = dict(zip(self._outputs, self._network.run(None, {"input": planes}), strict=True))
        columns = planes.shape[3]
        return _suppress(np.concatenate([_decoded(answers, stride, columns // stride) for stride in STRIDES]))

    def _coarse_pass(self, rgb: Pixels) -> tuple[Rows, float]:
        height, width = rgb.shape[:2]
        scale = COARSE_SIDE / max(height, width)
        if scale >= 1.0:
            return np.empty((0, 15), np.float32), 1.0
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        return _placed(self._run(_resized(rgb, size)), 1 / scale, 0, 0), scale

    def _full_pass(self, rgb: Pixels, coarse_scale: float) -> Rows:
        """Search at full resolution, in overlapping tiles where the photo is very large."""
        height, width = rgb.shape[:2]
        overlap = int(min(400.0, max(64.0, 24.0 / coarse_scale)))
        rows = [
            _placed(self._run(np.ascontiguousarray(rgb[top:bottom, left:right])), 1.0, left, top)
            for top, bottom in _tiles(height, overlap)
            for left, right in _tiles(width, overlap)
        ]
        return np.concatenate(rows)

    def _closer_look(self, rgb: Pixels, proposals: Rows) -> Rows:
        """Judge each proposal again, brought to a common size, in one mosaic of patches."""
        if not len(proposals):
            return proposals
        columns = math.ceil(math.sqrt(len(proposals)))
        lines = math.ceil(len(proposals) / columns)
        mosaic = np.full((lines * PATCH_SIDE, columns * PATCH_SIDE, 3), 127, np.uint8)
        places = []
        for number, row in enumerate(proposals):
            line, column = divmod(number, columns)
            scale = float(PATCH_FACE_WIDTH / max(row[2], 1.0))
            left = float(row[0] + row[2] / 2) - PATCH_SIDE / 2 / scale
            top = float(row[1] + row[3] / 2) - PATCH_SIDE / 2 / scale
            patch = _cut(rgb, left, top, scale)
            mosaic[line * PATCH_SIDE : (line + 1) * PATCH_SIDE, column * PATCH_SIDE : (column + 1) * PATCH_SIDE] = patch
            places.append((column * PATCH_SIDE, line * PATCH_SIDE, scale, left, top))
        seen = self._run(mosaic)
        judged = [_judged(seen, place) for place in places]
        return np.concatenate([np.empty((0, 15), np.float32), *judged])


def _decoded(answers: dict[str, Rows], stride: int, columns: int) -> Rows:
    """The rows of one stride whose score reaches PROPOSAL_SCORE; places are counted in strides."""
    likely, present = (np.clip(answers[f"{name}_{stride}"][0, :, 0], 0, 1) for name in ("cls", "obj"))
    scores = np.sqrt(likely * present)
    places = np.flatnonzero(scores >= PROPOSAL_SCORE)
    across, down = places % columns, places // columns
    box, points = answers[f"bbox_{stride}"][0, places], answers[f"kps_{stride}"][0, places]
    rows = np.empty((len(places), 15), np.float32)
    rows[:, 2:4] = np.exp(np.clip(box[:, 2:4], -20, 10)) * stride
    rows[:, 0] = (across + box[:, 0]) * stride - rows[:, 2] / 2
    rows[:, 1] = (down + box[:, 1]) * stride - rows[:, 3] / 2
    rows[:, 4:14:2] = (points[:, 0::2] + across[:, np.newaxis]) * stride
    rows[:, 5:14:2] = (points[:, 1::2] + down[:, np.newaxis]) * stride
    rows[:, 14] = scores[places]
    return rows


def _cut(rgb: Pixels, left: float, top: float, scale: float) -> Pixels:
    """The square of PATCH_SIDE pixels that starts at (left, top), enlarged by ``scale``; beyond the edge it is grey."""
    if scale < 1.0:  # reduce with averaging, as resampling single pixels of a large face would leave noise
        side = PATCH_SIDE / scale
        x0, y0 = max(0, int(left)), max(0, int(top))
        part = rgb[y0 : max(y0 + 1, math.ceil(top + side)), x0 : max(x0 + 1, math.ceil(left + side))]
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        rgb = _resized(part, size)
        left, top, scale = (left - x0) * scale, (top - y0) * scale, 1.0
    matrix = np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]])
    cut = cv2.warpAffine(
        rgb,
        matrix,
        (PATCH_SIDE, PATCH_SIDE),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(127, 127, 127),
    )
    return np.asarray(cut, np.uint8)


def _resized(rgb: Pixels, size: tuple[int, int]) -> Pixels:
    """Reduced to ``size`` (width, height), averaging."""
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _judged(seen: Rows, place: tuple[int, int, float, float, float]) -> Rows:
    """The best face in the middle of one patch, in pixels of the photo; none if there is none."""
    patch_x, patch_y, scale, left, top = place
    middle_x, middle_y = seen[:, 0] + seen[:, 2] / 2 - patch_x, seen[:, 1] + seen[:, 3] / 2 - patch_y
    reach = PATCH_FACE_WIDTH * 0.6
    near = (np.abs(middle_x - PATCH_SIDE / 2) < reach) & (np.abs(middle_y - PATCH_SIDE / 2) < reach)
    best: Rows = seen[near & (np.abs(np.log2(seen[:, 2] / PATCH_FACE_WIDTH)) < 0.8)]
    if not len(best):
        return best
    best = best[[int(best[:, 14].argmax())]]
    return np.asarray(_placed(_placed(best, 1.0, -patch_x, -patch_y), 1 / scale, left, top), np.float32)


def _placed(rows: Rows, scale: float, left: float, top: float) -> Rows:
    """Boxes and points enlarged by ``scale`` and then moved by (left, top)."""
    moved = rows.copy()
    moved[:, :14] *= scale
    moved[:, [0, 4, 6, 8, 10, 12]] += left
    moved[:, [1, 5, 7, 9, 11, 13]] += top
    return moved


def _turned_back(rows: Rows, turn: int, width: int, height: int) -> Rows:
    """Return faces of a photo turned by so many quarters against the clock, in the pixels of the photo as it lies.

    The points keep their order: it is that of the face, not of the picture.
    """
    back = rows.copy()
    corners = np.stack([rows[:, 0:2], rows[:, 0:2] + rows[:, 2:4]], axis=1)
    points = np.concatenate([corners, rows[:, 4:14].reshape(-1, 5, 2)], axis=1)
    across, down = points[..., 0], points[..., 1]
    laid = {1: (width - down, across), 2: (width - across, height - down), 3: (down, height - across)}[turn]
    moved = np.stack(laid, axis=-1)
    back[:, 0:2] = moved[:, :2].min(axis=1)
    back[:, 2:4] = moved[:, :2].max(axis=1) - back[:, 0:2]
    back[:, 4:14] = moved[:, 2:].reshape(-1, 10)
    return back


def _tiles(length: int, overlap: int) -> list[tuple[int, int]]:
    """Where tiles start and end: as few as may be, and no longer than it takes to overlap by ``overlap``."""
    if length <= TILE_SIDE:
        return [(0, length)]
    count = math.ceil((length - overlap) / (TILE_SIDE - overlap))
    side = math.ceil((length + (count - 1) * overlap) / count)
    starts = (round(step * (length - side) / (count - 1)) for step in range(count))
    return [(start, start + side) for start in starts]


def _suppress(rows: Rows) -> Rows:
    """Keep the best of boxes that overlap or lie within one another, most confident first."""
    rows = rows[np.argsort(-rows[:, 14], kind="stable")]
    kept: list[int] = []
    right, bottom, area = rows[:, 0] + rows[:, 2], rows[:, 1] + rows[:, 3], rows[:, 2] * rows[:, 3]
    for index in range(len(rows)):
        if kept:
            width = np.minimum(right[index], right[kept]) - np.maximum(rows[index, 0], rows[kept, 0])
            height = np.minimum(bottom[index], bottom[kept]) - np.maximum(rows[index, 1], rows[kept, 1])
            shared = np.maximum(width, 0) * np.maximum(height, 0)
            smaller = np.minimum(area[index], area[kept])
            if np.any((shared > OVERLAP * (area[index] + area[kept] - shared)) | (shared > CONTAINED * smaller)):
                continue
        kept.append(index)
    return rows[kept]


def _as_face(row: Rows) -> DetectedFace:
    numbers = [float(value) for value in row]
    x, y, width, height = numbers[:4]
    points = tuple((numbers[i], numbers[i + 1]) for i in range(4, 14, 2))
    return DetectedFace((x, y, width, height), points, min(1.0, numbers[14]))
