"""Sentences that a person reads: marked for translation where they stand, and made in the school's language when shown.

What is shown at once is marked with ``_`` or ``_n``; what is kept first, in a table or in the store, with ``say`` or
``say_n``: it stays a message and its values until somebody reads it. docs/decisions/0030 says why.
"""

from __future__ import annotations

import gettext
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

DOMAIN = "auditbot"
LOCALE = Path(__file__).parent / "data" / "locale"
"""The catalogues: auditbot.pot, and for each language but English LANGUAGE/LC_MESSAGES/auditbot.po and .mo."""
ENGLISH = "en-GB"
"""The language that sentences are written in."""

Value = str | int | float | date


def languages() -> tuple[str, ...]:
    """Return the languages that reports can be written in, English first."""
    found = sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *(name.replace("_", "-") for name in found))


class _Spoken:
    """The language in force: one for the whole program, which reads one school's settings."""

    def __init__(self) -> None:
        self.language = ENGLISH
        self.catalogue: gettext.NullTranslations = gettext.NullTranslations()


_SPOKEN = _Spoken()


def choose(language: str) -> None:
    """Show sentences in this language from now on; one that has no catalogue is shown in English."""
    found = gettext.translation(DOMAIN, LOCALE, [language.replace("-", "_")], fallback=True)
    speak(language if isinstance(found, gettext.GNUTranslations) else ENGLISH, found)


def speak(language: str, catalogue: gettext.NullTranslations) -> None:
    """Show sentences from this catalogue from now on."""
    _SPOKEN.language, _SPOKEN.catalogue = language, catalogue


def language() -> str:
    """Return the language that sentences are shown in, as pages name it: "en-GB"."""
    return _SPOKEN.language


def _(message: str, /, **values: object) -> str:
    """Return a message in the chosen language, with its values."""
    told = _SPOKEN.catalogue.gettext(message) if message else ""
    return told % _to_show(values) if values else told


def _n(one: str, many: str, count: int, /, **values: object) -> str:
    """Return a message about ``count`` things in the chosen language; its value ``count`` is given by itself."""
    return _SPOKEN.catalogue.ngettext(one, many, count) % _to_show({"count": count, **values})


def _to_show(values: Mapping[str, object]) -> dict[str, object]:
    return {name: day_of(value) if isinstance(value, date) else value for name, value in values.items()}


class Sentence(str):
    """A message with its values. As a plain string it is the English sentence; shown, it is in the chosen language."""

    __slots__ = ("message", "number", "parts", "plural", "values")
    message: str
    plural: str
    number: int
    values: Mapping[str, Value]
    parts: tuple[str, ...]

    def __new__(
        cls,
        message: str = "",
        values: Mapping[str, Value] | None = None,
        *,
        plural: str = "",
        number: int = 0,
        parts: Sequence[str] = (),
    ) -> Self:
        """Keep a message with its values, or the sentences of which this one is put together."""
        given = dict(values or {})
        if parts:
            english = " ".join(map(_in_english, parts))
        else:
            english = plural if plural and number != 1 else message
            english = english % {name: _in_english(value) for name, value in given.items()} if given else english
        made = super().__new__(cls, english)
        made.message, made.values, made.plural, made.number, made.parts = message, given, plural, number, tuple(parts)
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, Mapping[str, Value]], dict[str, Any]]:
        """Let it be copied, and handed from one process to another."""
        return (self.message, self.values), {"plural": self.plural, "number": self.number, "parts": self.parts}

    def __getstate__(self) -> None:
        """Nothing but what it is made from is handed on."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: Any) -> Any:
        """Let pydantic keep it as the store does."""
        from pydantic import PlainSerializer, PlainValidator  # noqa: PLC0415  only where somebody asks for a schema

        return handler.generate_schema(Annotated[Any, PlainValidator(from_data), PlainSerializer(as_data)])

    def __str__(self) -> str:
        """Return the sentence in the chosen language."""
        if self.parts:
            return " ".join(map(str, self.parts))
        if self.plural:
            return _n(self.message, self.plural, self.number, **self.values)
        return _(self.message, **self.values)


NOTHING = Sentence()
"""No sentence at all."""


def say(message: str, /, **values: Value | Path) -> Sentence:
    """Return a sentence that is kept before it is shown."""
    return Sentence(message, _as_values(values))


def say_n(one: str, many: str, count: int, /, **values: Value | Path) -> Sentence:
    """Return a sentence about ``count`` things that is kept before it is shown."""
    return Sentence(one, {"count": count, **_as_values(values)}, plural=many, number=count)


def _as_values(given: Mapping[str, Value | Path]) -> dict[str, Value]:
    return {name: str(value) if isinstance(value, Path) else value for name, value in given.items()}


def quoted(text: str) -> Sentence:
    """Return what somebody else said, or an older version wrote, as a sentence: it is shown as it is."""
    return Sentence(parts=[text]) if text else NOTHING


def together(*parts: str) -> Sentence:
    """Return sentences one after the other as one; empty ones are left out."""
    return Sentence(parts=[part for part in parts if part])


def either(names: Sequence[str]) -> str:
    """Return names as a choice: "A", "A or B", "A or B or C"."""
    chosen = names[0] if names else ""
    for name in names[1:]:
        chosen = say("%(one)s or %(other)s", one=chosen, other=name)
    return chosen


def both(names: Sequence[str]) -> str:
    """Return names as belonging together: "A", "A and B", "A and B and C"."""
    chosen = names[0] if names else ""
    for name in names[1:]:
        chosen = say("%(one)s and %(other)s", one=chosen, other=name)
    return chosen


def _in_english(value: Value) -> str:
    if isinstance(value, date):
        return f"{value.day} {MONTHS[value.month - 1]:s} {value.year}"
    return str.__str__(value) if isinstance(value, Sentence) else str(value)


# How a sentence is kept: its message and values as JSON. What was kept before there were languages is plain English.


_KEPT = '{"sentence":'


def is_kept(text: str) -> bool:
    """Whether this version kept it: message and values."""
    return text.startswith(_KEPT)


def kept(text: str) -> str:
    """Return what the store keeps of a sentence; a plain string is kept as it is."""
    return json.dumps(as_data(text), ensure_ascii=False) if isinstance(text, Sentence) else text


@lru_cache(maxsize=1024)
def told(text: str) -> Sentence:
    """Return the sentence that :func:`kept` kept, or that an older version wrote."""
    if not text.startswith(_KEPT):
        return quoted(text)
    try:
        sentence: Sentence = from_data(json.loads(text))
        return sentence
    except (ValueError, KeyError, TypeError):
        return quoted(text)


def as_data(value: Any) -> Any:
    """Return a sentence or one of its values as what JSON can hold."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if not isinstance(value, Sentence):
        return value
    if value.parts:
        return {"sentence": [as_data(part) for part in value.parts]}
    data: dict[str, Any] = {"sentence": value.message}
    if value.plural:
        data |= {"plural": value.plural, "number": value.number}
    if value.values:
        data["values"] = {name: as_data(one) for name, one in value.values.items()}
    return data


