"""Which pupils a post is about, by the classes and year groups that it names.

A prior for whom a face may show and never a filter, so a word that means something else does little harm. The register
says where pupils are now; a post of an earlier school year named the year group in which they were then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import unquote, urlsplit

from auditbot.model import Post
from auditbot.registers.accounts import Account
from auditbot.registers.people import Pupil
from auditbot.registers.policy import EventApproval

YEAR_STARTS = (9, 1)
WHOLE_WORDS = {"r": "reception", "rec": "reception", "n": "nursery", "n1": "nursery", "n2": "nursery"}
NURSERY = frozenset({-2, -1})
YEAR_GROUPS = {
    "n1": -2, "fs1": -1, "n2": -1, "n": -1, "nursery": -1, "pre school": -1, "preschool": -1,
    "r": 0, "rec": 0, "yr": 0, "fs2": 0, "reception": 0,
}  # fmt: skip
GENERIC = frozenset(
    {"am", "class", "classes", "form", "foundation", "group", "infant", "infants", "mixed", "nursery", "pm", "pupils"}
    | {"reception", "school", "stage", "the", "tutor", "year", "years", "yr"}
)
# Each phrase with the years it means, as full years of school before (below 0) or after Reception (0).
PHRASES: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = (
    (re.compile(r"\b(?:early years|eyfs|foundation stage)\b"), frozenset({-2, -1, 0})),
    (re.compile(r"\bnursery\b(?! (?:school|rhyme))"), NURSERY),
    (re.compile(r"(?<!school )(?<!main )(?<!at )(?<!to )\breception\b(?! (?:desk|area|office))"), frozenset({0})),
    (re.compile(r"\b(?:ks ?1|key stage (?:1|one))\b"), frozenset({1, 2})),
)
NUMBERED = re.compile(
    r"(?<!new )\b(?:years?|yrs?|y) ?(?P<first>\d{1,2})\b"
    r"(?P<more>(?: ?(?:,|and|&|/|to|-|–) ?(?:(?:years?|yrs?|y) ?)?\d\b)*)"
)


class Groups:
    """The school's classes and year groups, to be looked for in posts."""

    def __init__(self, pupils: Iterable[Pupil], today: date) -> None:
        self._pupils = tuple(pupils)
        self._today = today
        names = {pupil.class_name for pupil in self._pupils if pupil.class_name}
        # Whole names first: what one of them takes up in a text names nothing else there.
        self._whole = [(pattern, name) for name in sorted(names, key=len, reverse=True) if (pattern := _whole(name))]
        self._short = [(pattern, name) for name in sorted(names) if (pattern := _short(name))]

    def named_in(
        self, post: Post, account: Account | None = None, events: Iterable[EventApproval] = ()
    ) -> frozenset[str]:
        """Return the ids of the pupils who were, when it was published, in a class or year group the post names.

        Its title, text and address count, what its photos say of themselves and the folders they lie in; where none of
        these says anything, who took part in an event of ``events`` that it names; failing that, what its account is
        for, unless that is the whole school. Without a date, today counts.
        """
        text = _text_of(post)
        named = self._in_text(text, post) or self._in_text(_taking_part(text, post, events), post)
        if named or account is None:
            return named
        of_account = self._in_text(_about(account), post)
        on_roll = {pupil.pupil_id for pupil in self._pupils if pupil.left_on is None}
        return frozenset() if of_account >= on_roll else of_account

    def _in_text(self, text: str, post: Post) -> frozenset[str]:
        classes: set[str] = set()
        for patterns in (self._whole, self._short):
            here = text
            for pattern, name in patterns:
                if pattern.search(here):
                    classes.add(name)
                    text = pattern.sub(" | ", text)
        years = frozenset(_years_named(text))
        if not classes and not years:
            return frozenset()
        # Pupils move on through the classes: who was in one in an earlier year is known by the years that it takes.
        of_classes = [_years_of(pupil) for pupil in self._pupils if pupil.class_name in classes]
        taken = years.union(*of_classes)
        day = post.published_at.date() if post.published_at else self._today
        named = set()
        for pupil in self._pupils:
            row_stands_for = min(self._today, pupil.left_on) if pupil.left_on else self._today
            since = _school_year(day) - _school_year(row_stands_for)
            in_class = since == 0 and pupil.class_name in classes
            if in_class or any(year + since in (taken if since else years) for year in _years_of(pupil)):
                named.add(pupil.pupil_id)
        return frozenset(named)


