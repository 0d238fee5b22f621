"""Templates are unreadable without their key, wherever the key comes from."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import keyring
import keyring.backend
import numpy as np
import pytest
from cryptography.fernet import Fernet, MultiFernet
from keyring.backends import fail

from auditbot.errors import TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable
from auditbot.examine.faces.templates import (
    Template,
    load_templates,
    remove_templates,
    remove_unfinished_templates,
    save_templates,
)
from auditbot.registers import secrets
from auditbot.registers.secrets import find_key


def template(pupil_id: str = "P001", seed: int = 1) -> Template:
    vector = np.random.default_rng(seed).normal(size=192).astype(np.float32)
    return Template(pupil_id, f"{seed:064x}", date(2026, 9, 1), date(2026, 6, 5), "enrolled", "drawn 1", vector)


def as_tuple(entry: Template) -> tuple[object, ...]:
    return (
        entry.pupil_id,
        entry.photo_sha256,
        entry.enrolled_on,
        entry.taken_on,
        entry.kind,
        entry.engine,
        entry.vector.tobytes(),
    )


def test_templates_come_back_as_they_were(tmp_path: Path) -> None:
    key = Fernet(Fernet.generate_key())
    path = tmp_path / "templates.bin"
    entries = [template("P002", 2), template("P001", 1), template("P001", 3)]
    save_templates(path, entries, key)
    assert sorted(map(as_tuple, load_templates(path, key))) == sorted(map(as_tuple, entries))
    assert load_templates(tmp_path / "none.bin", key) == ()


def test_the_file_tells_nothing_without_its_key(tmp_path: Path) -> None:
    path = tmp_path / "templates.bin"
    entry = template()
    save_templates(path, [entry], Fernet(Fernet.generate_key()))
    content = path.read_bytes()
    assert b"P001" not in content
    assert entry.vector.tobytes()[:8] not in content
    with pytest.raises(TemplatesUnreadable, match="cannot be opened with the key"):
        load_templates(path, Fernet(Fernet.generate_key()))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    key = Fernet(Fernet.generate_key())
    path = tmp_path / "templates.bin"
    save_templates(path, [template()], key)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(TemplatesUnreadable):
        load_templates(path, key)


@pytest.mark.skipif(os.name != "posix", reason="file modes and overwriting in place are checked on POSIX systems")
def test_the_file_is_private_and_its_old_bytes_are_overwritten(tmp_path: Path) -> None:
    key = Fernet(Fernet.generate_key())
    path = tmp_path / "templates.bin"
    save_templates(path, [template("P001", 1), template("P002", 2)], key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open("rb") as old:
        before = old.read()
        save_templates(path, [template("P001", 1)], key)
        old.seek(0)
        assert old.read()[:200] != before[:200]
    assert [entry.pupil_id for entry in load_templates(path, key)] == ["P001"]
    save_templates(path, [], key)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="overwriting in place is checked on POSIX systems")
def test_templates_that_are_removed_leave_no_byte_and_no_half_written_file(tmp_path: Path) -> None:
    path, left = tmp_path / "templates.sealed", tmp_path / ".templates.sealed.abcd1234"
    save_templates(path, [template("P001", 1)], Fernet(Fernet.generate_key()))
    left.write_bytes(path.read_bytes())
    (tmp_path / "auditbot.db").write_bytes(b"another file")
    before = path.read_bytes()
    with path.open("rb") as whole, left.open("rb") as half:
        remove_templates(path)
        assert all(
            len(content) == len(before) and content[:200] != before[:200] for content in (whole.read(), half.read())
        )
    assert [found.name for found in tmp_path.iterdir()] == ["auditbot.db"]
    remove_templates(path)


@pytest.mark.parametrize("name", [".templates.sealed.abcd1234", ".templates.sealed.abcd1234.part"])
def test_what_a_killed_write_left_is_removed_and_the_templates_stay(tmp_path: Path, name: str) -> None:
    key, path = Fernet(Fernet.generate_key()), tmp_path / "templates.sealed"
    save_templates(path, [template("P001", 1)], key)
    (tmp_path / name).write_bytes(path.read_bytes())
    remove_unfinished_templates(path)
    assert list(tmp_path.iterdir()) == [path]
    assert [entry.pupil_id for entry in load_templates(path, key)] == ["P001"]


@pytest.fixture
def no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A computer without a keyring, whose key file would lie in tmp_path."""
    path = tmp_path / "settings" / "face-templates.key"
    monkeypatch.setattr(secrets, "key_file", lambda: path)
    previous = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield path
    keyring.set_keyring(previous)


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that works and lives as long as the test."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


def opens(first: MultiFernet, second: MultiFernet) -> bool:
    return second.decrypt(first.encrypt(b"x")) == b"x"


def test_without_a_key_nothing_is_made_unless_asked(no_keyring: Path) -> None:
    with pytest.raises(TemplateKeyMissing):
        find_key(environment={})
    assert not no_keyring.exists()


def test_the_key_file_is_made_once_and_private(no_keyring: Path) -> None:
    made = find_key(environment={}, make=True)
    assert opens(made, find_key(environment={}))
    assert opens(made, find_key(environment={}, make=True))
    if os.name == "posix":
        assert stat.S_IMODE(no_keyring.stat().st_mode) == 0o600


def test_the_environment_comes_first(no_keyring: Path) -> None:
    own = Fernet.generate_key()
    find_key(environment={}, make=True)
    assert opens(MultiFernet([Fernet(own)]), find_key(environment={"AUDITBOT_KEY": own.decode()}))


def test_a_keyring_is_used_where_there_is_one(no_keyring: Path) -> None:
    keyring.set_keyring(MemoryKeyring())
    made = find_key(environment={}, make=True)
    assert opens(made, find_key(environment={}))
    assert not no_keyring.exists()


@pytest.mark.parametrize("text", ["secret", "a" * 44, "é"])
def test_something_that_is_no_key_is_refused_and_never_shown(text: str, no_keyring: Path) -> None:
    with pytest.raises(TemplateKeyUnusable) as caught:
        find_key(environment={"AUDITBOT_KEY": text})
    assert "AUDITBOT_KEY" in str(caught.value)
    assert text not in str(caught.value).replace("a key", "")
