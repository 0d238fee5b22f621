"""robots.txt is read as RFC 9309 says: the longest match counts, with wildcards, ends and fractions of a second."""

from __future__ import annotations

import pytest

from auditbot.collect.net.robots import Robots

SITE = "https://school.example"
RULES = [
    ("Disallow: /private/", "/private/a", False),
    ("Disallow: /private/", "/privately", True),
    ("Disallow: /news/\nAllow: /news/2026/", "/news/2026/pond", True),
    ("Allow: /news/2026/\nDisallow: /news/", "/news/2025/pond", False),
    ("Disallow: /*?print=", "/a?print=1", False),
    ("Disallow: /*?print=", "/a?id=1", True),
    ("Disallow: /*.php$", "/a.php", False),
    ("Disallow: /*.php$", "/a.php?id=1", True),
    ("Disallow:", "/a", True),
    ("Disallow: /", "/", False),
    ("Disallow: /\nAllow: /$", "/", True),
    ("nonsense\nDisallow /x", "/x", False),
]


@pytest.mark.parametrize(("rules", "path", "allowed"), RULES)
def test_which_addresses_are_allowed(rules: str, path: str, allowed: bool) -> None:
    assert Robots(f"User-agent: *\n{rules}\n").allows(SITE + path) is allowed


def test_rules_for_auditbot_count_before_those_for_all() -> None:
    robots = Robots("User-agent: *\nDisallow: /\n\nUser-agent: auditbot\nDisallow: /a\nCrawl-delay: 0.5\n")
    assert robots.allows(f"{SITE}/b")
    assert not robots.allows(f"{SITE}/a")
    assert robots.delay_seconds == 0.5


@pytest.mark.parametrize(
    ("stated", "kept"), [("Crawl-delay: 2.5", 2.5), ("Crawl-delay: 600", 10.0), ("Crawl-delay: -1", 0.0), ("", 0.0)]
)
def test_the_pause_is_kept_within_reason(stated: str, kept: float) -> None:
    assert Robots(f"User-agent: *\n{stated}\nDisallow: /x\n").delay_seconds == kept


def test_sitemaps_are_named_in_order() -> None:
    assert Robots(f"Sitemap: {SITE}/b.xml\nSitemap: {SITE}/a.xml\n").sitemaps == [f"{SITE}/b.xml", f"{SITE}/a.xml"]
