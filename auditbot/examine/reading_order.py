"""The characters of a page in the order a person reads them, those that lean or follow a curve laid upright first.

A page may be stored sideways and shown upright, a margin may run upwards, a headline may lean or bend. The box
of a leaning letter is larger than the letter, and a reader that goes by boxes alone takes each letter for a line.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

UPRIGHT = 2.0
"""Letters that lean by fewer degrees are upright: what scanners and drawing programs call straight."""
SAME_LEAN = 2.0
"""Two letters lean alike if their angles differ by no more degrees."""
LEAST_BEND = 0.25
"""Neighbours on one straight line lean alike to a fraction of a degree."""
MOST_BEND = 40.0
"""Along a curve, one letter turns by no more degrees against the letter before."""
APART = 0.25
"""Letters of one line that stand this many times their height apart belong to two words."""
WIDE_STEP = 1.6
"""Along a curve, a step this many times the usual one parts two words."""
LOOSE = 1.16
"""A letter's whole box is as high as this many times its size, in the usual fonts."""
LEAST_CURVE = 4
"""Fewer letters are no curve: a straight line that happens to begin where another ends."""
NEAR = 1.8
"""Along a curve, the middles of neighbouring letters are no further apart than this many letter heights."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character and where it stands; y grows downwards."""

    text: str
    """The character."""
    left: float
    """Its left edge, in points from the left of the page."""
    top: float
    """Its upper edge, in points from the top of the page."""
    right: float
    """Its right edge."""
    bottom: float
    """Its lower edge."""
    angle: float = 0.0
    """How far it is turned, in degrees against the clock, from 0 up to 360."""
    size: float = 0.0
    """The size of its letters in points; 0 if the file does not say."""
    added: bool = False
    """True for a blank or a line's end that stands in no file: the reader of the page guessed it."""


def laid_upright(glyphs: Sequence[Glyph], *, page_turned: bool = False) -> Iterator[list[Glyph]]:
    """Yield the characters in groups that lean alike, each turned upright about the page's corner.

    The upright ones come first and are left as they are, unless the page is shown turned (``page_turned``): the page's
    reader orders lines as they are shown. Letters along a curve become a line of their own.
    """
    curves = list(_curves([glyph for glyph in glyphs if not glyph.added and not glyph.text.isspace()]))
    bent = {id(glyph) for curve in curves for glyph in curve}
    straight = [glyph for glyph in glyphs if id(glyph) not in bent]
    upright = [glyph for glyph in straight if _lean(glyph.angle, 0) <= UPRIGHT]
    if upright:
        yield _in_lines([glyph for glyph in upright if not glyph.added]) if page_turned else upright
    alike: dict[int, list[Glyph]] = {}
    for glyph in straight:
        if _lean(glyph.angle, 0) > UPRIGHT and not glyph.added:
            key = next((key for key in alike if _lean(key, glyph.angle) <= SAME_LEAN), round(glyph.angle))
            alike.setdefault(key, []).append(glyph)
    for group in alike.values():
        yield _in_lines([_turned(glyph, group[0].angle) for glyph in group])
    yield from map(_straightened, curves)


def _lean(one: float, other: float) -> float:
    """Return the angle between two directions, in degrees from 0 to 180."""
    apart = abs(one - other) % 360
    return min(apart, 360 - apart)


