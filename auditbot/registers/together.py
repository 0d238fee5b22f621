"""Several register files replaced in one step: all of them or none, however the program ends."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from auditbot.private_files import private_folder, write_private

BEGUN, READY = ".replacing", ".to_replace"


def replace_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Replace these files of the folder, by name. Raises OSError, and then either all are replaced or none is.

    The new files are first written to a folder of their own. Its new name says that they are whole; from then on
    :func:`finish_replacing` brings them to their places, at once or when the registers are next read.
    """
    finish_replacing(folder)
    begun = private_folder(folder / BEGUN)
    for name, content in contents.items():
        write_private(begun / name, content)
    begun.replace(folder / READY)
    finish_replacing(folder)


def finish_replacing(folder: Path) -> None:
    """Finish what a program that was stopped had begun: bring whole files to their places, remove what is not whole."""
    ready = folder / READY
    if ready.is_dir():
        for part in sorted(ready.iterdir()):
            write_private((folder / part.name).resolve(), part.read_bytes())
        shutil.rmtree(ready)
    if (folder / BEGUN).is_dir():
        shutil.rmtree(folder / BEGUN)
