"""What of other sites a page shows in frames, and whether it is a publication that somebody ought to know of."""

from __future__ import annotations

import pytest

from auditbot.collect.post.embeds import service_of, thing_of

NAMED = {
    "https://www.youtube.com/embed/abc": "YouTube",
    "https://www.youtube-nocookie.com/embed/abc?rel=0": "YouTube",
    "https://player.vimeo.com/video/1": "Vimeo",
    "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Flarkmere": "Facebook",
    "https://www.facebook.com/plugins/post.php?href=x": "Facebook",
    "https://www.instagram.com/p/abc/embed/": "Instagram",
    "https://platform.twitter.com/embed/Tweet.html?id=1": "X",
    "https://docs.google.com/presentation/d/e/1/embed": "Google Drive",
    "https://drive.google.com/file/d/1/preview": "Google Drive",
    "https://w.soundcloud.com/player/?url=x": "SoundCloud",
    "https://e.issuu.com/embed.html?d=x": "Issuu",
    "https://view.officeapps.live.com/op/embed.aspx?src=x": "Microsoft Office",
    "https://padlet.com/embed/abc": "Padlet",
    "https://unheard-of.example/show/1": "unheard-of.example",
}
NOT_NAMED = [
    "https://www.google.com/maps/embed?pb=x",
    "https://maps.google.co.uk/maps?q=x&output=embed",
    "https://www.openstreetmap.org/export/embed.html",
    "https://calendar.google.com/calendar/embed?src=x",
    "https://docs.google.com/forms/d/e/1/viewform",
    "https://forms.office.com/Pages/ResponsePage.aspx?id=x",
    "https://www.facebook.com/plugins/like.php?href=x",
    "https://www.facebook.com/plugins/share_button.php?href=x",
    "https://platform.twitter.com/widgets/follow_button.html",
    "https://www.google.com/recaptcha/api2/anchor",
    "https://www.metoffice.gov.uk/public/weather/widget",
    "https://www.googletagmanager.com/ns.html?id=1",
    "https://td.doubleclick.net/x",
    "about:blank",
    "",
]


@pytest.mark.parametrize("url", NAMED)
def test_what_others_publish_is_named_by_its_service(url: str) -> None:
    assert service_of(url) == NAMED[url]


@pytest.mark.parametrize("url", NOT_NAMED)
def test_maps_calendars_forms_buttons_and_trackers_are_no_publications(url: str) -> None:
    assert service_of(url) == ""


@pytest.mark.parametrize(
    ("embedded", "read"),
    [
        ("https://www.youtube-nocookie.com/embed/abc?rel=0", "https://www.youtube.com/watch?v=abc"),
        ("https://www.youtube.com/embed/abc", "https://youtu.be/abc"),
        ("https://www.instagram.com/p/abc/embed/captioned/", "https://www.instagram.com/p/abc/"),
        ("https://platform.twitter.com/embed/Tweet.html?id=12", "https://x.com/larkmere/status/12"),
        ("https://embed.bsky.app/embed/did:plc:x/app.bsky.feed.post/3k", "https://bsky.app/profile/l.example/post/3k"),
        (
            "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2FLarkmere%2F&tabs=timeline",
            "https://facebook.com/larkmere",
        ),
        ("https://toots.example/@larkmere/12/embed", "https://toots.example/@larkmere/12"),
    ],
)
def test_a_post_is_known_again_where_it_is_embedded(embedded: str, read: str) -> None:
    assert thing_of(embedded) == thing_of(read)


def test_another_post_of_the_same_account_is_another_thing() -> None:
    assert thing_of("https://www.youtube.com/embed/abc") != thing_of("https://www.youtube.com/watch?v=abd")
