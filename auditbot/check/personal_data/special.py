"""Health, special needs, free meals, care and faith beside a child's name: what data protection law guards most."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

from auditbot.check.meaning.passages import spans_of
from auditbot.check.meaning.tagged import number_at, tagged
from auditbot.check.prose import Role, Span, sentences
from auditbot.check.surnames import lexicon

_NAME = re.compile(r"(?<![\w'’.-])[A-Z][a-zà-ÿ]{1,20}(?:-[A-Z][a-zà-ÿ]{1,20})?(?![a-z])")
_SAID_OF = re.compile(
    r"(?:['’]s?|,?\s(?:who|has|had|is|was|wears|uses|sees|broke|got|gets|needs|takes|carries|will|can|cannot|could|must|does|did|lives|goes|came|went|and|in|with|"
    r"for|on|at)\b|[,!.:)]|$)"
)
_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lady|lord|rev|revd|reverend|father|sister|saint|st|cllr|"
    r"councillor|pc|nurse|doctor|head|headteacher|teacher|author|poet|artist|king|queen|prince|princess|duke|president|"
    r"governor|chair|chairman|clerk)\.?\s$",
    re.IGNORECASE,
)
_OF_WHOM = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)
_LEADS = re.compile(r"\b(?:Pupil|Child|Name)\s?:")
"""A form that names whom its next words are about."""
_IS_OR_HAS = re.compile(
    r"(?:'s?|,?\s(?:who\s)?(?:has|had|is|was|needs|takes|took|got|gets|went|goes|carries|will|suffers|back|under|with)\b)[^.!?;]{0,50}$"
)
"""Between a name and a word that alone only hints at it."""
_HAS_BEEN = re.compile(
    r"(?:\s[A-Z]\w*\.?)?(?:,?\s\w+\s[A-Z]\w+,?)?(?:,?\swho)?\s(?:has|have|had|is|was|will be|got|gets)\b[^.!?;]{0,30}$"
)
"""Between a name and what is decided about its bearer."""
_ENTRY = re.compile(r"(?:\s[A-Z]\w*\.?)?\s?(?:[-–—:(]|\s[-–—])\s?(?:\w+\s){0,2}$")
"""Between the name and the words of an entry of a list: "Ada - no halal"."""
_REACH = 90
"""Characters between the name and the words at most."""
_LONG = 12
"""Sentences from which a text tells of many people: there a name of nobody on the register needs a word of children."""
_LONGEST = 260
"""Characters of a sentence about one child; longer ones are policy."""


class Special(Enum):
    """What is given away."""

    HEALTH = "health"
    """Illness, injury, medicine, disability."""
    SEND = "send"
    """Special educational needs."""
    MEALS = "meals"
    """Free meals and other signs of what a family earns."""
    CARE = "care"
    """Fostering, adoption, social work."""
    FAITH = "faith"
    """Religion or belief."""
    ANY = "any"
    """One of these, which words alone do not tell."""


_BY_WORDS = tuple(what for what in Special if what is not Special.ANY)
_A_WORD, _FEWEST = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?"), 4
"""Words of a sentence that its meaning alone tells."""
_LINE, _BEGINS = re.compile(r"[^\r\n]*\w[^\r\n]*"), re.compile(r"\W{0,6}(?:\d{1,2}[.)]?\s)?(?:\w{1,12}:\s)?")
"""A line, and what stands before the name that begins it: a bullet, a number, a label."""
_LONGEST_HEADING, _HEADED = 60, ("plain", "hint")
_MEANT = 0.6
"""Score of what the meaning alone tells."""


@dataclass(frozen=True, slots=True)
class SpecialData:
    """A sentence that says something of the kind of a named child."""

    what: Special
    """What is given away."""
    start: int
    """First character of the sentence, in code points."""
    end: int
    """One past the last character."""
    score: float
    """0.8 where the words say it by themselves, 0.6 where they hint at it."""


def find_special(text: str, pupils: frozenset[str] = frozenset(), *, title: bool = False) -> list[SpecialData]:
    """Return the sentences that tell such a thing of a named child, in order; never of a disease in general.

    ``pupils`` are forenames of the register in small letters, which are names even where they are words as well. Of a
    ``title`` nothing is told by its meaning alone unless it names somebody.
    Raises LanguageModelMissing.
    """
    found: list[SpecialData] = []
    if _anything().search(text) is not None:
        found = _by_words(text, pupils)
        found += [one for one in _in_headed_lists(text, pupils) if not _is_told(one.start, one.end, found)]
    for place in tagged(text, "special"):
        number = number_at(text, place.start)
        if number is None:
            continue
        span = spans_of(text)[number]
        if _is_told(span.start, span.end, found):
            continue
        sentence = text[span.start : span.end].replace("’", "'")
        if len(_A_WORD.findall(sentence)) < _FEWEST:
            continue
        of_a_child = (len(spans_of(text)) < _LONG and not title) or any(_names(sentence, pupils))
        if of_a_child and not _words("signs", "others").search(sentence):
            found.append(SpecialData(_what(text[span.start : span.end]), span.start, span.end, _MEANT))
    return sorted(found, key=lambda one: one.start)


def _is_told(start: int, end: int, found: list[SpecialData]) -> bool:
    return any(one.start < end and start < one.end for one in found)


def _what(sentence: str) -> Special:
    """What the words of a sentence speak of, if there are words that do."""
    kinds = (what for what in _BY_WORDS if _words(what.value, "plain").search(sentence.replace("’", "'")))
    return next(kinds, Special.ANY)


def _by_words(text: str, pupils: frozenset[str]) -> list[SpecialData]:
    found: list[SpecialData] = []
    spans = sentences(text)
    of_children = len(spans) < _LONG
    for last, span in zip((None, *spans), spans, strict=False):
        if span.end - span.start <= _LONGEST and span.role is not Role.CELL and not _is_heading(text, span):
            one = _in_sentence(text, span.start, span.end, pupils, of_children)
            one = one or (_of_the_child_before(text, last, span, pupils) if last and of_children else None)
            if one is not None and (not found or found[-1].start != one.start):
                found.append(one)
    return found


def _of_the_child_before(text: str, last: Span, span: Span, pupils: frozenset[str]) -> SpecialData | None:
    """A sentence without a name, of the one child whom the sentence before it names."""
    sentence, before = (text[one.start : one.end].replace("’", "'") for one in (span, last))
    carried = _OF_WHOM.search(sentence) or _LEADS.search(before)
    if last.paragraph != span.paragraph or not carried or any(_names(sentence, pupils)):
        return None
    named = {name.group() for name in _names(before, pupils)}
    if len(named) != 1 or any(_words("signs", how).search(f"{before} {sentence}") for how in ("grown_ups", "others")):
        return None
    told = next((what for what in _BY_WORDS if _words(what.value, "plain").search(sentence)), None)
    return SpecialData(told, span.start, span.end, _MEANT) if told else None


def _is_heading(text: str, span: Span) -> bool:
    """Five words or more, nearly all of them in capitals: the title of a paper."""
    words = [word for word in re.findall(r"[^\W\d_]+", text[span.start : span.end]) if len(word) > 3]
    return len(words) > 4 and all(word[0].isupper() for word in words)


def _in_sentence(text: str, start: int, end: int, pupils: frozenset[str], of_children: bool) -> SpecialData | None:
    sentence = text[start:end].replace("’", "'")
    if _anything().search(sentence) is None:
        return None
    names = list(_names(sentence, pupils))
    if _words("signs", "others").search(sentence) and not _is_decided(sentence, names):
        return None
    if not of_children and not _words("signs", "children").search(sentence):
        names = [name for name in names if name.group().lower().replace("-", "") in pupils]
    if not names:
        return None
    wished = _words("signs", "wishes").search(sentence) is not None
    for what in _BY_WORDS:
        plain = _beside(_words(what.value, "plain"), sentence, names)
        if plain or _hinted(_words(what.value, "hint"), sentence, names, wished):
            return SpecialData(what, start, end, 0.8 if plain else 0.6)
    return None


def _is_decided(sentence: str, names: list[re.Match[str]]) -> bool:
    """ "Ada has been awarded ...": what is decided about the named child, be it told by a committee."""
    return any(
        _HAS_BEEN.match(sentence[name.end() : found.start()])
        for found in _words("signs", "decided").finditer(sentence)
        for name in names
        if name.end() < found.start()
    )


def _beside(words: re.Pattern[str], sentence: str, names: list[re.Match[str]]) -> bool:
    return any(
        min(abs(found.start() - name.end()), abs(name.start() - found.end())) <= _REACH
        for found in words.finditer(sentence)
        for name in names
        if name.end() <= found.start() or found.end() <= name.start()
    )


def _hinted(words: re.Pattern[str], sentence: str, names: list[re.Match[str]], wished: bool) -> bool:
    """The named child has, is or needs it; or the sentence wishes somebody well."""
    return any(
        wished or any(link.match(sentence[name.end() : found.start()]) for link in (_IS_OR_HAS, _ENTRY))
        for found in words.finditer(sentence)
        for name in names
        if wished or name.end() < found.start()
    )


def _names(sentence: str, pupils: frozenset[str]) -> Iterator[re.Match[str]]:
    """Forenames of children, as far as words and titles tell."""
    for name in _NAME.finditer(sentence):
        low = name.group().lower().replace("-", "")
        if _TITLE.search(sentence, max(0, name.start() - 14), name.start()) or _is_well_known(sentence, name):
            continue
        own = low in pupils
        if not (own or low in lexicon.usual_for_children() or low in lexicon.forenames() - lexicon.known_words()):
            continue
        word = low in lexicon.common_words()
        if low in _table()["names"]["word_like"] and not own:
            continue
        if word and name.start() == 0 and not _SAID_OF.match(sentence, name.end()):
            continue
        if low in lexicon.large_places() and not own:
            continue
        yield name


def _in_headed_lists(text: str, pupils: frozenset[str]) -> Iterator[SpecialData]:
    """Children in a list whose heading says what they have ("Inhalers to take:")."""
    what: Special | None = None
    for line in _LINE.finditer(text):
        words = line.group().replace("’", "'")
        names = [name for name in _names(words, pupils) if _BEGINS.fullmatch(words, 0, name.start())]
        if names and what is not None:
            if not _words("signs", "grown_ups").search(words):
                yield SpecialData(what, line.start(), line.end(), _MEANT)
        elif len(words) <= _LONGEST_HEADING and not _words("signs", "others").search(words):
            what = next(
                (one for one in _BY_WORDS if any(_words(one.value, how).search(words) for how in _HEADED)), None
            )
        else:
            what = None


def _is_well_known(sentence: str, name: re.Match[str]) -> bool:
    following = re.match(r"\s([A-Z][\w'-]+)", sentence[name.end() : name.end() + 30])
    return following is not None and f"{name.group()} {following.group(1)}".lower() in lexicon.people()


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    source = files("auditbot") / "data" / "words" / "special_data.toml"
    table: dict[str, dict[str, list[str]]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return table


@cache
def _words(what: str, how: str) -> re.Pattern[str]:
    return _any(_table()[what][how])


@cache
def _anything() -> re.Pattern[str]:
    return _any([word for what in _BY_WORDS for words in _table()[what.value].values() for word in words])


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)
