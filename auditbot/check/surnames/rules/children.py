"""Who is a pupil: full name, initial, "the ... twins", the surname alone."""

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.candidates import Spelling, once_each
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Form
from auditbot.check.surnames.rules.features import Features

_SURE_LENGTH = 6
_THINGS = ("streets", "buildings", "businesses", "events")
_PRIZES = frozenset({"award", "awards", "cup", "trophy", "prize", "medal", "school", "nursery", "house", "team"})
_LEAD_TO_OWNED = frozenset({"of", "at", "in", "near", "from", "past", "outside", "behind", "opposite", "by"})
_LEAD_TO_THINGS = frozenset({"the", "our", "a", "an", "this", "at", "in"})

# The surname that is somebody's forename, or part of an address.


def mailbox(f: Features) -> bool:
    """An e-mail address, which is a finding of its own."""
    return f.name.in_mailbox and not f.whole.pupils


def name_in_mailbox(f: Features) -> bool:
    """An e-mail address of a pupil's full name."""
    return f.name.in_mailbox


def cut_short(f: Features) -> bool:
    """Only the beginning of the surname is given."""
    return f.name.spelling is Spelling.CUT


def _named(f: Features) -> bool:
    """A forename, an initial or a title stands with it."""
    by_name = bool(f.whole.pupils or f.initial or f.mixed or f.stranger)
    return by_name or f.titled("adult_titles", "office_titles", "child_titles")


def leads_a_name(f: Features) -> bool:
    """ "Fraser Mulholland": the surname stands first in the name of somebody else."""
    written = f.has_capitals and not f.name.in_compound and not f.name.small
    return written and f.beside.surname_after and f.surname.form is Form.FULL and not _named(f)


def middle_name(f: Features) -> bool:
    """Between forename and surname of another pupil."""
    return f.middle_name and not _may_be_forename(f)


def forename(f: Features) -> bool:
    """The word is used as a forename ("Harper Ellison", "James and Ruby", "Jake Thomas Whittaker")."""
    if not _may_be_forename(f):
        return False
    if f.forename_of_next:
        return True
    usual = f.surname.is_forename and f.surname.form is not Form.PLURAL
    return usual and not _named(f) and f.beside.after not in group("family_nouns", "child_nouns")


def _may_be_forename(f: Features) -> bool:
    return f.surname.letters in lexicon.forenames() or f.roster_forename


def entry_of_a_row(f: Features) -> bool:
    """ "Surname I, Surname I, Surname I", be it a forename or a word as well; but of governors."""
    told = f.long_ago or not group("meetings").isdisjoint(f.words_before)
    return f.in_register_order and bool(f.initial) and not (told or f.whole.pupils or f.colleague.surname)


# The pupil's own full name.


def only_words(f: Features) -> bool:
    """Two ordinary words that happen to be a pupil's names ("poppy fields", "The Olive Branch", "Max power to you")."""
    letters = f.surname.letters
    if not f.whole.pupils:
        return False
    if f.name.small and f.surname.is_word:
        begun = f.whole.starts_sentence and not f.child.surely
        return begun or letters in group("function_words") or f.whole.forename in lexicon.known_words()
    return _both_words(f) and not f.name.in_compound and f.whole.lead[0] in ("the", "a", "an")


def _both_words(f: Features) -> bool:
    forename = f.whole.forename in lexicon.common_words() or f.whole.forename in group("calendar")
    return forename and f.surname.is_common_word


def signs_and_word(f: Features) -> bool:
    """Two words with signs between them, and nothing speaks of a child."""
    whole = f.whole
    signs = not (whole.plainly_joined or f.name.after_dot)
    return whole.comes_first and signs and _both_words(f) and not f.child.perhaps


