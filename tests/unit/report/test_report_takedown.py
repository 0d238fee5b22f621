"""A take-down request names the post and the photo, never the child nor the reason."""

from __future__ import annotations

from typing import Any

import pytest

from auditbot.check.texts import parts_by_file
from auditbot.model import DocumentUse, Finding, PhotoEvidence, PhotoUse, Post
from auditbot.present.cards import cards
from auditbot.present.report_context import PupilLabel
from auditbot.present.takedown import letters, requests, secret_names, takes_away
from auditbot.registers.people import Pupil
from tests.unit.report import report_sample as sample


def request(*findings: Finding, **context: Any) -> str:
    made = cards(sample.audit(tuple(sample.tracked(found) for found in findings)), sample.context(**context))
    return "\n".join(one.text() for one in requests(made, sample.context(**context)))


def test_it_names_the_post_and_the_photo_and_asks_for_the_whole_photo() -> None:
    words = request(sample.finding("a"))
    assert words == (
        "“Harvest festival”, published on 5 October 2026, 15:20, "
        "https://www.larkmere.example/2026/10/harvest-festival/: "
        "take down the photo “harvest-3.jpg”."
    )
    numbered = {(f"{sample.BASE}/2026/10/harvest-festival/", sample.GROUP): 3}
    assert "take down photo 3 of the post (“harvest-3.jpg”)." in request(sample.finding("a"), photo_numbers=numbered)
    made = cards(sample.audit((sample.tracked(sample.finding("a")),)), sample.context())
    (letter,) = letters(made, sample.context(), lambda _: True)
    assert "each as a whole" in letter.text() and "do not crop or cover" in letter.text()
    assert letters(made, sample.context()) == (), "nobody decided yet that it comes down"


def test_of_two_requests_in_one_post_the_stronger_alone_is_made() -> None:
    address = sample.text("/2026/11/star-of-the-week-rayan-khan/", "khan", "address")
    title = sample.text("Star of the week: Rayan Khan", "Khan", "title")
    both = [
        sample.finding("a", post_url=sample.STAR, evidence=address, **SURNAME),
        sample.finding("b", post_url=sample.STAR, evidence=title, **SURNAME),
        sample.finding("c", post_url=sample.STAR),
    ]
    made = cards(sample.audit(tuple(map(sample.tracked, both))), sample.context())
    (asked,) = requests(made, sample.context())
    assert len(asked.asks) == 1 and "take the page down" in asked.text() and "photo" not in asked.text()


def test_every_request_can_be_followed() -> None:
    """Each names a post by day or address, and says which words without saying them."""
    words = request(sample.finding("a", post_url=sample.FARM, evidence=sample.text(sample.STORY, "Khan"), **SURNAME))
    assert "change the words left out here: “" in words and "who remembered the name of every breed" in words
    assert "published on" in words and sample.FARM in words
    assert "I will" not in words


SURNAME = {"clause": "C12", "kind": "surname", "pupil_ids": ("P004",)}


@pytest.mark.parametrize(
    "changes",
    [
        {"post_url": sample.STAR, "evidence": sample.text("Star of the week: Rayan Khan", "Khan", "title")},
        {"post_url": sample.STAR, "evidence": sample.text("/2026/11/star-of-the-week-rayan-khan/", "khan", "address")},
        {"post_url": sample.STAR, "evidence": sample.photo(name="Rayan_KHAN-2.jpg", words="R Khan", start=2, end=6)},
        {"post_url": sample.STAR, "evidence": sample.photo(name="Rayan%20Kh%C3%A1n.jpg", words="Khán", start=0, end=4)},
        {"post_url": sample.FARM, "evidence": sample.text(sample.STORY, "Khan")},
    ],
)  # fmt: skip
def test_a_title_address_or_file_name_with_the_childs_name_is_left_out(changes: dict[str, Any]) -> None:
    words = request(sample.finding("a", **(SURNAME | changes))).casefold()
    for name in ("khan", "kh%c3%a1n", "khán", "rayan"):
        assert name not in words


def test_a_first_name_in_the_title_of_a_photo_finding_is_left_out() -> None:
    titles = {f"{sample.BASE}/2026/10/harvest-festival/": "Amara brings in the harvest"}
    words = request(sample.finding("a"), titles=titles)
    assert "Amara" not in words and "harvest-festival" in words


def test_a_short_surname_is_left_out_as_a_word_but_not_as_a_part_of_one() -> None:
    ng = {"clause": "C12", "kind": "surname", "pupil_ids": ("P050",), "evidence": sample.text("Li Ng sang", "Ng")}
    pupils = {"P050": PupilLabel("Li N.")}
    url = f"{sample.BASE}/2026/10/harvest-festival/"
    assert "Ng wins" not in request(sample.finding("a", **ng), pupils=pupils, titles={url: "Ng wins"})
    assert "Singing" in request(sample.finding("a", **ng), pupils=pupils, titles={url: "Singing"})


