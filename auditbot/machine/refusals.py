"""What this machine refuses, as a sentence: which file or folder, whose it is, and what to type."""

from __future__ import annotations

import errno
import getpass
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from auditbot.errors import AuditbotError, StoreDamaged

MOST_TOLD = 8
"""So many problems of a workspace are told at once."""

_NEEDS_NO_RIGHTS = sys.platform == "win32"  # os.access tells nothing there; what is refused is told when it is


class MachineRefused(AuditbotError):
    """A file, a folder, the disk or the system refused what an audit needs."""


class WorkspaceClosed(AuditbotError):
    """Parts of a workspace are not what they should be, or may not be read or written by this user."""

    def __init__(self, folder: Path, problems: list[str]) -> None:
        more = len(problems) - MOST_TOLD
        told = [f"  - {problem}" for problem in problems[:MOST_TOLD]] + ([f"  - and {more} more"] if more > 0 else [])
        mend = f"\nAs root, type: chown -R {_user()} {folder}" if any("may not" in each for each in problems) else ""
        super().__init__(f"{folder} cannot be used as it is:\n" + "\n".join(told) + mend)


def refusal(error: OSError) -> MachineRefused:
    """Return what the system said as an error whose sentence names the place and what to do."""
    place = error.filename2 or error.filename
    path = Path(os.fsdecode(place)) if isinstance(place, str | bytes) else None
    return MachineRefused(_in_words(error.errno or 0, path, error.strerror or type(error).__name__))


_KEPT = "What was done before is kept; then run the same command again."
_FULL = f"{{place}} cannot be written: the disk is full. Make room. {_KEPT}"
_IN_THE_WAY = "{way} is a file where a folder should be. Move it away, and run the same command again."
_TOO_MANY_FILES = f"This computer allows no more open files. Raise the limit (ulimit -n). {_KEPT}"
_SENTENCES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: "{place} cannot be written: its disk is mounted to be read only.",
    errno.ENOENT: "{place} is not there. Bring it back, or name another place.",
    errno.EISDIR: "{place} is a folder where a file should be. Move it away, and run the same command again.",
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.ELOOP: "{place} is a link that leads round in a circle. Name the folder itself.",
    errno.ENAMETOOLONG: "{place} is too long a name for this computer. Choose a shorter one.",
    errno.EMFILE: _TOO_MANY_FILES,
    errno.ENFILE: _TOO_MANY_FILES,
    errno.EIO: "{place}: the disk answered with an error. Have the disk looked at before anything else.",
    errno.ENOMEM: f"This computer has no memory left. Close other programs. {_KEPT}",
}


def _in_words(code: int, path: Path | None, said: str) -> str:
    if code in (errno.EACCES, errno.EPERM) and path:
        return _whose(path)
    sentence = _SENTENCES.get(code)
    place = str(path) if path else "A file of this computer"
    if sentence is None:
        return f"{place}: this computer refused it ({said}). {_KEPT}"
    return sentence.format(place=place, way=_file_on_the_way(path))


# By SQLite's primary result codes (sqlite.org/rescode.html): what a school can do something about.
_BUSY, _LOCKED, _READ_ONLY, _IO, _CORRUPT, _FULL_CODE, _CANNOT_OPEN, _NO_DATABASE = 5, 6, 8, 10, 11, 13, 14, 26
_NO_ROOM = 1_000_000
"""Bytes: a disk with less room than this is full."""
_OF_DATABASES = {
    _BUSY: f"{{place}} is held by another program. Close it, or wait until it is done. {_KEPT}",
    _LOCKED: f"{{place}} is held by another program. Close it, or wait until it is done. {_KEPT}",
    _READ_ONLY: "{place} may not be written. See whose it is and whether its disk is mounted to be read only.",
    _IO: "{place}: the disk answered with an error. Have the disk looked at before anything else.",
    _FULL_CODE: _FULL,
    _CANNOT_OPEN: "{place} cannot be opened. It should be a file that this user may read and write, in such a folder.",
}


