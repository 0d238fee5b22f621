"""What an earlier audit found in the same words is told again without reading them, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditbot.check.please_read import PleaseReadRules
from auditbot.check.please_read.read_before import NothingRead, Reader, rules_version
from auditbot.store import Store

GRAVE = "Hi sweetheart, message me on Snapchat and don't tell your mum, it is our secret."
PLAIN = "Thank you to everybody who came to the summer fair on Saturday."


class _MustNotRead(PleaseReadRules):
    def __init__(self) -> None:
        raise AssertionError("the models were loaded")


def test_the_same_words_are_not_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(text, role) for text in (GRAVE, PLAIN) for role in ("unknown", "school")]
    path = tmp_path / "auditbot.db"
    with Store(path) as store:
        first = [Reader(store.read_texts).find(text, kind="comment", author_role=role) for text, role in asked]
        store.read_texts.drop_others()
    alone = [Reader(NothingRead()).find(text, kind="comment", author_role=role) for text, role in asked]
    monkeypatch.setattr("auditbot.check.please_read.read_before.PleaseReadRules", _MustNotRead)
    with Store(path) as store:
        again = [Reader(store.read_texts).find(text, kind="comment", author_role=role) for text, role in asked]
        with pytest.raises(AssertionError, match="models were loaded"):
            Reader(store.read_texts).find(f"{PLAIN} ", kind="comment", author_role="school")
        with pytest.raises(AssertionError, match="models were loaded"):
            Reader(store.read_texts).find(PLAIN, kind="post", author_role="school")
    assert any(first)
    assert first == alone == again


def test_changed_rules_read_everything_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "auditbot.db") as store:
        Reader(store.read_texts).find(PLAIN, kind="post", author_role="school")
        monkeypatch.setattr("auditbot.check.please_read.read_before.PleaseReadRules", _MustNotRead)
        Reader(store.read_texts).find(PLAIN, kind="post", author_role="school")
        monkeypatch.setattr("auditbot.check.please_read.read_before.rules_version", lambda: rules_version()[::-1])
        with pytest.raises(AssertionError, match="models were loaded"):
            Reader(store.read_texts).find(PLAIN, kind="post", author_role="school")


def test_texts_no_longer_published_leave_nothing_and_no_words_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "auditbot.db"
    with Store(path) as store:
        for text in (GRAVE, PLAIN):
            store.read_texts.known(text.encode()[:16])
            store.read_texts.keep(text.encode()[:16], b"[]")
        store.read_texts.drop_others()
        store.read_texts.known(PLAIN.encode()[:16])
        store.read_texts.drop_others()
        assert store.read_texts.known(GRAVE.encode()[:16]) is None
        assert store.read_texts.known(PLAIN.encode()[:16]) == b"[]"
        Reader(store.read_texts).find(GRAVE, kind="comment", author_role="unknown")
        store.read_texts.drop_others()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"sweetheart" not in written and b"Snapchat" not in written
