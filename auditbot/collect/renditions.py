"""Sizes of one photo: which addresses are the same photo, which is the largest, where a larger one may lie."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_SIZE_IN_NAME = re.compile(r"[-_](\d{2,5})x(\d{2,5})(?=(@2x)?\.[A-Za-z]{3,4}$)")
_SCALED = re.compile(r"-(scaled|rotated)(?=\.[A-Za-z]{3,4}$)")
_RESIZED_FOLDER = re.compile(r"/size/w(\d+)(h\d+)?(/format/[a-z]+)?(?=/)")
_RESIZING = frozenset(
    "w h width height resize fit crop quality q dpr ssl strip format fm auto ixlib size sz sw sh maxwidth maxheight "
    "zoom lb fill bg itok v ver t".split()
)
_IMAGE_NAME = re.compile(r"\.(jpe?g|png|gif|webp|avif|heic|heif|bmp|tiff?|jfif|pjpeg|jxl)$", re.IGNORECASE)
FULL = 1_000_000


def is_image_address(url: str) -> bool:
    """True if the address ends like a picture's."""
    return bool(_IMAGE_NAME.search(urlsplit(url).path))


def rendition_key(url: str) -> str:
    """Return what all sizes of one photo share: host and path without size, and what of the query is no size."""
    parts = urlsplit(_unproxied(url))
    path = _SCALED.sub("", _SIZE_IN_NAME.sub("", _RESIZED_FOLDER.sub("", unquote(parts.path))))
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _RESIZING]
    query = urlencode(sorted(kept))
    return f"{parts.netloc.lower().removeprefix('www.')}{path}" + (f"?{query}" if query else "")


def stated_width(url: str) -> int:
    """Return the width in pixels that an address states, or 0 if it states none."""
    parts = urlsplit(url)
    if match := _SIZE_IN_NAME.search(parts.path):
        return int(match[1])
    if match := _RESIZED_FOLDER.search(parts.path):
        return int(match[1])
    for name, value in parse_qsl(parts.query):
        number = re.match(r"(\d{2,5})", value)
        if name.lower() in ("w", "width", "sw", "maxwidth", "resize", "fit") and number:
            return int(number[1])
    return 0


def larger_guesses(url: str) -> list[str]:
    """Return addresses where a larger rendition may lie; each stands only if the server has it."""
    guesses = []
    plain = _unproxied(url)
    if plain != url:
        guesses.append(plain)
    parts = urlsplit(plain)
    path = _RESIZED_FOLDER.sub("", parts.path)
    path = _SIZE_IN_NAME.sub("", path)
    if path != parts.path:
        guesses.append(urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")))
    if _SCALED.search(path):
        guesses.insert(0, urlunsplit((parts.scheme, parts.netloc, _SCALED.sub("", path), parts.query, "")))
    if is_image_address(plain) and parts.query and stated_width(f"http://h/?{parts.query}"):
        guesses.append(urlunsplit((parts.scheme, parts.netloc, path, "", "")))
    return [guess for guess in dict.fromkeys(guesses) if guess != url]


def _unproxied(url: str) -> str:
    """Undo the address of WordPress's picture cache (i0.wp.com/HOST/PATH?resize=...)."""
    parts = urlsplit(url)
    if re.fullmatch(r"i\d\.wp\.com", parts.netloc) and parts.path.count("/") > 1:
        return f"https:/{parts.path}"
    return url


def read_srcset(value: str) -> list[tuple[str, int]]:
    """Return the addresses of a ``srcset`` with a size each: pixels for "w", thousands for "x". Order is kept."""
    found = []
    # Addresses may hold commas; a candidate ends at a comma after its descriptor, or at a comma before a space.
    for match in re.finditer(
        r"(?P<url>[^\s,]\S*[^\s,]|[^\s,])(?:\s+(?P<size>[\d.]+)(?P<unit>[wxh]))?\s*(?:,|$)", value
    ):
        size = 0
        if match["size"]:
            try:
                size = int(float(match["size"]) * (1000 if match["unit"] == "x" else 1))
            except (ValueError, OverflowError):
                size = 0
        found.append((match["url"], size))
    return found
