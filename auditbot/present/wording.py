"""Words for the safeguarding lead: calm, short, exact. No guess as a fact, nobody accused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from auditbot.check.texts import clock
from auditbot.decisions.decided import Lapse, State
from auditbot.decisions.event import Action, Reason
from auditbot.examine.faces.trial import Trial
from auditbot.model import CoverageStatus, Finding, FindingState, PhotoEvidence, Severity, TextEvidence
from auditbot.present.cards import Place
from auditbot.present.kinds import REFERRED, About, Risk, kind_of
from auditbot.sentences import Sentence, _, _n, either, say, say_n

SEVERITY: dict[Severity, tuple[str, str]] = {
    "today": ("■", say("Today")),
    "week": ("▲", say("This week")),
    "governance": ("●", say("Governance")),
}
"""Shape and words of each severity; never told by colour alone."""

RISK: dict[Risk, str] = {
    Risk.PROTECTED: say("Children who are not to be published"),
    Risk.THREAT: say("Words that may threaten, hurt or invite private contact"),
    Risk.NO_PERMISSION: say("Children without permission"),
    Risk.PERSONAL_DATA: say("Personal data"),
    Risk.SURNAME: say("Surnames"),
    Risk.UNKNOWN_FACES: say("Faces the program does not know"),
    Risk.WORDS: say("Words to read"),
    Risk.RECORDS: say("The school’s own records"),
}
"""Headings of the order of risk."""

FINDING_STATE: dict[FindingState, str] = {
    "new": say("New"),
    "open": say("Seen before"),
    "back": say("Back"),
    "gone": say("Gone"),
}

STATE: dict[State, str] = {
    State.NEW: say("Needs a decision"),
    State.WAITING: say("Waits"),
    State.TO_COME_DOWN: say("To come down"),
    State.ASKED: say("Asked, still up"),
    State.GONE_ONCE: say("Gone, seen once"),
    State.PROVED: say("Gone, proved"),
    State.CLOSED: say("Closed"),
    State.STAYS_UP: say("Stays up"),
    State.ENDED: say("No finding any more"),
}
"""What each state of a decision is called, everywhere."""

LAPSE: dict[Lapse, str] = {
    Lapse.TEXT_CHANGED: say("It was decided before; the words have changed since, so it needs to be decided again."),
    Lapse.CONSENT_CHANGED: say("It was decided before; what the register says of this pupil has changed since."),
    Lapse.POLICY_CHANGED: say("It was decided before; the policy has changed since."),
    Lapse.ENGINE_CHANGED: say(
        "It was decided before; a newer program sees this face, and takes it for the same pupil."
    ),
    Lapse.TIME_OVER: say("It was decided for a time that has ended."),
    Lapse.WAIT_OVER: say("The time to wait is over."),
    Lapse.BACK: say("It was proved gone, and is there again."),
}
"""Why what was decided needs to be decided again."""

ACTION: dict[Action, str] = {
    Action.DOWN: say("To come down"),
    Action.NOT_SO: say("Stays up"),
    Action.NO_PUPIL: say("Stays up: no pupil of ours"),
    Action.PERMITTED: say("Stays up: permission exists"),
    Action.WAIT: say("Waits"),
    Action.REFER: say("Referred"),
    Action.SECOND: say("A second person agreed that it stays up"),
    Action.SECOND_NO: say("A second person did not agree: to come down"),
    Action.ASK: say("Asked to take it down"),
    Action.DONE: say("Said to be done"),
    Action.CANNOT: say("Said that it cannot be done"),
    Action.SEEN_GONE: say("Seen gone once"),
    Action.PROVED: say("Proved gone"),
    Action.CLOSE: say("Closed"),
    Action.TICK: say("Done by hand"),
    Action.UNDO: say("Taken back"),
}
"""What each step is called in a history."""

REASON: dict[Reason, str] = {
    Reason.NONE: "",
    Reason.ANOTHER_PERMITTED: say("it is another pupil, who has permission"),
    Reason.NOT_THIS_CHILD: say("it is not this child; who it is, is not known yet"),
    Reason.NOT_RECOGNISABLE: say("nobody can be recognised in it"),
    Reason.NOT_A_NAME: say("it is no name"),
    Reason.ANOTHERS_NAME: say("it is somebody else’s name"),
    Reason.OUR_OWN: say("it is the school’s own"),
    Reason.AGREED: say("the person has agreed"),
    Reason.HARMLESS: say("it is harmless"),
    Reason.STAFF: say("a member of staff"),
    Reason.FAMILY: say("a parent or carer"),
    Reason.VISITOR: say("a visitor"),
    Reason.OTHER_SCHOOL: say("a child of another school"),
    Reason.FORM_UPLOADED: say("the form is on file"),
    Reason.SEEN_ON_PAPER: say("seen on paper"),
    Reason.UNTIL_THREE: say("until today, 15:00"),
    Reason.UNTIL_TOMORROW: say("until tomorrow"),
    Reason.UNTIL_DAY: say("until a day"),
    Reason.OFFICE_ANSWERS: say("until the office answers"),
    Reason.HEADTEACHER: say("to the Headteacher"),
    Reason.LADO: say("to the LADO"),
    Reason.SEARCH_ENGINES: say("search engines were asked to forget it"),
    Reason.COPIES: say("shared copies were looked for"),
    Reason.FAMILY_TOLD: say("the family was told"),
    Reason.DATA_PROTECTION: say("to the data protection officer"),
    Reason.POLICE: say("to the police"),
    Reason.NAMED_IN_POLICY: say("to the person whom the policy names"),
    Reason.PHOTO: say("the photo"),
    Reason.POST: say("the post"),
    Reason.WORDS: say("the words"),
    Reason.COMMENT: say("the comment"),
    Reason.DOCUMENT: say("the document"),
    Reason.ADDRESS: say("the address"),
    Reason.OTHER: say("another reason"),
}
"""The words of each reason."""

COVERAGE: dict[CoverageStatus, str] = {
    "complete": say("Reached in full"),
    "partial": say("Reached in part"),
    "walled": say("Not reached: closed to visitors"),
    "error": say("Not reached: error"),
}

CHANNEL = {
    "website": say("Website"),
    "social_media": say("Social media"),
    "newsletter": say("Newsletter"),
    "prospectus_display": say("Prospectus and display"),
    "press": say("Press"),
    "video": say("Video"),
}

VERSION: dict[str, Sentence] = {
    "auditbot": say("Auditbot"),
    "face engine": say("Face engine"),
    "gallery": say("Gallery"),
    "word reader": say("Word reader"),
    "photo metadata": say("Photo metadata"),
    "largest photo": say("Largest photo"),
    "films": say("Films"),
    "people enrolled": say("People enrolled"),
    "pupils with one photo": say("Pupils with one photo"),
    "pupils without a photo of this year": say("Pupils without a photo of this year"),
    "named from score": say("Named from score"),
    "shown from score": say("Shown from score"),
    "consent list": say("Consent list"),
    "policy": say("Policy"),
    "browser": say("Browser"),
}
"""What each version and threshold of an audit is called."""

NOT_CHECKED = {
    "account": say(
        "Open the account yourself and look through what is new. If this stays so, tell whoever runs the audit."
    ),
    "listing": say("Open the account and look at the posts further down the list, which were not seen."),
    "page": say("Open the page and look at it yourself."),
    "post": say("Open the post and look at it yourself."),
    "photo": say("Open each address, or the post that shows it, and look at the picture yourself."),
    "document": say("Open the document and read it yourself."),
    "faces": say("Look at the photos of these posts yourself: nobody in them was compared with the register."),
    "register": say("Ask whoever keeps the register to complete it, then run the audit again."),
    "words": say("Look at these pictures yourself for names that can be read in them."),
    "captions": say("Watch the film with its captions on, and read them yourself."),
    "embed": say("Look at these pages yourself, or add the account that they show to the register."),
    "video": say("Watch the video yourself, or ask its owner to."),
}
"""What to do about each kind of thing that was not checked."""
NOT_CHECKED_OTHER = say("Look at it yourself, or ask the owner of the account to.")


_AMOUNTS: dict[str, Sentence] = {
    "account": say_n("%(count)s account", "%(count)s accounts", 0),
    "address": say_n("%(count)s address", "%(count)s addresses", 0),
    "clause": say_n("%(count)s clause", "%(count)s clauses", 0),
    "document": say_n("%(count)s document", "%(count)s documents", 0),
    "embed": say_n("%(count)s embed", "%(count)s embeds", 0),
    "listing": say_n("%(count)s listing", "%(count)s listings", 0),
    "page": say_n("%(count)s page", "%(count)s pages", 0),
    "photo": say_n("%(count)s photo", "%(count)s photos", 0),
    "place": say_n("%(count)s place", "%(count)s places", 0),
    "post": say_n("%(count)s post", "%(count)s posts", 0),
    "register": say_n("%(count)s register", "%(count)s registers", 0),
    "thing": say_n("%(count)s thing", "%(count)s things", 0),
    "video": say_n("%(count)s video", "%(count)s videos", 0),
    "week": say_n("%(count)s week", "%(count)s weeks", 0),
    # These are plural already, whatever their number.
    "addresses": say_n("%(count)s addresses", "%(count)s addresses", 0),
    "captions": say_n("%(count)s captions", "%(count)s captions", 0),
    "faces": say_n("%(count)s faces", "%(count)s faces", 0),
    "posts": say_n("%(count)s posts", "%(count)s posts", 0),
    "words": say_n("%(count)s words", "%(count)s words", 0),
}
"""How many there are of what can be counted: of one, and of several."""


def amount(count: int, what: str) -> str:
    """Return how many things of one kind, like "7 photos"; a kind that nobody declared by its own name."""
    if what in _AMOUNTS:
        return _n(_AMOUNTS[what].message, _AMOUNTS[what].plural, count)
    return f"{count} {what}" if count == 1 or what.endswith("s") else f"{count} {what}s"


def one_not_checked(what: str) -> str:
    """Return the sentence before the reason why one thing was not checked; several of a kind may stand in one line."""
    known = _AMOUNTS.get(what)
    several = known is None or known.message == known.plural
    return _("Something could not be checked.") if several else _("%(one)s could not be checked.", one=amount(1, what))


def version(name: str) -> str:
    """Return what a version or threshold is called; one that nobody declared by its own name."""
    return VERSION.get(name) or name.replace("_", " ").capitalize()


LONGEST_TITLE = 160
"""Characters of a post's title that are shown."""
LONGEST_ASKED = 60
"""Characters of words that a question quotes."""


