"""A page of entries under days of their own is parted into posts; a page that is one post, or a plan, is not."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from auditbot.collect.browser.page import RenderedPage
from auditbot.collect.html.dom import parse
from auditbot.collect.net.urls import Site
from auditbot.collect.post.links import Lead, Origin
from auditbot.collect.post.listing import posts_on

URL = "https://larkmere.example/oak"
ZONE = ZoneInfo("Europe/London")
DAYS = ["Monday 8th June 2026", "Friday 5 June 2026", "01.06.2026", "26 May 2026"]
SAID = [
    "We found eleven snails under the old log by the fence.",
    "The kites flew higher than the oak tree this time.",
    "Paint everywhere, and a very proud class of artists.",
    "Our beans are taller than the teacher now, see below.",
]
BOTH = list(zip(DAYS, SAID, strict=True))
WAYS = {
    "rules between": "".join(f"<p><b>{day}</b></p><p>{said}</p><img src='/{at}.jpg'><hr>"
                             for at, (day, said) in enumerate(BOTH)),
    "rules between, without a year": "".join(
        f"<p><b>{day.removesuffix(' 2026')}</b></p><p>{said}</p><img src='/{at}.jpg'><hr>"
        for at, (day, said) in enumerate(BOTH)
    ),
    "a heading, then the day": "".join(f"<h3>A story</h3><p><em>{day}</em></p><p>{said}</p>" for day, said in BOTH),
    "a heading with the day": "<p>Welcome to the page of our class.</p>"
    + "".join(f"<h2>Snails – {day}</h2><p>{said}</p>" for day, said in BOTH),
    "a long heading with the day": "".join(
        f"<h3>{day} – Anti bullying week and odd socks</h3><p>{said}</p>" for day, said in BOTH
    ),
    "cards": "<div>" + "".join(f"<div class='c{at}'><p><span>Class</span> <span>{day}</span></p><p>{said}</p></div>"
                               for at, (day, said) in enumerate(BOTH)) + "</div>",
    "signed at the end": "".join(f"<p>{said}</p><p><i>{day}</i></p>" for day, said in BOTH),
    "under the author's name": "".join(
        f"<div><h3>A story</h3><div>Posted on {day} by Miss Larch</div><p>{said}</p></div>" for day, said in BOTH
    ),
    "terms of several lists": "<h2>2025-26</h2>"
    + "".join(f"<h3>Half term</h3><dl>{two}</dl>" for two in (
        "".join(f"<dt>Week of {day.removesuffix(' 2026').replace('01.06.2026', '1st June')}</dt><dd>{said}</dd>"
                for day, said in BOTH[at : at + 2]) for at in (0, 2))),
    "rows of a table": "<table><tr><th>Date</th><th>Title</th><th>News</th></tr>" + "".join(
        f"<tr><td>{day}</td><td>A story</td><td>{said}</td></tr>" for day, said in BOTH) + "</table>",
    "two rows each of a table": "<table>" + "".join(
        f"<tr><td><b>A story</b></td><td>{day}</td></tr><tr><td colspan=2>{said}</td></tr>" for day, said in BOTH)
    + "</table>",
    "rows of a table in a table": "<table><tr><td>Menu</td><td><table>" + "".join(
        f"<tr><td>A story</td><td>{day}</td><td>{said}</td></tr>" for day, said in BOTH) + "</table></td></tr></table>",
    "terms with a day and a title": "<dl>" + "".join(
        f"<dt>{day} – A story</dt><dd>{said}</dd>" for day, said in BOTH) + "</dl>",
    "loose words": "".join(f"<b>{day}</b><br>{said}<br><br>" for day, said in BOTH),
}  # fmt: skip


def parted(body: str, origin: Origin = "link") -> list[tuple[str, date | None, str, int]]:
    """Return address, day, words and number of photos of each post on a page."""
    html = f"<html><body><main><h1>Oak class</h1>{body}</main></body></html>"
    page, tree = RenderedPage(URL, 200, {}, html, URL), parse(html)
    blocks, _ = posts_on(page, tree, Lead(URL, origin), Site("https://larkmere.example/"), ZONE)
    drafts = [block.draft for block in blocks]
    days = [draft.published_at.date() if draft.published_at else None for draft in drafts]
    return [(draft.url, day, draft.text, len(draft.photos)) for draft, day in zip(drafts, days, strict=True)]


@pytest.mark.parametrize("way", WAYS)
def test_each_entry_has_its_own_day_words_and_address(way: str) -> None:
    found = parted(WAYS[way])
    days = ["2026-06-08", "2026-06-05", "2026-06-01", "2026-05-26"]
    assert [(url, str(day)) for url, day, _, _ in found] == [(f"{URL}#{day}", day) for day in days]
    assert all(own in text and not any(other in text for other in SAID if other != own)
               for (_, _, text, _), own in zip(found, SAID, strict=True))  # fmt: skip
    assert [count for _, _, _, count in found] == ([1] * 4 if "rules" in way else [0] * 4)


def test_two_entries_of_one_day_have_two_addresses() -> None:
    body = "".join(f"<p><b>8 June 2026</b></p><p>{said}</p>" for said in SAID)
    assert [url.partition("#")[2] for url, *_ in parted(body)] == [
        "2026-06-08", "2026-06-08-2", "2026-06-08-3", "2026-06-08-4"]  # fmt: skip


def test_a_fold_of_several_entries_is_parted_too() -> None:
    cards = [f"<div class='e'><h3>Story</h3><p>{day}</p><p>{said}</p></div>" for day, said in BOTH]
    found = parted(
        f"<div>{cards[0]}{cards[1]}<details><summary>Spring term</summary>{cards[2]}{cards[3]}</details></div>"
    )
    assert [str(day) for _, day, _, _ in found] == ["2026-06-08", "2026-06-05", "2026-06-01", "2026-05-26"]
    assert [text.count("Story") for _, _, text, _ in found] == [0, 0, 0, 0]


WHOLE = {
    "one post": "<p>6 June 2026</p><p>It was a lovely day and we all had cake.</p>",
    "terms": "<ul>" + "".join(f"<li>{day}: term begins</li>" for day in DAYS) + "</ul>",
    "days in a table": "<table>"
    + "".join(f"<tr><td>{day}</td><td>{said}</td></tr>" for day, said in BOTH)
    + "</table>",
    "days that jump": "".join(
        f"<p><b>{day}</b></p><p>{said}</p>" for day, said in [BOTH[0], BOTH[3], BOTH[1], BOTH[2]]
    ),
    "letters": "".join(f"<p>{day}</p><p><a href='/{at}.pdf'>Letter</a></p>" for at, day in enumerate(DAYS)),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_no_list_of_entries_is_left_whole(kind: str) -> None:
    assert parted(WHOLE[kind]) == []


def test_a_post_that_the_site_lists_itself_is_one_post() -> None:
    assert parted(WAYS["rules between"], "listing") == []
