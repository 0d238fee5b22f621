"""``setup`` is a plan that can be shown, carried out and carried out again; tried here with a root of its own."""

from __future__ import annotations

import configparser
import shlex
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from auditbot import cli
from auditbot.service.host import (
    UNIT_FILES,
    Known,
    ProgramOutOfReach,
    School,
    check_program,
    linux_plan,
    removal_plan,
    windows_plan,
)
from auditbot.service.renew import Installed, NothingToUpdateFrom, update_plan
from auditbot.service.steps import Run, StepFailed, Write, carry_out, plan_in_words, shown
from auditbot.service.units import FOLDER, Service, units

SERVICE = Service(
    program=Path("/opt/auditbot/.venv/bin/auditbot"),
    workspace=Path("/srv/auditbot/school"),
    user="auditbot",
    home=Path("/var/lib/auditbot"),
    audit_at="02:30",
    zone="Europe/London",
    page=True,
    backup_to=Path("/mnt/backup"),
)
NOTHING = Known(user=False, workspace=False, recovery_key=False)
ALL = Known(user=True, workspace=True, recovery_key=True)
LARKMERE = School("Larkmere Infant School", "https://www.larkmere.example/")
SECRET = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567"


class FakeMachine:
    """A computer whose files lie in a folder, and whose programs are only noted."""

    def __init__(self, root: Path, fails: str = "") -> None:
        self.root, self.fails = root, fails
        self.ran: list[tuple[str, ...]] = []
        self.given: dict[str, str] = {}

    def run(self, command: Sequence[str]) -> int:
        self.ran.append(tuple(command))
        return int(bool(self.fails) and self.fails in command)

    def at(self, path: Path) -> Path:
        return self.root / path.relative_to("/")

    def give(self, path: Path, owner: str) -> None:
        self.given["/" + path.relative_to(self.root).as_posix()] = owner


def test_a_plan_is_carried_out_in_order_and_again(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path)
    told: list[str] = []
    plan = linux_plan(SERVICE, NOTHING, LARKMERE, SECRET)
    carry_out(plan, machine, told.append)
    assert len(told) == len(plan) and told[0].startswith(f"1 of {len(plan)}: ")
    names = [" ".join(command) for command in machine.ran]
    order = ["useradd", "install -d -m 0700 -o auditbot -g auditbot /srv/auditbot/school", " init ", " key make"]
    order += ["--get-browser", "daemon-reload", "--try", "auditbot-audit.timer", "auditbot-page.service"]
    at = [next(place for place, name in enumerate(names) if what in name) for what in order]
    assert at == sorted(at)
    key = tmp_path / "var/lib/auditbot/.config/auditbot/recovery.key"
    assert key.read_text() == SECRET and stat.S_IMODE(key.stat().st_mode) == 0o600
    assert machine.given["/var/lib/auditbot/.config/auditbot/.recovery.key.part"] == "auditbot"
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    again = FakeMachine(tmp_path)
    carry_out(linux_plan(SERVICE, ALL, None), again, told.append)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not [command for command in again.ran if "useradd" in command or "init" in command]


def test_everything_that_touches_the_workspace_runs_as_the_services_user() -> None:
    for step in linux_plan(SERVICE, NOTHING, LARKMERE, SECRET):
        if isinstance(step, Run) and str(SERVICE.program) in step.command and "--get-browser" not in step.command:
            assert step.command[:3] == ("runuser", "-u", "auditbot"), step


def test_a_plan_that_is_shown_holds_no_secret() -> None:
    text = plan_in_words(linux_plan(SERVICE, NOTHING, LARKMERE, SECRET))
    assert SECRET not in text and "OnCalendar=*-*-* 02:30:00 Europe/London" in text


def test_a_step_that_fails_stops_and_says_which(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path, fails="daemon-reload")
    with pytest.raises(StepFailed, match="tell systemd"):
        carry_out(linux_plan(SERVICE, NOTHING, LARKMERE, SECRET), machine, lambda _: None)
    assert not any("enable" in command for command in machine.ran)


def test_what_may_fail_does_not_stop(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path, fails="doctor")
    plan = [step for step in linux_plan(SERVICE, ALL, None) if not shown(step).endswith("--get-browser")]
    carry_out(plan, machine, lambda _: None)
    assert machine.ran[-1][-1] == "doctor"


WANTED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "CapabilityBoundingSet": "", "RestrictSUIDSGID": "yes", "UMask": "0077", "User": "auditbot",
}  # fmt: skip


