"""Rules that recognise a pupil: full name, initial, "the ... twins", the surname alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Spelling
from auditbot.check.surnames.context import Context
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Band, Form
from auditbot.check.surnames.text import Gap, letters_only

# What a rule answers, and the form of a rule.


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
"""Looks at the surroundings and decides, or returns None when it has no opinion."""


def clear(rule: str) -> Verdict:
    """No pupil's surname, says that rule."""
    return Verdict(None, 0.0, rule, "")


_SURE_LENGTH = 6
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


def forename_of_someone(context: Context) -> Verdict | None:
    """The word is used as a forename ("Harper Ellison", "James and Ruby", "Jake Thomas Whittaker")."""
    surname = context.surname
    letters = surname.letters
    if letters not in lexicon.forenames() and letters not in context.page.roster.forenames:
        return clear("middle_name") if _stands_before_own_surname(context) else None
    following = context.page.surname_starts.get(context.site.last + 1)
    if (
        following is not None
        and following.letters != letters
        and context.linked(context.site.last)
        and _belongs_together(context, letters, following.letters)
    ):
        return clear("forename")
    if not surname.is_forename or surname.form is Form.PLURAL or context.own_forename or context.own_initial:
        return None
    if (
        context.title("adult_titles", "office_titles", "child_titles")
        or context.other_forename
        or context.stranger_forename
    ):
        return None
    if context.after() in group("family_nouns", "child_nouns"):
        return None
    return clear("forename")


def _stands_before_own_surname(context: Context) -> bool:
    """A middle name which another pupil has as surname: the pupil named before has the surname named after."""
    following = context.page.surname_starts.get(context.site.last + 1)
    if following is None or not context.linked(context.site.last):
        return False
    owners = context.page.roster.surnames[following.letters].pupils
    named = context.page.sites.forename_ends.get(context.site.first - 1, ())
    own = context.all_pupils
    called = [index for site in named for index in context.pupils_called(site.letters)]
    return any(index in owners for index in called) and not any(index in own for index in called)


def _belongs_together(context: Context, forename: str, following: str) -> bool:
    """`forename`, or the forename before it, is that of a pupil with the surname that follows."""
    roster = context.page.roster
    surname = roster.surnames[following]
    owners = surname.pupils + surname.also
    if any(index in owners for index in context.pupils_called(forename)):
        return True
    led_by = context.page.sites.forename_ends.get(context.site.first - 1, ())
    return any(index in owners for site in led_by for index in context.pupils_called(site.letters))


def own_full_name(context: Context) -> Verdict | None:
    """The pupil's own forename stands with the surname."""
    own = context.own_forename
    if own is None:
        return None
    site, pupils = own
    if _only_words(context, site):
        return clear("words")
    if _perhaps_words(context, site):
        explanation = "A pupil's forename, then a word that is also this pupil's surname."
        return Verdict("review", 0.4, "forename_and_word", explanation, pupils)
    if context.site.spelling is Spelling.MISSPELT:
        if f"{context.before()} {context.words.low[context.site.first]}" in lexicon.people():
            return clear("famous")
        explanation = "Nearly this pupil's surname stands with the forename."
        return Verdict("breach", 0.85, "misspelt_full_name", explanation, pupils)
    return Verdict("breach", 0.98, "full_name", "The surname stands with this pupil's forename.", pupils)


def _only_words(context: Context, forename: Site) -> bool:
    """Two ordinary words that happen to be a pupil's names ("poppy fields", "The Olive Branch")."""
    surname = context.surname
    if context.is_small and surname.is_word:
        return surname.letters in _FUNCTION_WORDS or forename.letters in lexicon.known_words()
    common = forename.letters in lexicon.common_words() and surname.is_common_word
    return common and not context.in_compound and context.widened_to(forename.first).before() in ("the", "a", "an")


def _perhaps_words(context: Context, forename: Site) -> bool:
    """Forename and surname may just as well be words ("Ruby little", "ruby rose", "summer-day.jpg")."""
    surname = context.surname
    if not surname.is_common_word:
        return False
    if context.is_small:
        return context.words.is_capital(forename.first)
    if forename.letters not in lexicon.common_words():
        return False
    if context.in_compound:
        return surname.is_calendar or surname.letters in group("streets", "buildings")
    return not context.page.has_capitals and not context.speaks_of_child


def half_needs_forename(context: Context) -> Verdict | None:
    """Half of a double-barrelled surname says nothing without the forename."""
    return clear("half") if context.surname.form is Form.HALF else None


