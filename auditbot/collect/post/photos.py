"""The photos of a part of a page, each with its renditions largest first, its alternative text and its caption."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from auditbot.collect.html.dom import ancestors, attribute, inside, line_of, parse, select
from auditbot.collect.net.urls import absolute, is_tracker
from auditbot.collect.post.links import PhotoRef

# Sizes of one photo: which addresses are the same photo, which is the largest, where a larger one may lie.

_SIZE_IN_NAME = re.compile(r"[-_](\d{2,5})x(\d{2,5})(?=(@2x)?\.[A-Za-z]{3,4}$)")
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
    r"[-_.@]?(\d{2,4}x\d{2,4}|(150|160|180|200|240|250|256|300|320|350|360|400|450|480|500|512|600|640|700|720|750|768|"
    r"800|900|960|1000|1024|1080|1100|1200|1280|1366|1400|1440|1500|1536|1600|1800|1920|2000|2048|2400|2560)(w|px)?|"
    r"thumb(nail)?|teaser|card|small|medium|large|preview|crop(ped)?|square|scaled|hero|cover|[1-3]x|xs|sm|md|lg|xl)$"
)
FULL = 1_000_000


def is_image_address(url: str) -> bool:
    """True if the address ends like a picture's."""
    return bool(_IMAGE_NAME.search(urlsplit(url).path))


def rendition_key(url: str) -> str:
    """Return what all sizes of one photo share: host and path without size, and what of the query is no size."""
    parts = urlsplit(_unproxied(url))
    path = _SCALED.sub("", _SIZE_IN_NAME.sub("", _RESIZED_FOLDER.sub("", unquote(parts.path))))
    if "/content/images/" in path:
        path = _KEPT_UPLOAD.sub("", path)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _RESIZING]
    query = urlencode(sorted(kept))
    return f"{parts.netloc.lower().removeprefix('www.')}{path}" + (f"?{query}" if query else "")


def loose_name(url: str) -> str:
    """Return a file's name without anything that may tell a size: to recognise a teaser among its own post's photos."""
    name = unquote(urlsplit(_unproxied(url)).path).rpartition("/")[2].rpartition(".")[0].lower()
    while (shorter := _SIZE_WORD.sub("", name)) != name and shorter:
        name = shorter
    return name


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


_FULL_ATTRIBUTES = [
    "data-full-url",
    "data-large_image",
    "data-large-image",
    "data-orig-file",
    "data-large-file",
    "data-full",
    "data-full-src",
    "data-original-src",
    "data-zoom-image",
    "data-zoom-src",
    "data-hi-res-src",
    "data-highres",
    "data-lightbox-src",
    "data-image",
]
_LAZY_ATTRIBUTES = [
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-ll-src",
    "data-echo",
    "data-orig",
    "data-image-src",
    "data-url",
    "data-wpfc-original-src",
    "data-opt-src",
    "data-litespeed-src",
    "data-pin-media",
]
_SRCSETS = ["srcset", "data-srcset", "data-lazy-srcset", "data-lazy-set", "data-ll-srcset", "imagesrcset", "data-set"]
_BACKGROUNDS = [
    "data-bg",
    "data-background",
    "data-background-image",
    "data-bg-image",
    "data-bgset",
    "data-back",
    "data-thumb-bg",
]
_DECORATION = frozenset(
    [
        "logo",
        "site-logo",
        "custom-logo",
        "icon",
        "emoji",
        "smiley",
        "wp-smiley",
        "avatar",
        "gravatar",
        "spinner",
        "loader",
    ]
)
_SMALL_DECORATION = re.compile(r"(^|[-_])(logo|icon|favicon|sprite|spinner|badge)s?([-_.]|$)", re.IGNORECASE)
_USUAL_WORDS = re.compile(
    r"logo|icons?|arrow|left|right|down|close|menu|search|button|facebook|twitter|instagram|youtube|linkedin|phone|e?mail|"
    r"print|download|pdf|doc|image|img|svg|png|gif|pixel|spacer|blank|placeholder|white|black|dark|light|small|large|home|"
    r"school|social|share|star|calendar|the|and|for"
)
_CSS_URL = re.compile(r"""url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)\s]*))\s*\)""")
_CAPTIONS = (
    "figcaption, .wp-caption-text, .gallery-caption, .caption, .photo-caption, .image-caption, [itemprop=caption]"
)
_SMALLEST_SHOWN = 40
_SMALL_SHOWN = 200
# An address that states no size ranks as if it were this wide: above thumbnails, below a stated large rendition.
_UNSTATED_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class FoundPhotos:
    """The photos of a part of a page."""

    photos: tuple[PhotoRef, ...]
    """In page order, each photo once."""
    captions: frozenset[int]
    """``mem_id`` of the elements that were read as captions, so that they are not read twice."""


