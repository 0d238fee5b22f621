"""What the registers say about names, in the form in which texts are searched.

Every name is folded to bare lower-case letters, so "O'Neill", "ONEILL" and "o-neill" are one pattern.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Literal

from nicknames import NickNamer

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.text import fold_name, letters_only
from auditbot.sentences import Sentence

# The values that go into the surname engine and come out of it.

Band = Literal["breach", "review"]


@dataclass(frozen=True, slots=True)
class PupilName:
    """The names of one pupil, as the register holds them."""

    pupil_id: str
    """The register's own id, passed through to the hits."""
    forenames: tuple[str, ...]
    """Legal forename first, then preferred or known-as forenames."""
    surnames: tuple[str, ...]
    """Legal surname first, then preferred and former surnames."""
    year_group: str
    """As in the register, for example "Year 1"; may be empty."""
    class_name: str
    """As in the register, for example "Squirrels"; may be empty."""
    middle_names: tuple[str, ...] = ()
    """Middle names, which may stand between forename and surname."""


@dataclass(frozen=True, slots=True)
class StaffName:
    """The name of one adult whom the school names in public: staff, governors, PTA officers."""

    title: str
    """"Mrs", "Dr", ...; may be empty."""
    forename: str
    """May be empty."""
    surname: str
    """The surname, which the school may publish."""
    role: str
    """For example "Year 1 Teacher"; its words count as a sign that this adult is meant."""


@dataclass(frozen=True, slots=True)
class SurnameHit:
    """A place in a text where the surname of a pupil is, or may be, published."""

    start: int
    """First character of the surname, in code points of the text as given."""
    end: int
    """One past the last character of the surname."""
    pupil_ids: tuple[str, ...]
    """The pupils whom it may mean, likeliest first, then in the order of the register."""
    band: Band
    """"breach" stands by itself; "review" asks a person to look."""
    score: float
    """How sure the rule is, from 0 to 1; comparable between hits, not a probability."""
    rule: str
    """The name of the rule that decided."""
    explanation: Sentence
    """One sentence for the person who decides; it contains no name."""
    name_start: int = 0
    """First character of the whole name, with its title and forenames."""
    name_end: int = 0
    """One past the last character of the whole name."""
    child_near: bool = False
    """A word in the sentence speaks of a child of this school, be it weakly."""


_PART = re.compile(r"[^\W\d_]+")
_SHORTEST_SURNAME = 2
_SHORTEST_HALF = 3
_SHORTEST_NICKNAME = 3
_SHORTEST_IN_ONE = 8
_nicknamer = NickNamer()

_RESPELT = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe"))

# Endings that Slavic surnames take by gender, case and number, as (ending, its other forms).
_INFLECTED_ENDINGS = (
    ("ski", ("ska", "skiego", "skiemu", "skim", "skich", "skiej", "scy", "sky")),
    ("ska", ("ski", "skiej", "skich", "scy", "sky")),
    ("cki", ("cka", "ckiego", "ckiemu", "ckim", "ckich", "ckiej", "ccy")),
    ("cka", ("cki", "ckiej", "ckich")),
    ("sky", ("ska", "ski", "skaya")),
    ("ov", ("ova", "off")),
    ("ova", ("ov", "")),
    ("ev", ("eva",)),
    ("eva", ("ev",)),
    ("iak", ("iaka", "iakow")),
    ("ak", ("aka", "akow", "akowie", "akiem", "akowi")),
    ("czyk", ("czyka", "czykow")),
    ("icz", ("icza", "iczow")),
    ("ek", ("ka", "kow", "kiem")),
    ("ik", ("ika", "ikow", "ikiem")),
)  # fmt: skip

# Endings that Slavic languages add to any surname that ends in a consonant; they count only beside the forename.
_CASE_ENDINGS = ("a", "u", "em", "ovi", "owi", "ovou", "ova")


class Form(Enum):
    """How a found spelling relates to the surname in the register."""

    FULL = "full"
    PLURAL = "plural"
    INFLECTED = "inflected"
    HALF = "half"
    """One part of a compound surname, or a surname without its particle; counts only beside the pupil's forename."""


@dataclass(frozen=True, slots=True)
class Surname:
    """One way in which the surname of one or more pupils may be spelt."""

    letters: str
    """The spelling as bare lower-case letters."""
    base: str
    """The surname without a plural ending."""
    form: Form
    """How it relates to the register, in the best case."""
    pupils: tuple[int, ...]
    """Indexes of the pupils whose surname it is in that form."""
    also: tuple[int, ...]
    """Indexes of further pupils of whose surname it is another form; it counts only beside their forename."""
    breaks: frozenset[int]
    """Offsets into `letters` at which the surname itself has a space, hyphen or apostrophe."""
    is_word: bool
    """Also an English word."""
    is_common_word: bool
    """Also an everyday English word."""
    is_calendar: bool
    """Also a day, month, season or feast."""
    is_place: bool
    """Also the name of a larger place."""
    is_small_place: bool
    """Also the name of a small town or village."""
    is_forename: bool
    """Also a usual forename, or the forename of a pupil."""
    is_staff: bool
    """Also the surname of a member of staff."""

    @property
    def is_distinctive(self) -> bool:
        """Hardly to be read as anything but a surname."""
        ordinary = self.is_common_word or self.is_calendar or self.is_place or self.is_forename or self.is_staff
        return not ordinary and len(self.letters) > 2