def initial_and_surname(context: Context) -> Verdict | None:
    """The pupil's initial stands with the surname."""
    pupils = context.own_initial
    if not pupils or context.is_small or context.title("adult_titles", "office_titles"):
        return None
    if len(context.before(2)) == 1 and not context.speaks_of_child:
        return Verdict("review", 0.4, "initials_and_surname", "Initials and a pupil's surname.", pupils)
    return Verdict("breach", 0.93, "initial_and_surname", "The surname stands with this pupil's initial.", pupils)


def family(context: Context) -> Verdict | None:
    """ "the ... family", "the ...s", "the ... twins", "... minor"."""
    after, before = context.after(), context.before()
    surname = context.surname
    pupils = surname.pupils
    if context.is_small and surname.is_word:
        return None
    plain_word = surname.is_common_word and before not in ("the", "our")
    child_noun = after in group("child_nouns") and not plain_word
    if child_noun and surname.is_common_word and not context.surely_child:
        return Verdict("review", 0.5, "child_by_surname", "Perhaps a child is described by the surname.", pupils)
    if child_noun or (after in group("adults_of_pupils") and not surname.is_common_word):
        return Verdict("breach", 0.88, "child_by_surname", "The word after the surname speaks of a child.", pupils)
    ours = before in ("our", "both") and not surname.is_common_word
    plural = (
        surname.form is Form.PLURAL
        and (before in ("the", "all") or ours)
        and not (context.in_compound and surname.is_word)
    )
    if (after in group("family_nouns") and not plain_word) or plural:
        return _family_named(context)
    return clear("plural") if surname.form is Form.PLURAL else None


def _family_named(context: Context) -> Verdict:
    children = context.children_named(context.all_pupils)
    if children:
        explanation = "The family's surname stands with this pupil's forename."
        return Verdict("breach", 0.85, "family_and_child", explanation, children)
    return Verdict("review", 0.5, "family", "A pupil's family is named.", context.surname.pupils)


def distinctive_alone(context: Context) -> Verdict | None:
    """A surname that can hardly be anything else, alone."""
    surname = context.surname
    if not surname.is_distinctive or context.site.spelling is Spelling.CUT:
        return None
    before = context.before()
    unsure = context.site.spelling is Spelling.MISSPELT and (context.is_small or len(surname.letters) < _SURE_LENGTH)
    if unsure or (context.is_small and (surname.is_word or before in group("determiners"))):
        return clear("words")
    if before in group("child_titles"):
        explanation = "The word before the surname speaks of a child."
        return Verdict("breach", 0.85, "child_by_surname", explanation, surname.pupils)
    if len(before) == 1 and context.words.is_capital(context.site.first - 1) and not context.after_possessive:
        return Verdict("review", 0.4, "other_initial", "A pupil's surname with another initial.", surname.pupils)
    if context.in_handle or _names_a_thing(context):
        return clear("account_or_thing")
    return _by_signs_of_child(context)


def _by_signs_of_child(context: Context) -> Verdict:
    pupils = context.surname.pupils
    children = context.children_named(pupils)
    signs = bool(children) or context.speaks_of_child or context.listed_with_others
    certain = context.surname.form is Form.FULL and context.site.spelling is not Spelling.MISSPELT
    if not certain and not signs:
        return clear("unknown_word")
    possessive = context.end_with_possessive > context.site.last
    a_thing = (context.before() == "the" and bool(context.after())) or (possessive and not context.surely_child)
    if certain and (children or (signs and not a_thing)):
        explanation = "The surname stands in a sentence about a child."
        return Verdict("breach", 0.8, "surname_and_child", explanation, children or pupils)
    return Verdict("review", 0.5, "surname_alone", "A pupil's surname stands alone.", pupils)


def _names_a_thing(context: Context) -> bool:
    """ "... Portraits", "...'s Ices", "at ...": a firm, a product or a place goes by the surname."""
    if context.hyphenated and not context.in_compound:
        return True
    if context.surely_child:
        return False
    possessive = context.end_with_possessive > context.site.last
    if context.before() in ("in", "at", "near", "around", "via") and not possessive:
        return True
    capital = context.page.has_capitals and not context.in_compound and context.after_is_capital
    return capital and context.after() in lexicon.known_words() and not context.words.is_capital_text(context.sentence)


