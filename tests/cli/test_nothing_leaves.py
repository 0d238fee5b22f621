"""Nothing leaves the machine, and nothing is written beside the workspace: a whole audit in a closed network.

Run as on a school's machine, without the variables by which libraries know that they are tested.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from auditbot.workspace import make_demo_workspace

RUNNER = Path(__file__).parent / "closed_namespace.py"
TELLS_OF_A_TEST = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "ORT_DISABLE_TELEMETRY", "PYTEST_CURRENT_TEST", "DO_NOT_TRACK")


class Closed:
    """A closed machine with a home folder, a temporary folder and a workspace of its own."""

    def __init__(self, folder: Path) -> None:
        self.workspace, self.home, self.temporary, self.scratch = (
            folder / name for name in ("school", "home", "temporary", "scratch")
        )
        for path in (self.home, self.temporary, self.scratch):
            path.mkdir()

    def run(self, *command: str, **variables: str) -> dict[str, Any]:
        """Run a command in it; return its exit code, its output, the packets it sent and the files it wrote."""
        self.workspace.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if name not in TELLS_OF_A_TEST}
        kept = {name: value for name, value in kept.items() if not name.startswith(("PYTEST_", "XDG_", "COVERAGE_"))}
        request = {
            "command": list(command),
            "environment": {
                **kept,
                "HOME": str(self.home),
                "TMPDIR": str(self.temporary),
                "PYTHONDONTWRITEBYTECODE": "1",
                **variables,
            },
            "writable": [str(self.workspace), str(self.temporary)],
            "scratch": str(self.scratch),
        }
        done = subprocess.run(
            ["unshare", "--net", "--mount", sys.executable, str(RUNNER)],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == 0, done.stderr
        seen: dict[str, Any] = json.loads(done.stdout)
        return seen


@pytest.fixture
def closed(tmp_path: Path) -> Closed:
    """Return a closed machine; skip where this system gives us none."""
    if sys.platform != "linux":
        pytest.skip("only Linux gives a process a network of its own")
    made = Closed(tmp_path)
    try:
        seen = made.run("true")
    except (OSError, AssertionError) as error:
        pytest.skip(f"no closed network can be made here: {str(error).strip() or type(error).__name__}"[:300])
    assert seen == {"exit": 0, "output": "", "packets": [], "written": []}
    return made


def test_whatever_would_leave_or_be_written_is_seen(closed: Closed) -> None:
    program = """
        import contextlib, pathlib, socket
        with contextlib.suppress(OSError):
            socket.getaddrinfo("telemetry.example.org", 443)
        with contextlib.suppress(OSError):
            socket.create_connection(("203.0.113.7", 443), timeout=0.5)
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("203.0.113.8", 9))
        with contextlib.suppress(OSError):
            socket.create_connection(("2600:1f18::7", 443), timeout=0.5)
        pathlib.Path.home().joinpath("device_id").write_text("x")
        pathlib.Path("/var/tell").write_text("x")
    """
    seen = closed.run(sys.executable, "-c", textwrap.dedent(program))
    assert seen["exit"] == 0, seen["output"]
    assert "name telemetry.example.org" in seen["packets"]
    assert {"tcp 203.0.113.7:443", "tcp 2600:1f18::7:443", "udp 203.0.113.8:9"} <= set(seen["packets"])
    assert sorted(seen["written"]) == sorted([f"{closed.home}/device_id", "/var/tell"])
    assert not Path("/var/tell").exists()


def test_a_whole_audit_sends_nothing_and_writes_nothing_elsewhere(closed: Closed) -> None:
    make_demo_workspace(closed.workspace)
    key = Fernet.generate_key().decode()
    command = [sys.executable, "-m", "auditbot", "--workspace", str(closed.workspace), "audit"]
    seen = closed.run(*command, AUDITBOT_KEY=key)
    assert seen["exit"] == 3, seen["output"]  # one photo of the demo school cannot be checked
    assert seen["packets"] == []
    assert seen["written"] == []
    assert "Report: " in seen["output"]
    left = [path for path in closed.temporary.rglob("*") if path.is_file()]
    assert left == []
