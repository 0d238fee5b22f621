"""Makes the photos and the newsletter of the demo school's site from the folder of made-up faces.

    python -m tools.make_demo_assets FACES_FOLDER [NAME ...]

writes auditbot/demo/site/photos and auditbot/demo/site/documents, and tests/data/demo_truth.json: who is in each photo.
Run it only when a picture changes; its results are committed. A person is named as in ``C002:4`` (who, candid number).
"""

from __future__ import annotations

import base64
import json
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image
from playwright.sync_api import sync_playwright

from tools import demo_scenes as scenes

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "auditbot" / "demo" / "site"
TRUTH = ROOT / "tests" / "data" / "demo_truth.json"
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
BOTH = (480, 800)
Draw = Callable[[scenes.Faces, int], Image.Image]


@dataclass(frozen=True)
class Recipe:
    """How one photo is made and who is in it."""

    draw: Draw
    """Makes the picture from the faces and a seed."""
    people: tuple[str, ...] = ()
    """Made-up people in it, from left to right."""
    widths: tuple[int, ...] = (480,)
    """Smaller renditions beside the largest one."""
    webp: bool = False
    """The largest rendition is WebP."""
    quality: int = 78
    """JPEG quality of the largest rendition."""
    cut_short: bool = False
    """The file ends in the middle, as after a broken upload."""
    position: bool = False
    """The file says where it was taken: a made-up place in the sea."""


def table(place: str, things: str, *cast: str, **more: object) -> Recipe:
    """People behind a table."""
    people = tuple(name.partition(":")[0] for name in cast)
    return Recipe(lambda faces, seed: scenes.at_table(faces, place, things, cast, seed), people, **more)  # type: ignore[arg-type]


def far_away(*cast: str) -> Recipe:
    """People too far away to be recognised."""
    people = tuple(name.partition(":")[0] for name in cast)
    return Recipe(lambda faces, seed: scenes.far_away(faces, cast, seed), people)


def blurred(place: str, things: str, *cast: str) -> Recipe:
    """People out of focus behind a table."""
    people = tuple(name.partition(":")[0] for name in cast)
    return Recipe(lambda faces, seed: scenes.blurred_at_table(faces, place, things, cast, seed), people)


def board(*cast: str, labels: Sequence[str] = (), **more: object) -> Recipe:
    """Prints on a cork board."""
    people = tuple(name.partition(":")[0] for name in cast)
    return Recipe(lambda faces, seed: scenes.pinned(faces, cast, seed, labels), people, **more)  # type: ignore[arg-type]


def group(number: int) -> Recipe:
    """A group photo; who is in it stands in the faces' own truth file."""
    return Recipe(lambda faces, _: faces.group(number), (f"group {number}",), BOTH, quality=84)


def portrait(name: str, width: int = 240) -> Recipe:
    """A single picture at twice its size."""
    return Recipe(
        lambda faces, _: faces.single(name).resize((640, 768), Image.Resampling.LANCZOS),
        (name.partition(":")[0],),
        (width,),
    )


def _plain(draw: Callable[[int], Image.Image], **more: object) -> Recipe:
    return Recipe(lambda _, seed: draw(seed), (), **more)  # type: ignore[arg-type]


