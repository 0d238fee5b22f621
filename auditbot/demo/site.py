"""Serves the demo school's site on the loopback, from memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from auditbot.demo.pages import CHANGED, Resource, build_site


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, resources: dict[str, Resource]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.resources = resources


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body leave together; apart, the second waits for the first to be acknowledged
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the audit has a progress bar of its own."""

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        resource = self.server.resources.get(path)
        if resource is None and f"{path}/" in self.server.resources:
            self._head(HTTPStatus.MOVED_PERMANENTLY, {"Location": f"{path}/", "Content-Length": "0"})
        elif resource is None:
            body = b"<!doctype html><title>Not found</title><h1>There is no such page</h1>"
            self._head(HTTPStatus.NOT_FOUND, _described("text/html; charset=utf-8", body))
            self._body(body, with_body)
        elif self._is_known(resource):
            self._head(HTTPStatus.NOT_MODIFIED, _validators(resource))
        else:
            described = _described(resource.content_type, resource.content)
            self._head(HTTPStatus.OK, {**described, **_validators(resource)})
            self._body(resource.content, with_body)

    def _is_known(self, resource: Resource) -> bool:
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return resource.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return self.headers.get("If-Modified-Since") == CHANGED

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _body(self, body: bytes, wanted: bool) -> None:
        if wanted:
            self.wfile.write(body)


def _described(content_type: str, body: bytes) -> dict[str, str]:
    return {"Content-Type": content_type, "Content-Length": str(len(body))}


def _validators(resource: Resource) -> dict[str, str]:
    return {"ETag": resource.etag, "Last-Modified": CHANGED, "Cache-Control": "no-cache"}


@contextmanager
def demo_site() -> Iterator[tuple[str, int]]:
    """Serve the site while the block runs; yields the host and port it listens on. Nothing is written to disk."""
    server = _Server(build_site())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
