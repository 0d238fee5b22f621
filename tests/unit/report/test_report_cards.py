"""Cards: one per post, copies together, most urgent first."""

from __future__ import annotations

from auditbot.present.cards import cards
from tests.unit.report import report_sample as sample


def made(*findings):
    return cards(sample.audit(tuple(sample.tracked(found) for found in findings)), sample.context(permissions={}))


def test_findings_of_one_post_share_a_card():
    (card,) = made(sample.finding("a"), sample.finding("b", kind="unknown_faces", severity="week", pupil_ids=()))
    assert [group.first.id for group in card.groups] == ["a", "b"]
    assert card.severity == "today"


def test_the_same_surname_in_two_texts_of_a_post_is_one_group():
    (card,) = made(
        sample.finding("a", clause="C12", kind="surname", evidence=sample.text("Rayan Khan", "Khan", "title")),
        sample.finding("b", clause="C12", kind="surname", evidence=sample.text("by Khan", "Khan", "photo 1 alt")),
    )
    assert len(card.groups) == 1 and len(card.groups[0].findings) == 2


def test_the_same_photo_in_three_posts_is_one_card_with_three_places():
    (card,) = made(*(sample.finding(f"f{n}", post_url=f"{sample.BASE}/{n}/") for n in range(3)))
    assert [place.url for place in card.places] == [f"{sample.BASE}/{n}/" for n in range(3)]


def test_other_findings_on_a_copy_keep_it_apart():
    first = sample.finding("a", post_url=f"{sample.BASE}/1/")
    second = sample.finding("b", post_url=f"{sample.BASE}/2/")
    more = sample.finding("c", post_url=f"{sample.BASE}/2/", evidence=sample.photo(sample.PAIR))
    other_account = sample.finding("d", account="Larkmere on Bluesky", post_url="https://bsky.example/1")
    other_pupil = sample.finding("e", post_url=f"{sample.BASE}/3/", pupil_ids=("P001",))
    assert len(made(first, second, more, other_account, other_pupil)) == 4


def test_the_most_urgent_card_comes_first_and_is_number_one():
    ordered = made(
        sample.finding("g", severity="governance", post_url=f"{sample.BASE}/g/"),
        sample.finding("w", severity="week", post_url=f"{sample.BASE}/w/"),
        sample.finding("r", band="review", post_url=f"{sample.BASE}/r/"),
        sample.finding("t", post_url=f"{sample.BASE}/t/"),
    )
    assert [(card.number, card.groups[0].first.id) for card in ordered] == [(1, "t"), (2, "r"), (3, "w"), (4, "g")]


def test_what_is_gone_has_no_card():
    gone = sample.tracked(sample.finding("a"), "gone")
    assert cards(sample.audit((gone,)), sample.context()) == ()


def test_the_order_does_not_depend_on_the_order_of_findings():
    findings = sample.many()
    forwards = cards(sample.audit(findings), sample.context())
    backwards = cards(sample.audit(findings[::-1]), sample.context())
    assert [card.places[0].url for card in forwards] == [card.places[0].url for card in backwards]
