"""Sitemaps: addresses of pages that a site lists for machines."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from auditbot.collect.fetch import MAX_LISTING_BYTES, Fetcher, FetchFailed
from auditbot.collect.links import is_archive, is_page
from auditbot.collect.site import Site, absolute, clean

_NOT_POSTS = re.compile(
    r"(users|author|taxonom|categor|post_tag|tag|local|video|image|template)[\w-]*(sitemap)?[\w-]*\.xml|"
    r"sitemap-(users|taxonomies|authors|tags|categories)",
    re.IGNORECASE,
)
_MAX_SITEMAPS = 60
USUAL = ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml")


def read_sitemaps(named: list[str], fetcher: Fetcher, site: Site) -> Iterator[str]:
    """Yield the pages listed in the sitemaps that robots.txt names, or else in one at a usual place.

    A sitemap that cannot be read is passed over: it is one way of several to find pages.
    """
    if named:
        yield from _read(list(named), fetcher, site)
        return
    for place in USUAL:
        found = list(_read([absolute(site.url, place)], fetcher, site))
        if found:
            yield from found
            return


def _read(waiting: list[str], fetcher: Fetcher, site: Site) -> Iterator[str]:
    seen: set[str] = set()
    while waiting and len(seen) < _MAX_SITEMAPS:
        url = waiting.pop(0)
        if url in seen or not site.owns(url):
            continue
        seen.add(url)
        try:
            body = _unzipped(fetcher.get(url, "application/xml, text/xml, */*;q=0.5").body)
        except FetchFailed:
            continue
        for kind, link in _entries(body):
            target = clean(absolute(url, link))
            if kind == "sitemap" and not _NOT_POSTS.search(target.rpartition("/")[2]):
                waiting.append(target)
            elif kind == "url" and site.owns(target) and is_page(target) and not is_archive(target):
                yield target


def _unzipped(body: bytes) -> bytes:
    """Unpack a sitemap that is a gzip file, up to a bound."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            return file.read(MAX_LISTING_BYTES)
    except (OSError, EOFError):
        return b""


def _entries(body: bytes) -> list[tuple[str, str]]:
    """Return ("sitemap" or "url", address) for each entry; text sitemaps hold an address a line."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        lines = body.decode("utf-8", "replace").split()
        return [("url", line) for line in lines if line.startswith(("http://", "https://"))]
    found = []
    for location in root.iter("{*}loc"):
        parent = location.getparent()
        kind = etree.QName(parent).localname if parent is not None else ""
        if kind in ("url", "sitemap") and location.text:
            found.append((kind, location.text.strip()))
    return found
