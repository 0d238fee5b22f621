"""Everything that the rules ask about one possible surname, computed once."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from auditbot.check.surnames.candidates import Spelling
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Surname

SENTENCE = 30
"""Words on either side beyond which a sentence is not followed."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """How the name is written."""

    spelling: Spelling
    """Plain, disguised, misspelt or cut."""
    letters: str
    """What is written, in small letters without gaps."""
    in_compound: bool
    """Inside a hashtag, handle, address or file name, where capitals mean little."""
    in_handle: bool
    """Inside the name of an account ("@...")."""
    in_mailbox: bool
    """Before the sign of an e-mail address ("ada.brierley@...")."""
    small: bool
    """In small letters although the text uses capitals."""
    capital: bool
    """Its first word begins with a capital."""
    last_capital: bool
    """Its last word begins with a capital."""
    hyphenated: bool
    """A hyphen joins it to the next or the previous word."""
    possessive: bool
    """ "'s" follows."""
    after_dot: bool
    """A full stop without the end of a sentence stands before it, as after an initial."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The words directly before and after the name, on the same line and linked to it, in lower case; "" for none."""

    before: str
    """The word before it."""
    before_2: str
    """The second word before it."""
    before_is_capital: bool
    """The word before it begins with a capital."""
    before_is_forename: bool
    """The word before it is a pupil's forename."""
    after_possessive: bool
    """The word before it is the "s" of "'s"."""
    second_in_sentence: bool
    """The word before it is the first of its sentence."""
    after: str
    """The word after it, past a possessive."""
    after_2: str
    """The second word after it."""
    after_3: str
    """The third word after it."""
    after_is_capital: bool
    """The word after it begins with a capital, or capitals mean nothing here."""
    from_a_name: bool
    """ "from the ..." follows with a capital that is no class's ("from the RNLI")."""
    after_2_is_class: bool
    """The second word after it is a word of a class of the school."""
    after_2_is_capital: bool
    """The second word after it begins with a capital."""
    capitals_after: tuple[str, ...]
    """Up to three words after it while they begin with capitals, or capitals mean nothing here."""
    surname_after: bool
    """The next word is in capitals and is a surname or no known word: this one leads a name."""
    partners_after: bool
    """ "and Sons" or the like follows, and no child of that forename."""
    label_before: bool
    """One of the three words before it introduces what is written on a label."""
    memory_before: bool
    """ "in memory of" or the years of a life tell that the bearer has died."""


@dataclass(frozen=True, slots=True)
class WholeName:
    """What stands around a pupil's full name, if the pupil's forename stands with the surname."""

    pupils: tuple[int, ...]
    """The pupils who have both names; empty: there is no such forename."""
    forename: str
    """That forename."""
    exact: bool
    """Forename and surname are written as in the register, not cut short, halved or respelt."""
    comes_first: bool
    """It stands before the surname."""
    is_capital: bool
    """It begins with a capital."""
    plainly_joined: bool
    """Nothing but blanks, hyphens or an initial's full stop stands between."""
    lead: tuple[str, str, str]
    """Up to three words before the whole name, the nearest first, "" for none."""
    starts_sentence: bool
    """Nothing of the same sentence stands before the whole name."""
    title: str
    """An adult's title before it."""
    numbered: bool
    """A number stands right before it, as of a house."""
    holds_a_role: bool
    """A role, an office or an animal stands right before or after it, or how its bearer is reached."""
    introduced: bool
    """It is introduced as an adult's or an animal's, be it by a credit only."""
    from_outside: bool
    """It signs a piece of work, or its bearer's work is told."""
    aged: bool
    """An age of an infant stands right after it."""
    role_after: bool
    """A role of adults follows in the same breath (", our sports coach")."""
    other_well_known: bool
    """Other well-known names stand in the same sentence."""
    class_after: bool
    """A class of the school follows within a few words."""
    child_after: bool
    """A class of the school or another pupil's forename follows."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff with the surname, and what of them stands beside it."""

    surname: bool
    """A member of staff has this surname."""
    forename: bool
    """The forename stands before it."""
    title: bool
    """The title before it may be theirs."""
    role: bool
    """The forename stands before it, and a word of school staff or of the role in the sentence."""


