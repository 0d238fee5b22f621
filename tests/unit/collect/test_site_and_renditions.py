"""Which addresses are one page, and which are one photo."""

from __future__ import annotations

import pytest

from auditbot.collect.html.dom import parse
from auditbot.collect.net.urls import Site, absolute
from auditbot.collect.post.links import is_archive, is_numbered, is_page
from auditbot.collect.post.photos import find_photos
from auditbot.collect.post.renditions import larger_guesses, loose_name, read_srcset, rendition_key, stated_width
from auditbot.same_page import clean, key

SAME_PAGE = [
    ("http://a.example/news/", "https://www.a.example/news"),
    ("http://a.example/news?utm_source=x&utm_medium=y", "http://a.example/news"),
    ("http://a.example/news#comments", "http://a.example/news"),
    ("http://a.example/n?b=2&a=1", "http://a.example/n?a=1&b=2"),
    ("http://a.example/index.php", "http://a.example/"),
    ("http://a.example/n;jsessionid=12AB", "http://a.example/n"),
    ("http://A.EXAMPLE:80/n", "http://a.example/n"),
]
OTHER_PAGE = [
    ("http://a.example/news?id=1", "http://a.example/news?id=2"),
    ("http://a.example/news", "http://a.example/News"),
    ("http://a.example/a", "http://b.example/a"),
    ("http://a.example:8080/a", "http://a.example:8081/a"),
]


@pytest.mark.parametrize(("one", "other"), SAME_PAGE)
def test_two_addresses_of_one_page(one: str, other: str) -> None:
    assert key(absolute(one, one)) == key(absolute(other, other))


@pytest.mark.parametrize(("one", "other"), OTHER_PAGE)
def test_addresses_of_two_pages(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("https://www.school.example/a", True),
        ("http://school.example", True),
        ("http://blog.school.example/", False),
        ("http://school.example.evil.example/", False),
        ("http://evil.example/school.example", False),
        ("http://school.example:8080/", False),
        ("http://school.example@evil.example/", False),
        ("http://evil.example\\@school.example/", False),
        ("http://evil.example\\.school.example/", False),
        ("http://someone@school.example/", False),
        ("http://@school.example/", False),
        ("http://evil.example #@school.example/", False),
        ("http://school.example/a\x00b", False),
        ("http://school.example\t/", False),
        ("http://school.example/a@b?c=d@e", True),
        ("http://school.example/a#Some heading", True),
        ("file://school.example/etc/passwd", False),
        ("javascript:alert(1)", False),
        ("http://[school.example", False),
        ("", False),
    ],
)
def test_what_belongs_to_a_site(url: str, owned: bool) -> None:
    assert Site("https://school.example/").owns(url) is owned


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("b.jpg", "http://a.example/x/b.jpg"),
        (" /b c.jpg\n", "http://a.example/b%20c.jpg"),
        ("//cdn.example/b", "http://cdn.example/b"),
        ("?p=2", "http://a.example/x/?p=2"),
        ("//cdn.example/a/./b/../c.htm", "http://cdn.example/a/c.htm"),
        ("../../../y/..", "http://a.example/"),
        ("/.well-known/...a", "http://a.example/.well-known/...a"),
        ("b#Some heading", "http://a.example/x/b#Some heading"),
        ("mailto:office@a.example", ""),
        ("javascript:void(0)", ""),
        ("http://user:secret@a.example/", ""),
        ("http://evil.example\\@a.example/", ""),
        ("http://@a.example/", ""),
        ("http://evil.example\\.a.example/", ""),
        ("http://evil.example .a.example/", ""),
        ("papers\\letter.pdf", "http://a.example/x/papers/letter.pdf"),
        ("http://[", ""),
        ("", ""),
        ("http://bücher.example/é", "http://xn--bcher-kva.example/%C3%A9"),
    ],
)
def test_links_are_joined_to_their_page(link: str, expected: str) -> None:
    assert absolute("http://a.example/x/", link) == expected


def test_cleaning_keeps_what_names_the_page() -> None:
    assert clean("http://a.example/n?id=4&fbclid=zz#top") == "http://a.example/n?id=4"


SRCSETS = [
    ("a.jpg 300w, b.jpg 600w", [("a.jpg", 300), ("b.jpg", 600)]),
    ("a.jpg, b.jpg 2x", [("a.jpg", 0), ("b.jpg", 2000)]),
    ("a.jpg 1.5x", [("a.jpg", 1500)]),
    ("/w_300,h_200/a.jpg 300w, /w_600,h_400/a.jpg 600w", [("/w_300,h_200/a.jpg", 300), ("/w_600,h_400/a.jpg", 600)]),
    ("\n  a.jpg\n 300w,\n b.jpg 600w\n", [("a.jpg", 300), ("b.jpg", 600)]),
    (
        "/_800x534_crop_center/a.jpg, /_1600x1068_crop_center/a.jpg 2x",
        [("/_800x534_crop_center/a.jpg", 0), ("/_1600x1068_crop_center/a.jpg", 1600)],
    ),
    ("", []),
    (" , ", []),
]


@pytest.mark.parametrize(("value", "expected"), SRCSETS)
def test_srcset_is_read(value: str, expected: list[tuple[str, int]]) -> None:
    assert read_srcset(value) == expected


