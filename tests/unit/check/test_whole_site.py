"""What holds for a whole site: a page of staff says who is an adult; an adult and a contact detail are told once."""

from datetime import date

import pytest

from auditbot.check.c05_personal_data import personal_data_check
from auditbot.check.c12_surnames import surname_check, surname_engine
from auditbot.check.texts import Ours
from auditbot.check.whole_site import ADULT, OncePerSite, adults_of_site
from auditbot.model import Finding, PostFacts
from tests.unit.check.school import declared, facts, post, pupil

REGISTERS = declared([pupil("P1", name="Sarah Harris"), pupil("P2", name="Calum Shaw"), pupil("P3", name="Max Kerr")])
STAFF = "Headteacher: Sarah Harris. Deputy: Helen Shaw."


def page(text: str, path: str, title: str = "") -> PostFacts:
    return facts(post(url=f"https://thistlewood.example{path}", title=title, text=text))


def found(*pages: PostFacts) -> list[Finding]:
    """What stands of these pages of one site, in their order."""
    ours = Ours(adults=adults_of_site(surname_engine(REGISTERS), pages))
    check, once = surname_check(REGISTERS, ours), OncePerSite()
    return once.counted([one for known in pages for one in once.but_told(list(check(known)))])


def test_a_page_of_adults_is_known_by_its_address_or_title() -> None:
    engine = surname_engine(REGISTERS)
    for path, title in (("/about/meet-our-staff", ""), ("/p/17", "Governing body"), ("/Staff.aspx", "")):
        assert adults_of_site(engine, [page(STAFF, path, title)]) == {"sarahharris", "helenshaw"}, path
    for path, title in (("/news/sports-day", ""), ("/staffordshire", ""), ("/p/18", "The staff room")):
        assert adults_of_site(engine, [page(STAFF, path, title)]) == frozenset(), path


def test_an_adult_of_the_site_who_shares_a_surname_is_no_finding() -> None:
    news = page("Thank you to Helen Shaw for the cakes.", "/news/cakes")
    assert [one.kind for one in found(news)] == [ADULT]
    assert found(news, page("Helen Shaw, Peter Harris", "/our-team")) == []


def test_a_pupils_full_name_that_an_adult_has_too_is_asked_unless_the_words_speak_of_a_child() -> None:
    team = page("Sarah Harris\nHelen Shaw", "/our-team")
    kinds = [(one.kind, one.band) for one in found(page("Sarah Harris opened the door.", "/news/door"), team)]
    assert kinds == [(ADULT, "review")]
    child = found(page("Well done Sarah Harris of Year 1, our star of the week!", "/news/star"), team)
    assert ("surname", "breach") in [(one.kind, one.band) for one in child]


def test_whoever_a_page_of_adults_names_is_no_unlisted_child_but_an_aged_one_is() -> None:
    news = page("Well done Tilly Ogilvie, what a lovely picture!", "/news/picture")
    assert [one.kind for one in found(news)] == ["child_not_on_the_register"]
    assert found(news, page("Tilly Ogilvie, Rowan Ferrier", "/our-team")) == []
    assert found(page("Our team: Tilly Ogilvie, Rowan Ferrier", "/meet-the-team")) == []
    aged = page("Drawn by our pupil Tilly Ogilvie, aged 6", "/governors/spring")
    assert [one.kind for one in found(aged)] == ["child_not_on_the_register"]


def test_an_adult_is_told_once_a_site_with_the_number_of_pages() -> None:
    pages = [page("Thank you to Mrs Kerr for the cakes.", f"/news/{number}") for number in range(3)]
    (one,) = found(*pages)
    assert one.kind == ADULT
    assert str(one.explanation).endswith("The name stands on 2 more pages.")


def test_a_childs_surname_is_told_wherever_it_stands() -> None:
    pages = [page("Well done Max Kerr of Year 2!", f"/news/{number}") for number in range(3)]
    assert [one.band for one in found(*pages)] == ["breach"] * 3


TODAY = date(2026, 11, 30)


def contacts(*pages: PostFacts) -> list[Finding]:
    """What stands of the contact details on these pages of one site, in their order."""
    check, once = personal_data_check(Ours(), TODAY), OncePerSite()
    return once.counted([one for known in pages for one in once.but_told(list(check(known)))])


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("Call Jo on 07700 900482.", "Jo (07700900482) has seedlings."),
        ("Write to jo.b@gmail.example", "Questions: JO.B@gmail.example!"),
    ],
)
def test_a_contact_detail_is_told_once_a_site_and_counts_the_other_pages(first: str, again: str) -> None:
    (one,) = contacts(page(first, "/a"), page(again, "/b"), page(again, "/c"))
    told = str(one.explanation)
    assert one.post_url.endswith("/a")
    assert told.endswith("It stands on 2 more pages of this account: searching the site for it finds them.")
    assert "thistlewood.example" not in told


def test_contact_details_that_differ_or_stand_twice_on_one_page_are_told_apart() -> None:
    assert len(contacts(page("Call 07700 900482.", "/a"), page("Call 07700 900483.", "/b"))) == 2
    assert len(contacts(page("Call 07700 900482. Again: 07700 900482.", "/a"))) == 2
