"""Which engine a school uses, as a value that travels to the workers, each of which opens its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditbot.examine.engines.default import DefaultEngine
from auditbot.examine.engines.dlib_resnet import DlibEngine
from auditbot.examine.engines.mobilefacenet import MobileFaceNetEngine
from auditbot.examine.engines.own_onnx import InputForm, OwnOnnxEngine
from auditbot.examine.faces import Engine


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
