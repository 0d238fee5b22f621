"""The doctor's list beside other runs of the program."""

from __future__ import annotations

from pathlib import Path

from auditbot.doctor.checkup import examine_workspace
from auditbot.run import one_at_a_time
from auditbot.settings import Workspace
from auditbot.workspace import make_workspace


def test_a_running_audit_is_no_fault(tmp_path: Path) -> None:
    make_workspace(tmp_path / "school", "Oak Infant School", "https://oak.example/")
    workspace = Workspace(tmp_path / "school")
    with one_at_a_time(workspace):
        checks = list(examine_workspace(workspace))
    assert (checks[-1].name, checks[-1].standing) == ("Workspace", "note")
    assert "An audit is running" in checks[-1].message
