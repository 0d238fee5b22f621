"""A Facebook Page by the Graph API, with the school's own Page token: posts, whole albums, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from auditbot.collect.browser.page import PageFailed
from auditbot.collect.html.comments import date_in, read_date
from auditbot.collect.html.dom import attribute, ids, line_of, outermost, parse, select, text_of
from auditbot.collect.html.walls import WALLS, wall
from auditbot.collect.net.json_reading import at, items_at, number_at, text_at
from auditbot.collect.net.urls import absolute
from auditbot.collect.post.links import PhotoRef
from auditbot.collect.post.photos import find_photos
from auditbot.collect.post.post import Draft
from auditbot.collect.post.publish import publish
from auditbot.collect.sources.api import Api, ApiFailed
from auditbot.collect.sources.graph import FEW, judge, last_part, listing, rest_of, smaller
from auditbot.collect.sources.timeline import Gone, Item, Listing, Service, need_token, path_of, read_timeline
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.model import CollectEvent, Comment, NotChecked
from auditbot.sentences import say

# The public face of a Facebook Page in the browser: best effort, off by default, and never the whole of it.

_POSTS = "div[role=article]:not([aria-label])"
_PAGE_COMMENTS = "div[role=article][aria-label]"
_LOGIN = "form#login_popup_cta_form, form#login_form"
_PERMALINK = re.compile(r"/(posts|photos|videos|reel|permalink\.php|story\.php|photo)(/|\?|$)")
_KEPT = frozenset({"fbid", "story_fbid", "id", "v"})
_WALLED = say("Facebook shows this Page only to people who are logged in.")
_PARTIAL = say("Facebook shows visitors who are not logged in only a few of the newest posts; no others were read.")


def collect_facebook_page(visit: Visit) -> Iterator[CollectEvent]:
    """Yield the posts that the Page shows to everybody; always partial. Raises AccountFailed or AccountWalled."""
    try:
        page = visit.open(visit.site.url)
    except PageFailed as failure:
        raise AccountFailed(failure.reason) from failure
    tree = parse(page.html)
    posts = outermost(select(tree, _POSTS))
    if not posts:
        found = None if tree.css_first(_LOGIN) else wall(page, tree)
        raise AccountWalled(WALLS[found] if found else _WALLED)
    taken: set[str] = set()
    for post in posts:
        draft = _draft(post, page.base, visit)
        if draft is None:
            yield visit.missed(visit.site.url, "post", say("The Page shows a post whose address cannot be told."))
        elif draft.url not in taken:
            taken.add(draft.url)
            since = visit.job.since
            if not since or not draft.published_at or draft.published_at.astimezone(visit.zone).date() >= since:
                yield from publish(draft, visit)
    yield visit.missed(visit.site.url, "listing", _PARTIAL)


def _draft(post: LexborNode, base: str, visit: Visit) -> Draft | None:
    answers = select(post, _PAGE_COMMENTS)
    links = [absolute(base, attribute(link, "href")) for link in select(post, "a[href]")]
    url = next((_short(link) for link in links if _PERMALINK.search(_path(link)) and visit.site.owns(link)), "")
    if not url:
        return None
    heading = post.css_first("h2, h3, h4, strong")
    photos = find_photos(post, base, ids(answers))
    body = select(
        post, "[data-ad-preview=message], [data-ad-comet-preview=message], [data-ad-rendering-role=story_message]"
    )
    words = [text_of(part) for part in outermost(body)] or [text_of(post, ids(answers) | photos.captions)]
    return Draft(
        url=url,
        title="",
        text="\n".join(dict.fromkeys(words)),
        author=line_of(heading) if heading is not None else "",
        published_at=date_in(post, visit.zone),
        photos=photos.photos,
        comments=tuple(_comment(answer) for answer in answers),
        films=(url,) if post.css_first("video") else (),
    )


def _comment(node: LexborNode) -> Comment:
    name = node.css_first("a[role=link], a[href], strong")
    words = select(node, "[dir=auto][style], [dir=auto]")
    author = line_of(name) if name is not None else ""
    lines = [line_of(part) for part in outermost(words)] or [line_of(node)]
    return Comment(author, "\n".join(line for line in dict.fromkeys(lines) if line and line != author))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _short(url: str) -> str:
    """Return a permalink without what Facebook adds to follow visitors."""
    parts = urlsplit(url)
    kept = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name in _KEPT])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))


API = "https://graph.facebook.com"
_NEEDS = say(
    "Reading the Page needs a Page access token with the permissions pages_read_engagement and pages_read_user_content."
)
_COMMENTS = (
    "comments.filter(stream).order(chronological).limit(100)"
    "{message,created_time,from{name},permalink_url,is_hidden,attachment{type,media,title,description}}"
)
_MEDIA = "media_type,type,title,description,target{id},media{image{src}}"
_FIELDS = (
    "id,message,story,created_time,permalink_url,full_picture,is_published,is_hidden,privacy{value},from{id,name},"
    f"attachments{{{_MEDIA},subattachments.limit(100){{{_MEDIA}}}}}"
)
_NOT_PUBLIC = frozenset({"SELF", "ALL_FRIENDS", "FRIENDS_OF_FRIENDS", "NETWORKS_FRIENDS"})
_POST = re.compile(r"/(\d+)/posts/(\d+)/?$")
_POST_ID = re.compile(r"(\d+)_(\d+)")
_BATCH = 50
_MANY = 25


def collect_facebook(visit: Visit) -> Iterator[CollectEvent]:
    """Yield what one Facebook Page publishes. Raises AccountFailed or AccountWalled."""
    if visit.job.token is None and visit.settings.collect.facebook_page_without_token:
        yield from collect_facebook_page(visit)
    else:
        yield from read_timeline(_Facebook(visit))


class _Facebook(Service):
    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        base = f"{API}/{visit.settings.collect.graph_version}"
        self._api = Api(base, visit.fetcher, visit.pace, need_token(visit, _NEEDS), judge)
        self._page: dict[str, Any] = {}
        self._comments = True
        self._largest: dict[str, tuple[str, ...]] = {}

    def begin(self) -> None:
        name = page_name(self.visit.site.url)
        if not name:
            raise AccountFailed(say("The address should be like https://www.facebook.com/NAME."))
        self._page = self._api.get(name, {"fields": "id,name,is_published"})
        if not text_at(self._page, "id").isdigit():
            raise AccountFailed(say("Facebook does not say which Page this is."))
        if at(self._page, "is_published") is False:
            raise AccountWalled(say("The Page is not published: only its administrators see it."))

    def page(self, cursor: str) -> Listing:
        try:
            return self._page_of(cursor, _MANY)
        except ApiFailed as failure:
            if failure.trouble == "permission" and self._comments and not cursor:
                self._comments = False
                return self._page_of(cursor, _MANY)
            if failure.trouble != "heavy":
                raise
        return self._page_of(smaller(cursor), FEW)

    def _page_of(self, cursor: str, count: int) -> Listing:
        path, query = f"{text_at(self._page, 'id')}/posts", {"fields": self._fields(), "limit": str(count)}
        found = listing(self._api, self._api.get(cursor) if cursor else self._api.get(path, query))
        self._look_up_largest(found.items)
        return found

    def _fields(self) -> str:
        return f"{_FIELDS},{_COMMENTS}" if self._comments else _FIELDS

    def name(self, item: Item) -> str:
        return text_at(item, "id")

    def moment(self, item: Item) -> datetime | None:
        return read_date(text_at(item, "created_time"), self.visit.zone)

    def draft(self, item: Item) -> Draft | None:
        closed = at(item, "is_published") is False or at(item, "is_hidden") is True
        if closed or text_at(item, "privacy", "value") in _NOT_PUBLIC:
            return None
        url = self._permalink(item)
        if not url:
            raise ValueError("a post without an address")
        parts = _parts(item)
        comments, shown = self._comments_of(item, url)
        story = text_at(item, "story")
        return Draft(
            url=url,
            title=story,
            text="\n".join(dict.fromkeys(filter(None, (text_at(item, "message"), *_shared_words(parts))))),
            author=text_at(item, "from", "name") or text_at(self._page, "name"),
            published_at=self.moment(item),
            photos=(*self._photos(item, parts), *shown),
            comments=comments,
            films=(url,) if any(_is_film(part) for part in parts) else (),
        )

    def _permalink(self, item: Item) -> str:
        """The address made of numbers stays the same for good; the one that Facebook gives may not."""
        if found := _POST_ID.fullmatch(text_at(item, "id")):
            return f"https://www.facebook.com/{found[1]}/posts/{found[2]}"
        return text_at(item, "permalink_url")

    def _photos(self, item: Item, parts: list[Item]) -> tuple[PhotoRef, ...]:
        photos = []
        for part in parts:
            addresses = (*self._largest.get(text_at(part, "target", "id"), ()), text_at(part, "media", "image", "src"))
            if candidates := tuple(dict.fromkeys(filter(None, addresses))):
                caption = text_at(part, "description") if _is_photo(part) else text_at(part, "title")
                place = PhotoRef(candidates, caption=caption if caption != text_at(item, "message") else "")
                photos.append(PhotoRef(candidates, "", place.caption, "video") if _is_film(part) else place)
        if not photos and (cover := text_at(item, "full_picture")):
            photos.append(PhotoRef((cover,)))
        return tuple(photos)

    def _look_up_largest(self, items: Sequence[Item]) -> None:
        """Learn where the photos of these posts lie in full size: what a post carries is scaled down."""
        shown = [text_at(part, "target", "id") for item in items for part in _parts(item) if _is_photo(part)]
        numbers = [number for number in dict.fromkeys(shown) if number.isdigit() and number not in self._largest]
        for start in range(0, len(numbers), _BATCH):
            try:
                answer = self._api.get("", {"ids": ",".join(numbers[start : start + _BATCH]), "fields": "images"})
            except ApiFailed as failure:
                reason = say("Some photos could be had in a smaller size only. %(failure)s", failure=failure.reason)
                self.missed.append(self.visit.missed(self.visit.site.url, "photo", reason))
                return
            for number, photo in answer.items():
                images = sorted(items_at(photo, "images"), key=lambda image: -number_at(image, "width"))
                self._largest[number] = tuple(text_at(image, "source") for image in images[:2])

    def _comments_of(self, item: Item, url: str) -> tuple[tuple[Comment, ...], tuple[PhotoRef, ...]]:
        try:
            found = rest_of(self._api, at(item, "comments"))
        except ApiFailed as failure:
            self.missed.append(
                self.visit.missed(
                    url, "comments", say("Not all comments were read. %(failure)s", failure=failure.reason)
                )
            )
            found = items_at(item, "comments", "data")
        # The Page's own token is shown what the Page has hidden from everybody else.
        found = [comment for comment in found if at(comment, "is_hidden") is not True]
        comments = tuple(
            Comment(
                text_at(comment, "from", "name"),
                text_at(comment, "message"),
                self.moment(comment),
                text_at(comment, "permalink_url"),
            )
            for comment in found
        )
        pictures = [text_at(comment, "attachment", "media", "image", "src") for comment in found]
        return comments, tuple(PhotoRef((picture,), found_in="comment") for picture in pictures if picture)

    def name_in(self, permalink: str) -> str:
        found = _POST.search(path_of(permalink))
        return f"{found[1]}_{found[2]}" if found and found[1] == text_at(self._page, "id") else ""

    def ask(self, permalink: str, listed_whole: bool) -> Draft | Gone | None:
        try:
            item = self._api.get(self.name_in(permalink), {"fields": self._fields()})
            self._look_up_largest([item])
            return self.draft(item)
        except ApiFailed as failure:
            if failure.trouble == "absent" and listed_whole:
                return Gone(
                    say("The Page's list of posts no longer holds it, and Facebook answers that it does not exist.")
                )
            raise

    def notes(self) -> Iterator[NotChecked]:
        if not self._comments:
            reason = say("The comments were not read: the token lacks the permission pages_read_user_content.")
            yield self.visit.missed(self.visit.site.url, "comments", reason)


def page_name(url: str) -> str:
    """Return a Page's name or number as its address holds it; empty if the address is not a Page's."""
    parts = urlsplit(url)
    if number := parse_qs(parts.query).get("id", [""])[0]:
        return number if number.isdigit() else ""
    words = [word for word in parts.path.split("/") if word]
    if words[:1] in (["pages"], ["people"], ["p"]):
        number = last_part(url).rpartition("-")[2]
        return number if number.isdigit() else ""
    return words[0] if len(words) == 1 and re.fullmatch(r"[A-Za-z0-9.\-]+", words[0]) else ""


def _parts(item: Item) -> list[Item]:
    """Return a post's attachments, the pictures of an album in its place."""
    attachments = items_at(item, "attachments", "data")
    return [part for one in attachments for part in (items_at(one, "subattachments", "data") or [one])]


def _is_film(part: Item) -> bool:
    return "video" in f"{text_at(part, 'media_type')} {text_at(part, 'type')}".lower()


def _is_photo(part: Item) -> bool:
    return text_at(part, "media_type") == "photo" or text_at(part, "type") in ("photo", "profile_media", "cover_photo")


def _shared_words(parts: list[Item]) -> list[str]:
    """Return the words that the cards of shared posts and links show."""
    cards = [part for part in parts if not _is_photo(part)]
    return [text_at(part, name) for part in cards for name in ("title", "description")]
