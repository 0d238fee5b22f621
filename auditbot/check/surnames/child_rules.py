"""Rules that recognise a pupil: full name, initial, "the ... twins", the surname alone."""

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Site, Spelling, once_each
from auditbot.check.surnames.context import Context
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Form
from auditbot.check.surnames.verdict import Verdict, clear
from auditbot.sentences import say

_SURE_LENGTH = 6
_THINGS = ("streets", "buildings", "businesses", "events")
_PRIZES = frozenset({"award", "awards", "cup", "trophy", "prize", "medal", "school", "nursery", "house", "team"})
_LEAD_TO_THINGS = frozenset({"the", "our", "a", "an", "this", "at", "in"})
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


def mailbox(context: Context) -> Verdict | None:
    """An e-mail address: a finding of its own; a pupil's whole name in it is for a person to look at."""
    if not context.in_mailbox:
        return None
    own = context.own_forename
    if own is None:
        return clear("mailbox")
    return Verdict("review", 0.5, "name_in_mailbox", say("An e-mail address holds a pupil's full name."), own[1])


def leads_a_name(context: Context) -> Verdict | None:
    """ "Fraser Mulholland": the surname stands first in the name of somebody else."""
    return clear("forename") if _leads_a_name(context) else None


def _leads_a_name(context: Context) -> bool:
    following = context.site.last + 1
    if context.in_compound or context.is_small or not context.page.has_capitals or following >= len(context.words.low):
        return False
    if context.own_forename or context.own_initial or context.other_forename or context.stranger_forename:
        return False
    if context.title("adult_titles", "office_titles", "child_titles") or context.surname.form is not Form.FULL:
        return False
    low = context.words.low[following]
    surname_like = low in lexicon.surnames() or low not in lexicon.known_words()
    capital = context.words.has_plain_space(context.site.last) and context.words.is_capital(following)
    child = low in group("child_nouns", "family_nouns") or context.page.sites.forenames.get(following)
    upper = context.words.text[context.words.starts[following] : context.words.ends[following]].isupper()
    return capital and surname_like and len(low) > 2 and not child and not upper and low not in lexicon.common_words()


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


def full_name_or_words(context: Context) -> Verdict | None:
    """The pupil's own names, which may just as well be words or the name of an event, a place or a firm."""
    own = context.own_forename
    if own is None:
        return None
    site, pupils = own
    if _only_words(context, site):
        return clear("words")
    signs_between = not context.plainly_joined and site.first < context.site.first
    unsure = signs_between and _both_words(context, site) and not context.speaks_of_child
    if unsure or _perhaps_words(context, site):
        explanation = say("A pupil's forename, then a word that is also this pupil's surname.")
        return Verdict("review", 0.4, "forename_and_word", explanation, pupils)
    if _title_of_a_thing(context, site):
        explanation = say("A pupil's forename and surname, which may be the name of an event or a place.")
        return Verdict("review", 0.35, "full_name_or_thing", explanation, pupils)
    return None


def own_full_name(context: Context) -> Verdict | None:
    """The pupil's own forename stands with the surname."""
    own = context.own_forename
    if own is None:
        return None
    pupils = own[1]
    if context.site.spelling is not Spelling.MISSPELT:
        return Verdict("breach", 0.98, "full_name", say("The surname stands with this pupil's forename."), pupils)
    if f"{context.before()} {context.words.low[context.site.first]}" in lexicon.people():
        return clear("famous")
    if _is_another_name(context):
        explanation = say("Nearly this pupil's surname stands with the forename; it is another name or word as well.")
        return Verdict("review", 0.5, "nearly_full_name", explanation, pupils)
    explanation = say("Nearly this pupil's surname stands with the forename.")
    return Verdict("breach", 0.85, "misspelt_full_name", explanation, pupils)


def _is_another_name(context: Context) -> bool:
    """What is written is an everyday word or a usual surname, and no mere slip over a double letter."""
    written = "".join(context.words.low[context.site.first : context.site.last + 1])
    usual = written in lexicon.common_words() or written in lexicon.usual_surnames()
    return usual and once_each(written) != once_each(context.site.letters)


