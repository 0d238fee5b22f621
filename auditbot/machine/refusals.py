"""What this machine refuses, as a sentence: which file or folder, whose it is, and what to type."""

from __future__ import annotations

import errno
import getpass
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditbot.errors import AuditbotError, StoreDamaged
from auditbot.sentences import Sentence, Value, say, together

MOST_TOLD = 8
"""So many problems of a workspace are told at once."""

_NEEDS_NO_RIGHTS = sys.platform == "win32"  # os.access tells nothing there; what is refused is told when it is


class MachineRefused(AuditbotError):
    """A file, a folder, the disk or the system refused what an audit needs."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a part of a workspace."""

    said: Sentence
    """A sentence that names the part."""
    forbidden: bool = False
    """Whether this user lacks the right, which its owner could give."""


class WorkspaceClosed(AuditbotError):
    """Parts of a workspace are not what they should be, or may not be read or written by this user."""

    def __init__(self, folder: Path, problems: Sequence[Problem]) -> None:
        lines = [f"  - {problem.said}" for problem in problems[:MOST_TOLD]]
        if (more := len(problems) - MOST_TOLD) > 0:
            lines.append("  - " + str(say("and %(count)s more", count=more)))
        if any(problem.forbidden for problem in problems):
            lines.append(str(say("As root, type: chown -R %(user)s %(folder)s", user=_user(), folder=folder)))
        super().__init__("%(folder)s cannot be used as it is:\n%(problems)s", folder=folder, problems="\n".join(lines))


def refusal(error: OSError) -> MachineRefused:
    """Return what the system said as an error whose sentence names the place and what to do."""
    place = error.filename2 or error.filename
    path = Path(os.fsdecode(place)) if isinstance(place, str | bytes) else None
    return MachineRefused(_in_words(error.errno or 0, path, error.strerror or type(error).__name__))


_KEPT = say("What was done before is kept; then run the same command again.")
_FULL = say("%(place)s cannot be written: the disk is full. Make room. %(kept)s")
_IN_THE_WAY = say("%(way)s is a file where a folder should be. Move it away, and run the same command again.")
_TOO_MANY_FILES = say("This computer allows no more open files. Raise the limit (ulimit -n). %(kept)s")
_DISK_BROKEN = say("%(place)s: the disk answered with an error. Have the disk looked at before anything else.")
_SENTENCES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: say("%(place)s cannot be written: its disk is mounted to be read only."),
    errno.ENOENT: say("%(place)s is not there. Bring it back, or name another place."),
    errno.EISDIR: say("%(place)s is a folder where a file should be. Move it away, and run the same command again."),
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.ELOOP: say("%(place)s is a link that leads round in a circle. Name the folder itself."),
    errno.ENAMETOOLONG: say("%(place)s is too long a name for this computer. Choose a shorter one."),
    errno.EMFILE: _TOO_MANY_FILES,
    errno.ENFILE: _TOO_MANY_FILES,
    errno.EIO: _DISK_BROKEN,
    errno.ENOMEM: say("This computer has no memory left. Close other programs. %(kept)s"),
}
_REFUSED = say("%(place)s: this computer refused it (%(said)s). %(kept)s")


def _filled(sentence: Sentence, **values: Value | Path) -> Sentence:
    """Return a sentence of the tables with its values."""
    return say(sentence.message, kept=_KEPT, **values)


def _in_words(code: int, path: Path | None, said: str) -> Sentence:
    if code in (errno.EACCES, errno.EPERM) and path:
        return _whose(path)
    place = path or say("A file of this computer")
    return _filled(_SENTENCES.get(code, _REFUSED), place=place, way=_file_on_the_way(path), said=said)


