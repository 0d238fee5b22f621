"""``config/policy.toml``: every clause of the school's policy, and how it is audited."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.toml_file import CONFIG, explain, read_toml


def _clause_id(value: str) -> str:
    if not re.fullmatch(r"[A-Z]\d{0,2}", value, re.ASCII):
        raise ValueError(f"{value!r} should be a capital letter and a number, like C11")
    return value


@dataclass(frozen=True, config=CONFIG)
class Clause:
    """One [[clause]] of the policy."""

    id: Annotated[str, AfterValidator(_clause_id)]
    """The clause's id, for example C11."""
    summary: Annotated[str, Field(min_length=1)]
    """What it asks for, in one sentence."""
    how: tuple[Literal["pages", "register", "attest", "workflow", "not audited"], ...]
    """How it can be audited."""
    severity: Literal["today", "week", "governance", ""]
    """How soon a finding needs somebody; empty if there can be none."""
    school_wording: str = ""
    """The school's own sentence."""
    school_number: str = ""
    """The school's own number."""
    not_audited_because: str = ""
    """What reports say of it while the program does not check it; which it checks, the program alone knows."""


@dataclass(frozen=True, config=CONFIG)
class _Policy:
    clause: tuple[Clause, ...]


def read_policy(path: Path) -> dict[str, Clause]:
    """Return the clauses by id, in the file's order. Raises SettingsError naming every problem."""
    try:
        content = read_toml(path)
        policy = TypeAdapter(_Policy).validate_json(json.dumps(content, default=str))
    except FileNotFoundError as error:
        raise SettingsError(path, ["the file does not exist"]) from error
    except ValidationError as error:
        known = {"": ["clause"], "clause": list(Clause.__dataclass_fields__)}
        raise SettingsError(path, explain(error, known, content)) from error
    problems = [] if policy.clause else ["it holds no [[clause]]"]
    ids = [clause.id for clause in policy.clause]
    problems += [f"clause {name} stands twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    if problems:
        raise SettingsError(path, problems)
    return {clause.id: clause for clause in policy.clause}