def forename_and_word(f: Features) -> bool:
    """Forename and surname may just as well be words ("Ruby little", "ruby rose", "summer-day.jpg")."""
    whole, surname = f.whole, f.surname
    if not (whole.pupils and surname.is_common_word):
        return False
    if f.name.small:
        return whole.is_capital
    if f.name.in_compound:
        thing = surname.is_calendar or surname.letters in group("streets", "buildings")
        return _both_words(f) and thing and not f.child.of_this_school
    named = f.name.after_dot or (f.some_capitals and f.name.capital and whole.is_capital)
    return _both_words(f) and not f.has_capitals and not f.child.perhaps and not named


def full_name_of_a_place(f: Features) -> bool:
    """ "Saffron Walden": a town goes by it, and nothing speaks of a child."""
    told = f.whole.comes_first and not f.name.in_compound and not f.child.perhaps
    return told and f"{f.whole.forename} {f.surname.letters}" in lexicon.places()


def full_name_or_thing(f: Features) -> bool:
    """ "Our Summer Day trip", "Grace Church hall", "Ruby Moon Café": two words, and an event or a place after them."""
    if not f.whole.comes_first or f.name.in_compound or f.name.possessive:
        return False
    if _is_a_longer_word(f) or _is_a_road(f) or (not f.child.surely and _is_premises(f)):
        return True
    beside, lead = f.beside, f.whole.lead[0]
    if not _both_words(f):
        firm = f.has_capitals and beside.after_is_capital and beside.after in group(*_THINGS) - _PRIZES
        return firm and not f.among_pupils and not f.headline
    named = beside.after in group(*_THINGS) or (beside.after_is_capital and f.has_capitals)
    led = lead in _LEAD_TO_THINGS and not f.whole.starts_sentence
    closed = beside.after in ("is", "was", "will") and beside.after_2 in group("closed")
    return (named or led or closed) and not f.among_pupils


def _is_a_longer_word(f: Features) -> bool:
    """ "Max Day care": surname and next word are one word as well."""
    after = f.beside.after
    longer = len(after) > 2 and f.surname.letters + after in lexicon.known_words()
    return longer and not f.beside.after_is_capital


def _is_premises(f: Features) -> bool:
    """ "Iris Meadows nature reserve", "Penelope Stone cottage"."""
    return not group("premises").isdisjoint((f.beside.after, f.beside.after_2))


def _is_a_road(f: Features) -> bool:
    """ "Poppy Hill and Church Lane will be closed": a street's word, and the sentence speaks of roads."""
    return f.surname.letters in group("streets") and f.speaks_of(group("road_words"))


def full_name(f: Features) -> bool:
    """The pupil's own forename stands with the surname."""
    return bool(f.whole.pupils) and f.name.spelling is not Spelling.MISSPELT


def misspelt_famous(f: Features) -> bool:
    """Nearly a pupil's name, and exactly a well-known one."""
    return bool(f.whole.pupils) and f"{f.beside.before} {f.name.letters}" in lexicon.people()


def nearly_full_name(f: Features) -> bool:
    """What is written is an everyday word or a usual surname, and no mere slip over a double letter."""
    written = f.name.letters
    usual = written in lexicon.common_words() or written in lexicon.usual_surnames()
    return bool(f.whole.pupils) and usual and once_each(written) != once_each(f.surname.letters)


def misspelt_full_name(f: Features) -> bool:
    """Nearly the pupil's surname stands with the forename."""
    return bool(f.whole.pupils)


def half_alone(f: Features) -> bool:
    """Half of a double-barrelled surname says nothing without the forename."""
    return f.surname.form is Form.HALF


def initials_and_surname(f: Features) -> bool:
    """Two initials and the surname, and nothing speaks of a child."""
    return initial_and_surname(f) and len(f.beside.before_2) == 1 and not f.child.perhaps


def initial_and_surname(f: Features) -> bool:
    """The pupil's initial stands with the surname."""
    return bool(f.initial) and not f.name.small and not f.title


# "the ... family", "the ...s", "the ... twins", "... minor".


def _may_be_family(f: Features) -> bool:
    return not (f.name.small and f.surname.is_word)


