"""Where the addresses of known posts lead now: a redirect proves neither that a post is gone nor that it is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditbot.collect.dom import attribute, select
from auditbot.collect.links import page_links
from auditbot.collect.page import RenderedPage
from auditbot.collect.site import Site, key, post_key
from auditbot.collect.visit import AccountFailed
from auditbot.model import Post, PostMoved


class Moves:
    """What the known posts of one account lead to, while it is collected."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._leads_to: dict[str, str] = {}

    def note(self, known: str, landed: str) -> None:
        """Remember that the address of a known post led to another address."""
        self._leads_to[known] = landed

    def rolled_on(self, known: str, posts: Mapping[str, Post]) -> bool:
        """True if a post that shared a page with others was met on another page, as older ones are in rolling lists."""
        name = post_key(known).partition("#")[2]
        now_at = next((place for place in posts if "#" in place and place.partition("#")[2] == name), "")
        if now_at:
            self._leads_to[known] = posts[now_at].url
        return bool(now_at)

    def check_start(self, page: RenderedPage, tree: LexborHTMLParser, found: Collection[str], site: Site) -> None:
        """Raise AccountFailed if the start page is another page now, and that leads to none of the known posts."""
        if key(page.url) == key(site.url):
            return
        here = key(page.url)
        inside = {post_key(url).partition("#")[2] for url in self._known if key(url) == here} - {""}
        others = {key(url) for url in self._known} - {here, key(site.url)}
        listed = {key(url) for url in found} | {key(link.url) for link in page_links(tree, page.base, site)}
        shown = inside & {attribute(node, "id") for node in select(tree, "[id]")}
        if (others or inside) and not (others & listed or shown):
            raise AccountFailed(f"The start page now leads to {page.url}, which leads to none of the known posts.")

    def check_all(self) -> None:
        """Raise AccountFailed if most known posts lead to one page: one for visitors who have to wait, or consent."""
        pages = ((known, landed) for known, landed in self._leads_to.items() if post_key(landed) == key(landed))
        targets = Counter(_without_origin(known, landed) for known, landed in pages)
        for _, count in targets.most_common(1):
            if count > 1 and count * 2 >= len(self._known):
                raise AccountFailed("The site leads every address to one page, so nothing is known of its posts.")

    def moved(self, account: str, posts: Mapping[str, Post]) -> Iterator[PostMoved]:
        """Yield the known posts whose address now leads to a post that was read; ``posts`` are by their post_key."""
        for known, landed in self._leads_to.items():
            if (post := posts.get(post_key(landed)) or posts.get(key(landed))) and post.url != known:
                yield PostMoved(account, known, post.url)


def _without_origin(known: str, landed: str) -> str:
    """Return which page an address led to; a page that is told where its visitor came from is one page for all."""
    parts = urlsplit(landed)
    came_from = urlsplit(known).path.rstrip("/")
    return key(parts._replace(query="").geturl()) if came_from and came_from in unquote(parts.query) else key(landed)
