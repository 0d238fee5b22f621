"""The files of a report: private, whole, without names where none belong, and the same for the same audit."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

from auditbot.report import html
from auditbot.report.data import audit_document
from tests.unit.report import report_sample as sample
from tests.unit.report.conftest import Write

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")


@posix
def test_only_this_user_can_read_a_report(write: Write, kept: dict[str, Path]) -> None:
    files = write(sample.audit(), sample.context(kept))
    found = [files.folder, *files.folder.rglob("*")]
    assert len(found) == 12  # the folder, four files, the evidence folder, its manifest and pictures
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_pupils_stand_in_csv_and_json_by_id_only(write: Write, kept: dict[str, Path]) -> None:
    context = sample.context(kept)
    files = write(sample.audit(), context)
    plain = files.csv.read_text("utf-8-sig") + files.json.read_text("utf-8")
    assert "P012" in plain
    for label in context.pupils.values():
        assert label.name not in plain
    for path in files.folder.rglob("*"):
        assert not any(label.name.split()[0].casefold() in path.name.casefold() for label in context.pupils.values())


def test_the_same_audit_gives_the_same_files(write: Write, kept: dict[str, Path]) -> None:
    first = write(sample.audit(), sample.context(kept))
    before = {path: path.read_bytes() for path in first.folder.rglob("*") if path.is_file()}
    write(sample.audit(), sample.context(kept))
    assert {path: path.read_bytes() for path in first.folder.rglob("*") if path.is_file()} == before


def test_a_report_written_again_drops_pictures_no_longer_kept(write: Write, kept: dict[str, Path]) -> None:
    files = write(sample.audit(), sample.context(kept))
    assert len(list(files.evidence.glob("*.jpg"))) == 5
    write(sample.audit(), sample.context({}))
    assert [path.name for path in files.evidence.iterdir()] == ["manifest.json"]
    assert "data:image" not in files.html.read_text("utf-8")


def test_a_file_left_by_a_killed_run_does_not_stay(write: Write, kept: dict[str, Path]) -> None:
    files = write(sample.audit(), sample.context(kept))
    (files.evidence / ".part-1234").write_bytes(b"half a picture")
    write(sample.audit(), sample.context(kept))
    assert len(list(files.evidence.glob("*.jpg"))) == 5


def test_evidence_pictures_are_small_enough_to_mail_and_hide_the_other_faces(write: Write, tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    noise = np.random.default_rng(3).integers(0, 255, (60, 90, 3), np.uint8)
    pixels = cv2.resize(noise, (3000, 2000))
    photo.write_bytes(cv2.imencode(".jpg", pixels)[1].tobytes())
    sha256 = hashlib.sha256(photo.read_bytes()).hexdigest()
    evidence = sample.photo(sha256, boxes=((100, 100, 300, 300),), others=((1500, 800, 600, 700),))
    findings = (sample.tracked(sample.finding("a", evidence=evidence)),)
    files = write(sample.audit(findings), sample.context({sha256: photo}))
    (picture,) = files.evidence.glob("*.jpg")
    shown = cv2.imread(str(picture))
    assert shown is not None
    assert max(shown.shape[:2]) == 1000
    hidden, open_part = shown[280:480, 520:680], shown[280:480, 820:980]
    assert cv2.Laplacian(hidden, cv2.CV_64F).std() < cv2.Laplacian(open_part, cv2.CV_64F).std() / 3


def test_csv_has_one_row_per_finding_and_times_with_their_offset(write: Write, kept: dict[str, Path]) -> None:
    files = write(sample.audit(), sample.context(kept))
    rows = list(csv.DictReader(io.StringIO(files.csv.read_text("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == [tracked.finding.id for tracked in sample.many()]
    harvest = rows[0]
    assert harvest["posted_at"] == "2026-10-05T15:20:00+01:00"
    assert harvest["first_seen"] == "2026-11-19T02:30:00+00:00"
    assert harvest["pupils"] == "P012" and harvest["score"] == "0.71"
    assert harvest["explanation"].startswith("The face in box 1 may be P012.")
    assert (files.folder / harvest["evidence_file"]).is_file()
    farm = next(row for row in rows if row["id"] == "f-farm-1")
    assert (farm["where"], farm["evidence"], farm["evidence_file"]) == ("text", "Khan", "")


def test_json_has_the_documented_shape(write: Write) -> None:
    document = json.loads(write(sample.audit(), sample.context()).json.read_bytes())
    assert document == audit_document(sample.audit(), document["audit"]["evidence_manifest"])
    assert list(document) == ["audit", "coverage", "findings", "not_checked"]
    assert list(document["audit"]) == ["id", "started_at", "finished_at", "complete", "versions", "evidence_manifest"]
    assert list(document["coverage"][0]) == ["account", "status", "posts", "photos", "reason"]
    assert list(document["not_checked"][0]) == ["account", "url", "what", "reason", "aside", "why"]
    assert list(document["findings"][0]) == [
        *(
            "id",
            "clause",
            "severity",
            "band",
            "state",
            "account",
            "post_url",
            "posted_at",
            "kind",
            "evidence",
            "pupils",
        ),
        *("score", "explanation", "removal"),
    ]
    by_id = {finding["id"]: finding for finding in document["findings"]}
    assert by_id["f-harvest"]["evidence"] == {
        "photo_url": f"{sample.BASE}/wp-content/uploads/2026/10/harvest-3.jpg",
        "sha256": sample.GROUP,
        "box": [100.0, 80.0, 60.0, 80.0],
        "boxes": [[100.0, 80.0, 60.0, 80.0]],
    }
    title = by_id["f-star-title"]["evidence"]
    assert title == {"field": "title", "text": "Star of the week: Rayan Khan", "start": 24, "end": 28}
    words = by_id["f-certificate"]["evidence"]
    assert words["text"][words["start"] : words["end"]] == "Ellison-Grant"
    assert by_id["f-gallery"]["posted_at"] is None


def test_times_are_shown_in_the_schools_zone(write: Write) -> None:
    summer = datetime(2026, 7, 1, 23, 15, tzinfo=UTC)
    audit = replace(sample.audit(), started_at=summer, finished_at=summer + timedelta(minutes=9))
    page = write(audit, sample.context()).html.read_text("utf-8")
    assert "Thursday 2 July 2026" in page and "2 July 2026, 00:24" in page and "23:15" not in page


def test_beyond_a_number_of_pictures_the_page_leads_to_their_files(
    write: Write, kept: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "EMBEDDED", 2)
    files = write(sample.audit(), sample.context(kept))
    page = LexborHTMLParser(files.html.read_bytes())
    embedded = page.css("article img")
    links = [node.attributes["href"] or "" for node in page.css("article a[href^='evidence/']")]
    assert len(embedded) == 2 and len(links) == 3
    assert all((files.folder / link).is_file() for link in links)
    # The most urgent findings come first, so theirs are the pictures that travel with the page.
    assert page.css("article")[0].css("img") and not page.css("article")[-2].css("img")
