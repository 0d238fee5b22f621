"""Words for the safeguarding lead: calm, short, exact. No name, no guess as a fact, nobody accused."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditbot.check.texts import clock
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
    "special_data": "A named child’s health, needs, meals, care or faith",
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


# What to do: about each kind of finding, and about what could not be checked.

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

OTHER = "Look at it yourself, or ask the owner of the account to."


def steps(finding: Finding) -> tuple[str, ...]:
    """Return what to do about a finding, step by step."""
    taken = _steps(finding)
    if not moment_of_film(finding):
        return taken
    return tuple(
        step.replace("whole photo", "whole film").replace("leave the photo", "leave the film") for step in taken
    )


def _steps(finding: Finding) -> tuple[str, ...]:
    if _words_of_staff(finding):
        return (*_REFERRED_FIRST, *_REFERRED[finding.clause])
    if finding.kind in _STEPS:
        return tuple(_LOOK_ALL if step == _LOOK and _several(finding) else step for step in _STEPS[finding.kind])
    if not finding.post_url:
        return _RECORD
    if finding.clause == "C12":
        return _surname_steps(finding)
    if finding.clause == "C11":
        return _STEPS["no_permission"]
    return _PLEASE_READ


def _several(finding: Finding) -> bool:
    boxes = finding.evidence.boxes if isinstance(finding.evidence, PhotoEvidence) else ()
    return len(boxes) > 1 or len(finding.pupil_ids) > 1


_LOOK = "Open the post and look at the numbered face. You decide whether it is the child named here."
_LOOK_ALL = "Open the post and look at each numbered face. You decide whether it is a child named here."
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
    "possible_no_permission": (_LOOK, _WHOLE, _SOMEBODY_ELSE),
    "never_publish": (_LOOK, _WHOLE, _NO_REASON),
    "possible_never_publish": (_LOOK, _WHOLE, _NO_REASON),
    "unknown_faces": (
        "Look at the numbered faces. Decide for each whether it is one of the school’s pupils.",
        "If each of those pupils has permission for this channel, nothing needs to be done.",
        "If one has none, or you cannot tell, ask for the whole photo to be taken down, with the wording below.",
    ),
}
_STEPS |= dict.fromkeys(
    ("phone_number", "email_address", "postal_address"),
    (
        "Check whose it is. The school’s own belongs under [school] contacts in config/auditbot.toml.",
        "If it is a private person’s who has not agreed, ask for it to be taken down, with the wording below.",
        "If it may stay, note why; config/allowed_phrases.toml can keep it out of later audits until a day you set.",
    ),
)
_STEPS |= {
    "date_of_birth": (
        "Check whether it is the date of birth of a child or of another living person.",
        "If it is, ask for the marked words to be taken down, with the wording below.",
    ),
    "special_data": ("Read the words today. If the family does not want them public, ask for them to come down.",),
    "photo_position": (
        "Ask for the whole photo to be taken down, with the wording below.",
        "It can come back as a copy saved without its location.",
        "Ask whoever takes photos to switch off the location in the camera’s settings.",
    ),
    "photo_serial_number": (
        "Nothing has to come down today. When the photo is next changed, put up a copy saved without file details.",
        "Ask whoever puts photos up to remove file details from now on.",
    ),
    "words_hurtful": (
        "Read the marked words in their context today. You decide whether somebody is hurt or frightened by them.",
        "If they may be a threat, keep the evidence first and tell the Headteacher today. "
        "If someone is in danger, call the police: 999.",
        "If so, ask for them to be taken down, with the wording below, and follow the school’s anti-bullying policy.",
        "If they are harmless in their context, note that.",
    ),
    "words_complaint": (
        "Read the marked words in their context. The audit cannot tell what is meant.",
        "If it is a complaint, answer the person privately and point to the school’s complaints procedure.",
        "Whether the words come down is for the school to decide; the wording is below.",
    ),
}
_STEPS |= {
    "comment_photo": (
        "Open the post and look at the photo in the comment.",
        "If it shows other people’s children, ask for the comment to be removed, with the wording below.",
        "If not, note that and leave it.",
    ),
    "concern": (
        "Read the reported words where they stand, in their context.",
        "Decide with the Headteacher. If it is taken further, record that with auditbot refer.",
        "Close the concern when it is dealt with; until then it stands here.",
    ),
    "unregistered_account": (
        "Open the address and see whether the account is the school’s own.",
        "If it is, it needs the Headteacher’s approval and an entry in config/accounts.toml.",
        "If it is somebody else’s, note its address under not_ours in config/declarations.toml.",
    ),
    "no_event_approval": (
        "Ask the Headteacher whether photos of these events may be posted.",
        "Enter the approval in config/declarations.toml, or ask for the photos to be taken down.",
    ),
    "password_overdue": (
        "Ask the owner of the account to change its password.",
        "Enter the day in config/accounts.toml; the password itself is told to nobody.",
    ),
    "risk_assessment_cell": (
        "Complete the form: auditbot risk-assessment new asks for what is missing.",
        "The next audit then drops this finding by itself.",
    ),
}
_STEPS["password_due"] = _STEPS["password_overdue"]
_NO_TAKE_DOWN = frozenset({"concern", "given_later", "photo_serial_number"})
_REFERRED_FIRST = (
    "Keep the evidence: note the post’s address and the day you saw it, and leave the post as it is for now.",
    "Speak to nobody about it first, and do not ask whoever looks after the account to change or remove anything: "
    "it may be the person who wrote it.",
)
_TO_THE_HEADTEACHER = (
    "Take it to the Headteacher today. If it is about the Headteacher, go to the local authority’s designated officer "
    "(LADO) instead."
)
_DECIDED_THERE = (
    "They decide who speaks to whom, and when the words come down. Record where you took it with auditbot refer."
)
_REFERRED = {
    "C9": (
        "The words may invite a child into private contact. If a child is in danger now, call the police: 999.",
        _TO_THE_HEADTEACHER,
        _DECIDED_THERE,
    ),
    "B6": (_TO_THE_HEADTEACHER, _DECIDED_THERE),
    "C7": (_TO_THE_HEADTEACHER, _DECIDED_THERE),
}
"""Clauses about the words of staff or of the school’s account: what is done comes from whom the policy names in B9."""


def _words_of_staff(finding: Finding) -> bool:
    return finding.clause in _REFERRED and finding.kind.startswith("words_")


def nothing_to_take_down(finding: Finding) -> bool:
    """Whether nobody is to be asked to take something down: nothing has to go, or somebody else decides that first."""
    return finding.kind in _NO_TAKE_DOWN or _words_of_staff(finding)


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
        change = "Ask for the marked words to be taken out, with the wording below."
    check = "Check that the marked words are a pupil’s surname. If they are not, note that and leave the post as it is."
    return (check, change, "A surname is never published, whatever permission was given.")
