"""What the manifest of evidence says of a post without a screenshot: the reason, and no promise that is not kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditbot.evidence.screenshots import NOT_TAKEN, SWITCHED_OFF, WEBSITES_ALONE, screens_of, write_manifest
from tests.unit.report.report_sample import audit, finding, tracked

URL = "https://www.larkmere.example/news/1"


@pytest.mark.parametrize(
    ("account", "switched_on", "said"),
    [
        ("website", True, NOT_TAKEN),
        ("website", False, SWITCHED_OFF),
        ("bluesky", True, WEBSITES_ALONE),
        ("bluesky", False, WEBSITES_ALONE),
    ],
)
def test_why_there_is_no_screenshot(tmp_path: Path, account: str, switched_on: bool, said: str) -> None:
    found = audit((tracked(finding("a", account=account, post_url=URL)),))
    screens = screens_of(tmp_path / "screens", found, {"website"}, switched_on)
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    write_manifest(found, {}, screens, evidence)
    entry = json.loads((evidence / "manifest.json").read_bytes())["findings"][0]
    assert entry["screenshot"] == {"file": None, "not_taken": said}
