"""The WARC file of a run: whole, true to what was answered, and nothing in it that lets anybody in."""

from __future__ import annotations

from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from auditbot.collect.net.warc import Warc
from auditbot.collect.stage import collect_account
from auditbot.model import CollectJob, Spool
from auditbot.run import WARC_FILE
from auditbot.settings import Collect, School, Settings
from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import article, listing, photo

Record = tuple[str, str, str, bytes]


def records(path: Path) -> list[Record]:
    """Return type, address, status or request line, and content of every record; wrong digests are an error."""
    with path.open("rb") as file:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                record.http_headers.statusline if record.http_headers else "",
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file, check_digests="raise")
        ]


@pytest.fixture
def kept(site: LittleServer, tmp_path: Path) -> Path:
    """Collect a little site that sets a cookie and return its WARC file."""
    words = Answer(article("B", "<p>Words.</p>").encode(), headers={"Set-Cookie": "visitor=secret-cookie"})
    site.routes |= {
        "/": listing("/a", "/b", "/old"),
        "/a": article("A", "<p>Words.</p><img src='/a.jpg'><script src='/a.js'></script>"),
        "/b": words,
        "/old": Answer(status=301, headers={"Location": "/new"}),
        "/new": article("New", "<p>Moved.</p><img src='/moved.jpg'>"),
        "/a.js": Answer("document.title += '!'", "text/javascript"),
        "/a.jpg": Answer(photo("a"), "image/jpeg"),
        "/moved.jpg": Answer(status=302, headers={"Location": "/there.jpg"}),
        "/there.jpg": Answer(photo("there"), "image/jpeg"),
    }
    options = Collect(delay_seconds=0.0, allow_loopback=(site.address,))
    job = CollectJob("website", "website", f"{site.url}/", False, Spool(tmp_path / "spool"), {}, frozenset())
    with Warc(tmp_path / WARC_FILE) as warc:
        list(collect_account(job, Settings(school=School(name="Larkmere"), collect=options), warc=warc))
    return tmp_path / WARC_FILE


def test_what_was_answered_can_be_read_back(kept: Path, site: LittleServer) -> None:
    found = records(kept)
    assert found[0][0] == "warcinfo"
    answered = {url.removeprefix(site.url): (line, body) for kind, url, line, body in found if kind == "response"}
    assert answered["/a.jpg"] == ("200 OK", photo("a"))
    assert answered["/there.jpg"] == ("200 OK", photo("there"))
    assert answered["/moved.jpg"][0] == "302 Found" and answered["/old"][0].startswith("301")
    assert answered["/a"] == ("200 OK", str(site.routes["/a"]).encode())
    assert answered["/a.js"][1] == b"document.title += '!'"
    assert {"/", "/a", "/b", "/new"} <= set(answered)


def test_every_response_has_its_request_and_records_are_zipped_one_by_one(kept: Path) -> None:
    with kept.open("rb") as file:
        iterator = ArchiveIterator(file, check_digests="raise")
        asked: list[str] = []
        answered: list[str] = []
        for record in iterator:
            if record.rec_type == "request":
                asked.append(record.rec_headers.get_header("WARC-Concurrent-To"))
            elif record.rec_type == "response":
                answered.append(record.rec_headers.get_header("WARC-Record-ID"))
                length = record.http_headers.get_header("Content-Length")
                assert length == str(len(record.content_stream().read()))
    assert answered and asked == answered
    assert kept.read_bytes().count(b"\x1f\x8b\x08") >= len(answered) * 2
    assert kept.stat().st_mode & 0o077 == 0


def test_nothing_in_it_lets_anybody_in(kept: Path, tmp_path: Path) -> None:
    with Warc(kept) as warc:
        secret = {"Authorization": "Bearer secret-token", "X-Api-Key": "secret-key", "Cookie": "secret=1"}
        warc.add("https://graph.example/posts?access_token=secret-token", 200, {}, {}, b"secret")
        for query in ("token=secret-token", "a=b&Token=secret-token", "password=secret-word#x", "a=1#id_token=secret"):
            warc.add(f"https://www.larkmere.example/photo?{query}", 200, {}, {}, b"secret")
        for moved in ("/there?token=secret-token", "https://visitor:secret@www.larkmere.example/", "//a/#token=secret"):
            away = {"Location": moved, "Link": f"<{moved}>; rel=next", "Refresh": f"0;url={moved}"}
            warc.add("https://www.larkmere.example/moved", 302, {"Referer": moved}, away, b"")
        warc.add("https://www.larkmere.example/near", 302, {}, {"Location": "/there?tokens=2&page=3"}, b"")
        warc.add("https://graph.example/posts", 799, secret, {"Set-Cookie": "secret=1", "Odd": "a\r\nb"}, b"words")
    found = records(kept)
    assert found[-2][2] == "799 Unknown" and found[-2][3] == b"words"
    with kept.open("rb") as file:
        heads = "".join(
            record.http_headers.to_str() for record in ArchiveIterator(file) if record.http_headers is not None
        )
    assert "/there?tokens=2&page=3" in heads
    assert "secret" not in heads and b"secret" not in b"".join(body for *_, body in found)


@pytest.mark.parametrize("cut", [1, 60, 400])
def test_a_file_that_was_cut_short_goes_on_after_its_last_whole_record(tmp_path: Path, cut: int) -> None:
    path = tmp_path / WARC_FILE
    with Warc(path) as warc:
        for number in range(3):
            warc.add(f"https://www.larkmere.example/{number}", 200, {}, {}, b"words " * 90)
    path.write_bytes(path.read_bytes()[:-cut])
    with Warc(path) as warc:
        warc.add("https://www.larkmere.example/after", 200, {}, {}, b"after")
    addresses = [url.rpartition("/")[2] for kind, url, *_ in records(path) if kind == "response"]
    assert addresses in (["0", "1", "2", "after"], ["0", "1", "after"])
