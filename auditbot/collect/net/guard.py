"""The host guard: a forward proxy inside this process that every page, photo and file passes through.

It resolves each name itself, checks every address the name has, and dials exactly an address it has checked, so a
redirect, a script or a name that changes its address reaches nothing but the public internet.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import re
import secrets
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import TracebackType
from urllib.parse import urlsplit

# Which network addresses may be visited: those that anybody on the public internet can reach, and no others.

_REFUSED_V4 = {
    "multicast": ip_network("224.0.0.0/4"),
    "shared (carrier)": ip_network("100.64.0.0/10"),
    "link-local": ip_network("169.254.0.0/16"),
    "loopback": ip_network("127.0.0.0/8"),
    "6to4 relay": ip_network("192.88.99.0/24"),
    "protocol": ip_network("192.0.0.0/24"),
    "cloud platform's own": ip_network("168.63.129.16/32"),
}
_REFUSED_V6 = {
    "IPv4-mapped": ip_network("::ffff:0:0/96"),
    "loopback": ip_network("::1/128"),
    "IPv4-compatible": ip_network("::/96"),
    "IPv4-translated": ip_network("::ffff:0:0:0/96"),
    "6to4": ip_network("2002::/16"),
    "Teredo": ip_network("2001::/32"),
    "NAT64": ip_network("64:ff9b::/96"),
    "local NAT64": ip_network("64:ff9b:1::/48"),
    "site-local": ip_network("fec0::/10"),
    "link-local": ip_network("fe80::/10"),
    "multicast": ip_network("ff00::/8"),
    "discard-only": ip_network("100::/64"),
    "documentation": ip_network("3fff::/20"),
}


def why_refused(address: str) -> str:
    """Say why an IP address may not be visited; empty if it may. A zone index ("%eth0") is never public."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return "not an internet address"
    if "%" in address:
        return "address of one link alone"
    ranges = _REFUSED_V4 if parsed.version == 4 else _REFUSED_V6
    for name, network in ranges.items():
        if parsed in network:
            return f"{name} address"
    if parsed.is_private or parsed.is_reserved or parsed.is_unspecified or not parsed.is_global:
        return "private or reserved address"
    return ""


REFUSED_HEADER = "x-auditbot-refused"
FAILED_HEADER = "x-auditbot-failed"
_HEAD_LIMIT = 65536
_CHUNK = 65536
_CONNECT_SECONDS = 10.0
# Only the guard itself says these; of sites they are not believed.
_OUR_HEADERS = re.compile(rb"^[ \t]*x-auditbot-[^:]*:", re.IGNORECASE)
_LINE, _BLANK = re.compile(rb"\r?\n"), re.compile(rb"\r?\n\r?\n")
_LONE_RETURN, _STRAY_BREAK = re.compile(rb"\r(?!\n)"), re.compile(rb"\r(?!\n)|(?<!\r)\n")
_USER = "auditbot"
_AUTHORIZATION = re.compile(
    rb"^proxy-authorization:[ \t]*basic[ \t]+([a-z0-9+/=]+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_ASK_WHO = (
    b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="auditbot"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)
_MOST_CONNECTIONS = 256
_ACCEPT_AGAIN_SECONDS = 0.05
_HOP_HEADERS = re.compile(rb"^(connection|proxy-[a-z-]+|keep-alive|te|trailer|upgrade):", re.IGNORECASE)


class HeadWithoutEnd(ValueError):
    """A site's answer begins with more headers than anybody needs."""


class Refused(Exception):
    """The guard does not visit this address; the message says why."""


