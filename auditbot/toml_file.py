"""A TOML file, read strictly: an unknown key, a wrong type or an impossible value becomes a sentence for the reader."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, ValidationError

from auditbot.errors import SettingsError

CONFIG = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; a syntax error stops with file, line and column."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(path, ["it is not UTF-8 text; save it as UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, [str(error)]) from error


WANTED = {
    "bool_type": "should be true or false",
    "dataclass_type": "should be a section in square brackets",
    "date_from_datetime_inexact": "should be a date like 2026-09-01",
    "date_parsing": "should be a date like 2026-09-01",
    "date_type": "should be a date like 2026-09-01",
    "float_type": "should be a number",
    "int_from_float": "should be a whole number",
    "int_type": "should be a whole number",
    "string_too_short": "should not be empty",
    "string_type": "should be text in quotation marks",
    "tuple_type": "should be a list",
}
"""What would be right, by pydantic's type of error, where its own words are a programmer's."""


def explain(error: ValidationError, names_at: Mapping[str, Sequence[str]], content: Mapping[str, Any]) -> list[str]:
    """Turn pydantic's errors into sentences: key, what is wrong, what would be right.

    ``names_at`` holds the known keys by section, for suggestions; ``content`` is what was read.
    """
    problems = []
    for item in error.errors():
        parts, kind = item["loc"], item["type"]
        if kind in ("unexpected_keyword_argument", "extra_forbidden"):
            section = ".".join(part for part in parts[:-1] if isinstance(part, str))
            near = difflib.get_close_matches(str(parts[-1]), names_at.get(section, []), n=1)
            problem = "unknown key" + (f"; did you mean {near[0]!r}?" if near else "")
        elif kind == "missing":
            problem = "is missing"
        elif kind == "value_error":
            problem = item["msg"].removeprefix("Value error, ")
        else:
            problem = WANTED.get(kind, item["msg"].removeprefix("Input "))
            if not isinstance(item["input"], (dict, list)):
                problem += f" (found {json.dumps(item['input'], ensure_ascii=False)[:60]})"
        problems.append(f"{_place(parts, content)}: {problem}")
    return problems


def _place(parts: Sequence[str | int], content: object) -> str:
    """Name a key as a person would: "collect.max_posts", or "account 2 (Facebook), kind"."""
    place, after = "", ""
    for part in parts:
        if isinstance(part, str):
            place, after = f"{place}{after}{part}", "."
            content = content.get(part) if isinstance(content, Mapping) else None
        else:
            content = content[part] if isinstance(content, Sequence) and part < len(content) else None
            name = (content.get("name") or content.get("id")) if isinstance(content, Mapping) else None
            readable = isinstance(name, str) and name.isprintable()
            place, after = f"{place} {part + 1}" + (f" ({name})" if readable else ""), ", "
    return place
