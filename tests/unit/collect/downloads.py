"""Small downloads of each platform, written with the traps that real ones hold."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

MARCH = datetime(2026, 3, 5, 10, 21, 33, tzinfo=UTC)
"""When most posts of these downloads were made."""
SECONDS = int(MARCH.timestamp())
MADE_AT = (2026, 6, 1, 8, 0, 0)
"""When the downloads were made, as zips write it."""


def picture(shade: int = 90) -> bytes:
    """Return a small picture, another for each shade."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 120, 60)).save(out, "PNG")
    return out.getvalue()


def zipped(path: Path, members: Mapping[str, bytes | str | object], made_at: tuple[int, ...] = MADE_AT) -> Path:
    """Write a zip; what is neither bytes nor text is written as JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            data = content if isinstance(content, bytes | str) else json.dumps(content)
            info = zipfile.ZipInfo(name, made_at)  # type: ignore[arg-type]
            out.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def mangled(text: str) -> str:
    """Return text as Meta writes it: its UTF-8 bytes, each as if it were a character."""
    return text.encode("utf-8").decode("latin-1")


PAGE = "this_profile's_activity_across_facebook"


def facebook(top: str = PAGE, root: str = "") -> dict[str, object]:
    """Return a Page's download in JSON: two photos in a post, one post without words, a film, an album."""
    photo = f"{top}/posts/media/Harvest_1/111.jpg"
    posts = [
        {
            "timestamp": SECONDS,
            "title": mangled("Larkmere Infant School added 2 new photos."),
            "data": [{"post": mangled("Welly walk – Chloë’s class 🌧")}, {"update_timestamp": SECONDS}],
            "attachments": [
                {
                    "data": [
                        {"media": {"uri": photo, "creation_timestamp": SECONDS, "description": mangled("In the café")}},
                        {"media": {"uri": f"{top}/posts/media/Harvest_1/112.jpg", "description": ""}},
                        {"media": {"uri": f"{top}/posts/media/videos/9.mp4"}},
                    ]
                }
            ],
        },
        {"timestamp": SECONDS + 86_400, "data": [{"post": "PE kit on Monday, please."}]},
        {"timestamp": SECONDS, "data": []},
    ]
    album = {
        "name": "Sports day",
        "photos": [
            {"uri": photo, "creation_timestamp": SECONDS},
            {"uri": f"{top}/posts/media/Sports_2/222.jpg", "creation_timestamp": SECONDS + 500, "title": "Sports day"},
        ],
        "comments": [{"timestamp": SECONDS + 600, "comment": "Well run!", "author": "A parent"}],
        "description": "On the field",
    }
    inside = {
        f"{top}/posts/profile_posts_1.json": posts,
        f"{top}/posts/album/0.json": album,
        f"{top}/posts/archive.json": [{"timestamp": SECONDS, "data": [{"post": "Not for everybody"}]}],
        photo: picture(91),
        f"{top}/posts/media/Harvest_1/112.jpg": picture(92),
        f"{top}/posts/media/videos/9.mp4": b"\x00\x00\x00\x18ftypmp42",
        f"{top}/posts/media/Sports_2/222.jpg": picture(93),
        f"{top}/messages/inbox/parent_1/message_1.json": {"messages": [{"content": "A private word"}]},
    }
    return {root + name: content for name, content in inside.items()}


FACEBOOK_HTML = """<html><body><div>
<section class="_a6-g" aria-labelledby="u_1"><h2 class="_2ph_ _a6-h _a6-i" id="u_1">Larkmere added a photo.</h2>
<div class="_2ph_ _a6-p"><div><div class="_2pin"><div>Welly walk in the rain</div></div>
<div class="_2pin"><div><a target="_blank" href="TOP/posts/media/h/111.jpg"><img src="TOP/posts/media/h/111.jpg"/></a>
<table><tr><td>Uploaded by IP address</td><td>203.0.113.77</td></tr></table></div></div></div></div>
<footer class="_3-94 _a6-o"><div class="_a72d">Mar 05, 2026 10:21:33 pm</div></footer></section>
<section class="_a6-g"><h2 class="_a6-h">Update</h2><div class="_2pin">Termin am Montag</div>
<footer><div class="_a72d">den femte i tredje</div></footer></section>
</div></body></html>"""


def facebook_html() -> dict[str, object]:
    """Return a Page's download in HTML: an afternoon in March, and a date in words nobody knows."""
    return {
        f"{PAGE}/posts/profile_posts_1.html": FACEBOOK_HTML.replace("TOP", PAGE),
        f"{PAGE}/posts/media/h/111.jpg": picture(94),
    }


