"""Words in photos. A small copy decides whether there are any; only where there are is the photo read at full size.

The models are those inside the rapidocr package. They are opened by path, after their hash was checked, so that nothing
is ever downloaded.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray

from auditbot.examine.weights import checked, session
from auditbot.model import Box, Words

# Lines of words as the recogniser hands them over, one by one: without doubles, joined, in reading order.

Corners = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line of words in a picture."""

    corners: Corners
    """Top left, top right, bottom right, bottom left of the line as it is read, in pixels of the picture."""
    text: str
    """The words as read."""
    score: float
    """The reader's confidence, 0 to 1."""

    @property
    def height(self) -> float:
        """Height of the letters in pixels."""
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))

    @property
    def angle(self) -> float:
        """How far the line leans, in degrees, clockwise."""
        across = self.corners[1] - self.corners[0]
        return math.degrees(math.atan2(across[1], across[0]))


def without_doubles(lines: list[Line]) -> list[Line]:
    """Of lines that lie on one another, read in two regions or tiles, keep the one that says more and is surer."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda line: (-line.score * len(line.text), line.text)):
        if not any(_covers(other, line) for other in kept):
            kept.append(line)
    return kept


def _covers(one: Line, other: Line) -> bool:
    shared, _ = cv2.intersectConvexConvex(one.corners, other.corners)
    return shared > 0.5 * min(cv2.contourArea(one.corners), cv2.contourArea(other.corners))


def joined(lines: list[Line]) -> list[Line]:
    """Join pieces of one line that wide gaps have parted, such as forename and surname on a form."""
    waiting = sorted(lines, key=lambda line: float(line.corners[:, 0].min()))
    done: list[Line] = []
    while waiting:
        line = waiting.pop(0)
        follower = next((other for other in waiting if _continues(line, other)), None)
        if follower is None:
            done.append(line)
            continue
        waiting.remove(follower)
        corners = np.array([line.corners[0], follower.corners[1], follower.corners[2], line.corners[3]])
        waiting.insert(0, Line(corners, f"{line.text} {follower.text}", min(line.score, follower.score)))
    return done


def _continues(line: Line, other: Line) -> bool:
    """True if ``other`` stands just right of ``line``, on its base line, in letters of its size."""
    height = line.height
    turn = abs((line.angle - other.angle + 180) % 360 - 180)
    if turn > 12 or not 0.6 < other.height / max(height, 1.0) < 1.7:
        return False
    across = (line.corners[1] - line.corners[0]) / max(float(np.linalg.norm(line.corners[1] - line.corners[0])), 1.0)
    step = (other.corners[0] + other.corners[3] - line.corners[1] - line.corners[2]) / 2
    along, off = float(step @ across), float(abs(step[0] * across[1] - step[1] * across[0]))
    return -0.5 * height < along < 1.3 * height and off < 0.5 * height


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Top to bottom, and left to right where lines stand side by side, as the whole sheet leans."""
    if not lines:
        return []
    lean = math.radians(float(np.median([line.angle for line in lines])))
    down = np.array([-math.sin(lean), math.cos(lean)], np.float32)
    across = np.array([math.cos(lean), math.sin(lean)], np.float32)
    ordered = sorted(lines, key=lambda line: float(line.corners.mean(axis=0) @ down))
    rows: list[list[Line]] = []
    for line in ordered:
        middle = float(line.corners.mean(axis=0) @ down)
        if rows and middle - float(rows[-1][0].corners.mean(axis=0) @ down) < 0.5 * line.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: float(line.corners.mean(axis=0) @ across))]


Pixels = NDArray[np.uint8]