def _both_words(context: Context, forename: Site) -> bool:
    return forename.letters in lexicon.common_words() and context.surname.is_common_word


def _title_of_a_thing(context: Context, forename: Site) -> bool:
    """ "Our Summer Day trip", "Grace Church hall", "Ruby Moon Café": two words, and an event or a place after them."""
    if context.in_compound or forename.first > context.site.first or context.end_with_possessive > context.site.last:
        return False
    if _is_a_longer_word(context) or _is_a_road(context) or (not context.surely_child and _is_premises(context)):
        return True
    if not _both_words(context, forename):
        firm = context.page.has_capitals and context.after_is_capital and context.after() in group(*_THINGS) - _PRIZES
        return firm and not context.among_pupils and not context.words.is_capital_text(context.sentence)
    things = group(*_THINGS)
    whole = context.widened_to(forename.first)
    after = context.after()
    named = after in things or (bool(after) and context.after_is_capital and context.page.has_capitals)
    led = whole.before() in _LEAD_TO_THINGS and not whole.starts_sentence
    closed = after in ("is", "was", "will") and bool(context.after(2)) and context.after(2) in group("closed")
    return (named or led or closed) and not context.among_pupils


def _is_a_longer_word(context: Context) -> bool:
    """ "Max Day care": surname and next word are one word as well."""
    after = context.after()
    return len(after) > 2 and not context.after_is_capital and context.surname.letters + after in lexicon.known_words()


def _is_premises(context: Context) -> bool:
    """ "Iris Meadows nature reserve", "Penelope Stone cottage"."""
    return not group("premises").isdisjoint((context.after(), context.after(2)))


def _is_a_road(context: Context) -> bool:
    """ "Poppy Hill and Church Lane will be closed": a street's word, and the sentence speaks of roads."""
    return context.surname.letters in group("streets") and context.near("road_words")


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
        return Verdict("review", 0.4, "initials_and_surname", say("Initials and a pupil's surname."), pupils)
    return Verdict("breach", 0.93, "initial_and_surname", say("The surname stands with this pupil's initial."), pupils)


def family(context: Context) -> Verdict | None:
    """ "the ... family", "the ...s", "the ... twins", "... minor"."""
    after, before = context.after(), context.before()
    surname = context.surname
    pupils = surname.pupils
    if context.is_small and surname.is_word:
        return None
    plain_word = surname.is_common_word and before not in ("the", "our")
    if surname.letters in group("describing") and after in group("children") and not context.surely_child:
        return clear("words")
    child_noun = after in group("child_nouns") and not plain_word and len(before) != 1
    if child_noun and surname.is_common_word and not context.surely_child:
        return Verdict("review", 0.5, "child_by_surname", say("Perhaps a child is described by the surname."), pupils)
    if child_noun or (after in group("adults_of_pupils") and not surname.is_common_word):
        return Verdict("breach", 0.88, "child_by_surname", say("The word after the surname speaks of a child."), pupils)
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
        explanation = say("The family's surname stands with this pupil's forename.")
        return Verdict("breach", 0.85, "family_and_child", explanation, children)
    if context.page.is_long and not context.surname.is_distinctive:
        return clear("somebody_else")
    return Verdict("review", 0.5, "family", say("A pupil's family is named."), context.surname.pupils)


def distinctive_alone(context: Context) -> Verdict | None:
    """A surname that can hardly be anything else, alone."""
    surname = context.surname
    if not surname.is_distinctive or context.site.spelling is Spelling.CUT:
        return None
    before = context.before()
    unsure = context.site.spelling is Spelling.MISSPELT and (context.is_small or len(surname.letters) < _SURE_LENGTH)
    if unsure or (context.is_small and (surname.is_word or before in group("determiners"))):
        return clear("words")
    if before in group("child_titles") and not context.hyphenated:
        explanation = say("The word before the surname speaks of a child.")
        return Verdict("breach", 0.85, "child_by_surname", explanation, surname.pupils)
    if len(before) == 1 and context.words.is_capital(context.site.first - 1) and not context.after_possessive:
        return Verdict("review", 0.4, "other_initial", say("A pupil's surname with another initial."), surname.pupils)
    if context.in_handle or _names_a_thing(context):
        return clear("account_or_thing")
    return _by_signs_of_child(context)


