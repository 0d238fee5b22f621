"""What is not told, kept, undone or shown by the way: requests taken back, other channels, other people's browsers."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from auditbot.decisions.decided import State
from auditbot.decisions.event import Action
from auditbot.model import PhotoEvidence
from tests.review.conftest import Site
from tests.review.made_school import FACE, OTHER, audit, posts_and_findings


def case_of(site: Site, kind: str) -> Any:
    return next(case for case in site.view().cases if case.kind == kind)


def say(client: Any, case: Any, do: str, **more: str) -> Any:
    return client.post(f"/f/{case.id}/decide", {"do": do, "last": str(case.last_event), **more})


def test_waiting_ends_soon_and_ends_no_reminder(site: Site) -> None:
    from auditbot.review.asking.outbox import news
    from auditbot.review.casebook.served_workspace import served_workspace

    lead, case, now = site.client("lead"), case_of(site, "never_publish"), site.view().now
    before = news(site.view(), now).due_today
    last = max(case.facts[0].due, now.date()) + timedelta(days=7)
    for day in (date(2999, 1, 1), last + timedelta(days=1)):
        refused = say(lead, case, "wait:until_day", until=day.isoformat())
        assert refused.status_code == 400 and "too far ahead" in refused.content.decode()
    assert say(lead, case, "wait:until_day", until=last.isoformat()).status_code == 302
    assert case_of(site, "never_publish").standing.state is State.WAITING
    assert news(site.view(), now).due_today == before
    other = case_of(site, "no_permission")
    say(lead, other, "wait:office_answers")
    until = case_of(site, "no_permission").standing.until
    assert until is not None and until.date() == served_workspace().now().date() + timedelta(days=14)
    assert news(site.view(), now).due_today == before


def test_taking_down_back_takes_the_request_back(site: Site) -> None:
    from auditbot.review.asking.requests import tasks_of
    from auditbot.review.people.models import Letter, Task

    site.with_mail()
    lead, editor = site.client("lead"), site.person("editor")
    for kind in ("withdrawn_since", "phone_number"):
        say(lead, case_of(site, kind), "down")
    lead.post("/asked/send", {"once": "q"})
    assert Letter.objects.count() == len(tasks_of(editor)) == 2
    photo, number = case_of(site, "withdrawn_since"), case_of(site, "phone_number")
    down = next(event for event in site.events() if event.draft.finding == photo.id)
    told = lead.post("/undo", {"batch": str(down.batch)}).headers["Location"]
    assert told.endswith("said=undone")
    assert case_of(site, "withdrawn_since").standing.state is State.NEW
    assert case_of(site, "phone_number").standing.state is State.ASKED
    assert [task.findings for task in Task.objects.all()] == [[number.id]] and Letter.objects.count() == 1
    say(lead, case_of(site, "withdrawn_since"), "down")
    assert case_of(site, "withdrawn_since").standing.state is State.TO_COME_DOWN  # nobody is asked any more
    Letter.objects.update(sent_at=timezone.now())
    second = next(event for event in site.events() if event.draft.finding == number.id)
    told = lead.post("/undo", {"batch": str(second.batch)}).headers["Location"]
    assert told.endswith("said=undone_told") and "asked already" in lead.get(told).content.decode()
    assert not Task.objects.exists()


def test_no_mail_asks_for_what_was_decided_otherwise_meanwhile(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditbot.review.asking import outbox
    from auditbot.review.people.models import Letter

    site.with_mail()
    sent: list[str] = []
    monkeypatch.setattr(outbox, "_send", lambda letter, _mail: sent.append(letter.news))
    lead = site.client("lead")
    say(lead, case_of(site, "withdrawn_since"), "down")
    lead.post("/asked/send", {"once": "q"})
    say(lead, case_of(site, "withdrawn_since"), "not_so:another_permitted")
    Letter.objects.update(due_at=timezone.now())
    outbox.deliver("https://page.example/")
    assert [news for news in sent if news.startswith("task ")] == []
    say(lead, case_of(site, "withdrawn_since"), "down")
    outbox.deliver("https://page.example/")
    assert len([news for news in sent if news.startswith("task ")]) == 1


def test_an_answer_before_posting_counts_for_its_channel_alone(site: Site) -> None:
    from auditbot.review.people.models import Checked

    lead, case = site.client("lead"), case_of(site, "withdrawn_since")
    digest, today = case.first.finding.evidence.sha256, site.view().now.date()
    Checked.objects.create(digest=digest, channel="social_media", day=today, answer="can_go")
    assert "checked before posting" not in lead.get(f"/f/{case.id}").content.decode()
    Checked.objects.create(digest=digest, channel="website", day=today - timedelta(days=1), answer="another")
    page = lead.get(f"/f/{case.id}").content.decode()
    assert "checked before posting" in page and "something else was advised" in page
    figures = lead.get("/figures").content.decode()
    assert figures  # counted by channel too, see test_figures_page


def test_a_step_taken_back_is_no_action_taken(site: Site) -> None:
    lead, case = site.client("lead"), case_of(site, "withdrawn_since")
    say(lead, case, "not_so:not_recognisable")
    lead.post("/undo")
    pasted = lead.post(f"/f/{case.id}/print", {"why": "file"}).content.decode()
    assert "Action taken: None yet" in pasted and "Action taken: Stays up" not in pasted
    kept = case_of(site, "never_publish")
    say(lead, kept, "not_so:not_recognisable")
    pasted = site.client("deputy").post(f"/f/{kept.id}/print", {"why": "file"}).content.decode()
    assert "Action taken: None yet" in pasted  # the second person chooses before the first one's reason is shown


def test_a_decision_that_was_kept_shuts_nobody_else_out(site: Site) -> None:
    client, case = site.client("lead"), case_of(site, "withdrawn_since")
    session = client.session
    session["used"] = 0.0
    session.save()
    assert say(client, case, "down").status_code == 302 and "kept" in client.session
    assert client.get(f"/open/{site.link('editor')}").status_code == 302
    assert client.get("/").status_code == 200
    assert "kept" not in client.session and site.events() == ()


def test_the_calendar_takes_the_review_day_of_the_form(site: Site) -> None:
    forms = site.view().declared.risk_assessments.values()
    days = {form.name: form.review_on for form in forms if form.review_on}
    assert any(form.review_days != 365 for form in forms if form.date) or days
    file = next((site.workspace.config / "risk_assessments").glob("*.toml"))
    text = file.read_text("utf-8")
    file.write_text("review_days = 30\n" + re.sub(r"(?m)^review_days.*\n", "", text), "utf-8")
    site.reopen()
    wanted = {f.name: f.review_on for f in site.view().declared.risk_assessments.values() if f.review_on}
    assert wanted != days
    made = Calendar.from_ical(site.client("lead").get("/calendar.ics").content)
    entries: list[tuple[str, Any]] = [(str(event["SUMMARY"]), event["DTSTART"]) for event in made.walk("VEVENT")]
    begins = "Review the risk assessment of "
    told = {words.removeprefix(begins): day.dt for words, day in entries if words.startswith(begins)}
    assert told == wanted


@pytest.mark.parametrize("last", ["²", "9" * 5000, "-1", "x"])
def test_a_number_that_is_none_is_no_fault(site: Site, last: str) -> None:
    client, case = site.client("lead"), case_of(site, "surname")
    client.raise_request_exception = False
    assert client.post(f"/f/{case.id}/decide", {"do": "down", "last": last, "box": last}).status_code == 302
    assert client.get(f"/f/{case.id}?said={last}").status_code == 200


@pytest.mark.parametrize(
    "name", ["\U0001f600" * 80 + ".jpg", "\U00020000" * 80 + ".jpg", "ü" * 300 + ".jpg", "...", ".", "a.jpg"]
)
def test_the_name_of_an_upload_fits_every_disk(name: str) -> None:
    from auditbot.review.before.uploads import _plain

    assert 0 < len(_plain(name).encode()) <= 255 and not _plain(name).startswith(".")


def test_no_month_and_no_cover_breaks_the_calendar(site: Site) -> None:
    lead, today = site.client("lead"), site.view().now.date()
    for client in (lead, site.client("governor")):
        client.raise_request_exception = False
        for month in ("0001-01", "1999-12", "9999-12"):
            assert client.get(f"/figures/{month}").status_code == 404
        assert client.get(f"/figures/{today:%Y-%m}").status_code == 200
    said = {"first_day": f"{today}", "stand_in": site.person("deputy").pk}
    assert lead.post("/cover", said | {"last_day": "9999-12-31"}).status_code == 400
    assert lead.post("/cover", said | {"last_day": f"{today + timedelta(days=300)}"}).status_code == 302
    assert lead.get("/calendar.ics").status_code == 200


def test_a_photo_that_was_replaced_is_no_evidence(site: Site) -> None:
    lead, case = site.client("lead"), case_of(site, "withdrawn_since")
    sha256 = case.first.finding.evidence.sha256
    kept = site.workspace.data / "evidence" / sha256
    assert lead.get(f"/f/{case.id}/face-1.jpg").status_code == 200
    other = next(path for path in kept.parent.iterdir() if path.name != sha256)
    kept.write_bytes(other.read_bytes())
    assert hashlib.sha256(kept.read_bytes()).hexdigest() != sha256
    for picture in ("photo.jpg", "face-1.jpg", "all-faces.jpg"):
        assert lead.get(f"/f/{case.id}/{picture}").status_code == 404
    assert lead.get(f"/f/{case.id}").status_code == 200


def test_drawing_a_photo_writes_no_file(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditbot.review.casebook.drawn import draw_photo

    evidence = case_of(site, "unknown_faces").first.finding.evidence
    opened: list[Any] = []
    real = os.open

    def noted(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            opened.append(path)
        return real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", noted)
    picture = draw_photo(site.workspace.data / "evidence" / evidence.sha256, evidence)
    assert picture is not None and picture[:3] == b"\xff\xd8\xff" and opened == []


def test_an_approval_counts_where_the_policy_names_another_role(site: Site) -> None:
    policy = site.workspace.config / "policy.toml"
    text = policy.read_text("utf-8")
    policy.write_text(text.replace('id = "C1"\n', 'id = "C1"\nroles = ["Executive Head"]\n', 1), "utf-8")
    site.reopen()
    assert site.client("head").post("/registers/accounts/website", {}).status_code == 302
    assert site.view().declared.accounts["website"].approved_by == "Executive Head"


@pytest.mark.parametrize("handle", ["audit", "Jane Smith", "jane smith", "Jane", "1st", "a", "x" * 60, "ünal", "a\nb"])
def test_nobody_is_called_like_the_audit_or_by_a_whole_name(site: Site, handle: str) -> None:
    from auditbot.review.people.manage import add_person

    person, problem = add_person(handle, "Somebody", "lead")
    assert person is None and "small letters" in problem
    said = {"handle": handle, "called": "x", "role": "lead", "email": "", "accounts": ""}
    assert site.client("lead").post("/people", said).status_code == 400


def test_wrong_codes_close_their_own_device_alone(site: Site) -> None:
    from django.test import Client

    from auditbot.review.people.models import new_slip

    def at(address: str) -> Any:
        return Client(HTTP_HOST="localhost", REMOTE_ADDR=address)

    for number in range(6):
        last = at("10.0.0.9").post("/slip", {"code": f"AAAA-BBBB-CC{number}{number}"})
        at(f"10.0.1.{number}").post("/sign-in", {"login": "lead", "password": "wrong"})
    assert last.status_code == 429
    assert at("10.0.0.9").post("/slip", {"code": new_slip(site.person("deputy"))}).status_code == 429
    assert at("10.0.0.8").post("/slip", {"code": new_slip(site.person("deputy"))}).status_code == 302
    assert at("10.0.0.7").post("/sign-in", {"login": "lead", "password": "wrong"}).status_code != 429


def test_what_was_typed_and_what_was_mailed_is_not_kept(site: Site) -> None:
    from axes.models import AccessAttempt
    from django.test import Client

    from auditbot.review.people.kept_for import drop_old_rows
    from auditbot.review.people.models import Letter, Slip

    away = Client(HTTP_HOST="localhost", REMOTE_ADDR="10.0.0.9")
    away.post("/slip", {"code": "ABCD-EFGH-JKLM"})
    away.post("/sign-in", {"login": "lead", "password": "four-words-apart"})
    kept = repr(list(AccessAttempt.objects.values()))
    assert AccessAttempt.objects.exists()
    for word in ("ABCD-EFGH", "four-words"):
        assert word not in kept
    now = timezone.now()
    Letter.objects.create(
        person=site.person("lead"), subject="x", text="/task/TOKEN", news="a", due_at=now, sent_at=now
    )
    Letter.objects.create(person=site.person("lead"), subject="x", text="/task/NEXT", news="b", due_at=now)
    slips = Slip.objects.count()
    drop_old_rows(now)
    assert {one.news: one.text for one in Letter.objects.all()} == {"a": "", "b": "/task/NEXT"}
    assert AccessAttempt.objects.exists() and Slip.objects.count() == slips
    drop_old_rows(now + timedelta(days=100))
    assert [one.news for one in Letter.objects.all()] == ["b"]  # what waits is never dropped
    assert not AccessAttempt.objects.exists() and not Slip.objects.exists()


@pytest.mark.parametrize(("clause", "about_head", "seen", "closes"), [
    ("B6", True, False, False), ("B6", False, True, False), ("C9", False, True, False),
    ("D2", True, False, False), ("D2", False, True, True),
])  # fmt: skip
def test_the_head_neither_reads_nor_closes_a_concern_about_the_head(
    site: Site, clause: str, about_head: bool, seen: bool, closes: bool
) -> None:
    lead, head = site.client("lead"), site.client("head")
    said = {"clause": clause, "address": "", "account": "", "quote": "Words that somebody wrote.",
            "reported_by": "A parent", "reported_on": site.view().now.date().isoformat()}  # fmt: skip
    assert lead.post("/concerns", said | ({"about_head": "on"} if about_head else {})).status_code == 302
    number = site.view().declared.casework.concern[-1].id
    page = head.get("/concerns").content.decode()
    assert ("Words that somebody wrote." in page) is seen and (f"/concerns/{number}" in page) is closes
    assert head.post(f"/concerns/{number}", {"outcome": "nothing"}).status_code == (302 if closes else 404)
    assert (site.view().declared.casework.concern[-1].closed_on is not None) is closes
    assert "Words that somebody wrote." in lead.get("/concerns").content.decode() or closes
    assert lead.post(f"/concerns/{number}", {"outcome": "Talked to"}).status_code == 302


def test_a_request_taken_back_at_the_keyboard_is_not_mailed(site: Site) -> None:
    from auditbot.review.asking.requests import is_wanted
    from auditbot.review.people.models import Task

    site.with_mail()
    lead = site.client("lead")
    say(lead, case_of(site, "withdrawn_since"), "down")
    lead.post("/asked/send", {"once": "q"})
    down = next(event for event in site.events() if event.action is Action.DOWN)
    from auditbot.review.casebook.served_workspace import served_workspace

    with served_workspace().ledger() as ledger:
        ledger.take_back(down.batch, "lead")
    site.reopen()
    assert not is_wanted(Task.objects.get(), site.view())


def test_the_same_photo_of_two_findings_is_asked_for_no_more(site: Site) -> None:
    from auditbot.review.people.models import Task

    found = posts_and_findings(site.workspace)
    post, (photo,) = next(one for one in found if one[0].title == "Pond dipping")
    second = replace(photo, id="e" * 16, kind="no_permission", pupil_ids=("P008",))
    audit(site.workspace, [(post, [photo, second])], ago=timedelta(minutes=5))
    site.reopen()
    site.with_mail()
    lead = site.client("lead")
    say(lead, site.view().by_finding[photo.id], "down")
    lead.post("/asked/send", {"once": "q"})
    assert {name for task in Task.objects.all() for name in task.findings} == {photo.id, second.id}
    lead.post("/undo", {"batch": str(site.events()[0].batch)})
    assert not Task.objects.exists()
    assert {site.view().by_finding[name].standing.state for name in (photo.id, second.id)} == {State.NEW}


def two_faces(site: Site) -> None:
    """Audit the protected child's photo again, with both of its faces numbered."""
    post, (photo,) = posts_and_findings(site.workspace)[0]
    assert isinstance(photo.evidence, PhotoEvidence)
    both = replace(photo, evidence=replace(photo.evidence, boxes=(FACE, OTHER), other_faces=()))
    audit(site.workspace, [(post, [both])], ago=timedelta(minutes=5))
    site.reopen()


