"""Pages that show a picture of a post larger, and the further pages of its pictures, are parts of it and no posts."""

from __future__ import annotations

import pytest

from auditbot.model import Why
from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import CollectSite, article, listing, photo, sha256

_SIZES = {"small": (120, 90), "middle": (320, 240), "full": (640, 480)}


def _add_pictures(site: LittleServer, names: list[str]) -> None:
    for name in names:
        for size, (width, height) in _SIZES.items():
            site.routes[f"/{size}-{name}.jpg"] = Answer(photo(name, width, height), "image/jpeg")


def test_an_album_has_its_largest_pictures_from_all_its_pages(site: LittleServer, collect: CollectSite) -> None:
    names = [f"otters{n}" for n in range(5)]
    _add_pictures(site, names)
    for number, name in enumerate(names):
        onward = f"<a href='/look?at={number + 1}'>next</a>" if number < 4 else ""
        site.routes[f"/look?at={number}"] = (
            f"<h2>Castle day</h2><a href='/look?full={number}'><img src='/middle-{name}.jpg'></a><p>File "
            f"{number + 1} of 5</p>"
            f"{onward}"
        )
        site.routes[f"/look?full={number}"] = f"<img src='/full-{name}.jpg'>"
    for page, shown in ((1, range(3)), (2, range(3, 5))):
        small = "".join(f"<a href='/look?at={n}'><img src='/small-{names[n]}.jpg'></a>" for n in shown)
        site.routes["/album" if page == 1 else "/album/page/2"] = (
            f"<h1>Castle day</h1><p>We took our cameras to the castle.</p>{small}<p><a href='/album/page/2'>2</a></p>"
        )
    site.routes |= {"/": "<p>Welcome to Larkmere.</p><a href='/album'>Castle day</a>"}
    found = collect()
    assert list(found.posts) == ["/album"]
    full = {sha256(photo(name, *_SIZES["full"])) for name in names}
    assert {use.sha256 for use in found.posts["/album"].photos} == full
    assert found.coverage.status == "complete"
    assert len(site.asked) == len(set(site.paths()))


def test_a_picture_that_leads_to_a_page_with_words_is_no_part_of_a_post(
    site: LittleServer, collect: CollectSite
) -> None:
    _add_pictures(site, ["owl", "hen"])
    links = "".join(f"<a href='/{name}'><img src='/small-{name}.jpg'></a>" for name in ("owl", "hen"))
    site.routes |= {"/": "<p>Welcome.</p><a href='/a'>One</a>", "/a": article("One", f"<p>Words of one.</p>{links}")}
    for name in ("owl", "hen"):
        body = f"<p>The {name} of Sam Birch came to visit.</p><img src='/full-{name}.jpg'>"
        site.routes[f"/{name}"] = article(f"A {name}", body)
    found = collect()
    assert {"/a", "/owl", "/hen"} <= set(found.posts)
    assert "Sam Birch" in found.posts["/owl"].text
    assert site.paths().count("/owl") == 1


INDEX = {
    "titles": ("<h1>News</h1><h3><a href='/a'>The pond in spring</a></h3>", False),
    "cut teasers": ("<h1>News</h1><a href='/a'>The pond in spring</a><p>Frogs came to the po…</p>", False),
    "a diary": ("<h1>March 2026</h1><table><tr><td>3 <a href='/a'>The pond in spring</a></td></tr></table>", False),
    "words of its own": ("<h1>News</h1><a href='/a'>The pond in spring</a><p>Well done Sam Birch!</p>", True),
    "a name in a heading": ("<h1>Well done Ada Holm</h1><a href='/a'>The pond in spring</a>", True),
    "a name in a link": ("<h1>News</h1><a href='/a'>Ivor Vale won the cup</a>", True),
    "a picture of its own": ("<h1>News</h1><a href='/a'>The pond in spring</a><img src='/full-owl.jpg'>", True),
}


