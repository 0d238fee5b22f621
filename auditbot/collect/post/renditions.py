"""Sizes of one photo: which addresses are the same photo, which is the largest, where a larger one may lie."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from auditbot.collect.html.builders import larger_by_builder, stem_by_builder

_SIZE_IN_NAME = re.compile(r"[-_](\d{2,5})x(\d{2,5})(?=(@2x)?\.[A-Za-z]{3,4}$)")
# Caches that take the whole picture's address as a part of their query.
_CACHES = re.compile(r"/(_next/image|\.netlify/images|_vercel/image|_image|_ipx)/?$")
_SIZE_IN_FOLDER = re.compile(r"/_?(\d{2,5})x(\d{2,5})(?:_[\w-]+)?(?=/)")
_SCALED = re.compile(r"-(scaled|rotated)(?=\.[A-Za-z]{3,4}$)")
_KEPT_UPLOAD = re.compile(r"(?<=[^/])_o(?=\.[A-Za-z]{3,4}$)")
_RESIZED_FOLDER = re.compile(r"/size/w(\d+)(h\d+)?(/format/[a-z]+)?(?=/)")
# Ghost keeps an upload as it came beside the one it serves.
_GHOST_UPLOAD = re.compile(r"(.*/content/images/\d{4}/\d{2}/.+(?<!_o))(\.[A-Za-z]{3,4})$")
_RESIZING = frozenset(
    [
        "w",
        "h",
        "width",
        "height",
        "resize",
        "fit",
        "crop",
        "quality",
        "q",
        "dpr",
        "ssl",
        "strip",
        "format",
        "fm",
        "auto",
        "ixlib",
        "size",
        "sz",
        "sw",
        "sh",
        "maxwidth",
        "maxheight",
        "zoom",
        "lb",
        "fill",
        "bg",
        "itok",
        "v",
        "ver",
        "t",
    ]
)
_IMAGE_NAME = re.compile(r"\.(jpe?g|png|gif|webp|avif|heic|heif|bmp|tiff?|jfif|pjpeg|jxl)$", re.IGNORECASE)
_SIZE_WORD = re.compile(
    r"[-_.@]?(\d{2,4}x\d{2,4}|[wh]\d{2,4}|(150|160|180|200|240|250|256|300|320|350|360|400|450|480|500|512|600|640|700|720|750|768|"
    r"800|900|960|1000|1024|1080|1100|1200|1280|1366|1400|1440|1500|1536|1600|1800|1920|2000|2048|2400|2560)(w|px)?|"
    r"thumb(nail)?|th|tn|teaser|card|small|medium|mid|normal|large|big|full(size)?|orig(inal)?|zoom|hires|mini|web|preview|crop(ped)?|square|scaled|hero|cover|[1-3]x|xs|sm|md|lg|xl)$"
)
# Folders that hold the sizes of one picture: what stands beside them tells whether two pictures are one.
_SIZE_FOLDER = re.compile(
    r"(?:_|-)?(?:thumb(?:nail)?s?|small|medium|middle|large|full(?:size)?|orig(?:inal)?s?|big|previews?|resized|cache|max|"
    r"web|normal|[wh]_?\d+|\d+x\d+|\d+)",
    re.IGNORECASE,
)
_SIZE_WORDS = (
    (0, re.compile(r"thumb(?:nail)?s?|th|tn|small|sm|xs|mini|tiny|low|lqip|preview|teaser|placeholder|s")),
    (1, re.compile(r"medium|mid|md|middle|normal|web|m")),
    (3, re.compile(r"full(?:size)?|large|lg|xl|big|orig(?:inal)?s?|hires|zoom|max|l")),
)
FULL = 1_000_000
"""The width of what is said to be the whole picture."""
UNSTATED_WIDTH = 1000
"""As wide an address ranks that states no size: above thumbnails, below a stated large rendition."""


def urlends(url: str, ending: str) -> bool:
    """True if the path of an address ends so."""
    return url.partition("?")[0].lower().endswith(ending)


def is_image_address(url: str) -> bool:
    """True if the address ends like a picture's."""
    return bool(_IMAGE_NAME.search(urlsplit(url).path))


def rendition_key(url: str) -> str:
    """Return what all sizes of one photo share: host and path without size, and what of the query is no size."""
    parts = urlsplit(stem_by_builder(_unproxied(url)))
    path = _SCALED.sub("", _SIZE_IN_NAME.sub("", _RESIZED_FOLDER.sub("", unquote(parts.path))))
    if "/content/images/" in path:
        path = _KEPT_UPLOAD.sub("", path)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _RESIZING]
    query = urlencode(sorted(kept))
    return f"{parts.netloc.lower().removeprefix('www.')}{path}" + (f"?{query}" if query else "")