def parsed(text: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(text)
    return unit


@pytest.mark.parametrize("name", [name for name in units(SERVICE) if name.endswith(".service")])
def test_a_unit_is_hardened_and_starts_a_command_that_there_is(name: str) -> None:
    service = parsed(units(SERVICE)[name])["Service"]
    assert {option: service.get(option) for option in WANTED} == WANTED
    command, options = cli.understood(shlex.split(service["ExecStart"])[1:])
    assert command is not None and callable(options.run)
    assert "/srv/auditbot/school" in service["ReadWritePaths"]


def test_odd_paths_stay_what_they_are_in_units() -> None:
    odd = replace(SERVICE, workspace=Path("/srv/St Mary's 100% $HOME"))
    line = parsed(units(odd)["auditbot-audit.service"])["Service"]["ExecStart"]
    assert shlex.split(line)[2] == "/srv/St Mary's 100%% $$HOME"


def test_every_unit_of_a_plan_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path)
    carry_out(linux_plan(SERVICE, NOTHING, LARKMERE, SECRET), machine, lambda _: None)
    folder = tmp_path / FOLDER.relative_to("/")
    (folder / "other.service").write_text("[Unit]")
    assert {path.name for path in folder.iterdir()} == {*UNIT_FILES, "other.service"}
    carry_out(removal_plan([path.name for path in folder.iterdir()]), machine, lambda _: None)
    assert [path.name for path in folder.iterdir()] == ["other.service"]
    assert (tmp_path / "var/lib/auditbot/.config/auditbot/recovery.key").is_file()
    assert removal_plan(["other.service"]) == ()


@pytest.mark.parametrize("program", ["/root/auditbot/.venv/bin/auditbot", "/home/it/auditbot/.venv/bin/auditbot"])
def test_a_program_that_a_service_cannot_reach_is_refused(program: str) -> None:
    with pytest.raises(ProgramOutOfReach, match="/opt/auditbot"):
        check_program(Path(program))


def test_a_program_behind_a_closed_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "opt" / "auditbot" / ".venv" / "bin"
    inside.mkdir(parents=True)
    (tmp_path / "opt" / "auditbot").chmod(0o700)
    with pytest.raises(ProgramOutOfReach):
        check_program(SERVICE.program, tmp_path)
    (tmp_path / "opt" / "auditbot").chmod(0o755)
    check_program(SERVICE.program, tmp_path)


def test_on_windows_each_line_can_be_typed() -> None:
    service = replace(SERVICE, workspace=Path(r"C:\school"), program=Path(r"C:\auditbot\.venv\Scripts\auditbot.exe"))
    lines = [shown(step) for step in windows_plan(service, NOTHING, LARKMERE)]
    (task,) = [line for line in lines if "/TN auditbot /SC" in line]
    assert r'/TR "C:\auditbot\.venv\Scripts\auditbot.exe --workspace \"C:\school\" audit"' in task
    nightly = next(number for number, line in enumerate(lines) if '/TN "auditbot backup"' in line)
    by_hand = next(number for number, line in enumerate(lines) if line.endswith("--try"))
    assert nightly < by_hand, "without a recovery key, which a terminal alone is shown, no nightly backup is made"


CLONE = Installed(Path("/opt/auditbot/.venv/bin/python"), Path("/opt/auditbot/.venv"), Path("/opt/auditbot"))


def test_an_update_backs_up_first_and_starts_the_page_last() -> None:
    plan = update_plan(CLONE, None, UNIT_FILES, ("auditbot",), None)
    lines = [shown(step) for step in plan]
    assert lines[0] == "systemctl start auditbot-backup.service"
    assert lines[1] == "systemctl stop auditbot-page.service" and lines[-2] == "systemctl start auditbot-page.service"
    assert any("pull --ff-only" in line for line in lines) and any("--require-hashes" in line for line in lines)


def test_an_update_of_a_wheel_uses_what_installed_it(tmp_path: Path) -> None:
    for noted, program in (("pipx_metadata.json", "pipx"), ("uv-receipt.toml", "uv"), ("else", "/usr/bin/python3")):
        prefix = tmp_path / program.strip("/").replace("/", "-")
        prefix.mkdir()
        (prefix / noted).touch()
        made = Installed(Path("/usr/bin/python3"), prefix, None)
        plan = update_plan(made, Path("/media/new.whl"), (), ("auditbot",), None)
        assert isinstance(plan[0], Run) and plan[0].command[0] == program
    with pytest.raises(NothingToUpdateFrom, match="--wheel"):
        update_plan(Installed(Path("/p"), Path("/v"), None), None, (), ("auditbot",), None)


def test_setup_and_update_show_their_plan_and_do_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--school", "Larkmere", "--website", "www.larkmere.example", "--backup-to", str(tmp_path / "b")]
    for system in ("linux", "windows"):
        code = cli.main(["setup", str(tmp_path / "school"), *words, "--plan", "--yes", "--system", system])
        said = capsys.readouterr()
        assert code == 0 or "may not enter" in said.err
    assert cli.main(["setup", str(tmp_path / "school"), "--plan", "--school", "L", "--website", "not a url"]) == 2
    assert "is no web address" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_write_is_never_half_a_file(tmp_path: Path) -> None:
    machine = FakeMachine(tmp_path)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / ".a.part").write_text("left by a killed plan")
    carry_out([Write("write a", Path("/etc/a"), "content", 0o640)], machine, lambda _: None)
    assert (tmp_path / "etc" / "a").read_text() == "content" and not (tmp_path / "etc" / ".a.part").exists()
