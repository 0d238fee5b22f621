"""Importing downloads: hostile ones do no harm, the same post is one post, and an audit rests on what is known."""

from __future__ import annotations

import json
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from auditbot import pipeline
from auditbot.cli import main
from auditbot.collect.archives.container import Archive, MemberUnreadable
from auditbot.collect.archives.importing import KnownPosts, import_archive
from auditbot.errors import ArchiveOfAnotherKind, ArchiveUnreadable
from auditbot.model import Coverage, Post, PostGone, Spool
from auditbot.registers.accounts import Account, read_accounts
from auditbot.run import local_now, one_at_a_time
from auditbot.sentences import quoted
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from tests.unit.collect import downloads
from tests.unit.collect.downloads import MARCH, SECONDS, facebook, zipped

ACCOUNTS = {
    "facebook": "https://www.facebook.com/larkmere",
    "instagram": "https://www.instagram.com/larkmere",
    "x": "https://x.com/larkmere",
    "youtube": "https://www.youtube.com/@larkmere",
}


@pytest.fixture(autouse=True)
def own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())


@pytest.fixture
def school(fresh_workspace: Workspace) -> Workspace:
    """A workspace with an account of each kind that has downloads."""
    register = fresh_workspace.config / "accounts.toml"
    text = register.read_text("utf-8")
    for kind, url in ACCOUNTS.items():
        text += f'\n[[account]]\nname = "{kind}"\nkind = "{kind}"\nurl = "{url}"\n'
    register.write_text(text, "utf-8")
    return fresh_workspace


def account(school: Workspace, name: str) -> Account:
    return next(found for found in read_accounts(school.config / "accounts.toml") if found.name == name)


@pytest.fixture
def store(school: Workspace) -> Iterator[Store]:
    with Store(school.data / "auditbot.db") as opened:
        yield opened


def bring(school: Workspace, store: Store, name: str, *paths: Path) -> int:
    """Import and return how many posts of the download were known already."""
    into = (store, Spool(school.data / "spool"))
    return import_archive(paths, account(school, name), load_settings(school), into).known


# Hostile downloads


def test_names_that_lead_out_and_links_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name in ("../up.txt", "/etc/passwd", "a/../../up.txt", "C:\\windows\\up.txt", "..\\up.txt", "kept.txt"):
            out.writestr(name, "words")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(link, "/etc/passwd")
    with Archive([path]) as archive:
        assert archive.names() == ["kept.txt"]
        assert archive.left_out == 6


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    folder = tmp_path / "download"
    folder.mkdir()
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "deeper").symlink_to(outside)
    (folder / "kept.txt").write_text("kept")
    with Archive([folder]) as archive:
        assert archive.names() == ["kept.txt"]


