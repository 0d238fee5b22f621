"""Posts and files as found: what goes in comes out, and nothing changes that did not change on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from auditbot.model import Comment, DocumentUse, FetchedFile, KnownFile, PhotoUse, Post, PostGone, PostMoved
from auditbot.sentences import quoted
from auditbot.store import Store
from tests.unit.store.facts import NIGHT, NOON, POSTS, URL, post

A, B = "a" * 64, "b" * 64
FULL = Post(
    account="website",
    url=URL,
    title="Harvest",
    text="We sang.\n\nThank you.",
    author="Mrs Lee",
    published_at=NOON,
    photos=(PhotoUse(f"{URL}/1.jpg", A, "alt", "caption"), PhotoUse(f"{URL}/2.jpg", None, found_in="comment")),
    comments=(Comment("Ann", "Lovely!", NOON, f"{URL}#c1"), Comment("", "Well done")),
    documents=(DocumentUse(f"{URL}/n.pdf", B, "Newsletter"),),
)


def stamps(store: Store, url: str = URL) -> tuple[str, str]:
    row = store.published.state_of("website", url)
    assert row is not None
    return row["last_reached_at"], row["changed_at"]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=POSTS)
def test_every_post_comes_back_as_it_was(store: Store, one: Post) -> None:
    fresh = replace(one, url=f"{one.url}#{sum(1 for _ in store.published.posts())}")
    store.published.save_post(fresh, NOON)
    assert fresh in list(store.published.posts(fresh.account))


def test_saving_a_post_again_changes_nothing_but_when_it_was_reached(store: Store) -> None:
    store.published.save_post(FULL, NOON)
    store.published.save_post(FULL, NOON + NIGHT)
    assert list(store.published.posts()) == [FULL]
    assert stamps(store) == ((NOON + NIGHT).isoformat(), NOON.isoformat())


CHANGES = [
    {"title": "Harvest!"},
    {"text": "We sang."},
    {"author": ""},
    {"published_at": None},
    {"photos": FULL.photos[:1]},
    {"photos": FULL.photos[::-1]},
    {"photos": (replace(FULL.photos[0], alt="Maya Day"), FULL.photos[1])},
    {"photos": (replace(FULL.photos[0], sha256=B), FULL.photos[1])},
    {"comments": (*FULL.comments, Comment("Bob", "Hm"))},
    {"comments": ()},
    {"documents": ()},
]


@pytest.mark.parametrize("change", CHANGES, ids=[str(change)[:40] for change in CHANGES])
def test_any_change_of_a_post_is_noticed_and_replaces_what_was_known(store: Store, change: dict[str, object]) -> None:
    changed = replace(FULL, **change)  # type: ignore[arg-type]
    store.published.save_post(FULL, NOON)
    store.published.save_post(changed, NOON + NIGHT)
    assert list(store.published.posts()) == [changed]
    assert stamps(store) == ((NOON + NIGHT).isoformat(),) * 2


def test_a_file_that_could_not_be_had_this_time_stands_as_last_taken(store: Store) -> None:
    store.published.save_post(FULL, NOON)
    missed = replace(
        FULL,
        photos=(replace(FULL.photos[0], sha256=None), FULL.photos[1]),
        documents=(replace(FULL.documents[0], sha256=None),),
    )
    store.published.save_post(missed, NOON + NIGHT)
    assert list(store.published.posts()) == [FULL]
    assert stamps(store)[1] == NOON.isoformat()


def test_the_day_of_a_post_is_a_day_at_the_school(store: Store) -> None:
    midnight = replace(FULL, published_at=datetime(2026, 8, 31, 23, 0, tzinfo=UTC))
    store.published.save_post(midnight, NOON.astimezone(ZoneInfo("Europe/London")))
    (kept,) = store.published.posts()
    assert kept == midnight
    assert kept.published_at is not None
    assert kept.published_at.isoformat() == "2026-09-01T00:00:00+01:00"


def test_a_post_of_the_hour_that_comes_twice_does_not_seem_to_change(store: Store) -> None:
    twice = replace(FULL, published_at=datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London")))
    for reached_at in (NOON, NOON + NIGHT):
        store.published.save_post(twice, reached_at.astimezone(ZoneInfo("Europe/London")))
    (kept,) = store.published.posts()
    assert kept.published_at is not None
    assert kept.published_at.isoformat() == "2026-10-25T01:30:00+00:00"
    assert stamps(store) == ((NOON + NIGHT).isoformat(), NOON.isoformat())


def test_a_photo_that_the_page_shows_no_longer_is_not_kept(store: Store) -> None:
    store.published.save_post(FULL, NOON)
    other = replace(FULL, photos=(PhotoUse(f"{URL}/3.jpg", None),))
    store.published.save_post(other, NOON + NIGHT)
    assert list(store.published.posts()) == [other]


def test_gone_and_back_again(store: Store) -> None:
    store.published.save_post(FULL, NOON)
    store.published.mark_gone(PostGone("website", URL, quoted("The page answers 404 Not Found.")), NOON + NIGHT)
    assert list(store.published.posts()) == []
    assert store.published.permalinks("website") == frozenset()
    assert store.published.gone_proofs() == {("website", URL): "The page answers 404 Not Found."}
    store.published.mark_gone(PostGone("website", URL, quoted("The page answers 410 Gone.")), NOON + 2 * NIGHT)
    row = store.published.state_of("website", URL)
    assert row is not None
    assert row["gone_at"] == (NOON + NIGHT).isoformat() and "The page answers 404" in row["gone_proof"]
    # An older version wrote a clause.
    store.published._db.execute("UPDATE posts SET gone_proof = 'the page answers 404 Not Found'")
    assert store.published.gone_proofs() == {("website", URL): "The page answers 404 Not Found."}

    store.published.save_post(FULL, NOON + 3 * NIGHT)
    assert list(store.published.posts()) == [FULL]
    assert store.published.permalinks("website") == {URL}
    assert store.published.gone_proofs() == {}


def test_marking_an_unknown_post_as_gone_makes_none(store: Store) -> None:
    store.published.mark_gone(PostGone("website", URL, quoted("The page answers 404 Not Found.")), NOON)
    assert store.published.state_of("website", URL) is None


def test_the_same_permalink_in_two_accounts_is_two_posts(store: Store) -> None:
    website, facebook = post(account="website"), post(account="facebook")
    for one in (website, facebook):
        store.published.save_post(one, NOON)
    store.published.mark_gone(PostGone("facebook", URL, quoted("The page answers 404 Not Found.")), NOON)
    assert list(store.published.posts()) == [website]
    assert list(store.published.posts("website")) == [website]
    assert list(store.published.posts("facebook")) == []


def test_posts_come_in_a_fixed_order_whatever_the_order_of_saving(store: Store) -> None:
    posts = [post(f"{URL}/{number}", account=account) for account in ("b", "a") for number in (2, 1)]
    for one in posts:
        store.published.save_post(one, NOON)
    wanted = [("a", f"{URL}/1"), ("a", f"{URL}/2"), ("b", f"{URL}/1"), ("b", f"{URL}/2")]
    assert [(one.account, one.url) for one in store.published.posts()] == wanted


def test_files_are_offered_again_only_if_the_server_gave_a_validator(store: Store) -> None:
    files = [
        FetchedFile("https://a/1.jpg", A, etag='"1"'),
        FetchedFile("https://a/2.jpg", A, last_modified="Sun, 22 Nov 2026 12:00:00 GMT"),
        FetchedFile("https://a/3.jpg", A),
        FetchedFile("https://a/1.jpg", B, etag='"2"'),
    ]
    for file in files:
        store.published.save_file(file)
    assert store.published.known_files() == {
        "https://a/1.jpg": KnownFile(B, '"2"'),
        "https://a/2.jpg": KnownFile(A, "", "Sun, 22 Nov 2026 12:00:00 GMT"),
    }


def test_a_file_that_lost_its_validator_is_not_offered_with_the_old_one(store: Store) -> None:
    store.published.save_file(FetchedFile("https://a/1.jpg", A, etag='"1"'))
    store.published.save_file(FetchedFile("https://a/1.jpg", B))
    assert store.published.known_files() == {}


HALF = "\ud83e"


def test_half_a_character_from_a_page_does_not_stop_the_run(store: Store) -> None:
    torn = replace(FULL, title=f"Fun {HALF}", comments=(Comment(HALF, f"\ud83e\uddd2 {HALF}"),))
    store.published.save_post(torn, NOON)
    store.published.save_post(torn, NOON + NIGHT)
    (kept,) = store.published.posts()
    assert kept.title == "Fun \ufffd"
    assert kept.comments == (Comment("\ufffd", "\U0001f9d2 \ufffd"),)
    assert stamps(store)[1] == NOON.isoformat()
    store.published.save_file(FetchedFile(f"https://a/{HALF}", A, etag=HALF))
    store.published.mark_gone(PostGone("website", URL, quoted(HALF)), NOON)


MOVED = "https://larkmere.example/2026/pond/"
LONG = replace(FULL, text="Maya and Oscar found nine newts in the pond and drew all of them.")


@pytest.mark.parametrize(
    ("before", "now", "superseded"),
    [
        (LONG, LONG, True),
        (replace(LONG, title="Pond"), LONG, True),
        (LONG, replace(LONG, text="We are doing some work on our website and will be back as soon as we can."), False),
        (replace(FULL, text="Fun."), replace(FULL, text="Fun."), True),
        (replace(FULL, text="Fun."), replace(FULL, text="Fun.", title="Another"), False),
        (replace(FULL, text="", photos=()), replace(FULL, text="", photos=()), False),
    ],
)
def test_a_permalink_that_leads_to_another_is_superseded_only_by_the_same_post(
    store: Store, before: Post, now: Post, superseded: bool
) -> None:
    store.published.save_post(before, NOON)
    now = replace(now, url=MOVED)
    store.published.save_post(now, NOON + NIGHT)
    store.published.mark_moved(PostMoved("website", before.url, MOVED), NOON + NIGHT)
    assert store.published.permalinks("website") == ({MOVED} if superseded else {before.url, MOVED})
    # It was not taken down: there is no proof of that.
    assert store.published.gone_proofs() == ({("website", before.url): ""} if superseded else {})


def test_a_post_whose_words_appeared_elsewhere_meanwhile_was_not_taken_down(store: Store) -> None:
    gone = PostGone("website", URL, quoted("The page answers 404 Not Found."))
    twin = replace(LONG, url=f"{URL}/always-the-same")
    for one in (LONG, twin):
        store.published.save_post(one, NOON)
    store.published.save_post(twin, NOON + NIGHT)
    store.published.mark_gone(gone, NOON + NIGHT)
    assert store.published.gone_proofs() == {("website", URL): "The page answers 404 Not Found."}
    store.published.save_post(replace(LONG, url=MOVED), NOON + NIGHT)
    assert store.published.gone_proofs() == {("website", URL): ""}
