"""Deciding, asking, referring and undoing at the keyboard, while an audit holds the workspace."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.decisions.event import Action
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.model import Coverage, Finding, PhotoEvidence, TextEvidence
from auditbot.run import local_now, one_at_a_time
from auditbot.sentences import quoted
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store

Run = Callable[..., tuple[int, str, str]]
URL = "https://www.school.example/news/harvest/"


def findings() -> tuple[Finding, ...]:
    photo = PhotoEvidence("https://www.school.example/media/hall.jpg", "a" * 64, ((10.0, 10.0, 50.0, 60.0),))
    words = "Well done to Rayan Khan in Year 2."
    surname = TextEvidence("text", words, 19, 23)
    return (
        Finding(
            "face1234",
            "C11",
            "unknown_faces",
            "week",
            "review",
            "website",
            URL,
            None,
            photo,
            (),
            0.9,
            quoted("A face."),
        ),
        Finding(
            "name1234", "C12", "surname", "today", "breach", "website", URL, None, surname, (), 0.9, quoted("A name.")
        ),
    )


@pytest.fixture
def audited(fresh_workspace: Workspace) -> Workspace:
    """A workspace after an audit that found a face and a surname in one post."""
    audit_of(fresh_workspace, findings())
    return fresh_workspace


def audit_of(workspace: Workspace, found: tuple[Finding, ...]) -> None:
    with Store(workspace.data / "auditbot.db") as store:
        now = local_now(load_settings(workspace)) - timedelta(hours=1)
        audit = store.audits.begin(now, "")
        store.audits.save_coverage(audit, Coverage("website", "complete", 1, 1), [], started_at=now, at=now)
        store.audits.save_check(
            audit, now, findings=found, not_checked=(), ended={}, versions={}, posts_without_finding=0
        )
        store.audits.end(audit, now)


@pytest.fixture
def run(audited: Workspace, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command while an audit holds the workspace; return its code, output and errors."""

    def command(*words: str) -> tuple[int, str, str]:
        with one_at_a_time(audited):
            code = main(["--workspace", str(audited.folder), *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def test_a_decision_is_recorded_asked_undone_and_told(run: Run, audited: Workspace) -> None:
    code, out, _ = run("decide", "name", "down")
    assert (code, out) == (0, "Step 1 is recorded. To come down.\n")
    code, out, _ = run("ask", "--print-only")
    assert code == 0 and "change the words left out here" in out and "Khan" not in out and URL in out
    assert run("ask")[1].endswith("Recorded as asked, step 2. The next audits look whether it is gone.\n")
    assert "Nothing waits to be asked for" in run("ask")[1]
    code, _, said = run("ask", "--account", "nobody")
    assert code == 2 and "There is no account called 'nobody'" in said
    assert run("undo", "2")[1] == "Step 2 is taken back.\n"
    assert run("undo", "2")[1] == "Step 2 was taken back before.\n"
    steps = [json.loads(line) for line in run("history", "--json")[1].splitlines()]
    assert [(step["step"], step["action"], step["about"]) for step in steps] == [
        (1, "down", None),
        (2, "ask", None),
        (3, "undo", 2),
    ]
    assert len(run("history", "name")[1].splitlines()) == 3
    with Ledger(audited.data / FILE_NAME) as ledger:
        assert ledger.verify() is None


def test_what_a_letter_leaves_out_is_not_recorded_as_asked(run: Run, audited: Workspace) -> None:
    """The comment with the surname holds words that must stay until somebody decided: the photo alone is asked for."""
    words = "Rayan Khan, add me on Snapchat tonight."
    face, name = findings()
    name = replace(name, evidence=TextEvidence("comment 1 text", words, 6, 10))
    contact = replace(
        name, id="chat1234", clause="C9", kind="words_contact", evidence=TextEvidence("comment 1 text", words, 0, 39)
    )
    audit_of(audited, (face, name, contact))
    assert run("decide", "name", "down")[0] == run("decide", "face", "down")[0] == 0
    out = run("ask")[1]
    assert "take down the photo" in out and "comment" not in out
    with Ledger(audited.data / FILE_NAME) as ledger:
        assert [one.draft.finding for one in ledger.events() if one.draft.action is Action.ASK] == ["face1234"]


def test_what_stays_up_needs_a_reason_and_can_be_looked_up(run: Run) -> None:
    code, _, err = run("decide", "face", "not-so")
    assert code == 2 and "needs a reason" in err
    assert run("decide", "face", "no-pupil", "--reason", "staff", "--by", "Deputy")[1].endswith("Stays up.\n")
    assert "(a member of staff)" in run("history")[1] and "Deputy" in run("history")[1]


def test_what_cannot_be_is_refused_in_words(run: Run) -> None:
    assert "There is no finding or concern" in run("decide", "nothing", "down")[2]
    assert "There is no step 9" in run("undo", "9")[2]
    assert "lies in the future" in run("refer", "face", "--to", "LADO", "--on", "2999-01-01")[2]


def test_a_referral_stands_in_the_report(run: Run, audited: Workspace) -> None:
    assert run("refer", "face1234", "--to", "Headteacher", "--on", "2026-11-01")[0] == 0
    assert main(["--workspace", str(audited.folder), "report"]) in (0, 1, 3)
    page = Path(audited.reports / "latest" / "report.html").read_text("utf-8")
    assert "to the Headteacher on 1 November 2026" in page


def test_permission_can_be_changed_while_an_audit_runs(run: Run) -> None:
    code, _, err = run("consent", "show", "P999")
    assert code == 2 and "Another audit" not in err
    assert run("concern", "add", "--clause", "E2", "--by", "A parent")[0] == 0
