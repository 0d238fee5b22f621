"""A confirmed face becomes a template of its pupil: only with the right, only a clear one, marked and removable."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from PIL import Image

from auditbot.cli import main
from auditbot.examine.faces.enrol import enrol
from auditbot.examine.faces.learn import (
    Confirmed,
    FaceNotLearned,
    forget_learned,
    learn,
    offer_in_words,
    unlearned_in_words,
    worth_learning,
)
from auditbot.examine.faces.templates import Template, load_templates, save_templates
from auditbot.model import Box, Finding, PhotoEvidence
from auditbot.registers.declared import Declared
from auditbot.registers.secrets import find_key
from auditbot.run import local_now
from auditbot.safe_files import private_folder
from auditbot.sentences import quoted
from auditbot.settings import Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import URL, declared
from tests.unit.examine.made_up_faces import FACES, faces_in
from tests.unit.examine.test_enrol import MAY, ON, pupil

SCHOOL = declared([pupil("C001"), pupil("C002"), pupil("C003", replace(MAY, consent=False))])
BOXES = tuple(face.box for face in faces_in("groups/group_03.jpg"))
GROUP = FACES / "groups" / "group_03.jpg"
CANDID = FACES / "C001" / "candid_2.jpg"


@dataclass
class School:
    """A workspace with one open finding."""

    workspace: Workspace
    store: Store
    settings: Settings = ON

    def finds(self, photo: Path, *boxes: Box, pupil_ids: tuple[str, ...] = ("C001",)) -> str:
        """Record a finding about faces in this photo, keep the photo as evidence, and return the finding's id."""
        sha256 = hashlib.sha256(photo.read_bytes()).hexdigest()
        shutil.copyfile(photo, private_folder(self.workspace.data / "evidence") / sha256)
        evidence = PhotoEvidence(f"{URL}/1.jpg", sha256, boxes)
        found = Finding(
            "abcdef0123456789", "C11", "no_permission", "today", "breach", "website", URL, None, evidence, pupil_ids,
            0.8, quoted("Said."),
        )  # fmt: skip
        now = local_now(self.settings)
        audit = self.store.audits.begin(now, "all")
        self.store.audits.save_check(
            audit, now, findings=[found], not_checked=[], ended={}, versions={}, posts_without_finding=0
        )
        return found.id

    def learn(self, finding: str, pupil_id: str = "", box: int = 0, registers: Declared = SCHOOL) -> str:
        said = Confirmed(finding, pupil_id, box, "DSL")
        return learn(self.workspace, self.settings, registers, self.store, said)

    def templates(self) -> list[Template]:
        return list(load_templates(self.workspace.data / "templates.sealed", find_key()))


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    (tmp_path / "consent" / "photos").mkdir(parents=True)
    private_folder(tmp_path / "data")
    with Store(tmp_path / "data" / "auditbot.db") as store:
        yield School(Workspace(tmp_path), store)


def largest(name: str) -> Box:
    return max((face.box for face in faces_in(name)), key=lambda box: box[2])


def test_a_confirmed_face_is_a_template_marked_as_learned_and_who_confirmed_it_is_recorded(school: School) -> None:
    shutil.copyfile(FACES / "C001" / "portrait_1.jpg", school.workspace.consent / "photos" / "C001.jpg")
    before = enrol(school.workspace, ON, SCHOOL)
    finding = school.finds(CANDID, largest("C001/candid_2.jpg"))
    assert school.learn(finding[:8]) == "C001"
    kinds = sorted((template.pupil_id, template.kind) for template in school.templates())
    assert kinds == [("C001", "enrolled"), ("C001", "learned")]
    (record,) = school.store.examined.confirmations()
    assert (record["finding"], record["person_id"], record["confirmed_by"]) == (finding, "C001", "DSL")
    assert record["at"]
    after = enrol(school.workspace, ON, SCHOOL)
    assert (after.photos, dict(after.learned)) == ({"C001": 2}, {"C001": 1})
    assert after.gallery.version != before.gallery.version  # so photos are looked at again
    assert forget_learned(school.workspace, "C001") == 1
    assert enrol(school.workspace, ON, SCHOOL).gallery.version == before.gallery.version
    assert forget_learned(school.workspace, "C001") == 0


