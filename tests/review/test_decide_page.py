"""Deciding on the page: each answer is an event, goes on to the next case and can be taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditbot.decisions.event import Action, Reason
from auditbot.model import Comment, NotChecked, PhotoEvidence, PhotoUse, Post, TextEvidence
from auditbot.safe_files import private_folder
from auditbot.sentences import quoted
from tests.review.conftest import Site
from tests.review.made_school import CUT_SHORT, SITE, audit, photo, posts_and_findings


def case_of(site: Site, kind: str) -> Any:
    return next(case for case in site.view().cases if case.kind == kind)


def say(client: Any, case: Any, do: str, **more: Any) -> Any:
    return client.post(f"/f/{case.id}/decide", {"do": do, "last": str(case.last_event), **more})


def test_the_queue_begins_with_the_protected_child_and_goes_on_by_risk(site: Site) -> None:
    from auditbot.review.casebook.cases import queue

    kinds = [case.kind for case in queue(site.view().cases)]
    assert kinds[:2] == ["never_publish", "words_contact"]
    assert kinds.index("withdrawn_since") < kinds.index("phone_number") < kinds.index("surname")
    assert kinds.index("surname") < kinds.index("unknown_faces") < kinds.index("words_complaint")
    assert len(kinds) == 11  # the same photo in two posts is one case


def test_a_decision_goes_on_to_the_next_case_and_can_be_taken_back(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "withdrawn_since")
    answer = say(client, case, "down")
    assert answer.status_code == 302 and f"/f/{case.id}" not in answer.headers["Location"]
    assert [event.action for event in site.events()] == [Action.DOWN]
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "– to come down." in shown and 'form="undo" data-key="u">Undo<' in shown
    back = client.post("/undo", {"batch": str(site.events()[0].batch)})
    assert back.headers["Location"].startswith(f"/f/{case.id}")
    assert case_of(site, "withdrawn_since").open


def test_one_decision_counts_wherever_the_photo_stands(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "no_permission")
    assert len(case.tracked) == 2
    say(client, case, "down")
    assert not case_of(site, "no_permission").open
    assert len(case_of(site, "no_permission").tracked) == 2


def test_faces_of_a_crowd_are_decided_one_by_one(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "unknown_faces")
    first = say(client, case, "no_pupil:visitor", box="1")
    assert first.headers["Location"].startswith(f"/f/{case.id}")
    case = case_of(site, "unknown_faces")
    assert len(case.standing.left) == 1
    say(client, case, "not_so:another_permitted", box="2")
    assert not case_of(site, "unknown_faces").open
    assert [event.draft.reason for event in site.events()] == [Reason.VISITOR, Reason.ANOTHER_PERMITTED]


def test_a_form_that_is_sent_twice_decides_once(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "surname")
    for _ in range(2):
        client.post(f"/f/{case.id}/decide", {"do": "down", "last": str(case.last_event), "once": "a form"})
    assert len(site.events()) == 1


def test_what_another_lead_decided_meanwhile_is_shown_and_nothing_is_lost(site: Site) -> None:
    case = case_of(site, "surname")
    say(site.client("deputy"), case, "down")
    mine = site.client("lead")
    answer = say(mine, case, "not_so:not_a_name")
    assert answer.status_code == 409
    assert "While you looked, somebody decided this." in answer.content.decode()
    assert "deputy: To come down" in answer.content.decode()
    newest = case_of(site, "surname").last_event
    client_answer = mine.post(
        f"/f/{case.id}/decide", {"do": "not_so:not_a_name", "last": str(newest), "even_so": str(newest)}
    )
    assert client_answer.status_code == 302 and len(site.events()) == 2


def test_a_protected_child_stays_up_only_if_a_second_person_agrees(site: Site) -> None:
    lead, case = site.client("lead"), case_of(site, "never_publish")
    say(lead, case, "not_so:another_permitted")
    case = case_of(site, "never_publish")
    assert case.standing.second_needed
    assert say(lead, case, "second").status_code == 400  # not the same person
    page = site.client("deputy").get(f"/f/{case.id}").content.decode()
    assert "It may stay up" in page and "another child" not in page  # the first reason is not shown before the second
    assert say(site.client("deputy"), case, "second").status_code == 302
    assert not case_of(site, "never_publish").standing.second_needed


@pytest.mark.parametrize(
    ("do", "kind", "status"),
    [
        ("down", "surname", 302),
        ("not_so:not_a_name", "surname", 302),
        ("not_so", "surname", 400),  # what stays up needs a reason
        ("not_so:staff", "surname", 400),  # and one that fits
        ("no_pupil:staff", "surname", 400),  # words are no adult
        ("wait:until_tomorrow", "surname", 302),
        ("wait:until_day", "surname", 400),  # which day?
        ("permitted:seen_on_paper:Mother", "withdrawn_since", 302),
        ("permitted:seen_on_paper:Nobody", "withdrawn_since", 400),
        ("permitted:seen_on_paper", "withdrawn_since", 400),
        ("permitted:seen_on_paper:Mother", "surname", 400),
        ("permitted:seen_on_paper:Mother", "never_publish", 400),
        ("ask:photo", "withdrawn_since", 404),  # asked for elsewhere
        ("proved", "withdrawn_since", 404),  # visits alone prove
        ("refer:lado", "words_contact", 302),
        ("refer", "words_contact", 400),
        ("nonsense", "surname", 404),
        ("down:nonsense", "surname", 404),
        ("", "surname", 404),
    ],
)
def test_an_answer_needs_what_belongs_to_it(site: Site, do: str, kind: str, status: int) -> None:
    answer = say(site.client("lead"), case_of(site, kind), do)
    assert answer.status_code == status
    assert bool(site.events()) is (status == 302)


def test_what_was_taken_to_somebody_else_is_not_asked_again_today(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "words_contact")
    answer = say(client, case, "refer:lado", note="Ref 17")
    assert f"/f/{case.id}" not in answer.headers["Location"]
    assert "Taken to somebody else today" in client.get("/").content.decode()
    history = client.get(f"/f/{case.id}/history").content.decode()
    assert "taken to the local authority (LADO)" in history and "Ref 17" in history


def test_nothing_left_says_how_much_was_looked_at(site: Site) -> None:
    from auditbot.review.casebook.cases import queue

    client = site.client("lead")
    while left := queue(site.view().cases):
        assert say(client, left[0], "down").status_code == 302
    page = client.get("/decide").content.decode()
    assert "Nothing needs a decision." in page
    assert "12 posts were looked at" in page and "1 photo could not be checked. The file is cut short." in page
    assert "all clear" not in page.lower()


def test_permission_seen_on_paper_is_written_to_the_register(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "withdrawn_since")
    pupil_id = case.facts[0].pupil_ids[0]
    assert say(client, case, "permitted:seen_on_paper:Both parents").status_code == 302
    newest = site.view().declared.history[pupil_id, "website"][-1]
    assert newest.answer is True and newest.given_by == "Both parents" and "seen by lead" in newest.source
    assert not case_of(site, "withdrawn_since").open
    again = client.get(f"/f/{case.id}").content.decode()
    assert "Yes: given" in again


def test_what_was_put_off_is_asked_again_when_its_moment_has_come(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from auditbot.review.casebook.served_workspace import served_workspace

    client, case = site.client("lead"), case_of(site, "surname")
    day = (site.view().now + timedelta(days=1)).date().isoformat()
    assert say(client, case, "wait:until_day", until=day).status_code == 302
    assert not case_of(site, "surname").open
    later = site.view().now + timedelta(days=1, hours=24)
    monkeypatch.setattr(served_workspace(), "now", lambda: later)
    assert case_of(site, "surname").open
    assert "the time it was put off for is over" in client.get(f"/f/{case.id}").content.decode()


def test_grave_words_are_taken_to_somebody_before_anything_comes_down(site: Site) -> None:
    from auditbot.review.casebook.served_workspace import served_workspace

    client, case = site.client("lead"), case_of(site, "words_contact")
    text = client.get(f"/f/{case.id}").content.decode()
    assert "<h1" in text and "May these words invite a child into private contact?" in text
    assert "Should these words come down?" not in text
    told = steps_of(text)
    assert told[0].endswith("Call 999.") and told[1].startswith("Tell the Headteacher today; the LADO")
    assert "leave it up and speak to nobody else" in told[2]
    for advised in ("Keep the evidence", "Speak to nobody about it first", "Take it to the Headteacher today"):
        assert advised in text.partition("<summary>Why</summary>")[2]
    assert 'value="down"' not in text and 'name="to" value="headteacher"' in text and "not_so:harmless" in text
    sent = {"do": "refer:lado", "last": "0", "note": ["", "L-77", ""]}
    assert client.post(f"/f/{case.id}/decide", sent).status_code == 302
    with served_workspace().ledger() as ledger:
        assert ledger.note(ledger.events()[-1]) == "L-77"
    after = client.get(f"/f/{case.id}").content.decode()
    assert "It was taken further today. Wait for what they decide." in after and "Is it to come down now" not in after
    assert "They have decided: take it down" in after and '<button form="decide" class="main"' not in after
    assert "Leave the post as it is until those you told have decided." in after and 'value="down"' in after


def steps_of(text: str) -> list[str]:
    """The steps that a page tells, in their order."""
    return re.findall(r"<li>([^<]*)</li>", text.partition("<ol>")[2].partition("</ol>")[0])


def threat(site: Site) -> Any:
    """A threat in a visitor's comment, as the only finding of a new audit."""
    words = "I know where you live. Watch your back."
    seeds = case_of(site, "words_contact").first.finding
    post = Post("website", seeds.post_url, "Seedlings", "Ours.", comments=(Comment("A visitor", words),))
    evidence = TextEvidence("comment 1 text", words, 0, len(words))
    found = replace(seeds, id="7" * 16, clause="E2", kind="words_hurtful", evidence=evidence)
    audit(site.workspace, [(post, [found])], ago=timedelta(minutes=5))
    site.reopen()
    return case_of(site, "words_hurtful")


