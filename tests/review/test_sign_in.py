"""Signing in: a slip once, lock-out, sessions that end, forms that are forged, headers of every answer."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.review.conftest import Site

PASSWORD = "four-words-apart-tonight"


def slip_of(site: Site, handle: str) -> str:
    from auditbot.review.people.models import new_slip

    return new_slip(site.person(handle))


def anonymous(**more: Any) -> Any:
    from django.test import Client

    return Client(HTTP_HOST="localhost", **more)


def test_a_slip_leads_to_the_first_decision(site: Site) -> None:
    client = anonymous()
    assert client.get("/").headers["Location"].startswith("/sign-in")
    answer = client.post("/slip", {"code": slip_of(site, "lead").lower().replace("-", " ")})
    assert answer.headers["Location"] == "/choose"
    assert client.get("/").headers["Location"] == "/choose"  # nothing is shown before a way to sign in is chosen
    assert client.post("/choose", {"new_password1": "short", "new_password2": "short"}).status_code == 200
    answer = client.post("/choose", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer.headers["Location"] == "/choose/codes"
    assert client.get("/").headers["Location"] == "/choose"
    page = client.get("/choose/codes")
    secret = page.content.decode().partition("<code>")[2].partition("</code>")[0]
    answer = client.post("/choose/codes", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    assert client.get("/").status_code == 200
    again = anonymous()
    assert again.post("/sign-in", {"login": "lead", "password": PASSWORD}).headers["Location"] == "/sign-in/code"
    assert again.get("/").headers["Location"].startswith("/sign-in")  # the password alone lets nobody in


def code_of(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_the_secret_of_codes_is_sealed(site: Site) -> None:
    from allauth.mfa.adapter import get_adapter

    sealed = get_adapter().encrypt("ABCDEFGH")
    assert "ABCDEFGH" not in sealed and get_adapter().decrypt(sealed) == "ABCDEFGH"


def test_a_slip_works_once_and_for_three_days(site: Site) -> None:
    from auditbot.review.people.models import Slip

    code = slip_of(site, "lead")
    assert anonymous().post("/slip", {"code": code}).status_code == 302
    assert anonymous().post("/slip", {"code": code}).status_code == 200
    late = slip_of(site, "deputy")
    Slip.objects.filter(used_at=None).update(expires_at=Slip.objects.latest("pk").expires_at.replace(year=2020))
    assert anonymous().post("/slip", {"code": late}).status_code == 200
    earlier, later = slip_of(site, "head"), slip_of(site, "head")
    assert anonymous().post("/slip", {"code": earlier}).status_code == 200  # a new slip replaces the one before
    assert anonymous().post("/slip", {"code": later}).status_code == 302


def test_the_address_for_this_computer_works_from_this_computer_alone(site: Site) -> None:
    assert anonymous(REMOTE_ADDR="192.168.1.7").get(f"/open/{site.link('lead')}").status_code == 404
    code = site.link("lead")
    assert anonymous().get(f"/open/{code}").status_code == 302
    assert anonymous().get(f"/open/{code}").status_code == 404
    told = anonymous().get(f"/open/{code}").content.decode()
    assert "does not open the page any more" in told and "Sign in" in told and "Today" not in told
    assert anonymous().get(f"/open/{slip_of(site, 'lead')}").status_code == 404  # a printed slip is no such address


@pytest.mark.parametrize("path", ["/sign-in", "/slip"])
def test_five_wrong_tries_lock_an_address_out(site: Site, path: str) -> None:
    client = anonymous(REMOTE_ADDR="10.0.0.9")
    wrong = {"login": "lead", "password": "wrong wrong wrong", "code": "AAAA-BBBB-CCCC"}
    answers = [client.post(path, wrong).status_code for _ in range(7)]
    assert answers[-1] == 429 and 429 not in answers[:4]
    assert anonymous(REMOTE_ADDR="10.0.0.9").post("/slip", {"code": slip_of(site, "head")}).status_code == 429


@pytest.mark.parametrize("path", ["/sign-up", "/accounts/signup/", "/password/reset/", "/admin/", "/signup", "/email/"])
def test_nobody_signs_up(site: Site, path: str) -> None:
    assert anonymous().get(path).status_code == 404
    assert anonymous().post(path, {}).status_code == 404


def test_a_forged_form_changes_nothing(site: Site) -> None:
    from django.test import Client

    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    client.get(f"/open/{site.link('lead')}")
    case = site.view().cases[0]
    answer = client.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    assert answer.status_code == 403 and "Nothing was changed" in answer.content.decode().replace("\n", " ")
    assert site.events() == ()


def test_a_locked_person_is_out_at_once(site: Site) -> None:
    from auditbot.review.people.manage import lock_person

    client = site.client("deputy")
    assert client.get("/").status_code == 200
    lock_person(site.person("deputy"))
    assert client.get("/").status_code == 302
    assert anonymous().post("/slip", {"code": slip_of(site, "deputy")}).status_code == 200


def test_a_session_ends_when_idle_and_after_ten_hours(site: Site) -> None:
    for name, ago in (("used", 31 * 60), ("began", 10 * 3600 + 60)):
        client = site.client("lead")
        assert client.get("/").status_code == 200
        session = client.session
        session[name] = time.time() - ago
        session.save()
        assert client.get("/").status_code == 302


def test_signing_out_everywhere_ends_other_sessions(site: Site) -> None:
    one, other = site.client("lead"), site.client("lead")
    assert one.post("/sign-out-everywhere").status_code == 302
    assert other.get("/").status_code == 302


def test_a_decision_made_after_the_session_ended_is_kept_and_made_after_sign_in(site: Site) -> None:
    client, case = site.client("lead"), site.view().cases[1]
    session = client.session
    session["used"] = time.time() - 3600
    session.save()
    answer = client.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
    assert site.events() == ()
    client.get(f"/open/{site.link('lead')}")
    assert client.get("/kept").status_code == 302
    assert [event.draft.finding for event in site.events()] == [tracked.finding.id for tracked in case.tracked]
    client.get("/kept")
    assert len(site.events()) == len(case.tracked)


def test_a_kept_decision_is_made_by_nobody_else(site: Site) -> None:
    client, case = site.client("lead"), site.view().cases[1]
    session = client.session
    session["used"] = time.time() - 3600
    session.save()
    client.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    client.get(f"/open/{site.link('deputy')}")
    client.get("/kept")
    assert site.events() == ()


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/slip", "/nothing", "/decide", "/static/review.css", "/f/x/photo.jpg"]
)
def test_every_answer_carries_its_headers(site: Site, path: str) -> None:
    answer = site.client("lead").get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    kept = path.startswith("/static/")
    assert ("no-store" in answer.headers["Cache-Control"]) is not kept


def test_no_page_holds_a_script_or_style_of_its_own(site: Site) -> None:
    client = site.client("lead")
    for path in ("/", f"/f/{site.view().cases[0].id}", "/asked", "/people", "/cover", "/log", "/decide"):
        text = client.get(path, follow=True).content.decode()
        assert " style=" not in text and "<style" not in text and " onclick" not in text
        assert all("src=" in tag for tag in text.split("<script")[1:])


def test_a_stranger_from_the_internet_or_by_another_name_finds_nothing(site: Site) -> None:
    assert anonymous(REMOTE_ADDR="8.8.8.8").get("/sign-in").status_code == 404
    from django.test import Client

    assert Client(HTTP_HOST="evil.example").get("/sign-in").status_code == 400
    answer = anonymous().post("/slip?next=https://evil.example/", {"code": slip_of(site, "lead")})
    assert answer.headers["Location"] == "/choose"


def test_django_finds_nothing_to_warn_of_when_served(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE")  # of the tests alone
    from cryptography.fernet import Fernet
    from django.core.checks import run_checks
    from django.test import override_settings

    from auditbot.review.site.site_settings import django_settings
    from auditbot.settings import SignOn

    made = django_settings(
        site.workspace.data,
        Fernet(Fernet.generate_key()),
        hosts=("audit.school.internal",),
        origins=(),
        secure=True,
        school="A school",
        zone="Europe/London",
        sign_on=SignOn(),
    )
    safe = {
        name: value for name, value in made.items() if name not in ("DATABASES", "INSTALLED_APPS", "WSGI_APPLICATION")
    }
    with override_settings(**safe):
        assert [str(found) for found in run_checks(include_deployment_checks=True)] == []


def test_a_session_from_before_the_sign_in_is_never_the_one_after_it(site: Site) -> None:
    client = anonymous()
    session = client.session
    session["kept"] = {"path": "/f/x/decide", "said": {}, "whose": -1}
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    assert client.post("/slip", {"code": slip_of(site, "lead")}).status_code == 302
    assert client.session.session_key != before
    fixed = anonymous()
    fixed.cookies["session"] = before  # whoever set it beforehand holds nothing with it
    assert fixed.get("/choose").headers["Location"].startswith("/sign-in")