@lru_cache(maxsize=20_000)
def loose_name(url: str) -> str:
    """Return a file's name without anything that may tell a size: to recognise a teaser among its own post's photos."""
    name = unquote(urlsplit(_unproxied(url)).path).rpartition("/")[2].rpartition(".")[0].lower()
    while (shorter := _SIZE_WORD.sub("", name)) != name and shorter:
        name = shorter
    return name


def are_sizes(one: str, other: str) -> bool:
    """True if two files are, by their names, sizes of one picture; not if only numbers as of a camera differ."""
    if (shared := loose_name(one)) != loose_name(other):
        return False
    names = (_stem(one), _stem(other))
    if names[0] == names[1]:
        return True
    return shared in names or not all(re.fullmatch(r"[-_.@]?\d{3,4}", name.removeprefix(shared)) for name in names)


def size_rank(url: str) -> int:
    """Return how large a size an address says that it is by its words: 0 small, 1 middling, 2 no word, 3 large."""
    steps = [step for step in unquote(urlsplit(_unproxied(url)).path).lower().rpartition(".")[0].split("/") if step]
    words = re.split(r"[-_.@]", steps[-1])[1:] + steps[:-1] if steps else []
    return next((rank for rank, known in _SIZE_WORDS for word in words if known.fullmatch(word)), 2)


def _stem(url: str) -> str:
    return unquote(urlsplit(_unproxied(url)).path).rpartition("/")[2].rpartition(".")[0].lower()


@lru_cache(maxsize=20_000)
def folder_of(url: str) -> tuple[str, ...]:
    """Return the host and the folders of a file, without those that hold the sizes of its pictures."""
    parts = urlsplit(_unproxied(url))
    return (parts.netloc, *(step for step in parts.path.split("/")[1:-1] if not _SIZE_FOLDER.fullmatch(step)))


def stated_width(url: str) -> int:
    """Return the width in pixels that an address states, or 0 if it states none."""
    parts = urlsplit(url)
    if match := _SIZE_IN_NAME.search(parts.path):
        return int(match[1])
    if match := _RESIZED_FOLDER.search(parts.path) or _SIZE_IN_FOLDER.search(parts.path):
        return int(match[1])
    for name, value in parse_qsl(parts.query):
        number = re.match(r"(\d{2,5})", value)
        if name.lower() in ("w", "width", "sw", "maxwidth", "resize", "fit") and number:
            return int(number[1])
    return 0


def larger_guesses(url: str) -> list[str]:
    """Return addresses where a larger rendition may lie, largest first; each stands only if the server has it."""
    parts = urlsplit(_unproxied(url))
    whole = _RESIZED_FOLDER.sub("", parts.path)
    unsized = _SIZE_IN_NAME.sub("", whole)
    paths = []
    for path in (_SCALED.sub("", unsized), unsized, whole):
        if match := _GHOST_UPLOAD.match(path):
            paths.append(f"{match[1]}_o{match[2]}")
        paths.append(path)
    guesses = [urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")) for path in paths]
    if is_image_address(url) and stated_width(f"http://h/?{parts.query}"):
        guesses.insert(0, urlunsplit((parts.scheme, parts.netloc, unsized, "", "")))
    return [guess for guess in dict.fromkeys((*larger_by_builder(url), *guesses)) if guess != url]


def with_guesses(ranked: list[tuple[str, int]]) -> tuple[str, ...]:
    """Put before each address those where a larger rendition of it may lie. ``ranked``: addresses with their widths."""
    ordered: list[str] = []
    for url, size in ranked:
        ordered += larger_guesses(url) if size < FULL or "-scaled." in url else larger_by_builder(url)
        ordered.append(url)
    return tuple(dict.fromkeys(ordered))


def _unproxied(url: str) -> str:
    """Undo the address of a picture cache: WordPress's (i0.wp.com/HOST/PATH?resize=...), those that name another's."""
    parts = urlsplit(url)
    if _CACHES.search(parts.path) and (named := dict(parse_qsl(parts.query)).get("url", "")):
        return urljoin(url, named)
    if re.fullmatch(r"i\d\.wp\.com", parts.netloc) and parts.path.count("/") > 1:
        return f"https:/{parts.path}"
    return url


def read_srcset(value: str) -> list[tuple[str, int]]:
    """Return the addresses of a ``srcset`` with a size each: pixels for "w", for "x" those that the address states.

    For an address that states none it is thousands. Order is kept.
    """
    found = []
    # Addresses may hold commas; a candidate ends at a comma after its descriptor, or at a comma before a space.
    for match in re.finditer(
        r"(?P<url>[^\s,]\S*[^\s,]|[^\s,])(?:\s+(?P<size>[\d.]+)(?P<unit>[wxh]))?\s*(?:,|$)", value
    ):
        size = 0
        if match["size"]:
            try:
                size = int(float(match["size"]) * (1000 if match["unit"] == "x" else 1))
                size = (stated_width(match["url"]) or size) if match["unit"] == "x" else size
            except (ValueError, OverflowError):
                size = 0
        found.append((match["url"], size))
    return found
