"""``config/accounts.toml``: every account in the school's name."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.model import Channel
from auditbot.toml_file import CONFIG, explain, read_toml


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is no web address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or value != value.strip():
        raise ValueError(f"{value!r} should be a web address that starts with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("the address should hold no user name or password")
    return value


def _short_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}", value):
        raise ValueError(f"{value!r} should be a short name of letters, digits, spaces, - and _")
    return value


@dataclass(frozen=True, config=CONFIG)
class Account:
    """One [[account]] of the register."""

    name: Annotated[str, AfterValidator(_short_name)]
    """Short name, as used in reports and after --account."""
    url: Annotated[str, AfterValidator(_web_address)]
    """Its address."""
    kind: Literal["website"] = "website"
    """What reads it."""
    channel: Channel = "website"
    """Which permission its photos need: website, social_media, newsletter, prospectus_display, press or video."""
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


@dataclass(frozen=True, config=CONFIG)
class _Register:
    account: tuple[Account, ...]


def read_accounts(path: Path) -> tuple[Account, ...]:
    """Return all accounts. Raises SettingsError naming every problem."""
    try:
        content = read_toml(path)
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
    return register.account
