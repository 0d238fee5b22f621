"""Concerns: what a person reported is entered here, stands among the findings after the next audit, and is closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from auditbot.decisions.event import Reason
from auditbot.errors import NoSuchFinding
from auditbot.model.found import finding_id
from auditbot.registers.changes.concerns import close_concern, enter_concern
from auditbot.registers.policy import CLAUSES, Concern
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.site.rendering import page
from auditbot.sentences import _, say

ABOUT = {
    "C11": say("A photo of a pupil"),
    "C12": say("A pupil’s surname"),
    "C5": say("Private details of somebody"),
    "C9": say("Private contact with a pupil"),
    "C10": say("Words about a pupil, a parent or the school"),
    "D1": say("A comment or photo by a visitor"),
    "D2": say("A complaint in public"),
    "D3": say("A threat or abuse"),
    "B6": say("How a member of staff writes in public"),
    "E2": say("Bullying or discrimination"),
}
"""What a concern can be about, by the clause that it touches, in words for people who do not know the clauses."""


class ConcernForm(forms.Form):
    """What somebody reported."""

    clause = forms.ChoiceField(label=say("What is it about?"), choices=[])
    address = forms.URLField(
        label=say("Where is it? Its address, if it has one"), required=False, assume_scheme="https"
    )
    account = forms.ChoiceField(label=say("On which of our accounts? Empty if it is somebody else’s"), required=False)
    quote = forms.CharField(
        label=say("The words, as they stand there"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    about_head = forms.BooleanField(
        label=say("It is about the Headteacher: only safeguarding leads are shown it"), required=False
    )
    reported_by = forms.CharField(label=say("Who reported it, by role: “A parent”. No name, please"), max_length=80)
    reported_on = forms.DateField(label=say("When"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, view: View, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.today = view.now.date()
        cited = [(clause, ABOUT.get(clause, f"Clause {clause}")) for clause in CLAUSES]
        clauses: Any = self.fields["clause"]
        accounts: Any = self.fields["account"]
        clauses.choices = cited
        accounts.choices = [("", _("Somebody else’s page")), *((name, name) for name in view.declared.accounts)]

    def clean_reported_on(self) -> Any:
        """A day to come is a slip of the hand."""
        day = self.cleaned_data["reported_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day


def concerns(request: HttpRequest) -> HttpResponse:
    """List concerns, to who follows them, and take a new one from anybody of these roles."""
    here, view, person = served_workspace(), served_workspace().view(), _person(request)
    form = ConcernForm(view, request.POST or None, initial={"reported_on": view.now.date().isoformat()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        enter_concern(
            here.workspace,
            view.now.date(),
            clause=said["clause"],
            by=said["reported_by"],
            reported_on=said["reported_on"],
            address=said["address"],
            account=said["account"],
            quote=said["quote"].replace("\r\n", "\n"),
            about_head=said["about_head"],
        )
        here.forget()
        return HttpResponseRedirect(reverse("concerns") + "?entered=1")
    follows = person.role in ("lead", "deputy", "head")
    known = [one for one in view.declared.casework.concern if follows and _may_read(person, one, view)]
    return page(
        request,
        "concerns.html",
        400 if form.errors else 200,
        form=form,
        open=[_shown(one, view) | {"may_close": _may_close(person, one)} for one in known if one.closed_on is None],
        closed=[_shown(one, view) for one in known if one.closed_on is not None][-20:],
        follows=follows,
        entered=request.GET.get("entered") == "1",
    )


OF_STAFF = frozenset(("B6", "C9"))
"""Clauses about how staff write to pupils and in public: such a concern is closed by a lead."""
PAST_THE_HEAD = frozenset((Reason.LADO, Reason.POLICE))
"""Whom a concern is taken to without the Headteacher."""


def _may_read(person: Any, concern: Concern, view: View) -> bool:
    """Whether this person follows a concern: a Headteacher none about the Headteacher, nor one taken past that desk."""
    if person.is_lead:
        return True
    case = view.by_finding.get(finding_id("concern", concern.id))
    taken = {event.draft.reason for event in case.standing.referred} if case else set()
    past = concern.clause in OF_STAFF and bool(taken & PAST_THE_HEAD) and Reason.HEADTEACHER not in taken
    return not concern.about_head and not past


def _may_close(person: Any, concern: Concern) -> bool:
    return bool(person.is_lead) or concern.clause not in OF_STAFF


def _shown(concern: Concern, view: View) -> dict[str, Any]:
    case = view.by_finding.get(finding_id("concern", concern.id))
    return {"concern": concern, "about": ABOUT.get(concern.clause, concern.clause), "case": case.id if case else ""}


def end_concern(request: HttpRequest, number: str) -> HttpResponse:
    """Close a concern with its outcome."""
    here, view, person = served_workspace(), served_workspace().view(), _person(request)
    found = next((one for one in view.declared.casework.concern if one.id == number), None)
    if found is None or not _may_read(person, found, view) or not _may_close(person, found):
        raise Http404
    outcome = " ".join(request.POST.get("outcome", "").split())[:500]
    if outcome:
        try:
            close_concern(here.workspace, number, outcome, here.now().date())
        except NoSuchFinding as error:
            raise Http404 from error
        here.forget()
    return HttpResponseRedirect(reverse("concerns"))


def _person(request: HttpRequest) -> Any:
    return request.user
