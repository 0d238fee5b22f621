"""Sites in the manner of what schools in the UK build theirs with: posts, days, words and the largest pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import CollectSite, photo, sha256

LONDON = ZoneInfo("Europe/London")
POSTS = (
    ("pond-dipping", "Pond dipping with Wrens", "Nine newts and a water boatman were counted.", date(2026, 3, 14)),
    ("bread-day", "Bread day in Owls", "The loaves were shared at the end of the afternoon.", date(2026, 3, 5)),
    ("kite-flying", "Kites over the field", "The wind took two of them to the church.", date(2026, 2, 27)),
)


@dataclass(frozen=True)
class Builder:
    """How one builder lays its sites out; {slug}, {title}, {words}, {day}, {small}, {large} and {number} are filled."""

    post: str
    """Address of a post."""
    item: str
    """A post in the list."""
    page: str
    """A post's own page."""
    small: str
    """Address of a picture as pages show it."""
    large: str
    """Address of the same picture at its largest."""
    day: str
    """How days are written, for strftime."""


BUILDERS = {
    "WordPress": Builder(
        "/2026/{slug}/",
        "<article class='post hentry'><h2 class='entry-title'><a href='{post}'>{title}</a></h2><time class='entry-date'"
        " datetime='{iso}'>{day}</time><div class='entry-summary'><p>{title} &hellip;</p></div></article>",
        "<main><article class='post hentry'><h1 class='entry-title'>{title}</h1><time class='entry-date' "
        "datetime='{iso}'>{day}</time><div class='entry-content'><p>{words}</p><figure class='wp-block-image'>"
        "<img class='wp-image-{number}' src='{small}'></figure></div></article></main>",
        "/wp-content/uploads/2026/03/{slug}-300x200.jpg", "/wp-content/uploads/2026/03/{slug}.jpg", "%d %B %Y",
    ),
    "e4education": Builder(
        "/news/?pid=3&nid=1&storyid={number}",
        "<div class='newsList'><div class='newsListTitle'><a href='{post}'>{title}</a></div><div class='newsListDate'>"
        "{day}</div><div class='newsListText'>{title} and more</div></div>",
        "<div id='contentBody'><h2 class='newsTitle'>{title}</h2><div class='newsDate'>{day}</div><div "
        "class='newsContent'><p>{words}</p><a class='fancybox' href='{large}'><img src='{small}'></a></div></div>",
        "/_files/thumbnails/{slug}_200.jpg", "/_files/images/{slug}.jpg", "%d/%m/%y",
    ),
    "PrimarySite": Builder(
        "/news/2026-03/{slug}/",
        "<li class='news-list__item'><a href='{post}'><h3>{title}</h3><span class='date'>{day}</span></a></li>",
        "<main id='content'><h1>{title}</h1><p class='news-date'>{day}</p><div class='ps_rich-text'><p>{words}</p>"
        "</div><img src='{small}'></main>",
        "/school/UploadedImage/{slug}_450x300.jpg", "/school/UploadedImage/{slug}.jpg", "%a %d %b %Y",
    ),
    "School Jotter": Builder(
        "/Blog/2026/03/{number}/{slug}",
        "<div class='blog-entry' onclick=\"location.href='{post}'\"><h3>{title}</h3><span class='date'>{day}</span>"
        "<p>{title}</p></div>",
        "<div class='main-content'><h1>{title}</h1><div class='date'>{day}</div><p>{words}</p><img src='{small}'>"
        "</div>",
        "/_site/data/files/images/thumb/{slug}.jpg", "/_site/data/files/images/{slug}.jpg", "%d %B %Y",
    ),
    "Schudio": Builder(
        "/news/detail/{slug}",
        "<div class='news-article'><h3><a href='{post}'>{title}</a></h3><small>{day}</small><p>{title}</p></div>",
        "<div class='page-content'><h1>{title}</h1><small>{day}</small><div class='article-body'><p>{words}</p>"
        "<img src='{small}'></div></div>",
        "/files/images/small/{slug}.jpg", "/files/images/large/{slug}.jpg", "%d-%m-%Y",
    ),
    "FSE": Builder(
        "/news-detail?item={number}",
        "<div class='news-block'><a href='{post}'><h4>{title}</h4></a><div class='news-block__date'>{day}</div></div>",
        "<div class='content'><h1>{title}</h1><p>{day}</p><p>{words}</p><img src='{small}'></div>",
        "/images/{slug}.jpg?width=300", "/images/{slug}.jpg", "%d.%m.%y",
    ),
    "Weebly": Builder(
        "/blog/{slug}",
        "<div class='blog-post' id='{number}'><h2 class='blog-title'><a class='blog-title-link' href='{post}'>{title}"
        "</a></h2><p class='blog-date'><span class='date-text'>{day}</span></p><div class='blog-content'>"
        "<div class='paragraph'>{words}</div></div></div>",
        "<div id='wsite-content'><div class='blog-post'><h2 class='blog-title'><a href='{post}'>{title}</a></h2>"
        "<p class='blog-date'><span class='date-text'>{day}</span></p><div class='blog-content'><div class='paragraph'>"
        "{words}</div><img src='{small}'></div></div></div>",
        "/uploads/1/2/3/4/1234/{slug}.jpg", "/uploads/1/2/3/4/1234/{slug}_orig.jpg", "%d/%m/%Y",
    ),
    "Wix": Builder(
        "/post/{slug}",
        "<div data-hook='post-list-item'><a href='{post}'><h2 data-hook='post-title'>{title}</h2></a><span "
        "data-hook='time-ago' title='{day}'>Mar</span><div data-hook='post-description'>{title}</div></div>",
        "<article><h1 data-hook='post-title'>{title}</h1><span data-hook='time-ago' title='{day}'>Mar</span>"
        "<div data-hook='post-description'><p>{words}</p><wow-image><img src='{small}'></wow-image></div></article>",
        "/media/{slug}~mv2.jpg/v1/fill/w_300,h_200,q_80/{slug}~mv2.jpg", "/media/{slug}~mv2.jpg", "%b %d, %Y",
    ),
    "Squarespace": Builder(
        "/news/{slug}",
        "<article class='BlogList-item hentry'><time class='Blog-meta-item--date' datetime='{iso}'>{day}</time>"
        "<h1 class='BlogList-item-title'><a href='{post}'>{title}</a></h1></article>",
        "<main><article class='BlogItem hentry'><h1 class='BlogItem-title'>{title}</h1><time class="
        "'Blog-meta-item--date' datetime='{iso}'>{day}</time><p>{words}</p><img class='thumb-image' data-src='{small}' "
        "data-image='{small}'></article></main>",
        "/content/v1/aa/1-XYZ/{slug}.jpg", "/content/v1/aa/1-XYZ/{slug}.jpg?format=original", "%B %d, %Y",
    ),
    "Google Sites": Builder(
        "/news/{slug}",
        "<section><p><a href='{post}'>{title}</a></p><p>{day}</p></section>",
        "<div role='main'><section><h1>{title}</h1><p>{day}</p><p class='zfr3Q'>{words}</p><img src='{small}'>"
        "</section></div>",
        "/sitesv/{slug}=w1280", "/sitesv/{slug}=w16383", "%d %B %Y",
    ),
    "Ghost": Builder(
        "/{slug}/",
        "<article class='gh-card post'><a href='{post}'><h3 class='gh-card-title'>{title}</h3><time datetime='{iso}'>"
        "{day}</time></a></article>",
        "<main><article class='gh-article post'><h1 class='gh-article-title'>{title}</h1><time datetime='{iso}'>{day}"
        "</time><section class='gh-content'><p>{words}</p><img src='{small}'></section></article></main>",
        "/content/images/size/w600/2026/03/{slug}.jpg", "/content/images/2026/03/{slug}.jpg", "%d %b %Y",
    ),
    "Drupal": Builder(
        "/node/{number}",
        "<div class='views-row'><span class='field--name-title'><a href='{post}'>{title}</a></span><span "
        "class='field--name-created'>{day}</span><p>{title} and more</p></div>",
        "<main><article><h1>{title}</h1><span class='field--name-created'>{day}</span><div class='field--name-body'>"
        "<p>{words}</p><img src='{small}'></div></article></main>",
        "/sites/default/files/styles/large/public/{slug}.jpg?itok=x", "/sites/default/files/{slug}.jpg", "%d %B %Y",
    ),
    "Joomla": Builder(
        "/index.php?option=com_content&view=article&id={number}",
        "<div class='com-content-category-blog__item'><h2><a href='{post}'>{title}</a></h2><dd class='published'><time "
        "datetime='{iso}'>{day}</time></dd><p>{title}</p></div>",
        "<div class='item-page'><h1>{title}</h1><dd class='published'><time datetime='{iso}'>{day}</time></dd>"
        "<div itemprop='articleBody'><p>{words}</p><img src='{small}'></div></div>",
        "/images/news/thumbs/{slug}.jpg", "/images/news/{slug}.jpg", "%d %B %Y",
    ),
}  # fmt: skip


