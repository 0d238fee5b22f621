"""How well the whole check reads voices that the model did not learn from: python -m tests.bench.meaning.unlearned

With ``--grid`` the limits of conduct are tried that are set by these voices (``conduct.py``, ``rules.py``).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from unittest.mock import patch

import numpy as np

from auditbot.check.please_read import conduct, rules
from auditbot.check.please_read.please_read_clauses import OF_OTHERS, OF_THE_SCHOOL
from auditbot.check.please_read.rules import PleaseReadRules
from tests.bench.meaning.lessons import Lesson, unlearned

MORE_OF_POSTS, AGAINST = (1.0, 1.4, 1.8), (1.0, 0.5, 0.0)
"""Tried: how much surer conduct has to be where the school speaks, and how far a hint may be spoken against."""


def told_of(check: PleaseReadRules, one: Lesson) -> set[str]:
    """Return the rules that are told of a text."""
    kind = one.kind if one.kind in ("comment", "caption", "newsletter") else "post"
    role = one.speaker if one.own else "parent"
    clauses = OF_THE_SCHOOL if one.own else OF_OTHERS
    return {found.rule for found in check.find(one.text, kind=kind, author_role=role)} & clauses.keys()


def meant_by(one: Lesson) -> set[str]:
    """Return the rules that the author marked; a threat is told as bullying."""
    meant = {"bullying" if mark.what == "threat" else mark.what for mark in one.marks}
    return meant & OF_THE_SCHOOL.keys()


def lines(check: PleaseReadRules, lessons: Sequence[Lesson], only: str = "") -> Iterator[str]:
    """Yield a line a rule, and one on texts in which nothing is marked."""
    said: Counter[str] = Counter()
    meant: Counter[str] = Counter()
    right: Counter[str] = Counter()
    clean: Counter[bool] = Counter()
    loud: Counter[bool] = Counter()
    for one in lessons:
        told, wanted = told_of(check, one), meant_by(one)
        said.update(told)
        meant.update(wanted)
        right.update(told & wanted)
        if not one.marks:
            clean[one.own] += 1
            loud[one.own] += bool(told)
    for rule in sorted(said | meant):
        if only in rule:
            shares = f"P {right[rule]}/{said[rule]} R {right[rule]}/{meant[rule]}"
            yield f"  {rule:<27} {shares}"
    yield f"  clean told of: school {loud[True]}/{clean[True]}, others {loud[False]}/{clean[False]}"


def main() -> None:
    """Print the figures of each voice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grid", action="store_true")
    options = parser.parse_args()
    lessons = list(unlearned())
    check = PleaseReadRules()
    voices = sorted({one.voice for one in lessons})
    for voice in voices if not options.grid else ():
        print(voice, *lines(check, [one for one in lessons if one.voice == voice]), sep="\n", flush=True)
    for more, against in product(MORE_OF_POSTS, AGAINST) if options.grid else ():
        moved = np.array([more, 0.0], np.float32)
        with patch.object(conduct, "_MORE_OF_POSTS", moved), patch.object(rules, "_AGAINST", against):
            for voice in ("au9", "school"):
                mine = [one for one in lessons if one.own and one.voice.startswith(voice)]
                print(voice, more, against, *lines(check, mine, "conduct"), flush=True)


if __name__ == "__main__":
    main()
