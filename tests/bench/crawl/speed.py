"""What a visit costs: python -m tests.bench.crawl.speed [--pages N] [--look LOOK] [TREE ...]

A site with so many posts (400 unless told) is made, served on 127.0.0.1 and collected at once, without pauses, as a
school would: init, then collect, twice. LOOK is "plain" (no scripts) or "school": a template with a menu, a cookie
banner, pictures that load late, a viewer and counters of visits. Each TREE is a checkout of this repository, this one
among them unless others are named; the first is what the others are compared with. Processor time is that of the audit
and all it started, the browser included, the little server left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.browser.little_server import Answer, Asked, LittleServer, Route
from tests.browser.small_site import photo

_ON_A_PAGE = 20
_WORDS = (
    "the", "children", "of", "our", "class", "went", "to", "pond", "and", "counted", "frogs", "newts", "ducks",
    "with", "nets", "jars", "pencils", "before", "lunch", "while", "rain", "fell", "softly", "over", "muddy",
    "boots", "gate", "hall", "garden", "shed", "library", "assembly", "harvest", "song", "dance", "paint", "clay",
    "paper", "kites",
)  # fmt: skip
_STYLE = """
body{margin:0;font:16px/1.5 sans-serif}.wrap{max-width:60rem;margin:auto}.skip{position:absolute;left:-999px}
nav ul{list-style:none;padding:0}nav ul ul{display:none}nav li:hover>ul,nav li.open>ul{display:block}
.js .nav-list{display:flex}.banner{background:#eee url(/img/banner.png);padding:2rem}.gallery{display:flex}
.gallery img{width:48%;height:auto;opacity:1}.lazy{opacity:.2}.lazy.loaded{opacity:1}
.screen-reader-text{clip:rect(0,0,0,0)}
#cookies{position:fixed;bottom:0;left:0;right:0;background:#fff}.viewer{display:none}.viewer.on{display:block}
@media(max-width:700px){.desktop{display:none}}@media print{nav,footer{display:none}}
"""
_SCRIPT = """
(function () {
  document.documentElement.className = 'js';
  function ready(f) { document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', f) : f(); }
  ready(function () {
    document.querySelectorAll('nav li').forEach(function (item) {
      var first = item.querySelector('ul') && item.querySelector('a');
      if (first) first.addEventListener('focus', function () { item.classList.add('open'); });
    });
    var look = new IntersectionObserver(function (all) {
      all.forEach(function (one) {
        if (!one.isIntersecting) return;
        one.target.src = one.target.dataset.src; one.target.classList.add('loaded'); look.unobserve(one.target);
      });
    });
    document.querySelectorAll('img[data-src]').forEach(function (image) { look.observe(image); });
    document.querySelectorAll('.gallery img').forEach(function (image) {
      image.addEventListener('click', function () {
        var viewer = document.createElement('div'); viewer.className = 'viewer on';
        var large = document.createElement('img'); large.src = image.dataset.src; viewer.append(large);
        viewer.onclick = function () { viewer.remove(); }; document.body.append(viewer);
      });
    });
    if (!localStorage.getItem('seen')) {
      var box = document.createElement('div'); box.id = 'cookies';
      box.innerHTML = '<p>We use cookies to count visits.</p><button>Accept</button><button>Decline</button>';
      box.querySelectorAll('button').forEach(function (button) {
        button.onclick = function () { localStorage.setItem('seen', 1); box.remove(); };
      });
      document.body.append(box);
    }
    var year = document.getElementById('year'); if (year) year.textContent = new Date().getFullYear();
    var top = document.querySelector('.top');
    if (top) window.addEventListener('scroll', function () { top.hidden = window.scrollY < 300; });
  });
})();
"""
_COUNTER = (
    "<script async src='https://www.googletagmanager.com/gtag/js?id=G-X'></script><script>window.dataLayer=window."
    "dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag('js',new Date());gtag('config','G-X');</script>"
)


def lay_out(server: LittleServer, posts: int, look: str) -> None:
    """Give the site its posts, with two photos each, lists of them, a menu and a few pages."""
    drawn = random.Random(8)
    scripted = look == "school"
    server.routes["/style.css"] = Answer(_STYLE, "text/css")
    server.routes["/site.js"] = Answer(_SCRIPT, "text/javascript")
    menu = "".join(
        f"<li><a href='/{name}'>{name.title()}</a><ul><li><a href='/{name}/more'>More of {name}</a></li></ul></li>"
        for name in ("about", "classes", "contact")
    )
    head = f"<link rel='stylesheet' href='/style.css'>{_COUNTER if scripted else ''}"
    foot = "<script src='/site.js'></script>" if scripted else ""

    def page(title: str, body: str) -> str:
        return (
            f"<!doctype html><html lang='en-GB'><head><meta charset='utf-8'><title>{title} – Larkmere</title>{head}"
            "</head><body class='page'><a class='skip' href='#main'>Skip to content</a><header class='wrap'>"
            f"<a href='/'>Larkmere Infants</a><nav><ul class='nav-list'><li><a href='/'>Home</a></li>{menu}</ul></nav>"
            f"</header><main id='main' class='wrap'>{body}</main>"
            "<footer><p>© <span id='year'>2026</span> Larkmere Infant School"
            f"</p><a class='top' href='#' hidden>Top</a></footer>{foot}</body></html>"
        )

    def words(count: int) -> str:
        return " ".join(drawn.choice(_WORDS) for _ in range(count)).capitalize() + "."

    paths = [f"/news/{number:03}-{drawn.choice(_WORDS)}-{drawn.choice(_WORDS)}/" for number in range(posts)]
    titles = {path: words(4) for path in paths}
    for number, path in enumerate(paths):
        pictures = [f"{path}{place}.jpg" for place in (1, 2)]
        for picture in pictures:
            server.routes[picture] = _with_tag(Answer(photo(picture, 640, 480), "image/jpeg"))
        shown = "".join(
            f"<img class='lazy' src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src='{each}' alt=''>"
            if scripted
            else f"<img src='{each}' alt='' loading='lazy'>"
            for each in pictures
        )
        day = f"2026-{1 + number % 9:02}-{1 + number % 27:02}"
        body = "".join(f"<p>{words(drawn.randint(30, 90))}</p>" for _ in range(drawn.randint(3, 6)))
        server.routes[path] = page(
            titles[path],
            f"<article><h1>{titles[path]}</h1><time datetime='{day}'>{day}</time>{body}"
            f"<div class='gallery'>{shown}</div></article>",
        )
    lists = [paths[start : start + _ON_A_PAGE] for start in range(0, posts, _ON_A_PAGE)]
    for number, group in enumerate(lists, 1):
        rows = "".join(
            f"<article><h2><a href='{path}'>{titles[path]}</a></h2><p>{words(14)}</p></article>" for path in group
        )
        more = f"<nav class='pagination'><a rel='next' href='/page/{number + 1}'>Older posts</a></nav>"
        server.routes[f"/page/{number}"] = page("News", rows + (more if number < len(lists) else ""))
    server.routes["/"] = server.routes["/page/1"]
    for name in ("about", "classes", "contact"):
        server.routes[f"/{name}"] = page(name.title(), f"<h1>{name.title()}</h1><p>{words(80)}</p>")
        server.routes[f"/{name}/more"] = page(f"More of {name}", f"<h1>More of {name}</h1><p>{words(60)}</p>")
    for path, route in list(server.routes.items()):
        if isinstance(route, str):
            server.routes[path] = _with_tag(Answer(route))


def _with_tag(answer: Answer) -> Route:
    """Return an answer as servers of files give it: unchanged since, if its validator is sent."""
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    def route(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == tag:
            return Answer("", answer.kind, status=304, headers={"ETag": tag, "Content-Length": ""})
        return Answer(answer.body, answer.kind, headers={"ETag": tag})

    return route


@dataclass
class Visit:
    """What one collection cost and gave."""

    processor: float
    """Seconds of processor time."""
    clock: float
    """Seconds by the clock."""
    asked: list[str]
    """Every address that was asked for."""
    posts: dict[str, tuple[str, list[str]]]
    """By address: the words of each post, and its photos' hashes."""


def run(tree: Path, folder: Path, server: LittleServer) -> Visit:
    """Collect once with the product of one checkout."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    command = [sys.executable, "-m", "auditbot"]

    def call(*words: str) -> str:
        done = subprocess.run(
            [*command, *words], cwd=tree, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            check=False,
        )  # fmt: skip
        return done.stdout

    if not folder.exists():
        call("init", str(folder), "--school", "The School", "--website", f"{server.url}/")
        settings = folder / "config" / "auditbot.toml"
        text = settings.read_text("utf-8").replace("# allow_loopback = []", f'allow_loopback = ["{server.address}"]')
        settings.write_text(text.replace("# delay_seconds = 1.0", "delay_seconds = 0.0"), "utf-8")
    server.asked.clear()
    began = time.monotonic()
    audit = psutil.Popen(
        [*command, "--workspace", str(folder), "audit", "--stage", "collect"],
        cwd=tree, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    spent: dict[tuple[int, float], float] = {}
    while audit.poll() is None:
        _look(audit, spent)
        time.sleep(0.1)
    clock = time.monotonic() - began
    told = call("--workspace", str(folder), "posts", "--json")
    posts = {
        post["url"]: (f"{post['title']}\n{post['text']}", sorted(str(photo["sha256"]) for photo in post["photos"]))
        for post in map(json.loads, told.splitlines())
    }
    return Visit(sum(spent.values()), clock, server.paths(), posts)


def _look(audit: psutil.Process, spent: dict[tuple[int, float], float]) -> None:
    """Note the processor time of a process and of all it has started, as far as they still run."""
    try:
        family = [audit, *audit.children(recursive=True)]
    except psutil.Error:
        return
    for process in family:
        try:
            times = process.cpu_times()
            spent[process.pid, process.create_time()] = times.user + times.system
        except psutil.Error:
            continue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--look", choices=["plain", "school"], default="school")
    parser.add_argument("trees", type=Path, nargs="*", default=[Path(__file__).parents[3]])
    options = parser.parse_args()
    server = LittleServer()
    lay_out(server, options.pages, options.look)
    first: Visit | None = None
    for tree in options.trees:
        with tempfile.TemporaryDirectory() as folder:
            for night in (1, 2):
                visit = run(tree.resolve(), Path(folder) / "workspace", server)
                pages = sum(not path.endswith((".jpg", ".css", ".js", ".png")) for path in visit.asked)
                print(
                    f"{tree} audit {night}: {visit.processor:.1f} s of processor time, "
                    f"{visit.processor / options.pages:.3f} s a post, {visit.clock:.1f} s by the clock, "
                    f"{len(visit.asked)} requests ({pages} for pages), "
                    f"{len(visit.posts)} posts"
                )
                if night == 1:
                    if first is None:
                        first = visit
                    else:
                        same = "the same posts, words and photos" if visit.posts == first.posts else "OTHER POSTS"
                        print(f"  {visit.processor / first.processor:.3f} of the first; {same}")
                        for url in first.posts.keys() ^ visit.posts.keys():
                            print("    only in one:", url)
                        for url in first.posts.keys() & visit.posts.keys():
                            if first.posts[url] != visit.posts[url]:
                                print("    differs:", url)
    server.close()


if __name__ == "__main__":
    main()
