"""Whose template is held: only while the right lasts, only from their own photos, only under a key that is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from cryptography.fernet import Fernet
from PIL import Image, ImageFilter

from auditbot.errors import ModelFileWrong, TemplateKeyMissing
from auditbot.examine.faces.engines import MOBILEFACENET_SHA256
from auditbot.examine.faces.enrol import enrol
from auditbot.examine.faces.faces import DetectedFace, Pixels, Vectors
from auditbot.examine.stage import examined_with
from auditbot.examine.weights import MODELS
from auditbot.machine import environment
from auditbot.registers import secrets
from auditbot.registers.declared import Declared
from auditbot.registers.people import BiometricAnswers, Pupil, StaffMember
from auditbot.settings import Faces, School, Settings, Workspace
from tests.unit.check.school import TODAY, declared
from tests.unit.examine.made_up_faces import FACES, engine

MAY = BiometricAnswers(
    parents_notified_on=date(2026, 9, 1),
    consent=True,
    consent_on=date(2026, 9, 1),
    objection=False,
    child_objects=False,
)
ASSESSED = Faces(dpia_reference="DPIA 7", dpia_officer="A. Officer", dpia_date=date(2026, 9, 1))
ON = Settings(school=School(name="Larkmere"), faces=ASSESSED)
OFF = Settings(school=School(name="Larkmere"))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace, and a template key of its own."""
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    (tmp_path / "consent" / "photos").mkdir(parents=True)
    return Workspace(tmp_path)


def portrait(workspace: Workspace, child: str, name: str) -> None:
    shutil.copyfile(FACES / child / "portrait_1.jpg", workspace.consent / "photos" / name)


def pupil(pupil_id: str, may: BiometricAnswers = MAY, photo_file: str = "") -> Pupil:
    return Pupil(pupil_id, "Maya", "Day", biometric=may, photo_file=photo_file)


def school(*pupils: Pupil, staff: tuple[StaffMember, ...] = ()) -> Declared:
    return declared(pupils, staff=staff)


# --- who loses a template -------------------------------------------------------------------------------------------


def test_who_withdrew_left_or_is_unknown_has_no_template_and_is_told_apart(workspace: Workspace) -> None:
    people = ("C001", "C002", "C003", "C004")
    for child in people:
        portrait(workspace, child, f"{child}.jpg")
    first = enrol(workspace, ON, school(*map(pupil, people)))
    assert set(first.photos) == first.may_hold == set(people) and not first.dropped

    withdrawn = pupil("C002", replace(MAY, withdrawn_on=TODAY))
    left = replace(pupil("C003"), left_on=TODAY - timedelta(days=1))
    second = enrol(workspace, ON, school(pupil("C001"), withdrawn, left))
    assert set(second.photos) == second.may_hold == {"C001"}
    assert second.dropped == {"C002", "C003", "C004"}
    assert enrol(workspace, ON, school(pupil("C001"), withdrawn, left)).dropped == frozenset()


def test_a_photo_that_is_gone_takes_its_template_and_not_the_right(workspace: Workspace) -> None:
    for child in ("C001", "C002"):
        portrait(workspace, child, f"{child}.jpg")
    both = school(pupil("C001"), pupil("C002"))
    enrol(workspace, ON, both)
    (workspace.consent / "photos" / "C002.jpg").unlink()
    after = enrol(workspace, ON, both)
    assert (set(after.photos), set(after.may_hold), set(after.dropped)) == ({"C001"}, {"C001", "C002"}, {"C002"})


@pytest.mark.parametrize("key_is_there", [True, False])
def test_without_an_impact_assessment_no_template_stays(
    workspace: Workspace, key_is_there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    portrait(workspace, "C001", "C001.jpg")
    enrol(workspace, ON, school(pupil("C001")))
    (workspace.data / ".templates.sealed.abcd1234").write_bytes(b"left by a killed run")
    if not key_is_there:
        monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    after = enrol(workspace, OFF, school(pupil("C001")))
    assert not after.may_hold
    assert set(after.dropped) == ({"C001"} if key_is_there else set())
    assert list(workspace.data.iterdir()) == []


def test_what_a_killed_run_left_is_removed_even_if_no_template_changes(workspace: Workspace) -> None:
    portrait(workspace, "C001", "C001.jpg")
    enrol(workspace, ON, school(pupil("C001")))
    (workspace.data / ".templates.sealed.abcd1234.part").write_bytes(b"left by a killed run")
    enrol(workspace, ON, school(pupil("C001")))
    assert [path.name for path in workspace.data.iterdir()] == ["templates.sealed"]


# --- what is made again, and what is said of it ---------------------------------------------------------------------


class Counting:
    """The default engine, which notes how many faces it was asked to embed."""

    def __init__(self) -> None:
        self.calls = 0
        self._engine = engine()

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        self.calls += 1
        return self._engine.embed(rgb, faces)


def test_after_one_pupils_change_that_pupil_alone_is_embedded_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting()
    monkeypatch.setattr("auditbot.examine.faces.enrol.open_engine", lambda _choice: counting)
    people = ("C001", "C002", "C003")
    for child in people:
        portrait(workspace, child, f"{child}.jpg")
    made = []
    for change in ("", "", "C004"):
        if change:
            portrait(workspace, change, "C002.jpg")
        enrol(workspace, ON, school(*map(pupil, people)))
        made.append(counting.calls)
    assert made == [3, 3, 4]


def test_another_engine_makes_every_template_again(workspace: Workspace) -> None:
    portrait(workspace, "C001", "C001.jpg")
    first = enrol(workspace, ON, school(pupil("C001")))
    own = replace(
        ASSESSED,
        engine="own",
        own_embedder=str(MODELS / "mobilefacenet.onnx"),
        own_embedder_sha256=MOBILEFACENET_SHA256,
    )
    second = enrol(workspace, replace(ON, faces=own), school(pupil("C001")))
    assert first.gallery.engine != second.gallery.engine == second.templates[0].engine
    assert examined_with(first, ON) != examined_with(second, replace(ON, faces=own))
    wrong = replace(own, own_embedder_sha256="0" * 64)
    with pytest.raises(ModelFileWrong, match="not the file it should be"):
        enrol(workspace, replace(ON, faces=wrong), school(pupil("C001")))


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(picture.width / 110))


