"""How photos come in: to this page alone, from somebody signed in, few and small enough, and where they lie meanwhile.

They lie in memory where the system offers a folder for that, else in the workspace's own data folder, under names that
say nothing, readable by this user only; each is removed as soon as it was answered, and what a killed process left when
the page begins anew.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import SkipFile, StopUpload, TemporaryFileUploadHandler

from auditbot.safe_files import private_folder
from auditbot.sentences import _

MEMORY = Path("/dev/shm")
"""Where Linux keeps files that lie on no disk."""
ROOM = 512 * 2**20
"""Bytes that must be free there; a container often offers only 64 MB."""
MOST_FILES = 30
LARGEST_FILE = 25 * 2**20
LARGEST_REQUEST = 160 * 2**20
BEGINS = "auditbot-draft-"
TAKES_FILES = ("/before", "/before/photo", "/before/copy")


def prepare(data: Path) -> Path:
    """Return the folder in which uploads of this process lie, after removing what earlier processes left."""
    place = private_folder(data / "drafts")
    for left in (place, *([MEMORY] if MEMORY.is_dir() else [])):
        for folder in left.glob(f"{BEGINS}*"):
            if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == _user() and _is_dead(folder):
                shutil.rmtree(folder, ignore_errors=True)
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return Path(tempfile.mkdtemp(prefix=f"{BEGINS}{os.getpid()}-", dir=MEMORY if roomy else place))


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_dead(folder: Path) -> bool:
    """Whether the process that made a folder has ended."""
    import psutil  # noqa: PLC0415  asked once, when the page begins

    number = folder.name.removeprefix(BEGINS).partition("-")[0]
    return not number.isdecimal() or not psutil.pid_exists(int(number))


@contextmanager
def out_of_sight(files: list[Any]) -> Iterator[list[Path]]:
    """Move uploads to a folder of this request, each under a plain form of its own name, and remove all in the end."""
    from django.conf import settings  # noqa: PLC0415  made by then

    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as place:
        paths = []
        for number, file in enumerate(files):
            path = private_folder(Path(place) / str(number)) / _plain(file.name)
            with path.open("xb") as out:
                shutil.copyfileobj(file, out)
            file.close()  # which removes it from where it came in
            paths.append(path)
        yield paths


LONGEST_NAME = 200
"""Bytes of a file's name; the end is kept, with what says its kind."""


def _plain(name: str) -> str:
    """Return a file name without anything that could lead elsewhere; a surname in it is still found."""
    kept = "".join(sign for sign in Path(name).name if sign.isalnum() or sign in " ._-")[-80:].lstrip(".")
    while len(kept.encode()) > LONGEST_NAME:  # file systems count bytes, and letters may have four
        kept = kept[1:]
    return kept.strip(" .") or "photo"


class DraftUpload(TemporaryFileUploadHandler):
    """Takes files for this page from somebody signed in, and drops what is too large."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Refuse at once what is too much: nothing of it is read."""
        request: Any = self.request
        self._taken = request.path in TAKES_FILES and SESSION_KEY in request.session
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig(_("The photos are too large together."))
        request.left_out = []

    def new_file(self, *args: Any, **named: Any) -> None:
        """Begin a file; on any other page, or from nobody signed in, the rest of the request is not read."""
        if not self._taken:
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a piece of a file, or leave the file out once it is too large."""
        if start + len(raw_data) > LARGEST_FILE:
            self.upload_interrupted()
            self.request.left_out.append(self.file_name or "")  # type: ignore[union-attr]
            raise SkipFile
        super().receive_data_chunk(raw_data, start)
        return None
