"""Where a browser may lie on this machine, and the switches it is started with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "brave-browser",
)
_PATHS = (
    "/usr/bin/chromium-headless-shell",
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/snap/bin/chromium",
    "/usr/bin/google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

SWITCHES = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    # Names are resolved by the guard alone, and calls between browsers (WebRTC) find no way around it.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # A script that takes memory without end crashes its own page, and not the machine.
    "--js-flags=--max-old-space-size=512",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One browser that may be on this machine."""

    path: str | None = None
    """Its program, or None where the library knows it."""
    channel: str | None = None
    """Its name as the library knows it, or None."""


def candidates(configured: str) -> Iterator[Candidate]:
    """Yield the browsers to try, in order. A configured one is the only one."""
    if configured:
        yield Candidate(path=configured)
        return
    yield Candidate()
    yield Candidate(channel="chrome")
    yield Candidate(channel="msedge")
    found = [shutil.which(name) for name in _NAMES] + [path for path in _PATHS if Path(path).is_file()]
    for path in dict.fromkeys(found):
        if path:
            yield Candidate(path=path)


def sandbox_works() -> bool:
    """True unless we are root, under whom the browser's sandbox cannot start."""
    return not hasattr(os, "geteuid") or os.geteuid() != 0