def picture_of_the_page(site: Site, kind: str) -> None:
    """Keep a picture of a case's page, as an audit does."""
    from auditbot.evidence.screenshots import _name, _subjects

    audited = site.view().audit
    place = case_of(site, kind).first.finding
    name = _name((place.account, place.post_url), _subjects(audited)[place.account, place.post_url])
    folder = private_folder(site.workspace.data / "screens")
    (folder / f"{name}.jpg").write_bytes(photo("mud-kitchen"))
    (folder / f"{name}.json").write_text('{"taken_at": "2026-11-30T02:44:00+00:00"}', "utf-8")


@pytest.mark.parametrize(
    ("author", "day", "told"),
    [
        ("Mr Lee", datetime(2026, 10, 24, 9, tzinfo=UTC), "In comment 1, signed “Mr Lee”, 24 October 2026:"),
        ("Mr Lee", None, "In comment 1, signed “Mr Lee”:"),
        ("", None, "In comment 1, without a name:"),
    ],
)
def test_words_of_a_comment_say_who_signed_them_and_when(
    site: Site, author: str, day: datetime | None, told: str
) -> None:
    case = threat(site)
    (tracked,) = case.tracked
    comment = Comment(author, tracked.finding.evidence.text, day)
    post = Post("website", tracked.finding.post_url, "Seedlings", "Ours.", comments=(comment,))
    audit(site.workspace, [(post, [tracked.finding])], ago=timedelta(minutes=3))
    site.reopen()
    text = site.client("lead").get(f"/f/{case_of(site, 'words_hurtful').id}").content.decode()
    assert told in text.replace(", 24 October:", ", 24 October 2026:")


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("kind", ["words_hurtful", "words_contact"])
def test_grave_words_say_what_is_kept_and_the_first_button_is_the_first_step(site: Site, kind: str, kept: bool) -> None:
    if kind == "words_hurtful":
        threat(site)
    if kept:
        picture_of_the_page(site, kind)
    text = site.client("lead").get(f"/f/{case_of(site, kind).id}").content.decode()
    said = "Words and page are kept" if kept else "Only the words are kept: make a picture of the page."
    assert said in text and text.index(said) < text.index("Call 999.")
    assert (f"/f/{case_of(site, kind).id}/page.jpg" in text) is kept
    why = text.partition("<summary>Why</summary>")[2]
    assert ("Kept as evidence: these words and this page, 30 November" in why) is kept
    main = re.findall(r'class="(?:button )?main"[^>]*>([^<]*)<kbd', text.partition('class="bar"')[2])
    assert main[0] in ("A threat: tell somebody first", "Yes: tell somebody first")