def ordinary_alone(context: Context) -> Verdict | None:
    """A surname that is also an ordinary word, a place or a colleague's name, alone."""
    surname = context.surname
    if surname.form is not Form.FULL or context.site.spelling is not Spelling.PLAIN:
        return None
    before = context.before()
    pupils = surname.pupils
    if before in ("master", "young") and not context.is_small and context.words.is_capital(context.site.last):
        return Verdict("breach", 0.8, "child_by_surname", "The word before the surname speaks of a child.", pupils)
    if context.is_small or not context.page.has_capitals or context.in_compound or surname.is_forename:
        return None
    if before in group("cheers", "labels") and not context.after_is_capital:
        return Verdict("review", 0.35, "surname_or_word", "A pupil's surname, or the ordinary word.", pupils)
    return None


def hinted(context: Context) -> Verdict | None:
    """Only the beginning of the surname is given."""
    if context.site.spelling is not Spelling.CUT:
        return None
    own = context.own_forename
    pupils = own[1] if own else context.surname.pupils
    return Verdict("review", 0.45, "cut_short", "The beginning of a pupil's surname is given.", pupils)


def masked(pupils: tuple[int, ...]) -> Verdict:
    """Part of the surname is replaced by signs."""
    return Verdict(
        "review", 0.5, "masked", "A pupil's surname is partly replaced by signs, but can be guessed.", pupils
    )


# Rules that recognise adults: staff, authors and historic people, relatives, visitors.

_POST_REACH = 5
_CLASS_REACH = 6
_LESSON = frozenset({"about", "like", "studied", "studying", "exploring", "discovering", "meet", "met"})
# What authors and artists do as well as children.
_MAKING = frozenset({"wrote", "written", "painted", "drew", "drawn"})
_LIFE_DATES = re.compile(r"[( ,]*(?:1[5-9]|20)\d\d ?(?:-|to) ?(?:1[5-9]|20)\d\d")


def member_of_staff(context: Context) -> Verdict | None:
    """A title, forename, initial or role shows that a member of staff is meant."""
    if not context.staff or (context.is_small and context.surname.is_word):
        return None
    title = context.title("adult_titles", "office_titles")
    if title:
        return _titled_staff(context, title)
    if context.staff_by_forename is not None:
        return _staff_by_forename(context)
    initial = context.before()
    fits = any(letters_only(adult.forename).startswith(initial) for adult in context.staff)
    return clear("staff") if len(initial) == 1 and fits and not context.own_initial else None


def _titled_staff(context: Context, title: str) -> Verdict | None:
    if context.own_forename is not None and context.staff_by_forename is None:
        return None
    children = context.children_named(context.all_pupils)
    if children and context.before(2) in group("relative_words"):
        return _relative(children)
    titles = {letters_only(adult.title) for adult in context.staff}
    same = title in titles or title not in group("adult_titles") or (title == "miss" and bool(titles & {"mrs", "ms"}))
    return clear("staff") if same or context.staff_by_forename is not None else None


def _staff_by_forename(context: Context) -> Verdict | None:
    adult = context.staff_by_forename
    if context.own_forename is None or adult is None:
        return clear("staff")
    role_words = (
        {letters_only(word) for word in adult.role.split()}
        - context.page.roster.class_words
        - {"year", "reception", "and", "of"}
    )
    if context.near("school_staff_words") or any(word in role_words for word in context.around()):
        return clear("staff")
    if context.speaks_of_child:
        return None
    return Verdict(
        "review", 0.5, "staff_or_pupil", "A pupil and a member of staff have this full name.", context.own_forename[1]
    )


def famous_or_creator(context: Context) -> Verdict | None:
    """An author, artist, historic person or character."""
    before, surname = context.before(), context.surname
    if context.own_forename is None and _has_died(context):
        return clear("remembered")
    full = f"{before} {surname.letters}"
    if f"{surname.base} {context.after()}" in lexicon.people() or _is_longer_famous_name(context, full):
        return clear("famous")
    if before:
        famous = full in lexicon.people() or f"{context.before(2)} {full}" in lexicon.people()
        by = context.own_forename is None and context.before(2) == "by"
        if (famous or by) and _speaks_of_works(context):
            return clear("famous")
        return _famous_namesake(context) if famous else None
    alike = not surname.is_distinctive and surname.letters in lexicon.surnames_of_people()
    return clear("famous") if alike and _speaks_of_works(context) else None