MODELS = {
    "PP-OCRv6_det_small.onnx": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "PP-OCRv6_rec_small.onnx": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
LICENCE = "PP-OCRv6 small by PaddlePaddle, in rapidocr, Apache-2.0"

FIRST_LOOK = 736
"""Longer side, in pixels, of the copy that decides whether there are words ..."""
FIRST_SHRINK = 3.2
"""... but no photo is made smaller than this many times, or small words in a large photo would vanish."""
CLOSE_LOOK = 750_000
"""Most pixels of a copy looked at closely in one go: the detector needs 200 MB for a megapixel."""
BANDS_OVERLAP = 0.2
"""Larger regions are looked at in bands from side to side, so that no level line is cut; by this share of their height
one reaches into the next."""
LARGEST_LOOK = 2200
"""Longer side, in pixels, that a region looked at in bands may have: a page of print is clear at that."""
LETTERS = 48
"""Height of a line, in pixels, at which it is outlined well; larger letters are looked at in a smaller copy."""
LETTERS_IN_BANDS = 24
"""The same where one look is not enough: a wall of print is rarely leaning, far or faint as a lone name tape is."""
READ_HEIGHT = 48
"""Height of a line, in pixels, that the recogniser was trained on."""
SHORTEST_READ = 320
"""Width, in pixels, that shorter lines are filled up to with grey, as in its training."""
ENLARGE = 2.0
"""Small pictures and small letters are enlarged up to this many times."""
LONGEST_STRIP = 3.0
"""Pictures longer than this times their width are looked at in overlapping parts, lest a small copy hide all words."""
SURE = 0.85
"""A line read with less confidence is also tried upside down."""
LEAST = 0.45
"""Lines read with less confidence are dropped: noise in stripes and leaves scores below it."""
LEAST_SHORT = 0.6
"""The same for fewer than four letters, which noise more easily looks like."""


@dataclass(frozen=True, slots=True)
class _Region:
    box: Box
    """x, y, width, height in pixels of the picture."""
    letters: float
    """Height of the smallest line seen in it, in pixels of the picture."""


class WordReader:
    """Reads words. One instance belongs to one worker; the models load on the first picture that needs them."""

    version = "PP-OCRv6 small, reader 2"
    """Changes whenever the same photo may give other words."""

    def __init__(self) -> None:
        self._models: _Models | None = None

    def read(self, rgb: Pixels) -> tuple[Words, ...]:
        """Return the lines of words, top to bottom, boxes in pixels of ``rgb`` (height x width x 3, upright)."""
        if min(rgb.shape[:2]) < 16:
            return ()
        bgr = np.ascontiguousarray(rgb[..., ::-1])
        lines: list[Line] = []
        for region in self._regions(bgr):
            lines += self._lines_in(bgr, region)
        return tuple(_as_words(line) for line in in_reading_order(joined(without_doubles(lines))))

    def _regions(self, bgr: Pixels) -> list[_Region]:
        """Where the first look sees anything like words; places that touch are made one."""
        found: list[_Region] = []
        for left, top, width, height in _parts(bgr.shape[1], bgr.shape[0]):
            part = bgr[top : top + height, left : left + width]
            offset = np.array([left, top], np.float32)
            for corners in self._detect(part, max(FIRST_LOOK / max(width, height), 1 / FIRST_SHRINK), 0.3):
                x, y = corners.min(axis=0) + offset
                right, bottom = corners.max(axis=0) + offset
                letters = min(
                    float(np.linalg.norm(corners[3] - corners[0])), float(np.linalg.norm(corners[1] - corners[0]))
                )
                # Words seen at all are rarely alone: look around them, for the smaller line below.
                margin = min(1.5 * letters + 16, 0.1 * max(bgr.shape[:2]))
                box = _clipped((x - margin, y - margin, right - x + 2 * margin, bottom - y + 2 * margin), bgr)
                found.append(_Region(box, letters))
        return _merged(found)

    def _lines_in(self, bgr: Pixels, region: _Region) -> Iterator[Line]:
        x, y, width, height = (round(value) for value in region.box)
        factor, band = _closeness(region)
        for top in _starts(height, band, 1 - BANDS_OVERLAP):
            part = bgr[y + top : y + min(height, top + band), x : x + width]
            offset = np.array([x, y + top], np.float32)
            for corners in self._detect(part, factor, 0.4):
                line = self._recognise(part, corners)
                if line is not None:
                    yield Line(line.corners + offset, line.text, line.score)

    def _detect(self, bgr: Pixels, factor: float, least: float) -> list[Corners]:
        """Return four corners for each line that may hold words, in pixels of ``bgr``, looking at a scaled copy."""
        height, width = bgr.shape[:2]
        factor = min(ENLARGE, factor)
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        # The detector wants multiples of 32; padding keeps the proportions where stretching would not.
        small = cv2.resize(bgr, size, interpolation=way)
        down, across = -small.shape[0] % 32, -small.shape[1] % 32
        padded = cv2.copyMakeBorder(small, 0, down, 0, across, cv2.BORDER_REPLICATE)
        boxes = self._loaded().outlined(np.asarray(padded, np.uint8), least)
        scale = np.array([width / small.shape[1], height / small.shape[0]], np.float32)
        return [np.asarray(corners, np.float32) * scale for corners in boxes]

    def _recognise(self, bgr: Pixels, corners: Corners) -> Line | None:
        """Read one line, turned level; upside down too where that may be the right way up."""
        width = max(float(np.linalg.norm(corners[0] - corners[1])), float(np.linalg.norm(corners[3] - corners[2])))
        height = max(float(np.linalg.norm(corners[0] - corners[3])), float(np.linalg.norm(corners[1] - corners[2])))
        if height >= 1.5 * width:
            corners, width, height = np.roll(corners, -1, axis=0), height, width
        best: Line | None = None
        for turned in (corners, np.roll(corners, 2, axis=0)):
            level = _level(bgr, turned, width, height)
            read, score = self._loaded().read(level)
            text = unicodedata.normalize("NFKC", read).strip()
            if best is None or score > best.score:
                best = Line(turned, text, score)
            if score >= SURE:
                break
        letters = [letter for letter in best.text if letter.isalnum()] if best else []
        # One letter over and over is a fence or a jumper's ribs.
        if best is None or len(set(letters)) < 2 or best.score < (LEAST if len(letters) >= 4 else LEAST_SHORT):
            return None
        return best

    def _loaded(self) -> _Models:
        self._models = self._models or _Models()
        return self._models


class _Models:
    """The two models, opened as all models here are; what their numbers mean, rapidocr knows.

    Its parts take a second to load, so that is left to the workers that read.
    """

    def __init__(self) -> None:
        detection, outlining, reading = (
            import_module(f"rapidocr.{part}")
            for part in ("ch_ppocr_det.main", "ch_ppocr_det.utils", "ch_ppocr_rec.utils")
        )
        folder = Path(rapidocr.__file__).parent / "models"
        self._detector, self._recogniser = (session(checked(folder / name, sha256)) for name, sha256 in MODELS.items())
        letters = self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._decode: Any = reading.CTCLabelDecode(character=letters)
        self._sorted: Any = detection.TextDetector.sorted_boxes
        self._outline: Any = outlining.DBPostProcess

    def outlined(self, bgr: Pixels, least: float) -> list[Corners]:
        """Return four corners for each line seen, top to bottom; sides of ``bgr`` are multiples of 32."""
        seen = self._detector.run(None, {self._detector.get_inputs()[0].name: _planes(bgr)})[0]
        outline = self._outline(thresh=0.3, box_thresh=least, unclip_ratio=1.6, use_dilation=True)
        boxes, _ = outline(seen, bgr.shape[:2])
        return list(self._sorted(boxes))

    def read(self, level: Pixels) -> tuple[str, float]:
        """Return what a level line of READ_HEIGHT says, and how sure that is, 0 to 1."""
        planes = np.zeros((1, 3, READ_HEIGHT, max(SHORTEST_READ, level.shape[1])), np.float32)
        planes[..., : level.shape[1]] = _planes(level)
        lines, _ = self._decode(self._recogniser.run(None, {self._recogniser.get_inputs()[0].name: planes})[0])
        text, score = lines[0]
        return str(text), float(score)


def _planes(bgr: Pixels) -> NDArray[np.float32]:
    """1 x 3 x height x width, from -1 to 1."""
    return np.asarray(cv2.dnn.blobFromImage(bgr, 1 / 127.5, mean=(127.5, 127.5, 127.5)), np.float32)


def _parts(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Cut long strips into overlapping parts: left, top, width, height of each."""
    side = max(FIRST_LOOK, int(LONGEST_STRIP * min(width, height)))
    for top in _starts(height, side, 0.85):
        for left in _starts(width, side, 0.85):
            yield left, top, min(width, side), min(height, side)


def _closeness(region: _Region) -> tuple[float, int]:
    """Scale of the close look, and height of its bands in pixels of the picture: one band if that will do."""
    width, height = math.ceil(region.box[2]), math.ceil(region.box[3])
    wanted = min(ENLARGE, LETTERS / region.letters)
    whole = math.sqrt(CLOSE_LOOK / max(1, width * height))
    if whole >= min(1.0, wanted):
        return min(wanted, whole), height + 1
    factor = max(whole, min(1.0, LETTERS_IN_BANDS / region.letters, LARGEST_LOOK / max(width, height)))
    return factor, max(round(CLOSE_LOOK / (width * factor * factor)), 1)


def _starts(length: int, side: int, step: float) -> list[int]:
    """Where tiles of this side start, ``step`` sides apart at the most, the last one ending at ``length``."""
    count = max(0, math.ceil((length - side) / (step * side))) + 1
    return [round(number * max(0, length - side) / max(1, count - 1)) for number in range(count)]


def _level(bgr: Pixels, corners: Corners, width: float, height: float) -> Pixels:
    """Return a line turned level, in the height that the recogniser wants: scaled once, so that it stays crisp."""
    shrink = max(1.0, height / READ_HEIGHT)
    enlarge = max(1.0, READ_HEIGHT / max(height, 1.0))
    size = (max(8, round(width * enlarge)), max(8, round(height * enlarge)))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, np.float32), target)
    level = cv2.warpPerspective(bgr, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    if shrink > 1.0:
        level = cv2.resize(level, (max(8, round(width / shrink)), READ_HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(level, np.uint8)


def _clipped(box: Box, bgr: Pixels) -> Box:
    x, y = max(0.0, box[0]), max(0.0, box[1])
    return x, y, min(float(bgr.shape[1]), box[0] + box[2]) - x, min(float(bgr.shape[0]), box[1] + box[3]) - y


def _merged(regions: list[_Region]) -> list[_Region]:
    """Join regions that overlap and hold letters of like size, until none do."""
    done: list[_Region] = []
    waiting = list(regions)
    while waiting:
        region = waiting.pop()
        other = next((other for other in done if _belongs(region, other)), None)
        if other is None:
            done.append(region)
            continue
        done.remove(other)
        (x, y, width, height), (x2, y2, width2, height2) = region.box, other.box
        left, top = min(x, x2), min(y, y2)
        box = (left, top, max(x + width, x2 + width2) - left, max(y + height, y2 + height2) - top)
        waiting.append(_Region(box, min(region.letters, other.letters)))
    return sorted(done, key=lambda region: region.box[1::-1])


def _belongs(one: _Region, other: _Region) -> bool:
    return _overlap(one.box, other.box) > 0 and 0.4 < one.letters / other.letters < 2.5


def _overlap(one: Box, other: Box) -> float:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)


def _as_words(line: Line) -> Words:
    x, y = line.corners.min(axis=0)
    right, bottom = line.corners.max(axis=0)
    return Words(line.text, (float(x), float(y), float(right - x), float(bottom - y)), round(line.score, 3))
