"""Words for the safeguarding lead: calm, short, exact. No name, no guess as a fact, nobody accused."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditbot.check.photos_of_post import clock
from auditbot.model import Band, CoverageStatus, Finding, FindingState, PhotoEvidence, Severity

SEVERITY: dict[Severity, tuple[str, str]] = {
    "today": ("■", "Action today"),
    "week": ("▲", "This week"),
    "governance": ("●", "Governance"),
}
"""Shape and words of each severity; never told by colour alone."""

BAND: dict[Band, str] = {
    "breach": "The evidence stands by itself",
    "review": "Somebody needs to look",
}

LIKENESS = "A likeness, not proof: please confirm who it is"
"""What a breach that rests on a face says instead: no engine can vouch for who a child is."""

STATE: dict[FindingState, str] = {
    "new": "New in this audit",
    "open": "Still open",
    "back": "Back again after it had gone",
    "gone": "Gone",
}

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

KIND = {
    "no_permission": "Photo without permission",
    "withdrawn_since": "Permitted when posted, withdrawn since",
    "lapsed_since": "Permitted when posted, no longer recorded",
    "given_later": "Permission recorded after posting",
    "possible_no_permission": "Possibly a pupil without permission",
    "never_publish": "Not to be published on any channel",
    "possible_never_publish": "Possibly a pupil who is not to be published",
    "unknown_faces": "Faces nobody could name",
    "surname": "Surname published",
    "phone_number": "Phone number published",
    "email_address": "E-mail address published",
    "postal_address": "Postal address published",
    "date_of_birth": "Date of birth published",
    "photo_position": "Photo file tells where it was taken",
    "photo_serial_number": "Photo file names the camera",
    "words_complaint": "Please read: words about a grievance",
    "words_claim": "Please read: a claim about somebody",
    "words_copyright": "Please read: words about copied work",
    "words_advertisement": "Please read: an offer or advertisement",
    "words_campaign": "Please read: a campaign",
    "words_conduct": "Please read: choice of words",
    "words_discrimination": "Please read: words about a group of people",
    "words_contact": "Please read: contact with a child",
    "words_personal": "Please read: private news",
    "words_hurtful": "Please read: words that could hurt or frighten",
    "not_approved": "No approval by the Headteacher on record",
    "approved_late": "In use before it was approved",
    "unregistered_account": "An account that the register does not hold",
    "no_owner": "Nobody is named as its owner",
    "owner_gone": "Its owner is not on the staff list",
    "no_risk_assessment": "No risk assessment on file",
    "risk_assessment_cell": "The risk assessment is not finished",
    "tool_not_assessed": "A tool used with pupils was not assessed first",
    "password_rule": "Password rule not declared as met",
    "password_date": "No day on record when the password was changed",
    "password_overdue": "Password overdue for change",
    "password_due": "Password due for change within a week",
    "administrator_missing": "No administrator’s e-mail on record",
    "administrator_outside": "Administrator’s e-mail is not the school’s",
    "document_missing": "A document is not on file",
    "document_review": "A document is due for review",
    "no_event_approval": "Photos of events without an approval on record",
    "concern": "Concern reported by hand",
    "comment_photo": "Photo in a comment",
}
"""Headings of the kinds of finding; other kinds are headed by their own name in plain words."""


def amount(count: int, what: str) -> str:
    """Return how many things of one kind, like "7 photos"."""
    return f"{count} {what}" if count == 1 or what.endswith("s") else f"{count} {what}s"


LONGEST_TITLE = 160
"""Characters of a post's title that are shown."""


def reached(status: CoverageStatus, something_left_out: bool) -> str:
    """Return how far an account was reached; "in full" only if nothing in it was left unchecked."""
    if status == "complete" and something_left_out:
        return "Reached; not everything in it could be checked"
    return COVERAGE[status]


def short(title: str) -> str:
    """Return a title on one line, cut if nobody would read it to its end."""
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[:LONGEST_TITLE].rstrip()}…"


def heading(finding: Finding) -> str:
    """Return the heading of a group of findings, from their kind."""
    plain = finding.kind.replace("_", " ").strip()
    words = KIND.get(finding.kind, plain[:1].upper() + plain[1:])
    return words.replace("Photo ", "Film ", 1) if moment_of_film(finding) else words


def how_sure(finding: Finding) -> str:
    """Return how sure a finding is, in words and as a figure."""
    score = f"{finding.score:.2f}"
    if rests_on_a_face(finding):
        words = "a possible match" if finding.kind.startswith("possible_") else "a close match"
        return f"{words} (likeness {score}; 1 is the highest)"
    steps = ((0.9, "very sure"), (0.7, "fairly sure"), (0.5, "not very sure"))
    words = next((words for least, words in steps if finding.score >= least), "unsure")
    return f"{words} ({score}; 1 is the highest)"


def who(finding: Finding) -> str:
    """Return how to introduce the pupils of a finding: as a possibility."""
    if not rests_on_a_face(finding):
        return "Whom the words may name"
    if finding.kind.startswith("possible_"):
        return (
            "Who may be in the photo (at least one of them)"
            if len(finding.pupil_ids) > 1
            else "Who may be in the photo"
        )
    return "Who may be in the photo"


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
        return "The published photo; this finding is about its file, so all faces are hidden."
    boxes = "box 1 is" if count == 1 else f"boxes 1 to {count} are"
    return f"{shown}; {boxes} what this finding is about, all other faces are hidden."


def day(value: date) -> str:
    """Return a date like "Thursday 12 October 2026"."""
    return f"{value:%A} {value.day} {value:%B} {value.year}"


def short_day(value: date) -> str:
    """Return a date like "Mon 12 Oct"."""
    return f"{value:%a} {value.day} {value:%b}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Return a moment like "12 October 2026, 14:05" in the school's time zone."""
    local = value.astimezone(zone)
    return f"{local.day} {local:%B} {local.year}, {local:%H:%M}"


_FIELDS = (
    (r"title", "In the title"),
    (r"text", "In the text"),
    (r"author", "In the author’s name"),
    (r"address", "In the address of the post"),
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
        return f"In {field.removeprefix('register ')}"
    if field == "reported words":
        return "The words that were reported"
    for pattern, words in _FIELDS:
        found = re.fullmatch(pattern, field)
        if found:
            return words.format(*found.groups())
    return f"In: {field}"


def still_up(last_checked: datetime | None, audit_started: datetime, zone: ZoneInfo, removed: bool = False) -> str:
    """Return whether a post is still up, and since when that is known."""
    if removed:
        return "Its page no longer shows what was found; that it was removed is not proved yet"
    if last_checked is None:
        return "Not known: the post was not reached"
    if last_checked < audit_started:
        return f"It was when last reached, {moment(last_checked, zone)}; not reached in this audit"
    return f"Yes, checked {moment(last_checked, zone)}"


def band(finding: Finding) -> str:
    """Return how much the evidence says by itself, in words."""
    return LIKENESS if finding.band == "breach" and rests_on_a_face(finding) else BAND[finding.band]


def rests_on_a_face(finding: Finding) -> bool:
    """Whether the evidence is a face, and not words, nor what the photo's file says besides the picture."""
    evidence = finding.evidence
    return isinstance(evidence, PhotoEvidence) and not evidence.words and bool(evidence.boxes)
