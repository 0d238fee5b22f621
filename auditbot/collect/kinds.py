"""What a file is, by its own first bytes: addresses and headers are often wrong."""

from __future__ import annotations

from typing import Literal

FileKind = Literal["photo", "pdf", "video", "captions", "office", "page", "drawing", "empty", "other"]
SNIFF_BYTES = 512

_PHOTO_STARTS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x00\x0cJXL ",
    b"\xff\x0a",
    b"\x00\x00\x00\x0cjP  ",
)
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<h1", b"<p", b"<div")
# What the first file inside an office document is called.
_OFFICE_PARTS = (
    b"[Content_Types].xml",
    b"_rels/",
    b"docProps/",
    b"word/",
    b"ppt/",
    b"xl/",
    b"mimetypeapplication/vnd.oasis",
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PHOTO_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"miaf")


def sniff(start: bytes) -> FileKind:
    """Tell what a file is from its first bytes (SNIFF_BYTES are enough)."""
    if start.startswith(_PHOTO_STARTS) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return "photo"
    if start[4:8] == b"ftyp" and any(brand in start[8:64] for brand in _PHOTO_BRANDS):
        return "photo"
    if document := _document(start):
        return document
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:SNIFF_BYTES].lower()
    if text.startswith(_PAGE_STARTS):
        return "page"
    if b"<svg" in text:
        return "drawing"
    return "other" if start else "empty"


def _document(start: bytes) -> FileKind | None:
    office = start.startswith(b"PK\x03\x04") and any(name in start for name in _OFFICE_PARTS)
    if office or start.startswith(_OLD_OFFICE):
        return "office"
    return "pdf" if b"%PDF-" in start else None
