"""Draws the places and the things in the demo school's photos."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1200, 800)
PAPER = [(244, 240, 228), (250, 246, 236), (232, 238, 246), (248, 236, 226)]
BRIGHT = [(214, 72, 60), (240, 168, 48), (246, 214, 80), (86, 158, 92), (66, 128, 190), (140, 92, 168), (232, 130, 150)]
Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw


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


COLOURS: dict[str, list[Colour]] = {
    "apples": [(196, 54, 48), (206, 76, 58), (122, 168, 74), (222, 184, 82)],
    "leaves": [(204, 92, 44), (226, 160, 52), (178, 58, 46), (160, 142, 60)],
}
THINGS: dict[str, Callable[[Draw, float, float, float, Colour], None]] = {
    "leaves": _leaf,
    "paint": _pot,
    "blocks": _block,
    "pumpkins": _pumpkin,
    "books": _book,
    "flowers": _flower,
    "apples": _apple,
}


def table_edge(things: str, seed: int) -> Image.Image:
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
        THINGS[things](draw, x, y, r, rng.choice(COLOURS.get(things, BRIGHT)))
    return layer.resize(SIZE, Image.Resampling.LANCZOS)
