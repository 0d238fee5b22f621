"""What a file is that was published as a photo and is none: told by its first bytes, never by its name."""

from __future__ import annotations

from pathlib import Path

# The first bytes of files that are no pictures, without white space, in lower case.
OTHER_KINDS = {
    b"<svg": "The file is a drawing (SVG), which is not examined.",
    b"<": "The file is a page or data, not a picture.",
    b"{": "The file is a page or data, not a picture.",
    b"%pdf": "The file is a document, not a picture.",
    b"%!ps": "The file is a document, not a picture.",
    b"pk\x03\x04": "The file is a document or an archive, not a picture.",
    b"\xd0\xcf\x11\xe0": "The file is a document, not a picture.",
    b"\xff\xd8": "The file is damaged or cut short and cannot be decoded.",
    b"\x89png": "The file is damaged or cut short and cannot be decoded.",
    b"gif8": "The file is damaged or cut short and cannot be decoded.",
    b"riff": "The file is damaged or cut short and cannot be decoded.",
    b"ftyp": "The file is damaged or cut short and cannot be decoded.",
}


def what_it_is_instead(path: Path) -> str:
    """Return a sentence that says what the file is, or that it is damaged. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        return "The file is empty."
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head[4:8] == b"ftyp":
        start = head[4:]
    if start.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in start:
        return OTHER_KINDS[b"<svg"]
    for beginning, sentence in OTHER_KINDS.items():
        if start.startswith(beginning):
            return sentence
    if all(byte in b"\t\n\r\f" or byte >= 0x20 for byte in head):
        return "The file is text, not a picture."
    return "The file is not a picture of a kind that is examined."