@dataclass(frozen=True, slots=True)
class ChildSigns:
    """How surely the text around speaks of a child of this school."""

    surely: bool
    """A strong sign: a word of school life, another pupil's full name, a cheer by name, a label."""
    perhaps: bool
    """Some sign, be it a weak one, or a class, a year or the playground."""
    by_words: bool
    """Some sign other than another pupil's full name."""
    of_this_school: bool
    """A class, another pupil's full name or a word of school life stands in the sentence."""
    close: bool
    """A word of school life within a few words, or a pupil by name."""


@dataclass(frozen=True, slots=True)
class Features:
    """One possible surname with its surroundings, as the rules see it."""

    surname: Surname
    """The name of the register."""
    name: Spelled
    """How it is written."""
    beside: Beside
    """The words directly before and after it."""
    whole: WholeName
    """The pupil's full name, if it is one."""
    initial: tuple[int, ...]
    """Pupils with this surname whose initial stands with it."""
    in_register_order: bool
    """It is an entry of a list in the order of a register, as others in it show ("Surname I, Surname I")."""
    similar: tuple[int, ...]
    """Pupils with this surname whose forename is one letter from another real one that stands before it."""
    mixed: tuple[int, ...]
    """All pupils with this surname or with the other pupil's forename that stands before it; empty for none."""
    stranger: str
    """A word before it which reads like a forename, of a pupil or not, or ""."""
    titles: tuple[str, ...]
    """Words before the whole name that are titles if a group of titles holds them, the nearest first."""
    title: str
    """An adult's title or office before it."""
    colleague: Colleague
    """A member of staff of the same surname."""
    others_name: bool
    """The text gives this surname to somebody else, and to no pupil."""
    introduced_from_outside: bool
    """The whole name signs a piece of work, or its bearer's work is told, or a role stands beside it."""
    formal_list: bool
    """Two adults or more in the sentence are written with title and initial ("Mr T Purcell, Miss H Finch")."""
    long_ago: bool
    """The sentence tells of former times."""
    forename_of_next: bool
    """It is a forename of the pupil whose surname follows."""
    middle_name: bool
    """It stands between forename and surname of a pupil who is no bearer of it."""
    children: tuple[int, ...]
    """Pupils of whose surname this is some form and whose forename stands elsewhere near."""
    children_of_owners: tuple[int, ...]
    """Those of them whose surname it is in its best form."""
    among_pupils: bool
    """Another pupil's full name stands in the same sentence."""
    listed_with_others: bool
    """Surnames of other pupils stand beside it."""
    in_a_row: bool
    """Three surnames of pupils stand in a row."""
    among_places: bool
    """A street or a building is listed on either side of it."""
    child: ChildSigns
    """Whether the text around speaks of a child."""
    words_before: tuple[str, ...]
    """The words of the same sentence before it, in lower case, the nearest first."""
    words_after: tuple[str, ...]
    """The words of the same sentence after it, in lower case."""
    short_text: frozenset[str]
    """The words of a short text, or of the sentence in a long one."""
    headline: bool
    """Most words of the sentence begin with capitals."""
    has_capitals: bool
    """The text uses capitals with care."""
    some_capitals: bool
    """The text uses capitals within sentences, be it without care."""
    long_page: bool
    """The text is a page rather than a post."""
    roster_forename: bool
    """The name is a pupil's forename as well."""
    class_name: bool
    """It is the name of a class of this school."""

    def speaks_of(self, words: AbstractSet[str], reach: int = SENTENCE) -> bool:
        """One of `words` stands in the same sentence at most `reach` words away."""
        return not (words.isdisjoint(self.words_before[:reach]) and words.isdisjoint(self.words_after[:reach]))

    def titled(self, *groups: str) -> bool:
        """A title of one of these vocabulary groups stands before the whole name."""
        return not group(*groups).isdisjoint(self.titles)
