"""What a photo looks like to the rest of the program, whatever kind of file it came as."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from auditbot.examine.images import DecodedImage, NotDecodable, decode, encode
from tests.unit.examine.hostile_pictures import (
    cut,
    gif_claiming,
    moving,
    noise,
    png_chunk,
    png_claiming,
    saved,
    scene,
    write,
)

RED, GREEN, BLUE, GREY = (220, 20, 20), (20, 200, 20), (20, 20, 220), (128, 128, 128)


def decoded(path: Path, max_megapixels: float = 120) -> DecodedImage:
    picture = decode(path, max_megapixels)
    assert isinstance(picture, DecodedImage), picture
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.ndim == 3
    assert picture.rgb.shape[2] == 3
    return picture


def corners(rgb: np.ndarray) -> list[tuple[int, ...]]:
    """Colours at the middle of each quarter: top left, top right, bottom left, bottom right."""
    height, width = rgb.shape[:2]
    places = [
        (height // 4, width // 4),
        (height // 4, 3 * width // 4),
        (3 * height // 4, width // 4),
        (3 * height // 4, 3 * width // 4),
    ]
    return [tuple(int(value) for value in rgb[place]) for place in places]


def assert_near(found: list[tuple[int, ...]], expected: list[tuple[int, ...]], within: int = 24) -> None:
    assert np.abs(np.array(found) - np.array(expected)).max() <= within, found


LOSSY = {"quality": 95}
KINDS = {
    "jpeg": lambda: saved(scene(), "JPEG", **LOSSY),
    "jpeg, progressive": lambda: saved(scene(), "JPEG", progressive=True, **LOSSY),
    "png": lambda: saved(scene(), "PNG"),
    "png, palette": lambda: saved(scene().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    "png, interlaced name": lambda: saved(scene(), "PNG", optimize=True),
    "gif": lambda: saved(scene(), "GIF"),
    "webp": lambda: saved(scene(), "WEBP", **LOSSY),
    "webp, lossless": lambda: saved(scene(), "WEBP", lossless=True),
    "avif": lambda: saved(scene(), "AVIF", quality=95),
    "heic": lambda: saved(scene(), "HEIF", quality=95),
    "tiff": lambda: saved(scene(), "TIFF"),
    "bmp": lambda: saved(scene(), "BMP"),
    "jpeg, cmyk": lambda: saved(scene().convert("CMYK"), "JPEG", **LOSSY),
    "tiff, cmyk": lambda: saved(scene().convert("CMYK"), "TIFF"),
    "jpeg in two views (MPO)": lambda: saved(scene(), "MPO", save_all=True, append_images=[noise(160, 100)], **LOSSY),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_photo_is_read_in_its_colours(kind: str, tmp_path: Path) -> None:
    picture = decoded(write(tmp_path, KINDS[kind](), "photo.bin"))
    assert (picture.width, picture.height) == (160, 100)
    assert picture.scale == 1.0
    assert picture.panels == ((0, 0, 160, 100),)
    assert not picture.partly
    assert_near(corners(picture.rgb), [RED, GREEN, BLUE, GREY])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "TIFF", "AVIF"])
def test_a_photo_taken_sideways_is_turned_upright(kind: str, orientation: int, tmp_path: Path) -> None:
    upright = scene()
    inverse = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if inverse is None else upright.transpose(inverse)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, object] = {"exif": exif} if kind != "TIFF" else {"tiffinfo": {274: orientation}}
    picture = decoded(write(tmp_path, saved(stored, kind, quality=95, **options)))
    assert (picture.width, picture.height) == (160, 100)
    assert picture.rgb.shape == (100, 160, 3)
    assert_near(corners(picture.rgb), [RED, GREEN, BLUE, GREY])


def test_a_heic_photo_is_turned_by_its_container_alone(tmp_path: Path) -> None:
    # Phones write the turn twice, into the container and the metadata; the decoder has applied the first.
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decoded(write(tmp_path, saved(scene(), "HEIF", exif=exif, quality=95)))
    assert_near(corners(picture.rgb), [RED, GREEN, BLUE, GREY])


def test_orientation_metadata_that_cannot_be_read_turns_nothing(tmp_path: Path) -> None:
    content = saved(scene(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12\0\x03", **LOSSY)
    assert_near(corners(decoded(write(tmp_path, content)).rgb), [RED, GREEN, BLUE, GREY])


def test_transparent_parts_are_white(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (40, 40), (200, 0, 0, 0))
    picture.paste((0, 0, 200, 255), (0, 0, 20, 40))
    for kind in ("PNG", "WEBP", "AVIF", "HEIF"):
        rgb = decoded(
            write(tmp_path, saved(picture, kind, lossless=True) if kind == "WEBP" else saved(picture, kind))
        ).rgb
        assert_near([tuple(rgb[20, 8]), tuple(rgb[20, 32])], [(0, 0, 200), (255, 255, 255)])


def test_transparent_palette_colours_are_white(tmp_path: Path) -> None:
    picture = Image.new("P", (40, 40), 1)
    picture.putpalette([0, 0, 0, 200, 0, 0] + [0] * 762)
    rgb = decoded(write(tmp_path, saved(picture, "PNG", transparency=1))).rgb
    assert (rgb == 255).all()


def test_sixteen_bits_keep_their_shades(tmp_path: Path) -> None:
    steps = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(1, 256).repeat(20, axis=0)
    for kind in ("PNG", "TIFF"):
        rgb = decoded(write(tmp_path, saved(Image.fromarray(steps), kind))).rgb
        assert np.abs(rgb[10, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_grey_photos_have_three_equal_channels(tmp_path: Path) -> None:
    for mode in ("L", "1", "LA"):
        rgb = decoded(write(tmp_path, saved(scene().convert("L").convert(mode), "PNG"))).rgb
        assert (rgb[..., 0] == rgb[..., 1]).all()
        assert (rgb[..., 0] == rgb[..., 2]).all()


def test_a_colour_profile_is_applied(tmp_path: Path) -> None:
    # In this profile the numbers mean other colours than in sRGB, as with photos of newer phones.
    lab = ImageCms.createProfile("LAB")
    to_lab = ImageCms.profileToProfile(scene(), ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    assert to_lab is not None
    content = saved(to_lab, "TIFF", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())
    assert_near(corners(decoded(write(tmp_path, content)).rgb), [RED, GREEN, BLUE, GREY])


@pytest.mark.parametrize(
    "profile", [b"", b"no profile", b"\0" * 200, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
def test_a_broken_or_unfitting_profile_is_ignored(profile: bytes, tmp_path: Path) -> None:
    rgb = decoded(write(tmp_path, saved(scene(), "PNG", icc_profile=profile))).rgb
    assert_near(corners(rgb), [RED, GREEN, BLUE, GREY])


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (1, 300), (20_000, 40)])
def test_tiny_and_very_long_pictures_are_read(size: tuple[int, int], tmp_path: Path) -> None:
    picture = decoded(write(tmp_path, saved(Image.new("RGB", size, "navy"), "PNG")))
    assert (picture.width, picture.height) == size


def test_an_icon_is_read(tmp_path: Path) -> None:
    assert decoded(write(tmp_path, saved(scene(64, 64), "ICO"), "favicon.ico")).width == 64


def test_a_picture_over_eight_megapixels_keeps_its_measures_and_gets_fewer_pixels(tmp_path: Path) -> None:
    for kind, width, height in (("JPEG", 9000, 7500), ("JPEG", 4000, 3000), ("PNG", 4000, 3000)):
        picture = decoded(write(tmp_path, saved(scene(width, height), kind)))
        assert (picture.width, picture.height) == (width, height)
        assert picture.rgb.shape[0] * picture.rgb.shape[1] <= 8.1e6
        assert picture.scale == pytest.approx(height / picture.rgb.shape[0], rel=0.001)
        assert_near(corners(picture.rgb), [RED, GREEN, BLUE, GREY])


def test_a_large_photo_taken_sideways_keeps_its_upright_measures(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decoded(write(tmp_path, saved(scene(9000, 7500), "JPEG", exif=exif)))
    assert (picture.width, picture.height) == (7500, 9000)
    assert picture.rgb.shape[0] > picture.rgb.shape[1]


# --- pictures that move --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_frames_that_differ_stand_below_one_another(kind: str, tmp_path: Path) -> None:
    red, green, blue = (200, 0, 0), (0, 200, 0), (0, 0, 200)
    picture = decoded(write(tmp_path, moving([red, red, green, green, blue], kind)))
    assert (picture.width, picture.height) == (60, 120)
    assert picture.panels == ((0, 0, 60, 40), (0, 40, 60, 40), (0, 80, 60, 40))
    assert_near([tuple(picture.rgb[row, 30]) for row in (20, 60, 100)], [red, green, blue], within=40)
    assert not picture.partly


def test_a_child_in_one_corner_of_one_frame_is_a_frame_that_differs(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (400, 300), "white") for _ in range(9)]
    frames[4].paste((90, 60, 40), (300, 200, 380, 290))
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert len(decoded(write(tmp_path, content)).panels) == 2


def test_a_long_slide_show_says_how_much_of_it_was_examined(tmp_path: Path) -> None:
    shades = [(int(red), int(green), 0) for red in range(0, 250, 60) for green in range(0, 250, 60)]
    picture = decoded(write(tmp_path, moving(shades)))
    assert picture.partly == f"The picture moves: 8 of its {len(shades)} different frames were examined."
    assert_near([tuple(picture.rgb[20, 30]), tuple(picture.rgb[-20, 30])], [shades[0], shades[-1]])


def test_a_picture_that_moves_for_ever_is_cut_off_and_says_so(tmp_path: Path) -> None:
    content = saved(scene(), "GIF", save_all=True, append_images=[scene(), noise(160, 100)] * 15)
    picture = decode(write(tmp_path, content), max_megapixels=0.017)
    assert isinstance(picture, DecodedImage)
    assert picture.partly.startswith("The picture moves: the first 5 of its 3")


# --- what is not a photo, or not a safe one ------------------------------------------------------------------------

CUT = "The file is cut short."
BROKEN = ("The file is damaged and cannot be decoded.", "The file is damaged or cut short and cannot be decoded.", CUT)
DRAWING = "The file is a drawing (SVG), which is not examined."
DOCUMENT = "The file is a document, not a picture."
TOO_LARGE = "The picture is too large to be decoded safely."
TOO_LONG = "The picture is 1000000 x 20 pixels; neither side may exceed 30000."
HOSTILE: dict[str, tuple[Callable[[], bytes], str | tuple[str, ...]]] = {
    "half a jpeg": (lambda: cut("JPEG"), CUT),
    "half a png": (lambda: cut("PNG"), CUT),
    "half a gif": (lambda: cut("GIF"), BROKEN),
    "half a webp": (lambda: cut("WEBP"), BROKEN),
    "half an avif": (lambda: cut("AVIF"), BROKEN),
    "half a heic": (lambda: cut("HEIF"), BROKEN),
    "half a tiff": (lambda: cut("TIFF"), BROKEN),
    "only the start of a jpeg": (lambda: cut("JPEG", 0.0001) + b"\xff\xd8\xff", BROKEN),
    "a jpeg's header alone": (lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01", BROKEN),
    "nothing": (lambda: b"", "The file is empty."),
    "text": (lambda: b"Dear parents, the photo is coming soon.", "The file is text, not a picture."),
    "a page": (lambda: b"\n <!DOCTYPE html><title>404</title>", "The file is a page or data, not a picture."),
    "an answer in JSON": (lambda: b'{"error": "not found"}', "The file is a page or data, not a picture."),
    "a drawing": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", DRAWING),
    "a drawing with a prologue": (
        lambda: b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<svg/>",
        DRAWING,
    ),
    "a pdf": (lambda: b"%PDF-1.7 ...", DOCUMENT),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", DOCUMENT),
    "random bytes": (lambda: bytes(range(255, -1, -1)) * 40, "The file is not a picture of a kind that is examined."),
    "a bomb": (lambda: png_claiming(30_000, 30_000), "The picture has 900 megapixels; at most 120 are examined."),
    "a bomb beyond all measure": (lambda: png_claiming(2**31 - 1, 2**31 - 1), TOO_LARGE),
    "a bomb as a strip": (lambda: png_claiming(1_000_000, 20), TOO_LONG),
    "a gif that claims 65535 pixels each way": (lambda: gif_claiming(65535, 65535), TOO_LARGE),
    "no size at all": (lambda: png_claiming(0, 0), BROKEN),
    "no pixels for its size": (lambda: png_claiming(2000, 2000), BROKEN),
    "a text chunk that unpacks to 200 MB": (
        lambda: png_claiming(10, 10, png_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 200_000_000))),
        BROKEN,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_cannot_be_examined_says_why(case: str, tmp_path: Path) -> None:
    make, expected = HOSTILE[case]
    outcome = decode(write(tmp_path, make()), 120)
    assert isinstance(outcome, NotDecodable), outcome
    assert outcome.reason in (expected if isinstance(expected, tuple) else (expected,))


def test_damaged_bytes_never_raise(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    kinds = [
        saved(noise(90, 70), kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "TIFF", "BMP", "ICO")
    ]
    kinds.append(moving([(200, 0, 0), (0, 200, 0)], "WEBP"))
    outcomes = set()
    for content in kinds:
        for _ in range(40):
            damaged = bytearray(content)
            for place in rng.integers(0, min(len(damaged), int(rng.choice([60, 400, 100_000]))), 6):
                damaged[place] = rng.integers(0, 256)
            outcome = decode(write(tmp_path, bytes(damaged)), 5)
            outcomes.add(type(outcome))
            if isinstance(outcome, NotDecodable):
                assert outcome.reason.endswith(".")
    assert outcomes == {DecodedImage, NotDecodable}


def test_a_written_picture_carries_no_metadata() -> None:
    for ending in (".webp", ".jpg", ".png"):
        content = encode(np.asarray(noise(30, 20)), ending)
        with Image.open(io.BytesIO(content)) as picture:
            assert not picture.getexif()
            assert not {"exif", "icc_profile", "xmp", "comment"} & set(picture.info)


def test_an_unknown_ending_is_refused() -> None:
    with pytest.raises(ValueError, match=r"use \.webp, \.jpg or \.png"):
        encode(np.asarray(noise(30, 20)), ".tga")
