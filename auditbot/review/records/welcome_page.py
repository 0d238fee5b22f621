"""First steps: six for the technician, three for the lead, each with whether it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.people.models import LEADS, Cover, Letter, Person
from auditbot.review.site.rendering import page
from auditbot.sentences import _


@dataclass(frozen=True, slots=True)
class Step:
    """One step."""

    words: str
    """What is to be done."""
    done: bool
    """Whether it is."""
    how: str
    """How, or what follows from it."""
    address: str = ""
    """The page on which it is done; empty if it is done elsewhere."""


def welcome(request: HttpRequest) -> HttpResponse:
    """Show the steps of this role, and those of the technician to leads as well."""
    view, person = served_workspace().view(), _person(request)
    mine = tuple(_of_lead(view, person)) if person.is_lead else ()
    technical = tuple(
        step if person.role == "it" or step.address else replace(step, how="") for step in _of_technician(view)
    )
    return page(request, "welcome.html", mine=mine, technical=technical)


def _of_lead(view: View, person: Any) -> Iterator[Step]:
    decided = any(event.draft.actor == person.handle for event in view.events)
    yield Step(
        _("Decide one case"),
        decided,
        _("Everything can be taken back with one key. The legend below each case says what the keys do."),
        "/decide",
    )
    yield Step(
        _("Say who stands in for you"),
        Cover.objects.filter(absent=person).exists(),
        _("From the first day away, mails and what waits go to that person."),
        "/cover",
    )
    yield Step(
        _("Know when the mail comes"),
        Letter.objects.filter(person=person).exclude(sent_at=None).exists(),
        _(
            "At 08:00 on school days if something is new, overdue or was not reached; on Mondays always. It "
            "holds numbers and a link, never a name."
        ),
    )


def _of_technician(view: View) -> Iterator[Step]:
    settings, declared = served_workspace().settings, view.declared
    yield Step(
        _("The list of pupils is read"), bool(declared.pupils), _("Export it from the record system: docs/setup.")
    )
    yield Step(_("Accounts are entered"), bool(declared.accounts), _("In config/accounts.toml."))
    yield Step(
        _("The impact assessment is recorded"),
        settings.faces.matching_allowed,
        _("Until then faces are counted and compared with nobody: [faces] in config/auditbot.toml."),
    )
    yield Step(_("An audit has run to its end"), view.visited is not None, _("auditbot audit, then auditbot schedule."))
    yield Step(_("Mail goes out"), bool(settings.mail.server), _("[mail] in config/auditbot.toml."))
    yield Step(
        _("Two people can decide"),
        Person.objects.filter(role__in=LEADS, locked=False).count() > 1,
        _("For the days when one of them is away."),
        "/people",
    )


def _person(request: HttpRequest) -> Any:
    return request.user
