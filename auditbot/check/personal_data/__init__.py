"""Personal data in published words: phone numbers, private e-mail addresses, postal addresses, dates of birth."""

from __future__ import annotations

from datetime import date

from auditbot.check.personal_data.births import find_births
from auditbot.check.personal_data.contact import OwnContacts, PersonalData, find_addresses, find_emails, find_phones
from auditbot.check.personal_data.listed_homes import find_listed_homes
from auditbot.check.personal_data.meant import find_meant
from auditbot.check.personal_data.private import of_a_person

__all__ = ["OwnContacts", "PersonalData", "find_personal_data", "find_private_data"]


def find_private_data(text: str, own: OwnContacts, today: date) -> list[PersonalData]:
    """Return what may be a private person's, in the order of the text, weighed by the words around it.

    Contact details of organisations and places to visit are left out. From a score of ``CERTAIN`` on, what is found
    stands by itself. ``today`` is the day of reading. Raises LanguageModelMissing.
    """
    found = find_personal_data(text, own, today)
    private = [weighed for item in found if (weighed := of_a_person(text, item)) is not None]
    private = [*private, *find_listed_homes(text, private)]
    meant = find_meant(text, own, found, private, today)
    return sorted([*private, *meant], key=lambda item: (item.start, item.end, item.kind))


def find_personal_data(text: str, own: OwnContacts, today: date) -> list[PersonalData]:
    """Return personal data in the order of the text; the school's own contact details are left out."""
    found = [*find_phones(text, own), *find_emails(text, own), *find_addresses(text, own), *find_births(text, today)]
    return sorted(found, key=lambda item: (item.start, item.end, item.kind))
