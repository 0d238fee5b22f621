"""Every route × role × whose it is: who may not see something finds nothing there, and no byte of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from auditbot.decisions.event import Action
from tests.review.conftest import PEOPLE, Site
from tests.review.made_school import PROTECTED, SECRET_WORDS

ROLES = [handle for handle, _ in PEOPLE]
NOT_THERE = ("0000000000000000", "..", "%2e%2e", "a/b", "x" * 300)


def case_of(site: Site, kind: str) -> Any:
    return next(case for case in site.view().cases if case.kind == kind)


def a_task(site: Site, account: str = "website") -> str:
    """Ask for something as the lead, and return the address of the task."""
    from auditbot.review.asking.requests import token_digest
    from auditbot.review.people.models import Task

    case = case_of(site, "no_permission")
    lead = site.client("lead")
    lead.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    lead.post("/asked/send", {"how": "told", "once": "one"})
    task = Task.objects.order_by("pk").first()
    assert task is not None
    task.digest, task.account = token_digest("a-token"), account
    task.save()
    return "a-token"


def addresses(site: Site) -> dict[str, str]:
    """An address of each route, with what is really there."""
    case = case_of(site, "never_publish")
    words = {
        "finding": case.id,
        "number": "1",
        "pupil_id": PROTECTED,
        "token": a_task(site),
        "name": "review.css",
        "code": "none",
        "kind": "withdrawn",
        "account": "website",
        "post": case.facts[0].post,
    }
    from auditbot.review.site.routes import ROUTES

    made = {route.name: "/" + re.sub(r"<\w+:(\w+)>", lambda found: words[found[1]], route.pattern) for route in ROUTES}
    return made | {"month": f"/figures/{site.view().now:%Y-%m}", "register": "/registers/staff"}


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_every_route_answers_its_roles_alone(site: Site, role: str) -> None:
    from auditbot.review.site.routes import ROUTES

    asked, client = addresses(site), site.client(role)
    before = site.events()
    for route in ROUTES:
        if not route.roles or route.name in ("end_mine",):
            continue
        for method in ("GET", "POST", "PUT", "DELETE"):
            status = client.generic(method, asked[route.name]).status_code
            told = f"{role or 'nobody'} {method} {route.name}: {status}"
            if not role:
                assert status == 302, told
            elif role not in route.roles:
                assert status == 404, told
            elif method not in route.methods:
                assert status in (404, 405), told
            else:
                assert status < 500, told
    if role and role not in ("lead", "deputy"):
        assert site.events() == before


@pytest.mark.parametrize("role", ["head", "editor", "data", "it", "governor"])
def test_a_role_is_sent_no_byte_that_it_may_not_see(site: Site, role: str) -> None:
    from auditbot.review.site.routes import ROUTES

    asked, client = addresses(site), site.client(role)
    pupils = site.view().declared.pupils.values()
    names = {name for pupil in pupils for name in (pupil.forename, pupil.legal_surname, pupil.label) if len(name) > 3}
    sent = b""
    own_register = (
        ("pupils", "pupil", "register", "gallery") if role == "data" else ()
    )  # who keeps the register reads it here, names and all
    for route in ROUTES:
        if route.name not in ("static", "end_mine", *own_register):
            answer = client.get(asked[route.name])
            sent += answer.content + repr(dict(answer.headers)).encode()
    text = sent.decode("utf-8", "replace")
    own = {"Headteacher", "King", "website"}  # roles, and the name of the school's own account
    assert {name for name in names - own if re.search(rf"\b{re.escape(name)}\b", text)} == set()
    for word in ("protected", "never_publish", "never to be published", "not to be published", PROTECTED, SECRET_WORDS):
        assert word not in text
    if role != "editor":
        assert "/news/" not in text
    assert not re.search(rb"\xff\xd8\xff", sent) or role == "editor"


def test_the_head_sees_what_was_taken_to_the_head_and_nothing_else(site: Site) -> None:
    taken, other = case_of(site, "words_contact"), case_of(site, "surname")
    site.client("lead").post(f"/f/{taken.id}/decide", {"do": "refer:headteacher", "last": "0"})
    head = site.client("head")
    today = head.get("/").content.decode()
    assert f"/f/{taken.id}" in today and "A matter that was taken to you on" in today and other.id not in today
    shown = head.get(f"/f/{taken.id}").content.decode()
    assert "This was taken to you by lead" in shown and "Tell lead, who records it here." in shown
    assert "Speak to nobody about it first" not in shown and 'name="do"' not in shown
    assert "1 waits for you" in head.get("/head").content.decode()
    assert head.get(f"/f/{other.id}").status_code == 404
    assert head.get(f"/f/{other.id}/history").status_code == 404
    assert head.post(f"/f/{other.id}/decide", {"do": "down", "last": "0"}).status_code == 404
    count = len(site.events())
    assert head.post(f"/f/{taken.id}/decide", {"do": "down", "last": str(count)}).status_code == 404
    assert len(site.events()) == count


def test_an_editor_sees_tasks_of_the_own_accounts_alone(site: Site) -> None:
    token = a_task(site)
    editor = site.client("editor")
    shown = editor.get(f"/task/{token}")
    assert shown.status_code == 200 and "/news/" in shown.content.decode()
    assert editor.get(f"/task/{token}/photo-0.jpg").status_code == 200
    log = (site.workspace.data / "access.log").read_text("utf-8")
    assert ("editor", "page: photo") in {(line["user"], line["command"]) for line in map(json.loads, log.splitlines())}
    assert editor.get(f"/task/{token}/photo-1.jpg").status_code == 404
    from auditbot.review.people.models import Task

    listed = f"/task/{Task.objects.order_by('pk').values_list('pk', flat=True)[0]}"
    assert listed in editor.get("/").content.decode() and editor.get(listed).status_code == 200
    person = site.person("editor")
    person.accounts = ["another account"]
    person.save()
    assert editor.get(listed).status_code == 404 and listed not in editor.get("/").content.decode()
    assert editor.get(f"/task/{token}").status_code == 404
    assert editor.get(f"/task/{token}/photo-0.jpg").status_code == 404
    assert editor.post(f"/task/{token}", {"do": "done"}).status_code == 404
    assert Action.DONE not in [event.action for event in site.events()]


@pytest.mark.parametrize("name", NOT_THERE)
@pytest.mark.parametrize(
    "where", ["f/{}", "f/{}/history", "f/{}/photo.jpg", "f/{}/portrait/P001.jpg", "task/{}", "static/{}"]
)
def test_what_is_not_there_is_absent(site: Site, where: str, name: str) -> None:
    assert site.client("lead").get("/" + where.format(name)).status_code == 404


def test_a_portrait_of_a_child_who_is_not_part_of_the_case_is_absent(site: Site) -> None:
    case = case_of(site, "never_publish")
    lead = site.client("lead")
    assert lead.get(f"/f/{case.id}/portrait/{PROTECTED}.jpg").status_code == 200
    for other in ("P001", "P999", "..%2fP001", "staff-A001"):
        assert lead.get(f"/f/{case.id}/portrait/{other}.jpg").status_code == 404


def test_an_editor_is_told_the_same_of_a_protected_child_as_of_any_other(site: Site) -> None:
    from auditbot.review.asking.requests import token_digest
    from auditbot.review.people.models import Task

    lead = site.client("lead")
    for kind in ("never_publish", "withdrawn_since"):
        lead.post(f"/f/{case_of(site, kind).id}/decide", {"do": "down", "last": "0"})
    lead.post("/asked/send", {"how": "told", "once": "both"})
    tasks = list(Task.objects.order_by("pk"))
    assert len(tasks) == 2
    pages = []
    for number, task in enumerate(tasks):
        task.digest = token_digest(f"token-{number}")
        task.save()
        page = site.client("editor").get(f"/task/token-{number}").content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        page = re.sub(r"/news/\d+/|token-\d", "", page)
        pages.append(page)
    assert pages[0] == pages[1]


def test_a_data_manager_sees_permission_and_nothing_of_findings_or_protection(site: Site) -> None:
    data = site.client("data")
    told = []
    for pupil in (PROTECTED, "P005"):
        text = data.get(f"/pupil/{pupil}").content.decode()
        assert site.view().declared.pupils[pupil].label in text and "No: " in text
        for word in ("protected", "Not to be published", "Found", "Who looked", "/f/", "letter"):
            assert word not in text
        told.append(text)
    assert "Not to be published" in site.client("lead").get(f"/pupil/{PROTECTED}").content.decode()
    assert data.get("/pupil/P999").status_code == 404 and data.get("/pupil/..").status_code == 404
    assert data.get(f"/pupil/{PROTECTED}/letter/withdrawn").status_code == 404
