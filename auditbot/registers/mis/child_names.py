"""A child's name as a file writes it in one cell: two words, surname first, or with the name in use in brackets."""

from __future__ import annotations

import re

from auditbot.registers.mis.headings import folded

BESIDE = re.compile(r"\(([^)]*)\)|[\"“]([^\"”]*)[\"”]|\b(?:known as|k/a|aka)\b\s*(\S+)", re.IGNORECASE)
"""What stands behind a name in brackets or quotation marks: Oliver (Ollie)."""
ONE_NAME = re.compile(r"[^\W\d_][^\W\d_'’-]+")
TITLE = re.compile(r"^(master|miss|mr|ms|mrs|mx)\.? +(?=\S+ +\S)", re.IGNORECASE)
OF_A_CLASS = re.compile(r"((year|yr|y|class|form)\W*\w*|reception|nursery)", re.IGNORECASE)


def without_known_as(text: str) -> tuple[str, str]:
    """Return a name without its title and the one word in brackets behind it, and that word: the name in use.

    A class in brackets is left out. What may be a second child, "(and Mia)", stays where it is.
    """
    found = ""

    def taken(match: re.Match[str]) -> str:
        nonlocal found
        said = next(filter(None, match.groups()), "").strip()
        if OF_A_CLASS.fullmatch(said):
            return " "
        if not ONE_NAME.fullmatch(said):
            return match[0]
        found = found or said
        return " "

    bare = TITLE.sub("", " ".join(BESIDE.sub(taken, text).split()).replace(" ,", ","))
    return (bare, found) if bare.strip(" ,") else (text, "")


def cut_in_two(text: str, heading: str) -> dict[str, str]:
    """Return forename and surname of two words; both empty of more words, which only a known pupil's name can cut."""
    words = text.split()
    if len(words) != 2 or "," in text:
        return {"legal_surname": "", "legal_forename": ""}
    surname_first = re.match(r"(legal)?(surname|last|family)", folded(heading)) or (
        words[0].isupper() and not words[1].isupper() and len(words[0]) > 1
    )
    forename, surname = reversed(words) if surname_first else words
    return {"legal_surname": surname, "legal_forename": forename}
