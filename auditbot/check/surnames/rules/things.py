"""What is no person: dates, classes, brands, places, buildings, firms, animals, titles made of words."""

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Form
from auditbot.check.surnames.rules.features import Features

_LOCATED = frozenset({"on", "along", "down", "up", "in", "at", "off", "near"})
_TO_A_PLACE = frozenset({"to", "from", "of", "for", "great"})


def date(f: Features) -> bool:
    """A day, a month, a season or a feast, unless a pupil's name or initial or a person's title stands with it."""
    dotted = bool(f.initial) and f.name.after_dot
    return f.surname.is_calendar and not (f.whole.pupils or dotted) and not f.titled("adult_titles", "child_titles")


def own_class(f: Features) -> bool:
    """The name of a class of this school."""
    return f.class_name and not f.whole.pupils and not f.titled("adult_titles", "child_titles")


def brand(f: Features) -> bool:
    """The possessive or plural of a well-known maker or shop ("...'s soup")."""
    if f.surname.base not in lexicon.brands() or f.whole.pupils or f.beside.before == "the" or f.among_pupils:
        return False
    owns = f.name.possessive or f.surname.form is Form.PLURAL
    return owns and not f.titled("adult_titles", "office_titles", "child_titles")


def street_or_hall_by_full_name(f: Features) -> bool:
    """A street or, after "the", a building goes by a pupil's full name ("The ... ... Memorial Hall")."""
    if not f.whole.pupils or f.name.in_compound or not f.has_capitals:
        return False
    if f.beside.after_is_capital and f.beside.after in group("streets"):
        return True
    hall = not group("buildings", "businesses").isdisjoint(f.beside.capitals_after)
    return hall and f.whole.comes_first and not f.name.possessive and f.whole.lead[0] == "the"


def named_after(f: Features) -> bool:
    """The words after it make it a street, a building, a business or an award."""
    after = f.beside.after
    if f.whole.pupils or after in group("family_nouns"):
        return False
    if after in group("child_nouns") and (f.name.in_compound or not f.beside.after_is_capital):
        return False
    return (
        _is_a_shop(f)
        or not group("streets", "buildings", "businesses").isdisjoint(f.beside.capitals_after)
        or _owns_a_business(f)
        or f.beside.partners_after
        or f"{f.surname.letters} {after}" in lexicon.places()
    )


def _is_a_shop(f: Features) -> bool:
    """ "Daisy Hill farm shop": two words, and a shop or a building in small letters after them."""
    words = f.surname.is_common_word and f.beside.before in lexicon.common_words()
    return (
        words and not f.name.in_compound and f.beside.after in group("businesses", "buildings") - group("child_nouns")
    )


def _owns_a_business(f: Features) -> bool:
    """ "...'s bakery", "...'s the grocer"."""
    trade = f.beside.after == "the" and f.beside.after_2 in group("jobs", "businesses")
    return f.name.possessive and (trade or f.beside.after in group("businesses", "buildings") - group("child_nouns"))


def street_by_full_name(f: Features) -> bool:
    """A pupil's full name with a street's word, and a preposition or a number leads to it."""
    street = f.surname.letters in group("streets", "buildings")
    return bool(f.whole.pupils) and street and (f.whole.lead[0] in _LOCATED or f.whole.numbered)


def place(f: Features) -> bool:
    """The words before it make it a place."""
    surname, before = f.surname, f.beside.before
    if f.whole.pupils:
        return False
    if surname.is_small_place and before in group("prepositions_of_place"):
        return True
    journey = surname.is_small_place and before in ("to", "from") and not f.name.possessive
    if (surname.is_place and before in _TO_A_PLACE) or journey:
        return True
    named = before and (f.name.in_compound or f.beside.before_is_capital) and not f.mixed
    street = surname.letters in group("streets", "buildings") and bool(named) and not f.initial
    return street and before not in group("adult_titles") and before not in lexicon.forenames()


def pet(f: Features) -> bool:
    """The name of an animal or a toy ("our school dog ...", "... the tortoise")."""
    if f.whole.pupils or f.titled("adult_titles"):
        return False
    called = f.beside.after in ("the", "our") and not group("pets").isdisjoint((f.beside.after_2, f.beside.after_3))
    return called or f.beside.before in group("pets")


def phrase(f: Features) -> bool:
    """An ordinary word inside a title in capitals ("World Book Day", "Forest School Park")."""
    before = f.beside.before
    if f.whole.pupils or not f.surname.is_common_word or f.name.in_compound or f.initial:
        return False
    a_name = (
        before in lexicon.usual_forenames()
        or f.beside.before_is_forename
        or before in group("adult_titles", "office_titles", "child_titles", "cheers", "labels")
    )
    capital = f.beside.before_is_capital and before in lexicon.common_words()
    return capital and not a_name and not f.beside.second_in_sentence
