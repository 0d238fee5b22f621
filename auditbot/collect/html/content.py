"""Which part of a page is its own content, and which is the site around it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.html.comments import AREAS, comment_nodes
from auditbot.collect.html.dom import (
    ancestors,
    attribute,
    hidden,
    ids,
    inside,
    line_of,
    meta,
    outermost,
    select,
    text_of,
)
from auditbot.collect.net.urls import absolute, key

ARTICLES = (
    "article, .hentry, .h-entry, [itemtype*='schema.org/Article'], [itemtype$='BlogPosting'], [itemtype$='NewsArticle']"
)
_MAINS = (
    "main",
    "[role=main]",
    "#main-content",
    "#mainContent",
    "#maincontent",
    ".mainContent",
    "#content",
    "#main",
    ".site-content",
    ".main-content",
    ".page-content",
    ".content",
    "#page-content",
)
_BODIES = (
    ".e-content, .entry-content, [itemprop=articleBody], .post-content, .wp-block-post-content, .gh-content, "
    ".post-full-content, .article-content, .article-body, .post-body, .blog-item-content, .post__content, "
    ".news-content"
)
_AROUND = (
    "nav, aside, [role=navigation], [role=complementary], [role=search], [role=banner], [role=contentinfo], .sidebar, "
    ".widget-area, .breadcrumb, .breadcrumbs, .post-navigation, .nav-links, .pagination, .navigation, .site-header, "
    ".site-footer, .related-posts, .jp-relatedposts, .yarpp-related, .related, .sharedaddy, .share-buttons, "
    ".social-share, .screen-reader-text, .skip-link, .cookie-notice, #cookie-notice, .cookie-banner, "
    "[class*=cookie-consent], .post-password-form, .author-box, .author-bio, #wpadminbar, "
    "#menu, #nav, #navigation, #navbar, .navbar, #main-menu, .main-menu, .nav-menu, .main-nav, .site-nav, "
    "[id^=cookie], [aria-modal=true].cookie, .read-more-wrap"
)
_NOT_FOUND = re.compile(
    r"\b(page|post|article|content) (was |could )?not (be )?found|^(error )?404\b|^not found", re.IGNORECASE
)
_META = (
    ".entry-meta, .post-meta, .entry-footer, .posted-on, .byline, .cat-links, .tags-links, .tag-links, .post-edit-link"
)


def around(tree: LexborHTMLParser) -> set[int]:
    """Return the ``mem_id`` of what surrounds content: navigation, sidebars, comments, related posts, banners."""
    nodes = select(tree, _AROUND) + select(tree, AREAS) + comment_nodes(tree)
    nodes += [node for node in select(tree, "header, footer") if not _in_article(node)]
    return ids([node for node in nodes if node.tag not in ("body", "html", "main")]) | hidden(tree)


def _in_article(node: LexborNode) -> bool:
    return any(
        parent.tag in ("article", "main", "section") or "entry" in attribute(parent, "class")
        for parent in ancestors(node)
    )


def find_container(tree: LexborHTMLParser, outside: set[int]) -> LexborNode | None:
    """Return the element that holds a single page's own post: heading, picture, body. None for an empty page."""
    articles = [
        node for node in outermost(select(tree, ARTICLES)) if not inside(node, outside) and line_of(node, outside)
    ]
    with_heading = [node for node in articles if node.css_first("h1")]
    main = next((node for selector in _MAINS for node in select(tree, selector) if line_of(node, outside)), None)
    if len(with_heading) == 1 or (len(articles) == 1 and (with_heading or _holds_most(articles[0], main, outside))):
        return (with_heading or articles)[0]
    if main is not None:
        return main
    return tree.body


def _holds_most(article: LexborNode, main: LexborNode | None, outside: set[int]) -> bool:
    """True if the article holds most of the words of the main part: else it is one teaser among other things."""
    if main is None:
        return True
    return len(line_of(article, outside)) * 2 > len(line_of(main, outside))


def bodies(container: LexborNode, outside: set[int]) -> list[LexborNode]:
    """Return the elements within a post's container that are its body; the container itself if none is marked."""
    found = [
        node for node in outermost(select(container, _BODIES)) if not inside(node, outside) and text_of(node, outside)
    ]
    found = [node for node in found if node.mem_id != container.mem_id]
    return found or [container]


def headings(container: LexborNode) -> set[int]:
    """Return the ``mem_id`` of a container's title and of the lines about author, date and category."""
    title = container.css_first("h1")
    return ids(select(container, _META)) | ({title.mem_id} if title is not None else set())


def title_of(tree: LexborHTMLParser, container: LexborNode | None) -> str:
    """Return a page's headline."""
    for root in (container, tree.body):
        for selector in ("h1.entry-title", "h1.p-name", ".entry-title", "h1", ".p-name", "[itemprop=headline]"):
            for node in select(root, selector) if root is not None else []:
                if line := line_of(node):
                    return line
    named = meta(tree, "og:title", "twitter:title")
    title = tree.css_first("title")
    return named or (re.split(r"\s+[|–—-]\s+", title.text().strip())[0] if title is not None else "")


def author_of(tree: LexborHTMLParser, container: LexborNode | None) -> str:
    """Return the author that a page shows; empty if it shows none."""
    selectors = (
        ".author.vcard .fn, .p-author, [rel=author], .byline .author, .entry-author, .author-name, "
        ".wp-block-post-author__name, .wp-block-post-author-name, "
        "[itemprop=author] [itemprop=name], [itemprop=author], .post-author, .author"
    )
    for part in selectors.split(","):
        for node in select(container, part.strip()) if container is not None else []:
            line = re.sub(r"^(posted |written )?by:?\s+", "", line_of(node), flags=re.IGNORECASE)
            if 0 < len(line) < 80:
                return line
    return (
        meta(tree, "author", "article:author")
        if not meta(tree, "article:author").startswith("http")
        else meta(tree, "author")
    )


def canonical(tree: LexborHTMLParser, url: str, base: str) -> str:
    """Return the page's permalink as it writes it itself, if it is the same page; else the address it was shown at."""
    named = named_canonical(tree, base)
    return named if named and key(named) == key(url) else url


def named_canonical(tree: LexborHTMLParser, base: str) -> str:
    """Return the address that a page names as its own, whatever it is; empty if it names none."""
    return next((absolute(base, attribute(node, "href")) for node in select(tree, "link[rel=canonical]")), "")


def says_not_found(tree: LexborHTMLParser) -> bool:
    """True for a page that answers as if it were there and says that it is not."""
    body = tree.body
    if body is None or len(line_of(body, around(tree))) > 400:
        return False
    title = tree.css_first("title")
    said = [title.text().strip() if title is not None else "", *(line_of(node) for node in select(body, "h1"))]
    return any(_NOT_FOUND.search(line) for line in said)
