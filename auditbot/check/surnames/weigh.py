"""Decide what a possible surname is: the first rule with an opinion wins.

Each rule looks at the context and answers with a verdict, or None when it has no opinion. A verdict without a band
says that the word is no pupil's surname here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Spelling
from auditbot.check.surnames.context import Context
from auditbot.check.surnames.names import Band
from auditbot.check.surnames.normalise import letters_only
from auditbot.check.surnames.roster import Form
from auditbot.check.surnames.words import Gap


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule decided."""

    band: Band | None
    """None: no finding."""
    score: float
    """From 0 to 1."""
    rule: str
    """The rule's name."""
    explanation: str
    """One sentence without names."""
    pupils: tuple[int, ...] = ()
    """Indexes of the pupils meant."""


Rule = Callable[[Context], Verdict | None]


def _clear(rule: str) -> Verdict:
    return Verdict(None, 0.0, rule, "")


def _vocabulary(group: str) -> frozenset[str]:
    return lexicon.vocabulary()[group]


def forename_of_someone(context: Context) -> Verdict | None:
    """The word is used as a forename ("Harper Ellison", "James and Ruby")."""
    surname = context.surname
    if not surname.is_forename or surname.form is Form.PLURAL or context.own_forename:
        return None
    if (
        context.title("adult_titles", "office_titles")
        or context.own_initial
        or context.other_forename
        or context.stranger_forename
    ):
        return None
    if context.after() in _vocabulary("family_nouns") | _vocabulary("child_nouns"):
        return None
    return _clear("forename")


def member_of_staff(context: Context) -> Verdict | None:
    """A title, forename, initial or role shows that a member of staff is meant."""
    if not context.staff:
        return None
    title = context.title("adult_titles", "office_titles")
    if title:
        titles = {letters_only(adult.title) for adult in context.staff}
        named = context.own_forename is not None and context.staff_by_forename is None
        if not named and (title in titles or title not in _vocabulary("adult_titles")):
            return _clear("staff")
        if not named and title == "miss" and titles & {"mrs", "ms"}:
            return _clear("staff")
        return None
    adult = context.staff_by_forename
    if adult is not None:
        if context.own_forename is None:
            return _clear("staff")
        if context.near("school_staff_words") or any(context.near_word(word) for word in adult.role.lower().split()):
            return _clear("staff")
        if context.near("child_signs"):
            return None
        return Verdict(
            "review",
            0.5,
            "staff_or_pupil",
            "A pupil and a member of staff have this full name.",
            context.own_forename[1],
        )
    initial = context.before()
    if (
        len(initial) == 1
        and not context.own_initial
        and any(letters_only(a.forename).startswith(initial) for a in context.staff)
    ):
        return _clear("staff")
    return None


def street_or_place(context: Context) -> Verdict | None:
    """The words around make it a street, a place, a building, a business or an award."""
    after = context.after()
    capital_after = bool(after) and (context.in_compound or context.words.is_capital(context.end_with_possessive + 1))
    if capital_after and not context.own_forename:
        if after in _vocabulary("streets") | _vocabulary("buildings") | _vocabulary("businesses"):
            return _clear("place_or_business")
        if (context.surname.letters + " " + after) in lexicon.places():
            return _clear("place_or_business")
    if after in ("and", "&") or context.words.text[context.words.ends[context.site.last] :][:3] == " & ":
        return _business(context)
    if not context.surname.is_distinctive:
        return _place_by_words_before(context)
    if context.before() in ("in", "near", "around", "at", "visited", "via") and context.surname.is_place:
        return _clear("place_or_business")
    return None


def _business(context: Context) -> Verdict | None:
    index = context.end_with_possessive + 1
    window = context.words.low[index : index + 4]
    if any(word in ("sons", "co", "daughters", "son", "company", "partners", "bros") for word in window):
        return _clear("place_or_business")
    return None


def _place_by_words_before(context: Context) -> Verdict | None:
    before = context.before()
    own = context.own_forename
    street = context.surname.letters in _vocabulary("streets") | _vocabulary("buildings")
    if own is not None:
        outer = Context.before(_widened(context, own[0].first)) if own[0].first <= context.site.first else ""
        if street and (
            outer in _vocabulary("street_prepositions") - {"by", "of", "from", "to"}
            or _house_number(context, own[0].first)
        ):
            return _clear("place_or_business")
        return None
    if context.surname.is_place and before in _vocabulary("prepositions_of_place") | {"to", "from"}:
        return _clear("place_or_business")
    if (
        street
        and before
        and context.words.is_capital(context.site.first - 1)
        and context.other_forename is None
        and before not in _vocabulary("adult_titles")
    ):
        return _clear("place_or_business")
    return None


