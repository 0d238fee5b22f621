"""``config/accounts.toml``: every account in the school's name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.model import Channel
from auditbot.settings import CONFIG, explain, read_toml


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")) or not value.split("://", 1)[1].strip("/"):
        raise ValueError(f"{value!r} should be a web address that starts with https://")
    return value


@dataclass(frozen=True, config=CONFIG)
class Account:
    """One [[account]] of the register."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _-]{0,60}$")]
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
        register = TypeAdapter(_Register).validate_json(json.dumps(read_toml(path), default=str))
    except FileNotFoundError as error:
        raise SettingsError(path, ["the file does not exist"]) from error
    except ValidationError as error:
        fields = list(Account.__dataclass_fields__)
        places = {f"account.{number}": fields for number in range(1000)}
        raise SettingsError(path, explain(error, {"": ["account"], **places})) from error
    names = [account.name for account in register.account]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise SettingsError(path, [f"two accounts are called {name!r}" for name in doubled])
    return register.account
