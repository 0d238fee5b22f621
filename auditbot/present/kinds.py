"""Every kind of finding once: its heading, its question, its place in the order of risk, and what to do about it.

A check names its findings by these names; a test holds that each is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from auditbot.sentences import say


class Risk(IntEnum):
    """What a finding puts at risk, worst first: the order in which findings are read."""

    PROTECTED = 0
    """A child who is never to be published."""
    THREAT = 1
    """Words that may threaten somebody or invite a child into private contact."""
    NO_PERMISSION = 2
    """A child without permission."""
    PERSONAL_DATA = 3
    """Somebody's phone number, address or date of birth."""
    SURNAME = 4
    """A pupil's surname."""
    UNKNOWN_FACES = 5
    """Faces the program does not know."""
    WORDS = 6
    """Words that somebody should read."""
    RECORDS = 7
    """The school's own records."""


class About(StrEnum):
    """What a decision about a finding is made on."""

    FACE = "face"
    """A face that may be a pupil's."""
    FACES = "faces"
    """Faces that nobody could name."""
    NAME = "name"
    """Words that may be a pupil's surname."""
    PERSON = "person"
    """A name that may be a pupil's, or somebody else's."""
    VALUE = "value"
    """A number, an address or a date that may be somebody's own."""
    FILE = "file"
    """What the photo's file says besides the picture."""
    WORDS = "words"
    """Words to be read."""
    RECORD = "record"
    """An entry of a register."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding, as a person is told of it."""

    heading: str
    """What was found, in a few words."""
    risk: Risk
    """What it puts at risk."""
    about: About
    """What has to be decided."""
    steps: tuple[str, ...]
    """What to do, step by step."""
    film_heading: str = ""
    """What was found in a film; empty if it is said as of a photo."""
    film_steps: tuple[str, ...] = ()
    """What to do about a film; empty if it is said as of a photo."""
    comes_down: bool = True
    """Whether something published may have to come down for it."""
    prompt: bool = False
    """Whether it needs somebody at once even in an old post, and so is never put off to the backlog."""


_LOOK = say("Look at the numbered face. You decide whether it is the child named here.")
_WHOLE = say("If it is, the whole photo comes down. Covering or cropping one face would point at the child.")
_SOMEBODY_ELSE = say("If it is somebody else, say so, and the photo stays.")
_CHILD = (_LOOK, _WHOLE, _SOMEBODY_ELSE)
_WHOLE_FILM = say("If it is, the whole film comes down. Covering or cropping one face would point at the child.")
_CHILD_FILM = (_LOOK, _WHOLE_FILM, say("If it is somebody else, say so, and the film stays."))
_NO_REASON = say("Give nobody a reason when you ask, and do not pass this on.")
_NEVER = (_LOOK, _WHOLE, _NO_REASON)
_NEVER_FILM = (_LOOK, _WHOLE_FILM, _NO_REASON)
_NEWER_FORM = say("Permission was in order when this was posted. Ask the office whether there is a newer form.")
_HOLDS_TODAY = say("Nothing has to come down: permission holds today.")
_NUMBERED_FACES = say("Look at the numbered faces. Is one of them a pupil without permission?")
_NO_DETAILS = say("Ask whoever puts photos up to remove file details from now on.")
_ENDED = say("Permission was in order when this was posted, so nothing was done wrong then. It has ended since.")
_PRIVATE = (
    say("See whose it is. If it is the school’s own, say so, and it is not asked about again."),
    say("If it is somebody’s own, a child’s or an adult’s, and they have not agreed, it comes down."),
)
_RECORD = (
    say("Ask whoever looks after it to bring the record up to date."),
    say("The next audit then drops this by itself."),
)
_READ = (
    say("Read the marked words where they stand. The program cannot tell what is meant; you decide."),
    say("If they should not be public, they come down."),
)
_PASSWORD = (
    say("Ask whoever looks after the account to change its password, and to have the day entered in the register."),
    say("The password itself is told to nobody."),
)


def _record(heading: str, steps: tuple[str, ...] = _RECORD) -> Kind:
    return Kind(heading, Risk.RECORDS, About.RECORD, steps, comes_down=False)


def _words(heading: str, steps: tuple[str, ...] = _READ) -> Kind:
    return Kind(heading, Risk.WORDS, About.WORDS, steps)