def test_it_gives_no_reason() -> None:
    words = request(
        sample.finding("a"),
        sample.finding("b", kind="never_publish", pupil_ids=("P019",), evidence=sample.photo(sample.PAIR)),
        sample.finding(
            "c", clause="C12", kind="surname", evidence=sample.text("by Amara Okafor", "Okafor", "comment 2 text")
        ),
    ).casefold()
    for reason in ("permission", "consent", "surname", "c11", "c12", "never", "withdrawn", "child", "pupil", "face"):
        assert reason not in words
    assert "take down comment 2." in words


def test_copies_are_asked_for_together() -> None:
    several = tuple(sample.tracked(sample.finding(f"f{n}", post_url=f"{sample.BASE}/{n}/")) for n in range(3))
    (letter,) = letters(cards(sample.audit(several), sample.context()), sample.context(), lambda _: True)
    assert all(f"{sample.BASE}/{n}/" in letter.text() for n in range(3))
    assert letter.owner == "School office"


@pytest.mark.parametrize(
    "changes",
    [{"kind": "given_later", "severity": "governance"}, {"post_url": "", "clause": "C2", "kind": "incomplete"}],
)
def test_nothing_is_asked_for_where_nothing_has_to_come_down(changes: dict[str, Any]) -> None:
    assert request(sample.finding("a", **changes)) == ""


# --- no pupil of the register, whether or not the finding is about them ---------------------------------------------

HARVEST = f"{sample.BASE}/2026/10/harvest-festival/"
REGISTER = secret_names(
    (
        Pupil("P1", "William Rhys", "Bell", preferred_forename="Bill"),
        Pupil("P2", "Amara", "O’Connor", former_surnames=("Adeyemi-Cole",)),
        Pupil("P3", "Łukasz", "Ng"),
        Pupil("P4", "Maya", "Larkmere"),
    )
)


@pytest.mark.parametrize("kind", ["unknown_faces", "no_permission"])
@pytest.mark.parametrize(
    "said",
    [
        "Well done William!",
        "Well done, Bill",
        "AMARA’S harvest",
        "Rhys-and-friends",
        "Adeyemi Cole brings apples",
        "O'Connor family",
        "OConnor family",
        "Lukasz sings",
        "Łukasz sings",
        "Ng wins",
        "Аmara sings",  # with a Cyrillic A
    ],
)
def test_a_title_with_any_pupils_name_is_left_out(kind: str, said: str) -> None:
    found = sample.finding("a", kind=kind, pupil_ids=() if kind == "unknown_faces" else ("P012",))
    asked = request(found, titles={HARVEST: said}, secret_names=REGISTER)
    assert said not in asked and "…" in asked and HARVEST in asked


@pytest.mark.parametrize(
    "name",
    [
        *("amara.jpg", "Amara2.JPG", "william_bell-3.jpg", "AmaraHarvest.jpg", "harvestAmara.png", "bill%20bell.jpg"),
        *("aoconnor.jpg", "oconnora.jpg", "williambell.jpg", "billb.jpg", "bellbill.jpg", "%C5%81ukasz.jpg"),
    ],
)
def test_a_file_name_or_address_with_any_pupils_name_is_left_out(name: str) -> None:
    unknown = {"kind": "unknown_faces", "pupil_ids": ()}
    asked = request(sample.finding("a", evidence=sample.photo(name=name), **unknown), secret_names=REGISTER)
    assert name not in asked and "take down the photo" in asked
    url = f"{sample.BASE}/2026/10/{name.removesuffix('.jpg')}/"
    asked = request(sample.finding("a", post_url=url, **unknown), secret_names=REGISTER)
    assert url not in asked and "published on 5 October 2026" in asked


@pytest.mark.parametrize("said", ["Doorbell and billboard", "Engaging singing", "The Mayan calendar", "Church bells"])
def test_a_name_within_another_word_is_no_name(said: str) -> None:
    asked = request(sample.finding("a"), titles={HARVEST: said}, secret_names=REGISTER)
    assert f"“{said}”" in asked


EVERYDAY = secret_names(
    (
        Pupil("P1", "Lucy", "Winter"),
        Pupil("P2", "Omar", "Day"),
        Pupil("P3", "Summer", "Okoro"),
        Pupil("P4", "Ivy", "Green-Hill"),
    )
)


@pytest.mark.parametrize(
    "said", ["Sports Day results", "Winter is on its way", "Summer fair", "A green hill", "A day in winter", "Hilltop"]
)
def test_an_everyday_word_is_no_name_and_its_address_opens(said: str) -> None:
    url = f"{sample.BASE}/news/{said.lower().replace(' ', '-')}/"
    found = sample.finding("a", post_url=url, evidence=sample.photo(name=f"{said.lower().replace(' ', '-')}.jpg"))
    asked = request(found, titles={url: said}, secret_names=EVERYDAY)
    assert f"“{said}”" in asked and f"{url}:" in asked and "…" not in asked and ".jpg”" in asked


