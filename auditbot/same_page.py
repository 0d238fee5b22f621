"""Which two addresses are one page, and which are one post."""

from __future__ import annotations

import re
from importlib.resources import files
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

# Words that say from which message or advertisement a visitor came, in no site a part of the page's own address.
_CLICKS = re.compile(
    "|".join(files("auditbot.data").joinpath("web/click_ids.txt").read_text("utf-8").split()), re.IGNORECASE
)
_SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid|sid)=[^/?#]*", re.IGNORECASE)


def clean(url: str) -> str:
    """Return an address without click ids, session ids in its path and fragment, save one that names a page."""
    parts = urlsplit(url)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _CLICKS.fullmatch(name)
    ]
    query = parts.query if len(kept) == parts.query.count("&") + 1 else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, _SESSION_IN_PATH.sub("", parts.path), query, _route(parts)))


def _route(parts: SplitResult) -> str:
    """Return a fragment that names a page of its own ("#/post/1", "#!/post/1"), as sites of one page have them."""
    return parts.fragment.rstrip("/") if re.match(r"!?/[^/]", parts.fragment) else ""


def key(url: str) -> str:
    """Return what two addresses of the same page share: not scheme, "www.", trailing slash, order of parameters."""
    parts = urlsplit(clean(url))
    host = parts.netloc.lower().removeprefix("www.")
    path = re.sub(r"/(index\.(html?|php|aspx?)|default\.aspx?)$", "/", parts.path).rstrip("/")
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    route = f"#{_route(parts)}" if _route(parts) else ""
    return f"{host}{path}" + (f"?{query}" if query else "") + route


def post_key(url: str) -> str:
    """Return what two addresses of the same post share: posts that have a page in common differ by their fragment."""
    _, mark, fragment = url.partition("#")
    return key(url) if _route(urlsplit(url)) else key(url) + mark + fragment
