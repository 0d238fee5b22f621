"""A folder as an account: every picture, document and text is a post; nothing outside it is touched or told."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditbot.collect.stage import collect_account
from auditbot.errors import SettingsError
from auditbot.model import CollectEvent, CollectJob, Coverage, FetchedFile, KnownFile, NotChecked, Post, PostGone, Spool
from auditbot.registers.accounts import read_accounts
from auditbot.settings import Settings, Workspace, load_settings
from tests.unit.collect.downloads import picture

WHEN = 1_772_704_893


@pytest.fixture
def settings(fresh_workspace: Workspace) -> Settings:
    return load_settings(fresh_workspace)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A prospectus: pictures in a subfolder, texts, a Word document, and what does not count."""
    root = tmp_path / "prospectus"
    (root / "Year_1").mkdir(parents=True)
    (root / "Year_1" / "sports day #1.png").write_bytes(picture(10))
    (root / "welcome.txt").write_text("Welcome, Chloë.", "cp1252")
    (root / "page.html").write_text("<h1>Hello</h1><script>no()</script><p>All</p>")
    (root / "notes.md").write_text("# Notes", "utf-8")
    (root / "paper.pdf").write_bytes(b"%PDF-1.4 small")
    with zipfile.ZipFile(root / "garden.docx", "w") as out:
        out.writestr("word/document.xml", "<d/>")
    for passed_over in (".hidden.png", "~$garden.docx", "Thumbs.db", "half.png.part"):
        (root / passed_over).write_bytes(b"x")
    (root / "film.mp4").write_bytes(b"x")
    for path in root.rglob("*"):
        os.utime(path, (WHEN, WHEN))
    return root


def job(root: Path, tmp_path: Path) -> CollectJob:
    spool = Spool(tmp_path / "school" / "data" / "spool")
    return CollectJob("Prospectus", "folder", "folder:Prospectus", False, spool, {}, frozenset(), folder=root)


@pytest.fixture
def events(folder: Path, tmp_path: Path, settings: Settings) -> list[CollectEvent]:
    return list(collect_account(job(folder, tmp_path), settings))


def posts(events: list[CollectEvent]) -> dict[str, Post]:
    return {event.url: event for event in events if isinstance(event, Post)}


def test_every_file_is_a_post_with_its_name_and_time(events: list[CollectEvent]) -> None:
    found = posts(events)
    assert {post.title: post.text for post in found.values()} == {
        "Year 1 / sports day #1": "",
        "garden": "",
        "notes": "# Notes",
        "page": "Hello\nAll",
        "paper": "",
        "welcome": "Welcome, Chloë.",
    }
    assert {post.published_at.timestamp() for post in found.values() if post.published_at} == {WHEN}
    assert {post.title: len(post.photos) for post in found.values() if post.photos} == {
        "Year 1 / sports day #1": 1,
    }
    assert {post.title for post in found.values() if post.documents} == {"garden", "paper"}


def test_addresses_say_nothing_of_this_computer(events: list[CollectEvent], tmp_path: Path) -> None:
    assert "file:Prospectus/Year_1/sports%20day%20%231.png" in posts(events)
    assert str(tmp_path) not in repr(events)
    assert str(Path.home()) not in repr(events)


def test_what_is_passed_over_is_counted_and_a_film_makes_the_folder_partial(events: list[CollectEvent]) -> None:
    said = [event.reason for event in events if isinstance(event, NotChecked)]
    assert said == [
        "Files of a kind that is not read (.mp4): 1.",
        "Hidden or temporary files and folders that were passed over: 3.",
    ]
    last = events[-1]
    assert isinstance(last, Coverage)
    assert (last.status, last.posts, last.photos) == ("partial", 6, 1)


def test_links_are_not_followed(folder: Path, tmp_path: Path, settings: Settings) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "way out").symlink_to(outside)
    (folder / "round").symlink_to(folder)
    events = list(collect_account(job(folder, tmp_path), settings))
    assert "secret" not in repr(events)
    assert "Links that were not followed: 3." in [event.reason for event in events if isinstance(event, NotChecked)]


