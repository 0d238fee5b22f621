"""The confined browser's only way out: a listener that is handed to the guard before the program begins."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from auditbot.collect.browser.forwarder import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no bubblewrap")


@pytest.fixture
def began(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    """Return which programs the door became, instead of becoming them."""
    found: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(os, "execv", lambda program, words: found.append((program, words)))
    return found


def test_the_guard_is_handed_the_port_at_which_it_is_to_be_found(
    tmp_path: Path, began: list[tuple[str, tuple[str, ...]]]
) -> None:
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.bind(str(tmp_path / "guard"))
        waiting.listen(1)
        main("0", str(tmp_path / "guard"), "/bin/browser", "--quiet")
        way, _ = waiting.accept()
        with way:
            _, (handed,), _, _ = socket.recv_fds(way, 1, 1)
    with socket.socket(fileno=handed) as listener, socket.create_connection(listener.getsockname()):
        answered, _ = listener.accept()
        answered.close()
    assert began == [("/bin/browser", ("/bin/browser", "--quiet"))]


def test_without_a_guard_there_is_no_way_out(began: list[tuple[str, tuple[str, ...]]]) -> None:
    main("0", "", "/bin/browser")
    assert began == [("/bin/browser", ("/bin/browser",))]
