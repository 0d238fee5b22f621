"""Other views of one post under addresses of their own, joined with it: larger type, for print, for telephones."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from auditbot.collect.post.post import Draft
from auditbot.collect.website.list_pages import names_of
from auditbot.model import Post
from auditbot.same_page import post_key

# The last or first step of an address that names a view, and the ending beside it.
_VIEW = re.compile(
    r"/(?:amp|print|printable|printer-friendly|mobile|m|text|text-only|large|accessible|photos?|gallery|full|view)/?$|"
    r"^/(?:amp|print|mobile|m|text)(?=/)|\.(?:amp|print)(?=\.\w+$|$)|\.(?:html?|php|aspx?|cfm|jsp)$|/$",
    re.IGNORECASE,
)
# A line of this many words is one of the post's; shorter ones are the buttons of a view.
_FEWEST_WORDS = 4
_MOST_ADDED = 1.5
_SLIGHT = 2


class Views:
    """The posts of one site, by which another view of one is known."""

    def __init__(self) -> None:
        self._drafts: dict[str, Draft] = {}
        self._by_place: dict[str, list[str]] = defaultdict(list)

    def add(self, draft: Draft) -> None:
        """Take in a post that was published."""
        name = post_key(draft.url)
        if name not in self._drafts:
            self._by_place[_place(draft.url)].append(name)
        self._drafts[name] = draft

    def post_of(self, draft: Draft, named: str = "") -> str:
        """Return the post_key of the published post of which a page is another view; empty if it is none.

        Its address is that of the post with a part of a query or a step for a view, or it names the post as itself
        (``named``); and one of the two says all that the other does.
        """
        own = post_key(draft.url)
        places = self._by_place.get(_place(draft.url), ())
        likely = [name for name in places if _extends(draft.url, self._drafts[name].url)]
        likely += [post_key(named)] if named and post_key(named) in self._drafts else []
        return next((name for name in likely if name != own and _same_words(draft, self._drafts[name])), "")

    def beside(self, name: str, draft: Draft) -> Draft:
        """Return what a view of a post has that the post itself lacks."""
        known = self._drafts[name]
        shown = names_of(known.photos)
        lines = set(_lines(f"{known.title}\n{known.text}"))
        spoken = {(each.author, each.text) for each in known.comments}
        documents = {link.url for link in known.documents}
        fresh = replace(
            draft,
            url=known.url,
            text="\n".join(line for line in draft.text.split("\n") if set(_lines(line)) - lines),
            photos=tuple(photo for photo in draft.photos if not names_of([photo]) & shown),
            comments=tuple(each for each in draft.comments if (each.author, each.text) not in spoken),
            documents=tuple(link for link in draft.documents if link.url not in documents),
            films=tuple(url for url in draft.films if url not in known.films),
            videos=tuple(each for each in draft.videos if each not in known.videos),
            words=tuple(each for each in draft.words if each not in known.words),
        )
        self._drafts[name] = replace(
            known,
            text="\n".join(filter(None, (known.text, fresh.text))),
            photos=(*known.photos, *fresh.photos),
            comments=(*known.comments, *fresh.comments),
            documents=(*known.documents, *fresh.documents),
            films=(*known.films, *fresh.films),
            videos=(*known.videos, *fresh.videos),
            words=(*known.words, *fresh.words),
        )
        return fresh


def joined(post: Post, more: Post) -> Post:
    """Return a post with what another view of it has beside."""
    photos = {photo.sha256 or photo.url for photo in post.photos}
    return replace(
        post,
        text="\n".join(filter(None, (post.text, more.text))),
        published_at=post.published_at or more.published_at,
        photos=(*post.photos, *(photo for photo in more.photos if (photo.sha256 or photo.url) not in photos)),
        comments=(*post.comments, *more.comments),
        documents=(*post.documents, *more.documents),
        words=(*post.words, *more.words),
        noindex=post.noindex and more.noindex,
    )


def _place(url: str) -> str:
    path = urlsplit(url).path
    while (shorter := _VIEW.sub("", path)) != path:
        path = shorter
    return path


def _extends(url: str, other: str) -> bool:
    """True if an address is another with further parts in its query, or the same at another place for views."""
    query, own = (set(parse_qsl(urlsplit(each).query, keep_blank_values=True)) for each in (url, other))
    return "#" not in url and query >= own


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if len(line.split()) >= _FEWEST_WORDS]


def _same_words(draft: Draft, known: Draft) -> bool:
    """True if two pages have one headline, no two days, and one says all that the other does."""
    titles = sorted((draft.title, known.title), key=len)
    days = {each.published_at.date() for each in (draft, known) if each.published_at is not None}
    if titles[0] not in titles[1] or len(days) > 1:
        return False
    one, other = set(_lines(draft.text)), set(_lines(known.text))
    if not one or not other:
        held, shown = names_of(draft.photos), names_of(known.photos)
        return bool(titles[0] and held and shown) and not one and not other and (held <= shown or shown <= held)
    shorter, longer = sorted((one, other), key=len)
    return shorter <= longer and len(longer) <= max(len(shorter) * _MOST_ADDED, len(shorter) + _SLIGHT)
