"""Words for the safeguarding lead: calm, short, exact. No guess as a fact, nobody accused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditbot.check.texts import clock
from auditbot.decisions.decided import Lapse, State
from auditbot.decisions.event import Action, Reason
from auditbot.examine.faces.trial import Trial
from auditbot.model import CoverageStatus, Finding, FindingState, PhotoEvidence, Severity, TextEvidence
from auditbot.present.cards import Place
from auditbot.present.kinds import REFERRED, About, Risk, kind_of
from auditbot.registers.consent import ConsentAnswer, Permission

SEVERITY: dict[Severity, tuple[str, str]] = {
    "today": ("■", "Today"),
    "week": ("▲", "This week"),
    "governance": ("●", "Governance"),
}
"""Shape and words of each severity; never told by colour alone."""

RISK: dict[Risk, str] = {
    Risk.PROTECTED: "Children who are not to be published",
    Risk.THREAT: "Words that may threaten, hurt or invite private contact",
    Risk.NO_PERMISSION: "Children without permission",
    Risk.PERSONAL_DATA: "Personal data",
    Risk.SURNAME: "Surnames",
    Risk.UNKNOWN_FACES: "Faces the program does not know",
    Risk.WORDS: "Words to read",
    Risk.RECORDS: "The school’s own records",
}
"""Headings of the order of risk."""

FINDING_STATE: dict[FindingState, str] = {
    "new": "New",
    "open": "Seen before",
    "back": "Back",
    "gone": "Gone",
}

STATE: dict[State, str] = {
    State.NEW: "Needs a decision",
    State.WAITING: "Waits",
    State.TO_COME_DOWN: "To come down",
    State.ASKED: "Asked, still up",
    State.GONE_ONCE: "Gone, seen once",
    State.PROVED: "Gone, proved",
    State.CLOSED: "Closed",
    State.STAYS_UP: "Stays up",
    State.ENDED: "No finding any more",
}
"""What each state of a decision is called, everywhere."""

LAPSE: dict[Lapse, str] = {
    Lapse.TEXT_CHANGED: "It was decided before; the words have changed since, so it needs to be decided again.",
    Lapse.CONSENT_CHANGED: "It was decided before; what the register says of this pupil has changed since.",
    Lapse.POLICY_CHANGED: "It was decided before; the policy has changed since.",
    Lapse.ENGINE_CHANGED: "It was decided before; a newer program sees this face, and takes it for the same pupil.",
    Lapse.TIME_OVER: "It was decided for a time that has ended.",
    Lapse.WAIT_OVER: "The time to wait is over.",
    Lapse.BACK: "It was proved gone, and is there again.",
}
"""Why what was decided needs to be decided again."""

ACTION: dict[Action, str] = {
    Action.DOWN: "To come down",
    Action.NOT_SO: "Stays up",
    Action.NO_PUPIL: "Stays up: no pupil of ours",
    Action.PERMITTED: "Stays up: permission exists",
    Action.WAIT: "Waits",
    Action.REFER: "Referred",
    Action.SECOND: "A second person agreed that it stays up",
    Action.SECOND_NO: "A second person did not agree: to come down",
    Action.ASK: "Asked to take it down",
    Action.DONE: "Said to be done",
    Action.CANNOT: "Said that it cannot be done",
    Action.SEEN_GONE: "Seen gone once",
    Action.PROVED: "Proved gone",
    Action.CLOSE: "Closed",
    Action.TICK: "Done by hand",
    Action.UNDO: "Taken back",
}
"""What each step is called in a history."""

REASON: dict[Reason, str] = {
    Reason.NONE: "",
    Reason.ANOTHER_PERMITTED: "it is another pupil, who has permission",
    Reason.NOT_THIS_CHILD: "it is not this child; who it is, is not known yet",
    Reason.NOT_RECOGNISABLE: "nobody can be recognised in it",
    Reason.NOT_A_NAME: "it is no name",
    Reason.ANOTHERS_NAME: "it is somebody else’s name",
    Reason.OUR_OWN: "it is the school’s own",
    Reason.AGREED: "the person has agreed",
    Reason.HARMLESS: "it is harmless",
    Reason.STAFF: "a member of staff",
    Reason.FAMILY: "a parent or carer",
    Reason.VISITOR: "a visitor",
    Reason.OTHER_SCHOOL: "a child of another school",
    Reason.FORM_UPLOADED: "the form is on file",
    Reason.SEEN_ON_PAPER: "seen on paper",
    Reason.UNTIL_THREE: "until today, 15:00",
    Reason.UNTIL_TOMORROW: "until tomorrow",
    Reason.UNTIL_DAY: "until a day",
    Reason.OFFICE_ANSWERS: "until the office answers",
    Reason.HEADTEACHER: "to the Headteacher",
    Reason.LADO: "to the LADO",
    Reason.SEARCH_ENGINES: "search engines were asked to forget it",
    Reason.COPIES: "shared copies were looked for",
    Reason.FAMILY_TOLD: "the family was told",
    Reason.DATA_PROTECTION: "to the data protection officer",
    Reason.POLICE: "to the police",
    Reason.PHOTO: "the photo",
    Reason.POST: "the post",
    Reason.WORDS: "the words",
    Reason.COMMENT: "the comment",
    Reason.DOCUMENT: "the document",
    Reason.ADDRESS: "the address",
    Reason.OTHER: "another reason",
}
"""The words of each reason."""

COVERAGE: dict[CoverageStatus, str] = {
    "complete": "Reached in full",
    "partial": "Reached in part",
    "walled": "Not reached: closed to visitors",
    "error": "Not reached: error",
}

CHANNEL = {
    "website": "Website",
    "social_media": "Social media",
    "newsletter": "Newsletter",
    "prospectus_display": "Prospectus and display",
    "press": "Press",
    "video": "Video",
}

NOT_CHECKED = {
    "account": "Open the account yourself and look through what is new. If this stays so, tell whoever runs the audit.",
    "listing": "Open the account and look at the posts further down the list, which were not seen.",
    "page": "Open the page and look at it yourself.",
    "post": "Open the post and look at it yourself.",
    "photo": "Open each address, or the post that shows it, and look at the picture yourself.",
    "document": "Open the document and read it yourself.",
    "faces": "Look at the photos of these posts yourself: nobody in them was compared with the register.",
    "register": "Ask whoever keeps the register to complete it, then run the audit again.",
    "words": "Look at these pictures yourself for names that can be read in them.",
    "captions": "Watch the film with its captions on, and read them yourself.",
    "embed": "Look at these pages yourself, or add the account that they show to the register.",
    "video": "Watch the video yourself, or ask its owner to.",
}
"""What to do about each kind of thing that was not checked."""
NOT_CHECKED_OTHER = "Look at it yourself, or ask the owner of the account to."


def amount(count: int, what: str) -> str:
    """Return how many things of one kind, like "7 photos"."""
    return f"{count} {what}" if count == 1 or what.endswith("s") else f"{count} {what}s"


LONGEST_TITLE = 160
"""Characters of a post's title that are shown."""
LONGEST_ASKED = 60
"""Characters of words that a question quotes."""


