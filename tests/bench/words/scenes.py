"""Rendered school scenes with and without words, to measure what is read of them. Every name is made up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

SIZE = (1920, 1080)
FONTS = Path(__file__).parent / "fonts"
HANDS = ("Caveat", "IndieFlower")
FORENAMES = (
    *("Amelia", "Oskar", "Priya", "Tomos", "Ffion", "Kofi"),
    *("Zofia", "Idris", "Maisie", "Yusuf", "Bronwen", "Teddy"),
)
SURNAMES = (
    *("Whitlock", "Nowak", "Raman", "Pritchard", "Adeyemi", "Fairclough"),
    *("Lindqvist", "O'Hara", "Okonkwo", "Treharne", "Hartley-Jones", "Bexley"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words on a sheet."""

    text: str
    height: float
    """Font size as a share of the sheet's height."""
    at: float
    """Middle of the line, as a share of the sheet's height."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A sheet of paper, cloth or board with a child's full name on it, somewhere in a room."""

    name: str
    sheet: tuple[int, int]
    """Width and height of the sheet in pixels of a 1920 x 1080 photo."""
    ground: Colour
    ink: Colour
    lines: tuple[Line, ...]
    """``{name}`` stands for the child's name."""
    hand: str = ""
    """Handwriting-like font; empty for print."""
    bend: float = 0.0
    """How far the sheet bulges, as a share of its height."""
    stacked: bool = False
    """The letters stand one below the other."""


