"""Whatever a photo's file is called, it gets a safer copy, and of a kind that its name says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from auditbot.examine.photo import sha256_of
from auditbot.examine.workers import ExamineWorkers
from auditbot.exposure.safer import safer_copies
from tests.unit.exposure.test_exposed_photos import CLEAR, face, facts, only, post, use


class InThisProcess:
    """Does what the workers do, one after another; what fails, fails."""

    def map(
        self, task: Callable[[Path], Any], paths: Iterable[Path], _failed: Callable[..., Any], _seconds: float
    ) -> Iterator[Any]:
        return map(task, paths)


@pytest.mark.parametrize(
    ("name", "copy", "kind"),
    [
        ("a.jpg", "a.jpg", "JPEG"),
        ("a.jpeg", "a.jpeg", "JPEG"),
        ("A.JPEG", "A.JPEG", "JPEG"),
        ("a.png", "a.png", "PNG"),
        ("a.webp", "a.webp", "WEBP"),
        ("a.gif", "photo-1.jpg", "JPEG"),
        ("a", "photo-1.jpg", "JPEG"),
        ("Zayn.jpeg", "photo-1.jpeg", "JPEG"),
        ("%2e%2e%5c%2e%2e%5cevil.jpg", "-..-evil.jpg", "JPEG"),
        ("C:%5cUsers%5cevil.jpg", "C--Users-evil.jpg", "JPEG"),
        ("con.jpg", "photo-1.jpg", "JPEG"),
        ("a%00b|c?.jpg", "photo-1.jpg", "JPEG"),
        ("%3A.jpg", "-.jpg", "JPEG"),
        ("Schul\u00e4usflug 3.jpg", "Schul\u00e4usflug 3.jpg", "JPEG"),
    ],
)
def test_a_photo_of_any_name_gets_a_copy(tmp_path: Path, name: str, copy: str, kind: str) -> None:
    file = tmp_path / "file"
    Image.fromarray(np.full((120, 160, 3), 200, np.uint8)).save(file, "PNG")
    sha256 = sha256_of(file)
    shown = replace(use(sha256), url=f"https://school.example/media/{name}")
    seen = facts(sha256, replace(face(CLEAR), box=(20.0, 20.0, 60.0, 60.0)))
    photo = only(post(1, shown), replace(seen, width=160, height=120))
    (made,) = safer_copies(
        [photo],
        {sha256: file},
        tmp_path / "safer",
        cast(ExamineWorkers, InThisProcess()),
        names=frozenset({"zayn"}),
        max_megapixels=10,
    )
    assert (made.refused, made.place, made.left) == ("", Path("media", copy), 0)
    for system in (PurePosixPath, PureWindowsPath):
        there = system(made.place)
        assert not there.is_absolute() and not there.drive and len(there.parts) == 2 and ".." not in there.parts
    with Image.open(tmp_path / "safer" / made.place) as written:
        assert (written.format, written.size) == (kind, (160, 120))
