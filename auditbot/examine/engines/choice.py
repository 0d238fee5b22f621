"""Which engine a school uses, as a value that travels to the workers, each of which opens its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditbot.examine.engines.default import DefaultEngine
from auditbot.examine.engines.dlib_resnet import DlibEngine
from auditbot.examine.engines.mobilefacenet import MobileFaceNetEngine
from auditbot.examine.engines.own_onnx import InputForm, OwnOnnxEngine, identity
from auditbot.examine.faces import Engine
from auditbot.settings import Faces


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The engine to open."""

    kind: Literal["default", "mobilefacenet", "dlib", "onnx"] = "default"
    """default and mobilefacenet ship with the product; dlib needs packages; onnx is a school's own embedder."""
    path: Path | None = None
    """For onnx: the embedder's file."""
    sha256: str = ""
    """For onnx: the hash of that file."""
    form: InputForm | None = None
    """For onnx: what it expects of a face; None for the usual form."""


def choice_of(faces: Faces) -> EngineChoice:
    """Return the engine that the settings choose."""
    if faces.engine != "own":
        return EngineChoice(faces.engine)
    form = InputForm(
        side=faces.own_embedder_side,
        colours=faces.own_embedder_colours,
        layout=faces.own_embedder_layout,
        mean=faces.own_embedder_mean,
        scale=faces.own_embedder_scale,
        length=faces.own_embedder_length,
    )
    return EngineChoice("onnx", Path(faces.own_embedder), faces.own_embedder_sha256, form)


def engine_id(choice: EngineChoice) -> str:
    """Return name and version of the engine chosen, as templates carry it, without opening it."""
    if choice.kind == "onnx":
        return " ".join(identity(choice.sha256, choice.form or InputForm()))
    if choice.kind == "dlib":
        return f"{DlibEngine.name} {DlibEngine.version}"
    shipped = MobileFaceNetEngine if choice.kind == "mobilefacenet" else DefaultEngine
    return f"{shipped.name} {shipped.version}"


def open_engine(choice: EngineChoice | None = None) -> Engine:
    """Open the engine chosen, or the default.

    Raises EngineMissing if packages are missing, ModelFileWrong if a model file is not what it should be.
    """
    choice = choice or EngineChoice()
    if choice.kind == "dlib":
        return DlibEngine()
    if choice.kind == "onnx":
        return OwnOnnxEngine(choice.path or Path(), choice.sha256, choice.form)
    return MobileFaceNetEngine() if choice.kind == "mobilefacenet" else DefaultEngine()
