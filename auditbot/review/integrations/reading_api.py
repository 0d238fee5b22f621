"""/api/v1: what another program of the school may read with a key: numbers and references, no name, address or kind.

Nothing can be changed here. A key has scopes, ends by itself, and only its digest is kept.
"""

from __future__ import annotations

import threading
import time
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer

from auditbot.errors import AuditbotError
from auditbot.report.meeting import DECIDED, REFERENCE, STANDS
from auditbot.review.casebook.cases import of_records
from auditbot.review.casebook.figures import figures
from auditbot.review.casebook.nights_reached import WORDS, Reach
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.review.pages.today_page import count
from auditbot.review.people.manage import token_digest
from auditbot.review.people.models import Token
from auditbot.review.site.middleware import address_of

WRONG_KEYS, WRONG_SECONDS = 10, 900.0
"""So many wrong keys from one address within so many seconds, and it is not listened to for as long."""
USED_SECONDS = 60


class WrongKeys:
    """Counts wrong keys by address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: dict[str, list[float]] = {}

    def too_many(self, address: str) -> bool:
        """Whether an address has shown too many."""
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._at.get(address, ()) if now - at < WRONG_SECONDS]
            self._at[address] = recent
            if len(self._at) > 10_000:
                self._at.clear()
            return len(recent) >= WRONG_KEYS

    def one_more(self, address: str) -> None:
        """Count one."""
        with self._lock:
            self._at.setdefault(address, []).append(time.monotonic())

    def forget(self) -> None:
        """Forget all."""
        with self._lock:
            self._at.clear()


wrong_keys = WrongKeys()


class Key(HttpBearer):
    """A key with one scope at least."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """Return the key if it counts and has the scope; None otherwise, and the wrong one is counted."""
        address = address_of(request)
        if wrong_keys.too_many(address):
            raise HttpError(429, "Too many wrong keys from this address. Try again in 15 minutes.")
        now = timezone.now()
        found = Token.objects.filter(digest=token_digest(token), ends_at__gt=now).first()
        if found is None:
            wrong_keys.one_more(address)
            return None
        if self.scope not in found.scopes:
            raise HttpError(403, f"This key may not read {self.scope}.")
        if found.used_at is None or (now - found.used_at).total_seconds() > USED_SECONDS:
            Token.objects.filter(pk=found.pk).update(used_at=now)
        return found


class Counts(Schema):
    """What stands open."""

    at: datetime
    new: int
    to_decide: int
    overdue: int
    asked: int
    to_ask: int
    waiting: int
    backlog: int


class WeekCounts(Schema):
    """One week."""

    monday: date
    found: int
    decided: int
    gone: int
    left_up: int


class OpenCase(Schema):
    """One case, in which a protected child reads like every other."""

    reference: str
    what: str
    account: str
    found: date
    stands: str


class Source(Schema):
    """How far the last audit came with one account."""

    account: str
    status: str
    posts: int
    photos: int


class Health(Schema):
    """Whether audits run."""

    began: datetime | None
    ended: datetime | None
    version: str
    sources: list[Source]


class Problem(Schema):
    """Why nothing was told."""

    detail: str


class WrongQuestion(Schema):
    """What is wrong with the question, part by part."""

    detail: list[dict[str, Any]]


PROBLEMS = {401: Problem, 403: Problem, 429: Problem, 503: Problem}
"""No key that counts; a key without the scope; too many wrong keys; a register that cannot be trusted just now."""

api = NinjaAPI(
    title="auditbot", version="1", docs_url=None, openapi_url="openapi.json", urls_namespace="api", auth=Key("counts")
)


@api.get("/counts", response={200: Counts} | PROBLEMS, auth=Key("counts"))
def counts(request: HttpRequest) -> Counts:
    """Tell what stands open now; "new" is all that waits for its first decision since the newest audit began."""
    view = served_workspace().view()
    told = count(view, view.audit.started_at if view.audit else None)
    return Counts(
        at=view.now,
        new=told.new,
        to_decide=told.to_decide,
        overdue=told.overdue,
        asked=told.asked,
        to_ask=told.to_ask,
        waiting=told.waiting,
        backlog=told.backlog,
    )


@api.get("/weeks", response={200: list[WeekCounts], 422: WrongQuestion} | PROBLEMS, auth=Key("counts"))
def weeks(request: HttpRequest, weeks: int = 8) -> list[WeekCounts]:
    """Tell the newest weeks, 1 to 53, oldest first."""
    view = served_workspace().view()
    told = figures(view.lives, view.events, view.now, weeks=min(max(weeks, 1), 53))
    return [
        WeekCounts(monday=week.monday, found=week.found, decided=week.decided, gone=week.gone, left_up=week.set_aside)
        for week in told.weeks
    ]


@api.get("/cases", response={200: list[OpenCase]} | PROBLEMS, auth=Key("cases"))
def cases(request: HttpRequest) -> list[OpenCase]:
    """Tell the cases that are still there, by the day they were found: as the print for the meeting tells them."""
    view = served_workspace().view()
    told = [
        OpenCase(
            reference=case.id[:REFERENCE],
            what="photo" if case.first.finding.shows_somebody else "words",
            account=case.first.finding.account,
            found=min(one.first_seen for one in case.tracked).astimezone(view.now.tzinfo).date(),
            stands=STANDS.get(case.standing.state, DECIDED),
        )
        for case in view.cases
        if not case.facts[0].gone and not of_records(case)
    ]
    return sorted(told, key=lambda one: (one.found, one.reference))


@api.get("/health", response={200: Health} | PROBLEMS, auth=Key("health"))
def health(request: HttpRequest) -> Health:
    """Tell when the last visits began and ended and how far they came."""
    view = served_workspace().view()
    entries = view.audit.coverage if view.audit else ()
    return Health(
        began=view.visited[0] if view.visited else None,
        ended=view.visited[1] if view.visited else None,
        version=view.audit.versions.get("auditbot", "") if view.audit else "",
        sources=[
            Source(account=one.account, status=WORDS[Reach(one.status)], posts=one.posts, photos=one.photos)
            for one in entries
        ],
    )


@api.exception_handler(AuditbotError)
def cannot(request: HttpRequest, _: AuditbotError) -> HttpResponse:
    """Answer while a register cannot be trusted: why stands on the page, for leads."""
    return api.create_response(request, {"detail": "This cannot be read just now. The page tells why."}, status=503)