def from_data(data: Any) -> Any:
    """Return what :func:`as_data` was made from."""
    if not isinstance(data, dict):
        return data
    if "day" in data:
        return date.fromisoformat(data["day"])
    message = data["sentence"]
    if isinstance(message, list):
        return Sentence(parts=[from_data(part) for part in message])
    if not isinstance(message, str):
        raise TypeError(message)
    values = {name: from_data(one) for name, one in data.get("values", {}).items()}
    return Sentence(message, values, plural=data.get("plural", ""), number=data.get("number", 0))


# Days.

MONTHS = (
    say("January"),
    say("February"),
    say("March"),
    say("April"),
    say("May"),
    say("June"),
    say("July"),
    say("August"),
    say("September"),
    say("October"),
    say("November"),
    say("December"),
)
SHORT_MONTHS = (
    say("Jan"),
    say("Feb"),
    say("Mar"),
    say("Apr"),
    say("May"),
    say("Jun"),
    say("Jul"),
    say("Aug"),
    say("Sep"),
    say("Oct"),
    say("Nov"),
    say("Dec"),
)
WEEKDAYS = (
    say("Monday"),
    say("Tuesday"),
    say("Wednesday"),
    say("Thursday"),
    say("Friday"),
    say("Saturday"),
    say("Sunday"),
)
SHORT_WEEKDAYS = (say("Mon"), say("Tue"), say("Wed"), say("Thu"), say("Fri"), say("Sat"), say("Sun"))


def day_of(value: date) -> str:
    """Return a date like "12 October 2026"."""
    return _("%(day)s %(month)s %(year)s", day=value.day, month=MONTHS[value.month - 1], year=value.year)


def long_day(value: date) -> str:
    """Return a date like "Thursday 12 October 2026"."""
    return _("%(weekday)s %(day)s", weekday=WEEKDAYS[value.weekday()], day=value)


def short_day(value: date) -> str:
    """Return a date like "Mon 12 Oct"."""
    weekday, month = SHORT_WEEKDAYS[value.weekday()], SHORT_MONTHS[value.month - 1]
    return _("%(weekday)s %(day)s %(month)s", weekday=weekday, day=value.day, month=month)


def short_date(value: date) -> str:
    """Return a date like "12 Oct 2026"."""
    return _("%(day)s %(month)s %(year)s", day=value.day, month=SHORT_MONTHS[value.month - 1], year=value.year)


def day_and_month(value: date) -> str:
    """Return a date like "12 October"."""
    return _("%(day)s %(month)s", day=value.day, month=MONTHS[value.month - 1])


def day_and_short_month(value: date) -> str:
    """Return a date like "12 Oct"."""
    return _("%(day)s %(month)s", day=value.day, month=SHORT_MONTHS[value.month - 1])


def month_of(value: date) -> str:
    """Return a month like "October 2026"."""
    return _("%(month)s %(year)s", month=MONTHS[value.month - 1], year=value.year)