class Guard:
    """A proxy on the loopback, one thread per connection. Use it as a context manager."""

    def __init__(
        self, local_hosts: Mapping[str, tuple[str, int]], allow_loopback: Iterable[str], idle_seconds: float
    ) -> None:
        """``local_hosts`` maps a host name (port 80) to a loopback address; ``allow_loopback`` lists "host:port".

        A connection is cut when nothing moves on it for ``idle_seconds``, and after four times as long whatever moves.
        """
        self._local_hosts = {name.lower(): address for name, address in local_hosts.items()}
        self._allowed = {entry.lower() for entry in allow_loopback}
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._refusals: Counter[str] = Counter()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._doors = {self._listener}
        self._places = threading.Semaphore(_MOST_CONNECTIONS)
        self.credentials = (_USER, secrets.token_urlsafe(24))
        """User and password that every client must name: other users of this machine can reach the port as well."""
        self._watch(self._listener)

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The proxy's address, for the browser and for downloads."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def refusals(self) -> dict[str, int]:
        """How often which address was refused: "host:port (why)" to a count."""
        with self._lock:
            return dict(self._refusals)

    def open_door(self, listener: socket.socket) -> None:
        """Answer at this listening socket too: one of another network, such as that of a confined browser."""
        with self._lock:
            self._doors.add(listener)
        self._watch(listener)

    def close_door(self, listener: socket.socket) -> None:
        """No longer answer at this socket; what is connected goes on."""
        with self._lock:
            self._doors.discard(listener)
        _cut(listener)

    def close(self) -> None:
        """Stop listening and cut every connection."""
        with self._lock:
            sockets = [*self._doors, *self._open]
            self._doors.clear()
        for item in sockets:
            _cut(item)

    def addresses(self, host: str, port: int) -> list[tuple[str, int]]:
        """Return the addresses that may be dialled for a host and port. Raises Refused, or OSError if unknown."""
        name = host.lower().rstrip(".").strip("[]")
        if name in self._local_hosts and port == 80:
            return [self._local_hosts[name]]
        if f"{name}:{port}" in self._allowed or f"[{name}]:{port}" in self._allowed:
            return [(name, port)]
        if port not in (80, 443) and port < 1024:
            raise self._refuse(host, port, "not a port of web sites")
        found = list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)))
        for address in found:
            if reason := why_refused(address):
                raise self._refuse(host, port, reason)
        return [(address, port) for address in found]

    def _refuse(self, host: str, port: int, reason: str) -> Refused:
        with self._lock:
            self._refusals[f"{host}:{port} ({reason})"] += 1
        return Refused(reason)

    def _dial(self, host: str, port: int) -> socket.socket:
        problem = OSError(f"{host} has no address")
        for address in self.addresses(host, port):
            try:
                return socket.create_connection(address, timeout=_CONNECT_SECONDS)
            except OSError as error:
                problem = error
        raise problem

    def _watch(self, door: socket.socket) -> None:
        threading.Thread(target=self._accept, args=(door,), name="guard", daemon=True).start()

    def _accept(self, door: socket.socket) -> None:
        while door in self._doors:
            self._places.acquire()
            try:
                client, _ = door.accept()
                threading.Thread(target=self._serve, args=(client,), name="guard", daemon=True).start()
            except (OSError, RuntimeError):
                # A connection that was given up, no descriptor or no thread free: a later one may find better times.
                self._places.release()
                time.sleep(_ACCEPT_AGAIN_SECONDS if door in self._doors else 0)

    def _serve(self, client: socket.socket) -> None:
        upstream: socket.socket | None = None
        try:
            with self._lock:
                self._open.add(client)
            client.settimeout(self._idle_seconds)
            head, rest = _read_head(client, 4 * self._idle_seconds)
            method, target, version = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            if not self._knows(head):
                client.sendall(_ASK_WHO)
                return
            try:
                host, port, path = _split_target(method, target)
                upstream = self._dial(host, port)
            except Refused as refused:
                client.sendall(_answer("403 Forbidden", REFUSED_HEADER, str(refused)))
                return
            except (OSError, UnicodeError) as error:
                client.sendall(_answer("502 Bad Gateway", FAILED_HEADER, _plain_reason(error)))
                return
            upstream.settimeout(self._idle_seconds)
            with self._lock:
                self._open.add(upstream)
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _pump(client, upstream, self._idle_seconds)
            else:
                upstream.sendall(_without_hops(head, f"{method} {path} {version}".encode("latin-1")) + rest)
                try:
                    _pump(client, upstream, self._idle_seconds, answer_head=True)
                except HeadWithoutEnd as error:
                    client.sendall(_answer("502 Bad Gateway", FAILED_HEADER, str(error)))
        except (OSError, ValueError):
            # A broken connection or a malformed request: both sides are closed below, which is all it can be told.
            return
        finally:
            for item in (client, upstream):
                if item is not None:
                    item.close()
                    with self._lock:
                        self._open.discard(item)
            self._places.release()

    def _knows(self, head: bytes) -> bool:
        """Whether a client named the password."""
        given = _AUTHORIZATION.findall(head)
        expected = base64.b64encode(":".join(self.credentials).encode("ascii"))
        return len(given) == 1 and hmac.compare_digest(given[0], expected)


