"""Whose name a full name is, a child's of the school or an adult's: signs in the name, beside it and in the whole text.

How much each sign says was learned from texts of several authors (``tests/bench/meaning/whose_names.py``) and stands in
``data/words/whose_name_weights.toml`` as log-odds.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from auditbot.check.please_read.text_kinds import TextKind, kind_of
from auditbot.check.surnames import lexicon

SHORT = 70
"""Words of a text that is about one thing: whom it names need not be told again to be a child."""
_BEFORE, _AFTER = 110, 90
"""Characters of a sentence beside a name that are looked at."""
_PARAGRAPH = 260
"""Characters before a name in which its paragraph may speak of children."""
_BESIDE, _MOST_BESIDE = 150, 4
"""Characters to another name that stands beside, and how many such names are looked at on either side."""
_MOST_SCORE = 4.0
"""More log-odds of the language model than this say no more."""
_FAR_RANK = 9.2
"""The logarithm of the rank of a forename that no list of children's holds."""
_SENTENCE = re.compile(r"[.!?][\s\"”']|\n\s*\n|\n(?=\W*[A-Z])")
_BLANK_LINE = re.compile(r"\n\s*\n")
_TITLED = re.compile(r"\b(?:Mrs?|Ms|Miss|Mx|Dr|Rev|Cllr)\.? ([A-Z][\w'’-]*)(?: ([A-Z][\w'’-]*))?")
_OF_CHILDREN = ("class", "award", "belonging", "family", "born", "stage")
"""Groups of words one of which tells in a paragraph of a longer text that it speaks of children."""
_OF_THE_CHILD = ("aged", "of_a_class", "child_of", "cheered")
"""Groups of words right beside a name that say the same."""
_COUNTED = ("class", "office", "student", "work")
"""Groups of words that are counted in the whole text."""


@dataclass(frozen=True, slots=True)
class Named:
    """A full name in a text."""

    start: int
    """First character."""
    end: int
    """One past the last."""
    forename: str
    """The first name, in small letters."""
    surname: str
    """The last word, in small letters."""
    score: float
    """How much the language model takes it for a child's, as log-odds."""


def signs_of(text: str, names: Sequence[Named]) -> list[Mapping[str, float]]:
    """Return the signs of each name of a folded text, the names in their order; a sign is 0 where it is missing."""
    whole = _of_text(text, len(names))
    titled = {word.lower() for match in _TITLED.finditer(text) for word in match.groups() if word}
    ages = [_ages().get(one.forename) for one in names]
    found: list[Mapping[str, float]] = []
    for index, one in enumerate(names):
        signs = {**whole, **_of_name(one), **dict(_of_place(text, one)), **_of_others(names, ages, index)}
        signs["score"] = max(-_MOST_SCORE, min(_MOST_SCORE, one.score))
        signs["titled elsewhere"] = float(one.surname in titled)
        found.append(signs)
    return found


def likely(signs: Mapping[str, float]) -> float:
    """Return the log-odds that a name with these signs is a child's."""
    weights = _weights()
    return weights["base"] + sum(weights.get(sign, 0.0) * value for sign, value in signs.items())


def is_surely_a_child(text: str, start: int, end: int) -> bool:
    """Whether an age stands right after the name, or "our pupil" or "my son" right before it."""
    lead = text[max(0, start - _BEFORE) : start].rstrip(" \"'(“")
    aged = _beside("after")["aged"].match(text[end : end + _AFTER])
    return aged is not None or _beside("before")["child_of"].search(lead) is not None


def speaks_of_children(text: str, one: Named, signs: Mapping[str, float]) -> bool:
    """Whether the name's paragraph, up to the end of its sentence, or what stands beside it speaks of children."""
    if any(signs[group] for group in _OF_THE_CHILD):
        return True
    before = _BLANK_LINE.split(text[max(0, one.start - _PARAGRAPH) : one.start])[-1]
    paragraph = f"{before} | {_SENTENCE.split(text[one.end : one.end + _AFTER])[0]}"
    return any(_near()[group].search(paragraph) for group in _OF_CHILDREN)


