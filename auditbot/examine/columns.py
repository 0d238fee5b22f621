"""The characters of a page as text, in the order a person reads them: down one column, then down the next."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass


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


def in_reading_order(glyphs: list[Glyph]) -> str:
    """Return the page's text. Only a gutter with prose on both sides reorders; all else stays as the file has it."""
    text = "\n".join(_lines(_runs(glyphs))).strip()
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
