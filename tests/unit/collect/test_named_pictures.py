"""A picture's address is found in whatever attribute it stands, as another size of a shown picture or as its own."""

from __future__ import annotations

import html
import json
import string
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.collect.html.dom import parse
from auditbot.collect.post.photos import find_photos
from auditbot.collect.post.pictures_left import addresses_in

HOST = "https://larkmere.example"


def photos_of(body: str) -> list[list[str]]:
    """Return the addresses of each picture of a body, first those that are asked for first."""
    root = parse(f"<main>{body}</main>").css_first("main")
    assert root is not None
    found = find_photos(root, f"{HOST}/news/walk")
    return [[address.removeprefix(HOST) for address in photo.candidates] for photo in found.photos]


ONE = {
    "several screens": "<p data-bgset='/up/w1-th.jpg [(width < 9px)] | /up/w1-md.jpg 600w, /up/w1.jpg 900w'></p>",
    "a set in a style": "<p style='background:image-set(\"/up/w1-s.jpg\" 1x, url(/up/w1.jpg) 2x)'></p>",
    "another lazy loader": "<img data-fl-srcset='/up/w1-th.jpg 180w, /up/w1.jpg 900w' data-fl='/up/w1-md.jpg'>",
    "words for sizes": "<a href='/up/w1-md.jpg' data-pswp-src='/up/w1.jpg'><img src='/up/w1-th.jpg'></a>",
    "a viewer's link": "<a data-fancybox='g' data-src='/up/w1.jpg' href='javascript:;'><img src='/up/w1-w250.jpg'></a>",
    "a box around": "<div data-lightbox-image='/up/w1.jpg'><span><img src='/up/thumbs/w1.jpg'></span></div>",
    "the image itself": "<img src='/up/w1_small.jpg' data-anything='/up/w1.jpg'>",
    "a known name without an ending": "<button data-full='/up/w1?size=large'><img src='/up/w1?size=thumb'></button>",
    "a button beside it": "<img src='/up/small/w1.jpg'><button data-zoom-to='/up/large/w1.jpg'>Enlarge</button>",
    "a smaller one for a blur": "<img src='/up/w1.jpg' data-lqip='/up/w1-20x10.jpg'>",
    "an old pop-up's options": "<a rel=\"{handler: 'image', url: '/up/w1.jpg'}\" href='#'>"
    "<img src='/up/w1-300x200.jpg'></a>",
}
FIRST = {
    "a known name without an ending": "/up/w1?size=large",
    "a button beside it": "/up/large/w1.jpg",
}


@pytest.mark.parametrize("kind", ONE)
def test_sizes_of_one_picture_are_one_and_the_largest_is_asked_for_first(kind: str) -> None:
    (addresses,) = photos_of(ONE[kind])
    assert addresses[0] == FIRST.get(kind, "/up/w1.jpg")


