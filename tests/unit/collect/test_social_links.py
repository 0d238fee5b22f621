"""Which links lead to an account on a social service, and which only look as if they did."""

from __future__ import annotations

import pytest

from auditbot.collect.html.dom import parse
from auditbot.collect.post.embeds import SocialAccount, account_of, find_accounts

HITS = {
    "https://www.facebook.com/LarkmereInfants/": ("Facebook", "https://www.facebook.com/LarkmereInfants"),
    "https://m.facebook.com/LarkmereInfants?ref=page": ("Facebook", "https://www.facebook.com/LarkmereInfants"),
    "http://en-gb.facebook.com/Larkmere.Infants/photos/": ("Facebook", "https://www.facebook.com/Larkmere.Infants"),
    "https://fb.com/larkmere": ("Facebook", "https://www.facebook.com/larkmere"),
    "https://www.facebook.com/profile.php?id=100064": ("Facebook", "https://www.facebook.com/profile.php?id=100064"),
    "https://www.facebook.com/groups/larkmere-pta": ("Facebook", "https://www.facebook.com/groups/larkmere-pta"),
    "https://www.facebook.com/pages/Larkmere/1234": ("Facebook", "https://www.facebook.com/pages/Larkmere/1234"),
    "https://facebook.com/people/Larkmere-School/1000": (
        "Facebook", "https://www.facebook.com/people/Larkmere-School/1000"),
    "https://instagram.com/larkmere_infants?igshid=x": ("Instagram", "https://www.instagram.com/larkmere_infants"),
    "https://twitter.com/LarkmereInf": ("X", "https://x.com/LarkmereInf"),
    "https://x.com/LarkmereInf/media": ("X", "https://x.com/LarkmereInf"),
    "https://mobile.twitter.com/LarkmereInf?lang=en": ("X", "https://x.com/LarkmereInf"),
    "https://www.youtube.com/@larkmere": ("YouTube", "https://www.youtube.com/@larkmere"),
    "https://www.youtube.com/channel/UCabc-1/videos": ("YouTube", "https://www.youtube.com/channel/UCabc-1"),
    "https://youtube.com/c/Larkmere": ("YouTube", "https://www.youtube.com/c/Larkmere"),
    "https://www.youtube.com/user/LarkmereTV": ("YouTube", "https://www.youtube.com/user/LarkmereTV"),
    "https://www.threads.net/@larkmere": ("Threads", "https://threads.net/@larkmere"),
    "https://www.tiktok.com/@larkmere?lang=en": ("TikTok", "https://tiktok.com/@larkmere"),
    "https://www.linkedin.com/company/larkmere/": ("LinkedIn", "https://linkedin.com/company/larkmere"),
    "https://uk.linkedin.com/school/larkmere": ("LinkedIn", "https://linkedin.com/school/larkmere"),
    "https://bsky.app/profile/larkmere.bsky.social": ("Bluesky", "https://bsky.app/profile/larkmere.bsky.social"),
    "https://mastodon.social/@larkmere": ("Mastodon", "https://mastodon.social/@larkmere"),
    "https://www.flickr.com/photos/larkmere/albums": ("Flickr", "https://flickr.com/photos/larkmere"),
    "https://vimeo.com/larkmere": ("Vimeo", "https://vimeo.com/larkmere"),
    "https://vimeo.com/user123456": ("Vimeo", "https://vimeo.com/user123456"),
    "https://www.pinterest.co.uk/larkmere/": ("Pinterest", "https://pinterest.co.uk/larkmere"),
    "https://tapestryjournal.com/s/larkmere-infants": ("Tapestry", "https://tapestryjournal.com/s/larkmere-infants"),
    "https://blogs.seesaw.me/oak-class": ("Seesaw", "https://blogs.seesaw.me/oak-class"),
    "https://www.classdojo.com/school/larkmere": ("ClassDojo", "https://classdojo.com/school/larkmere"),
}  # fmt: skip

