"""What follows if a pupil is in a post: permission on the day it was published, against permission today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from auditbot.model import Band, Channel, Post, Severity
from auditbot.registers.consent import Permission, Standing, permission_on, permission_today
from auditbot.registers.declared import Declared
from auditbot.registers.groups import Groups
from auditbot.registers.people import STAFF_PREFIX
from auditbot.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding's kind, band and reason, if that pupil is in the post."""

    kind: str
    """never_publish, no_permission, withdrawn_since, lapsed_since, given_later, or unknown_faces for an unknown id."""
    severity: Severity
    """How soon it needs somebody."""
    band: Band
    """breach or review."""
    reason: Sentence
    """One calm sentence."""


STRICTEST_FIRST = ("never_publish", "no_permission", "withdrawn_since", "lapsed_since", "given_later")
"""Kinds of verdict about a pupil of the register."""


def verdict(post: Post, person_id: str, declared: Declared, of_film: bool = False) -> Verdict | None:
    """Return what follows if this person is in this post, or None if permission holds (or it is a member of staff).

    ``of_film`` says that it is a film that shows them: permission for the account's channel and permission for video
    are both needed, and the stricter verdict counts. An id that is neither staff's nor in the register, of a pupil
    taken out since, leaves a face nobody can name.
    """
    pupil = declared.pupils.get(person_id)
    if pupil is None and person_id.startswith(STAFF_PREFIX):
        return None
    if pupil is None:
        return Verdict("unknown_faces", "week", "review", say("Whom it resembles is no longer in the register."))
    if pupil.never_publish:
        return Verdict("never_publish", "today", "breach", say("This pupil is never to be published on any channel."))
    judged = []
    for channel in channels(post, declared, of_film):
        then, now = permissions(post, person_id, declared, channel)
        other = "" if channel == declared.accounts[post.account].channel else channel
        found = _permitted_today(then, other) if now.allowed else _not_permitted_today(then, now, other)
        judged += [found] if found else []
    return min(judged, key=lambda one: STRICTEST_FIRST.index(one.kind), default=None)


def channels(post: Post, declared: Declared, of_film: bool = False) -> tuple[Channel, ...]:
    """Return the channels for which permission is needed: the account's own, and video for a film."""
    own = declared.accounts[post.account].channel
    return (own, "video") if of_film and own != "video" else (own,)


def _permitted_today(then: Permission | None, other: str) -> Verdict | None:
    """Judge what may be shown today; ``other`` is the channel, if it is another than the account's own."""
    if then is None or then.standing in ("yes", "unknown"):
        return None
    if then.standing == "expired":
        # A leaver's last answer stands for what was posted while it held, and for nothing posted after its end.
        answer = describe(then)
        reason = (
            say("No permission for %(other)s held when it was posted: it had %(answer)s.", other=other, answer=answer)
            if other
            else say("No permission held when it was posted: it had %(answer)s.", answer=answer)
        )
        return Verdict("no_permission", "today", "breach", reason)
    reason = (
        say("Permission for %(other)s holds today but was not recorded when it was posted.", other=other)
        if other
        else say("Permission holds today but was not recorded when it was posted.")
    )
    return Verdict("given_later", "governance", "review", reason)


def _not_permitted_today(then: Permission | None, now: Permission, other: str) -> Verdict:
    answer = describe(now)
    if then is None or not then.allowed:
        reason = (
            say("No permission for %(other)s holds: today the answer is %(answer)s.", other=other, answer=answer)
            if other
            else say("No permission holds: today the answer is %(answer)s.", answer=answer)
        )
        return Verdict("no_permission", "today", "breach", reason)
    if now.standing in ("withdrawn", "no", "disagreement"):
        reason = (
            say("It was permitted when posted; permission for %(other)s is %(answer)s.", other=other, answer=answer)
            if other
            else say("It was permitted when posted; permission is %(answer)s.", answer=answer)
        )
        return Verdict("withdrawn_since", "today", "breach", reason)
    reason = (
        say("It was permitted when posted; today the answer for %(other)s is %(answer)s.", other=other, answer=answer)
        if other
        else say("It was permitted when posted; today the answer is %(answer)s.", answer=answer)
    )
    return Verdict("lapsed_since", "week", "review", reason)


def permissions(
    post: Post, pupil_id: str, declared: Declared, channel: Channel | None = None
) -> tuple[Permission | None, Permission]:
    """Return permission on the day of the post (None if that day is not known) and permission today.

    It is permission for ``channel``, or, without one, for the account's own.
    """
    pupil, channel = declared.pupils[pupil_id], channel or declared.accounts[post.account].channel
    then = None
    if post.published_at:
        then = permission_on(pupil, declared.history, channel, post.published_at.date())
    return then, permission_today(pupil, declared.history, channel, declared.today)


class Lacking:
    """What follows if pupils are in posts, worked out once for each day and choice of channels: and who may not be."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        """The registers that are asked."""
        self._verdicts: dict[tuple[str, tuple[Channel, ...], str, date | None], Verdict | None] = {}
        self._groups = Groups(declared.pupils.values(), declared.today)
        self._known: dict[tuple[tuple[Channel, ...], date | None], frozenset[str]] = {}
        self._named: tuple[Post | None, frozenset[str]] = (None, frozenset())

    def verdict(self, post: Post, person_id: str, of_film: bool = False) -> Verdict | None:
        """Return what :func:`verdict` returns."""
        about = (person_id, channels(post, self.declared, of_film), post.account, _day(post))
        if about not in self._verdicts:
            self._verdicts[about] = verdict(post, person_id, self.declared, of_film)
        return self._verdicts[about]

    @property
    def on_register(self) -> int:
        """How many pupils the register holds."""
        return len(self.declared.pupils)

    def pupils(self, post: Post, of_film: bool = False) -> frozenset[str]:
        """Return the ids of those whom the post may not show today, by the day it was published and its channels."""
        about = channels(post, self.declared, of_film), _day(post)
        if about not in self._known:
            judged = ((one, verdict(post, one, self.declared, of_film)) for one in self.declared.pupils)
            self._known[about] = frozenset(one for one, found in judged if found and found.kind != "given_later")
        return self._known[about]

    def named_in(self, post: Post) -> frozenset[str]:
        """Return the ids of the pupils of the classes and year groups that the post names."""
        if self._named[0] is not post:
            self._named = (post, self._groups.named_in(post, events=self.declared.declarations.event_approval))
        return self._named[1]


def _day(post: Post) -> date | None:
    return post.published_at.date() if post.published_at else None


_STANDING: Mapping[Standing, Sentence] = {
    "yes": say("given"),
    "no": say("refused"),
    "not_recorded": say("not recorded"),
    "withdrawn": say("withdrawn"),
    "disagreement": say("refused by one of the parents"),
    "expired": say("expired"),
    "not_yet": say("not given yet"),
    "unknown": say("not known"),
}


def describe(permission: Permission) -> Sentence:
    """Return the standing in words, with its day where one is known."""
    since = permission.since
    if permission.standing == "not_yet" and since:
        return say("not given before %(day)s", day=since)
    words = _STANDING[permission.standing]
    return say("%(standing)s (%(day)s)", standing=words, day=since) if since else words
