"""Every text a post publishes, named as a person would find it on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus, urlsplit

from auditbot.check.personal_data.contact import OwnContacts, PersonalData, find_emails, find_phones, postcodes_in
from auditbot.check.personal_data.private import CERTAIN
from auditbot.check.please_read.text_kinds import TextKind, kind_of
from auditbot.check.prose import TITLE
from auditbot.check.read_before.kept_readings import NothingRead, ReadBefore
from auditbot.model import Box, DocumentPicture, DocumentUse, PhotoEvidence, PhotoFacts, Post, PostFacts, TextEvidence
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared
from auditbot.settings import School

# All photos one post shows: its own, those in its comments, pictures inside its documents, moments of its
# films.


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """One photo with where it stands and what is in it."""

    url: str
    """The photo's address; for a picture inside a document or film, the file's address and page or second."""
    place: str
    """Where it stands in the post, for people: "photo 2", "document 1 page 3", "video 1, 0:42"."""
    facts: PhotoFacts
    """What examining it found."""
    of_film: bool = False
    """Whether it is a moment or the poster of a film, so that permission for video is needed too."""


def photos_of_post(facts: PostFacts) -> Iterator[ShownPhoto]:
    """Yield each examined photo once, in page order; one that the post shows twice counts where it stands first."""
    seen: set[str] = set()
    for number, use in enumerate(facts.post.photos, 1):
        if use.sha256 in facts.photos and use.sha256 not in seen:
            seen.add(use.sha256)
            yield ShownPhoto(use.url, f"photo {number}", facts.photos[use.sha256], use.found_in == "video")
    for label, document in labelled(facts.post):
        known = facts.documents.get(document.sha256 or "")
        for picture in known.pictures if known else ():
            if picture.sha256 in facts.photos and picture.sha256 not in seen:
                seen.add(picture.sha256)
                film = document.kind == "video"
                place = f"{label}, {clock(picture.page)}" if film else f"{label} page {picture.page}"
                yield ShownPhoto(address_within(document, picture), place, facts.photos[picture.sha256], film)


def labelled(post: Post) -> Iterator[tuple[str, DocumentUse]]:
    """Yield what a post links to and plays, each kind numbered from 1: "document 1", "video 1", "captions 1"."""
    numbers: Counter[str] = Counter()
    for use in post.documents:
        numbers[use.kind] += 1
        yield f"{use.kind} {numbers[use.kind]}", use


def parts_by_file(post: Post) -> dict[str, frozenset[str]]:
    """Return which parts of a post each of its files is, by address and by content hash: "photo 2", "document 1"."""
    parts: dict[str, set[str]] = {}
    used = [(f"photo {number}", use.url, use.sha256) for number, use in enumerate(post.photos, 1)]
    for label, url, sha256 in [*used, *((label, use.url, use.sha256) for label, use in labelled(post))]:
        for name in filter(None, (url, sha256)):
            parts.setdefault(name, set()).add(label)
    return {name: frozenset(labels) for name, labels in parts.items()}


def kinds_of_post(facts: PostFacts) -> dict[str, TextKind]:
    """Return what kind of text the page is ("text") and each of its documents is ("document 1"), judged as a whole."""
    post = facts.post
    kinds = {"text": kind_of(post.text, post.title, urlsplit(post.url).path)}
    for label, document in labelled(post):
        known = facts.documents.get(document.sha256 or "")
        if known and document.kind == "document":
            kinds[label] = kind_of("\n".join(known.pages), document.title, unquote(urlsplit(document.url).path))
    return kinds


def part_of(field: str) -> str:
    """Return the part of a post that a field of it belongs to: "document 1" for "document 1 page 2"."""
    return field.partition(" page ")[0]


def address_within(use: DocumentUse, picture: DocumentPicture) -> str:
    """Return where a picture stands: the address of its document with the page, of its film with the second."""
    return f"{use.url}#{'t' if use.kind == 'video' else 'page'}={picture.page}"


def clock(seconds: int) -> str:
    """Return a moment of a film as players show it, like "0:42"."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


OUR_FRAGMENT = re.compile(r"page=\d+|t=\d+|data-\d+", re.ASCII)
"""What collecting adds to an address: a document's page, a film's second, the number of a picture inside a page."""


# The title of captions is that of a language: a name, not words to be read.
_TITLES = {"document": ("link", TITLE), "video": ("title", "caption"), "captions": ("title", "filename")}
_OF_THE_PHOTOGRAPHER = frozenset({"author", "camera owner", "contact", "copyright"})


