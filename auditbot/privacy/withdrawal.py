"""When the right to hold a person's face data ends, it leaves the disk at the next command of any kind.

Biometric consent withdrawn, an objection, leaving, a row taken out of the register, the impact assessment taken out of
the settings: template and learned templates, matches, findings that name the person because of their face, and the
reports that show such a finding all go. A record of the deletion remains. Photos kept as evidence stay for their own
time: they are whole pages' photos, as published, and tell nobody's name.

What was decided about photos says which face was whose: where one person's right ended it is forgotten too, and the
photo is decided anew as one of somebody nobody can name. Where matching as a whole is not allowed any more decisions
stay, as nobody's right changed and no audit could make them again; ``auditbot forget`` and their own time end them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.errors import AuditRunning, TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable
from auditbot.examine.faces.templates import (
    Template,
    load_templates,
    remove_templates,
    remove_unfinished_templates,
    save_templates,
)
from auditbot.registers.declared import Declared, Rights, read_declared, rights
from auditbot.registers.secrets import find_key
from auditbot.run import local_now, one_at_a_time
from auditbot.settings import Settings, Workspace, load_settings
from auditbot.store import Store

ABOUT_FACES = "C11"
"""The rule of decisions that rest on whose face it is."""


def honour_withdrawals(workspace: Workspace) -> None:
    """Erase all face data of people of whom none may be held today; cheap if there is nothing to erase.

    While another run holds the workspace nothing is done here: that run began by doing it. Raises what reading the
    settings and registers raises.
    """
    if not any(path.exists() for path in (_sealed(workspace), _database(workspace))):
        return
    settings = load_settings(workspace)
    with contextlib.suppress(AuditRunning), one_at_a_time(workspace):
        erase_without_right(workspace, settings, read_declared(workspace, local_now(settings).date()))


def erase_without_right(workspace: Workspace, settings: Settings, declared: Declared) -> None:
    """Erase all face data of people of whom none may be held. The workspace is held by the caller.

    A run that is killed on the way is taken up by the next: the database, which says whom it concerns, comes last.
    """
    allowed = rights(declared, matching_allowed=settings.faces.matching_allowed)
    sealed = _sealed(workspace)
    templates = _readable_templates(sealed)
    dropped = {template.pupil_id for template in templates} - allowed.may_hold
    if not dropped and not _database(workspace).exists():
        return
    with Store(_database(workspace)) as store:
        matched = store.erasure.people_with_matches() - allowed.may_hold
        if matched:
            from auditbot.report.stage import remove_reports_naming  # noqa: PLC0415  every command begins here

            remove_reports_naming(matched, workspace.reports, newest=store.audits.latest())
        if settings.faces.matching_allowed:
            _forget_decisions(workspace, dropped | matched)
        if dropped or not allowed.may_hold:
            _drop(sealed, [template for template in templates if template.pupil_id not in dropped])
        for person in sorted(dropped | matched):
            kinds = [kind for kind, people in (("face template", dropped), ("matches", matched)) if person in people]
            why = _why(person, settings, declared, allowed)
            store.erasure.forget(person, why, local_now(settings), what=" and ".join(kinds))
        if store.erasure.unfinished(about_people=True):
            from auditbot.report.stage import write_newest_again  # noqa: PLC0415  every command begins here

            write_newest_again(workspace, settings, declared, store)
        if store.erasure.unfinished():
            store.erasure.scrub()


def _forget_decisions(workspace: Workspace, people: Iterable[str]) -> None:
    """Forget what decisions about photos say of these people."""
    path = workspace.data / FILE_NAME
    if path.is_file() and (some := sorted(people)):
        with Ledger(path) as ledger:
            for person in some:
                ledger.forget(person, ABOUT_FACES)


def _sealed(workspace: Workspace) -> Path:
    return workspace.data / "templates.sealed"


def _database(workspace: Workspace) -> Path:
    return workspace.data / "auditbot.db"


def _readable_templates(sealed: Path) -> tuple[Template, ...]:
    """Return the templates; none if nobody can read them, as ``enrol`` and ``audit`` then say."""
    if not sealed.exists():
        return ()
    try:
        return load_templates(sealed, find_key())
    except (TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable):
        return ()


def _drop(sealed: Path, kept: Iterable[Template]) -> None:
    kept = list(kept)
    if kept:
        save_templates(sealed, kept, find_key())
        remove_unfinished_templates(sealed)
    else:
        remove_templates(sealed)


def _why(person: str, settings: Settings, declared: Declared, allowed: Rights) -> str:
    if not settings.faces.matching_allowed:
        return "face matching is not allowed"
    if any(member.staff_id == person for member in declared.staff):
        return "no biometric consent recorded"
    return allowed.why_not.get(person, "no longer in the registers")
