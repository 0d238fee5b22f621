"""Contact details in words: British postal addresses and postcodes, e-mail addresses, phone numbers."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Literal

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberMatch, PhoneNumberMatcher, PhoneNumberType

from auditbot.sentences import Sentence, say


@cache
def contact_words() -> dict[str, list[str]]:
    """Return the lists of words that tell whose contact details are, from ``auditbot/data/words/contacts.toml``."""
    words: dict[str, list[str]] = tomllib.loads(
        files("auditbot.data").joinpath("words/contacts.toml").read_text("utf-8")
    )
    return words


# What is looked for, and what the school declares as its own.

Kind = Literal["phone", "email", "postal_address", "postcode", "date_of_birth"]


@dataclass(frozen=True, slots=True)
class OwnContacts:
    """The school's own contact details, which it may publish."""

    domains: tuple[str, ...] = ()
    """Its web and e-mail domains, for example "oakfield.sch.uk"; their subdomains count too."""
    numbers: tuple[str, ...] = ()
    """Its phone numbers, in any usual spelling."""
    emails: tuple[str, ...] = ()
    """Its e-mail addresses at other domains."""
    postcodes: tuple[str, ...] = ()
    """Its postcodes, in any spelling; an address that ends in one is its own."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One piece of what may be somebody's personal data."""

    kind: Kind
    """phone, email, postal_address, postcode or date_of_birth."""
    start: int
    """First character, in code points."""
    end: int
    """One past the last character."""
    score: float
    """How likely it is to be a private person's, 0 to 1."""
    reason: Sentence
    """One sentence for the reader."""


_AREAS = """
AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY
G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR
NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA
WC WD WF WN WR WS WV YO ZE
"""
_POSTCODE = re.compile(
    rf"(?<![\w#/])(?P<code>(?:{'|'.join(sorted(_AREAS.split(), key=len, reverse=True))})[0-9][0-9A-Z]?[ \u00a0]{{0,2}}"
    r"[0-9][ABD-HJLNP-UW-Z]{2})(?!\w)",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"(?<![\w£$€.:/-])(?P<flat>(?:Flat|Apartment|Unit)\s\w{1,4},?\s)?(?P<house>\d{1,4}[A-Za-z]?),?\s"
    r"(?P<name>(?:[A-Z][\w'’-]{1,24}\s){1,3})"
    r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Cl|Drive|Dr|Crescent|Cres|Gardens|Gdns|Grove|Terrace|Way|Court|Ct|"
    r"Place|Square|Mews|Row|Rise|Hill|View|Walk|Park|Green|Bank|Croft|Fold|Parade|Meadow|Meadows|Paddock|Wynd|Brae|Garth|"
    r"Yard|Quay|Wharf|Orchard|Side|Vale|Gate|Common|End|Ridge|Loan|Loaning|Chase|Spinney|Copse|Heath|Dell|Glade|Vennel|Reach|Steps|Stairs|"
    r"Mount|Villas|Cottages|Holt|Knoll|Mead|Nook|Oval|Quadrant|Strand|Thwaite|Hollow|Approach|Dene|Leas|Links|Field|Fields|"
    r"Ropewalk|Causeway|Esplanade|Promenade)\b(?!\s+[A-Z][a-z]+day)"
)
_HOUSE_NAME = re.compile(
    r"(?<![\w-])(?P<house>(?:The\s)?(?:[A-Z][\w'’-]{1,20}\s){1,3}(?:Cottages?|House|Farm|Farmhouse|Barn|Forge|Lodge|Mill|Bungalow|"
    r"Villa|Vicarage|Rectory|Manor|Croft|Oast|Granary|Stables|Coach\sHouse)|The\sOld\s[A-Z][\w'’-]{1,20}(?:\s[A-Z][\w'’-]{1,20})?)\s?,\s"
    r"(?:[A-Z][\w'’-]{1,24}\s){1,2}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Close|Drive|Hill|Row|Way|Green|Bank|Terrace|Place|Square|"
    r"Gate|Wynd|Brae)\b"
)
"""A house that has a name instead of a number: "Rose Cottage, Back Lane"."""
_DWELLING = re.compile(
    r"(?<![\w-])(?P<house>(?:Flat|Apartment)\s\w{1,4},?\s(?:[A-Z][\w'’-]{1,24}\s){1,3}"
    r"(?:House|Court|Lodge|Point|Tower|Heights|Mansions|Buildings|Mill)\b"
    r"|(?:Plot|Pitch|Berth|Mooring|Caravan)\s\d{1,4}[A-Za-z]?,?\s(?:[A-Z][\w'’-]{1,24}\s){1,3}(?:Park|[Ss]ite|Marina|Wharf)\b"
    r"|(?:[A-Z][\w'’-]{1,24}\s){1,2}"
    r"(?:Street|St|Road|Rd|Lane|Avenue|Ave|Close|Crescent|Terrace|Gardens|Grove|Row|Place|Rise|Drive|Mews|Way|Court),?\s"
    r"(?:no\.?|number)\s\d{1,4}[a-z]?\b"
    r"|\d{1,4}[a-z]?,?\s[A-Z][a-z]{2,12}(?:gate|walk|side|croft|garth|fold)\b(?!\s[A-Z]))"
)
"""A flat in a house with a name, a plot on a site, a street before its number, a street of one word ("52 Kirkgate")."""
_CERTAIN = re.compile(r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Cl|Crescent|Cres|Terrace|Gardens|Gdns|Mews)$")
_COUNTED = re.compile(
    r"(?:\b(?:Year|Class|Key Stage|KS|Room|Page|Chapter|Group|Week|Day|Bus|Route|Aged?|Team|over|under|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|and|the|our|about|nearly)"
    r"\.?\s)$",
    re.IGNORECASE,
)
WELL_KNOWN = frozenset(
    {"10 downing street", "11 downing street", "221b baker street", "32 windsor gardens", "4 privet drive"}
)
"""Addresses known from history and children's books."""
UNLIKELY = 0.4
"""Score of what is an address only beside words about a home: "3 Peaks Park" is none."""
_NEAR = 90
"""Characters between a street and the postcode that belongs to it."""