def build(site: LittleServer, builder: Builder) -> list[str]:
    """Lay a site out as the builder does; return the addresses of its posts."""
    items, addresses = [], []
    for number, (slug, title, words, day) in enumerate(POSTS, 41):
        post = builder.post.format(slug=slug, number=number)
        small, large = builder.small.format(slug=slug), builder.large.format(slug=slug)
        filled = {
            "slug": slug, "title": title, "words": words, "day": day.strftime(builder.day), "iso": day.isoformat(),
            "small": small, "large": large, "number": number, "post": post.replace("&", "&amp;"),
        }  # fmt: skip
        items.append(builder.item.format(**filled))
        addresses.append(post)
        site.routes[post] = f"<html><head><title>{title} | Larkmere</title></head>" + builder.page.format(**filled)
        site.routes[small] = Answer(photo(slug, 150, 100), "image/jpeg")
        site.routes[large] = Answer(photo(slug, 900, 600), "image/jpeg")
    site.routes["/latest"] = f"<html><head><title>News</title></head><body><main>{''.join(items)}</main></body></html>"
    site.routes["/"] = "<ul class='menu'><li><a href='/latest'>News</a></li></ul><main><p>Welcome.</p></main>"
    return addresses


@pytest.mark.parametrize("name", BUILDERS)
def test_a_site_of_this_make_is_read_whole(name: str, site: LittleServer, collect: CollectSite) -> None:
    addresses = build(site, BUILDERS[name])
    found = collect()
    told = {address: found.posts[address] for address in addresses if address in found.posts}
    assert list(told) == addresses
    for address, (slug, title, words, day) in zip(addresses, POSTS, strict=True):
        post = told[address]
        assert (post.title, words in post.text) == (title, True)
        assert post.published_at
        assert post.published_at.astimezone(LONDON).date() == day
        assert [use.sha256 for use in post.photos] == [sha256(photo(slug, 900, 600))]
    assert found.coverage.status == "complete"