def _plain_word(f: Features) -> bool:
    small = not (f.name.capital or f.name.in_compound)
    led = f.beside.before in ("the", "our") or _is_a_whole(f)
    return f.surname.is_common_word and (small or not led)


def _is_a_whole(f: Features) -> bool:
    """ "the whole ... gang"."""
    return f.beside.before in ("whole", "entire", "lovely") and f.beside.before_2 in ("the", "our")


def described_child(f: Features) -> bool:
    """ "the Young Child": the word describes children in general."""
    describes = f.surname.letters in group("describing") and f.beside.after in group("children")
    return _may_be_family(f) and describes and not (f.child.surely and f.name.capital)


def _child_after(f: Features) -> bool:
    if f.surname.letters in group("office_titles") and f.beside.after_is_capital:
        return False  # "the Head Boy"
    child = f.beside.after in group("child_nouns") and not _plain_word(f) and len(f.beside.before) != 1
    return _may_be_family(f) and child


def perhaps_child_after(f: Features) -> bool:
    """ "the Green boys": a word, and nothing else speaks of a child."""
    return _child_after(f) and f.surname.is_common_word and not f.child.surely


def child_after(f: Features) -> bool:
    """ "the Throssell twins", "Throssell minor"."""
    child = f.beside.after in group("adults_of_pupils") and not f.surname.is_common_word
    return _child_after(f) or (_may_be_family(f) and child)


def _family(f: Features) -> bool:
    ours = f.beside.before in ("our", "both") and not f.surname.is_common_word
    led = f.beside.before in ("the", "all") or ours or _is_a_whole(f)
    plural = f.surname.form is Form.PLURAL and led and not (f.name.in_compound and f.surname.is_word)
    return _may_be_family(f) and (plural or (f.beside.after in group("family_nouns") and not _plain_word(f)))


def family_and_child(f: Features) -> bool:
    """The family, and the pupil's forename near."""
    return _family(f) and bool(f.children)


def family_made_up(f: Features) -> bool:
    """The family of a story, of animals or of toys."""
    return _family(f) and f.speaks_of(group("make_believe"), 6)


def family_elsewhere(f: Features) -> bool:
    """On a long page, the family of a name that is a word as well."""
    return _family(f) and f.long_page and not f.surname.is_distinctive


def family(f: Features) -> bool:
    """The family alone."""
    return _family(f)


def plural(f: Features) -> bool:
    """A plural that is no family's."""
    return _may_be_family(f) and f.surname.form is Form.PLURAL


# A surname alone that can hardly be anything else.


def _distinctive(f: Features) -> bool:
    return f.surname.is_distinctive


def distinctive_word(f: Features) -> bool:
    """A rare word, or a word misspelt, rather than the surname."""
    misspelt = f.name.spelling is Spelling.MISSPELT
    unsure = misspelt and (f.name.small or len(f.surname.letters) < _SURE_LENGTH)
    small = f.name.small and (f.surname.is_word or f.beside.before in group("determiners"))
    return _distinctive(f) and (unsure or small)


def led_by_child_title(f: Features) -> bool:
    """ "little Throssell"."""
    return _distinctive(f) and f.beside.before in group("child_titles") and not f.name.hyphenated


def other_initial(f: Features) -> bool:
    """Another initial than the pupil's."""
    initial = len(f.beside.before) == 1 and f.beside.before_is_capital and not f.beside.after_possessive
    return _distinctive(f) and initial


def account_or_thing(f: Features) -> bool:
    """An account, or a firm, a product or a place that goes by the surname."""
    handle = f.name.in_handle and not f.children_of_owners
    return _distinctive(f) and (handle or f.introduced_from_outside or _names_a_thing(f))