CAFE = "Café ☕"


def instagram(folder: str = "your_instagram_activity/media") -> dict[str, object]:
    """Return Instagram's download: one photo, a carousel, a reel, a profile photo, stories and archived posts."""
    return {
        f"{folder}/posts_1.json": [
            {"media": [{"uri": "media/posts/202603/1.jpg", "creation_timestamp": SECONDS, "title": mangled(CAFE)}]},
            {
                "title": "Three from the farm",
                "creation_timestamp": SECONDS + 60,
                "media": [
                    {"uri": f"media/posts/202603/{number}.jpg", "creation_timestamp": SECONDS + 60, "title": ""}
                    for number in (2, 3, 4)
                ],
            },
        ],
        f"{folder}/reels.json": {
            "ig_reels_media": [
                {"media": [{"uri": "media/reels/1.mp4", "creation_timestamp": SECONDS + 90, "title": "Our choir"}]}
            ]
        },
        f"{folder}/profile_photos.json": {
            "ig_profile_picture": [{"uri": "media/other/5.jpg", "creation_timestamp": SECONDS - 900, "title": ""}]
        },
        f"{folder}/stories.json": {
            "ig_stories": [
                {"uri": "media/stories/6.jpg", "creation_timestamp": SECONDS, "title": ""},
                {"uri": "media/stories/7.jpg", "creation_timestamp": SECONDS, "title": ""},
            ]
        },
        f"{folder}/archived_posts.json": {"ig_archived_post_media": [{"title": "Hidden since"}]},
        **{f"media/posts/202603/{number}.jpg": picture(100 + number) for number in (1, 2, 3, 4)},
        "media/other/5.jpg": picture(105),
        "media/stories/6.jpg": picture(106),
        "media/reels/1.mp4": b"\x00\x00\x00\x18ftypmp42",
    }


def tweet(number: int, text: str, **more: Any) -> dict[str, object]:
    """Return one post as X writes it."""
    return {
        "tweet": {
            "id_str": str(number),
            "full_text": text,
            "created_at": "Thu Mar 05 10:21:33 +0000 2026",
            **more,
        }
    }


def script(name: str, content: object) -> str:
    """Return JSON as X's scripts assign it."""
    return f"window.YTD.{name}.part0 = {json.dumps(content, indent=2)}"


LONG = "We planted one hundred and twenty bulbs along the fence with the help of the allotment society, and then "


def x() -> dict[str, object]:
    """Return X's download in two parts: four photos in a post, an answer, a repost, a film, a long post."""
    media = [
        {
            "url": "https://t.co/abc",
            "media_url_https": f"https://pbs.twimg.com/media/P{number}.jpg",
            "type": "photo",
        }
        for number in range(4)
    ]
    one = tweet(
        1001,
        "Farm trip &amp; picnic https://t.co/xyz https://t.co/abc",
        entities={
            "media": media[:1],
            "urls": [{"url": "https://t.co/xyz", "expanded_url": "https://www.larkmere.example/farm"}],
        },
        extended_entities={"media": media},
    )
    return {
        "data/manifest.js": 'window.__THAR_CONFIG = {"archiveInfo": {"generationDate": "2026-05-30T07:00:00.000Z"}}',
        "data/account.js": script("account", [{"account": {"username": "larkmere", "email": "office@a.example"}}]),
        "data/tweets.js": script("tweets", [one, tweet(1002, "@parent Thank you!")]),
        "data/tweets-part1.js": script(
            "tweets", [tweet(1003, "RT @council: Roads closed"), tweet(1004, f"{LONG[:90]}… https://t.co/more")]
        ),
        "data/note-tweet.js": script("note_tweet", [{"noteTweet": {"core": {"text": f"{LONG}we sang."}}}]),
        "data/deleted-tweets.js": script("deleted_tweets", [tweet(1005, "Deleted in haste")]),
        "data/direct-messages.js": script("direct_messages", [{"dmConversation": {"messages": ["A private word"]}}]),
        **{f"data/tweets_media/1001-P{number}.jpg": picture(110 + number) for number in range(4)},
    }


TAKEOUT_HEADS = (
    "Video ID,Approximate Duration (ms),Video Description (Original),Channel ID,Video Title (Original),"
    "Video Title (Original) Language,Privacy,Video State,Video Create Timestamp,Video Publish Timestamp"
)


