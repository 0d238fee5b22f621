"""Pictures in and out: safe decoding of hostile files, and writing pictures without metadata.

The only import of Pillow and pillow_heif. What cannot be decoded is a :class:`NotDecodable` with a sentence, never an
exception. A file that moves counts as one picture: those of its frames that differ, one below the other.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, IptcImagePlugin, UnidentifiedImageError
from PIL.Image import Resampling

from auditbot.log import is_ours
from auditbot.model import Box
from auditbot.safe_files import write_private
from auditbot.sentences import NOTHING, Sentence, say

# What a file is that was published as a photo and is none: told by its first bytes, never by its name.

# The first bytes of files that are no pictures, without white space, in lower case.
OTHER_KINDS = {
    b"<svg": say("The file is a drawing (SVG), which is not examined."),
    b"<": say("The file is a page or data, not a picture."),
    b"{": say("The file is a page or data, not a picture."),
    b"%pdf": say("The file is a document, not a picture."),
    b"%!ps": say("The file is a document, not a picture."),
    b"pk\x03\x04": say("The file is a document or an archive, not a picture."),
    b"\xd0\xcf\x11\xe0": say("The file is a document, not a picture."),
    b"\xff\xd8": say("The file is damaged or cut short and cannot be decoded."),
    b"\x89png": say("The file is damaged or cut short and cannot be decoded."),
    b"gif8": say("The file is damaged or cut short and cannot be decoded."),
    b"riff": say("The file is damaged or cut short and cannot be decoded."),
    b"ftyp": say("The file is damaged or cut short and cannot be decoded."),
}


def what_it_is_instead(path: Path) -> Sentence:
    """Return a sentence that says what the file is, or that it is damaged. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        return say("The file is empty.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head[4:8] == b"ftyp":
        start = head[4:]
    if start.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in start:
        return OTHER_KINDS[b"<svg"]
    for beginning, sentence in OTHER_KINDS.items():
        if start.startswith(beginning):
            return sentence
    if all(byte in b"\t\n\r\f" or byte >= 0x20 for byte in head):
        return say("The file is text, not a picture.")
    return say("The file is not a picture of a kind that is examined.")


Pixels = NDArray[np.uint8]

# Formats whose decoders start other programs (EPS) or that no browser shows in a page are left out on purpose.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "TIFF", "BMP", "ICO")
# In an MPO the further pictures are depth and gain maps of the first.
MOVING = ("GIF", "PNG", "WEBP", "AVIF", "HEIF", "TIFF")
MAX_SIDE = 30_000
WORK_MEGAPIXELS = 8.0
MAX_FRAMES_LOOKED_AT = 2000
MAX_PANELS = 8

# What Pillow and the libraries under it raise for files that are broken or hostile.
DECODE_ERRORS = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    struct.error,
    zlib.error,
    ImageCms.PyCMSError,
)

pillow_heif.register_heif_opener()
pillow_heif.options.DECODE_THREADS = 1
# The limit in force is max_megapixels; this one guards pictures inside pictures, whose size only the decoder sees.
Image.MAX_IMAGE_PIXELS = 500_000_000
SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True, slots=True, eq=False)
class DecodedImage:
    """A picture, upright, in sRGB."""

    rgb: Pixels
    """Pixels, height x width x 3; smaller than ``width`` x ``height`` where the picture has over 8 megapixels."""
    width: int
    """Width of the whole upright picture in pixels."""
    height: int
    """Height of the whole upright picture in pixels: of all panels together, if it moves."""
    panels: tuple[Box, ...]
    """x, y, width, height of each frame shown, in pixels of the whole picture; one panel for a still picture."""
    partly: Sentence = NOTHING
    """Why not all of the file is in these pixels, as a sentence; empty if all of it is."""

    @property
    def scale(self) -> float:
        """Pixels of the whole picture per pixel of ``rgb``; 1.0 unless it was reduced."""
        return self.width / int(self.rgb.shape[1])


@dataclass(frozen=True, slots=True)
class NotDecodable:
    """A file that is not examined."""

    reason: Sentence
    """Why, in one sentence for the safeguarding lead."""