def _widened(context: Context, first: int) -> Context:
    site = type(context.site)(first, context.site.last, context.site.letters)
    return Context(context.page, site, context.surname)


def _house_number(context: Context, first: int) -> bool:
    start = context.words.starts[first]
    return context.words.text[max(0, start - 4) : start].strip()[-1:].isdigit()


def famous_or_creator(context: Context) -> Verdict | None:
    """An author, artist, historic person or character, or someone introduced as one."""
    before = context.before()
    full = f"{before} {context.surname.letters}"
    longer = f"{context.before(2)} {full}"
    known = full in lexicon.people() or longer in lexicon.people()
    if known and not (context.own_forename and not context.near("works") and not context.near("creators")):
        return _clear("famous")
    if (
        not before
        and context.near("works")
        and not context.surname.is_distinctive
        and any(p.endswith(" " + context.surname.letters) for p in lexicon.people())
    ):
        return _clear("famous")
    return None


def own_full_name(context: Context) -> Verdict | None:
    """The pupil's own forename stands with the surname."""
    own = context.own_forename
    if own is None:
        return None
    site, pupils = own
    words, surname = context.words, context.surname
    outer = _widened(context, min(site.first, context.site.first))
    lead = outer.before()
    if lead in _vocabulary("creators"):
        return _clear("famous")
    if lead in _vocabulary("jobs") or (outer.title("adult_titles", "office_titles") and lead not in ("miss",)):
        return Verdict(
            "review",
            0.5,
            "adult_with_full_name",
            "A pupil's full name, but the words before it speak of an adult.",
            pupils,
        )
    small = context.is_small and surname.is_word
    if small and (surname.letters in _FUNCTION_WORDS or not words.is_capital(site.first)):
        return _clear("words")
    if small and surname.is_common_word:
        return Verdict(
            "review",
            0.4,
            "forename_and_word",
            "A pupil's forename, then an ordinary word that is also this pupil's surname.",
            pupils,
        )
    if (
        not context.page.has_capitals
        and not context.in_compound
        and surname.is_common_word
        and site.letters in lexicon.common_words()
    ):
        return Verdict(
            "review", 0.4, "forename_and_word", "Two ordinary words that are also a pupil's full name.", pupils
        )
    return Verdict("breach", 0.98, "full_name", "The surname stands with this pupil's forename.", pupils)


_FUNCTION_WORDS = frozenset(
    [
        "do",
        "he",
        "she",
        "we",
        "you",
        "they",
        "will",
        "may",
        "can",
        "so",
        "to",
        "in",
        "on",
        "at",
        "is",
        "was",
        "has",
        "had",
        "have",
        "be",
        "not",
        "and",
        "or",
        "but",
        "for",
        "my",
        "me",
        "us",
        "it",
        "her",
        "his",
        "him",
        "all",
        "any",
        "by",
        "of",
        "off",
        "out",
        "up",
        "as",
        "if",
    ]
)


def half_needs_forename(context: Context) -> Verdict | None:
    """Half of a double-barrelled surname says nothing without the forename."""
    return _clear("half") if context.surname.form is Form.HALF else None


def initial_and_surname(context: Context) -> Verdict | None:
    """The pupil's initial stands with the surname."""
    pupils = context.own_initial
    if not pupils or context.is_small:
        return None
    if context.title("adult_titles", "office_titles"):
        return None
    if len(context.before(2)) == 1:
        return Verdict("review", 0.4, "initials_and_surname", "Initials and a pupil's surname.", pupils)
    return Verdict("breach", 0.93, "initial_and_surname", "The surname stands with this pupil's initial.", pupils)


def titled_adult(context: Context) -> Verdict | None:
    """A title shows an adult: a relative of a pupil, or somebody from outside."""
    title = context.title("adult_titles", "office_titles")
    if not title or context.is_small:
        return None
    if (
        title in _vocabulary("office_titles")
        or context.near("jobs")
        or f"{title} {context.surname.letters}" in lexicon.people()
    ):
        return _clear("adult_from_outside")
    children = context.children_named(context.surname.pupils)
    if children:
        return Verdict(
            "breach",
            0.85,
            "relative_and_child",
            "A relative's surname stands with the forename of a child of that name.",
            children,
        )
    return Verdict(
        "review",
        0.5,
        "titled_adult",
        "An adult who is not on the staff list has a pupil's surname.",
        context.surname.pupils,
    )


