"""Characters that lie on their side, lean or follow a curve, laid upright so that they read as lines.

A page may be stored sideways and shown upright, a margin may run upwards, a headline may lean or bend. The box
of a leaning letter is larger than the letter, and a reader that goes by boxes alone takes each letter for a line.
"""

from __future__ import annotations

import math
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
