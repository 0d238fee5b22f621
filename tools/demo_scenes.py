"""Draws the pictures of the demo school's site: rooms, tables, boards and made-up children put into them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from tools.demo_drawing import BRIGHT, PLACES, SIZE, outdoors, table_edge


@dataclass(frozen=True)
class Faces:
    """The folder of made-up faces."""

    folder: Path

    def cutout(self, name: str) -> Image.Image:
        """Head and shoulders on a transparent ground; name as in ``C002:4`` (person, candid number)."""
        person, number = name.split(":")
        head = Image.open(self.folder / "cutouts" / f"{person}_candid_{number}.webp").convert("RGBA")
        return _feathered(head)

    def single(self, name: str) -> Image.Image:
        """A whole candid picture; name as in ``C055:2``."""
        person, number = name.split(":")
        return Image.open(self.folder / person / f"candid_{number}.jpg").convert("RGB")

    def group(self, number: int) -> Image.Image:
        """A group photo, 1600 x 1067."""
        return Image.open(self.folder / "groups" / f"group_{number:02}.jpg").convert("RGB")


def _feathered(head: Image.Image) -> Image.Image:
    """Soften hair that touches the edge of the cutout, so that no straight cut shows."""
    width, height = head.size
    ramp = Image.new("L", head.size, 0)
    ImageDraw.Draw(ramp).rounded_rectangle((7, 7, width - 8, height + 60), 46, fill=255)
    head.putalpha(ImageChops.multiply(head.getchannel("A"), ramp.filter(ImageFilter.GaussianBlur(6))))
    return head


def finish(picture: Image.Image, seed: int, grain: float = 2.2) -> Image.Image:
    """Give a drawn scene the grain and the slightly darker corners of a photo."""
    rng = np.random.default_rng(seed)
    pixels = np.asarray(picture.convert("RGB"), np.float32)
    height, width = pixels.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    pixels *= (1.02 - 0.13 * (x * x + y * y))[..., None]
    pixels += rng.normal(0, grain, (height, width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _shoulders(picture: Image.Image, head: Image.Image, centre: int) -> None:
    """Carry the jumper on to both sides, where the cutout ends."""
    strip = np.asarray(head)[-24:-4].reshape(-1, 4)
    cloth = strip[(strip[:, 3] > 200) & (strip[:, 0] < 130)]
    jumper = tuple(int(value) for value in np.median(cloth[:, :3], axis=0)) if len(cloth) else (27, 30, 104)
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    half = head.width * 0.6
    ImageDraw.Draw(layer).rounded_rectangle(
        (centre - half, 672 - head.height * 0.2, centre + half, 860), head.width * 0.22, fill=(*jumper, 255)
    )
    picture.alpha_composite(layer.filter(ImageFilter.GaussianBlur(3)))


# --- photos ---------------------------------------------------------------------------------------------------------


def at_table(faces: Faces, place: str, things: str, cast: Sequence[str], seed: int) -> Image.Image:
    """Up to four people behind a table. ``cast`` names cutouts, from left to right."""
    picture = PLACES[place](seed).convert("RGBA")
    rng = random.Random(seed)
    scale = 1.22 if len(cast) < 4 else 0.98
    pitch = 1200 / (len(cast) + (0.5 if len(cast) > 2 else 0.9))
    for k, name in enumerate(cast):
        head = faces.cutout(name)
        grown = scale * (1.12 if name.startswith("A") else 1.0)
        head = head.resize((round(head.width * grown), round(head.height * grown)), Image.Resampling.LANCZOS)
        centre = 600 + (k - (len(cast) - 1) / 2) * pitch + rng.randrange(-14, 14)
        _shoulders(picture, head, round(centre))
        picture.alpha_composite(head, (round(centre - head.width / 2), 672 - head.height))
    picture.alpha_composite(table_edge(things, seed))
    return finish(picture, seed)


def pinned(faces: Faces, cast: Sequence[str], seed: int, labels: Sequence[str] = ()) -> Image.Image:
    """A photo of a cork board with prints of single pictures, each with a short label under it if given."""
    rng = random.Random(seed)
    noise = np.random.default_rng(seed).normal(0, 16, (400, 600, 1))
    cork = np.clip(np.array([190.0, 148.0, 100.0]) + noise, 0, 255).astype(np.uint8)
    picture = (
        Image.fromarray(cork)
        .resize(SIZE, Image.Resampling.BICUBIC)
        .filter(ImageFilter.GaussianBlur(1.2))
        .convert("RGBA")
    )
    ImageDraw.Draw(picture).rectangle((0, 0, 1199, 799), outline=(122, 84, 50), width=26)
    pitch = 1120 / len(cast)
    for k, name in enumerate(cast):
        width = min(330, round(pitch * 0.86))
        photo = (
            ImageEnhance.Brightness(faces.single(name))
            .enhance(1.02)
            .resize((width, round(width * 1.2)), Image.Resampling.LANCZOS)
        )
        card = Image.new("RGBA", (width + 32, photo.height + 90), (252, 251, 247, 255))
        card.paste(photo, (16, 16))
        if labels:
            font = handwriting(38)
            span = font.getlength(labels[k])
            ImageDraw.Draw(card).text(((card.width - span) / 2, photo.height + 26), labels[k], (48, 60, 96), font)
        card = card.rotate(rng.uniform(-3, 3), Image.Resampling.BICUBIC, expand=True)
        x, y = round(40 + (k + 0.5) * pitch - card.width / 2), round(400 - card.height / 2 + rng.randrange(-24, 24))
        shadow = Image.new("RGBA", card.size, (40, 24, 10, 110))
        shadow.putalpha(card.getchannel("A").point(lambda a: a * 110 // 255).filter(ImageFilter.GaussianBlur(3)))
        picture.alpha_composite(shadow, (x + 8, y + 10))
        picture.alpha_composite(card, (x, y))
        pin = (x + card.width // 2, y + 14)
        ImageDraw.Draw(picture).ellipse((pin[0] - 11, pin[1] - 11, pin[0] + 11, pin[1] + 11), fill=rng.choice(BRIGHT))
    return finish(picture, seed, 1.5)


def handwriting(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, so that the pictures come out the same everywhere."""
    return ImageFont.load_default(size)


