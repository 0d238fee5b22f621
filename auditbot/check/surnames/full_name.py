"""Whose forename or initial stands with a possible surname."""

from collections.abc import Iterator
from functools import cached_property

from rapidfuzz.distance import OSA

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Spelling
from auditbot.check.surnames.names import StaffName
from auditbot.check.surnames.normalise import letters_only
from auditbot.check.surnames.roster import Form
from auditbot.check.surnames.surroundings import Surroundings
from auditbot.check.surnames.words import Gap

_MOST_BETWEEN = 3
_SHORT_FORENAME = 3
_AND = frozenset({"and", "i", "y", "et", "und", "a", "e"})
_CASE_ENDINGS = (
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


class FullName(Surroundings):
    """The name to which one site belongs."""

    @cached_property
    def all_pupils(self) -> tuple[int, ...]:
        """Every pupil of whose surname this is some form."""
        return self.surname.pupils + self.surname.also

    def _forenames_before(self) -> Iterator[tuple[Site, bool]]:
        """Forenames of pupils that lead up to the surname, and whether other names stand between."""
        index = self.site.first - 1
        if index >= 0 and self._in_next_column(index):
            for found in self.page.sites.forename_ends.get(index, ()):
                yield found, False
            return
        for steps in range(_MOST_BETWEEN):
            if index < 0 or not self.linked(index):
                return
            for found in self.page.sites.forename_ends.get(index, ()):
                yield found, steps > 0
            if not self._may_stand_between(index):
                return
            index -= 1

    def _in_next_column(self, index: int) -> bool:
        """Word `index` and the surname stand in two cells of a pasted table ("Ada,Brierley,Wrens")."""
        gap = self.words.gap_text(index)
        if self.surname.base in self.page.roster.forenames or self.is_small:
            return False
        return gap.strip(' "') in (",", ";", "|", '","') and gap != ", " and "\n" not in gap and gap != "; "

    def _may_stand_between(self, index: int) -> bool:
        low = self.words.low[index]
        if low == "s" and index > 0 and "'" in self.words.gap_text(index - 1):
            return False
        if (
            index in self.page.surname_starts
            and low not in self.page.roster.forenames
            and low == self.words.low[self.site.first]
        ):
            return False
        if len(low) == 1 or low in self.page.roster.middle_names:
            return True
        named = low in lexicon.forenames() or low in lexicon.vocabulary()["particles"]
        return named and (self.words.is_capital(index) or index in self.words.compound)

    def _forenames_after(self) -> Iterator[Site]:
        last = self.site.last
        if last + 1 >= len(self.words.low):
            return
        comma = self.words.gap_text(last).strip() == "," and not (self.other_forename or self.stranger_forename)
        if self.linked(last) or (comma and self._listed_surname_first(last + 1)):
            yield from self.page.sites.forenames.get(last + 1, ())

    def _listed_surname_first(self, forename: int) -> bool:
        """ "Surname, Forename" as in a list, not two forenames in a row."""
        if not self.surname.is_forename:
            return True
        if forename + 1 >= len(self.words.low):
            return self.starts_sentence
        gap = self.words.gap_text(forename)
        return (
            self.words.gap(forename) is Gap.LINE
            or any(sign in gap for sign in ";(")
            or (self.starts_sentence and " - " in gap)
        )

    def pupils_called(self, letters: str) -> tuple[int, ...]:
        """Pupils with that forename or a usual short form of it."""
        return self.page.roster.forenames.get(letters) or self.page.roster.nicknames.get(letters, ())

    @cached_property
    def own_forename(self) -> tuple[Site, tuple[int, ...]] | None:
        """The forename that stands with this surname, and the pupils who have both."""
        before = list(self._forenames_before())
        for found, _ in before:
            both = self._with_this_surname(self.pupils_called(found.letters))
            if both:
                return found, (*both, *self._joined_by_and(found, both))
        spelt = self._spelt_out_before()
        if spelt is not None:
            return spelt
        for found in self._forenames_after():
            both = self._with_this_surname(self.pupils_called(found.letters))
            if both and not self._has_own_surname(found) and not self._describes_forename(found):
                return found, both
        for found, between in before:
            nearby = () if between else self._with_nearly_this_surname(found)
            if nearby:
                return found, nearby
        return self._nearly_own_forename()

    def _spelt_out_before(self) -> tuple[Site, tuple[int, ...]] | None:
        """A short forename spelt out before a surname spelt out likewise ("A d a  B r i e r l e y")."""
        first = self.site.first
        if self.site.spelling is not Spelling.DISGUISED or len(self.words.low[first]) > 1:
            return None
        letters = ""
        for index in range(first - 1, max(-1, first - 1 - _SHORT_FORENAME), -1):
            if len(self.words.low[index]) > 1 or not self.linked(index):
                return None
            letters = self.words.low[index] + letters
            both = self._with_this_surname(self.pupils_called(letters)) if len(letters) > 1 else ()
            if both:
                return Site(index, first - 1, letters), both
        return None

    def _describes_forename(self, found: Site) -> bool:
        """A word such as "young" or "star" before a forename, not a surname put first."""
        word = self.surname.letters in lexicon.vocabulary()["child_titles"] | lexicon.vocabulary()["child_makers"]
        return word and found.first == self.site.last + 1 and self.words.gap_text(self.site.last) == " "

    def _joined_by_and(self, found: Site, already: tuple[int, ...]) -> tuple[int, ...]:
        """Brothers and sisters named together ("Ada and Max Brierley")."""
        index = found.first - 1
        joins = index > 0 and self.words.low[index] in _AND
        if index < 0 or not (joins or "&" in self.words.gap_text(index)):
            return ()
        index -= joins
        names = self.page.sites.forename_ends.get(index, ())
        pupils = (i for site in names for i in self._with_this_surname(self.pupils_called(site.letters)))
        return tuple(i for i in pupils if i not in already)

    def _with_nearly_this_surname(self, found: Site) -> tuple[int, ...]:
        """Pupils of that forename whose surname is one slip away from the one found, which is another's."""
        letters = self.surname.letters
        if len(letters) < 5:
            return ()
        roster = self.page.roster
        called = roster.forenames.get(found.letters, ())
        return tuple(
            i for i in called if any(OSA.distance(letters, own) <= 1 for own in roster.surnames_of[i] if len(own) > 4)
        )

    def _with_this_surname(self, pupils: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(i for i in pupils if i in self.surname.pupils) or tuple(
            i for i in pupils if i in self.surname.also
        )

    def _has_own_surname(self, found: Site) -> bool:
        following = self.page.surname_starts.get(found.last + 1)
        if following is None:
            return False
        surname = self.page.roster.surnames[following.letters]
        return any(i in surname.pupils or i in surname.also for i in self.pupils_called(found.letters))

    def _nearly_own_forename(self) -> tuple[Site, tuple[int, ...]] | None:
        """A misspelt, inflected, cut or longer forename of a pupil with this surname ("Jocab", "Zofii", "Damilola")."""
        low = self.stranger_forename
        if len(low) < 3 or self.staff_by_forename is not None:
            return None
        for index in self.all_pupils:
            for name in self.page.roster.forenames_of[index]:
                if self._nearly_forename(low, name):
                    return Site(self.site.first - 1, self.site.first - 1, name), (index,)
        return None

    def _nearly_forename(self, low: str, name: str) -> bool:
        if _inflected(low, name, self.surname.form is Form.INFLECTED) or (
            len(name) > 3 and _sounded(low) == _sounded(name)
        ):
            return True
        known = low in lexicon.forenames()
        shorter = min(len(low), len(name))
        if known and not self.surname.is_distinctive and shorter < 7:
            return False
        if shorter > 3 and OSA.distance(low, name) <= (2 if shorter > 6 else 1):
            return True
        return shorter > 3 and (low in name or name in low)

    @cached_property
    def staff(self) -> list[StaffName]:
        """Staff with this surname."""
        return self.page.roster.staff_by_surname.get(self.surname.base, [])

    @cached_property
    def staff_by_forename(self) -> StaffName | None:
        """The member of staff whose forename stands directly before the surname."""
        low = self.before()
        return next((adult for adult in self.staff if low and letters_only(adult.forename) == low), None)

    @cached_property
    def other_forename(self) -> Site | None:
        """A forename of another pupil directly before the surname."""
        for found, between in self._forenames_before():
            capital = self.words.is_capital(found.first) or self.in_compound or not self.page.has_capitals
            if not between and capital and found.letters in self.page.roster.forenames:
                return found
        return None

    @cached_property
    def own_initial(self) -> tuple[int, ...]:
        """Pupils with this surname whose initial stands directly before it, or after it in a list."""
        article = (
            self.before() in ("a", "i") and not self.in_compound and not self.words.is_capital(self.site.first - 1)
        )
        initials = [] if self.after_possessive or article else [self.before()]
        last = self.site.last
        if (
            last + 1 < len(self.words.low)
            and self.surname.base not in self.page.roster.forenames
            and (not self.surname.is_forename or self._ends_entry(last + 1))
            and self.end_with_possessive == last
            and self.linked(last)
        ):
            initials.append(self.words.low[last + 1])
        for initial in initials:
            if len(initial) == 1:
                names = self.page.roster.forenames_of
                fitting = tuple(i for i in self.surname.pupils if any(name.startswith(initial) for name in names[i]))
                if fitting:
                    return fitting
        return ()

    def _ends_entry(self, index: int) -> bool:
        """An entry of a list ends after word `index`."""
        return index + 1 >= len(self.words.low) or self.words.gap(index) in (Gap.COMMA, Gap.LINE)

    @cached_property
    def stranger_forename(self) -> str:
        """A capitalised word before the surname which reads like a forename, of a pupil or not, or ""."""
        steps = 1
        while self.before(steps) in lexicon.vocabulary()["particles"] and steps < _MOST_BETWEEN:
            steps += 1
        low = self.before(steps)
        index = self.site.first - steps
        if len(low) < 2 or self.is_title(index) or low in lexicon.vocabulary()["child_titles"]:
            return ""
        if index in self.page.surname_lasts and low not in self.page.roster.forenames:
            return ""
        if self.in_compound or not self.page.has_capitals:
            named = low in lexicon.forenames() and low not in lexicon.common_words()
            unknown = not self.in_compound and low not in lexicon.known_words() and len(low) > 3
            return low if named or unknown else ""
        if not self.words.is_capital(index):
            return ""
        return low if low in lexicon.forenames() or low not in lexicon.known_words() else ""


def _sounded(name: str) -> str:
    """The name with endings written alike that sound alike ("Effy", "Effie")."""
    for ending in ("ie", "ey", "ee", "i"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "y"
    return name


def _inflected(written: str, name: str, surname_too: bool) -> bool:
    """`written` is `name` with another case ending, as Slavic languages have them."""
    stem = len(name) - 2 if len(name) > 4 else 2 if surname_too else 3
    if len(name) < 3 or written[:stem] != name[:stem] or written == name:
        return False
    common = 0
    while common < min(len(written), len(name)) and written[common] == name[common]:
        common += 1
    return (
        written[common:] in _CASE_ENDINGS
        and name[common:] in ("", "a", "ia", "k", "ek", "y", "i", "o")
        and len(written) + 2 > len(name)
    )
