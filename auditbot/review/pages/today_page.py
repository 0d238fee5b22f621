"""Today: what is new, overdue, asked and gone since the person last looked, and one button."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from auditbot.decisions.decided import State
from auditbot.model import NotChecked
from auditbot.present.order import WEEKLY_SHARE
from auditbot.present.wording import one_not_checked
from auditbot.review.asking.outbox import waiting_with_problem
from auditbot.review.asking.requests import gathered, tasks_of, to_ask
from auditbot.review.casebook.case_details import case_details
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.figures import suppressed
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.visible_to import waits_for, with_the_head
from auditbot.review.deciding.pictures_page import warm
from auditbot.review.integrations import webhook
from auditbot.review.people.models import Person
from auditbot.review.records.registers_page import gaps
from auditbot.review.site.rendering import page
from auditbot.sentences import _, _n, day_and_month

MOST = 10
"""No list on this page is longer."""
FIRST = 3
"""So many of the queue are named before it is begun."""
SAME_LOOK = timedelta(minutes=30)
"""A page loaded again within this time belongs to the same look: what was new stays new."""
MORNING = 6
"""The hour at which a night has ended."""
NIGHTS_WITHOUT = timedelta(hours=36)
LEAST_FREE = 1_000_000_000
"""Bytes: an audit uses none of the last 300 million, and keeps some 6 MB per 1,000 photos and its report."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list."""

    case: Case
    """The case."""
    words: str
    """What it is, in a few words."""
    where: str
    """Where it stands."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that the last audit could not check."""

    words: str
    """What it is, in a sentence."""
    reason: str
    """Why, in a sentence."""
    address: str
    """Where somebody can look at it: the post that shows it, else its own address; empty if it has none."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the first line counts."""

    new: int
    """Cases that need a decision and were not there when the person last looked."""
    to_decide: int
    """Cases that need a decision."""
    overdue: int
    """Cases whose day has passed and that are still there."""
    asked: int
    """Posts in which something was asked for and is still up."""
    to_ask: int
    """Posts in which something is to come down and nobody was asked yet."""
    gone: int
    """Cases proved gone since the person last looked."""
    waiting: int
    """Cases that were put off."""
    backlog: int
    """Cases of the first night that can take their turn."""


def today(request: HttpRequest) -> HttpResponse:
    """Show the page of the day, in as many words as the role needs."""
    person: Any = request.user
    view = served_workspace().view()
    since = _look(person)
    numbers = count(view, since)
    common = {
        "numbers": numbers,
        "since": since,
        "coverage": looked_through(view) if person.is_lead else coverage(view, with_reason=False),
        "problems": problems(view, with_reason=person.is_lead),
        "view": view,
    }
    if person.is_lead:
        if view.tally.today:
            threading.Thread(target=warm, args=(view.tally.today[0], view), daemon=True).start()
        return page(request, "today.html", **common, **_of_lead(request, view, since))
    if person.role == "head":
        waiting = tuple(_line(case, view) for case in waits_for(person, view)[:MOST])
        return page(request, "today_head.html", **common, waiting=waiting, taken=with_the_head(view)[:MOST])
    tasks = tasks_of(person) if person.role == "editor" else []
    missing = gaps(view)[:MOST] if person.role == "data" else []
    return page(request, "today_other.html", **common, shown=suppressed, tasks=tasks, gaps=missing)


