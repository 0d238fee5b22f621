"""A right that ends takes every match with it, in photos nobody can fetch any more too, and leaves a record."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from auditbot.examine.enrol import Enrolled
from auditbot.examine.gallery import Gallery
from auditbot.examine.stage import forget_without_right
from auditbot.model import Candidate, Face, PhotoFacts
from auditbot.registers.biometrics import why_no_template
from auditbot.registers.declared import Declared
from auditbot.registers.pupils import BiometricAnswers, Pupil
from auditbot.registers.staff import StaffMember
from auditbot.run import Run
from auditbot.settings import Faces, School, Settings, Workspace
from auditbot.store import Store
from auditbot.terminal import ProgressBars
from tests.unit.check.school import TODAY, declared

ASSESSED = Faces(dpia_reference="DPIA 7", dpia_officer="A. Officer", dpia_date=TODAY)
PHOTO = "a" * 64
MAY = BiometricAnswers(parents_notified_on=TODAY, consent=True, objection=False, child_objects=False)
STAYS = Pupil("P1", "Maya", "Day", biometric=MAY)
LEFT = Pupil("P2", "Ivy", "Shaw", biometric=MAY, left_on=TODAY - timedelta(days=1))
OBJECTS = Pupil("P3", "Finn", "Dale", biometric=replace(MAY, objection=True))
HEAD = StaffMember("staff-head", "Mrs", "Ann", "Hale", "Headteacher")
MATCHED = ("P1", "P2", "P3", "P4", "staff-head")
MakeRun = Callable[..., Run]


def enrolled(registers: Declared, *may_hold: str, dropped: tuple[str, ...] = ()) -> Enrolled:
    """Return what enrolling says: whose template may be held, and whose was dropped just now."""
    no_right = {one.pupil_id: why_no_template(one, TODAY) for one in registers.pupils.values()}
    no_right = {pupil_id: why for pupil_id, why in no_right.items() if why}
    return Enrolled(Gallery.from_templates([]), {}, (), no_right, (), frozenset(may_hold), frozenset(dropped))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[MakeRun]:
    """A run in which a photo of a post that is long gone shows everybody."""
    with Store(tmp_path / "data" / "auditbot.db") as store:
        faces = tuple(Face((1.0, 2.0, 3.0, 4.0), 0.9, "named", (Candidate(person, 0.8),)) for person in MATCHED)
        store.examined.save_photo(PhotoFacts(PHOTO, 800, 600, faces, ()), "v1")

        def made(registers: Declared, faces: Faces = ASSESSED) -> Run:
            settings = Settings(school=School(name="Larkmere"), faces=faces)
            return Run(Workspace(tmp_path), settings, registers, store, "a1", ProgressBars(Console(quiet=True)))

        yield made


def recorded(run: Run) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(run.workspace.data / "auditbot.db")) as file:
        return list(file.execute("SELECT person_id, what, why FROM deletions ORDER BY id"))


def test_whoever_may_hold_no_template_is_in_no_photo_and_the_reason_is_recorded(run: MakeRun) -> None:
    registers = declared([STAYS, LEFT, OBJECTS], staff=[HEAD])
    this = run(registers)
    forget_without_right(this, enrolled(registers, "P1", dropped=("P2", "P7")))
    assert this.store.examined.people_with_matches() == {"P1"}
    assert recorded(this) == [
        ("P2", "face template and matches", "left on 2026-11-21"),
        ("P3", "matches", "a parent objects"),
        ("P4", "matches", "no longer in the registers"),
        ("P7", "face template and matches", "no longer in the registers"),
        ("staff-head", "matches", "no biometric consent recorded"),
    ]


def test_without_an_impact_assessment_everybody_is_forgotten(run: MakeRun) -> None:
    registers = declared([STAYS, LEFT], staff=[HEAD])
    this = run(registers, Faces())
    forget_without_right(this, enrolled(registers))
    assert this.store.examined.people_with_matches() == frozenset()
    assert ("P1", "matches", "face matching is not allowed") in recorded(this)


def test_who_keeps_the_right_is_kept_and_nothing_is_recorded_twice(run: MakeRun) -> None:
    registers = declared([STAYS, LEFT, OBJECTS], staff=[HEAD])
    this = run(registers)
    forget_without_right(this, enrolled(registers, *MATCHED, dropped=("P1",)))
    assert this.store.examined.people_with_matches() == set(MATCHED)
    assert recorded(this) == []
    for _ in range(2):
        forget_without_right(this, enrolled(registers, "P1", "P2", "P3", "P4"))
    assert [person for person, _, _ in recorded(this)] == ["staff-head"]