def _of_text(text: str, names: int) -> dict[str, float]:
    words = max(1, len(text.split()))
    paper = kind_of(text)
    signs = {
        "long": math.log2(max(1.0, words / SHORT)),
        "names": min(1.0, 10 * names / words),
        "minutes": float(paper is TextKind.MINUTES),
        "paper": float(paper not in (TextKind.MINUTES, TextKind.SPEAKING)),
    }
    for group in _COUNTED:
        count = sum(1 for _ in _near()[group].finditer(text))
        signs[f"text: {group}"] = math.log1p(100 * count / words)
    return signs


def _of_name(one: Named) -> dict[str, float]:
    age, rank = _ages().get(one.forename), _ranks().get(one.forename)
    return {
        "old forename": 0.0 if age is None else 1 - age,
        "young forename": 0.0 if age is None else age,
        "rare forename": 1.0 if rank is None else rank / _FAR_RANK,
        "no forename": float(age is None and rank is None and one.forename not in lexicon.forenames()),
        "no surname": float(one.surname not in lexicon.surnames()),
        "word for a surname": float(one.surname in lexicon.common_words()),
        "initial": float(len(one.forename) == 1),
    }


def _of_place(text: str, one: Named) -> Iterator[tuple[str, float]]:
    before = _SENTENCE.split(text[max(0, one.start - _BEFORE) : one.start])[-1]
    after = text[one.end : one.end + _AFTER]
    sentence = f"{before} | {_SENTENCE.split(after)[0]}"
    for group, pattern in _near().items():
        yield group, float(pattern.search(sentence) is not None)
    for group, pattern in _beside("after").items():
        yield group, float(pattern.match(after) is not None)
    lead = before.rstrip(" \"'(“")
    for group, pattern in _beside("before").items():
        yield group, float(pattern.search(lead) is not None)
    opens = not before.strip(" -*•0123456789.")
    yield "opens", float(opens)
    yield "alone", float(opens and not after.split("\n")[0].strip(" ,;.!"))
    yield "capitals", float(text[one.start : one.end].isupper())


def _of_others(names: Sequence[Named], ages: Sequence[float | None], index: int) -> dict[str, float]:
    one = names[index]
    near = (*range(max(0, index - _MOST_BESIDE), index), *range(index + 1, min(len(names), index + _MOST_BESIDE + 1)))
    beside = [
        age
        for at in near
        if (age := ages[at]) is not None and max(one.start - names[at].end, names[at].start - one.end) <= _BESIDE
    ]
    young = sum(beside) / len(beside) if beside else 0.5
    return {"others": min(3, len(beside)) / 3, "others young": young}


@cache
def _ages() -> Mapping[str, float]:
    names = lexicon.forenames_by_age()
    return {name: place / len(names) for place, name in enumerate(names)}


@cache
def _ranks() -> Mapping[str, float]:
    return {name: math.log(place + 1) for place, name in enumerate(lexicon.children_by_number())}


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    source = files("auditbot") / "data" / "words" / "whose_name.toml"
    table: dict[str, dict[str, list[str]]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return table


@cache
def _near() -> Mapping[str, re.Pattern[str]]:
    return {
        group: re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
        for group, words in _table()["near"].items()
    }


@cache
def _beside(side: str) -> Mapping[str, re.Pattern[str]]:
    begins, ends = ("", "") if side == "after" else (r"(?<!\w)", "$")
    return {
        group: re.compile(rf"{begins}(?:{'|'.join(words)}){ends}", re.IGNORECASE)
        for group, words in _table()[side].items()
    }


@cache
def _weights() -> Mapping[str, float]:
    source = files("auditbot") / "data" / "words" / "whose_name_weights.toml"
    table: dict[str, float] = tomllib.loads(source.read_text(encoding="utf-8"))
    return table