def _of_lead(request: HttpRequest, view: View, since: datetime | None) -> dict[str, Any]:
    open_now, second = view.tally.today, waits_for(request.user, view)[:MOST]
    waiting = tuple(case for case in view.tally.put_off if case not in second)[:MOST]
    new = tuple(case for case in open_now if since is not None and _is_new(case, since))
    before = tuple(case for case in open_now if case not in new)
    gone = [case for case in view.tally.gone if _newly_gone(case, since)]
    first = before[: FIRST if since is not None else 0]
    for case in (*new[:MOST], *first, *second, *waiting, *gone[:MOST]):
        if case.first.finding.pupil_ids:
            saw(request, "line of today", case.first.finding.pupil_ids, case.id)
    return {
        "new": tuple(_line(case, view) for case in new[:MOST]),
        "first": tuple(_line(case, view) for case in first),
        "second": tuple(_line(case, view) for case in second),
        "waiting": tuple(_line(case, view) for case in waiting),
        "gone": tuple(_line(case, view) for case in gone[:MOST]),
        "records": view.tally.records,
        "unread": unread(view),
        "next_audit": served_workspace().settings.schedule.at,
        "share": WEEKLY_SHARE,
        "share_done": min(_backlog_decided(view), WEEKLY_SHARE),
        "weeks_left": -(-len(view.tally.backlog) // WEEKLY_SHARE),
    }


def _backlog_decided(view: View) -> int:
    """Return how many cases of the backlog were decided since Monday."""
    monday = view.now.date() - timedelta(days=view.now.weekday())
    decided = (case.standing.rests_on for case in view.cases if case.backlog) if view.tally.backlog else ()
    return sum(event is not None and event.at.astimezone(view.now.tzinfo).date() >= monday for event in decided)


def count(view: View, since: datetime | None) -> Numbers:
    """Count what the first line says; ``since`` is when the person last looked, or None for the first time."""
    tally = view.tally
    asked = [case for case in view.cases if case.standing.state is State.ASKED] if tally.states.get(State.ASKED) else []
    proved = (case for case in tally.gone if case.standing.state is not State.GONE_ONCE)
    return Numbers(
        new=sum(_is_new(case, since) for case in tally.today),
        to_decide=len(tally.today),
        overdue=tally.overdue,
        asked=len(gathered(asked, view)) if asked else 0,
        to_ask=len(to_ask(view)) if tally.states.get(State.TO_COME_DOWN) else 0,
        gone=sum(_newly_gone(case, since) for case in proved),
        waiting=tally.states.get(State.WAITING, 0),
        backlog=len(tally.backlog),
    )


def _is_new(case: Case, since: datetime | None) -> bool:
    return since is None or any(tracked.first_seen > since or tracked.state == "back" for tracked in case.tracked)


def _newly_gone(case: Case, since: datetime | None) -> bool:
    ended = [tracked.gone_at or tracked.last_checked for tracked in case.tracked]
    return since is None or any(at is not None and at > since for at in ended)


def _look(person: Any) -> datetime | None:
    """Return when the person last looked before this time, and note that they look now."""
    now = timezone.now()
    if person.last_looked is None or now - person.last_looked > SAME_LOOK:
        Person.objects.filter(pk=person.pk).update(last_looked=now, looked_before=person.last_looked)
        before: datetime | None = person.last_looked
        return before
    looked: datetime | None = person.looked_before
    return looked


def _line(case: Case, view: View) -> Line:
    told = case_details(case, view, served_workspace().settings.faces.false_name_rate)
    return Line(case, told.question, told.line)


def coverage(view: View, *, with_reason: bool) -> str:
    """Return how far the last audit reached, as a sentence or two; reasons may hold an address: for leads alone."""
    told, left = looked_through(view), _left_out(view)
    if len(left) == 1 and with_reason:
        return f"{told} {one_not_checked(left[0].what)} {left[0].reason}"
    many = _n(
        "%(count)s thing could not be checked; the report tells which.",
        "%(count)s things could not be checked; the report tells which.",
        len(left),
    )
    return f"{told} {many}" if left else told


def looked_through(view: View) -> str:
    """Return how many posts the last audit looked at and when, as a sentence."""
    audit, now = view.audit, view.now
    if audit is None or view.visited is None:
        return _("There was no audit yet: nothing has been looked at.")
    began, ended = (at.astimezone(now.tzinfo) for at in view.visited)
    posts = sum(entry.posts for entry in audit.coverage)
    night = began.hour < MORNING or ended.date() < now.date()
    recent = now - ended < timedelta(hours=20)
    when = (_("last night") if night else _("today")) if recent else _("on %(day)s", day=day_and_month(ended))
    first, last = began.strftime("%H:%M"), ended.strftime("%H:%M")
    return (
        _n(
            "%(count)s post was looked at %(when)s at %(time)s.",
            "%(count)s posts were looked at %(when)s at %(time)s.",
            posts,
            when=when,
            time=first,
        )
        if first == last
        else _n(
            "%(count)s post was looked at %(when)s, %(began)s to %(ended)s.",
            "%(count)s posts were looked at %(when)s, %(began)s to %(ended)s.",
            posts,
            when=when,
            began=first,
            ended=last,
        )
    )


def _left_out(view: View) -> list[NotChecked]:
    return [item for item in view.audit.not_checked if not item.aside] if view.audit else []


def unread(view: View) -> tuple[Unread, ...]:
    """Return what the last audit could not check, each with where somebody can look at it; for leads alone."""
    left = _left_out(view)
    shown_in = {use.url: post.url for post in view.posts.values() for use in post.photos} if left else {}
    return tuple(
        Unread(one_not_checked(item.what), str(item.reason), shown_in.get(item.url, item.url)) for item in left
    )


def problems(view: View, *, with_reason: bool) -> Sequence[str]:
    """Return what is not as it should be today, each with what to do; reasons may hold an address: for leads alone."""
    said = []
    if view.not_ended is not None:
        began = view.not_ended.astimezone(view.now.tzinfo)
        said.append(
            _(
                "An audit began on %(day)s at %(time)s and has not ended yet. The list is from the one before.",
                day=day_and_month(began),
                time=began.strftime("%H:%M"),
            )
        )
    if view.visited is not None and view.now - view.visited[1] > NIGHTS_WITHOUT:
        ended = view.visited[1].astimezone(view.now.tzinfo)
        said.append(
            _(
                "There was no audit since %(day)s, %(time)s. What you see is from then. Please tell your technician.",
                day=day_and_month(ended),
                time=ended.strftime("%H:%M"),
            )
        )
    if view.audit is not None:
        reached = {entry.account for entry in view.audit.coverage if entry.status in ("complete", "partial")}
        lost = [entry for entry in view.audit.coverage if entry.account not in reached]
        said += [
            _("“%(account)s” was not reached", account=entry.account) + (f": {entry.reason}" if with_reason else ".")
            for entry in lost[:MOST]
        ]
    if view.audit is not None and with_reason:
        said += [item.reason for item in view.audit.not_checked if not item.account and item.what == "register"][:MOST]
    if (free := shutil.disk_usage(served_workspace().workspace.data).free) < LEAST_FREE:
        said.append(
            _("The disk is nearly full: %(free)s MB are left. Please tell your technician.", free=free // 10**6)
        )
    if waiting := waiting_with_problem():
        count = len(waiting)
        told = sorted({letter.problem for letter in waiting})
        said.append(
            _n(
                "%(count)s mail could not be sent yet: %(why)s. It is tried again.",
                "%(count)s mails could not be sent yet: %(why)s. It is tried again.",
                count,
                why="; ".join(told),
            )
        )
    if told := webhook.waiting():
        said.append(_("The day’s numbers could not be sent on yet: %(why)s. It is tried again.", why="; ".join(told)))
    return said
