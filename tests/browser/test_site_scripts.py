"""Pages whose scripts change nothing are read without a browser, and none that they do change is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auditbot.collect.browser.browser import Browser
from auditbot.collect.html import site_scripts
from auditbot.collect.html.dom import parse
from auditbot.collect.html.site_scripts import outline_of
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import Collected, CollectSite, article, listing, photo, sha256

_MENU = "document.documentElement.className = 'js'; document.addEventListener('click', () => {});"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses that were opened in the browser."""
    found: list[str] = []
    real = Browser.open

    def noted(self: Browser, url: str, *given: object, **more: object) -> object:
        found.append(url)
        return real(self, url, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Browser, "open", noted)
    yield found


def lay_out(site: LittleServer, posts: int, script: str) -> list[str]:
    """Give the site posts that share a script and a late picture each; return their paths."""
    paths = [f"/news/story-{chr(97 + number)}-of-spring" for number in range(posts)]
    site.routes["/site.js"] = Answer(script, "text/javascript")
    site.routes["/site.css"] = Answer(".lazy { opacity: .5 } .shut { display: none }", "text/css")
    sheet = "<link rel='stylesheet' href='/site.css'></head>"
    site.routes["/"] = listing(*paths).replace("</body>", "<script src='/site.js'></script></body>")
    for path in paths:
        site.routes[f"{path}.jpg"] = Answer(photo(path), "image/jpeg")
        late = f"<img class='lazy' src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src='{path}.jpg' alt=''>"
        page = article(path[6:], f"<p>What happened in {path[6:]}, told at length.</p>{late}<div class='more'></div>")
        page = page.replace("</head>", sheet).replace("</body>", "<script src='/site.js'></script></body>")
        site.routes[path] = page
    return paths


def words_of(found: Collected, path: str) -> str:
    return found.posts[path].text


def test_pages_that_scripts_leave_alone_need_no_browser_and_others_do(
    site: LittleServer, collect: CollectSite, opened: list[str]
) -> None:
    """A page of its own kind, with a script or hook of its own, or that a shared script names, is opened."""
    late = "document.querySelectorAll('img[data-src]').forEach((image) => { image.src = image.dataset.src; });"
    named = (
        "const G = {'story-i-of-spring': 'Words that a shared script holds.'}; "
        "const more = G[location.pathname.slice(6)]; if (more) document.querySelector('.more').textContent = more;"
    )
    hook = "document.querySelectorAll('.late').forEach((box) => { box.textContent = 'Words by a hook.'; });"
    paths = lay_out(site, 14, _MENU + late + named + hook)
    site.routes[paths[9]] = str(site.routes[paths[9]]).replace("class='more'", "class='more late'")
    own = "<script>document.querySelector('.more').textContent = 'Words of its own script.';</script>"
    site.routes[paths[10]] = str(site.routes[paths[10]]).replace("</body>", f"{own}</body>")
    found = collect()
    assert set(paths) <= set(found.posts)
    assert {use.sha256 for post in found.posts.values() for use in post.photos} == {sha256(photo(p)) for p in paths}
    assert "Words that a shared script holds." in words_of(found, paths[8])
    assert "Words by a hook." in words_of(found, paths[9])
    assert "Words of its own script." in words_of(found, paths[10])
    assert found.coverage.status == "complete"
    without = [path for path in paths if site.url + path not in opened]
    assert len(without) >= 5
    assert not set(paths[8:11]) & set(without)
    assert all(site.paths().count(shared) == 1 for shared in ("/site.js", "/site.css"))


def test_pages_whose_script_is_made_anew_for_each_are_all_opened(
    site: LittleServer, collect: CollectSite, opened: list[str]
) -> None:
    paths = lay_out(site, 6, _MENU)

    def made(asked: Asked) -> Answer:
        asks = asked.headers.get("referer", "")
        script = "document.querySelector('.more').textContent = 'Made for it.';" if asks.endswith(paths[5]) else ""
        return Answer(script, "text/javascript", headers={"Cache-Control": "no-store"})

    site.routes["/site.js"] = made
    found = collect()
    assert "Made for it." in words_of(found, paths[5])
    assert {site.url + path for path in paths} <= set(opened)


def test_pages_whose_scripts_ask_for_something_are_all_opened(
    site: LittleServer, collect: CollectSite, opened: list[str]
) -> None:
    """What a script asks for may differ from page to page, though the first pages were answered nothing."""
    paths = lay_out(
        site, 7, "fetch(location.pathname + '/more').then((a) => a.text()).then((t) => { "
        "document.querySelector('.more') && (document.querySelector('.more').textContent = t); });"
    )  # fmt: skip
    for path in paths:
        site.routes[f"{path}/more"] = Answer("Remarks of a visitor." if path == paths[6] else "", "text/plain")
    found = collect()
    assert "Remarks of a visitor." in words_of(found, paths[6])
    assert {site.url + path for path in paths} <= set(opened)


def test_what_was_read_without_a_browser_is_read_again_once_scripts_prove_to_change_it(
    site: LittleServer, collect: CollectSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of these pages foretells it: the script goes by their words."""
    monkeypatch.setattr(site_scripts, "_CHECKED", 4)
    paths = lay_out(
        site, 12, _MENU + "const h = document.querySelector('h1'); if (h && /story-[f-l]/.test(h.textContent)) "
        "document.querySelector('.more').textContent = 'Added to ' + h.textContent;"
    )  # fmt: skip
    found = collect()
    for path in paths[5:]:
        assert f"Added to {path[6:]}" in words_of(found, path)
    assert found.coverage.posts == len(found.posts)


def test_an_outline_leaves_out_what_tells_pages_of_one_kind_apart() -> None:
    def outlined(page: str, url: str = "https://school.example/news/7") -> site_scripts.Outline | None:
        return outline_of(parse(f"<body>{page}</body>"), url)

    page = (
        "<article class='post-{0} tag-{1}' id='post-{0}'><h2 id='{1}'>x</h2></article><script>go({0}, '{2}')</script>"
    )
    first = outlined(page.format(7, "frogs", "https://school.example/news/7"))
    second = outlined(page.format(8, "toads", "https://school.example/news/8"), "https://school.example/news/8")
    assert first == second and first is not None
    other = outlined(page.format(7, "frogs", "gallery"))
    assert other and other.scripts != first.scripts and other.hooks == first.hooks
    wired = outlined("<p onclick='go()'>x</p>")
    assert wired and "p[onclick=go()]" in wired.hooks
    assert outlined("<p>No script.</p><script type='application/ld+json'>{}</script>") is None