def family(context: Context) -> Verdict | None:
    """ "the ... family", "the ...s", "the ... twins"."""
    after, before = context.after(), context.before()
    pupils = context.surname.pupils
    if context.is_small and context.surname.is_word:
        return None
    if after in _vocabulary("child_nouns") and not (context.surname.is_common_word and before not in ("the", "our")):
        return Verdict("breach", 0.88, "child_by_surname", "A child is described by the surname.", pupils)
    plural = context.surname.form is Form.PLURAL and before in ("the", "all")
    if after in _vocabulary("family_nouns") or plural:
        children = context.children_named(pupils)
        if children:
            return Verdict(
                "breach",
                0.85,
                "family_and_child",
                "The family's surname stands with the forename of a child of that name.",
                children,
            )
        return Verdict("review", 0.5, "family", "A pupil's family is named.", pupils)
    if context.surname.form is Form.PLURAL:
        return _clear("plural")
    return None


def another_forename(context: Context) -> Verdict | None:
    """The forename of another pupil, or of nobody here, stands with the surname."""
    if context.is_small:
        return None
    pupils = context.surname.pupils
    if context.near("jobs", 6) or context.near("creators", 6):
        return _clear("adult_from_outside") if context.stranger_forename or context.other_forename else None
    if context.other_forename is not None:
        return Verdict(
            "review", 0.45, "mixed_name", "The forename of one pupil stands with the surname of another.", pupils
        )
    if context.stranger_forename:
        children = context.children_named(pupils)
        if children and context.near("relative_words"):
            return Verdict(
                "breach",
                0.8,
                "relative_and_child",
                "A relative's surname stands with the forename of a child of that name.",
                children,
            )
        return Verdict(
            "review", 0.4, "unknown_forename", "Somebody who is not on the register has a pupil's surname.", pupils
        )
    return None


def bare_surname(context: Context) -> Verdict | None:
    """The surname alone."""
    surname = context.surname
    pupils = surname.pupils
    if context.before() in _vocabulary("child_titles"):
        return Verdict("breach", 0.85, "child_by_surname", "The word before the surname speaks of a child.", pupils)
    if surname.form is not Form.FULL and not context.surname.is_distinctive:
        return _clear("inflected")
    if surname.is_distinctive:
        if context.is_small and surname.is_word:
            return None
        children = context.children_named(pupils)
        if children or context.near("child_signs"):
            return Verdict(
                "breach",
                0.8,
                "surname_and_child",
                "The surname stands in a sentence about a child.",
                children or pupils,
            )
        return Verdict("review", 0.5, "surname_alone", "A pupil's surname stands alone.", pupils)
    if context.is_small or not context.page.has_capitals or context.in_compound:
        return None
    first = context.site.first
    starts_sentence = first == 0 or context.words.gap(first - 1) in (Gap.STOP, Gap.LINE)
    if surname.is_common_word and starts_sentence:
        return None
    if not surname.is_forename and context.near("vocative_signs", 3):
        return Verdict("review", 0.35, "surname_or_word", "A pupil's surname, or the ordinary word.", pupils)
    return None


def hinted(context: Context) -> Verdict | None:
    """Only the beginning of the surname is given."""
    if context.site.spelling is not Spelling.CUT:
        return None
    pupils = context.surname.pupils
    own = context.own_forename
    return Verdict(
        "review", 0.45, "cut_short", "The beginning of a pupil's surname is given.", own[1] if own else pupils
    )


def masked(pupils: tuple[int, ...]) -> Verdict:
    """Part of the surname is replaced by signs."""
    return Verdict(
        "review", 0.45, "masked", "A pupil's surname is partly replaced by signs, but can be guessed.", pupils
    )


RULES: tuple[Rule, ...] = (
    hinted,
    forename_of_someone,
    member_of_staff,
    famous_or_creator,
    street_or_place,
    own_full_name,
    half_needs_forename,
    initial_and_surname,
    titled_adult,
    family,
    another_forename,
    bare_surname,
)


def weigh(context: Context) -> Verdict:
    """The verdict of the first rule that has one; clear when none has."""
    for rule in RULES:
        verdict = rule(context)
        if verdict is not None:
            return verdict
    return _clear("nothing")
