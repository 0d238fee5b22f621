"""What a heading of an export means: a column of the register, nothing that it holds, or what only the school knows.

Headings are compared without case, spaces and punctuation. A heading about photos that does not say where they are
published is never guessed: the school says what it means with ``--map``. The words stand in ``data/consent/``, and what
one system alone writes in ``data/mis/``, one file a system.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditbot.model import Channel
from auditbot.registers.people import CHANNELS, COLUMNS

DATA = Path(__file__).resolve().parents[2] / "data"

ASK, ASK_START, ASK_END, UNUSED, DATE_OF = "?", "? start", "? end", "", "date of "
"""What a heading can mean besides a column: only the school knows where (or whether it is the pupil or the consent that
begins or ends); nothing that the register holds; or, before the name of a channel, the day of its answer."""


@dataclass(frozen=True, slots=True)
class System:
    """A pupil records system, as its file in ``data/mis/`` describes it."""

    key: str
    """What the settings and ``--from`` call it: the name of its file."""
    name: str
    """What people call it."""
    blank_may_refuse: bool
    """Whether a blank tick may be a refusal as well as a question never asked."""
    headings: Mapping[str, str]
    """Columns by folded heading, where only this system writes it so."""


def read_data(name: str) -> dict[str, Any]:
    """Return a table of words of ``data/consent/``."""
    return tomllib.loads((DATA / "consent" / name).read_text("utf-8"))


def folded(text: str) -> str:
    """Return the text without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _by_alias(names_of: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {folded(alias): column for column, names in names_of.items() for alias in names}


def read_systems(folder: Path) -> dict[str, System]:
    """Return the pupil records systems of a folder, one file a system."""
    found = {}
    for path in sorted(folder.glob("*.toml")):
        said = tomllib.loads(path.read_text("utf-8"))
        found[path.stem] = System(path.stem, said["name"], said["blank_may_refuse"], _by_alias(said["headings"]))
    return found


SYSTEMS: Mapping[str, System] = read_systems(DATA / "mis")
"""Every pupil records system that has a file, by its key."""

_HEADINGS: dict[str, list[str]] = read_data("headings.toml")["headings"]
_ALIASES = {{"ask_start": ASK_START, "ask_end": ASK_END}.get(column, column): of for column, of in _HEADINGS.items()}
TEMPLATES = ("biometric_consent", "biometric_consent_on")
"""Columns that only their own name or a word about faces fills: schools ask for biometrics in the canteen too."""
_KNOWN = _by_alias(_ALIASES) | {folded(column): column for column in (*COLUMNS, *_ALIASES) if column not in TEMPLATES}

_WORDS = read_data("words.toml")
_SETS: Mapping[str, frozenset[str]] = {name: frozenset(words) for name, words in _WORDS["sets"].items()}


def _by_channel(name: str) -> Mapping[Channel, frozenset[str]]:
    return {channel: frozenset(_WORDS[name].get(channel, ())) for channel in CHANNELS}


CHANNEL_WORDS, OF_CHANNEL, ELSEWHERE = _by_channel("channels"), _by_channel("of_channel"), _by_channel("elsewhere")
PICTURE_WORDS, NEGATIONS, ANSWER_WORDS = _SETS["picture"], _SETS["negations"], _SETS["answer"]
GIVERS = _SETS["givers"]
NOISE = (PICTURE_WORDS - _SETS["unclear"]) | _SETS["noise"]
OF_PARENT = re.compile(
    r"\b(your|parents?|carers?|guardians?|mother|father|signed|signature|respondent)\b", re.IGNORECASE
)
HANDLING = re.compile(
    r"\b(do|does|must|should|may) not (be )?(shared?|cop(y|ied)|distributed?|circulated?|print(ed)?|forward(ed)?"
    r"|disclosed?|edit(ed)?|deleted?|alter(ed)?|changed?|amend(ed)?|reply|leave|left|removed?)\b[^.;|]*"
    r"|\bnot (for|to be) (onward |further |general )?(distribut|circulat|disclos|shar|cop|print|forward)\w*"
)
"""How a file is to be handled, where it does not speak of pictures: do not copy, not for circulation."""
HARMLESS = re.compile(
    r"\b(n|no|f|false|0|blank|empty) ?= ?[^,;.)]*"
    r"|\b(adm|admission|upn|pupil|student|ref|reference|phone|tel|dfe|school|report|page|family|roll) no\b(?=\W*$)"
    r"|\bno\b[.:]? ?(of\b|\d)|\bno\.(?=\s|$)|\bno:"
    r"|\b(no|not|non|without|exclud\w*|except)\b[^.;,|]*\bleavers?\b|\bleavers?\b\W*(no|not included|excluded)\b"
)
"""Words above a table that look like a refusal and are none: No. of pupils, leavers not included."""
ONE_OF_TWO = re.compile(r"\bopt(ed|s|ing)?[- ]?ins?\b|\byes ?([/|-]|or) ?no\b|\by ?[/|-] ?n\b")
YEARS = re.compile(r"\b((academic|school) )?(year )?(20\d\d(\s*[-/\u2013]\s*(20)?\d{1,2})?|2\d\s*[-/\u2013]\s*2\d)\b")
TERM = re.compile(
    r"\b(autumn|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
    r"|(?P<late>spring|summer|jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?))\W+(20)?(?P<year>\d\d)\b",
    re.IGNORECASE,
)
"""A term or month that says in which academic year something was collected: Sept 2026, Summer 27."""
OF_A_CHILD = frozenset([
    "upn", "admission_no", "legal_forename", "legal_surname", "forename", "surname", "preferred_forename",
    "preferred_surname", "full_name", "date_of_birth", "class", "year_group",
])  # fmt: skip
"""What a heading may mean without the words that it has in brackets, or behind "e.g."."""
EXPLAINED = re.compile(
    r"\([^)]*\)|\[[^]]*\]|\b(e\.?g\.?|for example|as on|as it|please)(?=\W).*|[(, -]*\b(dd|day)[/ .-](mm|month)\W.*",
    re.IGNORECASE,
)
"""What explains a heading: Class (e.g. Robin), Date of birth dd/mm/yyyy."""
GIVER = re.compile(
    r"\b(mother|father|mum|dad|(?:parent|guardian|carer|contact)(?: ?/ ?(?:guardian|carer|parent))? ?[12])(?:'s|’s)?\b",
    re.IGNORECASE,
)
"""One of several who answer, as a heading names them: Mother, Parent 1, Guardian 2."""


def meaning(heading: str, system: str | None = None) -> str:
    """Return the column that a heading means, ASK if only the school knows, UNUSED if the register holds no such thing.

    Besides the register's columns: forename, surname (in law or in use), full_name, person (an id or a name),
    former_upn, consent_type, consent_status, and ASK_START or ASK_END.
    """
    if heading.strip().casefold() in TEMPLATES:
        return heading.strip().casefold()
    if known := _named(heading, system):
        return known
    bare = EXPLAINED.sub(" ", heading)
    if bare != heading and not OF_PARENT.search(heading) and (known := _named(bare, system)) in OF_A_CHILD:
        return known
    return meaning_of_words(heading)


def _named(heading: str, system: str | None) -> str:
    """Return the column that is called so, with or without "pupil" before it; empty if none is."""
    key = folded(heading)
    own = SYSTEMS[system].headings if system else {}
    of_whom = re.match(r"(pupil|student|learner|child)(s?)", key)
    ends = [key] + ([key[of_whom.end(1) :], key[of_whom.end() :]] if of_whom else [])
    return next(filter(None, (names.get(end) for end in ends for names in (own, _KNOWN))), "")


def meaning_of_words(text: str) -> str:
    """Return the channel that a heading or a named consent means, ASK, or UNUSED, by the words it holds.

    What names a channel and holds a word that is not understood is asked about, unless it is about something else.
    """
    words = words_of(text)
    named = [channel for channel, names in CHANNEL_WORDS.items() if words & names]
    of_named = [CHANNEL_WORDS[channel] | OF_CHANNEL[channel] for channel in named]
    rest = words - NOISE - frozenset().union(*of_named)
    if len(named) == 1 and not rest:
        agreed_use = words & {"internet", "online", "web"} and words & {"use", "using", "usage"}
        return ASK if agreed_use and not words & PICTURE_WORDS else named[0]
    if len(named) == 1 and "date" in words and rest <= {"date", "signed", "recorded", "updated"}:
        return f"{DATE_OF}{named[0]}"
    return ASK if _is_to_be_asked(words, rest, named, text) else UNUSED


def _is_to_be_asked(words: frozenset[str], rest: frozenset[str], named: list[Channel], text: str) -> bool:
    pictures, naming = words & PICTURE_WORDS, words & named_words(named)
    if words & _SETS["closed"] and not named and not words & NEGATIONS:
        return False
    refused = words & NEGATIONS - {"no"} or (words & {"no"} and words & ANSWER_WORDS)
    if pictures or len(named) > 1 or (named and words & NEGATIONS) or (refused and not rest - NEGATIONS):
        return True
    about_others = rest & _SETS["other_consents"] or any(rest & ELSEWHERE[channel] for channel in named)
    if named and not about_others and words != {"display", "name"} and naming != {"x"}:
        return True
    return folded(text) in _SETS["vague"]


def giver_of(heading: str) -> tuple[str, str]:
    """Return who of several answers below this heading, and the heading without them; empty if it names nobody."""
    found = GIVER.search(heading)
    if found is None:
        return "", heading
    rest = " ".join(f"{heading[: found.start()]} {heading[found.end() :]}".split())
    return " ".join(found[1].split()).capitalize(), rest.replace("()", "").strip(" -–:,/")


def refused_channel(heading: str) -> str:
    """Return the one kind of publication that a heading refuses, "No social media"; empty if it says anything else."""
    words = words_of(heading)
    named = [channel for channel, names in CHANNEL_WORDS.items() if words & names]
    if len(named) != 1 or not words & NEGATIONS:
        return ""
    rest = words - NOISE - NEGATIONS - CHANNEL_WORDS[named[0]] - OF_CHANNEL[named[0]]
    return "" if rest else named[0]


def is_inside_use(heading: str) -> bool:
    """Return True for pictures that stay inside the school, "internal use", where no publication is named."""
    words = words_of(heading)
    return bool(words & _SETS["inside"]) and not words & named_words(CHANNEL_WORDS) and not refuses(heading)


def may_be_a_remark(heading: str) -> bool:
    """Return True for a column in which a school writes what its columns of answers do not hold, or without heading."""
    return not heading or bool(words_of(heading) & _SETS["remarks"])


def doubts(remark: str) -> bool:
    """Return True if a remark or comment may take back or limit what was answered."""
    return refuses(remark) or bool(words_of(remark) & _SETS["doubt"])


def year_of(heading: str) -> int | None:
    """Return the calendar year in which the academic year that a heading names begins; None if it names none."""
    found = re.search(r"\b(20)?(\d\d)\s*[-/\u2013]\s*(20)?(\d\d)\b", heading)
    if found and (int(found[2]) + 1) % 100 == int(found[4]):
        return 2000 + int(found[2])
    found = re.search(r"\b(20)(\d\d)\s*[-/\u2013]\s*(\d)\b", heading)
    if found and (int(found[2]) + 1) % 10 == int(found[3]):
        return 2000 + int(found[2])
    found = TERM.search(heading)
    return 2000 + int(found["year"]) - bool(found["late"]) if found else None


def named_words(channels: Iterable[Channel]) -> frozenset[str]:
    """Return the words that name these channels."""
    return frozenset().union(*(CHANNEL_WORDS[channel] for channel in channels))


def refuses(text: str) -> bool:
    """Return True if words above a table may turn its answers round: below them a tick may be a refusal."""
    plain = HARMLESS.sub(" ", text.casefold().replace("_", " "))
    if not words_of(plain) & (PICTURE_WORDS | named_words(CHANNEL_WORDS)):
        plain = HANDLING.sub(" ", plain)
    elif re.search(r"\b(consents?|permissions?)\b", plain):
        # The title of a list, and how to handle it: Photo consents 2026/27 - do not share outside the school.
        plain = " ".join(
            part if words_of(part) & (PICTURE_WORDS | named_words(CHANNEL_WORDS)) else HANDLING.sub(" ", part)
            for part in re.split(r"\s[-–—|]\s|[;:.()]", plain)
        )
    return bool(words_of(plain) & (NEGATIONS - {"out", "don"}))


def is_about_answers(text: str) -> bool:
    """Return True if a group's heading, or the name of a sheet or file, says something of the answers below it."""
    about = PICTURE_WORDS | GIVERS | named_words(CHANNEL_WORDS) | ANSWER_WORDS
    return bool(words_of(text) & about)


def words_of(heading: str) -> frozenset[str]:
    """Return the words of a heading or a cell, folded, without its number and without the years it names."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    plain = re.sub(r"['\u2019\u02bc`]", "", spaced.casefold()).replace("_", " ")
    plain = re.sub(r"^\W*(q|question)? ?\d{1,2}[.):]\s", "", plain)
    plain = re.sub(r"\byou tube\b", "youtube", re.sub(r"\blocal papers?\b", "newspaper", plain))
    return frozenset(re.findall(r"[a-z0-9]+", YEARS.sub(" ", ONE_OF_TWO.sub(" ", plain))))
