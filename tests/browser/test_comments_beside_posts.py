"""Comments that stand beside a post, on pages of their own or in a builder's own boxes, are read with their post."""

from __future__ import annotations

import pytest

from tests.browser.little_server import LittleServer
from tests.browser.small_site import CollectSite

_POSTS = {
    "walk": ("The walk to the mill", "We ground two bags of flour and baked a flat loaf with tomato.", 2),
    "cat": ("The cat of our class", "He answers the register with a yawn and sleeps on the carpet.", 1),
    "boats": ("Counting boats", "Down at the harbour nine had yellow stripes and five had red.", 0),
}


def _said(slug: str, number: int) -> str:
    return f"Words about the {slug}, said by visitor {number}"


def _block(slug: str, number: int) -> str:
    title, words, _ = _POSTS[slug]
    return (
        f"<div id='blog-post-{number}' class='blog-post'><div class='blog-header'><h2 class='blog-title'>"
        f"<a class='blog-title-link' href='/blog/{slug}'>{title}</a></h2><p class='blog-date'><span class='date-text'>"
        f"{7 + number}/10/2026</span></p></div><div class='blog-content'><div class='paragraph'>{words}</div>"
        "</div></div>"
    )


def _weebly(slug: str, number: int) -> str:
    spoken = "".join(
        f"<div class='blogCommentWrap' id='comment-{n}'><div class='blogCommentAuthor'><span class='name'>Visitor {n}"
        f"</span></div><div class='blogCommentDate'><span>9/10/2026 07:2{n}:11 pm</span></div><div "
        f"class='blogCommentText'><p>{_said(slug, n)}</p></div><a href='#commentReply'>Reply</a></div>"
        for n in range(_POSTS[slug][2])
    )
    return (
        f"<ul><li><a href='/blog'>Blog</a></li></ul><div class='blog-body'>{_block(slug, number)}<div id='comments'>"
        f"{spoken}<form><h2>Leave a Reply.</h2><textarea name='comment'></textarea></form></div></div>"
    )


def test_the_one_entry_of_its_own_page_is_the_post(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {f"/blog/{slug}": _weebly(slug, at) for at, slug in enumerate(_POSTS)}
    blocks = "".join(_block(slug, at) for at, slug in enumerate(_POSTS))
    site.routes |= {"/": "<p>Welcome.</p><a href='/blog'>Blog</a>", "/blog": f"<h1>Blog</h1>{blocks}"}
    found = collect()
    for at, (slug, (title, words, count)) in enumerate(_POSTS.items()):
        post = found.posts[f"/blog/{slug}"]
        assert (post.title, post.text) == (title, words)
        assert post.published_at is not None and post.published_at.day == 7 + at
        assert [(each.author, each.text) for each in post.comments] == [
            (f"Visitor {n}", _said(slug, n)) for n in range(count)
        ]
        assert all(each.published_at is not None for each in post.comments)
    assert found.coverage.status == "complete"


@pytest.mark.parametrize("name", ["start", "commentsstart41", "p"])
def test_further_pages_of_comments_are_no_further_pages_of_the_post(
    name: str, site: LittleServer, collect: CollectSite
) -> None:
    def page(first: int) -> str:
        spoken = "".join(
            f"<li class='comment-holder'><div class='comment' id='comment-{n}'><div class='comment-text'><p>"
            f"{_said('walk', n)}</p></div><p class='info'><span class='author'>Posted by Visitor {n}</span>, "
            "<span class='date'>12 October 2026</span></p></div></li>"
            for n in range(first, min(first + 2, 7))
        )
        numbers = " ".join(
            f"<a href='/walk/?{name}={at}#comments-holder'>{at // 2 + 1}</a>"
            for at in range(max(first - 2, 0), 7, 2)
            if at != first and at <= first + 2
        )
        return (
            "<div class='main'><article><h1>The walk to the mill</h1><div class='content'><p>We ground two bags of "
            "flour and baked a flat loaf.</p></div><p>Posted on 10 October 2026</p></article><div id='comments-holder'>"
            f"<h4>Comments</h4><ul class='comments-list'>{spoken}</ul><div class='comments-pagination'>{numbers}</div>"
            "</div></div>"
        )

    site.routes |= {f"/walk/?{name}={first}": page(first) for first in (0, 2, 4, 6)}
    site.routes |= {"/": "<p>Welcome.</p><a href='/walk/'>The walk to the mill</a>", "/walk/": page(0)}
    found = collect()
    spoken = found.posts["/walk/"].comments
    assert sorted(each.text for each in spoken) == [_said("walk", n) for n in range(7)]
    assert {each.author for each in spoken} == {f"Visitor {n}" for n in range(7)}
    assert found.coverage.status == "complete"


@pytest.mark.parametrize("shown", [2, 1])
def test_a_count_that_leads_to_the_form_counts_what_stands_above_it(
    shown: int, site: LittleServer, collect: CollectSite
) -> None:
    spoken = "".join(
        f"<li class='comment' id='li-comment-{n}'><article id='comment-{n}' class='comment-body'><span class='fn'>"
        f"Visitor {n}</span><div class='comment-content'><p>{_said('walk', n)}</p></div></article></li>"
        for n in range(shown)
    )
    meta = "<span class='published'>10 October 2026</span> | <a href='/walk/#respond'>2 comments</a>"
    form = "<h3>Submit a Comment</h3><form method='post'><textarea name='comment'></textarea></form>"
    counts = "<p id='seen'></p><script>seen.textContent = 'Opened by ' + 3 + ' visitors so far'</script>"
    site.routes |= {
        "/": "<p>Welcome.</p><a href='/walk/'>The walk to the mill</a>",
        "/walk/": f"<article class='post'><h1>The walk to the mill</h1><p class='post-meta'>{meta}</p><div class="
        "'entry-content'><p>We ground two bags of flour and baked a flat loaf.</p></div><section id='comment-wrap'><ol "
        f"class='commentlist'>{spoken}</ol><div id='respond' class='comment-respond'>{form}</div></section></article>"
        f"{counts}",
    }
    found = collect()
    assert len(found.posts["/walk/"].comments) == shown
    assert found.coverage.status == ("complete" if shown == 2 else "partial")
