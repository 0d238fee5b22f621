"""Pages that list posts: published only with what no post shows, once it is known what the posts show."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import hidden, ids, inside, line_of, outermost, select, text_of
from auditbot.collect.post.links import Lead, PhotoRef
from auditbot.collect.post.listing import Block
from auditbot.collect.post.photos import find_photos
from auditbot.collect.post.post import Draft
from auditbot.collect.post.renditions import loose_name, rendition_key
from auditbot.collect.website.series import shape, without_counting
from auditbot.model import Post, PostWords
from auditbot.same_page import clean, key, post_key

# A line of this many words says something; shorter ones are headings, numbers of pages and labels. On a page of links
# and nothing else a shorter one may be all that it says of somebody.
_FEWEST_WORDS = 6
_FEWEST_WORDS_OF_INDEX = 3
_SHORT = 300
# A longer teaser is a post as its list shows it.
_LONGEST_TEASER = 1500
_WORD = re.compile(r"[^\W\d_]{2,}")
_OF_BUTTONS = frozenset(
    [
        "and",
        "about",
        "by",
        "click",
        "comment",
        "comments",
        "continue",
        "find",
        "for",
        "here",
        "in",
        "leave",
        "likes",
        "more",
        "out",
        "read",
        "reading",
        "reply",
    ]
)
# What a page of a diary says of a week in which nothing was written.
_NOTHING = re.compile(r"\b(?:nothing|no|none|nobody|empty|not yet|dim|dim byd)\b", re.IGNORECASE)
_LONGEST_NOTHING = 150
# How a teaser ends that is the beginning of a post.
_CUT = re.compile(r"\s*(?:\[?(?:…|\.{3})\]?)\s*(?:(?:read|continue|find out|see)\b.{0,30})?$", re.IGNORECASE)
_LEADING = "a[href], area[href], option, button, [data-auditbot-leads], [data-href], [data-url], [data-link], [onclick]"
_LABELS = re.compile(
    rf"\b({'|'.join(files('auditbot.data').joinpath('web/list_labels.txt').read_text('utf-8').split())})\b"
)
"""What lists say of themselves beside their links."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page that lists posts, kept until all posts are known."""

    draft: Draft
    """The page without its list."""
    blocks: list[Block]
    """The posts it lists."""
    is_post: bool
    """True if it is a post of its own beside its list; False for a mere list."""
    lines: tuple[str, ...] | None = None
    """The lines of a page that holds links and nothing else; None for any other list."""


class ListPages:
    """The lists of one site, and what of them is shown by no post."""

    def __init__(self) -> None:
        self._pages: list[ListPage] = []
        self._photos_of_posts: dict[str, frozenset[str]] = {}
        self._shown: set[str] = set()
        self._documents: set[str] = set()
        self._nothing: set[tuple[str, str]] = set()
        self._beside: dict[str, str] = {}

    def without_repeated(self, draft: Draft) -> Draft:
        """Leave out what stood beside the body of a page before: it is published with the first."""
        own = key(draft.url)
        told = {line for line in draft.beside if self._beside.setdefault(without_counting(line), own) != own}
        return replace(draft, text="\n".join(line for line in draft.text.split("\n") if line not in told))

    def says_nothing_again(self, url: str, draft: Draft) -> bool:
        """True for a page of a series that says no more than one before it did: that there is nothing on it."""
        said = without_counting(f"{draft.title}\n{draft.text}")
        held = draft.photos or draft.documents or draft.comments or draft.films or draft.videos
        if held or len(said) > _LONGEST_NOTHING or not (series := shape(url)) or not _NOTHING.search(draft.text):
            return False
        again = (series, said) in self._nothing
        self._nothing.add((series, said))
        return again

    def add(self, page: ListPage) -> None:
        """Keep a page that lists posts."""
        self._pages.append(page)

    def published(self, draft: Draft) -> None:
        """Take note of what a published post shows."""
        self._shown.update(names_of(draft.photos))
        self._documents.update(link.url for link in draft.documents)
        addresses = [candidate for photo in draft.photos for candidate in photo.candidates]
        self._photos_of_posts[post_key(draft.url)] = frozenset(loose_name(address) for address in addresses)

    def shows_document(self, url: str) -> bool:
        """True if a published post links to this document."""
        return url in self._documents

    def left(self, posts: Mapping[str, Post], lists_count: bool) -> Iterator[Draft]:
        """Yield what is to be published of the lists, now that all posts are known.

        A page that is nothing but a list is published only with photos, documents and words that are shown nowhere
        else. Where only newer posts were asked for (``lists_count`` is False) that cannot be told: what lists show may
        belong to older ones, and is left out.
        """
        for page in self._pages:
            self._shown.update(names_of(page.draft.photos) if page.is_post else ())
        said = "\n".join(f"{post.title}\n{post.text}" for post in posts.values())
        plain = ""
        for page in self._pages:
            blocks = page.blocks if lists_count else []
            teasers = [photo for block in blocks for photo in block.photos if not self._in_post(block, photo)]
            photos = [photo for photo in (*page.draft.photos, *teasers) if not names_of([photo]) & self._shown]
            self._shown.update(names_of(photos))
            if page.is_post:
                yield replace(page.draft, photos=(*page.draft.photos, *photos))
                continue
            documents = tuple(link for link in page.draft.documents if link.url not in self._documents)
            if not lists_count:
                continue
            if page.lines is None:
                words = [line for line in page.draft.text.split("\n") if len(line.split()) >= _FEWEST_WORDS]
                fresh = [line for line in words if line not in said]
            else:
                plain = plain or without_counting(said)
                fresh = [line for line in page.lines if line not in plain]
                # What a list says of itself on each of its pages is published with the first of them.
                plain = "\n".join((plain, *fresh))
            if page.lines is not None and fresh:
                said += f"\n{page.draft.text}"
                yield page.draft
            elif any(not photo.is_drawing for photo in photos) or documents or fresh:
                said += f"\n{page.draft.text}"
                yield replace(page.draft, photos=tuple(photos), documents=documents)

    def _in_post(self, block: Block, photo: PhotoRef) -> bool:
        """True if a teaser's photo is, by its name, one of those that its post shows."""
        post = self._photos_of_posts.get(post_key(block.lead.url), frozenset())
        return bool(post & {loose_name(candidate) for candidate in photo.candidates})