SCENES = (
    Scene(
        "certificate",
        (900, 620),
        (250, 246, 232),
        (60, 40, 90),
        (
            Line("Star of the Week", 0.12, 0.2),
            Line("awarded to", 0.06, 0.38),
            Line("{name}", 0.13, 0.56),
            Line("for kind hands", 0.06, 0.78),
        ),
    ),
    Scene(
        "certificate, handwritten",
        (820, 560),
        (252, 250, 240),
        (30, 50, 130),
        (Line("Certificate of Merit", 0.1, 0.18), Line("{name}", 0.17, 0.52), Line("well done!", 0.09, 0.8)),
        "Caveat",
    ),
    Scene("coat peg", (260, 90), (255, 255, 255), (20, 20, 20), (Line("{name}", 0.32, 0.5),)),
    Scene(
        "coat peg, handwritten", (300, 100), (255, 250, 210), (20, 20, 20), (Line("{name}", 0.42, 0.5),), "IndieFlower"
    ),
    Scene("name tape", (230, 44), (245, 245, 245), (170, 20, 30), (Line("{name}", 0.55, 0.5),)),
    Scene("jumper", (420, 420), (28, 36, 84), (235, 205, 90), (Line("{name}", 0.13, 0.4), Line("LEAVERS", 0.12, 0.65))),
    Scene(
        "whiteboard",
        (1100, 560),
        (244, 246, 248),
        (40, 110, 60),
        (Line("Today's helper is", 0.12, 0.25), Line("{name}", 0.16, 0.58)),
        "IndieFlower",
    ),
    Scene(
        "chalk board",
        (900, 520),
        (44, 66, 58),
        (176, 186, 178),
        (Line("Well done", 0.13, 0.28), Line("{name}", 0.17, 0.62)),
        "Caveat",
    ),
    Scene(
        "display board",
        (520, 300),
        (252, 214, 120),
        (70, 50, 30),
        (Line("Our spring pictures", 0.12, 0.22), Line("by {name}", 0.13, 0.55), Line("Reception", 0.1, 0.8)),
    ),
    Scene("tray label", (240, 70), (200, 228, 250), (20, 40, 90), (Line("{name}", 0.42, 0.5),)),
    Scene("mug", (420, 260), (250, 250, 250), (30, 90, 160), (Line("{name}", 0.17, 0.5),), bend=0.25),
    Scene(
        "pencil on paper",
        (460, 320),
        (236, 234, 228),
        (150, 148, 146),
        (Line("{name}", 0.2, 0.35), Line("my cat", 0.2, 0.7)),
        "Caveat",
    ),
)
STACKED = (
    Scene(
        "letters one below the other",
        (90, 760),
        (250, 250, 245),
        (40, 40, 120),
        (Line("{name}", 0.085, 0.5),),
        stacked=True,
    ),
    Scene(
        "door sign, one below the other",
        (110, 820),
        (60, 110, 80),
        (250, 245, 200),
        (Line("{name}", 0.09, 0.5),),
        stacked=True,
    ),
)
QUARTER_TURNS = (90, -90, 180)
ANGLES = (0, -12, 20, -27, 35)
TROUBLES = ("plain", "blur", "low light")


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One rendered photo."""

    scene: str
    angle: int
    trouble: str
    name: str
    """The name to be read; empty where the photo holds no words."""
    rgb: Pixels


def cases(width: int = SIZE[0]) -> Iterator[Case]:
    """Every scene at every angle, the troubles taken in turn, as photos of this width; the same on every run."""
    turns = itertools.cycle(TROUBLES)
    for row, scene in enumerate(SCENES):
        for column, angle in enumerate(ANGLES):
            name = f"{FORENAMES[(row + 5 * column) % 12]} {SURNAMES[(row * 7 + column) % 12]}"
            trouble = next(turns)
            rng = np.random.default_rng(row * 100 + column)
            rgb = _spoil(_place(_room(rng), _sheet(scene, name), angle, rng), trouble, rng)
            yield Case(scene.name, angle, trouble, name, rgb if width == SIZE[0] else _narrowed(rgb, width))


def turned(width: int = SIZE[0]) -> Iterator[Case]:
    """Pegs, tapes, labels and certificates lying on their side or upside down, and letters one below the other."""
    lying = [scene for scene in SCENES if scene.name in ("coat peg", "name tape", "tray label", "certificate")]
    asked = [(scene, angle) for scene in lying for angle in QUARTER_TURNS]
    asked += [(scene, angle) for scene in STACKED for angle in (0, 6, -8)]
    for row, (scene, angle) in enumerate(asked):
        name = f"{FORENAMES[row % 12]} {SURNAMES[row * 5 % 12]}"
        rng = np.random.default_rng(5_000 + row)
        trouble = TROUBLES[row % 3]
        rgb = _spoil(_place(_room(rng), _sheet(scene, name), angle, rng), trouble, rng)
        what = scene.name if scene.stacked else f"{scene.name}, turned"
        shown = name.split()[-1] if scene.stacked else name
        yield Case(what, angle, trouble, shown, rgb if width == SIZE[0] else _narrowed(rgb, width))


def walls(count: int = 12) -> Iterator[tuple[Case, tuple[str, ...]]]:
    """Rooms whose wall is full of labels, print and handwriting 14 to 44 pixels high, and the names on them.

    Two labels of three lie level, as a display does; the others lean by up to twelve degrees.
    """
    for seed in range(count):
        rng = np.random.default_rng(20_000 + seed)
        room, names = _room(rng), []
        for place in range(24):
            name = f"{FORENAMES[int(rng.integers(12))]} {SURNAMES[int(rng.integers(12))]}"
            size = int(np.exp(rng.uniform(np.log(14), np.log(44))))
            label = _label(name, size, HANDS[place % 2] if place % 4 == 3 else "", rng)
            angle = 0.0 if place % 3 else float(rng.uniform(-12, 12))
            at = (80 + place % 4 * 460 + rng.uniform(0, 60), 60 + place // 4 * 170 + rng.uniform(0, 50))
            room = _hung(room, label, angle, at)
            names.append(name)
        trouble = TROUBLES[seed % 3]
        yield Case("wall of labels", 0, trouble, "", _spoil(room, trouble, rng)), tuple(names)


def _label(name: str, size: int, hand: str, rng: np.random.Generator) -> Pixels:
    """Draw at twice the size, as ``_sheet`` does."""
    font = _font(hand, 2 * size)
    grounds = ((252, 250, 240), (255, 250, 210), (200, 228, 250), (252, 214, 120), (44, 66, 58))
    ground = grounds[int(rng.integers(len(grounds)))]
    wide = int(font.getlength(name)) + 4 * size
    picture = Image.new("RGB", (wide, 4 * size), ground)
    ink = (235, 235, 225) if ground[0] < 100 else (40, 40, 90)
    ImageDraw.Draw(picture).text((wide / 2, 2 * size), name, fill=ink, font=font, anchor="mm")
    return np.asarray(picture)


def _hung(room: Pixels, label: Pixels, angle: float, at: tuple[float, float]) -> Pixels:
    height, width = label.shape[:2]
    matrix = cv2.getRotationMatrix2D((0.0, 0.0), angle, 0.5)
    matrix[:, 2] += np.asarray(at)
    warped = cv2.warpAffine(label, matrix, SIZE, flags=cv2.INTER_AREA)
    mask = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, SIZE)[..., None] / 255.0
    return (room * (1 - mask) + warped * mask).astype(np.uint8)


def without_words(count: int) -> Iterator[Case]:
    """Photos of rooms with furniture and patterned things, none of which is writing."""
    for seed in range(count):
        rng = np.random.default_rng(10_000 + seed)
        yield Case("no words", 0, TROUBLES[seed % 3], "", _spoil(_room(rng), TROUBLES[seed % 3], rng))


def _narrowed(rgb: Pixels, width: int) -> Pixels:
    size = (width, round(rgb.shape[0] * width / rgb.shape[1]))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _room(rng: np.random.Generator) -> Pixels:
    width, height = SIZE
    picture = Image.new("RGB", SIZE, tuple(int(v) for v in rng.integers(150, 235, 3)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, int(height * 0.72), width, height), fill=tuple(int(v) for v in rng.integers(70, 150, 3)))
    for _ in range(14):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        w, h = int(rng.integers(40, 420)), int(rng.integers(40, 320))
        colour = tuple(int(v) for v in rng.integers(30, 250, 3))
        kind = rng.integers(0, 3)
        if kind == 0:
            draw.rectangle((x, y, x + w, y + h), fill=colour)
        elif kind == 1:
            draw.ellipse((x, y, x + w, y + h), fill=colour)
        else:
            for step in range(0, w, 26):
                draw.rectangle((x + step, y, x + step + 12, y + h), fill=colour)
    soft = cv2.GaussianBlur(np.asarray(picture), (0, 0), 2.5)
    grain = rng.normal(0, 5, (height // 2, width // 2, 1)).astype(np.float32)
    return np.asarray(np.clip(soft + cv2.resize(grain, SIZE)[..., None], 0, 255), np.uint8)


def _font(hand: str, size: int) -> ImageFont.FreeTypeFont:
    if hand:
        return ImageFont.truetype(str(FONTS / f"{hand}.ttf"), size)
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow was built without FreeType"
    return font


def _sheet(scene: Scene, name: str) -> Pixels:
    """Draw at twice the size, so that turning it into place softens it as a lens does."""
    width, height = scene.sheet[0] * 2, scene.sheet[1] * 2
    picture = Image.new("RGB", (width, height), scene.ground)
    draw = ImageDraw.Draw(picture)
    for line in scene.lines:
        text, size = line.text.format(name=name), int(line.height * height)
        if scene.stacked:
            _stack(draw, name.split()[-1], scene, size, (width, height))
            continue
        font = _font(scene.hand, size)
        while draw.textlength(text, font) > 0.92 * width:
            size -= 2
            font = _font(scene.hand, size)
        draw.text((width / 2, line.at * height), text, fill=scene.ink, font=font, anchor="mm")
    pixels = np.asarray(picture)
    if not scene.bend:
        return pixels
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    lift = scene.bend * height * (1 - (2 * columns / width - 1) ** 2)
    return np.asarray(
        cv2.remap(
            pixels, columns, rows + lift - scene.bend * height / 2, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    )


def _stack(draw: ImageDraw.ImageDraw, text: str, scene: Scene, size: int, sheet: tuple[int, int]) -> None:
    step = min(0.94 * sheet[1] / len(text), 1.25 * size)
    top = (sheet[1] - step * (len(text) - 1)) / 2
    for number, letter in enumerate(text.upper()):
        place = (sheet[0] / 2, top + number * step)
        draw.text(place, letter, fill=scene.ink, font=_font(scene.hand, size), anchor="mm")


def _place(room: Pixels, sheet: Pixels, angle: float, rng: np.random.Generator) -> Pixels:
    height, width = sheet.shape[:2]
    middle = np.array([rng.uniform(0.42, 0.58) * SIZE[0], rng.uniform(0.42, 0.58) * SIZE[1]])
    turn = np.deg2rad(angle)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    half = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 4
    corners = half @ spin.T
    scale = min(1.0, 0.46 * SIZE[1] / np.abs(corners[:, 1]).max())
    # A little perspective: one side is farther away.
    corners = corners * scale * np.array([[1.0], [0.94], [0.94], [1.0]]) + middle
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    warped = cv2.warpPerspective(sheet, matrix, SIZE, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, SIZE)[..., None] / 255.0
    return (room * (1 - mask) + warped * mask).astype(np.uint8)


def _spoil(rgb: Pixels, trouble: str, rng: np.random.Generator) -> Pixels:
    if trouble == "blur":
        rgb = cv2.GaussianBlur(rgb, (0, 0), 1.5).astype(np.uint8)
    if trouble == "low light":
        dark = rgb.astype(np.float32) * 0.32 + rng.normal(0, 5, rgb.shape)
        rgb = np.clip(dark, 0, 255).astype(np.uint8)
    ok, coded = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])
    assert ok
    read_back = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert read_back is not None
    return np.ascontiguousarray(read_back[..., ::-1], np.uint8)