_RANK = {form: rank for rank, form in enumerate(Form)}


@dataclass(frozen=True, slots=True)
class _Spelling:
    letters: str
    form: Form
    breaks: frozenset[int]
    base: str


class Roster:
    """All pupils and staff, ready to be looked up by bare letters."""

    def __init__(self, pupils: Sequence[PupilName], staff: Sequence[StaffName]) -> None:
        self.pupils = tuple(pupils)
        self.staff_by_surname: dict[str, list[StaffName]] = {}
        for adult in staff:
            for letters in {letters_only(adult.surname), *map(letters_only, _PART.findall(adult.surname))}:
                self.staff_by_surname.setdefault(letters, []).append(adult)
        self.forenames = _index(map(_forename_spellings, self.pupils))
        self.forename_breaks = {
            letters_only(name): _break_offsets(parts_of(name)) for pupil in self.pupils for name in pupil.forenames
        }
        self.middle_names = _index(map(_middle_spellings, self.pupils))
        self.class_words = frozenset(
            word for pupil in self.pupils for word in parts_of(pupil.class_name) if len(word) > 2
        )
        self.nicknames = _index(map(_nicknames_of, self.pupils), leave_out=self.forenames)
        self.surnames = self._collect_surnames()
        self.forenames_of = [_forename_spellings(pupil) for pupil in self.pupils]
        self.surnames_of = [_full_spellings(pupil) for pupil in self.pupils]

    def whole_names(self) -> Iterator[str]:
        """Yield each pupil's forename and surname in one, both ways round, if they are long enough to be no chance."""
        for forenames, surnames in zip(self.forenames_of, self.surnames_of, strict=True):
            for forename in forenames:
                for surname in surnames:
                    if len(forename) + len(surname) >= _SHORTEST_IN_ONE:
                        yield from (forename + surname, surname + forename)

    def _collect_surnames(self) -> dict[str, Surname]:
        found: dict[str, dict[Form, dict[int, None]]] = {}
        breaks: dict[str, frozenset[int]] = {}
        bases: dict[str, str] = {}
        for index, pupil in enumerate(self.pupils):
            for spelling in _surname_spellings(pupil):
                forms = found.setdefault(spelling.letters, {})
                if not forms or min(forms, key=_RANK.__getitem__) not in (Form.FULL, spelling.form):
                    breaks[spelling.letters] = spelling.breaks
                    bases[spelling.letters] = spelling.base
                forms.setdefault(spelling.form, {})[index] = None
        return {
            letters: self._classify(letters, bases[letters], forms, breaks[letters]) for letters, forms in found.items()
        }

    def _classify(self, letters: str, base: str, forms: dict[Form, dict[int, None]], breaks: frozenset[int]) -> Surname:
        form = min(forms, key=_RANK.__getitem__)
        pupils = tuple(forms[form])
        also = dict.fromkeys(index for indexes in forms.values() for index in indexes if index not in forms[form])
        return Surname(
            letters=letters,
            base=base if form is Form.PLURAL else letters,
            form=form,
            pupils=pupils,
            also=tuple(also),
            breaks=breaks,
            is_word=letters in lexicon.known_words() or base in lexicon.known_words(),
            is_common_word=letters in lexicon.common_words()
            or base in lexicon.common_words()
            or base in lexicon.vocabulary()["small_words_abroad"],
            is_calendar=base in lexicon.vocabulary()["calendar"],
            is_place=base in lexicon.large_places(),
            is_small_place=base in lexicon.places(),
            is_forename=base in self.forenames or base in lexicon.usual_forenames(),
            is_staff=base in self.staff_by_surname,
        )


def parts_of(name: str) -> list[str]:
    """The letter runs of a name, folded."""
    return _PART.findall(fold_name(name))


def _index(spellings: Iterable[frozenset[str]], leave_out: Iterable[str] = ()) -> dict[str, tuple[int, ...]]:
    index: dict[str, list[int]] = {}
    for number, names in enumerate(spellings):
        for name in sorted(names):
            index.setdefault(name, []).append(number)
    skipped = frozenset(leave_out)
    return {name: tuple(numbers) for name, numbers in index.items() if name not in skipped}


def _forename_spellings(pupil: PupilName) -> frozenset[str]:
    """Each forename, and of several given names ("Anna Maria") the first by itself."""
    names = (part for name in pupil.forenames for part in {name, *name.split()[:1]})
    return frozenset(letters for name in names if len(letters := letters_only(name)) >= 2)


def _middle_spellings(pupil: PupilName) -> frozenset[str]:
    """The middle names, and of several given names all but the first."""
    further = (part for name in pupil.forenames for part in name.split()[1:])
    return frozenset(letters for name in (*pupil.middle_names, *further) if len(letters := letters_only(name)) >= 2)