def find_photos(root: LexborNode, base: str, without: Collection[int] = ()) -> FoundPhotos:
    """Return the photos inside an element, without the parts of these ``mem_id``. ``base`` joins relative links."""
    found: dict[str, PhotoRef] = {}
    captions: set[int] = set()
    for node in select(
        root,
        "img, picture, amp-img, canvas, a[href], video[poster], [style], [data-auditbot-background], noscript,"
        " image, " + ", ".join(f"[{name}]" for name in (*_BACKGROUNDS, *_FULL_ATTRIBUTES)),
    ):
        if inside(node, without):
            continue
        for photo, caption in _photos_of(node, root, base):
            if caption is not None:
                captions.add(caption.mem_id)
            _add(found, photo)
    return FoundPhotos(tuple(found.values()), frozenset(captions))


def _add(found: dict[str, PhotoRef], photo: PhotoRef) -> None:
    """Add a photo, or what a second showing of the same photo knows more."""
    name = photo.data or rendition_key(photo.candidates[0])
    same = next((other for other, known in found.items() if set(known.candidates) & set(photo.candidates)), name)
    known = found.get(same)
    if known is None:
        found[name] = photo
        return
    candidates = tuple(dict.fromkeys((*known.candidates, *photo.candidates)))
    if _width_of_best(photo) > _width_of_best(known):
        candidates = tuple(dict.fromkeys((*photo.candidates, *known.candidates)))
    found[same] = replace(
        known, candidates=candidates, alt=known.alt or photo.alt, caption=known.caption or photo.caption
    )


def _width_of_best(photo: PhotoRef) -> int:
    return (stated_width(photo.candidates[0]) or FULL) if photo.candidates else 0


