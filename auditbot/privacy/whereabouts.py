"""Where one child is in everything that the workspace holds: the answer behind ``subject-access`` and ``forget``."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path

from auditbot.check.surnames.lexicon import common_words
from auditbot.check.surnames.text import fold
from auditbot.errors import ImportRefused
from auditbot.examine.faces.portraits import PICTURES, photos_by_person
from auditbot.registers.declared import Declared
from auditbot.registers.mis.sheets.sheet import read_pages
from auditbot.registers.people import row_as_written
from auditbot.settings import Settings, Workspace

REGISTER = "pupils.csv"
TEXTS = frozenset({".csv", ".toml", ".json", ".html", ".md", ".txt", ".log", ".jsonl", ".xml", ".tsv"})
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
UNSEARCHED = frozenset({".zip", ".pdf", ".docx", ".doc", ".eml", ".msg"})
DATABASES = frozenset({".db", ".sqlite", ".sqlite3"})
BINARY = PICTURES | {".gif", ".ico", ".mp4", ".mov", ".webm", ".npz", ".onnx", ".sealed", ".lock"}
"""Pictures, films, sealed and packed files of ours: their names are looked at, and their bytes say nothing in words."""
MOST_BYTES = 50_000_000
"""A file of another kind is searched as text up to this size; a larger one cannot be searched."""
GIVEN, FAMILY = ("legal_forename", "preferred_forename"), ("legal_surname", "preferred_surname", "former_surnames")
NUMBERS = ("pupil_id", "upn", "admission_no")

OWN_DATABASE = "auditbot.db"
"""Not searched as a file: what it holds of a child is told by its own tables, and a record of a deletion stays."""

Holds = Callable[[str], bool]


class Kind(StrEnum):
    """What kind of place it is."""

    REGISTER = "the register"
    HISTORY = "histories and logs of the register"
    KEPT = "registers of before"
    CONCERN = "concerns and referrals"
    EXPORT = "the folder of exports"
    WORKBOOK = "workbooks"
    PORTRAIT = "portraits"
    REPORT = "reports"
    DATABASE = "databases"
    OTHER = "other files"
    NOT_SEARCHED = "files that cannot be searched"


class Inside(Enum):
    """What a look into a file says of the child."""

    FOUND = "found"
    NOT_FOUND = "not found"
    NOT_SEARCHABLE = "not searchable"


@dataclass(frozen=True, slots=True)
class Place:
    """A file that holds something of the child, or that cannot be searched for it."""

    kind: Kind
    """What kind of place it is."""
    path: Path
    """The file."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Everywhere that a child is."""

    places: tuple[Place, ...]
    """The files, in the order of their kinds."""
    names_known: bool
    """Whether the names could be looked for: no register, kept or present, holds them otherwise."""
    is_the_pupil: Holds
    """Whether a text holds one of the numbers, or the whole name."""
    holds: Holds
    """Whether a text holds one of the numbers, the whole name, or a name that is this pupil's alone."""

    def of(self, *kinds: Kind) -> tuple[Path, ...]:
        """Return the files of these kinds."""
        return tuple(place.path for place in self.places if place.kind in kinds)


def where_is(workspace: Workspace, settings: Settings, declared: Declared, pupil_id: str) -> Whereabouts:
    """Return everywhere that a child is: by number and by whole name, in files' names and in what they hold.

    A name that another pupil bears too, or that is an ordinary word, counts only beside the other name.
    """
    rows = rows_of(workspace, pupil_id)
    others = [pupil for other, pupil in declared.pupils.items() if other != pupil_id]
    taken = {name for pupil in others for name in _folded([pupil.legal_forename, pupil.preferred_forename])}
    taken |= {
        name
        for pupil in others
        for name in _folded([pupil.legal_surname, pupil.preferred_surname, *pupil.former_surnames])
    }
    is_the_pupil = _holds([*_numbers(pupil_id, rows), *_whole_names(rows)])
    holds = _holds([*_numbers(pupil_id, rows), *_whole_names(rows), *_names_alone(rows, taken)])
    portraits = portraits_of(workspace, declared, pupil_id)
    found = {place.path: place for place in _files(workspace, settings, is_the_pupil)}
    found |= {path: Place(Kind.PORTRAIT, path) for path in portraits}
    order = list(Kind)
    places = sorted(found.values(), key=lambda place: (order.index(place.kind), str(place.path)))
    return Whereabouts(tuple(places), bool(rows), is_the_pupil, holds)


