"""Whatever a service answers, an account ends with one Coverage, and an ordinary post among it all is still read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.model import Post
from tests.unit.collect import test_bluesky, test_facebook, test_instagram, test_mastodon, test_threads, test_x
from tests.unit.collect.services import Services

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.sampled_from(["https://[", "http://a@b/", "//", "{"]),
)
JSON = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


def bluesky(services: Services, item: Callable[[dict[str, Any]], Any]) -> str:
    services.says(test_bluesky.PROFILE, {"did": test_bluesky.DID})
    good = test_bluesky.post("good", embed={"images": [test_bluesky.image("a.jpg")]})
    services.says(test_bluesky.FEED, {"feed": [{"post": item(good)}, {"post": test_bluesky.post("fine", "Fine")}]})
    return test_bluesky.URL


def mastodon(services: Services, item: Callable[[dict[str, Any]], Any]) -> str:
    services.says(test_mastodon.LOOKUP, {"id": "77"})
    good = test_mastodon.status(9, media_attachments=[{"type": "image", "url": "http://cdn.example/a"}])
    services.says(test_mastodon.STATUSES, [item(good), test_mastodon.status(8, "<p>Fine</p>")], [])
    return test_mastodon.URL


def facebook(services: Services, item: Callable[[dict[str, Any]], Any]) -> str:
    services.says(test_facebook.PAGE, {"id": "100"})
    good = test_facebook.post(9, attachments={"data": [test_facebook.still("a.jpg", "5")]}, comments={"data": [{}]})
    services.says(test_facebook.POSTS, {"data": [item(good), test_facebook.post(8, "Fine")]})
    return test_facebook.URL


def instagram(services: Services, item: Callable[[dict[str, Any]], Any]) -> str:
    services.says("/v24.0/me", {"username": "larkmereinfants"})
    services.says(test_instagram.STORIES, {"data": []})
    good = test_instagram.post("good", "a.jpg", children={"data": [{}]}, comments={"data": [{}]})
    services.says(test_instagram.MEDIA, {"data": [item(good), test_instagram.post("fine", "b.jpg", caption="Fine")]})
    return test_instagram.URL


def threads(services: Services, item: Callable[[dict[str, Any]], Any]) -> str:
    services.says("/v1.0/me", {"username": "larkmere"})
    services.says(test_threads.REPLIES, {"data": []})
    good = test_threads.post("good", media_type="IMAGE", media_url="http://cdn.example/a")
    services.says(test_threads.POSTS, {"data": [item(good), test_threads.post("fine", text="Fine")]})
    return test_threads.URL


def x(services: Services, item: Callable[[dict[str, Any]], Any]) -> str:
    services.says(test_x.USER, {"data": {"id": "42"}})
    good = test_x.tweet(9, attachments={"media_keys": ["1"]}, note_tweet={"text": "Long"})
    services.says(test_x.TWEETS, {"data": [item(good), test_x.tweet(8, "Fine")], "meta": {}})
    return test_x.URL


@pytest.mark.parametrize("service", [bluesky, mastodon, facebook, instagram, threads, x])
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_a_broken_post_does_not_take_its_neighbour_along(
    services: Services, service: Callable[[Services, Callable[[dict[str, Any]], Any]], str], data: st.DataObject
) -> None:
    def broken(good: dict[str, Any]) -> Any:
        if data.draw(st.booleans()):
            return data.draw(JSON)
        names = data.draw(st.sets(st.sampled_from(sorted(good)), min_size=1))
        return {**good, **{name: data.draw(JSON) for name in sorted(names)}}

    url = service(services, broken)
    with tempfile.TemporaryDirectory() as folder:
        found = services.collect(Path(folder), service.__name__, url)
    assert "Fine" in {post.text for post in found.events if isinstance(post, Post)}
    assert found.coverage.status in ("complete", "partial")
