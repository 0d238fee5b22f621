"""Pages that list posts: published only with what no post shows, once it is known what the posts show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import hidden
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.listing import Block
from auditbot.collect.post.photos import find_photos
from auditbot.collect.post.post import Draft
from auditbot.collect.post.renditions import loose_name, rendition_key
from auditbot.model import Post
from auditbot.same_page import clean, post_key

# A line of this many words says something; shorter ones are headings, numbers of pages and labels.
_FEWEST_WORDS = 6


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page that lists posts, kept until all posts are known."""

    draft: Draft
    """The page without its list."""
    blocks: list[Block]
    """The posts it lists."""
    is_post: bool
    """True if it is a post of its own beside its list; False for a mere list."""


class ListPages:
    """The lists of one site, and what of them is shown by no post."""

    def __init__(self) -> None:
        self._pages: list[ListPage] = []
        self._photos_of_posts: dict[str, frozenset[str]] = {}
        self._shown: set[str] = set()
        self._documents: set[str] = set()

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
            words = [line for line in page.draft.text.split("\n") if len(line.split()) >= _FEWEST_WORDS]
            fresh = [line for line in words if line not in said]
            if any(not photo.is_drawing for photo in photos) or documents or fresh:
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
