"""What a heading of an export means: a column of the register, nothing that it holds, or what only the school knows.

Headings are compared without case, spaces and punctuation. A heading about photos that does not say where they are
published is never guessed: the school says what it means with ``--map``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from auditbot.model import Channel
from auditbot.registers.pupils import COLUMNS

System = Literal["sims", "arbor", "bromcom", "scholarpack", "integris", "juniper"]
SYSTEMS: tuple[System, ...] = ("sims", "arbor", "bromcom", "scholarpack", "integris", "juniper")

ASK, UNUSED, DATE_OF = "?", "", "date of "
"""What a heading can mean besides a column: only the school knows; nothing that the register holds; or, before the name
of a channel, the day of its answer."""

ALIASES: Mapping[str, str] = {
    "pupil_id": "Id, Student ID, Pupil ID, MIS ID, Person ID, Pupil Number, Learner ID, Child ID, Pupil Reference, "
    "Arbor Student ID, Arbor ID, Bromcom ID, Student MIS ID, Pupil MIS ID, System ID, Unique ID, Student Reference, "
    "Pupil Ref, Student Ref, External ID, Scholarpack ID, SIMS ID, Integris ID",
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
    "Registration Class, Class Group, Reg Form, Form Group, Registration, Current Class, Form Name, "
    "Current Registration Form, Reg Grp",
    "on_roll_from": "DOA, Admission Date, Date of Admission, Start Date, Date Admitted, Enrolment Date, Entry Date, "
    "Date of Entry, Joining Date, Date Joined, On Roll Date, Enrolled On",
    "left_on": "DOL, Leaving Date, Date of Leaving, Date Left, Leave Date, Left Date, End Date, Leaver Date, "
    "Date of Leaver, Left, Off Roll Date",
    "name_use": "Use of Name, Use Name, Name Used, Use of Names, Name in Photos, Name With Photo, Publish Name",
    "consent_given_on": "Consent Date, Date of Consent, Date Signed, Signed On, Date Consent Given, Date Given, "
    "Consent Given Date, Date of Form, Form Date, Response Date, Date of Response, Consent Signed, "
    "Consent Recorded On, Permission Date, Date Recorded, Consents Date, Photo Consent Date, Responded On, "
    "Date Responded, Given On",
    "consent_by": "Given By, Signed By, Consent Given By, Consent From, Parent, Responded By, Parental Consent By, "
    "Consenting Parent, Response By, Guardian, Completed By, Parent Guardian, Authorised By, Recorded By Parent",
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
    "press": "Local Media, News Media, Printed Media, Local News, Media Press",
    "consent_type": "Consent Type, Consent Name, Consent, Permission Type, Parental Consent Type, Permission, "
    "Consent Description, Parental Consent, Consent Category, Type of Consent, Consent Item, "
    "Consent For, Permission Name",
    "consent_status": "Status, Response, Consent Status, Answer, Consent Response, Result, Consent Given, Given, "
    "Consent Value, Parental Response, Permission Given, Permission Status, Decision, Consent Answer, Consent Granted",
}  # fmt: skip

BY_SYSTEM: Mapping[System, Mapping[str, str]] = {
    "sims": {"class": "Reg Gp", "preferred_forename": "Chosen"},
    "arbor": {"pupil_id": "Student, Arbor Number", "consent_by": "Primary Guardian"},
    "bromcom": {"pupil_id": "PersonID, StudentID", "class": "Tutor Grp"},
    "scholarpack": {"pupil_id": "SP ID, Pupil", "class": "Form Class"},
    "integris": {"pupil_id": "Pupil Code, Code", "class": "Reg Grp"},
    "juniper": {"pupil_id": "Horizons ID, Pupil Code", "class": "Teaching Group"},
}

CHANNEL_WORDS: Mapping[Channel, frozenset[str]] = {
    "website": frozenset(
        ["website", "websites", "web", "webpage", "webpages", "webimages", "webphotos", "internet", "online"]
    ),
    "social_media": frozenset(
        [
            "social",
            "socials",
            "facebook",
            "twitter",
            "instagram",
            "x",
            "socialmedia",
            "tiktok",
            "threads",
            "bluesky",
            "mastodon",
            "fb",
        ]
    ),
    "prospectus_display": frozenset(
        ["prospectus", "prospectuses", "display", "displays", "displayed", "brochure", "displayboards"]
    ),
    "newsletter": frozenset(["newsletter", "newsletters"]),
    "press": frozenset(["press", "newspaper", "newspapers"]),
    "video": frozenset(["video", "videos", "videoing", "film", "filming", "filmed"]),
}
PICTURE_WORDS = frozenset(
    [
        "photo",
        "photos",
        "photograph",
        "photographs",
        "photographed",
        "photography",
        "photographic",
        "image",
        "images",
        "picture",
        "pictures",
        "publish",
        "published",
        "publicity",
        "publication",
        "publications",
        "media",
    ]
)
NOISE = PICTURE_WORDS - {"media"} | frozenset(
    [
        "consent",
        "consents",
        "permission",
        "permissions",
        "consented",
        "parental",
        "parent",
        "parents",
        "guardian",
        "given",
        "granted",
        "allowed",
        "allow",
        "agreed",
        "use",
        "used",
        "usage",
        "using",
        "of",
        "on",
        "in",
        "the",
        "a",
        "an",
        "our",
        "to",
        "for",
        "at",
        "by",
        "be",
        "may",
        "can",
        "is",
        "appear",
        "and",
        "or",
        "account",
        "accounts",
        "page",
        "pages",
        "school",
        "schools",
        "own",
        "this",
        "child",
        "childs",
        "pupil",
        "pupils",
        "student",
        "students",
        "their",
        "posts",
        "post",
        "posted",
        "site",
        "status",
        "type",
        "materials",
        "recording",
        "recordings",
        "clips",
        "footage",
        "printed",
        "within",
        "uk",
        "gdpr",
        "own",
        "local",
    ]
)
NEGATIONS = frozenset(
    [
        "no",
        "not",
        "dont",
        "don",
        "never",
        "without",
        "opt",
        "out",
        "except",
        "excluding",
        "refused",
        "refuse",
        "declined",
        "object",
    ]
)
ELSEWHERE = frozenset(
    [
        "access",
        "conferencing",
        "conference",
        "call",
        "calls",
        "worker",
        "workers",
        "services",
        "skills",
        "lessons",
        "club",
    ]
)
VAGUE = frozenset(
    [
        "consent",
        "consents",
        "permission",
        "permissions",
        "consentgiven",
        "permissiongiven",
        "parentalconsent",
        "parentalpermission",
        "parentconsent",
        "given",
        "permissionstatus",
        "consentstatus",
        "consentgranted",
        "consentvalue",
        "consentanswer",
    ]
)


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

    Besides the register's columns: forename, surname (in law or in use), full_name, consent_type, consent_status.
    """
    key = folded(heading)
    own = _BY_SYSTEM[system] if system else {}
    bare = re.sub(r"^(pupil|student|learner|child)s?", "", key)
    column = own.get(key) or _KNOWN.get(key) or own.get(bare) or _KNOWN.get(bare)
    if column:
        return column
    return meaning_of_words(heading)


def meaning_of_words(text: str) -> str:
    """Return the channel that a heading or a named consent means, ASK, or UNUSED, by the words it holds."""
    words = _words(text)
    named = [channel for channel, names in CHANNEL_WORDS.items() if words & names]
    rest = words - NOISE - frozenset().union(*(CHANNEL_WORDS[channel] for channel in named))
    if {"social_media", "press"} & set(named):
        rest -= {"media"}
    if len(named) == 1 and not rest:
        return named[0]
    if len(named) == 1 and "date" in words and rest <= {"date", "signed"}:
        return f"{DATE_OF}{named[0]}"
    pictures = words & PICTURE_WORDS
    consents = words & {"consent", "consents", "permission", "permissions"} and not words & ELSEWHERE
    if pictures or (named and (len(named) > 1 or words & NEGATIONS or consents)):
        return ASK
    return ASK if folded(text) in VAGUE else UNUSED


def _words(heading: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return frozenset(re.findall(r"[a-z0-9]+", spaced.casefold().replace("'", "").replace("\u2019", "")))
