"""Films that a page serves itself are taken within a bound, and once; those that cannot be had are stated."""

from __future__ import annotations

from auditbot.collect.post.embeds import NOT_FETCHED, STREAMED
from auditbot.model import Why
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, article, sha256

FILM = b"\0\0\0\x1cftypisom" + bytes(3000)
CAPTIONS = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello"
PLAYER = "<p>Words.</p><video src='/a.mp4' title='Our year' poster='/p.jpg'><track src='/a.vtt'></video>"
STREAM = "<video title='Live'><source src='/live.m3u8'></video>"


def with_validator(body: bytes, kind: str) -> object:
    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            return Answer(b"", kind, status=304, headers={"ETag": '"1"'})
        return Answer(body, kind, headers={"ETag": '"1"'})

    return answer


def serve(site: LittleServer, body: str) -> None:
    site.routes |= {
        "/": "<main><a href='/post/'>Our year</a></main>",
        "/post/": article("Our year", body),
        "/a.mp4": with_validator(FILM, "video/mp4"),  # type: ignore[dict-item]
        "/a.vtt": with_validator(CAPTIONS, "text/vtt"),  # type: ignore[dict-item]
    }


def test_film_captions_poster_and_title_become_part_of_the_post(site: LittleServer, collect: CollectSite) -> None:
    serve(site, PLAYER)
    first = collect()
    post = first.posts["/post/"]
    assert [(use.kind, use.sha256, use.title) for use in post.documents] == [
        ("captions", sha256(CAPTIONS), ""),
        ("video", sha256(FILM), "Our year"),
    ]
    assert [(use.url, use.found_in) for use in post.photos] == [(f"{site.url}/p.jpg", "video")]
    assert first.spool.path(sha256(FILM)).read_bytes() == FILM
    again = collect(known_files=first.known_files())
    assert all(again.files[path].unchanged for path in ("/a.mp4", "/a.vtt"))
    assert again.posts["/post/"].documents == post.documents


def test_films_that_cannot_be_had_are_stated_with_the_rest_of_the_post(
    site: LittleServer, collect: CollectSite
) -> None:
    serve(site, PLAYER + STREAM + "<a href='/gone.mp4'>Gone</a><a href='/page.mp4'>A page</a>")
    site.routes["/page.mp4"] = "<!doctype html><p>Please log in.</p>"
    found = collect(max_video_megabytes=0.002)
    assert "larger than" in found.missed["/a.mp4"]
    assert "404" in found.missed["/gone.mp4"]
    assert [note.why for note in found.not_checked if note.url.endswith("/gone.mp4")] == [Why.DEAD_FILM]
    assert "web page" in found.missed["/page.mp4"]
    assert found.missed["/post/"] == STREAMED
    videos = [(use.title, use.sha256) for use in found.posts["/post/"].documents if use.kind == "video"]
    assert videos == [("Our year", None), ("Live", None), ("Gone", None), ("A page", None)]


def test_films_are_not_fetched_where_the_school_says_so(site: LittleServer, collect: CollectSite) -> None:
    serve(site, PLAYER)
    found = collect(max_video_megabytes=0)
    assert found.missed["/a.mp4"] == NOT_FETCHED
    assert "/a.mp4" not in site.paths()
    assert "/a.vtt" in site.paths()