def _school_year(day: date) -> int:
    return day.year if (day.month, day.day) >= YEAR_STARTS else day.year - 1


def _years_of(pupil: Pupil) -> frozenset[int]:
    """Full years of school after (or, below 0, before) Reception; several in a mixed-age class, like "1/2".

    Empty if neither year group nor class says it.
    """
    for said in map(_plain, (pupil.year_group, pupil.class_name)):
        parts = [part.strip() for part in re.split(r"[/&+]|\band\b", re.sub(r"^(?:years?|yrs?|y) ?", "", said))]
        known = [YEAR_GROUPS.get(part, int(part) if re.fullmatch(r"\d{1,2}", part) else None) for part in parts]
        years = frozenset(year for year in known if year is not None)
        if years and len(years) == len(parts):
            return years
    named = max(_years_named(_plain(pupil.class_name)), default=None)
    return frozenset() if named is None else frozenset({named})


def _years_named(text: str) -> Iterator[int]:
    for pattern, years in PHRASES:
        if pattern.search(text):
            yield from years
    for found in NUMBERED.finditer(text):
        numbers = [int(found["first"]), *map(int, re.findall(r"\d", found["more"]))]
        yield from numbers
        if re.search(r"to|-|–", found["more"]):
            yield from range(min(numbers), max(numbers) + 1)


def _text_of(post: Post) -> str:
    address = re.sub(r"[\W_]+", " ", unquote(urlsplit(post.url).path))
    photos = (said for use in post.photos for said in (use.alt, use.caption))
    folders = {urlsplit(use.url).path.rpartition("/")[0] for use in post.photos if use.url}
    albums = (re.sub(r"[\W_]+", " ", unquote(folder)) for folder in sorted(folders))
    return " | ".join(map(_plain, (post.title, post.text, address, *photos, *albums)))


def _about(account: Account) -> str:
    """What an account's name and its year groups say of whom it shows."""
    return " | ".join(map(_plain, (account.name, *_spelt_out(account.year_groups))))


def _taking_part(text: str, post: Post, events: Iterable[EventApproval]) -> str:
    """The classes that took part in the events which a text names, among those approved for its account and day."""
    day = post.published_at.date() if post.published_at else None
    classes = (
        name
        for event in events
        if event.event.strip()
        and re.search(rf"(?<!\w){re.escape(_plain(event.event))}(?!\w)", text)
        and (not event.accounts or post.account in event.accounts)
        and (day is None or (event.first_day or date.min) <= day <= (event.last_day or date.max))
        for name in _spelt_out(event.classes)
    )
    return " | ".join(map(_plain, classes))


def _spelt_out(groups: Iterable[str]) -> Iterator[str]:
    for group in groups:
        yield f"year {group}" if group.strip().isdigit() else WHOLE_WORDS.get(_plain(group), group)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _whole(name: str) -> re.Pattern[str] | None:
    words = _plain(name).split()
    if all(word in GENERIC for word in words) or len("".join(words)) < 2 or _only_a_year(words):
        return None
    return _pattern(words)


def _short(name: str) -> re.Pattern[str] | None:
    """What of a class's name is its own: "Kingfishers" of "Year 1 Kingfishers"."""
    words = [word for word in _plain(name).split() if word not in GENERIC and not re.fullmatch(r"[\W\d]+|y\d", word)]
    return _pattern(words, maybe_one=True) if len("".join(words)) > 2 else None


def _only_a_year(words: list[str]) -> bool:
    return bool(re.fullmatch(r"(?:year|yr|y) ?\d{1,2}", " ".join(words)))


def _pattern(words: list[str], *, maybe_one: bool = False) -> re.Pattern[str]:
    name = r"[\s\-]+".join(map(re.escape, words))
    if maybe_one and words[-1].endswith("s") and len(words[-1]) > 3:  # "the Owl class"
        name = rf"{name}|{name[:-1]}\s+class"
    year = r"(?:(?:(?:year|yr|y) ?\d{1,2}|reception|nursery)\s+)?" if maybe_one else ""
    return re.compile(rf"(?<!\w){year}(?:{name})(?!\w)")
