"""Faces, on request: whom they resemble most, and one more photo of a child who was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from auditbot.decisions.event import Action
from auditbot.errors import AuditRunning
from auditbot.evidence.likeliest import LikeliestOfFace, likeliest, no_evidence
from auditbot.examine.faces.learn import Confirmed, FaceNotLearned, learn, offer_in_words, worth_learning
from auditbot.model import PhotoEvidence
from auditbot.review.casebook.case_details import class_teacher, label_of
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.visible_to import actor, case_for
from auditbot.review.deciding.pictures_page import newest_portrait, original_of
from auditbot.review.site.rendering import page, whole_number
from auditbot.run import one_at_a_time


@dataclass(frozen=True, slots=True)
class PupilListed:
    """One pupil in a list of the likeliest."""

    pupil_id: str
    """The id, for the address of the portrait."""
    label: str
    """Forename and initial."""
    class_line: str
    """Class and class teacher."""
    has_portrait: bool
    """Whether there is a portrait to compare with."""


def show_likeliest(request: HttpRequest, finding: str) -> HttpResponse:
    """Show whom each face of a case resembles most: no evidence, and shown nowhere else."""
    view = served_workspace().view()
    case = case_for(request.user, finding, view)
    if case is None:
        raise Http404
    faces = likeliest_of(case, view)
    listed = [(face.number, [_listed(one, view) for one in face.pupil_ids]) for face in faces]
    saw(request, "likeliest", {one for face in faces for one in face.pupil_ids}, case.id)
    evidence = case.first.finding.evidence
    return page(
        request,
        "likeliest.html",
        case=case,
        listed=listed,
        worth=no_evidence(faces),
        kept=isinstance(evidence, PhotoEvidence) and original_of(evidence) is not None,
    )


def likeliest_of(case: Case, view: View) -> tuple[LikeliestOfFace, ...]:
    """Return whom each numbered face of a case resembles most."""
    evidence = case.first.finding.evidence
    if not isinstance(evidence, PhotoEvidence):
        return ()
    with served_workspace().store() as store:
        return likeliest(case.first.finding, store.examined.photo(evidence.sha256), view.declared)


def _listed(pupil_id: str, view: View) -> PupilListed:
    pupil = view.declared.pupils[pupil_id]
    teacher = class_teacher(pupil, view.declared.staff)
    class_line = " · ".join(part for part in (pupil.class_name, teacher) if part)
    return PupilListed(pupil_id, label_of(pupil_id, view), class_line, newest_portrait(pupil_id, view) is not None)


@dataclass(frozen=True, slots=True)
class Offer:
    """A face that was just confirmed and may be learned."""

    finding: str
    """Id of its finding, for the address."""
    words: str
    """Why it helps, in a sentence."""
    who: str
    """Whose face it was said to be: forename and initial."""


def offer_to_learn(view: View, batch: str) -> Offer | None:
    """Return the face that the step named confirmed, if it is worth learning; None otherwise."""
    step = next((event for event in reversed(view.events) if event.batch == whole_number(batch)), None)
    case = view.by_finding.get(step.draft.finding) if step and step.action is Action.DOWN else None
    if case is None:
        return None
    here = served_workspace()
    with here.store() as store:
        offered = worth_learning(case.first.finding, here.workspace, here.settings, view.declared, store)
    return Offer(case.id, offer_in_words(offered[1]), label_of(offered[0], view)) if offered else None


def learn_face(request: HttpRequest, finding: str) -> HttpResponse:
    """Keep a confirmed face as one more photo of its pupil, and go back to deciding."""
    here, view = served_workspace(), served_workspace().view()
    case = case_for(request.user, finding, view)
    if case is None:
        raise Http404
    person: Any = request.user
    said = Confirmed(case.id, "", 0, actor(person))
    told = "learned"
    try:
        with one_at_a_time(here.workspace), here.store() as store:
            pupil = learn(here.workspace, here.settings, view.declared, store, said)
        saw(request, "face learned", (pupil,), case.id)
    except AuditRunning:
        told = "busy"
    except FaceNotLearned:
        told = "not_learned"
    return HttpResponseRedirect(f"{reverse('start')}?{urlencode({'said': told})}")
