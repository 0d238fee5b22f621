"""What the program starts is given no key, no token and no variable that is not on the list."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from auditbot.machine.environment import FOR_CHILDREN
from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import photo
from tests.cli.conftest import MakeSchool, small, visit

OF_A_SHELL = {"PWD", "OLDPWD", "SHLVL", "_"}
"""What a browser that is started by a script of its own is given by that script."""

SECRETS = {"AUDITBOT_TOKEN_FACEBOOK": "token-of-the-school", "SOMEBODY_ELSES_PASSWORD": "hunter2-hunter2"}


def look_at(process: psutil.Process) -> tuple[str, bytes, bytes]:
    """Return a process's program, its environment, and the memory in which programs keep a copy of it."""
    folder = Path(f"/proc/{process.pid}")
    name, environment, memory = process.name(), (folder / "environ").read_bytes(), b""
    for line in (folder / "maps").read_text("ascii", errors="replace").splitlines():
        if line.endswith(("[heap]", "[stack]")):
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            with (folder / "mem").open("rb", buffering=0) as file:
                file.seek(begin)
                memory += file.read(end - begin)
    return name, environment, memory


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process in a file")
def test_no_child_holds_a_secret(fresh: MakeSchool) -> None:
    school = small(fresh(), portraits=2)
    school.replace("config/auditbot.toml", "pdf = false", "pdf = true")  # by a browser; these pages need none
    with_photo = "<article><h1>Fair</h1><time datetime='2026-06-01'></time><p>We sang.</p><img src='/a.jpg'></article>"
    site = LittleServer(
        {"/": "<a href='/news/a'>Fair</a>", "/news/a": with_photo, "/a.jpg": Answer(photo("a"), "image/jpeg")}
    )
    visit(school, site)
    environment = {**school.environment, **SECRETS}
    secrets = [environment["AUDITBOT_KEY"].encode(), *(value.encode() for value in SECRETS.values())]
    audit = subprocess.Popen(
        school.command("audit"), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    seen: dict[int, tuple[str, bytes, bytes]] = {}
    while audit.poll() is None:
        for child in psutil.Process(audit.pid).children(recursive=True):
            try:
                seen[child.pid] = look_at(child)
            except (psutil.Error, OSError):
                continue  # it has ended meanwhile
        time.sleep(0.1)
    site.close()
    names = {name for name, _, _ in seen.values()}
    assert any("chrom" in name or "headless" in name for name in names), names
    assert any("node" in name for name in names) and any("python" in name for name in names), names
    for name, variables, memory in seen.values():
        given = {line.partition(b"=")[0].decode() for line in variables.split(b"\0") if b"=" in line}
        strange = {each for each in given & set(environment) if each.upper() not in FOR_CHILDREN}
        strange = {each for each in strange if not each.startswith("LC_")} - OF_A_SHELL
        assert not any(secret in variables or secret in memory for secret in secrets), name
        assert not any(each.startswith("AUDITBOT") for each in given), name
        assert strange == set(), name
