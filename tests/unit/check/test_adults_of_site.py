"""Adults of a whole site: a page of staff says who is one, and each is told once."""

from auditbot.check.adults_of_site import ADULT, OncePerAdult, adults_of_site
from auditbot.check.c12_surnames import surname_check, surname_engine
from auditbot.check.texts import Ours
from auditbot.model import Finding, PostFacts
from tests.unit.check.school import declared, facts, post, pupil

REGISTERS = declared([pupil("P1", name="Sarah Harris"), pupil("P2", name="Calum Shaw"), pupil("P3", name="Max Kerr")])
STAFF = "Headteacher: Sarah Harris. Deputy: Helen Shaw."


def page(text: str, path: str, title: str = "") -> PostFacts:
    return facts(post(url=f"https://thistlewood.example{path}", title=title, text=text))


def found(*pages: PostFacts) -> list[Finding]:
    """What stands of these pages of one site, in their order."""
    ours = Ours(adults=adults_of_site(surname_engine(REGISTERS), pages))
    check, once = surname_check(REGISTERS, ours), OncePerAdult()
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


def test_an_adult_is_told_once_a_site_with_the_number_of_pages() -> None:
    pages = [page("Thank you to Mrs Kerr for the cakes.", f"/news/{number}") for number in range(3)]
    (one,) = found(*pages)
    assert one.kind == ADULT
    assert str(one.explanation).endswith("The name stands on 2 more pages.")


def test_a_childs_surname_is_told_wherever_it_stands() -> None:
    pages = [page("Well done Max Kerr of Year 2!", f"/news/{number}") for number in range(3)]
    assert [one.band for one in found(*pages)] == ["breach"] * 3
