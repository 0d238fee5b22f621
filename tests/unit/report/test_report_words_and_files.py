"""Findings about words and about a photo's file: every form of the report carries them, and none speaks of a face."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

from auditbot.model import PhotoEvidence
from auditbot.sentences import quoted
from tests.unit.report import report_sample as sample
from tests.unit.report.conftest import Write

OFFER = "I make birthday cakes, £25 each."
IN_THE_FILE = sample.finding(
    "file",
    clause="C5",
    kind="photo_position",
    evidence=PhotoEvidence(f"{sample.BASE}/1.jpg", sample.GROUP, (), ((10.0, 10.0, 40.0, 40.0),)),
    pupil_ids=(),
    explanation="The file of this photo says where on earth it was taken.",
)
READ = sample.finding(
    "words",
    clause="C6",
    kind="words_advertisement",
    severity="week",
    band="review",
    evidence=sample.text(f"Hello. {OFFER} Bye.", OFFER, "comment 2 text"),
    pupil_ids=(),
    score=0.9,
    explanation="Reads like an offer. Please read.",
)
LESS = replace(
    READ, id="less", kind="words_campaign", score=0.6, explanation=quoted("Reads like a campaign. Please read.")
)


def test_every_form_of_the_report_carries_them(write: Write, kept: dict[str, Path]) -> None:
    made = replace(sample.audit(), findings=tuple(map(sample.tracked, (IN_THE_FILE, LESS, READ))))
    files = write(made, sample.context(kept))
    page = files.html.read_text("utf-8")
    assert "A photo’s file tells where it was taken" in page
    assert "this is about its file, so all faces are hidden" in page
    assert f"<mark>{OFFER}</mark>" in page
    for word in ("box 1", "boxes 1 to 0", "likeness"):
        assert word not in page.split("How the audit looked")[0].split('id="findings"')[-1]
    assert page.index("An offer or advertisement") < page.index("A campaign"), "the worst comes first"
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(files.csv.read_text("utf-8-sig")))}
    assert rows["words"]["evidence"] == OFFER
    assert rows["file"]["where"] == f"{sample.BASE}/1.jpg"
    assert rows["file"]["evidence_file"].endswith(".jpg")
    told = {finding["id"]: finding for finding in json.loads(files.json.read_text("utf-8"))["findings"]}
    assert told["file"]["evidence"]["box"] is None
    assert told["file"]["evidence"]["boxes"] == []