def test_a_pupil_without_a_portrait_can_be_learned_and_goes_with_the_right(school: School) -> None:
    finding = school.finds(CANDID, largest("C001/candid_2.jpg"), pupil_ids=("C001", "C002"))
    school.learn(finding, "C002")
    assert [template.pupil_id for template in school.templates()] == ["C002"]
    school.learn(finding, "C001")  # it was somebody else
    assert [template.pupil_id for template in school.templates()] == ["C001"]
    left = declared([pupil("C001", replace(MAY, child_objects=True)), pupil("C002")])
    enrol(school.workspace, ON, left)
    assert not (school.workspace.data / "templates.sealed").exists()


def test_a_face_of_a_group_is_chosen_by_the_number_of_its_box(school: School) -> None:
    wide = [box for box in BOXES if box[2] >= 48]
    finding = school.finds(GROUP, *wide, pupil_ids=("C001", "C002"))
    school.learn(finding, "C002", box=2)
    (template,) = school.templates()
    seen = {face.box: face.vector for face in faces_in("groups/group_03.jpg")}
    nearest = max(wide, key=lambda box: float(seen[box] @ template.vector))
    assert nearest == wide[1]


def halved(photo: Path, folder: Path) -> Path:
    with Image.open(photo) as whole:
        whole.reduce(2).save(folder / "halved.png")
    return folder / "halved.png"


