"""Rules that recognise places, buildings, businesses and dates."""

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.context import Context
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Form
from auditbot.check.surnames.verdict import Verdict, clear

_OWNERS = frozenset({"sons", "son", "co", "daughters", "daughter", "company", "partners", "bros"})


def brand(context: Context) -> Verdict | None:
    """The possessive or plural of a well-known maker or shop ("...'s soup")."""
    if context.surname.base not in lexicon.brands() or context.own_forename is not None or context.before() == "the":
        return None
    owns = context.end_with_possessive > context.site.last or context.surname.form is Form.PLURAL
    titled = context.title("adult_titles", "office_titles", "child_titles")
    return clear("brand") if owns and not titled and not context.among_pupils else None


def date(context: Context) -> Verdict | None:
    """A day, a month, a season or a feast, unless a pupil's forename stands with it."""
    if (
        context.surname.is_calendar
        and context.own_forename is None
        and not context.title("adult_titles", "child_titles")
    ):
        return clear("date")
    return None


def own_class(context: Context) -> Verdict | None:
    """The name of a class of this school."""
    written = context.words.low[context.site.first]
    plain = context.own_forename is None and not context.title("adult_titles", "child_titles")
    return clear("class") if plain and written in context.page.roster.class_words else None


def named_after(context: Context) -> Verdict | None:
    """The words after it make it a street, a building, a business or an award."""
    after = context.after()
    if context.own_forename is not None:
        if context.in_compound or not context.page.has_capitals:
            return None
        street = context.after_is_capital and after in group("streets")
        return clear("place_or_business") if street or _hall_with_full_name(context) else None
    if after in group("family_nouns"):
        return None
    if after in group("child_nouns") and (context.in_compound or not context.after_is_capital):
        return None
    a_thing = (
        _is_a_shop(context)
        or any(word in group("streets", "buildings", "businesses") for word in context.capitals_after())
        or _owns_a_business(context)
        or _with_partners(context)
        or f"{context.surname.letters} {after}" in lexicon.places()
    )
    return clear("place_or_business") if a_thing else None


def _is_a_shop(context: Context) -> bool:
    """ "Daisy Hill farm shop": two words, and a shop or a building in small letters after them."""
    before, after = context.before(), context.after()
    words = context.surname.is_common_word and before in lexicon.common_words()
    return words and not context.in_compound and after in group("businesses", "buildings") - group("child_nouns")


def _hall_with_full_name(context: Context) -> bool:
    """ "The ... ... Memorial Hall"."""
    own = context.own_forename
    if own is None or own[0].first > context.site.first or context.end_with_possessive > context.site.last:
        return False
    named = any(word in group("buildings", "businesses") for word in context.capitals_after())
    return named and context.widened_to(own[0].first).before() == "the"


def _owns_a_business(context: Context) -> bool:
    """ "...'s bakery", "...'s the grocer"."""
    if context.end_with_possessive == context.site.last:
        return False
    after = context.after()
    trade = after == "the" and context.after(2) in group("jobs", "businesses")
    return trade or after in group("businesses", "buildings") - group("child_nouns")


def _with_partners(context: Context) -> bool:
    index = context.end_with_possessive
    gap = context.words.text[context.words.ends[index] : context.words.ends[index] + 3].strip()
    following = context.words.low[index + 1 : index + 4]
    joined = gap == "&" or following[:1] == ["and"]
    owner = index + 1 if gap == "&" else index + 2
    if not joined or owner >= len(context.words.low) or context.words.low[owner] not in _OWNERS:
        return False
    named = owner + 1 in context.page.sites.forenames
    return not named or context.words.is_capital(owner)


def place(context: Context) -> Verdict | None:
    """The words before it make it a place."""
    own = context.own_forename
    surname = context.surname
    before = context.before()
    street = surname.letters in group("streets", "buildings")
    if own is not None:
        whole = context.widened_to(own[0].first)
        located = whole.before() in ("on", "along", "down", "up", "in", "at", "off", "near") or _house_number(whole)
        return clear("place_or_business") if street and located else None
    if surname.is_small_place and before in group("prepositions_of_place"):
        return clear("place_or_business")
    possessive = context.end_with_possessive > context.site.last
    journey = surname.is_small_place and before in ("to", "from") and not possessive
    if (surname.is_place and before in ("to", "from", "of", "for", "great")) or journey:
        return clear("place_or_business")
    named = (
        before
        and (context.in_compound or context.words.is_capital(context.site.first - 1))
        and context.other_forename is None
    )
    if (
        street
        and named
        and not context.own_initial
        and before not in group("adult_titles")
        and before not in lexicon.forenames()
    ):
        return clear("place_or_business")
    return None


def _house_number(whole: Context) -> bool:
    start = whole.words.starts[whole.site.first]
    return whole.words.text[max(0, start - 4) : start].strip()[-1:].isdigit()


def pet(context: Context) -> Verdict | None:
    """The name of an animal or a toy ("our school dog ...", "... the tortoise")."""
    if context.own_forename is not None or context.title("adult_titles"):
        return None
    called = context.after() in ("the", "our") and not group("pets").isdisjoint((context.after(2), context.after(3)))
    return clear("pet") if called or context.before() in group("pets") else None


def phrase(context: Context) -> Verdict | None:
    """An ordinary word inside a title in capitals ("World Book Day", "Forest School Park")."""
    surname = context.surname
    if context.own_forename is not None or not surname.is_common_word or context.in_compound or context.own_initial:
        return None
    before = context.before()
    capital = bool(before) and context.words.is_capital(context.site.first - 1) and before in lexicon.common_words()
    a_name = (
        before in lexicon.usual_forenames()
        or before in context.page.roster.forenames
        or before in group("adult_titles", "office_titles", "child_titles", "cheers", "labels")
    )
    return (
        clear("phrase")
        if capital and not a_name and not context.widened_to(context.site.first - 1).starts_sentence
        else None
    )
