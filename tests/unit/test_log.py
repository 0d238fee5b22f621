"""The log: one JSON line an event, faults with their way through the code, and nobody's name."""

from __future__ import annotations

import json
import logging
import pickle
import stat
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from auditbot.examine.images import encode
from auditbot.log import KEPT_DAYS, Event, is_ours, log_event, log_fault, logging_to, note_trace, trace_of


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.iterdir()) for line in path.read_text("ascii").splitlines()]


def broken(text: str) -> None:
    raise ValueError(f"cannot read {text}")


def caught(text: str) -> Exception:
    try:
        try:
            broken(text)
        except ValueError as inner:
            raise LookupError(text) from inner
    except LookupError as error:
        met: Exception = error
    return met


def test_each_event_is_one_line_with_its_values(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "log"
    with logging_to(folder) as log:
        log_event(Event.STAGE_BEGAN, stage="collect", items=3)
        log_event(Event.STAGE_ENDED, stage="collect", seconds=0.5)
    first, second = lines(folder)
    assert (first["event"], first["stage"], first["items"], first["level"]) == ("stage_began", "collect", 3, "INFO")
    assert (second["event"], second["seconds"]) == ("stage_ended", 0.5)
    assert log.faults == []


def test_a_fault_keeps_its_way_and_not_its_words(tmp_path: Path) -> None:
    with logging_to(tmp_path) as log:
        log_fault("website", caught("Amelia Whitcombe-Hartley"))
    (fault,) = lines(tmp_path)
    assert log.faults == ["website"]
    assert (fault["event"], fault["level"], fault["error"]) == ("fault", "ERROR", "LookupError")
    steps = " ".join(fault["trace"])
    assert " broken = ValueError " in f"{steps} " and " caught " in steps and steps.endswith("= LookupError")
    assert "Whitcombe" not in json.dumps(fault)


def test_the_way_through_a_worker_travels_with_its_error() -> None:
    error = caught("x")
    note_trace(error)
    arrived = pickle.loads(pickle.dumps(error))
    assert arrived.__traceback__ is None
    assert any(step.endswith(" caught") for step in trace_of(arrived))


def test_an_error_inside_a_library_is_told_from_one_in_a_line_of_our_own() -> None:
    with pytest.raises(json.JSONDecodeError) as of_a_library:
        json.loads("{")
    with pytest.raises(ValueError, match="is no ending") as of_ours:
        encode(np.zeros((1, 1, 3), np.uint8), ".gif")
    assert (is_ours(of_a_library.value), is_ours(of_ours.value), is_ours(ValueError())) == (False, True, False)


def test_a_circle_of_causes_ends() -> None:
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    assert trace_of(one) == ["= KeyError", "= ValueError"]


def test_the_log_is_for_its_owner_only(tmp_path: Path) -> None:
    with logging_to(tmp_path / "log"):
        log_event(Event.COMMAND_BEGAN, command="audit")
    (path,) = (tmp_path / "log").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such full device")
def test_what_cannot_be_logged_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    with logging_to(tmp_path / "log") as log:
        log_event(Event.COMMAND_BEGAN, command="audit")
        log_fault("check", ValueError())
    assert log.faults == ["check"]


def test_old_days_go(tmp_path: Path) -> None:
    for day in range(KEPT_DAYS + 5):
        (tmp_path / f"20{day:02}-01-01.jsonl").write_text("")
    with logging_to(tmp_path):
        log_event(Event.COMMAND_BEGAN, command="audit")
        log_event(Event.COMMAND_ENDED, command="audit")
    assert len(list(tmp_path.iterdir())) == KEPT_DAYS


def test_verbose_shows_it_in_the_terminal_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(None, verbose=True):
        log_fault("website", caught("Amelia"))
    shown = capsys.readouterr().err
    assert "fault where=website error=LookupError" in shown and " broken" in shown and "Amelia" not in shown


def test_without_a_command_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    log_event(Event.COMMAND_BEGAN, command="audit")
    log_fault("website", ValueError("Amelia"))
    assert capfd.readouterr() == ("", "")


def test_what_libraries_say_does_not_enter_it(tmp_path: Path) -> None:
    with logging_to(tmp_path):
        logging.getLogger("urllib3").warning("https://example.org/amelia-whitcombe")
    assert list(tmp_path.iterdir()) == []