CERTIFICATE = ("Certificate", "awarded to", "Kiran Gill", "for careful handwriting", "Year 2, October 2026")
PHOTOS: dict[str, Recipe] = {
    "seedlings": table("garden", "flowers", "C026:5", widths=BOTH),
    "builder-of-the-week": table("blue", "blocks", "C025:1", widths=BOTH),
    "painting-to-music": table("plum", "paint", "C013:3", widths=BOTH),
    "the-sea-book": table("library", "books", "C001:1", widths=BOTH),
    "counting-in-fives": table("classroom", "blocks", "C007:5", widths=BOTH),
    "leaf-detectives": table("classroom", "leaves", "C023:2", widths=BOTH),
    "fruit-salad": table("plum", "apples", "C002:1", widths=BOTH),
    "playtime": far_away("C026:1", "C007:5", "C002:1", "C013:2", "C025:1", "C023:2", "C001:1", "C024:2"),
    "drum-morning": _plain(lambda seed: scenes.from_behind("hall", 5, seed)),
    "boats": blurred("blue", "blocks", "C007:1", "C026:4"),
    "painted-leaves": _plain(scenes.art_wall),
    "long-dragon": far_away("C013:1", "C002:4", "C028:1", "C030:2", "C007:1", "C026:5"),
    "sunflower-measuring": table("garden", "flowers", "C007:1", "C026:5", widths=BOTH),
    "mud-kitchen": table("garden", "paint", "C002:4", "C013:3", "C027:1"),
    "bridge-building": table("blue", "blocks", "C025:2", "C014:2"),
    "picnic-apples": _plain(lambda seed: scenes.still_life("garden", "apples", seed)),
    "picnic-playground": group(10),
    "arjun-patel-science": table("classroom", "leaves", "C007:5", "C026:1", widths=BOTH),
    "pond-dipping": table("garden", "leaves", "C005:1", "C026:5"),
    "story-shelf": _plain(lambda seed: scenes.still_life("library", "books", seed), webp=True),
    "empty-playground": _plain(lambda seed: scenes.empty_place("playground", seed)),
    "story-for-the-mayor": table("library", "books", "C027:1", "A003:1"),
    "relay-team": table("garden", "apples", "C017:5", "C029:2", widths=BOTH),
    "sports-crowd": group(8),
    "sports-field": _plain(scenes.rainbow),
    "strawberries-for-tea": table("plum", "apples", "C002:1", "C013:2", webp=True),
    "art-week-blocks": table("plum", "blocks", "C016:4"),
    "art-week-paint": table("blue", "paint", "C026:4", "C007:1"),
    "art-week-family": _plain(scenes.child_drawing),
    "art-week-leaves": table("classroom", "leaves", "C023:2", "C013:1"),
    "leavers-assembly": table("hall", "flowers", "C019:5", "A001:1"),
    "school-garden": _plain(lambda seed: scenes.still_life("garden", "flowers", seed)),
    "settling-in": table("plum", "blocks", "C001:1", "C003:4", "C004:2", widths=BOTH),
    "reading-corner": table("library", "books", "C008:2", "C025:2", "C014:2", widths=BOTH),
    "phonics-group": table("blue", "books", "A004:1", "C002:1", "C028:1", "C030:2"),
    "building-tall": table("classroom", "blocks", "C005:5", "C026:1"),
    "music-teacher": portrait("A007:1", 480),
    "autumn-walk": table("garden", "leaves", "C011:5", "C012:4"),
    "stars-of-the-week": board(
        "C055:2", "C058:3", "C031:5", "C047:3", labels=("Esther", "Blessing", "Diya", "Kiran"), widths=BOTH
    ),
    "science-club": table("blue", "paint", "C021:2", "C029:1"),
    "harvest-choir": table("hall", "books", "A006:1", "C026:1", "C007:1", widths=BOTH),
    "harvest-table": _plain(lambda seed: scenes.still_life("hall", "pumpkins", seed)),
    "maths-apples": table("classroom", "apples", "C017:1", "C024:2"),
    "handwriting-certificate": Recipe(
        lambda faces, seed: scenes.certificate(faces, "C047:3", CERTIFICATE, 4, seed), ("C047",), BOTH
    ),
    "rabbit-run": _plain(scenes.rabbit),
    "history-speakers": board("C052:2", "C045:1", labels=("Sam", "Dev")),
    "rainbow-lane": _plain(lambda seed: scenes.rainbow(seed + 5)),
    "book-fair": table("library", "books", "C026:1", "C007:5", widths=BOTH),
    "pumpkin-weighing": table("plum", "pumpkins", "C001:2", "C018:3"),
    "musical-statues": table("hall", "blocks", "C021:3"),
    "firework-poster": _plain(lambda seed: scenes.child_drawing(seed + 1)),
    "story-tent": table("plum", "books", "C011:2", "C003:4"),
    "we-remember": _plain(lambda seed: scenes.from_behind("garden", 2, seed)),
    "rehearsal-stage": _plain(lambda seed: scenes.empty_place("hall", seed), cut_short=True),
    "chess-finalists": table("library", "blocks", "C014:5", "C025:1"),
    "kindness-board": board("C036:2", "C043:4", "C034:2", webp=True),
    "spots-and-stripes": group(9),
    "stars-of-november": board("C053:2", "C032:3", "C050:2", widths=BOTH),
    "rhyme-week": table("hall", "blocks", "C016:2", "C007:5"),
    "frosty-leaves": _plain(lambda seed: scenes.still_life("garden", "leaves", seed), position=True),
    "staff-headteacher": portrait("A009:2"),
    "staff-deputy": portrait("A003:1"),
    "staff-nursery": portrait("A010:1"),
    "staff-reception": portrait("A004:3"),
    "staff-year-1": portrait("A006:1"),
    "staff-year-2": portrait("A001:4"),
}
COVER = table("hall", "books", "C008:1", "C014:5")
NEWSLETTER = """<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Summer newsletter 2026</title><style>
@page {{ size: A4; margin: 18mm }} body {{ font: 11.5pt/1.5 sans-serif; color: #1d2b3a }}
h1 {{ color: #1f4e5f; border-bottom: 3px solid #d9a441; padding-bottom: 6px }} h2 {{ color: #1f4e5f }}
img {{ width: 100%; border-radius: 6px }} small {{ color: #555 }}</style>
<h1>Summer newsletter 2026</h1><p>Larkmere Infant and Nursery School</p>
<p>Dear families, this was the year in which the pond came back to life, the Kingfishers built a bridge for
twenty-three blocks, and King Charles had his birthday picnic in the rain shadow of our largest oak. Mrs Brown</p>
<img src="data:image/jpeg;base64,{photo}" alt=""><p><small>Rehearsing for the summer concert</small></p>
<h2>Star readers</h2><p>The library cup goes to Elsie Hughes, who has read all of the dinosaur shelf, and to Daisy W.,
who is two books behind. In the nursery, Maya Ellison-Grant chose a story for every single Friday.</p>
<div style="break-before: page"></div><h2>From the garden</h2><p>Rose, the class rabbit, thanks everybody for the
dandelions. The brown hen laid her first egg on Sports Day.</p>
<h2>Dates</h2><p>School opens on Thursday 3 September. The price of a school lunch stays the same.</p>
<p><small>Nobody on these pages exists: the school, its people and its news are made up, and the children are
computer-drawn.</small></p></html>"""


