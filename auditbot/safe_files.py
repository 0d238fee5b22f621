"""Files and folders only this user may read; a file is written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
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


def is_intact(path: Path, sha256: str) -> bool:
    """Whether a file is there and its content still has this hash, in hexadecimal."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def link_or_copy(source: Path, target: Path) -> bool:
    """Let ``target`` be the same file as ``source``, or a copy of it where disks know no such links; False if neither.

    Whoever writes to one later has to unlink it first.
    """
    if target.exists() and target.samefile(source):
        return True
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        try:
            write_private(target, source.read_bytes())
        except OSError:
            return False
    return True


def remove_unfinished(folder: Path) -> None:
    """Remove what killed writes left in this folder."""
    for part in folder.glob(UNFINISHED):
        part.unlink(missing_ok=True)


# Several register files replaced in one step: all of them or none, however the program ends.

BEGUN, READY = ".replacing", ".to_replace"


def replace_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Replace these files of the folder, by name, also in a folder in it ("kept/old.csv").

    Raises OSError, and then either all are replaced or none is.

    The new files are first written to a folder of their own. Its new name says that they are whole; from then on
    :func:`finish_replacing` brings them to their places, at once or when the registers are next read.
    """
    finish_replacing(folder)
    begun = private_folder(folder / BEGUN)
    for name, content in contents.items():
        private_folder((begun / name).parent)
        write_private(begun / name, content)
    begun.replace(folder / READY)
    finish_replacing(folder)


def finish_replacing(folder: Path) -> None:
    """Finish what a program that was stopped had begun: bring whole files to their places, remove what is not whole."""
    ready = folder / READY
    if ready.is_dir():
        for part in sorted(path for path in ready.rglob("*") if path.is_file()):
            place = folder / part.relative_to(ready)
            private_folder(place.parent)
            write_private(place.resolve(), part.read_bytes())
        shutil.rmtree(ready)
    if (folder / BEGUN).is_dir():
        shutil.rmtree(folder / BEGUN)
