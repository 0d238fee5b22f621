"""consent/consent_history.csv: read whole or not at all, added to at its end, and never changed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.errors import RegisterError
from auditbot.model import Channel
from auditbot.registers.consent import ConsentAnswer, History, changes_since_recorded, permission_today
from auditbot.registers.consent_history import append_answers, read_history
from auditbot.registers.declared import Declared, read_declared
from auditbot.registers.people import CHANNELS, Pupil, read_pupils
from auditbot.settings import Workspace
from tests.unit.registers.csv_file import problems_of, write

HEADING = "pupil_id,channel,answer,effective_on,given_by,recorded_at,source"
PUPILS = {"P001": Pupil("P001", "Maya", "Day"), "P002": Pupil("P002", "Max", "Lee")}
TODAY = date(2026, 11, 22)


def read(path: Path) -> object:
    return read_history(path, PUPILS)


def test_the_demo_history_is_read_whole(repository: Path) -> None:
    history_file = repository / "consent" / "consent_history.csv"
    history = read_history(history_file, read_pupils(repository / "consent" / "pupils.csv"))
    lines = [line for line in history_file.read_text("utf-8").splitlines()[1:] if line]
    assert sum(len(answers) for answers in history.values()) == len(lines)


def test_answers_come_in_the_order_in_which_they_took_effect(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEADING,
        "P001,website,no,2026-03-01,Mother,2026-03-01,form",
        "P001,website,yes,2025-09-01,Mother,2025-09-01,form",
        "P001,website,not_recorded,2026-03-01,Mother,2026-03-02,form",
        "P002,press,yes,01/09/2025,,,",
        "P999,press,no,2025-09-01,,,a pupil who is no longer in the register",
    )
    history = read_history(path, PUPILS)
    assert [answer.answer for answer in history["P001", "website"]] == [True, False, None]
    assert history["P002", "press"][0].effective_on == date(2025, 9, 1)
    assert set(history) == {("P001", "website"), ("P002", "press")}


def test_no_file_is_an_empty_history(tmp_path: Path) -> None:
    assert read_history(tmp_path / "none.csv", PUPILS) == {}


def test_every_bad_cell_is_named_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEADING,
        "P001,web,perhaps,soon,,,",
        "P001,,yes,,,,",
        ",press,yes,2025-09-01,,,",
        "P999,press,yes,2025-09-31,,,",
        "P001,press,yes",
    )
    kinds = ", ".join(CHANNELS)
    assert problems_of(read, path) == [
        "line 2, column answer: is neither yes, no nor blank",
        f"line 2, column channel: is none of {kinds}",
        "line 2, column effective_on: is no date; write it like 2025-09-03",
        f"line 3, column channel: is none of {kinds}",
        "line 3, column effective_on: is empty",
        "line 4, column pupil_id: is empty",
        "line 5, column effective_on: is no date; write it like 2025-09-03",
        "line 6: 3 cells, but the heading has 7",
        "line 6, column effective_on: is empty",
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(st.binary(max_size=120), st.text(max_size=120).map(lambda text: f"{HEADING}\n{text}".encode()))
)
def test_reading_never_fails_in_any_other_way(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(content)
    try:
        read(path)
    except RegisterError as refused:
        assert "cannot be trusted" in str(refused)


# --- what an edited cell leaves behind ------------------------------------------------------------------------------


def answered(channel: Channel = "website", cell: bool | None = True, given_on: date | None = None) -> Pupil:
    return Pupil("P001", "Maya", "Day", answers={channel: cell}, consent_given_on=given_on)


def dated(answer: bool | None, day: date) -> ConsentAnswer:
    return ConsentAnswer("P001", "website", answer, day, "Mother", "2025-09-01", "form")


def noticed(answer: bool | None, day: date) -> ConsentAnswer:
    """Return an answer that the program itself wrote down when the cell had changed."""
    return ConsentAnswer("P001", "website", answer, day, "not stated", "2025-09-01", "changed in pupils.csv")


SEPTEMBER, MARCH, NEXT_YEAR = date(2025, 9, 1), date(2026, 3, 1), date(2027, 1, 1)
CHANGES = [
    # cell, date of the form, what the history holds, what is added
    (None, None, [], []),
    (True, None, [], [(True, TODAY)]),
    (True, SEPTEMBER, [], [(True, SEPTEMBER)]),
    (False, SEPTEMBER, [], [(False, SEPTEMBER)]),
    (True, NEXT_YEAR, [], [(True, TODAY)]),
    (True, SEPTEMBER, [dated(True, SEPTEMBER)], []),
    (False, SEPTEMBER, [dated(True, SEPTEMBER)], [(False, TODAY)]),
    (None, SEPTEMBER, [dated(True, SEPTEMBER)], [(None, TODAY)]),
    (True, SEPTEMBER, [dated(True, SEPTEMBER), noticed(False, MARCH)], [(True, TODAY)]),
    (True, SEPTEMBER, [noticed(None, SEPTEMBER)], [(True, TODAY)]),
    (None, SEPTEMBER, [noticed(False, SEPTEMBER)], [(None, TODAY)]),
    # a cell that was emptied takes back nothing that a person wrote down as refused
    (None, SEPTEMBER, [dated(False, SEPTEMBER)], []),
    (None, SEPTEMBER, [dated(True, SEPTEMBER), dated(False, MARCH)], []),
    (None, SEPTEMBER, [dated(False, SEPTEMBER), dated(True, MARCH)], [(None, TODAY)]),
    (None, SEPTEMBER, [dated(True, SEPTEMBER), dated(False, NEXT_YEAR)], [(None, TODAY)]),
    (None, SEPTEMBER, [dated(None, SEPTEMBER)], []),
    (False, SEPTEMBER, [dated(True, SEPTEMBER), dated(False, TODAY)], []),
    (True, SEPTEMBER, [dated(True, SEPTEMBER), dated(False, NEXT_YEAR)], []),
    (False, SEPTEMBER, [dated(True, SEPTEMBER), dated(False, NEXT_YEAR)], [(False, TODAY)]),
    (True, SEPTEMBER, [dated(False, NEXT_YEAR)], [(True, SEPTEMBER)]),
]


@pytest.mark.parametrize(("cell", "given_on", "recorded", "added"), CHANGES)
def test_a_cell_that_differs_from_what_was_recorded_is_a_dated_answer(
    cell: bool | None,
    given_on: date | None,
    recorded: list[ConsentAnswer],
    added: list[tuple[bool | None, date]],
) -> None:
    pupil = answered(cell=cell, given_on=given_on)
    history = {("P001", "website"): recorded} if recorded else {}
    changes = changes_since_recorded([pupil], history, TODAY)  # type: ignore[arg-type]
    assert [(change.answer, change.effective_on) for change in changes] == added
    after = sorted([*recorded, *changes], key=lambda answer: answer.effective_on)
    assert changes_since_recorded([pupil], {("P001", "website"): after}, TODAY) == []


AT_ODDS = [
    # the cell, what the history holds after its heading, the line that is named and what it says
    ("yes", ["no,2026-11-20,Mother,,e-mail"], "line 2 says no"),
    ("yes", ["yes,2025-09-01,Mother,,form", "no,2026-11-20,Mother,,e-mail"], "line 3 says no"),
    ("yes", ["yes,2025-09-01,Mother,,form", "no,2026-11-22,Mother,,e-mail"], "line 3 says no"),
    ("yes", ["no,2026-11-20,Mother,,e-mail", "yes,2025-09-01,Mother,,form"], "line 2 says no"),
    ("yes", ["yes,2025-09-01,Mother,,form", "not_recorded,2026-09-01,,,not returned"], "line 3 says not_recorded"),
    ("yes", ["no,2026-11-20,Mother,,e-mail", "yes,2026-11-21,,,changed in pupils.csv"], "line 2 says no"),
    ("yes", ["no,2026-11-20,Mother,,e-mail", "yes,2026-11-23,Mother,,e-mail"], "line 2 says no"),
    # near misses: nothing is at odds
    ("no", ["yes,2025-09-01,Mother,,form", "no,2026-11-20,Mother,,e-mail"], ""),
    ("", ["yes,2025-09-01,Mother,,form", "no,2026-11-20,Mother,,e-mail"], ""),
    ("no", ["yes,2025-09-01,Mother,,form"], ""),
    ("", ["yes,2025-09-01,Mother,,form"], ""),
    ("no", ["not_recorded,2025-09-01,Mother,,form"], ""),
    ("yes", ["yes,2025-09-01,Mother,,form", "no,2026-11-23,Mother,,e-mail"], ""),
    ("yes", ["yes,2025-09-01,Mother,,form", "no,2026-03-01,Mother,,form", "yes,2026-06-01,Mother,,form"], ""),
    ("yes", ["yes,2025-09-01,Mother,,form", "no,2026-03-01,,,changed in pupils.csv"], ""),
    ("yes", ["no,2025-09-01,,,first seen in pupils.csv"], ""),
]


@pytest.mark.parametrize(("cell", "lines", "named"), AT_ODDS)
def test_a_yes_in_a_cell_never_overrules_a_dated_refusal(
    fresh_workspace: Workspace, cell: str, lines: list[str], named: str
) -> None:
    history_file = fresh_workspace.consent / "consent_history.csv"
    history_file.write_text("\n".join([HEADING, *(f"P001,website,{line}" for line in lines)]) + "\n", "utf-8")
    edit(fresh_workspace, cell)
    before = history_file.read_bytes()
    if not named:
        held = permission_today(*_website_of(read_declared(fresh_workspace, TODAY)), TODAY)
        assert held.allowed is (cell == "yes")
        return
    with pytest.raises(RegisterError) as stopped:
        read_declared(fresh_workspace, TODAY)
    (problem,) = str(stopped.value).splitlines()[1:]
    assert problem.startswith(f"  - {named}") and "P001, website" in problem and "make them agree" in problem
    assert history_file.read_bytes() == before


def _website_of(declared: Declared) -> tuple[Pupil, History, Channel]:
    return declared.pupils["P001"], declared.history, "website"


def test_a_refusal_written_down_in_advance_holds_from_its_day(fresh_workspace: Workspace) -> None:
    history_file = fresh_workspace.consent / "consent_history.csv"
    history_file.write_text(f"{HEADING}\nP001,website,yes,2025-09-01,,,\nP001,website,no,2027-01-01,,,\n", "utf-8")
    edit(fresh_workspace, "yes")
    assert permission_today(*_website_of(read_declared(fresh_workspace, TODAY)), TODAY).allowed
    with pytest.raises(RegisterError, match="line 3 says no"):
        read_declared(fresh_workspace, NEXT_YEAR)
    edit(fresh_workspace, "no")
    assert not permission_today(*_website_of(read_declared(fresh_workspace, NEXT_YEAR)), NEXT_YEAR).allowed


SOURCES = [
    # the form's date, and what is told of the day on which the answer was first seen
    ("2025-09-01", "yes,2025-09-01,", "form dated in pupils.csv"),
    ("", "yes,2026-11-22,", "first seen in pupils.csv"),
    ("2027-01-01", "yes,2026-11-22,", "first seen in pupils.csv"),
]


@pytest.mark.parametrize(("form", "said", "source"), SOURCES)
def test_the_day_of_a_form_is_told_from_the_day_on_which_a_cell_was_first_seen(
    fresh_workspace: Workspace, form: str, said: str, source: str
) -> None:
    edit(fresh_workspace, "yes", form)
    read_declared(fresh_workspace, TODAY)
    _, line = (fresh_workspace.consent / "consent_history.csv").read_text("utf-8").splitlines()
    assert line.startswith(f"P001,website,{said}") and line.endswith(f",{source}")


def test_every_cell_at_odds_is_named_at_once(fresh_workspace: Workspace) -> None:
    history_file = fresh_workspace.consent / "consent_history.csv"
    lines = ["P002,press,no,2026-01-01,,,", "P001,website,no,2026-01-01,,,", "P001,press,no,2026-01-01,,,"]
    history_file.write_text("\n".join([HEADING, *lines]) + "\n", "utf-8")
    register = ["pupil_id,legal_forename,legal_surname,website,press", "P001,Maya,Day,yes,no", "P002,Max,Lee,no,yes"]
    (fresh_workspace.consent / "pupils.csv").write_text("\n".join(register) + "\n", "utf-8")
    with pytest.raises(RegisterError) as stopped:
        read_declared(fresh_workspace, TODAY)
    named = [problem[:18] for problem in str(stopped.value).splitlines()[1:]]
    assert named == ["  - line 2 says no", "  - line 3 says no"]


def edit(workspace: Workspace, website: str, form: str = "2025-09-01") -> None:
    lines = ["pupil_id,legal_forename,legal_surname,website,consent_given_on", f"P001,Maya,Day,{website},{form}"]
    (workspace.consent / "pupils.csv").write_text("\n".join(lines) + "\n", "utf-8")


def test_an_edited_cell_adds_one_line_and_touches_no_earlier_byte(fresh_workspace: Workspace) -> None:
    history_file = fresh_workspace.consent / "consent_history.csv"
    edit(fresh_workspace, "yes")
    first = read_declared(fresh_workspace, date(2026, 1, 10))
    before = history_file.read_bytes()
    read_declared(fresh_workspace, date(2026, 1, 11))
    assert history_file.read_bytes() == before

    edit(fresh_workspace, "no")
    second = read_declared(fresh_workspace, TODAY)
    after = history_file.read_bytes()
    assert after.startswith(before)
    (line,) = after[len(before) :].decode().splitlines()
    assert line.startswith("P001,website,no,2026-11-22,not stated,")
    assert line.endswith(",changed in pupils.csv")
    assert [answer.answer for answer in second.history["P001", "website"]] == [True, False]
    assert first.consent_version != second.consent_version

    third = read_declared(fresh_workspace, date(2026, 11, 23))
    assert history_file.read_bytes() == after
    assert third == replace(second, today=date(2026, 11, 23))


def _fields(declared: object) -> dict[str, object]:
    return {name: getattr(declared, name) for name in declared.__dataclass_fields__}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "before",
    [
        f"{HEADING}\nP002,press,yes,2025-09-01,,,",
        f"{HEADING}\r\nP002,press,yes,2025-09-01,,,\r\n",
        f"{HEADING}\n\n",
        "\ufeff" + HEADING + "\nP002,press,yes,2025-09-01,,,\n",
    ],
)
def test_answers_are_added_to_whatever_an_editor_left(tmp_path: Path, before: str) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(before.encode())
    known = read_history(path, PUPILS)
    append_answers(path, [dated(False, MARCH)])
    assert path.read_bytes().startswith(before.encode())
    assert read_history(path, PUPILS) == {**known, ("P001", "website"): [dated(False, MARCH)]}


@pytest.mark.parametrize("before", [None, b"", b"\xef\xbb\xbf"])
def test_a_new_history_starts_with_its_heading(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "history.csv"
    if before is not None:
        path.write_bytes(before)
    append_answers(path, [dated(True, MARCH)])
    assert read_history(path, PUPILS) == {("P001", "website"): [dated(True, MARCH)]}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=20).map(str.strip).filter(lambda text: text.isprintable()))
def test_what_is_added_is_read_back(tmp_path: Path, words: str) -> None:
    path = tmp_path / "history.csv"
    path.unlink(missing_ok=True)
    answer = ConsentAnswer("P001", "press", None, MARCH, words, words, words)
    append_answers(path, [answer])
    assert read_history(path, PUPILS) == {("P001", "press"): [answer]}


DIES_HALFWAY = """
import os, sys
from datetime import date
from pathlib import Path
from auditbot.registers.consent import (ConsentAnswer)
from auditbot.registers.consent_history import (append_answers)

