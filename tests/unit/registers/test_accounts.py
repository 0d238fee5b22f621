"""config/accounts.toml: every account in the school's name; a problem is named by the account's number and name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditbot.errors import SettingsError
from auditbot.registers.accounts import Account, read_accounts


def write(folder: Path, text: str) -> Path:
    path = folder / "accounts.toml"
    path.write_text(text, "utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(SettingsError) as stopped:
        read_accounts(path)
    first, *lines = str(stopped.value).splitlines()
    assert first == f"{path} cannot be used:"
    return [line.removeprefix("  - ") for line in lines]


def account(**cells: str) -> str:
    lines = {"name": '"website"', "url": '"https://a.example/"', **cells}
    return "\n".join(["[[account]]", *(f"{name} = {value}" for name, value in lines.items() if value), ""])


def test_the_demo_schools_accounts_load(repository: Path) -> None:
    (website,) = read_accounts(repository / "config" / "accounts.toml")
    assert (website.name, website.channel, website.may_be_empty) == ("website", "website", False)
    assert website.approved_on == date(2025, 7, 14)


def test_name_and_address_are_enough(tmp_path: Path) -> None:
    assert read_accounts(write(tmp_path, account())) == (Account("website", "https://a.example/"),)


ADDRESSES = [
    "http://a.example", "https://a.example/news?page=2", "https://127.0.0.1:8000/", "https://xn--tst-qla.example/",
    "http://localhost:8080/", "http://[::1]:8080/", "https://schüle.example/", "https://a.example./",
]  # fmt: skip


@pytest.mark.parametrize("url", ADDRESSES)
def test_web_addresses(tmp_path: Path, url: str) -> None:
    assert read_accounts(write(tmp_path, account(url=f'"{url}"')))[0].url == url


NO_ADDRESSES = [
    "a.example", "www.a.example/news", "ftp://a.example/", "file:///etc/passwd", "javascript:alert(1)", "https://",
    "https:///news", "https://?a=b", " https://a.example/", "mailto:office@a.example", "",
    "https://not a url", "https://school", "https://1.2", "https://a..example/", "https://-a.example/",
    "https://a.example:notaport/", "http://[::1/",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_what_is_no_web_address_is_refused(tmp_path: Path, url: str) -> None:
    assert problems(write(tmp_path, account(url=f'"{url}"'))) == [
        f"account 1 (website), url: {url!r} should be a web address like https://www.example.org/"
    ]


def test_a_password_is_neither_taken_nor_repeated(tmp_path: Path) -> None:
    in_address = problems(write(tmp_path, account(url='"https://user:s3cret@a.example/"')))
    in_key = problems(write(tmp_path, account(password='"s3cret"')))
    assert in_address == ["account 1 (website), url: the address should hold no user name or password"]
    assert in_key == ["account 1 (website), password: unknown key"]


def test_all_problems_of_all_accounts_are_named_at_once(tmp_path: Path) -> None:
    text = account(chanel='"website"', may_be_empty='"no"') + account(
        name='"Facebook page"', kind='"friendster"', channel='"facebook"', year_groups='"R"', approved_on='"soon"'
    )
    found = problems(write(tmp_path, text + "[[account]]\nurl = 5\n"))
    assert sorted(found) == [
        "account 1 (website), chanel: unknown key; did you mean 'channel'?",
        'account 1 (website), may_be_empty: should be true or false (found "no")',
        'account 2 (Facebook page), approved_on: should be a date like 2026-09-01 (found "soon")',
        "account 2 (Facebook page), channel: should be 'website', 'social_media', 'newsletter', 'prospectus_display', "
        "'press' or 'video' (found \"facebook\")",
        "account 2 (Facebook page), kind: should be 'website', 'folder', 'facebook', 'instagram', 'x', 'youtube', "
        "'threads', 'bluesky' or 'mastodon' (found \"friendster\")",
        'account 2 (Facebook page), year_groups: should be a list (found "R")',
        "account 3, name: is missing",
        "account 3, url: should be text in quotation marks (found 5)",
    ]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "-x", "x" * 62, "Zoë", "a\\n"])
def test_a_name_can_stand_in_a_report_and_on_the_command_line(tmp_path: Path, name: str) -> None:
    (problem,) = problems(write(tmp_path, account(name=f'"{name}"')))
    assert problem.endswith("should be a short name of letters, digits, spaces, - and _")


def test_two_accounts_of_one_name_are_refused(tmp_path: Path) -> None:
    assert problems(write(tmp_path, account() + account())) == ["two accounts are called 'website'"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "account: is missing"),
        ("account = []\n", "it holds no [[account]], so nothing would be audited"),
        ("[account]\n", "account: should be a list"),
        ("[[acount]]\n", "acount: unknown key; did you mean 'account'?"),
    ],
)
def test_a_register_without_an_account_is_no_clean_audit(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in problems(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path / "accounts.toml") == ["the file does not exist"]


EDITORS = [
    ("https://a.example/wp-admin/edit.php?s={title}", "https://a.example/wp-admin/edit.php?s=Fun+%26+games"),
    ("https://a.example/edit/{slug}", "https://a.example/edit/fun%20day"),
    (
        "https://a.example/edit?of={address}",
        "https://a.example/edit?of=https%3A%2F%2Fa.example%2Fnews%2Ffun%2520day%2F",
    ),
    ("https://a.example/admin", "https://a.example/admin"),
    ("", ""),
]


@pytest.mark.parametrize(("pattern", "expected"), EDITORS)
def test_where_a_post_is_changed(tmp_path: Path, pattern: str, expected: str) -> None:
    (website,) = read_accounts(write(tmp_path, account(edit_url=f'"{pattern}"')))
    assert website.editor_of("https://a.example/news/fun%20day/", "Fun & games") == expected
    assert website.editor_of("https://a.example/news/fun%20day/") == ("" if "{title}" in pattern else expected)


@pytest.mark.parametrize(
    "pattern", ["https://a.example/{id}", "https://a.example/{title", "javascript:{title}", "{title}"]
)
def test_what_is_no_address_of_an_editor_is_refused(tmp_path: Path, pattern: str) -> None:
    assert len(problems(write(tmp_path, account(edit_url=f'"{pattern}"')))) == 1
