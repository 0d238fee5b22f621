"""Words in a picture: a safer copy hides them where a name is among them, its thumbnail in any case."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from auditbot.examine.hide import COVER
from auditbot.examine.workers import ExamineWorkers
from auditbot.exposure import safer
from auditbot.exposure.safer import hidden_pictures, named_words, small_picture
from auditbot.model import Words
from auditbot.settings import School, Settings
from tests.unit.exposure.test_exposed_photos import CLEAR, face, facts, only, post, use

BOX = (300.0, 600.0, 400.0, 60.0)


@pytest.mark.parametrize(("line", "hidden"), [("Well done Zayn", True), ("ZAYN OKONKWO", True), ("Well done", False)])
def test_a_copy_hides_the_words_of_a_picture_in_which_a_name_stands(line: str, hidden: bool) -> None:
    photo = only(post(1, use()), facts("a", face(CLEAR), words=(Words(line, BOX, 0.9),)))
    assert named_words(photo) == ((BOX,) if hidden else ())


def test_a_thumbnail_hides_them_all(tmp_path: Path) -> None:
    photo = only(post(1, use()), facts("a", face(CLEAR), words=(Words("Well done", BOX, 0.9),)))
    Image.new("RGB", (1200, 800), (250, 250, 250)).save(tmp_path / "copy.png")
    small = np.asarray(Image.open(io.BytesIO(small_picture(tmp_path / "copy.png", photo))).convert("RGB")).astype(int)
    assert small.shape == (200, 300, 3)
    assert np.abs(small[152:162, 80:170] - np.array(COVER)).max() <= 6 and small[20:60].min() > 240


def test_a_copy_that_cannot_be_opened_has_none(tmp_path: Path) -> None:
    (tmp_path / "copy.jpg").write_bytes(b"no picture")
    assert small_picture(tmp_path / "copy.jpg", only(post(1, use()), facts("a", face(CLEAR)))) == b""


def test_the_pictures_of_a_page_are_opened_by_the_workers_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes from the web may be made to harm whoever opens it."""
    Image.new("RGB", (1200, 800), (250, 250, 250)).save(tmp_path / "a", "png")
    (tmp_path / "b").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    photos = [only(post(n, use(name)), facts(name, face(CLEAR))) for n, name in enumerate("abc")]
    monkeypatch.setattr(safer, "decode", None)
    with ExamineWorkers(Settings(School("Larkmere"))) as workers:
        made = hidden_pictures(photos, {name: tmp_path / name for name in "ab"}, workers, 10.0)
    assert list(made) == ["a"]
    assert np.asarray(Image.open(io.BytesIO(made["a"]))).shape == (200, 300, 3)
