"""What could not be reached is never taken for good news."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.little_server import Answer, LittleServer, Route
from tests.cli.conftest import MakeSchool, School, small, visit

LOG_IN = """<!doctype html><title>Log in</title><h1>Please log in to continue</h1>
<form method="post" action="/login"><input name="user"><input type="password" name="password">
<button>Log in</button></form>"""
EMPTY = "<!doctype html><title>News</title><h1>News</h1><p>Nothing here yet.</p>"
CASES: dict[str, Route | None] = {
    "down": None,
    "empty": EMPTY,
    "walled": Answer(LOG_IN, status=403),
    "throws on every page": Answer("<h1>Internal Server Error</h1>", status=500),
}


@pytest.fixture
def server() -> Iterator[LittleServer]:
    server = LittleServer()
    yield server
    server.close()


class Everything(dict[str, Route]):
    """One answer, whatever is asked."""

    def __init__(self, route: Route) -> None:
        super().__init__()
        self._route = route

    def get(self, key: str, default: object = None) -> Route:
        return self._route


@pytest.mark.parametrize("case", CASES)
def test_a_site_that_shows_nothing_is_not_checked(case: str, fresh: MakeSchool, server: LittleServer) -> None:
    school = small(fresh(), portraits=0)
    visit(school, server)
    route = CASES[case]
    if route is None:
        server.close()
    else:
        server.routes = Everything(route)
    document = school.audit()
    assert document["exit"] == 3
    assert not document["audit"]["complete"]
    assert [entry["status"] for entry in document["coverage"]] != ["complete"]
    assert document["coverage"][0]["reason"]
    assert any(note["account"] == "website" and note["reason"] for note in document["not_checked"])
    report = (school.folder / "reports" / "latest" / "report.html").read_text("utf-8").casefold()
    summary = school.run("report").stdout.casefold()
    for written in (report, summary, school.outcomes[0].stdout.casefold()):
        assert "clean" not in written
        assert "compliant" not in written
    if case == "walled":
        assert document["coverage"][0]["status"] == "walled"


def test_posts_known_from_before_stay_known_when_the_site_is_down(demo: School, server: LittleServer) -> None:
    before = demo.posts()
    findings = demo.audit("--stage", "check")["findings"]
    visit(demo, server)
    server.close()
    after = demo.audit()
    assert after["exit"] == 3
    assert demo.posts() == before
    assert [finding["id"] for finding in after["findings"]] == [finding["id"] for finding in findings]


def test_no_browser_is_a_clear_stop(fresh: MakeSchool) -> None:
    school = small(fresh(), portraits=0)
    school.replace("config/auditbot.toml", "[collect]", '[collect]\nbrowser = "/nowhere/chromium"')
    done = school.run("audit")
    assert done.returncode == 2
    assert "The browser at /nowhere/chromium does not start" in done.stderr
    assert not done.stdout