def _photos_of(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    """Yield the photos that one element shows, with the element that is its caption."""
    tag = node.tag or ""
    if tag in ("img", "amp-img"):
        yield from _from_img(node, root, base)
    elif tag == "noscript":
        yield from _from_noscript(node, root, base)
    elif tag == "canvas":
        drawn = [url for link in attribute(node, "data-auditbot-drawn").split() if (url := absolute(base, link))]
        data = attribute(node, "data-auditbot-data")
        for url in drawn:
            yield PhotoRef(_with_guesses([(url, stated_width(url))]), attribute(node, "aria-label")), None
        if data and not drawn:
            yield PhotoRef((), attribute(node, "aria-label"), data=data), None
    elif tag == "video":
        poster = absolute(base, attribute(node, "poster"))
        if poster:
            yield PhotoRef((poster,), found_in="video"), None
    elif tag == "image":
        address = absolute(base, attribute(node, "href") or attribute(node, "xlink:href"))
        if address and not address.endswith(".svg"):
            yield PhotoRef((address,), alt=attribute(node, "aria-label")), None
    elif tag == "a" and not node.css_first("img"):
        address = absolute(base, attribute(node, "href"))
        if is_image_address(address) and not is_tracker(address):
            yield PhotoRef((address,), alt=line_of(node)), None
    if tag not in ("img", "amp-img", "source", "noscript", "canvas"):
        yield from _from_background(node, root, base)


def _from_img(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    ranked, data = _renditions(node, base)
    if (not ranked and not data) or _is_decoration(node, [url for url, _ in ranked]):
        yield from _words_of_drawing(node, root, base)
        return
    alt = attribute(node, "alt") or attribute(node, "aria-label") or attribute(node, "title")
    caption_node = _caption_of(node, root)
    caption = line_of(caption_node) if caption_node is not None else ""
    caption = caption or attribute(node, "data-caption") or attribute(node, "data-image-caption")
    if not caption and (link := _link_around(node)) is not None:
        caption = attribute(link, "data-caption") or attribute(link, "title") or attribute(link, "data-title")
    candidates = _with_guesses(ranked)
    yield PhotoRef(candidates, alt, caption, data="" if candidates else data), caption_node


def _words_of_drawing(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    """Yield a drawing, an icon or a tiny picture for the sake of its words; none for counters, emoji and avatars."""
    links = (attribute(node, name) for name in ("src", "data-src", "data-lazy-src"))
    url = absolute(base, next((link for link in links if link and not link.lower().startswith(("data:", "blob:"))), ""))
    alt = attribute(node, "alt") or attribute(node, "aria-label") or attribute(node, "title")
    names = {*attribute(node, "class").lower().split(), attribute(node, "id").lower()}
    if not url or is_tracker(url) or names & (_DECORATION - {"logo", "icon"}):
        return
    caption = _caption_of(node, root)
    words = line_of(caption) if caption is not None else ""
    if alt or words or has_words(url):
        yield PhotoRef((url,), alt, words, is_drawing=True), caption


def has_words(url: str) -> bool:
    """True if a file's name says something: two words or more that are not those of every site's icons."""
    name = re.sub(r"%[0-9A-Fa-f]{2}", " ", url.partition("?")[0].rpartition("/")[2].rpartition(".")[0])
    words = {word.lower() for word in re.findall(r"[A-Za-z]{3,}", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))}
    return sum(not _USUAL_WORDS.fullmatch(word) for word in words) >= 2


def _renditions(node: LexborNode, base: str) -> tuple[list[tuple[str, int]], str]:
    """Return an image's addresses with the width each has (FULL where it is said to be the whole), and its data."""
    sizes: dict[str, int] = {}
    data = ""

    def add(link: str, size: int) -> None:
        nonlocal data
        if link.lower().startswith("blob:"):
            data = data or attribute(node, "data-auditbot-data")
            return
        if link.lower().startswith("data:"):
            data = data or ("" if link.lower().startswith("data:image/svg") else link)
            return
        url = absolute(base, link) if link else ""
        if url and not urlends(url, ".svg") and not is_tracker(url):
            sizes[url] = max(sizes.get(url, 0), size or stated_width(url))

    link = _link_around(node)
    if link is not None and is_image_address(absolute(base, attribute(link, "href"))):
        add(attribute(link, "href"), FULL)
    for holder in (node, link, node.parent):
        for name in _FULL_ATTRIBUTES if holder is not None else ():
            assert holder is not None
            value = attribute(holder, name)
            if value and (is_image_address(absolute(base, value)) or holder is node):
                add(value, FULL)
    sources = [node]
    if node.parent is not None and node.parent.tag == "picture":
        sources += select(node.parent, "source")
    for source in sources:
        for name in _SRCSETS:
            for address, size in read_srcset(attribute(source, name)) if attribute(source, name)[:5] != "data:" else []:
                add(address, size)
    for name in (*_LAZY_ATTRIBUTES, "src", "data-auditbot-current"):
        add(attribute(node, name), 0)
    return sorted(sizes.items(), key=lambda item: -(item[1] or _UNSTATED_WIDTH)), data


def urlends(url: str, ending: str) -> bool:
    """True if the path of an address ends so."""
    return url.partition("?")[0].lower().endswith(ending)


def _with_guesses(ranked: list[tuple[str, int]]) -> tuple[str, ...]:
    """Put before each address those where a larger rendition of it may lie."""
    ordered: list[str] = []
    for url, size in ranked:
        if size < FULL or "-scaled." in url:
            ordered += larger_guesses(url)
        ordered.append(url)
    return tuple(dict.fromkeys(ordered))


def _link_around(node: LexborNode) -> LexborNode | None:
    for count, parent in enumerate(ancestors(node)):
        if parent.tag == "a":
            return parent
        if count > 4:
            break
    return None


def _caption_of(node: LexborNode, root: LexborNode) -> LexborNode | None:
    """Return the caption beside an image: of the nearest figure or figure-like box that holds no other image."""
    for count, parent in enumerate(ancestors(node)):
        if parent.mem_id == root.mem_id or count > 5:
            return None
        classes = attribute(parent, "class")
        boxed = parent.tag in ("figure", "li", "dl") or re.search(
            r"caption|gallery-item|photo|image|slide|figure", classes
        )
        if parent.tag in ("figure", "dl", "li") or boxed:
            captions = select(parent, _CAPTIONS)
            if captions and len(select(parent, "img")) == 1:
                return captions[0]
    return None


def _is_decoration(node: LexborNode, urls: list[str]) -> bool:
    """True for pictures that are no photos: counting pixels, icons, emoji, avatars, logos by their own naming."""
    linked_full = (link := _link_around(node)) is not None and is_image_address(attribute(link, "href"))
    width, height = _number(attribute(node, "width")), _number(attribute(node, "height"))
    if 0 < width <= 3 or 0 < height <= 3:
        return True
    shown = re.fullmatch(r"(\d+)x(\d+)", attribute(node, "data-auditbot-shown"))
    waits = any(attribute(node, name) for name in _LAZY_ATTRIBUTES) or attribute(node, "src").startswith("data:")
    if shown and not linked_full and not waits and 0 < max(int(shown[1]), int(shown[2])) < _SMALLEST_SHOWN:
        return True
    if _DECORATION & {*attribute(node, "class").lower().split(), attribute(node, "id").lower()}:
        return True
    small = shown is not None and 0 < max(int(shown[1]), int(shown[2])) < _SMALL_SHOWN
    return small and not waits and any(_SMALL_DECORATION.search(url.rpartition("/")[2]) for url in urls)


def _number(value: str) -> int:
    match = re.match(r"\d{1,6}", value)
    return int(match[0]) if match else 0


def _from_noscript(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    """Read the image that a lazy loader keeps for visitors without scripts."""
    inner = parse(node.text_content or node.text() or "")
    for image in select(inner, "img"):
        ranked, data = _renditions(image, base)
        if (ranked or data) and not _is_decoration(image, [url for url, _ in ranked]):
            candidates = _with_guesses(ranked)
            yield PhotoRef(candidates, attribute(image, "alt"), "", data="" if candidates else data), None


def _from_background(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    links = css_urls(attribute(node, "data-auditbot-background")) or css_urls(_background_of_style(node))
    for name in _BACKGROUNDS:
        value = attribute(node, name)
        links += css_urls(value) or ([value] if value and not value.startswith(("#", "rgb")) else [])
    if node.tag != "a":
        links += [attribute(node, name) for name in _FULL_ATTRIBUTES if is_image_address(attribute(node, name))]
    alt = attribute(node, "aria-label") or attribute(node, "title")
    for link in links:
        if link.startswith("data:image/svg"):
            continue
        if link.startswith("data:"):
            yield PhotoRef((), alt, data=link), None
            continue
        url = absolute(base, link)
        if url and not urlends(url, ".svg") and not is_tracker(url):
            yield PhotoRef(_with_guesses([(url, stated_width(url))]), alt), None


def _background_of_style(node: LexborNode) -> str:
    style = attribute(node, "style")
    return style if "background" in style else ""


def css_urls(value: str) -> list[str]:
    """Return the addresses of a CSS value, "url(...)" each."""
    return [re.sub(r"\\(.)", r"\1", double or single or bare) for double, single, bare in _CSS_URL.findall(value)]
