"""British postal addresses and postcodes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from auditbot.check.personal_data.values import OwnContacts, PersonalData

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
    r"Place|Square|Mews|Row|Rise|Hill|View|Walk|Park|Green|Bank|Croft|Fold|Parade|Meadow|Meadows)\b(?!\s+[A-Z][a-z]+day)"
)
_CERTAIN = re.compile(r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Cl|Crescent|Cres|Terrace|Gardens|Gdns|Mews)$")
_COUNTED = re.compile(
    r"(?:\b(?:Year|Class|Key Stage|KS|Room|Page|Chapter|Group|Number|No|Nos|Week|Day|Bus|Route|Aged?|Team|over|under|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|and|the|our|about|nearly)"
    r"\.?\s)$",
    re.IGNORECASE,
)
_WELL_KNOWN = frozenset(
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
    for street in _STREET.finditer(text):
        words = " ".join(text[street.start("house") : street.end()].replace("’", "'").split())
        following = bisect_left(starts, street.end())
        near = following < len(codes) and starts[following] - street.end() <= _NEAR
        code = codes[following] if near else None
        if words.lower() in _WELL_KNOWN or (code is None and _counted(text, street)):
            continue
        if code is not None:
            used.add(code.start())
            if _plain(code["code"]) in own_codes:
                continue
            reason = "A house number and street with a postcode that is not the school's own."
            yield PersonalData("postal_address", street.start(), code.end(), 0.9, reason)
        else:
            reason = "A house number and street; it may be somebody's home."
            likely = _CERTAIN.search(street.group()) is not None or street["flat"]
            yield PersonalData("postal_address", street.start(), street.end(), 0.65 if likely else UNLIKELY, reason)
    for code in codes:
        if code.start() not in used and _plain(code["code"]) not in own_codes:
            reason = "A postcode that is not the school's own; it may be somebody's home or a place to visit."
            yield PersonalData("postcode", code.start(), code.end(), 0.5, reason)


def postcodes_in(text: str) -> Iterator[str]:
    """Yield each postcode as it is written."""
    yield from (match["code"] for match in _POSTCODE.finditer(text))


def _counted(text: str, street: re.Match[str]) -> bool:
    """Without a postcode: "Class 2 Forest Walk" counts something."""
    return _COUNTED.search(text, max(0, street.start() - 20), street.start()) is not None


def _plain(code: str) -> str:
    return "".join(code.split()).upper()
