"""The shape of the code: imports flow one way, each library has its one place, modules and functions stay short."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "auditbot"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    {"sentences"},
    {"errors", "model", "demo", "safe_files", "same_page"},
    {"settings", "log", "machine"},
    {"registers"},
    {"store", "decisions"},
    {"run"},
    {"collect"},
    {"examine"},
    {"check"},
    {"present"},
    {"evidence"},
    {"exposure"},
    {"report"},
    {"privacy"},
    {"service"},
    {"trust"},
    {"prepublish", "doctor", "schedule", "workspace"},
    {"pipeline"},
    {"survey"},
    {"review"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
RANK = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}

ONLY_IN = {
    "playwright": ("collect/browser/",),
    "warcio": ("collect/net/warc.py",),
    "sqlite_utils": ("store/",),
    "sqlite3": ("store/", "decisions/"),
    "PIL": ("examine/images.py",),
    "apscheduler": ("schedule.py",),
    "pypdfium2": ("examine/documents.py",),
    "rapidocr": ("examine/words.py",),
    "urllib3": ("collect/net/",),
    "feedparser": ("collect/website/discovery.py",),
    "filelock": ("run.py", "registers/changes/accepted.py", "privacy/access_log.py"),
    "openpyxl": ("registers/mis/sheets/marks.py",),
    "xlrd": ("registers/mis/sheets/marks.py",),
    "python_calamine": ("registers/mis/sheets/sheet.py",),
    "keyring": ("registers/secrets.py",),
    "jinja2": (
        "present/page_language.py",
        "report/",
        "exposure/exposure_page.py",
        "trust/trust_report.py",
        "demo/",
        "review/site/rendering.py",
    ),
    "lxml": ("collect/", "examine/office.py", "registers/mis/sheets/marks.py", "registers/mis/sheets/sheet.py"),
    "rich": ("commands/",),
    "django": ("review/",),
    "allauth": ("review/",),
    "cheroot": ("review/site/serve.py",),
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), path.name)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return everything that a module is made of."""
    return tuple(ast.walk(tree(path)))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Return the full name of everything a module imports, wherever in the module it does."""
    names: list[str] = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(names)


def part_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def test_imports_flow_one_way() -> None:
    against = []
    for path in MODULES:
        here = part_of(path)
        for name in imported(path):
            top, _, rest = name.partition(".")
            there = rest.split(".")[0]
            if top == "auditbot" and there not in ("__version__", here) and not RANK[there] < RANK[here]:
                against.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert against == []


SIDEWAYS = (("check", "collect"), ("check", "examine"), ("report", "collect"), ("present", "collect"))
"""Rooms that could import one another by their layers and do not: facts come from the store, a browser from outside."""


@pytest.mark.parametrize(("room", "other"), SIDEWAYS)
def test_stages_do_not_reach_sideways(room: str, other: str) -> None:
    reached = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in MODULES
        if part_of(path) == room
        for name in imported(path)
        if name.startswith(f"auditbot.{other}.")
    ]
    assert reached == []


def test_every_part_of_the_package_has_its_layer() -> None:
    assert {part_of(path) for path in MODULES} - {"__init__"} == set(RANK)


def test_the_packages_own_module_imports_nothing_of_the_package() -> None:
    """It sets a variable that numpy reads when it is first imported, and needs ``os`` for that."""
    assert list(imported(PACKAGE / "__init__.py")) == ["os"]


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_in_its_one_place_only(library: str) -> None:
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if any(name.split(".")[0] == library for name in imported(path))
    ]
    assert users, f"{library} is imported nowhere"
    assert all(user.startswith(ONLY_IN[library]) for user in users), users


def test_every_library_imported_is_declared_as_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[\s<>=!~;\[]", line)[0].lower().replace("_", "-") for line in project["dependencies"]}
    libraries = {name.split(".")[0] for path in MODULES for name in imported(path)}
    libraries -= {"auditbot", *sys.stdlib_module_names}
    providers = packages_distributions()
    undeclared = {
        library: providers.get(library, [])
        for library in libraries
        if not declared & {name.lower().replace("_", "-") for name in providers.get(library, [])}
    }
    assert undeclared == {}


LONGER = {
    "collect/browser/settle.js": 490,  # one walk down a page, as a patient reader would take it
    "settings.py": 520,  # a table of settings, one class for each part of the file
    "errors.py": 700,  # a table of sentences, one class for each
    "collect/post/photos.py": 480,  # which picture of a page is a photo, and which of its files is the largest
}


def test_a_module_can_be_read_in_one_sitting() -> None:
    scripts = PACKAGE.rglob("*.js")
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in [*MODULES, *scripts]
    }
    assert {name: length for name, length in lengths.items() if length > LONGER.get(name, 450)} == {}


def test_a_folder_can_be_taken_in_at_a_look() -> None:
    """Commands are exempt: each of their modules is named after the group that ``--help`` shows."""
    files = Counter(path.parent for path in MODULES if not path.name.startswith("__"))
    crowded = {str(folder.relative_to(PACKAGE)): number for folder, number in files.items() if number > 12}
    assert crowded.keys() <= {"commands"}


SAME_NAME = {"stage.py", "youtube.py", "x.py", "wordpress.py", "consent.py", "faces.py", "films.py", "rules.py"}
"""Stages and platforms are called alike wherever they stand; a command is called as the room that it opens."""


def test_a_file_name_says_where_it_is() -> None:
    names = Counter(path.name for path in MODULES if path.name != "__init__.py")
    assert {name for name, times in names.items() if times > 1} <= SAME_NAME


def test_functions_are_short() -> None:
    lengths = {
        f"{path.relative_to(PACKAGE)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > 60} == {}


def public_values() -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in MODULES:
        for node in nodes(path):
            if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
                continue
            if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
                yield path, node


def test_every_field_of_a_public_value_has_its_sentence() -> None:
    bare = []
    for path, value in public_values():
        for field, after in zip(value.body, [*value.body[1:], None], strict=True):
            if isinstance(field, ast.AnnAssign) and not ast.unparse(field.target).startswith("_"):
                says = ast.unparse(after.value) if isinstance(after, ast.Expr) else ""
                if not says.strip("\"'").endswith("."):
                    bare.append(f"{path.relative_to(PACKAGE)} {value.name}.{ast.unparse(field.target)}")
    assert bare == []


def test_what_is_public_says_what_it_does() -> None:
    silent = [str(path.relative_to(PACKAGE)) for path in MODULES if not ast.get_docstring(tree(path))]
    for path in MODULES:
        for node in tree(path).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and public and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(PACKAGE)} {node.name}")
    assert silent == []


def caught_broadly() -> Iterator[tuple[str, ast.ExceptHandler]]:
    for path in MODULES:
        for node in nodes(path):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "Exception"
                if re.search(r"\b(Base)?Exception\b", caught):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def test_no_error_is_swallowed() -> None:
    """Who catches everything passes it on after tidying up, or logs it as a fault of ours, which ends with 70."""
    swallowed = []
    for place, handler in caught_broadly():
        calls = {ast.unparse(inner.func) for inner in ast.walk(handler) if isinstance(inner, ast.Call)}
        kept = "found.faults.append" in calls or "self.left.faults.append" in calls  # the crawl logs these
        if not (isinstance(handler.body[-1], ast.Raise) or kept or calls & {"fault", "log_fault"}):
            swallowed.append(place)
    assert swallowed == []


PROGRAMMING = {"AttributeError", "NameError", "AssertionError"}
OF_LIBRARIES = {
    "examine/images.py",  # Pillow raises them for hostile files; ``is_ours`` lets those of our own lines through
    "registers/mis/sheets/marks.py",  # openpyxl raises them for the styles of other makers' workbooks; the values stand
}


def test_errors_of_programming_are_caught_by_nobody() -> None:
    caught = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        for node in nodes(path)
        if (isinstance(node, ast.ExceptHandler) and node.type and PROGRAMMING & names_in(node.type))
        or (isinstance(node, ast.Tuple) and {"TypeError", "AttributeError"} <= names_in(node))
    }
    assert caught == OF_LIBRARIES


def names_in(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


# The project stands alone: nothing in it points at places outside of it. Written so that this file does not match.
OUTSIDE = re.compile(
    r"\.\./sha" + r"red|(?<![\w.])/wo" + r"rk/|(?<![\w.])/tm" + r"p/"
    r"|py" + r"pi\.org|pythonho" + r"sted\.org|npm" + r"js\.(?:org|com)"
)
TEXTS = {".py", ".toml", ".md", ".txt", ".csv", ".j2", ".css", ".html", ".js", ".json", ".yml", ".yaml", ".cfg", ".sh"}


def texts() -> Iterator[Path]:
    for folder in ("auditbot", "tests", "config", "consent", "tools", "docs", ".ci"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in TEXTS or folder == ".ci")
    yield from (path for path in ROOT.iterdir() if path.suffix in TEXTS or path.name == "Makefile")


def test_nothing_points_outside_the_project() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in texts()
        if path.is_file() and "__pycache__" not in path.parts
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if OUTSIDE.search(line)
    ]
    assert found == []