def reached(status: CoverageStatus, something_left_out: bool) -> str:
    """Return how far an account was reached; "in full" only if nothing in it was left unchecked."""
    if status == "complete" and something_left_out:
        return "Reached; not everything in it could be checked"
    return COVERAGE[status]


def short(title: str, longest: int = LONGEST_TITLE) -> str:
    """Return a title on one line, cut if nobody would read it to its end."""
    line = " ".join(title.split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"


def heading(finding: Finding) -> str:
    """Return the heading of a finding, from its kind."""
    words = kind_of(finding.kind).heading
    return words.replace("A photo’s", "A film’s").replace("A photo ", "A film ") if moment_of_film(finding) else words


_ASKED = {
    About.NAME: "a pupil’s surname",
    About.PERSON: "one of the school’s children",
    About.VALUE: "a private person’s",
}


def question(finding: Finding, names: Sequence[str]) -> str:
    """Return what has to be decided, as a question that yes answers with "it comes down"; of records the heading.

    ``names`` are what the finding's pupils are called, in its order.
    """
    about = kind_of(finding.kind).about
    evidence = finding.evidence
    if about is About.FACE and names:
        several = isinstance(evidence, PhotoEvidence) and len(evidence.boxes) > 1
        return f"{'Is one of them' if several else 'Is this'} {' or '.join(names)}?"
    if about is About.FACES:
        count = len(evidence.boxes) if isinstance(evidence, PhotoEvidence) else 1
        return (
            "Is this a pupil without permission?"
            if count == 1
            else f"Is one of these {count} faces a pupil without permission?"
        )
    if about in _ASKED:
        return f"Is “{short(marked(finding), LONGEST_ASKED)}” {_ASKED[about]}?"
    if about is About.WORDS:
        return "Should these words come down?"
    return heading(finding)


def marked(finding: Finding) -> str:
    """Return the exact characters that a finding rests on; empty if it rests on none."""
    evidence = finding.evidence
    whole = evidence.text if isinstance(evidence, TextEvidence) else evidence.words
    return whole[evidence.start : evidence.end]


def steps(finding: Finding) -> tuple[str, ...]:
    """Return what to do about a finding, step by step."""
    taken = REFERRED[finding.clause] if words_of_staff(finding) else kind_of(finding.kind).steps
    if not moment_of_film(finding):
        return taken
    return tuple(step.replace("whole photo", "whole film").replace("the photo", "the film") for step in taken)


def words_of_staff(finding: Finding) -> bool:
    """Whether the words are staff's or the school's own, so that what is done comes from whom the policy names."""
    return finding.clause in REFERRED and kind_of(finding.kind).about is About.WORDS


def nothing_to_take_down(finding: Finding) -> bool:
    """Whether nobody is to be asked to take something down: nothing has to go, or somebody else decides that first."""
    return not kind_of(finding.kind).comes_down or words_of_staff(finding)


def likeness(finding: Finding, trial: Trial | None, false_name_rate: float) -> str:
    """Return how alike a face is to the program, in words: how few strangers look as alike.

    It is read off the trial of the school's own photos where there is one, else off the settings' ``false_name_rate``.
    """
    if finding.band == "breach":
        return f"Likely: fewer than 1 stranger in {_one_in(false_name_rate)} looks this alike to the program"
    if trial is None or not trial.stranger_scores:
        return "Perhaps: strangers look this alike to the program too"
    as_alike = sum(score >= finding.score for score in trial.stranger_scores)
    if as_alike == 0:
        return f"Perhaps: none of {len(trial.stranger_scores)} strangers looked this alike to the program"
    one_in = len(trial.stranger_scores) // as_alike
    return (
        f"Perhaps: about 1 stranger in {one_in} looks this alike to the program"
        if one_in > 1
        else "Unsure: most strangers look this alike to the program"
    )


def _one_in(rate: float) -> int:
    return max(2, round(1 / rate)) if rate > 0 else 100


def permission_today(permission: Permission, what: str = "permission") -> str:
    """Return what holds today, in a sentence without its full stop; ``what`` names the permission."""
    since = f" on {day_of(permission.since)}" if permission.since else ""
    return {
        "yes": f"{what.capitalize()} holds",
        "no": f"The parents said no{since}",
        "not_recorded": f"We have no answer from the parents, so this counts as no {what}",
        "withdrawn": f"{what.capitalize()} was withdrawn{since}",
        "disagreement": f"One of the parents said no{since}, so this counts as no {what}",
        "expired": f"{what.capitalize()} ran out{since}",
        "not_yet": f"No {what} was given before {day_of(permission.since)}" if since else f"No {what} yet",
        "unknown": f"Whether there is {what} is not known",
    }[permission.standing]


def permission_then(permission: Permission | None, what: str = "permission") -> str:
    """Return what held on the day of the post, in a sentence without its full stop; empty if that day is not known."""
    if permission is None:
        return ""
    since = f" (since {day_of(permission.since)})" if permission.since else ""
    return {
        "yes": f"On the day it was posted, {what} held{since}",
        "no": f"On the day it was posted, the answer was no{since}",
        "not_recorded": "On the day it was posted, there was no answer",
        "withdrawn": f"On the day it was posted, {what} had been withdrawn{since}",
        "disagreement": f"On the day it was posted, one of the parents had said no{since}",
        "expired": f"On the day it was posted, {what} had run out{since}",
        "not_yet": f"On the day it was posted, there was no {what} yet",
        "unknown": "What held on the day it was posted is not known",
    }[permission.standing]


def who_said_so(answer: ConsentAnswer | None) -> str:
    """Return who gave the newest answer, how it came and when it was entered; empty if nobody is on record."""
    if answer is None:
        return ""
    parts = [answer.given_by, answer.source, f"from {day_of(answer.effective_on)}"]
    return ", ".join(part for part in parts if part)


def moment_of_film(finding: Finding) -> str:
    """Return the moment of a film that a finding rests on, like "0:42"; empty if it rests on anything else."""
    evidence = finding.evidence
    found = re.search(r"#t=(\d+)$", evidence.photo_url, re.ASCII) if isinstance(evidence, PhotoEvidence) else None
    return clock(int(found[1])) if found else ""


def picture_text(finding: Finding) -> str:
    """Return the text that stands for an evidence picture."""
    count = len(finding.evidence.boxes) if isinstance(finding.evidence, PhotoEvidence) else 0
    at = moment_of_film(finding)
    shown = f"The published film at {at}" if at else "The published photo"
    if not count:
        return "The published photo; this is about its file, so all faces are hidden."
    boxes = "box 1 is" if count == 1 else f"boxes 1 to {count} are"
    return f"{shown}; {boxes} what this is about, all other faces are hidden."


def day(value: date) -> str:
    """Return a date like "Thursday 12 October 2026"."""
    return f"{value:%A} {value.day} {value:%B} {value.year}"


def day_of(value: date | None) -> str:
    """Return a date like "12 October 2026"; empty for none."""
    return f"{value.day} {value:%B} {value.year}" if value else ""


def short_day(value: date) -> str:
    """Return a date like "Mon 12 Oct"."""
    return f"{value:%a} {value.day} {value:%b}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Return a moment like "12 October 2026, 14:05" in the school's time zone."""
    local = value.astimezone(zone)
    return f"{local.day} {local:%B} {local.year}, {local:%H:%M}"


_FIELDS = (
    (r"(title|text)", "In the {}"),
    (r"author", "In the author’s name"),
    (r"address", "In the address of the post"),
    (r"(excerpt|description|tag|category)(?: \d+)?", "In the {} of the post"),
    (r"(?:photo|picture) (\d+) alt", "In the alternative text of photo {}"),
    (r"(?:photo|picture) (\d+) caption", "In the caption of photo {}"),
    (r"(?:photo|picture) (\d+) (?:address|url|file name|file)", "In the file address of photo {}"),
    (r"(?:photo|picture) (\d+) words", "In the words on photo {}"),
    (r"(?:photo|picture) (\d+) file details, (.+)", "In what the file of photo {} says of itself: {}"),
    (r"document (\d+) page (\d+) file details, (.+)", "In what a picture in document {}, page {}, says of itself: {}"),
    (r"video (\d+) title", "In the title of video {}"),
    (r"video (\d+) file name", "In the file address of video {}"),
    (r"captions (\d+) text", "In captions {} of a film"),
    (r"captions (\d+) title", "In what captions {} are called"),
    (r"captions (\d+) file name", "In the file address of captions {}"),
    (r"comment (\d+) text", "In comment {}"),
    (r"comment (\d+) author", "In the name shown on comment {}"),
    (r"document (\d+) page (\d+)", "In document {}, page {}"),
    (r"document (\d+) (?:link|title)", "In the words of the link to document {}"),
    (r"document (\d+) (?:address|url|file name|file)", "In the file address of document {}"),
)


def where(field: str) -> str:
    """Return in words which text of a post, or which cell of a register, a piece of evidence is from."""
    if field.startswith("register "):
        return "In the school’s register"
    if field == "reported words":
        return "The words that were reported"
    for pattern, words in _FIELDS:
        found = re.fullmatch(pattern, field)
        if found:
            return words.format(*found.groups())
    return f"In: {field}"


def still_up(place: Place, audit_started: datetime, zone: ZoneInfo) -> str:
    """Return whether what was found in a post is still up, and since when that is known."""
    if place.seen_gone:
        return "Taken down; we look once more at the next audit"
    if place.removed:
        return "The page no longer shows it; that it was removed is not proved yet"
    last_checked = place.last_checked
    if last_checked is None:
        return "Not known: the post was not reached"
    if last_checked < audit_started:
        return f"It was when last reached, {moment(last_checked, zone)}; not reached in this audit"
    return f"Yes, checked {moment(last_checked, zone)}"


def rests_on_a_face(finding: Finding) -> bool:
    """Whether the evidence is a face, and not words, nor what the photo's file says besides the picture."""
    evidence = finding.evidence
    return isinstance(evidence, PhotoEvidence) and not evidence.words and bool(evidence.boxes)
