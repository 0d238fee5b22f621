"""Letters on paper: to a family about its child, and to whoever looks after an account that nobody is entered for."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from auditbot.decisions.decided import State
from auditbot.decisions.event import Action
from auditbot.model import Channel, PhotoEvidence
from auditbot.present.cards import cards
from auditbot.present.takedown import Letter, letters
from auditbot.present.wording import CHANNEL
from auditbot.privacy.access_log import record_view
from auditbot.registers.consent import Permission, permission_today
from auditbot.registers.people import Pupil
from auditbot.report.joined import joined
from auditbot.review.asking.requests import to_ask
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.papers.letters import KINDS, Kind, languages, written
from auditbot.review.site.rendering import page
from auditbot.sentences import _, day_of

MISSING = "…"
"""Stands where something is not known, to be filled in by hand."""


def to_family(request: HttpRequest, pupil_id: str, kind: str) -> HttpResponse:
    """Show a letter to a child's family, ready to be printed; the name is set in here and stored nowhere."""
    here, view = served_workspace(), served_workspace().view()
    person: Any = request.user
    known = next((one for one in KINDS if one == kind), None)
    pupil = view.declared.pupils.get(pupil_id)
    case = view.by_finding.get(request.GET.get("about", ""))
    if known is None or pupil is None or (case is not None and pupil_id not in case.first.finding.pupil_ids):
        raise Http404
    if (known == "came_down" and not _came_down(case, view)) or (known == "withdrawn" and not _withdrawn(pupil, view)):
        raise Http404  # a letter says what is on record: a family that refused at first has withdrawn nothing
    found = languages(here.workspace.config)
    code = request.GET.get("language", "en")
    if code not in found:
        raise Http404
    words = {"child": pupil.forename, "school": here.settings.school.name, "today": _day(view.now.date())}
    words |= (
        _of_case(case, view) if case is not None and known == "came_down" else _of_permission(pupil_id, known, view)
    )
    letter = written(code, found[code], known, words)
    record_view(here.workspace, person.handle, f"letter: {known}", pupil_id, case.id if case else "", here.now())
    return page(
        request,
        "letter.html",
        letter=letter,
        languages=[(name, language.language, name == code) for name, language in found.items()],
        about=case.id if case else "",
        pupil=pupil,
    )


def _came_down(case: Case | None, view: View) -> bool:
    """Whether a case is a photo that two visits found gone, and the same photo is up nowhere else that we know of."""
    if case is None or case.standing.state not in (State.PROVED, State.CLOSED):
        return False
    evidence = case.first.finding.evidence
    return isinstance(evidence, PhotoEvidence) and not any(
        tracked.finding.evidence.sha256 == evidence.sha256
        for one in view.cases
        if not one.facts[0].gone
        for tracked in one.tracked
        if isinstance(tracked.finding.evidence, PhotoEvidence)
    )


def letters_that_fit(pupil: Pupil, view: View) -> tuple[Kind, ...]:
    """Return the letters about permission that are true of a pupil by the register, besides one about a photo."""
    found: list[Kind] = []
    if _withdrawn(pupil, view):
        found.append("withdrawn")
    if any(_ends(pupil, permission) for permission in _today(pupil, view).values()):
        found.append("runs_out")
    return tuple(found)


def _today(pupil: Pupil, view: View) -> Mapping[Channel, Permission]:
    declared = view.declared
    used: list[Channel] = list(dict.fromkeys(account.channel for account in declared.accounts.values()))
    return {channel: permission_today(pupil, declared.history, channel, declared.today) for channel in used}


def _withdrawn(pupil: Pupil, view: View) -> Mapping[Channel, Permission]:
    """Return the channels for which a permission that was given once was taken back: a first no is no withdrawal."""

    def once_given(channel: Channel) -> bool:
        answers = view.declared.history.get((pupil.pupil_id, channel), ())
        return any(answer.answer for answer in answers)

    return {
        channel: now
        for channel, now in _today(pupil, view).items()
        if now.standing == "withdrawn" or (now.standing == "no" and not pupil.never_publish and once_given(channel))
    }


def _ends(pupil: Pupil, permission: Permission) -> date | None:
    return (permission.until or pupil.consent_expires_on) if permission.allowed else None


def _of_case(case: Case, view: View) -> Mapping[str, str]:
    finding = case.first.finding
    account = view.declared.accounts.get(finding.account)
    proved = [event.at for event in case.standing.history if event.action is Action.PROVED]
    return {
        "where": _("our %(lower)s", lower=CHANNEL[account.channel].lower()) if account else finding.account,
        "posted": _day(finding.posted_at) if finding.posted_at else MISSING,
        "found": _day(min(one.first_seen for one in case.tracked)),
        "gone": _day(proved[-1]) if proved else MISSING,
        "until": MISSING,
        "since": MISSING,
    }


def _of_permission(pupil_id: str, kind: Kind, view: View) -> Mapping[str, str]:
    pupil = view.declared.pupils[pupil_id]
    told = _today(pupil, view)
    taken = _withdrawn(pupil, view)
    meant = [channel for channel in told if (told[channel].allowed if kind == "runs_out" else channel in taken)]
    ends = [end for one in told.values() if (end := _ends(pupil, one))]
    since = [now.since for now in taken.values() if now.since]
    return {
        "where": ", ".join(CHANNEL[channel].lower() for channel in meant) or MISSING,
        "until": _day(min(ends)) if ends else MISSING,
        "since": _day(max(since)) if since else MISSING,
        "posted": MISSING,
        "found": MISSING,
        "gone": MISSING,
    }


def _day(at: date | datetime) -> str:
    return day_of(at)


def to_editors(request: HttpRequest) -> HttpResponse:
    """Show what is to be asked of each account's editor as one message each, to be copied and then marked as told.

    With ``again``, what was asked already and is still up, once more.
    """
    here, view = served_workspace(), served_workspace().view()
    asked: tuple[Letter, ...] = ()
    again = bool(request.GET.get("again"))
    listed: dict[str, list[str]] = {}
    for one in () if again else to_ask(view):
        listed.setdefault(one.account, []).extend(case.id for case in one.cases)
    if view.audit is not None:
        with here.store() as store:
            context = joined(here.workspace, here.settings, view.declared, store, view.audit, view.events, here.now())
        wanted = (lambda finding: context.decided(finding.id).state is State.ASKED) if again else None
        asked = letters(cards(view.audit, context), context, wanted)
    return page(
        request,
        "editor_letters.html",
        letters=[(letter, listed.get(letter.account, ()), secrets.token_hex(12)) for letter in asked],
        again=again,
    )
