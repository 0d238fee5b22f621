"""Workers that open files of unknown origin: without a network, and with no more of the disk than they are given.

Bubblewrap does it, where Linux has it and allows it. Elsewhere a worker has what the user has, and ``doctor`` says so.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from auditbot.machine.environment import for_children

PROGRAM = "bwrap"
"""Bubblewrap's program; its package is called bubblewrap."""
_TRIED_SECONDS = 20.0
_ALONE = ("--unshare-net", "--unshare-pid", "--new-session")
# The system's programs and libraries, and of its settings those without which a library does not load.
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt"),
    *(
        "/etc/ld.so.cache",
        "/etc/ld.so.conf",
        "/etc/ld.so.conf.d",
        "/etc/alternatives",
        "/etc/localtime",
        "/sys/devices",
    ),
)
"""What every program needs to read."""


@dataclass(frozen=True, slots=True)
class Folders:
    """What workers are given of the disk besides the program."""

    written: tuple[Path, ...]
    """Folders that they read and write."""
    read: tuple[Path, ...] = ()
    """Folders that they read."""


class ConfinedPython:
    """A program to start workers with in place of Python's own; ``end`` removes it."""

    def __init__(self, only: Folders | None) -> None:
        """``only`` is what workers are given of the disk besides the program; None leaves them all of it."""
        self._folder: Path | None = None
        self.path: Path | None = None
        """The program; None where this system confines nothing."""
        if confines():
            self._folder = Path(tempfile.mkdtemp(prefix="auditbot-"))
            self.path = program_of(self._folder / "python", [*_confined(only), "--", sys.executable])

    def end(self) -> None:
        """Remove the program; workers that were started by it go on."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self.path = None


@cache
def confines() -> bool:
    """Whether this system lets us confine a worker: tried once, with such a program as workers are started with."""
    return has_bubblewrap() and starts([*_confined(Folders(())), "--", sys.executable], "-c", "pass")


def has_bubblewrap() -> bool:
    """Whether bubblewrap is there; whether it may confine anything is another matter."""
    return sys.platform == "linux" and shutil.which(PROGRAM) is not None


def starts(words: Sequence[str], *more: str) -> bool:
    """Whether a program that begins with these words starts here and ends well when it is given ``more``."""
    with tempfile.TemporaryDirectory(prefix="auditbot-") as folder:
        command = [str(program_of(Path(folder, "program"), words)), *more]
        try:
            tried = subprocess.run(
                command, check=False, capture_output=True, env=for_children(), timeout=_TRIED_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired):  # such as a folder from which no program may start
            return False
    return tried.returncode == 0


def program_of(path: Path, words: Sequence[str]) -> Path:
    """Write a program that is these words and what it is given; return its path."""
    path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', "utf-8")
    path.chmod(0o700)
    return path


def _confined(only: Folders | None) -> list[str]:
    program = shutil.which(PROGRAM) or PROGRAM
    # Bubblewrap takes root's right to other users' files away, and a workspace is another user's when root looks at it.
    rights = ["--cap-add", "CAP_DAC_OVERRIDE"] if os.geteuid() == 0 else []
    if only is None:
        return [program, *_ALONE, *rights, "--dev-bind", "/", "/", "--proc", "/proc"]
    words = [program, *_ALONE, *rights, "--tmpfs", "/tmp", "--dev-bind", "/dev", "/dev", "--proc", "/proc"]
    for place in (*SYSTEM, *_of_this_program()):
        words += ["--ro-bind-try", place, place]
    for way, folders in (("--ro-bind", only.read), ("--bind", only.written)):
        for folder in folders:
            words += [way, str(folder.absolute()), str(folder.absolute())]
    return [*words, "--setenv", "HOME", "/tmp", "--unsetenv", "TMPDIR", "--chdir", "/"]


def _of_this_program() -> list[str]:
    """Return where this Python, its environment and all that it imports lie.

    A worker reads the program that we were started as too, which may be a link elsewhere, as pipx and uv make one.
    """
    started_as = getattr(sys.modules["__main__"], "__file__", None) or ""
    places = [sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path(sys.executable).parent), *sys.path, started_as]
    return list(dict.fromkeys(str(Path(place).absolute()) for place in places if place))
