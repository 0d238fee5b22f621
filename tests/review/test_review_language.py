"""The page in a made-up language: no sentence of it is left in English, for any role."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from auditbot.review.casebook.case_details import labelled
from auditbot.settings import load_settings
from tests import made_up_language as made_up
from tests.review.conftest import PEOPLE, Site
from tests.review.test_roles import addresses

ROLES = ("lead", "head", "editor", "it", "governor")
NAMES = {"kbd", "PDF", "UTC", "SHA", "auditbot", "Bluesky", "Facebook", "LADO", "http", "localhost"}
"""What is called so in every language."""
NOT_PAGES = ("photo", "face", "portrait", "whole", "screenshot", "static", "calendar", "task_photo", "code", "letter")
"""What answers with a file, or with a letter in the languages of families."""


def of_the_school(site: Site) -> set[str]:
    """Return what the school, its registers and its pages say."""
    settings, view = load_settings(site.workspace), site.view()
    data = {text for people in PEOPLE for text in people}
    parts: list[Any] = [settings, *(getattr(view, field.name) for field in fields(view))]
    declared = view.declared
    parts += [dict(declared.pupils), list(declared.staff), dict(declared.accounts), dict(declared.history)]
    parts += [
        {name: vars(clause) if hasattr(clause, "__dict__") else clause for name, clause in declared.clauses.items()}
    ]
    for part in parts:
        data.update(made_up.strings(part))
    data |= {pupil.label for pupil in declared.pupils.values()} | {pupil.forename for pupil in declared.pupils.values()}
    data |= {f"{member.title} {member.surname}" for member in declared.staff}
    data |= {f"{member.title} {member.forename} {member.surname}" for member in declared.staff}
    data |= {labelled(str(tracked.finding.explanation), view) for case in view.cases for tracked in case.tracked}
    return data | NAMES


@pytest.mark.parametrize("role", ROLES)
def test_no_sentence_of_any_page_is_left_out(site: Site, role: str) -> None:
    asked, client, data = addresses(site), site.client(role), of_the_school(site)
    with made_up.spoken():
        left = {}
        for name, address in asked.items():
            answer = client.get(address)
            kind = answer.headers.get("Content-Type", "")
            if name in NOT_PAGES or answer.status_code != 200 or not kind.startswith("text/html"):
                continue
            if said := made_up.not_translated(answer.content.decode(), data):
                left[name] = said
    assert [f"{page}: {text}" for page, texts in left.items() for text in texts] == []