def test_a_page_of_links_is_a_post_only_if_it_says_something(site: LittleServer, collect: CollectSite) -> None:
    _add_pictures(site, ["owl"])
    links = "".join(f"<li><a href='/list-{n}'>List {n}</a></li>" for n in range(len(INDEX)))
    site.routes |= {"/": f"<p>Welcome to Larkmere.</p><ul>{links}</ul>"}
    site.routes["/a"] = article("The pond in spring", "<p>Frogs came to the pond again.</p>")
    site.routes |= {f"/list-{n}": body for n, (body, _) in enumerate(INDEX.values())}
    found = collect()
    assert {name: f"/list-{n}" in found.posts for n, name in enumerate(INDEX)} == {k: v for k, (_, v) in INDEX.items()}


def test_lists_that_say_they_have_more_are_told(site: LittleServer, collect: CollectSite) -> None:
    def page(said: str, *numbers: int) -> str:
        rows = "".join(f"<h3><a href='/p-{n}'>The pond in week {n}</a></h3>" for n in numbers)
        return f"<h1>News</h1>{rows}<p><a href='/'>Home</a><span>{said}</span><a href='/'>Top</a></p>"

    site.routes |= {f"/p-{n}": article(f"The pond in week {n}", f"<p>Frogs in week {n}.</p>") for n in range(6)}
    site.routes |= {
        "/short": page("Showing 3 of 9", 0, 1, 2),
        "/whole": page("Showing 1 to 3 of 3 posts", 0, 1, 2),
        "/turned": page("Page 1 of 2 <a href='/turned?page=2'>Next</a>", 0, 1, 2),
        "/turned?page=2": page("Page 2 of 2", 3, 4, 5),
        "/lost": page("Page 1 of 4", 0, 1, 2),
    }
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("short", "whole", "turned", "lost"))
    site.routes["/"] = f"<p>Welcome to Larkmere.</p><ul>{menu}</ul>"
    found = collect()
    told = {(note.url.removeprefix(site.url), note.why) for note in found.not_checked}
    assert told == {("/short", Why.SHORT_LIST), ("/lost", Why.SHORT_LIST)}
    assert found.coverage.status == "partial"


def test_an_article_in_several_pages_is_one_post(site: LittleServer, collect: CollectSite) -> None:
    _add_pictures(site, ["owl", "hen"])
    turn = "<p>Page {} of 2</p><a href='/a?start=1'>Next</a>"
    site.routes |= {"/": "<p>Welcome.</p><a href='/a'>The owl</a> <a href='/b'>The hen</a>"}
    site.routes["/a"] = article("Owls", f"<p>The owl came.</p><img src='/full-owl.jpg'>{turn.format(1)}")
    site.routes["/a?start=1"] = article("Owls", f"<p>Then the hen came.</p><img src='/full-hen.jpg'>{turn.format(2)}")
    # Another headline, or another day, is another post.
    site.routes["/b"] = article("Hens", "<p>One hen.</p><a href='/b?start=1'>Next</a>")
    site.routes["/b?start=1"] = article("Hens", "<p>Two hens.</p>", date="2026-11-09T09:30:00+00:00")
    found = collect()
    assert set(found.posts) == {"/a", "/b", "/b?start=1"}
    assert "The owl came." in found.posts["/a"].text and "Then the hen came." in found.posts["/a"].text
    assert len(found.posts["/a"].photos) == 2
    assert found.coverage.status == "complete"


@pytest.mark.parametrize("named", ["2", "Page 2", "Part 2", "2 of 2", "2/2", "Page 2 of 2", "Tudalen 2", "Next page"])
def test_further_pages_of_an_article_are_known_by_any_name_of_a_page(
    named: str, site: LittleServer, collect: CollectSite
) -> None:
    site.routes |= {"/": listing("/a/", "/b/"), "/b/": article("Hens", "<p>One hen.</p>")}
    site.routes["/a/"] = article("Owls", f"<p>The owl came.</p><p><a href='/a/2/'>{named}</a></p>")
    site.routes["/a/2/"] = article("Owls", "<p>Then the hen came.</p><p><a href='/a/'>Page 1</a></p>")
    found = collect()
    assert sorted(found.posts) == ["/a/", "/b/"]
    assert "Then the hen came." in found.posts["/a/"].text