KINDS: Mapping[str, Kind] = {
    "never_publish": Kind(
        say("A child who is not to be published"),
        Risk.PROTECTED,
        About.FACE,
        _NEVER,
        film_steps=_NEVER_FILM,
        prompt=True,
    ),
    "possible_never_publish": Kind(
        say("Perhaps a child who is not to be published"),
        Risk.PROTECTED,
        About.FACE,
        _NEVER,
        film_steps=_NEVER_FILM,
        prompt=True,
    ),
    "no_permission": Kind(
        say("A child without permission"), Risk.NO_PERMISSION, About.FACE, _CHILD, film_steps=_CHILD_FILM
    ),
    "withdrawn_since": Kind(
        say("Permission was withdrawn after it was posted"),
        Risk.NO_PERMISSION,
        About.FACE,
        (_ENDED, *_CHILD),
        film_steps=(_ENDED, *_CHILD_FILM),
        prompt=True,
    ),
    "lapsed_since": Kind(
        say("Permission ran out after it was posted"),
        Risk.NO_PERMISSION,
        About.FACE,
        (
            _NEWER_FORM,
            say("If there is none, the whole photo comes down."),
        ),
        film_steps=(_NEWER_FORM, say("If there is none, the whole film comes down.")),
    ),
    "possible_no_permission": Kind(
        say("Perhaps a child without permission"), Risk.NO_PERMISSION, About.FACE, _CHILD, film_steps=_CHILD_FILM
    ),
    "given_later": Kind(
        say("Permission was recorded after it was posted"),
        Risk.RECORDS,
        About.FACE,
        (
            _HOLDS_TODAY,
            say("Ask how the photo came to be chosen before the form was there."),
        ),
        film_steps=(_HOLDS_TODAY, say("Ask how the film came to be chosen before the form was there.")),
        comes_down=False,
    ),
    "unknown_faces": Kind(
        say("Faces the program does not know"),
        Risk.UNKNOWN_FACES,
        About.FACES,
        (
            _NUMBERED_FACES,
            say("If not, say so, and the photo stays. If one is, or you cannot tell, the whole photo comes down."),
        ),
        film_steps=(
            _NUMBERED_FACES,
            say("If not, say so, and the film stays. If one is, or you cannot tell, the whole film comes down."),
        ),
    ),
    "surname": Kind(
        say("A pupil’s surname"),
        Risk.SURNAME,
        About.NAME,
        (
            say("See whether the marked words are a pupil’s surname. If they are not, say so, and they stay."),
            say("If they are, they come out: a surname is never published, whatever permission was given."),
        ),
    ),
    "adult_with_a_name_like_a_pupil": Kind(
        say("Somebody with a name like a pupil’s"),
        Risk.WORDS,
        About.PERSON,
        (
            say(
                "See whether the name is a pupil’s or an adult’s. If it is an adult’s, say so once: it holds for the "
                "name."
            ),
            say("If it is a pupil’s, the surname comes out, whatever permission was given."),
        ),
    ),
    "child_not_on_the_register": Kind(
        say("A child who is not on the register"),
        Risk.SURNAME,
        About.PERSON,
        (
            say("See whether the name is one of the school’s children. If not, say so, and it stays."),
            say(
                "If it is, the surname comes out, and the office completes the register: this child is not checked "
                "at all."
            ),
        ),
    ),
    "phone_number": Kind(say("A phone number"), Risk.PERSONAL_DATA, About.VALUE, _PRIVATE, prompt=True),
    "email_address": Kind(say("An e-mail address"), Risk.PERSONAL_DATA, About.VALUE, _PRIVATE, prompt=True),
    "postal_address": Kind(say("A postal address"), Risk.PERSONAL_DATA, About.VALUE, _PRIVATE, prompt=True),
    "date_of_birth": Kind(
        say("A date of birth"),
        Risk.PERSONAL_DATA,
        About.VALUE,
        (
            say("See whether it is the date of birth of a child or of another living person."),
            say("If it is, the marked words come down."),
        ),
        prompt=True,
    ),
    "special_data": Kind(
        say("A named child’s health, needs, meals, care or faith"),
        Risk.PERSONAL_DATA,
        About.WORDS,
        (
            say("See whether the marked words tell of a named child’s health, needs, meals, care or faith."),
            say("If they do, and the family did not agree to just this, they come down."),
        ),
        prompt=True,
    ),
    "photo_position": Kind(
        say("A photo’s file tells where it was taken"),
        Risk.PERSONAL_DATA,
        About.FILE,
        (
            say("The photo comes down. It can come back as a copy saved without its location."),
            say("Ask whoever takes photos to switch off the location in the camera’s settings."),
        ),
        film_heading=say("A film’s file tells where it was taken"),
        prompt=True,
    ),
    "photo_serial_number": Kind(
        say("A photo’s file names the camera"),
        Risk.RECORDS,
        About.FILE,
        (
            say("Nothing has to come down. When the photo is next changed, put up a copy saved without file details."),
            _NO_DETAILS,
        ),
        film_heading=say("A film’s file names the camera"),
        film_steps=(
            say("Nothing has to come down. When the film is next changed, put up a copy saved without file details."),
            _NO_DETAILS,
        ),
        comes_down=False,
    ),
    "words_contact": Kind(
        say("Contact with a child"),
        Risk.THREAT,
        About.WORDS,
        (
            say("Read the marked words today. Do they invite a child into private contact?"),
            say("If a child may be in danger now, call the police: 999."),
            say("If they should not be public, they come down."),
        ),
        prompt=True,
    ),
    "words_hurtful": Kind(
        say("Words that could hurt or frighten"),
        Risk.THREAT,
        About.WORDS,
        (
            say("If someone is in danger, call the police: 999."),
            say(
                "If they may be a threat, keep the evidence, a picture of the page, before they come down, and tell "
                "the Headteacher today."
            ),
            say("If they hurt, they come down; follow the school’s anti-bullying policy."),
        ),
        prompt=True,
    ),
    "words_complaint": _words(
        say("Words about a grievance"),
        (
            say("Read the marked words where they stand. The program cannot tell what is meant."),
            say("If it is a complaint, answer the person privately and point to the school’s complaints procedure."),
            say("Whether the words come down is for the school to decide."),
        ),
    ),
    "words_claim": _words(say("A claim about somebody")),
    "words_copyright": _words(say("Words about copied work")),
    "words_advertisement": _words(say("An offer or advertisement")),
    "words_campaign": _words(say("A campaign")),
    "words_conduct": _words(say("Choice of words")),
    "words_discrimination": _words(say("Words about a group of people")),
    "words_personal": _words(say("Private news")),
    "comment_photo": Kind(
        say("A photo in a comment"),
        Risk.UNKNOWN_FACES,
        About.FILE,
        (
            say("Look at the photo in the comment."),
            say("If it shows other people’s children, the comment comes down. If not, say so, and it stays."),
        ),
    ),
    "concern": Kind(
        say("A concern that somebody reported"),
        Risk.THREAT,
        About.WORDS,
        (
            say("Read the reported words where they stand."),
            say("Decide with the Headteacher. If it is taken further, record to whom."),
            say("Close the concern when it is dealt with; until then it stands here."),
        ),
        comes_down=False,
        prompt=True,
    ),
    "not_approved": _record(say("No approval by the Headteacher on record")),
    "approved_late": _record(say("In use before it was approved")),
    "unregistered_account": _record(
        say("An account that the register does not hold"),
        (
            say("Open the address and see whether the account is the school’s own."),
            say("If it is, it needs the Headteacher’s approval and an entry in the register of accounts."),
            say("If it is somebody else’s, have that noted in the register, and it is not asked about again."),
        ),
    ),
    "no_owner": _record(say("Nobody is named as its owner")),
    "owner_gone": _record(say("Its owner is not on the staff list")),
    "no_risk_assessment": _record(say("No risk assessment on file")),
    "risk_assessment_cell": _record(say("The risk assessment is not finished")),
    "tool_not_assessed": _record(say("A tool used with pupils was not assessed first")),
    "password_rule": _record(say("The password rule is not declared as met")),
    "password_date": _record(say("No day on record when the password was changed"), _PASSWORD),
    "password_overdue": _record(say("The password is overdue for change"), _PASSWORD),
    "password_due": _record(say("The password is due for change within a week"), _PASSWORD),
    "administrator_missing": _record(say("No administrator’s e-mail on record")),
    "administrator_outside": _record(say("The administrator’s e-mail is not the school’s")),
    "document_missing": _record(say("A document is not on file")),
    "document_review": _record(say("A document is due for review")),
    "no_event_approval": _record(
        say("Photos of events without an approval on record"),
        (
            say("Ask the Headteacher whether photos of these events may be posted."),
            say("Have the approval entered in the register, or ask for the photos to be taken down."),
        ),
    ),
}
"""All kinds, by the name that a finding carries."""

