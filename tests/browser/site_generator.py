"""Little sites whose builder's traits are drawn at random, each with the truth about what it publishes."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.browser.little_server import Answer, Asked, LittleServer, Route
from tests.browser.site_ways import DOT, card, coded, dot, entrance, from_a_file, onward, with_sessions
from tests.browser.small_site import photo, sha256

_NOUNS = [
    "robins",
    "wrens",
    "owls",
    "larks",
    "finches",
    "swifts",
    "doves",
    "jays",
    "kites",
    "terns",
    "rooks",
    "teals",
    "geese",
    "swans",
    "crows",
    "herons",
]
_DEEDS = (
    "planted beans beside the pond", "baked bread for the harvest table", "measured puddles after the storm",
    "sang to the post office queue", "built a den with sheets and pegs", "counted ladybirds on the fence",
    "painted with muddy wheels", "sorted leaves by their edges", "flew paper fish at lunch",
    "made a museum of shells", "wrote letters to the milkman", "raced snails along a ruler",
)  # fmt: skip
ADDRESSES: dict[str, str] = {
    "path": "/news/{slug}/",
    "number in the path": "/news/{number}",
    "dated path": "/2026/03/{day:02d}/{slug}",
    "ending": "/stories/{slug}.html",
    "sid": "/story.php?sid={number}",
    "action": "/news.asp?action=view&id={number}",
    "page": "/index.php?page={number}",
    "ref": "/article.php?ref={number}",
    "q": "/show.php?q={slug}",
    "share": "/item/?share={number}",
    "format": "/item/?format=html&id={number}",
    "filter": "/news/?filter={slug}",
    "register": "/register/{slug}/",
    "print": "/print/{slug}/",
    "search": "/search/{slug}",
    "tag": "/tag/{slug}/",
    "three parts": "/news/?pid=3&nid=1&storyid={number}",
    "route of folders": "/our-school/news/spring/{slug}",
}
# Drawn for a third of the sites, after all else, so that the others stay what they were.
FURTHER_ADDRESSES: dict[str, str] = {
    "index in the path": "/index.php/news/{slug}",
    "blanks": "/our%20news/{number}%20{slug}",
    "accents": "/newyddion/d%C5%B5r-{slug}",
    "capitals": "/News/View.ASPX?ItemID={number}",
    "commas": "/news,{number},{slug}.htm",
    "bare number": "/news.asp?{number}",
    "dots": "/news/{number}.{slug}/",
    "letters and numbers": "/page?guid=8f1c{number}a0b",
    "two numbers": "/content.cfm?section=2&item={number}",
    "parts of a page": "/all-news#item-{number}",
    "tilde": "/~office/news/{slug}",
    "short": "/n{number}",
}
DATES: dict[str, Callable[[date], str]] = {
    "none": lambda day: "",
    "time": lambda day: f"<time datetime='{day}'>{day.day} {day:%B} {day.year}</time>",
    "long": lambda day: f"<p class='date'>{day.day} {day:%B} {day.year}</p>",
    "ordinal": lambda day: f"<span class='newsDate'>{day.day}th {day:%B} {day.year}</span>",
    "strokes": lambda day: f"<div class='newsDate'>{day:%d/%m/%Y}</div>",
    "two digits": lambda day: f"<div class='newsDate'>{day:%d/%m/%y}</div>",
    "dots": lambda day: f"<div>{day:%d.%m.%y}</div>",
    "short dots": lambda day: f"<i>{day.day}.{day.month}.{day:%y}</i>",
    "hyphens": lambda day: f"<div class='when'>{day:%d-%m-%Y}</div>",
    "short month": lambda day: f"<div>{day.day}-{day:%b}-{day.year}</div>",
    "weekday": lambda day: f"<b>{day:%a} {day.day}th {day:%b} {day:%y}</b>",
    "American": lambda day: f"<p>{day:%B} {day.day}, {day.year}</p>",
    "Welsh": lambda day: f"<p>{day.day} Mawrth {day.year}</p>",
    "without a year": lambda day: f"<span>{day.day} {day:%B}</span>",
}
PAGERS = ("none", "number", "folder", "next", "offset", "arrow", "load more", "falls back", "runs on", "chain")
CARDS = ("title", "whole card", "read more", "onclick", "data", "script", "undated words")
FURTHER_PAGERS = ("select", "form", "months", "fetched", "letters", "days", "data")
FURTHER_CARDS = ("area", "picture alone", "row", "form", "from a file", "frame")
ENTRANCES = ("frameset", "meta refresh", "image map", "select", "written by script", "footer", "splash")
CODINGS = ("windows-1252", "capital letters", "base", "steps", "nothing but a body", "session in the path")
UNLINKED = ("feed", "sitemap", "robots' sitemap")
WALLS = ("none", "none", "none", "overlay", "behind consent")
EXTRAS = (
    "hot-link guard", "html twins", "print twins", "calendar", "robots", "sitemap", "capped interface",
    "dead pictures", "growing paths", "deep menu", "mirrored host",
)  # fmt: skip
_MIRROR = "http://www.larkmere-school.example"
# What needs a browser costs seconds, so it is drawn less often.
_SCRIPTED = {"load more", "script", "behind consent", "overlay", "onclick", "fetched", "data", "from a file"}


@dataclass(frozen=True)
class Traits:
    """What a site was drawn to be."""

    address: str
    dates: str
    pager: str
    cards: str
    wall: str
    extras: frozenset[str]
    posts: int
    entrance: str = "menu"
    coding: str = "utf-8"
    unlinked: str = "none"


@dataclass(frozen=True)
class Truth:
    """One post that the site publishes."""

    path: str
    words: str
    photos: frozenset[str]


def draw(seed: int) -> Traits:
    """Return the traits of the site with this number."""
    dice = random.Random(seed)

    def one(of: tuple[str, ...]) -> str:
        drawn = dice.choice(of)
        return drawn if drawn not in _SCRIPTED or dice.random() < 0.25 else of[0]

    extras = frozenset(extra for extra in EXTRAS if dice.random() < 0.15)
    traits = Traits(
        dice.choice(tuple(ADDRESSES)), dice.choice(tuple(DATES)), one(PAGERS), one(CARDS), one(WALLS), extras,
        dice.randint(3, 9),
    )  # fmt: skip

    def further(drawn: str, of: tuple[str, ...], often: float = 0.3) -> str:
        return one(of) if dice.random() < often else drawn

    further_pager = further(traits.pager, FURTHER_PAGERS)
    further_cards = further(traits.cards, FURTHER_CARDS)
    return replace(
        traits, address=further(traits.address, tuple(FURTHER_ADDRESSES)), pager=further_pager, cards=further_cards,
        entrance=further("menu", ENTRANCES, 0.25), coding=further("utf-8", CODINGS, 0.25),
        unlinked=further("none", UNLINKED, 0.1),
    )  # fmt: skip


class MadeSite:
    """One generated site on a little server."""

    def __init__(self, seed: int, server: LittleServer) -> None:
        self.traits = draw(seed)
        self.server = server
        self.truth: list[Truth] = []
        self._dice = random.Random(seed * 7919)
        self._cards: list[str] = []
        self._pages: dict[str, Route] = {}
        self._list = self._dice.choice(["/latest/", "/news-list/", "/all.php", "/list/?kind=news"])
        for number in range(self.traits.posts):
            self._add_post(number)
        self._chain()
        self._leave_unlinked()
        self._add_lists()
        self._add_extras()
        self._pages[DOT] = dot()
        start = self._start()
        routes = {path: coded(self.traits.coding, path, route) for path, route in {**self._pages, **start}.items()}
        server.routes = with_sessions(routes) if self.traits.coding == "session in the path" else routes

    def _add_post(self, number: int) -> None:
        noun, deed = self._dice.choice(_NOUNS), self._dice.choice(_DEEDS)
        title = f"{noun.capitalize()} {deed} {_NOUNS[number]}"
        day = date(2026, 3, 28) - timedelta(days=2 * number)
        slug = title.lower().replace(" ", "-")
        address = {**ADDRESSES, **FURTHER_ADDRESSES}[self.traits.address]
        path = address.format(slug=slug, number=40 + number, day=day.day)
        said = "said the café’s" if self.traits.coding == "windows-1252" else "said"
        words = f"{title}, {said} {self._dice.choice(_NOUNS)} {self._dice.choice(_NOUNS)} to number {number}."
        pictures = [f"/pictures/{slug}-{place}.jpg" for place in range(self._dice.randint(0, 2))]
        for picture in pictures:
            self._pages[picture] = self._picture(picture)
        shown = "".join(f"<img src='{picture}' width='320' height='240' alt=''>" for picture in pictures)
        if "dead pictures" in self.traits.extras:
            shown += f"<img src='/gone/{slug}.jpg' width='320' height='240' alt=''>"
        stamp = DATES[self.traits.dates](day)
        self.truth.append(Truth(path, words, frozenset(sha256(photo(picture)) for picture in pictures)))
        whole, _, part = path.partition("#")
        if part:
            inside = f"<div id='{part}'><h2>{title}</h2>{stamp}<p>{words}</p>{shown}</div><!--next-->"
            known = str(self._pages.get(whole) or self._page("<h1>All our news</h1><!--next-->", "All news"))
            self._pages[whole] = known.replace("<!--next-->", inside)
        else:
            self._pages[path] = self._page(f"<h1>{title}</h1>{stamp}<p>{words}</p>{shown}<!--next-->", title)
        self._cards.append(self._card(path, title, stamp))

    def _picture(self, path: str) -> Route:
        picture = Answer(photo(path), "image/jpeg")
        if "hot-link guard" not in self.traits.extras:
            return picture

        def guarded(asked: Asked) -> Answer:
            ours = asked.headers.get("referer", "").startswith(self.server.url)
            return picture if ours else Answer("<h1>Forbidden</h1>", status=403)

        return guarded

    def _page(self, body: str, title: str) -> str:
        return (
            f"<!doctype html><html><head><meta charset='utf-8'><title>{title} | Larkmere</title></head><body>"
            f"<ul class='menu'><li><a href='/'>Home</a></li></ul><div id='content'>{body}</div></body></html>"
        )

    def _card(self, path: str, title: str, stamp: str) -> str:
        words = "A few words about the day they had together."
        href = path.replace("&", "&amp;")
        if self.traits.cards in FURTHER_CARDS:
            return card(self.traits.cards, href, title, stamp, len(self._cards))
        return {
            "title": f"<div class='item'><h3><a href='{href}'>{title}</a></h3>{stamp}<p>{words}</p></div>",
            "whole card": f"<a class='tile' href='{href}'><h3>{title}</h3>{stamp}<p>{words}</p></a>",
            "read more": f"<div class='item'><h3>{title}</h3>{stamp}<p>{words}"
            f" <a href='{href}'>Read more</a></p></div>",
            "onclick": f"<div class='item' onclick=\"location.href='{href}'\"><h3>{title}</h3>{stamp}<p>{words}</p>"
            "</div>",
            "data": f"<div class='item' data-href='{href}'><h3>{title}</h3>{stamp}<p>{words}</p></div>",
            "script": f"<div class='item clickable' style='cursor:pointer' id='c{len(self._cards)}'><h3>{title}</h3>"
            f"{stamp}<p>{words}</p></div>",
            "undated words": f"<p><a href='{href}'>{title}</a></p>",
        }[self.traits.cards]

    def _scripted(self, shown: list[int]) -> str:
        if self.traits.cards != "script":
            return ""
        targets = json.dumps({f"c{number}": self.truth[number].path for number in shown})
        return (
            f"<script>for (const [name, target] of Object.entries({targets})) {{ const card = document.getElementById"
            "(name); if (card) card.addEventListener('click', () => { location.href = target; }); }</script>"
        )

    def _chain(self) -> None:
        """Let each post lead to the next, where that is the only way to the later ones."""
        if self.traits.pager != "chain" or "#" in self.truth[0].path:
            return
        for one, other in zip(self.truth, self.truth[1:], strict=False):
            page = str(self._pages[one.path])
            self._pages[one.path] = page.replace("<!--next-->", f"<a href='{other.path}'>{other.words[:12]}</a>")

    def _leave_unlinked(self) -> None:
        """Let no list lead to the last post, where the site names it to machines alone."""
        last = self.truth[-1]
        if self.traits.unlinked == "none" or self.traits.pager in ("chain", "load more") or "#" in last.path:
            return
        self._cards.pop()
        url = f"{self.server.url}{_escaped(last.path)}"
        if self.traits.unlinked == "feed":
            item = f"<item><title>Last</title><link>{url}</link></item>"
            feed = f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>"
            self._pages["/feed.xml"] = Answer(feed, "application/rss+xml")
            return
        xml = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{url}</loc></url></urlset>"
        place = "/sitemap.xml" if self.traits.unlinked == "sitemap" else "/map-7.xml"
        self._pages[place] = Answer(xml, "application/xml")
        if place == "/map-7.xml":
            self._pages["/robots.txt"] = Answer(f"Sitemap: {self.server.url}{place}", "text/plain")

    def _add_lists(self) -> None:
        if self.traits.pager in ("letters", "days"):
            self._add_index()
            return
        each = 3 if self.traits.pager not in ("none", "chain") else 99
        cuts = [list(range(first, min(first + each, len(self._cards)))) for first in range(0, len(self._cards), each)]
        if self.traits.pager == "chain":
            cuts = [[0]]
        head, _, query = self._list.partition("?")
        joint = f"{self._list}&" if query else f"{self._list}?"
        addresses: list[str] = [self._list]
        for number in range(1, len(cuts)):
            addresses.append({
                "folder": f"{head.rstrip('/')}/page/{number + 1}/",
                "offset": f"{joint}start={number * each}",
                "months": f"{joint}month={date(2026, 3 - number, 1):%Y-%m}",
            }.get(self.traits.pager, f"{joint}pg={number + 1}"))  # fmt: skip
        if self.traits.pager == "load more":
            self._pages[self._list] = self._page(self._load_more(cuts), "News")
            return
        for number, shown in enumerate(cuts):
            following = addresses[number + 1] if number + 1 < len(cuts) else ""
            self._pages[addresses[number]] = self._list_page(shown, self._links_on(addresses, number, following))
        if self.traits.pager in ("falls back", "runs on"):
            self._without_end(head, joint, cuts)

    def _add_index(self) -> None:
        """Let the list be one of letters or of days, most of which hold nothing."""
        names = [str(day) for day in range(1, 32)] if self.traits.pager == "days" else list(string.ascii_uppercase)
        head, _, query = self._list.partition("?")
        joint = f"{head}?{query}&{self.traits.pager}=" if query else f"{head}?{self.traits.pager}="
        links = "".join(f"<a href='{joint}{name}'>{name}</a> " for name in names)
        self._pages[self._list] = self._page(f"<h1>News</h1><p>Choose below.</p>{links}", "News")
        for name in names:
            shown = [
                number
                for number in range(len(self._cards))
                if name in (str(28 - 2 * number), self.truth[number].words[0])
            ]
            body = (
                self._list_page(shown, "") if shown else self._page(f"<h1>News</h1><p>Nothing at {name}.</p>", "News")
            )
            self._pages[f"{joint}{name}"] = body

    def _links_on(self, addresses: list[str], number: int, following: str) -> str:
        if self.traits.pager in FURTHER_PAGERS:
            return onward(self.traits.pager, addresses, number, following)
        if self.traits.pager == "number":
            numbers = "".join(f"<a href='{address}'>{place}</a> " for place, address in enumerate(addresses, 1))
            return f"<div class='pagination'>{numbers}</div>" if len(addresses) > 1 else ""
        words = {"arrow": "»", "offset": "Older entries", "folder": "Next page"}.get(self.traits.pager, "Next")
        return f"<div class='pager'><a href='{following}'>{words}</a></div>" if following else ""

    def _without_end(self, head: str, joint: str, cuts: list[list[int]]) -> None:
        """Answer every number: with the last page again, or with a page that says there is nothing."""

        def page(asked: Asked) -> str:
            number = int((parse_qs(urlsplit(asked.path).query).get("pg") or ["1"])[0])
            onward = f"<div class='pager'><a href='{joint}pg={number + 1}'>Next</a></div>"
            if number > len(cuts) and self.traits.pager == "runs on":
                return self._page(f"<h1>News</h1><p>Page {number}: there is nothing here.</p>{onward}", "News")
            return self._list_page(cuts[min(number, len(cuts)) - 1], onward)

        for path in [path for path in self._pages if path.startswith(head) and "pg=" in path]:
            del self._pages[path]
        self._pages[head] = page
        self._pages.pop(self._list if self._list != head else "", None)

    def _list_page(self, shown: list[int], onward: str) -> str:
        cards = "".join(self._cards[number] for number in shown)
        if "mirrored host" in self.traits.extras:
            cards = cards.replace("<a href='/", f"<a href='{_MIRROR}/")
        # A script within a page that another script puts in (innerHTML) never runs: no visitor would see its cards.
        if self.traits.cards == "from a file" and self.traits.pager != "fetched":
            file = f"/cards-{'-'.join(map(str, shown))}.json"
            cards, self._pages[file] = from_a_file(cards, file)
        body = f"<h1>News</h1><div id='shown'>{cards}</div>{onward}{self._scripted(shown)}"
        if self.traits.wall == "overlay":
            body += (
                "<div class='cookie-box' style='position:fixed;inset:0;background:#0009'><p>We use cookies.</p>"
                "<button>OK</button></div><script>document.querySelector('.cookie-box button').onclick = "
                "() => document.querySelector('.cookie-box').remove()</script>"
            )
        if self.traits.wall == "behind consent":
            body = (
                "<div role='dialog' aria-modal='true' style='position:fixed;inset:0;background:#fff'><h2>Cookies</h2>"
                "<p>We value your privacy.</p><button id='ok'>Accept all</button></div><div id='late'></div><script>"
                "document.getElementById('ok').onclick = () => { document.querySelector('[role=dialog]').remove(); "
                f"document.getElementById('late').innerHTML = {_as_script(body)} }}</script>"
            )
        return self._page(body, "News")

    def _load_more(self, cuts: list[list[int]]) -> str:
        groups = _as_script(["".join(self._cards[number] for number in shown) for shown in cuts])
        return (
            "<h1>News</h1><div id='list'></div><button id='more'>Load more</button><script>let n = 0; const G = "
            f"{groups}; const add = () => {{ document.getElementById('list').insertAdjacentHTML('beforeend', G[n++]); "
            "if (n >= G.length) document.getElementById('more').remove(); }; document.getElementById('more').onclick "
            f"= add; add();</script>{self._delegated()}"
        )

    def _delegated(self) -> str:
        """Let the list itself hear the clicks on its cards, those that come later too."""
        if self.traits.cards != "script":
            return ""
        targets = json.dumps({f"c{number}": truth.path for number, truth in enumerate(self.truth)})
        return (
            f"<script>const T = {targets}; document.getElementById('list').addEventListener('click', (event) => {{ "
            "const card = event.target.closest('.clickable'); if (card) location.href = T[card.id]; });</script>"
        )

    def _add_extras(self) -> None:
        extras = self.traits.extras
        for truth in self.truth if "#" not in self.truth[0].path else []:
            page = self._pages[truth.path]
            variants = []
            if "html twins" in extras and "?" not in truth.path and not truth.path.endswith(".html"):
                variants.append(truth.path.rstrip("/") + ".html")
            if "print twins" in extras:
                variants.append(truth.path + ("&" if "?" in truth.path else "?") + "view=print")
            links = "".join(f"<p class='tools'><a href='{variant}'>Print</a></p>" for variant in variants)
            whole = str(page).replace("</body>", f"{links}</body>")
            for path in (truth.path, *variants):
                self._pages[path] = whole
        if "robots" in extras and self.traits.pager != "chain" and "/robots.txt" not in self._pages:
            self._pages["/robots.txt"] = Answer(
                "User-agent: *\nDisallow: /register/\nDisallow: /*sid=42$", "text/plain"
            )
        if "sitemap" in extras and "/sitemap.xml" not in self._pages:
            urls = "".join(f"<url><loc>{self.server.url}{_escaped(t.path)}</loc></url>" for t in self.truth[:2])
            xml = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
            self._pages["/sitemap.xml"] = Answer(xml, "application/xml")
        if "calendar" in extras:
            self._pages["/diary"] = self._month
        if "growing paths" in extras:
            growing = self._page("<h1>Clubs</h1><p>Clubs begin after the half term.</p><a href='chess/'>Chess</a>", "x")
            self._pages |= {"/clubs/" + "chess/" * depth: growing for depth in range(12)}
        if "capped interface" in extras:
            self._add_interface()

    def _month(self, asked: Asked) -> str:
        number = int((parse_qs(urlsplit(asked.path).query).get("month") or ["0"])[0])
        name = f"{date(2026 + number // 12, number % 12 + 1, 1):%B %Y}"
        return self._page(f"<h1>{name}</h1><p>Nothing this month.</p><a href='/diary?month={number + 1}'>Next</a>", "x")

    def _add_interface(self) -> None:
        """A WordPress interface that gives two items a page, whatever is asked."""

        def posts(asked: Asked) -> Answer:
            page = int((parse_qs(urlsplit(asked.path).query).get("page") or ["1"])[0])
            shown = list(enumerate(self.truth))[(page - 1) * 2 : page * 2]
            items = [
                {"id": number + 1, "link": f"{self.server.url}{truth.path}", "status": "publish",
                 "date_gmt": "2026-03-02T09:00:00", "title": {"rendered": truth.words[:20]},
                 "content": {"rendered": f"<p>{truth.words}</p>", "protected": False}}
                for number, truth in shown
            ]  # fmt: skip
            total = {"X-WP-Total": str(len(self.truth))} if self.traits.posts % 2 else {}
            if not items and page > 1:
                return Answer("{}", "application/json", status=400)
            return Answer(json.dumps(items), "application/json", headers=total)

        self._pages |= {"/wp-json/wp/v2/posts": posts, "/wp-json/wp/v2/types": Answer("{}", "application/json")}
        self._pages |= {f"/wp-json/wp/v2/{name}": Answer("[]", "application/json") for name in ("pages", "comments")}

    def _start(self) -> dict[str, Route]:
        """Return the start page and what belongs to it."""
        deep = "deep menu" in self.traits.extras
        links = {"Classes": "/classes"} if deep else {"News": self._list}
        if deep:
            self._pages["/classes"] = self._page(
                f"<h1>Classes</h1><p>See <a href='{self._list}'>the list</a>.</p>", "x"
            )
        if "calendar" in self.traits.extras:
            links["Diary"] = "/diary"
        if "growing paths" in self.traits.extras:
            links["Clubs"] = "/clubs/"
        menu = "".join(f"<li><a href='{address}'>{name}</a></li>" for name, address in links.items())
        whole = self._page(f"<h1>Welcome</h1><p>Welcome to our school.</p><ul>{menu}</ul>", "Larkmere")
        pages = {"/": whole} if self.traits.entrance == "menu" else entrance(self.traits.entrance, links, self._page)
        return {path: self._headed(str(page)) for path, page in pages.items()}

    def _headed(self, page: str) -> str:
        if "/feed.xml" in self._pages:
            page = page.replace("<head>", "<head><link rel='alternate' type='application/rss+xml' href='/feed.xml'>")
        if "capped interface" in self.traits.extras:
            page = page.replace("<head>", "<head><link rel='https://api.w.org/' href='/wp-json/'>")
        if "mirrored host" in self.traits.extras:
            page = page.replace("<head>", f"<head><link rel='canonical' href='{_MIRROR}/'>")
        return page


def _as_script(value: object) -> str:
    return json.dumps(value).replace("</", "<\\/")


def _escaped(path: str) -> str:
    return path.replace("&", "&amp;")
