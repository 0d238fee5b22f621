"""``python -m tests.bench.review [FINDINGS]``: processor time of each page, axe, and 50 readers beside an audit.

Processor time does not depend on what else the machine does; the times of the readers do, so the load is printed.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from auditbot.settings import Workspace
from tests.bench.review.accessible import accessible
from tests.bench.review.many_findings import make_school_with
from tests.bench.review.readers import readers, serving

REPEATS = 20
ROLES = ("lead", "head", "editor", "governor")


def main() -> None:
    """Make the school, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    os.environ["AUDITBOT_KEY"] = Fernet.generate_key().decode("ascii")
    with tempfile.TemporaryDirectory(prefix="auditbot-bench-review-") as place:
        began = time.process_time()
        workspace = make_school_with(Path(place) / "school", count)
        print(f"school with {count} findings: {time.process_time() - began:.1f} s of processor time", flush=True)
        _set_up(workspace)
        print("processor time of a page, median and slowest of", REPEATS)
        for name, milliseconds in _pages():
            median, worst = statistics.median(milliseconds), max(milliseconds)
            print(f"  {name:32} {median:7.1f} ms {worst:7.1f} ms", flush=True)
        with serving(workspace) as (port, pid):
            accessible(lambda path: f"http://127.0.0.1:{port}{path}")
            readers(workspace, port, pid)


def _set_up(workspace: Workspace) -> None:
    from auditbot.review.site.app import set_up

    set_up(workspace, hosts=("localhost", "127.0.0.1"))
    from auditbot.review.people.manage import add_person

    for role in ROLES:
        person, problem = add_person(role, role.title(), role, accounts="website" if role == "editor" else "")
        assert person is not None, problem


def _client(role: str) -> Any:
    from datetime import timedelta

    from django.test import Client

    from auditbot.review.people.models import Person, new_slip

    client = Client(HTTP_HOST="localhost")
    code = new_slip(Person.objects.get(handle=role), timedelta(minutes=5), of_this_computer=True)
    assert client.get(f"/open/{code}").status_code == 302
    return client


def _pages() -> Iterator[tuple[str, list[float]]]:
    from auditbot.review.casebook.cases import queue
    from auditbot.review.casebook.served_workspace import served_workspace

    began = time.process_time()
    view = served_workspace().view()
    yield "(putting the workspace together)", [1000 * (time.process_time() - began)]
    backlog = queue(view.cases, backlog=True)
    faces = next(case for case in (*queue(view.cases), *backlog) if case.kind == "no_permission")
    words = next(case for case in (*queue(view.cases), *backlog) if case.kind == "phone_number")
    paths = {
        "today": "/", "decide a face": f"/f/{faces.id}", "decide words": f"/f/{words.id}",
        "photo": f"/f/{faces.id}/photo.jpg", "face": f"/f/{faces.id}/face-1.jpg",
        "portrait": f"/f/{faces.id}/portrait/{faces.first.finding.pupil_ids[0]}.jpg",
        "history": f"/f/{faces.id}/history",
        "asked": "/asked", "posts": "/posts", "posts of a year": "/posts?year=1",
        "one post": f"/p/{faces.facts[0].post}", "pupils": "/pupils",
        "pupil": f"/pupil/{faces.first.finding.pupil_ids[0]}", "registers": "/registers", "gallery": "/gallery",
        "figures": "/figures", "month": f"/figures/{view.now:%Y-%m}", "head": "/head", "health": "/health",
        "log": "/log", "meeting": "/print/meeting", "style": "/static/review.css",
    }  # fmt: skip
    for role, names in (("lead", list(paths)), ("head", ["today", "posts"]), ("editor", ["today", "posts"])):
        client = _client(role)
        for name in names:
            yield f"{role}: {name}", _times(client, paths[name])
    lead, left = _client("lead"), iter(queue(view.cases, backlog=True) or queue(view.cases))
    times = []
    for case in (next(left) for _ in range(5)):
        began = time.process_time()
        answer = lead.post(f"/f/{case.id}/decide", {"do": "down", "last": str(case.last_event), "queue": "backlog"})
        assert answer.status_code == 302
        times.append(1000 * (time.process_time() - began))
    yield "lead: record a decision", times


def _times(client: Any, path: str) -> list[float]:
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        answer = client.get(path)
        times.append(1000 * (time.process_time() - began))
        assert answer.status_code == 200, (path, answer.status_code)
    return times[1:]


if __name__ == "__main__":
    main()
