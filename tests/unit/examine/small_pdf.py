"""Small PDF files, written out object by object."""

from __future__ import annotations

import hashlib
import io

from PIL import Image

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def lines(texts: list[tuple[float, float, str]], size: int = 12) -> bytes:
    """Return a page's content: each text at its x and y, in points from the bottom left."""
    shown = b"".join(
        b"1 0 0 1 %g %g Tm (%s) Tj " % (x, y, text.encode("latin-1").replace(b"(", b"\\(").replace(b")", b"\\)"))
        for x, y, text in texts
    )
    return b"BT /F1 %d Tf %s ET\n" % (size, shown)


def image(matrix: tuple[float, float, float, float, float, float], name: str = "Im1") -> bytes:
    """Return content that shows an image through a matrix."""
    return b"q %g %g %g %g %g %g cm /%s Do Q\n" % (*matrix, name.encode())


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def jpeg_object(picture: Image.Image) -> bytes:
    """Return an image object that holds a JPEG file."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=95)
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /DCTDecode" % picture.size
    )
    return stream(buffer.getvalue(), entries)


def pdf(
    pages: list[bytes],
    *,
    images: dict[str, bytes] | None = None,
    info: bytes = b"",
    catalog: bytes = b"",
    page_entries: bytes = b"",
    extra: list[bytes] | None = None,
    password: bytes | None = None,
) -> bytes:
    """Return a PDF with one content stream a page. ``extra`` objects follow the font, numbered from 4 on."""
    images = images or {}
    objects = [b"", b"", HELVETICA, *(extra or [])]
    named = b""
    for name, content in images.items():
        objects.append(content)
        named += b"/%s %d 0 R " % (name.encode(), len(objects))
    kids = []
    for content in pages:
        objects.append(stream(content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R %s"
            b"/Resources << /Font << /F1 3 0 R >> /XObject << %s>> >> >>" % (len(objects), page_entries, named)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    trailer = b""
    if info:
        objects.append(b"<< %s >>" % info)
        trailer += b"/Info %d 0 R " % len(objects)
    if password is not None:
        objects.append(_encryption(password))
        trailer += b"/Encrypt %d 0 R /ID [<%s> <%s>] " % (len(objects), b"00" * 16, b"00" * 16)
    out = b"%PDF-1.6\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (len(objects) + 1, table, len(objects) + 1, trailer, len(out))


PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _encryption(password: bytes) -> bytes:
    """Return the entry that asks for a password (40 bits, as the first PDF readers had it)."""
    padded = (password + PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    rights = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + rights + b"\0" * 16).digest()[:5]
    return b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (
        owner.hex().encode(),
        _rc4(key, PADDING).hex().encode(),
    )