NEAR_MISSES = [
    "https://www.facebook.com/sharer/sharer.php?u=https://larkmere.example/",
    "https://www.facebook.com/sharer.php?u=x",
    "https://www.facebook.com/share.php?u=x",
    "https://www.facebook.com/dialog/share?app_id=1",
    "https://www.facebook.com/plugins/like.php?href=https://www.facebook.com/larkmere",
    "https://www.facebook.com/LarkmereInfants/posts/123456",
    "https://www.facebook.com/LarkmereInfants/videos/123456",
    "https://www.facebook.com/permalink.php?story_fbid=1&id=2",
    "https://www.facebook.com/photo.php?fbid=1",
    "https://www.facebook.com/events/123",
    "https://www.facebook.com/hashtag/larkmere",
    "https://www.facebook.com/watch/?v=1",
    "https://www.facebook.com/login",
    "https://www.facebook.com/policies/cookies",
    "https://www.facebook.com/privacy/explanation",
    "https://www.facebook.com/help/cookies",
    "https://www.facebook.com/groups/",
    "https://www.facebook.com/",
    "https://www.facebook.com/tr?id=1&ev=PageView",
    "https://notfacebook.com/larkmere",
    "https://facebook.com.example.org/larkmere",
    "https://www.instagram.com/p/Cabc/",
    "https://www.instagram.com/reel/Cabc/",
    "https://www.instagram.com/explore/tags/larkmere/",
    "https://www.instagram.com/accounts/login/",
    "https://twitter.com/intent/tweet?text=x",
    "https://twitter.com/share?url=x",
    "https://twitter.com/LarkmereInf/status/123",
    "https://twitter.com/hashtag/larkmere",
    "https://twitter.com/search?q=larkmere",
    "https://x.com/i/flow/login",
    "https://x.com/home",
    "https://twitter.com/privacy",
    "https://www.youtube.com/watch?v=abc",
    "https://www.youtube.com/embed/abc",
    "https://www.youtube.com/playlist?list=x",
    "https://www.youtube.com/shorts/abc",
    "https://www.youtube.com/results?search_query=x",
    "https://youtu.be/abc",
    "https://www.youtube.com/t/terms",
    "https://www.youtube.com/",
    "https://www.threads.net/@larkmere/post/abc",
    "https://www.tiktok.com/@larkmere/video/123",
    "https://www.tiktok.com/legal/privacy-policy",
    "https://www.linkedin.com/shareArticle?url=x",
    "https://www.linkedin.com/sharing/share-offsite/?url=x",
    "https://www.linkedin.com/posts/larkmere_abc",
    "https://bsky.app/profile/larkmere.bsky.social/post/3abc",
    "https://bsky.app/intent/compose?text=x",
    "https://mastodon.social/@larkmere/1123",
    "https://mastodon.social/share?text=x",
    "https://medium.com/@larkmere",
    "https://www.flickr.com/photos/larkmere/12345",
    "https://vimeo.com/123456789",
    "https://vimeo.com/123456789/abcdef",
    "https://player.vimeo.com/video/1",
    "https://www.pinterest.com/pin/create/button/?url=x",
    "https://tapestryjournal.com/",
    "https://tapestryjournal.com/login",
    "https://app.seesaw.me/login",
    "https://www.classdojo.com/",
    "https://www.classdojo.com/privacy",
    "mailto:office@larkmere.example",
    "https://[broken",
]


@pytest.mark.parametrize("url", HITS)
def test_the_address_of_an_account_is_known(url: str) -> None:
    assert account_of(url) == SocialAccount(*HITS[url])


@pytest.mark.parametrize("url", NEAR_MISSES)
def test_what_is_no_account_is_left_out(url: str) -> None:
    assert account_of(url) is None


def test_a_page_says_which_accounts_it_leads_to_each_once_and_not_those_of_its_visitors() -> None:
    page = """<header><a href="https://www.facebook.com/Larkmere"><i class="icon"></i></a></header>
      <a href="https://facebook.com/larkmere/">Find us</a><a href="https://www.facebook.com/sharer.php?u=x">Share</a>
      <a rel="me" href="https://toots.larkmere.example/@larkmere">Mastodon</a><a href="https://other.example/@club">x</a>
      <iframe src="https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Foakclass&tabs=timeline">
      </iframe><iframe src="https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fwww.facebook.com%2Fx"></iframe>
      <a href="https://[broken">x</a><div id="comments"><a href="https://instagram.com/somebody">me</a></div>"""
    assert [found.url for found in find_accounts(parse(page), "https://www.larkmere.example/")] == [
        "https://www.facebook.com/Larkmere",
        "https://toots.larkmere.example/@larkmere",
        "https://www.facebook.com/oakclass",
    ]