# By SQLite's primary result codes (sqlite.org/rescode.html): what a school can do something about.
_BUSY, _LOCKED, _READ_ONLY, _IO, _CORRUPT, _FULL_CODE, _CANNOT_OPEN, _NO_DATABASE = 5, 6, 8, 10, 11, 13, 14, 26
_NO_ROOM = 1_000_000
"""Bytes: a disk with less room than this is full."""
_HELD = say("%(place)s is held by another program. Close it, or wait until it is done. %(kept)s")
_OF_DATABASES = {
    _BUSY: _HELD,
    _LOCKED: _HELD,
    _READ_ONLY: say("%(place)s may not be written. See whose it is and whether its disk is mounted to be read only."),
    _IO: _DISK_BROKEN,
    _FULL_CODE: _FULL,
    _CANNOT_OPEN: say(
        "%(place)s cannot be opened. It should be a file that this user may read and write, in such a folder."
    ),
}


def database_refusal(path: Path, code: int) -> AuditbotError | None:
    """Return what SQLite's result code says about a database, as a sentence; None for a fault of our own."""
    primary = code & 0xFF
    if primary in (_CORRUPT, _NO_DATABASE):
        return StoreDamaged(path)
    if primary == _IO and _is_full(path):
        primary = _FULL_CODE  # what SQLite says where the index of its log finds no room
    sentence = _OF_DATABASES.get(primary)
    return MachineRefused(_filled(sentence, place=path)) if sentence else None


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False


def _file_on_the_way(path: Path | None) -> Path | str:
    """Return the first part of a path that is a file."""
    ways = [*reversed(path.parents), path] if path else []
    return next((way for way in ways if way.is_file()), path or say("Something"))


def _whose(path: Path) -> Sentence:
    """Say who owns the first part of a path that this user may not use."""
    at = path
    for way in [*reversed(path.parents), path]:
        at = way
        if not os.access(way, os.R_OK | os.X_OK if way.is_dir() else os.R_OK):
            break
    owner, user = _owner(at), _user()
    return together(
        say("%(path)s may not be read or written by the user %(user)s.", path=path, user=user),
        say("It belongs to %(owner)s.", owner=owner) if owner and owner != user else "",
        say("As root, give it to that user: chown -R %(user)s %(at)s; chmod -R u+rwX %(at)s", user=user, at=at),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid()) if hasattr(os, "getuid") else say("this user")


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


def _problems(folder: Path) -> Iterator[Problem]:
    if not folder.is_dir():
        return  # said better by what reads the settings
    if not _may(folder, os.R_OK | os.X_OK):
        yield _not_allowed(folder, _READ)
        return
    missing_ours = not (folder / "data").exists() or not (folder / "reports").exists()
    if missing_ours and not _may(folder, os.W_OK):
        yield _not_allowed(folder, _WRITTEN)
    for name in (*_FOLDERS, *_OUR_FOLDERS):
        yield from _problems_of_folder(folder / name, written=name in ("reports", *_OUR_FOLDERS))


def _problems_of_folder(path: Path, *, written: bool) -> Iterator[Problem]:
    if not os.access(path.parent, os.X_OK) or not path.exists():
        return
    if not path.is_dir():
        yield Problem(say("%(path)s is a file where a folder should be. Move it away.", path=path))
    elif not _may(path, os.R_OK | os.X_OK):
        yield _not_allowed(path, _READ)
    elif written and not _may(path, os.W_OK):
        yield _not_allowed(path, _WRITTEN)
    else:
        for inside in sorted(path.iterdir()):
            if not inside.exists():
                yield Problem(say("%(path)s is a link that leads nowhere. Remove it.", path=inside))
            elif not inside.is_dir() and not inside.is_file():
                yield Problem(say("%(path)s is no file that could be read to an end. Move it away.", path=inside))
            elif not inside.is_dir() and not _may(inside, os.R_OK):
                yield _not_allowed(inside, _READ)


_READ = say("%(path)s may not be read by the user %(user)s%(owned)s.")
_WRITTEN = say("%(path)s may not be written by the user %(user)s%(owned)s.")


def _not_allowed(path: Path, done: Sentence) -> Problem:
    owner, user = _owner(path), _user()
    owned = say("; it belongs to %(owner)s", owner=owner) if owner and owner != user else ""
    return Problem(say(done.message, path=path, user=user, owned=owned), forbidden=True)


def _may(path: Path, right: int) -> bool:
    return _NEEDS_NO_RIGHTS or os.access(path, right, effective_ids=os.access in os.supports_effective_ids)
