"""Pictures that attributes of any name hold: renditions for a viewer, albums and slides as data for a script."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from selectolax.lexbor import LexborNode

from auditbot.collect.html.builders import picture_attributes
from auditbot.collect.html.dom import attribute, inside, select
from auditbot.collect.net.urls import absolute, is_tracker
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.renditions import (
    FULL,
    UNSTATED_WIDTH,
    are_sizes,
    folder_of,
    is_image_address,
    loose_name,
    read_srcset,
    rendition_key,
    size_rank,
    stated_width,
    urlends,
    with_guesses,
)

_KNOWN = picture_attributes()
_ENDING = r"\.(?:jpe?g|jfif|png|webp|gif|avif|hei[cf]|bmp|tiff?)\b"
_HOLDING = re.compile(
    rf"""\s([A-Za-z_:@][\w:@.-]*)="(?:[^"]*{_ENDING}"""
    rf"""|\s*[\[{{][^"]*&quot;(?:{"|".join(sorted(_KNOWN.picture))})&quot;\s*:\s*&quot;(?:https?:)?\\?/)""",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\s\"'`()<>{}|;,\[\]]{3,2000}")
_SEVERAL = re.compile(r"[\s\"'`()<>{}|;,\[\]]")
_SIZED = re.compile(rf"{_ENDING}\S{{0,500}}\s+[\d.]+[wxh]\s*(?:,|$)", re.IGNORECASE)
_CSS_URL = re.compile(r"""url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)\s]*))\s*\)""")
_IN_SET = re.compile(
    r"""(?:url\(\s*)?(?:"([^"]+)"|'([^']+)'|(?<=\()([^)"'\s]+))\s*\)?\s+(?:type\([^)]*\)\s*)?([\d.]+)(?:x|dppx)""",
    re.IGNORECASE,
)
# Read where pictures are read by their elements, or no address of a picture shown here.
_ELSEWHERE = frozenset(
    {"src", "href", "srcset", "style", "content", "poster", "action", "data", "xlink:href", "cite", "longdesc"}
)
_NO_PICTURE = frozenset({"script", "style", "link", "meta", "iframe", "frame", "form", "video", "audio", "track"})
_IMAGES = frozenset({"img", "amp-img", "source"})
_OF_IMAGE = frozenset({*_KNOWN.full, *_KNOWN.lazy, *_KNOWN.srcset})
_FIELDS = re.compile(
    r"(?:src|url|href|link|path|file|image|img|photo|picture|full|large|medium|small|big|orig|thumb|hi-?res|size|zoom|"
    r"preview|tiny|low|placeholder|lqip|[_-]|\d)+",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"full|large|orig|big|hi-?res|zoom", re.IGNORECASE)


# Of pictures with one name in one folder: how many are looked at, lest a list of one name costs its square.
_MOST_OF_ONE_NAME = 50


class Gallery:
    """The photos of a part of a page, each once, found again by any of their addresses or by the names of their files.

    An attribute may name thousands: none is looked for among all.
    """

    def __init__(self) -> None:
        self._photos: dict[str, PhotoRef] = {}
        self._turns: dict[str, int] = {}
        self._by_address: dict[str, str] = {}
        self._by_file: dict[tuple[str, tuple[str, ...]], dict[str, None]] = defaultdict(dict)

    @property
    def photos(self) -> tuple[PhotoRef, ...]:
        """All, in the order in which they were met."""
        return tuple(self._photos.values())

    def add(self, photo: PhotoRef) -> None:
        """Add a photo, or what a second showing of the same photo knows more."""
        name = photo.data or rendition_key(photo.candidates[0])
        same = self._first(photo.candidates) or name
        known = self._photos.get(same)
        if known is None:
            self._turns[name] = len(self._turns)
            self._keep(name, photo)
            return
        candidates = tuple(dict.fromkeys((*known.candidates, *photo.candidates)))
        if _width_of_best(photo) > _width_of_best(known) or set(known.candidates) <= set(photo.candidates):
            candidates = tuple(dict.fromkeys((*photo.candidates, *known.candidates)))
        self._keep(
            same,
            replace(known, candidates=candidates, alt=known.alt or photo.alt, caption=known.caption or photo.caption),
        )

    def showing(self, addresses: Iterable[str]) -> PhotoRef | None:
        """Return the first photo that has one of these addresses."""
        name = self._first(addresses)
        return self._photos[name] if name else None

    def alike(self, url: str) -> PhotoRef | None:
        """Return the first photo of which an address is, by its file's name and folder, another size."""
        names = self._by_file.get((loose_name(url), folder_of(url)), {})
        for name in sorted(list(names)[:_MOST_OF_ONE_NAME], key=self._turns.__getitem__):
            if alike(url, self._photos[name]):
                return self._photos[name]
        return None

    def _first(self, addresses: Iterable[str]) -> str:
        names = (self._by_address[address] for address in addresses if address in self._by_address)
        return min(names, key=self._turns.__getitem__, default="")

    def _keep(self, name: str, photo: PhotoRef) -> None:
        self._photos[name] = photo
        for address in photo.candidates:
            other = self._by_address.get(address, name)
            self._by_address[address] = min(name, other, key=self._turns.__getitem__)
            self._by_file[loose_name(address), folder_of(address)][name] = None


def _width_of_best(photo: PhotoRef) -> int:
    return (stated_width(photo.candidates[0]) or FULL) if photo.candidates else 0


def named_in_attributes(root: LexborNode, base: str, without: Collection[int], known: Gallery) -> Iterator[PhotoRef]:
    """Yield the pictures that attributes name and that no element shows, or that are another size of a shown one.

    ``known`` are the pictures found so far, read anew at each step. What is another size of one of them comes with all
    its addresses, largest first.
    """
    names = {match[1].lower() for match in _HOLDING.finditer(root.html or "")} - _KNOWN.no_address
    names = {name for name in names if not name.startswith(("on", "data-auditbot-"))}
    if not names:
        return
    for node in select(root, ", ".join(f"[{re.sub(r'([^a-z0-9_-])', chr(92) * 2 + r'1', name)}]" for name in names)):
        tag = node.tag or ""
        if tag in _NO_PICTURE or inside(node, without):
            continue
        for name in sorted(names & node.attributes.keys()):
            if not _read_by_element(tag, name):
                yield from _held(node, name, base, known)


def _read_by_element(tag: str, name: str) -> bool:
    if name in _ELSEWHERE:
        return not ("-" in tag and tag != "amp-img" and name in ("src", "href", "data"))
    return (tag in _IMAGES and name in _OF_IMAGE) or (tag not in _IMAGES and name in _KNOWN.background)


def _held(node: LexborNode, name: str, base: str, known: Gallery) -> Iterator[PhotoRef]:
    """Yield what one attribute names."""
    value = attribute(node, name)
    words = attribute(node, "aria-label") or attribute(node, "data-alt") or attribute(node, "title")
    if value[:1] in ("[", "{"):
        try:
            waiting = [json.loads(value)]
        except (ValueError, RecursionError):
            pass
        else:
            yield from (_joined(photo, known, False) for photo in _in_data(waiting, base))
            return
    if _SIZED.search(value):
        yield from (_joined(PhotoRef(with_guesses(ranked), words), known, False) for ranked in sized(value, base))
        return
    links = css_urls(value) or ([value] if not _SEVERAL.search(value) else _TOKEN.findall(value))
    smaller = bool(_KNOWN.smaller.search(name))
    for link in links:
        url = absolute(base, link)
        if is_image_address(url) and not urlends(url, ".svg") and not is_tracker(url):
            photo = PhotoRef(with_guesses([(url, stated_width(url))]), words)
            beside = _shown_in(node, base, known) if len(links) == 1 else None
            if beside is not None and (name in _OF_IMAGE or smaller or alike(url, beside)):
                yield _both(photo, beside, smaller)
            else:
                yield _joined(photo, known, smaller)


def _shown_in(node: LexborNode, base: str, known: Gallery) -> PhotoRef | None:
    """Return the one picture that an element is or holds, as it was found."""
    images = [node] if node.tag in _IMAGES else select(node, "img")
    if len(images) != 1:
        return None
    links = [attribute(images[0], name) for name in ("src", "data-auditbot-current", *_KNOWN.lazy)]
    shown = {absolute(base, link) for link in links if link and not link.startswith(("data:", "blob:"))}
    return known.showing(shown)


def _joined(photo: PhotoRef, known: Gallery, smaller: bool) -> PhotoRef:
    """Return a picture with what is known of it, where it is another size of a known one."""
    beside = known.alike(photo.candidates[-1])
    return _both(photo, beside, smaller) if beside is not None else photo


def _both(photo: PhotoRef, beside: PhotoRef, smaller: bool) -> PhotoRef:
    larger, lesser = (beside, photo) if smaller or _seems_smaller(photo, beside) else (photo, beside)
    return PhotoRef(tuple(dict.fromkeys((*larger.candidates, *lesser.candidates))), photo.alt)


def _seems_smaller(photo: PhotoRef, beside: PhotoRef) -> bool:
    """True if the addresses of a picture say that they are smaller sizes than those of the other."""
    return max(map(_width, photo.candidates)) < max(map(_width, beside.candidates))


def _width(url: str, stated: int = 0) -> int:
    """Return the width of a rendition, in pixels: the stated one, or what the words of its address make likely."""
    return stated or stated_width(url) or (150, 700, UNSTATED_WIDTH, 4000)[size_rank(url)]


def alike(url: str, other: PhotoRef) -> bool:
    """True if an address is, by its file's name and folder, another size of a picture."""
    folder = folder_of(url)
    return any(are_sizes(url, each) and folder == folder_of(each) for each in other.candidates)


def _in_data(waiting: list[Any], base: str) -> Iterator[PhotoRef]:
    """Yield one picture for each object of the data that names its sizes, and each that stands alone."""
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting.extend(item)
        fields = list(item.items()) if isinstance(item, dict) else [("", item)]
        waiting.extend(value for _, value in fields if isinstance(value, dict | list) and value is not item)
        told: dict[str, Any] = item if isinstance(item, dict) else {}
        said = [word for name in ("alt", "caption", "title", "description") if isinstance(word := told.get(name), str)]
        for ranked in _pictures_of_fields(fields, base):
            yield PhotoRef(with_guesses(ranked), said[0] if said else "", said[1] if len(said) > 1 else "")


def _pictures_of_fields(fields: list[tuple[str, Any]], base: str) -> list[list[tuple[str, int]]]:
    """Return the pictures of one object, each with its addresses and widths, largest first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name, value in fields:
        named = isinstance(value, str) and str(name).lower() in _KNOWN.picture and value.startswith(("/", "http"))
        if not isinstance(value, str) or not (named or is_image_address(value)):
            continue
        url = absolute(base, value)
        if url and not is_tracker(url) and not urlends(url, ".svg"):
            size = 1 if _KNOWN.smaller.search(str(name)) else FULL if _WHOLE.search(str(name)) else stated_width(url)
            group = "" if _FIELDS.fullmatch(str(name)) else loose_name(url)
            found.setdefault(group, []).append((url, size))
    return [sorted(sizes, key=lambda one: -(one[1] or UNSTATED_WIDTH)) for sizes in found.values()]


def names_sizes(value: str) -> bool:
    """True for a value that names several sizes of a picture, or one for each kind of screen."""
    return bool(_SIZED.search(value)) or "image-set(" in value


def sized(value: str, base: str) -> list[list[tuple[str, int]]]:
    """Return the pictures of a value that names several sizes: each its addresses and widths, largest first.

    Read are a ``srcset``, those of several screens ("a.jpg [(max-width: 400px)] | b.jpg 600w, c.jpg 1200w"), and the
    ``image-set()`` of a style sheet.
    """
    screens = re.sub(r"\[[^\]]*\]", " ", value).split("|")
    sizes = [each for screen in screens for each in read_srcset(screen.strip())]
    if "image-set(" in value:
        sizes = [(match[1] or match[2] or match[3], int(float(match[4]) * 1000)) for match in _IN_SET.finditer(value)]
    found: list[list[tuple[str, int]]] = []
    named: dict[str, list[list[tuple[str, int]]]] = defaultdict(list)
    for link, size in sizes:
        url = absolute(base, link) if not link.startswith("data:") else ""
        if not url or urlends(url, ".svg") or is_tracker(url):
            continue
        others = named[loose_name(url)][:_MOST_OF_ONE_NAME] if len(screens) > 1 else found
        same = (each for each in others if len(screens) < 2 or any(are_sizes(url, other) for other, _ in each))
        if (own := next(same, None)) is None:
            found.append(own := [])
            named[loose_name(url)].append(own)
        own.append((url, size))
    return [sorted(each, key=lambda one: -_width(*one)) for each in found]


def css_urls(value: str) -> list[str]:
    """Return the addresses of a CSS value, "url(...)" each."""
    return [re.sub(r"\\(.)", r"\1", double or single or bare) for double, single, bare in _CSS_URL.findall(value)]
