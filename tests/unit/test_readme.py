"""Every example in the README works as written."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from auditbot import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
INSTALL = (ROOT / "docs" / "install.md").read_text("utf-8")
COMMANDS = list(dict.fromkeys(re.findall(r"^ +(auditbot [^\n]+)$", README, re.MULTILINE)))
TABLE = sorted(set(re.findall(r"^\| `auditbot ([a-z-]+)", README, re.MULTILINE)))


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_is_understood(line: str) -> None:
    _, options = cli.understood(shlex.split(line)[1:])
    assert callable(options.run)


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.name)
def test_the_example_in_a_commands_help_is_understood(command: cli.Command) -> None:
    named, options = cli.understood(shlex.split(command.example))
    assert named is command and callable(options.run)
    for place in ("before", "behind"):
        words = shlex.split(command.example)
        words = ["--workspace", "/srv/school", *words] if place == "before" else [*words, "--workspace", "/srv/school"]
        assert cli.understood(words)[1].workspace == "/srv/school"


def test_the_table_names_every_command_there_is() -> None:
    commands = re.findall(r"^    ([a-z-]+) ", cli.parser().format_help(), re.MULTILINE)
    assert sorted(commands) == TABLE


def test_init_and_doctor_work_one_after_the_other(tmp_path: Path) -> None:
    school = tmp_path / "school"
    for line in COMMANDS:
        if line.split()[1] == "init" or line.endswith(" doctor"):
            words = [str(school) if word == "/srv/school" else word for word in shlex.split(line)[1:]]
            done = subprocess.run(
                [sys.executable, "-m", "auditbot", *words], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
    assert (school / "config" / "auditbot.toml").is_file()


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    wanted = set(re.findall(r"`make ([a-z]+)`|^ *make ([a-z]+)$", README + INSTALL, re.MULTILINE))
    wanted = {one or other for one, other in wanted}
    assert {"audit", "test"} <= wanted
    for target in wanted:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_systemd_unit_is_well_formed_and_starts_the_schedule() -> None:
    block = re.search(r"```ini\n(.*?)```", INSTALL, re.DOTALL)
    assert block
    unit = configparser.ConfigParser()
    unit.read_string("\n".join(line.strip() for line in block[1].splitlines()))
    words = shlex.split(unit["Service"]["ExecStart"])
    assert cli.understood(words[1:])[1].run is cli.understood(["schedule"])[1].run


def test_the_task_scheduler_line_runs_an_audit() -> None:
    line = re.search(r"schtasks .*?/TR \"((?:[^\"\\]|\\.)*)\"", INSTALL)
    assert line
    words = line[1].replace('\\"', "").replace("\\", "/").split()
    assert cli.understood(words[1:])[1].run is cli.understood(["audit"])[1].run


def test_linked_files_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
