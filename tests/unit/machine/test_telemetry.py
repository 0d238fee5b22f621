"""Libraries report nothing to their makers: no file beside the workspace, in any process of the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditbot.machine.telemetry import remove_queued_telemetry

OPENS_A_SESSION = """
import onnxruntime
from importlib.resources import files
models = [path for path in (files("auditbot") / "examine").rglob("*.onnx")]
session = onnxruntime.InferenceSession(str(models[0]))
"""
IN_A_WORKER = (
    """
import multiprocessing
import auditbot.examine.workers
def work():
"""
    + "\n".join("    " + line for line in OPENS_A_SESSION.strip().splitlines())
    + """
if __name__ == "__main__":
    worker = multiprocessing.get_context("spawn").Process(target=work)
    worker.start()
    worker.join()
    assert worker.exitcode == 0
"""
)


def files_left_by(program: str, folder: Path) -> list[str]:
    """Run a program whose home, cache and temporary folder are new, as on a school's machine; return what it left."""
    home, temporary = folder / "home", folder / "tmp"
    home.mkdir()
    temporary.mkdir()
    (folder / "program.py").write_text(program, "utf-8")
    silenced = {"CI", "ORT_DISABLE_TELEMETRY", "TF_BUILD", "GITHUB_ACTIONS", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in silenced}
    environment = kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LOCALAPPDATA": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "TMPDIR": str(temporary),
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run([sys.executable, str(folder / "program.py")], env=environment, check=True, timeout=120)
    return [str(path.relative_to(folder)) for base in (home, temporary) for path in base.rglob("*") if path.is_file()]


@pytest.mark.parametrize("program", ["import auditbot\n" + OPENS_A_SESSION, IN_A_WORKER], ids=["main", "worker"])
def test_no_process_of_the_program_leaves_a_device_id_or_a_queue(program: str, tmp_path: Path) -> None:
    assert files_left_by(program, tmp_path) == []


def test_the_same_program_without_the_switch_would_have_been_seen(tmp_path: Path) -> None:
    program = "import auditbot, os\ndel os.environ['ORT_DISABLE_TELEMETRY']\n" + OPENS_A_SESSION
    assert any("onnxruntime" in name for name in files_left_by(program, tmp_path))


def test_what_an_earlier_version_queued_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda: tmp_path)
    folder = tmp_path / "Microsoft" / "DeveloperTools" / ".onnxruntime"
    folder.mkdir(parents=True)
    for name in ("deviceid", "onnxruntime.db", "of_another_program.txt"):
        (folder / name).write_text("x", "utf-8")
    remove_queued_telemetry()
    assert [path.name for path in folder.iterdir()] == ["of_another_program.txt"]