def find_addresses(text: str, own: OwnContacts) -> Iterator[PersonalData]:
    """Yield house addresses, joined with their postcode, and postcodes that stand alone."""
    own_codes = {_plain(code) for code in own.postcodes}
    codes = [match for match in _POSTCODE.finditer(text) if match["code"].upper() != match["code"].lower()]
    starts = [code.start() for code in codes]
    used: set[int] = set()
    for street in _streets(text):
        words = " ".join(text[street.start("house") : street.end()].replace("’", "'").split())
        following = bisect_left(starts, street.end())
        near = following < len(codes) and starts[following] - street.end() <= _NEAR
        code = codes[following] if near else None
        named = not words[0].isdigit()
        if words.lower() in WELL_KNOWN or (code is None and _counted(text, street)):
            continue
        if code is not None:
            used.add(code.start())
            if _plain(code["code"]) in own_codes:
                continue
            reason = say("A house number and street with a postcode that is not the school's own.")
            yield PersonalData("postal_address", street.start(), code.end(), 0.9, reason)
        else:
            reason = say("A house number and street; it may be somebody's home.")
            likely = named or _CERTAIN.search(street.group()) is not None or bool(street.groupdict().get("flat"))
            yield PersonalData("postal_address", street.start(), street.end(), 0.65 if likely else UNLIKELY, reason)
    for code in codes:
        if code.start() not in used and _plain(code["code"]) not in own_codes:
            reason = say("A postcode that is not the school's own; it may be somebody's home or a place to visit.")
            yield PersonalData("postcode", code.start(), code.end(), 0.5, reason)


def _streets(text: str) -> list[re.Match[str]]:
    """Houses with a number and houses with a name, in order; none inside another."""
    found = [*_STREET.finditer(text), *_HOUSE_NAME.finditer(text), *_DWELLING.finditer(text)]
    kept: list[re.Match[str]] = []
    for match in sorted(found, key=lambda match: match.start()):
        if not kept or match.start() >= kept[-1].end():
            kept.append(match)
    return kept


def postcodes_in(text: str) -> Iterator[str]:
    """Yield each postcode as it is written."""
    yield from (match["code"] for match in _POSTCODE.finditer(text))


def _counted(text: str, street: re.Match[str]) -> bool:
    """Without a postcode: "Class 2 Forest Walk" counts something."""
    return _COUNTED.search(text, max(0, street.start() - 20), street.start()) is not None


def _plain(code: str) -> str:
    return "".join(code.split()).upper()


