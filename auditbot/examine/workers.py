"""Worker processes that examine files. One hostile file costs at most its own result, never the run.

Paths travel to the workers, facts travel back. A worker lives no longer than the process that started it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection, spawn
from pathlib import Path
from types import TracebackType
from typing import Protocol, TypeVar

import cv2
import psutil

if sys.platform != "win32":
    import resource

from auditbot.errors import AuditbotError, WorkersLost
from auditbot.examine.documents import examine_document, unread_document
from auditbot.examine.films import examine_captions, examine_film, unread_film
from auditbot.examine.photo import ExaminedPhoto, Models, examine_photo, unexamined
from auditbot.log import FAULT_TOLD, Event, log_event, log_fault, note_trace
from auditbot.machine.confinement import ConfinedPython, Folders
from auditbot.machine.environment import short_environment
from auditbot.model import DocumentFacts, Spool
from auditbot.sentences import Sentence, say
from auditbot.settings import Settings

Facts = TypeVar("Facts")
Facts_co = TypeVar("Facts_co", covariant=True)

PHOTO_SECONDS = 300.0
DOCUMENT_SECONDS, SECONDS_A_MEGABYTE = 60.0, 20.0
"""An ordinary document has a minute, a large one more for each megabyte, up to what a film has."""
FILM_SECONDS = 600.0
TIRED_BYTES = 600 * 1024**2
"""Workers are replaced once one has grown beyond this."""
MOST_BYTES = 3 * 1024**3
"""No worker may take more than this: a file that needs more is not examined."""
M_MMAP_THRESHOLD = -3
"""Number of that option in the C library of Linux."""
QUIET = "-8"
"""The level at which the decoders of films write nothing."""
STOPPED = say("Its decoder stopped or took too long, so the file was not examined.")


@dataclass(frozen=True, slots=True, eq=False)
class OwnPhoto:
    """A photo of the school's own that was examined where it lies."""

    path: Path
    """The file."""
    examined: ExaminedPhoto
    """What was found in it, with face vectors, never stored."""


class Guarded(Protocol[Facts_co]):
    """A task that is bounded in time: returns what was found in a file, and the worker's size in bytes."""

    def __call__(self, path: Path, /) -> tuple[Facts_co, int]:
        """Look at one file."""


class Pool(Protocol):
    """Whatever can look at files elsewhere, with the futures of :mod:`concurrent.futures`."""

    @property
    def at_once(self) -> int:
        """How many files are looked at together."""

    def submit(self, guarded: Guarded[Facts], path: Path) -> Future[tuple[Facts, int]]:
        """Begin to look at one file."""

    def renew(self) -> None:
        """See to it that the next file begins with fresh workers; none is looking at a file now."""

    def killed(self, error: BaseException | None) -> bool:
        """Whether an error says that a worker ended while it held a file: over this one, or over another beside it."""

    def end(self) -> None:
        """End the workers, or let go of them, whatever they are doing."""


class ProcessPool:
    """Worker processes of this machine, started when the first file comes."""

    def __init__(self, at_once: int, only: Folders | None = None) -> None:
        """``only`` is what the workers need of the disk; None leaves them all of it, for our own files."""
        self._at_once, self._only = at_once, only
        self._executor: ProcessPoolExecutor | None = None
        self._python: ConfinedPython | None = None
        self._leash: connection.Connection | None = None

    @property
    def at_once(self) -> int:
        """How many files are looked at together."""
        return self._at_once

    def submit(self, guarded: Guarded[Facts], path: Path) -> Future[tuple[Facts, int]]:
        """Begin to look at one file; a pool that has broken gives a future that says so."""
        with short_environment():  # which each worker that is started here inherits
            try:
                return self._submitted(guarded, path)
            except BrokenProcessPool as error:
                broken: Future[tuple[Facts, int]] = Future()
                broken.set_exception(error)
                return broken

    def _submitted(self, guarded: Guarded[Facts], path: Path) -> Future[tuple[Facts, int]]:
        """Submit within a block in which workers are started confined; one starts with the first files only."""
        executor, whole = self._started(), spawn.get_executable()
        if self._python is not None and self._python.path is not None:
            spawn.set_executable(os.fspath(self._python.path))
        try:
            return executor.submit(guarded, path)
        finally:
            spawn.set_executable(whole)

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._python = ConfinedPython(self._only)
            context = multiprocessing.get_context("spawn")
            worker_end, self._leash = context.Pipe(duplex=False)
            self._executor = ProcessPoolExecutor(self._at_once, context, _start_worker, (worker_end,))
        return self._executor

    def renew(self) -> None:
        """End all workers; the next file starts others."""
        self.end()

    def killed(self, error: BaseException | None) -> bool:
        """Whether the pool has broken: one worker's end is that of all."""
        return isinstance(error, BrokenProcessPool)

    def end(self) -> None:
        """End all workers now, whatever they are doing."""
        if self._executor is not None and self._leash is not None:
            self._leash.close()
            self._executor.shutdown(wait=True, cancel_futures=True)
        if self._python is not None:
            self._python.end()
        self._executor = self._leash = self._python = None


