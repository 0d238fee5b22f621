"""Picture files as broken and hostile sites serve them, each made from a few lines."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Make = Callable[[], bytes]


def scene(width: int = 160, height: int = 100) -> Image.Image:
    """Return a picture that shows which way up it is: red and green above, blue and grey below."""
    pixels = np.full((height, width, 3), 128, np.uint8)
    pixels[: height // 2, : width // 2] = (220, 20, 20)
    pixels[: height // 2, width // 2 :] = (20, 200, 20)
    pixels[height // 2 :, : width // 2] = (20, 20, 220)
    return Image.fromarray(pixels)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Return a picture as the bytes of a file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(width: int = 400, height: int = 300) -> Image.Image:
    """Return a picture that does not compress, so that cutting its file loses pixels."""
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8))


def cut(kind: str, share: float = 0.5) -> bytes:
    """Return the first part of a file."""
    content = saved(noise(), kind)
    return content[: int(len(content) * share)]


def png_chunk(name: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG file."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_claiming(width: int, height: int, body: bytes = b"") -> bytes:
    """Return a PNG whose header claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = png_chunk(b"IHDR", header) + body + png_chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def gif_claiming(width: int, height: int) -> bytes:
    """Return a GIF whose header claims a size."""
    content = bytearray(saved(scene(), "GIF"))
    content[6:10] = struct.pack("<HH", width, height)
    return bytes(content)


def moving(colours: list[tuple[int, int, int]], kind: str = "GIF", **options: Any) -> bytes:
    """Return a picture whose frames are plain colours."""
    frames = [Image.new("RGB", (60, 40), colour) for colour in colours]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, **options)


def write(folder: Path, content: bytes, name: str = "photo.jpg") -> Path:
    """Write the bytes under a name that may lie about them."""
    path = folder / name
    path.write_bytes(content)
    return path