def test_unchanged_pictures_and_documents_are_not_read_again(
    events: list[CollectEvent], folder: Path, tmp_path: Path, settings: Settings
) -> None:
    taken = [event for event in events if isinstance(event, FetchedFile) and event.last_modified]
    known = {file.url: KnownFile(file.sha256, last_modified=file.last_modified) for file in taken}
    (folder / "paper.pdf").write_bytes(b"%PDF-1.4 another")
    again = list(collect_account(replace(job(folder, tmp_path), known_files=known), settings))
    unchanged = {event.url: event.unchanged for event in again if isinstance(event, FetchedFile)}
    assert unchanged["file:Prospectus/Year_1/sports%20day%20%231.png"]
    assert not unchanged["file:Prospectus/paper.pdf"]


def test_a_removed_file_is_gone_and_a_lost_drive_is_not(
    events: list[CollectEvent], folder: Path, tmp_path: Path, settings: Settings
) -> None:
    later = replace(job(folder, tmp_path), known_posts=frozenset(posts(events)))
    (folder / "welcome.txt").unlink()
    gone = [event for event in collect_account(later, settings) if isinstance(event, PostGone)]
    assert [(event.url, event.proof) for event in gone] == [
        ("file:Prospectus/welcome.txt", "The file is no longer in the folder.")
    ]
    for lost in (tmp_path / "empty", tmp_path / "not there"):
        if lost.name == "empty":
            lost.mkdir()
        events = list(collect_account(replace(later, folder=lost), settings))
        assert not [event for event in events if isinstance(event, PostGone)]
        assert isinstance(events[-1], Coverage)
        assert events[-1].status == "error"


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_read(
    folder: Path, tmp_path: Path, settings: Settings
) -> None:
    (folder / "paper.pdf").write_bytes(b"no document at all")
    (folder / "empty.png").write_bytes(b"")
    (folder / "endless.txt").write_bytes(b"0" * 6_000_000)
    events = list(collect_account(job(folder, tmp_path), settings))
    told = {event.url.rpartition("/")[2] for event in events if isinstance(event, NotChecked) and event.url}
    assert told == {"paper.pdf", "empty.png", "endless.txt"}
    assert "file:Prospectus/welcome.txt" in posts(events)


def test_only_files_since_a_day(folder: Path, tmp_path: Path, settings: Settings) -> None:
    os.utime(folder / "welcome.txt", (WHEN + 864_000, WHEN + 864_000))
    events = list(collect_account(replace(job(folder, tmp_path), since=date(2026, 3, 10)), settings))
    assert list(posts(events)) == ["file:Prospectus/welcome.txt"]
    assert not [event for event in events if isinstance(event, PostGone)]


@pytest.mark.parametrize("inside", [".", "consent/photos", "data", "reports"])
def test_the_schools_own_registers_are_never_read_as_published(
    fresh_workspace: Workspace, settings: Settings, inside: str
) -> None:
    root = fresh_workspace.folder / inside
    root.mkdir(exist_ok=True)
    (root / "portrait.png").write_bytes(picture())
    asked = replace(job(root, root), spool=Spool(fresh_workspace.data / "spool"))
    events = list(collect_account(asked, settings))
    assert not posts(events)
    assert isinstance(events[-1], Coverage)
    assert "own files" in events[-1].reason


def register(text: str, path: Path) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_folder_needs_no_address_and_is_for_display(tmp_path: Path) -> None:
    text = '[[account]]\nname = "Prospectus"\nkind = "folder"\nfolder = "prospectus"\n'
    (account,) = read_accounts(register(text, tmp_path / "accounts.toml"))
    assert (account.folder, account.channel, account.url) == ("prospectus", "prospectus_display", "folder:Prospectus")


@pytest.mark.parametrize(
    "text",
    [
        'kind = "folder"',
        'url = "https://a.example/"\nfolder = "prospectus"',
        'url = "folder:x"',
    ],
)
def test_a_folder_in_the_wrong_place_stops_the_run(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="folder"):
        read_accounts(register(f'[[account]]\nname = "Prospectus"\n{text}\n', tmp_path / "accounts.toml"))
