"""Asking for removal: one task for each post and editor, mails that wait, answers, and what editors are never told."""

from __future__ import annotations

from typing import Any

import pytest

from auditbot.decisions.decided import State
from auditbot.decisions.event import Action
from tests.review.conftest import Site


def case_of(site: Site, kind: str) -> Any:
    return next(case for case in site.view().cases if case.kind == kind)


@pytest.fixture
def asked(site: Site) -> Site:
    """Three things are to come down, and the editor, who has an e-mail address, was asked for them."""
    editor = site.person("editor")
    editor.email = "web@school.example"
    editor.save()
    lead = site.client("lead")
    for kind in ("no_permission", "surname", "phone_number"):
        lead.post(f"/f/{case_of(site, kind).id}/decide", {"do": "down", "last": "0"})
    assert "Ask for all 4" in lead.get("/asked").content.decode()  # one photo stands in two posts
    for _ in range(2):
        lead.post("/asked/send", {"once": "one form"})  # sent twice, asked once
    return site


def test_each_post_has_one_task_and_one_mail_that_waits(asked: Site) -> None:
    from auditbot.review.people.models import Letter, Task

    assert Task.objects.count() == Letter.objects.count() == 4
    assert len([event for event in asked.events() if event.action is Action.ASK]) == 4
    assert case_of(asked, "surname").standing.state is State.ASKED
    pupils = asked.view().declared.pupils.values()
    for letter in Letter.objects.all():
        assert (
            letter.sent_at is None and 200 < (letter.due_at - Task.objects.latest("pk").asked_at).total_seconds() < 400
        )
        assert "/task/" in letter.text and "/news/" not in letter.text
        words = f"{letter.subject} {letter.text}"
        assert not any(
            name in words for pupil in pupils for name in (pupil.forename, pupil.legal_surname) if len(name) > 3
        )


def test_requests_can_be_taken_back_before_the_mails_go(asked: Site) -> None:
    from auditbot.review.people.models import Letter, Task

    asked.client("lead").post("/undo")
    assert Letter.objects.count() == Task.objects.count() == 0
    assert case_of(asked, "surname").standing.state is State.TO_COME_DOWN


def test_an_editor_says_that_it_is_done_or_why_not(asked: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditbot.review.pages import asked_page

    looked: list[int] = []
    monkeypatch.setattr(
        asked_page, "look_again", looked.append
    )  # an audit of its own; tried in tests/cli/test_one_post
    from auditbot.review.asking.requests import token_digest
    from auditbot.review.people.models import Task

    editor = asked.client("editor")
    tasks = list(Task.objects.order_by("pk"))
    for number, task in enumerate(tasks):
        task.digest = token_digest(f"t{number}")
        task.save()
    assert editor.post("/task/t0", {"do": "done"}).status_code == 302
    assert editor.post("/task/t1", {"do": "cannot", "why": " "}).status_code == 400
    assert editor.post("/task/t1", {"do": "cannot", "why": "I have no key to it"}).status_code == 302
    editor.post("/task/t1", {"do": "done"})  # answered already
    actions = [event.action for event in asked.events()]
    assert actions.count(Action.DONE) == 1 and actions.count(Action.CANNOT) == 1
    assert looked == [tasks[0].pk]
    back = next(
        case
        for case in asked.view().cases
        if case.id in tasks[1].findings or case.tracked[-1].finding.id in tasks[1].findings
    )
    assert State.TO_COME_DOWN in [standing.state for standing in back.standings]


def test_words_to_change_are_marked_in_their_sentence(asked: Site) -> None:
    from auditbot.review.asking.requests import token_digest
    from auditbot.review.people.models import Task

    case = case_of(asked, "phone_number")
    task = next(task for task in Task.objects.all() if case.id in task.findings)
    task.digest = token_digest("words")
    task.save()
    page = asked.client("editor").get("/task/words").content.decode()
    assert "Text me on <mark>07700 900482</mark>." in page and "We have seedlings" not in page
