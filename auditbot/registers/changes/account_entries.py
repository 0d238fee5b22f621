"""One entry of config/accounts.toml, changed from the page: every other line of the file stays as somebody wrote it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from auditbot.errors import AccountNotChanged
from auditbot.registers.accounts import read_accounts
from auditbot.registers.changes.accepted import register_lock
from auditbot.safe_files import write_private
from auditbot.settings import Workspace

Value = str | bool | date
_ENTRY = re.compile(r"\s*\[\[\s*account\s*\]\]")
_TABLE = re.compile(r"\s*\[")


def change_account(workspace: Workspace, name: str, changes: Mapping[str, Value]) -> None:
    """Give one account of the register these values, comments and order kept. All or nothing is written.

    Raises AccountNotChanged if there is no such account, or the file is laid out so that a line cannot be replaced
    without changing anything else; SettingsError if the register would not be valid afterwards.
    """
    file = workspace.config / "accounts.toml"
    with register_lock(workspace.consent):
        before = file.read_text("utf-8")
        made = _changed(before, name, changes)
        if made is None or _parsed(made) != _wanted(before, name, changes):
            raise AccountNotChanged(file, name)
        trial = file.with_name(".accounts.toml.new")
        try:
            write_private(trial, made.encode("utf-8"))
            read_accounts(trial)
        finally:
            trial.unlink(missing_ok=True)
        write_private(file, made.encode("utf-8"))


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _wanted(text: str, name: str, changes: Mapping[str, Value]) -> dict[str, Any]:
    content = tomllib.loads(text)
    for entry in content["account"]:
        if entry.get("name") == name:
            entry.update(changes)
    return content


def _changed(text: str, name: str, changes: Mapping[str, Value]) -> str | None:
    """Return the text with the account's lines replaced or added; None if the account is not found."""
    lines = text.splitlines(keepends=True)
    starts = [at for at, line in enumerate(lines) if _ENTRY.match(line)]
    for start in starts:
        end = next((at for at in range(start + 1, len(lines)) if _TABLE.match(lines[at])), len(lines))
        entry = (_parsed("".join(lines[start:end])) or {}).get("account", [{}])[0]
        if entry.get("name") == name:
            return "".join([*lines[:start], *_entry(lines[start:end], changes), *lines[end:]])
    return None


def _entry(lines: list[str], changes: Mapping[str, Value]) -> list[str]:
    left = dict(changes)
    made = []
    for line in lines:
        key = line.partition("=")[0].strip()
        made.append(f"{key} = {_toml(left.pop(key))}\n" if key in left else line)
    last = max(at for at, line in enumerate(made) if line.strip() and not line.lstrip().startswith("#"))
    if not made[last].endswith("\n"):
        made[last] += "\n"
    return [*made[: last + 1], *(f"{key} = {_toml(value)}\n" for key, value in left.items()), *made[last + 1 :]]


def _toml(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
