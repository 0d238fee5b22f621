"""A backup of a workspace and of the key to its face templates: one sealed file, read back before it counts."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from auditbot.errors import AuditbotError
from auditbot.safe_files import UNFINISHED, private_folder
from auditbot.sentences import say
from auditbot.service.sealed import NotOpened, Opening, Sealing
from auditbot.settings import Workspace
from auditbot.store.copies import copy_database, is_whole

ENDING = ".auditbot-backup"
FORMAT = 1
_ABOUT, _MANIFEST, _KEY, _FILES = "about.json", "manifest.json", "face-templates.key", "workspace/"
_DATABASES = re.compile(r"data/[^/]+\.db")
_LEFT_OUT = re.compile(
    r"data/(spool|log|\.backup-tried-[^/]*)(/|$)|data/[^/]+\.db-(wal|shm|journal)$|data/[^/]*\.lock$"
)
_CHUNK = 2**20
_TRYING = ".backup-tried-"


class BackupDamaged(AuditbotError):
    """A backup does not hold what it says it holds."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            "%(path)s cannot be relied on: %(what)s. Keep an older backup, and make a new one now.",
            path=path,
            what=what,
        )


class RestoreInTheWay(AuditbotError):
    """A backup would be restored over something."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "%(folder)s holds something already; nothing was changed. Name an empty or new folder.", folder=folder
        )


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    made_at: str
    """When it was made, as ISO 8601."""
    version: str
    """The version of the program that made it."""
    files: int
    """How many files of the workspace it holds."""
    face_key: str
    """The key to the face templates; empty if none was held."""


def backup_name(workspace: Workspace, now: datetime) -> str:
    """Return the file name of a backup made now."""
    return f"{'-'.join(_stem(workspace))}-{now:%Y-%m-%dT%H-%M-%S}{ENDING}"


def _stem(workspace: Workspace) -> tuple[str, str]:
    """Return the name of the workspace's folder, and what tells it from another folder of this name."""
    folder = workspace.folder.resolve()
    name = re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-") or "school"
    return name, hashlib.sha256(str(folder).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def make_backup(
    workspace: Workspace, path: Path, recovery_key: str, *, face_key: str, version: str, now: datetime
) -> Backup:
    """Write a sealed backup to ``path``, read it back whole, and only then let it have that name.

    Hold the workspace meanwhile. Raises BackupDamaged if what was read back is not what was written, OSError.
    """
    private_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            sealing = Sealing(target, recovery_key)
            with tarfile.open(fileobj=sealing, mode="w|gz", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
                _write(archive, workspace, {"format": FORMAT, "made_at": now.isoformat(), "version": version}, face_key)
            sealing.close()
            target.flush()
            os.fsync(target.fileno())
        backup = _try(part, workspace, recovery_key)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return backup


def _try(part: Path, workspace: Workspace, recovery_key: str) -> Backup:
    """Read a backup back whole. Only its databases are unpacked, and within the workspace: nothing lies open."""
    for left in workspace.data.glob(f"{_TRYING}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=workspace.data, prefix=_TRYING) as trying:
        return _unpack(part, Path(trying), recovery_key, lambda inside: _DATABASES.fullmatch(inside) is not None)


def restore(path: Path, folder: Path, recovery_key: str) -> Backup:
    """Bring a backup back into a folder that is new or empty. The face key is returned, for the caller to keep.

    Raises NotOpened, BackupDamaged, RestoreInTheWay; the folder then is as it was.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RestoreInTheWay(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as unpacked:
        backup = _unpack(path, Path(unpacked), recovery_key)
        if folder.exists():
            folder.rmdir()
        Path(unpacked, _FILES).rename(folder)
    return backup


def remove_older(folder: Path, workspace: Workspace, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` backups of one workspace from a folder; return what was removed.

    Those of earlier versions, which bear the folder's name alone, count too, so that they go with time.
    """
    name, which = _stem(workspace)
    dated = re.compile(rf"{re.escape(name)}(?:-{which})?-(\d{{4}}-\d\d-\d\dT\d\d-\d\d-\d\d){re.escape(ENDING)}")
    found = sorted((match[1], each) for each in folder.iterdir() if (match := dated.fullmatch(each.name)))
    old = [each for _, each in found[:-keep]]
    for each in old:
        each.unlink()
    return old


def _write(archive: tarfile.TarFile, workspace: Workspace, about: dict[str, object], face_key: str) -> None:
    _add_text(archive, _ABOUT, json.dumps(about))
    _add_text(archive, _KEY, face_key)
    hashes: dict[str, str] = {}
    for path, inside in _members(workspace.folder):
        if path.is_dir():
            _add_folder(archive, _FILES + inside)
            continue
        with _settled(path, inside) as source:
            hashes[inside] = _add_file(archive, source, _FILES + inside)
    _add_text(archive, _MANIFEST, json.dumps(hashes))


def _members(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each folder and file of a workspace that a backup holds, and its name in it."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if (
            (path.is_file() or path.is_dir())
            and not path.is_symlink()
            and not _LEFT_OUT.match(inside)
            and not path.match(UNFINISHED)
        ):
            yield path, inside


@contextmanager
def _settled(path: Path, inside: str) -> Iterator[Path]:
    """Give the file itself, or for a database a copy that is whole at one moment."""
    if not _DATABASES.fullmatch(inside):
        yield path
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    try:
        copy_database(path, Path(name))
        yield Path(name)
    finally:
        Path(name).unlink()


def _add_file(archive: tarfile.TarFile, source: Path, name: str) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as file:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = os.fstat(file.fileno()).st_size, 0o600, int(source.stat().st_mtime)
        archive.addfile(member, _Hashing(file, digest))
    return digest.hexdigest()


def _add_folder(archive: tarfile.TarFile, name: str) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.mode = tarfile.DIRTYPE, 0o700
    archive.addfile(member)


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes], digest: hashlib._Hash) -> None:
        self._file, self._digest = file, digest

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    raw = text.encode("utf-8")
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(raw), 0o600
    archive.addfile(member, io.BytesIO(raw))


def _unpack(path: Path, folder: Path, recovery_key: str, kept: Callable[[str], bool] = lambda _: True) -> Backup:
    """Unpack what is ``kept`` of a backup into a folder, and compare every file with the manifest.

    Raises NotOpened, BackupDamaged.
    """
    found: dict[str, str] = {}
    texts: dict[str, str] = {}
    with path.open("rb") as source:
        opening = Opening(source, recovery_key, str(path))
        try:
            with tarfile.open(fileobj=opening, mode="r|gz") as archive:  # type: ignore[call-overload]
                for member in archive:
                    _unpack_one(archive, member, folder, kept, found, texts)
        except (tarfile.TarError, EOFError, UnicodeDecodeError) as error:
            raise NotOpened(str(path), say("it is damaged or cut short")) from error
        while opening.read(_CHUNK):  # to the end of the seal
            pass
    try:
        about, manifest = json.loads(texts[_ABOUT]), json.loads(texts[_MANIFEST])
    except (KeyError, ValueError) as error:
        raise BackupDamaged(path, say("it holds no list of what it holds")) from error
    if about.get("format") != FORMAT:
        raise BackupDamaged(path, say("a later version of auditbot made it; update auditbot first"))
    wrong = sorted(name for name in {*found, *manifest} if found.get(name) != manifest.get(name))
    if wrong:
        raise BackupDamaged(path, say("%(wrong)s is missing or is not what was backed up", wrong=wrong[0]))
    for inside in found:
        if _DATABASES.fullmatch(inside) and not is_whole(folder / _FILES / inside):
            raise BackupDamaged(path, say("%(inside)s in it is damaged", inside=inside))
    private_folder(folder / _FILES)
    return Backup(about["made_at"], about["version"], len(found), texts.get(_KEY, ""))


def _unpack_one(
    archive: tarfile.TarFile,
    member: tarfile.TarInfo,
    folder: Path,
    kept: Callable[[str], bool],
    found: dict[str, str],
    texts: dict[str, str],
) -> None:
    source = archive.extractfile(member) if member.isreg() else None
    if source is not None and member.name in (_ABOUT, _MANIFEST, _KEY):
        texts[member.name] = source.read().decode("utf-8")
        return
    inside = PurePosixPath(member.name.removeprefix(_FILES))
    strays = not member.name.startswith(_FILES) or inside.is_absolute() or ".." in inside.parts
    if strays or not (source is not None or member.isdir()):
        raise tarfile.ReadError(member.name)
    if source is not None and not kept(str(inside)):
        found[str(inside)] = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
        return
    target = folder / _FILES / inside
    for parent in reversed(target.relative_to(folder).parents):
        private_folder(folder / parent)
    if source is None:
        private_folder(target)
        return
    digest = hashlib.sha256()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while piece := source.read(_CHUNK):
            digest.update(piece)
            file.write(piece)
    os.utime(target, (member.mtime, member.mtime))
    found[str(inside)] = digest.hexdigest()
