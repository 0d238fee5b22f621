"""Whose a portrait is: by id; proposed by name, UPN or admission number; or nobody's, and told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.examine.faces.portraits import (
    accept_portraits,
    claim_in_words,
    photos_by_person,
    unclaimed_portraits,
)
from auditbot.registers.declared import Declared
from auditbot.registers.people import Pupil
from auditbot.registers.policy import Policy
from auditbot.settings import Workspace

PUPILS = (
    Pupil("P014", "Frederick", "Bell", "Freddie", upn="H801200001001", admission_no="004711"),
    Pupil("P015", "Zoë", "O’Hara-Smith", upn="H801200001002", admission_no="4712"),
    Pupil("P016", "Maya", "Bell"),
    Pupil("P017", "Maya", "Kaur"),
)


def declared() -> Declared:
    return Declared(date(2026, 11, 29), {one.pupil_id: one for one in PUPILS}, {}, (), {}, Policy(()), "", "")


def workspace(folder: Path, *names: str) -> Workspace:
    photos = folder / "consent" / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    for name in names:
        (photos / name).write_bytes(b"a picture")
    return Workspace(folder)


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Freddie Bell.jpg", ("P014",)),
        ("Bell, Frederick.JPG", ("P014",)),
        ("bell_freddie (2).png", ("P014",)),
        ("Year 1 - Freddie Bell - 2026.jpg", ("P014",)),
        ("4711.jpg", ("P014",)),
        ("004711-2.jpg", ("P014",)),
        ("H801200001002.jpg", ("P015",)),
        ("Zoe O'Hara-Smith.jpg", ("P015",)),
        ("freddie.jpg", ("P014",)),
        ("Maya.jpg", ("P016", "P017")),
        ("Maya Kaur.jpg", ("P017",)),
        ("Bell.jpg", ()),
        ("IMG_2041.jpg", ()),
        ("Mayabel.jpg", ()),
    ],
)
def test_whose_a_portrait_may_be(name: str, proposed: tuple[str, ...], tmp_path: Path) -> None:
    (found,) = unclaimed_portraits(workspace(tmp_path, name), declared())
    assert found.proposed == proposed
    told = claim_in_words(found)
    assert all(person in told for person in proposed) and ("nobody" in told.casefold())


def test_a_portrait_named_after_an_id_is_claimed_and_others_enrol_nobody(tmp_path: Path) -> None:
    place = workspace(tmp_path, "P014.jpg", "P014_2.jpg", "Freddie Bell.jpg", ".P016.jpg", "notes.txt")
    assert [path.name for path in photos_by_person(place, declared())["P014"]] == ["P014.jpg", "P014_2.jpg"]
    assert [one.path.name for one in unclaimed_portraits(place, declared())] == ["Freddie Bell.jpg"]


def test_accepting_renames_what_is_one_pupil_s_and_overwrites_nothing(tmp_path: Path) -> None:
    place = workspace(tmp_path, "P014.jpg", "Freddie Bell.JPG", "Maya.jpg", "IMG_2041.jpg")
    renamed = dict(accept_portraits(unclaimed_portraits(place, declared()), declared()))
    assert {before.name: after.name for before, after in renamed.items()} == {"Freddie Bell.JPG": "P014_2.jpg"}
    left = {path.name for path in (tmp_path / "consent" / "photos").iterdir()}
    assert left == {"P014.jpg", "P014_2.jpg", "Maya.jpg", "IMG_2041.jpg"}


@given(
    st.lists(st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), max_size=30), max_size=4)
)
def test_every_picture_is_somebody_s_or_told(tmp_path_factory: pytest.TempPathFactory, stems: list[str]) -> None:
    names = {f"x{stem}.jpg" for stem in stems if len(f"x{stem}.jpg".encode()) < 200}
    place = workspace(tmp_path_factory.mktemp("school"), *names)
    on_disk = {path.name for path in (place.consent / "photos").iterdir()}
    claimed = {path.name for paths in photos_by_person(place, declared()).values() for path in paths}
    assert claimed | {one.path.name for one in unclaimed_portraits(place, declared())} == on_disk
