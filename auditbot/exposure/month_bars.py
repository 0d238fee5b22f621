"""Months as bars of a drawing, each in pieces by grade from the worst below to no face above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditbot.sentences import SHORT_MONTHS

LEFT, WIDE, TOP, BOTTOM = 12.0, 448.0, 22.0, 150.0
"""Where the bars stand in the drawing."""
WIDEST, SHARE_OF_STEP = 64.0, 0.74
"""How wide a bar is at most, and of the room that its month has."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar."""

    pattern: int
    """Its pattern: 0 for the worst grade, then the others, 4 for no face."""
    y: float
    """Its upper edge in the drawing."""
    high: float
    """Its height."""
    count: int
    """What it counts."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One month."""

    name: str
    """The month in a few letters; of a whole year its number."""
    year: int
    """Its year."""
    x: float
    """Left edge in the drawing."""
    wide: float
    """Width."""
    parts: tuple[Part, ...]
    """Its pieces, from below."""
    share: str
    """Which share of it is of the worst grade, in hundredths; empty for an empty month."""

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.wide / 2, 1)


def month_bars(stacks: Sequence[tuple[int, int, Sequence[int]]]) -> tuple[Bar, ...]:
    """Return the bars of months in their order: each is a year, a month and counts by grade, the worst first.

    Month 0 stands for a whole year.
    """
    most = max((sum(counts) for _, _, counts in stacks), default=0)
    step = WIDE / max(1, len(stacks))
    wide = round(min(WIDEST, SHARE_OF_STEP * step), 1)
    return tuple(
        Bar(
            name=str(SHORT_MONTHS[month - 1]) if month else str(year),
            year=year,
            x=round(LEFT + number * step + (step - wide) / 2, 1),
            wide=wide,
            parts=tuple(_parts(counts, most)),
            share=f"{round(100 * counts[0] / sum(counts))}%" if sum(counts) else "",
        )
        for number, (year, month, counts) in enumerate(stacks)
    )


def _parts(counts: Iterable[int], most: int) -> Iterable[Part]:
    top = BOTTOM
    for pattern, count in enumerate(counts):
        high = round((BOTTOM - TOP) * count / max(1, most), 1)
        if high:
            top = round(top - high, 1)
            yield Part(pattern, top, high, count)