@dataclass(frozen=True, slots=True)
class PublishedText:
    """One text."""

    field: str
    """Where it stands: "title", "text", "photo 2 alt", "comment 1 text", "document 1 page 2", ..."""
    text: str
    """The text as published; addresses and file names percent-decoded."""
    kind: str
    """What sort of text it is: post, title, alt, caption, filename, address, comment, author, byline, newsletter or
    ocr."""
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
    yield PublishedText("title", post.title, TITLE, "title")
    yield PublishedText("text", post.text, "post", "text")
    yield PublishedText("address", _chosen(post.url), "address", "address")
    yield PublishedText("author", post.author, "byline", "author")
    for number, words in enumerate(post.words, 1):
        where = words.kind if words.kind in ("excerpt", "description") else f"{words.kind} {number}"
        yield PublishedText(where, words.text, "post", f"{words.kind} {words.text}")
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


# What is the school's own: its contact details, and the names under which it and its staff write comments.

_CONTACT_PAGE = re.compile(
    r"/(?:contact(?:s|-us|-details|-information|-the-school|-our-school)?|(?:how-to-)?find-us|get-in-touch|imprint)"
    r"(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"(?:the )?(?:school )?(?:office|admin|administrator|school|reception desk|website team)", re.I)


@dataclass(frozen=True, slots=True)
class Ours:
    """What the checks of words need to know of the school itself."""

    contacts: OwnContacts = field(default_factory=OwnContacts)
    """Contact details it may publish."""
    names: frozenset[str] = frozenset()
    """Names under which the school itself writes, folded: its own and those of its accounts."""
    adults: frozenset[str] = frozenset()
    """Full names, in letters alone, of the people on pages that say who works for, governs or helps the school."""
    read_before: ReadBefore = field(default_factory=NothingRead, compare=False)
    """What earlier audits found in the same texts."""


def ours_of(
    school: School,
    accounts: Mapping[str, Account],
    posts: Iterable[Post],
    read_before: ReadBefore | None = None,
) -> Ours:
    """Return what is the school's own: declared in the settings, or standing on its own contact pages.

    A mobile number or a private mailbox counts as its own only where the settings say so.
    """
    hosts = [urlsplit(one.url).hostname or "" for one in accounts.values() if one.kind == "website"]
    given = OwnContacts(
        domains=(*school.domains, *(host.removeprefix("www.") for host in hosts)),
        emails=tuple(one for one in school.contacts if "@" in one),
        postcodes=tuple(code for one in school.contacts if "@" not in one for code in postcodes_in(one)),
        numbers=tuple(one for one in school.contacts if "@" not in one and not any(postcodes_in(one))),
    )
    pages = [post.text for post in posts if _CONTACT_PAGE.search(urlsplit(post.url).path)]
    contacts = OwnContacts(
        domains=given.domains,
        emails=(*given.emails, *_published(pages, find_emails)),
        postcodes=(*given.postcodes, *(code for text in pages for code in postcodes_in(text))),
        numbers=(*given.numbers, *_published(pages, find_phones)),
    )
    names = frozenset(name.casefold() for name in (school.name, *accounts))
    return Ours(contacts, names, read_before=read_before or NothingRead())


def _published(pages: Iterable[str], find: Callable[[str, OwnContacts], Iterator[PersonalData]]) -> Iterator[str]:
    for text in pages:
        yield from (text[one.start : one.end] for one in find(text, OwnContacts()) if one.score < CERTAIN)


def author_role(published: PublishedText, declared: Declared, ours: Ours) -> str:
    """Return who speaks by the name that is signed: school, staff, or unknown for whoever else comments.

    Anybody can sign so: it may add rules to those for others, and take none away.
    """
    name = " ".join(published.commenter.casefold().split())
    if not name:
        return published.author_role
    if name in ours.names or _OFFICE.fullmatch(name):
        return "school"
    return "staff" if name in staff_names(declared) else published.author_role


def staff_names(declared: Declared) -> frozenset[str]:
    """Return how members of staff sign: "Mrs Khan", "Farah Khan", "Mrs Farah Khan"."""
    names = set()
    for member in declared.staff:
        for parts in ((member.title, member.surname), (member.forename, member.surname)):
            names |= {" ".join(parts).casefold()} if all(parts) else set()
        names.add(" ".join(part for part in (member.title, member.forename, member.surname) if part).casefold())
    return frozenset(name for name in names if " " in name)
