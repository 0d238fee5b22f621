"""WordPress's own export (WXR): what is published, with its approved comments. Drafts, e-mails and IPs stay out.

The export holds no pictures, only their addresses: the next visit to the site takes them.
"""

from __future__ import annotations

import codecs
import html
import html.entities
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree  # type: ignore[import-untyped]

from auditbot.collect.archives.container import Archive, ArchivePhoto, Found, Item, LeftOut, MemberUnreadable, possible
from auditbot.collect.html.dom import parse, text_of
from auditbot.collect.net.urls import absolute, is_web_address
from auditbot.collect.post.photos import find_photos
from auditbot.collect.website.interfaces.wordpress import NOT_CONTENT
from auditbot.model import Comment
from auditbot.sentences import say

_START_BYTES = 20_000
_MAX_BYTES = 1_000_000_000
_WXR = re.compile(rb"<wp:wxr_version>|xmlns:wp\s*=\s*[\"']https?://wordpress\.org/export/")
_HOSTILE = say("The file declares entities, which no export of WordPress does; it was not read.")


def is_wordpress(archive: Archive) -> bool:
    """Return whether the download is an export of WordPress."""
    return bool(_exports(archive))


def _exports(archive: Archive) -> list[str]:
    found = []
    for name in archive.names():
        if name.lower().endswith(".xml"):
            try:
                start = next(archive.pieces(name, _MAX_BYTES), b"")
            except MemberUnreadable:
                continue
            if _WXR.search(start[:_START_BYTES]):
                found.append(name)
    return found


def made_at(archive: Archive) -> datetime | None:
    """Return when WordPress made the export, as it says itself."""
    moments = []
    for name in _exports(archive):
        start = next(archive.pieces(name, _MAX_BYTES), b"")[:_START_BYTES]
        if found := re.search(rb"<pubDate>([^<]{10,40})</pubDate>", start.partition(b"<item>")[0]):
            try:
                moments.append(parsedate_to_datetime(found[1].decode("ascii", "replace")))
            except ValueError:
                continue
    return (
        possible(min(moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments))
        if moments
        else None
    )


@dataclass(frozen=True, slots=True)
class Library:
    """The pictures of an export, by the numbers that posts name them with."""

    pictures: Mapping[str, str]
    """Number of an attachment to its address."""
    attached: Mapping[str, list[str]]
    """Number of a post to those of the attachments that were put up for it, in the export's order."""


