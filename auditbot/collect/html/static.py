"""Pages that need no browser: their answer brings no script, and what their style sheets hide or paint can be told."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from auditbot.collect.html.dom import attribute, parse, select
from auditbot.collect.net.urls import Site, absolute, is_tracker

_WIDTH = 1280
_MOST_CHARACTERS = 20_000_000
# Scripts of these types are data; every other is run.
_DATA = re.compile(
    r"^(application/(ld\+)?json|application/.*\+json|text/(template|html|x-.*)|speculationrules|importmap)$"
)
_HOLDS = "iframe[srcdoc], object, embed, frame, template[shadowrootmode], meta[http-equiv=refresh i], portal, applet"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STATES = re.compile(r":(hover|focus|active|target|visited|checked|focus-within|focus-visible|disabled|placeholder)")
_PARTS = re.compile(r"::[\w-]+(\([^)]*\))?|:(before|after|first-line|first-letter)\b")
_DECLARATION = re.compile(r"(?:[^;()\"']|\"[^\"]*\"|'[^']*'|\((?:[^()\"']|\"[^\"]*\"|'[^']*'|\([^()]*\))*\))+")
_NAMES_PICTURE = re.compile(r"url\(|image-set\(", re.IGNORECASE)
_NAMED_IN_SHEET = re.compile(
    r"""(url\(\s*|image-set\(\s*|(?<=x),\s*)(?:"([^"\\]+)"|'([^'\\]+)'|(?<=url\()([^"'()\s\\]+))""", re.IGNORECASE
)
_MEDIA_PART = re.compile(r"\((min|max)-width:\s*([\d.]+)(px|r?em)\)")
# The query of a link that holds other letters than those of ASCII.
_QUERY = re.compile(
    r"""(\b(?:href|src|action)\s*=\s*["']?[^"'\s<>?]{0,2000}\?)([^"'\s<>#]{0,2000}[^\x00-\x7f][^"'\s<>#]{0,2000})""",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
_LATIN = frozenset({"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii", "windows-1252", "cp1252"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a style sheet that may hide an element, show it, or paint a picture."""

    selector: str
    """What it applies to, without pseudo-elements."""
    hides: str
    """The property by which it hides ("display", "visibility"); empty if it does not."""
    shows: frozenset[str]
    """The properties among those by which it does not hide."""
    paints: str
    """The value that names a picture; empty if it paints none."""
    by_visitor: bool = False
    """True if it shows only once a visitor has pointed at something, ticked it or come to it."""


class Unsure(Exception):
    """What the page shows cannot be told without a browser."""


def decoded(body: bytes, content_type: str) -> str:
    """Return a page's words as a browser decodes them, with the queries of its links as that asks for them.

    Raises Unsure for a charset that is not known.
    """
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:].decode("utf-8", "replace")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    named = re.search(r"charset\s*=\s*[\"']?([\w-]+)", content_type, re.IGNORECASE)
    inside = _CHARSET.search(body[:4096])
    charset = named[1] if named else inside[1].decode() if inside else ""
    if not charset:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            charset = "windows-1252"
    charset = "windows-1252" if charset.lower() in _LATIN else charset
    try:
        html = body.decode(charset, "replace")
    except LookupError as error:
        raise Unsure from error
    if html.isascii() or codecs.lookup(charset).name == "utf-8":
        return html
    return _QUERY.sub(lambda match: match[1] + _asked(match[2], charset), html)


def _asked(query: str, charset: str) -> str:
    """Return a query as a page in this charset asks for it: other letters by their bytes, those it lacks by number."""
    return "".join(
        sign if sign.isascii() else quote(sign.encode(charset, "xmlcharrefreplace"), safe="") for sign in query
    )


def as_shown(
    html: str, url: str, site: Site, style_sheet: Callable[[str], str], *, scripts_too: bool = False
) -> tuple[str, str]:
    """Return a page as a browser would show it, with marks for what its styles hide and paint, and its base address.

    ``style_sheet`` returns a style sheet's words by address; ``scripts_too``: also a page with scripts, as it stands
    before they run. Raises Unsure if a browser is needed.
    """
    if len(html) > _MOST_CHARACTERS or "data-auditbot-" in html or "\x00" in html:
        raise Unsure
    tree = parse(html)
    if tree.body is None or _holds_others(tree, url, site) or (not scripts_too and runs(tree, url)):
        raise Unsure
    if scripts_too and tree.css_matches("canvas"):
        raise Unsure
    base = next((absolute(url, attribute(node, "href")) for node in select(tree, "base[href]")), "") or url
    rules = [rule for sheet in _sheets(tree, base, style_sheet) for rule in read_rules(sheet)]
    marked = _mark_hidden(tree, rules)
    marked = _mark_painted(tree, rules) or marked
    marked = _mark_sizes(tree) or marked
    return (tree.html or html) if marked else html, base


def runs(tree: LexborHTMLParser, url: str) -> bool:
    """True if a script of the page runs, those that count visits left out."""
    for script in select(tree, "script"):
        kind = attribute(script, "type").lower()
        source = absolute(url, attribute(script, "src"))
        if not _DATA.match(kind) and (source or (script.text() or "").strip()) and not (source and is_tracker(source)):
            return True
    return bool(_HANDLER.search(tree.html or "")) and any(
        name.startswith("on") for node in select(tree, "*") for name in node.attributes
    )


def _holds_others(tree: LexborHTMLParser, url: str, site: Site) -> bool:
    """True if a page or an object stands within the page, or another page comes after it."""
    own = (site.owns(absolute(url, attribute(node, "src"))) for node in select(tree, "iframe[src]"))
    return tree.css_matches(_HOLDS) or any(own)


def _sheets(tree: LexborHTMLParser, base: str, style_sheet: Callable[[str], str]) -> Iterator[str]:
    for node in select(tree, "style, link[rel~=stylesheet][href]"):
        media = attribute(node, "media").lower()
        applies = _applies(media) if media else True
        if applies is None:
            raise Unsure
        if not applies or "disabled" in node.attributes:
            continue
        if node.tag == "style":
            yield node.text_content or node.text() or ""
        elif "alternate" not in attribute(node, "rel").lower().split():
            address = absolute(base, attribute(node, "href"))
            if address and not is_tracker(address):
                yield _placed(style_sheet(address), address)


@lru_cache(maxsize=64)
def _placed(sheet: str, address: str) -> str:
    """Return a style sheet with the addresses it names joined to its own, as a browser reads them."""

    def placed(match: re.Match[str]) -> str:
        link = next(filter(None, match.groups()[1:]), "")
        joined = "" if link.lower().startswith(("data:", "#")) else absolute(address, link)
        return f'{match[1]}"{joined}"' if joined else match[0]

    return _NAMED_IN_SHEET.sub(placed, sheet)


@lru_cache(maxsize=64)
def read_rules(sheet: str) -> tuple[Rule, ...]:
    """Return the rules of a style sheet that hide, show or paint. Raises Unsure where it takes in other sheets."""
    text = _COMMENT.sub("", sheet)
    if re.search(r"@import\b", text):
        raise Unsure
    return tuple(_rules(text))


def _rules(text: str) -> Iterator[Rule]:
    for head, body in _blocks(text):
        if head.startswith("@"):
            name, _, condition = head.partition(" ")
            applies = _applies(condition.lower()) if name.lower() == "@media" else None
            if name.lower() in ("@media", "@supports", "@layer", "@container", "@scope"):
                inner = list(_rules(body)) if applies is not False else []
                if inner and applies is None:
                    yield from (Rule(rule.selector, "unsure", rule.shows, rule.paints) for rule in inner)
                else:
                    yield from inner
            continue
        said = _declarations(body)
        hides, shows = _visibility(said)
        paints = next((value for name, value in said.items() if _paints(name) and _NAMES_PICTURE.search(value)), "")
        for selector in _split(head) if hides or shows or paints else ():
            plain = _PARTS.sub("", selector)
            if _STATES.search(selector):
                bare = _STATES.sub("", selector).strip()
                if shows and plain == selector and bare and not re.search(r":not\(|[>+~]\s*(?:[>+~]|$)|^[>+~]", bare):
                    yield Rule(bare, "", shows, "", by_visitor=True)
                continue
            if plain != selector:
                # What stands before or after an element paints, but hides nothing of the page.
                if paints:
                    yield Rule(plain.strip() or "*", "", frozenset(), paints)
                continue
            yield Rule(selector, hides, shows, paints)


def _paints(name: str) -> bool:
    return name in (
        "background",
        "background-image",
        "content",
        "border-image",
        "border-image-source",
        "list-style-image",
    )


def _visibility(said: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    hides, shows = "", set()
    for name, hidden in (("display", "none"), ("visibility", "hidden"), ("visibility", "collapse")):
        if name in said:
            if said[name].startswith(hidden):
                hides = name
            elif hides != name:
                shows.add(name)
    if said.get("opacity", "").startswith("0") and not said["opacity"].startswith("0."):
        hides = "unsure"
    return hides, frozenset(shows - {hides})


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield the head and the body of each block of the outermost level."""
    start, depth, opened = 0, 0, 0
    for match in re.finditer(r"[{};]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", text):
        sign = match[0]
        if sign == "{":
            depth += 1
            if depth == 1:
                opened = match.end()
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield text[start : opened - 1].strip(), text[opened : match.start()]
                start = match.end()
            depth = max(depth, 0)
        elif sign == ";" and depth == 0:
            start = match.end()


def _declarations(body: str) -> dict[str, str]:
    found = {}
    for part in (match[0] for match in _DECLARATION.finditer(body)) if len(body) < 2000 else body.split(";"):
        name, mark, value = part.partition(":")
        if mark:
            found[name.strip().lower()] = value.strip()
    return {name: value if _NAMES_PICTURE.search(value) else value.lower() for name, value in found.items()}


def _split(head: str) -> list[str]:
    """Split a list of selectors at the commas that stand in no bracket."""
    return [part.strip() for part in re.split(r",(?![^(\[]*[)\]])", head) if part.strip()]


def _applies(condition: str) -> bool | None:
    """Return whether a media condition holds for a screen 1,280 pixels wide; None if that cannot be told."""
    parts = [part.strip() for part in condition.split(",")]
    told = [_one_applies(part) for part in parts]
    return True if True in told else None if None in told else False


def _one_applies(condition: str) -> bool | None:
    rest = condition
    for match in _MEDIA_PART.finditer(condition):
        width = float(match[2]) * (1 if match[3] == "px" else 16)
        if (match[1] == "min" and width > _WIDTH) or (match[1] == "max" and width < _WIDTH):
            return False
        rest = rest.replace(match[0], "")
    words = set(rest.split()) - {"and", "only"}
    if words <= {"screen", "all"}:
        return True
    return False if words & {"print", "speech", "tv"} and "not" not in words else None


def _matching(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return select(tree, selector)
    except (SelectolaxError, ValueError) as error:
        raise Unsure from error


def _mark_hidden(tree: LexborHTMLParser, rules: list[Rule]) -> bool:
    """Mark what styles hide. Raises Unsure where one rule hides what another shows."""
    hidden: dict[int, tuple[LexborNode, str]] = {}
    shown: dict[int, set[str]] = defaultdict(set)
    for rule in rules:
        for node in _matching(tree, rule.selector) if rule.hides else ():
            hidden[node.mem_id] = (node, rule.hides)
    for node in select(tree, "[style]"):
        hides, shows = _visibility(_declarations(attribute(node, "style")))
        shown[node.mem_id] |= shows
        if hides:
            hidden[node.mem_id] = (node, hides)
    for rule in rules if hidden else ():
        for node in _matching(tree, rule.selector) if rule.shows else ():
            if rule.by_visitor:
                node.attrs["data-auditbot-opens"] = ""
            else:
                shown[node.mem_id] |= rule.shows
    made_visible = any("visibility" in names for names in shown.values())
    for node, by in hidden.values():
        if by == "unsure" or by in shown[node.mem_id] or (by == "visibility" and made_visible):
            raise Unsure
        node.attrs["data-auditbot-unseen"] = ""
    return bool(hidden)


def _mark_painted(tree: LexborHTMLParser, rules: list[Rule]) -> bool:
    marked = False
    for rule in rules:
        for node in _matching(tree, rule.selector) if rule.paints else ():
            node.attrs["data-auditbot-background"] = rule.paints
            marked = True
    return marked


def _mark_sizes(tree: LexborHTMLParser) -> bool:
    """Mark the size that pictures are given by their own attributes."""
    marked = False
    for node in select(tree, "img[width][height]"):
        width, height = (re.match(r"\d{1,5}(?=$|px)", attribute(node, name)) for name in ("width", "height"))
        if width and height:
            node.attrs["data-auditbot-shown"] = f"{int(width[0])}x{int(height[0])}"
            marked = True
    return marked
