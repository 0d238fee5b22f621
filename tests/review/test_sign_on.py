"""Signing in with the school's own accounts: linked once by a slip, never by a domain; off unless it is configured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from auditbot.errors import SettingsError
from auditbot.settings import SignOn, Workspace, load_settings
from tests.review.conftest import Site
from tests.review.little_sign_on import CLIENT, SECRET, SignOnServer
from tests.review.test_in_the_browser import ServedAt, browser
from tests.review.test_sign_in import anonymous, slip_of

__all__ = ["browser"]
BACK = "/sign-in/school/account/back"


@pytest.fixture
def school(site: Site) -> Iterator[SignOnServer]:
    """The school's own sign-in, switched on; the lead was added with an address."""
    from django.test import override_settings

    from auditbot.review.integrations.sign_on_settings import origin, sign_on_settings
    from auditbot.review.site.site_settings import policy

    server = SignOnServer()
    told = sign_on_settings(SignOn(issuer=server.issuer, client_id=CLIENT, name="Microsoft"), SECRET)
    lead = site.person("lead")
    lead.email = "dsl@school.example"
    lead.save()
    with override_settings(**told, CONTENT_POLICY=policy(origin(server.issuer))):
        yield server
    server.close()


def went_there(client: Any, school: SignOnServer, process: str = "login", **more: str) -> Any:
    """Press the button, sign in there, and come back."""
    out = client.post(f"/sign-in/school/account?process={process}&next=/")
    assert out.status_code == 302 and out.headers["Location"].startswith(f"{school.issuer}/authorize")
    code, state = school.code_for(out.headers["Location"])
    return client.get(BACK, {"code": code, "state": state, **more})


def linked(site: Site, school: SignOnServer) -> Any:
    client = anonymous()
    client.post("/slip", {"code": slip_of(site, "lead")})
    page = client.get("/choose")
    assert "With the school’s account" in page.content.decode()
    assert school.issuer in page.headers["Content-Security-Policy"]
    assert went_there(client, school, "connect").headers["Location"] == "/"
    return client


def test_a_slip_links_the_account_which_then_signs_in(site: Site, school: SignOnServer) -> None:
    client = linked(site, school)
    assert client.get("/").status_code == 200
    again = anonymous()
    assert "Sign in with Microsoft" in again.get("/sign-in").content.decode()
    before = again.session.session_key
    assert went_there(again, school).headers["Location"] == "/"
    assert again.get("/").status_code == 200 and again.session.session_key != before
    school.email = "renamed@school.example"  # known by the tenant's number for it, not by its address
    assert went_there(anonymous(), school).headers["Location"] == "/"


def test_a_pupil_of_the_same_tenant_does_not_enter(site: Site, school: SignOnServer) -> None:
    linked(site, school)
    school.subject, school.email = "pupil-7", "dsl@school.example"  # the lead's very address, another number
    client = anonymous()
    answer = went_there(client, school)
    assert answer.status_code == 403 and "was not invited" in answer.content.decode()
    assert client.get("/").status_code == 302
    from auditbot.review.people.models import Person

    assert Person.objects.count() == 7


def test_an_account_with_another_address_is_not_linked(site: Site, school: SignOnServer) -> None:
    school.email = "pupil7@school.example"
    client = anonymous()
    client.post("/slip", {"code": slip_of(site, "lead")})
    assert went_there(client, school, "connect").status_code == 403
    assert client.get("/").headers["Location"] == "/choose"


def test_a_locked_person_stays_locked_and_a_new_slip_ends_the_link(site: Site, school: SignOnServer) -> None:
    from auditbot.review.people.manage import lock_person, start_afresh, unlock_person

    linked(site, school)
    lock_person(site.person("lead"))
    client = anonymous()
    went_there(client, school)
    assert client.get("/").status_code == 302
    unlock_person(site.person("lead"))
    start_afresh(site.person("lead"))
    assert went_there(anonymous(), school).status_code == 403


def test_forged_replayed_and_foreign_answers_sign_nobody_in(site: Site, school: SignOnServer) -> None:
    linked(site, school)
    client = anonymous()
    assert client.get(BACK, {"code": "x", "state": "made-up"}).status_code in (302, 403)
    out = client.post("/sign-in/school/account?process=login&next=/").headers["Location"]
    code, state = school.code_for(out)
    other = anonymous()
    other.get(BACK, {"code": code, "state": state})  # another browser's state
    assert other.get("/").status_code == 302
    school.issuer_of_tokens = "https://login.example/another-tenant"
    assert went_there(client, school).status_code == 403 and client.get("/").status_code == 302
    school.issuer_of_tokens = ""
    assert went_there(client, school, error="access_denied", code="").status_code in (302, 403)
    assert client.get("/").status_code == 302
    out = client.post("/sign-in/school/account?process=login&next=https://evil.example/").headers["Location"]
    code, state = school.code_for(out)
    assert client.get(BACK, {"code": code, "state": state}).headers["Location"] == "/"
    assert anonymous().get("/sign-in/school/account").status_code == 404  # a link alone begins no sign-in
    assert anonymous().post(BACK, {"code": code, "state": state}).status_code == 404
    from django.test import Client

    forged = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    assert forged.post("/sign-in/school/account?process=login").status_code == 403


def test_a_browser_goes_there_and_comes_back(
    site: Site, school: SignOnServer, browser: Browser, served: ServedAt
) -> None:
    page = browser.new_context().new_page()
    page.goto(served("/slip"))
    page.locator("#id_code").fill(slip_of(site, "lead"))
    page.get_by_role("button", name="Go on").click()
    # the policy lets this form's redirect out, and no other
    page.get_by_role("button", name="Sign in with Microsoft").click()
    page.wait_for_url("**/")
    assert page.locator("h1").inner_text().startswith("11 to decide")
    page.context.clear_cookies()
    page.goto(served("/sign-in?next=/asked"))
    page.get_by_role("button", name="Sign in with Microsoft").click()
    page.wait_for_url("**/asked")


def test_it_is_off_unless_it_is_configured(site: Site) -> None:
    assert "school’s account" not in anonymous().get("/sign-in").content.decode()
    for path in ("/sign-in/school/account", BACK, "/sign-in/other/account", "/sign-in/links", "/sign-in/new"):
        assert anonymous().get(path).status_code == 404
        assert anonymous().post(path, {}).status_code == 404


@pytest.mark.parametrize(
    ("issuer", "told"),
    [
        ("https://login.microsoftonline.com/common/v2.0", "your own tenant"),
        ("https://login.microsoftonline.com/organizations/v2.0", "your own tenant"),
        ("http://login.school.example", "https://"),
    ],
)
def test_an_issuer_for_everybody_is_refused_in_words(site: Site, issuer: str, told: str) -> None:
    with (site.workspace.config / "auditbot.toml").open("a") as file:
        file.write(f'\n[sign_on]\nissuer = "{issuer}"\n')
    with pytest.raises(SettingsError, match=told):
        load_settings(Workspace(site.workspace.folder))
