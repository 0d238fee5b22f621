"""Comments that no class marks are told from the post by their structure, and what only looks like them is not."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from auditbot.collect.html.comment_pages import comment_pages
from auditbot.collect.html.comments import find_comments
from auditbot.collect.html.dom import parse
from auditbot.collect.net.urls import Site

LONDON = ZoneInfo("Europe/London")
BODY = "<main><h1>Pond</h1><p>Nine newts were found in the pond by the Wrens.</p>{}</main>"
TWO = "<div><b>Ann Reed</b><i>{}</i><p>Lovely day!</p></div><div><b>Bo Hill</b><i>{}</i><p>So good.</p></div>"
ARE = {
    "under a heading": "<h3>Comments</h3><section>" + TWO.format("18h", "3d") + "</section>",
    "under a count": "<p>2 comments</p><div>" + TWO.format("14 October", "15 October") + "</div>",
    "in Welsh": "<h2>Sylwadau (2)</h2><div>" + TWO.format("3 Mai 2026", "4 Mai 2026") + "</div>",
    "beside a button that hides them": "<section><button>Hide comments</button>" + TWO.format("18h", "3d").replace(
        "<div>", "<div class='x1'>") + "</section>",
    "with buttons": "<h4>Responses</h4><div>" + TWO.format("2 days ago", "yesterday").replace("</div>",
        "<button>Like</button><span>Reply</span></div>") + "</div>",
    "replies beside the post": "<ul class='replies'>" + "".join(
        f"<li><cite>{name}</cite><blockquote>{said}</blockquote></li>"
        for name, said in (("Ann Reed", "Lovely day!"), ("Bo Hill", "So good."))
    ) + "</ul>",
    "each in two elements, the day before the words": "<div id='area'><div>2 Comments</div>" + "".join(
        f"<div class='blogCommentWrap'><div><div><span class='name'>{name}</span></div><div>3/7/2026 08:12:11 pm</div>"
        f"<div><p>{said}</p></div></div></div>" for name, said in (("Ann Reed", "Lovely day!"), ("Bo Hill", "So good."))
    ) + "</div>",
    "each in parts that its classes name": "<div id='comments'><div class='siteComment'><div class='siteCommentWrap'>"
        "<div class='siteCommentHead'><div class='siteCommentAuthor'><span class='name'>Ann Reed</span></div></div>"
        "</div>"
        "<div class='siteCommentText'><p>Lovely day!</p></div></div><div class='siteComment'>"
        "<div class='siteCommentHead'><span class='userName'>Bo Hill</span></div>"
        "<div class='siteCommentText'><p>So good.</p></div></div></div>",
}  # fmt: skip
ARE_NOT = {
    "an area that is closed": "<div id='comments'><h3>Comments</h3><p>Comments are closed.</p></div>",
    "an area with a form": "<div id='comments'><p>Be the first to speak</p><form><p>Your name</p></form></div>",
    "one that awaits moderation": "<ol class='comment-list'><li class='comment'><cite>Ann Reed</cite>"
    "<em class='awaiting-moderation'>Your comment is awaiting moderation.</em><p>Lovely day at sea!</p></li></ol>",
    "the number of them": "<div class='post-comments'><span class='user'>3 comments</span></div>",
    "posts of a list": "<h3>News</h3><div><div><h3>Trip</h3><i>18h</i><p>To the farm.</p></div></div>",
    "no dates": "<h3>Comments</h3><ul><li>Be kind</li><li>Be brief</li></ul>",
    "a form": "<h3>Comments</h3><div><form><p>Name</p><p>3 Mai 2026</p></form></div>",
    "a sentence": "<p>Comments on the trip were kind.</p><div>" + TWO.format("18h", "3d") + "</div>",
}


@pytest.mark.parametrize("name", ARE)
def test_what_is_a_comment(name: str) -> None:
    found = find_comments(parse(BODY.format(ARE[name])), "https://school.example/pond", LONDON)
    assert [(each.author, each.text) for each in found] == [("Ann Reed", "Lovely day!"), ("Bo Hill", "So good.")]


def test_an_area_for_comments_of_no_known_make_is_read_as_one() -> None:
    spoken = "<dl><dt>Ann Reed wrote</dt><dd>Lovely day!</dd><dt>Bo</dt><dd>So good!</dd></dl>"
    area = f"<div class='comments'><h3>3 comments</h3>{spoken}<form><p>Your words</p></form></div>"
    (found,) = find_comments(parse(BODY.format(area)), "https://school.example/pond", LONDON)
    assert found.text.split("\n") == ["Ann Reed wrote", "Lovely day!", "Bo", "So good!"]


def test_each_post_of_a_feed_has_its_own() -> None:
    said = "<p>2 comments</p><div>" + TWO.format("18h", "3d") + "</div>"
    posts = "".join(f"<div><p>Words of day {n}.</p>{said.replace('Ann', f'Ann {n}')}</div>" for n in range(3))
    found = find_comments(parse(BODY.format(posts)), "https://school.example/pond", LONDON)
    assert [each.author for each in found if each.author.startswith("Ann")] == [f"Ann {n} Reed" for n in range(3)]


@pytest.mark.parametrize("page", ["?p=247&cpage=1", "comment-page-2/"])
def test_a_page_of_comments_is_found_wherever_it_is_named(page: str) -> None:
    own = "https://school.example/pond/" + ("?p=247" if page.startswith("?p") else "")
    spoken = "<ol class='commentlist'><li class='comment'><cite>Ann</cite><p>Lovely!</p></li></ol>"
    link = f"<div class='turn'><a href='/pond/{page}#comments'>Older Comments</a></div>"
    tree = parse(BODY.format(spoken) + link)
    assert comment_pages(tree, own, own, Site("https://school.example/")) == [f"https://school.example/pond/{page}"]


@pytest.mark.parametrize("name", ARE_NOT)
def test_what_is_none(name: str) -> None:
    assert find_comments(parse(BODY.format(ARE_NOT[name])), "https://school.example/pond", LONDON) == ()


OWN = "https://school.example/news.php?kind=news"
PAGERS = {
    "?kind=news&comments_page=2": True,
    "?kind=news&start=10&order=": True,
    # A list names its posts with as many parts, some of them empty, and counts their comments.
    "?kind=news&show=full&id=17&archive=&start_from=": False,
    "?kind=news&show=full&id=17&start_from=3": False,
}


@pytest.mark.parametrize("address", PAGERS)
def test_what_a_link_beside_comments_leads_to(address: str) -> None:
    spoken = f"<ol class='commentlist'><li class='comment'><cite>Ann</cite><p>Lovely!</p></li></ol><a href='{address}'>"
    page = parse(BODY.format(f"<div id='comments'>{spoken}2 Comments</a></div>"))
    found = comment_pages(page, OWN, OWN, Site("https://school.example/"))
    assert bool(found) is PAGERS[address]
