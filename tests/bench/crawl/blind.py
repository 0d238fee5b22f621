"""How sites written by others fare: python -m tests.bench.crawl.blind FOLDER [--only NN] [--twice] [--keep DIR]

FOLDER holds site_NN folders, each with a server.py (run as python server.py PORT, on 127.0.0.1) and a truth.json that
says what its visitors can see: start, and posts with words, date, permalink, photos, comments and walled. Each site is
set up and collected as a school would, without pauses. A post is found if its words stand in a collected post that
holds no other post's words, or in any if it has no page of its own. A site is silent if its account is called complete
and something of it that is not walled is missing. The walled count for nothing.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from tests.bench.crawl.real_site import audit

# Runs the site's own program, and notes each request that it reads.
_COUNTED = """
import runpy, sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
program, port, log = sys.argv[1:]
read = BaseHTTPRequestHandler.parse_request
def parse_request(self):
    known = read(self)
    if known:
        with open(log, "a") as file:
            file.write(f"{self.command} {self.path}\\n")
    return known
BaseHTTPRequestHandler.parse_request = parse_request
BaseHTTPRequestHandler.log_message = lambda *_: None
sys.argv = [program, port]
sys.path.insert(0, str(Path(program).parent))
runpy.run_path(program, run_name="__main__")
"""
_SIDE = 24
# Pictures of this bench differ by far more, the same one as another rendition by less.
_SAME = 9.0
_KINDS = ("posts", "texts", "dates", "photos", "comments")


@dataclass
class Score:
    """How one site fared."""

    found: Counter[str] = field(default_factory=Counter)
    """How many of each kind were found."""
    wanted: Counter[str] = field(default_factory=Counter)
    """How many there are."""
    status: str = ""
    """What the account is called."""
    missing: list[str] = field(default_factory=list)
    """What is missing, a line each."""
    said: list[str] = field(default_factory=list)
    """What the audit said was not checked."""
    requests: list[int] = field(default_factory=list)
    """Requests of each audit."""
    lost: bool = False
    """True if something is missing that every visitor can reach; a day that was not read is not among it."""

    @property
    def silent(self) -> bool:
        """True if the account is called complete all the same."""
        return self.lost and self.status == "complete"

    def line(self, name: str) -> str:
        """Return the line of one site, or of all."""
        figures = "  ".join(f"{kind} {self.found[kind]}/{self.wanted[kind]}" for kind in _KINDS)
        requests = " + ".join(map(str, self.requests))
        return f"{name}: {figures}  {self.status}{'  SILENT' if self.silent else ''}  {requests} requests"


@contextmanager
def served(program: Path, log: Path) -> Iterator[str]:
    """Run a site's own program while the block lasts; yield its address. Its requests stand in ``log``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _COUNTED, str(program), str(port), str(log)]
    site = subprocess.Popen(
        command, cwd=program.parent, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        site.terminate()
        site.wait()


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("The site's program did not begin to serve.")


def plain(words: str) -> str:
    """Return words as they are compared: one blank between them, without regard to capitals."""
    return " ".join(words.casefold().split())


def look(content: bytes) -> Image.Image | None:
    """Return a picture made small, as renditions of one are compared; None for what is no picture."""
    try:
        return Image.open(io.BytesIO(content)).convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    except (OSError, ValueError):
        return None


def alike(one: Image.Image, other: Image.Image) -> bool:
    """True if two small pictures are renditions of the same."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3 < _SAME


def run(site: Path, folder: Path, audits: int = 1) -> Score:
    """Collect one site and compare."""
    truth = json.loads((site / "truth.json").read_text("utf-8"))
    log = folder / "asked.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    workspace, score = folder / "workspace", Score()
    with served((site / "server.py").resolve(), log) as url:
        for number in range(audits):
            asked = len(log.read_text().splitlines())
            if number:
                _once_more(workspace)
            posts, _ = audit(workspace, url + truth["start"])
            score.requests.append(len(log.read_text().splitlines()) - asked)
        wanted = {path: _ask(url, path) for post in truth["posts"] for path in post["photos"]}
    score.status, score.said = _told(workspace)
    spool = workspace / "data" / "spool"
    shown = [each for file in spool.glob("*") if file.is_file() and (each := look(file.read_bytes()))]
    _compare(truth["posts"], posts, score)
    _compare_photos(truth["posts"], wanted, shown, score)
    return score


def _once_more(workspace: Path) -> None:
    command = [sys.executable, "-m", "auditbot", "--workspace", str(workspace), "audit", "--stage", "collect"]
    subprocess.run(command, capture_output=True, check=False)


def _ask(url: str, path: str) -> bytes:
    host = url.partition("://")[2]
    with closing(http.client.HTTPConnection(host, timeout=20)) as line:
        line.request("GET", path, headers={"Referer": f"{url}/", "User-Agent": "Mozilla/5.0"})
        return line.getresponse().read()


def _told(workspace: Path) -> tuple[str, list[str]]:
    with closing(sqlite3.connect(workspace / "data" / "auditbot.db")) as store:
        store.row_factory = sqlite3.Row
        last = "audit = (SELECT audit FROM coverage ORDER BY rowid DESC LIMIT 1)"
        statuses = [row["status"] for row in store.execute(f"SELECT status FROM coverage WHERE {last}")]
        rows = store.execute(f"SELECT * FROM not_checked WHERE {last}").fetchall()
    said = [f"{'aside: ' if row['aside'] else ''}{row['what']} {row['url']}: {row['reason']}" for row in rows]
    return ", ".join(statuses) or "nothing", said


def _compare(truth: list[dict[str, object]], posts: list[dict[str, object]], score: Score) -> None:
    texts = [plain(f"{post['title']} {post['text']}") for post in posts]
    everything = [plain(" ".join((text, *_further(post)))) for text, post in zip(texts, posts, strict=True)]
    comments = [plain(str(each.get("text", ""))) for post in posts for each in post.get("comments", [])]  # type: ignore[attr-defined]
    phrases = [plain(str(each["words"])) for each in truth]
    for each, words in zip(truth, phrases, strict=True):
        if each.get("walled"):
            continue
        holding = [place for place, text in enumerate(texts) if words in text]
        alone = [place for place in holding if not any(other in texts[place] for other in phrases if other != words)]
        own = alone if each["permalink"] else alone or holding
        read = any(words in text for text in everything)
        _count(
            score,
            "posts",
            bool(own),
            f"{each['permalink']} {each['title']!r}{'' if not holding else ' (in one with others)'}",
        )
        _count(score, "texts", read, f"{each['words']!r}")
        if own and each["date"]:
            days = sorted({str(posts[place]["published_at"] or "none")[:10] for place in own})
            _count(
                score,
                "dates",
                each["date"] in days,
                f"{each['permalink']} {each['date']} read as {', '.join(days)}",
                loses=False,
            )
        for comment in each["comments"]:  # type: ignore[attr-defined]
            said = plain(str(comment))
            elsewhere = " (in a text)" if any(said in text for text in everything) else ""
            _count(
                score,
                "comments",
                any(said in text for text in comments),
                f"{comment!r}{elsewhere}",
                loses=not elsewhere,
            )


def _further(post: dict[str, object]) -> Iterator[str]:
    """Yield the words of a post beside its title and body."""
    for name in ("words", "comments"):
        yield from (str(each.get("text", "")) for each in post.get(name, []))  # type: ignore[attr-defined]
    for photo in post["photos"]:  # type: ignore[attr-defined]
        yield f"{photo.get('caption', '')} {photo.get('alt', '')}"


def _count(score: Score, kind: str, found: bool, missing: str, *, loses: bool = True) -> None:
    score.wanted[kind] += 1
    score.found[kind] += found
    if not found:
        score.missing.append(f"{kind}: {missing}")
        score.lost = score.lost or loses


def _compare_photos(
    truth: list[dict[str, object]], wanted: dict[str, bytes], shown: list[Image.Image], score: Score
) -> None:
    for each in truth:
        for path in () if each.get("walled") else each["photos"]:  # type: ignore[attr-defined]
            picture = look(wanted[path])
            if picture is None:
                print(f"  {path} is no picture: left out")
                continue
            _count(score, "photos", any(alike(picture, other) for other in shown), str(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="the numbers of the sites to run, as in site_NN")
    parser.add_argument("--twice", action="store_true", help="audit a second time, and count its requests")
    parser.add_argument("--keep", type=Path, help="keep the workspaces here")
    parser.add_argument("--quiet", action="store_true", help="the table alone")
    options = parser.parse_args()
    total, silent, complete = Score(), 0, 0
    total.requests = [0] * (1 + options.twice)
    for site in sorted(options.folder.glob("site_*")):
        if options.only and site.name.removeprefix("site_") not in options.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            score = run(site, (options.keep or Path(folder)) / site.name, len(total.requests))
        print(score.line(site.name), flush=True)
        for line in () if options.quiet else (*score.missing, *score.said):
            print(f"    {line}")
        total.found += score.found
        total.wanted += score.wanted
        total.requests = [one + more for one, more in zip(total.requests, score.requests, strict=True)]
        silent += score.silent
        complete += score.status == "complete"
    total.status = f"{complete} complete, {silent} silent"
    print(total.line("all"))


if __name__ == "__main__":
    main()
