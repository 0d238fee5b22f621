"""``config/accounts.toml``: every account in the school's name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.model import Channel
from auditbot.registers.services import BY_KIND
from auditbot.settings import CONFIG, explain, read_toml

TOKEN_KINDS = frozenset(kind for kind, service in BY_KIND.items() if service.token)
"""Kinds whose posts are given only to the account's own holder, who proves it with a token."""
FOLDER_ADDRESS = "folder:"
"""How the addresses of accounts begin that are a folder: the account's name follows, never a path of this computer."""
CHANNELS: Mapping[str, Channel] = {kind: service.channel for kind, service in BY_KIND.items()}
"""The channel of each kind where the register names none."""


def token_variable(account: str) -> str:
    """Return the environment variable that may hold an account's token: "Year 1" gives AUDITBOT_TOKEN_YEAR_1."""
    return "AUDITBOT_TOKEN_" + re.sub(r"[^A-Z0-9]", "_", account.upper())


def is_site_address(url: str) -> bool:
    """Whether a text can be the address of a site: a scheme of web sites, and a host as hosts are written."""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or ""), parts.port
    except ValueError:  # a port or brackets that are none
        return False
    if re.search(r"[\s\\]", url) or parts.scheme not in ("http", "https"):
        return False
    try:
        return bool(ip_address(host))
    except ValueError:
        if re.fullmatch(r"[0-9.]*", host):
            return False
    return host == "localhost" or re.fullmatch(r"(?!-)[\w-]+(\.[\w-]+)+\.?", host) is not None


def _web_address(value: str) -> str:
    if value.startswith(FOLDER_ADDRESS):
        return value
    if not is_site_address(value):
        raise ValueError(f"{value!r} should be a web address like https://www.example.org/")
    parts = urlsplit(value)
    if parts.username is not None or parts.password is not None:
        raise ValueError("the address should hold no user name or password")
    return value


def _known_kind(value: str) -> str:
    if value not in BY_KIND:
        *others, last = (repr(kind) for kind in BY_KIND)
        raise ValueError(f'should be {", ".join(others)} or {last} (found "{value}")')
    return value


def _short_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}", value):
        raise ValueError(f"{value!r} should be a short name of letters, digits, spaces, - and _")
    return value


_PLACES = re.compile(r"\{(address|slug|title)\}")
"""What of a post an address of an editor may hold."""


def _editor_address(value: str) -> str:
    """Return an address with places in braces, or empty."""
    filled = _PLACES.sub("x", value)
    if "{" in filled or "}" in filled:
        raise ValueError(f"{value!r} should hold no other braces than {{address}}, {{slug}} and {{title}}")
    if value:
        _web_address(filled)
    return value


@dataclass(frozen=True, config=CONFIG)
class Account:
    """One [[account]] of the register."""

    name: Annotated[str, AfterValidator(_short_name)]
    """Short name, as used in reports and after --account."""
    url: Annotated[str, AfterValidator(_web_address)]
    """Its address."""
    kind: Annotated[str, AfterValidator(_known_kind)] = "website"
    """What reads it: website, youtube, bluesky, mastodon, facebook, instagram, threads, x or folder."""
    channel: Channel = "website"
    """Which permission its photos need: website, social_media, newsletter, prospectus_display, press or video."""
    edit_url: Annotated[str, AfterValidator(_editor_address)] = ""
    """Where a post is changed, with {address}, {slug} (the last part of its address) or {title} in it; empty: not told.
    For WordPress "https://school.example/wp-admin/edit.php?s={title}" searches for the post."""
    folder: str = ""
    """For the kind "folder" alone: where it is, seen from the workspace. It needs no url."""
    may_be_empty: bool = False
    """True if having no post at all is normal; else an empty account is reported as not checked."""
    purpose: str = ""
    """What it is for."""
    year_groups: tuple[str, ...] = ()
    """Which year groups it is about."""
    owner: str = ""
    """The role that looks after it."""
    administrator_email: str = ""
    """The school's e-mail address that administers it."""
    approved_by: str = ""
    """Who approved it."""
    approved_on: date | None = None
    """When it was approved."""
    risk_assessment: str = ""
    """Reference of its risk assessment."""
    password_changed_on: date | None = None
    """When its password was last changed. Passwords themselves are never asked for."""
    password_meets_rule: bool | None = None
    """Whether the password meets the policy's rule, as declared by its owner."""

    def editor_of(self, post_url: str, title: str = "") -> str:
        """Return where a post can be changed; empty if that is not known, or a title is needed and there is none."""
        if "{title}" in self.edit_url and not title.strip():
            return ""
        slug = urlsplit(post_url).path.rstrip("/").rpartition("/")[2]
        told = {"address": quote(post_url, safe=""), "slug": quote(unquote(slug), safe=""), "title": quote_plus(title)}
        return _PLACES.sub(lambda place: told[place[1]], self.edit_url)


@dataclass(frozen=True, config=CONFIG)
class _Register:
    account: tuple[Account, ...]


def read_accounts(path: Path) -> tuple[Account, ...]:
    """Return all accounts. Raises SettingsError naming every problem."""
    try:
        content = _with_addresses(_with_channels(read_toml(path)))
        register = TypeAdapter(_Register).validate_json(json.dumps(content, default=str))
    except FileNotFoundError as error:
        raise SettingsError(path, ["the file does not exist"]) from error
    except ValidationError as error:
        known = {"": ["account"], "account": list(Account.__dataclass_fields__)}
        raise SettingsError(path, explain(error, known, content)) from error
    if not register.account:
        raise SettingsError(path, ["it holds no [[account]], so nothing would be audited"])
    names = [account.name for account in register.account]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise SettingsError(path, [f"two accounts are called {name!r}" for name in doubled])
    if problems := [*_shared_variables(register.account), *_misplaced_folders(register.account)]:
        raise SettingsError(path, problems)
    return register.account


def _with_channels(content: dict[str, Any]) -> dict[str, Any]:
    """Give each account that names no channel the one its kind has."""
    accounts = content.get("account")
    for entry in accounts if isinstance(accounts, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("kind"), str) and entry["kind"] in CHANNELS:
            entry.setdefault("channel", CHANNELS[entry["kind"]])
    return content


def _with_addresses(content: dict[str, Any]) -> dict[str, Any]:
    """Give each folder an address that says nothing of this computer."""
    accounts = content.get("account")
    for entry in accounts if isinstance(accounts, list) else []:
        if isinstance(entry, dict) and entry.get("kind") == "folder":
            entry["url"] = f"{FOLDER_ADDRESS}{entry.get('name', '')}"
    return content


def _misplaced_folders(accounts: tuple[Account, ...]) -> list[str]:
    """Say which accounts lack their folder, or have one and are none."""
    problems = []
    for account in accounts:
        if account.kind == "folder" and not account.folder.strip():
            problems.append(f'{account.name!r} is of the kind "folder": say where it is, as in folder = "prospectus"')
        elif account.kind != "folder" and (account.folder or account.url.startswith(FOLDER_ADDRESS)):
            problems.append(f'{account.name!r} names a folder: write kind = "folder" too, or take the folder out')
    return problems


def _shared_variables(accounts: tuple[Account, ...]) -> list[str]:
    """Say where two accounts would be given each other's token."""
    holders: dict[str, str] = {}
    problems = []
    for account in accounts:
        if account.kind in TOKEN_KINDS:
            other = holders.setdefault(token_variable(account.name), account.name)
            if other != account.name:
                variable = token_variable(account.name)
                problems.append(f"the accounts {other!r} and {account.name!r} would share the variable {variable}")
    return problems
