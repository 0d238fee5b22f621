"""Registers: what the school declares, read in one place; approving an account, and the form of one's own account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from auditbot.check.records.record_findings import roles_of
from auditbot.present.wording import CHANNEL, heading
from auditbot.registers.accounts import Account
from auditbot.registers.changes.account_entries import change_account
from auditbot.registers.policy_checks import CheckName
from auditbot.review.casebook.cases import of_records
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.site.rendering import page
from auditbot.sentences import Sentence, _, day_of, say

WHOLE = ("lead", "deputy", "data")
"""Roles that read every register."""


@dataclass(frozen=True, slots=True)
class Register:
    """One register, as a table."""

    name: str
    """Its part of the address."""
    title: Sentence
    """What it is called."""
    columns: tuple[str, ...]
    """The headings."""
    rows: tuple[tuple[str, ...], ...]
    """The cells, line by line."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a register lacks."""

    what: str
    """What, in a few words."""
    account: str
    """Of which account; empty if of none."""


class OwnAccountForm(forms.Form):
    """What whoever looks after an account declares of it."""

    purpose = forms.CharField(label=say("What it is for"), max_length=300, required=False)
    password_changed_on = forms.DateField(
        label=say("When its password was last changed. Never write a password here"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    password_meets_rule = forms.BooleanField(label=say("The password meets the policy’s rule"), required=False)

    def clean_password_changed_on(self) -> Any:
        """A day to come is a slip of the hand."""
        day = self.cleaned_data["password_changed_on"]
        if day and day > served_workspace().now().date():
            raise forms.ValidationError(_("This day is still to come."))
        return day


def registers(request: HttpRequest) -> HttpResponse:
    """List the registers that this role reads, the accounts, and what is missing in them."""
    person: Any = request.user
    view = served_workspace().view()
    own = _accounts(person, view)
    return page(
        request,
        "registers.html",
        accounts=[(account, CHANNEL[account.channel], _approved(account)) for account in own],
        others=list(_registers(view)) if person.role in WHOLE else [],
        gaps=gaps(view) if person.role in (*WHOLE, "head") else [],
        notes=[str(note) for note in view.declared.notes] if person.role in WHOLE else [],
    )


def register(request: HttpRequest, name: str) -> HttpResponse:
    """Show one register as a table."""
    found = next((one for one in _registers(served_workspace().view()) if one.name == name), None)
    if found is None:
        raise Http404
    saw(request, "register", (), "")
    return page(request, "register.html", register=found)


def account(request: HttpRequest, account: str) -> HttpResponse:
    """Show one account; the Headteacher approves it, whoever looks after it declares what the policy asks for."""
    person: Any = request.user
    here, view = served_workspace(), served_workspace().view()
    found = next((one for one in _accounts(person, view) if one.name == account), None)
    if found is None:
        raise Http404
    form = None if person.role == "head" else OwnAccountForm(request.POST or None, initial=vars(found))
    if request.method == "POST":
        today = view.now.date()
        if form is None:
            change_account(
                here.workspace,
                account,
                {"approved_by": roles_of(view.declared, CheckName.SERVICE_APPROVED)[0], "approved_on": today},
            )
        elif form.is_valid():
            given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
            change_account(here.workspace, account, given)
        if form is None or form.is_valid():
            saw(request, "account changed", (), "")
            here.forget()
            return HttpResponseRedirect(reverse("account", args=[account]) + "?done=1")
    return page(
        request,
        "account.html",
        400 if form is not None and form.errors else 200,
        account=found,
        lines=list(_lines(found)),
        form=form,
        gaps=[gap for gap in gaps(view) if gap.account == account],
        done=request.GET.get("done") == "1",
        approved=bool(found.approved_by and found.approved_on),
    )


def gaps(view: View) -> list[Gap]:
    """Return what the newest audit found missing in the registers, as no finding about a post: no pupil, no words."""
    told = (
        Gap(heading(case.first.finding), case.first.finding.account)
        for case in view.cases
        if of_records(case) and not case.facts[0].gone and not case.first.finding.pupil_ids
    )
    return list(dict.fromkeys(told))


def _accounts(person: Any, view: View) -> list[Account]:
    return [one for one in view.declared.accounts.values() if person.role != "editor" or one.name in person.accounts]


def _approved(one: Account) -> str:
    if one.approved_by and one.approved_on:
        return _("Approved by %(who)s, %(day)s", who=one.approved_by, day=one.approved_on)
    return _("No approval on record")


def _lines(one: Account) -> Iterator[tuple[str, str]]:
    """Yield what the register says of an account: term and words."""
    rule = {True: _("Declared as kept"), False: _("Declared as not kept"), None: ""}[one.password_meets_rule]
    changed = day_of(one.password_changed_on) if one.password_changed_on else ""
    for term, words in (
        (_("Address"), one.url),
        (_("Channel"), str(CHANNEL[one.channel])),
        (_("What it is for"), one.purpose),
        (_("Year groups"), ", ".join(one.year_groups)),
        (_("Looked after by"), one.owner),
        (_("Administrator’s e-mail"), one.administrator_email),
        (_("Approval"), _approved(one)),
        (_("Risk assessment"), one.risk_assessment),
        (_("Password last changed"), changed),
        (_("Rule for passwords"), rule),
    ):
        yield term, words or _("Not on record")


def _registers(view: View) -> Iterator[Register]:
    declared, said = view.declared, view.declared.declarations
    yield Register(
        "declarations",
        say("Declarations"),
        (_("Who declares"), _("Clauses"), _("When"), _("Until")),
        tuple(
            (one.role, ", ".join(one.clauses), day_of(one.declared_on), day_of(one.lapses_on))
            for one in said.attestation
        ),
    )
    yield Register(
        "documents",
        say("Documents on file"),
        (_("Document"), _("Clause"), _("Approved"), _("Review")),
        tuple((one.title, one.clause, day_of(one.approved_on), day_of(one.review_on)) for one in said.document),
    )
    yield Register(
        "risk-assessments",
        say("Risk assessments"),
        (_("Service"), _("What it is used for"), _("Authorised"), _("Review")),
        tuple(
            (
                one.name,
                one.purpose,
                " ".join(part for part in (one.authorised_by, day_of(one.date) if one.date else "") if part),
                day_of(one.review_on) if one.review_on else "",
            )
            for one in declared.risk_assessments.values()
        ),
    )
    yield Register(
        "allowed-words",
        say("Allowed words"),
        (_("Words"), _("Why"), _("Until"), _("Clause")),
        tuple((one.text, one.reason, day_of(one.until), one.clause or _("Every clause")) for one in declared.allowed),
    )
    yield Register(
        "staff",
        say("Staff"),
        (_("Name"), _("Role")),
        tuple((f"{one.title} {one.forename} {one.surname}".strip(), one.role) for one in declared.staff),
    )