def test_a_threat_is_told_first_and_comes_down_on_the_same_day(site: Site) -> None:
    client, case = site.client("lead"), threat(site)
    text = client.get(f"/f/{case.id}").content.decode()
    assert steps_of(text) == [
        "Somebody in danger now? Call 999.",
        "A threat? Tell the Headteacher first, today.",
        "Then take it down.",
    ]
    assert "Yes: take the comment down" in text and 'class="main" name="do" value="down"' not in text
    answer = say(client, case, "refer", to=["headteacher", "police"])
    assert f"/f/{case.id}" in answer.headers["Location"]  # it is still public: asked at once, not tomorrow
    after = client.get(answer.headers["Location"]).content.decode()
    assert "Written down. Now tell them yourself." in after
    assert "Step 2 of 2: Should these words come down now?" in after
    assert '<p class="tick before">Taken to the Headteacher and the police</p>' in after
    assert '<button form="decide" class="main" name="do" value="down"' in after and steps_of(after) == []
    say(client, case_of(site, "words_hurtful"), "down")
    assert not case_of(site, "words_hurtful").open
    assert [event.action for event in site.events()] == [Action.REFER, Action.REFER, Action.DOWN]


def test_a_threat_is_told_and_comes_down_in_one_step(site: Site) -> None:
    client, case = site.client("lead"), threat(site)
    answer = say(client, case, "refer_down", to=["headteacher", "police"])
    events = site.events()
    assert [event.action for event in events] == [Action.REFER, Action.REFER, Action.DOWN]
    assert len({event.batch for event in events}) == 1 and not case_of(site, "words_hurtful").open
    assert (
        "Written down. Tell them yourself; it comes down."
        in client.get(answer.headers["Location"], follow=True).content.decode()
    )
    client.post("/undo", {"batch": str(events[0].batch)})
    again = case_of(site, "words_hurtful")
    assert again.open and not again.standing.referred
    assert say(client, again, "refer_down").status_code == 400  # to whom?


