"""auditbot review --demo: a made-up school, signed in, with a past to look at, and nothing kept of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from auditbot.review.practice.made_up_school import make_practice
from auditbot.settings import load_settings
from tests.review.conftest import Site


def test_the_page_opens_with_a_past_and_leaves_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    environment.pop("AUDITBOT_KEY", None)
    command = [sys.executable, "-m", "auditbot", "review", "--demo", "--no-browser"]
    page = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        assert page.stdout is not None and "made-up school" in page.stdout.readline()
        address = re.findall(r"http://\S+", page.stdout.readline())[0]
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        today = opener.open(address, timeout=20).read().decode()
        assert "Decide 10" in today and "proved gone" in today
        figures = opener.open(address.partition("/open")[0] + "/figures", timeout=20).read().decode()
        assert "hours" in figures and figures.count("<rect") > 16
    finally:
        page.terminate()
        page.wait(20)
    assert [path.name for path in tmp_path.iterdir() if "practice" in path.name or path.suffix == ".key"] == []


def test_it_is_never_served_to_the_network(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "auditbot", "review", "--demo", "--serve"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "on this computer alone" in done.stderr


@pytest.fixture
def practice(site: Site, tmp_path: Path) -> Site:
    from auditbot.review.casebook.served_workspace import serve_workspace

    workspace = make_practice(tmp_path / "school")
    serve_workspace(workspace, load_settings(workspace))
    return Site(workspace)


def test_its_cases_stand_as_in_a_school_of_eight_weeks(practice: Site) -> None:
    from auditbot.review.casebook.cases import queue
    from auditbot.review.casebook.figures import figures

    view = practice.view()
    questions = [case.kind for case in queue(view.cases)]
    assert questions[0] == "never_publish" and len(questions) == 10 and not any(case.backlog for case in view.cases)
    told = figures(view.lives, view.events, view.now)
    assert sum(week.gone for week in told.weeks) >= 20 and told.median_hours is not None
    assert {event.draft.actor for event in practice.events()} == {"lead", "audit"}
