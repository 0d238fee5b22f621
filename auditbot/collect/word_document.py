"""A Word document: its words and the pictures inside it."""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]

from auditbot.collect.archives.container import Archive, MemberUnreadable

_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_PICTURES = re.compile(r"word/media/[^/]+\.(jpe?g|png|gif|bmp|tiff?|webp|heic)", re.IGNORECASE)
_LONGEST_BYTES = 50_000_000


def read_word_document(archive: Archive) -> tuple[str, list[str]]:
    """Return the words, a line per paragraph, and the members that are pictures. Raises MemberUnreadable."""
    names = archive.names()
    if "word/document.xml" not in names:
        raise MemberUnreadable("It is no Word document, or a locked one.")
    parts = sorted((name for name in names if _PARTS.fullmatch(name)), key=lambda name: name != "word/document.xml")
    lines = [line for name in parts for line in _lines(archive.read(name, _LONGEST_BYTES))]
    return "\n".join(lines), [name for name in names if _PICTURES.fullmatch(name)]


def _lines(content: bytes) -> list[str]:
    # Entities and outside files are never read; depth and text are bounded by the library's own limits.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise MemberUnreadable("The document is damaged.") from error
    if tree.getroottree().docinfo.doctype:
        raise MemberUnreadable("The document declares entities, which no word processor does; it was not read.")
    paragraphs = []
    for paragraph in tree.iter("{*}p"):
        said = []
        for node in paragraph.iter():
            if next(node.iterancestors("{*}p"), paragraph) is not paragraph:
                # The words of a box inside this paragraph, which are paragraphs of their own.
                continue
            name = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
            if name == "t":
                said.append(node.text or "")
            elif name in ("tab", "br"):
                said.append(" ")
        if line := "".join(said).strip():
            paragraphs.append(line)
    return paragraphs