class ExamineWorkers:
    """Examines files in workers, as many as the settings say. Use it as a context manager.

    ``photos`` are workers elsewhere that look at photos; documents and films, whose pictures come into the spool, are
    always looked at on this machine.
    """

    def __init__(
        self,
        settings: Settings,
        ends_at: float = math.inf,
        photos: Pool | None = None,
        only: Folders | None = None,
    ) -> None:
        """``ends_at`` (time.monotonic) is when no further file is begun; what is left then waits for the next audit.

        ``only`` is what workers of this machine need of the disk, for files of unknown origin; None for our own files.
        """
        self._settings = settings
        self._ends_at = ends_at
        self._here = ProcessPool(settings.examine.workers or min(_processors(), _fit_into_memory()), only)
        self._photos: Pool = photos or self._here

    def __enter__(self) -> ExamineWorkers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._here.end()
        self._photos.end()

    def map_photos(self, paths: Iterable[Path]) -> Iterator[ExaminedPhoto]:
        """Examine photos; results come as they are ready. A file that cannot be examined gives its reason."""
        task = partial(_photo, self._settings)
        return self.map(task, paths, unexamined, PHOTO_SECONDS, self._photos)

    def map_own_photos(self, paths: Iterable[Path]) -> Iterator[OwnPhoto]:
        """Examine photos that are not named after their content; results come as they are ready, each with its path."""
        return self.map(partial(_own_photo, self._settings), paths, _unexamined_own, PHOTO_SECONDS)

    def map_documents(self, paths: Iterable[Path], spool: Spool) -> Iterator[DocumentFacts]:
        """Examine documents; results come as they are ready. Their pictures are in the spool when the result comes."""
        task = partial(examine_document, spool=spool, max_pages=self._settings.examine.max_document_pages)
        return self.map(task, paths, unread_document, _seconds_for_document)

    def map_films(self, paths: Iterable[Path], spool: Spool) -> Iterator[DocumentFacts]:
        """Look through films; results come as they are ready. Their frames are in the spool when the result comes."""
        task = partial(examine_film, spool=spool, most=self._settings.examine.video_frames)
        return self.map(task, paths, unread_film, FILM_SECONDS)

    def map_captions(self, paths: Iterable[Path]) -> Iterator[DocumentFacts]:
        """Read captions; results come as they are ready."""
        return self.map(examine_captions, paths, unread_document, PHOTO_SECONDS)

    def map(
        self,
        task: Callable[[Path], Facts],
        paths: Iterable[Path],
        failed: Callable[[Path, Sentence], Facts],
        seconds: float | Callable[[Path], float],
        pool: Pool | None = None,
    ) -> Iterator[Facts]:
        """Call ``task`` on every path in the workers; results come as they are ready, few paths are under way at once.

        A call that ends its worker, takes longer than ``seconds`` or fails in a way that nobody foresaw gives
        ``failed(path, reason)``; the last is logged, and the command ends with 70.
        Raises AuditbotError if a task does: that concerns the run, not the file.
        """
        pool = pool or self._here
        guarded: Guarded[Facts] = partial(_guarded, task, seconds)
        waiting = deque(paths)
        running: dict[Future[tuple[Facts, int]], Path] = {}
        tired = False
        while waiting or running:
            if waiting and time.monotonic() > self._ends_at:
                log_event(Event.BUDGET_SPENT, stage="examine", left=len(waiting))
                waiting.clear()
                continue
            while waiting and not tired and len(running) < 2 * pool.at_once:
                path = waiting.popleft()
                running[pool.submit(guarded, path)] = path
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            if any(_broke(future, pool) for future in done):
                done, _ = wait(running)
            suspects = []
            for future in done:
                path = running.pop(future)
                if _broke(future, pool):
                    suspects.append(path)
                    continue
                facts, size = _outcome(future, path, failed)
                tired = tired or size > TIRED_BYTES
                yield facts
            for path in suspects:
                # One of them ended its worker and so the pool. Alone, each shows whether it was the one.
                pool.renew()
                yield _alone(pool, guarded, path, failed)
            if suspects or (tired and not running):
                pool.renew()
                tired = False


