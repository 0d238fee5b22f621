"""A sealed file: encrypted piece by piece under a recovery key, so that a lost backup tells nobody anything.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as the age file format uses it: AES-256-GCM over
pieces of a mebibyte, the nonce holding the piece's number and whether it is the last. A piece that is changed, missing,
moved or added is noticed. The key of a file comes from the recovery key and the file's own salt (HKDF-SHA256).
"""

from __future__ import annotations

import base64
import os
import secrets
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from auditbot.errors import AuditbotError
from auditbot.sentences import say

MAGIC = b"auditbot backup 1\n"
PIECE = 2**20
"""Bytes of a piece before it is sealed."""
_SALT, _TAG = 32, 16
_KEY_BYTES = 20


class NotOpened(AuditbotError):
    """A sealed file is none, is damaged, or the recovery key is another's."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__("%(name)s cannot be opened: %(why)s. Nothing was changed.", name=name, why=why)


def new_recovery_key() -> str:
    """Return a new recovery key: 32 letters and digits in groups of four, 160 bits."""
    text = base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode("ascii")
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def is_recovery_key(text: str) -> bool:
    """Whether a text can be a recovery key, however it is spaced and whatever the case."""
    return _raw_key(text) is not None


def _raw_key(text: str) -> bytes | None:
    letters = "".join(text.replace("-", " ").split()).upper().replace("0", "O").replace("1", "I").replace("8", "B")
    try:
        raw = base64.b32decode(letters)
    except ValueError:
        return None
    return raw if len(raw) == _KEY_BYTES else None


class Sealing:
    """A file to write to; what is written is sealed into ``target``. Close it, or the seal has no end."""

    def __init__(self, target: IO[bytes], recovery_key: str) -> None:
        salt = os.urandom(_SALT)
        self._target = target
        self._cipher = _cipher(recovery_key, salt, say("the new file"))
        self._pending = bytearray()
        self._number = 0
        target.write(MAGIC + salt)

    def write(self, data: bytes) -> int:
        """Take bytes, and seal whole pieces of them."""
        self._pending += data
        while len(self._pending) > PIECE:  # the last piece is sealed by close
            self._seal(bytes(self._pending[:PIECE]), last=False)
            del self._pending[:PIECE]
        return len(data)

    def close(self) -> None:
        """Seal what is left as the last piece."""
        self._seal(bytes(self._pending), last=True)
        self._pending.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, MAGIC))
        self._number += 1


class Opening:
    """A file to read from; what is read comes out of the seal, and is checked piece by piece."""

    def __init__(self, source: IO[bytes], recovery_key: str, name: str) -> None:
        """Raises NotOpened if this is no sealed file, or no key."""
        self._source, self._name = source, name
        if source.read(len(MAGIC)) != MAGIC:
            raise NotOpened(name, say("it is no backup of auditbot"))
        self._cipher = _cipher(recovery_key, source.read(_SALT), name)
        self._ahead = source.read(PIECE + _TAG)
        self._opened = bytearray()
        self._number = 0
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, all if it is negative. Raises NotOpened at the first piece that is wrong."""
        while not self._ended and (size < 0 or len(self._opened) < size):
            self._open_piece()
        taken = bytes(self._opened if size < 0 else self._opened[:size])
        del self._opened[: len(taken)]
        return taken

    def _open_piece(self) -> None:
        piece, self._ahead = self._ahead, self._source.read(PIECE + _TAG)
        self._ended = not self._ahead
        try:
            self._opened += self._cipher.decrypt(_nonce(self._number, last=self._ended), piece, MAGIC)
        except InvalidTag as error:
            why = (
                say("it is damaged or cut short")
                if self._number
                else say("the recovery key is not the one it was made with")
            )
            raise NotOpened(self._name, why) from error
        self._number += 1


def _cipher(recovery_key: str, salt: bytes, name: str) -> AESGCM:
    raw = _raw_key(recovery_key)
    if raw is None or len(salt) != _SALT:
        raise NotOpened(
            name,
            say("a recovery key has 32 letters and digits, like ABCD-EFGH-…")
            if raw is None
            else say("it is cut short"),
        )
    return AESGCM(HKDF(SHA256(), 32, salt, MAGIC).derive(raw))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
