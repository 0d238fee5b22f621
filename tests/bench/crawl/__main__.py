"""How much memory a crawl takes, and how quick it is: python -m tests.bench.crawl [posts]

A site on this machine with so many posts (2,000 unless told), two photos each, is collected at once, without pauses.
Memory is that of this process and all it started, the browser included, looked at twice a second.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from auditbot.collect.stage import collect_account
from auditbot.model import CollectJob, Coverage, Post, Spool
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import article, listing, photo

ON_A_PAGE = 20
MEGABYTE = 1_000_000


class Memory:
    """The most memory seen so far, in bytes: all of it, and ours without the browser."""

    def __init__(self) -> None:
        self.most = self.own = 0
        self._stop = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._stop.wait(0.5):
            total = own = me.memory_info().rss
            for child in me.children(recursive=True):
                try:
                    # What processes share is counted once for all of them.
                    total += child.memory_full_info().pss
                except psutil.Error:
                    continue
            self.most, self.own = max(self.most, total), max(self.own, own)

    def stop(self) -> None:
        self._stop.set()


def lay_out(server: LittleServer, posts: int) -> None:
    """Give the site its posts, with two photos each, and pages that list them."""
    names = [f"/news/post-{number}" for number in range(posts)]
    pages = [names[start : start + ON_A_PAGE] for start in range(0, posts, ON_A_PAGE)]
    for number, page in enumerate(pages, 1):
        older = f"<a rel='next' href='/page/{number + 1}'>Older posts</a>" if number < len(pages) else ""
        server.routes[f"/page/{number}"] = listing(*page, after=older)
    server.routes["/"] = server.routes["/page/1"]
    for name in names:
        pictures = "".join(f"<img src='{name}-{place}.jpg' alt=''>" for place in (1, 2))
        server.routes[name] = article(name, f"<p>{f'What happened at school, as told in {name}. ' * 20}</p>{pictures}")
        for place in (1, 2):
            server.routes[f"{name}-{place}.jpg"] = Answer(photo(f"{name}-{place}", 1200, 900), "image/jpeg")


def main() -> None:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    server = LittleServer()
    lay_out(server, posts)
    options = Collect(delay_seconds=0.0, allow_loopback=(server.address,), max_posts=posts + 1, account_minutes=600)
    began, memory, found = time.monotonic(), Memory(), 0
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder) / "spool")
        job = CollectJob("website", "website", f"{server.url}/", False, spool, {}, frozenset())
        for event in collect_account(job, Settings(school=School(name="Larkmere"), collect=options)):
            found += isinstance(event, Post)
            if isinstance(event, Post) and found % 100 == 0:
                seconds = time.monotonic() - began
                figures = f"{memory.most / MEGABYTE:.0f} MB with the browser, {memory.own / MEGABYTE:.0f} MB without"
                print(f"{found} posts, {found / seconds:.1f} a second; at most {figures}", flush=True)
            if isinstance(event, Coverage):
                print(event)
    memory.stop()
    server.close()


main()