def test_a_bomb_is_given_up_early(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("bomb.json", b"0" * 60_000_000)
    with Archive([path]) as archive:
        read = 0
        with pytest.raises(MemberUnreadable, match="far more"):
            for piece in archive.pieces("bomb.json", 200_000_000):
                read += len(piece)
    assert read < 15_000_000


def test_a_file_larger_than_the_limit_is_given_up(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.bin": os.urandom(200_000)})
    with Archive([path]) as archive, pytest.raises(MemberUnreadable, match="larger"):
        archive.read("a.bin", 100_000)


def locked(path: Path) -> Path:
    """Write a zip that says its member is encrypted."""
    zipped(path, {"data/tweets.js": "x" * 50})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(signature) + offset
        content[place : place + 2] = struct.pack("<H", 1)
    path.write_bytes(bytes(content))
    return path


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable, match="password"):
        Archive([locked(tmp_path / "a.zip")])


def cut(path: Path) -> Path:
    path.write_bytes(zipped(path, facebook()).read_bytes()[:-40])
    return path


def missing(path: Path) -> Path:
    return path


@pytest.mark.parametrize(("make", "says"), [(cut, "damaged"), (missing, "no such file")])
def test_what_cannot_be_opened_is_refused(tmp_path: Path, make: object, says: str) -> None:
    with pytest.raises(ArchiveUnreadable, match=says):
        Archive([make(tmp_path / "a.zip")])  # type: ignore[operator]


def test_a_damaged_member_is_told_and_the_rest_is_read(school: Workspace, store: Store, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", facebook())
    content = bytearray(path.read_bytes())
    place = content.index(b"Harvest_1/111.jpg") + 60
    content[place : place + 40] = b"\x00" * 40
    path.write_bytes(bytes(content))
    bring(school, store, "facebook", path)
    uses = {use.url.rpartition("/")[2]: use.sha256 for post in store.published.posts() for use in post.photos}
    assert uses["111.jpg"] is None
    assert uses["112.jpg"]
    latest = store.archives.latest("facebook")
    assert latest
    assert any(note.what == "photos" and "damaged" in note.reason for note in latest[2])


# What an import leaves behind


def test_nothing_is_written_but_the_database_and_photos_named_by_their_hash(
    school: Workspace, store: Store, tmp_path: Path
) -> None:
    bring(school, store, "facebook", zipped(tmp_path / "a.zip", facebook()))
    spooled = [path.name for path in (school.data / "spool").iterdir()]
    assert len(spooled) == 3
    assert all(len(name) == 64 for name in spooled)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "school"]


def test_a_trial_run_counts_and_keeps_nothing(
    school: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = zipped(tmp_path / "a.zip", facebook())
    words = ["--workspace", str(school.folder), "import-archive", str(path), "--account", "facebook", "--dry-run"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "Posts: 3. Photos: 3." in said
    assert "comments of visitors" in said
    with Store(school.data / "auditbot.db") as store:
        assert list(store.published.posts()) == []
    assert not list((school.data).glob("spool/*"))


def test_the_command_says_what_came_and_what_to_do_next(
    school: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = zipped(tmp_path / "a.zip", downloads.takeout())
    words = ["--workspace", str(school.folder), "import-archive", str(path), "--account", "youtube"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "A download from YouTube, made on 1 June 2026" in said
    assert "2 films: They are private or unlisted." in said
    assert "auditbot audit" in said


@pytest.mark.parametrize("words", [["--account", "nobody"], ["--account", "x"]])
def test_the_wrong_account_is_refused(
    school: Workspace, tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = zipped(tmp_path / "a.zip", facebook())
    assert main(["--workspace", str(school.folder), "import-archive", str(path), *words]) == 2
    assert "Facebook" in capsys.readouterr().err or words[1] == "nobody"


def test_no_import_while_an_audit_runs(school: Workspace, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", facebook())
    with one_at_a_time(school):
        assert main(["--workspace", str(school.folder), "import-archive", str(path), "--account", "facebook"]) == 2


def test_another_platforms_download_is_refused(school: Workspace, store: Store, tmp_path: Path) -> None:
    with pytest.raises(ArchiveOfAnotherKind):
        bring(school, store, "instagram", zipped(tmp_path / "a.zip", facebook()))


# One post is one post


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("facebook", facebook()),
        ("instagram", downloads.instagram()),
        ("x", downloads.x()),
        ("youtube", downloads.takeout()),
        ("website", {"a.xml": downloads.wordpress()}),
    ],
)
def test_the_same_download_twice_and_a_later_one_double_nothing(
    school: Workspace, store: Store, tmp_path: Path, name: str, members: dict[str, object]
) -> None:
    bring(school, store, name, zipped(tmp_path / "a.zip", members))
    first = list(store.published.posts())
    assert first
    bring(school, store, name, zipped(tmp_path / "a.zip", members))
    bring(school, store, name, zipped(tmp_path / "b.zip", members, (2026, 7, 1, 8, 0, 0)))
    assert list(store.published.posts()) == first


def test_json_after_html_doubles_nothing(school: Workspace, store: Store, tmp_path: Path) -> None:
    bring(school, store, "facebook", zipped(tmp_path / "a.zip", downloads.facebook_html()))
    before = len(list(store.published.posts()))
    seconds = SECONDS + 12 * 3600
    again = {
        f"{downloads.PAGE}/posts/profile_posts_1.json": [
            {"timestamp": seconds, "data": [{"post": "Welly walk in the rain"}]}
        ]
    }
    assert bring(school, store, "facebook", zipped(tmp_path / "b.zip", again, (2026, 7, 1, 8, 0, 0))) == 0
    assert len(list(store.published.posts())) == before


WEB = "https://www.facebook.com/larkmere/posts/1"


@pytest.mark.parametrize(
    ("name", "members", "web"),
    [
        ("facebook", facebook(), Post("facebook", WEB, "", "Welly walk – Chloë's class", published_at=MARCH)),
        ("x", downloads.x(), Post("x", "https://twitter.com/larkmere/status/1001", "", "Farm", published_at=MARCH)),
        ("youtube", downloads.takeout(), Post("youtube", "https://youtu.be/abcdefghij1", "Nativity", "")),
        ("website", {"a.xml": downloads.wordpress()}, Post("website", "http://larkmere.example/harvest", "Hi", "")),
        ("website", {"a.xml": downloads.wordpress()}, Post("website", "https://www.larkmere.example/?p=77", "Hi", "")),
    ],
)
def test_a_post_seen_on_a_visit_is_not_doubled_by_a_download(
    school: Workspace, store: Store, tmp_path: Path, name: str, members: dict[str, object], web: Post
) -> None:
    store.published.save_post(web, local_now(load_settings(school)))
    total = len(list(import_all(school, tmp_path / "all.zip", name, members)))
    assert bring(school, store, name, zipped(tmp_path / "a.zip", members)) == 1
    kept = list(store.published.posts())
    assert len(kept) == total
    assert next(post for post in kept if post.url == web.url).text == web.text


def import_all(school: Workspace, path: Path, name: str, members: dict[str, object]) -> range:
    done = import_archive([zipped(path, members)], account(school, name), load_settings(school), None)
    return range(done.posts)


def test_a_visit_takes_over_the_post_of_a_download(school: Workspace, store: Store, tmp_path: Path) -> None:
    bring(school, store, "facebook", zipped(tmp_path / "a.zip", facebook()))
    before = {post.url for post in store.published.posts()}
    seen = Post("facebook", WEB, "", "Welly walk – Chloë’s class 🌧", published_at=MARCH + timedelta(seconds=10))
    known = KnownPosts(store.archives.known_posts("facebook"))
    store.published.save_post(seen, local_now(load_settings(school)))
    store.archives.visited("facebook", WEB, known.twins(seen))
    after = {post.url for post in store.published.posts()}
    assert after - before == {WEB}
    assert len(after) == len(before)


def test_posts_in_one_minute_without_words_stay_apart(school: Workspace, store: Store, tmp_path: Path) -> None:
    photos = [f"{downloads.PAGE}/posts/media/{number}.jpg" for number in (1, 2, 3)]
    posts = [{"timestamp": SECONDS, "attachments": [{"data": [{"media": {"uri": photo}}]}]} for photo in photos]
    members = {f"{downloads.PAGE}/posts/profile_posts_1.json": posts}
    members |= {photo: downloads.picture(number) for number, photo in enumerate(photos)}  # type: ignore[misc]
    for name in ("a.zip", "b.zip"):
        bring(school, store, "facebook", zipped(tmp_path / name, members))
    shown = [use.url for post in store.published.posts() for use in post.photos]
    assert sorted(shown) == sorted(f"archive:{photo}" for photo in photos)


def test_what_a_visit_found_gone_stays_gone(school: Workspace, store: Store, tmp_path: Path) -> None:

    url, now = "https://www.larkmere.example/harvest/", local_now(load_settings(school))
    store.published.save_post(Post("website", url, "Harvest", "We sang."), now)
    store.published.mark_gone(PostGone("website", url, quoted("The page answers 404 Not Found.")), now)
    bring(school, store, "website", zipped(tmp_path / "a.zip", {"a.xml": downloads.wordpress()}))
    assert url not in {post.url for post in store.published.posts()}


def test_an_older_download_changes_nothing_that_a_later_one_showed(
    school: Workspace, store: Store, tmp_path: Path
) -> None:
    later = facebook()
    posts = json.loads(json.dumps(later[f"{downloads.PAGE}/posts/profile_posts_1.json"]))
    posts[1]["data"][0]["post"] = "PE kit on Tuesday, please."
    later[f"{downloads.PAGE}/posts/profile_posts_1.json"] = posts
    bring(school, store, "facebook", zipped(tmp_path / "b.zip", later, (2026, 7, 1, 8, 0, 0)))
    bring(school, store, "facebook", zipped(tmp_path / "a.zip", facebook()))
    assert "PE kit on Tuesday, please." in {post.text for post in store.published.posts()}
    assert "PE kit on Monday, please." not in {post.text for post in store.published.posts()}


def test_a_post_that_a_later_download_lacks_is_told_and_not_taken_for_removed(
    school: Workspace, store: Store, tmp_path: Path
) -> None:
    bring(school, store, "facebook", zipped(tmp_path / "a.zip", facebook()))
    later = facebook()
    name = f"{downloads.PAGE}/posts/profile_posts_1.json"
    later[name] = later[name][:1]  # type: ignore[index]
    bring(school, store, "facebook", zipped(tmp_path / "b.zip", later, (2026, 7, 1, 8, 0, 0)))
    assert "PE kit on Monday, please." in {post.text for post in store.published.posts()}
    latest = store.archives.latest("facebook")
    assert latest
    assert [note.reason[:41] for note in latest[2] if note.what == "posts"] == [
        "1 posts of an earlier download are not in"
    ]


# What an audit makes of it


def audit(school: Workspace, *stages: str) -> dict[str, Coverage]:
    class Quiet:
        def start(self, stage: str, total: int | None) -> None: ...
        def advance(self, stage: str) -> None: ...
        def finish(self, stage: str) -> None: ...

    done = pipeline.run_audit(school, Quiet(), pipeline.Request(stages=stages, account=None)).audit
    assert done
    return {coverage.account: coverage for coverage in done.coverage}


def test_an_account_without_a_token_rests_on_its_download(school: Workspace, store: Store, tmp_path: Path) -> None:
    bring(school, store, "facebook", zipped(tmp_path / "a.zip", facebook()))
    covered = audit(school, "check")
    assert (covered["facebook"].status, covered["facebook"].posts) == ("partial", 3)
    assert "1 June 2026" in covered["facebook"].reason
    assert covered["instagram"].status == "error"
    bring(school, store, "facebook", zipped(tmp_path / "b.zip", facebook(), (2026, 7, 1, 8, 0, 0)))
    assert "1 July 2026" in audit(school, "check")["facebook"].reason


def test_a_later_visit_counts_more_than_a_download(school: Workspace, store: Store, tmp_path: Path) -> None:
    now = local_now(load_settings(school))
    number = store.audits.begin(now, "visit")
    store.audits.save_coverage(number, Coverage("facebook", "complete", 9, 9), [], started_at=now, at=now)
    store.audits.end(number, now)
    bring(school, store, "facebook", zipped(tmp_path / "a.zip", facebook()))
    assert audit(school, "check")["facebook"] == Coverage("facebook", "complete", 9, 9)
