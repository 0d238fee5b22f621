"""How long a yes holds by the school's own rule, and what is said of ids in the history that no pupil has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditbot.errors import RegisterError
from auditbot.registers.consent import permission_on
from auditbot.registers.declared import Declared, read_declared
from auditbot.settings import Workspace

TODAY = date(2026, 11, 22)
HEADING = "pupil_id,channel,answer,effective_on,given_by,recorded_at,source"


def school(workspace: Workspace, rule: str, year_group: str, history: str, left: str = "") -> Declared:
    settings = workspace.config / "auditbot.toml"
    if rule:
        settings.write_text(
            settings.read_text("utf-8").replace('# valid_for = "until leaving"', f'valid_for = "{rule}"'), "utf-8"
        )
    rows = [
        "pupil_id,legal_forename,legal_surname,year_group,left_on,website",
        f"P001,Maya,Day,{year_group},{left},yes",
    ]
    (workspace.consent / "pupils.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (workspace.consent / "consent_history.csv").write_text(f"{HEADING}\n{history}\n", "utf-8")
    return read_declared(workspace, TODAY)


RULES = [
    # the rule, the year group today, the day of the yes, the last day on which it holds
    ("", "1", "2024-09-10", "2026-11-22"),
    ("until leaving", "1", "2024-09-10", "2026-11-22"),
    ("year", "1", "2025-09-10", "2026-09-09"),
    ("year", "", "2024-02-29", "2025-02-27"),
    ("key stage", "R", "2025-10-01", "2026-11-22"),  # given in nursery: to the end of Reception, in 2027
    ("key stage", "1", "2025-10-01", "2026-08-31"),  # given in Reception
    ("key stage", "1", "2026-09-10", "2026-11-22"),
    ("key stage", "3", "2025-10-01", "2026-08-31"),  # given in Year 2
    ("key stage", "2", "2023-10-01", "2025-08-31"),  # given in nursery, three years ago
    ("key stage", "Hedgehogs", "2025-09-10", "2026-09-09"),  # no year group is known: twelve months
]


@pytest.mark.parametrize(("rule", "year_group", "given", "last"), RULES)
def test_a_yes_holds_as_long_as_the_school_says(
    fresh_workspace: Workspace, rule: str, year_group: str, given: str, last: str
) -> None:
    declared = school(fresh_workspace, rule, year_group, f"P001,website,yes,{given},Mother,,form")
    pupil, end = declared.pupils["P001"], date.fromisoformat(last)
    assert permission_on(pupil, declared.history, "website", end).standing == "yes"
    if end < TODAY:
        after = permission_on(pupil, declared.history, "website", date.fromordinal(end.toordinal() + 1))
        assert (after.standing, after.since) == ("expired", end)


def test_the_year_group_of_a_leaver_is_that_of_the_last_day(fresh_workspace: Workspace) -> None:
    history = "P001,website,yes,2024-10-01,Mother,,form"
    declared = school(fresh_workspace, "key stage", "2", history, left="2026-07-17")
    pupil = declared.pupils["P001"]
    assert permission_on(pupil, declared.history, "website", date(2026, 7, 17)).standing == "yes"
    assert permission_on(pupil, declared.history, "website", date(2026, 7, 18)).standing == "expired"


def test_a_rule_that_changes_is_another_consent_list(fresh_workspace: Workspace) -> None:
    history = "P001,website,yes,2025-09-10,Mother,,form"
    before = school(fresh_workspace, "", "1", history).consent_version
    assert school(fresh_workspace, "year", "1", history).consent_version != before


UNKNOWN = [
    # the id in the history, its source, and what is said: nothing, a note, or the run stops
    ("P999", "paper form", "note"),
    ("P999", "first seen in pupils.csv", ""),
    ("P999", "form dated in pupils.csv", ""),
    ("P999", "import pupils.csv (first seen)", ""),
    ("p001", "paper form", "stop"),
    ("P0O1", "paper form", "stop"),
    ("P01", "paper form", "stop"),
    ("P-001", "paper form", "stop"),
    ("P001", "paper form", ""),
]


@pytest.mark.parametrize(("pupil_id", "source", "said"), UNKNOWN)
def test_a_refusal_under_a_mistyped_id_is_never_passed_over(
    fresh_workspace: Workspace, pupil_id: str, source: str, said: str
) -> None:
    lines = f"P001,website,yes,2025-09-01,Mother,,form\n{pupil_id},press,no,2025-09-02,Mother,,{source}"
    if said == "stop":
        with pytest.raises(RegisterError, match=f"line 3 is about {pupil_id}.*is P001 meant"):
            school(fresh_workspace, "", "1", lines)
        return
    notes = school(fresh_workspace, "", "1", lines).notes
    assert bool(notes) == (said == "note")
    assert all(f"{pupil_id} (line 3)" in note for note in notes)


def test_what_a_stopped_program_had_begun_is_finished(fresh_workspace: Workspace) -> None:
    folder: Path = fresh_workspace.consent
    ready, unfinished = folder / ".to_replace", folder / ".replacing"
    ready.mkdir()
    unfinished.mkdir()
    (ready / "pupils.csv").write_text("pupil_id,legal_forename,legal_surname\nP007,Max,Lee\n", "utf-8")
    (unfinished / "pupils.csv").write_text("half a li", "utf-8")
    assert set(read_declared(fresh_workspace, TODAY).pupils) == {"P007"}
    assert not ready.exists() and not unfinished.exists()
