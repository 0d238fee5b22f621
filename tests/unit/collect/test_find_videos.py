"""Which films a page plays, by how it plays them."""

from __future__ import annotations

import pytest

from auditbot.collect.html.dom import parse
from auditbot.collect.post.embeds import find_videos, head_video

BASE = "https://www.larkmere.example/news/"
HERE = f"{BASE}a.mp4"
# What stands on the page; the addresses of each film's files; what each is called.
PAGES: dict[str, tuple[str, list[tuple[str, ...]], list[str]]] = {
    "a player": ("<video src='a.mp4' title='Our film'></video>", [(HERE,)], ["Our film"]),
    "a player named for the blind": ("<video src='a.mp4' aria-label='Our film'></video>", [(HERE,)], ["Our film"]),
    "several files of one film": (
        "<video><source src='a.mp4'><source src='a.webm'></video>",
        [(HERE, f"{BASE}a.webm")],
        [""],
    ),
    "a player that loads later": ("<video data-src='a.mp4'></video>", [(HERE,)], [""]),
    "an address without an ending": ("<video src='77'></video>", [(f"{BASE}77",)], [""]),
    "a moment in it": ("<video src='a.mp4#t=5'></video>", [(HERE,)], [""]),
    "a link": ("<a href='a.mp4?v=2'>See our film</a>", [(f"{HERE}?v=2",)], ["See our film"]),
    "a link under the player": ("<video src='a.mp4'></video><a href='a.mp4'>Download</a>", [(HERE,)], [""]),
    "a frame": ("<iframe src='a.mp4'></iframe>", [(HERE,)], [""]),
    "an old object": ("<object data='a.mov'></object>", [(f"{BASE}a.mov",)], [""]),
    "two players": ("<video src='a.mp4'></video><video src='b.mp4'></video>", [(HERE,), (f"{BASE}b.mp4",)], ["", ""]),
    "in pieces": ("<video title='Live'><source src='a.m3u8'></video>", [()], ["Live"]),
    "in pieces by type": ("<video><source src='/live' type='application/dash+xml'></video>", [()], [""]),
    "in pieces or whole": ("<video><source src='a.m3u8'><source src='a.mp4'></video>", [(HERE,)], [""]),
    "by a script": ("<video src='blob:https://www.larkmere.example/1'></video>", [()], [""]),
    "an empty player": ("<video></video>", [], []),
    "a link to a page about a film": ("<a href='/film/'>Our film</a>", [], []),
    "a sound": ("<audio src='a.mp3'></audio>", [], []),
    "a picture": ("<img src='a.gif'>", [], []),
}  # fmt: skip


@pytest.mark.parametrize("kind", PAGES)
def test_the_films_of_a_page(kind: str) -> None:
    html, files, titles = PAGES[kind]
    body = parse(f"<main>{html}</main>").body
    assert body is not None
    found = find_videos(body, BASE).videos
    assert [film.candidates for film in found] == files
    assert [film.title for film in found] == titles


def test_captions_belong_to_their_film() -> None:
    html = "<video src='a.mp4'><track src='a.vtt' label='English'><track kind='chapters' src='b.vtt'></video>"
    body = parse(html).body
    assert body is not None
    (film,) = find_videos(body, BASE).videos
    assert [(link.url, link.title) for link in film.captions] == [(f"{BASE}a.vtt", "English"), (f"{BASE}b.vtt", "")]


@pytest.mark.parametrize(
    ("named", "wanted"),
    [
        ("/b.mp4", ["https://www.larkmere.example/b.mp4"]),
        ("a.mp4", []),
        ("https://www.youtube.com/embed/1", []),
        ("", []),
    ],
)
def test_the_film_in_the_head_counts_unless_the_page_shows_it(named: str, wanted: list[str]) -> None:
    tree = parse(f"<head><meta property='og:video' content='{named}'></head><body><video src='a.mp4'></video></body>")
    assert tree.body is not None
    found = head_video(tree, BASE, find_videos(tree.body, BASE).videos)
    assert [url for film in found for url in film.candidates] == wanted
