"""One child: permission then and now, what was found, and who looked; a data manager sees the permission alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from auditbot.check.permission import describe
from auditbot.model import Channel
from auditbot.present.wording import CHANNEL
from auditbot.privacy.access_log import accesses
from auditbot.registers.consent import ConsentAnswer, Permission, permission_today
from auditbot.registers.people import Pupil
from auditbot.review.casebook.case_details import case_details, class_teacher
from auditbot.review.casebook.cases import decidable
from auditbot.review.casebook.phrases import STANDS
from auditbot.review.casebook.seen import saw, what_was_seen
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.papers.letters_page import letters_that_fit
from auditbot.review.site.rendering import page
from auditbot.sentences import _, day_of

MOST_LOOKS = 50


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """What the register says of one channel."""

    channel: str
    """The channel, in words."""
    allowed: bool
    """Whether it permits today."""
    today: str
    """What holds today, in words."""
    answers: tuple[str, ...]
    """Every dated answer, newest first: what, by whom, how."""


def pupils(request: HttpRequest) -> HttpResponse:
    """List all pupils by class: nothing is searched by an address in which a name would stand."""
    view = served_workspace().view()
    classes: dict[str, list[Pupil]] = {}
    for pupil in sorted(view.declared.pupils.values(), key=lambda one: (one.class_name, one.label)):
        classes.setdefault(pupil.class_name or _("No class"), []).append(pupil)
    saw(request, "list of pupils", (), "")
    return page(request, "pupils.html", classes=classes)


def pupil(request: HttpRequest, pupil_id: str) -> HttpResponse:
    """Show one child."""
    here, view, person = served_workspace(), served_workspace().view(), _person(request)
    found = view.declared.pupils.get(pupil_id)
    if found is None:
        raise Http404
    saw(request, "pupil" if person.is_lead else "permission of a pupil", (pupil_id,), "")
    rate = here.settings.faces.false_name_rate
    cases = [case for case in view.cases if decidable(case) and pupil_id in case.first.finding.pupil_ids]
    return page(
        request,
        "pupil.html",
        pupil=found,
        teacher=class_teacher(found, view.declared.staff),
        channels=tuple(_channels(found, view, full=person.is_lead)),
        full=person.is_lead,
        cases=[(case_details(case, view, rate), STANDS[case.standing.state]) for case in cases]
        if person.is_lead
        else [],
        looks=_looks(pupil_id) if person.is_lead else [],
        letters=letters_that_fit(found, view) if person.is_lead else (),
    )


def _channels(found: Pupil, view: View, *, full: bool) -> Iterator[ChannelLine]:
    declared = view.declared
    used: list[Channel] = list(dict.fromkeys(account.channel for account in declared.accounts.values()))
    for channel in used:
        now = permission_today(found, declared.history, channel, declared.today)
        answers = declared.history.get((found.pupil_id, channel), ())
        yield ChannelLine(
            CHANNEL[channel],
            now.allowed,
            _today(found, now, answers, full=full),
            tuple(_told(one) for one in reversed(answers)),
        )


def _today(found: Pupil, now: Permission, answers: Sequence[ConsentAnswer], *, full: bool) -> str:
    """Return what holds today; for a lead also why a yes on record does not count."""
    if now.allowed:
        return _("Yes: %(why)s", why=describe(now))
    if full and found.never_publish:
        yes = bool(answers) and answers[-1].answer is True
        return (
            _("No, because the child is not to be published. The yes on the form does not count while that stands:")
            if yes
            else _("No, because the child is not to be published.")
        )
    return _("No: %(why)s", why=describe(now))


def _told(one: ConsentAnswer) -> str:
    answer = _("yes") if one.answer else _("no") if one.answer is False else _("no answer")
    by = f", {one.given_by[:1].lower()}{one.given_by[1:]}" if one.given_by else ""
    source = f" ({one.source})" if one.source else ""
    return f"{_day(one.effective_on)}: {answer}{by}{source}"


def _looks(pupil_id: str) -> list[tuple[str, str, str]]:
    lines = accesses(served_workspace().workspace, pupil_id)[-MOST_LOOKS:]
    return [
        (line.get("at", "")[:16].replace("T", " "), line.get("user", ""), what_was_seen(line.get("command", "")))
        for line in reversed(lines)
    ]


def _day(day: Any) -> str:
    value = day if not isinstance(day, datetime) else day.date()
    return day_of(value)


def _person(request: HttpRequest) -> Any:
    return request.user
