"""Which part of a page is its own content, and which is the site around it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditbot.collect.html.builders import builders
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
from auditbot.collect.net.urls import absolute
from auditbot.same_page import key

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
    ".news-content, .blog-content"
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
    r"\b(page|post|article|content) (was |could )?not (be )?found|^(error )?404\b|^not found|"
    r"\b(?:cannot|can['’]t|could(?: not|n['’]t)|unable to|did(?: not|n['’]t)|failed to) (?:find|locate) "
    r"(?:that|the|this|your|any such|a) (?:\w+ ){0,2}(?:page|post|article|story|item|file|address)\b|"
    r"\b(?:page|post|article) (?:is missing|does(?: not|n['’]t) exist|is (?:not|no longer) (?:here|available))",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(?:page|post|article|story|item)\b.{0,20}\b(?:looking for|requested|asked for|wanted|"
    r"(?:tried|trying) to \w+)\b.{0,60}\b(?:been (?:re)?moved|deleted|no longer (?:exists?|available|here)|"
    r"(?:does not|doesn['’]t) exist|(?:cannot|can['’]t|could not|couldn['’]t) be found)",
    re.IGNORECASE,
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


_INLINE = frozenset({"font", "span", "b", "i", "em", "strong", "small", "big", "a", "u"})


def find_container(tree: LexborHTMLParser, outside: set[int]) -> LexborNode | None:
    """Return the element that holds a single page's own post: heading, picture, body. None for an empty page."""
    articles = [
        node for node in outermost(select(tree, ARTICLES)) if not inside(node, outside) and line_of(node, outside)
    ]
    with_heading = [node for node in articles if node.css_first("h1")]
    main = _main(tree, outside)
    if len(with_heading) == 1 or (len(articles) == 1 and (with_heading or _holds_most(articles[0], main, outside))):
        return (with_heading or articles)[0]
    if main is not None:
        return main
    return tree.body


def _main(tree: LexborHTMLParser, outside: set[int]) -> LexborNode | None:
    mains = (node for selector in _MAINS for node in select(tree, selector) if node.tag not in _INLINE)
    return next((node for node in mains if line_of(node, outside)), None)


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
    # Portals of the first years give that name to a way of writing: what stands in a line is no body.
    found = [node for node in found if node.mem_id != container.mem_id and node.tag not in _INLINE]
    return found or [container]


# What stands beside a body in the same main part and is none of its words.
_TOOLS = (
    "form, h1, time, button, [role=alert], [class*=share i], [class*=social i], [class*=related i], "
    "[class*=newsletter i], [class*=subscri i], [class*=recommend i], [class*=popular i], [class*=recent i], "
    "[class*=meta i], [class*=byline i], [class*=author i], [class*=tags i], [class*=categor i], "
    "[class*=breadcrumb i], [class*=pager i], [class*=pagination i], [class*=cookie i], [class*=toolbar i], "
    "[class*=sidebar i], [class*=banner i], [class~=date i], [class*='-date' i], [class*='_date' i]"
)
_TEASERS = f"{ARTICLES}, h2 a[href], h3 a[href], h4 a[href], h5 a[href], h6 a[href], iframe"
_SAYS = "p, figcaption, blockquote, [class*=caption i]"
_LONG_LINE = 6


def words_beside(
    tree: LexborHTMLParser, container: LexborNode, held: list[LexborNode], outside: set[int]
) -> list[tuple[LexborNode, frozenset[int]]]:
    """Return the elements of a post's page that hold its words, in their order, each with what in it is no word of it.

    ``held`` are its bodies. What stands before, between and after them in the main part belongs to it: a leading
    paragraph, captions, an update. Not so what leads to other posts, tools, and what only says who wrote it and when.
    """
    main = _main(tree, outside)
    above = {node.mem_id for body in held for node in (body, *ancestors(body))}
    tops = (node for node in (main, container) if node is not None and node.tag != "body")
    top = next((node for node in tops if node.mem_id in above), None)
    if top is None or any(body.mem_id == top.mem_id for body in held):
        return [(body, frozenset()) for body in held]
    own = ids(held)
    found: list[tuple[LexborNode, frozenset[int]]] = []
    waiting = [top]
    while waiting:
        node = waiting.pop()
        if node.mem_id in own:
            found.append((node, frozenset()))
        elif node.mem_id in above:
            waiting += reversed(list(node.iter()))
        elif node.mem_id not in outside and (without := _says_more(node, outside)) is not None:
            found.append((node, frozenset(without)))
    return found


