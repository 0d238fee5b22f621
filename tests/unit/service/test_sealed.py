"""Sealed files: what went in comes out, and nothing else ever does."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from auditbot.service import sealed
from auditbot.service.sealed import MAGIC, NotOpened, Opening, Sealing, is_recovery_key, new_recovery_key

KEY = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567"
HEAD = len(MAGIC) + 32


def seal(data: bytes, key: str = KEY, size: int = 7000) -> bytes:
    target = io.BytesIO()
    sealing = Sealing(target, key)
    for at in range(0, len(data), size):
        sealing.write(data[at : at + size])
    sealing.close()
    return target.getvalue()


def opened(content: bytes, key: str = KEY, size: int = 9000) -> bytes:
    opening, out = Opening(io.BytesIO(content), key, "the backup"), b""
    while piece := opening.read(size):
        out += piece
    return out


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pieces be small, so that a test has many."""
    monkeypatch.setattr(sealed, "PIECE", 64)


@given(some.binary(max_size=700), some.integers(1, 300), some.integers(1, 300))
def test_what_went_in_comes_out(data: bytes, written: int, read: int) -> None:
    content = seal(data, size=written)
    assert opened(content, size=read) == data
    assert Opening(io.BytesIO(content), KEY, "it").read() == data


@given(some.binary(min_size=1, max_size=400), some.data())
def test_any_changed_byte_is_noticed(data: bytes, choice: some.DataObject) -> None:
    content = bytearray(seal(data))
    content[choice.draw(some.integers(0, len(content) - 1))] ^= choice.draw(some.integers(1, 255))
    with pytest.raises(NotOpened):
        opened(bytes(content))


@given(some.integers(65, 400), some.data())
def test_any_cut_is_noticed(length: int, choice: some.DataObject) -> None:
    content = seal(b"x" * length)
    with pytest.raises(NotOpened):
        opened(content[: choice.draw(some.integers(0, len(content) - 1))])


def test_pieces_that_are_exchanged_left_out_or_added_are_noticed() -> None:
    content = seal(bytes(range(200)))
    one, two, rest = content[HEAD : HEAD + 80], content[HEAD + 80 : HEAD + 160], content[HEAD + 160 :]
    for wrong in (two + one + rest, one + rest, one + two + rest + rest, two + rest):
        with pytest.raises(NotOpened):
            opened(content[:HEAD] + wrong)


def test_another_key_is_said_to_be_another() -> None:
    with pytest.raises(NotOpened, match="not the one it was made with"):
        opened(seal(b"names"), new_recovery_key())


def test_what_is_sealed_cannot_be_read_and_never_looks_the_same() -> None:
    first, second = seal(b"Amelia " * 50), seal(b"Amelia " * 50)
    assert b"Amelia" not in first and first[HEAD:] != second[HEAD:]


@pytest.mark.parametrize("text", [KEY, KEY.lower(), KEY.replace("-", " "), f" {KEY.replace('-', '')}\n"])
def test_a_key_may_be_typed_as_people_type(text: str) -> None:
    assert is_recovery_key(text)
    assert opened(seal(b"x"), text) == b"x"


@pytest.mark.parametrize("text", ["", "ABCD", KEY[:-1], KEY + "A", KEY.replace("A", "ä"), "correct horse"])
def test_what_is_no_key_is_refused(text: str) -> None:
    assert not is_recovery_key(text)
    with pytest.raises(NotOpened, match="32 letters"):
        seal(b"x", text)


def test_new_keys_are_keys_and_differ() -> None:
    keys = {new_recovery_key() for _ in range(20)}
    assert len(keys) == 20 and all(is_recovery_key(key) for key in keys)


def test_another_file_is_no_backup() -> None:
    with pytest.raises(NotOpened, match="no backup"):
        opened(b"PK\x03\x04 something else")
