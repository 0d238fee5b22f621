"""A gallery that paints its small pictures behind one clear one: each large one is fetched, nothing is left over."""

from __future__ import annotations

from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import CollectSite, photo

_CLEAR = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def test_each_picture_behind_a_clear_one_is_fetched(site: LittleServer, collect: CollectSite) -> None:
    names = ("hats", "rope", "crab")
    boxes = "".join(
        f"<li><a href='/galleries/88/{name}.jpg' title='{name}'><img src='/plugins/transparent.gif' style='width:160px;"
        f"height:120px;background-image:url(/cache/thumb_88_{name}.jpg)'></a></li>"
        for name in names
    )
    words = "<h1>Sports day</h1><p>Every child went home with a ribbon made by the parents.</p>"
    site.routes |= {
        "/": "<p>Welcome.</p><a href='/sports'>Sports day</a>",
        "/sports": f"<article>{words}<ul class='sigProContainer'>{boxes}</ul></article>",
        "/plugins/transparent.gif": Answer(_CLEAR, "image/gif"),
    }
    for name in names:
        site.routes[f"/galleries/88/{name}.jpg"] = Answer(photo(name, 900, 600), "image/jpeg")
        site.routes[f"/cache/thumb_88_{name}.jpg"] = Answer(photo(name, 160, 120), "image/jpeg")
    found = collect()
    shown = [use.url.partition("8")[2].rpartition("/")[2] for use in found.posts["/sports"].photos if use.sha256]
    assert shown == [f"{name}.jpg" for name in names]
    assert found.coverage.status == "complete"
