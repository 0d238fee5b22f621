"""The photos of a part of a page, each with its renditions largest first, its alternative text and its caption."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from auditbot.collect.html.builders import picture_attributes
from auditbot.collect.html.dom import ancestors, attribute, inside, line_of, parse, select
from auditbot.collect.net.urls import absolute, is_tracker
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.named_pictures import Gallery, css_urls, named_in_attributes, names_sizes, sized
from auditbot.collect.post.renditions import (
    FULL,
    UNSTATED_WIDTH,
    is_image_address,
    loose_name,
    read_srcset,
    stated_width,
    urlends,
    with_guesses,
)

# Sizes of one photo: which addresses are the same photo, which is the largest, where a larger one may lie.

_KNOWN = picture_attributes()
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
_CAPTIONS = (
    "figcaption, .wp-caption-text, .gallery-caption, .caption, .photo-caption, .image-caption, [itemprop=caption]"
)
_ADDRESS = re.compile(r"^(?:https?:)?/\S+$|^\S+\?\S+=\S+$")
_SMALLEST_SHOWN = 40
_SMALL_SHOWN = 200


@dataclass(frozen=True, slots=True)
class FoundPhotos:
    """The photos of a part of a page."""

    photos: tuple[PhotoRef, ...]
    """In page order, each photo once."""
    captions: frozenset[int]
    """``mem_id`` of the elements that were read as captions, so that they are not read twice."""


def find_photos(root: LexborNode, base: str, without: Collection[int] = ()) -> FoundPhotos:
    """Return the photos inside an element, without the parts of these ``mem_id``. ``base`` joins relative links."""
    found = Gallery()
    captions: set[int] = set()
    shown: list[PhotoRef] = []
    for node in select(
        root,
        "img, picture, amp-img, canvas, a[href], video[poster], [style], [data-auditbot-background], noscript,"
        " object[data], embed[src], input[type=image i][src], image, "
        + ", ".join(f"[{name}]" for name in _KNOWN.background),
    ):
        if inside(node, without):
            continue
        for photo, caption in _photos_of(node, root, base):
            if caption is not None:
                captions.add(caption.mem_id)
            shown.append(photo)
    for photo in _without_stand_ins(shown):
        found.add(photo)
    for photo in named_in_attributes(root, base, without, found):
        found.add(photo)
    return FoundPhotos(found.photos, frozenset(captions))


def _without_stand_ins(photos: list[PhotoRef]) -> Iterator[PhotoRef]:
    """Yield photos, each without what stands in place of several of them, and that as one of its own.

    A gallery may show one clear picture, painted over, for each of its photos.
    """
    by_address: dict[str, set[str]] = defaultdict(set)
    for photo in photos:
        for address in photo.candidates[1:]:
            by_address[address].add(loose_name(photo.candidates[0]))
    stand_ins = {address for address, names in by_address.items() if len(names) > 1}
    for photo in photos:
        own = tuple(address for address in photo.candidates if address not in stand_ins)
        yield replace(photo, candidates=own, shown=photo.shown - stand_ins) if own else photo
    for photo in photos:
        for address in photo.candidates[1:]:
            if address in stand_ins:
                stand_ins.discard(address)
                yield PhotoRef((address,))


def _photos_of(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    """Yield the photos that one element shows, with the element that is its caption."""
    tag = node.tag or ""
    if tag in ("img", "amp-img"):
        yield from _from_img(node, root, base)
    elif tag == "noscript":
        yield from _from_noscript(node, root, base)
    elif tag == "canvas":
        yield from ((photo, None) for photo in _from_canvas(node, base))
    elif tag == "video":
        poster = absolute(base, attribute(node, "poster"))
        if poster:
            yield PhotoRef((poster,), found_in="video"), None
    elif tag == "image":
        address = absolute(base, attribute(node, "href") or attribute(node, "xlink:href"))
        if address and not address.endswith(".svg"):
            yield PhotoRef((address,), alt=attribute(node, "aria-label")), None
    elif tag in ("object", "embed", "input"):
        yield from ((photo, None) for photo in _from_object(node, base))
    elif tag == "a" and not node.css_first("img"):
        address = absolute(base, attribute(node, "href"))
        if is_image_address(address) and not is_tracker(address):
            yield PhotoRef((address,), alt=line_of(node)), None
    if tag not in ("img", "amp-img", "source", "noscript", "canvas"):
        yield from _from_background(node, root, base)


def _from_canvas(node: LexborNode, base: str) -> Iterator[PhotoRef]:
    drawn = [url for link in attribute(node, "data-auditbot-drawn").split() if (url := absolute(base, link))]
    data = attribute(node, "data-auditbot-data")
    for url in drawn:
        yield PhotoRef(with_guesses([(url, stated_width(url))]), attribute(node, "aria-label"))
    if data and not drawn:
        yield PhotoRef((), attribute(node, "aria-label"), data=data)


def _from_object(node: LexborNode, base: str) -> Iterator[PhotoRef]:
    """Yield the picture that an ``<object>``, an ``<embed>`` or a button shows."""
    address = absolute(base, attribute(node, "data" if node.tag == "object" else "src"))
    declared = attribute(node, "type").lower().startswith("image/") and not urlends(address, ".svg")
    if address and (declared or is_image_address(address) or node.tag == "input") and not is_tracker(address):
        words = _words_instead(node)
        yield PhotoRef(with_guesses([(address, stated_width(address))]), words)


def _from_img(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    ranked, data = _renditions(node, base)
    if (not ranked and not data) or is_decoration(node, [url for url, _ in ranked]):
        yield from _words_of_drawing(node, root, base)
        return
    alt = _words_instead(node)
    caption_node = _caption_of(node, root)
    caption = line_of(caption_node) if caption_node is not None else ""
    caption = caption or attribute(node, "data-caption") or attribute(node, "data-image-caption")
    if not caption and (link := _link_around(node)) is not None:
        caption = attribute(link, "data-caption") or attribute(link, "title") or attribute(link, "data-title")
    others = _other_pictures(node, base)
    ranked = [(url, size) for url, size in ranked if not any(url in urls for urls in others)]
    candidates = with_guesses(ranked)
    if candidates or data:
        shown = frozenset(url for url, size in ranked if size < FULL)
        yield PhotoRef(candidates, alt, caption, data="" if candidates else data, shown=shown), caption_node
    for urls in others:
        yield PhotoRef(with_guesses([(url, stated_width(url)) for url in urls]), alt, caption), caption_node


def _words_instead(node: LexborNode) -> str:
    """Return what stands for a picture and over it: its alternative text, its label and its title, each said once."""
    said: list[str] = []
    for name in ("alt", "aria-label", "title"):
        words = attribute(node, name)
        if words and not any(words.casefold() in before.casefold() for before in said):
            said.append(words)
    return " – ".join(said)


def _other_pictures(node: LexborNode, base: str) -> list[list[str]]:
    """Return, of a ``<picture>``, what it shows on other screens that is another picture and no other size of it."""
    if node.parent is None or node.parent.tag != "picture":
        return []
    own = {loose_name(absolute(base, attribute(node, name))) for name in ("src", "data-src", "data-auditbot-current")}
    own |= {loose_name(absolute(base, address)) for address, _ in read_srcset(attribute(node, "srcset"))}
    found: dict[str, list[str]] = {}
    for source in select(node.parent, "source[media]"):
        links = [address for name in _KNOWN.srcset for address, _ in read_srcset(attribute(source, name))]
        for url in (absolute(base, link) for link in links if not link.lower().startswith("data:")):
            if url and loose_name(url) not in own and not urlends(url, ".svg"):
                found.setdefault(loose_name(url), []).append(url)
    return list(found.values())


def _words_of_drawing(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    """Yield a drawing, an icon or a tiny picture for the sake of its words; none for counters, emoji and avatars."""
    links = (attribute(node, name) for name in ("src", "data-src", "data-lazy-src"))
    url = absolute(base, next((link for link in links if link and not link.lower().startswith(("data:", "blob:"))), ""))
    alt = _words_instead(node)
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
    if link is not None and (
        is_image_address(absolute(base, attribute(link, "href"))) or _same_handler(node, link, base)
    ):
        add(attribute(link, "href"), FULL)
    for holder in (node, link, node.parent):
        for name in _KNOWN.full if holder is not None else ():
            assert holder is not None
            value = attribute(holder, name)
            if value and (is_image_address(absolute(base, value)) or holder is node or _ADDRESS.match(value)):
                add(value, FULL)
    sources = [node]
    if node.parent is not None and node.parent.tag == "picture":
        sources += select(node.parent, "source")
    for source in sources:
        for name in _KNOWN.srcset:
            value = attribute(source, name)
            # Of two that say the same of their size, the one for screens with more dots comes first.
            for address, size in sorted(read_srcset(value), key=lambda pair: -pair[1]) if value[:5] != "data:" else []:
                add(address, size)
    for name in (*_KNOWN.lazy, "src", "data-auditbot-current"):
        add(attribute(node, name), 0)
    # What a clear picture is painted with.
    for address in css_urls(attribute(node, "data-auditbot-background") or _background_of_style(node)):
        add(address, 0)
    return sorted(sizes.items(), key=lambda item: -(item[1] or UNSTATED_WIDTH)), data


def _same_handler(node: LexborNode, link: LexborNode, base: str) -> bool:
    """True if a picture and the link around it lead to one program that gives pictures, by another query each."""
    shown, led = (urlsplit(absolute(base, attribute(each, name))) for each, name in ((node, "src"), (link, "href")))
    return bool(shown.query and led.query) and shown[:3] == led[:3] and shown.query != led.query


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


def is_decoration(node: LexborNode, urls: list[str]) -> bool:
    """True for pictures that are no photos: counting pixels, icons, emoji, avatars, logos by their own naming."""
    linked_full = (link := _link_around(node)) is not None and is_image_address(attribute(link, "href"))
    width, height = _number(attribute(node, "width")), _number(attribute(node, "height"))
    if 0 < width <= 3 or 0 < height <= 3:
        return True
    shown = re.fullmatch(r"(\d+)x(\d+)", attribute(node, "data-auditbot-shown"))
    waits = any(attribute(node, name) for name in _KNOWN.lazy) or attribute(node, "src").startswith("data:")
    if shown and not linked_full and not waits and 0 < max(int(shown[1]), int(shown[2])) < _SMALLEST_SHOWN:
        return True
    if _DECORATION & {*attribute(node, "class").lower().split(), attribute(node, "id").lower()}:
        return True
    small = shown is not None and 0 < max(int(shown[1]), int(shown[2])) < _SMALL_SHOWN
    # What leads to a larger picture of itself is a photo, whatever its file is called.
    return (
        small
        and not waits
        and not linked_full
        and any(_SMALL_DECORATION.search(url.rpartition("/")[2]) for url in urls)
    )


def _number(value: str) -> int:
    match = re.match(r"\d{1,6}", value)
    return int(match[0]) if match else 0


def _from_noscript(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    """Read the image that a lazy loader keeps for visitors without scripts."""
    inner = parse(node.text_content or node.text() or "")
    for image in select(inner, "img"):
        ranked, data = _renditions(image, base)
        if (ranked or data) and not is_decoration(image, [url for url, _ in ranked]):
            candidates = with_guesses(ranked)
            yield PhotoRef(candidates, attribute(image, "alt"), "", data="" if candidates else data), None


def _from_background(node: LexborNode, root: LexborNode, base: str) -> Iterator[tuple[PhotoRef, LexborNode | None]]:
    values = [attribute(node, "data-auditbot-background") or _background_of_style(node)]
    values += [attribute(node, name) for name in _KNOWN.background]
    alt = attribute(node, "aria-label") or attribute(node, "title")
    links: list[str] = []
    for value in values:
        if names_sizes(value):
            yield from ((PhotoRef(with_guesses(ranked), alt), None) for ranked in sized(value, base))
        elif value and not value.startswith(("#", "rgb")):
            links += css_urls(value) or ([] if "(" in value else [value])
    for link in links:
        if link.startswith("data:image/svg"):
            continue
        if link.startswith("data:"):
            yield PhotoRef((), alt, data=link), None
            continue
        url = absolute(base, link)
        if url and not urlends(url, ".svg") and not is_tracker(url):
            yield PhotoRef(with_guesses([(url, stated_width(url))]), alt), None


def _background_of_style(node: LexborNode) -> str:
    style = attribute(node, "style")
    return style if "url(" in style or "image-set(" in style else ""
