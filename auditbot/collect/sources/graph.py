"""What Meta's three interfaces share (Facebook, Instagram, Threads): how they page, and how they say what is wrong."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from auditbot.collect.net.json_reading import items_at, number_at, text_at
from auditbot.collect.sources.api import Api, ApiFailed
from auditbot.collect.sources.timeline import Item, Listing
from auditbot.sentences import say

_EXPIRED = {
    458: say("The school's account has withdrawn its permission from the app that made the token."),
    459: say("The service asks the account's holder to log in and confirm who they are."),
    460: say("The password was changed, which ends every token."),
    463: say("It has expired."),
    464: say("The service asks the account's holder to log in and confirm who they are."),
    467: say("It was revoked."),
}
_LATER = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_UNWELL = frozenset({1, 2})
_TOKEN = frozenset({102, 190})
_PERMISSION = frozenset({3, 10, *range(200, 300)})
FEW = 5
"""Posts a page where the service says that more are too many at once."""
_MAX_PAGES_OF_COMMENTS = 50
_ELSEWHERE = say("It goes on at an address that is not the service's own, which was not followed.")


def judge(status: int, document: Any) -> ApiFailed | None:
    """Read the error that an answer names, whatever its HTTP status. The service's own words may hold the token."""
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return None
    code, subcode = number_at(error, "code"), number_at(error, "error_subcode")
    failure = ApiFailed("unusable", say("The service refused the question (its error %(code)s).", code=code))
    if code in _LATER or status == 429:
        failure = ApiFailed("later", say("The service asked us to come back later."), again=True)
    elif code == 1 and "reduce the amount of data" in text_at(error, "message"):
        failure = ApiFailed("heavy", say("The service could not answer in one piece."))
    elif code in _UNWELL or status >= 500:
        failure = ApiFailed(
            "unreachable", say("The service answered that it is unwell (its error %(code)s).", code=code), again=True
        )
    elif code in _TOKEN:
        why = _EXPIRED.get(subcode, say("It has expired, was revoked, or is not whole."))
        failure = ApiFailed("token", say("The token is not accepted. %(why)s Make a new one and store it.", why=why))
    elif code in _PERMISSION:
        failure = ApiFailed(
            "permission", say("The token lacks a permission that is needed (the service's error %(code)s).", code=code)
        )
    elif code == 803 or (code == 100 and subcode == 33):
        failure = ApiFailed(
            "absent", say("The service answers that this does not exist, or that the token may not see it.")
        )
    elif code in (12, 2635):
        failure = ApiFailed("unusable", say("The service has given up this version of its interface. Update auditbot."))
    return failure


def listing(api: Api, document: dict[str, Any]) -> Listing:
    """Return one page of a list and what asks for the next, which never leaves the service."""
    following = text_at(document, "paging", "next")
    items = tuple(items_at(document, "data"))
    if following and not api.owns(following):
        return Listing(items, broken=_ELSEWHERE)
    return Listing(items, following)


def smaller(url: str) -> str:
    """Return a paging address that asks for fewer posts at a time."""
    return re.sub(r"([?&]limit=)\d+", rf"\g<1>{FEW}", url)


def rest_of(api: Api, document: Any) -> list[Item]:
    """Return a list inside an answer with all its further pages. Raises ApiFailed."""
    found = items_at(document, "data")
    seen: set[str] = set()
    while following := text_at(document, "paging", "next"):
        if not api.owns(following) or following in seen or len(seen) >= _MAX_PAGES_OF_COMMENTS:
            raise ApiFailed("unusable", say("Their list was not read to its end."))
        seen.add(following)
        document = api.get(following)
        found += items_at(document, "data")
    return found


def last_part(url: str) -> str:
    """Return the last part of an address's path."""
    try:
        return urlsplit(url).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