def blurred(photo: Path, folder: Path) -> Path:
    small = Image.open(photo).convert("RGB")
    size = small.size
    small.resize((size[0] // 12, size[1] // 12)).resize(size).save(folder / "blurred.png")
    return folder / "blurred.png"


REFUSED = [
    ("0000", "", 0, "no open finding"),
    ("", "", 0, "no open finding"),
    ("abcdef", "C003", 0, "biometric consent declined"),
    ("abcdef", "C999", 0, "no register"),
    ("abcdef", "C001", 2, "boxes 1 to 1"),
]


@pytest.mark.parametrize(("finding", "pupil_id", "box", "why"), REFUSED)
def test_what_cannot_be_learned_is_refused_with_a_sentence(
    school: School, finding: str, pupil_id: str, box: int, why: str
) -> None:
    school.finds(CANDID, largest("C001/candid_2.jpg"))
    with pytest.raises(FaceNotLearned, match=why):
        school.learn(finding, pupil_id, box)
    assert school.templates() == []
    assert school.store.examined.confirmations() == []


def test_faces_that_are_small_blurred_gone_or_not_at_hand_are_refused(school: School, tmp_path: Path) -> None:
    x, y, width, height = (part / 2 for part in BOXES[0])
    group = school.finds(halved(GROUP, tmp_path), (x, y, width, height))
    with pytest.raises(FaceNotLearned, match="pixels wide"):
        school.learn(group)
    school.finds(GROUP, (0.0, 0.0, 30.0, 30.0))
    with pytest.raises(FaceNotLearned, match="no face is found"):
        school.learn(group)
    school.finds(blurred(CANDID, tmp_path), largest("C001/candid_2.jpg"))
    with pytest.raises(FaceNotLearned, match=r"blurred|no face"):
        school.learn(group)
    for kept in (school.workspace.data / "evidence").iterdir():
        kept.unlink()
    with pytest.raises(FaceNotLearned, match="no longer kept"):
        school.learn(group)


def test_without_an_impact_assessment_nothing_is_learned(school: School) -> None:
    finding = school.finds(CANDID, largest("C001/candid_2.jpg"))
    school.settings = replace(ON, faces=replace(ON.faces, dpia_reference=""))
    with pytest.raises(FaceNotLearned, match="not allowed"):
        school.learn(finding)
    assert not (school.workspace.data / "templates.sealed").exists()


def test_the_command_learns_and_forgets(
    fresh_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    at = ["--workspace", str(fresh_workspace.folder)]
    assert main([*at, "confirm"]) == 2
    assert "name a finding by its id" in capsys.readouterr().err
    assert main([*at, "confirm", "abcdef"]) == 2
    assert "no open finding has this id" in capsys.readouterr().err
    assert main([*at, "confirm", "--forget-learned", "P001"]) == 0
    assert capsys.readouterr().out == "forgotten  P001  0 learned templates\n"


def stay_learned(school: School) -> None:
    shutil.copyfile(FACES / "C001" / "portrait_1.jpg", school.workspace.consent / "photos" / "C001.jpg")
    school.learn(school.finds(CANDID, largest("C001/candid_2.jpg")))


OTHER_ENGINE = replace(ON, faces=replace(ON.faces, engine="mobilefacenet"))


def test_another_engine_learns_confirmed_faces_anew_from_their_photos(school: School) -> None:
    stay_learned(school)
    before = {template.engine for template in school.templates()}
    after = enrol(school.workspace, OTHER_ENGINE, SCHOOL)
    assert (after.photos, dict(after.learned), after.not_learned_again) == ({"C001": 2}, {"C001": 1}, ())
    engines = {template.engine for template in school.templates()}
    assert len(engines) == 1 and engines.isdisjoint(before)
    (anew,) = (template for template in school.templates() if template.kind == "learned")
    assert anew.box is not None and anew.taken_on is None and anew.vector.shape == (192,)
    back = enrol(school.workspace, ON, SCHOOL)  # and the way back
    assert (dict(back.learned), back.not_learned_again) == ({"C001": 1}, ())


def test_a_confirmed_face_whose_photo_is_gone_is_told_when_another_engine_comes(school: School) -> None:
    stay_learned(school)
    for kept in (school.workspace.data / "evidence").iterdir():
        kept.unlink()
    same = enrol(school.workspace, ON, SCHOOL)
    assert (dict(same.learned), same.not_learned_again) == ({"C001": 1}, ())  # the same engine needs no photo
    after = enrol(school.workspace, OTHER_ENGINE, SCHOOL)
    assert (after.photos, dict(after.learned), after.not_learned_again) == ({"C001": 1}, {}, ("C001",))
    (told,) = unlearned_in_words(after)
    assert "1 pupil (C001)" in told and unlearned_in_words(same) == ()


def test_a_gallery_of_an_engine_that_is_gone_is_rebuilt_by_itself(school: School) -> None:
    """As version 0.1 left it: three embedders, no plain view, no place of the face."""
    stay_learned(school)
    wanted = {(one.kind, one.photo_sha256): one.vector for one in school.templates()}
    old = [
        replace(one, engine="yunet+mobilefacenet+dlib+faceres 3", vector=one.vector[:8], parts=(), plain=None, box=None)
        for one in school.templates()
    ]
    save_templates(school.workspace.data / "templates.sealed", old, find_key())
    after = enrol(school.workspace, ON, SCHOOL)
    assert (after.photos, dict(after.learned), after.not_learned_again) == ({"C001": 2}, {"C001": 1}, ())
    for one in school.templates():
        assert float(one.vector @ wanted[one.kind, one.photo_sha256]) == pytest.approx(2.0, abs=0.01)


def offered(school: School, finding: str, registers: Declared = SCHOOL) -> tuple[str, int] | None:
    (found,) = (one for one in school.store.audits.open_findings() if one.id == finding)
    return worth_learning(found, school.workspace, school.settings, registers, school.store)


def test_a_confirmed_clear_face_is_offered_until_a_child_has_three(school: School) -> None:
    photos = school.workspace.consent / "photos"
    shutil.copyfile(FACES / "C001" / "portrait_1.jpg", photos / "C001.jpg")
    finding = school.finds(CANDID, largest("C001/candid_2.jpg"))
    assert offered(school, finding) == ("C001", 1)
    shutil.copyfile(FACES / "C001" / "portrait_1.jpg", photos / "C001_2.jpg")
    assert offered(school, finding) == ("C001", 2)
    school.learn(finding)
    assert offered(school, finding) is None  # three by now, and this one learned
    (photos / "C001_2.jpg").unlink()
    assert offered(school, finding) is None
    assert "one photo" in offer_in_words(1) and "2 photos" in offer_in_words(2) and "no photo" in offer_in_words(0)


@pytest.mark.parametrize(
    ("pupils", "boxes", "registers"),
    [
        (("C001", "C002"), 1, SCHOOL),
        ((), 1, SCHOOL),
        (("C003",), 1, SCHOOL),
        (("C001",), 2, SCHOOL),
        (("C001",), 1, declared([pupil("C001", replace(MAY, withdrawn_on=SCHOOL.today))])),
    ],
)
def test_what_cannot_be_learned_is_not_offered(
    school: School, pupils: tuple[str, ...], boxes: int, registers: Declared
) -> None:
    finding = school.finds(GROUP, *[(0.0, 0.0, 60.0, 60.0)] * boxes, pupil_ids=pupils)
    assert offered(school, finding, registers) is None
    assert offered(school, school.finds(GROUP, (0.0, 0.0, 40.0, 40.0))) is None
