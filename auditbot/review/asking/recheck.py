"""Looking once more at one post, as soon as an editor says that it is done: a process of its own, as every audit is."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

from django.db import close_old_connections

from auditbot.decisions.decided import State
from auditbot.errors import AuditRunning
from auditbot.machine.environment import for_an_audit
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.review.people.models import Task
from auditbot.run import one_at_a_time

TRIES = 20
PAUSE_SECONDS = 30.0
COULD_NOT_BEGIN = 2
"""Exit code of an audit that could not begin: because another runs, or for what no waiting mends."""
_one = threading.Lock()
"""Posts are looked at one after another: there is one audit at a time."""
LOOKED = (0, 1, 3)
"""Exit codes of an audit that ran to its end."""
GONE = (State.GONE_ONCE, State.PROVED, State.CLOSED, State.ENDED)


def look_again(number: int) -> None:
    """Visit the posts of a task now, or as soon as no other audit runs, and note at the task what was seen."""
    here = served_workspace()
    task = Task.objects.filter(pk=number).first()
    if task is None:
        return
    view = here.view()
    cases = [view.by_finding[name] for name in task.findings if name in view.by_finding]
    urls = {one.finding.post_url for case in cases for one in case.tracked if one.finding.id in task.findings}
    with _one:
        seen = [_looked(url) for url in sorted(urls)]  # each is visited, whatever became of another
    here.forget()
    view = here.view()
    left = [name for name in task.findings if name in view.by_finding and not _is_gone(name)]
    Task.objects.filter(pk=number).update(looked="failed" if not all(seen) else "there" if left else "gone")
    close_old_connections()


def _looked(url: str) -> bool:
    command = [
        sys.executable,
        "-m",
        "auditbot",
        "--workspace",
        str(served_workspace().workspace.folder),
        "audit",
        "--post",
        "-",  # the address may hold a name, and any user of the machine can list commands
    ]
    for _ in range(TRIES):
        done = subprocess.run(command, input=f"{url}\n".encode(), capture_output=True, check=False, env=for_an_audit())
        if done.returncode != COULD_NOT_BEGIN or not _another_runs():
            return done.returncode in LOOKED
        time.sleep(PAUSE_SECONDS)
    return False


def _another_runs() -> bool:
    try:
        with one_at_a_time(served_workspace().workspace):
            return False
    except AuditRunning:
        return True


def _is_gone(finding: str) -> bool:
    case = served_workspace().view().by_finding[finding]
    states = {one.finding.id: standing.state for one, standing in zip(case.tracked, case.standings, strict=True)}
    return states[finding] in GONE
