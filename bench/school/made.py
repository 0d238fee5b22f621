"""The school: its website, its registers and its portraits, made anew from a seed. Nobody in it is real.

Faces are cut from the portraits of the demo school and of tests/data/faces (their origin stands beside them) and laid
into rooms; where there are more pupils than faces, a face is mirrored and tinted once more. That makes names no better
than guesses, and costs what real photos cost.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]

ROOT = Path(__file__).resolve().parents[2]
FORENAMES = (
    "Amelia",
    "Oskar",
    "Priya",
    "Tomos",
    "Ffion",
    "Kofi",
    "Zofia",
    "Idris",
    "Maisie",
    "Yusuf",
    "Bronwen",
    "Teddy",
)
SYLLABLES = ("Whit", "Nor", "Ash", "Lind", "Tre", "Ade", "Oak", "Fair", "Hart", "Bex", "Rad", "Pen")
ENDINGS = ("lock", "ham", "worth", "qvist", "harne", "yemi", "ley", "clough", "wick", "ford", "cliffe", "rose")
CLASSES = ("Robins", "Wrens", "Owls", "Kestrels", "Swifts", "Herons")
WORDS = (
    "We had a wonderful morning in the hall and everybody brought a story to share. The children measured the beans "
    "they planted before half term and drew what they saw. Thank you to all who helped with the cakes and the raffle."
)
PRINT = ("Star of the Week", "Our number line", "Phonics sounds", "Be kind, be safe", "World Book Day", "Harvest")


@dataclass(frozen=True, slots=True)
class Size:
    """How large the school is."""

    pupils: int
    """Pupils in the register."""
    enrolled: int
    """Of these, pupils with a portrait and biometric consent."""
    posts: int
    """Posts on the website."""
    photos: int
    """Photos in these posts."""
    documents: int
    """PDF files in these posts."""
    films: int
    """Films in these posts."""


SIZES = {
    "tiny": Size(30, 12, 15, 24, 1, 0),
    "small": Size(120, 60, 100, 120, 4, 1),
    "full": Size(600, 300, 2000, 3000, 60, 2),
}


@dataclass(frozen=True, slots=True)
class Pupil:
    """One made-up pupil."""

    id: str
    """As the register names the pupil."""
    forename: str
    """First name."""
    surname: str
    """Last name."""


class MadeSchool:
    """Everything of the school that is served or written to disk."""

    def __init__(self, size: Size, seed: int = 20261129) -> None:
        self.size, self.seed = size, seed
        rng = np.random.default_rng(seed)
        self.pupils = [
            Pupil(f"P{number:04}", str(rng.choice(FORENAMES)), str(rng.choice(SYLLABLES)) + str(rng.choice(ENDINGS)))
            for number in range(size.pupils)
        ]

    def portrait(self, number: int) -> Pixels:
        """Return a pupil's portrait, BGR."""
        base, again = _portraits()[number % len(_portraits())], number // len(_portraits())
        turned = cv2.flip(base, 1) if again % 2 else base
        return np.asarray(np.clip(turned.astype(np.int16) + np.array([again * 6, 0, -again * 6]), 0, 255), np.uint8)

    def photo(self, number: int) -> bytes:
        """Return photo ``number`` as JPEG: 1920 x 1080, one in 12 of 8 MP, 0 to 30 faces, some full of print."""
        rng = np.random.default_rng([self.seed, number])
        scene = _rooms()[int(rng.integers(len(_rooms())))].copy()
        faces = int(
            rng.choice(
                np.array([0, rng.integers(1, 4), rng.integers(4, 11), rng.integers(11, 31)]), p=[0.3, 0.3, 0.3, 0.1]
            )
        )
        small = rng.random() < 0.2
        for place in range(faces):
            width = int(rng.integers(28, 56) if small else rng.integers(56, 220 if faces < 11 else 110))
            self._lay_face(scene, int(rng.integers(self.size.pupils)), width, place, faces, rng)
        if rng.random() < 0.3:
            scene = self._with_print(scene, rng)
        if number % 12 == 0:
            scene = np.asarray(cv2.resize(scene, (3840, 2160), interpolation=cv2.INTER_CUBIC), np.uint8)
        return cv2.imencode(".jpg", scene, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()

    def _lay_face(self, scene: Pixels, pupil: int, width: int, place: int, of: int, rng: np.random.Generator) -> None:
        face = self.portrait(pupil)
        height = round(face.shape[0] * width / face.shape[1])
        face = np.asarray(cv2.resize(face, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        columns = min(of, 10)
        left = int((place % columns + 0.5) / columns * 1920 - width / 2 + rng.integers(-20, 21))
        top = int(180 + place // columns * 280 + rng.integers(-40, 41))
        left, top = min(max(left, 0), 1920 - width), min(max(top, 0), 1080 - height)
        mask = np.zeros((height, width), np.float32)
        cv2.ellipse(mask, (width // 2, height // 2), (width * 9 // 20, height * 9 // 20), 0, 0, 360, 1.0, -1)
        soft = cv2.GaussianBlur(mask, (0, 0), max(width / 24, 1.0))[..., None]
        under = scene[top : top + height, left : left + width]
        scene[top : top + height, left : left + width] = (face * soft + under * (1 - soft)).astype(np.uint8)

    def _with_print(self, scene: Pixels, rng: np.random.Generator) -> Pixels:
        picture = Image.fromarray(cv2.cvtColor(scene, cv2.COLOR_BGR2RGB))
        draw = ImageDraw.Draw(picture)
        named = self.pupils[int(rng.integers(len(self.pupils)))]
        lines = [str(rng.choice(PRINT)) for _ in range(int(rng.integers(3, 25)))]
        if rng.random() < 0.3:
            lines[0] = f"{named.forename} {named.surname}"
        for text in lines:
            font = ImageFont.load_default(size=int(rng.integers(18, 60)))
            at = (int(rng.integers(0, 1500)), int(rng.integers(0, 1000)))
            box = draw.textbbox(at, text, font=font)
            draw.rectangle((box[0] - 8, box[1] - 8, box[2] + 8, box[3] + 8), fill=(250, 246, 232))
            draw.text(at, text, font=font, fill=(40, 40, 70))
        return np.asarray(cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR), np.uint8)

    def post(self, number: int) -> str:
        """Return the page of post ``number``, 0 the newest."""
        rng = np.random.default_rng([self.seed, 1, number])
        child = self.pupils[int(rng.integers(len(self.pupils)))]
        named = f"{child.forename} {child.surname}" if rng.random() < 0.05 else child.forename
        day = date(2026, 11, 27) - timedelta(days=number // 2)
        photos = "".join(
            f"<img src='/media/{photo}.jpg' alt='In the hall'>" for photo in self._share(number, self.size.photos)
        )
        files = "".join(
            f"<p><a href='/media/{file}.pdf'>Newsletter</a></p>" for file in self._share(number, self.size.documents)
        )
        films = "".join(
            f"<video src='/media/{film}.webm' controls></video>" for film in self._share(number, self.size.films)
        )
        return (
            f"<!doctype html><html lang='en'><title>News {number}</title><article>"
            f"<h1>News from {CLASSES[number % 6]}</h1>"
            f"<time datetime='{day}'>{day}</time><p>{named} showed the class a shell. {WORDS}</p>{photos}{files}{films}"
            f"</article></html>"
        )

    def _share(self, post: int, total: int) -> range:
        """Return which of so many things stand in this post."""
        return range(post * total // self.size.posts, (post + 1) * total // self.size.posts)

    def listing(self, page: int) -> str:
        """Return a page of the list of posts, 0 the newest."""
        numbers = range(page * 20, min(page * 20 + 20, self.size.posts))
        older = f"<a rel='next' href='/page/{page + 1}'>Older posts</a>" if numbers.stop < self.size.posts else ""
        entries = "".join(
            f"<article><h2><a href='/news/{number}'>News {number}</a></h2></article>" for number in numbers
        )
        return f"<!doctype html><html lang='en'><title>News</title><main>{entries}</main>{older}</html>"

    def document(self, number: int) -> bytes:
        """Return a PDF of two pages of text."""
        words = [WORDS[at : at + 70] for at in range(0, len(WORDS), 70)]
        return pdf([[f"Newsletter {number}", *words * 6], words * 8])

    def write_workspace(self, folder: Path, address: str, consenting: int | None = None) -> None:
        """Fill a workspace that ``auditbot init`` made: registers, portraits, and one account at this address.

        The first ``consenting`` pupils may be matched; if it is not given, those with a portrait.
        """
        settings = folder / "config" / "auditbot.toml"
        text = settings.read_text("utf-8")
        for old, new in {
            "# delay_seconds = 1.0": "delay_seconds = 0.0",
            "# allow_loopback = []": f'allow_loopback = ["{address}"]',
            '# dpia_reference = ""': 'dpia_reference = "BENCH"',
            '# dpia_officer = ""': 'dpia_officer = "R. Ashdown"',
            "# dpia_date": "dpia_date",
        }.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        settings.write_text(text, "utf-8")
        with (folder / "consent" / "pupils.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            consent = ("biometric_parents_notified_on", "biometric_consent", "biometric_consent_on")
            rows.writerow(("pupil_id", "legal_forename", "legal_surname", "class", "website", *consent))
            may_be_matched = self.size.enrolled if consenting is None else consenting
            for number, pupil in enumerate(self.pupils):
                given = ("2026-09-01", "yes", "2026-09-02") if number < may_be_matched else ("", "", "")
                answer = "no" if number % 7 == 0 else "yes"
                rows.writerow((pupil.id, pupil.forename, pupil.surname, CLASSES[number % 6], answer, *given))
        for number, pupil in enumerate(self.pupils[: self.size.enrolled]):
            path = folder / "consent" / "photos" / f"{pupil.id}.jpg"
            path.write_bytes(cv2.imencode(".jpg", self.portrait(number))[1].tobytes())

    def pages(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield path, content type and content of everything the site serves, photos last."""
        for page in range((self.size.posts + 19) // 20):
            yield f"/page/{page}", "text/html; charset=utf-8", self.listing(page).encode()
        yield "/", "text/html; charset=utf-8", self.listing(0).encode()
        for number in range(self.size.posts):
            yield f"/news/{number}", "text/html; charset=utf-8", self.post(number).encode()
        for number in range(self.size.documents):
            yield f"/media/{number}.pdf", "application/pdf", self.document(number)
        film = (ROOT / "auditbot" / "demo" / "site" / "films" / "our-year.webm").read_bytes()
        for number in range(self.size.films):
            # A comment at the end makes each film another file.
            yield f"/media/{number}.webm", "video/webm", film + bytes([0xEC, 0x81, number % 256])
        for number in range(self.size.photos):
            yield f"/media/{number}.jpg", "image/jpeg", self.photo(number)


@cache
def _portraits() -> list[Pixels]:
    paths = sorted((ROOT / "consent" / "photos").glob("P*.jpg"))
    paths += sorted((ROOT / "tests" / "data" / "faces").glob("C*/portrait_1.jpg"))
    return [np.asarray(image, np.uint8) for path in paths if (image := cv2.imread(str(path))) is not None]


@cache
def _rooms() -> list[Pixels]:
    paths = sorted((ROOT / "auditbot" / "demo" / "site" / "photos").glob("*.jpg"))
    found = [np.asarray(image, np.uint8) for path in paths if (image := cv2.imread(str(path))) is not None]
    blurred = (cv2.GaussianBlur(cv2.resize(image, (1920, 1080)), (0, 0), 14) for image in found)
    return [np.asarray(image, np.uint8) for image in blurred]


def pdf(pages: list[list[str]]) -> bytes:
    """Write lines of text as a PDF by hand: what a bench needs and no more."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for lines in pages:
        text = "".join(f"({line.translate({40: None, 41: None, 92: None})}) Tj T* " for line in lines)
        content = f"BT /F1 11 Tf 40 800 Td 14 TL {text}ET".encode("latin-1", "replace")
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources %s/Contents %d 0 R>>" % (font, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return out.getvalue()


def tag(content: bytes) -> str:
    """Return the ETag of a content."""
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'
