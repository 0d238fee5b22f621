"""Figures, the Headteacher's sheet and the health of the audit: counts, without a pupil, a post or a kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse

from auditbot.decisions.decided import State
from auditbot.model import Post
from auditbot.review.asking.outbox import waiting_with_problem
from auditbot.review.before.answers import Answer
from auditbot.review.casebook.cases import decidable
from auditbot.review.casebook.figures import WEEKS, Figures, alarms, figures, of_month, suppressed
from auditbot.review.casebook.nights_reached import (
    NIGHTS,
    SHAPES,
    WORDS,
    CheckedShare,
    Reach,
    Strip,
    checked_share,
    strips,
)
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.visible_to import waits_for, with_the_head
from auditbot.review.pages.today_page import count, coverage, problems
from auditbot.review.people.models import Checked, Cover
from auditbot.review.site.rendering import page


@dataclass(frozen=True, slots=True)
class Bars:
    """One week of the chart."""

    monday: date
    """Its first day."""
    found: int
    """What was found."""
    gone: int
    """What was proved gone."""
    found_height: int
    """The height of its bar, of 100."""
    gone_height: int
    """The height of its bar, of 100."""


def show_figures(request: HttpRequest) -> HttpResponse:
    """Show the weeks; to governors without counts so small that they could point at a child."""
    person: Any = request.user
    view = served_workspace().view()
    shown = suppressed if person.role == "governor" else str
    told = _weeks(view, WEEKS)
    bars = chart(told) if person.role != "governor" else ()
    since = datetime.combine(told.weeks[0].monday, time.min, view.now.tzinfo)
    titles = {clause.id: clause.summary for clause in view.declared.clauses.values()}
    return page(
        request,
        "figures.html",
        figures=told,
        shown=shown,
        chart=bars,
        month=f"{view.now:%Y-%m}",
        strips=_strips(view),
        shapes=SHAPES,
        days=NIGHTS,
        reach_words=WORDS,
        share=_checked_share(view, since.date()),
        alarms=alarms(view.events, since, len(view.posts), titles) if person.role != "governor" else (),
    )


def _strips(view: View) -> tuple[Strip, ...]:
    with served_workspace().store() as store:
        visits = store.audits.visits_since(view.now - timedelta(days=NIGHTS))
    return strips(view.declared.accounts, visits, view.now.date(), _zone())


def _checked_share(view: View, since: date) -> CheckedShare:
    """Count by channel: what was answered for one says nothing of another."""
    answers: dict[str, dict[str, bool]] = {}
    for one in Checked.objects.order_by("day"):
        answers.setdefault(one.channel, {})[one.digest] = one.answer == Answer.CAN_GO
    posts: dict[str, list[Post]] = {}
    for post in view.posts.values():
        account = view.declared.accounts.get(post.account)
        posts.setdefault(account.channel if account else "", []).append(post)
    told = [checked_share(found, answers.get(channel, {}), since, _zone()) for channel, found in posts.items()]
    return CheckedShare(
        sum(one.photos for one in told), sum(one.could_go for one in told), sum(one.advised_against for one in told)
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(served_workspace().settings.school.timezone)


FIRST_YEAR = 2000
"""No school has figures from before."""
_counted: dict[int, tuple[View, Figures]] = {}


def _weeks(view: View, weeks: int) -> Figures:
    """Return the figures of a view, counted once: with 5,000 findings it takes a twentieth of a second."""
    known = _counted.get(weeks)
    if known is None or known[0] is not view:
        known = _counted[weeks] = (view, figures(view.lives, view.events, view.now, weeks=weeks))
    return known[1]


def month(request: HttpRequest, name: str) -> HttpResponse:
    """Show one month by clause of the policy, to be printed for governors; no small count can be worked out."""
    view = served_workspace().view()
    try:
        first = date.fromisoformat(f"{name}-01")
    except ValueError as error:
        raise Http404 from error
    if first > view.now.date() or first.year < FIRST_YEAR:
        raise Http404
    zone = _zone()
    titles = {clause.id: clause.summary for clause in view.declared.clauses.values()}
    after = (first + timedelta(days=32)).replace(day=1)
    return page(
        request,
        "figures_month.html",
        first=first,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{after:%Y-%m}" if after <= view.now.date() else "",
        lines=of_month(view.lives, first, zone, titles),
        audit=view.audit.id if view.audit else "",
        coverage=coverage(view, with_reason=False),
        now=view.now,
    )


def head_sheet(request: HttpRequest) -> HttpResponse:
    """Show one sheet for the Headteacher: five numbers, with those of a month before, and what is missing."""
    view = served_workspace().view()
    told = _weeks(view, 9)
    person: Any = request.user
    open_now = [
        case for case in view.cases if decidable(case) and case.standing.state is State.NEW and not case.backlog
    ]
    oldest = min((one.first_seen for case in open_now for one in case.tracked), default=None)
    second = waits_for(person, view) if person.role == "head" else view.tally.second
    today = view.now.date()
    return page(
        request,
        "head_sheet.html",
        numbers=count(view, None),
        lately=_sums(told, 4, 0),
        before=_sums(told, 4, 4),
        told=told,
        oldest=oldest,
        coverage=coverage(view, with_reason=person.is_lead),
        left=_not_reached(view),
        covers=Cover.objects.filter(last_day__gte=today).select_related("absent", "stand_in"),
        now=view.now,
        waits=len({case.id for case in (*second, *(case for case, _ in with_the_head(view)))}),
        mine=person.role == "head",
        chart=chart(told),
    )


def chart(told: Figures) -> tuple[Bars, ...]:
    """Return the weeks as bars, 100 high at the most."""
    most = max((max(week.found, week.gone) for week in told.weeks), default=0) or 1
    return tuple(
        Bars(week.monday, week.found, week.gone, round(100 * week.found / most), round(100 * week.gone / most))
        for week in told.weeks
    )


def _sums(told: Figures, weeks: int, back: int) -> dict[str, int]:
    end = len(told.weeks) - back
    part = told.weeks[max(0, end - weeks) : end]
    names = ("found", "decided", "gone", "set_aside")
    return {name: sum(getattr(week, name) for week in part) for name in names}


def _not_reached(view: View) -> list[tuple[str, str]]:
    entries = view.audit.coverage if view.audit else ()
    return [(entry.account, WORDS[Reach(entry.status)]) for entry in entries if entry.status != "complete"]


def health(request: HttpRequest) -> HttpResponse:
    """Show whether audits run, how far they reach, and whether mail goes out: no address, no post, no pupil."""
    view = served_workspace().view()
    entries = view.audit.coverage if view.audit else ()
    return page(
        request,
        "health.html",
        coverage=coverage(view, with_reason=False),
        accounts=[(entry.account, WORDS[Reach(entry.status)], entry.posts, entry.photos) for entry in entries],
        problems=problems(view, with_reason=False),
        versions=view.audit.versions.get("auditbot", "") if view.audit else "",
        mails=len(waiting_with_problem()),
    )
