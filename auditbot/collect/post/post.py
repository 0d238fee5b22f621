"""One page, opened, becomes one post: joined with what discovery knew of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.comments import (
    articles_in_json_ld,
    comment_nodes,
    date_of_page,
    find_comments,
    guessed_date,
    nearly_dated,
)
from auditbot.collect.html.content import author_of, bodies, canonical, find_container, headings, title_of, words_beside
from auditbot.collect.html.dom import attribute, ids, line_of, meta, outermost, parse, select, text_of
from auditbot.collect.html.written_dates import counted_from, week_in
from auditbot.collect.net.urls import absolute
from auditbot.collect.post.embeds import FoundVideos, VideoRef, find_videos, head_video
from auditbot.collect.post.links import Lead, Link, PhotoRef, document_links
from auditbot.collect.post.photos import find_photos
from auditbot.collect.post.renditions import are_sizes, loose_name, rendition_key
from auditbot.model import Comment, PostWords, WordsKind

# How an excerpt ends that is the beginning of the body.
_CUT = re.compile(r"(\[?(…|\.{3})\]?|\b(continue reading|read more)\b.*)$", re.IGNORECASE)
# What WordPress adds to each text of its feed.
_FEEDS_OWN = re.compile(
    r"^The post .+ appeared first on .+\.?$|^(\[?(…|\.{3})\]?\s*)?(continue reading|read more)\b", re.IGNORECASE
)
_FEWEST_WORDS = 4
_KINDS: tuple[WordsKind, ...] = ("excerpt", "tag", "category", "description")
_TAGS: tuple[tuple[str, WordsKind], ...] = (
    (".cat-links a, [rel~=category], [rel~=category-tag], .post-categories a, [itemprop=articleSection]", "category"),
    (".tags-links a, .tag-links a, [rel~=tag]:not([rel~=category]), .post-tags a, .blog-tags a", "tag"),
    (".entry-summary, .post-excerpt, .gh-article-excerpt, .article-excerpt", "excerpt"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A post before its files are fetched."""

    url: str
    """The permalink."""
    title: str
    """The headline."""
    text: str
    """The body as plain text."""
    author: str
    """The shown author."""
    published_at: datetime | None
    """When it was published."""
    photos: tuple[PhotoRef, ...]
    """Its photos."""
    comments: tuple[Comment, ...]
    """Its comments."""
    documents: tuple[Link, ...] = ()
    """Documents it links to."""
    films: tuple[str, ...] = ()
    """Addresses of films and foreign embeds it shows, which nobody looks into."""
    videos: tuple[VideoRef, ...] = ()
    """Films whose files it names, or which are sent in pieces."""
    noindex: bool = False
    """Whether its page asks search engines not to keep it."""
    words: tuple[PostWords, ...] = ()
    """Excerpt, tags, categories and description, as far as they stand in neither title nor body."""
    beside: tuple[str, ...] = ()
    """Lines of its text that stand beside its body: what each page of the site repeats there is none of its words."""


def read_post(
    page: RenderedPage, tree: LexborHTMLParser, lead: Lead, zone: ZoneInfo, without: Collection[int], default_image: str
) -> Draft:
    """Read a page as one post. ``without`` are elements that do not belong to it; ``default_image`` is the site's."""
    with counted_from(page.sent):
        return _read(page, tree, lead, zone, set(without), default_image)


def _read(
    page: RenderedPage, tree: LexborHTMLParser, lead: Lead, zone: ZoneInfo, outside: set[int], default_image: str
) -> Draft:
    container = find_container(tree, outside)
    if container is None:
        return draft_of_lead(lead)
    found = find_photos(container, page.base, outside)
    own = lead.photos if lead.origin == "api" else ()
    photos = _with_originals(found.photos, own) + _comment_photos(tree, page.base)
    photos += photos_beside(photos, told_photos(lead))
    photos += _head_image(tree, page.base, photos, default_image)
    skip = outside | found.captions | headings(container)
    held = bodies(container, outside)
    parts = words_beside(tree, container, held, outside)
    text = "\n".join(filter(None, (text_of(part, skip | without) for part, without in parts)))
    body = ids(held)
    beside = "\n".join(text_of(part, skip | without) for part, without in parts if part.mem_id not in body)
    told = _text_of_html(lead.html)
    comments = _joined(find_comments(tree, page.base, zone), lead.comments)
    text = _with_told(text, told, (*(photo.caption for photo in photos), *(each.text for each in comments)))
    moment = lead.published_at if lead.origin in ("api", "feed") else None
    moment = moment or date_of_page(tree, container, zone) or lead.published_at
    films = find_videos(container, page.base, outside)
    title = (lead.title if lead.origin in ("api", "feed") else "") or title_of(tree, container) or lead.title
    return Draft(
        url=canonical(tree, page.url, page.base),
        title=title,
        text=text,
        author=lead.author or author_of(tree, container),
        published_at=moment or _guess(page, container, zone),
        photos=photos,
        comments=comments,
        documents=tuple(dict.fromkeys((*document_links(container, page.base), *_told_documents(lead)))),
        films=films.elsewhere,
        videos=films.videos + head_video(tree, page.base, films.videos),
        words=_beside((*lead.words, *_words_of_page(tree, container)), title, text),
        noindex=_says_noindex(page, tree),
        beside=tuple(filter(None, beside.split("\n"))),
    )


