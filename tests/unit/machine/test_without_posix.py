"""Nothing that Windows lacks is asked for on the way in: every module is read, and the page opens, without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from auditbot.machine.environment import for_an_audit
from auditbot.workspace import make_demo_workspace

PROGRAM = """
import ast, importlib, os, pkgutil, signal, socket, sys
from pathlib import Path

import auditbot

def names_of(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module

ABSENT = ("fcntl", "grp", "pwd", "pty", "resource", "termios", "tty")
whole = Path(auditbot.__path__[0])
ours = [name for _, name, _ in pkgutil.walk_packages(auditbot.__path__, "auditbot.")]
for name in sorted({name for file in whole.rglob("*.py") for name in names_of(file)} - set(ABSENT)):
    if name.split(".")[0] != "auditbot":  # what others wrote has its own ways on Windows, which are not here
        try:
            importlib.import_module(name)
        except Exception:
            pass
for name in ABSENT:
    sys.modules[name] = None
for place, names in (
    (os, "chown fork forkpty geteuid getgid getgroups getpgid getuid killpg lchown mkfifo nice O_DIRECTORY"),
    (os, "O_NOFOLLOW posix_spawn sched_getaffinity setsid sysconf uname wait4 WNOHANG"),
    (signal, "SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGUSR1 alarm pthread_sigmask setitimer"),
    (socket, "AF_UNIX"),
):
    for name in names.split():
        if hasattr(place, name):
            delattr(place, name)
sys.platform = "win32"

from auditbot.settings import Workspace
from auditbot.review.site.app import set_up

set_up(Workspace(Path(sys.argv[1])), hosts=("localhost",))
for name in ours:
    if not name.endswith("__main__"):
        importlib.import_module(name)
from datetime import timedelta
from django.test import Client
from auditbot.review.people.manage import add_person
from auditbot.review.people.models import new_slip

person, problem = add_person("lead", "Lead", "lead")
assert person is not None, problem
client = Client(HTTP_HOST="localhost")
assert client.get("/open/" + new_slip(person, timedelta(hours=1), of_this_computer=True)).status_code == 302
seen = [client.get(path).status_code for path in ("/", "/decide", "/registers", "/health", "/before")]
assert seen == [200] * 5, seen
print(len(ours), "modules")
"""


def test_every_module_is_read_and_the_page_opens_without_what_windows_lacks(tmp_path: Path) -> None:
    make_demo_workspace(tmp_path / "school")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "school")],
        env=for_an_audit(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[0]) > 300
