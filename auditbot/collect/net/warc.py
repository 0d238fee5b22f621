"""A WARC file of what a run was answered, for a replayer: one request and one response record per address.

Bodies stand as they were decoded; the headers say their length then, and which encoding they came in. Nothing that lets
anybody in is written: no cookies, no ``Authorization``, and no address that carries a token, in headers neither.
"""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import parse_qsl, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from auditbot import __version__
from auditbot.safe_files import private_folder

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
_SECRET_FIELDS = frozenset(
    {
        *("access_token", "client_secret", "refresh_token", "id_token", "auth_token", "token", "api_key", "apikey"),
        *("input_token", "appsecret_proof", "fb_exchange_token", "password", "sessionid"),
    }
)
_ADDRESS_HEADERS = frozenset({"location", "content-location", "refresh", "link", "referer"})
_LEFT_OUT = "[left out: it carries a token]"
_OF_THE_TRANSFER = frozenset({"transfer-encoding", "content-length", "connection", "keep-alive", "trailer"})
_GZIP = 31
_CHUNK = 65536
_KEPT_AS = "X-Auditbot-Content-Encoding"


class Warc:
    """The open file; what a run that was killed had half written is cut off, and the rest goes on."""

    def __init__(self, path: Path) -> None:
        """Raises OSError if the file cannot be written."""
        private_folder(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._file: IO[bytes] = path.open("r+b")
        whole = _end_of_last_whole_record(path)
        self._file.truncate(whole)
        self._file.seek(whole)
        if not whole:
            buffer = io.BytesIO()
            writer = WARCWriter(buffer, gzip=True)
            info = {"software": f"auditbot/{__version__}", "format": "WARC File Format 1.1"}
            writer.write_record(writer.create_warcinfo_record(path.name, info))
            self._append(buffer)

    def __enter__(self) -> Warc:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(
        self, url: str, status: int, asked: Mapping[str, str], answered: Mapping[str, str], body: IO[bytes] | bytes
    ) -> None:
        """Write one request and its response. Raises OSError (disk)."""
        if _lets_in(url):
            return
        payload = io.BytesIO(body) if isinstance(body, bytes) else body
        length = payload.seek(0, io.SEEK_END)
        payload.seek(0)
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        when = {"WARC-Date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=True)
        response = writer.create_warc_record(
            url,
            "response",
            payload=payload,
            http_headers=StatusAndHeaders(
                _status_line(status), [*_kept(answered), ("Content-Length", str(length))], protocol="HTTP/1.1"
            ),
            warc_headers_dict=when,
        )
        request = writer.create_warc_record(
            url,
            "request",
            http_headers=StatusAndHeaders(
                f"GET {target} HTTP/1.1",
                [("Host", parts.netloc.rpartition("@")[2]), *_kept(asked)],
                is_http_request=True,
            ),
            warc_headers_dict=when,
        )
        writer.write_request_response_pair(request, response)
        self._append(buffer)

    def _append(self, buffer: io.BytesIO) -> None:
        self._file.write(buffer.getbuffer())
        self._file.flush()


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _lets_in(url: str) -> bool:
    """True for an address that carries a token, a password or another key, whether as query or as fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    fields = [name for text in (parts.query, parts.fragment) for name, _ in parse_qsl(text, keep_blank_values=True)]
    return "@" in parts.netloc or any(name.lower().strip() in _SECRET_FIELDS for name in fields)


def _kept(headers: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield headers as they can stand with a decoded body, without those that let somebody in."""
    for name, value in headers.items():
        lower = name.lower()
        if (
            lower in _SECRET_HEADERS
            or lower in _OF_THE_TRANSFER
            or lower.startswith((":", "proxy-"))
            or lower == "host"
        ):
            continue
        addresses = re.split(r"[<>;,\s]+|(?i:url=)", value) if lower in _ADDRESS_HEADERS else []
        shown = _LEFT_OUT if any(map(_lets_in, addresses)) else " ".join(value.split())
        yield (_KEPT_AS if lower == "content-encoding" else name), shown


def _end_of_last_whole_record(path: Path) -> int:
    """Return up to which byte a file holds whole records, each zipped by itself; 0 for an empty one."""
    end = position = 0
    record = zlib.decompressobj(_GZIP)
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            while piece:
                try:
                    record.decompress(piece)
                except zlib.error:
                    return end
                position += len(piece) - len(record.unused_data)
                piece = record.unused_data
                if record.eof:
                    end, record = position, zlib.decompressobj(_GZIP)
    return end
