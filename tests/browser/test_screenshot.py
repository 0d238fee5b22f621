"""What a screenshot shows: the pictures that the visit put in, and no other, wherever a page has them from."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from auditbot.collect.browser.browser import Browser, Shot
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.urls import Site
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import article


def _picture(colour: tuple[int, int, int], kind: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (200, 100), colour).save(content, kind)
    return content.getvalue()


RED = _picture((255, 0, 0), "PNG")
DATA = f"data:image/png;base64,{base64.b64encode(RED).decode()}"
BOX = "width:200px;height:100px"
AREA = 200 * 100
SIZE = "width=200 height=100"
FETCHED = "fetch('/p.png').then(r => r.blob())"
SHOWS = {
    "an image": f"<img {SIZE} src='{DATA}'>",
    "an image of many sizes": f"<picture><source srcset='{DATA}'><img {SIZE} src='/p.png'></picture>",
    "a background": f"<style>.b {{ background: url({DATA}) !important }}</style><div class=b style='{BOX}'></div>",
    "a background among others": f"<div style='{BOX};background-image:image-set(\"{DATA}\" 1x), url(/p.png)'></div>",
    "a part of an element": f"<style>.c::before {{ content: url({DATA}) }}</style><div class=c style='{BOX}'></div>",
    "a border": f"<div style='{BOX};border:50px solid;box-sizing:border-box;border-image:url({DATA}) 30 fill'></div>",
    "a moving background": (
        f"<style>@keyframes k {{ from, to {{ background-image: url({DATA}) }} }}</style>"
        f"<div style='{BOX};animation:k 9s infinite'></div>"
    ),
    "a slow fade": f"<style>img {{ transition: all 60s }}</style><img {SIZE} src='{DATA}'>",
    "a drawing": f"<svg {SIZE}><image {SIZE} href='{DATA}'/></svg>",
    "a picture fetched": f"<img id=f {SIZE}><script>{FETCHED}.then(b => f.src = URL.createObjectURL(b))</script>",
    "a background fetched": (
        f"<div id=f style='{BOX}'></div>"
        f"<script>{FETCHED}.then(b => f.style.backgroundImage = `url(${{URL.createObjectURL(b)}})`)</script>"
    ),
    "a canvas": (
        f"<canvas id=f {SIZE}></canvas>"
        f"<script>{FETCHED}.then(createImageBitmap).then(b => f.getContext('2d').drawImage(b, 0, 0))</script>"
    ),
    "a frame": f'<iframe {SIZE} srcdoc="<img {SIZE} src={DATA}>"></iframe>',
    "a part with a root of its own": (
        f"<div id=f></div><script>f.attachShadow({{mode: 'open'}}).innerHTML = `<img {SIZE} src='{DATA}'>`</script>"
    ),
    "a part that is closed": (
        f"<div><template shadowrootmode=closed><img style='visibility:visible' {SIZE} src='{DATA}'></template></div>"
    ),
    "a film’s first picture": f"<video {SIZE} poster='{DATA}'></video>",
    "what a script shows again and again": (
        f"<div id=f></div><script>setInterval(() => f.innerHTML = `<img {SIZE} src='{DATA}'>`, 5)</script>"
    ),
}


def _pixels(path: Path, *, red: bool) -> int:
    """Count the pixels that are red, or else blue."""
    with Image.open(path) as image:
        bands = image.convert("RGB").split()
    main = bands[0 if red else 2].point(lambda value: 255 * (value > 200))
    others = ImageChops.lighter(bands[1], bands[2 if red else 0]).point(lambda value: 255 * (value < 60))
    return ImageChops.darker(main, others).histogram()[255]


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a screenshot of each page, in which one picture has a web address, and for one how it looks."""
    folder, server = tmp_path_factory.mktemp("shots"), LittleServer({"/p.png": Answer(RED, "image/png")})
    blue = folder / "blue.jpg"
    blue.write_bytes(_picture((0, 0, 255), "JPEG"))
    options = Collect(delay_seconds=0.0, page_timeout_seconds=5.0, allow_loopback=(server.address,))
    settings, found = Settings(school=School(name="Larkmere"), collect=options), {}
    with Guard({}, (server.address,), 5.0) as guard, Browser(settings, guard, Site(f"{server.url}/")) as browser:
        for number, (name, shows) in enumerate(SHOWS.items()):
            server.routes[f"/{number}/"] = article("A", f"{shows}<img {SIZE} src='/evidence.jpg'>")
            found[name] = folder / f"{number}.jpg"
            shown = Shot(found[name], lambda url: blue if url.endswith("/evidence.jpg") else None)
            browser.open(f"{server.url}/{number}/", shown)
    server.close()
    return found


@pytest.mark.parametrize("name", SHOWS)
def test_no_picture_is_shown_but_what_the_visit_put_in(shots: dict[str, Path], name: str) -> None:
    assert _pixels(shots[name], red=True) == 0
    assert _pixels(shots[name], red=False) > 0.9 * AREA


def test_a_page_keeps_its_layout(shots: dict[str, Path]) -> None:
    with Image.open(shots["an image"]) as hidden, Image.open(shots["a drawing"]) as drawing:
        assert hidden.size == drawing.size and hidden.height > 100