def _guess(page: RenderedPage, container: LexborNode, zone: ZoneInfo) -> datetime | None:
    """Return the day of a page that writes none in full. A day without a year is sure of its day, not of its year."""
    guessed, nearly = guessed_date(page.html, page.url, zone), nearly_dated(container, zone)
    if nearly is None and (week := week_in(page.url, zone)):
        return week
    same = guessed and nearly and (guessed.month, guessed.day) == (nearly.month, nearly.day)
    return guessed if same or nearly is None else nearly


def _says_noindex(page: RenderedPage, tree: LexborHTMLParser) -> bool:
    """True if a page asks search engines not to keep it or its pictures, in a header or a tag."""
    tags = (attribute(node, "content") for node in select(tree, 'meta[name="robots" i], meta[name="googlebot" i]'))
    asked = " ".join((page.headers.get("x-robots-tag", ""), *tags)).lower()
    return "noindex" in asked or "noimageindex" in asked or "none" in asked.replace(",", " ").split()


def draft_of_lead(lead: Lead) -> Draft:
    """Return the post as discovery knew it, for a page that could not be opened."""
    body = parse(lead.html).body if lead.html else None
    films = find_videos(body, lead.url) if body is not None else FoundVideos()
    return Draft(
        url=lead.url,
        title=lead.title,
        text=_text_of_html(lead.html),
        author=lead.author,
        published_at=lead.published_at,
        photos=_with_originals(told_photos(lead), lead.photos if lead.origin == "api" else ()),
        comments=lead.comments,
        documents=tuple(document_links(body, lead.url)) if body is not None else (),
        films=films.elsewhere,
        videos=films.videos,
        words=_beside(lead.words, lead.title, _text_of_html(lead.html)),
    )


def _words_of_page(tree: LexborHTMLParser, container: LexborNode) -> Iterator[PostWords]:
    """Yield the tags and categories that a post shows, and what its head tells services about it."""
    for selector, kind in _TAGS:
        for node in select(container, selector):
            if line := line_of(node):
                yield PostWords(kind, line)
    for name in ("description", "og:description", "twitter:description"):
        if said := meta(tree, name):
            yield PostWords("description", said)
    for item in articles_in_json_ld(tree):
        for name in ("headline", "description", "abstract", "articleBody", "keywords"):
            value = item.get(name)
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, str) and each.strip():
                    yield PostWords("tag" if name == "keywords" else "description", _text_of_html(each))


def _beside(words: Iterable[PostWords], title: str, text: str) -> tuple[PostWords, ...]:
    """Leave out what title, body or longer words of the same kind say already."""
    told = [_plain(f"{title}\n{text}")]
    kept: list[PostWords] = []
    for each in sorted(dict.fromkeys(words), key=lambda each: -len(each.text)):
        said = _CUT.sub("", each.text.strip())
        if _plain(said) and not any(_plain(said) in known for known in told):
            kept.append(PostWords(each.kind, each.text.strip()))
            told.append(_plain(said))
    return tuple(sorted(kept, key=lambda each: (_KINDS.index(each.kind), each.text)))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text).lower().split())


def _text_of_html(html: str) -> str:
    body = parse(html).body if html else None
    return text_of(body) if body is not None else ""


def _with_originals(shown: tuple[PhotoRef, ...], known: tuple[PhotoRef, ...]) -> tuple[PhotoRef, ...]:
    """Put the originals that the API knows before what the page shows of the same photo; add what it does not show."""
    by_key = {rendition_key(candidate): photo for photo in known for candidate in photo.candidates}
    joined: list[PhotoRef] = []
    used: set[PhotoRef] = set()
    for photo in shown:
        matches = [by_key[name] for name in map(rendition_key, photo.candidates) if name in by_key]
        used.update(matches)
        originals = matches[0].candidates if matches else ()
        joined.append(replace(photo, candidates=tuple(dict.fromkeys((*originals, *photo.candidates)))))
    return tuple(joined) + tuple(photo for photo in known if photo not in used)


