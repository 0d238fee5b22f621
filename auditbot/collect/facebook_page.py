"""The public face of a Facebook Page in the browser: best effort, off by default, and never the whole of it.

Facebook shows a few of the newest posts to visitors who are not logged in, and asks everybody for permission before
its pages are collected automatically; the school's own token is the proper way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from auditbot.collect.dates import date_in
from auditbot.collect.dom import attribute, ids, line_of, outermost, parse, select, text_of
from auditbot.collect.page import PageFailed
from auditbot.collect.photos import find_photos
from auditbot.collect.post_page import Draft
from auditbot.collect.publish import publish
from auditbot.collect.site import absolute
from auditbot.collect.visit import AccountFailed, AccountWalled, Visit
from auditbot.collect.walls import wall
from auditbot.model import CollectEvent, Comment

_POSTS = "div[role=article]:not([aria-label])"
_COMMENTS = "div[role=article][aria-label]"
_LOGIN = "form#login_popup_cta_form, form#login_form"
_PERMALINK = re.compile(r"/(posts|photos|videos|reel|permalink\.php|story\.php|photo)(/|\?|$)")
_KEPT = frozenset({"fbid", "story_fbid", "id", "v"})
_WALLED = "Facebook shows this Page only to people who are logged in."
_PARTIAL = "Facebook shows visitors who are not logged in only a few of the newest posts; no others were read."


def collect_facebook_page(visit: Visit) -> Iterator[CollectEvent]:
    """Yield the posts that the Page shows to everybody; always partial. Raises AccountFailed or AccountWalled."""
    try:
        page = visit.open(visit.site.url)
    except PageFailed as failure:
        raise AccountFailed(str(failure)) from failure
    tree = parse(page.html)
    posts = outermost(select(tree, _POSTS))
    if not posts:
        raise AccountWalled(_WALLED if tree.css_first(_LOGIN) else wall(page, tree) or _WALLED)
    taken: set[str] = set()
    for post in posts:
        draft = _draft(post, page.base, visit)
        if draft is None:
            yield visit.missed(visit.site.url, "post", "The Page shows a post whose address cannot be told.")
        elif draft.url not in taken:
            taken.add(draft.url)
            since = visit.job.since
            if not since or not draft.published_at or draft.published_at.astimezone(visit.zone).date() >= since:
                yield from publish(draft, visit)
    yield visit.missed(visit.site.url, "listing", _PARTIAL)


def _draft(post: LexborNode, base: str, visit: Visit) -> Draft | None:
    answers = select(post, _COMMENTS)
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
