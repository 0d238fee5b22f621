"""The schools of a trust: one workspace each, side by side under one folder, and the files that all of them share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from auditbot.errors import AuditbotError
from auditbot.registers.accounts import read_accounts
from auditbot.safe_files import private_folder, write_private
from auditbot.settings import Workspace, load_settings
from auditbot.store import StoreError
from auditbot.trust.trust_errors import NoSchools

SHARED = "shared"
"""Folder beside the schools with what all of them go by."""
SHARED_FILES = {"policy.toml": ("config", "policy.toml"), "staff.csv": ("consent", "staff.csv")}
"""Name in the shared folder, and where it stands in a school."""
CANNOT_BE_READ = (AuditbotError, OSError, ValueError, StoreError)
"""What reading one school's files may raise: a file that nobody can make sense of, or a folder that is shut."""
TAKEN = "shared.json"
"""In a school's data: a hash of each file that came from the shared folder; none of the school's own is replaced."""


@dataclass(frozen=True, slots=True)
class School:
    """One school of the trust."""

    name: str
    """As its settings name it."""
    workspace: Workspace
    """Where its files lie."""
    hosts: frozenset[str]
    """The hosts of its websites, without "www.": what takes an audit's time."""
    readable: bool = True
    """Whether its settings and accounts can be read; if not, it is called by its folder, and not audited."""


def schools_in(folder: Path) -> tuple[School, ...]:
    """Return the schools under a folder, in the order of their folders. Raises NoSchools if there is none."""
    found = tuple(_schools(folder))
    if not found:
        raise NoSchools(folder)
    return found


def _schools(folder: Path) -> Iterator[School]:
    for settings in sorted(folder.glob("*/config/auditbot.toml")):
        workspace = Workspace(settings.parents[1].resolve())
        try:
            yield _school(workspace)
        except CANNOT_BE_READ:  # one school's own files stop no other; its doctor says what to mend
            yield School(workspace.folder.name, workspace, frozenset(), readable=False)


def _school(workspace: Workspace) -> School:
    hosts = {
        (urlsplit(account.url).hostname or "").removeprefix("www.")
        for account in read_accounts(workspace.config / "accounts.toml")
        if account.kind == "website"
    }
    return School(load_settings(workspace).school.name, workspace, frozenset(hosts - {""}))


def take_shared(folder: Path, school: School) -> tuple[str, ...]:
    """Bring the trust's policy and staff list into a school; return the names of the school's own files left alone.

    A file that the school wrote itself, or changed since, stays as it is. Raises OSError for a folder that cannot
    be written, ValueError for a file that is damaged.
    """
    note = school.workspace.data / TAKEN
    taken: Any = json.loads(note.read_text("utf-8")) if note.is_file() else {}
    if not isinstance(taken, dict):
        raise ValueError(note)
    own = []
    for name, place in SHARED_FILES.items():
        shared, here = folder / SHARED / name, school.workspace.folder.joinpath(*place)
        if not shared.is_file():
            continue
        text = shared.read_text("utf-8")
        before = here.read_text("utf-8") if here.is_file() else None
        if before is not None and before != text and _mark(before) != taken.get(name):
            own.append(name)
            continue
        if before != text:
            write_private(here, text.encode("utf-8"))
        taken[name] = _mark(text)
    private_folder(note.parent)
    write_private(note, json.dumps(taken).encode("ascii"))
    return tuple(own)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
