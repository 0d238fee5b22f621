"""Sites of several makes are collected whole: posts, photos in their best rendition, comments, dates; and no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.layouts import LAYOUTS, Layout
from tests.browser.little_server import LittleServer
from tests.browser.small_site import Collected, collect_site, sha256


def score(found: Collected, layout: Layout) -> dict[str, tuple[int, int]]:
    """Return for each kind of thing how many of how many were found."""
    posts = {path: found.posts.get(path) for path in layout.posts}
    pairs = [(told, posts[path]) for path, told in layout.posts.items()]
    return {
        "posts": (sum(post is not None and told.text in post.text for told, post in pairs), len(pairs)),
        "photos": (
            sum(
                sha256(best) in {use.sha256 for use in post.photos}
                for told, post in pairs
                if post
                for best in told.photos
            ),
            sum(len(told.photos) for told, _ in pairs),
        ),
        "comments": (
            sum(
                text in {item.text for item in post.comments} for told, post in pairs if post for text in told.comments
            ),
            sum(len(told.comments) for told, _ in pairs),
        ),
        "dates": (sum(post is not None and post.published_at == told.at for told, post in pairs), len(pairs)),
    }


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_site_of_this_make_is_collected_whole(
    name: str, site: LittleServer, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    layout = LAYOUTS[name](site)
    found = collect_site(site, tmp_path, page_timeout_seconds=20.0)
    scores = score(found, layout)
    tell(f"{name}: " + ", ".join(f"{what} {hits} of {of}" for what, (hits, of) in scores.items() if of))
    assert {what: hits for what, (hits, _) in scores.items()} == {what: of for what, (_, of) in scores.items()}
    taken = [secret for secret in layout.secret if any(secret in str(event) for event in found.events)]
    asked = [secret for secret in layout.secret if any(secret in path for path in site.paths())]
    assert (taken, asked) == ([], [])
    assert not layout.pressed or layout.pressed in site.paths()
    assert found.coverage.status == "complete"
