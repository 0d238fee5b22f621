"""What is typed wrongly is answered by a sentence that says what would be right, with exit code 2 and no traceback."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditbot import cli
from auditbot.settings import Workspace

WRONG: dict[str, tuple[str, ...]] = {
    "audti": ("no command 'audti'", "did you mean audit?"),
    "nonsense": ("no command 'nonsense'", "auditbot --help"),
    "--versoin": ("no option '--versoin'", "did you mean --version?"),
    "--wrkspace /srv/school audit": ("no option '--wrkspace'", "did you mean --workspace?"),
    "": ("required: COMMAND",),
    "audit --since 2026-13-01": ("should be a day like 2026-09-01",),
    "audit --since 32.March": ("should be a day like", "yesterday"),
    "audit --stage colect": ("choose from 'collect'",),
    "audit --account nobody": ("no account called 'nobody'", "website"),
    "posts --account nobody": ("No audit has been run", "auditbot audit"),
    "doctor --online --integrity": ("not allowed with",),
    "init": ("required: FOLDER",),
    "init SCHOOL": ("Nobody is at the keyboard", "--website"),
    "init NEW --school L --website https://not/..a/url@x": ("Write it like https://",),
    "init NEW --school L --website https://not_a..url": ("Write it like https://",),
    "import-consent nothing.csv": ("does not exist",),
    "consent": ("find|show|set|withdraw|changes",),
    "consent show P999": ("consent find NAME",),
    "consent set P001 webiste yes --by x --why y": ("choose from 'website'",),
    "consent set P001 website yes --by x --why y --on soon": ("should be a day like",),
    "consent withdraw P001 --by x --why y": ("--channel CHANNEL, or --all",),
    "confirm": ("name a finding",),
    "import-archive nothing.zip --account website": ("no such file",),
    "token set nobody": ("no account called 'nobody'",),
    "check-photo nothing.jpg": ("is no file",),
    "check-photo --channel tiktok a.jpg": ("choose from 'website'",),
    "risk-assessment print nothing": ("no risk assessment",),
    "decide zz down": ("No audit has been run",),
    "undo soon": ("invalid int value",),
    "review --port 99999": ("should be a port",),
    "review --serve": ("certificate",),
    "person slip nobody": ("person list",),
    "backup SCHOOL/inside": ("lies in the workspace itself",),
    "backup NEW --keep 0": ("should be a number from 1",),
    "backup NEW": ("in a terminal",),
    "restore nothing --to NEW": ("nothing is not there",),
    "restore CONFIG --to NEW": ("--recovery-key FILE",),
    "key drop-old": ("--yes",),
    "setup --at 25:00": ("should be a time of day",),
    "setup NEW": ("Nobody is at the keyboard", "auditbot setup"),
    "update --wheel": ("expected one argument",),
    "update --wheel nothing.whl": ("nothing.whl is not there",),
    "update --plan --wheel nothing.whl": ("nothing.whl is not there",),
    "audit --since 2999-01-01": ("has not come yet",),
    "audit --since tomorrow": ("should be a day like", "yesterday"),
    "audit --certificates NEW": ("--certificates has no use here", "--scheduler"),
    "init NEW --demo --school Larkmere": ("--school has no use here", "--demo"),
    "init NEW --school L --website l.example --domain http://": ("Write it like https://",),
    "check-text nothing.txt": ("nothing.txt is not there",),
    "check-text SCHOOL": ("is a folder where a file should be",),
    "decide zz wait --until soon": ("should be a day or a moment", "2026-12-04T15:00"),
    "concern add --clause C5 --by DSL --on soon": ("should be a day like",),
    "refer zz --to LADO --on 31.12.": ("should be a day like",),
    "person key console --scope counts --days -5": ("should be a number from 1",),
}


@pytest.fixture
def say(
    fresh_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[list[str]], tuple[int, str]]:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    places = {"SCHOOL": str(fresh_workspace.folder), "NEW": str(tmp_path / "new")}
    places |= {
        "CONFIG": str(fresh_workspace.config / "auditbot.toml"),
        "SCHOOL/inside": str(fresh_workspace.folder / "b"),
    }

    def run(words: list[str]) -> tuple[int, str]:
        try:
            code = cli.main(["--workspace", places["SCHOOL"], *(places.get(word, word) for word in words)])
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 99
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_usage_is_a_sentence(line: str, say: Callable[[list[str]], tuple[int, str]], tmp_path: Path) -> None:
    code, said = say(line.split())
    assert code == 2 and "Traceback" not in said, (code, said)
    assert all(word in said for word in WRONG[line]), said
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.name)
def test_every_command_helps_and_knows_no_other_option(
    command: cli.Command, say: Callable[[list[str]], tuple[int, str]]
) -> None:
    code, said = say([command.name, "--help"])
    assert code == 0 and f"Example: auditbot {command.example.split()[0]}" in " ".join(said.split())
    code, said = say([command.name, "--no-such-option"])
    assert code == 2 and "Traceback" not in said and "auditbot" in said


ENDS_BY_ITSELF = (
    "--help",
    "doctor",
    "posts",
    "history",
    "consent find m",
    "setup --plan --yes --school L --website a.example",
)


@pytest.mark.parametrize("line", ENDS_BY_ITSELF)
def test_a_reader_that_goes_away_is_no_fault(line: str, fresh_workspace: Workspace) -> None:
    command = [sys.executable, "-m", "auditbot", "--workspace", str(fresh_workspace.folder), *line.split()]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr, done.stderr
    assert done.returncode in (0, 2, 130), done.stderr


@pytest.mark.parametrize("line", ["doctor", "posts", "--help"])
def test_a_terminal_that_cannot_write_every_letter_is_no_fault(line: str, fresh_workspace: Workspace) -> None:
    command = [sys.executable, "-m", "auditbot", "--workspace", str(fresh_workspace.folder), *line.split()]
    plain = {**os.environ, "PYTHONIOENCODING": "ascii"}
    settings = fresh_workspace.config / "auditbot.toml"
    settings.write_text(settings.read_text("utf-8").replace('name = "', 'name = "École ', 1), "utf-8")
    done = subprocess.run(command, env=plain, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 2) and "Traceback" not in done.stderr, done.stderr
    assert done.stdout.isascii()


@pytest.mark.skipif(sys.platform == "win32", reason="the streams are closed by sh")
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_no_fault(closed: str, fresh_workspace: Workspace) -> None:
    """Such as by a timer that wants no output: the exit code alone tells."""
    program = f'exec "{sys.executable}" -m auditbot --workspace "{fresh_workspace.folder}" posts {closed}'
    done = subprocess.run(["sh", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr, (done.returncode, done.stderr)
