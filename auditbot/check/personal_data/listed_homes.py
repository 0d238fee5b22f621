"""Homes in a list of children: "8.20 Arlo – Lock Cottage", "Teddy: 77 Copleston", without any word for a street."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditbot.check.personal_data.births import holds_forename
from auditbot.check.personal_data.contact import PersonalData
from auditbot.check.surnames.lexicon import forenames, usual_for_children
from auditbot.sentences import say

SCORE = 0.65
"""It is somebody's home by its list alone: a person looks."""
_CAPITAL = r"[A-Z][\w'’-]{1,24}"
_NAMES = rf"{_CAPITAL}(?:\s{_CAPITAL})?(?:\s?(?:&|and|\+)\s{_CAPITAL})?"
_TOWN = rf"(?:,\s{_CAPITAL}(?:\s{_CAPITAL}){{0,2}})?"
_NUMBERED = (
    rf"(?:(?:Flat|Apartment|no\.?|No\.?|number)\s?)?\d{{1,4}}[A-Za-z]?,?\s{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}{_TOWN}"
)
_NAMED = (
    rf"(?:[Tt]he\s|[Ee]nd\s|[Cc]orner\s)?(?:{_CAPITAL}\s){{0,3}}"
    r"(?:[Hh]ouse|[Cc]ottages?|[Ff]arm(?:house)?|[Bb]ungalow|[Bb]arn|[Ll]odge|[Vv]icarage|[Rr]ectory|[Mm]anse|[Cc]roft|"
    rf"[Ff]lats?|[Cc]aravan|[Nn]arrowboat|[Hh]ouseboat|Mill|Forge|Villas?){_TOWN}"
)
_ENTRY = re.compile(
    r"(?:^|(?<=\n)|(?<=[.;:]\s))[ \t]*(?:[•·*▪-]\s?)?(?:\d{1,2}[.:]\d\d\s?(?:am|pm)?\s?[:–—-]?\s?)?"
    rf"(?P<names>{_NAMES})(?:\s?[|\t][^|\t\n]{{0,25}}){{0,2}}(?:\s?[:|\t]|\s?[–—]|\s-)\s?"
    rf"(?P<home>{_NUMBERED}|{_NAMED})(?=\s?(?:[.;,(|\t]|$|\n))"
)
"""A name, a sign, and a number with a name or a house with a name, to the end of the entry."""
_OF_HOMES = re.compile(
    r"\b(?:pick[- ]?ups?|picked up|drop[- ]?(?:offs?|rounds?)|address(?:es)?|walking bus|deliver\w*|"
    r"collect(?:ion|ed)? from|car[- ]?share|lifts?|hampers?|secret santa|through (?:the )?(?:doors?|letter ?boxes)|"
    r"contacts?|emergency|lives?|where we live|neighbours?|trick[- ]or[- ]treat\w*|carol(?:s|ling| singing)|"
    r"post (?:gifts|cards)|door[- ]to[- ]door|play ?dates?|home visits?)\b",
    re.IGNORECASE,
)
"""What a list of homes is for."""
_COUNTS = re.compile(
    r"\b(?:points?|stars?|goals?|stickers?|badges?|merits?|books?|laps?|miles?|tickets?|votes?|marks?|teams?|year|class|place|"
    r"green|golden|french|little|red|blue|medals?|cups?|eggs?|tokens?|cakes?|pm|am|"
    r"jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*)\b",
    re.IGNORECASE,
)
"""Things that are counted or won, and months."""
_BEFORE = 400
"""Characters before an entry in which its list may say what it is for."""


def find_listed_homes(text: str, known: Sequence[PersonalData]) -> Iterator[PersonalData]:
    """Yield the homes in lists of children beside those in ``known``.

    A list is one of homes if words before it say so or if a known address stands in it too.
    """
    addresses = [one for one in known if one.kind == "postal_address"]
    for entry in _ENTRY.finditer(text):
        start, end = entry.span("home")
        if any(one.start < end and start < one.end for one in known) or _COUNTS.search(entry["home"]):
            continue
        begin = max(0, entry.start() - _BEFORE)
        listed = _OF_HOMES.search(text, begin, entry.start()) or any(
            begin <= one.start <= entry.end() + _BEFORE for one in addresses
        )
        if listed and _names_a_child(entry["names"]):
            yield PersonalData("postal_address", start, end, SCORE, say("A house in a list beside a child's name."))


def _names_a_child(names: str) -> bool:
    return holds_forename(names, forenames()) or any(name.lower() in usual_for_children() for name in names.split())
