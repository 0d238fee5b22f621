"""Evidence pictures: what is damaged is never shown, and what was drawn is drawn once."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditbot.evidence import pictures
from auditbot.evidence.numbered import numbered_picture
from auditbot.evidence.pictures import DAMAGED, NOT_KEPT, NOT_READABLE, drawn_before, write_pictures
from auditbot.model import Finding, PhotoEvidence, TrackedFinding
from auditbot.sentences import quoted
from tests.browser.small_site import photo

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def found(sha256: str, box: tuple[int, int, int, int] = (10, 10, 40, 40)) -> TrackedFinding:
    evidence = PhotoEvidence("https://www.larkmere.example/a.jpg", sha256, (box,), ())
    url = "https://www.larkmere.example/"
    name = f"{sha256[:8]}{box[0]}"
    finding = Finding(
        name, "C11", "unrecognised_face", "week", "review", "website", url, None, evidence, (), 0.5, quoted("A face.")
    )
    return TrackedFinding(finding, "new", NOW, NOW)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[str, Path]:
    """Return the content hash of a photo, and where it is kept."""
    content = photo("a", 400, 300)
    sha256 = hashlib.sha256(content).hexdigest()
    path = tmp_path / sha256
    path.write_bytes(content)
    return sha256, path


def manifest_of(folder: Path) -> None:
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    (folder / "manifest.json").write_text(json.dumps({"files": files}))


def test_another_photos_bytes_are_never_shown(kept: tuple[str, Path], tmp_path: Path) -> None:
    sha256, path = kept
    path.write_bytes(photo("another child", 400, 300))
    (picture,) = write_pictures([found(sha256)], {sha256: path}, tmp_path / "evidence").values()
    assert picture is DAMAGED and "damaged" in picture.missing
    assert list((tmp_path / "evidence").iterdir()) == []


def test_a_file_that_is_no_picture_is_told(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"no picture").hexdigest()
    (tmp_path / sha256).write_bytes(b"no picture")
    made = write_pictures([found(sha256)], {sha256: tmp_path / sha256}, tmp_path / "evidence")
    assert list(made.values()) == [NOT_READABLE]


def test_a_photo_that_is_gone_is_not_kept(tmp_path: Path) -> None:
    assert list(write_pictures([found("a" * 64)], {}, tmp_path / "evidence").values()) == [NOT_KEPT]


def test_the_next_report_links_what_is_drawn_already(
    kept: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256, path = kept
    first = write_pictures([found(sha256)], {sha256: path}, tmp_path / "one")
    manifest_of(tmp_path / "one")
    drawn = drawn_before(tmp_path / "one", "manifest.json")
    drawn_now: list[str] = []

    def draw(*given: Any, **more: Any) -> Any:
        drawn_now.append(given[1].name)
        return numbered_picture(*given, **more)

    monkeypatch.setattr(pictures, "numbered_picture", draw)
    second = write_pictures([found(sha256), found(sha256, (50, 50, 60, 60))], {sha256: path}, tmp_path / "two", drawn)
    name = next(iter(first.values())).file_name
    assert (tmp_path / "one" / name).samefile(tmp_path / "two" / name)
    assert len(second) == 2 and len(drawn_now) == 1 and name not in drawn_now


def test_a_picture_that_was_changed_is_drawn_again_and_the_changed_one_stays_as_it_is(
    kept: tuple[str, Path], tmp_path: Path
) -> None:
    sha256, path = kept
    (picture,) = write_pictures([found(sha256)], {sha256: path}, tmp_path / "one").values()
    right = (tmp_path / "one" / picture.file_name).read_bytes()
    manifest_of(tmp_path / "one")
    (tmp_path / "one" / picture.file_name).write_bytes(b"another picture")
    assert drawn_before(tmp_path / "one", "manifest.json") == {}
    write_pictures([found(sha256)], {sha256: path}, tmp_path / "two", drawn_before(tmp_path / "one", "manifest.json"))
    assert (tmp_path / "two" / picture.file_name).read_bytes() == right
    assert (tmp_path / "one" / picture.file_name).read_bytes() == b"another picture"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"files": 3}', '{"files": []}', "\x00"])
def test_a_manifest_that_is_none_gives_no_picture(text: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(text)
    assert drawn_before(tmp_path, "manifest.json") == {}