def told_photos(lead: Lead) -> tuple[PhotoRef, ...]:
    """Return the photos that the words of a feed or an interface hold, and those that a feed names beside them."""
    body = parse(lead.html).body if lead.html else None
    held = find_photos(body, lead.url).photos if body is not None else ()
    return held if lead.origin == "api" else (*held, *photos_beside(held, lead.photos))


def _told_documents(lead: Lead) -> Iterator[Link]:
    body = parse(lead.html).body if lead.html else None
    return document_links(body, lead.url) if body is not None else iter(())


def photos_beside(shown: tuple[PhotoRef, ...], told: tuple[PhotoRef, ...]) -> tuple[PhotoRef, ...]:
    """Return those of the told photos that are, by their addresses, no size of one that is shown."""
    addresses = [each for photo in shown for each in photo.candidates]
    keys, names = {rendition_key(each) for each in addresses}, {loose_name(each) for each in addresses}

    def is_shown(url: str) -> bool:
        return rendition_key(url) in keys or (
            loose_name(url) in names and any(are_sizes(url, each) for each in addresses)
        )

    return tuple(photo for photo in told if not any(is_shown(each) for each in photo.candidates))


def _with_told(text: str, told: str, beside: tuple[str, ...]) -> str:
    """Return a page's words with those that only the feed or the interface has of the post.

    Where the page shows no more than the beginning, its words are those of the other.
    """
    said = _plain("\n".join((text, *beside)))
    lines = [line for line in told.split("\n") if not _FEEDS_OWN.search(line)]
    missing = [line for line in lines if len(line.split()) >= _FEWEST_WORDS and _plain(line) not in said]
    if not missing:
        return text
    whole = _plain("\n".join(lines))
    # A line that breaks off is the beginning of one that is told in full.
    shown = [line for line in text.split("\n") if not (_CUT.search(line) and _plain(_CUT.sub("", line)) in whole)]
    if all(_plain(line) in whole for line in shown):
        return "\n".join(lines)
    return "\n".join((*shown, *missing))


def _comment_photos(tree: LexborHTMLParser, base: str) -> tuple[PhotoRef, ...]:
    found: dict[PhotoRef, None] = {}
    for node in outermost(comment_nodes(tree)):
        found.update({replace(photo, found_in="comment"): None for photo in find_photos(node, base).photos})
    return tuple(found)


def _head_image(
    tree: LexborHTMLParser, base: str, photos: tuple[PhotoRef, ...], default_image: str
) -> tuple[PhotoRef, ...]:
    """Return the picture that the page gives to social media, if the page does not show it and it is the post's own."""
    url = absolute(base, meta(tree, "og:image", "og:image:url", "twitter:image"))
    shown = {rendition_key(candidate) for photo in photos for candidate in photo.candidates}
    if not url or url.endswith(".svg") or rendition_key(url) in shown or rendition_key(url) == default_image:
        return ()
    name = url.rpartition("/")[2].lower()
    if any(word in name for word in ("logo", "icon", "default", "placeholder", "crest")):
        return ()
    return (PhotoRef((url,), alt=meta(tree, "og:image:alt", "twitter:image:alt")),)


def _joined(shown: tuple[Comment, ...], known: tuple[Comment, ...]) -> tuple[Comment, ...]:
    """Join the page's comments with the API's: the API's date is exact, the page's order is kept."""
    by_name = {name_of(comment): comment for comment in known}
    joined = []
    for comment in shown:
        other = by_name.pop(name_of(comment), comment)
        author = comment.author or other.author
        joined.append(replace(comment, author=author, published_at=other.published_at or comment.published_at))
    return tuple(joined) + tuple(by_name.values())


def name_of(comment: Comment) -> str:
    """Return what tells a comment from others: its number on the page, else its author and words."""
    _, mark, number = comment.url.rpartition("#comment-")
    return number if mark and number.isdigit() else f"{comment.author}\n{' '.join(comment.text.split())}"


def default_image(tree: LexborHTMLParser, base: str) -> str:
    """Return the key of the picture that a site's start page gives to social media; posts often repeat it."""
    url = absolute(base, meta(tree, "og:image", "og:image:url", "twitter:image"))
    return rendition_key(url) if url else ""
