"""One decision as an event: who, when, about what, why, and what was on the screen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FIRST_CHAIN = "0" * 64
"""What stands in the place of an earlier hash for the first event."""


class Action(StrEnum):
    """What was done."""

    DOWN = "down"
    """It is so: it is to come down."""
    NOT_SO = "not_so"
    """It is not this child, not a pupil's surname, or harmless: it stays up."""
    NO_PUPIL = "no_pupil"
    """The face is an adult's, a visitor's or a child's of another school: it stays up."""
    PERMITTED = "permitted"
    """Permission exists; it was written to the register too."""
    WAIT = "wait"
    """Decided later; the deadline goes on counting."""
    REFER = "refer"
    """Taken to somebody else."""
    SECOND = "second"
    """A second person agrees that it stays up."""
    SECOND_NO = "second_no"
    """A second person does not agree: it comes down."""
    ASK = "ask"
    """Somebody was asked to take it down."""
    DONE = "done"
    """Who was asked says that it is done."""
    CANNOT = "cannot"
    """Who was asked says that it cannot be done."""
    SEEN_GONE = "seen_gone"
    """A visit found it gone once."""
    PROVED = "proved"
    """A second visit found it gone too."""
    CLOSE = "close"
    """The case is closed."""
    TICK = "tick"
    """A step that no program can take was taken: a search engine was asked, somebody was told."""
    UNDO = "undo"
    """An earlier step is taken back."""


class Reason(StrEnum):
    """Why, or to whom: a code, whose words are made where it is shown."""

    NONE = ""
    ANOTHER_PERMITTED = "another_permitted"
    NOT_THIS_CHILD = "not_this_child"
    NOT_RECOGNISABLE = "not_recognisable"
    NOT_A_NAME = "not_a_name"
    ANOTHERS_NAME = "anothers_name"
    OUR_OWN = "our_own"
    AGREED = "agreed"
    HARMLESS = "harmless"
    STAFF = "staff"
    FAMILY = "family"
    VISITOR = "visitor"
    OTHER_SCHOOL = "other_school"
    FORM_UPLOADED = "form_uploaded"
    SEEN_ON_PAPER = "seen_on_paper"
    UNTIL_THREE = "until_three"
    UNTIL_TOMORROW = "until_tomorrow"
    UNTIL_DAY = "until_day"
    OFFICE_ANSWERS = "office_answers"
    HEADTEACHER = "headteacher"
    LADO = "lado"
    DATA_PROTECTION = "data_protection"
    POLICE = "police"
    NAMED_IN_POLICY = "named_in_policy"
    PHOTO = "photo"
    POST = "post"
    WORDS = "words"
    COMMENT = "comment"
    DOCUMENT = "document"
    ADDRESS = "address"
    SEARCH_ENGINES = "search_engines"
    COPIES = "copies"
    FAMILY_TOLD = "family_told"
    OTHER = "other"


LEAVES_UP = (Action.NOT_SO, Action.NO_PUPIL, Action.PERMITTED)
"""Decisions after which something stays published: each needs a reason, and for a protected child a second person."""

REASONS: Mapping[Action, tuple[Reason, ...]] = {
    Action.DOWN: (Reason.NONE,),
    Action.NOT_SO: (
        Reason.ANOTHER_PERMITTED,
        Reason.NOT_THIS_CHILD,
        Reason.NOT_RECOGNISABLE,
        Reason.NOT_A_NAME,
        Reason.ANOTHERS_NAME,
        Reason.OUR_OWN,
        Reason.AGREED,
        Reason.HARMLESS,
        Reason.OTHER,
    ),
    Action.NO_PUPIL: (Reason.STAFF, Reason.FAMILY, Reason.VISITOR, Reason.OTHER_SCHOOL),
    Action.PERMITTED: (Reason.FORM_UPLOADED, Reason.SEEN_ON_PAPER),
    Action.WAIT: (Reason.UNTIL_THREE, Reason.UNTIL_TOMORROW, Reason.UNTIL_DAY, Reason.OFFICE_ANSWERS),
    Action.REFER: (Reason.HEADTEACHER, Reason.LADO, Reason.DATA_PROTECTION, Reason.POLICE, Reason.NAMED_IN_POLICY),
    Action.ASK: (
        Reason.PHOTO,
        Reason.POST,
        Reason.WORDS,
        Reason.COMMENT,
        Reason.DOCUMENT,
        Reason.ADDRESS,
        Reason.OTHER,
    ),
    Action.TICK: (Reason.SEARCH_ENGINES, Reason.COPIES, Reason.FAMILY_TOLD),
}
"""The reasons that each action may have, in the order of their digits; an action that is not named has none."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it is written."""

    actor: str
    """Who: a role on the command line, a person of the page."""
    action: Action
    """What was done."""
    finding: str = ""
    """Id of the finding it was done at."""
    post: str = ""
    """Fingerprint of the post, as :func:`auditbot.decisions.subject.post_key` gives it."""
    subject: str = ""
    """What it is about, wherever that stands: ``photo:sha256#box``, ``photo:sha256`` or ``text:account|field|hash``."""
    rule: str = ""
    """The clause, for example "C11"."""
    pupil_ids: tuple[str, ...] = ()
    """Whom it is about, sorted; empty if it is about nobody in particular."""
    reason: Reason = Reason.NONE
    """Why, or to whom."""
    when: datetime | None = None
    """The moment it speaks of, with a zone: until when it holds or waits, when it was referred, when a form ends."""
    note: str = ""
    """Words of the person, sealed before they are written; empty for none."""
    seen: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What it rests on: "policy", "engine", "gallery", and "consent:ID" for each pupil, as versions."""
    about: int | None = None
    """Id of the event that this one takes back, agrees with or answers."""
    acting_for: str = ""
    """For whom the person stood in; empty if for nobody."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it was written; it never changes, but that what it says of a child can be forgotten."""

    id: int
    """Its number in the file, from 1."""
    at: datetime
    """When it was written, UTC."""
    draft: Draft
    """What was written; its note is empty here, see :meth:`auditbot.decisions.ledger.Ledger.note`."""
    batch: int
    """Id of the first event of the same step: taking one back takes back all of them."""
    before: int | None
    """Id of the event about the same subject before it, or None."""
    digest: str
    """SHA-256 of what can be forgotten of it, with a salt that is forgotten too."""
    chain: str
    """SHA-256 over this event and the chain of the one before."""
    has_note: bool = False
    """Whether it has a note that can be read."""
    forgotten: bool = False
    """True if all that could be forgotten of it was."""

    @property
    def action(self) -> Action:
        """What was done."""
        return self.draft.action


def digest_of(salt: bytes, personal: str) -> str:
    """Return the hash by which forgettable content, as JSON text, enters the chain."""
    return hashlib.sha256(salt + personal.encode()).hexdigest()


def chain_of(previous: str, event: Event) -> str:
    """Return the hash of an event and of the chain before it: what is never forgotten, and the digest of the rest."""
    draft = event.draft
    kept = [
        previous,
        event.id,
        event.at.isoformat(),
        draft.actor,
        draft.acting_for,
        draft.action.value,
        draft.rule,
        draft.reason.value,
        draft.when.isoformat() if draft.when else None,
        draft.about,
        event.batch,
        event.before,
        event.digest,
    ]
    return hashlib.sha256(json.dumps(kept, ensure_ascii=True).encode()).hexdigest()
