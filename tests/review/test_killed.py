"""Page and audit are killed at random moments: no decision that was answered is lost, none is made twice."""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from auditbot.decisions.event import Action
from auditbot.machine.environment import for_an_audit
from tests.review.conftest import Site

KILLS = int(os.environ.get("AUDITBOT_KILLS", "3"))
"""How often; bench runs ask for 20."""
PAGE = """
import sys
from pathlib import Path
from auditbot.settings import Workspace
from auditbot.review.site.app import application, set_up
set_up(Workspace(Path(sys.argv[1])))
from auditbot.review.site.serve import server
made = server(application(), "127.0.0.1", 0)
made.prepare()
print(made.bind_addr[1], flush=True)
made.serve()
"""


KILLER = "import os, sys, time; time.sleep(float(sys.argv[2])); os.kill(int(sys.argv[1]), 9)"


class Running:
    """The page in a process of its own, and one person signed in to it."""

    def __init__(self, site: Site) -> None:
        code = site.link("lead")
        self.process = subprocess.Popen(
            [sys.executable, "-c", PAGE, str(site.workspace.folder)],
            stdout=subprocess.PIPE,
            text=True,
            env=for_an_audit(),
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        answer = self.ask("GET", f"/open/{code}", {})
        assert answer.status == 302
        pairs = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]
        self.cookies = "; ".join(pairs)
        self.token = ""

    cookies = ""

    def ask(self, method: str, path: str, said: dict[str, str]) -> http.client.HTTPResponse:
        """One request; raises OSError or HTTPException if the page dies before it answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(said) if said else None, headers)
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        return answer

    def decide(self, finding: str, once: str) -> None:
        """Send one decision with a form's own mark."""
        if not self.token:
            page = self.ask("GET", f"/f/{finding}", {})
            pair = next(line for line in page.headers.get_all("Set-Cookie", []) if line.startswith("csrf"))
            self.cookies += "; " + pair.partition(";")[0]
            self.token = page.body.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]  # type: ignore[attr-defined]
        said = {"csrfmiddlewaretoken": self.token, "do": "wait:office_answers", "once": once}
        answer = self.ask("POST", f"/f/{finding}/decide", said)
        assert answer.status == 302, (answer.status, answer.body[:300])  # type: ignore[attr-defined]


@pytest.mark.slow
def test_no_decision_is_lost_or_doubled(site: Site, tell: Callable[[str], None]) -> None:
    dice = random.Random(2026)
    findings = [case.id for case in site.view().cases if len(case.tracked) == 1][:6]
    audit = [sys.executable, "-m", "auditbot", "--workspace", str(site.workspace.folder), "audit", "--stage", "collect"]
    number, answered, in_doubt = 0, 0, 0
    for _ in range(KILLS):
        page = Running(site)
        other = subprocess.Popen(audit, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + dice.uniform(0.1, 5.0)
        killer = subprocess.Popen(
            [sys.executable, "-c", KILLER,
             str(page.process.pid), f"{max(0.0, until - time.monotonic())}"]
        )  # fmt: skip
        while True:
            try:
                page.decide(findings[number % len(findings)], f"form {number}")
            except (OSError, http.client.HTTPException):
                in_doubt += (
                    1  # nobody knows whether it was made: it is sent again after the restart, with the same mark
                )
                break
            number, answered = number + 1, answered + 1
        other.send_signal(signal.SIGKILL)
        other.wait()
        killer.wait()
        page.process.wait()
        assert len(site.events()) in (answered, answered + 1)  # site.events() verifies the chain too
    page = Running(site)
    page.decide(findings[number % len(findings)], f"form {number}")
    page.process.kill()
    page.process.wait()
    made = site.events()
    assert len(made) == answered + 1 and {event.action for event in made} == {Action.WAIT}
    assert [event.draft.finding for event in made] == [findings[at % len(findings)] for at in range(answered + 1)]
    tell(
        f"page and audit killed {KILLS} times: {answered + 1} decisions answered, all there once; {in_doubt} sent again"
    )
