"""Raw attacks on the guard, each aimed at somebody it may not reach: nobody is asked a word."""

from __future__ import annotations

import base64
import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest

from auditbot.collect.net.guard import Guard, Refused
from tests.browser.little_server import Answer, LittleServer
from tests.unit.collect.test_guard import ask_unknown

Found = list[tuple[object, object, object, str, tuple[object, ...]]]


@pytest.fixture
def servers() -> Iterator[tuple[LittleServer, LittleServer]]:
    """Return the site that may be visited, and somebody on this machine who may not."""
    good, bad = LittleServer({"/": Answer("hello", "text/plain")}), LittleServer({"/": Answer("secret", "text/plain")})
    yield good, bad
    good.close()
    bad.close()


# {good} is the site's host and port, {bad} the other's, {port} the other's port; {word} is the right password.
AUTH = "Proxy-Authorization: Basic {word}\r\n"
GET_GOOD = "GET http://{good}/ HTTP/1.1\r\nHost: {good}\r\n" + AUTH
GET_BAD = "GET http://{bad}/ HTTP/1.1\r\nHost: {bad}\r\n" + AUTH + "\r\n"
ATTACKS = {
    "length and chunks": GET_GOOD + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET_BAD,
    "two lengths": GET_GOOD + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + GET_BAD,
    "chunks in another writing": GET_GOOD + "Transfer-Encoding: \tchunked, identity\r\n\r\n0\r\n\r\n" + GET_BAD,
    "a length that overflows": GET_GOOD + "Content-Length: 18446744073709551616\r\n\r\n" + GET_BAD,
    "kept alive by another name": GET_GOOD + "Proxy-Connection: keep-alive\r\n\r\n" + GET_BAD,
    "upgraded to another protocol": GET_GOOD + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + GET_BAD,
    "connected, then asked for another": "CONNECT {good} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "another host in the head": "GET http://{good}/ HTTP/1.1\r\nHost: {bad}\r\nX-Forwarded-Host: {bad}\r\n"
    + AUTH
    + "\r\n",
    "a name for a user": "GET http://{good}@{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a user with a backslash": "GET http://{good}\\@{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a host behind a fragment": "GET http://{bad}#@{good}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a host behind a question": "GET http://{bad}?@{good}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a host in two words": "GET http://{bad} {good}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a host with a tab": "GET http://127.0\t.0.1:{port}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a host with nothing in it": "GET http://127.0.0.1\0.larkmere.example:{port}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a host of percents": "GET http://127%2e0%2e0%2e1:{port}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a decimal host": "GET http://2130706433:{port}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "an octal host": "GET http://0177.0.0.01:{port}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a hexadecimal host": "CONNECT 0x7f000001:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a short host": "CONNECT 127.1:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a host that is zero": "CONNECT 0:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "dots behind the host": "CONNECT 127.0.0.1...:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "no host but a dot": "CONNECT .:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "this machine's name": "CONNECT LOCALHOST.:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "brackets around it": "CONNECT [127.0.0.1]:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "mapped": "CONNECT [::ffff:127.0.0.1]:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a zone": "CONNECT [::1%25lo]:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "no version": "GET http://{bad}/\r\n\r\n",
    "no scheme": "GET //{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "its own form only": "GET / HTTP/1.1\r\nHost: {bad}\r\n" + AUTH + "\r\n",
    "another scheme": "GET file://{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a folded password": "GET http://{bad}/ HTTP/1.1\r\nProxy-Authorization: Basic\r\n {word}\r\n\r\n",
    "HTTP/2 begun at once": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + GET_BAD,
    "a line of another proxy": "PROXY TCP4 127.0.0.1 127.0.0.1 1 {port}\r\n" + GET_BAD,
    "SOCKS 5": "\x05\x01\x00\x05\x01\x00\x03\x09localhost\x1f\x40\r\n\r\n" + GET_BAD,
    "SOCKS 4": "\x04\x01\x1f\x40\x7f\x00\x00\x01x\x00\r\n\r\n" + GET_BAD,
    "a scheme in capitals": "GET HTTP://{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a scheme without strokes": "GET http:{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a scheme with one stroke": "GET http:/{bad}/ HTTP/1.1\r\nHost: {bad}\r\n" + AUTH + "\r\n",
    "a scheme with three strokes": "GET http:///{bad}/ HTTP/1.1\r\nHost: {bad}\r\n" + AUTH + "\r\n",
    "a scheme within a scheme": "GET http:http://{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "asked for in secret": "GET https://{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "asked for as a socket": "GET ws://{bad}/ HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + AUTH
    + "\r\n",
    "connected by a small word": "connect {bad} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "connected with a user": "CONNECT {good}@{bad} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "connected with a path": "CONNECT {bad}/{good} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "connected with a scheme": "CONNECT http://{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "two hosts by a comma": "CONNECT {good},{bad} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "two ports": "CONNECT 127.0.0.1:{port}:80 HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a port with a sign": "CONNECT 127.0.0.1:+{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a port with noughts": "CONNECT 127.0.0.1:000{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a port of other figures": "CONNECT 127.0.0.1:\u0661{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "trace": "TRACE http://{bad}/ HTTP/1.1\r\nMax-Forwards: 1\r\n" + AUTH + "\r\n",
    "options of all": "OPTIONS * HTTP/1.1\r\nHost: {bad}\r\n" + AUTH + "\r\n",
    "a body that is a question": "POST http://{good}/ HTTP/1.1\r\nHost: {good}\r\n"
    + AUTH
    + "Content-Length: 2\r\n\r\nok"
    + GET_BAD,
    "go on, then another": GET_GOOD + "Expect: 100-continue\r\n\r\n" + GET_BAD,
    "an older version": "GET http://{bad}/ HTTP/0.9\r\n" + AUTH + "\r\n",
    "rewritten by a header": GET_GOOD
    + "X-Original-URL: http://{bad}/\r\nX-Rewrite-URL: http://{bad}/\r\nForwarded: host={bad}\r\n\r\n",
    "breaks written as percents": "GET http://{good}/%0d%0a%0d%0aGET%20http://{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "an octal host of two parts": "CONNECT 0177.1:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a host of three parts": "CONNECT 127.0.1:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a long octal host": "CONNECT 017700000001:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a host in circles": "CONNECT \u2460\u2461\u2466.0.0.1:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "dots of other scripts": "CONNECT 127\u30020\u30020\u30021:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a soft hyphen": "CONNECT 127.0.0.\u00ad1:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a name below localhost": "CONNECT a.localhost:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "mapped in letters": "CONNECT [0:0:0:0:0:ffff:7f00:0001]:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "compatible": "CONNECT [::127.0.0.1]:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a plain zone": "GET http://[::1%lo]:{port}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a host of a later version": "GET http://[v1.{bad}]/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a bracket left open": "CONNECT [127.0.0.1:{port} HTTP/1.1\r\n" + AUTH + "\r\n" + GET_BAD,
    "a bracket and a user": "GET http://[{good}]@{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a semicolon": "GET http://{bad};{good}/ HTTP/1.1\r\n" + AUTH + "\r\n",
    "a method with a target": "GET\thttp://{good}/ http://{bad}/ HTTP/1.1\r\n" + AUTH + "\r\n",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_reaches_nobody_it_may_not(attack: str, servers: tuple[LittleServer, LittleServer]) -> None:
    good, bad = servers
    with Guard({}, (good.address,), 1.0) as guard:
        word = base64.b64encode(":".join(guard.credentials).encode()).decode()
        given = {"good": good.address, "bad": bad.address, "port": bad.address.partition(":")[2], "word": word}
        answer = b""
        with contextlib.suppress(OSError):
            answer = ask_unknown(guard, ATTACKS[attack].format(**given).encode())
    assert bad.paths() == [] and b"secret" not in answer


PRIVATE = {
    "6to4 of 127.0.0.1": "2002:7f00:1::",
    "6to4 of 10.0.0.1": "2002:a00:1::1",
    "NAT64 of 127.0.0.1": "64:ff9b::7f00:1",
    "NAT64 of 169.254.169.254": "64:ff9b::a9fe:a9fe",
    "local NAT64": "64:ff9b:1::a00:1",
    "translated": "::ffff:0:7f00:1",
    "Teredo": "2001:0:7f00:1::",
    "a link's zone": "fe80::1%eth0",
    "unique local": "fd00::1",
    "segment routing": "5f00::1",
    "a public address on one link": "2606:4700::1111%eth0",
    "a cloud's own": "168.63.129.16",
    "a cloud's tasks": "169.254.170.2",
    "a cloud's own, version 6": "fd00:ec2::254",
    "another cloud's": "100.100.100.200",
    "compatible": "::7f00:1",
    "overlay": "2001:20::1",
    "unallocated": "4000::1",
    "a dummy prefix": "100:0:0:1::1",
    "benchmarks": "198.18.0.1",
    "this network": "0.1.2.3",
    "carrier": "100.64.1.1",
    "broadcast": "255.255.255.255",
}


def answers(*found: str) -> Found:
    return [(None, None, None, "", (address, 80)) for address in found]


@pytest.mark.parametrize("case", PRIVATE)
@pytest.mark.parametrize("beside", [(), ("93.184.216.34",)])
def test_a_name_with_an_address_that_is_not_public_is_refused(
    case: str, beside: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another of its addresses is public."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers(*beside, PRIVATE[case]))
    with Guard({}, (), 1.0) as guard, pytest.raises(Refused):
        guard.addresses("www.larkmere.example", 80)


def test_a_name_that_changes_its_address_is_dialled_where_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    dialled: list[object] = []

    def changing(host: str, *_: object, **__: object) -> Found:
        asked.append(host)
        return answers("93.184.216.34" if len(asked) == 1 else "127.0.0.1")

    def dial(address: object, **_: object) -> socket.socket:
        dialled.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr(socket, "create_connection", dial)
    with Guard({}, (), 1.0) as guard, pytest.raises(OSError):
        guard._dial("www.larkmere.example", 80)
    assert asked == ["www.larkmere.example"] and dialled == [("93.184.216.34", 80)]


@pytest.mark.parametrize("port", [0, 1, 22, 25, 111, 445, 631, 65536, -1, 99999])
@pytest.mark.parametrize("ask", ["CONNECT 93.184.216.34:{port}", "GET http://93.184.216.34:{port}/"])
def test_a_port_that_is_none_of_web_sites_is_refused(
    port: int, ask: str, monkeypatch: pytest.MonkeyPatch, servers: tuple[LittleServer, LittleServer]
) -> None:
    dialled: list[object] = []
    with Guard({}, (), 1.0) as guard:
        monkeypatch.setattr(guard, "_dial", _noting(guard._dial, dialled))
        word = base64.b64encode(":".join(guard.credentials).encode()).decode()
        answer = ask_unknown(guard, f"{ask.format(port=port)} HTTP/1.1\r\n{AUTH.format(word=word)}\r\n".encode())
    assert dialled == [] and b" 403 " in answer


def _noting(dial: Callable[[str, int], socket.socket], dialled: list[object]) -> Callable[[str, int], socket.socket]:
    """Dial as before, and note what is dialled after it has been allowed."""

    def noting(host: str, port: int) -> socket.socket:
        made = dial(host, port)
        dialled.append((host, port))
        return made

    return noting


def test_a_head_that_comes_drop_by_drop_is_cut() -> None:
    """Else anybody on this machine could hold every place without a password."""
    with Guard({}, (), 0.2) as guard:
        host, port = guard.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=0.05) as drops:
            for _ in range(10_000):
                try:
                    drops.sendall(b"x")
                    if drops.recv(1) == b"":
                        return
                except TimeoutError:
                    continue
                except OSError:
                    return
    pytest.fail("it was listened to without end")
