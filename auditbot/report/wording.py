"""Words for the safeguarding lead: calm, short, exact. No name, no guess as a fact, nobody accused."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditbot.model import Band, Finding, FindingState, PhotoEvidence, Severity

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

STATE: dict[FindingState, str] = {
    "new": "New in this audit",
    "open": "Still open",
    "back": "Back again after it had gone",
    "gone": "Gone",
}

COVERAGE = {
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
}
"""Headings of the kinds of finding; other kinds are headed by their own name in plain words."""

NOT_CHECKED_ADVICE = {
    "account": "Open the account yourself and look through what is new. If this stays so, tell whoever runs the audit.",
    "listing": "Open the account and look at the posts further down the list, which were not seen.",
    "page": "Open the page and look at it yourself.",
    "post": "Open the post and look at it yourself.",
    "photo": "Open each address, or the post that shows it, and look at the picture yourself.",
    "document": "Open the document and read it yourself.",
    "faces": "Look at the photos of these posts yourself: nobody in them was compared with the register.",
    "words": "Look at these pictures yourself for names that can be read in them.",
    "video": "Watch the video yourself, or ask its owner to.",
}
"""What to do about each kind of thing that was not checked."""

OTHER_ADVICE = "Look at it yourself, or ask the owner of the account to."


def amount(count: int, what: str) -> str:
    """Return how many things of one kind, like "7 photos"."""
    return f"{count} {what}" if count == 1 or what.endswith("s") else f"{count} {what}s"


def heading(finding: Finding) -> str:
    """Return the heading of a group of findings, from their kind."""
    plain = finding.kind.replace("_", " ").strip()
    return KIND.get(finding.kind, plain[:1].upper() + plain[1:])


def how_sure(finding: Finding) -> str:
    """Return how sure a finding is, in words and as a figure."""
    score = f"{finding.score:.2f}"
    if isinstance(finding.evidence, PhotoEvidence) and not finding.evidence.words:
        words = "a possible match" if finding.kind.startswith("possible_") else "a close match"
        return f"{words} (likeness {score}; 1 is the highest)"
    steps = ((0.9, "very sure"), (0.7, "fairly sure"), (0.5, "not very sure"))
    words = next((words for least, words in steps if finding.score >= least), "unsure")
    return f"{words} ({score}; 1 is the highest)"


def who(finding: Finding) -> str:
    """Return how to introduce the pupils of a finding: as a possibility."""
    if not isinstance(finding.evidence, PhotoEvidence) or finding.evidence.words:
        return "Whom the words may name"
    if finding.kind.startswith("possible_"):
        return (
            "Who may be in the photo (at least one of them)"
            if len(finding.pupil_ids) > 1
            else "Who may be in the photo"
        )
    return "Who may be in the photo"


def picture_text(finding: Finding) -> str:
    """Return the text that stands for an evidence picture."""
    count = len(finding.evidence.boxes) if isinstance(finding.evidence, PhotoEvidence) else 0
    boxes = "box 1 is" if count == 1 else f"boxes 1 to {count} are"
    return f"The published photo; {boxes} what this finding is about, all other faces are hidden."


def day(value: date) -> str:
    """Return a date like "Thursday 12 October 2026"."""
    return f"{value:%A} {value.day} {value:%B} {value.year}"


def short_day(value: date) -> str:
    """Return a date like "12 Oct 2026"."""
    return f"{value.day} {value:%b} {value.year}"


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
    (r"comment (\d+) text", "In comment {}"),
    (r"comment (\d+) author", "In the name shown on comment {}"),
    (r"document (\d+) page (\d+)", "In document {}, page {}"),
    (r"document (\d+) (?:link|title)", "In the words of the link to document {}"),
    (r"document (\d+) (?:address|url|file name|file)", "In the file address of document {}"),
)


def where(field: str) -> str:
    """Return in words which text of a post a piece of evidence is from."""
    for pattern, words in _FIELDS:
        found = re.fullmatch(pattern, field)
        if found:
            return words.format(*found.groups())
    return f"In: {field}"


def still_up(
    url: str, last_checked: datetime | None, audit_started: datetime, state: FindingState, zone: ZoneInfo
) -> str:
    """Return whether a post is still up, and since when that is known."""
    if not url:
        return "Concerns a record, not a post"
    if state == "gone":
        return "No"
    if last_checked is None:
        return "Not known: the post was not reached"
    if last_checked < audit_started:
        return f"It was when last reached, {moment(last_checked, zone)}; not reached in this audit"
    return f"Yes, checked {moment(last_checked, zone)}"


def steps(finding: Finding) -> tuple[str, ...]:
    """Return what to do about a finding, step by step."""
    if finding.kind in _STEPS:
        return _STEPS[finding.kind]
    if not finding.post_url:
        return _RECORD
    if finding.clause == "C12":
        return _surname_steps(finding)
    if finding.clause == "C11":
        return _STEPS["no_permission"]
    return _PLEASE_READ


_LOOK = "Open the post and look at the numbered face. You decide whether it is the child named here."
_LOOK_ALL = "Open the post and look at the numbered faces. You decide whether one is a child named here."
_WHOLE = (
    "If it is, ask for the whole photo to be taken down, with the wording below. "
    "Covering one face would point at the child."
)
_SOMEBODY_ELSE = "If it is somebody else, note that and leave the photo as it is."
_NO_REASON = "Do not give a reason when you ask, and do not pass this page on."
_STEPS: dict[str, tuple[str, ...]] = {
    "no_permission": (_LOOK, _WHOLE, _SOMEBODY_ELSE),
    "withdrawn_since": (
        "Permission was in order when this was posted, so nothing was done wrong then. It has ended since.",
        *(_LOOK, _WHOLE, _SOMEBODY_ELSE),
    ),
    "lapsed_since": (
        "Permission was in order when this was posted. Ask the office whether a newer form exists.",
        "If there is none, ask for the whole photo to be taken down, with the wording below.",
    ),
    "given_later": (
        "Nothing needs to be taken down: permission holds today.",
        "Ask how the photo came to be chosen before the form was there.",
    ),
    "possible_no_permission": (_LOOK_ALL, _WHOLE, _SOMEBODY_ELSE),
    "never_publish": (_LOOK, _WHOLE, _NO_REASON),
    "possible_never_publish": (_LOOK_ALL, _WHOLE, _NO_REASON),
    "unknown_faces": (
        "Look at the numbered faces. Decide for each whether it is one of the school’s pupils.",
        "If each of those pupils has permission for this channel, nothing needs to be done.",
        "If one has none, or you cannot tell, ask for the whole photo to be taken down, with the wording below.",
    ),
}
NO_TAKE_DOWN = frozenset({"given_later"})
"""Kinds of finding for which nothing has to come down."""
_RECORD = (
    "Ask the owner to bring the record up to date.",
    "The next audit then drops this finding by itself.",
)
_PLEASE_READ = (
    "Please read the marked words in their context and decide. The audit cannot tell what is meant.",
    "If they should not be public, ask for them to be taken down, with the wording below.",
)


def _surname_steps(finding: Finding) -> tuple[str, ...]:
    where_found = "" if isinstance(finding.evidence, PhotoEvidence) else finding.evidence.field
    if isinstance(finding.evidence, PhotoEvidence):
        change = "Ask for the whole photo to be taken down, with the wording below."
    elif "address" in where_found or "url" in where_found or "file" in where_found:
        change = "Ask for a new address without the name. The old one must stop answering, not lead to the new one."
    elif where_found.startswith("comment"):
        change = "Ask for the comment to be removed, with the wording below."
    elif where_found.startswith("document"):
        change = "Ask for the document to be taken down and put up again without the name, under a new address."
    else:
        change = "Ask for the marked words to be taken out, with the wording below. A first name may stay."
    check = "Check that the marked words are a pupil’s surname. If they are not, note that and leave the post as it is."
    return (check, change, "No permission makes a surname right.")
