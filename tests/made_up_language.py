"""A made-up language: every marked sentence in «», its letters changed, so that one that is not marked stands out."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from selectolax.lexbor import LexborHTMLParser

from auditbot import sentences
from tools.sentences import TEMPLATE

LETTERS = str.maketrans("aeiouAEIOU", "àëïöùÀËÏÖÙ")
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>)")
"""What a translator leaves as it is: places of values, and marks of HTML."""


def made_up(message: str) -> str:
    """Return a message in the made-up language."""
    parts = KEPT.split(message)
    return "«" + "".join(part if at % 2 else part.translate(LETTERS) for at, part in enumerate(parts)) + "»"


def compiled() -> bytes:
    """Return all sentences of the program in the made-up language, with one form for one thing and another for more."""
    made = Catalog(locale="en", charset="utf-8")
    with TEMPLATE.open("rb") as gathered:
        messages = read_po(gathered)
    for message in messages:
        if message.id:
            one = made_up(message.id) if isinstance(message.id, str) else tuple(map(made_up, message.id))
            made.add(message.id, one)
    file = io.BytesIO()
    write_mo(file, made)
    return file.getvalue()


def catalogue() -> gettext.GNUTranslations:
    """Return the made-up language as sentences are looked up in it."""
    return gettext.GNUTranslations(io.BytesIO(compiled()))


@contextmanager
def spoken() -> Iterator[None]:
    """Show sentences in the made-up language for a while."""
    sentences.speak("x-made-up", catalogue())
    try:
        yield
    finally:
        sentences.choose(sentences.ENGLISH)


def strings(value: Any) -> Iterator[str]:
    """Yield every string in a value: what the school and its pages say, which nobody translates."""
    if isinstance(value, sentences.Sentence):
        for own in value.values.values():
            yield from strings(own)
        yield from (text for part in value.parts for text in strings(part))
    elif isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from strings(key)
            yield from strings(one)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from strings(one)


READ_ALOUD = ("alt", "aria-label", "title", "placeholder", "data-label")


def not_translated(html: str, data: set[str]) -> list[str]:
    """Return each piece of a page that a person reads, is in no «» and is no text of the school."""
    page = LexborHTMLParser(re.sub(r"<wbr/?>", "", html))
    aloud = [node.attributes[name] or "" for node in page.css("*") for name in READ_ALOUD if name in node.attributes]
    return left_in_english((_reading(page), *aloud), data)


def left_in_english(told: Iterable[str], data: set[str]) -> list[str]:
    """Return each piece of what a person reads that is in no «» and is no text of the school."""
    pieces = [piece for one in told for piece in _outside(one)]
    known = "\n".join(" ".join(text.split()) for text in data).casefold()
    parts = {part.strip(" .?!") for piece in pieces for part in re.split(r"[,;:()“”/·–→—\n…]|\. ", piece)}
    return sorted(
        part
        for part in parts
        if re.search(r"[^\W\d_]{2}", part)
        and not re.fullmatch(r"(SHA-256 )?[0-9a-f]{16,}", part)
        and " ".join(part.split()).casefold() not in known
    )


def _reading(page: LexborHTMLParser) -> str:
    """Return the page's texts in their order, apart from each other by a line."""
    root = page.root
    assert root is not None
    return "\x1e".join(
        node.text_content or ""
        for node in root.traverse(include_text=True)
        if node.tag == "-text" and node.parent is not None and node.parent.tag not in ("script", "style", "template")
    )


def _outside(told: str) -> Iterator[str]:
    depth, piece = 0, ""
    for letter in told:
        if letter == "«":
            depth += 1
        if depth == 0 and letter not in "\x1e«":
            piece += letter
        elif piece.strip():
            yield piece
            piece = ""
        if letter == "»":
            depth -= 1
    yield piece
