"""What to do: about each kind of finding, and about what could not be checked. Calm, step by step."""

from __future__ import annotations

from auditbot.model import Finding, PhotoEvidence
from auditbot.report.wording import moment_of_film

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