def _famous_namesake(context: Context) -> Verdict | None:
    """A pupil may have that name too: the words around tell, or a person must look."""
    own = context.own_forename
    if own is None or _is_taught(context, own[0].first):
        return clear("famous")
    if context.surely_child or _stands_with_child(context):
        return None
    return Verdict("review", 0.5, "famous_namesake", "A well-known person and a pupil have this full name.", own[1])


def _stands_with_child(context: Context) -> bool:
    """What follows a well-known name is said of a child: a class, a deed, another pupil's forename."""
    after = context.after()
    if after in group("weak_child_signs") - _MAKING:
        return True
    following = context.words.low[
        context.site.last + 1 : min(context.site.last + 1 + _CLASS_REACH, context.sentence.stop)
    ]
    if not context.page.roster.class_words.isdisjoint(following):
        return True
    joined = context.site.last + (2 if after in ("and", "with") else 1)
    sites = context.page.sites.forenames.get(joined, ())
    return any(context.words.is_capital(site.first) and not context.is_part_of_other_name(site) for site in sites)


def _is_taught(context: Context, first: int) -> bool:
    """A word of lessons leads to the name, or other well-known names stand in the same sentence."""
    if context.widened_to(first).before() in _LESSON:
        return True
    low, sentence = context.words.low, context.sentence
    return any(
        f"{low[index]} {low[index + 1]}" in lexicon.people()
        for index in range(sentence.start, sentence.stop - 1)
        if index not in range(first - 1, context.site.last + 1)
    )


def _has_died(context: Context) -> bool:
    """The years of a life follow, or the name is held in memory."""
    end = context.words.ends[context.site.last]
    if _LIFE_DATES.match(context.words.text, end, end + 24):
        return True
    first = context.site.first
    return any(
        context.words.low[max(0, first - steps) : first][:2] in (["memory", "of"], ["death", "of"])
        for steps in range(2, 6)
    )


def _speaks_of_works(context: Context) -> bool:
    return context.near("works") or context.near("creators")


def _is_longer_famous_name(context: Context, full: str) -> bool:
    """ "Jemima Puddle-Duck": the name goes on after a hyphen."""
    following = context.words.low[context.site.last + 1 : context.site.last + 2]
    return context.hyphenated and bool(following) and f"{full} {following[0]}" in lexicon.people()


def adult_with_full_name(context: Context) -> Verdict | None:
    """Exactly a pupil's full name, but introduced as an adult ("local historian ...", "Mrs ...")."""
    own = context.own_forename
    if own is None or own[0].first > context.site.first:
        return None
    if _has_adult_role_after(context):
        return Verdict("review", 0.5, "adult_with_full_name", "A pupil's full name, introduced as an adult's.", own[1])
    whole = context.widened_to(own[0].first)
    lead = whole.before()
    title = whole.title("adult_titles", "office_titles")
    if title in ("miss", "") and lead not in group("creators", "jobs") - group("child_signs"):
        return None
    if not title and (set(_lead_words(whole)) & group("child_makers") or context.among_pupils):
        return None
    return Verdict("review", 0.5, "adult_with_full_name", "A pupil's full name, introduced as an adult's.", own[1])


def _has_adult_role_after(context: Context) -> bool:
    """A role of adults follows in the same breath (", our sports coach", "(PTA treasurer)")."""
    last = context.end_with_possessive
    following = context.words.low[last + 1 : min(last + 6, context.sentence.stop)]
    in_apposition = last + 1 < len(context.words.low) and context.words.gap(last) is Gap.COMMA
    return in_apposition and any(word in group("adult_roles") for word in following[:5])


def _lead_words(whole: Context) -> list[str]:
    return [whole.before(2), whole.before(3)]


def named_by_work(context: Context) -> Verdict | None:
    """An occupation in front of the surname like a title ("Farmer ...")."""
    before = context.before()
    outside = before in group("jobs") - group("creators") and context.words.is_capital(context.site.first - 1)
    return clear("adult_from_outside") if outside and not context.in_compound and not context.is_small else None


