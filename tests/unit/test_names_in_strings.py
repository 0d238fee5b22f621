"""What the program names in strings, where no type checker looks, is there: its modules, and files beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import auditbot

ROOT = Path(auditbot.__file__).parent
ROOMS = {path.name for path in ROOT.iterdir() if path.is_dir() or path.suffix == ".py"}
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(ROOT.rglob("*.py"))}


def _constant(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _package(node: ast.AST) -> str | None:
    """Return the package of ``files("package")``, whichever way the function was imported."""
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return None
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return _constant(node.args[0]) if called == "files" else None


def _parts(node: ast.AST) -> tuple[str, ...] | None:
    """Return the package and the path of ``files(…).joinpath(…)`` and ``files(…) / …``; None if one is computed."""
    if (package := _package(node)) is not None:
        return (package,)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        before, more = _parts(node.left), [_constant(node.right)]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath":
        before, more = _parts(node.func.value), [_constant(each) for each in node.args]
    else:
        return None
    if before is None or None in more:
        return None
    return (*before, *(each for each in more if each is not None))


def _files_named() -> Iterator[tuple[str, ...]]:
    for tree in TREES.values():
        for node in ast.walk(tree):
            if (parts := _parts(node)) is not None:
                yield parts


def _modules_named() -> Iterator[str]:
    for tree in TREES.values():
        for node in ast.walk(tree):
            words = (_constant(node) or "").split(".")
            if words[0] == "auditbot" and len(words) > 1 and {words[1], f"{words[1]}.py"} & ROOMS:
                yield ".".join(words)


@pytest.mark.parametrize("parts", sorted(set(_files_named())), ids="/".join)
def test_a_file_that_is_named_beside_the_code_is_there(parts: tuple[str, ...]) -> None:
    place = Path(ROOT.parent, *parts[0].split("."), *parts[1:])
    assert place.exists()


@pytest.mark.parametrize("name", sorted(set(_modules_named())))
def test_a_module_that_is_named_in_a_string_is_there(name: str) -> None:
    """Of ``auditbot.a.b.C``, a is a file; what is in it is named by the code that stands there."""
    room = ROOT
    for word in name.split(".")[1:]:
        if (room / f"{word}.py").is_file():
            left = name.partition(f".{word}.")[2]
            assert left.partition(".")[0] in (room / f"{word}.py").read_text("utf-8")
            return
        room = room / word
        assert room.is_dir(), f"{name}: there is no {room}"


def test_both_find_something() -> None:
    assert len(set(_files_named())) > 10
    assert len(set(_modules_named())) > 10
    assert import_module("auditbot.collect.browser.forwarder").__file__
