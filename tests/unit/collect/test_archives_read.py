"""Each platform's download: what is public comes in whole, what is not stays out, and odd shapes never stop it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.collect.archives.container import Archive, Item, LeftOut
from auditbot.collect.archives.meta import fix
from auditbot.collect.archives.platforms import PLATFORMS, as_of, recognise
from auditbot.errors import ArchiveUnknown
from tests.unit.collect import downloads
from tests.unit.collect.downloads import MARCH, mangled, zipped

LONDON = ZoneInfo("Europe/London")


def read(path: Path, *more: Path) -> tuple[str, list[Item], list[LeftOut]]:
    with Archive([path, *more]) as archive:
        platform = recognise(archive)
        found = list(platform.read(archive, LONDON))
    items = [each for each in found if isinstance(each, Item)]
    return platform.name, items, [each for each in found if isinstance(each, LeftOut)]


@pytest.mark.parametrize(
    ("top", "root"),
    [
        (downloads.PAGE, ""),
        (downloads.PAGE, "facebook-larkmere-2026-06-01/"),
        ("your_facebook_activity", ""),
        ("your_activity_across_facebook", "x/"),
    ],
)
def test_facebook_in_json(tmp_path: Path, top: str, root: str) -> None:
    name, items, left_out = read(zipped(tmp_path / "a.zip", downloads.facebook(top, root)))
    assert name == "Facebook"
    walk, kit, album = items
    assert walk.text == "Welly walk – Chloë’s class 🌧"
    assert walk.title == "Larkmere Infant School added 2 new photos."
    assert (walk.published_at, walk.films) == (MARCH, 1)
    assert [(bool(photo.member), photo.caption) for photo in walk.photos] == [(True, "In the café"), (True, "")]
    assert kit.text == "PE kit on Monday, please."
    assert (album.title, album.text, len(album.photos)) == ("Sports day", "On the field", 1)
    assert [(said.author, said.text) for said in album.comments] == [("A parent", "Well run!")]
    assert "Not for everybody" not in repr(items)
    assert "private word" not in repr(items)
    assert {found.what: found.gap for found in left_out} == {
        "archived, deleted and unpublished posts": False,
        "comments of visitors": True,
        "empty entries": False,
    }


def test_addresses_of_facebooks_posts_stay_the_same_in_a_later_download(tmp_path: Path) -> None:
    first = read(zipped(tmp_path / "a.zip", downloads.facebook(root="facebook-june/")))[1]
    second = read(zipped(tmp_path / "b.zip", downloads.facebook(root="facebook-july/")))[1]
    assert [item.url for item in first] == [item.url for item in second]
    assert [photo.url for item in first for photo in item.photos] == [
        photo.url for item in second for photo in item.photos
    ]
    assert len({item.url for item in first}) == len(first)


def test_facebook_in_html_reads_dates_in_the_schools_zone_and_no_computers_address(tmp_path: Path) -> None:
    _, (walk, other), _ = read(zipped(tmp_path / "a.zip", downloads.facebook_html()))
    assert walk.text == "Welly walk in the rain"
    assert walk.published_at == datetime(2026, 3, 5, 22, 21, tzinfo=LONDON)
    assert [bool(photo.member) for photo in walk.photos] == [True]
    assert "203.0.113.77" not in repr(walk)
    assert (other.text, other.published_at) == ("Termin am Montag", None)


@pytest.mark.parametrize("folder", ["your_instagram_activity/media", "your_instagram_activity/content", "content"])
def test_instagram(tmp_path: Path, folder: str) -> None:
    name, items, left_out = read(zipped(tmp_path / "a.zip", downloads.instagram(folder)))
    assert name == "Instagram"
    by_text = {item.text: item for item in items}
    assert set(by_text) == {"Café ☕", "Three from the farm", "Our choir", ""}
    assert [len(by_text[text].photos) for text in ("Café ☕", "Three from the farm", "Our choir")] == [1, 3, 0]
    assert by_text["Our choir"].films == 1
    assert by_text[""].title == "Profile photo"
    assert by_text["Three from the farm"].published_at == MARCH + timedelta(seconds=60)
    assert all(photo.member for item in items for photo in item.photos)
    assert [found.what for found in left_out if found.gap].count("stories") == 2
    assert "Hidden since" not in repr(items)


def test_instagram_in_html(tmp_path: Path) -> None:
    page = (
        '<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><h2 class="_3-95 _2pim _a6-h _a6-i">Café</h2>'
        '<div class="_3-95 _a6-p"><div><img src="media/posts/1.jpg"/></div></div>'
        '<div class="_3-94 _a6-o">5 Jun 2026, 10:21</div></div>'
    )
    members = {"your_instagram_activity/media/posts_1.html": page, "media/posts/1.jpg": downloads.picture()}
    _, (item,), _ = read(zipped(tmp_path / "a.zip", members))
    assert (item.text, item.published_at) == ("Café", datetime(2026, 6, 5, 10, 21, tzinfo=LONDON))
    assert [photo.member for photo in item.photos] == ["media/posts/1.jpg"]


def test_x_is_read_from_all_parts_and_never_run(tmp_path: Path) -> None:
    name, items, left_out = read(zipped(tmp_path / "a.zip", downloads.x()))
    assert name == "X"
    by_number = {item.url.rpartition("/")[2]: item for item in items}
    farm, answer, repost, long = (by_number[number] for number in ("1001", "1002", "1003", "1004"))
    assert farm.url == "https://x.com/larkmere/status/1001"
    assert farm.text == "Farm trip & picnic https://www.larkmere.example/farm"
    assert farm.published_at == MARCH
    assert [photo.member for photo in farm.photos] == [f"data/tweets_media/1001-P{number}.jpg" for number in range(4)]
    assert long.text == f"{downloads.LONG}we sang."
    assert answer.text == "@parent Thank you!"
    assert repost.text == "RT @council: Roads closed"
    assert len(items) == 4
    assert "Deleted in haste" not in repr(items)
    assert ("deleted posts, messages and posts to a circle", False) in [(each.what, each.gap) for each in left_out]


def test_a_script_that_is_more_than_json_is_reported_and_not_run(tmp_path: Path) -> None:
    _, items, left_out = read(zipped(tmp_path / "a.zip", {"data/tweets.js": "window.YTD.tweets.part0 = [alert(1)]"}))
    assert items == []
    assert [each.what for each in left_out if each.gap] == ["answers by others", "files of posts"]


@pytest.mark.parametrize(
    "folder", ["Takeout/YouTube and YouTube Music/video metadata", "Takeout/YouTube und YouTube Music/Video-Metadaten"]
)
def test_a_takeout_gives_public_films_only_whatever_its_folders_are_called(tmp_path: Path, folder: str) -> None:
    name, items, left_out = read(zipped(tmp_path / "a.zip", downloads.takeout(folder)))
    assert name == "YouTube"
    (film,) = items
    assert (film.url, film.title) == ("https://www.youtube.com/watch?v=abcdefghij1", "Nativity")
    assert (film.text, film.published_at) == ("Songs, and a donkey", MARCH)
    assert [each.what for each in left_out if not each.gap] == ["films", "films"]


def test_a_takeout_in_a_language_that_is_not_known_gives_no_film(tmp_path: Path) -> None:
    members = downloads.takeout()
    (name, text), *_ = members.items()
    members[name] = str(text).replace("Privacy", "Yksityisyys")
    _, items, left_out = read(zipped(tmp_path / "a.zip", members))
    assert items == []
    assert "lists of films" in [each.what for each in left_out if each.gap]


def test_an_export_of_wordpress_gives_what_is_published_and_nothing_private(tmp_path: Path) -> None:
    path = tmp_path / "larkmere.WordPress.2026-06-01.xml"
    path.write_text(downloads.wordpress(), "utf-8")
    name, items, left_out = read(path)
    assert name == "WordPress"
    harvest, about = items
    assert (harvest.url, harvest.title, harvest.text) == (
        "https://www.larkmere.example/harvest/",
        "Harvest & more",
        "We sang.",
    )
    assert (harvest.author, harvest.published_at) == ("School Office", MARCH)
    assert [photo.url.rpartition("/")[2] for photo in harvest.photos] == ["head.jpg", "choir.jpg"]
    assert [(said.author, said.text) for said in harvest.comments] == [("A parent", "Lovely!")]
    assert about.title == "About us"
    for private in ("@a.example", "@b.example", "203.0.113.77", "jbloggs1970", "Not seen yet", "Spam", "Governors"):
        assert private not in repr(items)
    assert sorted(each.what for each in left_out) == [
        "drafts, private and deleted posts",
        "drafts, private and deleted posts",
        "posts with a password",
        "records of plug-ins",
    ]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1/evil.dtd">',
    ],
)
def test_an_export_that_declares_entities_is_refused(tmp_path: Path, head: str) -> None:
    text = downloads.wordpress().replace("<rss", f"{head}<rss", 1).replace("We sang.", "We sang. ")
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    _, items, left_out = read(path)
    assert items == []
    assert [each.what for each in left_out] == ["exports"]


def test_a_damaged_export_gives_what_came_before_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(downloads.wordpress().partition("<title><![CDATA[A draft")[0], "utf-8")
    _, items, left_out = read(path)
    assert [item.title for item in items] == ["Harvest & more", "About us"]
    assert "rest of an export" in [each.what for each in left_out if each.gap]


def test_several_parts_and_an_unpacked_folder_are_read_like_one_zip(tmp_path: Path) -> None:
    members = list(downloads.facebook().items())
    whole = read(zipped(tmp_path / "whole.zip", dict(members)))
    parts = [zipped(tmp_path / f"{number}.zip", dict(members[number::2])) for number in (0, 1)]
    assert read(*parts) == whole
    for name, content in members:
        file = tmp_path / "folder" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    assert read(tmp_path / "folder") == whole


def test_what_is_no_download_is_refused_with_what_was_looked_for(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"holiday/1.jpg": b"", "notes.csv": "a,b"})
    with Archive([path]) as archive, pytest.raises(ArchiveUnknown) as refused:
        recognise(archive)
    assert all(platform.looked_for in str(refused.value) for platform in PLATFORMS)


@pytest.mark.parametrize(
    ("members", "day"),
    [
        (downloads.facebook(), datetime(2026, 6, 1, 8, tzinfo=UTC)),
        (downloads.x(), datetime(2026, 5, 30, 7, tzinfo=UTC)),
        ({"a.xml": downloads.wordpress()}, datetime(2026, 6, 1, 7, tzinfo=UTC)),
    ],
)
def test_a_download_is_as_old_as_it_says(tmp_path: Path, members: dict[str, object], day: datetime) -> None:
    with Archive([zipped(tmp_path / "a.zip", members)]) as archive:
        assert as_of(archive, recognise(archive)) == day


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (mangled("Chloë – 🌧"), "Chloë – 🌧"),
        ("plain", "plain"),
        ("already – right", "already – right"),
        ("caf\xe9", "caf\xe9"),
        ({"a": [mangled("é"), 1, None]}, {"a": ["é", 1, None]}),
    ],
)
def test_metas_text_is_put_right_where_it_is_wrong(written: object, meant: object) -> None:
    assert fix(written) == meant


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "timestamp", "title", "data", "post", "attachments", "media", "uri", "photos", "name", "comments",
                    "creation_timestamp", "ig_stories", "ig_reels_media", "tweet", "id_str", "full_text", "entities",
                    "extended_entities", "urls", "media_url_https", "created_at", "noteTweet", "core", "text",
                ]
            ),
            parts,
            max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip
PLACES = [
    f"{downloads.PAGE}/posts/profile_posts_1.json",
    f"{downloads.PAGE}/posts/album/0.json",
    f"{downloads.PAGE}/posts/your_photos.json",
    "your_instagram_activity/media/posts_1.json",
    "your_instagram_activity/media/stories.json",
    "data/tweets.js",
    "data/note-tweet.js",
    "data/account.js",
    "data/manifest.js",
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(PLACES), JSON, min_size=1, max_size=4))
def test_any_json_ends_in_items_and_reasons(tmp_path: Path, members: dict[str, object]) -> None:
    path = zipped(tmp_path / "any.zip", members)
    with Archive([path]) as archive:
        for platform in PLATFORMS:
            for found in platform.read(archive, LONDON):
                assert isinstance(found, Item | LeftOut)
            assert as_of(archive, platform) <= datetime.now(UTC)


WXR = downloads.wordpress()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, len(WXR)),
    st.integers(0, 200),
    st.text(alphabet="<>/&;![]CDATA wp:item\x00é0", max_size=30),
)
def test_any_damage_to_an_export_ends_in_items_and_reasons(tmp_path: Path, at: int, cut: int, put: str) -> None:
    path = tmp_path / "any.xml"
    path.write_bytes((WXR[:at] + put + WXR[at + cut :]).encode("utf-8"))
    with Archive([path]) as archive:
        for platform in PLATFORMS:
            if platform.recognises(archive):
                found = list(platform.read(archive, LONDON))
                assert all(isinstance(each, Item | LeftOut) for each in found)
                assert "203.0.113.77" not in repr([each.comments for each in found if isinstance(each, Item)])


MARKUP = st.text(alphabet="<>/=\"' _-a6g2pinh.MarO5,:2026pam", max_size=80)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MARKUP, st.text(max_size=60))
def test_any_page_and_any_table_end_in_items_and_reasons(tmp_path: Path, inside: str, table: str) -> None:
    members = {
        f"{downloads.PAGE}/posts/profile_posts_1.html": downloads.FACEBOOK_HTML.replace("Welly walk", inside),
        "Takeout/YouTube/videos.csv": f"{downloads.TAKEOUT_HEADS}\nabcdefghij1,{table}",
    }
    with Archive([zipped(tmp_path / "any.zip", members)]) as archive:
        for platform in PLATFORMS:
            for found in platform.read(archive, LONDON):
                assert isinstance(found, Item | LeftOut)


def test_a_download_without_some_of_its_parts_gives_the_same_posts(tmp_path: Path) -> None:
    members = downloads.facebook()
    whole = read(zipped(tmp_path / "a.zip", members))[1]
    some = {name: content for name, content in members.items() if not name.endswith((".jpg", ".mp4"))}
    parts = read(zipped(tmp_path / "b.zip", some))[1]
    assert [(item.url, item.text) for item in parts] == [(item.url, item.text) for item in whole]
    assert not [photo.member for item in parts for photo in item.photos if photo.member]