def decode(path: Path, max_megapixels: float) -> DecodedImage | NotDecodable:
    """Decode a file of unknown origin; the size in its header is checked before any pixel is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS) as picture:
                problem = _size_problem(picture, max_megapixels)
                return NotDecodable(problem) if problem else _read(picture, max_megapixels)
    except UnidentifiedImageError:
        return NotDecodable(what_it_is_instead(path))
    except (Image.DecompressionBombError, MemoryError):
        return NotDecodable(say("The picture is too large to be decoded safely."))
    except DECODE_ERRORS as error:
        if is_ours(error):
            raise
        cut = "truncated" in str(error).lower() or isinstance(error, EOFError)
        return NotDecodable(say("The file is cut short.") if cut else say("The file is damaged and cannot be decoded."))


KINDS = {".webp": "WEBP", ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
"""By ending, in small letters: the kinds of files that pictures are written as."""


def encode(rgb: Pixels, ending: str, quality: int = 85) -> bytes:
    """Return pixels (height x width x 3) as a file of one of the kinds that KINDS lists by ending, without metadata.

    Raises ValueError for another ending.
    """
    kind = KINDS.get(ending)
    if kind is None:
        raise ValueError(f"{ending!r} is no ending for a picture; use .webp, .jpg or .png")
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, kind, quality=quality, method=4)
    return buffer.getvalue()


def encoded_size(content: bytes) -> tuple[int, int]:
    """Return width and height of a picture that :func:`encode` made, from its header."""
    with Image.open(io.BytesIO(content)) as picture:
        return picture.size


def write_picture(rgb: Pixels, out: Path) -> None:
    """Write pixels in the format of ``out``'s ending, readable by this user only, without metadata.

    Raises ValueError for an ending that is none of KINDS; OSError if it cannot be written.
    """
    write_private(out, encode(rgb, out.suffix))


def resize(rgb: Pixels, max_side: int) -> Pixels:
    """Shrink pixels so that neither side is longer than ``max_side``; smaller pictures stay as they are."""
    height, width = rgb.shape[:2]
    factor = max_side / max(height, width)
    if factor >= 1:
        return rgb
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    # Averaging takes a third of the time of LANCZOS, which nobody could tell from it at these sizes.
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True, slots=True)
class RawMetadata:
    """The blocks of metadata in a picture file, as they stand there. Empty where there are none or none can be read."""

    exif: dict[int, object]
    """EXIF values by tag number: those of the picture and of the camera."""
    gps: dict[int, object]
    """EXIF values of the place, by tag number."""
    iptc: dict[tuple[int, int], object]
    """IPTC values by record and number: bytes, or a list of bytes."""
    xmp: bytes
    """The XMP packet, which is XML of unknown origin."""


def raw_metadata(path: Path) -> RawMetadata:
    """Read the metadata of a picture of unknown origin without decoding its pixels."""
    exif: dict[int, object] = {}
    gps: dict[int, object] = {}
    iptc: dict[tuple[int, int], object] = {}
    xmp: object = b""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS) as picture:
                xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
                blocks = picture.getexif()
                gps.update(blocks.get_ifd(ExifTags.IFD.GPSInfo))
                exif |= {**blocks, **blocks.get_ifd(ExifTags.IFD.Exif)}
                iptc.update(IptcImagePlugin.getiptcinfo(picture) or {})
    except (Image.DecompressionBombError, MemoryError, *DECODE_ERRORS):
        # Whatever was read before the fault stands.
        pass
    return RawMetadata(exif, gps, iptc, xmp if isinstance(xmp, bytes) else str(xmp).encode())


# --- header -------------------------------------------------------------------------------------------------------


def _size_problem(picture: Image.Image, max_megapixels: float) -> Sentence:
    width, height = picture.size
    megapixels = width * height / 1e6
    if not megapixels:
        return say("The file is damaged and cannot be decoded.")
    if megapixels > max_megapixels:
        most = f"{max_megapixels:g}"
        size = f"{megapixels:.0f}" if megapixels >= 10 else f"{megapixels:.2g}"
        return say(
            "The picture has %(size)s megapixels; at most %(most)s are examined.",
            size=size,
            most=most,
        )
    if max(width, height) > MAX_SIDE:
        return say(
            "The picture is %(width)s x %(height)s pixels; neither side may exceed %(most)s.",
            width=width,
            height=height,
            most=MAX_SIDE,
        )
    return NOTHING


# --- pixels -------------------------------------------------------------------------------------------------------


def _read(picture: Image.Image, max_megapixels: float) -> DecodedImage | NotDecodable:
    count = getattr(picture, "n_frames", 1) if picture.format in MOVING else 1
    if count == 1:
        if picture.format in ("JPEG", "MPO") and picture.width * picture.height > 2.5 * WORK_MEGAPIXELS * 1e6:
            # The JPEG decoder itself can leave out every other pixel, for a quarter of the memory.
            full = picture.size
            picture.draft("RGB", (full[0] // 2, full[1] // 2))
            frame = _upright_rgb(picture)
            turned = (frame.width > frame.height) != (full[0] > full[1])
            return _stack([frame], full[::-1] if turned else full, NOTHING)
        frame = _upright_rgb(picture)
        return _stack([frame], frame.size, NOTHING)
    chosen, partly = _choose_frames(picture, count, max_megapixels)
    if not chosen:
        return NotDecodable(say("The file is damaged and cannot be decoded."))
    frames = []
    for index in chosen:
        picture.seek(index)
        frames.append(_upright_rgb(picture).copy())
    return _stack(frames, frames[0].size, partly)


def _choose_frames(picture: Image.Image, count: int, max_megapixels: float) -> tuple[list[int], Sentence]:
    """Return the frames to examine: those unlike all before them, at most MAX_PANELS, first and last among them.

    No frame if not even the first can be read.
    """
    budget = 5 * max_megapixels * 1e6
    small: list[NDArray[np.int16]] = []
    distinct: list[int] = []
    looked_at = 0
    for index in range(min(count, MAX_FRAMES_LOOKED_AT)):
        picture.seek(index)
        budget -= picture.width * picture.height
        if _size_problem(picture, max_megapixels) or (budget < 0 and looked_at):
            break
        picture.load()
        cells = np.asarray(picture.convert("RGB").resize((24, 24), Resampling.BOX)).astype(np.int16)
        looked_at += 1
        if all((np.abs(cells - other).max(axis=2) > 24).mean() > 0.03 for other in small):
            distinct.append(index)
            small = [*small[-63:], cells]
    if looked_at < count:
        partly = say(
            "The picture moves: the first %(looked_at)s of its %(count)s frames were looked at, the rest were not.",
            looked_at=looked_at,
            count=count,
        )
    elif len(distinct) > MAX_PANELS:
        partly = say(
            "The picture moves: %(most)s of its %(count)s different frames were examined.",
            most=MAX_PANELS,
            count=len(distinct),
        )
    else:
        partly = NOTHING
    last = len(distinct) - 1
    steps = min(len(distinct), MAX_PANELS)
    return [distinct[round(step * last / max(1, steps - 1))] for step in range(steps)], partly


def _stack(frames: list[Image.Image], first_size: tuple[int, int], partly: Sentence) -> DecodedImage:
    """Join frames, one below the other on white, in at most WORK_MEGAPIXELS."""
    ratio = first_size[0] / frames[0].width
    sizes = [(round(frame.width * ratio), round(frame.height * ratio)) for frame in frames]
    sizes[0] = first_size
    width, height = max(w for w, _ in sizes), sum(h for _, h in sizes)
    factor = min(1.0, math.sqrt(WORK_MEGAPIXELS * 1e6 / (width * height)))
    panels: list[Box] = []
    parts: list[Pixels] = []
    top = 0
    for frame, (frame_width, frame_height) in zip(frames, sizes, strict=True):
        size = (max(1, round(frame_width * factor)), max(1, round(frame_height * factor)))
        part = np.asarray(frame if frame.size == size else frame.resize(size, Resampling.BOX, reducing_gap=2.0))
        parts.append(part)
        panels.append((0.0, float(top), float(frame_width), float(frame_height)))
        top += frame_height
    if len(parts) == 1:
        return DecodedImage(np.ascontiguousarray(parts[0]), width, height, tuple(panels), partly)
    sheet = np.full((sum(p.shape[0] for p in parts), max(p.shape[1] for p in parts), 3), 255, np.uint8)
    row = 0
    for part in parts:
        sheet[row : row + part.shape[0], : part.shape[1]] = part
        row += part.shape[0]
    return DecodedImage(sheet, width, height, tuple(panels), partly)


def _upright_rgb(picture: Image.Image) -> Image.Image:
    picture.load()
    frame = _apply_profile(_on_white(_to_eight_bits(picture)), picture.info.get("icc_profile"))
    return _turn(frame, picture)


def _to_eight_bits(frame: Image.Image) -> Image.Image:
    if not frame.mode.startswith(("I", "F")):
        return frame
    values = np.asarray(frame).astype(np.float64)
    values = np.where(np.isfinite(values), values, 0.0)
    top = (
        65535.0
        if frame.mode.startswith("I") and values.max() > 255
        else max(255.0 if values.max() > 1 else 1.0, values.max())
    )
    return Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8))


def _on_white(frame: Image.Image) -> Image.Image:
    if frame.mode not in ("RGBA", "LA", "PA", "RGBa", "La") and "transparency" not in frame.info:
        return frame if frame.mode in ("RGB", "L", "CMYK") else frame.convert("RGB")
    layer = frame.convert("RGBA")
    ground = Image.new("RGB", frame.size, "white")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _apply_profile(frame: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB; a profile that is broken or does not fit the pixels is ignored, as browsers do."""
    if not profile:
        return _as_rgb(frame)
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        if ImageCms.getProfileDescription(source).startswith("sRGB") or space != {"L": "GRAY"}.get(
            frame.mode, frame.mode
        ):
            return _as_rgb(frame)
        converted = ImageCms.profileToProfile(frame, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return _as_rgb(frame)
    return converted or _as_rgb(frame)


def _as_rgb(frame: Image.Image) -> Image.Image:
    return frame if frame.mode == "RGB" else frame.convert("RGB")


def _turn(frame: Image.Image, picture: Image.Image) -> Image.Image:
    """Apply the orientation that the metadata of ``picture`` asks for; unreadable metadata asks for none."""
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except DECODE_ERRORS:
        return frame
    if orientation == 1:
        return frame
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    frame.info["exif"] = exif.tobytes()
    return ImageOps.exif_transpose(frame)
