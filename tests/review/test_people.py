"""People and cover by the page: who may be added, locked and let in again, and what a new slip ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.review.conftest import Site


def number_of(site: Site, handle: str) -> int:
    return int(site.person(handle).pk)


def test_a_new_person_gets_a_slip_that_is_shown_once(site: Site) -> None:
    it = site.client("it")
    said = {"handle": "second.editor", "called": "Second editor", "role": "editor", "accounts": "website,  other "}
    slip = it.post("/people", said)
    assert slip.status_code == 200 and "/slip" in slip.content.decode()
    assert site.person("second.editor").accounts == ["website", "other"]
    assert "Second editor" in it.get("/people").content.decode()
    for wrong in ({"handle": "second.editor"}, {"handle": "Not A Handle"}, {"role": "king"}, {"email": "no address"}):
        assert it.post("/people", said | {"handle": "third"} | wrong).status_code == 400
    assert site.client("head").get("/people").status_code == 404


def test_a_locked_person_is_out_at_once_and_let_in_again(site: Site) -> None:
    it, deputy, number = site.client("it"), site.client("deputy"), number_of(site, "deputy")
    assert deputy.get("/").status_code == 200
    assert it.post(f"/people/{number}", {"do": "lock"}).status_code == 302
    assert deputy.get("/").status_code == 302
    assert site.person("deputy").locked
    assert it.post(f"/people/{number}", {"do": "unlock"}).status_code == 404
    assert site.person("deputy").locked
    assert site.client("lead").post(f"/people/{number}", {"do": "unlock"}).status_code == 302
    assert not site.person("deputy").locked
    assert site.client("deputy").get("/").status_code == 200


def test_the_last_lead_cannot_be_locked(site: Site) -> None:
    it = site.client("it")
    it.post(f"/people/{number_of(site, 'deputy')}", {"do": "lock"})
    stopped = it.post(f"/people/{number_of(site, 'lead')}", {"do": "lock"})
    assert stopped.status_code == 409 and "Nobody else could decide" in stopped.content.decode()
    assert not site.person("lead").locked


@pytest.mark.parametrize("do", ["end", "slip"])
def test_sessions_end_by_order_and_by_a_new_slip(do: str, site: Site) -> None:
    deputy = site.client("deputy")
    answer = site.client("lead").post(f"/people/{number_of(site, 'deputy')}", {"do": do})
    assert answer.status_code == (302 if do == "end" else 200)
    assert deputy.get("/").status_code == 302


@pytest.mark.parametrize(("number", "do"), [(999_999, "lock"), (0, "promote")])
def test_who_or_what_does_not_exist_is_nothing(number: int, do: str, site: Site) -> None:
    assert site.client("it").post(f"/people/{number or number_of(site, 'deputy')}", {"do": do}).status_code == 404


def test_everybody_signs_out_everywhere_by_themselves(site: Site) -> None:
    first, second = site.client("governor"), site.client("governor")
    assert first.post("/sign-out-everywhere").status_code == 302
    assert second.get("/").status_code == 302


def test_cover_is_named_and_ended_by_either_and_by_nobody_else(site: Site) -> None:
    from auditbot.review.people.models import Cover

    lead, today = site.client("lead"), site.view().now.date()
    said = {
        "first_day": f"{today + timedelta(days=1)}",
        "last_day": f"{today + timedelta(days=3)}",
        "stand_in": number_of(site, "deputy"),
    }
    assert lead.post("/cover", said | {"last_day": f"{today}"}).status_code == 400
    assert lead.post("/cover", said | {"stand_in": number_of(site, "lead")}).status_code == 400
    assert lead.post("/cover", said).status_code == 302
    entry = Cover.objects.get()
    assert "Deputy lead" in lead.get("/cover").content.decode()
    assert site.client("head").post(f"/cover/{entry.pk}").status_code == 404
    assert site.client("deputy").post(f"/cover/{entry.pk}").status_code == 302
    assert not Cover.objects.exists()


@pytest.mark.parametrize(
    ("role", "by_it"),
    [
        ("lead", False),
        ("deputy", False),
        ("head", False),
        ("data", False),
        ("editor", True),
        ("governor", True),
        ("it", True),
    ],
)
def test_the_technician_gives_nobody_a_way_to_childrens_names(site: Site, role: str, by_it: bool) -> None:
    from auditbot.review.people.models import Person, Slip

    it, number = site.client("it"), number_of(site, role)
    page = it.get("/people").content.decode()
    assert (f'aria-label="New slip for {role}"' in page) is by_it
    assert (f'<option value="{role}"' in page) is by_it
    said = {"handle": "me.too", "called": "Me", "role": role, "accounts": ""}
    assert it.post("/people", said).status_code == (200 if by_it else 400)
    assert Person.objects.filter(handle="me.too").exists() is by_it
    if role != "it":
        assert it.post(f"/people/{number}", {"do": "slip"}).status_code == (200 if by_it else 404)
        assert Slip.objects.filter(person_id=number, used_at=None).exists() is by_it
    lead = site.client("lead")
    assert lead.post("/people", said | {"handle": "by.lead"}).status_code == 200
    told = lead.get("/log").content.decode()
    assert "person added: by.lead" in told and ("person added: me.too" in told) is by_it
