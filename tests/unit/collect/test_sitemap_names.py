"""Which sitemaps of a site are not asked for: those whose names say that they list no posts, by whole words."""

import pytest

from auditbot.collect.website.discovery import may_list_posts

ASKED = [
    "sitemap.xml",
    "key-stage-sitemap.xml",
    "wp-sitemap-posts-keystage-1.xml",
    "wp-sitemap-posts-video-1.xml",
    "local-offer-sitemap.xml",
    "heritage-sitemap.xml",
    "vintage_fair.xml",
    "sitemap.php?kind=tag",
    "stage2.xml",
    "imagery-sitemap.xml",
]
PASSED_OVER = [
    "wp-sitemap-users-1.xml",
    "wp-sitemap-taxonomies-category-1.xml",
    "author-sitemap.xml",
    "post_tag-sitemap2.xml",
    "category-sitemap.xml",
    "sitemap-tags.xml",
    "Video-Sitemap.xml",
    "image_sitemap.xml.gz",
]


@pytest.mark.parametrize("name", ASKED)
def test_a_sitemap_that_may_list_posts_is_asked_for(name: str) -> None:
    assert may_list_posts(f"https://larkmere.example/maps/tag/{name}")


@pytest.mark.parametrize("name", PASSED_OVER)
def test_a_sitemap_of_tags_people_or_files_is_passed_over(name: str) -> None:
    assert not may_list_posts(f"https://larkmere.example/maps/{name}")
