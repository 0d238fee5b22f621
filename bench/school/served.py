"""The made-up school's website, served on this machine with ETags, from a folder or from memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.school.made import tag

Content = tuple[str, bytes]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pages: Mapping[str, Content]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.tags = {path: tag(content) for path, (_, content) in pages.items()}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        kind, content = self.server.pages.get(self.path, ("text/plain", b""))
        known = self.server.tags.get(self.path)
        if known is None:
            self._head(HTTPStatus.NOT_FOUND, {"Content-Length": "0"})
        elif self.headers.get("If-None-Match") == known:
            self._head(HTTPStatus.NOT_MODIFIED, {"ETag": known})
        else:
            self._head(HTTPStatus.OK, {"ETag": known, "Content-Type": kind, "Content-Length": str(len(content))})
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _head(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


@contextmanager
def served(pages: Mapping[str, Content]) -> Iterator[str]:
    """Serve pages while the block runs; yields host and port as "127.0.0.1:port"."""
    server = _Server(pages)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
