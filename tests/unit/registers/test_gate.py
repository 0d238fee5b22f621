"""Whatever changes pupils.csv is stopped or told, and every changed answer has its day."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditbot.cli import main
from auditbot.errors import RegisterError
from auditbot.registers.changes import register_gate as gate
from auditbot.registers.changes.accepted import ACCEPTED, LOG, accept, edited, lines_since, local_moment, restore
from auditbot.registers.consent import FACTS, permission_today
from auditbot.registers.declared import read_declared
from auditbot.registers.people import CHANNELS, COLUMNS, Pupil, pupils_of, read_rows, register_bytes
from auditbot.run import one_at_a_time
from auditbot.settings import Workspace

TODAY = date(2026, 11, 22)
Rows = dict[str, dict[str, str]]


def pupil(number: int, **cells: str) -> dict[str, str]:
    names = [
        "Maya Day",
        "Max Lee",
        "Ann Ray",
        "Tom Hill",
        "Zoe Moss",
        "Ava Fox",
        "Kit Poe",
        "Ben Orr",
        "Isa Roe",
        "Lil Ash",
    ]
    forename, surname = names[number % 10].split()
    surname += chr(97 + number // 10) if number >= 10 else ""
    row = dict.fromkeys(COLUMNS, "") | {
        "pupil_id": f"P{number:02}", "legal_forename": forename, "legal_surname": surname,
        "date_of_birth": f"2020-{number % 12 + 1:02}-{number % 27 + 1:02}", "class": f"C{number % 3}",
        "website": "no" if number % 5 == 1 else "yes", "social_media": "no" if number % 7 == 2 else "yes",
        "consent_given_on": "2025-09-08", "photo_file": f"{forename.lower()}{number}.jpg",
        "admission_no": f"{number + 30:04}",
    }  # fmt: skip
    return row | cells


def register(size: int = 12) -> Rows:
    rows = {f"P{number:02}": pupil(number) for number in range(size)}
    rows["P03"]["never_publish"] = "yes"
    rows["P04"]["withdrawn_on"] = "2026-03-01"
    rows["P05"]["consent_expires_on"] = "2027-08-31"
    rows["P06"]["name_use"] = "none"
    return rows


def written(workspace: Workspace, rows: Rows) -> None:
    (workspace.consent / "pupils.csv").write_bytes(register_bytes(rows.values()))


@pytest.fixture
def school(fresh_workspace: Workspace) -> Workspace:
    """Return a workspace whose register was accepted once."""
    written(fresh_workspace, register())
    read_declared(fresh_workspace, TODAY)
    return fresh_workspace


def sorted_alone(rows: Rows, column: str) -> Rows:
    values = sorted(row[column] for row in rows.values())
    return {pupil_id: {**row, column: value} for (pupil_id, row), value in zip(rows.items(), values, strict=True)}


@pytest.mark.parametrize("column", [column for column in COLUMNS if column != "pupil_id"])
def test_one_column_sorted_without_the_others_is_stopped_or_told(school: Workspace, column: str) -> None:
    before = read_rows(school.consent / "pupils.csv")
    after = sorted_alone(before, column)
    changed = [pupil_id for pupil_id in before if before[pupil_id][column] != after[pupil_id][column]]
    try:
        written(school, after)
        declared = read_declared(school, TODAY)
    except RegisterError:
        return
    told = "\n".join((*declared.notes, *lines_since(school.consent, None)))
    assert bool(told) == bool(changed), told
    if column in ("website", "social_media", *gate.OF_THE_CHILD[:-1], "never_publish", "withdrawn_on") and changed:
        assert "edited by hand, and it does not count" in told
        assert permitted(declared.pupils, declared.history) <= permitted_before(before)
        assert declared.pupils["P03"].never_publish


def permitted(pupils: Mapping[str, Pupil], history: object) -> set[tuple[str, str]]:
    return {
        (each.pupil_id, channel)
        for each in pupils.values()
        for channel in CHANNELS
        if not each.never_publish and permission_today(each, history, channel, TODAY).allowed  # type: ignore[arg-type]
    }


def permitted_before(rows: Rows) -> set[tuple[str, str]]:
    return permitted(pupils_of(rows), {})


def _deleted(rows: Rows) -> Rows:
    return {pupil_id: row for pupil_id, row in rows.items() if pupil_id not in ("P00", "P07")}


def _one_deleted(rows: Rows) -> Rows:
    return {pupil_id: row for pupil_id, row in rows.items() if pupil_id != "P08"}


def _swapped_ids(rows: Rows) -> Rows:
    one, other = rows["P01"], rows["P02"]
    return {**rows, "P01": {**other, "pupil_id": "P01"}, "P02": {**one, "pupil_id": "P02"}}


def _old_copy(rows: Rows) -> Rows:
    return {pupil_id: {**row, "website": "yes", "never_publish": ""} for pupil_id, row in rows.items()}


def _slipped(rows: Rows) -> Rows:
    names = [row["legal_forename"] for row in rows.values()]
    moved = ["Una", *names[:-1]]
    return {each: {**row, "legal_forename": name} for (each, row), name in zip(rows.items(), moved, strict=True)}


def _given_away(rows: Rows) -> Rows:
    return {**rows, "P01": {**rows["P01"], "legal_forename": "Una", "legal_surname": "Voss"}}


def _blanked(rows: Rows) -> Rows:
    return {pupil_id: {**row, "never_publish": "", "withdrawn_on": ""} for pupil_id, row in rows.items()}


def _filled_down(rows: Rows) -> Rows:
    return {pupil_id: {**row, "website": "yes"} for pupil_id, row in rows.items()}


def _renamed(rows: Rows) -> Rows:
    return {**rows, "P01": {**rows["P01"], "legal_surname": "Voss"}}


def _one_yes(rows: Rows) -> Rows:
    return {**rows, "P01": {**rows["P01"], "website": "yes", "consent_given_on": "2026-11-20"}}


MUTATIONS = [
    # what somebody did to the file, and the stop that must stand; none: it is told
    (_deleted, gate.Stop.PUPILS_LOST),
    (_one_deleted, None),
    (_swapped_ids, gate.Stop.NAMES_MOVED),
    (_old_copy, gate.Stop.MORE_PERMISSION),
    (_old_copy, gate.Stop.PROTECTION_LOST),
    (_slipped, gate.Stop.NAMES_MOVED),
    (_given_away, gate.Stop.NAMES_MOVED),
    (_blanked, gate.Stop.PROTECTION_LOST),
    (_filled_down, gate.Stop.MORE_PERMISSION),
    (_renamed, None),
    (_one_yes, None),
]


@pytest.mark.parametrize(("mutation", "stop"), MUTATIONS)
def test_what_a_hand_does_to_the_file_is_stopped_or_told(
    school: Workspace, mutation: Callable[[Rows], Rows], stop: gate.Stop | None
) -> None:
    before = read_rows(school.consent / "pupils.csv")
    written(school, mutation(before))
    state = edited(school.consent, TODAY)
    assert (stop in {each.stop for each in state.stopped}) if stop else not state.stopped
    declared = read_declared(school, TODAY)
    told = "\n".join((*declared.notes, *lines_since(school.consent, None)))
    assert told
    if stop:
        assert permitted(declared.pupils, declared.history) <= permitted_before(before)
        restore(school.consent, local_moment(school))
        assert read_rows(school.consent / "pupils.csv") == before
        assert read_declared(school, TODAY).notes == ()


def test_an_edit_that_waits_counts_where_it_refuses(school: Workspace) -> None:
    rows = _filled_down(read_rows(school.consent / "pupils.csv"))
    rows["P07"]["social_media"] = "no"
    rows["P08"]["never_publish"] = "yes"
    written(school, rows)
    declared = read_declared(school, TODAY)
    assert ("P07", "social_media") not in permitted(declared.pupils, declared.history)
    assert declared.pupils["P08"].never_publish
    assert ("P01", "website") not in permitted(declared.pupils, declared.history)
    accept(school.consent, edited(school.consent, TODAY), local_moment(school))
    accepted = read_declared(school, TODAY)
    assert ("P01", "website") in permitted(accepted.pupils, accepted.history)
    assert any("website from no to yes: P01" in line for line in lines_since(school.consent, None))


def test_zeros_that_a_spreadsheet_took_off_are_named(fresh_workspace: Workspace) -> None:
    rows = {f"{number:03}": pupil(number, pupil_id=f"{number:03}") for number in range(1, 5)}
    written(fresh_workspace, rows)
    read_declared(fresh_workspace, TODAY)
    written(fresh_workspace, {each.lstrip("0"): {**row, "pupil_id": each.lstrip("0")} for each, row in rows.items()})
    with pytest.raises(RegisterError, match="line 2, column pupil_id: 1 was 001; a spreadsheet took the zeros off"):
        read_declared(fresh_workspace, TODAY)


SPREADSHEETS: list[Callable[[str], str]] = [
    # what a spreadsheet makes of the register, which is understood
    lambda content: content.replace(",", ";"),
    lambda content: content.replace(",", "\t"),
    lambda content: "\ufeff" + content,
    lambda content: content.replace("\n", "\r\n"),
    lambda content: content.replace("pupil_id", "Pupil ID", 1).replace("website", "WEBSITE", 1),
    lambda content: "\n".join(f"{line},{'Notes' if not n else 'rang'}" for n, line in enumerate(content.splitlines())),
    lambda content: "\n".join(f"{line},,," for line in content.splitlines()),
    lambda content: content.replace("2025-09-08", "08/09/2025"),
]


@pytest.mark.parametrize("number", range(len(SPREADSHEETS)))
def test_what_a_spreadsheet_does_to_the_register_is_understood(school: Workspace, number: int) -> None:
    path = school.consent / "pupils.csv"
    before = read_rows(path)
    path.write_bytes(SPREADSHEETS[number](path.read_text("utf-8")).encode())
    after = read_rows(path)
    assert [{name: row[name] for name in COLUMNS} for row in after.values()] == list(before.values())
    assert read_declared(school, TODAY).notes == ()
    assert edited(school.consent, TODAY).stopped == ()


def test_a_column_of_notes_stays_when_the_program_writes_the_register(school: Workspace) -> None:
    path = school.consent / "pupils.csv"
    rows = read_rows(path)
    written(school, {each: {**row, "Notes": f"note {each}"} for each, row in rows.items()})
    assert read_rows(path)["P02"]["Notes"] == "note P02"
    path.write_bytes(register_bytes(read_rows(path).values()))
    assert read_rows(path)["P02"]["Notes"] == "note P02"


ANSWER = st.sampled_from(["yes", "no", ""])
CELLS = st.fixed_dictionaries(
    {
        "website": ANSWER, "press": ANSWER, "never_publish": st.sampled_from(["", "", "yes"]),
        "name_use": st.sampled_from(["", "none", "first"]),
        "consent_expires_on": st.sampled_from(["", "2026-08-31", "2027-08-31"]),
        "withdrawn_on": st.sampled_from(["", "", "2026-02-01"]), "biometric_objection": st.sampled_from(["", "yes"]),
        "left_on": st.sampled_from(["", "", "2026-07-17"]), "consent_given_on": st.sampled_from(["", "2025-09-01"]),
    }
)  # fmt: skip
REGISTERS = st.dictionaries(st.integers(0, 7), CELLS, max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(REGISTERS, REGISTERS, st.booleans())
def test_nothing_takes_protection_away_without_a_stop_or_a_line(
    fresh_workspace: Workspace, first: dict[int, dict[str, str]], second: dict[int, dict[str, str]], swap: bool
) -> None:
    consent = fresh_workspace.consent
    shutil.rmtree(consent / "kept", ignore_errors=True)
    for name in (LOG, "consent_history.csv"):
        (consent / name).unlink(missing_ok=True)
    before = {f"P{n:02}": pupil(n, **cells) for n, cells in first.items()}
    after = {f"P{n:02}": pupil(n, **cells) for n, cells in second.items()}
    if swap and len(after) > 1:
        one, other, *_ = after
        after[one], after[other] = {**after[other], "pupil_id": one}, {**after[one], "pupil_id": other}
    written(fresh_workspace, before)
    at_first = read_declared(fresh_workspace, TODAY)
    written(fresh_workspace, after)
    state = edited(consent, TODAY)
    declared = read_declared(fresh_workspace, TODAY)
    told = "\n".join(lines_since(consent, None))
    freed = _freed(before, after, at_first.pupils, declared.pupils)
    if state.stopped:
        assert declared.notes
        now = permitted(declared.pupils, declared.history)
        assert now <= permitted(at_first.pupils, at_first.history)
        assert all(declared.pupils[each].never_publish for each in before if before[each]["never_publish"])
        accept(consent, state, local_moment(fresh_workspace))
        declared = read_declared(fresh_workspace, TODAY)
        told = "\n".join(lines_since(consent, None))
    assert all(each in told for each in freed)
    for each in declared.pupils.values():
        for kind in (*CHANNELS, *FACTS):
            recorded = declared.history.get((each.pupil_id, kind), ())
            cell = after[each.pupil_id][kind]
            last = recorded[-1] if recorded else None
            held = (last.value or {True: "yes", False: "no", None: ""}[last.answer]) if last else ""
            assert held.replace("no", "") == cell if kind == "never_publish" else held == cell


def _freed(
    before: Rows, after: Rows, pupils_before: Mapping[str, Pupil], pupils_after: Mapping[str, Pupil]
) -> set[str]:
    """Return who was protected from something and is no longer, by the rows alone."""
    allowed_before, allowed_after = permitted(pupils_of(before), {}), permitted(pupils_of(after), {})
    freed = {pupil_id for pupil_id, _ in allowed_after - allowed_before if pupil_id in before}
    freed |= {each for each in before if before[each]["never_publish"] and not after.get(each, {}).get("never_publish")}
    return freed


@example(3)
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_rows_in_another_order_are_no_change(seed: int) -> None:
    rows = register()
    shuffled = list(rows.items())
    random.Random(seed).shuffle(shuffled)
    assert gate.difference(rows, dict(shuffled), TODAY) == ()


def test_the_log_holds_no_name(school: Workspace) -> None:
    written(school, _renamed(read_rows(school.consent / "pupils.csv")))
    read_declared(school, TODAY)
    text = (school.consent / LOG).read_text("utf-8")
    assert "P01" in text and "legal_surname" in text and "Voss" not in text and "Lee" not in text
    with (school.consent / ACCEPTED).open(encoding="utf-8", newline="") as file:
        assert {row["pupil_id"]: row for row in csv.DictReader(file)}["P01"]["legal_surname"] == "Voss"


def test_the_accepted_register_is_for_its_owner_alone(school: Workspace) -> None:
    assert Path(school.consent / ACCEPTED).stat().st_mode & 0o077 == 0


def test_everybody_whose_date_of_birth_changed_is_named() -> None:
    before = register(14)
    after = _column(before, "date_of_birth", ["2018-07-19"] * 14)
    told = "\n".join(gate.lines(gate.difference(before, after, TODAY), "edited by hand"))
    assert [pupil_id for pupil_id in after if pupil_id not in told] == []


COLUMNS_BY_HAND = (*CHANNELS[:2], "never_publish", "legal_forename", "legal_surname", "date_of_birth", "admission_no",
                   "pupil_id", "consent_given_on", "withdrawn_on", "class")  # fmt: skip


def _column(rows: Rows, column: str, values: list[str]) -> Rows:
    changed = [{**row, column: value} for row, value in zip(rows.values(), values, strict=True)]
    return {row["pupil_id"]: row for row in changed}


def by_hand(rows: Rows, draw: st.DataObject) -> Rows:
    """Do to the rows what a hand in a spreadsheet does to one column, to two, or to whole rows."""
    column, other = (draw.draw(st.sampled_from(COLUMNS_BY_HAND)) for _ in range(2))
    values = [row[column] for row in rows.values()]
    first, last = sorted(draw.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2)))
    swapped = [*values]
    swapped[first], swapped[last] = values[last], values[first]
    done = {
        "sorted": sorted(values),
        "sorted backwards": sorted(values, reverse=True),
        "filled down": [values[first] if first <= place <= last else each for place, each in enumerate(values)],
        "moved down": [values[0], *values[:-1]],
        "two exchanged": swapped,
        "copied from another": [row[other] for row in rows.values()],
        "emptied": [""] * len(values),
    }
    kind = draw.draw(st.sampled_from([*done, "rows deleted"]))
    if kind == "rows deleted":
        return {each: row for place, (each, row) in enumerate(rows.items()) if not first <= place <= last}
    return _column(rows, column, done[kind])


def who(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("legal_forename", "legal_surname", "date_of_birth"))


def free_to_show(rows: Rows) -> set[tuple[tuple[str, ...], str]]:
    return {(who(rows[pupil_id]), channel) for pupil_id, channel in permitted(pupils_of(rows), {})}


@given(st.integers(7, 14), st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_child_may_be_shown_by_a_hand_in_a_spreadsheet_without_stop_or_line(size: int, data: st.DataObject) -> None:
    before = register(size)
    try:
        after = by_hand(before, data)
        pupils_of(after)
        after_text = register_bytes(after.values())
    except RegisterError:
        return
    assert after_text
    changes = gate.difference(before, after, TODAY)
    if gate.stops(changes, before, after, TODAY):
        return
    told = "\n".join(gate.lines(changes, "edited by hand"))
    now = {who(row): pupil_id for pupil_id, row in after.items()}
    for child, channel in free_to_show(after) - free_to_show(before):
        assert now[child] in told, (child, channel)


def test_a_row_copied_onto_another_id_is_refused_or_stopped(school: Workspace) -> None:
    path = school.consent / "pupils.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[2]]) + "\n", "utf-8")
    with pytest.raises(RegisterError, match="the same id stands on line 3 already"):
        read_declared(school, TODAY)


def test_an_answer_is_written_while_an_audit_holds_the_workspace(school: Workspace) -> None:
    """An audit holds its lock for hours in a thread of its own; answers, edits and imports are written meanwhile."""
    workspace = ("--workspace", str(school.folder))
    form = school.folder / "form.csv"
    form.write_text(
        "Timestamp,Child's name,Date of birth,Website\n20/11/2026 08:30:00,Ann Ray,03/03/2020,No\n", "utf-8"
    )
    with one_at_a_time(school):
        said = ("P02", "social_media", "yes", "--by", "Mother", "--why", "a form")
        assert main([*workspace, "consent", "set", *said]) == 0
        assert main([*workspace, "import-consent", str(form), "--yes"]) == 0
    history = (school.consent / "consent_history.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[:3] for line in history[-2:]] == [["P02", "social_media", "yes"], ["P02", "website", "no"]]


@pytest.mark.parametrize(
    ("was", "now", "what", "said"),
    [
        ("", "2026-11-22", gate.What.LEFT, "marked as left"),
        ("", "2026-12-18", gate.What.LEAVES, "leave on 2026-12-18"),
        ("2026-12-18", "2027-03-26", gate.What.LEAVES, "leave on 2027-03-26"),
        ("2026-12-18", "", gate.What.LEAVES, "no longer to leave"),
        ("2026-07-17", "", gate.What.BACK, "back on roll"),
        ("2026-07-17", "2026-12-18", gate.What.BACK, "back on roll"),
        ("2026-12-18", "2026-07-17", gate.What.LEFT, "marked as left"),
    ],
)
def test_who_is_to_leave_is_not_told_as_back(was: str, now: str, what: gate.What, said: str) -> None:
    before, after = {"P01": pupil(1, left_on=was)}, {"P01": pupil(1, left_on=now)}
    (change,) = gate.difference(before, after, TODAY)
    assert change.what == what
    (line,) = gate.lines([change], "edited by hand")
    assert f"{said}: P01" in line
