"""General knowledge of English words and names, read once from the data files beside this package.

The files and their origin are described in data/README.md; none of it comes from any school's posts.
"""

import json
import tomllib
from functools import cache
from importlib.resources import files

_DATA = files("auditbot.check.surnames") / "data"
_NAMES = files("auditbot") / "data" / "names"
_USUAL = 1_000
"""Of the forenames of children, those that every reader takes for one."""
_MOSTLY_SURNAMES = 5_000
"""Surnames so usual that a rare forename alike says nothing."""


def _lines(name: str) -> frozenset[str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _ranked(name: str) -> tuple[str, ...]:
    """The names of one list, the most usual first."""
    return tuple((_NAMES / name).read_text(encoding="utf-8").split())


@cache
def common_words() -> frozenset[str]:
    """About 39,000 everyday English words, lower case, British spellings and words like "French" among them."""
    return _lines("words_common.txt") | _lines("words_capital.txt") | vocabulary()["school_jargon"]


@cache
def known_words() -> frozenset[str]:
    """The everyday words and about 28,000 less common ones."""
    return common_words() | _lines("words_other.txt")


@cache
def usual_forenames() -> frozenset[str]:
    """About 1,200 forenames that a British reader takes for a forename at once."""
    return _lines("forenames_usual.txt")


@cache
def usual_for_children() -> frozenset[str]:
    """The 1,000 most usual forenames of children born since 2010, "Poppy" and "Grace" among them."""
    return frozenset(_ranked("forenames_uk.txt")[:_USUAL])


@cache
def given_to_children() -> frozenset[str]:
    """All forenames of children, rare ones and those that are surnames or words among them."""
    return frozenset(_ranked("forenames_uk.txt"))


@cache
def children_by_number() -> tuple[str, ...]:
    """The same, the most usual first."""
    return _ranked("forenames_uk.txt")


@cache
def forenames_by_age() -> tuple[str, ...]:
    """About 7,000 forenames, first those whose living bearers are nearly all adults, last those of children."""
    return _ranked("forenames_by_age.txt")


@cache
def forenames() -> frozenset[str]:
    """About 18,000 forenames of many origins, folded to lower-case letters."""
    of_children = frozenset(_ranked("forenames_uk.txt")) - frozenset(_ranked("surnames.txt")[:_MOSTLY_SURNAMES])
    return usual_forenames() | _lines("forenames_other.txt") | of_children


@cache
def surnames() -> frozenset[str]:
    """30,000 surnames, folded to lower-case letters."""
    return frozenset(_ranked("surnames.txt"))


@cache
def usual_surnames() -> frozenset[str]:
    """The 1,000 most usual surnames."""
    return frozenset(_ranked("surnames.txt")[:_USUAL])


@cache
def large_places() -> frozenset[str]:
    """Larger towns and the counties of Britain and Ireland, large cities and countries, words parted by one space."""
    return _lines("places.txt")


@cache
def places() -> frozenset[str]:
    """The large places, and the small towns and villages of Britain and Ireland."""
    return large_places() | _lines("places_small.txt")


@cache
def people() -> frozenset[str]:
    """Full names of authors, artists, historic people and characters whom young children meet at school, folded."""
    return _lines("people.txt")


@cache
def surnames_of_people() -> frozenset[str]:
    """The last words of those names."""
    return frozenset(name.rpartition(" ")[2] for name in people())


@cache
def brands() -> frozenset[str]:
    """Shops and makers known across the country that bear a surname, folded."""
    return _lines("brands.txt")


@cache
def lookalikes() -> dict[str, str]:
    """Letters of other scripts and the Latin letter each is drawn like."""
    table: dict[str, str] = json.loads((_DATA / "lookalikes.json").read_text(encoding="utf-8"))
    return table


@cache
def vocabulary() -> dict[str, frozenset[str]]:
    """The word groups of vocabulary.toml: titles, street words, jobs, signs of a child, ..."""
    groups = tomllib.loads((_DATA / "vocabulary.toml").read_text(encoding="utf-8"))
    return {name: frozenset(" ".join(words).split()) for name, words in groups.items()}


@cache
def group(*names: str) -> frozenset[str]:
    """All words of these vocabulary groups."""
    return frozenset().union(*(vocabulary()[name] for name in names))
