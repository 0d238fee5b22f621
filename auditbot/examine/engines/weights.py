"""Model files: found beside the code and used only if they are what they should be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_state

from auditbot.errors import ModelFileWrong

MODELS = Path(__file__).parent.parent / "models"
# What onnxruntime raises for a file it cannot open or pixels in another form than the file takes.
UNUSABLE = (
    onnx_state.Fail,
    onnx_state.InvalidArgument,
    onnx_state.InvalidGraph,
    onnx_state.InvalidProtobuf,
    onnx_state.NotImplemented,
    onnx_state.RuntimeException,
)


def checked(path: Path, sha256: str) -> Path:
    """Return ``path`` if its content has this hash.

    Raises ModelFileWrong if the file is missing or differs.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelFileWrong(path, f"cannot be read ({error.strerror})") from error
    if digest != sha256.lower():
        raise ModelFileWrong(path, f"is not the file it should be (sha256 {digest}, expected {sha256})")
    return path


def session(path: Path) -> onnxruntime.InferenceSession:
    """Open an ONNX file for one worker: one thread, CPU, no memory kept back beyond what is used."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # the arena keeps what the largest batch of faces took, some 200 MB
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
