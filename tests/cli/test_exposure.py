"""``auditbot exposure``: from an address alone to a report that holds no face, no name and no vector."""

from __future__ import annotations

import base64
import csv
import io
import re
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from auditbot.examine.faces.engines import EngineChoice, open_engine
from auditbot.examine.hide import COVER

FACES = Path(__file__).parents[1] / "data" / "faces"
NAMES = ("Quentin", "Zayn", "Okonkwo", "Imogen")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def site(folder: Path) -> None:
    """A lone named child; a thumbnail, its original behind it, with a place in the file; a child far away; no photo."""
    media = folder / "media"
    media.mkdir(parents=True)
    portrait = Image.open(FACES / "C001" / "portrait_1.jpg").convert("RGB")
    portrait.resize((800, 960)).save(media / "zayn-okonkwo-rocket.jpg", quality=95)
    placed = Image.Exif()
    placed.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 12.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    placed[0x0110] = "SecretPhone 9"
    other = Image.open(FACES / "C002" / "portrait_1.jpg").convert("RGB")
    other.resize((800, 960)).save(media / "model-large.jpg", quality=95, exif=placed)
    other.resize((160, 192)).save(media / "model-small.jpg", quality=80)
    far = Image.new("RGB", (600, 400), (90, 140, 90))
    far.paste(Image.open(FACES / "C003" / "portrait_1.jpg").convert("RGB").resize((24, 29)), (280, 190))
    far.save(media / "field.jpg", quality=70)
    pages = {
        "rocket": (
            "Zayn’s rocket",
            '<figure><img src="/media/zayn-okonkwo-rocket.jpg" alt="">'
            "<figcaption>Zayn Okonkwo and his rocket</figcaption></figure>",
        ),
        "model": (
            "A model",
            "<p>We made a model this week, and it stands in the hall for all to see.</p>"
            '<a href="/media/model-large.jpg"><img src="/media/model-small.jpg" alt="A model"></a>',
        ),
        "field": (
            "On the field",
            "<p>Running on the field on a fine day, far away from the camera and glad of it.</p>"
            '<img src="/media/field.jpg" alt="The field">',
        ),
        "words": ("Only words", "<p>Imogen and Quentin thank everybody who came to the fair and carried tables.</p>"),
    }  # fmt: skip
    for number, (name, (title, body)) in enumerate(pages.items(), 1):
        (folder / "news" / name).mkdir(parents=True)
        robots = '<meta name="robots" content="noindex">' if name == "field" else ""
        text = f"<!doctype html><title>{title}</title>{robots}<main><article><h1>{title}</h1>"
        text += f'<time datetime="2026-0{number}-03">3</time>{body}</article></main>'
        (folder / "news" / name / "index.html").write_text(text, "utf-8")
    links = "".join(f'<li><a href="/news/{name}/">{title}</a></li>' for name, (title, _) in pages.items())
    (folder / "index.html").write_text(f"<!doctype html><title>A school</title><ul>{links}</ul>", "utf-8")


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("exposure")
    site(folder / "site")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder / "site")))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        command = [sys.executable, "-m", "auditbot", "exposure", url, "--out", str(folder / "out")]
        command += ["--safer-copies", str(folder / "safer"), "--i-answer-for-it"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=folder)
    finally:
        server.shutdown()
    return folder, done


def rows(folder: Path) -> dict[str, dict[str, str]]:
    text = (folder / "out" / "exposure.csv").read_text("utf-8-sig")
    return {row["page"].strip("/").rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(text))}


def test_every_planted_trait_is_found_and_nothing_is_invented(
    surveyed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = surveyed
    assert done.returncode == 1, done.stderr
    found = rows(folder)
    assert found["rocket"]["names"].startswith("One name in ") and found["rocket"]["full_name"] == "yes"
    assert found["rocket"]["close_and_clear"] == "1" and found["rocket"]["place"] == "1"
    model = found["model"]
    assert (model["position"], model["device"], model["original_behind"]) == ("yes", "yes", "yes")
    assert (model["names"], model["close_and_clear"], model["searchable"]) == ("", "1", "yes")
    assert (found["field"]["close_and_clear"], found["field"]["searchable"]) == ("0", "no")
    assert found["rocket"]["position"] == found["rocket"]["original_behind"] == "no"
    assert all(row["open_listing"] == "yes" for row in found.values())
    assert "words" not in found


def test_no_face_no_name_and_no_vector_in_any_file_it_leaves(
    surveyed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = surveyed
    left = [path for part in ("out", "safer") for path in (folder / part).rglob("*") if path.is_file()]
    left_there = {path.name for path in (folder / "out").rglob("*")}
    assert left_there == {"exposure.html", "exposure.pdf", "exposure.csv"}
    for path in left:
        content = path.read_bytes().lower()
        assert not any(name.casefold().encode() in content for name in (*NAMES, "SecretPhone")), path
        assert not any(name.casefold() in str(path.relative_to(folder)).casefold() for name in NAMES), path
    assert not any(name in done.stdout + done.stderr for name in NAMES)
    printed = pypdfium2.PdfDocument(folder / "out" / "exposure.pdf")
    text = " ".join(page.get_textpage().get_text_range() for page in printed)
    assert not any(name.casefold() in text.casefold() for name in NAMES)
    html = (folder / "out" / "exposure.html").read_text("utf-8")
    assert "<script" not in html and not re.search(r'(?:src|href)="(?!data:|#)', html)


def test_no_picture_it_leaves_shows_a_face_that_can_be_found(
    surveyed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = surveyed
    detector = open_engine(EngineChoice("none"))
    pictures = [path.read_bytes() for path in (folder / "safer").rglob("*.jpg")]
    for page in (folder / "out" / "exposure.html", folder / "safer" / "before-and-after.html"):
        pictures += map(base64.b64decode, re.findall(r"data:image/jpeg;base64,([^\"]+)", page.read_text("utf-8")))
    printed = pypdfium2.PdfDocument(folder / "out" / "exposure.pdf")
    drawn = [np.asarray(page.render(scale=2).to_pil().convert("RGB")) for page in printed]
    drawn += [np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")) for picture in pictures]
    assert len(pictures) >= 6
    for rgb in drawn:
        larger = np.asarray(cv2.resize(rgb, None, fx=2, fy=2) if rgb.shape[1] < 700 else rgb, np.uint8)
        assert detector.detect(rgb) == detector.detect(larger) == []


def test_safer_copies_lie_where_the_photos_do_with_faces_of_one_colour(
    surveyed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = surveyed
    copies = {path.relative_to(folder / "safer").as_posix() for path in (folder / "safer").rglob("*.jpg")}
    assert copies == {"media/model-large.jpg", "media/photo-1.jpg"}
    sheet = (folder / "safer" / "before-and-after.html").read_text("utf-8")
    assert sheet.count("0 faces found in it.") == 2 and "The place, the camera gone from the file." in sheet
    with Image.open(folder / "safer" / "media" / "model-large.jpg") as copy:
        assert copy.size == (800, 960) and not copy.getexif()
        middle = np.asarray(copy.convert("RGB"))[400:520, 340:460].astype(int)
    assert np.abs(middle - np.array(COVER)).max() <= 6


def test_nobody_is_looked_at_unless_somebody_answers_for_the_site(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "auditbot", "exposure", "http://127.0.0.1:9/"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path, input="")
    assert done.returncode == 2 and "Nothing was looked at" in done.stderr
    assert list(tmp_path.iterdir()) == []
