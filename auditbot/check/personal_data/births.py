"""Dates of birth: a full date said to be one, or one that stands beside a child's name as a register has it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from auditbot.check.personal_data.contact import PersonalData
from auditbot.check.surnames.lexicon import (
    brands,
    common_words,
    forenames,
    known_words,
    people,
    places,
    usual_for_children,
    usual_forenames,
)
from auditbot.sentences import say

# Whether words hold a forename.

_CAPITALISED = re.compile(r"(?<![\w'’-])[A-Z][a-zà-ÿ]{1,20}(?![a-z])")
_NO_FORENAMES = frozenset(["april", "may", "june", "july", "august", "summer", "autumn", "will", "dawn"])


def holds_forename(words: str, known: frozenset[str] | None = None) -> bool:
    """Whether a capitalised word is a forename (of ``known``) that is hardly anything else, or no known word at all."""
    known = forenames() if known is None else known
    for word in _CAPITALISED.findall(words):
        low = word.lower()
        usual = low in usual_forenames()
        if low in _NO_FORENAMES or low in brands() or (low in common_words() and not usual):
            continue
        if low in known or not (low in known_words() or low in places()):
            return True
    return False


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    r"(?<![\w/.£$-])(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s(?:of\s)?|(?P<sign>[-./]))"
    rf"(?P<month>\d{{1,2}}|{_MONTH})(?(sign)(?P=sign)|\.?(?:,?\s|[-./]))(?P<year>\d{{4}}|'?\d{{2}})"
    rf"|(?P<us_month>{_MONTH})\.?\s(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<us_year>\d{{4}})"
    rf"|(?P<bare_day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<bare_month>{_MONTH})\b(?!\.?,?\s\d{{4}})"
    r"|(?P<digits>\d{6}|\d{8})"
    r")(?![\w/]|[-.]\d)",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s)?"
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
)
_AGES = {word: number for number, word in enumerate(_NUMBERS, 1)} | {str(number): number for number in range(1, 19)}
_AGE = "|".join(sorted(_AGES, key=len, reverse=True))
_LABEL = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birth\s?date)[\s:=,;–(/-]{0,4}(?:[\w'’]+[!,:]?\s){0,5}$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:\bd\.?o\.?b\b|\bdate\s+of\s+birth\b|\bbirth\s?dates?\b|\bbirthdays?\b)", re.IGNORECASE)
_BORN = re.compile(
    r"\b(?P<word>born|birthday|(?<=[\w,\s][ (,])b\.?(?=\s?$))(?!\w)[\s:=,;–(!-]{0,4}"
    rf"(?P<between>(?:[\w'’]+[!,]?\s){{0,5}}?(?:on\s|is\s|was\s)?(?:the\s)?{_WEEKDAY}[(–-]?\s?)$",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"(?:\b(?:turns?|turned|turning|becomes?|became|(?:will|going\s+to)\s+be|is|was|(?:he|she)['’]ll\s+be)\s+|(?<=[a-z]),\s)"
    rf"(?P<age>{_AGE}|\d{{2,3}}|[a-z]+ty|a?\s?hundred)(?:\s+years?(?:\s+old)?)?[\s,]{{1,2}}(?:on\s|this\s|next\s)?(?:the\s)?"
    rf"{_WEEKDAY}[(–-]?\s?$",
    re.IGNORECASE,
)
_ARRIVED = re.compile(
    rf"\b(?:arrived|(?P<world>came\s+into\s+the\s+world)|made\s+(?:his|her)\s+entrance)\s(?:safely\s)?(?:on\s)?(?:the\s)?{_WEEKDAY}$"
)
_NEWBORN = re.compile(
    r"\b(?:baby|(?:little|big|new|baby)\s(?:brother|sister)|(?:brother|sister)\s(?:for|to)|weigh\w*|lbs?|"
    r"midwi(?:fe|ves)|maternity|(?:same|labour|delivery)\sward|twins?)\b",
    re.IGNORECASE,
)
"""Words beside the day on which somebody arrived: a visitor has none."""
_THEIR_BIRTHDAY = re.compile(r"\W{0,3}(?:is|was)\s\w+['’]s?\s(?:\w+\s)?birthday\b", re.IGNORECASE)
_THEN_TURNS = re.compile(
    rf"\W{{0,3}}(?:our\s|little\s)?[A-Z]\w+\s(?:is|turns|turned|becomes)\s(?:{_AGE})\b(?=\W*$|[.!,])"
)
_AGE_AFTER = re.compile(
    rf"\W{{0,3}}(?:and\s)?(?:when\s)?(?:he|she|they)(?:['’]ll|\swill|['’]s|\sis)?\s(?:be\s|turns?\s|turning\s)?(?:{_AGE})\b",
    re.IGNORECASE,
)
"""After a birthday without a year: "his birthday is the 3rd of March, he'll be four"."""
_LINE_OF_A_NAME = re.compile(r"\W*[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]*\.?){0,2}[\s,:(–—-]+$")
_WEIGHT = re.compile(r"\b\d{1,2}\s?(?:lbs?|pounds|kg)\b")
"""What a newborn weighs."""
_NAME = r"[A-Z][a-zà-ÿ'’-]{1,20}"
_BESIDE_NAME = re.compile(
    rf"(?<![\w'’-]){_NAME}(?:\s(?:{_NAME}|[A-Z]\.?)){{0,3}}(?:\s\([MFmf]\))?(?:\s?[,:(–—-]\s?\(?|\s?[|\t](?:[^|\t\n]{{0,25}}[|\t]){{0,2}}\s?|\s+)$"
)
_NO_BIRTH = re.compile(
    r"\b(?:sign(?:ed)?|chair\w*|clerk|approved|reviewed?|adopted|ratified|updated|revised|dated|sent|taken|posted|published|"
    r"author|version|issued?|photo\w*|letter|meeting|minutes|tickets?|match|vs?|versus|trip|deadline|due|closes?|opens?|until|"
    r"retired?|left|died|head\s?teacher|governor|mrs?|ms|miss|dr|rev|invoice|receipt|paid|visit(?:ed)?|show|performance|"
    r"concert|assembly|tel|policy|term|week|half|start(?:s|ed)?|ends?|committee|board|herald|chronicle|gazette|times|news)\b",
    re.IGNORECASE,
)
_OF_ADULTS = re.compile(
    r"\b(?:governors?|trustees?|committee|co-?opted|appointed|qualified|training|trained|first aid(?:ers?)?|"
    r"term of office|staff|meeting dates|attendance|certificates? dated|dbs|by-?line|reporter|chronicle)\b",
    re.IGNORECASE,
)
_OF_A_CHILD = re.compile(
    r"\b(?:my|our)\s(?:son|daughter|child|twins?|boy|girl)|\b(?:pupils?|child(?:ren)?|eldest|oldest|youngest|admissions?|"
    r"class|reception|nursery|year\s[12R]|birthdays?|register|passport|starters?)\b",
    re.IGNORECASE,
)
_EARLIEST = 1930
"""Whoever was born before is history to an infant school."""
_CHILD_SINCE = 2008
_YOUNGEST = 2
"""Years before the year of reading from which a bare date beside a name may be a pupil's birth, not an event."""
_OLDEST_PUPIL = 18
"""Who turns older is no child; mostly a building or a society."""
_BEFORE, _AFTER, _FURTHER = 90, 40, 400
_ROWS = 40
"""Lines of a table under a heading that speaks of births."""
_END = re.compile(r"(?<!\bb)[.!?…]\s+(?!\d|\Z)|\n")
_LIMIT = re.compile(
    r"\b(?:between|before|after|from|since|until|till|to|by|than|whether|and)\s(?:the\s)?" + _WEEKDAY + r"$",
    re.IGNORECASE,
)
"""A bound just before the date: "born on or before 31 August 2021" is a rule of admission."""
_RANGE = re.compile(
    r"\s*(?:(?:to|until|till|through|[-–—])\s*(?:the\s)?"
    + _WEEKDAY
    + r"(?:\d{1,2}(?:st|nd|rd|th)?(?:\s(?:of\s)?|[-./])"
    rf"(?:\d{{1,2}}[-./]\d|(?:{_MONTH})\b)|\d{{4}}-\d\d|(?:{_MONTH})\s\d)"
    r"|[,(]?\s*or\s(?:later|earlier|after|before|since|younger|older)\b|[,(]?\s*and\s(?:later|earlier|younger|older)\b"
    r"|[,(]?\s*(?:and\s)?onwards?\b)",
    re.IGNORECASE,
)
_ARE = r"(?:\s(?:who|that))?(?:\s(?:is|are|was|were|has been|have been))?(?:\s(?:all|both|also))?\s*$"
_ADMISSION = re.compile(
    r"(?:(?<!\bmy\s)(?<!\bour\s)\b(?:children|pupils|boys|girls|toddlers|infants|students|those|anyone|everyone|people)"
    rf"|\b(?:your|a|any|every|each)\s(?:\w+\s)?child){_ARE}",
    re.IGNORECASE,
)
"""A whole age group, or whoever reads it."""
_WHOEVER = re.compile(
    r"\b(?:they|you|who|we|it|building|hall|school|nursery|club|church|library|pta|society)\s*$", re.IGNORECASE
)
_OF_THE_SCHOOL = re.compile(
    r"\b(?:school|nursery|club|church|library|pta|nhs|society|king|queen|hall|official)['’]?s?['’]?"
    r"(?:\s\d{1,3}(?:st|nd|rd|th))?\s*$",
    re.IGNORECASE,
)
_ANIMAL = (
    r"\b(?:chicks?|chickens?|hens?|ducklings?|ducks?|goslings?|lambs?|sheep|kittens?|cats?|pupp(?:y|ies)|dogs?|calf|calves|"
    r"foals?|pon(?:y|ies)|piglets?|goats?|rabbits?|bunn(?:y|ies)|hamsters?|gerbils?|guinea\spigs?|tadpoles?|froglets?|"
    r"butterfl(?:y|ies)|caterpillars?|snails?|owls?|owlets?|penguins?|elephants?|giraffes?|tigers?|lions?|cubs?|pandas?)\b"
)
_OF_ANIMALS = re.compile(rf"{_ANIMAL},?{_ARE}", re.IGNORECASE)
_OF_OTHERS = re.compile(
    rf"{_ANIMAL}|\b(?:famous|histor\w+|author|artist|painter|poet|composer|singer|scientist|inventor|explorer|astronaut|"
    r"footballer|athlete|olympi\w+|paralympi\w+|president|prime\sminister|majesty|royal\w*)\b"
    r"|\b(?-i:King|Queen|Prince|Princess|Duke|Duchess|Lord|Lady|Sir)\s",
    re.IGNORECASE,
)
"""Animals, royals and people whom children meet in lessons: their birthdays are no secret, so a person looks."""
_ROYAL = re.compile(
    r"\b(?:King|Queen|Prince|Princess|Duke|Duchess|Lord|Lady|Sir)\s(?:[A-Z]\w+\s)+(?:(?:was|is)\s)?$|\b[Mm]ajesty\b"
)
"""Whose day of birth is in every book."""
_PARTY = re.compile(
    r"\b(?:part(?:y|ies)|disco|assembl\w+|treats?|cards?|cakes?|lunch|tea|celebrat\w+|club|books?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Dated:
    """One date of the text with what stands around it."""

    start: int
    end: int
    day: date
    whole: bool
    """The year is written."""
    digits: bool
    """Written without any sign, which only a label makes a date."""
    before: str
    """The words of the same sentence or line before it."""
    after: str
    further: str
    """A longer stretch before it, over lines and sentences."""


_SAYS_BIRTH = re.compile(
    r"\b(?:born|birth\w*|b'?days?|d\.?o\.?b|turn(?:s|ed|ing)|arriv\w+|years? old|aged?|newborn|baby|weigh\w*|lbs?)\b",
    re.IGNORECASE,
)


def says_birth(sentence: str) -> bool:
    """Whether a word of the sentence speaks of a birth, a birthday or an age."""
    return _SAYS_BIRTH.search(sentence) is not None


_AGE_GROUP = re.compile(
    r"\b(?:children|pupils|those|anyone|everyone|child)\s(?:(?:who|that)\s)?(?:(?:is|are|was|were)\s)?born\b",
    re.IGNORECASE,
)


_NAMED_DAY = re.compile(r"(?:The\s+)?(?:[A-Z][\w’']+\s+){1,3}Day\b\W{0,3}(?:on\W+)?(?:[A-Z][a-z]+day\W*)?")
_MADE_BY = re.compile(r"\bby\s[A-Z][\w’'-]*(?:\.?\s[A-Z][\w’'-]*){0,2}(?:\W{1,3}|\son\s)$")


def is_nobodys_birth(sentence: str) -> bool:
    """Whether a sentence speaks of animals that have no child's name, or of a whole age group."""
    if _AGE_GROUP.search(sentence):
        return True
    return re.search(_ANIMAL, sentence, re.IGNORECASE) is not None and not holds_forename(sentence, usual_forenames())


def says_another_day(sentence: str) -> bool:
    """Whether a word of the sentence, such as "signed" or "trip", says that a day in it is no birthday."""
    return _NO_BIRTH.search(sentence) is not None


def is_dated_heading(before: str) -> bool:
    """Whether what stands before a day is a heading of its own: a named day ("Sports Day, 6 May") or who made something
    ("Report by Sarah Hill, 14/06/2023")."""
    return _NAMED_DAY.fullmatch(before.strip()) is not None or _MADE_BY.search(before) is not None


def find_births(text: str, today: date) -> Iterator[PersonalData]:
    """Yield dates of birth with their introducing words.

    Left out are years before 1930, impossible dates, bounds and ranges of admission, and birthdays of animals.
    "Born" and "birthday" are certain only beside a forename; "date of birth" says it by itself. ``today`` is the day of
    reading: a date beside a name that says nothing of a birth counts only if whoever was born then is of school age.
    """
    dates = [one for match in _DATE.finditer(text) if (one := _dated(text, match)) is not None]
    under_header = _under_headers(text) if dates else []
    bare: list[tuple[int, int, date, bool]] = []
    for one in dates:
        said = _said(one) or _in_table(text, one, under_header)
        if said is not None:
            start, score = said
            if score:
                yield PersonalData("date_of_birth", start, one.end, score, say("A full date beside words about birth."))
            continue
        beside = _beside_name(one, today.year)
        if beside is not None:
            sure = (
                one.before.endswith("(")
                or _WEIGHT.search(one.after) is not None
                or _OF_A_CHILD.search(f"{one.before} {one.after}") is not None
            )
            bare.append((one.start - len(one.before) + beside, one.end, one.day, sure))
    several = len({day for _, _, day, _ in bare}) > 1
    for start, end, _, sure in bare:
        if sure or several:
            score = 0.9 if several or _OF_A_CHILD.search(text, max(0, start - _BEFORE), end) else 0.6
            yield PersonalData("date_of_birth", start, end, score, say("A date of a child's age beside a name."))


def _dated(text: str, match: re.Match[str]) -> _Dated | None:
    day = _date(match)
    if day is None or day.year < _EARLIEST or _RANGE.match(text, match.end()):
        return None
    before = _END.split(text[max(0, match.start() - _BEFORE) : match.start()])[-1]
    after = _END.split(text[match.end() : match.end() + _AFTER], maxsplit=1)[0]
    whole = match["bare_day"] is None
    further = text[max(0, match.start() - _FURTHER) : match.start()]
    return _Dated(match.start(), match.end(), day, whole, match["digits"] is not None, before, after, further)


def _said(one: _Dated) -> tuple[int, float] | None:
    """Where the words about birth begin and how certain they are; None where nothing speaks of a birth."""
    begin = one.start - len(one.before)
    label = _LABEL.search(one.before)
    if label is not None:
        limited = _LIMIT.search(one.before) or not one.whole
        return begin + label.start(), 0.0 if limited else 0.95
    if one.digits:
        return None
    turns = _TURNS.search(one.before)
    if turns is not None:
        return begin + turns.start(), _score_of_turning(one, turns)
    born = _BORN.search(one.before)
    if born is not None and one.whole:
        return begin + born.start(), _score_of_birth(one, born)
    if born is not None and born["word"].lower() == "birthday" and _AGE_AFTER.match(one.after):
        named = holds_forename(one.before, forenames()) and not _OF_OTHERS.search(one.before)
        return begin + born.start(), 0.6 if named else 0.0
    return _arrived_or_later(one, begin)


def _arrived_or_later(one: _Dated, begin: int) -> tuple[int, float] | None:
    """The birth of a newborn, or what is said of the day after it."""
    arrived = _ARRIVED.search(one.before) if one.whole else None
    if arrived is not None and (arrived["world"] or _NEWBORN.search(f"{one.before} {one.after}")):
        return begin + arrived.start(), 0.95 if holds_forename(one.before, forenames()) else 0.6
    if one.whole and (_THEIR_BIRTHDAY.match(one.after) or _THEN_TURNS.match(one.after)):
        return one.start, 0.6
    return None


def _score_of_turning(one: _Dated, turns: re.Match[str]) -> float:
    age = _AGES.get(turns["age"].lower())
    before = one.before[: turns.start()]
    named = holds_forename(before, forenames())
    if age is None or age > _OLDEST_PUPIL or _ADMISSION.search(before) or (_WHOEVER.search(before) and not named):
        return 0
    if _OF_ANIMALS.search(before) and not holds_forename(before):
        return 0
    if turns.group().lower().startswith(("is ", "was ", ", ")) and not named:
        return 0
    if not one.whole:
        return 0.6 if named else 0
    return 0.5 if _OF_OTHERS.search(before) else 0.95 if named else 0.6


def _score_of_birth(one: _Dated, born: re.Match[str]) -> float:
    """How certain it is, 0 where it is nobody's date of birth."""
    word, before = born["word"].lower().rstrip("."), one.before[: born.start()]
    if _LIMIT.search(one.before) or _ADMISSION.search(before):
        return 0
    if _OF_ANIMALS.search(before) and not holds_forename(before):
        return 0
    if word == "birthday" and _OF_THE_SCHOOL.search(before):
        return 0
    named = holds_forename(f"{before} {born['between']}", forenames()) or holds_forename(one.after, usual_forenames())
    party = word == "birthday" and _PARTY.search(born["between"])
    famous = _ROYAL.search(before) or _OF_OTHERS.search(before) or _well_known(before)
    of_history = one.day.year < _CHILD_SINCE and famous
    if of_history or ((party or word == "b") and not named):
        return 0
    if one.day.year < _CHILD_SINCE or _OF_OTHERS.search(before) or party:
        return 0.5
    return 0.95 if named else 0.6


def _well_known(before: str) -> bool:
    """The two words before are the name of somebody whom every book names."""
    name = re.search(r"([A-Z][\w'’-]+)\s([A-Z][\w'’-]+),?(?:\s(?:was|who was|is))?\s*$", before)
    return name is not None and f"{name[1]} {name[2]}".lower() in people()


def _under_headers(text: str) -> list[tuple[int, int]]:
    """Stretches of lines under a heading that speaks of births and holds no date itself."""
    found: list[tuple[int, int]] = []
    for header in _HEADER.finditer(text):
        line_end = text.find("\n", header.end())
        if line_end < 0 or (found and header.start() < found[-1][1]):
            continue
        line_start = text.rfind("\n", 0, header.start()) + 1
        if line_end - line_start > _BEFORE or _DATE.search(text, line_start, line_end):
            continue
        end = line_end
        for _ in range(_ROWS):
            following = text.find("\n", end + 1)
            following = len(text) if following < 0 else following
            if not text[end + 1 : following].strip():
                break
            end = following
        found.append((line_end, end))
    return found


def _in_table(text: str, one: _Dated, under: list[tuple[int, int]]) -> tuple[int, float] | None:
    at = bisect_right(under, (one.start, len(text))) - 1
    inside = at >= 0 and under[at][0] <= one.start < under[at][1]
    named = holds_forename(f"{one.before} {one.after}", forenames())
    if not inside or not one.whole or one.digits:
        return None
    if not named and not _LINE_OF_A_NAME.match(one.before):
        return None
    return one.start, 0.95 if named else 0.6


def _beside_name(one: _Dated, this_year: int) -> int | None:
    """Where in ``before`` the name begins that the date belongs to, as in a register; None for any other date."""
    weighed = _WEIGHT.search(one.after) is not None
    plausible = weighed or max(_CHILD_SINCE, this_year - _OLDEST_PUPIL) <= one.day.year <= this_year - _YOUNGEST
    if not (one.whole and not one.digits and plausible):
        return None
    name = _BESIDE_NAME.search(one.before)
    if name is None or _NO_BIRTH.search(one.before) or _NO_BIRTH.search(one.after) or _OF_ADULTS.search(one.further):
        return None
    for word in _CAPITALISED.finditer(one.before, name.start()):
        low = word.group().lower()
        known = low in forenames() or low in usual_for_children()
        usual = low in usual_for_children() or (low in usual_forenames() and "|" in name.group())
        if low not in _MONTHS and known and (low not in known_words() or usual):
            return word.start()
    return None


def _date(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["us_year"]:
            return date(int(match["us_year"]), _MONTHS[match["us_month"].lower()], int(match["us_day"]))
        if match["bare_day"]:
            return date(2000, _MONTHS[match["bare_month"].lower()], int(match["bare_day"]))
        if match["digits"]:
            digits = match["digits"]
            return date(_year(digits[4:]), int(digits[2:4]), int(digits[:2]))
        month = match["month"].lower()
        return date(_year(match["year"]), _MONTHS.get(month) or int(month), int(match["day"]))
    except ValueError:
        return None


def _year(written: str) -> int:
    number = int(written.lstrip("'"))
    if len(written.lstrip("'")) == 4:
        return number
    return 2000 + number if number < 50 else 1900 + number
