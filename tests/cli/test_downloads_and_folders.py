"""From a download and a folder to findings in the report, with no page visited and none needed again."""

from __future__ import annotations

import shutil
from typing import Any

from tests.cli.conftest import School, ids
from tests.unit.collect import downloads
from tests.unit.collect.downloads import PAGE, SECONDS, zipped

REGISTER = """
[[account]]
name = "Facebook"
kind = "facebook"
url = "https://www.facebook.com/larkmere"

[[account]]
name = "Hall screen"
kind = "folder"
folder = "screen"
"""
REFUSED = "P007"
"""A pupil of the demo school whose form says no to social media."""


def of(document: dict[str, Any], account: str) -> list[dict[str, Any]]:
    return [
        found for found in document["findings"] if found["account"] == account and found["clause"] in ("C11", "C12")
    ]


def test_a_download_and_a_folder_become_findings(demo: School) -> None:
    (demo.folder / "config" / "accounts.toml").write_text(REGISTER, "utf-8")
    demo.replace("config/auditbot.toml", 'serve_as = "www.larkmere.example"', 'serve_as = ""\n[report]\npdf = false')
    portrait = demo.folder / "consent" / "photos" / f"{REFUSED}.jpg"
    header, *rows = (demo.folder / "consent" / "pupils.csv").read_text("utf-8").splitlines()
    cells = dict(zip(header.split(","), next(row for row in rows if row.startswith(REFUSED)).split(","), strict=True))
    assert cells["social_media"] == "no"
    name = f"{cells['legal_forename']} {cells['legal_surname']}"
    members: dict[str, object] = {
        f"{PAGE}/posts/profile_posts_1.json": [
            {
                "timestamp": SECONDS,
                "data": [{"post": downloads.mangled(f"Well done – {name} read us a poem.")}],
                "attachments": [{"data": [{"media": {"uri": f"{PAGE}/posts/media/a/1.jpg"}}]}],
            }
        ],
        f"{PAGE}/posts/media/a/1.jpg": portrait.read_bytes(),
    }
    download = zipped(demo.folder / "facebook.zip", members)
    screen = demo.folder / "screen"
    screen.mkdir()
    shutil.copy(portrait.with_name("P008.jpg"), screen / "assembly.jpg")
    (screen / "slide.txt").write_text(f"Star reader: {name}", "utf-8")

    done = demo.run("import-archive", str(download), "--account", "Facebook")
    assert done.returncode == 0, done.stderr
    assert "Posts: 1. Photos: 1." in done.stdout
    first = demo.audit()
    found = of(first, "Facebook")
    assert {(finding["clause"], finding["pupils"][0]) for finding in found} == {("C11", REFUSED), ("C12", REFUSED)}
    shown = of(first, "Hall screen")
    assert ("C12", REFUSED) in {(finding["clause"], finding["pupils"][0]) for finding in shown}
    covered = {each["account"]: each for each in first["coverage"]}
    assert covered["Facebook"]["status"] == "partial"
    assert "download of Facebook" in covered["Facebook"]["reason"]
    report = (demo.folder / "reports" / "latest" / "report.html").read_text("utf-8")
    assert "in the download of Facebook, posted" in report.replace("<wbr>", "")
    assert "Hall screen/slide.txt" in report.replace("<wbr>", "")
    assert 'href="archive:' not in report and 'href="file:' not in report
    assert str(demo.folder) not in report

    # Another limit means that every photo is looked at again: the download gives its bytes once more.
    evidence = demo.folder / "data" / "evidence"
    for file in evidence.iterdir():
        file.unlink()
    demo.replace("config/auditbot.toml", "[demo]", "[examine]\nmax_megapixels = 30.0\n\n[demo]")
    again = demo.audit()
    assert ids(of(again, "Facebook")) == ids(found)
    assert not [each for each in again["not_checked"] if each["account"] == "Facebook" and "again" in each["reason"]]

    download.unlink()
    for file in evidence.iterdir():
        file.unlink()
    demo.replace("config/auditbot.toml", "max_megapixels = 30.0", "max_megapixels = 31.0")
    moved = demo.audit("--stage", "check")
    assert [each["reason"] for each in moved["not_checked"] if "no longer where it was" in each["reason"]]
    assert ids(of(moved, "Facebook")) == ids(found)