def _curves(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield each run of letters that turn step by step, each near the one before."""
    curve: list[Glyph] = []
    for before, glyph in pairwise(glyphs):
        if _bends(before, glyph):
            curve = curve or [before]
            curve.append(glyph)
        elif curve:
            if len(curve) >= LEAST_CURVE:
                yield curve
            curve = []
    if len(curve) >= LEAST_CURVE:
        yield curve


def _bends(one: Glyph, other: Glyph) -> bool:
    return LEAST_BEND < _lean(one.angle, other.angle) <= MOST_BEND and _is_near(one, other)


def _is_near(one: Glyph, other: Glyph) -> bool:
    return _apart(one, other) <= NEAR * max(one.size, other.size, 1.0)


def _apart(one: Glyph, other: Glyph) -> float:
    """Return how far the middles of two characters lie apart, in points."""
    across = (one.left + one.right - other.left - other.right) / 2
    return math.hypot(across, _middle(one) - _middle(other))


def _turned(glyph: Glyph, angle: float) -> Glyph:
    """Turn a character upright; its own width and height are found from the upright box around it as it lies."""
    across, up = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    wide, high = glyph.right - glyph.left, glyph.bottom - glyph.top
    fold = across * across - up * up
    if abs(fold) > 0.2:
        width, height = (wide * across - high * up) / fold, (high * across - wide * up) / fold
    else:  # near 45 degrees the box does not tell one from the other
        height = LOOSE * glyph.size
        width = (wide - height * up) / across
    width, height = max(width, 0.1), max(height, 0.1)
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    turn = math.radians(angle)
    along = x * math.cos(turn) - y * math.sin(turn)
    down = x * math.sin(turn) + y * math.cos(turn)
    return Glyph(
        glyph.text, along - width / 2, down - height / 2, along + width / 2, down + height / 2, 0.0, glyph.size
    )


def _in_lines(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Put characters line under line, each from left to right, whatever the file's order; add missing blanks."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=_middle):
        height = glyph.bottom - glyph.top
        if not lines or _middle(glyph) - _middle(lines[-1][0]) > 0.5 * height:
            lines.append([])
        lines[-1].append(glyph)
    laid: list[Glyph] = []
    for line in lines:
        for glyph in sorted(line, key=lambda one: one.left):
            before = laid[-1] if laid else None
            if before is not None and not before.text.isspace() and not glyph.text.isspace():
                height = glyph.bottom - glyph.top
                if glyph.left - before.right > APART * height:
                    laid.append(Glyph(" ", before.right, before.top, before.right, before.bottom, added=True))
            laid.append(glyph)
        laid.append(Glyph("\n", 0, 0, 0, 0, added=True))
    return laid


def _middle(glyph: Glyph) -> float:
    return (glyph.top + glyph.bottom) / 2


def _straightened(curve: Sequence[Glyph]) -> list[Glyph]:
    """Lay the letters of a curve side by side on a line, in the file's order, with a blank where they stand apart."""
    steps = [_apart(one, other) for one, other in pairwise(curve)]
    usual = statistics.median(steps)
    laid: list[Glyph] = []
    for place, (step, glyph) in enumerate(zip([0.0, *steps], curve, strict=True)):
        if step > WIDE_STEP * usual:
            laid.append(Glyph(" ", place, 0, place, 1, added=True))
        laid.append(Glyph(glyph.text, place, 0, place + 0.9, 1))
    return laid


# The characters of a page as text, in the order a person reads them: down one column, then down the next.


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters side by side on one line, without a gap that could part two columns."""

    text: str
    """The character."""
    left: float
    """Its left edge, in points from the left of the page."""
    top: float
    """Its upper edge, in points from the top of the page."""
    right: float
    """Its right edge."""
    bottom: float
    """Its lower edge."""

    @property
    def height(self) -> float:
        return self.bottom - self.top


# Stands for a hyphen at the end of a line, as PDFium reports it.
LINE_HYPHEN = "\x02"
# A gap this many times the letters' height wide, over this many lines, with prose on both sides, parts columns.
GUTTER = 0.7
LEAST_LINES = 4
PROSE = 14


def in_reading_order(glyphs: list[Glyph], *, page_turned: bool = False) -> str:
    """Return the page's text. Only a gutter with prose on both sides reorders; all else stays as the file has it.

    What lies on its side, leans or follows a curve comes after what stands upright.
    """
    text = "\n".join(
        line for alike in laid_upright(glyphs, page_turned=page_turned) for line in _lines(_runs(alike))
    ).strip()
    # A word parted at a line's end becomes whole again; a double-barrelled name keeps its hyphen.
    return re.sub(rf"{LINE_HYPHEN}\s*", "-", re.sub(rf"{LINE_HYPHEN}\s*(?=[a-z])", "", text))


def _runs(glyphs: list[Glyph]) -> list[_Run]:
    """Join characters, in the file's order, into runs; a line break or a wide gap ends one."""
    runs: list[_Run] = []
    text: list[str] = []
    box: tuple[float, float, float, float] | None = None

    def end() -> None:
        nonlocal box
        joined = "".join(text).strip()
        if box is not None and joined:
            runs.append(_Run(joined, *box))
        text.clear()
        box = None

    for glyph in glyphs:
        if glyph.text in "\r\n\u2028\u2029":
            end()
            continue
        if glyph.text.isspace() or glyph.text == LINE_HYPHEN or glyph.right <= glyph.left:
            # Blanks have no reliable box; they never open a run.
            if text:
                text.append(" " if glyph.text.isspace() else glyph.text)
            continue
        if box is not None:
            height = max(box[3] - box[1], glyph.bottom - glyph.top)
            far = glyph.left - box[2] > GUTTER * height or glyph.left < box[0] - GUTTER * height
            if far or min(box[3], glyph.bottom) - max(box[1], glyph.top) < 0.3 * min(height, glyph.bottom - glyph.top):
                end()
        text.append(glyph.text)
        box = (
            (glyph.left, glyph.top, glyph.right, glyph.bottom)
            if box is None
            else (min(box[0], glyph.left), min(box[1], glyph.top), max(box[2], glyph.right), max(box[3], glyph.bottom))
        )
    end()
    return runs


def _lines(runs: list[_Run]) -> list[str]:
    gutter = _gutter(runs)
    if gutter is None:
        return _in_file_order(runs)
    left, right = gutter
    start = min(run.top for run in runs if run.right <= left or run.left >= right)
    crossing = [run for run in runs if run.left < left and run.right > right]
    # What spans both columns (a headline, a closing line) cuts the page into bands, read one after the other.
    cuts = sorted(run.top for run in crossing)
    lines: list[str] = []
    rest = [run for run in runs if run not in crossing]
    for top, bottom in zip([min(start, *cuts, start) - 1, *cuts], [*cuts, float("inf")], strict=True):
        lines += [run.text for run in crossing if run.top == top]
        band = [run for run in rest if top <= run.top < bottom]
        lines += _lines([run for run in band if run.right <= (left + right) / 2])
        lines += _lines([run for run in band if run.right > (left + right) / 2])
    return lines


def _in_file_order(runs: list[_Run]) -> list[str]:
    """Runs that follow one another on one line become one line again (a table's row, a wide gap)."""
    lines: list[str] = []
    before: _Run | None = None
    for run in runs:
        level = before is not None and min(before.bottom, run.bottom) - max(before.top, run.top) > 0.5 * run.height
        if before is not None and level and run.left >= before.left:
            lines[-1] += f"  {run.text}"
        else:
            lines.append(run.text)
        before = run
    return lines


def _gutter(runs: list[_Run]) -> tuple[float, float] | None:
    """Return left and right edge of an upright white band that parts prose from prose, or None."""
    if len(runs) < 2 * LEAST_LINES:
        return None
    height = statistics.median(run.height for run in runs)
    edges = sorted({run.right for run in runs})
    best: tuple[float, float] | None = None
    for left in edges:
        starts = [run.left for run in runs if run.left > left]
        if not starts or min(starts) - left < GUTTER * height:
            continue
        right = min(starts)
        before = [run for run in runs if run.right <= left]
        after = [run for run in runs if run.left >= right]
        if not (_is_prose(before) and _is_prose(after)) or len(runs) - len(before) - len(after) > 0.25 * len(runs):
            continue
        shared = min(max(r.bottom for r in before), max(r.bottom for r in after)) - max(
            min(r.top for r in before), min(r.top for r in after)
        )
        if shared > LEAST_LINES * height and (best is None or right - left > best[1] - best[0]):
            best = (left, right)
    return best


def _is_prose(runs: list[_Run]) -> bool:
    return len(runs) >= LEAST_LINES and statistics.median(len(run.text) for run in runs) >= PROSE
