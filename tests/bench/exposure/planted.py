"""A planted site of sixty photos: which traits that were planted are found, and what is invented.

    python -m tests.bench.exposure.planted [--seed N]

Sizes, angles, blur, names beside, place, time and camera in the file, originals behind small files, open folders, and
what search engines may keep. Every photo has its page; the truth is written down when the page is made.
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from auditbot.examine.faces.engines import EngineChoice, open_engine
from auditbot.exposure.grades import Grade
from auditbot.exposure.photo_phrases import GRADE_NAMES

FACES = Path(__file__).parents[2] / "data" / "faces"
PHOTOS = 60
OF_PORTRAIT = 1.8
"""How many times wider than its face a portrait is."""
NAMES = (
    "Alfie", "Isla", "Finley", "Poppy", "Muhammad", "Zain", "Arlo", "Kiran", "Imogen", "Esme", "Osian", "Jaxon",
    "Anaya", "Mia", "Noah", "Ava", "Leo", "Freya", "Ibrahim", "Ottilie",
)  # fmt: skip
NOBODY = (
    "Elsa and Olaf at the film night", "Our Numicon towers", "The Gruffalo in the wood", "Molly the guide dog",
    "Mr Hollis reads to us", "Forest School on Friday", "Purple Mash at home", "A card for Mother’s Day",
)  # fmt: skip
SITEMAP = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:i='http://www.google.com/schemas/sitemap-image/1.1'>{}</urlset>"
)
TRAITS = (
    "position", "time", "device", "original_behind", "open_listing", "searchable", "in_image_sitemap", "not_hidden",
)  # fmt: skip


@dataclass
class Planted:
    """The truth about one photo."""

    page: str
    """Name of its page."""
    wide: int
    """Width of each face's box in the file, in pixels, nearly."""
    faces: int
    """How many."""
    blurred: bool = False
    """Whether the faces are blurred for good."""
    tilted: float = 0.0
    """By how many degrees the head leans."""
    names: tuple[str, ...] = ()
    """Names beside it."""
    where: str = ""
    """Where they stand: caption, alt, file or text."""
    traits: set[str] = field(default_factory=set)
    """What else was planted."""

    @property
    def clear(self) -> bool:
        """Whether its faces are close and clear."""
        return self.wide >= 60 and not self.blurred

    @property
    def named(self) -> bool:
        """Whether names stand beside a face that can be recognised."""
        return bool(self.names) and self.clear


class Site(SimpleHTTPRequestHandler):
    """Serves a folder; only /open/ lists its files."""

    def list_directory(self, path: str) -> None:  # type: ignore[override]
        """List an open folder, refuse any other."""
        if "/open/" in self.path:
            return super().list_directory(path)  # type: ignore[return-value]
        return self.send_error(403)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def plan(rng: np.random.Generator) -> list[Planted]:
    """Draw what is planted where."""
    planted = []
    for number in range(PHOTOS):
        one = Planted(f"{number:02}", int(rng.choice([5, 6, 7, 70, 100, 140, 160])), int(rng.integers(1, 4)))
        one.blurred = one.wide >= 60 and rng.random() < 0.2
        one.tilted = float(rng.choice([0, 0, 0, 15, -20, 25]))
        if rng.random() < 0.45:
            one.names = tuple(str(name) for name in rng.choice(NAMES, one.faces, replace=False))
            one.where = str(rng.choice(["caption", "alt", "file", "text"]))
        if one.clear and one.wide >= 100 and rng.random() < 0.25:
            one.traits.add("not_hidden")
        for trait, chance in (("position", 0.2), ("time", 0.3), ("device", 0.3), ("original_behind", 0.25)):
            if rng.random() < chance:
                one.traits.add(trait)
        one.traits |= {"open_listing"} if rng.random() < 0.4 else set()
        one.traits |= {"searchable"} if rng.random() < 0.7 else set()
        one.traits |= {"in_image_sitemap"} if rng.random() < 0.3 else set()
        planted.append(one)
    return planted


def make_site(folder: Path, planted: list[Planted], rng: np.random.Generator) -> None:
    """Write photos and pages."""
    portraits = [Image.open(path).convert("RGBA") for path in sorted(FACES.glob("C0*/portrait_1.jpg"))]
    offered = []
    for one in planted:
        address = _page(folder, one, _photo(one, portraits, rng), rng)
        if "in_image_sitemap" in one.traits:
            offered.append(f"<url><loc>/news/{one.page}/</loc><i:image><i:loc>{address}</i:loc></i:image></url>")
    (folder / "sitemap.xml").write_text(SITEMAP.format("".join(offered)), "utf-8")
    links = "".join(f'<li><a href="/news/{one.page}/">News {one.page}</a></li>' for one in planted)
    (folder / "index.html").write_text(f"<!doctype html><title>A school</title><ul>{links}</ul>", "utf-8")


