"""Words of a post's own page that stand in its main part and outside its article or body."""

from __future__ import annotations

import pytest

from tests.browser.little_server import LittleServer
from tests.browser.small_site import CollectSite, listing

BODY = "<p>What the owls did by the pond, told by Oak class at length and with care.</p>" * 2
TOLD = "What the owls did by the pond, told by Oak class at length and with care."
ARTICLE = f"<article><h1>Owls</h1>{BODY}</article>"
INNER = f"<div class='entry-content'>{BODY}</div>"
WITHIN: dict[str, tuple[str, str, str]] = {
    # name: the main part, what stands before the body's words, what after
    "a leading paragraph": (f"<p class='lead'>Maya found an owl.</p>{ARTICLE}", "Maya found an owl.", ""),
    "a caption": (f"{ARTICLE}<p class='caption'>Maya and Tom</p>", "", "Maya and Tom"),
    "a caption of a figure": (f"{ARTICLE}<figcaption>Maya and Tom</figcaption>", "", "Maya and Tom"),
    "an update": (
        f"{ARTICLE}<div class='update'><h3>Update</h3><p>The owl is Maya’s now.</p></div>",
        "", "Update\nThe owl is Maya’s now.",
    ),
    "in the article, before its body": (
        f"<article><h1>Owls</h1><p class='intro'>Maya found an owl.</p>{INNER}</article>", "Maya found an owl.", "",
    ),
    "in the article, after its body": (
        f"<article><h1>Owls</h1>{INNER}<div class='box'><p>The owl is Maya’s now.</p></div></article>",
        "", "The owl is Maya’s now.",
    ),
    "between two bodies": (
        f"<article><h1>Owls</h1>{INNER}<p>In between came Tom.</p><div class='post-content'>"
        "<p>Then all slept.</p></div></article>", "", "In between came Tom.\nThen all slept.",
    ),
    "links within its words": (
        f"{ARTICLE}<div><p>Maya wrote about it in <a href='/poem'>her poem</a>.</p></div>", "",
        "Maya wrote about it in her poem.",
    ),
}  # fmt: skip
NONE = {
    "a related post": f"{ARTICLE}<div>"
    "<h3><a href='/wrens'>Wrens</a></h3><p>What the wrens did by the big tree.</p></div>",
    "a list of links": f"{ARTICLE}"
    "<ul><li><a href='/a'>What the larks did in May</a></li><li><a href='/b'>B</a></li></ul>",
    "tools": f"{ARTICLE}<div class='share'><p>Share this with your friends and family now.</p></div>",
    "who and when": f"<div class='byline'>By Mrs Vale of Oak class on 2 November 2026</div>{ARTICLE}",
    "a form": f"{ARTICLE}<form><p>Write to us with what you think of it.</p><input></form>",
    "a way back": f"<p><a href='/'>Back to all our news and stories</a></p>{ARTICLE}",
    "navigation": f"{ARTICLE}<nav><p>What stands here is a menu of things.</p></nav>",
    "a comment": f"{ARTICLE}<section class='comments'>"
    "<div class='comment'><p>So lovely to read about it.</p></div></section>",
}


def page(main: str) -> str:
    return (
        "<html><head><title>Owls – Larkmere</title></head><body><header>Larkmere</header>"
        f"<main>{main}</main></body></html>"
    )


@pytest.mark.parametrize("name", WITHIN)
def test_words_outside_the_body_are_read_in_their_place(name: str, site: LittleServer, collect: CollectSite) -> None:
    main, before, after = WITHIN[name]
    site.routes |= {"/": listing("/owls", "/more"), "/owls": page(main), "/more": page("<h1>More</h1><p>Words.</p>")}
    text = collect().posts["/owls"].text
    assert text == "\n".join(filter(None, (before, TOLD, TOLD, after)))


@pytest.mark.parametrize("name", NONE)
def test_what_is_none_of_a_post_s_words_is_left_out(name: str, site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {"/": listing("/owls", "/more"), "/owls": page(NONE[name]), "/more": page("<h1>M</h1><p>Words.</p>")}
    assert collect().posts["/owls"].text == f"{TOLD}\n{TOLD}"


def test_what_every_page_says_beside_its_body_is_read_once(site: LittleServer, collect: CollectSite) -> None:
    same = "<div><p>Our school stands by the mere, and its head is Mrs Vale.</p></div>"
    names = ("owls", "wrens", "larks")
    site.routes |= {"/": listing(*(f"/{name}" for name in names))}
    site.routes |= {
        f"/{name}": page(f"<article><h1>{name}</h1><p>All about {name}.</p></article>{same}") for name in names
    }
    said = [post.text for post in collect().posts.values()]
    assert sum("Mrs Vale" in text for text in said) == 1
    assert sorted(text.split("\n")[0] for text in said) == [f"All about {name}." for name in sorted(names)]