def names_of(photos: Iterable[PhotoRef]) -> set[str]:
    """Return what photos are recognised by: the keys of their addresses, or the hash of their data."""
    names = {rendition_key(candidate) for photo in photos for candidate in photo.candidates}
    return names | {hashlib.sha256(photo.data.encode()).hexdigest() for photo in photos if photo.data}


def lines_of_index(tree: LexborHTMLParser, outside: set[int], draft: Draft, lead: Lead) -> tuple[str, ...] | None:
    """Return what a page says, in lines without numbers, that holds links to others and nothing else; None if it does.

    Such a page is a list, be it of one entry, without a day, or of no make that is known.
    """
    if tree.body is None or draft.comments or draft.films or draft.videos:
        return None
    if select(tree, "meta[http-equiv=refresh i][content*='url' i]") and len(draft.text) < _SHORT:
        # What says where it has moved, and leads there.
        return ()
    links = [node for node in outermost(select(tree.body, _LEADING)) if line_of(node, outside)]
    heads = outermost(select(tree.body, "h1, h2, h3, h4, h5, h6, legend, caption, th"))
    if not links:
        return None
    asks = outermost(select(tree.body, "label, select, input"))
    rest = text_of(tree.body, outside | ids([*links, *heads, *asks])).split("\n")
    # Under headings that are links stand teasers: whether posts say the same is known at the end.
    teasers = any(node.tag != "h1" and node.css_first("a[href]") and not inside(node, outside) for node in heads)
    if not teasers and not all(says_nothing(line) or _CUT.search(line) for line in rest):
        return None
    named = without_counting(lead.title)
    lines = [_whole(line) for node in (*links, *heads) for line in text_of(node, outside).split("\n")]
    lines += [_whole(line) for line in rest if not says_nothing(line)]
    lines = [line for line in lines if len(line.split()) >= _FEWEST_WORDS_OF_INDEX and line != named]
    return tuple(dict.fromkeys(lines))


def as_list_page(
    page: RenderedPage, tree: LexborHTMLParser, draft: Draft, blocks: list[Block], is_start: bool
) -> ListPage:
    """Return a page that is no post as a draft of itself: of the start page, what surrounds its content too."""
    photos = draft.photos
    if is_start and tree.body is not None:
        photos = find_photos(tree.body, page.base, hidden(tree).union(*(block.nodes for block in blocks))).photos
    named = tree.css_first("title")
    title = named.text().strip() if named is not None else ""
    own = replace(draft, url=clean(page.url), title=title, author="", published_at=None, photos=photos, comments=())
    return ListPage(own, blocks, is_post=False)


def with_teaser(draft: Draft, shown: Block | None, listed: Iterable[Block]) -> Draft:
    """Return a post with what a list says of it and its own page does not: an excerpt that somebody wrote.

    A line with no word of its own (the beginning of the post, its author, its day, "Read more") is no such thing, nor
    is one that stands with others that are ``listed`` too.
    """
    if shown is None or shown.whole or len(shown.draft.text) > _LONGEST_TEASER:
        return draft
    said = " ".join((draft.title, draft.author, draft.text, *(each.text for each in draft.words)))
    known = set(_WORD.findall(said.lower())) | _OF_BUTTONS
    fresh = [
        PostWords("excerpt", _CUT.sub("", line).strip())
        for line in shown.draft.text.split("\n")
        if len(line.split()) >= _FEWEST_WORDS_OF_INDEX and set(_WORD.findall(_LABELS.sub(" ", _whole(line)))) - known
    ]
    fresh = [each for each in dict.fromkeys(fresh) if not any(_is_of(block, each, shown) for block in listed)]
    return replace(draft, words=(*draft.words, *fresh)) if fresh else draft


def _is_of(block: Block, said: PostWords, shown: Block) -> bool:
    return said.text in block.draft.text and post_key(block.lead.url) != post_key(shown.lead.url)


def _whole(line: str) -> str:
    """Return a line without its numbers, and without the word in which it was cut short."""
    plain = without_counting(_CUT.sub("", line))
    return plain.rpartition(" ")[0] if _CUT.search(line) else plain


def says_nothing(line: str) -> bool:
    """True for a line that only counts or labels what stands beside it: "File 1 of 5", a day."""
    return not _LABELS.sub(" ", without_counting(line)).strip()


def tells_of(draft: Draft, listed: Draft) -> bool:
    """True if a page, without the posts it lists, holds the post that was looked for."""
    said, begins = " ".join(f"{draft.title} {draft.text}".split()), " ".join(listed.text.split())[:40]
    return bool(begins and begins in said) or bool(listed.title and listed.title in said) or not begins
