"""Posts: a month as squares, a year as weeks, and one post with what was found in it, in the words of each role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from auditbot.decisions.decided import State
from auditbot.model import Post
from auditbot.report.meeting import REFERENCE
from auditbot.review.asking.requests import tasks_of
from auditbot.review.casebook.case_details import case_details
from auditbot.review.casebook.cases import decidable, of_records
from auditbot.review.casebook.phrases import STANDS
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.squares import (
    EDITORS_WORDS,
    SHAPES,
    WORDS,
    Mark,
    Square,
    mark_of,
    month_grid,
    months_back,
    not_reached,
    weeks_of,
)
from auditbot.review.casebook.visible_to import may_see
from auditbot.review.people.models import Task
from auditbot.review.site.rendering import page

MONTHS = 12
MOST_A_DAY = 8
"""So many squares stand in one day; the table below the month holds them all."""
_ANSWERED = (State.GONE_ONCE, State.PROVED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Found:
    """One case of a post, as a role may read it."""

    finding: str
    """Id of its finding, for the address; empty if the role may not open it."""
    words: str
    """What it is; for a role that reads no names, its reference."""
    stands: str
    """Where it stands."""


def posts(request: HttpRequest) -> HttpResponse:
    """Show a month of posts as squares and as a table, or the last twelve months as weeks."""
    person: Any = request.user
    view = served_workspace().view()
    dated = [(day, key) for key, day in view.post_days.items() if _is_own(person, view.post_keys[key])]
    undated = sum(1 for key, post in view.post_keys.items() if key not in view.post_days and _is_own(person, post))
    shown = _month(request.GET.get("month", ""), [day for day, _key in dated], view)
    whole_year = request.GET.get("year") == "1"
    first = months_back(shown, MONTHS)[0] if whole_year else shown
    keys = [key for day, key in dated if first <= day < shown + timedelta(days=38)]
    squares = sorted(_squares(person, view, keys), key=lambda one: (one.day, one.account, one.key))
    common = {
        "first": shown,
        "shapes": SHAPES,
        "legend": EDITORS_WORDS if person.role == "editor" else WORDS,
        "undated": undated,
        "before": (shown - timedelta(days=1)).replace(day=1),
        "after": (shown + timedelta(days=32)).replace(day=1),
    }
    if whole_year:
        months = [(first, weeks_of(first, squares)) for first in months_back(shown, MONTHS)]
        return page(request, "posts_year.html", **common, months=months)
    here = [one for one in squares if (one.day.year, one.day.month) == (shown.year, shown.month)]
    days: dict[date, list[Square]] = {}
    for one in here:
        days.setdefault(one.day, []).append(one)
    if person.is_lead:
        saw(request, "list of posts", (), "")
    return page(request, "posts.html", **common, weeks=month_grid(shown), days=days, here=here, most=MOST_A_DAY)


def one_post(request: HttpRequest, post: str) -> HttpResponse:
    """Show one post: to leads with its words and findings, to others without any name."""
    person: Any = request.user
    here, view = served_workspace(), served_workspace().view()
    found = view.post_keys.get(post)
    if found is None or not _is_own(person, found):
        raise Http404
    cases = [one for one in view.by_post.get(post, ()) if not of_records(one)]
    if person.is_lead:
        pupils = {pupil for case in cases for pupil in case.first.finding.pupil_ids}
        saw(request, "post", sorted(pupils), "")
    rate = here.settings.faces.false_name_rate
    lines = [
        Found(
            case.id if may_see(person, case) else "",
            case_details(case, view, rate).question if person.is_lead else case.id[:REFERENCE],
            str(STANDS[case.standing.state]),
        )
        for case in cases
        if decidable(case) or case.facts[0].gone
    ]
    return page(
        request,
        "post.html",
        post=found,
        lines=lines if person.role != "editor" else [],
        tasks=_tasks_for(person, found, view) if person.role == "editor" else [],
        names=person.is_lead,
        address=person.role != "head",
        day=view.post_days.get(post),
        last_seen=max((at for case in cases for one in case.tracked if (at := one.last_checked)), default=None),
    )


def _is_own(person: Any, post: Post) -> bool:
    """Whether a person may see a post: an editor those of the own accounts."""
    return person.role != "editor" or post.account in person.accounts


def _squares(person: Any, view: View, keys: Iterable[str]) -> Iterator[Square]:
    accounts, single = not_reached(view.audit)
    asked = _asked_of(person, view) if person.role == "editor" else {}
    for key in keys:
        post = view.post_keys[key]
        reached = post.account not in accounts and (post.account, post.url) not in single
        if person.role == "editor":
            mark = asked.get((post.account, post.url)) or (Mark.NOTHING if reached else Mark.NOT_REACHED)
        else:
            mark = mark_of(view.by_post.get(key, ()), reached=reached)
        label = post.title if person.is_lead else post.url if person.role == "editor" else ""
        yield Square(key, view.post_days[key], post.account, mark, label.strip())


def _asked_of(person: Any, view: View) -> dict[tuple[str, str], Mark]:
    """Return by post what an editor was asked: still to be taken down, or seen gone."""
    marks: dict[tuple[str, str], Mark] = {}
    for task in Task.objects.filter(account__in=person.accounts):
        for place, state in _places(task, view):
            gone = state in _ANSWERED
            if marks.get(place) is not Mark.DOWN:
                marks[place] = Mark.GONE if gone else Mark.DOWN
    return marks


def _places(task: Task, view: View) -> Iterator[tuple[tuple[str, str], State]]:
    for name in task.findings:
        case = view.by_finding.get(name)
        for tracked, standing in zip(case.tracked, case.standings, strict=True) if case else ():
            if tracked.finding.id == name:
                yield (tracked.finding.account, tracked.finding.post_url), standing.state


def _tasks_for(person: Any, post: Post, view: View) -> list[Task]:
    return [
        task for task in tasks_of(person) if (post.account, post.url) in {place for place, _ in _places(task, view)}
    ]


def _month(wanted: str, days: list[date], view: View) -> date:
    """Return the first day of the month asked for, else of the newest that holds a post and is not still to come."""
    found = re.fullmatch(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", wanted, re.ASCII)
    if found:
        return date(int(found[1]), int(found[2]), 1)
    newest = max((day for day in days if day <= view.now.date()), default=view.now.date())
    return newest.replace(day=1)
