"""The small plot of the gallery's trial: what would be named at each score, of the right children and of strangers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditbot.examine.leave_one_out import Trial

WIDTH, HEIGHT = 480, 200
LEFT, TOP, RIGHT, BOTTOM = 44, 12, 470, 160
LOWEST, HIGHEST = 0.0, 1.0
STEPS = 50


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines in the pixels of a drawing of WIDTH x HEIGHT."""

    right: str
    """Points of the line of photos whose right child came first; empty if none could be tried."""
    strangers: str
    """Points of the line of strangers' photos."""
    bar: float
    """Where the score lies from which a face is named."""


def plot(trial: Trial) -> Plot:
    """Return the lines: at each score, the share of photos that reach it."""
    return Plot(
        right=_line(trial.right_scores, trial.tried),
        strangers=_line(trial.stranger_scores, trial.strangers),
        bar=_x(trial.named_above),
    )


def _line(scores: Sequence[float], of: int) -> str:
    if not of:
        return ""
    steps = [LOWEST + (HIGHEST - LOWEST) * step / STEPS for step in range(STEPS + 1)]
    shares = [sum(score >= at for score in scores) / of for at in steps]
    return " ".join(
        f"{_x(at):.1f},{BOTTOM - share * (BOTTOM - TOP):.1f}" for at, share in zip(steps, shares, strict=True)
    )


def _x(score: float) -> float:
    inside = min(max(score, LOWEST), HIGHEST)
    return round(LEFT + (inside - LOWEST) / (HIGHEST - LOWEST) * (RIGHT - LEFT), 1)
