"""One line of the doctor's list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Standing = Literal["good", "note", "missing"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's list."""

    name: str
    """What was looked at."""
    standing: Standing
    """good, note (an audit runs, with less), or missing (no audit runs)."""
    message: str
    """What was found, and how to mend it."""