def _cut(item: socket.socket) -> None:
    with contextlib.suppress(OSError):
        item.shutdown(socket.SHUT_RDWR)
    item.close()


def words_of_guard(url: str, headers: Mapping[str, str]) -> tuple[str, str]:
    """Return why the guard refused an address, and why it could not reach it; each empty if it said no such thing.

    Into answers over https the guard cannot look: there a site could have written these headers itself.
    """
    if not url.lower().startswith("http://"):
        return "", ""
    return headers.get(REFUSED_HEADER, ""), headers.get(FAILED_HEADER, "")


def _split_target(method: str, target: str) -> tuple[str, int, str]:
    """Return host, port and path of a proxy request. Raises Refused for any scheme but http."""
    parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
    try:
        port = parts.port
    except ValueError:  # no number, or beyond 65535
        port = 0
    if port == 0 or not parts.hostname or (method != "CONNECT" and parts.scheme != "http"):
        raise Refused("not a web address")
    if method == "CONNECT":
        return parts.hostname, port or 443, ""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname, port or 80, path


def _plain_reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host"
    if isinstance(error, TimeoutError):
        return "no answer"
    return "the connection was refused or broken"


def _answer(status: str, header: str, reason: str) -> bytes:
    return f"HTTP/1.1 {status}\r\n{header}: {reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode(
        "latin-1"
    )


def _read_head(connection: socket.socket, seconds: float) -> tuple[bytes, bytes]:
    """Read up to the blank line; return the head without it, and what came after it.

    Whoever sends it drop by drop, and has named no password yet, holds a place no longer than so many seconds.
    """
    data, patience_ends = b"", time.monotonic() + seconds
    while b"\r\n\r\n" not in data:
        piece = connection.recv(_CHUNK)
        if not piece or len(data) > _HEAD_LIMIT or time.monotonic() > patience_ends:
            raise ValueError("no complete head")
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    if _STRAY_BREAK.search(head):
        raise ValueError("a line of the head breaks where none should")
    return head, rest


def _without_hops(head: bytes, first_line: bytes) -> bytes:
    """Rewrite a head for one request per connection: then no request can ride on another host's connection."""
    lines = [line for line in _LINE.split(head)[1:] if not _HOP_HEADERS.match(line) and not _OUR_HEADERS.match(line)]
    return b"\r\n".join([first_line, *lines, b"Connection: close"]) + b"\r\n\r\n"


def _pump(client: socket.socket, upstream: socket.socket, idle_seconds: float, answer_head: bool = False) -> None:
    """Carry bytes both ways until the server ends, the client goes, or nothing moves for too long."""
    pending = b"" if answer_head else None
    began = last_moved = time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ, upstream)
        selector.register(upstream, selectors.EVENT_READ, client)
        while time.monotonic() < min(last_moved + idle_seconds, began + 4 * idle_seconds):
            for key, _ in selector.select(timeout=1.0):
                source, target = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                piece = source.recv(_CHUNK)
                last_moved = time.monotonic()
                if not piece:
                    if pending:
                        client.sendall(_without_hops(*_first_line(pending)))
                    return
                if source is upstream and pending is not None:
                    pending += piece
                    piece, pending = _rewrite_answer(pending)
                    if not piece:
                        continue
                target.sendall(piece)


def _rewrite_answer(received: bytes) -> tuple[bytes, bytes | None]:
    """Once the answer's head is whole, return (bytes to send, None); until then (nothing, what came so far).

    Raises HeadWithoutEnd if it is too long; nothing of the answer was sent on by then.
    """
    while (blank := _BLANK.search(received)) is not None:
        # A break that is none to us and one to a browser could hide a line from us.
        head, received = _LONE_RETURN.sub(b" ", received[: blank.start()]), received[blank.end() :]
        if not head.startswith((b"HTTP/1.1 1", b"HTTP/1.0 1")):
            return _without_hops(*_first_line(head)) + received, None
        # "Go on" and the like: the answer itself comes after it.
    if len(received) > _HEAD_LIMIT:
        raise HeadWithoutEnd("the head of its answer does not end")
    return b"", received


def _first_line(head: bytes) -> tuple[bytes, bytes]:
    """Return a head and its first line."""
    return head, _LINE.split(head, maxsplit=1)[0]
