"""Every text a post publishes, named as a person would find it on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus, urlsplit

from auditbot.check.photos_of_post import ShownPhoto, labelled, photos_of_post
from auditbot.model import Box, PhotoEvidence, PhotoFacts, PostFacts, TextEvidence

OUR_FRAGMENT = re.compile(r"page=\d+|t=\d+|data-\d+", re.ASCII)
"""What collecting adds to an address: a document's page, a film's second, the number of a picture inside a page."""


# The title of captions is that of a language: a name, not words to be read.
_TITLES = {"document": ("link", "post"), "video": ("title", "caption"), "captions": ("title", "filename")}
_OF_THE_PHOTOGRAPHER = frozenset({"author", "camera owner", "contact", "copyright"})


@dataclass(frozen=True, slots=True)
class PublishedText:
    """One text."""

    field: str
    """Where it stands: "title", "text", "photo 2 alt", "comment 1 text", "document 1 page 2", ..."""
    text: str
    """The text as published; addresses and file names percent-decoded."""
    kind: str
    """What sort of text it is: post, alt, caption, filename, address, comment, author, byline, newsletter, ocr."""
    anchor: str
    """What it belongs to: unlike ``field``, the same when another photo, comment or document joins the post."""
    author_role: str = "school"
    """Who wrote it: school, or unknown for comments."""
    commenter: str = ""
    """For the text of a comment: the name shown for whoever wrote it."""
    photo: ShownPhoto | None = None
    """For words in a photo: the photo; ``text`` is then its lines joined by newlines."""


def texts_of_post(facts: PostFacts) -> Iterator[PublishedText]:
    """Yield all texts that are not empty, in page order."""
    for found in _all_texts(facts):
        if found.text.strip():
            yield found


def evidence_of(published: PublishedText, start: int, end: int) -> TextEvidence | PhotoEvidence:
    """Return these characters as evidence; of words in a photo, with the boxes of their lines."""
    if published.photo is None:
        return TextEvidence(published.field, published.text, start, end)
    photo = published.photo.facts
    return PhotoEvidence(
        photo_url=published.photo.url,
        sha256=photo.sha256,
        boxes=_boxes_of_lines(photo, start, end),
        other_faces=tuple(face.box for face in photo.faces),
        words=published.text,
        start=start,
        end=end,
    )


def _boxes_of_lines(photo: PhotoFacts, first: int, last: int) -> tuple[Box, ...]:
    boxes, start = [], 0
    for line in photo.words:
        end = start + len(line.text)
        if start < last and first < end:
            boxes.append(line.box)
        start = end + 1
    return tuple(boxes)


def _all_texts(facts: PostFacts) -> Iterator[PublishedText]:
    post = facts.post
    yield PublishedText("title", post.title, "post", "title")
    yield PublishedText("text", post.text, "post", "text")
    yield PublishedText("address", _chosen(post.url), "address", "address")
    yield PublishedText("author", post.author, "byline", "author")
    for number, photo in enumerate(post.photos, 1):
        yield PublishedText(f"photo {number} alt", photo.alt, "alt", f"alt {photo.url}")
        yield PublishedText(f"photo {number} caption", photo.caption, "caption", f"caption {photo.url}")
        yield PublishedText(f"photo {number} file name", _chosen(photo.url), "filename", f"file name {photo.url}")
    for number, comment in enumerate(post.comments, 1):
        which = comment.url or f"{comment.author}\n{comment.text}"
        yield PublishedText(f"comment {number} author", comment.author, "author", f"comment author {which}", "unknown")
        yield PublishedText(
            f"comment {number} text", comment.text, "comment", f"comment text {which}", "unknown", comment.author
        )
    yield from _document_texts(facts)
    for shown in photos_of_post(facts):
        lines = "\n".join(line.text for line in shown.facts.words)
        yield PublishedText(f"words in {shown.place}", lines, "ocr", f"words {shown.facts.sha256}", photo=shown)
        for place, (name, text) in enumerate(shown.facts.metadata.words, 1):
            kind = "byline" if name in _OF_THE_PHOTOGRAPHER else "caption"
            anchor = f"metadata {shown.facts.sha256} {place}"
            yield PublishedText(f"{shown.place} file details, {name}", text, kind, anchor)


def _document_texts(facts: PostFacts) -> Iterator[PublishedText]:
    for label, document in labelled(facts.post):
        url = document.url
        link, kind = _TITLES[document.kind]
        yield PublishedText(f"{label} {link}", document.title, kind, f"link {url}")
        if url != facts.post.url:
            yield PublishedText(f"{label} file name", _chosen(url), "filename", f"file name {url}")
        known = facts.documents.get(document.sha256 or "")
        for page, text in enumerate(known.pages if known else (), 1):
            place = f"{label} text" if document.kind == "captions" else f"{label} page {page}"
            yield PublishedText(place, text, "newsletter", f"page {page} {url}")


def _chosen(address: str) -> str:
    """Return the part of an address that the school chose, decoded: path, query and fragment; nothing for a picture
    inside the page.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return ""
    query = f"?{unquote_plus(parts.query)}" if parts.query else ""
    fragment = f"#{unquote(parts.fragment)}" if parts.fragment and not OUR_FRAGMENT.fullmatch(parts.fragment) else ""
    rest = query + fragment
    return unquote(parts.path) + rest if rest or parts.path != "/" else ""
