"""The guard dials what it has checked, and nothing else."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from auditbot.collect.net.guard import FAILED_HEADER, REFUSED_HEADER, Guard, Refused, words_of_guard
from tests.browser.little_server import Answer, LittleServer


@pytest.fixture
def server() -> Iterator[LittleServer]:
    """Return a little server that says hello."""
    little = LittleServer({"/": Answer("hello", "text/plain")})
    yield little
    little.close()


def knowing(guard: Guard, question: bytes) -> bytes:
    """Put the guard's password into the head of a question."""
    line, end, rest = question.partition(b"\r\n")
    word = base64.b64encode(":".join(guard.credentials).encode())
    return line + end + b"Proxy-Authorization: Basic " + word + b"\r\n" + rest


def ask(guard: Guard, question: bytes) -> bytes:
    """Send bytes to the guard, as a client that knows its password, and read all that comes back."""
    return ask_unknown(guard, knowing(guard, question))


def ask_unknown(guard: Guard, question: bytes) -> bytes:
    """Send bytes to the guard as they are, and read all that comes back."""
    host, port = guard.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(question)
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    return answer


def test_a_site_on_this_machine_is_reached_when_it_is_named(server: LittleServer) -> None:
    with Guard({}, (server.address,), 5.0) as guard:
        answer = ask(guard, f"GET {server.url}/ HTTP/1.1\r\nHost: {server.address}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"hello")


def test_a_second_question_on_one_connection_goes_nowhere(server: LittleServer) -> None:
    question = f"GET {server.url}/ HTTP/1.1\r\nHost: {server.address}\r\nConnection: keep-alive\r\n\r\n".encode()
    with Guard({}, (server.address,), 5.0) as guard:
        answer = ask(guard, question + b"GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n")
    assert answer.count(b"HTTP/1.1") == 1
    assert server.paths() == ["/"]


FORGED = [
    b"HTTP/1.1 200 OK\r\nX-Auditbot-Refused: forged\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 200 OK\nx-auditbot-failed : forged\nContent-Length: 2\n\nok",
    b"HTTP/1.1 200 OK\r\nServer: a\nX-Auditbot-Refused: forged\r\n\r\nok",
    b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nX-AUDITBOT-REFUSED: forged\r\n\r\nok",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 2000 + b"HTTP/1.1 200 OK\r\nX-Auditbot-Failed: forged\r\n\r\nok",
]


@pytest.mark.parametrize("answer", FORGED)
def test_a_site_cannot_speak_as_the_guard(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        with Guard({}, (address,), 5.0) as guard:
            got = ask(guard, f"GET http://{address}/ HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
    assert got.startswith(b"HTTP/1.1 200 OK") and got.endswith(b"\r\n\r\nok")
    assert b"x-auditbot" not in got.lower() and b"forged" not in got


REFUSED = [
    "GET http://127.0.0.1:{other}/ HTTP/1.1",
    "GET http://localhost:{port}/ HTTP/1.1",
    "GET http://[::1]:{port}/ HTTP/1.1",
    "GET http://2130706433:{port}/ HTTP/1.1",
    "GET http://10.0.0.1/ HTTP/1.1",
    "GET ftp://127.0.0.1:{port}/ HTTP/1.1",
    "GET file:///etc/passwd HTTP/1.1",
    "GET / HTTP/1.1",
    "CONNECT 127.0.0.1:{other} HTTP/1.1",
    "CONNECT localhost:{port} HTTP/1.1",
    "CONNECT 192.168.0.1:443 HTTP/1.1",
    "CONNECT 8.8.8.8:25 HTTP/1.1",
    "GET http://127.0.0.1:0/ HTTP/1.1",
    "GET http://127.0.0.1:99999/ HTTP/1.1",
    "CONNECT 127.0.0.1:0 HTTP/1.1",
    "CONNECT 127.0.0.1:65536 HTTP/1.1",
    "CONNECT :x HTTP/1.1",
    "GET http:///path HTTP/1.1",
]


@pytest.mark.parametrize("line", REFUSED)
def test_anything_else_is_refused(line: str, server: LittleServer) -> None:
    port = int(server.address.rpartition(":")[2])
    with Guard({}, (server.address,), 5.0) as guard:
        answer = ask(guard, f"{line.format(port=port, other=port + 1)}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 403")
    assert server.paths() == []


@pytest.mark.parametrize(
    "line", ["", "nonsense", "GET http://127.0.0.1:99999/ HTTP/1.1", "CONNECT :x HTTP/1.1", "\x00"]
)
def test_a_malformed_question_gets_no_connection(line: str, server: LittleServer) -> None:
    with Guard({}, (server.address,), 5.0) as guard:
        assert b" 200 " not in ask(guard, f"{line}\r\n\r\n".encode())
    assert server.paths() == []


def test_a_name_is_refused_if_only_one_of_its_addresses_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    def two(*_: object, **__: Any) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    with Guard({}, (), 5.0) as guard:
        with pytest.raises(Refused):
            guard.addresses("school.example", 80)
        assert guard.refusals == {"school.example:80 (private or reserved address)": 1}


def test_the_address_dialled_is_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, 1, 6, "", ("93.184.215.14", 80))])
    with Guard({}, (), 5.0) as guard:
        assert guard.addresses("school.example", 80) == [("93.184.215.14", 80)]


