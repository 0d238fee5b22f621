"""Lines of words as the recogniser hands them over, one by one: without doubles, joined, in reading order."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

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
