"""What may be answered to a case: the keys of the bar, in their order, and what each says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from auditbot.decisions.decide import others_to_second, reasons_for
from auditbot.decisions.event import Action, Reason
from auditbot.model import Finding, PhotoEvidence
from auditbot.present.kinds import About, kind_of
from auditbot.present.takedown import Ask
from auditbot.present.wording import nothing_to_take_down
from auditbot.review.asking.requests import what_is_asked
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.permission_seen import GIVERS
from auditbot.review.casebook.phrases import WHY, taken_further, told_first, words_are_grave
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.review.casebook.visible_to import actor
from auditbot.sentences import _, say

THREE = time(15, 0)
TOLD_AND_DOWN = "refer_down"
"""What the form sends where somebody is told and it comes down in one step."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One digit of an opened key."""

    digit: int
    """The digit, from 1."""
    value: str
    """What the form sends."""
    words: str
    """What it says."""
    aside: bool = False
    """Whether it fits seldom, and stands behind the others."""


@dataclass(frozen=True, slots=True)
class Key:
    """One decision that may be made here."""

    letter: str
    """Its key."""
    words: str
    """What its button says."""
    value: str = ""
    """What the form sends; empty if a digit follows."""
    choices: tuple[Choice, ...] = ()
    """What the digits say."""
    several: bool = False
    """Whether several digits may be chosen, and are sent together by the key itself."""
    comes_down: bool = False
    """Whether they may be sent by the key that lets it come down as well: both are then one step."""


_NO = {
    "C11": say("Not this child"),
    "C12": say("Not a pupil’s surname"),
}
LEAVE = say("Leave it up")
_COMES_DOWN = {
    Ask.PAGE: say("Yes: take the page down"),
    Ask.PHOTO: say("Yes: take the photo down"),
    Ask.FILM: say("Yes: take the film down"),
    Ask.DOCUMENT: say("Yes: take the document down"),
    Ask.COMMENT: say("Yes: take the comment down"),
    Ask.WORDS: say("Yes: edit the words out"),
}
"""What comes down with a yes, exactly as it is then asked for: the rest of the post stays."""
_NAME_OUT = say("Yes: edit the name out")


def keys_of(person: Any, case: Case) -> tuple[Key, ...]:
    """Return what this person may answer to a case, in the order of the bar: the first is what fits most often."""
    facts, standing = case.facts[0], case.standing
    if standing.second_needed:
        return _second_keys(person, case)
    if not person.is_lead:
        return ()
    faces = isinstance(case.first.finding.evidence, PhotoEvidence) and bool(facts.subjects) and "#" in facts.subjects[0]
    named = bool(facts.pupil_ids) and faces and not standing.unnamed
    no = _NO.get(facts.rule, LEAVE) if named or facts.rule == "C12" else LEAVE
    harmless = _choices(Action.NOT_SO, reasons_for(Action.NOT_SO, facts, standing))
    if taken_further(case):  # whoever looks after the account may have written it, and is asked for nothing before
        return (_refer(case, _("Yes: tell somebody first")), Key("n", _("No: harmless"), choices=harmless), _wait(case))
    if told_first(case):
        threat = replace(_refer(case, _("A threat: tell somebody first")), comes_down=True)
        return (threat, _yes(case), Key("n", _("No: harmless"), choices=harmless), _wait(case))
    keys = [_yes(case), Key("n", no, choices=harmless)]
    if faces and facts.rule != "C12":
        keys += [
            Key("a", _("Adult or visitor"), choices=_choices(Action.NO_PUPIL, reasons_for(Action.NO_PUPIL, facts)))
        ]
    if named and len(facts.pupil_ids) == 1 and not facts.protected:
        keys += [Key("p", _("Permission exists"), choices=_givers())]
    return (*keys, _wait(case), _refer(case, _("Refer")))


def _yes(case: Case) -> Key:
    """Return the key that lets it come down: this letter does nothing else anywhere."""
    finding = case.first.finding
    told = nothing_to_take_down(finding) and case.standing.referred
    return Key("y", _("They have decided: take it down") if told else comes_down_with(finding), Action.DOWN.value)


def comes_down_with(finding: Finding) -> str:
    """Return what a yes takes down, in the words of its button."""
    asked = what_is_asked(finding)
    name = asked is Ask.WORDS and kind_of(finding.kind).about in (About.NAME, About.PERSON)
    return str(_NAME_OUT if name else _COMES_DOWN[asked])


def _wait(case: Case) -> Key:
    waits = _choices(Action.WAIT, reasons_for(Action.WAIT, case.facts[0]))
    if served_workspace().now().time() >= THREE:
        waits = tuple(choice for choice in waits if not choice.value.endswith(Reason.UNTIL_THREE.value))
    return Key("w", _("Not sure: wait"), choices=waits)


def _refer(case: Case, words: str) -> Key:
    reasons, grave = reasons_for(Action.REFER, case.facts[0]), words_are_grave(case)
    choices = tuple(
        Choice(digit, reason.value, _TOLD[reason], aside=grave and reason in _SELDOM_TOLD)
        for digit, reason in enumerate(reasons, 1)
    )
    return Key("r", words, choices=choices, several=True)


_TOLD = {
    Reason.HEADTEACHER: say("Headteacher"),
    Reason.LADO: say("LADO"),
    Reason.DATA_PROTECTION: say("Data protection officer"),
    Reason.POLICE: say("Police"),
    Reason.NAMED_IN_POLICY: say("Whoever the policy names"),
}
_SELDOM_TOLD = (Reason.DATA_PROTECTION, Reason.NAMED_IN_POLICY)
"""Of a threat or an invitation into private contact."""


def _givers() -> tuple[Choice, ...]:
    return tuple(
        Choice(
            digit,
            f"{Action.PERMITTED.value}:{Reason.SEEN_ON_PAPER.value}:{by}",
            _("I have seen the form of %(words)s", words=words),
        )
        for digit, (by, words) in enumerate(GIVERS.items(), 1)
    )


def _second_keys(person: Any, case: Case) -> tuple[Key, ...]:
    if not others_to_second(case.standing, actor(person)):
        return ()
    return (
        Key("y", _("Take it down"), Action.SECOND_NO.value),
        Key("n", _("It may stay up"), Action.SECOND.value),
    )


def _choices(action: Action, reasons: tuple[Reason, ...]) -> tuple[Choice, ...]:
    return tuple(
        Choice(digit, f"{action.value}:{reason.value}", WHY[reason]) for digit, reason in enumerate(reasons, 1)
    )