# E-mail addresses of private persons.

_ADDRESS = re.compile(
    r"(?<![\w.+-])(?P<local>\w[\w.+'-]{0,63})"
    r"(?:@|＠|\s?[\[({]\s?at\s?[\])}]\s?|\s+at\s+(?=(?:"
    + "|".join(sorted(contact_words()["mailbox_providers"]))
    + r")\s+dot\s))"
    r"(?P<domain>\w[\w-]{0,62}(?:(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?|\s+dot\s+)\w[\w-]{0,62}){1,4})",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s?[\[({]\s?dot\s?[\])}]\s?|\s+dot\s+", re.IGNORECASE)


def find_emails(text: str, own: OwnContacts) -> Iterator[PersonalData]:
    """Yield addresses outside the school's domains; shared mailboxes of organisations are left out."""
    own_domains = tuple(domain.lower().strip().lstrip("@.") for domain in own.domains)
    own_addresses = {address.strip().lower() for address in own.emails}
    for match in _ADDRESS.finditer(text):
        domain = _DOT.sub(".", match["domain"]).lower()
        if f"{match['local'].lower()}@{domain}" in own_addresses:
            continue
        if any(domain == mine or domain.endswith(f".{mine}") for mine in own_domains if mine):
            continue
        if domain.split(".")[0] in contact_words()["mailbox_providers"]:
            reason = say("An address at a provider of private mailboxes.")
            yield PersonalData("email", match.start(), match.end(), 0.95, reason)
        elif re.sub(r"[\W_\d]", "", match["local"]).lower() not in contact_words()["shared_mailboxes"]:
            reason = say("An e-mail address outside the school's own domains that may be a person's.")
            yield PersonalData("email", match.start(), match.end(), 0.6, reason)


# Phone numbers that are not the school's own and not a helpline's.

_COUNTRY = "GB"
_OF_ORGANISATIONS = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    }
)
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.PAGER})
_UNASSIGNED_LANDLINE = "1632"
"""An area code set aside for fiction; a number in it, like a mistyped mobile, still reads as somebody's number."""

_BRITISH = r"(?:\+44|0)(?:[ -]?\d){9,10}"
_SIDE_BY_SIDE = re.compile(rf"(?<![\d+])({_BRITISH}) (?={_BRITISH}(?!\d))")
"""Two numbers with only a blank between them, which the library reads as one that is too long."""


def find_phones(text: str, own: OwnContacts) -> Iterator[PersonalData]:
    """Yield phone numbers in the text, British or with a country code."""
    text = _SIDE_BY_SIDE.sub(r"\1;", text)
    own_numbers = {number for number in map(_parsed, own.numbers) if number is not None}
    taken: set[int] = set()
    for match in chain(_matches(text, Leniency.VALID), filter(_looks_british, _matches(text, Leniency.POSSIBLE))):
        if not taken.isdisjoint(range(match.start, match.end)):
            continue
        taken.update(range(match.start, match.end))
        kind = phonenumbers.number_type(match.number)
        if _key(match.number) in own_numbers or kind in _OF_ORGANISATIONS:
            continue
        if kind in _MOBILE or str(match.number.national_number).startswith("7"):
            yield PersonalData(
                "phone", match.start, match.end, 0.95, say("A mobile number that is not the school's own.")
            )
        else:
            yield PersonalData(
                "phone", match.start, match.end, 0.6, say("A phone number that is not the school's own.")
            )


def _matches(text: str, leniency: int) -> PhoneNumberMatcher:
    # Without a bound the library stops looking after 65,535 candidates; a text has no more than it has characters.
    return PhoneNumberMatcher(text, _COUNTRY, leniency=leniency, max_tries=len(text) + 1)


def _looks_british(match: PhoneNumberMatch) -> bool:
    national = str(match.number.national_number)
    written = match.raw_string.lstrip("(").startswith(("07", "+44", "0044", "01632", "0 7"))
    return written and len(national) == 10 and national.startswith(("7", _UNASSIGNED_LANDLINE))


def _parsed(written: str) -> tuple[int, int] | None:
    try:
        return _key(phonenumbers.parse(written, _COUNTRY))
    except phonenumbers.NumberParseException:
        return None


def _key(number: PhoneNumber) -> tuple[int, int]:
    return number.country_code or 0, number.national_number or 0
