"""Whose turn it is: photos are looked at one request after another, a few may wait, and nobody asks without end."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings as django_settings

from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.workers import PHOTO_SECONDS, ExamineWorkers
from auditbot.machine.confinement import Folders
from auditbot.model import Box
from auditbot.prepublish.draft_check import ready_gallery
from auditbot.prepublish.draft_pictures import no_picture, plain_copy, small_picture
from auditbot.prepublish.photo_check import CheckedPhoto, Request, judged_photos
from auditbot.registers.declared import Declared
from auditbot.settings import Settings, Workspace

MOST_WAITING = 5
"""Requests that may wait besides the one that is answered; the next is told to come back in a minute."""
PHOTOS_AN_HOUR = 150
"""Photos that one person may ask about in an hour: five posts of thirty. Beyond that it is no posting any more."""
REST_SECONDS = 300.0
"""Workers that nobody needed for so long are ended: each holds about 300 MB."""


class PhotoQueue:
    """The line in front of the workers of one process."""

    def __init__(self) -> None:
        self._waiting = threading.BoundedSemaphore(MOST_WAITING + 1)
        self._one = threading.Lock()
        self._open = ExitStack()
        self._workers: ExamineWorkers | None = None
        self._gallery: tuple[object, Gallery] | None = None
        self._rest: threading.Timer | None = None
        self._asked: dict[str, deque[float]] = {}
        self._counting = threading.Lock()

    def may_ask(self, person: str, photos: int) -> bool:
        """Count photos of a person, and return whether that many may still be asked about in this hour."""
        now = time.monotonic()
        with self._counting:
            line = self._asked.setdefault(person, deque())
            while line and now - line[0] > 3600:
                line.popleft()
            if len(line) + photos > PHOTOS_AN_HOUR:
                return False
            line.extend([now] * photos)
            return True

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for one's turn; False at once if too many wait already."""
        if not self._waiting.acquire(blocking=False):
            yield False
            return
        try:
            with self._one:
                yield True
        finally:
            self._waiting.release()

    def looked_at(
        self,
        paths: Sequence[Path],
        request: Request,
        workspace: Workspace,
        settings: Settings,
        declared: Declared,
    ) -> list[CheckedPhoto]:
        """Return what follows from each photo, in the order given; call it within a turn."""
        workers, gallery = self._awake(settings), self._ready(workspace, settings, declared)
        seen = {one.path: one for one in judged_photos(paths, request, settings, declared, gallery, workers)}
        return [seen[path] for path in paths]

    def small(
        self, paths: Sequence[Path], boxes: Mapping[Path, Sequence[Box]], settings: Settings
    ) -> Mapping[Path, bytes]:
        """Return each photo made small, with its boxes numbered; call it within a turn."""
        task = partial(small_picture, boxes=boxes, max_megapixels=settings.examine.max_megapixels)
        return dict(self._awake(settings).map(task, paths, no_picture, PHOTO_SECONDS))

    def copied(self, path: Path, settings: Settings) -> bytes:
        """Return a photo without what its file tells, as JPEG; empty if it cannot be opened; within a turn."""
        task = partial(plain_copy, max_megapixels=settings.examine.max_megapixels)
        return dict(self._awake(settings).map(task, [path], no_picture, PHOTO_SECONDS))[path]

    def _awake(self, settings: Settings) -> ExamineWorkers:
        """Return the workers, begun if they rest; they rest again once nobody has asked for a while."""
        if self._rest is not None:
            self._rest.cancel()
        if self._workers is None:
            uploads = Path(django_settings.FILE_UPLOAD_TEMP_DIR or "")
            self._workers = self._open.enter_context(ExamineWorkers(settings, only=Folders((uploads,))))
        self._rest = threading.Timer(REST_SECONDS, self.rest)
        self._rest.daemon = True
        self._rest.start()
        return self._workers

    def _ready(self, workspace: Workspace, settings: Settings, declared: Declared) -> Gallery:
        sealed = workspace.data / "templates.sealed"
        stamp = (sealed.stat().st_mtime_ns if sealed.is_file() else 0, id(declared))
        if self._gallery is None or self._gallery[0] != stamp:
            self._gallery = (stamp, ready_gallery(workspace, settings, declared))
        return self._gallery[1]

    def rest(self) -> None:
        """End the workers, and forget the vectors, until somebody asks again."""
        with self._one:
            self._open.close()
            self._workers = self._gallery = None


photo_queue = PhotoQueue()
"""Those of this process."""