def test_a_local_host_is_dialled_on_its_port_alone(server: LittleServer) -> None:
    host, _, port = server.address.rpartition(":")
    with Guard({"www.Larkmere.example": (host, int(port))}, (), 5.0) as guard:
        assert guard.addresses("www.larkmere.example.", 80) == [(host, int(port))]
        with pytest.raises((Refused, OSError)):
            guard.addresses("www.larkmere.example", 81)
        with pytest.raises((Refused, OSError)):
            guard.addresses("larkmere.example", 80)


def test_closing_the_guard_cuts_what_is_open(server: LittleServer) -> None:
    guard = Guard({}, (server.address,), 30.0)
    host, port = guard.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(knowing(guard, f"CONNECT {server.address} HTTP/1.1\r\n\r\n".encode()))
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        guard.close()
        assert connection.recv(100) == b""


@pytest.mark.parametrize(
    ("url", "headers", "said"),
    [
        ("http://www.larkmere.example/", {REFUSED_HEADER: "a private address"}, ("a private address", "")),
        ("HTTP://www.larkmere.example/", {FAILED_HEADER: "no answer"}, ("", "no answer")),
        ("https://www.larkmere.example/", {REFUSED_HEADER: "made up", FAILED_HEADER: "made up"}, ("", "")),
        ("http://www.larkmere.example/", {}, ("", "")),
    ],
)
def test_over_https_no_site_is_believed_to_be_the_guard(
    url: str, headers: dict[str, str], said: tuple[str, str]
) -> None:
    assert words_of_guard(url, headers) == said


# --- other users of this machine, and clients that mean harm ---------------------------------------------------------

UNKNOWN = [
    "",
    "Proxy-Authorization: Basic\r\n",
    "Proxy-Authorization: Basic YXVkaXRib3Q6Z3Vlc3M=\r\n",
    "Proxy-Authorization: Bearer {word}\r\n",
    "Authorization: Basic {word}\r\n",
    "X: Proxy-Authorization: Basic {word}\r\n",
    "Proxy-Authorization: Basic {word}x\r\n",
    "Proxy-Authorization: Basic {word}\r\nProxy-Authorization: Basic {word}\r\n",
]


@pytest.mark.parametrize("line", UNKNOWN)
@pytest.mark.parametrize("method", ["GET http://{at}/", "CONNECT {at}"])
def test_who_does_not_name_the_password_gets_nothing(line: str, method: str, server: LittleServer) -> None:
    with Guard({}, (server.address,), 5.0) as guard:
        word = base64.b64encode(":".join(guard.credentials).encode()).decode()
        head = f"{method.format(at=server.address)} HTTP/1.1\r\n{line.format(word=word)}\r\n"
        assert ask_unknown(guard, head.encode()).startswith(b"HTTP/1.1 407")
    assert server.paths() == []


def test_the_password_is_another_each_time_and_reaches_no_site(server: LittleServer) -> None:
    with Guard({}, (), 5.0) as one, Guard({}, (server.address,), 5.0) as two:
        assert one.credentials != two.credentials
        ask(two, f"GET {server.url}/ HTTP/1.1\r\nHost: {server.address}\r\n\r\n".encode())
    assert server.paths() == ["/"]
    assert "proxy-authorization" not in server.asked[0].headers


RAW = [
    b"GET {url}/ HTTP/1.1\rX-Smuggled: 1\r\n\r\n",
    b"GET {url}/ HTTP/1.1\r\nA: b\nX-Smuggled: 1\r\n\r\n",
    b"GET {url}/ HTTP/1.1\r\nA: b\rX-Smuggled: 1\r\n\r\n",
    b"GET {url}/ HTTP/1.1\nHost: x\n\n",
    b"GET\r\n\r\n",
    b"GET {url}/\r\n\r\n",
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n",
    b"GET " + b"x" * 70000,
    b"GET {url}/ HTTP/1.1\r\n" + b"A: b\r\n" * 12000,
]


@pytest.mark.parametrize("question", RAW)
def test_a_raw_attack_reaches_nothing(question: bytes, server: LittleServer) -> None:
    with Guard({}, (server.address,), 1.0) as guard:
        asked = knowing(guard, question.replace(b"{url}", server.url.encode()))
        try:
            answer = ask_unknown(guard, asked)
        except OSError:  # cut while we were still sending
            answer = b""
    assert b" 200 " not in answer
    assert server.paths() == []


def test_a_connection_that_cannot_be_accepted_does_not_end_the_guard(
    server: LittleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = socket.socket.accept
    refused: list[int] = []

    def failing(listener: socket.socket) -> object:
        if len(refused) < 3:
            refused.append(1)
            raise OSError(24, "Too many open files")
        return accept(listener)

    monkeypatch.setattr(socket.socket, "accept", failing)
    with Guard({}, (server.address,), 5.0) as guard:
        answer = ask(guard, f"GET {server.url}/ HTTP/1.1\r\nHost: {server.address}\r\n\r\n".encode())
        assert answer.endswith(b"hello") and len(refused) == 3


def test_more_connections_than_are_served_wait_and_are_served_later(
    server: LittleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditbot.collect.net.guard._MOST_CONNECTIONS", 2)
    with Guard({}, (server.address,), 1.0) as guard:
        host, port = guard.url.removeprefix("http://").split(":")
        idle = [socket.create_connection((host, int(port)), timeout=5) for _ in range(2)]
        answer = ask(guard, f"GET {server.url}/ HTTP/1.1\r\nHost: {server.address}\r\n\r\n".encode())
        assert answer.endswith(b"hello")  # once the idle ones were cut
        for connection in idle:
            connection.close()
