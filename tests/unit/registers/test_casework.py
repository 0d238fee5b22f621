"""Concerns and referrals entered on the command line: kept, listed, closed, and refused in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.cli import main
from auditbot.decisions.event import Reason
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.errors import SettingsError
from auditbot.model.found import finding_id
from auditbot.registers.policy import Casework, Concern, Referral, read_casework, write_casework
from auditbot.settings import Workspace


def run(workspace: Workspace, *words: str) -> int:
    return main(["--workspace", str(workspace.folder), *words])


def test_a_concern_is_entered_listed_referred_and_closed(
    fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    add = ("concern", "add", "--clause", "E2", "--by", "A parent", "--address", "https://example.org/1")
    assert run(fresh_workspace, *add, "--quote", 'He said "no"\nand left') == 0
    number = capsys.readouterr().out.split()[1]
    assert run(fresh_workspace, "refer", number, "--to", "LADO", "--by", "Headteacher", "--on", "2026-01-05") == 0
    assert run(fresh_workspace, "concern", "close", number, "--outcome", "Taken down") == 0
    kept = read_casework(fresh_workspace.config / "casework.toml")
    assert [(one.id, one.quote, one.outcome) for one in kept.concern] == [
        (number, 'He said "no"\nand left', "Taken down")
    ]
    assert kept.concern[0].closed_on is not None
    with Ledger(fresh_workspace.data / FILE_NAME) as ledger:
        (referred,) = ledger.events()
    assert (referred.draft.finding, referred.draft.reason) == (finding_id("concern", number), Reason.LADO)
    assert referred.draft.when and str(referred.draft.when.date()) == "2026-01-05"
    assert referred.draft.actor == "Headteacher"
    capsys.readouterr()
    assert run(fresh_workspace, "concern", "list") == 0
    assert "closed" in capsys.readouterr().out


def test_a_concern_after_one_was_taken_out_by_hand_has_a_number_of_its_own(fresh_workspace: Workspace) -> None:
    add = ("concern", "add", "--clause", "E2", "--by", "A parent")
    assert [run(fresh_workspace, *add) for _ in range(3)] == [0, 0, 0]
    file = fresh_workspace.config / "casework.toml"
    before = read_casework(file).concern
    write_casework(file, Casework(concern=before[1:]))
    assert run(fresh_workspace, *add) == 0
    numbers = [one.id for one in read_casework(file).concern]
    assert len(numbers) == len(set(numbers)) == 3 and numbers[-1] > before[-1].id


def test_a_concern_is_taken_to_whom_the_policy_names(
    fresh_workspace: Workspace, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(fresh_workspace, "concern", "add", "--clause", "B6", "--by", "A parent")
    number = capsys.readouterr().out.split()[1]
    refer = ("refer", number, "--by", "DSL", "--to")
    assert run(fresh_workspace, *refer, "Principal") == 2
    assert "one of: Headteacher, LADO, DPO, police" in capsys.readouterr().err
    policy = repository / "auditbot" / "data" / "policies" / "primary_academy.toml"
    (fresh_workspace.config / "policy.toml").write_text(policy.read_text("utf-8"), "utf-8")
    assert run(fresh_workspace, *refer, "principal") == 0
    assert "was referred to the Principal" in capsys.readouterr().out
    assert run(fresh_workspace, *refer, "LADO", "--reference", "L-7") == 0
    with Ledger(fresh_workspace.data / FILE_NAME) as ledger:
        assert [event.draft.reason for event in ledger.events()] == [Reason.NAMED_IN_POLICY, Reason.LADO]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("concern", "close", "2026-99", "--outcome", "x"), "There is no finding or concern '2026-99'"),
        (("refer", "2026-01", "--to", "LADO", "--by", "x"), "There is no finding or concern '2026-01'"),
        (("concern", "add", "--clause", "E2", "--by", "x", "--on", "2999-01-01"), "lies in the future"),
        (("concern", "add", "--clause", "E2", "--by", "x", "--account", "elsewhere"), "no account called"),
        (("concern", "add", "--clause", "E2", "--by", "x", "--address", "javascript:alert(1)"), "is no web address"),
    ],
)
def test_what_cannot_be_is_refused(
    fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert run(fresh_workspace, *words) == 2
    assert said in capsys.readouterr().err
    assert not (fresh_workspace.config / "casework.toml").exists()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
DAYS = st.dates()


@given(TEXT, TEXT, TEXT, DAYS)
def test_whatever_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, a: str, b: str, c: str, day: date
) -> None:
    file = tmp_path_factory.mktemp("casework") / "casework.toml"
    casework = Casework((Concern(a, "D3", day, b, quote=c),), (Referral(a, "LADO", day, c),))
    write_casework(file, casework)
    assert read_casework(file) == casework


def test_two_concerns_of_one_number_are_refused(fresh_workspace: Workspace) -> None:
    file = fresh_workspace.config / "casework.toml"
    entry = '[[concern]]\nid = "1"\nclause = "E2"\nreported_on = 2026-01-01\nreported_by = "A parent"\n'
    file.write_text(entry * 2, "utf-8")
    with pytest.raises(SettingsError, match="stands there twice"):
        read_casework(file)