ALBUM = json.dumps([{"full": "/up/a.jpg", "thumb": "/up/a_t.jpg"}, "/up/b.jpg"])
PAIR = json.dumps({"before": "/up/a.jpg", "after": "/up/b.jpg"})
SEVERAL = {
    "another picture under the pointer": "<img src='/up/before.jpg' data-hover='/up/after.jpg'>",
    "a list in one attribute": "<div data-slides='/up/one.jpg, /up/two.jpg|/up/three.png'></div>",
    "an album as data": f"<div data-album='{ALBUM}'></div>",
    "two pictures in one object": f"<div data-pair='{PAIR}'></div>",
    "an element of its own making": "<school-photo src='/up/one.jpg'></school-photo><school-photo src='/up/two.jpg'>",
    "one name in two folders": "<img src='/up/2025/photo.jpg'><div data-large='/up/trip/photo.jpg'></div>",
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_different_pictures_are_each_found(kind: str) -> None:
    assert len(photos_of(SEVERAL[kind])) == (3 if "/up/three" in SEVERAL[kind] else 2)


CLEAR = "<a href='/up/{0}.jpg'><img src='/js/clear.gif' style='background-image:url(/cache/th_{0}.jpg)'></a>"
STANDING = {
    "painted over": (CLEAR.format("one") + CLEAR.format("two"), ["/up/one.jpg", "/up/two.jpg", "/js/clear.gif"]),
    "a lens over each": (
        "".join(f"<a href='/up/{name}.jpg'><img src='/i/lens.png'></a>" for name in ("one", "two", "three")),
        ["/up/one.jpg", "/up/two.jpg", "/up/three.jpg", "/i/lens.png"],
    ),
    "one alone": (CLEAR.format("one"), ["/up/one.jpg"]),
    "one picture shown twice": (
        "<a href='/up/w1.jpg'><img src='/up/w1-300x200.jpg'></a><img src='/up/w1-300x200.jpg'>",
        ["/up/w1.jpg"],
    ),
}


@pytest.mark.parametrize("kind", STANDING)
def test_what_stands_in_place_of_several_pictures_makes_them_not_one(kind: str) -> None:
    body, wanted = STANDING[kind]
    found = photos_of(body)
    assert [addresses[0] for addresses in found] == wanted
    assert kind != "painted over" or "/cache/th_one.jpg" in found[0]


def test_numbers_of_a_camera_are_no_sizes() -> None:
    assert len(photos_of("<img src='/up/IMG_1024.jpg'><div data-next='/up/IMG_1080.jpg'></div>")) == 2


NONE = [
    "<p data-file-name='walk.jpg' title='walk.jpg'>Words</p>",
    "<div data-page='/news/walk' data-count='3'>Words</div>",
    "<a href='/news/walk' data-options='{\"page\": \"/news/walk\"}'>Words</a>",
    "<div data-sprite='/theme/sprite.svg'>Words</div>",
]


@pytest.mark.parametrize("body", NONE)
def test_what_names_no_picture_is_none(body: str) -> None:
    assert photos_of(body) == []


def test_a_page_of_one_long_word_is_read_in_one_pass() -> None:
    """Where each character could begin an address, this took hours."""
    for run in ("a" * 200_000, "/a" * 100_000, "<!--" * 50_000 + "-->"):
        assert list(addresses_in(f"{run} /up/w1.jpg", HOST)) == [f"{HOST}/up/w1.jpg"]


LONG = [f"{HOST}/uploads/2026/03/a-quite-long-name-of-a-picture-{n:06d}-1024x768.jpg" for n in range(3600)]
HOLDING = {
    "words": f"<p data-all='{' '.join(LONG)}'></p>",
    "words and commas": f"<p data-all='{','.join(LONG)}'></p>",
    "data": f'<p data-all="{html.escape(json.dumps([{"src": each} for each in LONG]))}"></p>',
    "data that breaks off": f'<p data-all="{html.escape(json.dumps(LONG))[:-9]}"></p>',
    "screens": f"<p data-bgset='{' | '.join(f'{each} 600w' for each in LONG)}'></p>",
    "sizes": f"<img src='{LONG[0]}' srcset='{', '.join(f'{each} {n}w' for n, each in enumerate(LONG, 9))}'>",
    "a style": f"<p style='background:{','.join(f'url({each})' for each in LONG)}'></p>",
}


@pytest.mark.parametrize("kind", HOLDING)
def test_an_attribute_of_300_000_characters_costs_no_more_than_its_parts(kind: str) -> None:
    """Looked for among all that were met before, these took half a minute each; ten parts of it took a hundredth."""
    assert len(HOLDING[kind]) > 300_000
    looked_at = 0

    def look(frame: object, event: str, argument: object) -> None:
        nonlocal looked_at
        looked_at += event == "call"

    sys.setprofile(look)
    try:
        found = photos_of(HOLDING[kind])
    finally:
        sys.setprofile(None)
    assert len({address for photo in found for address in photo}) >= len(LONG)
    assert looked_at < 300 * len(LONG)


names = st.text(string.ascii_lowercase + "-", min_size=1, max_size=12).map(lambda name: f"data-{name.strip('-')}x")
steps = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)


@given(names, steps, steps, st.sampled_from(["jpg", "JPG", "png", "webp", "avif"]), st.booleans())
def test_no_address_is_lost_in_any_attribute(name: str, folder: str, file: str, ending: str, as_data: bool) -> None:
    address = f"/{folder}/{file}.{ending}"
    value = html.escape(json.dumps({"items": [{"link": address}]})) if as_data else address
    found = photos_of(f"<img src='/shown/other-picture.jpg'><span {name}=\"{value}\"></span>")
    assert any(address in addresses for addresses in found)


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ("alt='A model' title='Made by Zayn'", "A model – Made by Zayn"),
        ("alt='Made by Zayn' title='made by zayn'", "Made by Zayn"),
        ("alt='' aria-label='A model' title='A model'", "A model"),
        ("title='Made by Zayn'", "Made by Zayn"),
        ("alt=''", ""),
    ],
)
def test_what_stands_for_a_picture_and_over_it_is_read(attributes: str, said: str) -> None:
    body = parse(f"<img src='/a.jpg' width=300 {attributes}>").body
    assert body is not None
    (photo,) = find_photos(body, "https://school.example/").photos
    assert photo.alt == said
