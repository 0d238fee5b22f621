"""People, cover and the log: who may sign in, who stands in for whom, who saw which name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from auditbot.privacy.access_log import lines_of, record_view
from auditbot.review.casebook.case_details import label_of
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.review.people.manage import HANDLE, add_person, is_only_lead, lock_person, start_afresh, unlock_person
from auditbot.review.people.models import LEADS, ROLES, SEES_CHILDREN, SLIP_HOURS, Cover, Person, new_slip
from auditbot.review.site.rendering import page
from auditbot.sentences import _, say

SHOWN_LINES = 200
LONGEST_COVER = timedelta(days=366)
"""A year written wrongly would have every mail go to the stand-in for ever."""
WRITTEN = {"lock": "locked", "unlock": "let in again", "end": "signed out everywhere", "slip": "new slip"}
"""What can be done to a person's way in, and how it stands in the log."""


class PersonForm(forms.Form):
    """A new person."""

    handle = forms.RegexField(
        f"^{HANDLE.pattern}$",
        label=say("Signs in as"),
        error_messages={"invalid": say("Small letters, digits, dots and hyphens, beginning with a letter.")},
    )
    called = forms.CharField(label=say("Shown as: a role or initials, not a whole name"), max_length=80)
    role = forms.ChoiceField(label=say("Role"), choices=ROLES)
    email = forms.EmailField(label=say("E-mail at the school"), required=False)
    accounts = forms.CharField(label=say("For an editor: names of the accounts, with commas between"), required=False)


class CoverForm(forms.Form):
    """Who stands in, from when to when."""

    first_day = forms.DateField(label=say("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=say("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))
    stand_in = forms.ModelChoiceField(label=say("Who stands in"), queryset=Person.objects.none(), empty_label=None)


def people(request: HttpRequest) -> HttpResponse:
    """List everybody who may sign in, and take a new person."""
    by: Any = request.user
    form = PersonForm(request.POST or None)
    role: Any = form.fields["role"]
    role.choices = [(name, words) for name, words in ROLES if _may_let_in(by, name)]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        whose, problem = add_person(said["handle"], said["called"], said["role"], said["email"], said["accounts"])
        if problem:
            form.add_error("handle", problem)
        elif whose is not None:
            _note(by, "person added", whose)
            return _slip(request, whose)
    everybody = Person.objects.order_by("locked", "role", "handle")
    return page(
        request,
        "people.html",
        400 if form.errors else 200,
        form=form,
        may_let_in={one.pk for one in everybody if _may_let_in(by, one.role)},
        everybody=everybody,
        leads=sum(one.role in LEADS and not one.locked for one in everybody),
        unlinked=_without_editor(),
    )


def _without_editor() -> list[str]:
    looked_after = {name for one in Person.objects.filter(role="editor", locked=False) for name in one.accounts}
    return [name for name in served_workspace().view().declared.accounts if name not in looked_after]


def _may_let_in(by: Any, role: str) -> bool:
    """Whether this person may give somebody of a role a way in: the technician to none that sees children by name."""
    return by.is_lead or role not in SEES_CHILDREN


def _note(by: Any, what: str, person: Person) -> None:
    """Write into the log who changed the way in of whom."""
    here = served_workspace()
    record_view(here.workspace, by.handle, f"{what}: {person.handle}, {person.role_name}", "", "", here.now())


def _slip(request: HttpRequest, person: Person) -> HttpResponse:
    """Show a new slip, to be printed; it is shown this once."""
    start_afresh(person)
    code = new_slip(person)
    address = request.build_absolute_uri(reverse("slip"))
    return page(request, "slip_print.html", person=person, code=code, address=address, hours=SLIP_HOURS)


def change_person(request: HttpRequest, number: int) -> HttpResponse:
    """Lock or let in a person again, end their sessions, or make a new slip for them."""
    person = Person.objects.filter(pk=number).first()
    what = request.POST.get("do")
    by: Any = request.user
    if person is None or what not in WRITTEN:
        raise Http404
    if what in ("slip", "unlock") and not _may_let_in(by, person.role):
        raise Http404
    if what == "lock":
        if is_only_lead(person):
            return page(
                request,
                "stopped.html",
                409,
                title=_("Nobody else could decide"),
                words=(_("This is the last safeguarding lead who can sign in. Add another one first.")),
            )
        lock_person(person)
    elif what == "unlock":
        unlock_person(person)
    elif what == "end":
        person.end_sessions()
    _note(by, WRITTEN[what], person)
    if what == "slip":
        return _slip(request, person)
    return HttpResponseRedirect(reverse("people"))


def end_mine(request: HttpRequest) -> HttpResponse:
    """Sign the person out on every device."""
    person: Any = request.user
    person.end_sessions()
    return HttpResponseRedirect(reverse("account_login"))


def cover(request: HttpRequest) -> HttpResponse:
    """Say who stands in for the person while they are away."""
    person: Any = request.user
    form = CoverForm(request.POST or None)
    others = Person.objects.filter(locked=False, role__in=("lead", "deputy", "head")).exclude(pk=person.pk)
    form.fields["stand_in"].queryset = others  # type: ignore[attr-defined]
    form.fields["stand_in"].label_from_instance = lambda one: f"{one.called} ({one.role_name})"  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        first, last = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
        if last < first:
            form.add_error("last_day", _("The last day lies before the first."))
        elif last > _today() + LONGEST_COVER:
            form.add_error("last_day", _("The last day lies more than a year ahead."))
        else:
            Cover.objects.create(absent=person, stand_in=form.cleaned_data["stand_in"], first_day=first, last_day=last)
            return HttpResponseRedirect(reverse("cover"))
    coming = Cover.objects.filter(last_day__gte=_today()).select_related("absent", "stand_in")
    return page(request, "cover.html", 400 if form.errors else 200, form=form, coming=coming, others=others)


def end_cover(request: HttpRequest, number: int) -> HttpResponse:
    """Remove an entry of one's own, or one by which one stands in."""
    person: Any = request.user
    found = Cover.objects.filter(Q(absent=person) | Q(stand_in=person), pk=number)
    if not found.exists():
        raise Http404
    found.delete()
    return HttpResponseRedirect(reverse("cover"))


def _today() -> date:
    return served_workspace().now().date()


def log(request: HttpRequest) -> HttpResponse:
    """Show who saw which name, newest first."""
    view = served_workspace().view()
    lines = list(reversed(lines_of(served_workspace().workspace)))[:SHOWN_LINES]
    shown = [
        {
            "at": line.get("at", ""),
            "user": line.get("user", ""),
            "what": line.get("command", ""),
            "whose": label_of(whose, view) if (whose := line.get("whose", "")) in view.declared.pupils else whose,
        }
        for line in lines
    ]
    return page(request, "log.html", lines=shown)
