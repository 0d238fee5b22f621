"""The texts of a post in parts that are read and kept together: its own words, each comment, each document and film."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from auditbot.check.texts import PublishedText, texts_of_post
from auditbot.model import PostFacts

_APART = re.compile(r"(?:comment|document|video|captions) \d+\b")


@dataclass(frozen=True, slots=True)
class Part:
    """Texts of a post that follow each other."""

    texts: tuple[PublishedText, ...]
    """Those that are not empty, in page order."""
    digest: bytes
    """SHA-256 of all that their reading may depend on; a document that many posts link to is the same part in each."""


class _Last:
    """The post asked about last: several checks ask for the parts of one post, one after the other."""

    def __init__(self) -> None:
        self.known: tuple[PostFacts | None, tuple[Part, ...]] = (None, ())


_LAST = _Last()


def parts_of_post(facts: PostFacts) -> tuple[Part, ...]:
    """Return the parts of a post in page order."""
    post, parts = _LAST.known
    if post is not facts:
        parts = tuple(_parts(facts))
        _LAST.known = (facts, parts)
    return parts


def _parts(facts: PostFacts) -> Iterator[Part]:
    for label, group in groupby(texts_of_post(facts), key=_label):
        texts = tuple(group)
        whole = hashlib.sha256()
        # What kind of text the post is also hangs on its address and, for all of it, on its own title and words.
        for words in () if label else (facts.post.url, facts.post.title, facts.post.text):
            _add(whole, words)
        for one in texts:
            for words in (one.kind, one.anchor, one.author_role, one.commenter, one.text):
                _add(whole, words)
        yield Part(texts, whole.digest())


def _label(published: PublishedText) -> str:
    found = _APART.match(published.field)
    return found[0] if found else ""


def _add(whole: hashlib._Hash, words: str) -> None:
    written = words.encode("utf-8", "surrogatepass")
    whole.update(len(written).to_bytes(8, "big"))
    whole.update(written)