def test_pictures_that_a_click_lays_over_the_page_belong_to_their_post(
    site: LittleServer, collect: CollectSite
) -> None:
    _add_pictures(site, ["owl", "hen"])
    cover = (
        "<a class='cover' href='#' id='c'><img src='/small-owl.jpg'><span>2 "
        "photos</span></a><script>c.onclick = (e) => { "
        "e.preventDefault(); const box = document.createElement('div'); box.className = 'overlay'; for "
        "(const n of ['owl', "
        "'hen']) { const i = new Image(); i.src = `/full-${n}.jpg`; box.append(i) } "
        "document.body.append(box) }</script>"
    )
    site.routes |= {"/": "<p>Welcome.</p><a href='/a'>One</a>", "/a": article("Owls", f"<p>The owl came.</p>{cover}")}
    found = collect()
    assert {sha256(photo(n, *_SIZES["full"])) for n in ("owl", "hen")} <= {u.sha256 for u in found.posts["/a"].photos}


def test_the_page_of_one_picture_with_a_form_for_replies_is_no_second_post(
    site: LittleServer, collect: CollectSite
) -> None:
    _add_pictures(site, ["owl", "hen"])
    gallery = "".join(f"<a href='/{name}/'><img src='/small-{name}.jpg' alt=''></a>" for name in ("owl", "hen"))
    site.routes |= {"/": listing("/a/", "/b/"), "/b/": article("Hens", "<p>One hen.</p>")}
    site.routes["/a/"] = article("Owls", f"<p>The owl came.</p>{gallery}")
    for name in ("owl", "hen"):
        site.routes[f"/{name}/"] = (
            f"<main><h1>full-{name}</h1><p><a href='/full-{name}.jpg'><img src='/middle-{name}.jpg'></a></p></main>"
            "<p>Posted</p><time datetime='2026-12-01'>1 December 2026</time><p>in</p><p>by</p><p>Tags:</p><section>"
            "<h2>Comments</h2><div id='respond'><h3>Leave a Reply</h3><form method='post'><p>Your email address will"
            " not be published.</p><textarea name='comment'></textarea></form></div></section>"
        )
    found = collect()
    assert sorted(found.posts) == ["/a/", "/b/"]
    shown = {use.sha256 for use in found.posts["/a/"].photos}
    assert {sha256(photo(name, *_SIZES["full"])) for name in ("owl", "hen")} <= shown


def test_a_cover_leads_to_the_album_of_its_post(site: LittleServer, collect: CollectSite) -> None:
    names = [f"lamb{n}" for n in range(5)]
    _add_pictures(site, names)
    cover = "<a class='album' href='/album/'><img src='/small-lamb0.jpg'><span>All 5 photographs</span></a>"
    site.routes |= {"/": "<p>Welcome.</p><a href='/a'>Lambs at the farm</a>"}
    site.routes["/a"] = article("Lambs at the farm", f"<p>They were born in March.</p>{cover}")
    for page, shown in (("/album/", names[:3]), ("/album/?p=2", names[3:])):
        small = "".join(f"<a href='/look?id={name}'><img src='/small-{name}.jpg'></a>" for name in shown)
        onward = "<a href='?p=2'>More photographs</a>" if page == "/album/" else "<a href='/album/'>First page</a>"
        head = "<h1>Lambs at the farm: photographs</h1><p><a href='/a'>Read the story</a></p>"
        site.routes[page] = f"{head}{small}{onward}"
    for name in names:
        back = "<p><a href='/album/'>Back to Lambs at the farm</a></p>"
        site.routes[f"/look?id={name}"] = f"{back}<img src='/full-{name}.jpg' alt='Photo of 5'>"
    found = collect()
    assert list(found.posts) == ["/a"]
    full = {sha256(photo(name, *_SIZES["full"])) for name in names}
    assert full <= {use.sha256 for use in found.posts["/a"].photos}
    assert found.coverage.status == "complete"


