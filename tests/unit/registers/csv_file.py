"""Writes a register for a test and returns the problems that reading it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditbot.errors import RegisterError


def write(folder: Path, *lines: str, name: str = "register.csv") -> Path:
    """Write the lines as UTF-8, each ended by a newline, and return the file."""
    path = folder / name
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return path


def problems_of(read: Callable[[Path], Any], path: Path) -> list[str]:
    """Read the file, which must be refused, and return each problem named."""
    with pytest.raises(RegisterError) as stopped:
        read(path)
    first, *lines = str(stopped.value).splitlines()
    assert first == f"{path} cannot be trusted:"
    return [line.removeprefix("  - ") for line in lines]
