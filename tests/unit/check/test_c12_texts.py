"""C12: every text a post publishes is looked at, and the evidence is the exact characters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditbot.check.c12_surnames import surname_check
from auditbot.check.personal_data import OwnContacts
from auditbot.check.texts import Ours, texts_of_post
from auditbot.model import (
    Comment,
    DocumentFacts,
    DocumentPicture,
    DocumentUse,
    Face,
    Finding,
    PhotoEvidence,
    PhotoFacts,
    PhotoUse,
    Post,
    PostFacts,
    TextEvidence,
    Words,
)
from auditbot.sentences import quoted
from tests.unit.check.school import URL, declared, facts, photo, post, pupil, words_of

A, B, D = "a" * 64, "b" * 64, "d" * 64
SCHOOL = declared([pupil("P001", name="Maya Okonkwo-Price"), pupil("P002", name="Rayan Thistlewood")])
CHECK = surname_check(SCHOOL)
TOLD = "Well done Maya Okonkwo-Price!"
CLEAR = "Well done Maya and Rayan!"


def words(*lines: str, sha256: str = A) -> PhotoFacts:
    """Return a photo with one line of words below the other."""
    read = tuple(Words(line, (5.0, 20.0 * number, 200.0, 15.0), 0.9) for number, line in enumerate(lines))
    return replace(photo(sha256), words=read)


def find(known: PostFacts) -> list[Finding]:
    found = list(CHECK(known))
    assert len({finding.id for finding in found}) == len(found), "every finding of a post has its own identity"
    return found


def with_photo(**told: str) -> Post:
    return post(PhotoUse(**{"url": f"{URL}/1.jpg", "sha256": A, **told}))  # type: ignore[arg-type]


PDF = DocumentUse(f"{URL}/newsletter.pdf", D, "Newsletter")
FIELDS = [
    # where the surname stands                                                    the field     its characters
    (facts(post(title=TOLD)), "title", "Okonkwo-Price"),
    (facts(post(text=f"Harvest.\n\n{TOLD} \U0001f389")), "text", "Okonkwo-Price"),
    (facts(post(url="https://www.larkmere.example/news/maya-okonkwo-price-wins/")), "address", "okonkwo-price"),
    (facts(post(url="https://www.larkmere.example/news/maya%20okonkwo-price")), "address", "okonkwo-price"),
    (facts(post(url="https://www.larkmere.example/?s=Maya+Okonkwo-Price")), "address", "Okonkwo-Price"),
    (facts(post(url="https://www.larkmere.example?child=maya_okonkwo-price&page=2")), "address", "okonkwo-price"),
    (facts(post(url=f"{URL}#maya-okonkwo-price")), "address", "okonkwo-price"),
    (facts(replace(post(), author="Maya Okonkwo-Price")), "author", "Okonkwo-Price"),
    (facts(with_photo(alt=TOLD)), "photo 1 alt", "Okonkwo-Price"),
    (facts(with_photo(caption=TOLD)), "photo 1 caption", "Okonkwo-Price"),
    (facts(with_photo(url=f"{URL}/maya_okonkwo-price.jpg")), "photo 1 file name", "okonkwo-price"),
    (
        facts(with_photo(url="https://www.larkmere.example/download?id=7&file=Maya_Okonkwo-Price.jpg&w=800")),
        "photo 1 file name",
        "Okonkwo-Price",
    ),
    (
        facts(with_photo(url="https://www.larkmere.example/download?file=Maya%20Okonkwo-Price.jpg")),
        "photo 1 file name",
        "Okonkwo-Price",
    ),
    (facts(replace(post(), comments=(Comment("Maya Okonkwo-Price", "Lovely"),))), "comment 1 author", "Okonkwo-Price"),
    (facts(replace(post(), comments=(Comment("", CLEAR), Comment("Ann", TOLD)))), "comment 2 text", "Okonkwo-Price"),
    (facts(replace(post(), documents=(replace(PDF, title=TOLD),))), "document 1 link", "Okonkwo-Price"),
    (
        facts(replace(post(), documents=(replace(PDF, url=f"{URL}/Maya-Okonkwo-Price.pdf"),))),
        "document 1 file name",
        "Okonkwo-Price",
    ),
    (
        facts(replace(post(), documents=(replace(PDF, url="https://www.larkmere.example/?pdf=Okonkwo-Price"),))),
        "document 1 file name",
        "Okonkwo-Price",
    ),
    (
        facts(replace(post(), documents=(PDF,)), documents=[DocumentFacts(D, (CLEAR, f"Page two. {TOLD}"), ())]),
        "document 1 page 2",
        "Okonkwo-Price",
    ),
]


@pytest.mark.parametrize(("known", "field", "characters"), FIELDS, ids=[f"{n} {f[1]}" for n, f in enumerate(FIELDS)])
def test_a_surname_is_found_in_every_text_of_a_post(known: PostFacts, field: str, characters: str) -> None:
    (finding,) = find(known)
    evidence = finding.evidence
    assert isinstance(evidence, TextEvidence)
    assert evidence.field == field
    assert evidence.text[evidence.start : evidence.end] == characters
    assert (finding.clause, finding.kind, finding.pupil_ids) == ("C12", "surname", ("P001",))
    assert finding.severity == ("today" if finding.band == "breach" else "week")
    assert "Okonkwo" not in finding.explanation


NEAR_MISSES = [
    facts(post(title=CLEAR, text=CLEAR)),
    facts(post(title="", text="  \n ")),
    facts(with_photo(url="https://www.larkmere.example/")),
    facts(with_photo(url="data:image/png;base64,Okonkwo")),
    facts(post(url="https://www.larkmere.example/?p=12&utm_source=newsletter#comments")),
    facts(with_photo(url=f"{URL}/1.jpg?w=800&ver=6.4&name=Maya")),
    facts(replace(post(), documents=(PDF,))),
    facts(replace(post(), documents=(PDF,)), documents=[DocumentFacts(D, ("",), (), not_examined=quoted("locked"))]),
    facts(with_photo(), words("Star of the week", "Maya")),
    facts(with_photo(), words()),
]


@pytest.mark.parametrize("known", NEAR_MISSES)
def test_texts_without_a_surname_give_nothing(known: PostFacts) -> None:
    assert find(known) == []


def test_no_text_that_is_empty_is_looked_at() -> None:
    assert [one.field for one in texts_of_post(facts(post(title="", text=" \n")))] == ["address"]


ADDRESSES = [
    # an address                                          what of it is read
    (f"{URL}/1.jpg", "/news/harvest/1.jpg"),
    (f"{URL}?a=M%C3%A9l+B%26C&b=#top", "/news/harvest?a=Mél B&C&b=#top"),
    ("https://www.larkmere.example/?p=12", "/?p=12"),
    ("https://www.larkmere.example?p=12", "?p=12"),
    (f"{URL}/n.pdf#page=2", "/news/harvest/n.pdf"),
    (f"{URL}#data-2", "/news/harvest"),
    (f"{URL}#data-protection", "/news/harvest#data-protection"),
    (f"{URL}?page=2", "/news/harvest?page=2"),
    (f"{URL}#a+b", "/news/harvest#a+b"),
]


@pytest.mark.parametrize(("address", "read"), ADDRESSES)
def test_what_the_school_chose_of_an_address_is_read(address: str, read: str) -> None:
    (name,) = [one for one in texts_of_post(facts(with_photo(url=address))) if one.field == "photo 1 file name"]
    assert name.text == read


def test_every_text_is_named_as_a_person_finds_it() -> None:
    full = replace(
        post(PhotoUse(f"{URL}/1.jpg", A, "alt", "caption"), PhotoUse("data:image/png;base64,AA", B, "alt")),
        text="text",
        author="author",
        comments=(Comment("Ann", "Oh"),),
        documents=(PDF,),
    )
    known = facts(full, words("w"), words("x", sha256=B), documents=[DocumentFacts(D, ("p1", "", "p3"), ())])
    assert [one.field for one in texts_of_post(known)] == [
        "title", "text", "address", "author", "photo 1 alt", "photo 1 caption", "photo 1 file name", "photo 2 alt",
        "comment 1 author", "comment 1 text", "document 1 link", "document 1 file name", "document 1 page 1",
        "document 1 page 3", "words in photo 1", "words in photo 2",
    ]  # fmt: skip
    assert {one.author_role for one in texts_of_post(known) if one.field.startswith("comment")} == {"unknown"}


# --- words in photos ------------------------------------------------------------------------------------------------

LINE = 20.0
LINES = [
    (("Star of the week", "Maya Okonkwo-Price", "Well done"), [1]),
    (("Maya Okonkwo-Price", "Star"), [0]),
    (("Star of the week", "", "Maya Okonkwo-Price"), [2]),
    (("Rayan Thistlewood and Maya Okonkwo-Price",), [0]),
]


@pytest.mark.parametrize(("lines", "meant"), LINES)
def test_words_in_a_photo_give_the_boxes_of_their_lines(lines: tuple[str, ...], meant: list[int]) -> None:
    read = replace(words(*lines), faces=(Face((300.0, 5.0, 40.0, 50.0), 0.9, "nobody"),))
    found = find(facts(with_photo(), read))
    assert found
    for finding in found:
        evidence = finding.evidence
        assert isinstance(evidence, PhotoEvidence)
        assert evidence.boxes == tuple(read.words[number].box for number in meant)
        assert evidence.words == "\n".join(lines)
        assert evidence.words[evidence.start : evidence.end] in ("Okonkwo-Price", "Thistlewood")
        assert evidence.other_faces == ((300.0, 5.0, 40.0, 50.0),)
        assert (evidence.photo_url, evidence.sha256) == (f"{URL}/1.jpg", A)


def test_words_of_a_picture_inside_a_document_are_read_too() -> None:
    inside = DocumentFacts(D, (), (DocumentPicture(3, B),))
    known = facts(replace(post(), documents=(PDF,)), words("Maya Okonkwo-Price", sha256=B), documents=[inside])
    (finding,) = find(known)
    assert isinstance(finding.evidence, PhotoEvidence)
    assert finding.evidence.photo_url == f"{URL}/newsletter.pdf#page=3"


# --- identity -------------------------------------------------------------------------------------------------------

PHOTO = PhotoUse(f"{URL}/1.jpg", A, TOLD, TOLD)
COMMENT = Comment("Ann", TOLD)
FULL = replace(post(PHOTO, title=TOLD, text=f"{TOLD} Again: Okonkwo-Price."), comments=(COMMENT,), documents=(PDF,))
KNOWN = (words("Maya Okonkwo-Price"), words("Nothing", sha256=B))
PAGES = DocumentFacts(D, (TOLD,), ())
CHANGES = {
    "another photo before it": replace(FULL, photos=(PhotoUse(f"{URL}/0.jpg", B, "alt"), PHOTO)),
    "another comment before it": replace(FULL, comments=(Comment("Bob", "First"), COMMENT)),
    "another document before it": replace(FULL, documents=(DocumentUse(f"{URL}/menu.pdf", None, "Menu"), PDF)),
    "more text around it": replace(FULL, text=f"Harvest! {FULL.text} Thank you."),
    "another day": replace(FULL, published_at=None),
}


def ids(one: Post) -> set[str]:
    return {finding.id for finding in find(facts(one, *KNOWN, documents=[PAGES]))}


@pytest.mark.parametrize("what", CHANGES)
def test_a_finding_stays_itself_while_what_is_around_it_changes(what: str) -> None:
    assert ids(CHANGES[what]) == ids(FULL)


def test_a_finding_stays_itself_when_another_pupil_of_that_name_joins() -> None:
    joined = surname_check(declared([*SCHOOL.pupils.values(), pupil("P000", name="Tola Okonkwo-Price")]))
    known = facts(FULL, *KNOWN, documents=[PAGES])
    assert {finding.id for finding in joined(known)} == ids(FULL)


def test_each_place_and_each_mention_is_a_finding_of_its_own() -> None:
    found = find(facts(FULL, *KNOWN, documents=[PAGES]))
    fields = [finding.evidence.field if isinstance(finding.evidence, TextEvidence) else "photo" for finding in found]
    assert fields == [
        "title", "text", "text", "photo 1 alt", "photo 1 caption", "comment 1 text", "document 1 page 1", "photo",
    ]  # fmt: skip
    assert not ids(FULL) & ids(replace(FULL, url=f"{URL}-2"))
    assert not ids(FULL) & ids(replace(FULL, account="other"))
    assert find(facts(FULL, *KNOWN, documents=[PAGES])) == found


@pytest.mark.parametrize(
    "text, found",
    [
        ("Welcome to Thistlewood Vale Infant School, where every child matters.", []),
        ("At Thistlewood Vale the bluebells are out and the pupils wrote poems.", []),
        ("Write to the office at thistlewood.example if your child is ill.", []),
        ("Rayan Thistlewood lives at Thistlewood Vale.", ["Thistlewood"]),
        ("Thistlewood was our star reader.", ["Thistlewood"]),
    ],
)
def test_the_name_of_the_school_is_no_surname(text: str, found: list[str]) -> None:
    ours = Ours(OwnContacts(domains=("thistlewood.example",)), frozenset({"thistlewood vale infant school"}))
    findings = surname_check(SCHOOL, ours)(facts(post(text=text)))
    assert [words_of(finding) for finding in findings] == found


@pytest.mark.parametrize("text", ["Anna Maria Brzeski", "Anna Brzeski", "A. Brzeski", "Brzeski, Anna", "annabrzeski"])
def test_the_first_of_several_given_names_is_enough(text: str) -> None:
    given = replace(pupil("P001", name="Anna Brzeski"), legal_forename="Anna Maria")
    findings = list(surname_check(declared([given]))(facts(post(text=f"Well done #{text}"))))
    assert [(finding.band, finding.pupil_ids) for finding in findings] == [("breach", ("P001",))]
