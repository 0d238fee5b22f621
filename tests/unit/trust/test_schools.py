"""Schools side by side, the files they share, and the command as a trust's administrator uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.trust.schools import schools_in, take_shared
from auditbot.trust.trust_errors import NoSchools
from auditbot.workspace import make_workspace

SHARED_POLICY = "# The trust's own policy.\n"


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    for name in ("Larkmere", "Millbrook"):
        make_workspace(tmp_path / name.lower(), f"{name} Infant School", f"https://www.{name.lower()}.example/")
    (tmp_path / "shared").mkdir()
    return tmp_path


def test_each_workspace_is_a_school_with_the_hosts_it_visits(trust: Path) -> None:
    schools = schools_in(trust)
    assert [school.name for school in schools] == ["Larkmere Infant School", "Millbrook Infant School"]
    assert [school.hosts for school in schools] == [{"larkmere.example"}, {"millbrook.example"}]


def test_a_folder_without_a_school_says_what_to_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoSchools):
        schools_in(tmp_path)
    assert main(["trust", "report", str(tmp_path)]) == 2
    assert "auditbot init" in capsys.readouterr().err


def test_the_trusts_policy_comes_in_and_a_schools_own_stays(trust: Path) -> None:
    first, second = schools_in(trust)
    for school in (first, second):  # as it was made: nothing of the school's own
        (school.workspace.config / "policy.toml").unlink(missing_ok=True)
    (second.workspace.config / "policy.toml").write_text("# ours\n", "utf-8")
    (trust / "shared" / "policy.toml").write_text(SHARED_POLICY, "utf-8")
    assert take_shared(trust, first) == ()
    assert take_shared(trust, second) == ("policy.toml",)
    assert (first.workspace.config / "policy.toml").read_text("utf-8") == SHARED_POLICY
    assert (second.workspace.config / "policy.toml").read_text("utf-8") == "# ours\n"


def test_a_newer_policy_of_the_trust_replaces_what_came_from_it_and_nothing_else(trust: Path) -> None:
    school = schools_in(trust)[0]
    here, shared = school.workspace.config / "policy.toml", trust / "shared" / "policy.toml"
    here.unlink(missing_ok=True)
    shared.write_text(SHARED_POLICY, "utf-8")
    take_shared(trust, school)
    shared.write_text(f"{SHARED_POLICY}# newer\n", "utf-8")
    assert take_shared(trust, school) == ()
    assert here.read_text("utf-8").endswith("# newer\n")
    here.write_text("# changed by the school\n", "utf-8")
    assert take_shared(trust, school) == ("policy.toml",)
    assert here.read_text("utf-8") == "# changed by the school\n"
