"""``auditbot token``, and a whole audit with a token: it is used, and stands nowhere afterwards."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import keyring
import pytest
from cryptography.fernet import Fernet

from auditbot import pipeline
from auditbot.cli import main
from auditbot.collect.browser.launch import FoundBrowser
from auditbot.collect.sources import facebook
from auditbot.commands import setup
from auditbot.doctor import browsers
from auditbot.doctor.checkup import examine_workspace
from auditbot.settings import Settings, Workspace
from tests.unit.collect.services import TOKEN, Services, as_json
from tests.unit.registers.test_tokens import MemoryKeyring

REGISTER = """
[[account]]
name = "Our page"
kind = "facebook"
url = "https://www.facebook.com/larkmere"

[[account]]
name = "website"
url = "https://www.larkmere.example/"
may_be_empty = true
"""


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    """Give this computer an empty keyring for one test."""
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    before, ring = keyring.get_keyring(), MemoryKeyring()
    handling = signal.getsignal(signal.SIGTERM)
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)
    signal.signal(signal.SIGTERM, handling)


@pytest.fixture
def school(fresh_workspace: Workspace) -> Workspace:
    """Return a workspace with a Facebook Page and a website."""
    (fresh_workspace.config / "accounts.toml").write_text(REGISTER, "utf-8")
    return fresh_workspace


def run(school: Workspace, *words: str) -> int:
    return main(["--workspace", str(school.folder), *words])


def test_set_list_and_forget(
    school: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "getpass", lambda prompt: TOKEN)
    assert run(school, "token", "list") == 0
    assert "none; set AUDITBOT_TOKEN_OUR_PAGE" in capsys.readouterr().out
    assert run(school, "token", "set", "Our page") == 0
    assert run(school, "token", "list") == 0
    assert "Our page (facebook): found in the keyring" in capsys.readouterr().out
    monkeypatch.setenv("AUDITBOT_TOKEN_OUR_PAGE", TOKEN)
    run(school, "token", "list")
    shown = capsys.readouterr().out
    assert "AUDITBOT_TOKEN_OUR_PAGE" in shown
    assert TOKEN not in shown
    assert "website" not in shown
    assert run(school, "token", "forget", "Our page") == 0
    assert run(school, "token", "forget", "Our page") == 0
    assert "holds no token" in capsys.readouterr().out
    assert not any(TOKEN.encode() in path.read_bytes() for path in school.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("account", "says"), [("website", "without a token"), ("our page", "There is no account called")]
)
def test_an_account_that_needs_none_or_is_none(
    school: Workspace, capsys: pytest.CaptureFixture[str], account: str, says: str
) -> None:
    assert run(school, "token", "set", account) == 2
    assert says in capsys.readouterr().err


def test_the_doctor_says_which_token_is_missing(school: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "find_browser", lambda settings: FoundBrowser("a version"))

    def tokens() -> list[tuple[str, str]]:
        checks = examine_workspace(school)
        return [(check.standing, check.message) for check in checks if check.name == "Token"]

    ((standing, message),) = tokens()
    assert standing == "note"
    assert 'auditbot token set "Our page"' in message
    monkeypatch.setenv("AUDITBOT_TOKEN_OUR_PAGE", TOKEN)
    ((standing, message),) = tokens()
    assert (standing, TOKEN in message) == ("good", False)
    monkeypatch.setenv("AUDITBOT_TOKEN_OUR_PAGE", "no token at all")
    assert [standing for standing, _ in tokens()] == ["note"]


def test_an_audit_uses_the_token_and_leaves_it_nowhere(
    school: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = school.config / "auditbot.toml"
    text = (
        file.read_text("utf-8")
        .replace("# pdf = true", "pdf = false")
        .replace("# delay_seconds = 1.0", "delay_seconds = 0.0")
    )
    file.write_text(text, "utf-8")
    monkeypatch.setattr(facebook, "API", "http://graph.facebook.com")
    monkeypatch.setenv("AUDITBOT_TOKEN_OUR_PAGE", TOKEN)
    services = Services()

    @contextmanager
    def local_hosts(_: Settings) -> Iterator[Mapping[str, tuple[str, int]]]:
        host, _sign, port = services.address.partition(":")
        yield {"graph.facebook.com": (host, int(port))}

    monkeypatch.setattr(pipeline, "local_hosts", local_hosts)
    services.says("/v24.0/larkmere", {"id": "100", "name": "Larkmere"})
    post = {
        "id": "100_1",
        "message": f"Posted by the app {TOKEN}",
        "created_time": "2026-07-01T09:30:00+0000",
        "full_picture": f"http://graph.facebook.com/photo?access_token={TOKEN}",
    }
    following = f"http://graph.facebook.com/v24.0/100/posts?after=2&access_token={TOKEN}"
    expired = as_json({"error": {"message": f"Malformed access token {TOKEN}", "code": 190}}, 400)
    services.says("/v24.0/100/posts", {"data": [post], "paging": {"next": following}}, expired)
    with caplog.at_level(logging.DEBUG):
        assert run(school, "audit", "--account", "Our page") == 3
    services.close()
    assert {asked.headers.get("authorization") for asked in services.asked if "/v24.0/" in asked.path} == {
        f"Bearer {TOKEN}"
    }
    out = capsys.readouterr()
    report = (school.reports / "latest" / "report.html").read_text("utf-8")
    assert "The token is not accepted" in report
    for place in (out.out, out.err, caplog.text, "".join(services.paths())):
        assert TOKEN not in place
    assert holding(school.folder, TOKEN) == []


def holding(folder: Path, secret: str) -> list[str]:
    """Return the files that hold a secret, as it stands or as it stands in an address."""
    forms = (secret.encode(), secret.replace("%2F", "/").encode())
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if any(form in path.read_bytes() for form in forms)]
