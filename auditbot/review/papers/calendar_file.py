"""calendar.ics: terms, reviews and deadlines for the lead's own calendar. It names no pupil and no finding."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from icalendar import Calendar, Event

from auditbot.decisions.decided import State
from auditbot.registers.consent import permission_today
from auditbot.review.casebook.cases import decidable
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.people.models import Cover
from auditbot.sentences import _, _n

YEAR = timedelta(days=365)
STILL_THERE = (State.NEW, State.WAITING, State.TO_COME_DOWN, State.ASKED)


def calendar(request: HttpRequest) -> HttpResponse:
    """Send the calendar as a file."""
    here, view = served_workspace(), served_workspace().view()
    made = Calendar()
    made.add("prodid", "-//auditbot//review//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("Social media audit – %(name)s", name=here.settings.school.name))
    for first, last, words in _entries(view):
        event = Event()
        event.add("uid", hashlib.sha256(f"{first} {words}".encode()).hexdigest()[:32] + "@auditbot")
        event.add("dtstamp", view.now)
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))
        event.add("summary", words)
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    answer = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="social-media-audit.ics"'
    return answer


def _entries(view: View) -> Iterator[tuple[date, date, str]]:
    """Yield first day, last day and words of each entry."""
    today = view.now.date()
    for first, last in view.declared.school_days.terms:
        yield first, first, _("Term begins: the audit’s mails go out again")
        yield last, last, _("Term ends: who stands in?")
    for form in view.declared.risk_assessments.values():
        if form.review_on is not None:
            yield form.review_on, form.review_on, _("Review the risk assessment of %(name)s", name=form.name)
    for cover in Cover.objects.filter(last_day__gte=today).select_related("absent", "stand_in"):
        yield (
            cover.first_day,
            cover.last_day,
            _("%(called)s stands in for %(called2)s", called=cover.stand_in.called, called2=cover.absent.called),
        )
    due = Counter(
        max(facts.due, today)
        for case in view.cases
        if decidable(case) and not case.backlog and case.standing.state in STILL_THERE
        for facts in case.facts[:1]
        if facts.due is not None
    )
    for day, count in sorted(due.items()):
        yield day, day, _("Social media audit: %(count)s due", count=count)
    for day, count in sorted(_endings(view).items()):
        yield (
            day,
            day,
            _n(
                "Permission for photos ends for %(count)s pupil: ask again",
                "Permission for photos ends for %(count)s pupils: ask again",
                count,
            ),
        )


def _endings(view: View) -> Counter[date]:
    declared, found = view.declared, Counter[date]()
    channels = list(dict.fromkeys(account.channel for account in declared.accounts.values()))
    for pupil in declared.pupils.values():
        told = [permission_today(pupil, declared.history, channel, declared.today) for channel in channels]
        ends = [end for one in told if one.allowed and (end := one.until or pupil.consent_expires_on)]
        if ends and min(ends) <= declared.today + YEAR:
            found[min(ends)] += 1
    return found
