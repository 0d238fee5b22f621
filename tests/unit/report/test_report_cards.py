"""Cards: one per photo and one for the words of a post, in the order of risk."""

from __future__ import annotations

from typing import Any

from auditbot.model import Finding
from auditbot.present.cards import Card, cards, children
from tests.unit.report import report_sample as sample


def made(*findings: Finding) -> tuple[Card, ...]:
    return cards(sample.audit(tuple(sample.tracked(found) for found in findings)), sample.context(permissions={}))


def test_findings_of_one_photo_share_a_card() -> None:
    (card,) = made(sample.finding("a"), sample.finding("b", kind="unknown_faces", severity="week", pupil_ids=()))
    assert [group.first.id for group in card.groups] == ["a", "b"]
    assert card.severity == "today"


def test_the_same_surname_in_two_texts_of_a_post_is_one_group() -> None:
    (card,) = made(
        sample.finding("a", clause="C12", kind="surname", evidence=sample.text("Rayan Khan", "Khan", "title")),
        sample.finding("b", clause="C12", kind="surname", evidence=sample.text("by Khan", "Khan", "photo 1 alt")),
    )
    assert len(card.groups) == 1 and len(card.groups[0].findings) == 2


def test_the_same_photo_in_three_posts_is_one_card_with_three_places() -> None:
    (card,) = made(*(sample.finding(f"f{n}", post_url=f"{sample.BASE}/{n}/") for n in range(3)))
    assert [place.url for place in card.places] == [f"{sample.BASE}/{n}/" for n in range(3)]


def test_a_photo_is_one_card_wherever_it_stands_and_another_photo_another() -> None:
    first = sample.finding("a", post_url=f"{sample.BASE}/1/")
    second = sample.finding("b", post_url=f"{sample.BASE}/2/")
    more = sample.finding("c", post_url=f"{sample.BASE}/2/", evidence=sample.photo(sample.PAIR))
    other_account = sample.finding("d", account="Larkmere on Bluesky", post_url="https://bsky.example/1")
    other_pupil = sample.finding("e", post_url=f"{sample.BASE}/3/", pupil_ids=("P001",))
    both = made(first, second, more, other_account, other_pupil)
    assert sorted(card.size for card in both) == [1, 4]


def test_words_of_a_post_are_one_card_and_words_to_read_another() -> None:
    name = {"clause": "C12", "kind": "surname"}
    one = sample.finding("a", evidence=sample.text("Rayan Khan", "Khan", "title"), **name)
    ring = sample.text("Ring 01632 960001", "01632 960001")
    two = sample.finding("b", evidence=ring, clause="C5", kind="phone_number")
    read = sample.finding("c", evidence=sample.text("Vote no!", "Vote no!"), clause="C6", kind="words_campaign")
    assert [len(card.groups) for card in made(one, two, read)] == [2, 1]


def test_copies_of_a_post_are_one_card() -> None:
    name = {"clause": "C12", "kind": "surname", "evidence": sample.text("Well done Rayan Khan", "Khan")}
    (card,) = made(*(sample.finding(f"f{n}", post_url=f"{sample.BASE}/{n}/", **name) for n in range(3)))
    assert card.size == 3


def test_cards_stand_in_the_order_of_risk_certain_before_likely() -> None:
    def words(name: str, clause: str, kind: str, **changes: Any) -> Finding:
        evidence = sample.text(f"These are words {name}.", name)
        return sample.finding(name, clause=clause, kind=kind, evidence=evidence, pupil_ids=(), **changes)

    def face(name: str, kind: str, **changes: Any) -> Finding:
        changes = {"post_url": f"{sample.BASE}/{name}/"} | changes
        return sample.finding(name, kind=kind, evidence=sample.photo(f"{name}{'0' * 64}"[:64]), **changes)

    ordered = made(
        words("rec", "C2", "no_risk_assessment", post_url="", severity="governance"),
        words("read", "C6", "words_campaign", post_url=f"{sample.BASE}/1/"),
        face("unknown", "unknown_faces", pupil_ids=()),
        words("surname", "C12", "surname", post_url=f"{sample.BASE}/2/"),
        words("phone", "C5", "phone_number", post_url=f"{sample.BASE}/3/"),
        face("perhaps", "possible_no_permission", band="review"),
        face("certain", "no_permission"),
        words("contact", "C9", "words_contact", post_url=f"{sample.BASE}/4/"),
        face("never", "never_publish"),
    )
    expected = ["never", "contact", "certain", "perhaps", "phone", "surname", "unknown", "read", "rec"]
    assert [card.first.id for card in ordered] == expected
    assert [card.number for card in ordered] == list(range(1, 10))


def test_all_of_one_post_stands_together_with_the_gravest_of_it() -> None:
    def words(name: str, clause: str, kind: str, post: int) -> Finding:
        evidence, url = sample.text(f"These are words {name}.", name), f"{sample.BASE}/{post}/"
        return sample.finding(name, clause=clause, kind=kind, evidence=evidence, pupil_ids=(), post_url=url)

    def face(name: str, kind: str, post: int) -> Finding:
        evidence, url = sample.photo(f"{name}{'0' * 64}"[:64]), f"{sample.BASE}/{post}/"
        return sample.finding(name, kind=kind, evidence=evidence, post_url=url)

    ordered = made(
        words("read", "C6", "words_campaign", 1),
        face("certain", "no_permission", 2),
        words("phone", "C5", "phone_number", 3),
        words("surname", "C12", "surname", 1),
        words("contact", "C9", "words_contact", 3),
        face("never", "never_publish", 1),
        face("other", "no_permission", 3),
    )
    expected = ["never", "surname", "read", "contact", "other", "phone", "certain"]
    assert [card.first.id for card in ordered] == expected


def test_what_names_a_protected_child_comes_first_whatever_it_is() -> None:
    surname = sample.finding("s", clause="C12", kind="surname", evidence=sample.text("by Khan", "Khan"))
    plain = sample.finding("p", pupil_ids=("P001",), post_url=f"{sample.BASE}/2/", evidence=sample.photo(sample.PAIR))
    audit = sample.audit(tuple(map(sample.tracked, (plain, surname))))
    ordered = cards(audit, sample.context(protected=frozenset(surname.pupil_ids)))
    assert [card.first.id for card in ordered] == ["s", "p"]


def test_a_child_in_several_photos_stands_once_in_the_list_by_child() -> None:
    several = [
        sample.finding(f"f{n}", post_url=f"{sample.BASE}/{n}/", evidence=sample.photo(f"{n}" * 64), band=band)
        for n, band in enumerate(("breach", "breach", "review"))
    ]
    other = sample.finding("o", pupil_ids=("P001",), evidence=sample.photo("9" * 64))
    (child,) = children(made(*several, other))
    assert (child.pupil_id, child.photos, child.likely, child.perhaps) == ("P012", 3, 2, 1)


def test_what_is_gone_has_no_card() -> None:
    gone = sample.tracked(sample.finding("a"), "gone")
    assert cards(sample.audit((gone,)), sample.context()) == ()


def test_the_order_does_not_depend_on_the_order_of_findings() -> None:
    findings = sample.many()
    forwards = cards(sample.audit(findings), sample.context())
    backwards = cards(sample.audit(findings[::-1]), sample.context())
    assert [card.places[0].url for card in forwards] == [card.places[0].url for card in backwards]