def seed_of(name: str) -> int:
    """A fixed seed for each photo, so that one can be made again without the others changing."""
    return zlib.crc32(name.encode()) % 10_000


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    """Encode without any metadata."""
    buffer = BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return buffer.getvalue()


def with_position(content: bytes) -> bytes:
    """Put a place, in the North Sea, before the first segment of a JPEG file; its picture stays as it is."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (55.0, 30.0, 0.0), 3: "E", 4: (3.0, 15.0, 0.0)})
    segment = exif.tobytes()
    return content[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + content[2:]


def make_photo(name: str, recipe: Recipe, faces: scenes.Faces) -> None:
    """Write the largest rendition and the smaller ones."""
    picture = recipe.draw(faces, seed_of(name))
    content = as_jpeg(picture, recipe.quality)
    if recipe.cut_short:
        buffer = BytesIO()
        picture.save(buffer, "JPEG", quality=78)  # not progressive: half of the file is half of the picture
        content = buffer.getvalue()[: len(buffer.getvalue()) // 3]
    if recipe.position:
        content = with_position(content)
    folder = SITE / "photos"
    if recipe.webp:
        picture.save(folder / f"{name}.webp", "WEBP", quality=82, method=6)
    else:
        (folder / f"{name}.jpg").write_bytes(content)
    for width in recipe.widths:
        small = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
        (folder / f"{name}-{width}.jpg").write_bytes(as_jpeg(small, 74))


def make_newsletter(faces: scenes.Faces) -> None:
    """Print the newsletter to PDF with the browser."""
    photo = as_jpeg(COVER.draw(faces, seed_of("newsletter")), 78)
    (SITE / "documents").mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        path = next(path for path in BROWSERS if Path(path).exists())
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content(NEWSLETTER.format(photo=base64.b64encode(photo).decode("ascii")))
        page.pdf(path=SITE / "documents" / "summer-newsletter-2026.pdf", prefer_css_page_size=True)
        browser.close()


def write_truth(faces: scenes.Faces) -> None:
    """Write who is in each photo, by the file name of its largest rendition; children by their pupil id."""
    groups = json.loads((faces.folder / "groups" / "truth.json").read_text("utf-8"))
    shown = {}
    for name, recipe in PHOTOS.items():
        people = recipe.people
        if people and people[0].startswith("group "):
            people = tuple(face["id"] for face in groups[int(people[0].split()[1]) - 1]["faces"])
        file = f"{name}.webp" if recipe.webp else f"{name}.jpg"
        shown[file] = [person.replace("C", "P") for person in people]
    shown["summer-newsletter-2026.pdf"] = [person.replace("C", "P") for person in COVER.people]
    TRUTH.parent.mkdir(parents=True, exist_ok=True)
    TRUTH.write_text(json.dumps(shown, indent=1) + "\n", "utf-8")


def main(folder: str, *names: str) -> None:
    """Make all photos, or only those named; ``newsletter`` names the PDF, whose bytes differ each time."""
    faces = scenes.Faces(Path(folder))
    (SITE / "photos").mkdir(parents=True, exist_ok=True)
    for name, recipe in PHOTOS.items():
        if not names or name in names:
            make_photo(name, recipe, faces)
    if "newsletter" in names or not (SITE / "documents").exists():
        make_newsletter(faces)
    write_truth(faces)


if __name__ == "__main__":
    main(*sys.argv[1:])
