"""What a heading of an export means: a column of the register, nothing that it holds, or what only the school knows.

Headings are compared without case, spaces and punctuation. A heading about photos that does not say where they are
published is never guessed: the school says what it means with ``--map``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal

from auditbot.model import Channel
from auditbot.registers.people import COLUMNS

System = Literal["sims", "arbor", "bromcom", "scholarpack", "integris", "juniper"]
SYSTEMS: tuple[System, ...] = ("sims", "arbor", "bromcom", "scholarpack", "integris", "juniper")

ASK, ASK_START, ASK_END, UNUSED, DATE_OF = "?", "? start", "? end", "", "date of "
"""What a heading can mean besides a column: only the school knows where (or whether it is the pupil or the consent that
begins or ends); nothing that the register holds; or, before the name of a channel, the day of its answer."""

ALIASES: Mapping[str, str] = {
    "pupil_id": "Id, Student ID, Pupil ID, MIS ID, Person ID, Pupil Number, Learner ID, Child ID, Pupil Reference, "
    "Arbor Student ID, Arbor ID, Bromcom ID, Student MIS ID, Pupil MIS ID, System ID, Unique ID, Student Reference, "
    "Pupil Ref, Student Ref, Pupil No, Student No, External ID, Scholarpack ID, SIMS ID, Integris ID",
    "upn": "Unique Pupil Number, UPN Number, Student UPN, Pupil UPN, UPN No, Current UPN",
    "admission_no": "Adno, Adm No, Admission Number, Student Number, Admission No, Admin No, Adm Number, "
    "Admission Num, Admis No, Adm, Adm Num",
    "legal_forename": "Legal First Name, Forename Legal, Legal Given Name, Legal Forenames, Legal First Names",
    "legal_surname": "Legal Last Name, Surname Legal, Legal Family Name, Legal Name Surname",
    "forename": "Forename, Forenames, First Name, First Names, Given Name, Given Names, Forename s",
    "surname": "Surname, Last Name, Family Name, Second Name",
    "preferred_forename": "Known As, Chosen Name, Pref Forename, Preferred First Name, Preferred Given Name, "
    "Chosen Forename, Chosen First Name, Preferred Name, Pref Name, Pref First Name, Known As Forename, Nickname",
    "preferred_surname": "Pref Surname, Preferred Last Name, Preferred Family Name, Chosen Surname, Chosen Last Name, "
    "Known As Surname, Pref Last Name",
    "former_surnames": "Former Surname, Previous Surname, Previous Surnames, Former Last Name, Former Name, "
    "Previous Last Name, Former Family Name",
    "date_of_birth": "DOB, Birth Date, Birthdate, Birthday, D O B",
    "year_group": "Year, NC Year, NCY, Yr, Year Grp, National Curriculum Year, Year Group Name, NC Year Group, "
    "Yr Grp, Curriculum Year, NC Year Actual, Current Year, Current Year Group, Year Taught In, Actual NC Year",
    "class": "Reg Group, Registration Form, Form, Tutor Group, Class Name, Registration Group, Reg, "
    "Reg Class, Registration Class, Class Group, Reg Form, Form Group, Registration, Current Class, Form Name, "
    "Current Registration Form, Reg Grp",
    "on_roll_from": "DOA, Admission Date, Date of Admission, Date Admitted, Enrolment Date, Entry Date, "
    "Date of Entry, Joining Date, Date Joined, On Roll Date, Enrolled On",
    "left_on": "DOL, Leaving Date, Date of Leaving, Date Left, Leave Date, Left Date, Leaver Date, "
    "Date of Leaver, Left, Off Roll Date",
    "name_use": "Use of Name, Use Name, Name Used, Use of Names, Name in Photos, Name With Photo, Publish Name, "
    "Names in Images, Name in Images, Names With Images, Name With Image, Names in Photos, Names With Photos",
    "consent_given_on": "Consent Date, Date of Consent, Date Signed, Signed On, Date Consent Given, Date Given, "
    "Consent Given Date, Date of Form, Form Date, Response Date, Date of Response, Consent Signed, "
    "Consent Recorded On, Permission Date, Date Recorded, Consents Date, Photo Consent Date, Responded On, "
    "Date Responded, Given On, Date Consent Received, Consent Received On, "
    "Date Granted, Granted On, Consent Received, Consent Recorded",
    "consent_by": "Given By, Signed By, Consent Given By, Consent From, Parent, Responded By, Parental Consent By, "
    "Consenting Parent, Response By, Guardian, Completed By, Parent Guardian, Authorised By, Consented By, "
    "Consent Received From, Recorded By Parent",
    "consent_expires_on": "Consent Expiry, Consent Expires, Expiry Date, Consent Expiry Date, Valid Until, "
    "Consent End, Consent Valid Until, Expires, Expires On, Consent End Date, Consent Until, Valid To",
    "withdrawn_on": "Withdrawn, Consent Withdrawn, Date Withdrawn, Consent Withdrawn On, Withdrawal Date, "
    "Withdrawn Date, Consent Withdrawn Date, Date of Withdrawal, Date Consent Withdrawn",
    "never_publish": "Never Publish, Do Not Publish, Do Not Photograph, No Photos, No Photographs, No Photo, "
    "No Photos Ever, Must Not Be Photographed, Not To Be Photographed, No Photography, No Publicity",
    "sibling_group": "Family ID, Family Number, Household ID, Family Group",
    "biometric_parents_notified_on": "Biometric Notified, Biometric Parents Notified, Parents Notified of Biometrics",
    "biometric_consent": "Biometrics, Biometric, Biometrics Consent, Biometric Permission, Biometric Data Consent",
    "biometric_consent_on": "Biometric Consent Date, Date of Biometric Consent, Biometrics Consent Date",
    "biometric_objection": "Biometric Objections, Parent Objects to Biometrics",
    "child_objects": "Child Objects to Biometrics, Pupil Objects",
    "biometric_withdrawn_on": "Biometric Consent Withdrawn, Biometric Withdrawn, Biometric Withdrawal Date",
    "photo_file": "Photo File, Photo Filename, Photo File Name, Image File",
    "full_name": "Surname Forename, Surname Forenames, Legal Surname Forename, Last Name First Name, "
    "Surname First Name, Name, Full Name, Legal Name, Legal Full Name",
    "person": "Student, Pupil, Child, Learner",
    ASK_START: "Start Date, Date Start, Start, Starts, Starts On, From Date, Date From, From, Valid From, "
    "Effective From",
    ASK_END: "End Date, Date End, End, Ends, Ends On, To Date, Date To, To, Effective To",
    "press": "Local Media, News Media, Printed Media, Local News, Media Press",
    "consent_type": "Consent Type, Consent Name, Consent, Permission Type, Parental Consent Type, Permission, "
    "Consent Description, Parental Consent, Consent Category, Type of Consent, Consent Item, "
    "Consent For, Permission Name",
    "consent_status": "Status, Response, Consent Status, Answer, Consent Response, Result, Consent Given, Given, "
    "Consent Value, Parental Response, Permission Given, Permission Status, Decision, Consent Answer, Consent Granted",
}  # fmt: skip

BY_SYSTEM: Mapping[System, Mapping[str, str]] = {
    "sims": {"class": "Reg Gp", "preferred_forename": "Chosen"},
    "arbor": {"pupil_id": "Arbor Number"},
    "bromcom": {"pupil_id": "PersonID, StudentID", "class": "Tutor Grp"},
    "scholarpack": {"pupil_id": "SP ID", "class": "Form Class"},
    "integris": {"pupil_id": "Pupil Code, Code", "class": "Reg Grp"},
    "juniper": {"pupil_id": "Horizons ID, Pupil Code", "class": "Teaching Group"},
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


CHANNEL_WORDS: Mapping[Channel, frozenset[str]] = {
    "website": _set("website websites web webpage webpages webimages webphotos internet online"),
    "social_media": _set(
        "social socials soc socialmedia socialnetwork socialnetworks socialnetworking facebook fb twitter x "
        "instagram insta tiktok threads bluesky mastodon linkedin snapchat pinterest youtube vimeo"
    ),
    "prospectus_display": _set(
        "prospectus prospectuses display displays displayed brochure brochures displayboard displayboards"
    ),
    "newsletter": _set("newsletter newsletters"),
    "press": _set("press newspaper newspapers"),
    "video": _set("video videos videoing film filming filmed youtube vimeo"),
}
OF_CHANNEL: Mapping[Channel, frozenset[str]] = {
    "website": _set("site"),
    "social_media": _set("media network networks networking site sites platform platforms channels feed"),
    "prospectus_display": _set("board boards wall walls classroom hall inside internal corridor poster"),
    "newsletter": _set("weekly monthly termly"),
    "press": _set("media local national news release releases articles article"),
    "video": _set("recording recordings clips clip footage"),
}
"""Words that add nothing where the channel is named."""
PICTURE_WORDS = _set(
    "photo photos photograph photographs photographed photography photographic image images picture "
    "pictures publish published publicity publication publications media marketing promotional promotion "
    "advertising leaflet leaflets flyer flyers"
)
UNCLEAR = _set("media marketing promotional promotion advertising leaflet leaflets flyer flyers")
"""Kinds of publication that are none of the register's."""
NOISE = (PICTURE_WORDS - UNCLEAR) | _set(
    "consent consents permission permissions consented parental parent parents carer carers guardian given granted "
    "allowed allow agreed agree agrees give gives use used usage using of on in the a an our my i we you "
    "your to for at by be may can is are will where appear appears and or account accounts page pages "
    "school schools own this child childs children pupil pupils student students their them him her posts "
    "post posted status type materials material printed taken taking being shown within uk "
    "gdpr s y yes tick ticked box answer response following happy with official public formerly data "
    "protection privacy academic autumn spring summer term"
)
NEGATIONS = _set(
    "no not non dont don cannot cant mustnt shouldnt wont doesnt never without opt opted optout optouts "
    "out except exclude excluded excluding refused refuse refuses refusal refusals declined decline "
    "declines denied deny object objects objected objection objections withdraw withdrawn withdrawal "
    "withdrew withhold withheld restrict restricted restriction restrictions exclusion exclusions ban "
    "hide avoid prohibited forbidden banned "
    "unable"
)
ANSWER_WORDS = _set(
    "consent consents permission permissions opt opted optout optouts refusal refusals refuse refuses objection "
    "objections object objects never"
)
GIVERS = _set("mother father mum dad parent parents carer guardian contact mothers fathers mums dads nc1 nc2 pc1 pc2")
ELSEWHERE: Mapping[Channel, frozenset[str]] = {
    "website": _set("access address addresses url email safety lessons lesson learning homework security"),
    "social_media": _set("worker workers services service care skills skill emotional mental health communication"),
    "prospectus_display": _set("order"),
    "newsletter": _set("email emails emailed address"),
    "press": frozenset(),
    "video": _set("conferencing conference call calls club viewing lessons"),
}
"""Words with which a heading is about something else than pictures: internet access, a social worker, a video call."""
OTHER_CONSENTS = _set(
    "trips trip visits visit walks medical swimming dinner dinners meal meals allergies plasters suncream"
)
CLOSED = _set("tapestry seesaw classdojo dojo marvellousme")
"""Services that only the child's own family can see."""
VAGUE = _set(
    "consent consents permission permissions consentsgiven permissionsgiven consentgiven permissiongiven "
    "parentalconsent "
    "parentalpermission parentconsent given permissionstatus consentstatus consentgranted consentvalue "
    "consentanswer"
)
HANDLING = re.compile(
    r"\b(do|does|must|should|may) not (be )?(shared?|cop(y|ied)|distributed?|circulated?|print(ed)?|forward(ed)?"
    r"|disclosed?|edit(ed)?|deleted?|alter(ed)?|changed?|amend(ed)?|reply|leave|left|removed?)\b[^.;|]*"
    r"|\bnot (for|to be) (onward |further |general )?(distribut|circulat|disclos|shar|cop|print|forward)\w*"
)
"""How a file is to be handled, where it does not speak of pictures: do not copy, not for circulation."""
HARMLESS = re.compile(
    r"\b(n|no|f|false|0|blank|empty) ?= ?[^,;.)]*"
    r"|\b(adm|admission|upn|pupil|student|ref|reference|phone|tel|dfe|school|report|page|family|roll) no\b(?=\W*$)"
    r"|\bno\b[.:]? ?(of\b|\d)|\bno\.(?=\s|$)|\bno:"
    r"|\b(no|not|non|without|exclud\w*|except)\b[^.;,|]*\bleavers?\b|\bleavers?\b\W*(no|not included|excluded)\b"
)
"""Words above a table that look like a refusal and are none: No. of pupils, leavers not included."""
ONE_OF_TWO = re.compile(r"\bopt(ed|s|ing)?[- ]?ins?\b|\byes ?([/|-]|or) ?no\b|\by ?[/|-] ?n\b")
YEARS = re.compile(r"\b((academic|school) )?(year )?(20\d\d(\s*[-/\u2013]\s*(20)?\d\d)?|2\d\s*[-/\u2013]\s*2\d)\b")