SAME_PHOTO = [
    ("http://a.example/p.jpg", "http://a.example/p-300x200.jpg"),
    ("http://a.example/p.jpg", "http://a.example/p-scaled.jpg"),
    ("http://a.example/p.jpg?w=300", "https://www.a.example/p.jpg"),
    ("http://a.example/p.jpg", "https://i0.wp.com/a.example/p.jpg?resize=300%2C200&ssl=1"),
    ("http://a.example/content/images/2026/01/p.jpg", "http://a.example/content/images/size/w600/2026/01/p.jpg"),
    ("http://a.example/content/images/2026/01/p.jpg", "http://a.example/content/images/2026/01/p_o.jpg"),
]
OTHER_PHOTO = [
    ("http://a.example/p1.jpg", "http://a.example/p2.jpg"),
    ("http://a.example/IMG_2041.jpg", "http://a.example/IMG_2042.jpg"),
    ("http://a.example/image.php?id=1", "http://a.example/image.php?id=2"),
    ("http://a.example/p_o.jpg", "http://a.example/p.jpg"),
]


@pytest.mark.parametrize(("one", "other"), SAME_PHOTO)
def test_renditions_of_one_photo(one: str, other: str) -> None:
    assert rendition_key(one) == rendition_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER_PHOTO)
def test_two_photos(one: str, other: str) -> None:
    assert rendition_key(one) != rendition_key(other)


GUESSES = [
    ("http://a.example/p-300x200.jpg", "http://a.example/p.jpg"),
    ("http://a.example/p-scaled.jpg", "http://a.example/p.jpg"),
    ("http://a.example/p.jpg?w=300", "http://a.example/p.jpg"),
    ("https://i1.wp.com/a.example/p.jpg?resize=3,2", "https://a.example/p.jpg"),
    ("http://a.example/content/images/size/w600/2026/01/p.jpg", "http://a.example/content/images/2026/01/p_o.jpg"),
]


@pytest.mark.parametrize(("url", "larger"), GUESSES)
def test_a_larger_rendition_is_looked_for_first(url: str, larger: str) -> None:
    assert larger_guesses(url)[0] == larger


@pytest.mark.parametrize("url", ["http://a.example/p.jpg", "http://a.example/image.php?id=300", "http://a.example/a/"])
def test_nothing_is_guessed_where_nothing_tells_a_size(url: str) -> None:
    assert larger_guesses(url) == []


@pytest.mark.parametrize(
    ("url", "width"),
    [("/p-300x200.jpg", 300), ("/p.jpg?w=640", 640), ("/size/w1000/p.jpg", 1000), ("/p.jpg", 0), ("/p-2026.jpg", 0)],
)
def test_widths_are_read_from_addresses(url: str, width: int) -> None:
    assert stated_width(f"http://a.example{url}") == width


def test_a_teaser_is_recognised_by_its_name() -> None:
    assert loose_name("http://a.example/t/hall-480.jpg") == loose_name("http://a.example/f/hall-1600.jpg") == "hall"
    assert loose_name("http://a.example/IMG_2041.jpg") != loose_name("http://a.example/IMG_2042.jpg")


@pytest.mark.parametrize(
    "path",
    ["/a.jpg", "/a.pdf", "/wp-login.php", "/feed/", "/a?replytocom=3", "/cdn-cgi/l/email-protection", "/" * 2001],
)
def test_addresses_that_hold_no_page(path: str) -> None:
    assert not is_page(f"http://a.example{path}")


@pytest.mark.parametrize(
    "path",
    [
        "/", "/news/one", "/?p=12", "/news.php?id=3", "/2026/11/02/one/", "/searchlight", "/?s=x", "/register/robins/",
        "/print/12", "/news.asp?action=view&id=3", "/story.php?sid=4", "/a?ref=12", "/a?filter=robins", "/search/bees",
        "/a?format=html", "/login-club/",
    ],
)  # fmt: skip
def test_addresses_that_may_hold_a_page(path: str) -> None:
    assert is_page(f"http://a.example{path}")


def test_archives_and_numbered_pages_are_told_from_posts() -> None:
    archives = ["/tag/fun/", "/category/news/", "/2026/11/", "/author/ann/"]
    posts = ["/2026/11/02/pond-dipping/", "/news/2026-results/", "/tags-and-labels/"]
    assert [path for path in archives + posts if is_archive(f"http://a.example{path}")] == archives
    numbered = ["/page/2/", "/news?page=3", "/news/?paged=2"]
    others = ["/?p=12", "/page/", "/p/12", "/p12", "/news/12"]
    assert [path for path in numbered + others if is_numbered(f"http://a.example{path}")] == numbered


TWICE = {
    "sizes in folders": (
        "/_800x534_crop/a.jpg, /_1600x1068_crop/a.jpg 2x",
        "/_400x267_crop/a.jpg, /_800x534_crop/a.jpg 2x",
        ["/a.jpg", "/_1600x1068_crop/a.jpg"],
    ),
    "no sizes at all": ("/p-lg.jpg, /p-xl.jpg 2x", "/p-sm.jpg, /p-lg.jpg 2x", ["/p-xl.jpg", "/p-lg.jpg"]),
}


@pytest.mark.parametrize("kind", TWICE)
def test_the_largest_of_a_picture_for_several_screens_comes_first(kind: str) -> None:
    large, small, first = TWICE[kind]
    html = (
        f"<picture><source media='(min-width: 900px)' srcset='{large}'><source srcset='{small}'>"
        f"<img src='{small.split(',')[0]}'></picture>"
    )
    body = parse(html).body
    assert body is not None
    (photo,) = find_photos(body, "http://a.example/").photos
    assert [candidate.removeprefix("http://a.example") for candidate in photo.candidates[:2]] == first
