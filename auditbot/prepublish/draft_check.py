"""A draft before it is posted: its words and its photos, by the audit's own checks, without the audit's lock.

Nothing is written: templates are read as the last audit left them, and photos lie where the caller put them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from auditbot.check.clauses import as_the_policy_says, checks
from auditbot.check.texts import Ours
from auditbot.errors import TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable
from auditbot.examine.faces.engines import choice_of, open_engine
from auditbot.examine.faces.gallery import Gallery
from auditbot.examine.faces.templates import load_templates
from auditbot.model import Channel, Post, PostFacts, TextEvidence
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared, rights
from auditbot.registers.secrets import find_key
from auditbot.settings import Settings, Workspace

HERE = "before you post"


class Change(StrEnum):
    """What is to be done about words in a draft."""

    INITIAL = "initial"
    """A pupil's surname: its first letter is enough."""
    TAKE_OUT = "take_out"
    """They must not be published."""
    ASK = "ask"
    """Somebody should read them first."""


_STRONGEST = (Change.TAKE_OUT, Change.INITIAL, Change.ASK)


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """Words of a draft that should be changed, or read by somebody first."""

    start: int
    """Where they begin, in characters."""
    end: int
    """Where they end."""
    change: Change
    """What is to be done."""
    instead: str
    """What could stand in their place; empty for nothing."""
    pupil_ids: tuple[str, ...]
    """Pupils whom it may concern."""
    explanation: str
    """Why, with {ids} in place of names."""


def marked_words(
    text: str, channel: Channel, settings: Settings, declared: Declared, ours: Ours
) -> tuple[MarkedWords, ...]:
    """Return what the audit would find in these words if the school posted them today, in their order.

    One may lie within another: a surname in a sentence that somebody should read.
    """
    account = Account(HERE, "https://localhost/", channel=channel)
    as_posted = replace(declared, accounts={HERE: account})
    moment = datetime.combine(declared.today, time(12), ZoneInfo(settings.school.timezone))
    facts = PostFacts(Post(HERE, "https://localhost/draft", "", text, published_at=moment), {}, {})
    found = as_the_policy_says((one for check in checks(as_posted, ours) for one in check(facts)), as_posted)
    marked = []
    for one in found:
        evidence = one.evidence
        if not isinstance(evidence, TextEvidence) or evidence.text != text:
            continue
        change = Change.ASK if one.band == "review" else Change.TAKE_OUT
        if one.clause == "C12" and change is Change.TAKE_OUT:
            change = Change.INITIAL
        words = text[evidence.start : evidence.end]
        instead = f"{words.strip()[:1]}." if change is Change.INITIAL else ""
        marked.append(MarkedWords(evidence.start, evidence.end, change, instead, one.pupil_ids, one.explanation))
    return tuple(sorted(marked, key=lambda one: (one.start, -one.end)))


def to_be_told(marked: Sequence[MarkedWords]) -> tuple[MarkedWords, ...]:
    """Return the marks that ask for something of their own: not within words of which as much or more is asked."""
    told: list[MarkedWords] = []
    for one in sorted(marked, key=lambda one: (_STRONGEST.index(one.change), one.start - one.end)):
        if not any(other.start <= one.start and one.end <= other.end for other in told):
            told.append(one)
    return tuple(sorted(told, key=lambda one: (one.start, -one.end)))


def ready_gallery(workspace: Workspace, settings: Settings, declared: Declared) -> Gallery:
    """Return the gallery as the last audit left it, without whose right has ended since; empty if there is none."""
    may_hold = rights(declared, matching_allowed=settings.faces.matching_allowed).may_hold
    sealed = workspace.data / "templates.sealed"
    if not may_hold or not sealed.is_file():
        return Gallery.from_templates([])
    engine = open_engine(choice_of(settings.faces))
    now = f"{engine.name} {engine.version}"
    try:
        templates = load_templates(sealed, find_key())
    except (TemplateKeyMissing, TemplateKeyUnusable, TemplatesUnreadable):
        return Gallery.from_templates([])  # the answer then says that faces were compared with nobody
    held = [one for one in templates if one.pupil_id in may_hold and one.engine == now]
    return Gallery.from_templates(held, false_name_rate=settings.faces.false_name_rate)