def rows_of(workspace: Workspace, pupil_id: str) -> list[dict[str, str]]:
    """Return the pupil's rows of the register and of registers that imports replaced: all names there ever were."""
    registers = (workspace.consent / REGISTER, *sorted((workspace.consent / "kept").glob("pupils-*.csv")))
    return [row for path in registers if path.is_file() and (row := row_as_written(path, pupil_id))]


def portraits_of(workspace: Workspace, declared: Declared, pupil_id: str) -> list[Path]:
    """Return the portraits of a pupil, also of one whom the register no longer holds, by the names of the files."""
    by_person = photos_by_person(workspace, declared)
    if own := by_person.get(pupil_id):
        return list(own)
    folder = workspace.consent / "photos"
    named = re.compile(rf"{re.escape(pupil_id)}([_-].*)?")
    held = {path for paths in by_person.values() for path in paths}
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        path for path in files if path.suffix.lower() in PICTURES and path not in held and named.fullmatch(path.stem)
    ]


def _files(workspace: Workspace, settings: Settings, is_the_pupil: Holds) -> Iterator[Place]:
    exports = workspace.folder / settings.consent.watch_folder if settings.consent.watch_folder else None
    folders = [workspace.folder]
    if exports and not exports.resolve().is_relative_to(workspace.folder.resolve()):
        folders.append(exports)
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if not path.is_file() or path.is_symlink() or path.name.startswith(OWN_DATABASE):
                continue
            kind = _kind_of(workspace, exports, path)
            inside = Inside.FOUND if is_the_pupil(path.name) else holds_inside(path, is_the_pupil)
            ours = path.suffix.lower() in UNSEARCHED and not _is_the_schools(workspace, exports, path)
            if inside == Inside.FOUND:
                yield Place(kind, path)
            elif inside == Inside.NOT_SEARCHABLE and not ours:
                yield Place(Kind.NOT_SEARCHED, path)


def holds_inside(path: Path, holds: Holds) -> Inside:
    """Return whether what a file holds is of the child: the cells of a workbook, or else its bytes read as text."""
    ending, size = path.suffix.lower(), path.stat().st_size
    if ending in BINARY or not size:
        return Inside.NOT_FOUND
    if ending in UNSEARCHED or (ending not in WORKBOOKS and size > MOST_BYTES):
        return Inside.NOT_SEARCHABLE
    if ending in WORKBOOKS:
        return _inside_workbook(path, holds)
    if ending == ".gz":
        content, whole = _unpacked(path)
        if not any(map(holds, _in_words(content))):
            return Inside.NOT_FOUND if whole else Inside.NOT_SEARCHABLE
        return Inside.FOUND
    return Inside.FOUND if any(map(holds, _readings(path))) else Inside.NOT_FOUND


def _inside_workbook(path: Path, holds: Holds) -> Inside:
    """Look into the cells and comments of a workbook; one with a password or a hidden sheet is not searched whole."""
    try:
        pages = read_pages(path)
    except ImportRefused:
        readable = path.stat().st_size <= MOST_BYTES and any(
            map(holds, _readings(path))
        )  # a page that calls itself one
        return Inside.FOUND if readable else Inside.NOT_SEARCHABLE
    lines = (line for page in pages for line in page.sheet)
    if any(holds(" | ".join((*line.cells, *line.comments.values()))) for line in lines):
        return Inside.FOUND
    return Inside.NOT_SEARCHABLE if any(page.hidden for page in pages) else Inside.NOT_FOUND