def reached(status: CoverageStatus, something_left_out: bool) -> str:
    """Return how far an account was reached; "in full" only if nothing in it was left unchecked."""
    if status == "complete" and something_left_out:
        return _("Reached; not everything in it could be checked")
    return COVERAGE[status]


def short(title: str, longest: int = LONGEST_TITLE) -> str:
    """Return a title on one line, cut if nobody would read it to its end."""
    line = " ".join(title.split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"


def heading(finding: Finding) -> str:
    """Return the heading of a finding, from its kind."""
    kind = kind_of(finding.kind)
    return kind.film_heading if kind.film_heading and moment_of_film(finding) else kind.heading


_GRAVE: Mapping[str, Sentence] = {
    "words_contact": say("May these words invite a child into private contact?"),
    "words_hurtful": say("May these words hurt or frighten somebody?"),
}
"""What is asked before anything comes down: the evidence is kept first."""
_ASKED = {
    About.NAME: say("Is “%(words)s” a pupil’s surname?"),
    About.PERSON: say("Is “%(words)s” one of the school’s children?"),
    About.VALUE: say("Is “%(words)s” private?"),
}
_PRIVATE: Mapping[str, Sentence] = {
    "phone_number": say("Is “%(words)s” somebody’s private number?"),
    "email_address": say("Is “%(words)s” somebody’s private e-mail address?"),
    "postal_address": say("Is “%(words)s” somebody’s private address?"),
    "date_of_birth": say("Is “%(words)s” somebody’s date of birth?"),
}


def question(finding: Finding, names: Sequence[str]) -> str:
    """Return what has to be decided, as a question that yes answers with "it comes down"; of records the heading.

    ``names`` are what the finding's pupils are called, in its order.
    """
    about = kind_of(finding.kind).about
    evidence = finding.evidence
    if about is About.FACE and names:
        several = isinstance(evidence, PhotoEvidence) and len(evidence.boxes) > 1
        who = either(names)
        return _("Is one of them %(who)s?", who=who) if several else _("Is this %(who)s?", who=who)
    if about is About.FACES:
        count = len(evidence.boxes) if isinstance(evidence, PhotoEvidence) else 1
        return _n(
            "Is this a pupil without permission?", "Is one of these %(count)s faces a pupil without permission?", count
        )
    if about in _ASKED:
        asked = _PRIVATE.get(finding.kind, _ASKED[about])
        return _(asked.message, words=short(marked(finding), LONGEST_ASKED))
    if finding.kind in _GRAVE:
        return str(_GRAVE[finding.kind])
    if about is About.WORDS:
        return _("Should these words come down?")
    return str(heading(finding))


def marked(finding: Finding) -> str:
    """Return the exact characters that a finding rests on; empty if it rests on none."""
    evidence = finding.evidence
    whole = evidence.text if isinstance(evidence, TextEvidence) else evidence.words
    return whole[evidence.start : evidence.end]


def steps(finding: Finding) -> tuple[str, ...]:
    """Return what to do about a finding, step by step."""
    if words_of_staff(finding):
        return REFERRED[finding.clause]
    kind = kind_of(finding.kind)
    return kind.film_steps if kind.film_steps and moment_of_film(finding) else kind.steps


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
        return _(
            "Likely: fewer than 1 stranger in %(one_in)s looks this alike to the program",
            one_in=_one_in(false_name_rate),
        )
    if trial is None or not trial.stranger_scores:
        return _("Perhaps: strangers look this alike to the program too")
    as_alike = sum(score >= finding.score for score in trial.stranger_scores)
    if as_alike == 0:
        return _(
            "Perhaps: none of %(count)s strangers looked this alike to the program", count=len(trial.stranger_scores)
        )
    one_in = len(trial.stranger_scores) // as_alike
    return (
        _("Perhaps: about 1 stranger in %(one_in)s looks this alike to the program", one_in=one_in)
        if one_in > 1
        else _("Unsure: most strangers look this alike to the program")
    )


def _one_in(rate: float) -> int:
    return max(2, round(1 / rate)) if rate > 0 else 100


def moment_of_film(finding: Finding) -> str:
    """Return the moment of a film that a finding rests on, like "0:42"; empty if it rests on anything else."""
    evidence = finding.evidence
    found = re.search(r"#t=(\d+)$", evidence.photo_url, re.ASCII) if isinstance(evidence, PhotoEvidence) else None
    return clock(int(found[1])) if found else ""


def picture_text(finding: Finding) -> str:
    """Return the text that stands for an evidence picture."""
    count = len(finding.evidence.boxes) if isinstance(finding.evidence, PhotoEvidence) else 0
    if not count:
        return _("The published photo; this is about its file, so all faces are hidden.")
    at = moment_of_film(finding)
    if at:
        return _n(
            "The published film at %(at)s; box 1 is what this is about, all other faces are hidden.",
            "The published film at %(at)s; boxes 1 to %(count)s are what this is about, all other faces are hidden.",
            count,
            at=at,
        )
    return _n(
        "The published photo; box 1 is what this is about, all other faces are hidden.",
        "The published photo; boxes 1 to %(count)s are what this is about, all other faces are hidden.",
        count,
    )


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Return a moment like "12 October 2026, 14:05" in the school's time zone."""
    local = value.astimezone(zone)
    time = f"{local:%H:%M}"
    return _("%(day)s, %(time)s", day=local.date(), time=time)


_FIELDS = (
    (r"title", say("In the title")),
    (r"text", say("In the text")),
    (r"author", say("In the author’s name")),
    (r"address", say("In the address of the post")),
    (r"excerpt(?: \d+)?", say("In the excerpt of the post")),
    (r"description(?: \d+)?", say("In the description of the post")),
    (r"tag(?: \d+)?", say("In the tag of the post")),
    (r"category(?: \d+)?", say("In the category of the post")),
    (r"(?:photo|picture) (?P<a>\d+) alt", say("In the alternative text of photo %(a)s")),
    (r"(?:photo|picture) (?P<a>\d+) caption", say("In the caption of photo %(a)s")),
    (r"(?:photo|picture) (?P<a>\d+) (?:address|url|file name|file)", say("In the file address of photo %(a)s")),
    (r"(?:photo|picture) (?P<a>\d+) words", say("In the words on photo %(a)s")),
    (
        r"(?:photo|picture) (?P<a>\d+) file details, (?P<b>.+)",
        say("In what the file of photo %(a)s says of itself: %(b)s"),
    ),
    (
        r"document (?P<a>\d+) page (?P<b>\d+) file details, (?P<c>.+)",
        say("In what a picture in document %(a)s, page %(b)s, says of itself: %(c)s"),
    ),
    (r"video (?P<a>\d+) title", say("In the title of video %(a)s")),
    (r"video (?P<a>\d+) file name", say("In the file address of video %(a)s")),
    (r"captions (?P<a>\d+) text", say("In captions %(a)s of a film")),
    (r"captions (?P<a>\d+) title", say("In what captions %(a)s are called")),
    (r"captions (?P<a>\d+) file name", say("In the file address of captions %(a)s")),
    (r"comment (?P<a>\d+) text", say("In comment %(a)s")),
    (r"comment (?P<a>\d+) author", say("In the name shown on comment %(a)s")),
    (r"document (?P<a>\d+) page (?P<b>\d+)", say("In document %(a)s, page %(b)s")),
    (r"document (?P<a>\d+) (?:link|title)", say("In the words of the link to document %(a)s")),
    (r"document (?P<a>\d+) (?:address|url|file name|file)", say("In the file address of document %(a)s")),
)
"""What each name of a text is in words; its parts are given to the sentence by their names."""


def where(field: str) -> str:
    """Return in words which text of a post, or which cell of a register, a piece of evidence is from."""
    if field.startswith("register "):
        return _("In the school’s register")
    if field == "reported words":
        return _("The words that were reported")
    for pattern, words in _FIELDS:
        found = re.fullmatch(pattern, field)
        if found:
            return _(words.message, **found.groupdict())
    return _("In: %(field)s", field=field)


def still_up(place: Place, audit_started: datetime, zone: ZoneInfo) -> str:
    """Return whether what was found in a post is still up, and since when that is known."""
    if place.seen_gone:
        return _("Taken down; we look once more at the next audit")
    if place.removed:
        return _("The page no longer shows it; that it was removed is not proved yet")
    last_checked = place.last_checked
    if last_checked is None:
        return _("Not known: the post was not reached")
    if last_checked < audit_started:
        return _("It was when last reached, %(moment)s; not reached in this audit", moment=moment(last_checked, zone))
    return _("Yes, checked %(moment)s", moment=moment(last_checked, zone))


def rests_on_a_face(finding: Finding) -> bool:
    """Whether the evidence is a face, and not words, nor what the photo's file says besides the picture."""
    evidence = finding.evidence
    return isinstance(evidence, PhotoEvidence) and not evidence.words and bool(evidence.boxes)