def test_two_faces_decided_by_two_people_are_agreed_to_crosswise(site: Site) -> None:
    two_faces(site)
    lead, deputy, head = site.client("lead"), site.client("deputy"), site.client("head")
    say(lead, case_of(site, "never_publish"), "not_so:not_recognisable", box="1")
    say(deputy, case_of(site, "never_publish"), "not_so:not_recognisable", box="2")
    assert case_of(site, "never_publish").standing.second_needed
    address = f"/f/{case_of(site, 'never_publish').id}"
    for client in (lead, deputy, head):  # each may agree to what another decided
        assert "It may stay up" in client.get(address).content.decode()
    assert say(lead, case_of(site, "never_publish"), "second").status_code == 302
    assert case_of(site, "never_publish").standing.second_needed
    assert say(lead, case_of(site, "never_publish"), "second").status_code == 400  # the rest is the lead's own
    assert say(deputy, case_of(site, "never_publish"), "second").status_code == 302
    assert case_of(site, "never_publish").standing.state is State.STAYS_UP


def test_the_head_agrees_to_both_at_once(site: Site) -> None:
    two_faces(site)
    say(site.client("lead"), case_of(site, "never_publish"), "not_so:not_recognisable", box="1")
    say(site.client("deputy"), case_of(site, "never_publish"), "not_so:not_recognisable", box="2")
    assert say(site.client("head"), case_of(site, "never_publish"), "second").status_code == 302
    assert case_of(site, "never_publish").standing.state is State.STAYS_UP


def test_decisions_that_another_program_holds_are_told_of_as_such(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from auditbot.cli import main
    from auditbot.decisions import ledger

    assert site.events() == ()
    case, client = case_of(site, "withdrawn_since"), site.client("lead")
    client.raise_request_exception = False
    monkeypatch.setattr(ledger, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(site.workspace.data / ledger.FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        refused = say(client, case, "down")
        assert refused.status_code == 503 and "decisions.db" in refused.content.decode()
        assert main(["--workspace", str(site.workspace.folder), "decide", case.id, "down"]) == 2
        told = capsys.readouterr().err
        assert "decisions.db" in told and "auditbot.db" not in told
    finally:
        other.close()
    assert say(client, case, "down").status_code == 302
