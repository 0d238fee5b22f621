"""What the register says of permission, in words: today, on the day of the post, and who said so."""

from __future__ import annotations

from auditbot.registers.consent import ConsentAnswer, Permission, Standing
from auditbot.sentences import Sentence, _, say

_TODAY: dict[Standing, tuple[Sentence, Sentence]] = {
    "yes": (say("%(What)s holds"), say("%(What)s holds")),
    "no": (say("The parents said no"), say("The parents said no on %(since)s")),
    "not_recorded": (
        say("We have no answer from the parents, so this counts as no %(what)s"),
        say("We have no answer from the parents, so this counts as no %(what)s"),
    ),
    "withdrawn": (say("%(What)s was withdrawn"), say("%(What)s was withdrawn on %(since)s")),
    "disagreement": (
        say("One of the parents said no, so this counts as no %(what)s"),
        say("One of the parents said no on %(since)s, so this counts as no %(what)s"),
    ),
    "expired": (say("%(What)s ran out"), say("%(What)s ran out on %(since)s")),
    "not_yet": (say("No %(what)s yet"), say("No %(what)s was given before %(since)s")),
    "unknown": (say("Whether there is %(what)s is not known"), say("Whether there is %(what)s is not known")),
}
"""What holds today, without and with the day since when."""
_THEN: dict[Standing, tuple[Sentence, Sentence]] = {
    "yes": (
        say("On the day it was posted, %(what)s held"),
        say("On the day it was posted, %(what)s held (since %(since)s)"),
    ),
    "no": (
        say("On the day it was posted, the answer was no"),
        say("On the day it was posted, the answer was no (since %(since)s)"),
    ),
    "not_recorded": (
        say("On the day it was posted, there was no answer"),
        say("On the day it was posted, there was no answer"),
    ),
    "withdrawn": (
        say("On the day it was posted, %(what)s had been withdrawn"),
        say("On the day it was posted, %(what)s had been withdrawn (since %(since)s)"),
    ),
    "disagreement": (
        say("On the day it was posted, one of the parents had said no"),
        say("On the day it was posted, one of the parents had said no (since %(since)s)"),
    ),
    "expired": (
        say("On the day it was posted, %(what)s had run out"),
        say("On the day it was posted, %(what)s had run out (since %(since)s)"),
    ),
    "not_yet": (
        say("On the day it was posted, there was no %(what)s yet"),
        say("On the day it was posted, there was no %(what)s yet"),
    ),
    "unknown": (
        say("What held on the day it was posted is not known"),
        say("What held on the day it was posted is not known"),
    ),
}
"""What held on the day of the post, without and with the day since when."""


def permission_today(permission: Permission, what: str = "") -> str:
    """Return what holds today, in a sentence without its full stop; ``what`` names the permission."""
    return _standing(_TODAY, permission, what)


def permission_then(permission: Permission | None, what: str = "") -> str:
    """Return what held on the day of the post, in a sentence without its full stop; empty if that day is not known."""
    return _standing(_THEN, permission, what) if permission else ""


def _standing(words: dict[Standing, tuple[Sentence, Sentence]], permission: Permission, what: str) -> str:
    what, since = what or _("permission"), permission.since
    without, with_day = words[permission.standing]
    if since is None:
        return _(without.message, what=what, What=what.capitalize())
    return _(with_day.message, what=what, What=what.capitalize(), since=since)


def who_said_so(answer: ConsentAnswer | None) -> str:
    """Return who gave the newest answer, how it came and when it was entered; empty if nobody is on record."""
    if answer is None:
        return ""
    parts = [answer.given_by, answer.source, _("from %(day)s", day=answer.effective_on)]
    return ", ".join(part for part in parts if part)
