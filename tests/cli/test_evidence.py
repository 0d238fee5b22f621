"""Evidence of what was found: screenshots once, a manifest whose hash the report gives, a WARC file if asked for."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from auditbot.demo.site import build_site
from tests.browser.little_server import LittleServer
from tests.cli.conftest import MakeSchool, small, visit
from tests.cli.test_over_time import _conditional


def test_each_post_with_a_finding_is_photographed_once_without_asking_for_a_picture(fresh: MakeSchool) -> None:
    server = LittleServer()
    for path, resource in build_site().items():
        server.routes[path] = _conditional(resource.content, resource.content_type, resource.etag)
    school = small(fresh())
    school.replace("config/auditbot.toml", "screenshots = false", "screenshots = true")
    visit(school, server)
    first = school.audit("--since", "2026-11-01", "--warc")
    report = school.folder / "reports" / "latest"
    manifest = (report / "evidence" / "manifest.json").read_bytes()
    assert first["audit"]["evidence_manifest"] == hashlib.sha256(manifest).hexdigest()
    assert first["audit"]["evidence_manifest"] in (report / "report.html").read_text("utf-8").replace("<wbr>", "")
    document = json.loads(manifest)
    for name, sha256 in document["files"].items():
        assert hashlib.sha256((report / "evidence" / name).read_bytes()).hexdigest() == sha256
    posts = {finding["post_url"] for finding in first["findings"] if finding["post_url"].startswith(server.url)}
    shots = {entry["post"]: entry["screenshot"] for entry in document["findings"] if entry["post"] in posts}
    assert posts and set(shots) == posts
    for shot in shots.values():
        assert (shot["status"], shot["headers"]["content-type"].partition(";")[0]) == (200, "text/html")
        assert (report / "evidence" / shot["file"]).read_bytes().startswith(b"\xff\xd8\xff")
        assert (report / "evidence" / shot["file"]).stat().st_mode & 0o077 == 0
    assert (report / "pages.warc.gz").stat().st_size > 1000
    photos = [asked.path for asked in server.asked if "/media/" in asked.path]
    assert len(photos) == len(set(photos))
    pages = [asked.path for asked in server.asked if server.url + asked.path in posts]
    assert sorted(pages) == sorted([post.removeprefix(server.url) for post in posts] * 2)
    others = [asked.path for asked in server.asked if server.url + asked.path not in posts]
    # Scripts and styles: once for the collection, once for the screenshots.
    often = {path: times for path, times in Counter(others).items() if times > 1}
    assert set(often) <= {"/style.css", "/lazy.js"} and max(often.values(), default=1) == 2

    server.asked.clear()
    second = school.audit("--since", "2026-11-01")
    assert {finding["state"] for finding in second["findings"]} == {"open"}
    pages = [asked.path for asked in server.asked if server.url + asked.path in posts]
    assert len(pages) == len(set(pages)) == len(posts)
    again = json.loads((school.folder / "reports" / "latest" / "evidence" / "manifest.json").read_bytes())
    assert {entry["post"]: entry["screenshot"] for entry in again["findings"] if entry["post"] in posts} == shots
    server.close()
