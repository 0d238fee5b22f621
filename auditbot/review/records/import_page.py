"""Rows and answers of the newest export that only a person can decide: whose they are, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from auditbot.errors import ImportRefused, RegisterError
from auditbot.registers.changes.accepted import register_lock
from auditbot.registers.mis.notes import LEAVE_OUT, NEW, Asked, Question
from auditbot.registers.mis.update import Prepared, newest_export, prepare, write
from auditbot.registers.people import Pupil
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import ServedWorkspace, View, served_workspace
from auditbot.review.site.rendering import page

MOST = 30
"""Questions on one page; the next ones follow when these are decided."""
WORDS = {"yes": "Yes", "no": "No", "not_recorded": "Not recorded", NEW: "A new pupil", LEAVE_OUT: "Leave it out"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be decided."""

    value: str
    """What is sent."""
    words: str
    """What it is called."""


@dataclass(frozen=True, slots=True)
class Asks:
    """One question as the page shows it."""

    question: Question
    """What is asked."""
    choices: tuple[Choice, ...]
    """What can be decided."""
    about_pupil: bool
    """Whether it asks whom a row is about: then any pupil of the register can be named."""


def imports(request: HttpRequest) -> HttpResponse:
    """Show what the newest export of the watched folder asks, and bring it in with what is decided."""
    here, view = served_workspace(), served_workspace().view()
    now, path = here.now(), _newest(here)
    problems: tuple[str, ...] = ()
    prepared: Prepared | None = None
    if path is not None:
        try:
            with register_lock(here.workspace.consent):  # what is recorded meanwhile waits, and is not lost
                prepared = _prepared(here, path, now, {})
                decided = _decided(request, prepared, view) if request.method == "POST" else {}
                if decided:
                    prepared = _prepared(here, path, now, decided)
                written = bool(decided) and not prepared.stops
                if written:
                    write(here.workspace, prepared, now)
            if written:
                here.forget()
                return HttpResponseRedirect(f"{reverse('imports')}?decided={len(decided)}")
        except (ImportRefused, RegisterError) as error:
            problems = tuple(line.strip().removeprefix("- ") for line in str(error).splitlines()[1:])
    asked = prepared.questions if prepared else ()
    saw(request, "rows of an import", {pupil for each in asked for pupil in each.about}, "")
    return page(
        request,
        "imports.html",
        400 if problems else 200,
        name=path.name if path else "",
        watched=bool(here.settings.consent.watch_folder),
        problems=problems,
        stops=[each.sentence for each in prepared.stops] if prepared else [],
        asked=[_shown(each, view) for each in asked[:MOST]],
        more=max(len(asked) - MOST, 0),
        pupils=sorted(view.declared.pupils.values(), key=lambda one: one.label),
        decided=request.GET.get("decided", ""),
    )


def _newest(here: ServedWorkspace) -> Path | None:
    folder = here.settings.consent.watch_folder
    try:
        return newest_export(here.workspace.folder / folder) if folder else None
    except OSError:
        return None  # the folder is away; the report says so


def _prepared(here: ServedWorkspace, path: Path, now: datetime, decided: Mapping[str, str]) -> Prepared:
    consent = here.settings.consent
    return prepare(here.workspace, path, now, consent.system or None, consent.headings, decided)


def _decided(request: HttpRequest, prepared: Prepared, view: View) -> dict[str, str]:
    """Return what was decided, by the key of the question; what is none of the choices is passed over."""
    decided = {}
    for each in prepared.questions:
        named = request.POST.get(f"pupil-{each.key}", "").split(" ")[0]
        said = named or request.POST.get(f"choice-{each.key}", "")
        if said in each.choices or (each.asks is Asked.WHO and said in view.declared.pupils):
            decided[each.key] = said
    return decided


def _shown(question: Question, view: View) -> Asks:
    pupils: Mapping[str, Pupil] = view.declared.pupils
    choices = tuple(Choice(value, _words(value, pupils, question.proposal)) for value in question.choices)
    return Asks(question, choices, question.asks is Asked.WHO)


def _words(value: str, pupils: Mapping[str, Pupil], proposal: str) -> str:
    found: Any = pupils.get(value)
    words = f"{found.label}, {found.class_name or 'no class'} ({value})" if found else WORDS.get(value, value)
    return f"{words} – likeliest" if value == proposal else words