def folded(text: str) -> str:
    """Return the text without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _by_alias(names_of: Mapping[str, str]) -> dict[str, str]:
    return {folded(alias): column for column, names in names_of.items() for alias in names.split(", ")}


_KNOWN = _by_alias(ALIASES) | {folded(column): column for column in (*COLUMNS, *ALIASES)}
_BY_SYSTEM = {system: _by_alias(names) for system, names in BY_SYSTEM.items()}


def meaning(heading: str, system: System | None = None) -> str:
    """Return the column that a heading means, ASK if only the school knows, UNUSED if the register holds no such thing.

    Besides the register's columns: forename, surname (in law or in use), full_name, person (an id or a name),
    consent_type, consent_status, and ASK_START or ASK_END.
    """
    key = folded(heading)
    own = _BY_SYSTEM[system] if system else {}
    of_whom = re.match(r"(pupil|student|learner|child)(s?)", key)
    ends = [key] + ([key[of_whom.end(1) :], key[of_whom.end() :]] if of_whom else [])
    known = (names.get(end) for end in ends for names in (own, _KNOWN))
    return next(filter(None, known), "") or meaning_of_words(heading)


def meaning_of_words(text: str) -> str:
    """Return the channel that a heading or a named consent means, ASK, or UNUSED, by the words it holds.

    What names a channel and holds a word that is not understood is asked about, unless it is about something else.
    """
    words = _words(text)
    named = [channel for channel, names in CHANNEL_WORDS.items() if words & names]
    of_named = [CHANNEL_WORDS[channel] | OF_CHANNEL[channel] for channel in named]
    rest = words - NOISE - frozenset().union(*of_named)
    if len(named) == 1 and not rest:
        agreed_use = words & {"internet", "online", "web"} and words & {"use", "using", "usage"}
        return ASK if agreed_use and not words & PICTURE_WORDS else named[0]
    if len(named) == 1 and "date" in words and rest <= {"date", "signed", "recorded", "updated"}:
        return f"{DATE_OF}{named[0]}"
    pictures, naming = words & PICTURE_WORDS, words & named_words(named)
    if words & CLOSED and not named and not words & NEGATIONS:
        return UNUSED
    refused = words & NEGATIONS - {"no"} or (words & {"no"} and words & ANSWER_WORDS)
    if pictures or len(named) > 1 or (named and words & NEGATIONS) or (refused and not rest - NEGATIONS):
        return ASK
    about_others = rest & OTHER_CONSENTS or any(rest & ELSEWHERE[channel] for channel in named)
    if named and not about_others and words != {"display", "name"} and naming != {"x"}:
        return ASK
    return ASK if folded(text) in VAGUE else UNUSED


def named_words(channels: Iterable[Channel]) -> frozenset[str]:
    """Return the words that name these channels."""
    return frozenset().union(*(CHANNEL_WORDS[channel] for channel in channels))


def refuses(text: str) -> bool:
    """Return True if words above a table may turn its answers round: below them a tick may be a refusal."""
    plain = HARMLESS.sub(" ", text.casefold().replace("_", " "))
    if not _words(plain) & (PICTURE_WORDS | named_words(CHANNEL_WORDS)):
        plain = HANDLING.sub(" ", plain)
    return bool(_words(plain) & (NEGATIONS - {"out", "don"}))


def is_about_answers(text: str) -> bool:
    """Return True if a group's heading, or the name of a sheet or file, says something of the answers below it."""
    about = PICTURE_WORDS | GIVERS | named_words(CHANNEL_WORDS) | ANSWER_WORDS
    return bool(_words(text) & about)


def _words(heading: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    plain = re.sub(r"['\u2019\u02bc`]", "", spaced.casefold()).replace("_", " ")
    plain = re.sub(r"^\W*(q|question)? ?\d{1,2}[.):]\s", "", plain)
    plain = re.sub(r"\byou tube\b", "youtube", re.sub(r"\blocal papers?\b", "newspaper", plain))
    return frozenset(re.findall(r"[a-z0-9]+", YEARS.sub(" ", ONE_OF_TWO.sub(" ", plain))))
