"""Photos before they are published: who, which words, what metadata; and copies from which no face comes back."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.fernet import Fernet
from PIL import Image, ImageDraw, ImageFont

from auditbot.cli import main
from auditbot.examine.hide import COVER, Redaction, destroy, redact_photo
from auditbot.examine.photo import sha256_of
from auditbot.registers.policy import read_policy
from auditbot.settings import Workspace
from auditbot.workspace import make_workspace
from tests.unit.examine import hostile_pictures as hostile
from tests.unit.examine.made_up_faces import FACES, PUPILS

COLUMNS = "pupil_id,legal_forename,legal_surname,class,social_media,website,biometric_parents_notified_on,"
COLUMNS += "biometric_consent,biometric_objection,child_objects,sibling_group\n"
PERMITTED, REFUSED, STRANGER = "C011", "C002", "C051"
ALIKE, TWIN = ("C006", "C014"), "C006/candid_2.jpg"  # no two of them look alike enough: a twin is made up
SIDE = 400


def gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    exif.get_ifd(0x8769)[0xA431] = "SERIAL123"
    return exif


def row_of_children() -> Image.Image:
    """A permitted pupil, one without permission, a stranger and, far below, a pupil's whole name, well apart."""
    sheet = Image.new("RGB", (4 * SIDE + 800, 2 * SIDE), (210, 220, 230))
    for place, name in enumerate((f"{PERMITTED}/candid_2", f"{REFUSED}/candid_2", f"{STRANGER}/portrait_2")):
        with Image.open(FACES / f"{name}.jpg") as child:
            sheet.paste(child.resize((SIDE * child.width // child.height, SIDE)), (200 + place * (SIDE + 350), 40))
    draw = ImageDraw.Draw(sheet)
    draw.text((200, 2 * SIDE - 140), "Well done Amara Okonkwo!", "black", ImageFont.load_default(64))
    return sheet


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb.png": (lambda: hostile.png_claiming(60_000, 60_000), "too large to be decoded safely"),
    "cut.jpg": (lambda: hostile.cut("JPEG"), "cut short"),
    "large.png": (lambda: hostile.png_claiming(15_000, 15_000), "225 megapixels; at most 120"),
    "cut.png": (lambda: hostile.cut("PNG"), "cut short|damaged"),
    "one.png": (lambda: hostile.saved(Image.new("RGB", (1, 1)), "PNG"), ""),
    "wide.png": (lambda: hostile.saved(Image.new("RGB", (20_000, 40)), "PNG"), ""),
    "cmyk.jpg": (lambda: hostile.saved(hostile.scene().convert("CMYK"), "JPEG"), ""),
    "sixteen.png": (lambda: hostile.saved(Image.fromarray(np.full((60, 80), 40_000, np.uint16)), "PNG"), ""),
    "text.jpg": (lambda: b"This is a letter, not a photo.\n" * 40, "text, not a picture"),
    "empty.jpg": (lambda: b"", "empty"),
    "pages.tif": (lambda: hostile.moving([(250, 0, 0), (0, 250, 0)], "TIFF"), ""),
    "moving.gif": (lambda: hostile.moving([(250, 0, 0), (0, 250, 0)]), ""),
    "huge_icc.jpg": (lambda: hostile.saved(hostile.scene(), "JPEG", icc_profile=os.urandom(2_000_000)), ""),
    "huge_exif.png": (lambda: hostile.saved(hostile.scene(), "PNG", exif=b"Exif\0\0" + os.urandom(2_000_000)), ""),
}


@dataclass(frozen=True)
class Outcome:
    """What one call of the command said and wrote."""

    code: int
    files: dict[str, Any]
    document: dict[str, Any]
    photos: Path
    copies: Path
    before: dict[str, bytes]
    data: Path


def call(*words: str) -> tuple[int, str, str]:
    said, erred = io.StringIO(), io.StringIO()
    handler = signal.getsignal(signal.SIGTERM)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(erred):
        code = main(words)
    signal.signal(signal.SIGTERM, handler)
    return code, said.getvalue(), erred.getvalue()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A school whose twenty pupils are enrolled; one of them has no permission for social media."""
    folder = tmp_path_factory.mktemp("check_photo") / "school"
    workspace = make_workspace(folder, "Larkmere", "https://www.larkmere.example/")
    rows = []
    for pupil_id in PUPILS:
        name = "Amara,Okonkwo" if pupil_id == PERMITTED else f"Maya,Thornby{pupil_id}"
        answer = "no" if pupil_id == REFUSED else "yes"
        siblings = "S7" if pupil_id in ALIKE else ""
        rows.append(f"{pupil_id},{name},Year 1 Robins,{answer},yes,2026-09-01,yes,no,no,{siblings}\n")
        portrait = TWIN if pupil_id == ALIKE[1] else f"{pupil_id}/portrait_1.jpg"
        shutil.copyfile(FACES / portrait, workspace.consent / "photos" / f"{pupil_id}.jpg")
    (workspace.consent / "pupils.csv").write_text(COLUMNS + "".join(rows), "utf-8")
    settings = workspace.config / "auditbot.toml"
    text = settings.read_text("utf-8").replace("# workers = 0", "workers = 1")
    text = text.replace('# dpia_reference = ""', 'dpia_reference = "D1"')
    text = text.replace('# dpia_officer = ""', 'dpia_officer = "R. Ashdown"').replace("# dpia_date", "dpia_date")
    settings.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
        yield folder


def checked(school: Path, photos: Path, *words: str) -> Outcome:
    before = {path.name: path.read_bytes() for path in photos.iterdir()}
    copies = photos.parent / "copies"
    code, said, _ = call(
        "--workspace", str(school), "check-photo", str(photos), "--redact", str(copies), "--json", *words
    )
    document = json.loads(said)
    files = {Path(entry["file"]).name: entry for entry in document["files"]}
    return Outcome(code, files, document, photos, copies, before, school / "data")


@pytest.fixture(scope="module")
def outcome(school: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What is said of a photo of three children and of a folder full of hostile files, all in one call."""
    photos = tmp_path_factory.mktemp("photos") / "in"
    photos.mkdir()
    row_of_children().save(photos / "row.png", exif=gps(), icc_profile=b"SECRETPROFILE" * 20)
    hostile.scene().save(photos / "amara-okonkwo.jpg", comment=b"SECRETCOMMENT", exif=gps())
    for name, (make, _) in HOSTILE.items():
        (photos / name).write_bytes(make())
    (photos / "notes.txt").write_text("not a photo", "utf-8")
    return checked(school, photos, "--class", "robins")


def test_each_face_has_its_answer_and_its_permission(outcome: Outcome) -> None:
    first, second, third = outcome.files["row.png"]["faces"]
    assert (first["outcome"], first["permission"]) == ("named", "yes")
    assert first["candidates"][0]["pupil_id"] == PERMITTED
    assert (second["outcome"], second["permission"]) == ("named", "no")
    assert second["candidates"][0]["pupil_id"] == REFUSED
    assert third["outcome"] in ("possible", "nobody")
    assert all(face["size"] == round(face["box"][2], 1) for face in (first, second, third))


def test_words_and_metadata_that_would_go_out_too_are_told(outcome: Outcome) -> None:
    row, named = outcome.files["row.png"], outcome.files["amara-okonkwo.jpg"]
    assert row["metadata"]["position"] and row["metadata"]["serial_number"]
    assert [words["pupil_ids"] for words in row["words"] if words["where"] == "picture"] == [[PERMITTED]]
    assert {words["where"]: words["band"] for words in named["words"]}["file name"] == "breach"
    assert row["verdict"] == named["verdict"] == "do_not_publish"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_as_a_stated_outcome(name: str, outcome: Outcome) -> None:
    entry, why = outcome.files[name], HOSTILE[name][1]
    if why:
        assert any(part in entry["not_examined"] for part in why.split("|")), entry["not_examined"]
        assert entry["verdict"] == "not_examined" and entry["copy"] is None and entry["no_copy"]
    else:
        assert entry["not_examined"] == "" and entry["width"] and entry["verdict"] == "nothing_found"
        moves = name in ("pages.tif", "moving.gif")
        assert ("moves" in entry["no_copy"]) == moves and (entry["copy"] is None) == moves


def test_the_exit_code_and_what_was_passed_over(outcome: Outcome) -> None:
    assert (outcome.code, outcome.document["passed_over"], outcome.document["matched"]) == (3, 1, True)


def test_in_the_copy_all_faces_are_hidden_as_soon_as_one_may_not_be_shown(outcome: Outcome) -> None:
    """Hiding that one alone would point at the child."""
    entry = outcome.files["row.png"]
    with Image.open(outcome.photos / "row.png") as picture:
        original = np.asarray(picture.convert("RGB"))
    with Image.open(entry["copy"]) as picture:
        copy = np.asarray(picture.convert("RGB"))
    assert copy.shape == original.shape
    assert len({face["permission"] for face in entry["faces"]}) > 1, "some of them might have been shown"
    for x, y, width, height in [[round(number) for number in face["box"]] for face in entry["faces"]]:
        head = copy[y - height // 3 : y + height + height // 4, x - width // 4 : x + width + width // 4]
        assert (head == COVER).all()
    (words,) = [words["box"] for words in entry["words"] if words["band"]]
    x, y, width, height = (round(number) for number in words)
    assert len(np.unique(copy[y : y + height, x : x + width].reshape(-1, 3), axis=0)) == 1


def test_what_is_hidden_tells_no_two_faces_apart() -> None:
    """Two heads that differ in every detail and in every average leave the very same picture."""
    rng = np.random.default_rng(3)
    pale, dark = (rng.integers(low, low + 100, (300, 200, 3)).astype(np.uint8) for low in (150, 0))
    left, right = (destroy(face, [(50.0, 90.0, 100.0, 120.0)])[20:258, 12:188] for face in (pale, dark))
    assert (left == right).all()


def test_a_copy_holds_nothing_of_the_file_but_pixels(outcome: Outcome) -> None:
    for entry in outcome.files.values():
        if entry["copy"] is None:
            continue
        content = Path(entry["copy"]).read_bytes()
        assert not any(secret in content for secret in (b"SECRET", b"SERIAL123", b"Exif", b"ICC", b"http"))
        with Image.open(entry["copy"]) as picture:
            assert not picture.getexif() and not set(picture.info) - {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
            }


def test_a_file_name_that_holds_a_surname_is_not_the_copys(outcome: Outcome) -> None:
    names = {path.name for path in outcome.copies.iterdir()}
    assert "row.png" in names and not any("okonkwo" in name for name in names)


def test_the_photos_stay_as_they_were_and_nothing_is_kept_of_their_faces(outcome: Outcome) -> None:
    assert {path.name: path.read_bytes() for path in outcome.photos.iterdir()} == outcome.before
    assert {path.name for path in outcome.data.iterdir()} <= {
        "templates.sealed",
        "audit.lock",
        "log",
        "registers.lock",
        "gallery_trial.json",
        "access.log",
        "access.log.lock",
    }


def test_without_an_impact_assessment_every_face_is_counted_and_hidden_and_unread_words_are_told(
    school: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(school, other, ignore=shutil.ignore_patterns("data"))
    settings = other / "config" / "auditbot.toml"
    text = settings.read_text("utf-8").replace('dpia_reference = "D1"', "")
    settings.write_text(text.replace("# read_words = true", "read_words = false"), "utf-8")
    photo = tmp_path / "row.jpg"
    row_of_children().save(photo)
    code, said, _ = call("--workspace", str(other), "check-photo", str(photo), "--redact", str(tmp_path / "out.jpg"))
    assert code == 3 and "Words in pictures were not read" in said
    assert "compared with nobody" in said and "3 faces, numbered from the left." in said
    assert "3 faces destroyed in it (every face, as none can be compared)" in said
    assert (tmp_path / "out.jpg").exists()


def test_what_no_clause_of_the_policy_asks_for_is_told_of_no_photo(
    fresh_workspace: Workspace, repository: Path, tmp_path: Path
) -> None:
    (fresh_workspace.consent / "pupils.csv").write_text(
        "pupil_id,legal_forename,legal_surname\nP1,Amara,Okonkwo\n", "utf-8"
    )
    photo = tmp_path / "amara-okonkwo.jpg"
    Image.new("RGB", (120, 90), "white").save(photo, exif=gps())
    shipped = (repository / "config" / "policy.toml").read_text("utf-8")
    told = []
    for dropped in ("C12", "C5"):
        shipped = re.sub(rf'\[\[clause\]\]\nid = "{dropped}"\n(?:.+\n)*', "", shipped)
        (fresh_workspace.config / "policy.toml").write_text(shipped, "utf-8")
        assert dropped not in read_policy(fresh_workspace.config / "policy.toml")
        _, said, _ = call("--workspace", str(fresh_workspace.folder), "check-photo", str(photo), "--json")
        document = json.loads(said)
        told.append((document["files"][0]["verdict"], document["clauses"]))
    assert told == [
        ("look_first", {"photo_permission": "C11", "personal_data": "C5"}),
        ("nothing_found", {"photo_permission": "C11"}),
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["row.jpg", "--class", "Wrens"], "no class called 'Wrens'. Known classes: Year 1 Robins."),
        (["missing.jpg"], "is no file, and no folder that holds a picture"),
        (["empty"], "is no file, and no folder that holds a picture"),
        (["row.jpg", "--redact", "there.jpg"], "is there already, and no file is ever overwritten"),
        (["row.jpg", "--redact", "there"], "is there already, and no file is ever overwritten"),
        (["row.jpg", "other/row.jpg", "--redact", "new"], "is there already, and no file is ever overwritten"),
    ],
)
def test_wrong_use_is_told_before_anything_is_looked_at(
    words: list[str], says: str, school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("row.jpg", "there.jpg", "other/row.jpg", "there/row.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        hostile.scene().save(tmp_path / name)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("auditbot.prepublish.photo_check.ExamineWorkers", None)
    code, said, erred = call("--workspace", str(school), "check-photo", *words)
    assert (code, said) == (2, "")
    assert says in erred


def test_a_file_that_comes_into_the_way_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    photo, out = tmp_path / "photo.png", tmp_path / "out.png"
    hostile.scene().save(photo)
    out.write_bytes(b"somebody's")
    wanted = Redaction(sha256_of(photo), (), (), out)
    assert "left as it is" in redact_photo(photo, redactions={photo: wanted}, max_megapixels=10).refused
    assert out.read_bytes() == b"somebody's"


def test_a_photo_taken_sideways_becomes_an_upright_copy(tmp_path: Path) -> None:
    photo, out = tmp_path / "photo.png", tmp_path / "out.png"
    exif = Image.Exif()
    exif[0x0112] = 6
    hostile.scene(160, 100).save(photo, exif=exif)
    wanted = Redaction(sha256_of(photo), (), (), out)
    assert redact_photo(photo, redactions={photo: wanted}, max_megapixels=10).refused == ""
    with Image.open(out) as picture:
        assert picture.size == (100, 160)


def test_enrol_says_how_good_each_photo_is_and_who_is_like_whom(school: Path) -> None:
    code, said, erred = call("--workspace", str(school), "enrol")
    lines = said.splitlines()
    assert code == 0, erred
    place = lines.index("enrolled  C001  1 photo")
    assert lines[place + 1] == "          C001.jpg: good"
    alike = [line for line in lines if line.startswith("alike")]
    assert alike == [f"alike     {' and '.join(ALIKE)}, siblings (group S7): each is shown where the other may be"]


def test_doctor_says_how_sure_face_matching_is_here(school: Path) -> None:
    code, said, _ = call("--workspace", str(school), "doctor", "--faces")
    assert code == 0
    assert "Nobody has two photos" in said and "Of 20 photos that were tried as a stranger's" in said
