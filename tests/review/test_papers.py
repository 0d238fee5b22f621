"""What is printed or handed on: without names every line alike, with names logged, letters, and a calendar."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from auditbot.review.casebook.figures import HIDDEN, Life, kept_back, of_month
from auditbot.review.casebook.served_workspace import serve_workspace
from auditbot.sentences import day_of
from auditbot.settings import load_settings
from tests.review.conftest import Site
from tests.review.made_school import PROTECTED
from tests.review.test_in_the_browser import browser
from tests.review.test_roles import case_of

__all__ = ["browser"]


def names(site: Site) -> set[str]:
    pupils = site.view().declared.pupils.values()
    return {name for pupil in pupils for name in (pupil.forename, pupil.legal_surname, pupil.label) if len(name) > 3}


def without_numbers(row: str) -> str:
    """A line of the print, without what differs between any two: number, day, reference."""
    return re.sub(r"<(?:td|th)[^>]*>(\d+|[0-9a-f]{8}|\w+ \d+ \w+ \d{4}|\d+ \w+ \d{4})</(?:td|th)>", "<td>-</td>", row)


@pytest.mark.parametrize("decision", ["", "not_so:another_permitted", "down", "wait:office_answers"])
def test_a_protected_child_reads_like_every_other_in_the_print_for_the_meeting(site: Site, decision: str) -> None:
    lead = site.client("lead")
    cases = [case_of(site, kind) for kind in ("never_publish", "withdrawn_since")]
    for case in cases if decision else ():
        assert lead.post(f"/f/{case.id}/decide", {"do": decision, "last": "0"}).status_code == 302
    page = site.client("head").get("/print/meeting").content.decode()
    rows = [re.search(rf"<tr>(?:(?!</tr>).)*{case.id[:8]}.*?</tr>", page, re.DOTALL) for case in cases]
    told = [without_numbers(row[0]) for row in rows if row]
    assert len(told) == 2 and told[0] == told[1]
    body = page.partition("<main")[2]
    own = {"Headteacher", "King", "website"}
    assert {name for name in names(site) - own if re.search(rf"\b{re.escape(name)}\b", body)} == set()
    for word in ("never", "protected", "C11", "surname", "permission", "second"):
        assert word not in body.lower()


def test_a_print_with_names_asks_why_and_stands_in_the_log(site: Site) -> None:
    lead, case = site.client("lead"), case_of(site, "never_publish")
    lead.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    label = site.view().declared.pupils[PROTECTED].label
    asked = lead.get(f"/f/{case.id}/print").content.decode()
    assert "What is it for?" in asked and "SHA-256" not in asked
    assert "What is it for?" in lead.post(f"/f/{case.id}/print", {"why": "curious"}).content.decode()
    page = lead.post(f"/f/{case.id}/print", {"why": "file"}).content.decode()
    for part in (label, "lead: to come down", "SHA-256", "Category: Online safety", case.id):
        assert part in page
    assert "printed: For the child’s safeguarding file" in lead.get("/log").content.decode()


def test_letters_name_the_child_and_keep_nothing(site: Site) -> None:
    from tests.review.test_proved import look

    lead, case = site.client("lead"), case_of(site, "withdrawn_since")
    forename = site.view().declared.pupils["P005"].forename
    lead.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    look(site, with_it=False, minutes=20, finding=case.id)
    address = f"/pupil/P005/letter/came_down?about={case.id}"
    letter = lead.get(address).content.decode()
    assert f"parents and carers of {forename}" in letter and "our website" in letter and "$" not in letter
    welsh = lead.get(f"{address}&language=cy").content.decode()
    assert 'lang="cy"' in welsh and "Nobody who speaks this language has reviewed this text yet" in welsh
    other = case_of(site, "never_publish")
    for wrong in (f"/pupil/P005/letter/came_down?about={other.id}", "/pupil/P005/letter/came_down",
                  "/pupil/P005/letter/nothing", f"{address}&language=xx", f"{address}&language=../en"):  # fmt: skip
        assert lead.get(wrong).status_code == 404
    kept = b"".join(path.read_bytes() for path in site.workspace.data.glob("review.db*"))
    assert forename.encode() not in kept


def test_the_school_adds_a_language_that_is_written_from_the_right(site: Site, browser: Any, served: Any) -> None:
    folder = site.workspace.config / "letters"
    folder.mkdir()
    (folder / "ar.toml").write_text(
        'language = "العربية"\ndirection = "rtl"\nreviewed = "1 May 2026"\n[runs_out]\ntitle = "إذن الصور"\n'
        'text = "إلى أسرة $child: ينتهي الإذن في $until."\n', "utf-8",
    )  # fmt: skip
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(served(f"/open/{site.link('lead')}"))
    page.goto(served("/pupil/P001/letter/runs_out?language=ar"))
    article = page.locator("article.letter")
    assert article.get_attribute("dir") == "rtl" and "إلى أسرة" in article.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert (
        "There is no such letter"
        in site.client("lead").get("/pupil/P005/letter/withdrawn?language=ar").content.decode()
    )
    (folder / "pl.toml").write_text("language = 3\n")
    assert site.client("lead").get("/pupil/P001/letter/runs_out").status_code == 503


def test_messages_to_editors_hold_no_name(site: Site) -> None:
    lead = site.client("lead")
    for kind in ("never_publish", "surname"):
        lead.post(f"/f/{case_of(site, kind).id}/decide", {"do": "down", "last": "0"})
    page = lead.get("/asked/letters").content.decode().partition("<main")[2]
    assert "comes down as a whole" in page and "Building blocks" in page
    own = {"Headteacher", "King", "website"}
    assert {name for name in names(site) - own if re.search(rf"\b{re.escape(name)}\b", page)} == set()


def test_the_calendar_holds_terms_reviews_and_counts(site: Site) -> None:
    answer = site.client("head").get("/calendar.ics")
    made = Calendar.from_ical(answer.content)
    summaries = [str(event["SUMMARY"]) for event in made.walk("VEVENT")]
    assert any(re.fullmatch(r"Social media audit: \d+ due", words) for words in summaries)
    text = answer.content.decode()
    assert {name for name in names(site) - {"King"} if re.search(rf"\b{re.escape(name)}\b", text)} == set()
    uids = [str(event["UID"]) for event in made.walk("VEVENT")]
    assert len(set(uids)) == len(uids) and answer["Content-Type"].startswith("text/calendar")


def test_the_calendar_holds_terms_cover_and_what_is_to_be_reviewed(site: Site) -> None:
    from auditbot.review.people.models import Cover

    settings = site.workspace.config / "auditbot.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[school]\n", '[school]\nterms = ["2026-09-02 to 2026-12-18"]\n', 1), "utf-8")
    serve_workspace(site.workspace, load_settings(site.workspace))
    day = site.view().now.date()
    Cover.objects.create(
        absent=site.person("lead"), stand_in=site.person("deputy"), first_day=day, last_day=day + timedelta(days=2)
    )
    made = Calendar.from_ical(site.client("lead").get("/calendar.ics").content)
    told: dict[str, Any] = {str(event["SUMMARY"]): event for event in made.walk("VEVENT")}
    cover = told["Deputy lead stands in for Designated safeguarding lead"]
    assert (cover["DTSTART"].dt, cover["DTEND"].dt) == (day, day + timedelta(days=3))
    assert "Term ends: who stands in?" in told
    assert any(words.startswith("Review the risk assessment of ") for words in told)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([0, 0], ["0", "0", "0"]),
        ([7, 12], ["7", "12", "19"]),
        ([3, 12, 7], [HIDDEN, "12", "7", HIDDEN]),  # 22 would tell 3
        ([3, 0, 0], [HIDDEN, "0", "0", HIDDEN]),
        ([1, 1, 10], [HIDDEN, HIDDEN, "10", HIDDEN]),  # 12 would tell both
        ([4, 4], [HIDDEN, HIDDEN, HIDDEN]),  # 8 would tell both
        ([2, 4], [HIDDEN, HIDDEN, HIDDEN]),  # 6 would tell that neither is 1
        ([1, 4, 9], [HIDDEN, HIDDEN, "9", "14"]),
        ([2, 2, 3], [HIDDEN, HIDDEN, HIDDEN, "7"]),
    ],
)
def test_what_of_a_column_is_kept_back(counts: list[int], told: list[str]) -> None:
    assert kept_back(counts) == told


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
def test_no_small_count_can_be_worked_out(length: int) -> None:
    """Whoever knows the rule and sees a column still holds every small count for any number from 1 to 4."""
    columns: dict[tuple[str, ...], list[tuple[int, ...]]] = {}
    for counts in itertools.product((0, 1, 2, 3, 4, 7), repeat=length):
        columns.setdefault(tuple(kept_back(counts)), []).append(counts)
    for told, alike in columns.items():
        for place, cell in enumerate(told[:-1]):
            possible = {counts[place] for counts in alike}
            assert possible == ({1, 2, 3, 4} if cell == HIDDEN else {int(cell)}), (told, place)


@pytest.mark.parametrize(
    ("first", "weeks", "found"),
    [
        (date(2027, 2, 1), (12, 9, 7, 3), HIDDEN),  # 31 less the three weeks that are told would tell the fourth
        (date(2027, 2, 1), (12, 9, 7, 5), "33"),
        (date(2027, 3, 1), (12, 9, 7, 3), "31"),
    ],
)
def test_a_month_of_four_weeks_tells_nothing_of_a_small_week(first: date, weeks: tuple[int, ...], found: str) -> None:
    zone = ZoneInfo("Europe/London")
    days = [first + timedelta(days=7 * week) for week, count in enumerate(weeks) for _ in range(count)]
    lives = [Life(datetime.combine(day, time(9), zone), None, "C11") for day in days]
    told = of_month(lives, first, zone, {"C11": "Photos"})
    assert [(line.clause, line.found, line.gone) for line in told] == [
        ("C11: Photos", found, "0"),
        ("All", found, "0"),
    ]
    few = [*lives[:30], replace(lives[0], clause="C12")]
    hidden = HIDDEN if first.month == 2 else "30"
    assert of_month(few, first, zone, {})[0].found == hidden


def test_months_are_shown_until_today(site: Site) -> None:
    client = site.client("governor")
    assert client.get(f"/figures/{site.view().now:%Y-%m}").status_code == 200
    for wrong in ("2999-01", "2026-13", "x", "2026-1"):
        assert client.get(f"/figures/{wrong}").status_code == 404


def test_a_concern_is_entered_followed_and_closed(site: Site) -> None:
    said = {
        "clause": "D2",
        "address": "https://example.org/post",
        "account": "",
        "quote": "Not good enough.",
        "reported_by": "A parent",
        "reported_on": site.view().now.date().isoformat(),
    }
    editor, lead = site.client("editor"), site.client("lead")
    late = editor.post("/concerns", said | {"reported_on": "2999-01-01"})
    assert late.status_code == 400 and "still to come" in late.content.decode()
    assert editor.post("/concerns", said).status_code == 302
    number = site.view().declared.casework.concern[-1].id
    page = lead.get("/concerns").content.decode()
    assert number in page and "A complaint in public" in page
    assert number not in editor.get("/concerns").content.decode()
    assert editor.post(f"/concerns/{number}", {"outcome": "x"}).status_code == 404
    assert lead.post("/concerns/2020-77", {"outcome": "x"}).status_code == 404
    lead.post(f"/concerns/{number}", {"outcome": "Answered by phone"})
    assert site.view().declared.casework.concern[-1].outcome == "Answered by phone"


def test_first_steps_say_what_is_done(site: Site) -> None:
    page = site.client("lead").get("/welcome").content.decode()
    assert "Say who stands in for you" in page and "An audit has run to its end" in page
    assert "Yours" not in site.client("it").get("/welcome").content.decode()


def test_letters_about_permission_follow_the_record(site: Site) -> None:
    """A family that refused at first has withdrawn nothing; one that withdrew is told the day of that."""
    lead, declared = site.client("lead"), site.view().declared
    offered = {
        pupil_id: f"/pupil/{pupil_id}/letter/withdrawn" in lead.get(f"/pupil/{pupil_id}").content.decode()
        for pupil_id in ("P005", "P008", PROTECTED)
    }
    assert offered == {"P005": True, "P008": False, PROTECTED: False}
    assert lead.get("/pupil/P008/letter/withdrawn").status_code == 404
    letter = lead.get("/pupil/P005/letter/withdrawn").content.decode()
    withdrawn = declared.pupils["P005"].withdrawn_on
    since = [answer.effective_on for answer in declared.history["P005", "website"] if answer.answer is False]
    assert f"from {day_of(withdrawn or since[-1])} photos" in letter
    endless = [one.pupil_id for one in declared.pupils.values() if one.consent_expires_on is None]
    assert any("letter/runs_out" not in lead.get(f"/pupil/{name}").content.decode() for name in endless[:3])


def test_a_page_with_its_pictures_is_one_look(site: Site) -> None:
    lead, case = site.client("lead"), case_of(site, "withdrawn_since")
    for path in ("", "/photo.jpg", "/face-1.jpg", "/portrait/P005.jpg"):
        assert lead.get(f"/f/{case.id}{path}").status_code == 200
    log = (site.workspace.data / "access.log").read_text("utf-8")
    assert [line["command"] for line in map(json.loads, log.splitlines()) if line["whose"] == "P005"] == [
        "page: finding"
    ]


def test_no_letter_says_that_a_photo_is_down_before_two_visits_found_it_gone(site: Site) -> None:
    from tests.review.test_proved import look

    lead, case, surname = site.client("lead"), case_of(site, "no_permission"), case_of(site, "surname")
    first, second = (one.finding.id for one in case.tracked)
    addresses = [f"/pupil/P008/letter/came_down?about={one}" for one in (first, second)]
    assert {lead.get(address).status_code for address in addresses} == {404}
    for done in ("down", "wait:office_answers"):
        lead.post(f"/f/{case.id}/decide", {"do": done, "last": str(site.view().by_finding[case.id].last_event)})
        assert {lead.get(address).status_code for address in addresses} == {404}
    look(site, with_it=False, minutes=20, finding=first)
    assert site.view().by_finding[first].standing.state.value == "closed"
    assert {lead.get(address).status_code for address in addresses} == {404}  # it is still up in the other post
    look(site, with_it=False, minutes=10, finding=surname.id)
    whose = surname.first.finding.pupil_ids[0]
    assert lead.get(f"/pupil/{whose}/letter/came_down?about={surname.id}").status_code == 404  # words are no photo