def database_refusal(path: Path, code: int) -> AuditbotError | None:
    """Return what SQLite's result code says about a database, as a sentence; None for a fault of our own."""
    primary = code & 0xFF
    if primary in (_CORRUPT, _NO_DATABASE):
        return StoreDamaged(path)
    if primary == _IO and _is_full(path):
        primary = _FULL_CODE  # what SQLite says where the index of its log finds no room
    sentence = _OF_DATABASES.get(primary)
    return MachineRefused(sentence.format(place=path)) if sentence else None


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False


def _file_on_the_way(path: Path | None) -> Path | str:
    """Return the first part of a path that is a file."""
    ways = [*reversed(path.parents), path] if path else []
    return next((way for way in ways if way.is_file()), path or "Something")


def _whose(path: Path) -> str:
    """Say who owns the first part of a path that this user may not use."""
    at = path
    for way in [*reversed(path.parents), path]:
        at = way
        if not os.access(way, os.R_OK | os.X_OK if way.is_dir() else os.R_OK):
            break
    owner = _owner(at)
    belongs = f" It belongs to {owner}." if owner and owner != _user() else ""
    return (
        f"{path} may not be read or written by the user {_user()}.{belongs} As root, give it to that user: "
        f"chown -R {_user()} {at}; chmod -R u+rwX {at}"
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid()) if hasattr(os, "getuid") else "this user"


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, OSError, NotImplementedError):
        return ""


_FOLDERS = ("config", "config/risk_assessments", "consent", "consent/photos", "consent/kept", "reports")
_OUR_FOLDERS = ("data", "data/spool", "data/evidence", "data/log")


def check_edges(folder: Path) -> None:
    """Look whether all of a workspace may be used by this user, before anything is begun.

    Raises WorkspaceClosed with every problem: parts that are files where folders should be or the other way round, and
    what may not be read, or written where this program writes.
    """
    try:
        problems = list(_problems(folder))
    except OSError as error:
        raise refusal(error) from error
    if problems:
        raise WorkspaceClosed(folder, problems)


def _problems(folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        return  # said better by what reads the settings
    if not _may(folder, os.R_OK | os.X_OK):
        yield _not_allowed(folder, "read")
        return
    missing_ours = not (folder / "data").exists() or not (folder / "reports").exists()
    if missing_ours and not _may(folder, os.W_OK):
        yield _not_allowed(folder, "written")
    for name in (*_FOLDERS, *_OUR_FOLDERS):
        yield from _problems_of_folder(folder / name, written=name in ("reports", *_OUR_FOLDERS))


def _problems_of_folder(path: Path, *, written: bool) -> Iterator[str]:
    if not os.access(path.parent, os.X_OK) or not path.exists():
        return
    if not path.is_dir():
        yield f"{path} is a file where a folder should be. Move it away."
    elif not _may(path, os.R_OK | os.X_OK):
        yield _not_allowed(path, "read")
    elif written and not _may(path, os.W_OK):
        yield _not_allowed(path, "written")
    else:
        for inside in sorted(path.iterdir()):
            if not inside.exists():
                yield f"{inside} is a link that leads nowhere. Remove it."
            elif not inside.is_dir() and not inside.is_file():
                yield f"{inside} is no file that could be read to an end. Move it away."
            elif not inside.is_dir() and not _may(inside, os.R_OK):
                yield _not_allowed(inside, "read")


def _not_allowed(path: Path, done: str) -> str:
    owner = _owner(path)
    belongs = f"; it belongs to {owner}" if owner and owner != _user() else ""
    return f"{path} may not be {done} by the user {_user()}{belongs}."


def _may(path: Path, right: int) -> bool:
    return _NEEDS_NO_RIGHTS or os.access(path, right, effective_ids=os.access in os.supports_effective_ids)
