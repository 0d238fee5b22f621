"""Commands that have nothing to do, or are asked for what is not there: a sentence and the right exit code."""

from __future__ import annotations

import pytest

from auditbot.cli import main
from auditbot.settings import Workspace

NOTHING = [
    (["risk-assessment", "check"], 1, "risk-assessment new"),
    (["token", "list"], 0, "No account of the register needs a token."),
    (["concern", "list"], 0, ""),
]


@pytest.mark.parametrize(("words", "code", "said"), NOTHING)
def test_nothing_is_said_as_nothing(
    words: list[str], code: int, said: str, fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--workspace", str(fresh_workspace.folder), *words]) == code
    assert said in capsys.readouterr().out


NOT_THERE = [
    (["risk-assessment", "new", "Snapchat"], "Snapchat"),
    (["exposure"], "web address"),
    (["exposure", "ftp://school.example"], "ftp://school.example"),
    (["exposure", "https://"], "https://"),
    (["person", "lock", "nobody"], "nobody"),
    (["person", "slip", "nobody"], "nobody"),
    (["undo", "99"], "No audit has been run"),
    (["consent", "show", "P999"], "No pupil in consent/pupils.csv"),
    (["decide", "nothing", "down"], "No audit has been run"),
]


@pytest.mark.parametrize(("words", "said"), NOT_THERE)
def test_what_is_not_there_is_named(
    words: list[str], said: str, fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["--workspace", str(fresh_workspace.folder), *words])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    assert said in capsys.readouterr().err