def _alone(pool: Pool, guarded: Guarded[Facts], path: Path, failed: Callable[[Path, Sentence], Facts]) -> Facts:
    future = pool.submit(guarded, path)
    wait([future])
    return failed(path, STOPPED) if _broke(future, pool) else _outcome(future, path, failed)[0]


def _seconds_for_document(path: Path) -> float:
    return min(DOCUMENT_SECONDS + path.stat().st_size / 1e6 * SECONDS_A_MEGABYTE, FILM_SECONDS)


def _processors() -> int:
    """Return how many processors this program may use, which may be fewer than there are."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _fit_into_memory() -> int:
    """Return how many workers the memory that is free now holds, each grown until it is replaced; one at the least."""
    return max(int(psutil.virtual_memory().available // TIRED_BYTES), 1)


def _broke(future: Future[tuple[Facts, int]], pool: Pool) -> bool:
    return not future.cancelled() and pool.killed(future.exception())


def _outcome(
    future: Future[tuple[Facts, int]], path: Path, failed: Callable[[Path, Sentence], Facts]
) -> tuple[Facts, int]:
    try:
        error = future.exception()
    except CancelledError as lost:
        raise WorkersLost from lost
    if error is None:
        return future.result()
    if isinstance(error, AuditbotError):
        raise error
    if isinstance(error, MemoryError):
        return failed(path, say("The file needs more memory than one file may take, so it was not examined.")), 0
    log_fault("examine", error)
    return failed(path, FAULT_TOLD), 0


# --- in the worker ------------------------------------------------------------------------------------------------

_models = Models()
_devnull = Path(os.devnull).open("w")  # noqa: SIM115  open as long as the worker lives


def _start_worker(leash: connection.Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which then ends its workers
    prepare_worker()
    threading.Thread(target=_end_with_main_process, args=(leash,), daemon=True).start()


def prepare_worker() -> None:
    """Make this process fit to open files of unknown origin: one thread, quiet decoders, bounded memory."""
    cv2.setNumThreads(1)
    # What decoders think of a hostile file is no message for whoever runs the audit.
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = QUIET
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    _limit_memory()


def _limit_memory() -> None:
    if sys.platform == "win32":  # which has no such limits
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = MOST_BYTES if most == resource.RLIM_INFINITY else min(MOST_BYTES, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
    # Blocks from 4 MB on go straight back to the system when freed: photos differ in size and would leave gaps.
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_MMAP_THRESHOLD, 4 * 1024**2)
    # A core file would hold the pixels of a child's photo.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_main_process(leash: connection.Connection) -> None:
    """Wait until the main process lets go, or is gone, however it ended."""
    main = multiprocessing.parent_process()
    connection.wait([leash, *([main.sentinel] if main else [])])
    os._exit(0)


def _guarded(task: Callable[[Path], Facts], seconds: float | Callable[[Path], float], path: Path) -> tuple[Facts, int]:
    """Run a task against the clock; return its result and the worker's size in bytes."""
    faulthandler.dump_traceback_later(seconds(path) if callable(seconds) else seconds, exit=True, file=_devnull)
    try:
        facts = task(path)
    except Exception as error:
        note_trace(error)
        raise
    finally:
        faulthandler.cancel_dump_traceback_later()
        _give_back_memory()
    return facts, psutil.Process().memory_info().rss


def _give_back_memory() -> None:
    """Return freed memory to the system at once: the C library would keep it for a next photo as large."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def _photo(settings: Settings, path: Path) -> ExaminedPhoto:
    return examine_photo(path, settings, _models)


def _own_photo(settings: Settings, path: Path) -> OwnPhoto:
    return OwnPhoto(path, _photo(settings, path))


def _unexamined_own(path: Path, reason: Sentence) -> OwnPhoto:
    try:
        return OwnPhoto(path, unexamined(path, reason))
    except OSError as error:
        why = say("The file cannot be read (%(strerror)s).", strerror=error.strerror or "")
        return OwnPhoto(path, ExaminedPhoto("", 0, 0, (), (), not_examined=why))