def answers():
    for number in range(5000):
        yield ConsentAnswer("P001", "press", True, date(2026, 3, 1), "Mother", f"{number}", "form")
    os._exit(9)

append_answers(Path(sys.argv[1]), answers())
"""


def test_a_run_killed_while_it_adds_answers_leaves_the_history_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    append_answers(path, [dated(True, MARCH)])
    before = path.read_bytes()
    killed = subprocess.run([sys.executable, "-c", DIES_HALFWAY, str(path)], check=False)
    assert killed.returncode == 9
    assert path.read_bytes() == before
    append_answers(path, [dated(False, TODAY)])
    assert [answer.answer for answer in read_history(path, PUPILS)["P001", "website"]] == [True, False]
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_write_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    path, left, other = tmp_path / "history.csv", tmp_path / ".history.csv.a1b2.part", tmp_path / ".photos.zip.part"
    left.write_text("P001,website", "utf-8")
    other.touch()
    append_answers(path, [dated(True, MARCH)])
    assert sorted(tmp_path.iterdir()) == sorted([path, other])


def test_answers_are_added_to_the_file_that_a_link_names(tmp_path: Path) -> None:
    path, link = tmp_path / "kept" / "history.csv", tmp_path / "history.csv"
    path.parent.mkdir()
    append_answers(path, [dated(True, MARCH)])
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("this account may not make links")
    append_answers(link, [dated(False, TODAY)])
    assert link.is_symlink()
    assert [answer.answer for answer in read_history(path, PUPILS)["P001", "website"]] == [True, False]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX file modes")
def test_a_new_history_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    append_answers(path, [dated(True, MARCH)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_workspace_without_history_or_answers_is_read(fresh_workspace: Workspace) -> None:
    (fresh_workspace.consent / "consent_history.csv").unlink()
    assert read_declared(fresh_workspace, TODAY).history == {}
