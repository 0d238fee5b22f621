"""Every export file of the table: what is right for it holds, and nobody is permitted whom it does not permit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font, PatternFill

from auditbot.errors import ImportRefused
from auditbot.registers.consent import permission_today
from auditbot.registers.declared import read_declared
from auditbot.registers.mis.update import prepare, write
from auditbot.registers.people import CHANNELS, read_rows
from auditbot.settings import Workspace
from tests.unit.registers.mis import hostile_cases, later_cases, unseen_cases
from tests.unit.registers.mis.door_cases import CASES as FIRST
from tests.unit.registers.mis.door_cases import Case
from tests.unit.registers.mis.exports import text, workbook

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=ZoneInfo("Europe/London"))
CASES = (*FIRST, *hostile_cases.CASES, *unseen_cases.CASES, *later_cases.CASES)
ALL_WORDS = ("accept_drop", "accept_more_permission", "accept_moved_names", "accept_no_answers")


def made(folder: Path, case: Case) -> Path:
    """Write the file of a case and return it."""
    if isinstance(case.file, str):
        return text(folder, case.file)
    if not isinstance(case.file, Mapping):
        return case.file(folder)
    path = workbook(folder, dict(case.file), case.merged)
    if case.struck or case.filled:
        book = load_workbook(path)
        for cell in case.struck:
            book.worksheets[0][cell].font = Font(strike=True)
        for cell in case.filled:
            book.worksheets[0][cell].fill = PatternFill("solid", fgColor="FF0000")
        book.save(path)
    return path


def permitted(workspace: Workspace) -> set[tuple[str, str]]:
    """Return every pupil on roll and channel that is allowed today."""
    declared = read_declared(workspace, NOW.date())
    return {
        (pupil.pupil_id, channel)
        for pupil in declared.pupils.values()
        for channel in CHANNELS
        if not (pupil.left_on and pupil.left_on < NOW.date())
        and not pupil.never_publish
        and permission_today(pupil, declared.history, channel, NOW.date()).allowed
    }


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_right_for_a_file_holds(fresh_workspace: Workspace, case: Case) -> None:
    consent = fresh_workspace.consent
    (consent / "pupils.csv").write_text(case.register, "utf-8")
    read_declared(fresh_workspace, NOW.date())
    path = made(fresh_workspace.folder, case)
    if case.refused:
        with pytest.raises(ImportRefused, match=case.refused):
            prepare(fresh_workspace, path, NOW)
        return
    prepared = prepare(fresh_workspace, path, NOW)
    assert [each.row for each in prepared.questions] == list(case.asked)
    assert {each.stop.value for each in prepared.stops} == ({case.stops} if case.stops else set())
    if prepared.stops:
        with pytest.raises(ImportRefused):
            write(fresh_workspace, prepared, NOW)
        if case.stops in ("more_permission", "protection_lost", "no_answers"):
            return
    write(fresh_workspace, prepared, NOW, ALL_WORDS)
    assert set(prepared.joined.left) == set(case.left)
    rows = read_rows(consent / "pupils.csv")
    held = {name: rows[name.partition(".")[0]][name.partition(".")[2]] for name in case.cells}
    assert held == dict(case.cells)
    assert permitted(fresh_workspace) - case.permits == set()


def test_what_was_decided_comes_in_and_is_remembered(fresh_workspace: Workspace) -> None:
    (case,) = [case for case in CASES if case.name.startswith("a change of system")]
    (fresh_workspace.consent / "pupils.csv").write_text(case.register, "utf-8")
    path = made(fresh_workspace.folder, case)
    prepared = prepare(fresh_workspace, path, NOW)
    assert [each.proposal for each in prepared.questions] == [f"P0{number}" for number in range(1, 8)]
    decided = {each.key: each.proposal for each in prepared.questions}
    again = prepare(fresh_workspace, path, NOW, decided=decided)
    assert (again.questions, again.joined.left, again.joined.new) == ((), [], [])
    write(fresh_workspace, again, NOW, ALL_WORDS)
    assert read_rows(fresh_workspace.consent / "pupils.csv")["P04"]["never_publish"] == "yes"
    assert prepare(fresh_workspace, path, NOW).questions == ()


def test_the_table_is_told(tell: Callable[[str], None]) -> None:
    asked = sum(bool(case.asked or case.refused or case.stops) for case in CASES)
    assert len(CASES) >= 40
    tell(f"import: {len(CASES)} kinds of files, {asked} of them rightly asked about or stopped, silently wrong 0")