def _photo(one: Planted, portraits: list[Image.Image], rng: np.random.Generator) -> Image.Image:
    ground = rng.integers(90, 170, size=(30, 40, 3), dtype=np.uint8)
    picture = Image.fromarray(ground).resize((1200, 800), Image.Resampling.BICUBIC)
    for place in range(one.faces):
        portrait = portraits[int(rng.integers(len(portraits)))]
        if "not_hidden" in one.traits:
            portrait = with_bar(portrait)
        size = int(one.wide * OF_PORTRAIT)
        face = portrait.resize((size, size * portrait.height // portrait.width))
        face = face.rotate(one.tilted, expand=False, resample=Image.Resampling.BICUBIC)
        if one.blurred:
            face = face.filter(ImageFilter.GaussianBlur(0.22 * one.wide))
        at = (40 + place * 390, max(5, 400 - face.height // 2))
        picture.paste(face.convert("RGB"), at, face.getchannel("A"))
    return picture


def with_bar(portrait: Image.Image) -> Image.Image:
    """A black bar over the eyes, as a school would draw one."""
    (face, *_) = open_engine(EngineChoice("none")).detect(np.asarray(portrait.convert("RGB")))
    left, right = (np.array(point) for point in face.landmarks[:2])
    along = right - left
    up = np.array([along[1], -along[0]]) * 0.25
    corners = [left - along * 0.5 + up, right + along * 0.5 + up, right + along * 0.5 - up, left - along * 0.5 - up]
    covered = portrait.copy()
    ImageDraw.Draw(covered).polygon([(float(x), float(y)) for x, y in corners], fill=(0, 0, 0, 255))
    return covered


def _page(folder: Path, one: Planted, picture: Image.Image, rng: np.random.Generator) -> str:
    media = folder / ("open" if "open_listing" in one.traits else "closed") / "media"
    media.mkdir(parents=True, exist_ok=True)
    name = "-".join([*map(str.lower, one.names), f"p{one.page}"]) if one.where == "file" else f"p{one.page}"
    picture.save(media / f"{name}.jpg", quality=90, exif=_exif(one))
    address = f"/{media.relative_to(folder).as_posix()}/{name}.jpg"
    listed = " and ".join([", ".join(one.names[:-1]), one.names[-1]]) if len(one.names) > 1 else "".join(one.names)
    said = str(rng.choice(NOBODY)) if not one.names else "In the hall"
    alt = listed if one.where == "alt" else ""
    caption = listed if one.where == "caption" else said
    text = f"{listed} had a good day." if one.where == "text" else "We had a good day in the hall and went home late."
    shown = f'<img src="{address}" alt="{alt}">'
    if "original_behind" in one.traits:
        picture.resize((240, 160)).save(media / f"{name}-small.jpg", quality=80)
        shown = f'<a href="{address}"><img src="{address.replace(".jpg", "-small.jpg")}" alt="{alt}"></a>'
    kept_out = f'<meta name="robots" content="{rng.choice(["noindex", "noimageindex", "none"])}">'
    robots = "" if "searchable" in one.traits else kept_out
    place = folder / "news" / one.page
    place.mkdir(parents=True)
    (place / "index.html").write_text(
        f"<!doctype html><title>News {one.page}</title>{robots}<main><article><h1>News {one.page}</h1>"
        f'<time datetime="2026-0{1 + int(one.page) % 9}-03">3</time><p>{text}</p>'
        f"<figure>{shown}<figcaption>{caption}</figcaption></figure></article></main>",
        "utf-8",
    )
    return address


def _exif(one: Planted) -> Image.Exif:
    exif = Image.Exif()
    if "position" in one.traits:
        exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 12.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    if "time" in one.traits:
        exif.get_ifd(0x8769)[0x9003] = "2026:06:03 10:15:00"  # when it was taken; when it was written says nothing
    if "device" in one.traits:
        exif[0x0110] = "Made-up Phone 9"
    return exif


def main() -> None:
    """Make the site, run the command, and print what was found and what was invented."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=60, help="which draw")
    rng = np.random.default_rng(parser.parse_args().seed)
    planted = plan(rng)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_site(folder / "site", planted, rng)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(folder / "site")))
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        command = [sys.executable, "-m", "auditbot", "exposure", url, "--out", str(folder / "out"), "--i-answer-for-it"]
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
        server.shutdown()
        rows = {
            row["page"].strip("/").rpartition("/")[2]: row
            for row in csv.DictReader(io.StringIO((folder / "out" / "exposure.csv").read_text("utf-8-sig")))
        }
    found: dict[str, list[bool]] = {}
    invented: dict[str, list[bool]] = {}
    for one in planted:
        row = rows.get(one.page, {})
        for trait, told in _told(row).items():
            is_there = {"named": one.named, "clear": one.clear}.get(trait, trait in one.traits)
            (found if is_there else invented).setdefault(trait, []).append(told)
            if told != is_there:
                print(f"  {one.page}: {trait} is {is_there}, told {told} ({one})")
    for trait in found:
        print(
            f"{trait:<16} found {sum(found[trait])} of {len(found[trait])}   "
            f"invented {sum(invented.get(trait, []))} of {len(invented.get(trait, []))}"
        )
    every, none = ([one for some in kinds.values() for one in some] for kinds in (found, invented))
    print(f"all: found {np.mean(every):.3f} (asked: .97), invented {np.mean(none):.3f} (asked: at most .02)")


def _told(row: dict[str, str]) -> dict[str, bool]:
    told = {trait: row.get(trait) == "yes" for trait in TRAITS}
    told["clear"] = row.get("worst_grade") == GRADE_NAMES[Grade.CLOSE_AND_CLEAR]
    told["named"] = bool(row.get("names"))
    return told


if __name__ == "__main__":
    main()
