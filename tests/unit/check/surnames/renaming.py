"""Gives all pupils of a labelled set other names, and rewrites the posts and labels accordingly.

A surname that is also a word, a place, a forename or a colleague's name changes places with another of that kind, so
that the posts keep their traps; every other surname, and every forename that is no word, is drawn from a long list.
A name that a post shows disguised (styled letters, spaced out, misspelt forename) stays, as its disguise would be lost.
"""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from rapidfuzz.distance import OSA

from auditbot.check.surnames import PupilName, lexicon
from auditbot.check.surnames.text import letters_only
from tests.unit.check.surnames.corpus import CORPUS, Label, Post, School

_NEAR = 45
_PAIR = re.compile(r"\b([A-Z][a-z]+)(?= ([A-Z][a-z]+))")


def rename(school: School, seed: int) -> School:
    """The same school with other pupils' names; the same seed gives the same names."""
    rng = random.Random(seed)
    names = _Names(school, rng)
    pupils = tuple(names.pupil(pupil) for pupil in school.pupils)
    return School(pupils, school.staff, tuple(names.post(post) for post in school.posts))


def _of_well_known_people(text: str) -> set[str]:
    """First names of people whom everybody knows ("Isaac Newton"): under another name they would be strangers."""
    return {first for first, last in _PAIR.findall(text) if f"{first} {last}".lower() in lexicon.people()}


class _Names:
    def __init__(self, school: School, rng: random.Random) -> None:
        self._rng = rng
        self._by_id = {pupil.pupil_id: pupil for pupil in school.pupils}
        staff = {letters_only(adult.surname) for adult in school.staff}
        kept_surnames, kept_forenames = self._disguised(school)
        used = {name for pupil in school.pupils for name in (*pupil.surnames, *pupil.forenames)}
        used |= {name for adult in school.staff for name in (adult.surname, adult.forename)}
        self.surnames = self._draw(
            sorted({name for pupil in school.pupils for name in pupil.surnames} - kept_surnames),
            [name for name in _long_list() if name not in used and not _is_ambiguous(name)],
            lambda name: letters_only(name) in staff or _is_ambiguous(name),
        )
        surnames = {letters_only(name) for pair in self.surnames.items() for name in pair}
        ambiguous = lexicon.common_words() | surnames
        self.forenames = self._draw(
            sorted({name for pupil in school.pupils for name in pupil.forenames} - kept_forenames),
            [
                name.title()
                for name in sorted(lexicon.usual_forenames() - lexicon.common_words() - surnames)
                if name.title() not in used and len(name) > 3
            ],
            lambda name: letters_only(name) in ambiguous,
        )

    def _disguised(self, school: School) -> tuple[set[str], set[str]]:
        surnames: set[str] = set()
        forenames: set[str] = set()
        for post in school.posts:
            for label in post.labels:
                for pupil in (self._by_id[id_] for id_ in label.pupil_ids):
                    shown = post.text[label.start : label.end]
                    if _spelling(shown, pupil) is None:
                        surnames |= set(pupil.surnames)
                    if not any(name.lower() in post.text.lower() for name in pupil.forenames):
                        forenames |= set(pupil.forenames)
            forenames |= _of_well_known_people(post.text)
        return surnames, forenames

    def _draw(self, old: list[str], fresh: list[str], is_ambiguous: Callable[[str], bool]) -> dict[str, str]:
        changed = {name: name for name in old}
        ambiguous = [name for name in old if is_ambiguous(name)]
        changed.update(zip(ambiguous, ambiguous[1:] + ambiguous[:1], strict=True))
        plain = [name for name in old if name not in ambiguous and re.fullmatch("[A-Z][a-z]{3,}", name)]
        changed.update(zip(plain, self._rng.sample(fresh, len(plain)), strict=True))
        return changed

    def pupil(self, pupil: PupilName) -> PupilName:
        """The pupil under the new name."""
        return replace(
            pupil,
            forenames=tuple(self.forenames.get(name, name) for name in pupil.forenames),
            surnames=tuple(self.surnames.get(name, name) for name in pupil.surnames),
        )

    def post(self, post: Post) -> Post:
        """The post with the new names in it, and the labels where they now belong."""
        pieces: list[str] = []
        labels: list[Label] = []
        done = 0
        length = 0
        for label in sorted(post.labels, key=lambda label: label.start):
            before = self._forenames_in(post.text[done : label.start])
            shown = self._surname(post.text[label.start : label.end], label)
            start = length + len(before)
            labels.append(replace(label, start=start, end=start + len(shown)))
            pieces += [before, shown]
            length = start + len(shown)
            done = label.end
        pieces.append(self._forenames_in(post.text[done:]))
        return replace(post, text="".join(pieces), labels=tuple(labels))

    def _surname(self, shown: str, label: Label) -> str:
        for id_ in label.pupil_ids:
            pupil = self._by_id[id_]
            found = _spelling(shown, pupil)
            if found is None:
                continue
            name, exact = found
            new = self.surnames.get(name, name)
            if new == name:
                return shown
            if not exact:
                new = new[: len(new) // 2] + new[len(new) // 2 + 1 :]
            plural = shown[-1:] if exact and letters_only(shown) == letters_only(name) + "s" else ""
            return _in_case(new, shown) + plural
        return shown

    def _forenames_in(self, text: str) -> str:
        def swap(match: re.Match[str]) -> str:
            old = match.group()
            new = next(new for name, new in self.forenames.items() if name.lower() == old.lower())
            return _in_case(new, old)

        pattern = "|".join(re.escape(name) for name in sorted(self.forenames, key=len, reverse=True))
        plain = re.sub(rf"(?<![^\W_a-z])(?:{pattern})(?![^\W_A-Z])", swap, text)
        return re.sub(rf"(?<![^\W_])(?:{pattern.lower()}|{pattern.upper()})(?![^\W_])", swap, plain)


def _long_list() -> list[str]:
    return (CORPUS / "surnames.txt").read_text(encoding="utf-8").split()


def _is_ambiguous(name: str) -> bool:
    letters = letters_only(name)
    lists = (lexicon.common_words(), lexicon.places(), lexicon.usual_forenames())
    return len(letters) < 4 or any(letters in words for words in lists)


def _spelling(shown: str, pupil: PupilName) -> tuple[str, bool] | None:
    """Which of the pupil's surnames is shown, and whether exactly; None when it is disguised, cut or inflected."""
    if not re.fullmatch(r"[A-Za-z]+", shown):
        return None
    for name in pupil.surnames:
        if shown.lower() in (name.lower(), name.lower() + "s"):
            return name, True
    for name in pupil.surnames:
        if len(name) > 5 and OSA.distance(shown.lower(), name.lower()) <= 1:
            return name, False
    return None


def _in_case(name: str, model: str) -> str:
    if model.isupper() and len(model) > 1:
        return name.upper()
    return name.lower() if model.islower() else name
