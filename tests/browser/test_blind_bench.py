"""The bench of sites that others wrote counts what it says it counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.crawl.blind import run
from tests.browser.small_site import article, listing, photo

_SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        file = Path(__file__).parent / "pages" / (self.path.strip("/") or "index")
        body = file.read_bytes() if file.is_file() else b"Not found"
        self.send_response(200 if file.is_file() else 404)
        self.send_header("Content-Type", "image/jpeg" if file.suffix == ".jpg" else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def _post(name: str, **told: object) -> dict[str, object]:
    post = {"title": name, "words": f"What {name} did beside the pond.", "date": "2026-11-02", "permalink": f"/{name}"}
    return {**post, "photos": [], "comments": [], "walled": False, **told}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of two posts and one that nothing leads to."""
    folder = tmp_path / "site_01"
    pages = folder / "pages"
    pages.mkdir(parents=True)
    (folder / "server.py").write_text(_SERVER)
    (pages / "index").write_text(listing("/robins", "/wrens"))
    shown = "<img src='/robins-small.jpg' width='320' height='240' alt=''>"
    (pages / "robins").write_text(article("robins", f"<p>What robins did beside the pond.</p>{shown}"))
    (pages / "wrens").write_text(article("wrens", "<p>What wrens did beside the pond.</p>", "2026-11-03"))
    (pages / "robins.jpg").write_bytes(photo("robins", 1280, 960))
    (pages / "robins-small.jpg").write_bytes(photo("robins", 320, 240))
    return folder


def test_renditions_count_and_days_are_told(site: Path, tmp_path: Path) -> None:
    posts = [_post("robins", photos=["/robins.jpg"]), _post("wrens"), _post("owls", walled=True)]
    (site / "truth.json").write_text(json.dumps({"start": "/", "posts": posts}))
    score = run(site, tmp_path / "kept")
    assert (score.found["posts"], score.wanted["posts"], score.found["photos"]) == (2, 2, 1)
    assert (score.found["dates"], score.wanted["dates"]) == (1, 2)
    assert not score.silent
    assert score.requests[0] >= 4


def test_what_is_missing_of_a_complete_account_is_silent(site: Path, tmp_path: Path) -> None:
    (site / "truth.json").write_text(json.dumps({"start": "/", "posts": [_post("robins"), _post("owls")]}))
    score = run(site, tmp_path / "kept")
    assert (score.found["posts"], score.wanted["posts"]) == (1, 2)
    assert score.silent == (score.status == "complete")
    assert any("/owls" in line for line in score.missing)