def certificate(faces: Faces, who: str, lines: Sequence[str], angle: float, seed: int) -> Image.Image:
    """A certificate photographed at a slight angle on a desk, with a print of the child beside it."""
    desk = Image.new("RGBA", SIZE, (154, 118, 82, 255))
    paper = Image.new("RGBA", (760, 560), (252, 249, 240, 255))
    draw = ImageDraw.Draw(paper)
    draw.rectangle((18, 18, 742, 542), outline=(196, 158, 70), width=8)
    draw.rectangle((32, 32, 728, 528), outline=(60, 92, 140), width=2)
    top = 70
    for text, size in zip(lines, (54, 30, 62, 30, 28), strict=True):
        font = ImageFont.load_default(size)
        draw.text(((760 - font.getlength(text)) / 2, top), text, (40, 52, 84), font)
        top += size + 40
    paper = paper.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    desk.alpha_composite(paper, (20, 60))
    photo = faces.single(who).resize((290, 348), Image.Resampling.LANCZOS)
    card = Image.new("RGBA", (318, 376), (250, 250, 248, 255))
    card.paste(photo, (14, 14))
    desk.alpha_composite(card.rotate(-3, Image.Resampling.BICUBIC, expand=True), (840, 230))
    return finish(desk, seed)


# --- photos without people ------------------------------------------------------------------------------------------


def still_life(place: str, things: str, seed: int) -> Image.Image:
    """A table with things and nobody behind it."""
    picture = PLACES[place](seed).convert("RGBA")
    table = table_edge(things, seed).crop((0, 600, 1200, 800)).resize((1800, 300), Image.Resampling.LANCZOS)
    picture.alpha_composite(table.crop((300, 0, 1500, 300)), (0, 500))
    return finish(picture, seed)


def rainbow(seed: int) -> Image.Image:
    """A rainbow over the field."""
    picture = outdoors(seed).convert("RGBA")
    arc = Image.new("RGBA", (2400, 1600), (0, 0, 0, 0))
    draw = ImageDraw.Draw(arc)
    for k, colour in enumerate(
        [(214, 72, 60), (240, 150, 48), (246, 214, 80), (86, 168, 92), (66, 128, 200), (130, 92, 178)]
    ):
        draw.arc((200 + k * 34, 120 + k * 34, 2200 - k * 34, 2120 - k * 34), 180, 360, fill=(*colour, 150), width=34)
    picture.alpha_composite(arc.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(4)))
    return finish(picture, seed)