@pytest.mark.parametrize("kind", ["words_contact", "surname", "withdrawn_since"])
def test_nothing_but_a_threat_is_told_and_taken_down_in_one_step(site: Site, kind: str) -> None:
    assert say(site.client("lead"), case_of(site, kind), "refer_down", to=["headteacher"]).status_code == 404
    assert site.events() == ()


def test_a_second_step_of_a_photo_is_headed_so(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "withdrawn_since")
    first = client.get(f"/f/{case.id}").content.decode()
    assert "Step " not in first and "tick before" not in first
    after = client.get(say(client, case, "not_so:not_this_child").headers["Location"]).content.decode()
    assert "Step 2 of 2: Should this photo come down all the same?" in after
    assert '<p class="tick before">Not Ethan L.</p>' in after and "<h1" in after and 'class="later"' in after
    crowd = case_of(site, "unknown_faces")
    after = client.get(say(client, crowd, "no_pupil:visitor", box="1").headers["Location"]).content.decode()
    assert "Step 2 of 2: Is one of these 2 faces" in after and '<p class="tick before">1 face decided</p>' in after


def test_the_same_referral_is_written_once(site: Site) -> None:
    client, case = site.client("lead"), threat(site)
    say(client, case, "refer", to=["headteacher"])
    case = case_of(site, "words_hurtful")
    for last in (str(case.last_event), "0"):  # pressed again, and from a page that was gone back to
        answer = say(client, case, "refer", to=["headteacher"], last=last)
        shown = client.get(answer.headers["Location"], follow=True).content.decode()
        assert re.search(r"Already written down at \d\d:\d\d\.</span> <button[^>]* form=\"undo\"", shown)
        assert len(site.events()) == 1
    say(client, case, "refer", to=["headteacher", "police"])
    assert [event.draft.reason for event in site.events()] == [Reason.HEADTEACHER, Reason.POLICE]
    for note, count in (("L-77", 3), ("L-77", 3), ("L-78", 4)):  # a reference is something new, once
        say(client, case_of(site, "words_hurtful"), "refer", to=["headteacher"], note=note)
        assert len(site.events()) == count
    deputy = site.client("deputy")
    answer = say(deputy, case_of(site, "words_hurtful"), "refer", to=["police"])
    shown = deputy.get(answer.headers["Location"], follow=True).content.decode()
    assert "Already written down" in shown and 'class="plain" form="undo"' not in shown  # hers to take back, not theirs
    batch = next(event.batch for event in site.events() if event.draft.reason is Reason.POLICE)
    client.post("/undo", {"batch": str(batch)})
    say(client, case_of(site, "words_hurtful"), "refer", to=["police"])  # what was taken back is written anew
    assert sum(event.action is Action.REFER and event.draft.reason is Reason.POLICE for event in site.events()) == 2


