"""Changing the key: everything that is sealed in a workspace is sealed anew, and can be read at every moment of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import MultiFernet

from auditbot.decisions.ledger import FILE_NAME as DECISIONS
from auditbot.decisions.ledger import Ledger
from auditbot.errors import AuditbotError
from auditbot.examine.faces.templates import FILE_NAME as TEMPLATES
from auditbot.examine.faces.templates import load_templates, save_templates
from auditbot.registers.secrets import begin_new_key, drop_old_keys, newest_key
from auditbot.run import one_at_a_time
from auditbot.sentences import say_n
from auditbot.settings import Workspace


class NotAllSealedAnew(AuditbotError):
    """After a change of keys something still needs the old one."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "The old key stays beside the new one: %(what)s could not be opened by either. Bring it back from "
            "a backup or remove it, and run auditbot key rotate again.",
            what=what,
        )


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of keys did."""

    templates: int
    """How many face templates were sealed anew."""
    codes: int
    """How many secrets of one-time codes were sealed anew."""


def rotate(workspace: Workspace, seal_codes: Callable[[], int]) -> Rotated:
    """Put a new key in front of the old one and seal everything in this workspace with it.

    The old one stays behind it, for this user's other workspaces, until ``let_go`` of it.

    ``seal_codes`` seals what the page keeps. Killed at any moment, it is to be run again, and goes on with the key that
    it had begun with. Raises NotAllSealedAnew, DecisionsDamaged, AuditRunning and what the keys raise.
    """
    both = begin_new_key()
    with one_at_a_time(workspace):
        templates = _templates(workspace, both)
        _notes(workspace, both)
        codes = seal_codes()
    return Rotated(templates, codes)


def let_go(workspace: Workspace, seal_codes: Callable[[], int]) -> bool:
    """Seal whatever is not sealed with the newest key yet, and keep that key alone.

    False if the keys stand in the environment, where a person has to take the old one out. Raises what ``rotate`` does.
    """
    rotate(workspace, seal_codes)
    return drop_old_keys()


def _templates(workspace: Workspace, both: MultiFernet) -> int:
    path = workspace.data / TEMPLATES
    if not path.is_file():
        return 0
    save_templates(path, load_templates(path, both), both)
    return len(load_templates(path, newest_key()))


def _notes(workspace: Workspace, both: MultiFernet) -> None:
    path = workspace.data / DECISIONS
    if not path.is_file():
        return
    with Ledger(path) as ledger:
        if lost := ledger.seal_anew(both):
            raise NotAllSealedAnew(
                say_n(
                    "%(count)s note on decisions in %(path)s",
                    "%(count)s notes on decisions in %(path)s",
                    lost,
                    path=path,
                )
            )
