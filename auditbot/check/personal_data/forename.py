"""Whether words hold a forename."""

from __future__ import annotations

import re

from auditbot.check.surnames.lexicon import brands, common_words, forenames, known_words, places, usual_forenames

_CAPITALISED = re.compile(r"(?<![\w'’-])[A-Z][a-zà-ÿ]{1,20}(?![a-z])")
_NO_FORENAMES = frozenset(["april", "may", "june", "july", "august", "summer", "autumn", "will", "dawn"])


def holds_forename(words: str, known: frozenset[str] | None = None) -> bool:
    """Whether a capitalised word is a forename (of ``known``) that is hardly anything else, or no known word at all."""
    known = forenames() if known is None else known
    for word in _CAPITALISED.findall(words):
        low = word.lower()
        if low in _NO_FORENAMES or low in brands() or (low in common_words() and low not in usual_forenames()):
            continue
        if low in known or not (low in known_words() or low in places()):
            return True
    return False
