"""One cell of an export as the register writes it. What is not known is refused with a reason and never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from auditbot.registers.mis_import.headings import folded

YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "t",
        "granted",
        "confirmed",
        "accepted",
        "agreed",
        "consented",
        "consentgiven",
        "given",
        "allowed",
        "permitted",
        "approved",
        "optin",
        "optedin",
    ]
)
NO = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "f",
        "declined",
        "refused",
        "notgranted",
        "notgiven",
        "noconsent",
        "consentrefused",
        "consentdeclined",
        "denied",
        "notallowed",
        "notpermitted",
        "notagreed",
        "consentnotgiven",
        "withdrawn",
        "consentwithdrawn",
        "notconfirmed",
        "notaccepted",
        "noconsentgiven",
        "consentnotgranted",
        "notconsented",
        "doesnotconsent",
        "rejected",
        "revoked",
        "optout",
        "optedout",
    ]
)
NOT_RECORDED = frozenset(
    [
        "requested",
        "consentrequested",
        "pending",
        "outstanding",
        "notrecorded",
        "consentnotrecorded",
        "notrequested",
        "notasked",
        "noresponse",
        "noreply",
        "awaiting",
        "awaitingresponse",
        "notanswered",
        "notreturned",
        "unknown",
        "notknown",
        "expired",
    ]
)
YEAR_GROUPS = {
    **dict.fromkeys(("n1", "nursery1"), "N1"),
    **dict.fromkeys(("n2", "nursery2"), "N2"),
    **dict.fromkeys(("n", "nursery"), "Nursery"),
    **dict.fromkeys(
        [
            "r",
            "rec",
            "reception",
            "yr",
            "yearr",
            "receptionyear",
            "yrr",
            "fs2",
            "f2",
            "foundation2",
            "0",
            "y0",
            "year0",
            "eyfs2",
            "ncyear0",
        ],
        "R",
    ),
    **{
        f"{before}{number}": str(number)
        for number in range(1, 14)
        for before in ("", "0", "y", "y0", "yr", "year", "ncyear")
    },
}
FIRST_NURSERY_YEAR = frozenset(["fs1", "f1", "foundation1", "eyfs1"])
SERIALS = range(20_000, 80_000)
"""Days since 30 December 1899, as Excel counts: from 1954 to 2119."""
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH_FIRST = "is no date with the day first; is it written the American way? Export dates as dd/mm/yyyy"
NO_DATE = "is no date; write it like 03/09/2026 or 2026-09-03"


def answer(text: str) -> str:
    """Return yes, no or not_recorded. Raises ValueError for any other value."""
    stripped = text.strip()
    if stripped in ("", "☐"):
        return "not_recorded"
    if stripped in ("✓", "✔", "☑", "✅", "√"):
        return "yes"
    key = folded(stripped)
    if re.search(r"[^\w\s'’-]", stripped.rstrip(".")) or not key:
        raise ValueError(text)
    for words, said in ((YES, "yes"), (NO, "no"), (NOT_RECORDED, "not_recorded")):
        if key in words:
            return said
    raise ValueError(text)


def statement(text: str) -> str:
    """Return yes, no or an empty text. Raises ValueError for any other value."""
    said = answer(text)
    if said == "not_recorded" and text.strip() not in ("", "☐"):
        raise ValueError(text)
    return "" if said == "not_recorded" else said


def name_use(text: str) -> str:
    """Return none, first or an empty text. Raises ValueError for any other value, so for a full name too."""
    key = folded(text)
    if key in ("none", "no", "n", "false", "0", "noname", "never", "donotuse", "nonames"):
        return "none"
    if key in ("first", "firstname", "forename", "firstnameonly", "forenameonly", "firstonly"):
        return "first"
    if key:
        raise ValueError("says neither that no name nor that the first name may be used")
    return ""


def day(text: str) -> str:
    """Return a date as 2026-09-01; empty stays empty. Raises ValueError with what is wrong, not with what it holds."""
    bare = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", "", text.strip(), flags=re.ASCII)
    if not bare:
        return ""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare, re.ASCII):
        year, month, number = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", bare, re.ASCII):
        number, month, year = (int(part) for part in found.groups())
        if month > 12 >= number:
            raise ValueError(MONTH_FIRST)
    elif found := re.fullmatch(
        r"(?:[A-Za-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[- ]([A-Za-z]{3,9})\.?,?[- ](\d{4}|\d{2})", bare
    ):
        number, year = int(found[1]), int(found[3])
        month = _month(found[2])
    elif re.fullmatch(r"\d{5}(\.\d+)?", bare, re.ASCII) and int(float(bare)) in SERIALS:
        return (date(1899, 12, 30) + timedelta(days=int(float(bare)))).isoformat()
    else:
        raise ValueError(NO_DATE)
    try:
        read = date(year + 2000 if year < 100 else year, month, number)
    except ValueError as error:
        raise ValueError(NO_DATE) from error
    if not 1900 <= read.year < 2200:
        raise ValueError(NO_DATE)
    return read.isoformat()


def _month(name: str) -> int:
    full = [datetime(2000, number, 1).strftime("%B").lower() for number in range(1, 13)]
    key = name.lower()
    for number, (short, long) in enumerate(zip(MONTHS, full, strict=True), 1):
        if key in (short, long, "sept" if short == "sep" else short):
            return number
    raise ValueError(NO_DATE)


def year_group(text: str, first_nursery_year: str = "") -> str:
    """Return the year group as the register writes it; one that is not known stays as it is.

    FS1 is a nursery year, and only the school knows which: raises ValueError unless it is given.
    """
    key = folded(text)
    if key in FIRST_NURSERY_YEAR:
        if not first_nursery_year:
            raise ValueError(
                'FS1 may be the first or the second nursery year; say which with --map "FS1=N1" or --map "FS1=N2"'
            )
        return first_nursery_year
    return YEAR_GROUPS.get(key, text)