@pytest.mark.parametrize(
    "said",
    ["Well done, Winter", "Lucy Winter sings", "L Winter", "Omar Day", "Summer Okoro", "Winter, Lucy", "Ivy Hill"],
)
def test_an_everyday_word_beside_a_forename_is_a_name_and_its_address_is_left_out_whole(said: str) -> None:
    url = f"{sample.BASE}/news/{said.lower().replace(', ', '-').replace(' ', '-')}/"
    asked = request(sample.finding("a", post_url=url), titles={url: said}, secret_names=EVERYDAY)
    assert said not in asked and "/news/" not in asked and "published on 5 October 2026" in asked
    placed = request(
        sample.finding("a", post_url=url), titles={url: said}, secret_names=EVERYDAY, of_day={("website", url): (2, 3)}
    )
    assert "number 2 of the 3 posts of that day" in placed


def test_the_schools_own_site_is_never_taken_for_a_pupils_name() -> None:
    assert HARVEST in request(sample.finding("a"), secret_names=REGISTER)
    assert "larkmere" in REGISTER


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:Hall%20screen/Rayan%20Khan/slide.txt", ""),
        ("file:Hall%20screen/Year_2/slide.txt", "Hall screen/Year_2/slide.txt"),
        ("archive:facebook/2026-03-05T10:21:33Z", ""),
    ],
)
def test_a_file_is_named_by_its_path_unless_that_names_the_child(url: str, said: str) -> None:
    found = sample.finding("a", **(SURNAME | {"post_url": url, "evidence": sample.text(sample.STORY, "Khan")}))
    words = request(found, titles={url: ""})
    assert said in words
    assert "file:" not in words and "archive:" not in words
    for name in ("Khan", "Rayan"):
        assert name not in words


PAPER, OTHER_PAPER, FILM = f"{sample.BASE}/news.pdf", f"{sample.BASE}/menu.pdf", f"{sample.BASE}/play.mp4"
PARTS = {
    "a" * 64: frozenset({"photo 1"}),
    PAPER: frozenset({"document 1", "document 3"}),
    OTHER_PAPER: frozenset({"document 2"}),
    FILM: frozenset({"video 1"}),
}


@pytest.mark.parametrize(
    ("asked", "kept", "gone"),
    [
        (f"{PAPER}#page=1", "document 1 page 2", True),
        (f"{PAPER}#page=1", "document 3 page 1", True),
        (f"{PAPER}#page=1", "document 2 page 2", False),
        (f"{PAPER}#page=1", f"{PAPER}#page=4", True),
        (f"{PAPER}#page=1", f"{OTHER_PAPER}#page=4", False),
        (f"{PAPER}#page=1", "comment 1 text", False),
        (f"{PAPER}#page=1", "text", False),
        (f"{FILM}#t=42", "video 1, 0:42 file details, title", True),
        (f"{FILM}#t=42", f"{FILM}#t=7", True),
        (f"{FILM}#t=42", "captions 1 text", True),
        (f"{FILM}#t=42", "document 1 page 2", False),
        (f"{sample.BASE}/unknown.pdf#page=1", "document 2 page 1", True),
        (f"{sample.BASE}/unknown.pdf#page=1", "video 1 title", False),
        ("a.jpg", "photo 1 caption", True),
        ("a.jpg", "photo 2 caption", False),
        ("document 2 file name", f"{OTHER_PAPER}#page=4", True),
        ("document 2 file name", f"{PAPER}#page=4", False),
        ("document 2 file name", f"{sample.BASE}/unknown.pdf#page=1", True),
        ("photo 1 file name", "photo 1 alt", True),
        ("comment 2 text", "comment 2 text", True),
        ("comment 2 text", "comment 1 text", False),
        ("address", "text", True),
        ("title", "text", False),
    ],
)
def test_nothing_is_asked_for_that_takes_evidence_away_with_it(asked: str, kept: str, gone: bool) -> None:
    """Words that may threaten stay until somebody decides on them, wherever in the same file they stand."""

    def found(name: str, where: str) -> Finding:
        if where.endswith(".jpg"):
            return sample.finding(name, evidence=sample.photo("a" * 64, name=where))
        if where.startswith("http"):
            return sample.finding(name, evidence=PhotoEvidence(where, (where[-1] * 64), ()))
        return sample.finding(name, evidence=sample.text("Wait until we meet", "until", where))

    assert takes_away(found("a", asked), [found("b", kept)], PARTS) is gone
    assert not takes_away(found("a", asked), [], PARTS)


def test_the_parts_of_a_post_are_known_by_address_and_by_content() -> None:
    use = DocumentUse(PAPER, "b" * 64)
    film = DocumentUse(FILM, None, kind="video")
    photo = PhotoUse(f"{sample.BASE}/a.jpg", "a" * 64)
    post = Post("website", sample.FARM, "", "", photos=(photo, photo), documents=(use, film, use))
    known = parts_by_file(post)
    assert known["b" * 64] == known[PAPER] == {"document 1", "document 2"} and known[FILM] == {"video 1"}
    assert known["a" * 64] == {"photo 1", "photo 2"} and None not in known