@pytest.mark.parametrize(
    ("change", "taken", "says", "old"),
    [
        (lambda picture: picture, "2026:09:01", "good", False),
        (lambda picture: picture, "2025:09:01", "good", True),
        (blurred, "2026:09:01", "blurred", False),
    ],
    ids=["good", "old", "blurred"],
)
def test_each_photo_s_quality_and_age_are_told_and_kept(
    workspace: Workspace, change: Callable[[Image.Image], Image.Image], taken: str, says: str, old: bool
) -> None:
    exif = Image.Exif()
    exif[0x0132] = f"{taken} 10:00:00"
    with Image.open(FACES / "C001" / "portrait_1.jpg") as picture:
        change(picture).save(workspace.consent / "photos" / "C001.jpg", exif=exif, quality=95)
    for _ in range(2):
        (told,) = enrol(workspace, ON, school(pupil("C001"))).portraits
        assert (told.file, told.quality, told.old) == ("C001.jpg", says, old)
        assert told.taken_on == date.fromisoformat(taken.replace(":", "-"))


# --- under which key ------------------------------------------------------------------------------------------------


@pytest.fixture
def no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A computer that offers no key: none in the environment, no keyring, and no key file yet."""
    path = tmp_path / "settings" / "face-templates.key"
    monkeypatch.setattr(secrets, "key_file", lambda: path)
    previous = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield path
    keyring.set_keyring(previous)


def test_templates_whose_key_is_missing_are_left_as_they_are_and_no_key_is_made(
    workspace: Workspace, no_keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portrait(workspace, "C001", "C001.jpg")
    enrol(workspace, ON, school(pupil("C001")))
    sealed = workspace.data / "templates.sealed"
    before = sealed.read_bytes()
    environment._taken.clear()  # as in a process that was never given the key
    monkeypatch.delenv("AUDITBOT_KEY", raising=False)
    with pytest.raises(TemplateKeyMissing, match="Bring it back"):
        enrol(workspace, ON, school(pupil("C001")))
    assert sealed.read_bytes() == before and not no_keyring.exists()


def test_the_first_templates_make_their_key(
    workspace: Workspace, no_keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portrait(workspace, "C001", "C001.jpg")
    environment._taken.clear()
    monkeypatch.delenv("AUDITBOT_KEY", raising=False)
    for _ in range(2):
        assert set(enrol(workspace, ON, school(pupil("C001"))).photos) == {"C001"}
    assert no_keyring.exists()


# --- from whose photos ----------------------------------------------------------------------------------------------

UNDECIDED = BiometricAnswers()


@pytest.mark.parametrize(
    ("files", "enrolled"),
    [
        ({"12.jpg": "C001"}, {"12": 1}),
        ({"12_2.jpg": "C001", "12-b.JPG": "C002"}, {"12": 2}),
        ({"12-3.jpg": "C002"}, {"12-3": 1}),
        ({"12.jpg": "C001", "12-3.jpg": "C002", "12-3_2.jpg": "C003"}, {"12": 1, "12-3": 2}),
        ({"12-30.jpg": "C001"}, {"12": 1}),
        ({"12-4.jpg": "C002", "12-4_2.jpg": "C003"}, {}),
        ({"12_head.jpg": "C003"}, {"staff-hale": 1}),
        ({"123.jpg": "C003"}, {}),
    ],
    ids=" ".join,
)
def test_a_photo_belongs_to_the_longest_id_of_the_register_that_it_is_named_after(
    workspace: Workspace, files: dict[str, str], enrolled: dict[str, int]
) -> None:
    for name, child in files.items():
        portrait(workspace, child, name)
    hale = StaffMember("staff-hale", "Mrs", "Ann", "Hale", "Headteacher", True, photo_file="12_head.jpg")
    found = enrol(workspace, ON, school(pupil("12"), pupil("12-3"), pupil("12-4", UNDECIDED), staff=(hale,)))
    assert found.photos == enrolled
    assert set(found.no_photo) == {"12", "12-3", "staff-hale"} - set(enrolled)


def test_a_file_that_the_register_names_for_somebody_is_nobody_elses(workspace: Workspace) -> None:
    portrait(workspace, "C001", "12_new.jpg")
    found = enrol(workspace, ON, school(pupil("12"), pupil("40", photo_file="12_new.jpg")))
    assert found.photos == {"40": 1}


def test_an_id_is_never_read_as_a_pattern(workspace: Workspace) -> None:
    portrait(workspace, "C001", "staff-[a]b.jpg")
    odd = StaffMember("staff-[a]b", "Mrs", "Ann", "Hale", "Headteacher", True)
    assert enrol(workspace, ON, school(staff=(odd,))).photos == {"staff-[a]b": 1}