_REFERRED_FIRST = (
    say("Keep the evidence: leave the post as it is for now."),
    say("Speak to nobody about it first: whoever looks after the account may have written it."),
)
_TO_THE_HEADTEACHER = say(
    "Take it to the Headteacher today; if it is about the Headteacher, to the local authority’s designated officer "
    "(LADO). They decide who speaks to whom and when the words come down."
)
_DECIDED_THERE = say("Record whom you told (refer).")
REFERRED: Mapping[str, tuple[str, ...]] = {
    "C9": (
        *_REFERRED_FIRST,
        say("If a child may be in danger now, call the police: 999."),
        _TO_THE_HEADTEACHER,
        _DECIDED_THERE,
    ),
    "B6": (*_REFERRED_FIRST, _TO_THE_HEADTEACHER, _DECIDED_THERE),
    "C7": (*_REFERRED_FIRST, _TO_THE_HEADTEACHER, _DECIDED_THERE),
}
"""Clauses about the words of staff or of the school’s account: what is done comes from whom the policy names in B9."""


def kind_of(name: str) -> Kind:
    """Return a kind by the name that a finding carries; one that nobody declared is words to be read, headed by it."""
    known = KINDS.get(name)
    if known is not None:
        return known
    plain = name.replace("_", " ").strip()
    return _words(plain[:1].upper() + plain[1:])