def _by_signs_of_child(context: Context) -> Verdict:
    pupils = context.surname.pupils
    children = context.children_named(pupils)
    signs = bool(children) or context.speaks_of_child or context.listed_with_others
    certain = context.surname.form is Form.FULL and context.site.spelling is not Spelling.MISSPELT
    if context.surname.is_small_place and not (children or context.among_pupils or context.surely_child):
        return clear("place_or_business")
    if not certain and not signs:
        return clear("unknown_word")
    possessive = context.end_with_possessive > context.site.last
    a_thing = (context.before() == "the" and bool(context.after())) or (possessive and not context.surely_child)
    if certain and (children or (signs and not a_thing)):
        explanation = say("The surname stands in a sentence about a child.")
        return Verdict("breach", 0.8, "surname_and_child", explanation, children or pupils)
    return Verdict("review", 0.5, "surname_alone", say("A pupil's surname stands alone."), pupils)


def _names_a_thing(context: Context) -> bool:
    """ "... Portraits", "...'s Ices", "at ...": a firm, a product or a place goes by the surname."""
    if (context.hyphenated and not context.in_compound) or context.among_places or _has_a_byname(context):
        return True
    if context.surely_child:
        return False
    possessive = context.end_with_possessive > context.site.last
    if context.before() in ("in", "at", "near", "around", "via") and not possessive:
        return True
    capital = context.page.has_capitals and not context.in_compound and context.after_is_capital
    return capital and context.after() in lexicon.known_words() and not context.words.is_capital_text(context.sentence)


def _has_a_byname(context: Context) -> bool:
    """ "Evans the Milk", "Llewellyn the Great"; or houses of the school go by the surnames."""
    last = context.end_with_possessive + 2
    named = context.after() == "the" and bool(context.after(2)) and context.words.is_capital(last)
    return (named and context.page.has_capitals) or "houses" in context.around()


def ordinary_alone(context: Context) -> Verdict | None:
    """A surname that is also an ordinary word, a place or a colleague's name, alone."""
    surname = context.surname
    if surname.form is not Form.FULL or context.site.spelling is not Spelling.PLAIN:
        return None
    before = context.before()
    pupils = surname.pupils
    if before in ("master", "young") and not context.is_small and context.words.is_capital(context.site.last):
        return Verdict("breach", 0.8, "child_by_surname", say("The word before the surname speaks of a child."), pupils)
    if context.is_small or not context.page.has_capitals or context.in_compound or surname.is_forename:
        return None
    if (
        context.in_a_row
        and not context.page.is_long
        and not _has_a_byname(context)
        and surname.letters not in lexicon.large_places()
    ):
        return Verdict("review", 0.35, "surnames_in_a_row", say("Surnames of pupils stand in a row."), pupils)
    if (before in group("cheers", "labels") and not context.after_is_capital) or _runs_a_race(context):
        return Verdict("review", 0.35, "surname_or_word", say("A pupil's surname, or the ordinary word."), pupils)
    return None


def _runs_a_race(context: Context) -> bool:
    """ "... takes the egg and spoon by a nose": a short text about a race, and the word does what a runner does."""
    if context.page.is_long or not context.words.is_capital(context.site.first):
        return False
    racing = group("races").intersection(context.around())
    doing = context.after() in group("race_deeds") or context.before() in ("is", "then", "by", "from", "past")
    return bool(racing) and doing


def hinted(context: Context) -> Verdict | None:
    """Only the beginning of the surname is given."""
    if context.site.spelling is not Spelling.CUT:
        return None
    own = context.own_forename
    pupils = own[1] if own else context.surname.pupils
    return Verdict("review", 0.45, "cut_short", say("The beginning of a pupil's surname is given."), pupils)


def masked(pupils: tuple[int, ...]) -> Verdict:
    """Part of the surname is replaced by signs."""
    return Verdict(
        "review", 0.5, "masked", say("A pupil's surname is partly replaced by signs, but can be guessed."), pupils
    )
