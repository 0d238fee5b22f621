"""Draws the pictures of the demo school's site: rooms, tables, boards and made-up children put into them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

SIZE = (1200, 800)
PAPER = [(244, 240, 228), (250, 246, 236), (232, 238, 246), (248, 236, 226)]
BRIGHT = [(214, 72, 60), (240, 168, 48), (246, 214, 80), (86, 158, 92), (66, 128, 190), (140, 92, 168), (232, 130, 150)]
Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw


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


# --- places ---------------------------------------------------------------------------------------------------------


def classroom(seed: int, wall: Colour = (228, 222, 204), board: Colour = (72, 128, 108)) -> Image.Image:
    """A wall with a display board, paper pictures and a strip of floor."""
    rng = random.Random(seed)
    picture = Image.new("RGB", SIZE, wall)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 40, 1140, 430), fill=board, outline=(150, 112, 72), width=14)
    for column in range(7):
        for row in range(2):
            x, y = 100 + column * 148 + rng.randrange(-12, 12), 70 + row * 178 + rng.randrange(-10, 10)
            draw.rectangle((x, y, x + 118, y + 140), fill=rng.choice(PAPER))
            for _ in range(5):
                cx, cy, r = x + rng.randrange(20, 98), y + rng.randrange(20, 120), rng.randrange(8, 26)
                draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=rng.choice(BRIGHT))
    draw.rectangle((0, 560, 1200, 800), fill=(150, 124, 96))
    return picture.filter(ImageFilter.GaussianBlur(9))


def outdoors(seed: int, ground: Colour = (104, 152, 72)) -> Image.Image:
    """Sky, hedge and fence, with grass or tarmac in front."""
    rng = random.Random(seed)
    picture = Image.new("RGB", SIZE, (176, 210, 236))
    draw = ImageDraw.Draw(picture)
    for band in range(360):
        tint = band / 360
        draw.line((0, band, 1200, band), fill=(int(146 + 70 * tint), int(190 + 40 * tint), int(230 + 16 * tint)))
    for _ in range(5):
        x, y = rng.randrange(0, 1200), rng.randrange(40, 180)
        for k in range(4):
            draw.ellipse((x + k * 46, y - k % 2 * 18, x + k * 46 + 110, y + 56), fill=(246, 249, 252))
    for x in range(-60, 1260, 84):
        r = rng.randrange(70, 124)
        shade = rng.randrange(-14, 14)
        draw.ellipse((x - r, 350 - r, x + r, 350 + r), fill=(64 + shade, 112 + shade, 66 + shade))
    draw.rectangle((0, 390, 1200, 800), fill=ground)
    for x in range(0, 1200, 34):
        draw.rectangle((x, 330, x + 9, 424), fill=(196, 174, 138))
    draw.rectangle((0, 352, 1200, 362), fill=(186, 164, 128))
    return picture.filter(ImageFilter.GaussianBlur(8))


def hall(seed: int) -> Image.Image:
    """A stage with a curtain."""
    rng = random.Random(seed)
    picture = Image.new("RGB", SIZE, (120, 30, 44))
    draw = ImageDraw.Draw(picture)
    for x in range(0, 1200, 6):
        wave = math.sin(x / 19 + rng.random() * 0.2)
        draw.line((x, 0, x, 560), fill=(int(128 + 34 * wave), int(30 + 12 * wave), int(46 + 14 * wave)), width=6)
    draw.rectangle((0, 560, 1200, 800), fill=(166, 122, 76))
    return picture.filter(ImageFilter.GaussianBlur(7))


def library(seed: int) -> Image.Image:
    """Shelves of books without any lettering."""
    rng = random.Random(seed)
    picture = Image.new("RGB", SIZE, (206, 182, 146))
    draw = ImageDraw.Draw(picture)
    for row in range(4):
        top = 30 + row * 160
        draw.rectangle((30, top, 1170, top + 140), fill=(120, 88, 58))
        x = 40
        while x < 1140:
            width, height = rng.randrange(14, 34), rng.randrange(96, 132)
            draw.rectangle((x, top + 138 - height, x + width, top + 138), fill=rng.choice(BRIGHT))
            x += width + 3
    return picture.filter(ImageFilter.GaussianBlur(8))


PLACES: dict[str, Callable[[int], Image.Image]] = {
    "classroom": classroom,
    "blue": lambda seed: classroom(seed, (222, 228, 232), (72, 104, 156)),
    "plum": lambda seed: classroom(seed, (236, 228, 214), (134, 76, 108)),
    "garden": outdoors,
    "playground": lambda seed: outdoors(seed, (124, 126, 130)),
    "hall": hall,
    "library": library,
}


# --- things on a table ----------------------------------------------------------------------------------------------


def _leaf(draw: Draw, x: float, y: float, r: float, colour: Colour) -> None:
    angle = math.sin(x) * 1.4
    points = []
    for k in range(25):
        t = k / 12 * math.pi
        across, along = r * 0.55 * math.sin(t) * (1 + 0.18 * math.cos(6 * t)), -r * 1.5 * math.cos(t)
        points.append(
            (
                x + along * math.cos(angle) - across * math.sin(angle),
                y + along * math.sin(angle) + across * math.cos(angle),
            )
        )
    draw.polygon(points, fill=colour)
    tail = (x - 2.1 * r * math.cos(angle), y - 2.1 * r * math.sin(angle))
    draw.line((*tail, x + r * math.cos(angle), y + r * math.sin(angle)), fill=(110, 76, 44), width=5)


def _pot(draw: Draw, x: float, y: float, r: float, colour: Colour) -> None:
    draw.rounded_rectangle((x - r * 0.8, y - r, x + r * 0.8, y + r), 14, fill=(236, 238, 240))
    draw.ellipse((x - r * 0.8, y - r * 1.25, x + r * 0.8, y - r * 0.75), fill=colour)
    draw.line((x, y - r, x + r * 0.7, y - r * 2.4), fill=(176, 134, 84), width=9)


def _block(draw: Draw, x: float, y: float, r: float, colour: Colour) -> None:
    dark = (int(colour[0] * 0.7), int(colour[1] * 0.7), int(colour[2] * 0.7))
    draw.rectangle((x - r, y - r, x + r, y + r), fill=colour)
    draw.polygon([(x + r, y - r), (x + r * 1.4, y - r * 1.35), (x + r * 1.4, y + r * 0.65), (x + r, y + r)], fill=dark)


def _pumpkin(draw: Draw, x: float, y: float, r: float, _colour: Colour) -> None:
    for offset in (-0.7, 0.7, -0.35, 0.35, 0.0):
        tone = int(30 * (1 - abs(offset)))
        draw.ellipse(
            (x + offset * r - r * 0.6, y - r * 0.85, x + offset * r + r * 0.6, y + r), fill=(204 + tone, 116 + tone, 32)
        )
    draw.rectangle((x - 6, y - r * 1.25, x + 8, y - r * 0.75), fill=(92, 120, 56))


def _book(draw: Draw, x: float, y: float, r: float, colour: Colour) -> None:
    draw.polygon([(x - 1.7 * r, y - r * 0.5), (x, y - r * 0.75), (x, y + r * 0.7), (x - 1.7 * r, y + r)], fill=colour)
    draw.polygon(
        [(x + 1.7 * r, y - r * 0.5), (x, y - r * 0.75), (x, y + r * 0.7), (x + 1.7 * r, y + r)], fill=(244, 240, 230)
    )
    for k in range(4):
        draw.line(
            (x + 12, y - r * 0.4 + k * r * 0.28, x + 1.4 * r, y - r * 0.25 + k * r * 0.28),
            fill=(184, 182, 178),
            width=4,
        )


def _flower(draw: Draw, x: float, y: float, r: float, _colour: Colour) -> None:
    draw.line((x, y, x, y + r * 2), fill=(84, 132, 68), width=12)
    for k in range(12):
        angle = k * math.pi / 6
        px, py = x + math.cos(angle) * r * 0.8, y + math.sin(angle) * r * 0.8
        draw.ellipse((px - r * 0.32, py - r * 0.32, px + r * 0.32, py + r * 0.32), fill=(246, 200, 52))
    draw.ellipse((x - r * 0.5, y - r * 0.5, x + r * 0.5, y + r * 0.5), fill=(104, 68, 36))


def _apple(draw: Draw, x: float, y: float, r: float, colour: Colour) -> None:
    draw.ellipse((x - r, y - r * 0.9, x + r, y + r), fill=colour)
    draw.line((x, y - r * 0.8, x + 8, y - r * 1.4), fill=(96, 70, 40), width=7)
    _leaf(draw, x + 26, y - r * 1.3, r * 0.45, (96, 150, 72))


THINGS = {
    "leaves": _leaf,
    "paint": _pot,
    "blocks": _block,
    "pumpkins": _pumpkin,
    "books": _book,
    "flowers": _flower,
    "apples": _apple,
}


def _table(things: str, seed: int) -> Image.Image:
    """The near edge of a table with things on it; transparent above. Drawn at twice the size for smooth edges."""
    rng = random.Random(seed)
    layer = Image.new("RGBA", (2400, 1600), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    draw.polygon([(60, 1310), (2340, 1310), (2480, 1600), (-80, 1600)], fill=(206, 172, 128))
    draw.polygon([(60, 1310), (2340, 1310), (2346, 1326), (54, 1326)], fill=(228, 200, 160))
    for k in range(7):
        x = 230 + k * 320 + rng.randrange(-60, 60)
        r = rng.randrange(46, 66)
        y = 1420 + rng.randrange(-20, 70)
        draw.ellipse((x - r * 1.3, y + r * 0.75, x + r * 1.5, y + r * 1.15), fill=(120, 94, 62, 120))
        THINGS[things](draw, x, y, r, rng.choice(BRIGHT))
    return layer.resize(SIZE, Image.Resampling.LANCZOS)


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
    picture.alpha_composite(_table(things, seed))
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
    table = _table(things, seed).crop((0, 600, 1200, 800)).resize((1800, 300), Image.Resampling.LANCZOS)
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