def test_the_line_about_the_last_step_is_short(site: Site) -> None:
    from auditbot.review.deciding.last_step import ALSO_SAID

    client = site.client("lead")
    steps = [
        ("never_publish", "not_so:another_permitted", {}),
        ("withdrawn_since", "permitted:seen_on_paper:Both parents", {}),
        ("no_permission", "no_pupil:other_school", {}),
        ("surname", "wait:until_tomorrow", {}),
        ("words_contact", "refer", {"to": ["headteacher", "lado", "data_protection", "police", "named_in_policy"]}),
        ("phone_number", "down", {}),
        ("unknown_faces", "not_so:not_recognisable", {}),
    ]
    told = [str(words) for words in ALSO_SAID.values()]
    for kind, do, more in steps:
        answer = say(client, case_of(site, kind), do, **more)
        shown = client.get(answer.headers["Location"], follow=True).content.decode()
        told += re.findall(r'<span id="said">([^<]+)</span>', shown)
    assert len(told) == len(ALSO_SAID) + len(steps)
    assert [words for words in told if len(re.findall(r"[^\W_]+(?:’\w+)?", words)) > 8] == []


def test_the_place_of_a_photo_is_kept_while_it_is_loaded(site: Site) -> None:
    from auditbot.review.deciding.pictures_page import photo_size, warm

    client, case = site.client("lead"), case_of(site, "possible_no_permission")
    warm(case, site.view())
    size = photo_size(case.first.finding.evidence)
    assert size is not None
    width, height = size
    shown = client.get(f"/f/{case.id}").content.decode()
    assert f'photo.jpg" width="{width}" height="{height}"' in shown and width > 300 and height > 300
    assert "<img alt=" not in shown  # no picture without an address


def test_something_is_taken_to_several_people_in_one_step(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "words_contact")
    assert say(client, case, "refer").status_code == 400  # to whom?
    assert say(client, case, "refer", to=["headteacher", "nobody"]).status_code == 404
    assert say(client, case, "refer", to=["staff"]).status_code == 400
    assert site.events() == ()
    say(client, case, "refer", to=["headteacher", "lado", "lado"], note="L-77")
    first, second = site.events()
    assert [first.draft.reason, second.draft.reason] == [Reason.HEADTEACHER, Reason.LADO]
    assert first.batch == second.batch
    assert site.client("head").get(f"/f/{case.id}").status_code == 200
    history = client.get(f"/f/{case.id}/history").content.decode()
    assert "taken to the Headteacher" in history and "taken to the local authority (LADO)" in history
    client.post("/undo", {"batch": str(first.batch)})
    assert not case_of(site, "words_contact").standing.referred


