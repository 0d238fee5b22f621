"""Fifty people who read at the same time, each in a session of their own, while an audit writes."""

from __future__ import annotations

import http.client
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from auditbot.model import Post
from auditbot.run import local_now
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from tests.review.made_school import SITE

PEOPLE = 50
SECONDS = 60.0
PAUSE = (1.0, 6.0)
"""Seconds between two pages of one reader: somebody who only turns over."""
_SERVE = """
import sys
from pathlib import Path
from auditbot.settings import Workspace
from auditbot.review.site.app import application, set_up
from auditbot.review.site.serve import server
set_up(Workspace(Path(sys.argv[1])), hosts=("localhost", "127.0.0.1"))
made = server(application(), "127.0.0.1", 0)
made.prepare()
print(made.bind_addr[1], flush=True)
made.serve()
"""


@contextmanager
def serving(workspace: Workspace) -> Iterator[tuple[int, int]]:
    """Serve the page in a process of its own; the port and the process's id."""
    command = [sys.executable, "-c", _SERVE, str(workspace.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        try:
            yield int(served.stdout.readline()), served.pid
        finally:
            served.terminate()


def readers(workspace: Workspace, port: int, pid: int) -> None:
    """Print how long pages took, how many failed, and the processor time of the page's process."""
    codes, paths, over = _codes(), _paths(), threading.Event()
    threading.Thread(target=_writing, args=(workspace, over), daemon=True).start()
    taken: list[tuple[str, float]] = []
    problems: list[str] = []
    people = [
        threading.Thread(target=_read, args=(port, code, paths, over, taken, problems), daemon=True) for code in codes
    ]
    for person in people:
        person.start()
        time.sleep(0.02)
    while len({path for path, _ in taken}) < len(set(paths)) // 2 and len(taken) < 2 * PEOPLE:
        time.sleep(1)  # signed in, and pages seen by others before: as on a morning after the first few minutes
    before, began = _processor_seconds(pid), time.monotonic()
    taken.clear()
    time.sleep(SECONDS)
    spent, lasted = _processor_seconds(pid) - before, time.monotonic() - began
    times = sorted(seconds for _, seconds in list(taken))
    over.set()
    for person in people:
        person.join(10)
    p95 = times[int(len(times) * 0.95)]
    print(
        f"{PEOPLE} readers, {len(times)} pages in {lasted:.0f} s beside a writing audit: median "
        f"{1000 * statistics.median(times):.0f} ms, 95 % within {1000 * p95:.0f} ms, slowest {1000 * times[-1]:.0f} "
        f"ms; errors {len(problems)}; the page's process used {100 * spent / lasted:.0f} % of a core, "
        f"{1000 * spent / len(times):.0f} ms a page; load {os.getloadavg()[0]:.1f}"
    )
    for problem in sorted(set(problems))[:5]:
        print(f"  {problem}")


def _codes() -> list[str]:
    """Return a one-time code for each reader; all are the lead's, which is the role with the largest pages."""
    from auditbot.review.people.manage import add_person
    from auditbot.review.people.models import new_slip

    codes = []
    for number in range(PEOPLE):
        person, problem = add_person(f"reader{number}", f"Reader {number}", "lead")
        assert person is not None, problem
        codes.append(new_slip(person, timedelta(minutes=30), of_this_computer=True))
    return codes


def _paths() -> list[str]:
    from auditbot.review.casebook.cases import queue
    from auditbot.review.casebook.served_workspace import served_workspace

    view = served_workspace().view()
    some = [*queue(view.cases)[:40], *queue(view.cases, backlog=True)[:40]]
    pages = ["/", "/", "/asked", "/posts", "/figures", "/pupils", "/log", "/health"]
    for case in some:
        pages.append(f"/f/{case.id}")
        if case.kind == "no_permission":
            pages += [f"/f/{case.id}/photo.jpg", f"/f/{case.id}/face-1.jpg"]
    return pages


def _read(
    port: int,
    code: str,
    paths: list[str],
    over: threading.Event,
    taken: list[tuple[str, float]],
    problems: list[str],
) -> None:
    chance = random.Random(code)
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", f"/open/{code}", headers={"Host": "localhost"})
    answer = link.getresponse()
    answer.read()
    cookie = "; ".join(one.split(";")[0] for one in answer.headers.get_all("Set-Cookie") or ())
    while not over.is_set():
        path, began = chance.choice(paths), time.monotonic()
        try:
            link.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
            answer = link.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            problems.append(f"{path}: {type(error).__name__}")
            link.close()
            continue
        taken.append((path, time.monotonic() - began))
        if answer.status != 200:
            problems.append(f"{path}: {answer.status} {content[:80]!r}")
        over.wait(chance.uniform(*PAUSE))


def _writing(workspace: Workspace, over: threading.Event) -> None:
    """Write posts as an audit does, without a pause worth the name."""
    now = local_now(load_settings(workspace))
    with Store(workspace.data / "auditbot.db") as store:
        number = 0
        while not over.wait(0.1):
            number += 1
            store.published.save_post(Post("website", f"{SITE}/audit/{number}/", "New", "x", published_at=now), now)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
