"""Letters to families: texts in files, one a language, written and reviewed by people; a name is set in at printing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Literal, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from auditbot.errors import SettingsError

Kind = Literal["came_down", "withdrawn", "runs_out"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class LetterText:
    """One letter in one language."""

    title: str
    """Its heading."""
    text: str
    """Its paragraphs, with $child, $school, $today, $where, $posted, $found, $gone, $until, $since where they stand."""


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Language:
    """One file of letters."""

    language: str
    """The language's own name for itself."""
    direction: Literal["ltr", "rtl"] = "ltr"
    """Which way it is written."""
    reviewed: str = ""
    """When a person who speaks the language last read the texts, and who; empty if nobody has."""
    came_down: LetterText | None = None
    """A photo of the child has come down."""
    withdrawn: LetterText | None = None
    """A withdrawal of permission was received."""
    runs_out: LetterText | None = None
    """Permission runs out."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter with everything set in."""

    title: str
    """Its heading."""
    paragraphs: tuple[str, ...]
    """Its paragraphs."""
    code: str
    """The language's code."""
    direction: str
    """Which way it is written."""
    reviewed: str
    """When it was last read by a person who speaks the language; empty if it was not."""


def languages(config: Path) -> Mapping[str, Language]:
    """Return the letters by language: those that ship, and over them those in config/letters of the school.

    Raises SettingsError if a file of the school cannot be used.
    """
    shipped = {
        entry.name.removesuffix(".toml"): _read(Path(entry.name), entry.read_text("utf-8"))
        for entry in (files("auditbot") / "data" / "letters").iterdir()
        if entry.name.endswith(".toml")
    }
    own = {
        path.stem: _read(path, path.read_text("utf-8"))
        for path in sorted((config / "letters").glob("*.toml"))
        if _LANGUAGE.fullmatch(path.stem)
    }
    return dict(sorted((shipped | own).items(), key=lambda found: (found[0] != "en", found[0])))


def _read(path: Path, text: str) -> Language:
    try:
        return TypeAdapter(Language).validate_python(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsError(path, ["it is no file of letters; see the one that ships for its form"]) from error


def written(code: str, language: Language, kind: Kind, words: Mapping[str, str]) -> Written | None:
    """Return a letter with ``words`` set in, or None if the language has none of this kind."""
    found = {"came_down": language.came_down, "withdrawn": language.withdrawn, "runs_out": language.runs_out}[kind]
    if found is None:
        return None
    text = Template(found.text).safe_substitute(words)
    paragraphs = tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))
    return Written(found.title, paragraphs, code, language.direction, language.reviewed)