@pytest.mark.parametrize(
    ("field", "kind", "words"),
    [
        ("text", "surname", "Yes: edit the name out"),
        ("title", "surname", "Yes: edit the name out"),
        ("photo 1 alt", "surname", "Yes: edit the name out"),
        ("photo 1 file name", "surname", "Yes: take the photo down"),
        ("address", "surname", "Yes: take the page down"),
        ("document 1 page 2", "surname", "Yes: take the document down"),
        ("comment 2 text", "surname", "Yes: take the comment down"),
        ("text", "phone_number", "Yes: edit the words out"),
        ("text", "words_complaint", "Yes: edit the words out"),
        ("https://a.example/p.jpg", "no_permission", "Yes: take the photo down"),
        ("https://a.example/f.mp4#t=12", "no_permission", "Yes: take the film down"),
        ("https://a.example/d.pdf#page=3", "no_permission", "Yes: take the document down"),
    ],
)
def test_the_first_button_says_what_comes_down(site: Site, field: str, kind: str, words: str) -> None:
    from auditbot.review.deciding.decide_keys import comes_down_with

    found = case_of(site, kind).first.finding
    of_words = TextEvidence(field, "Kofi Mensah won.", 5, 11)
    evidence = PhotoEvidence(field, "a" * 64, ((1.0, 1.0, 40.0, 40.0),)) if "://" in field else of_words
    assert comes_down_with(replace(found, evidence=evidence)) == words


def test_the_likeness_is_told_in_the_words_of_the_report(site: Site) -> None:
    client = site.client("lead")
    told = client.get(f"/f/{case_of(site, 'withdrawn_since').id}").content.decode()
    in_full = "Likely: fewer than 1 stranger in 100 looks this alike to the program"
    assert in_full in told
    say(client, case_of(site, "no_permission"), "down")  # who has decided about a face has read what it means
    told, _, why = client.get(f"/f/{case_of(site, 'withdrawn_since').id}").content.decode().partition("<summary>Why")
    assert '<dd class="whole">Likely</dd>' in told and in_full not in told and in_full in why
    told = client.get(f"/f/{case_of(site, 'possible_no_permission').id}").content.decode()
    assert "Perhaps: strangers look this alike to the program too" in told


def test_what_could_not_be_checked_is_a_link(site: Site) -> None:
    client = site.client("lead")
    page = client.get("/").content.decode()
    assert re.search(r'could not be checked\. The file is cut short\. <a href="[^"]+/media/cut\.jpg"', page)
    assert 'media/cut.jpg"' not in site.client("head").get("/").content.decode()
    shows = Post("website", f"{SITE}/news/cut/", "Cut", "", photos=(PhotoUse(f"{SITE}/media/cut.jpg", None),))
    left = [NotChecked("website", f"{SITE}/z{at}/", "video", quoted("It did not answer.")) for at in range(12)]
    audit(site.workspace, [(shows, [])], ago=timedelta(minutes=5), not_checked=[CUT_SHORT, *left])
    site.reopen()
    page = client.get("/").content.decode()
    assert "13 things could not be checked</summary>" in page and "And 3 more." in page
    assert f'href="{SITE}/news/cut/"' in page  # the post that shows the photo, not the file that does not open


def test_the_page_asks_what_the_report_asks(site: Site) -> None:
    client = site.client("lead")
    for kind, asked in (
        ("surname", "Is “Mensah” a pupil’s surname?"),
        ("phone_number", "Is “07700 900482” somebody’s private number?"),
        ("unknown_faces", "Is one of these 2 faces a pupil without permission?"),
        ("words_complaint", "Should these words come down?"),
    ):
        text = client.get(f"/f/{case_of(site, kind).id}").content.decode()
        assert asked in text and "What to do" not in text and "private person" not in text


