"""Files and folders only this user may read; a file is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

UNFINISHED = ".*.part"
"""What a write that was killed leaves beside the file it was meant for."""


def private_folder(path: Path) -> Path:
    """Make the folder with its parents if it is not there, let only this user into it, and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def write_private(path: Path, content: bytes) -> None:
    """Write the file in one step, for this user only from its first moment, and safe on the disk. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")  # mode 0600
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what killed writes left in this folder."""
    for part in folder.glob(UNFINISHED):
        part.unlink(missing_ok=True)
