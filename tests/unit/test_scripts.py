"""Scripts, recipes and hooks are held to what the code is held to: each parses, stops at its first error, is local."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[0].split()
HOOKS: list[dict[str, Any]] = [
    hook | {"repo": part["repo"]}
    for part in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    for hook in part["hooks"]
]
SCRIPTS = [path for path in (ROOT / ".ci").iterdir() if path.is_file()]
SCRIPTS += [path for folder in ("tools", "bench", "auditbot") for path in (ROOT / folder).rglob("*.sh")]

needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
needs_make = pytest.mark.skipif(not shutil.which("make"), reason="no make here")


@needs_bash
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_shell_script_parses_and_stops_at_its_first_error(script: Path) -> None:
    text = script.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert re.search(r"^set -euo pipefail$", text, re.MULTILINE)
    subprocess.run(["bash", "-n", str(script)], check=True)


@needs_make
@needs_bash
@pytest.mark.parametrize("target", TARGETS)
def test_each_target_has_a_recipe_whose_lines_parse(target: str, tmp_path: Path) -> None:
    words = ["make", "--dry-run", "--always-make", "--no-print-directory", f"VENV={tmp_path / 'venv'}", target]
    recipe = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert recipe.strip() and "Nothing to be done" not in recipe
    subprocess.run(["bash", "-n"], input=recipe, text=True, check=True)


@needs_make
def test_what_make_says_of_itself_names_targets_that_are_there() -> None:
    assert set(re.findall(r"\bmake (\w+)", MAKEFILE + (ROOT / "CONTRIBUTING.md").read_text("utf-8"))) <= set(TARGETS)


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_is_local_and_asks_what_is_there(hook: dict[str, Any]) -> None:
    assert (hook["repo"], hook["language"]) == ("local", "system")
    assert all((ROOT / word).exists() for word in hook["entry"].split() if word.startswith("tests/"))
    assert hook["entry"].split()[0] in {"bash", ".venv/bin/python"}


def test_who_installs_the_package_gets_its_types() -> None:
    assert (ROOT / "auditbot" / "py.typed").is_file()