def test_an_audit_that_has_not_ended_is_told_until_it_has(site: Site) -> None:
    from auditbot.review.casebook.served_workspace import served_workspace
    from auditbot.store import Store

    client, told = site.client("lead"), "has not ended yet. The list is from the one before."
    assert told not in client.get("/").content.decode()
    with Store(site.workspace.data / "auditbot.db") as store:
        name = store.audits.begin(served_workspace().now(), "running")
        served_workspace().forget()
        assert told in client.get("/").content.decode()
        store.audits.end(name, served_workspace().now())
    served_workspace().forget()
    assert told not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "path",
    ["/", "/asked", "/exposure", "/imports", "/concerns", "/welcome", "/head", "/figures", "/asked/letters", "/cover"],
)
def test_a_lead_is_told_no_command_and_no_file_name(site: Site, path: str) -> None:
    page = site.client("lead").get(path).content.decode().partition("<main")[2]
    assert not re.search(r"auditbot [a-z-]+|\.toml|\.csv|<code>|docs/", page)
    if path == "/concerns":
        assert "tell the safeguarding lead" not in page


def test_every_case_has_a_way_back_to_the_other_pages(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "surname")
    assert '<summary aria-label="Menu">' in client.get(f"/f/{case.id}").content.decode()
    client.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    decided = client.get(f"/f/{case.id}").content.decode()
    assert "<summary>More</summary>" in decided and "<b>To print or take along</b>" in decided


def test_what_stands_in_one_post_is_decided_together_and_says_so(site: Site) -> None:
    """A photo of little risk goes with grave words of its post; the messages name everything that is asked."""
    from auditbot.review.asking.requests import to_ask
    from auditbot.review.casebook.cases import queue
    from auditbot.review.casebook.served_workspace import serve_workspace, served_workspace

    found = posts_and_findings(site.workspace)
    by_kind = {finding.kind: (post, finding) for post, findings in found for finding in findings}
    phone, _ = by_kind["phone_number"]
    moved = {
        kind: replace(by_kind[kind][1], post_url=phone.url, posted_at=phone.published_at)
        for kind in ("unknown_faces", "words_complaint")
    }
    kept = [(post, [moved.get(finding.kind, finding) for finding in findings]) for post, findings in found]
    audit(site.workspace, kept, ago=timedelta(minutes=5))
    serve_workspace(site.workspace, served_workspace().settings)
    kinds = [case.kind for case in queue(site.view().cases)]
    at = kinds.index("phone_number")
    assert kinds[at : at + 3] == ["phone_number", "unknown_faces", "words_complaint"]
    client = site.client("lead")
    shown = client.get(f"/f/{case_of(site, 'phone_number').id}").content.decode()
    assert '<b>1 of 3<span class="unseen"> in this post' in shown and ">Plants</a>" in shown
    following = shown.partition('name="order" value="')[2].partition('"')[0]
    assert " of 1<span" not in client.get(f"/f/{case_of(site, 'never_publish').id}").content.decode()
    after = say(client, case_of(site, "phone_number"), "down", order=following).headers["Location"]
    assert case_of(site, "unknown_faces").id in after
    assert ">Plants</a>" in client.get(after).content.decode()  # who comes from elsewhere reads where it stands
    shown = client.get(after, HTTP_REFERER=f"http://localhost/f/{case_of(site, 'phone_number').id}").content.decode()
    assert ">Same post</a>" in shown and "<b>2 of 3<span" in shown and ">Plants</a>" not in shown
    other = client.get(after, HTTP_REFERER=f"http://localhost/f/{case_of(site, 'surname').id}").content.decode()
    assert ">Plants</a>" in other
    say(client, case_of(site, "unknown_faces"), "down")
    say(client, case_of(site, "words_complaint"), "down")
    (asking,) = to_ask(site.view())
    assert asking.asks == (Reason.PHOTO, Reason.WORDS)
    assert asking.things == "the photo, the words" and asking.words.startswith("Remove the whole photo")
    assert ": the photo, the words" in client.get("/asked").content.decode()


