"""A key is changed with everything that it seals, and at whatever moment that is cut short all of it opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from cryptography.fernet import Fernet, InvalidToken

from auditbot.cli import main
from auditbot.decisions.event import Action, Draft
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.errors import DecisionsDamaged, KeyNotOurs
from auditbot.examine.faces.templates import FILE_NAME as TEMPLATES
from auditbot.examine.faces.templates import Template, load_templates, save_templates
from auditbot.registers import secrets
from auditbot.registers.secrets import begin_new_key, find_key, key_file
from auditbot.service import keys
from auditbot.service.keys import let_go, rotate
from auditbot.settings import Workspace

NOTE = "It is her cousin, the mother says."


@pytest.fixture(autouse=True)
def key_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("AUDITBOT_KEY", raising=False)
    monkeypatch.setattr(secrets, "_has_keyring", lambda: False)


@pytest.fixture
def school(fresh_workspace: Workspace) -> Workspace:
    key = find_key(make=True)
    vector = np.ones(4, np.float32)
    one = Template("P001", "0" * 64, date(2026, 9, 1), None, "enrolled", "x 1", vector)
    save_templates(fresh_workspace.data / TEMPLATES, [one], key)
    with Ledger(fresh_workspace.data / FILE_NAME, lambda: key) as ledger:
        ledger.append([Draft("DSL", Action.DOWN, finding="F1")])
        ledger.append([Draft("DSL", Action.NOT_SO, finding="F2", note=NOTE)])
    return fresh_workspace


def all_opens(school: Workspace, key: Fernet | None = None) -> None:
    seal = key or find_key()
    assert len(load_templates(school.data / TEMPLATES, seal)) == 1
    with Ledger(school.data / FILE_NAME, lambda: seal) as ledger:
        assert ledger.verify() is None
        assert [ledger.note(event) for event in ledger.events()] == ["", NOTE]


def test_everything_is_sealed_with_the_new_key_alone(school: Workspace) -> None:
    old = Fernet(key_file().read_text())
    done = rotate(school, lambda: 3)
    assert (done.templates, done.codes) == (1, 3)
    all_opens(school)
    assert let_go(school, lambda: 3)
    (text,) = key_file().read_text().split()
    all_opens(school, Fernet(text))
    with pytest.raises(InvalidToken):
        old.decrypt((school.data / TEMPLATES).read_bytes())


STAGES = ("begin_new_key", "_templates", "_notes", "drop_old_keys")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("stage", STAGES)
def test_cut_short_everything_opens_and_the_next_run_ends_it(
    stage: str, after: bool, school: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., object] = getattr(keys, stage)

    def cut(*given: object) -> None:
        if after:
            real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keys, stage, cut)
        with pytest.raises(KeyboardInterrupt):
            let_go(school, lambda: 0)
    all_opens(school)
    let_go(school, lambda: 0)
    all_opens(school, Fernet(key_file().read_text()))


def test_a_second_workspace_opens_until_it_is_sealed_anew(school: Workspace) -> None:
    before = (school.data / TEMPLATES).read_bytes()
    rotate(school, lambda: 0)
    rotate(school, lambda: 0)
    assert len(key_file().read_text().split()) == 2
    (school.data / TEMPLATES).write_bytes(before)
    all_opens(school)
    let_go(school, lambda: 0)
    assert len(key_file().read_text().split()) == 1
    all_opens(school)


def test_decisions_that_were_changed_are_not_sealed_into_a_new_chain(school: Workspace) -> None:
    path = school.data / FILE_NAME
    path.write_bytes(path.read_bytes().replace(b"DSL", b"XXX"))
    with pytest.raises(DecisionsDamaged):
        rotate(school, lambda: 0)
    assert len(key_file().read_text().split()) == 2


def test_events_stay_final_after_a_change_of_keys(school: Workspace) -> None:
    rotate(school, lambda: 0)
    with Ledger(school.data / FILE_NAME) as ledger, pytest.raises(Exception, match="events are final"):
        ledger._connection.execute("UPDATE event SET actor = 'somebody'")


def test_a_key_of_the_environment_is_a_persons_to_change(school: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITBOT_KEY", key_file().read_text())
    with pytest.raises(KeyNotOurs):
        begin_new_key()


def test_by_command(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--workspace", str(school.folder), "key", "rotate"]) == 0
    assert "auditbot key drop-old" in capsys.readouterr().out
    assert main(["--workspace", str(school.folder), "key", "drop-old"]) == 2
    assert len(key_file().read_text().split()) == 2
    assert main(["--workspace", str(school.folder), "key", "drop-old", "--yes"]) == 0
    assert len(key_file().read_text().split()) == 1
    capsys.readouterr()
    with Ledger(school.data / FILE_NAME, find_key) as ledger:
        assert [ledger.note(event) for event in ledger.events()] == ["", NOTE]
    assert main(["--workspace", str(school.folder), "key", "make"]) == 0
    assert "stays" in capsys.readouterr().out
