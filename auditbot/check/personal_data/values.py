"""What is looked for, and what the school declares as its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    reason: str
    """One sentence for the reader."""
