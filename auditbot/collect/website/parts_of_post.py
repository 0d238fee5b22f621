"""The further pages of one post, read as parts of it: of comments, of larger pictures, and other views of the whole."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Generator
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.browser.page import PageFailed, RenderedPage
from auditbot.collect.html.comment_pages import (
    TURNS_PAGE,
    comment_page_of,
    comment_pages,
    comments_alone,
    comments_in_frames,
)
from auditbot.collect.html.comments import find_comments
from auditbot.collect.html.content import around
from auditbot.collect.html.dom import attribute, ids, inside, line_of, outermost, parse, select, text_of
from auditbot.collect.net.fetch import FetchFailed
from auditbot.collect.net.urls import absolute
from auditbot.collect.post.links import Lead, PhotoRef, document_links, is_page, leading
from auditbot.collect.post.photos import find_photos
from auditbot.collect.post.post import Draft, name_of, read_post
from auditbot.collect.post.renditions import rendition_key
from auditbot.collect.visit import Visit
from auditbot.collect.website.discovery import OwnFeeds
from auditbot.collect.website.following import Following
from auditbot.collect.website.frontier import is_cell
from auditbot.collect.website.interfaces.ghost import comments_of_page
from auditbot.collect.website.list_pages import ListPage, lines_of_index, names_of, says_nothing
from auditbot.collect.website.met_addresses import Ledger
from auditbot.model import Became, CollectEvent, Why
from auditbot.same_page import clean, key, post_key

_MOST_PAGES = 100
_MOST_PICTURE_PAGES = 200
_MOST_PICTURES = 2
_LONG_TITLE = 8
# The further page of a post, or of a gallery within it: "/2/", "/page/2", "/nggallery/page/2".
_NUMBER = re.compile(r"/(?:(?:[a-z-]{2,20}/)?page[-/]?|nggpage-?)?\d{1,3}/?", re.IGNORECASE)
# The last or first step of an address that names a view, and the ending beside it.
_VIEW = re.compile(
    r"/(?:amp|print|printable|printer-friendly|mobile|m|text|text-only|large|accessible|photos?|gallery|full|view)/?$|"
    r"^/(?:amp|print|mobile|m|text)(?=/)|\.(?:amp|print)(?=\.\w+$|$)|\.(?:html?|php|aspx?|cfm|jsp)$|/$",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/?(?:index|default|home)?", re.IGNORECASE)
# A line of this many words is one of the post's; shorter ones are the buttons of a view.
_FEWEST_WORDS = 4
_MOST_ADDED = 1.5
_SLIGHT = 2


def as_whole(
    draft: Draft,
    page: RenderedPage,
    tree: LexborHTMLParser,
    lead: Lead,
    outside: set[int],
    visit: Visit,
    following: Following,
    ledger: Ledger,
    aside: dict[str, RenderedPage],
    own_feeds: OwnFeeds | None,
) -> Generator[CollectEvent, None, Draft | ListPage]:
    """Return a post with its further pages, or the list that a page of links and nothing else is. Raises OutOfTime."""
    lines = lines_of_index(tree, outside, draft, lead) if lead.origin in ("link", "known") else None
    whole = with_picture_pages(draft, page, tree, outside, visit, following, ledger, aside)
    if lines is not None and whole.photos == draft.photos:
        return ListPage(draft, [], is_post=False, lines=lines)
    if whole.published_at is None and own_feeds and lead.origin != "api":
        whole = replace(whole, published_at=own_feeds.day_of(page.url))
    if not lead.comments:
        whole = yield from with_comment_pages(whole, page, tree, visit, following, ledger, aside)
    return whole


def with_comment_pages(
    draft: Draft,
    page: RenderedPage,
    tree: LexborHTMLParser,
    visit: Visit,
    following: Following,
    ledger: Ledger,
    aside: dict[str, RenderedPage],
) -> Generator[CollectEvent, None, Draft]:
    """Read the further pages of a post's comments; return the post with all of them. Raises OutOfTime.

    A page that says more than the post and its comments is put ``aside``, to be read by itself.
    """
    frontier, robots = following.frontier, following.robots
    waiting = comment_pages(tree, page.url, page.base, visit.site)
    comments = {name_of(comment): comment for comment in draft.comments}
    try:
        told = comments_of_page(tree, page.base, visit.fetcher, visit.site, robots)
        comments.update((name_of(comment), comment) for comment in told)
    except FetchFailed as failure:
        yield visit.missed(page.url, "comments", failure.reason, why=Why.FAILED)
    spoken, framed = comments_in_frames(tree, page.url, page.base, visit.site, visit.zone)
    comments.update((name_of(comment), comment) for comment in spoken)
    waiting += framed
    for _ in range(_MOST_PAGES):
        url = next((url for url in waiting if _may_open(url, following, aside)), None)
        if url is None:
            break
        try:
            further = visit.open(url)
        except PageFailed as failure:
            frontier.mark(url)
            ledger.note(url, Became.FAILED)
            yield visit.missed(url, "comments", failure.reason, why=Why.FAILED)
            continue
        inside = parse(further.html)
        if url not in framed and further.status < 400 and _says_more(further, inside, draft, visit):
            _put_aside(url, further, page, following, aside)
            continue
        frontier.mark(url)
        ledger.note(url, Became.OPENED)
        found = find_comments(inside, further.base, visit.zone)
        if url in framed and further.status < 400:
            found, onward = comments_alone(inside, url, further.base, visit.site, visit.zone)
            framed += onward
            waiting += onward
        fresh = {name_of(comment): comment for comment in found if name_of(comment) not in comments}
        if further.status >= 400 or not fresh:
            continue
        comments.update(fresh)
        waiting += comment_pages(inside, page.url, further.base, visit.site)
    return replace(draft, comments=tuple(comments.values()))


def _may_open(url: str, following: Following, aside: dict[str, RenderedPage]) -> bool:
    return not following.frontier.visited(url) and key(url) not in aside and following.robots.allows(url)


def _says_more(page: RenderedPage, tree: LexborHTMLParser, draft: Draft, visit: Visit) -> bool:
    """True if a page that should bring comments alone has another headline and words of its own."""
    part = read_post(page, tree, Lead(page.url, "known"), visit.zone, around(tree), "")
    known = "\n".join((draft.title, draft.text, *(comment.text for comment in (*draft.comments, *part.comments))))
    fresh = [line for line in _lines(part.text) if line not in known]
    return bool(fresh) and (part.title != draft.title or not part.comments)


def with_picture_pages(
    draft: Draft,
    page: RenderedPage,
    tree: LexborHTMLParser,
    outside: set[int],
    visit: Visit,
    following: Following,
    ledger: Ledger,
    aside: dict[str, RenderedPage],
) -> Draft:
    """Read the pages that a post's small pictures lead to; return the post with the large ones. Raises OutOfTime.

    A page that says more than its picture is no part of the post: it is put ``aside`` by its key and queued, to be read
    by itself without being asked for again. So is one that cannot be opened, which is told there.
    """
    frontier = following.frontier
    waiting = deque(_picture_links(page, tree, outside, visit))
    draft, onward = _with_numbered_pages(draft, page, tree, visit, following, ledger, aside)
    waiting += onward
    photos = list(draft.photos)
    for _ in range(_MOST_PICTURE_PAGES):
        if not waiting:
            break
        small, url = waiting.popleft()
        further = _opened(url, page, visit, following, aside)
        if further is None:
            continue
        within = parse(further.html)
        around_it = around(within)
        shown = _only_pictures(further, within, around_it, draft)
        if not shown or (len(shown) > _MOST_PICTURES and not _is_named_after(within, draft)):
            _put_aside(url, further, page, following, aside)
            continue
        frontier.mark(url)
        ledger.note(url, Became.OPENED)
        following.take_in_links(further, within)
        if len(shown) > _MOST_PICTURES:
            # A cover that leads to an album of the post.
            album = replace(draft, photos=shown)
            album, onward = _with_numbered_pages(album, further, within, visit, following, ledger, aside)
            known = names_of(photos)
            photos += [photo for photo in album.photos if not names_of([photo]) & known]
            waiting += [*_picture_links(further, within, around_it, visit), *onward]
            continue
        place = next((at for at, photo in enumerate(photos) if small in _names(photo)), None)
        if len(shown) == 1 and place is not None:
            larger = tuple(dict.fromkeys((*shown[0].candidates, *photos[place].candidates)))
            photos[place] = replace(photos[place], candidates=larger)
        else:
            known = names_of(photos)
            photos += [photo for photo in shown if not names_of([photo]) & known]
        # The picture of such a page may lead to a larger one still.
        waiting.extendleft(_picture_links(further, within, around_it, visit))
    return replace(draft, photos=tuple(photos))


def _with_numbered_pages(
    draft: Draft,
    page: RenderedPage,
    tree: LexborHTMLParser,
    visit: Visit,
    following: Following,
    ledger: Ledger,
    aside: dict[str, RenderedPage],
) -> tuple[Draft, list[tuple[str, str]]]:
    """Read the further pages of a post; return it with what they show, and the picture pages that they lead to."""
    photos = list(draft.photos)
    onward: list[tuple[str, str]] = []
    for url in _numbered_on(page, tree, visit):
        further = _opened(url, page, visit, following, aside)
        if further is None:
            continue
        within = parse(further.html)
        around_it = around(within)
        shown = _only_pictures(further, within, around_it, draft)
        if not shown:
            part = read_post(further, within, Lead(url, "known"), visit.zone, around_it, "")
            # An article in several pages has one headline and one day on each of them.
            if not (part.title and part.title == draft.title and part.published_at == draft.published_at is not None):
                _put_aside(url, further, page, following, aside)
                continue
            shown = part.photos
            fresh = [line for line in part.text.split("\n") if line not in draft.text]
            spoken = {name_of(comment): comment for comment in (*part.comments, *draft.comments)}
            draft = replace(draft, text="\n".join((draft.text, *fresh)), comments=tuple(spoken.values()))
        following.frontier.mark(url)
        ledger.note(url, Became.SAME, page.url)
        following.counts.learn(further, within, around_it)
        known = names_of(photos)
        photos += [photo for photo in shown if not names_of([photo]) & known]
        following.take_in_links(further, within)
        onward += _picture_links(further, within, around_it, visit)
    return replace(draft, photos=tuple(photos)), onward


def _is_named_after(tree: LexborHTMLParser, draft: Draft) -> bool:
    """True if a heading of a page names the post."""
    heads = select(tree, "h1, h2, h3, title")
    return len(draft.title) >= _LONG_TITLE and any(draft.title in line_of(node) for node in heads)


def _names(photo: PhotoRef) -> set[str]:
    return {rendition_key(candidate) for candidate in photo.candidates}


def _picture_links(
    page: RenderedPage, tree: LexborHTMLParser, outside: set[int], visit: Visit
) -> list[tuple[str, str]]:
    """Return the pages of the site that pictures of a page lead to, each with the rendition key of its picture.

    What a frame would show that waits for a consent stands among them.
    """
    found: dict[str, tuple[str, str]] = {}
    for node, href in leading(tree):
        picture = node.css_first("img[src]")
        held_back = node.tag == "iframe" and "src" not in node.attributes
        if (picture is None and not held_back) or inside(node, outside):
            continue
        url = visit.site.local(clean(absolute(page.base, href)))
        source = absolute(page.base, attribute(picture, "src")) if picture is not None else page.base
        if source and visit.site.owns(url) and is_page(url) and key(url) != key(page.url) and "#" not in url:
            found.setdefault(key(url), (rendition_key(source), url))
    return list(found.values())


def _opened(
    url: str, page: RenderedPage, visit: Visit, following: Following, aside: dict[str, RenderedPage]
) -> RenderedPage | None:
    """Open a page that may be a part of a post; None if it was opened before, or cannot or must not be."""
    if following.frontier.visited(url) or key(url) in aside or not following.may_follow(url):
        return None
    try:
        further = visit.open(url)
    except PageFailed:
        following.frontier.add(Lead(url, "link"), page.url)
        return None
    if key(further.url) == key(url):
        return further
    _put_aside(url, further, page, following, aside)
    return None


def _put_aside(
    url: str, further: RenderedPage, page: RenderedPage, following: Following, aside: dict[str, RenderedPage]
) -> None:
    aside[key(url)] = further
    following.frontier.add(Lead(url, "link"), page.url)


def _numbered_on(page: RenderedPage, tree: LexborHTMLParser, visit: Visit) -> list[str]:
    """Return the further pages of a page: its own address and a number. Days of a month and comments are none."""
    own = urlsplit(page.url)
    found: dict[str, str] = {}
    spoken = {key(url) for url in comment_pages(tree, page.url, page.base, visit.site)}
    for node, href in leading(tree):
        url = visit.site.local(clean(absolute(page.base, href)))
        parts = urlsplit(url)
        if (
            not visit.site.owns(url)
            or key(url) == key(page.url)
            or not is_page(url)
            or comment_page_of(url) is not None
            or key(url) in spoken
            or not TURNS_PAGE.match(line_of(node))
            or is_cell(url, line_of(node))
        ):
            continue
        longer = parts.path.startswith(own.path.rstrip("/") + "/") and _NUMBER.fullmatch(
            parts.path[len(own.path.rstrip("/")) :]
        )
        query, own_query = set(parse_qsl(parts.query)), set(parse_qsl(own.query))
        numbered = parts.path.rstrip("/") == own.path.rstrip("/") and own_query < query
        numbered = numbered and all(value.isdigit() for _, value in query - own_query)
        if (longer and parts.query == own.query) or numbered:
            found.setdefault(key(url), url)
    return list(found.values())


def _only_pictures(page: RenderedPage, tree: LexborHTMLParser, outside: set[int], draft: Draft) -> tuple[PhotoRef, ...]:
    """Return what a page shows that holds pictures and says nothing that the post does not."""
    if page.status != 200 or page.cut_short or tree.body is None or next(document_links(tree.body, page.base), None):
        return ()
    found = find_photos(tree.body, page.base, outside)
    photos = tuple(photo for photo in found.photos if not photo.is_drawing)
    # A form says what a visitor may write, with its own heading: "Leave a reply".
    links = ids(outermost(select(tree.body, "a[href], button, form, #respond")))
    files = (PurePosixPath(unquote(urlsplit(each).path)).stem for photo in photos for each in photo.candidates)
    said = "\n".join(
        (draft.title, draft.text, *files, *(f"{each.alt}\n{each.caption}" for each in (*draft.photos, *photos)))
    )
    lines = text_of(tree.body, outside | links).split("\n")
    named = draft.title if len(draft.title) >= _LONG_TITLE else ""
    lines = [line.replace(named, " ") if named else line for line in lines]
    fresh = [line for line in lines if not says_nothing(line) and line not in said]
    return photos if not fresh else ()


# Other views of one post under addresses of their own: larger type, for print, for telephones.


class Views:
    """The posts of one site, by which another view of one is known."""

    def __init__(self) -> None:
        self._start: Draft | None = None
        self._drafts: dict[str, Draft] = {}
        self._by_place: dict[str, list[str]] = defaultdict(list)

    def is_of_start(self, draft: Draft, is_start: bool) -> bool:
        """True for the start page, which is learnt from, and for another view of it, such as one for print."""
        if is_start:
            self._start = self._start or draft
            return True
        return bool(self._start and _INDEX.fullmatch(_place(draft.url)) and _same_words(draft, self._start))

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
    if draft.text and draft.text == known.text:
        return True
    one, other = set(_lines(draft.text)), set(_lines(known.text))
    if not one or not other:
        held, shown = names_of(draft.photos), names_of(known.photos)
        return bool(titles[0] and held and shown) and not one and not other and (held <= shown or shown <= held)
    shorter, longer = sorted((one, other), key=len)
    return shorter <= longer and len(longer) <= max(len(shorter) * _MOST_ADDED, len(shorter) + _SLIGHT)