def takeout(folder: str = "Takeout/YouTube and YouTube Music/video metadata") -> dict[str, object]:
    """Return a Takeout: one public film, one unlisted, one private, and a list of films watched."""
    rows = [
        f"{name},1000,{words},UCabc,{title},en,{privacy},Processed,2026-03-01T10:00:00+00:00,2026-03-05T10:21:33+00:00"
        for name, title, words, privacy in (
            ("abcdefghij1", "Nativity", '"Songs, and a donkey"', "Public"),
            ("abcdefghij2", "For one family", "Their own", "Unlisted"),
            ("abcdefghij3", "Staff only", "Training", "Private"),
        )
    ]
    return {
        f"{folder}/videos.csv": "\n".join([TAKEOUT_HEADS, *rows]),
        "Takeout/YouTube and YouTube Music/playlists/Watch later.csv": "Video ID,Added\nabcdefghij9,2026-03-05",
    }


WXR = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Larkmere</title>
<pubDate>Mon, 01 Jun 2026 07:00:00 +0000</pubDate><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login>jbloggs1970</wp:author_login><wp:author_email>jb@a.example</wp:author_email>
<wp:author_display_name>School Office</wp:author_display_name></wp:author>
ITEMS</channel></rss>"""


def wxr_item(slug: str, title: str, **cells: str) -> str:
    """Return one item of an export; further cells replace the usual ones."""
    wanted = {
        "status": "publish",
        "type": "post",
        "password": "",
        "content": "<p>Words</p>",
        "more": "",
        "link": f"https://www.larkmere.example/{slug}/",
        **cells,
    }
    return (
        f"<item><title><![CDATA[{title}]]></title><link>{wanted['link']}</link>"
        f"<dc:creator>jbloggs1970</dc:creator><guid>https://www.larkmere.example/?p=7{len(slug)}</guid>"
        f"<content:encoded><![CDATA[{wanted['content']}]]></content:encoded><excerpt:encoded></excerpt:encoded>"
        f"<wp:post_id>7{len(slug)}</wp:post_id><wp:post_date>2026-03-05 10:21:33</wp:post_date>"
        f"<wp:post_date_gmt>2026-03-05 10:21:33</wp:post_date_gmt><wp:status>{wanted['status']}</wp:status>"
        f"<wp:post_type>{wanted['type']}</wp:post_type><wp:post_password>{wanted['password']}</wp:post_password>"
        f"{wanted['more']}</item>"
    )


def wxr_comment(number: int, text: str, approved: str = "1", kind: str = "comment") -> str:
    """Return one comment of an export."""
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>A parent</wp:comment_author>"
        f"<wp:comment_author_email>parent@b.example</wp:comment_author_email>"
        f"<wp:comment_author_IP>203.0.113.77</wp:comment_author_IP><wp:comment_content>{text}</wp:comment_content>"
        f"<wp:comment_date_gmt>2026-03-06 08:00:00</wp:comment_date_gmt>"
        f"<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type></wp:comment>"
    )


def wordpress() -> str:
    """Return an export: one post with comments and pictures, a page, and much that is not public."""
    picture_url = "https://www.larkmere.example/wp-content/uploads"
    comments = "".join(
        (wxr_comment(1, "Lovely!"), wxr_comment(2, "Not seen yet", approved="0"), wxr_comment(3, "Spam", "spam"))
    )
    thumbnail = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>900</wp:meta_value></wp:postmeta>"
    attachment = (
        "<item><title>head</title><link>https://www.larkmere.example/head/</link><wp:post_id>900</wp:post_id>"
        f"<wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>"
        f"<wp:attachment_url>{picture_url}/head.jpg</wp:attachment_url></item>"
    )
    body = f'<p>We sang.</p><figure><img src="{picture_url}/choir.jpg" alt="Choir"/></figure>'
    items = (
        wxr_item("harvest", "Harvest &amp; more", content=body, more=comments + thumbnail),
        wxr_item("about-us", "About us", type="page"),
        wxr_item("draft-1", "A draft", status="draft"),
        wxr_item("private-22", "Governors", status="private"),
        wxr_item("locked-333", "Trip photos", password="rain"),
        wxr_item(
            "sent-4444", "A form", type="feedback", link="https://www.larkmere.example/?post_type=feedback&amp;p=1"
        ),
        wxr_item("menu-55555", "Menu", type="nav_menu_item"),
        attachment,
    )
    return WXR.replace("ITEMS", "\n".join(items))