def _nicknames_of(pupil: PupilName) -> frozenset[str]:
    found: set[str] = set()
    for name in _forename_spellings(pupil):
        found |= {nick for nick in _nicknamer.nicknames_of(name) if len(nick) >= _SHORTEST_NICKNAME}
        found |= {name + ending for ending in ("y", "ie", "s") if len(name) in (3, 4)}
    return frozenset(letters_only(name) for name in found)


def _full_spellings(pupil: PupilName) -> frozenset[str]:
    return frozenset(letters for name in pupil.surnames if len(letters := letters_only(name)) >= _SHORTEST_SURNAME)


def _surname_spellings(pupil: PupilName) -> Iterator[_Spelling]:
    for name in pupil.surnames:
        parts = parts_of(name)
        letters = "".join(parts)
        if len(letters) < _SHORTEST_SURNAME:
            continue
        breaks = _break_offsets(parts)
        yield _Spelling(letters, Form.FULL, breaks, letters)
        yield from _plurals(letters, breaks)
        for umlaut, plain in _RESPELT:
            respelt = letters_only(name.lower().replace(umlaut, plain))
            if respelt != letters:
                yield _Spelling(respelt, Form.FULL, frozenset(), respelt)
        for one, other in (("mc", "mac"), ("mac", "mc")):
            if letters.startswith(one) and not (one == "mc" and letters.startswith("mac")) and len(letters) > 5:
                respelt = other + letters.removeprefix(one)
                yield _Spelling(respelt, Form.INFLECTED, frozenset({len(other)}), respelt)
        for ending, others in _INFLECTED_ENDINGS:
            if letters.endswith(ending) and len(letters) > len(ending) + 1:
                for other in others:
                    yield _Spelling(letters[: -len(ending)] + other, Form.INFLECTED, breaks, letters)
        if len(letters) > 3 and letters[-1] not in "aeiouys":
            for ending in _CASE_ENDINGS:
                yield _Spelling(letters + ending, Form.INFLECTED, breaks, letters)
        for chosen in _halves(parts):
            half = "".join(chosen)
            yield _Spelling(half, Form.HALF, _break_offsets(chosen), half)


def _plurals(letters: str, breaks: frozenset[int]) -> Iterator[_Spelling]:
    if len(letters) < 3:
        return
    ending = "es" if letters.endswith(("s", "z", "x", "ch", "sh")) else "s"
    yield _Spelling(letters + ending, Form.PLURAL, breaks, letters)
    if letters.endswith("y") and letters[-2] not in "aeiou":
        yield _Spelling(letters[:-1] + "ies", Form.PLURAL, breaks, letters)


def _halves(parts: list[str]) -> Iterator[list[str]]:
    """The parts of a compound surname that are names in their own right, and their joined tails ("Cruz", "la Cruz")."""
    particles = lexicon.vocabulary()["particles"]
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            chosen = parts[start:end]
            if len(chosen) < len(parts) and chosen[-1] not in particles and len("".join(chosen)) >= _SHORTEST_HALF:
                yield chosen


def _break_offsets(parts: list[str]) -> frozenset[int]:
    offsets, at = set(), 0
    for part in parts[:-1]:
        at += len(part)
        offsets.add(at)
    return frozenset(offsets)


# How forenames are likened: by sound, by their consonants, by another case ending.

_FORENAME_ENDINGS = (
    "",
    "a",
    "y",
    "i",
    "u",
    "e",
    "o",
    "owi",
    "em",
    "iem",
    "ie",
    "ii",
    "ej",
    "ki",
    "ka",
    "ke",
    "ko",
    "ego",
    "s",
)


def sounded(name: str) -> str:
    """The name with endings written alike that sound alike ("Effy", "Effie")."""
    for ending in ("ie", "ey", "ee", "i"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "y"
    return name


_HEARD_ALIKE = (("ph", "f"), ("ck", "k"), ("ch", "k"), ("cz", "k"), ("sz", "s"), ("c", "k"), ("z", "s"))


@lru_cache(maxsize=8192)
def skeleton(name: str) -> str:
    """The consonants of a name, those written as one that sound alike: "Aiden" and "Aidan", "Jakob" and "Jacob"."""
    plain = name
    for written, heard in _HEARD_ALIKE:
        plain = plain.replace(written, heard)
    plain = re.sub("[aeiouyjh]", "", plain.replace("d", "t").replace("q", "k").replace("w", "v"))
    return re.sub(r"(.)\1+", r"\1", plain)


def inflected(written: str, name: str, surname_too: bool) -> bool:
    """`written` is `name` with another case ending, as Slavic languages have them."""
    stem = len(name) - 2 if len(name) > 4 else 2 if surname_too else 3
    if len(name) < 3 or written[:stem] != name[:stem] or written == name:
        return False
    common = 0
    while common < min(len(written), len(name)) and written[common] == name[common]:
        common += 1
    return (
        written[common:] in _FORENAME_ENDINGS
        and name[common:] in ("", "a", "ia", "k", "ek", "y", "i", "o")
        and len(written) + 2 > len(name)
    )
