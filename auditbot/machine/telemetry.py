"""What onnxruntime queued for its maker before it was told not to: a lasting device id and a file of events."""

from __future__ import annotations

import contextlib
from pathlib import Path

import platformdirs

_FOLDER = Path("Microsoft", "DeveloperTools", ".onnxruntime")
_FILES = ("deviceid", "onnxruntime.db", "onnxruntime.db-journal", "onnxruntime.db-wal", "onnxruntime.db-shm")


def remove_queued_telemetry() -> None:
    """Remove what onnxruntime kept under this user’s cache folder; while it is told not to, it makes no new files."""
    for base in (platformdirs.user_cache_path(), platformdirs.user_data_path()):
        for name in _FILES:
            # What another program holds open stays: this program sends nothing of it either way.
            with contextlib.suppress(OSError):
                (base / _FOLDER / name).unlink()
