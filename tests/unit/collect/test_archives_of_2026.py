"""Downloads as they come today: WordPress's shortcodes and pasted characters, Instagram's labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.collect import downloads
from tests.unit.collect.downloads import SECONDS, picture, wxr_item, zipped
from tests.unit.collect.test_archives_read import read

UPLOADS = "https://www.larkmere.example/wp-content/uploads"


def export(*items: str) -> str:
    head, _, tail = downloads.WXR.partition("ITEMS")
    return head + "".join(items) + tail


def attachment(number: int, parent: int = 0) -> str:
    address = f"<wp:attachment_url>{UPLOADS}/{number}.jpg</wp:attachment_url><wp:post_parent>{parent}</wp:post_parent>"
    item = wxr_item(f"pic{number}", f"pic{number}", type="attachment", status="inherit", more=address)
    return item.replace(f"<wp:post_id>7{len(f'pic{number}')}<", f"<wp:post_id>{number}<")


def post_of(tmp_path: Path, *items: str) -> tuple[str, list[str], list[str]]:
    path = tmp_path / "a.xml"
    path.write_text(export(*items), "utf-8")
    _, found, _ = read(path)
    post = found[0]
    return post.text, [photo.url.rpartition("/")[2] for photo in post.photos], [photo.caption for photo in post.photos]


@pytest.mark.parametrize(
    ("shortcode", "shown"),
    [
        ('[gallery ids="11,12,13"]', ["11.jpg", "12.jpg", "13.jpg"]),
        ("[gallery ids='13, 11' columns=2]", ["13.jpg", "11.jpg"]),
        ('[gallery include="12"]', ["12.jpg"]),
        ("[gallery]", ["12.jpg", "13.jpg"]),
        ('[gallery exclude="12"]', ["13.jpg"]),
        ('[gallery id="9"]', ["11.jpg"]),
        ('[GALLERY ids="99,11"]', ["11.jpg"]),
        ("[galleries]", []),
    ],
)
def test_a_gallery_shows_the_pictures_of_the_library(tmp_path: Path, shortcode: str, shown: list[str]) -> None:
    fair = wxr_item("fair", "Fair", content=f"We went. {shortcode}")
    number = int(fair.partition("<wp:post_id>")[2].partition("<")[0])
    text, photos, _ = post_of(tmp_path, fair, attachment(11, 9), attachment(12, number), attachment(13, number))
    assert photos == shown
    assert text.startswith("We went.") and "ids=" not in text


def test_a_caption_belongs_to_its_picture_and_its_code_is_no_text(tmp_path: Path) -> None:
    content = (
        f'[caption id="x" width="300"]<img src="{UPLOADS}/a.jpg" alt="soup"> Saffron with soup[/caption]<p>Fun.</p>'
    )
    text, photos, captions = post_of(tmp_path, wxr_item("fair", "Fair", content=content))
    assert (photos, captions) == (["a.jpg"], ["Saffron with soup"])
    assert "[" not in text and "caption" not in text


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ("two\x0b words", "two words"),
        ("two &#x0B; words", "two words"),
        ("two &nbsp; words", "two words"),
        ("bread & butter", "bread & butter"),
        ("bread &amp; butter", "bread & butter"),
        ("caf&eacute;", "café"),
        ("it&rsquo;s", "it’s"),
        ("fish &chips; peas", "fish &chips; peas"),
    ],
)
@pytest.mark.parametrize("where", ["content", "title"])
def test_what_xml_forbids_does_not_end_an_export(tmp_path: Path, said: str, read_as: str, where: str) -> None:
    odd = wxr_item("second", "Second", content="<p>Words</p>")
    if where == "content":
        odd = odd.replace("<p>Words</p>", f"<p>{said}</p>")
    else:
        odd = odd.replace("<title><![CDATA[Second]]></title>", f"<title>{said}</title>")
    path = tmp_path / "a.xml"
    path.write_text(export(wxr_item("first", "First"), odd, wxr_item("third", "Third")), "utf-8")
    _, found, left_out = read(path)
    assert [post.url.rstrip("/").rpartition("/")[2] for post in found] == ["first", "second", "third"]
    assert " ".join((found[1].text if where == "content" else found[1].title).split()) == read_as
    assert left_out == []


def test_a_byte_that_is_no_utf_8_is_one_sign_and_no_end(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    text = export(wxr_item("first", "First", content="<p>caf@</p>"), wxr_item("second", "Second"))
    path.write_bytes(text.encode("utf-8").replace(b"caf@", b"caf\xe9"))
    _, found, _ = read(path)
    assert [post.text for post in found] == ["caf\ufffd", "Words"]


def labelled(caption: str, names: list[str], at: int, label: str = "Caption", **more: Any) -> dict[str, object]:
    files = [{"uri": f"media/posts/202603/{name}.jpg", "creation_timestamp": at, "title": ""} for name in names]
    values: list[dict[str, object]] = [{"label": label, "value": caption}, {"label": "Media", "media": files}]
    return {"timestamp": at, "media": [], "label_values": values, "fbid": f"1789{at}", **more}


@pytest.mark.parametrize("label", ["Caption", "Pennawd", "Bildunterschrift"])
@pytest.mark.parametrize("with_the_old_form", [False, True])
def test_instagrams_posts_with_labels_are_read_once(tmp_path: Path, label: str, with_the_old_form: bool) -> None:
    folder = "your_instagram_activity/media"
    members: dict[str, object] = {
        f"{folder}/posts.json": [
            labelled("Robins planted beans", ["a", "b"], SECONDS, label),
            labelled("Wrens baked", ["c"], SECONDS + 60, label),
        ],
        **{f"media/posts/202603/{name}.jpg": picture(100 + place) for place, name in enumerate("abc")},
    }
    if with_the_old_form:
        old = [{"uri": f"media/posts/202603/{name}.jpg", "creation_timestamp": SECONDS, "title": ""} for name in "ab"]
        members[f"{folder}/posts_1.json"] = [
            {"media": old, "title": "Robins planted beans", "creation_timestamp": SECONDS}
        ]
    name, items, _ = read(zipped(tmp_path / "a.zip", members))
    assert name == "Instagram"
    found = sorted((item.text, len(item.photos)) for item in items)
    assert found == [("Robins planted beans", 2), ("Wrens baked", 1)]
    assert all(item.published_at for item in items)
