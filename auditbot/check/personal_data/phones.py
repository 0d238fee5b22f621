"""Phone numbers that are not the school's own and not a helpline's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberMatch, PhoneNumberMatcher, PhoneNumberType

from auditbot.check.personal_data.values import OwnContacts, PersonalData

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
            yield PersonalData("phone", match.start, match.end, 0.95, "A mobile number that is not the school's own.")
        else:
            yield PersonalData("phone", match.start, match.end, 0.6, "A phone number that is not the school's own.")


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
