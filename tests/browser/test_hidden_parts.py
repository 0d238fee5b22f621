"""What a real browser shows to nobody is not taken for published."""

from __future__ import annotations

from tests.browser.little_server import LittleServer
from tests.browser.small_site import CollectSite, article, listing


def test_drafts_that_are_hidden_in_any_way_are_not_published(site: LittleServer, collect: CollectSite) -> None:
    body = (
        "<p>Public words.</p><div class='admin-panel' style='display:none'>Draft A</div>"
        "<div class='more-info' hidden>Draft B</div><div style='visibility:hidden'>Draft C <p>and D</p></div>"
        "<div style='opacity:0;height:0;overflow:hidden'>Draft E</div>"
        "<div style='visibility:hidden'><p style='visibility:visible'>Shown all the same.</p></div>"
        "<div style='opacity:0'>Fading in.</div>"
    )
    comments = (
        "<section id='comments' style='display:none'><ol class='comment-list'><li class='comment'>"
        "<cite class='fn'>Bob</cite><div class='comment-content'>Not approved</div></li></ol></section>"
    )
    site.routes |= {
        "/": listing("/a", "/b"),
        "/a": article("One", body) + comments,
        "/b": article("Two", "<p>Words.</p>"),
    }
    post = collect().posts["/a"]
    assert post.text.split("\n") == ["Public words.", "Shown all the same.", "Fading in."]
    assert post.comments == ()
