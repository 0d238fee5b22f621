"""Where bubblewrap works, the browser reaches nobody but the guard, sees nothing of the disk and leaves nothing."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from auditbot.collect.browser import launch
from auditbot.collect.browser.browser import Browser
from auditbot.collect.browser.driver import confined_command, confines_browsers
from auditbot.collect.browser.launch import find_browser, ran_unconfined, ran_without_sandbox
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.urls import Site
from auditbot.doctor.browsers import check_browser
from auditbot.machine.confinement import confines
from auditbot.machine.environment import for_children
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import LittleServer
from tests.unit.store.facts import NOON

SETTINGS = Settings(school=School(name="Larkmere"), collect=Collect(page_timeout_seconds=20))
needs_bubblewrap = pytest.mark.skipif(
    not confines_browsers(), reason="this system has no bubblewrap, or does not allow it"
)

# What a browser that has been taken over would try; it says what could be done, a word each.
ATTACK = """
import os, socket, sys
from pathlib import Path
guard, somebody, secret, abstract = sys.argv[1:]
def can(name, act):
    try:
        act()
        print(name)
    except OSError:
        pass
def call(host, port, kind=socket.SOCK_STREAM, family=socket.AF_INET):
    with socket.socket(family, kind) as out:
        out.settimeout(3)
        out.connect((host, int(port)) if family != socket.AF_UNIX else host)
        out.send(b"GET http://%b/ HTTP/1.1\\r\\n\\r\\n" % somebody.encode())
        return out.recv(100) if kind == socket.SOCK_STREAM else b""
def knows():
    assert call("127.0.0.1", guard).startswith(b"HTTP/1.1 407")
host, port = somebody.split(":")
can("guard", knows)
can("somebody", lambda: call(host, port))
can("elsewhere", lambda: call("192.0.2.1", 80))
can("datagram", lambda: call("192.0.2.1", 53, socket.SOCK_DGRAM))
can("six", lambda: call("2001:db8::1", 80, family=socket.AF_INET6))
can("abstract", lambda: call("\\0" + abstract, 0, family=socket.AF_UNIX))
can("door", lambda: call(os.environ["TMPDIR"] + "/guard", 0, family=socket.AF_UNIX))
can("name", lambda: socket.getaddrinfo("localhost.example", 80))
can("secret", lambda: Path(secret).read_bytes())
can("beside", lambda: os.listdir(Path(secret).parent))
can("home", lambda: os.listdir(os.path.expanduser("~")))
can("system", lambda: Path("/usr/written").write_text(""))
can("others", lambda: [Path(f"/proc/{n}/root" + secret).read_bytes() for n in os.listdir("/proc") if n.isdigit()])
print(len([n for n in os.listdir("/proc") if n.isdigit()]) < 5)
"""


@pytest.fixture
def site() -> Iterator[LittleServer]:
    """Return the one site that may be visited."""
    little = LittleServer({"/": "<article><h1>Harvest</h1><p>We sang.</p></article>"})
    yield little
    little.close()


@pytest.fixture
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_worked", [])
    monkeypatch.setattr(launch, "_sandboxed", [])


@pytest.mark.skipif(not confines(), reason="this system has no bubblewrap, or does not allow it")
def test_where_workers_are_confined_browsers_are_confined_too() -> None:
    """The tests below are skipped where browsers are not; that must never be by a fault of the command itself."""
    assert confines_browsers()


@needs_bubblewrap
def test_what_runs_where_the_browser_does_reaches_nobody_but_the_guard(tmp_path: Path, site: LittleServer) -> None:
    secret, abstract = tmp_path / "pupils.csv", secrets.token_hex(8)
    secret.write_text("P001")
    with Guard({}, (), 5.0) as guard, socket.socket(socket.AF_UNIX) as other, socket.socket(socket.AF_UNIX) as waiting:
        other.bind("\0" + abstract)
        other.listen()
        with tempfile.TemporaryDirectory() as folder:
            waiting.bind(f"{folder}/guard")
            waiting.listen(1)
            words = [guard.url.rpartition(":")[2], site.address, str(secret), abstract]
            command = confined_command([sys.executable, "-c", ATTACK, *words], "", guard, f"{folder}/guard")
            attack = subprocess.Popen(
                command, env=for_children() | {"HOME": str(tmp_path)}, stdout=subprocess.PIPE, text=True
            )
            with waiting.accept()[0] as way:
                door = socket.socket(fileno=socket.recv_fds(way, 1, 1)[1][0])
            waiting.close()
            guard.open_door(door)
            said = attack.communicate(timeout=60)[0].split()
    assert said == ["guard", "True"]
    assert site.paths() == []


@needs_bubblewrap
@pytest.mark.usefixtures("_fresh")
def test_the_browser_and_its_driver_are_confined_in_its_own_sandbox_and_leave_nothing(
    tmp_path: Path, site: LittleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with Guard({}, (site.address,), 5.0) as guard:
        with Browser(SETTINGS, guard, Site(f"{site.url}/")) as browser:
            assert "We sang." in browser.open(f"{site.url}/").html
            kin = [each for each in psutil.Process().children(recursive=True) if each.name() != "bwrap"]
            others = {Path(f"/proc/{each.pid}/ns/net").readlink() for each in kin}
            filters = [
                Path(f"/proc/{each.pid}/status").read_text("ascii").partition("Seccomp:\t")[2][:1]
                for each in kin
                if "--type=renderer" in each.cmdline()
            ]
            assert list(tmp_path.iterdir()) == []
        assert len(guard._doors) == 1  # the door of a browser that has ended is shut
    assert len(kin) > 2 and Path("/proc/self/ns/net").readlink() not in others
    assert filters and set(filters) == {"2"}
    assert not ran_unconfined() and not ran_without_sandbox()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("_fresh")
def test_where_nothing_confines_it_the_browser_works_all_the_same_and_doctor_says_so(
    site: LittleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "confines_browsers", lambda: False)
    with Guard({}, (site.address,), 5.0) as guard, Browser(SETTINGS, guard, Site(f"{site.url}/")) as browser:
        assert "We sang." in browser.open(f"{site.url}/").html
    assert ran_unconfined()
    told = [check.message for check in check_browser(SETTINGS, NOON)]
    assert any("bubblewrap" in message for message in told) == (sys.platform == "linux")


@needs_bubblewrap
@pytest.mark.usefixtures("_fresh")
def test_a_browser_that_starts_only_unconfined_is_started_so_and_that_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one that lies where the confined see nothing, or a snap."""
    program, link = find_browser(SETTINGS).program, tmp_path / "elsewhere"
    link.write_text(f"needed by the browser beside it: {program}")
    script = tmp_path / "bin" / "browser"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\n[ -e "{link}" ] || exit 1\nexec {program} "$@"\n')
    script.chmod(0o700)
    assert not ran_unconfined()
    configured = Settings(school=School(name="Larkmere"), collect=Collect(browser=str(script)))
    assert find_browser(configured).version
    assert ran_unconfined()