def rabbit(seed: int) -> Image.Image:
    """A rabbit in a run."""
    picture = outdoors(seed).convert("RGBA")
    layer = Image.new("RGBA", (2400, 1600), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    fur, inner = (176, 150, 124), (222, 184, 172)
    draw.ellipse((820, 820, 1560, 1460), fill=fur)
    draw.ellipse((1480, 1180, 1620, 1320), fill=(240, 236, 228))
    draw.ellipse((640, 700, 1040, 1080), fill=fur)
    for x in (700, 840):
        draw.ellipse((x, 330, x + 110, 780), fill=fur)
        draw.ellipse((x + 28, 400, x + 82, 740), fill=inner)
    draw.ellipse((720, 820, 776, 876), fill=(36, 28, 24))
    draw.ellipse((636, 900, 690, 940), fill=inner)
    picture.alpha_composite(layer.resize(SIZE, Image.Resampling.LANCZOS))
    wire = ImageDraw.Draw(picture)
    for x in range(0, 1200, 60):
        wire.line((x, 150, x, 800), fill=(120, 124, 120, 255), width=2)
    return finish(picture, seed)


def child_drawing(seed: int) -> Image.Image:
    """A child's drawing of a family: drawn people, in whom no pupil can be recognised."""
    rng = random.Random(seed)
    layer = Image.new("RGB", (2400, 1600), (250, 248, 240))
    draw = ImageDraw.Draw(layer)
    draw.rectangle((0, 1380, 2400, 1600), fill=(124, 176, 96))
    draw.ellipse((1960, 80, 2260, 380), fill=(246, 206, 72))
    for k, tall in enumerate((760, 880, 560, 420)):
        x, colour = 380 + k * 440, BRIGHT[(seed + k) % len(BRIGHT)]
        top = 1400 - tall
        r = tall // 6
        draw.line((x - r // 2, 1200, x - r, 1400), fill=(60, 60, 70), width=18)
        draw.line((x + r // 2, 1200, x + r, 1400), fill=(60, 60, 70), width=18)
        draw.polygon([(x, top + r), (x - r * 1.2, 1240), (x + r * 1.2, 1240)], fill=colour)
        draw.line((x - r * 1.9, top + r * 2.2, x + r * 1.9, top + r * 2.2), fill=(60, 60, 70), width=18)
        draw.ellipse((x - r, top - r, x + r, top + r), outline=BRIGHT[(seed + k + 3) % len(BRIGHT)], width=16)
        for side in (-1, 1):
            draw.ellipse((x + side * r * 0.4 - 14, top - 30, x + side * r * 0.4 + 14, top - 2), fill=(60, 60, 70))
        draw.arc((x - r * 0.5, top - r * 0.2, x + r * 0.5, top + r * 0.6), 20, 160, fill=(180, 60, 60), width=12)
    for _ in range(9):
        x = rng.randrange(100, 2300)
        draw.line((x, 1500, x, 1400), fill=(70, 130, 70), width=10)
        draw.ellipse((x - 34, 1350, x + 34, 1418), fill=rng.choice(BRIGHT))
    return finish(layer.resize(SIZE, Image.Resampling.LANCZOS), seed)


def empty_place(place: str, seed: int) -> Image.Image:
    """A room or the grounds with nobody there."""
    return finish(PLACES[place](seed), seed)


# --- photos in which nobody can be recognised -----------------------------------------------------------------------

HAIR = [(52, 36, 28), (86, 58, 36), (30, 26, 26), (140, 98, 54), (112, 70, 40), (64, 44, 34)]
JUMPER = (40, 52, 120)


def far_away(faces: Faces, cast: Sequence[str], seed: int) -> Image.Image:
    """A playground from an upper window: children all over it, their heads a few pixels wide."""
    rng = random.Random(seed)
    large = PLACES["playground"](seed).resize((2400, 1600), Image.Resampling.BICUBIC).convert("RGBA")
    draw = ImageDraw.Draw(large)
    for k in range(5):
        draw.rectangle((340 + k * 300, 1180, 560 + k * 300, 1400), outline=(236, 226, 150), width=8)
    for k, name in enumerate(cast):
        x = round(240 + (k + 0.5) * 1920 / len(cast)) + rng.randrange(-60, 60)
        foot = rng.randrange(980, 1500)
        draw.ellipse((x - 34, foot - 8, x + 34, foot + 10), fill=(96, 98, 102))
        for side in (-1, 1):
            draw.line((x + side * 8, foot - 52, x + side * (8 + rng.randrange(10)), foot), fill=(60, 60, 70), width=10)
            draw.line((x + side * 14, foot - 92, x + side * 34, foot - rng.randrange(60, 120)), fill=JUMPER, width=9)
        draw.rounded_rectangle((x - 18, foot - 100, x + 18, foot - 46), 10, fill=JUMPER)
        head = faces.cutout(name)
        head = head.crop((0, 0, head.width, round(head.height * 0.8)))
        head = head.resize((26, round(26 * head.height / head.width)), Image.Resampling.LANCZOS)
        large.alpha_composite(head, (x - 13, foot - 96 - head.height))
    return finish(large.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.7)), seed)


def from_behind(place: str, count: int, seed: int) -> Image.Image:
    """So many children who look away from the camera: hair and shoulders."""
    rng = random.Random(seed)
    picture = PLACES[place](seed).convert("RGBA")
    layer = Image.new("RGBA", (2400, 1600), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    pitch = 2200 / count
    for k in range(count):
        x, top = round(100 + (k + 0.5) * pitch) + rng.randrange(-30, 30), 760 + rng.randrange(-70, 70)
        r = round(min(150.0, pitch * 0.32))
        hair = HAIR[rng.randrange(len(HAIR))]
        light = tuple(min(255, value + 16) for value in hair)
        draw.rounded_rectangle((x - r * 1.7, top + r * 2.3, x + r * 1.7, 1700), r * 0.9, fill=JUMPER)
        draw.rounded_rectangle((x - r * 0.4, top + r * 1.6, x + r * 0.4, top + r * 2.6), 20, fill=(188, 142, 112))
        draw.ellipse((x - r * 1.08, top - r * 0.1, x + r * 1.08, top + r * 2.2), fill=hair)
        if k % 2:
            draw.rounded_rectangle((x - r * 0.5, top + r, x + r * 0.5, top + r * 3.4), r * 0.4, fill=hair)
            draw.rectangle((x - r * 0.4, top + r * 2.2, x + r * 0.4, top + r * 2.35), fill=BRIGHT[k % len(BRIGHT)])
        for strand in range(-5, 6):
            draw.line((x + strand * r * 0.17, top + r * 0.2, x + strand * r * 0.19, top + r * 1.8), fill=light, width=5)
    picture.alpha_composite(layer.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(1.2)))
    return finish(picture, seed)


def blurred_at_table(faces: Faces, place: str, things: str, cast: Sequence[str], seed: int) -> Image.Image:
    """The same as at a table, everything above the table's edge out of focus: the things are what it shows."""
    picture = at_table(faces, place, things, cast, seed).convert("RGBA")
    picture = picture.filter(ImageFilter.GaussianBlur(58))
    picture.alpha_composite(table_edge(things, seed))
    return finish(picture, seed)


def art_wall(seed: int) -> Image.Image:
    """Painted leaves, suns and hands on sheets of paper, pegged to a line."""
    rng = random.Random(seed)
    layer = Image.new("RGB", (2400, 1600), (226, 220, 206))
    draw = ImageDraw.Draw(layer)
    for row in range(2):
        line = 150 + row * 740
        draw.line((0, line, 2400, line), fill=(120, 104, 84), width=8)
        for column in range(5):
            x, y = 90 + column * 456 + rng.randrange(-20, 20), line + 20
            draw.rectangle((x, y, x + 390, y + 560), fill=(252, 250, 244), outline=(214, 208, 196), width=4)
            draw.rectangle((x + 180, y - 50, x + 206, y + 30), fill=(196, 164, 112))
            for _ in range(7):
                cx, cy, r = x + rng.randrange(80, 310), y + rng.randrange(90, 470), rng.randrange(28, 64)
                colour = rng.choice(BRIGHT)
                draw.polygon([(cx - r, cy), (cx, cy - r * 1.6), (cx + r, cy), (cx, cy + r * 1.6)], fill=colour)
                draw.line((cx, cy - r * 1.3, cx, cy + r * 2), fill=(110, 76, 44), width=6)
    return finish(layer.resize(SIZE, Image.Resampling.LANCZOS), seed)