_SHORTCODE = re.compile(r"\[(gallery|playlist)\b([^\]]*)\]", re.IGNORECASE)
_CAPTION = re.compile(r"\[(wp_caption|caption)\b([^\]]*)\](.*?)\[/\1\]", re.IGNORECASE | re.DOTALL)
_ALONE = re.compile(r"\[/?(?:audio|video|embed|gallery|playlist|caption|wp_caption)\b[^\]]*\]", re.IGNORECASE)
_PICTURE = re.compile(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", re.IGNORECASE)


def _without_shortcodes(content: str, number: str, library: Library) -> str:
    """Write out what WordPress writes out when it shows a post: galleries of the library, captions, players."""

    def gallery(found: re.Match[str]) -> str:
        said = re.search(r"\b(?:ids|include)\s*=\s*[\"'“”]?([\d,\s]+)", found[2])
        parent = re.search(r"\bid\s*=\s*[\"'“”]?(\d+)", found[2])
        numbers = re.findall(r"\d+", said[1]) if said else library.attached.get(parent[1] if parent else number, [])
        out = re.search(r"\bexclude\s*=\s*[\"'“”]?([\d,\s]+)", found[2])
        left_out = set(re.findall(r"\d+", out[1])) if out else set()
        shown = [library.pictures[one] for one in numbers if one in library.pictures and one not in left_out]
        return "".join(f'<figure><img src="{html.escape(address)}"></figure>' for address in shown)

    def caption(found: re.Match[str]) -> str:
        picture = _PICTURE.search(found[3])
        told = re.search(r"\bcaption\s*=\s*\"([^\"]*)\"", found[2])
        words = found[3].replace(picture[0], "", 1) if picture else found[3]
        words = f"{html.escape(told[1]) if told else ''} {words}".strip()
        return f"<figure>{picture[0] if picture else ''}<figcaption>{words}</figcaption></figure>"

    def address(found: re.Match[str]) -> str:
        """What a player plays is named in it."""
        return " ".join(re.findall(r"https?://[^\s\"'\]]+", found[0]))

    return _ALONE.sub(address, _SHORTCODE.sub(gallery, _CAPTION.sub(caption, content)))


def read_wordpress(archive: Archive, zone: ZoneInfo) -> Iterator[Found]:
    """Yield the published posts and pages of all parts of the export."""
    names = _exports(archive)
    pictures: dict[str, str] = {}
    attached: dict[str, list[str]] = defaultdict(list)
    authors: dict[str, str] = {}
    for name in names:
        for node in _nodes(archive, name):
            if isinstance(node, LeftOut):
                yield node
            elif _tag(node) == "author":
                authors[_text(node, "author_login")] = _text(node, "author_display_name")
            elif _text(node, "post_type") == "attachment":
                pictures[_text(node, "post_id")] = _text(node, "attachment_url")
                attached[_text(node, "post_parent")].append(_text(node, "post_id"))
    for name in names:
        for node in _nodes(archive, name):
            if not isinstance(node, LeftOut) and _tag(node) == "item":
                yield from _item(node, Library(pictures, attached), authors, zone)


def _nodes(archive: Archive, name: str) -> Iterator[Any]:
    """Yield each item and author of an export, and what of it could not be read as LeftOut."""
    try:
        # Entities and outside files are never read; text and depth are bounded by the library's own limits.
        walk = etree.iterparse(
            _Stream(archive.pieces(name, _MAX_BYTES)), events=("start", "end"), resolve_entities=False,
            no_network=True, load_dtd=False, huge_tree=False, recover=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for event, node in walk:
            if event == "start" and node.getparent() is None and node.getroottree().docinfo.doctype:
                yield LeftOut("exports", _HOSTILE, gap=True)
                return
            if event == "end" and _tag(node) in ("item", "author") and _tag(node.getparent()) == "channel":
                yield node
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
    except MemberUnreadable as failure:
        yield LeftOut("rest of an export", failure.reason, gap=True)
    except etree.XMLSyntaxError:
        yield LeftOut("rest of an export", say("The file is damaged from some place on."), gap=True)


class _Stream:
    """A member's pieces as the file that the XML reader asks for, without what XML forbids and WordPress writes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = _mended(pieces)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size``."""
        self._rest = self._rest or next(self._pieces, b"")
        piece, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return piece


_FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:x0*(?:[0-8bce-f]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.I
)
_AMPERSAND = re.compile(rb"&(?:(#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);|([A-Za-z][A-Za-z0-9]{1,31});)?")
_LONGEST_REFERENCE = 40


def _mended(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield an export's bytes as XML takes them.

    Control characters pasted from a word processor become blanks, HTML's named characters become numbers, a bare
    ampersand is escaped, and a byte that is no UTF-8 becomes the sign for it. Files in two bytes a character are left.
    """
    first = next(pieces, b"")
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or first[:1] == b"\0" or first[1:2] == b"\0":
        yield first
        yield from pieces
        return
    declared = re.search(rb"encoding\s*=\s*[\"']([\w.-]+)", first[:200])
    utf8 = declared is None or declared[1].lower() in (b"utf-8", b"utf8")
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = b""
    for piece in chain((first,), pieces, (b"",)):
        last = not piece
        clean = decoder.decode(piece, last).encode("utf-8") if utf8 else piece
        rest += clean
        # A reference may be cut by the end of a piece: what follows the last ampersand waits for the next.
        cut = len(rest) if last else rest.rfind(b"&", max(0, len(rest) - _LONGEST_REFERENCE))
        whole, rest = (rest, b"") if cut < 0 else (rest[:cut], rest[cut:])
        if whole:
            yield _AMPERSAND.sub(_as_number, _FORBIDDEN.sub(b" ", whole))


def _as_number(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return found[0]
    character = html.entities.html5.get(f"{found[2].decode('ascii')};") if found[2] else None
    if character is None:
        return b"&amp;" + found[0][1:]
    return "".join(f"&#{ord(part)};" for part in character).encode("ascii")


def _item(node: Any, library: Library, authors: dict[str, str], zone: ZoneInfo) -> Iterator[Found]:
    kind, status = _text(node, "post_type"), _text(node, "status")
    link = absolute(_text(node, "link"), _text(node, "link"))
    if kind in NOT_CONTENT:
        return
    if status != "publish":
        yield LeftOut("drafts, private and deleted posts", say("They are not public."))
    elif _text(node, "post_password"):
        yield LeftOut("posts with a password", say("They are not public."))
    elif kind not in ("post", "page") and "post_type=" in urlsplit(link).query:
        # Forms that visitors sent, settings and the like: kept as published items, shown to nobody.
        yield LeftOut("records of plug-ins", say("They have no page of their own."))
    elif not is_web_address(link):
        yield LeftOut("posts without an address", say("The export does not say where they stand."), gap=True)
    else:
        yield _post(node, link, library, authors, zone)


def _post(node: Any, link: str, library: Library, authors: dict[str, str], zone: ZoneInfo) -> Item:
    content = _text(node, "encoded", "purl.org/rss/1.0/modules/content")
    body = parse(_without_shortcodes(content, _text(node, "post_id"), library)).body
    pictures = library.pictures
    photos = []
    head = [
        _text(meta, "meta_value")
        for meta in node
        if _tag(meta) == "postmeta" and _text(meta, "meta_key") == "_thumbnail_id"
    ]
    if head and is_web_address(pictures.get(head[0], "")):
        photos.append(ArchivePhoto(url=pictures[head[0]]))
    for photo in find_photos(body, link).photos if body is not None else ():
        if photo.candidates:
            photos.append(ArchivePhoto(url=photo.candidates[-1], caption=photo.caption, alt=photo.alt))
    said = [_comment(part, link) for part in node if _tag(part) == "comment" and _is_public(part)]
    login = _text(node, "creator")
    return Item(
        url=link,
        title=_plain(_text(node, "title")),
        text=text_of(body) if body is not None else "",
        published_at=_moment(node, zone),
        photos=tuple(dict.fromkeys(photos)),
        comments=tuple(said),
        author=authors.get(login, ""),
        same_as=(guid,) if is_web_address(guid := _text(node, "guid")) else (),
    )


def _is_public(comment: Any) -> bool:
    return _text(comment, "comment_approved") == "1" and _text(comment, "comment_type") in ("", "comment")


def _comment(comment: Any, link: str) -> Comment:
    number = _text(comment, "comment_id")
    return Comment(
        _plain(_text(comment, "comment_author")),
        _plain(_text(comment, "comment_content")),
        _stamp(_text(comment, "comment_date_gmt")),
        f"{link}#comment-{number}" if number.isdigit() else "",
    )


def _moment(node: Any, zone: ZoneInfo) -> datetime | None:
    if moment := _stamp(_text(node, "post_date_gmt")):
        return moment
    local = _stamp(_text(node, "post_date"))
    return local.replace(tzinfo=zone) if local else None


def _stamp(value: str) -> datetime | None:
    try:
        return possible(datetime.fromisoformat(value).replace(tzinfo=UTC))
    except ValueError:
        return None


def _plain(value: str) -> str:
    body = parse(value).body
    return text_of(body) if body is not None else ""


def _tag(node: Any) -> str:
    """Return an element's name without its namespace; empty for what is no element."""
    return re.sub(r".*[}:]", "", node.tag) if node is not None and isinstance(node.tag, str) else ""


def _text(node: Any, name: str, space: str = "") -> str:
    """Return the words of the first child of this name, in any version of the export's namespace."""
    for child in node:
        if _tag(child) == name and space in child.tag:
            return (child.text or "").strip()
    return ""