def test_what_stands_in_a_post_with_the_gravest_comes_right_after_it(site: Site) -> None:
    from auditbot.present.kinds import Risk, kind_of
    from auditbot.review.casebook.cases import post_of, queue

    found = posts_and_findings(site.workspace)
    by_kind = {finding.kind: (post, finding) for post, findings in found for finding in findings}
    grave, _ = by_kind["never_publish"]
    moved = {
        kind: replace(by_kind[kind][1], post_url=grave.url, posted_at=grave.published_at)
        for kind in ("phone_number", "words_complaint")
    }
    kept = [(post, [moved.get(finding.kind, finding) for finding in findings]) for post, findings in found]
    audit(site.workspace, kept, ago=timedelta(minutes=5))
    site.reopen()
    waiting = queue(site.view().cases)
    assert [case.kind for case in waiting[:3]] == ["never_publish", "phone_number", "words_complaint"]
    posts = [post_of(case) for case in waiting]
    assert len(set(posts)) == sum(one != before for before, one in zip([None, *posts], posts, strict=False))
    first_of_each = [
        kind_of(case.kind).risk
        for case, before in zip(waiting, [None, *posts], strict=False)
        if post_of(case) != before
    ]
    assert first_of_each == sorted(first_of_each) and first_of_each[0] < Risk.THREAT


def test_permission_seen_for_one_channel_settles_no_other(site: Site) -> None:
    accounts = site.workspace.config / "accounts.toml"
    entry = '[[account]]\nname = "page"\nkind = "facebook"\nurl = "https://www.facebook.com/larkmere"\n'
    accounts.write_text(f'{accounts.read_text("utf-8")}\n{entry}channel = "social_media"\n', "utf-8")
    found = posts_and_findings(site.workspace)
    post, (photo,) = next(one for one in found if one[0].title == "Mud kitchen")
    there = replace(post, account="page", url="https://www.facebook.com/larkmere/posts/1")
    same = replace(photo, id="f" * 16, account="page", post_url=there.url)
    audit(site.workspace, [*found, (there, [same])], ago=timedelta(minutes=5))
    site.reopen()
    website = site.view().by_finding[photo.id]
    assert website.id != site.view().by_finding[same.id].id and len(website.tracked) == 2
    say(site.client("lead"), website, "permitted:seen_on_paper:Both parents")
    site.reopen()
    assert not site.view().by_finding[photo.id].open
    assert site.view().by_finding[same.id].open
    assert not any(answer.answer for answer in site.view().declared.history.get(("P008", "social_media"), ()))
    say(site.client("lead"), site.view().by_finding[same.id], "not_so:another_permitted")
    assert not site.view().by_finding[same.id].open
    say(
        site.client("lead"), site.view().by_finding[same.id], "down"
    )  # what is to come down, is so wherever the photo stands
    assert {case.standing.state.value for case in site.view().cases if case.kind == "no_permission"} == {"to_come_down"}


def test_a_picture_that_could_not_be_drawn_is_tried_again() -> None:
    from auditbot.review.casebook.drawn import Drawn

    drawn = Drawn()
    assert drawn.get("a", lambda: None) is None
    assert drawn.get("a", lambda: b"picture") == b"picture"
    assert drawn.get("a", lambda: b"another") == b"picture"


def test_today_counts_what_the_audits_last_line_counts(site: Site) -> None:
    from argparse import Namespace

    from auditbot.commands.deciding import opened
    from auditbot.present.cards import cards
    from auditbot.present.headline import headline

    found = posts_and_findings(site.workspace)
    seeds = next(finding for _, findings in found for finding in findings if finding.kind == "surname")
    gap = replace(seeds, id="6" * 16, clause="C2", kind="no_risk_assessment", post_url="", pupil_ids=())
    audit(site.workspace, [*found[:-1], (found[-1][0], [*found[-1][1], gap])], ago=timedelta(minutes=5))
    site.reopen()
    with opened(Namespace(workspace=str(site.workspace.folder))) as at:
        told = headline(at.audit, cards(at.audit, at.context), first_night=True).parts()
    counts = {str(words): number for number, words in told}
    words_to_read = int(counts.get("please read", 0))
    today = site.client("lead").get("/").content.decode()
    assert f"Decide {int(counts['to decide first']) + words_to_read}<" in today
    assert counts["in the school’s own records"] == "1" and site.view().tally.records == 1
