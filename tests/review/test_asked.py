"""Asking for removal: one task for each post and editor, mails that wait, answers, and what editors are never told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from auditbot.decisions.decided import State
from auditbot.decisions.event import Action
from auditbot.model import TextEvidence
from tests.review.conftest import Site
from tests.review.made_school import audit


def case_of(site: Site, kind: str) -> Any:
    return next(case for case in site.view().cases if case.kind == kind)


@pytest.fixture
def asked(site: Site) -> Site:
    """Three things are to come down, and the editor, who has an e-mail address, was asked for them."""
    site.with_mail()
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


def decided(site: Site, *kinds: str) -> Any:
    """The lead's client, after things of these kinds are to come down."""
    lead = site.client("lead")
    for kind in kinds:
        lead.post(f"/f/{case_of(site, kind).id}/decide", {"do": "down", "last": "0"})
    return lead


@pytest.mark.parametrize("mail", [False, True])
def test_where_no_mail_can_go_out_messages_are_copied_and_marked_as_told(site: Site, mail: bool) -> None:
    from auditbot.review.people.models import Letter, Task

    if mail:  # set up, but nobody with an address looks after the account
        site.with_mail()
        editor = site.person("editor")
        editor.email = ""
        editor.save()
    lead = decided(site, "no_permission", "surname")
    page = lead.get("/asked").content.decode()
    assert "Copy the messages" in page and "the page sends nothing" in page and "Ask for" not in page
    assert ("Mail is not set up" in page) is not mail
    lead.post("/asked/send", {"once": "by mail"})
    assert site.events()[-1].action is Action.DOWN, "nobody is asked by a mail that cannot go out"
    messages = lead.get("/asked/letters").content.decode()
    listed = re.findall(r'name="case" value="(\w+)"', messages)
    assert "mark 3 posts as told" in messages and "What is to be taken down comes down as a whole" in messages
    lead.post(f"/f/{case_of(site, 'phone_number').id}/decide", {"do": "down", "last": "0"})  # not in the message
    after = lead.post("/asked/send", {"how": "told", "once": "a", "case": listed}, follow=True).content.decode()
    assert "Marked as told: 3 posts" in after and "Mails go out" not in after and "1 post to ask for" in after
    assert case_of(site, "phone_number").standing.state is State.TO_COME_DOWN
    assert case_of(site, "surname").standing.state is State.ASKED
    assert Letter.objects.count() == 0 and Task.objects.count() == 3
    assert "change the words left out here" in lead.get("/asked/letters?again=1").content.decode()
    lead.post("/undo")
    assert case_of(site, "surname").standing.state is State.TO_COME_DOWN and Task.objects.count() == 0


def test_the_day_ends_with_asking_in_as_many_posts_as_the_page_of_requests_says(site: Site) -> None:
    lead = decided(site, "no_permission", "surname")  # one photo stands in two posts
    assert "Ask for what is to come down, in 3 posts" in lead.get("/").content.decode()
    assert "3 posts to ask for" in lead.get("/asked").content.decode()
    lead.post("/asked/send", {"how": "told", "once": "a"})
    assert "3 asked, still up" in lead.get("/").content.decode()
    assert "3 asked, still up" in lead.get("/asked").content.decode()


def test_what_has_to_stay_as_evidence_is_not_asked_for_with_other_things_of_its_post(site: Site) -> None:
    grave = case_of(site, "words_contact").first.finding
    text = replace(grave, id="a" * 16, clause="C12", kind="surname", evidence=TextEvidence("title", "Seedlings", 0, 4))
    within = replace(text, id="b" * 16, evidence=replace(grave.evidence, start=0, end=3))
    post = next(post for post in site.view().posts.values() if post.url == grave.post_url)
    audit(site.workspace, [(post, [grave, text, within])], ago=timedelta(minutes=1))
    site.reopen()
    lead = site.client("lead")
    for name in (text.id, within.id):
        lead.post(f"/f/{name}/decide", {"do": "down", "last": "0"})
    page = lead.get("/asked").content.decode()
    assert "Leave the post itself up." in page and "do not let the post be taken down" in page
    assert "Not asked for yet" in page and "or take the post down" not in page
    messages = lead.get("/asked/letters").content.decode()
    assert "leave the post itself up" in messages and "take down comment" not in messages
    lead.post("/asked/send", {"how": "told", "once": "a"})
    assert [event.draft.finding for event in site.events() if event.action is Action.ASK] == [text.id]
    lead.post(f"/f/{grave.id}/decide", {"do": "not_so:harmless", "last": "0"})
    assert "Not asked for yet" not in lead.get("/asked").content.decode()
