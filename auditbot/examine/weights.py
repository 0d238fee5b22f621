"""Model files: found beside the code and used only if they are what they should be."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_state

from auditbot.errors import ModelFileWrong

MODELS = Path(__file__).parent / "models"
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
    """Open an ONNX file for one worker: one thread, CPU, memory from the store that all models share."""
    _share_memory()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.enable_mem_pattern = False  # it takes one block for a whole run, larger than what was given back before
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _share_memory() -> None:
    """Let all models of this process take memory from one store, which keeps what they give back.

    Asking the system anew for each layer takes nearly as long as computing it. One store for all is as large as the
    hungriest model needs, where a store for each would be as large as all together.
    """
    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    only_what_is_asked_for = 1
    onnxruntime.create_and_register_allocator(memory, onnxruntime.OrtArenaCfg(0, only_what_is_asked_for, -1, -1))
