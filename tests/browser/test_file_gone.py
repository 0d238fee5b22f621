"""What the own address of a file answers whose post no longer shows it: gone, still there, or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditbot.collect.files import Files
from auditbot.collect.net.fetch import Fetcher
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.throttle import Pace
from auditbot.model import CollectJob, Spool
from tests.browser.little_server import Answer, LittleServer, Route
from tests.browser.small_site import photo, sha256

NOT_FOUND = "<!doctype html><title>Larkmere</title><h1>Page not found</h1>"
LOGIN = "<!doctype html><title>Larkmere</title><form><input name=user><input type=password name=word></form>"
DENIED = '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
PAGE_THERE = "A web page answers where the file was."
STORE = "The file store answers 403 Access Denied where the file was."
NOT_KNOWN = "Whether the file still answers at its own address is not known."
HERE = photo("here")


def _moved(to: str) -> Answer:
    return Answer(status=302, headers={"Location": to})


@pytest.mark.parametrize(
    ("route", "gone", "said"),
    [
        (Answer(NOT_FOUND), True, PAGE_THERE),
        (Answer(f"<!-- made by hand -->{NOT_FOUND}"), True, PAGE_THERE),
        (Answer(NOT_FOUND + LOGIN), True, PAGE_THERE),
        (_moved("/"), True, PAGE_THERE),
        (Answer(DENIED, "application/xml", 403), True, STORE),
        (Answer(DENIED.replace("AccessDenied", "AuthorizationFailure"), "application/xml", 403), True, STORE),
        (Answer("", status=410), True, "410 Gone"),
        (Answer(photo("another"), "image/jpeg"), True, "another file"),
        (Answer(HERE, "image/jpeg"), False, "still answers"),
        (Answer(LOGIN), None, NOT_KNOWN),
        (Answer(f"<!-- made by hand -->{LOGIN}"), None, NOT_KNOWN),
        (_moved("/users/sign_in?next=photo"), None, NOT_KNOWN),
        (Answer("<title>Just a moment...</title><p>Checking your browser"), None, NOT_KNOWN),
        (Answer("<html><h1>Down for maintenance</h1>"), None, NOT_KNOWN),
        (Answer("<html><script>location.reload()</script>"), None, NOT_KNOWN),
        (Answer("Forbidden", status=403), None, NOT_KNOWN),
        (Answer("<html><h1>AccessDenied</h1>", status=403), None, NOT_KNOWN),
        (Answer(DENIED, "application/xml", 401), None, NOT_KNOWN),
        (Answer("", status=429, headers={"Retry-After": "900"}), None, NOT_KNOWN),
        (Answer("", status=500), None, NOT_KNOWN),
    ],
)
def test_what_a_file_s_own_address_says(
    site: LittleServer, tmp_path: Path, route: Route, gone: bool | None, said: str
) -> None:
    site.routes |= {"/photo.jpg": route, "/": "<html><title>Larkmere</title><p>Welcome to our school."}
    site.routes["/users/sign_in"] = "<html><title>Larkmere</title><p>Parents and staff"
    job = CollectJob("website", "website", f"{site.url}/", False, Spool(tmp_path / "spool"), {}, frozenset())
    with Guard({}, (site.address,), 5.0) as guard:
        fetcher = Fetcher(guard, Pace(0, 1), 5.0)
        answer = Files(job, fetcher, 10_000_000).ask_again(f"{site.url}/photo.jpg", sha256(HERE))
        fetcher.close()
    assert (answer.gone, said in answer.answer) == (gone, True), answer.answer