def _kind_of(workspace: Workspace, exports: Path | None, path: Path) -> Kind:
    ending = path.suffix.lower()
    kinds = (
        (Kind.EXPORT, exports is not None and path.resolve().is_relative_to(exports.resolve())),
        (Kind.WORKBOOK, ending in WORKBOOKS),
        (Kind.DATABASE, ending in DATABASES or path.name.endswith(("-wal", "-journal"))),
        (Kind.REPORT, path.is_relative_to(workspace.reports)),
        (Kind.REGISTER, path == workspace.consent / REGISTER),
        (Kind.KEPT, path.is_relative_to(workspace.consent / "kept")),
        (Kind.CONCERN, path == workspace.config / "casework.toml"),
        (Kind.HISTORY, path.parent == workspace.consent and path.suffix == ".csv"),
    )
    return next((kind for kind, it_is in kinds if it_is), Kind.OTHER)


def _is_the_schools(workspace: Workspace, exports: Path | None, path: Path) -> bool:
    return path.is_relative_to(workspace.consent) or (exports is not None and path.is_relative_to(exports))


def _numbers(pupil_id: str, rows: Iterable[dict[str, str]]) -> list[str]:
    numbers = {pupil_id, *(row.get(column, "") for row in rows for column in NUMBERS)}
    return [rf"(?<![^\W_]){re.escape(number.lower())}(?![^\W_])" for number in sorted(numbers) if number]


def _whole_names(rows: Iterable[dict[str, str]]) -> list[str]:
    """Match forename and surname side by side or run together, or in cells side by side, in either order."""
    return [
        r"[\W_]{0,3}".join(map(_loosely, pair))
        for row in rows
        for one in _folded(row.get(column, "") for column in GIVEN)
        for other in _folded(row.get(column, "") for column in FAMILY)
        for pair in ((one, other), (other, one))
    ]


def _names_alone(rows: Iterable[dict[str, str]], taken: set[str]) -> list[str]:
    """Match each name that is this pupil's alone, as a word, also where the family is meant."""
    names = {name for row in rows for name in _folded(row.get(column, "") for column in (*GIVEN, *FAMILY))}
    own = sorted(name for name in names - taken if name not in common_words() and len(name) > 2)
    return [rf"(?<![^\W\d_]){_loosely(name)}(?:'?s|e?s)?(?![^\W\d_])" for name in own]


def _folded(names: Iterable[str]) -> list[str]:
    parts = [part.strip() for name in names for part in name.split(";")]
    return list(dict.fromkeys(fold(part).text.lower() for part in parts if part))


def _loosely(name: str) -> str:
    return r"[\W_]{0,3}".join(re.escape(part) for part in re.split(r"[\W_]+", name) if part)


def _holds(parts: list[str]) -> Holds:
    pattern = re.compile("|".join(parts))

    def holds(text: str) -> bool:
        escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
        return any(pattern.search(form) is not None for form in (text.lower(), fold(escaped).text.lower()))

    return holds


def _readings(path: Path) -> Iterator[str]:
    """Yield what a file of any kind may hold in words: a text as it is written, other bytes in either encoding."""
    if path.suffix.lower() in TEXTS:
        yield text_of(path)
        return
    yield from _in_words(path.read_bytes())


def _in_words(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    if b"\0" in content[:4096]:
        yield content.decode("utf-16-le", "replace")


def _unpacked(path: Path) -> tuple[bytes, bool]:
    """Return what a file packed by gzip holds, as the kept pages (WARC) are, and whether that is all.

    Of a damaged file, and of one that unpacks to more than ``MOST_BYTES``, it is the first part.
    """
    content = b""
    try:
        with gzip.open(path) as packed:
            while part := packed.read(1_000_000):
                if len(content) + len(part) > MOST_BYTES:
                    return content + part, False
                content += part
    except (OSError, EOFError, zlib.error):
        return content, False
    return content, True


def text_of(path: Path) -> str:
    """Return what a text file holds, in UTF-8 or UTF-16."""
    content = path.read_bytes()
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:200].count(0) > 40
    return content.decode("utf-16" if wide else "utf-8-sig", "replace")