def _says_more(node: LexborNode, outside: set[int]) -> set[int] | None:
    """Return what of an element beside a body is none of a post's words; None if all of it is."""
    tools = ids(select(node, _TOOLS)) | ids(select(node, _META))
    if node.mem_id in tools or select(node, _TEASERS):
        return None
    links = select(node, "a[href]")
    rows = [each for each in (node, *select(node, "ul, ol, dl, table")) if each.tag in ("ul", "ol", "dl", "table")]
    lists = [each for each in rows if len(select(each, "a[href]")) > 1]
    without = outside | tools | ids(lists)
    bare = line_of(node, without | ids(links))
    says = any(line_of(each, without | ids(links)) for each in select(node, _SAYS))
    return without if bare and (says or len(bare.split()) >= _LONG_LINE) else None


def headings(container: LexborNode) -> set[int]:
    """Return the ``mem_id`` of a container's title and of the lines about author, date and category."""
    title = container.css_first("h1")
    return ids(select(container, _META)) | ({title.mem_id} if title is not None else set())


def title_of(tree: LexborHTMLParser, container: LexborNode | None) -> str:
    """Return a page's headline: never the name of the site, which many themes set as a heading above every page."""
    site = meta(tree, "og:site_name")
    head = tree.css_first("title")
    whole = " ".join(head.text().split()) if head is not None else ""
    told = re.findall(r"\w+", whole.lower())

    def begins(line: str) -> bool:
        said = re.findall(r"\w+", line.lower())
        return bool(said) and told[: len(said)] == said

    lesser = select(container, "h2, h3") if container is not None else []
    headline = next((line for node in lesser if begins(line := line_of(node)) and line != site), "")
    for selector in (
        "h1.entry-title, h1.p-name, .entry-title",
        builders().titles,
        "h1",
        ".p-name, [itemprop=headline]",
    ):
        for node in select(container, selector) if container is not None else []:
            # A smaller heading that is a link may be that of another post, which the page only points to.
            other = node.tag != "h1" and node.css_first("a[href]") is not None
            if (line := line_of(node)) and line != site and not other:
                # What stands above the menu is the site's name, where the page's own title begins with another heading.
                return headline if headline and not begins(line) and _is_above_menu(node, tree) else line
    # A heading of a lower rank counts where the page's own title begins with it.
    if headline:
        return headline
    if (named := meta(tree, "og:title", "twitter:title")) and named != site:
        return named
    for node in select(tree, "h1"):
        if (line := line_of(node)) and line != site and not any(_is_banner(parent) for parent in ancestors(node)):
            return line
    first = re.split(r"\s+[|–—-]\s+", whole)[0]
    return first if first != site else ""


def _is_above_menu(node: LexborNode, tree: LexborHTMLParser) -> bool:
    """True for a heading that stands before the first menu of a page, in no article."""
    if any(parent.tag in ("main", "article") for parent in ancestors(node)):
        return False
    first = next(iter(select(tree, "h1, nav, [role=navigation]")), None)
    return first is not None and first.mem_id == node.mem_id and tree.css_first("nav, [role=navigation]") is not None


def _is_banner(node: LexborNode) -> bool:
    names = f"{attribute(node, 'id')} {attribute(node, 'class')}".lower()
    return node.tag == "header" or attribute(node, "role") == "banner" or bool(re.search(r"\b(site-)?header\b", names))


def author_of(tree: LexborHTMLParser, container: LexborNode | None) -> str:
    """Return the author that a page shows; empty if it shows none, or the site's name in place of one."""
    selectors = (
        ".author.vcard .fn, .p-author, [rel=author], .byline .author, .entry-author, .author-name, "
        ".wp-block-post-author__name, .wp-block-post-author-name, [data-hook=user-name], "
        "[itemprop=author] [itemprop=name], [itemprop=author], .post-author, .author"
    )
    site = meta(tree, "og:site_name")
    for part in selectors.split(","):
        for node in select(container, part.strip()) if container is not None else []:
            line = _name_alone(line_of(node))
            if 0 < len(line) < 80 and line != site:
                return line
    named = meta(tree, "author", "article:author")
    named = meta(tree, "author") if named.startswith("http") else named
    return named if named != site else ""


def _name_alone(line: str) -> str:
    """Return an author's name without the words that stand around it: "by", "View all of … posts"."""
    line = re.sub(r"^(posted |written |published )?by:?\s+", "", line, flags=re.IGNORECASE)
    line = re.sub(
        r"^(view|see|show|read) (all|more)( of)?( (posts?|articles|entries))?( (by|from|of))?\s+",
        "",
        line,
        flags=re.IGNORECASE,
    )
    return re.sub(r"(['’]s)?\s+(posts|articles|entries)$", "", line, flags=re.IGNORECASE)


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
    if body is None or len(words := line_of(body, around(tree))) > 400:
        return False
    if _MOVED.search(words):
        return True
    title = tree.css_first("title")
    said = [title.text().strip() if title is not None else "", *(line_of(node) for node in select(body, "h1"))]
    return any(_NOT_FOUND.search(line) for line in said)