VIEWS = {
    "for telephones, with a photo more": ("/a/amp/", "<p>The owl came to our hall.</p><img src='/full-hen.jpg'>", True),
    "in larger type": ("/a?fs=big", "<p>The owl came to our hall.</p><p>Smaller text</p>", True),
    "for print, with a remark": ("/a?print=1", "<p>The owl came to our hall.</p><p>Please keep it.</p>", True),
    "for print, with a line more": (
        "/a/print",
        "<p>The owl came to our hall.</p><p>Sam Birch fed it a mouse.</p>",
        True,
    ),
    "another story beside it": ("/a?part=2", "<p>Sam Birch fed the hen on the next day.</p>", False),
    "another day": ("/a?day=2", "<time datetime='2026-03-09'>9 March</time><p>The owl came to our hall.</p>", False),
    "another headline": ("/a?of=hens", "<h1>A hen</h1><p>The owl came to our hall.</p>", False),
}


def test_another_view_of_a_post_is_no_second_post(site: LittleServer, collect: CollectSite) -> None:
    _add_pictures(site, ["owl", "hen"])
    start = "<p>Welcome.</p>"
    for number, (address, body, _) in enumerate(VIEWS.values()):
        own, other = f"/{number}a", f"/{number}{address[1:]}"
        links = f"<img src='/full-owl.jpg'><p><a href='{other}'>Another</a> <a href='{own}'>View</a></p>"
        day = "" if "<time" in body else "<time datetime='2026-03-06'>6 March 2026</time>"
        start += f"<a href='{own}'>Visit {number}</a>"
        site.routes[own] = article(f"Visit {number}", f"<p>The owl came to our hall.</p>{links}", "2026-03-06")
        title = "" if "<h1>" in body else f"<h1>Visit {number}</h1>"
        site.routes[other] = f"<html><body><main>{title}{day}{body}</main></body></html>"
    site.routes["/"] = start
    found = collect()
    for number, (name, (address, body, is_view)) in enumerate(VIEWS.items()):
        post = found.posts[f"/{number}a"]
        assert (f"/{number}{address[1:]}" not in found.posts) is is_view, name
        assert ("Sam Birch" in post.text) is (is_view and "Sam" in body), name
        assert post.text.count("The owl came to our hall.") == 1, name
        hen = sha256(photo("hen", *_SIZES["full"]))
        assert (hen in {use.sha256 for use in post.photos}) is ("hen.jpg" in body), name
    assert found.coverage.status == "complete"


def test_posts_whose_comments_a_list_counts_are_no_pages_of_its_comments(
    site: LittleServer, collect: CollectSite
) -> None:
    """Posts of one address with many parts, as small news scripts write them."""
    names = ["owls", "wrens", "larks"]
    rows = "".join(
        f"<div><strong>The {name}</strong><p>The {name} came …</p>"
        f"<a href='news.php?show=full&id={n}&archive=&start_from='>"
        f"{n} Comments</a> <em>Posted on 0{n + 1} Mar 2026</em></div>"
        for n, name in enumerate(names)
    )
    site.routes |= {"/": "<p>Welcome.</p><a href='news.php'>News</a>", "/news.php": f"<h1>Friends</h1>{rows}"}
    for n, name in enumerate(names):
        spoken = "<ol class='commentlist'><li class='comment'><cite>Ann</cite><p>Lovely!</p></li></ol>" * (n > 0)
        site.routes[f"/news.php?show=full&id={n}&archive=&start_from="] = (
            f"<h1>Friends</h1><div><strong>The {name}</strong><p>Sam Birch counted the {name} in the barn.</p></div>"
            f"{spoken}"
        )
    found = collect()
    for name in names:
        assert sum(f"counted the {name}" in post.text for post in found.posts.values()) == 1
    assert len(site.asked) == len(set(site.paths()))
