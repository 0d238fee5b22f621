"""Text from a page, made fit to be read: nothing hidden, nothing that turns the line round, no address that acts.

Escaping is left to Jinja. This is about characters that no escaping stops: controls, direction marks, invisible ones.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls except tab and newline
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, direction marks
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # half characters and none
    "\U000e0000-\U000e0fff"  # tags and invisible variants
    "]"
)
_IN_A_DOWNLOAD = re.compile(r"archive:(\w+)/(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ(/[\w/]+)?", re.ASCII)
_NO_ADDRESS = re.compile(r"[\s\x00-\x20\"<>\\^`{|}]")


def visible(text: str) -> str:
    """Return ``text`` with every control, direction or invisible character written as its code, like ⟨U+202E⟩."""
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match.group()):04X}⟩", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return ``text`` visible and on one line, for a terminal."""
    return visible(" ".join(text.split()))


def spoken(url: str) -> str:
    """Return an address as a person would say it: a file as its path, and what only a download shows as that."""
    scheme, _, rest = url.partition(":")
    if scheme == "file":
        return unquote(rest)
    if found := _IN_A_DOWNLOAD.fullmatch(url):
        return f"no address: in the download of {found[1].capitalize()}, posted {found[2]} {found[3]} UTC"
    return f"in the download: {rest}" if scheme == "archive" else url


def may_link(url: str) -> bool:
    """Return whether ``url`` may become a link: http or https, with a host, without user name or unusual characters."""
    if _NO_ADDRESS.search(url) or visible(url) != url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
