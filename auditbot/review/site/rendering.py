"""How pages are made: the report's own rules for values, with what every page of the site needs."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import json_script
from jinja2 import Environment, StrictUndefined

from auditbot.present.excerpt import may_link
from auditbot.present.page_language import translate_pages
from auditbot.present.wording import moment
from auditbot.review.casebook.seen import what_was_seen
from auditbot.sentences import _, day_and_month, day_and_short_month, day_of, month_of, say

STATIC = Path(__file__).parent.parent / "static"


@dataclass(frozen=True, slots=True)
class Way:
    """One link of the menu."""

    words: str
    """What it says."""
    address: str
    """Where it leads."""
    here: bool
    """Whether it is the page being shown."""
    aside: bool = False
    """Whether it stands under "More"."""
    group: str = ""
    """The heading under which it stands there."""


LEADS, HEADS = ("lead", "deputy"), ("lead", "deputy", "head")
POSTERS = (*HEADS, "editor", "data")
RECORDS, LOOK, PRINT, RUNNING = (
    say("The school’s records"),
    say("To look at"),
    say("To print or take along"),
    say("How the page runs"),
)
WAYS = (
    (say("Today"), "/", (*POSTERS, "it", "governor"), ""),
    (say("Decide"), "/decide", LEADS, ""),
    (say("Asked"), "/asked", LEADS, ""),
    (say("Before you post"), "/before", POSTERS, ""),
    (say("Concerns"), "/concerns", (*HEADS, "editor"), ""),
    (say("Posts, day by day"), "/posts", (*HEADS, "editor"), LOOK),
    (say("Figures by week"), "/figures", (*HEADS, "governor"), LOOK),
    (say("How recognisable faces are"), "/exposure", (*HEADS, "governor"), LOOK),
    (say("Pupils and their permission"), "/pupils", (*LEADS, "data"), RECORDS),
    (say("Registers"), "/registers", (*HEADS, "editor", "data"), RECORDS),
    (say("Portraits for comparing"), "/gallery", (*LEADS, "data"), RECORDS),
    (say("Exports to bring in"), "/imports", (*LEADS, "data"), RECORDS),
    (say("The Headteacher’s sheet"), "/head", HEADS, PRINT),
    (say("List for the meeting"), "/print/meeting", HEADS, PRINT),
    (say("Dates for your calendar"), "/calendar.ics", HEADS, PRINT),
    (say("Who stands in"), "/cover", HEADS, RUNNING),
    (say("People who sign in"), "/people", (*LEADS, "it"), RUNNING),
    (say("Who looked at what"), "/log", LEADS, RUNNING),
    (say("Whether audits run"), "/health", (*LEADS, "it"), RUNNING),
    (say("First steps"), "/welcome", (*LEADS, "it"), RUNNING),
)
"""What the menu of each role holds, and under which heading it stands behind "More"."""
MOST_AT_ONCE = 5
"""Links beyond this stand under "More"."""


def whole_number(text: str) -> int | None:
    """Return the number that a form or an address says, or None if it says none of at most twelve digits."""
    return int(text) if text.isdecimal() and len(text) <= 12 else None


def always(request: HttpRequest) -> dict[str, Any]:
    """Return what every page needs besides its own: the school and the menu of this role."""
    person: Any = getattr(request, "user", None)
    role = person.role if person is not None and person.is_authenticated else ""
    mine = [(words, address, group) for words, address, roles, group in WAYS if role in roles]
    ways = [
        Way(words, address, request.path == address, aside=at >= MOST_AT_ONCE, group=group)
        for at, (words, address, group) in enumerate(mine)
    ]
    return {"school": settings.SCHOOL, "ways": ways, "sign_on": settings.SIGN_ON}


def environment(**options: Any) -> Environment:
    """Return what templates are rendered with: every value escaped, and a value that nobody gave is an error."""
    options |= {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = translate_pages(Environment(**options))
    made.globals |= {
        "url": lambda name, *words: reverse(name, args=words),
        "static": static_address,
        "json_script": json_script,
        "may_link": may_link,
    }
    made.filters |= {
        "day": _day,
        "near_day": _near_day,
        "near_moment": _near_moment,
        "short_day": day_and_short_month,
        "month": month_of,
        "moment": lambda value: moment(value, timezone.get_current_timezone()) if value else "",
        "time": lambda value: f"{_local(value):%H:%M}",
        "seen": what_was_seen,
    }
    return made


def _local(value: datetime) -> datetime:
    return timezone.localtime(value)


def _day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    own = _local(value).date() if isinstance(value, datetime) else value
    return day_of(own)


def _near_day(value: datetime) -> str:
    """Return a day as somebody says it who is near it: without the year while that is this one."""
    own, today = _local(value).date(), timezone.localdate()
    return day_and_month(own) if own.year == today.year else day_of(own)


def _near_moment(value: datetime) -> str:
    time = format(_local(value), "%H:%M")
    return _("%(day)s, %(time)s", day=_near_day(value), time=time)


@functools.cache
def static_address(name: str) -> str:
    """Return the address of one of our files; it changes when the file does, so that browsers may keep it."""
    return reverse("static", args=[name]) + "?" + hashlib.sha256(static_files()[name].read_bytes()).hexdigest()[:8]


@functools.cache
def static_files() -> dict[str, Path]:
    """Return what is served as it lies: our style and scripts, and those by which a browser speaks to a passkey."""
    import allauth  # noqa: PLC0415  only its folder is wanted

    theirs = Path(allauth.__file__).parent
    own = {path.name: path for path in STATIC.iterdir() if path.suffix in (".css", ".js")}
    passkeys = (
        "mfa/static/mfa/js/webauthn-json.js",
        "mfa/static/mfa/js/webauthn.js",
        "account/static/account/js/onload.js",
    )
    return own | {Path(name).name: theirs / name for name in passkeys}


def page(request: HttpRequest, template: str, status: int = 200, /, **values: Any) -> HttpResponse:
    """Return a page made from a template."""
    from django.shortcuts import render  # noqa: PLC0415  needs the settings

    return render(request, template, values, status=status)