def titled_adult(context: Context) -> Verdict | None:
    """A title shows an adult: a relative of a pupil, or somebody from outside."""
    title = context.title("adult_titles", "office_titles")
    if not title or context.is_small:
        return None
    pupils = context.surname.pupils
    if title == "miss" and (_belongs_to_a_class(context) or context.before(2) in ("little", "young")):
        return Verdict("breach", 0.8, "child_by_surname", "The words around the surname speak of a child.", pupils)
    children = context.children_named(context.all_pupils)
    if children and context.near("relative_words", 3):
        return _relative(children)
    famous = f"{title} {context.surname.letters}" in lexicon.people()
    if title in group("office_titles") or context.near("jobs", 4) or famous or _comes_from_outside(context):
        return clear("adult_from_outside")
    if children:
        return _relative(children)
    explanation = "An adult who is not on the staff list has a pupil's surname."
    return Verdict("review", 0.5, "titled_adult", explanation, pupils)


def _comes_from_outside(context: Context) -> bool:
    """A post that only adults hold is named, or the place of work ("from ... Surgery")."""
    words = context.around(_POST_REACH)
    if not (group("adult_roles") - {"volunteer"}).isdisjoint(words):
        return True
    if context.after() not in ("from", "of", "at"):
        return False
    following = context.words.low[context.site.last + 2 : min(context.site.last + 7, context.sentence.stop)]
    return not group("businesses", "buildings", "outside_signs").isdisjoint(following)


def _relative(children: tuple[int, ...]) -> Verdict:
    explanation = "A relative's surname stands with this pupil's forename."
    return Verdict("breach", 0.85, "relative_and_child", explanation, children)


def _belongs_to_a_class(context: Context) -> bool:
    place = context.after(2)
    of_school = place in context.page.roster.class_words or place in ("reception", "nursery", "year")
    return context.after() in ("in", "from", "of") and of_school


def another_forename(context: Context) -> Verdict | None:
    """The forename of another pupil, or of nobody here, stands with the surname."""
    if context.is_small or not (context.stranger_forename or context.other_forename):
        return None
    pupils = context.surname.pupils
    children = context.children_named(context.all_pupils)
    if children and (context.near("relative_words") or context.text_has("siblings", "offspring_words")):
        return _relative(children)
    outside = _works_outside(context) or (context.other_forename is None and _comes_from_outside(context))
    if outside and context.other_forename is not None and context.surely_child:
        outside = False
    if outside or (context.in_compound and context.surname.is_common_word):
        return clear("adult_from_outside_or_words")
    if context.other_forename is not None:
        both = (*pupils, *context.page.roster.forenames[context.other_forename.letters])
        explanation = "The forename of one pupil stands with the surname of another."
        return Verdict("review", 0.45, "mixed_name", explanation, tuple(dict.fromkeys(both)))
    if context.near("works") or (context.in_compound and not context.surname.is_distinctive):
        return clear("creator")
    return Verdict("review", 0.4, "unknown_forename", "Somebody not on the register has a pupil's surname.", pupils)


def _works_outside(context: Context) -> bool:
    near = context.near("jobs", 6) or context.near("creators", 6) or context.near("adult_roles", 5)
    return near or _has_occupation(context)


def _has_occupation(context: Context) -> bool:
    """The word before the forename names an occupation ("mountaineer ...", "drumming teacher ...")."""
    lead = context.before(2)
    if len(lead) < 5 or not lead.endswith(
        ("er", "or", "ist", "ian", "eer", "ant", "ess", "man", "woman", "guard", "smith")
    ):
        return False
    excluded = group("no_occupation", "relative_words", "siblings", "child_signs")
    return lead in lexicon.known_words() and lead not in excluded


# Rules that recognise places, buildings, businesses and dates.

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
        any(word in group("streets", "buildings", "businesses") for word in context.capitals_after())
        or _owns_a_business(context)
        or _with_partners(context)
        or f"{context.surname.letters} {after}" in lexicon.places()
    )
    return clear("place_or_business") if a_thing else None


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
    return (gap == "&" or following[:1] == ["and"]) and any(word in _OWNERS for word in following)


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


# Decide what a possible surname is: the rules are asked in order, and the first with an opinion wins.

RULES: tuple[Rule, ...] = (
    hinted,
    forename_of_someone,
    member_of_staff,
    date,
    own_class,
    brand,
    famous_or_creator,
    named_after,
    place,
    pet,
    adult_with_full_name,
    own_full_name,
    half_needs_forename,
    initial_and_surname,
    phrase,
    titled_adult,
    named_by_work,
    family,
    another_forename,
    distinctive_alone,
    ordinary_alone,
)


def weigh(context: Context) -> Verdict:
    """The verdict of the first rule that has one; clear when none has."""
    for rule in RULES:
        verdict = rule(context)
        if verdict is not None:
            return verdict
    return clear("nothing")
