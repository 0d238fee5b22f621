"""Which pages need no browser, and what their style sheets hide and paint in them."""

from __future__ import annotations

import pytest

from auditbot.collect.html.dom import parse, select
from auditbot.collect.html.static import Unsure, as_shown, decoded
from auditbot.collect.net.urls import Site

SITE = Site("https://school.example/")
PAGE = (
    "<html><head><title>x</title>{head}</head><body><p class='a'>One</p><p class='b' {more}>Two</p><ul><li>Three</li>"
    "</ul>{body}</body></html>"
)


def shown(head: str = "", body: str = "", more: str = "", sheet: str = "") -> str:
    page = PAGE.format(head=head, body=body, more=more)
    return as_shown(page, "https://school.example/a", SITE, lambda url: sheet)[0]


def marked(html: str, mark: str) -> list[str]:
    return [node.text() for node in select(parse(html), f"[data-auditbot-{mark}]")]


HIDES = {
    "a class": (".b{display:none}", ["Two"]),
    "several selectors": (".x, .a , p.b{display:none!important}", ["One", "Two"]),
    "in a rule for screens": ("@media screen and (min-width:600px){.b{display:none}}", ["Two"]),
    "for paper alone": ("@media print{.b{display:none}}", []),
    "for telephones alone": ("@media (max-width: 600px){.b{display:none}}", []),
    "visibility": (".a{visibility:hidden}", ["One"]),
    "once it is pointed at": (".b:hover{display:none}", []),
    "a part of an element": (".b::before{display:none}", []),
    "a part only one browser knows": ("::-webkit-search-cancel-button{display:none}", []),
    "in a comment": ("/* .b{display:none} */", []),
    "braces in words": (".q::after{content:'}'} .b{display:none}", ["Two"]),
    "what is shown": (".b{display:block}", []),
}


@pytest.mark.parametrize("name", HIDES)
def test_what_a_style_sheet_hides(name: str) -> None:
    sheet, expected = HIDES[name]
    assert marked(shown(f"<style>{sheet}</style>"), "unseen") == expected
    assert marked(shown("<link rel='stylesheet' href='/s.css'>", sheet=sheet), "unseen") == expected


def test_what_an_element_hides_of_itself() -> None:
    assert marked(shown(more="style='color:red; display: none'"), "unseen") == ["Two"]


PAINTS = {
    "a background": ".b{background:#fff url('/p.jpg') no-repeat}",
    "before": ".b::before{content:'';background-image:url(/p.jpg)}",
    "a border": ".b{border-image:url(/p.jpg) 30}",
}


@pytest.mark.parametrize("name", PAINTS)
def test_what_a_style_sheet_paints(name: str) -> None:
    (node,) = select(parse(shown(f"<style>{PAINTS[name]}</style>")), "[data-auditbot-background]")
    assert "/p.jpg" in (node.attributes["data-auditbot-background"] or "")


PLACED = {
    "beside the sheet": ".b{background:url(pics/p.jpg)}",
    "above it": ".b{background:url('../css/pics/p.jpg')}",
    "in a set": ".b{background-image:url(q.jpg);background-image:image-set('pics/q.jpg' 1x, \"pics/p.jpg\" 2x)}",
    "with its host": ".b{background:url(https://school.example/css/pics/p.jpg)}",
}


@pytest.mark.parametrize("name", PLACED)
def test_a_picture_of_a_style_sheet_lies_where_the_sheet_says(name: str) -> None:
    html = shown("<link rel='stylesheet' href='/css/s.css'>", sheet=PLACED[name])
    (node,) = select(parse(html), "[data-auditbot-background]")
    assert '"https://school.example/css/pics/p.jpg"' in (node.attributes["data-auditbot-background"] or "")


NEEDS = {
    "a script": {"body": "<script>document.title = 1</script>"},
    "a script of its own": {"head": "<script src='/x.js'></script>"},
    "a handler": {"more": "onclick='x()'"},
    "a frame of the site": {"body": "<iframe src='/inside'></iframe>"},
    "an object": {"body": "<object data='/a.html'></object>"},
    "a refresh": {"head": "<meta http-equiv='refresh' content='0;url=/b'>"},
    "one rule hides what another shows": {"head": "<style>.b{display:none} p{display:block}</style>"},
    "transparent": {"head": "<style>.b{opacity:0}</style>"},
    "a selector nobody knows": {"head": "<style>.b:-moz-any(p){display:none}</style>"},
    "a sheet that takes in another": {"head": "<style>@import url(/b.css);</style>"},
    "a condition nobody knows": {"head": "<style>@media (hover:none){.b{display:none}}</style>"},
    "marks of ours": {"more": "data-auditbot-unseen"},
    "a declared shadow root": {"body": "<div><template shadowrootmode='open'>x</template></div>"},
}


@pytest.mark.parametrize("name", NEEDS)
def test_what_needs_a_browser(name: str) -> None:
    with pytest.raises(Unsure):
        shown(**NEEDS[name])


NEEDS_NONE = {
    "data": {"head": "<script type='application/ld+json'>{}</script>"},
    "a counter of visitors": {"head": "<script async src='https://www.googletagmanager.com/gtag/js'></script>"},
    "a frame of another site": {"body": "<iframe src='https://maps.example/x'></iframe>"},
    "an unknown selector that hides nothing": {"head": "<style>.b:-moz-any(p){color:red}</style>"},
    "the word on": {"body": "<p>Put your coat on = warm.</p>"},
}


@pytest.mark.parametrize("name", NEEDS_NONE)
def test_what_needs_none(name: str) -> None:
    assert "Two" in shown(**NEEDS_NONE[name])


CHARSETS = [
    ("Café".encode(), "text/html", "Café"),
    ("Café".encode("latin-1"), "text/html", "Café"),
    ("Café".encode("latin-1"), "text/html; charset=iso-8859-1", "Café"),
    ("Ysgol Tŷ".encode("iso-8859-14"), "text/html; charset=iso-8859-14", "Ysgol Tŷ"),
    (b"<meta charset='windows-1252'>\x93Hi\x94", "text/html", "<meta charset='windows-1252'>“Hi”"),
    ("\ufeffCafé".encode(), "text/html; charset=latin-1", "Café"),
    ("Café".encode("utf-16"), "text/html", "Café"),
    # Browsers ask for queries in the page's own charset; what that lacks, by its number.
    (
        "<a href='a.asp?t=café&n=ŵ#é'>é</a>".encode("cp1252", "xmlcharrefreplace"),
        "text/html; charset=iso-8859-1",
        "<a href='a.asp?t=caf%E9&n=&#373;#é'>é</a>",
    ),
    ("<img src=/é/p.php?f=ö.jpg>".encode("cp1252"), "text/html", "<img src=/é/p.php?f=%F6.jpg>"),
    ("<a href='a.asp?t=café'>é</a>".encode(), "text/html", "<a href='a.asp?t=café'>é</a>"),
]


@pytest.mark.parametrize(("body", "kind", "words"), CHARSETS)
def test_words_are_decoded_as_browsers_do(body: bytes, kind: str, words: str) -> None:
    assert decoded(body, kind).lstrip("\ufeff") == words


def test_a_charset_nobody_knows_is_left_to_the_browser() -> None:
    with pytest.raises(Unsure):
        decoded(b"x", "text/html; charset=no-such-thing")
