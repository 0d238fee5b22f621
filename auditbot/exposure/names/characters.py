"""Characters of stories whose names children bear as well: which words of a text are theirs, and no child's."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from auditbot.exposure.names.word_lists import lists

LONGEST = 5
"""Words of a title, small ones left out."""


@dataclass(frozen=True, slots=True)
class _Story:
    names: frozenset[str]
    """Characters."""
    signs: frozenset[str]
    """Words that say that this story is told of."""


@dataclass(frozen=True, slots=True)
class _Stories:
    known: frozenset[tuple[str, ...]]
    """Whole names and titles, small words left out."""
    stories: tuple[_Story, ...]
    """Each story."""
    before: frozenset[str]
    """What stands before a part in a play."""
    behind: frozenset[str]
    """What stands behind a costume's or a toy's name."""
    small: frozenset[str]
    """Small words of titles."""


@cache
def _begin() -> frozenset[str]:
    """With what words titles begin."""
    return frozenset(title[0] for title in _stories().known)


@cache
def _names() -> frozenset[str]:
    """The names of all characters."""
    return frozenset().union(*(story.names for story in _stories().stories))


@cache
def _stories() -> _Stories:
    content = tomllib.loads((files("auditbot") / "data" / "exposure" / "stories.toml").read_text("utf-8"))
    play = content["play"]
    told = tuple(
        _Story(frozenset(story["names"].split()), frozenset(story["signs"].split())) for story in content["story"]
    )
    known = frozenset(tuple(map(_bare, line.split())) for line in content["known"].splitlines() if line)
    return _Stories(known, told, *(frozenset(play[part].split()) for part in ("before", "behind", "small")))


def characters(words: Sequence[str]) -> frozenset[int]:
    """Return which of some words, folded, are names of characters: in a title, beside a sign of their story, in a part.

    A title counts whatever follows; the others are for a forename alone: no character has a child's surname.
    """
    return titled(words) | _told_of(words)


def titled(words: Sequence[str]) -> frozenset[int]:
    """Return which of some words, folded, stand in a title or whole name that everybody knows."""
    if _begin().isdisjoint(map(_bare, words)):
        return frozenset()
    stories = _stories()
    places = [place for place, word in enumerate(words) if word not in stories.small]
    bare = [_bare(words[place]) for place in places]
    found: set[int] = set()
    for start in (start for start, word in enumerate(bare) if word in _begin()):
        for length in range(2, min(LONGEST, len(bare) - start) + 1):
            if tuple(bare[start : start + length]) in stories.known:
                found |= set(places[start : start + length])
    return frozenset(found)


def _told_of(words: Sequence[str]) -> frozenset[int]:
    if _names().isdisjoint(words):
        return frozenset()
    in_titles = titled(words)
    outside = frozenset(word for place, word in enumerate(words) if place not in in_titles)
    found = {place for place in range(len(words)) if words[place] in _names() and _is_in_a_story(words, place, outside)}
    # "Olaf and Elsa", "Hermione and Ron puppets": whoever is joined to a character is one.
    for place, word in enumerate(words):
        for other in (place - 2, place + 2):
            joined = 0 <= other < len(words) and words[(place + other) // 2] == "and"
            if joined and word in _names() and (other in found | in_titles or words[other] in lists()["never"]):
                found.add(place)
    return frozenset(found)


def _is_in_a_story(words: Sequence[str], place: int, outside: frozenset[str]) -> bool:
    """Whether a word is a character's name, and a sign of its story, a part in a play or a costume stands beside it."""
    stories, word = _stories(), words[place]
    mine = [story for story in stories.stories if word in story.names]
    before, behind = words[place - 1] if place else "", words[place + 1] if place + 1 < len(words) else ""
    part = before in stories.before or behind in stories.behind
    return bool(mine) and (part or any(not (story.signs - {word}).isdisjoint(outside) for story in mine))


def _bare(word: str) -> str:
    """A word of a title as addresses may write it: "charlottes-web"."""
    return word.rstrip("s")