def _names_a_thing(f: Features) -> bool:
    """ "... Portraits", "...'s Ices", "at ...": a firm, a product or a place goes by the surname."""
    if (f.name.hyphenated and not f.name.in_compound) or f.among_places or _has_a_byname(f):
        return True
    if f.child.surely:
        return False
    if f.beside.before in ("in", "at", "near", "around", "via", "a", "an") and not f.name.possessive:
        return True
    if f.beside.before == "the" and not group("wares").isdisjoint(f.words_after[:3]):
        return True
    capital = f.has_capitals and not f.name.in_compound and f.beside.after_is_capital
    return capital and f.beside.after in lexicon.known_words() and not f.headline


def _has_a_byname(f: Features) -> bool:
    """ "Evans the Milk", "Llewellyn the Great"; or houses of the school go by the surnames."""
    named = f.beside.after == "the" and f.beside.after_2_is_capital
    return (named and f.has_capitals) or f.speaks_of(frozenset({"houses"}))


def _sign_of_bearer(f: Features) -> bool:
    return bool(f.children_of_owners) or f.child.perhaps or f.listed_with_others


def _certain(f: Features) -> bool:
    return f.surname.form is Form.FULL and f.name.spelling is not Spelling.MISSPELT


def taught(f: Features) -> bool:
    """Whom a display or a lesson is about, or a word that a lesson is about."""
    return _distinctive(f) and not f.children_of_owners and f.speaks_of(group("callings", "of_words"))


def house_or_team(f: Features) -> bool:
    """A house or a team may go by the surname ("... won the shield")."""
    return _distinctive(f) and not (f.children or f.among_pupils) and f.speaks_of(group("house_scores"))


def small_place(f: Features) -> bool:
    """The name of a village as well, and nothing strong speaks of a child."""
    strong = f.children_of_owners or f.among_pupils or f.child.surely
    return _distinctive(f) and f.surname.is_small_place and not strong


def unknown_word(f: Features) -> bool:
    """An inflected or misspelt surname, and nothing speaks of a child."""
    return _distinctive(f) and not _certain(f) and not _sign_of_bearer(f)


def surname_and_child(f: Features) -> bool:
    """The surname in a sentence about a child."""
    if not (_distinctive(f) and _certain(f)):
        return False
    owned = f.name.possessive and (f.beside.before in _LEAD_TO_OWNED or not f.child.surely)
    a_thing = (f.beside.before == "the" and bool(f.beside.after)) or owned
    return bool(f.children_of_owners) or (_sign_of_bearer(f) and not a_thing)


def surname_alone(f: Features) -> bool:
    """The surname and no more."""
    return _distinctive(f)


# A surname alone that is also a word, a place or a colleague's name.


def _ordinary(f: Features) -> bool:
    return f.surname.form is Form.FULL and f.name.spelling is Spelling.PLAIN


def ordinary_led_by_child_title(f: Features) -> bool:
    """ "Master Green"."""
    led = f.beside.before in ("master", "young") and not f.name.small and f.name.last_capital
    return _ordinary(f) and led


def _ordinary_in_capitals(f: Features) -> bool:
    written = f.has_capitals and not f.name.small and not f.name.in_compound
    return _ordinary(f) and written and not f.surname.is_forename


def surnames_in_a_row(f: Features) -> bool:
    """ "Wood, Green and Taylor on the scoresheet"."""
    row = f.in_a_row and not f.long_page and not _has_a_byname(f) and not f.speaks_of(group("callings"))
    return _ordinary_in_capitals(f) and row and f.surname.letters not in lexicon.large_places()


def surname_or_word(f: Features) -> bool:
    """A word that is cheered, written on a label, or runs a race."""
    called = f.beside.before in group("cheers", "labels") and not f.beside.after_is_capital
    return _ordinary_in_capitals(f) and (called or _runs_a_race(f))


def _runs_a_race(f: Features) -> bool:
    """ "... takes the egg and spoon by a nose": a short text about a race, and the word does what a runner does."""
    if f.long_page or not f.name.capital:
        return False
    doing = f.beside.after in group("race_deeds") or f.beside.before in ("is", "then", "by", "from", "past")
    return doing and f.speaks_of(group("races"))
