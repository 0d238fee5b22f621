"""Who is no pupil: staff, relatives, authors and historic people, visitors, somebody else of the same surname."""

from auditbot.check.surnames import lexicon
from auditbot.check.surnames.lexicon import group
from auditbot.check.surnames.roster import Form
from auditbot.check.surnames.rules.features import Features

_POST_REACH = 5
_LESSON = frozenset({"about", "like", "studied", "studying", "exploring", "discovering", "meet", "met"})
# What authors and artists do as well as children.
_MAKING = frozenset({"wrote", "written", "painted", "drew", "drawn", "sang"})
_OCCUPATIONS = ("er", "or", "ist", "ian", "eer", "ant", "ess", "man", "woman", "guard", "smith")


def _of_staff(f: Features) -> bool:
    return f.colleague.surname and not (f.name.small and f.surname.is_word)


def _titled_staff(f: Features) -> bool:
    return _of_staff(f) and bool(f.title) and (not f.whole.pupils or f.colleague.forename)


def relative_of_colleague(f: Features) -> bool:
    """ "Nell's dad Mr ...", and a member of staff has that surname too."""
    return _titled_staff(f) and bool(f.children) and f.beside.before_2 in group("relative_words")


def titled_staff(f: Features) -> bool:
    """The title is that of a member of staff."""
    return _titled_staff(f) and (f.colleague.title or f.colleague.forename)


def staff_by_forename(f: Features) -> bool:
    """The forename of a member of staff, and no pupil has it, or the sentence names their work."""
    named = _of_staff(f) and not f.title and f.colleague.forename
    return named and (not f.whole.pupils or f.colleague.role)


def staff_or_pupil(f: Features) -> bool:
    """A member of staff and a pupil have this full name, and nothing speaks of a child."""
    return _of_staff(f) and not f.title and f.colleague.forename and bool(f.whole.pupils) and not f.child.perhaps


def remembered(f: Features) -> bool:
    """Somebody who has died."""
    return f.beside.memory_before and not f.whole.pupils


def famous_begun(f: Features) -> bool:
    """The name goes on to be a well-known one ("Jemima Puddle-Duck")."""
    name = f"{f.beside.before} {f.surname.letters}"
    longer = f.name.hyphenated and bool(f.words_after) and f"{name} {f.words_after[0]}" in lexicon.people()
    return longer or f"{f.surname.base} {f.beside.after}" in lexicon.people()


def _well_known(f: Features) -> bool:
    name = f"{f.beside.before} {f.surname.letters}"
    return bool(f.beside.before) and (name in lexicon.people() or f"{f.beside.before_2} {name}" in lexicon.people())


def famous_by_works(f: Features) -> bool:
    """A well-known name, or a surname after "by", beside words of works."""
    by = bool(f.beside.before) and not f.whole.pupils and f.beside.before_2 == "by"
    return (by or _well_known(f)) and _speaks_of_works(f)


def famous(f: Features) -> bool:
    """A well-known name that is no pupil's, or is taught in a lesson."""
    taught = f.whole.lead[0] in _LESSON or f.whole.other_well_known
    nearly = not f.whole.exact and not (f.child.surely or f.child.of_this_school)
    return _well_known(f) and (not f.whole.pupils or taught or nearly)


def famous_namesake(f: Features) -> bool:
    """A pupil has a well-known name, and nothing speaks of a child."""
    after = f.beside.after in group("weak_child_signs") - _MAKING
    return _well_known(f) and not (f.child.surely or after or f.whole.child_after)


def famous_surname(f: Features) -> bool:
    """The surname of a well-known person alone, beside words of works."""
    if f.whole.pupils or f.beside.before or f.surname.is_distinctive:
        return False
    return f.surname.letters in lexicon.surnames_of_people() and _speaks_of_works(f)


def _speaks_of_works(f: Features) -> bool:
    return f.speaks_of(group("works")) or f.speaks_of(group("creators"))


def adult_with_full_name(f: Features) -> bool:
    """Exactly a pupil's full name, but introduced as an adult ("local historian ...", "Mrs ...")."""
    whole, lead = f.whole, f.whole.lead
    if not whole.comes_first or whole.aged:
        return False
    credit = whole.introduced and not whole.class_after
    told = (whole.holds_a_role or credit) and not f.name.in_compound
    relative = lead[0] in group("relative_words")
    if relative or whole.role_after or told or (whole.from_outside and not f.child.of_this_school):
        return True
    if whole.title in ("miss", "") and lead[0] not in group("creators", "jobs") - group("child_signs"):
        return False
    return bool(whole.title) or (group("child_makers").isdisjoint(lead[1:]) and not f.among_pupils)


def maiden_name(f: Features) -> bool:
    """ "(nee Throssell)"."""
    return f.beside.before in ("nee", "formerly") and not f.whole.pupils


def named_by_work(f: Features) -> bool:
    """An occupation in front of the surname like a title ("Farmer ...")."""
    outside = f.beside.before in group("jobs") - group("creators") and f.beside.before_is_capital
    return outside and not f.name.in_compound and not f.name.small


def titled(f: Features) -> bool:
    """Somebody with an adult's title."""
    return bool(f.title) and not f.name.small


def child_called_miss(f: Features) -> bool:
    """ "Miss ... of Otters", "little Miss ..."."""
    if not titled(f) or f.title != "miss":
        return False
    of_school = f.beside.after_2_is_class or f.beside.after_2 in ("reception", "nursery", "year")
    return f.beside.before_2 in ("little", "young") or (f.beside.after in ("in", "from", "of") and of_school)


def titled_outsider(f: Features) -> bool:
    """An office, a work, a well-known name or a place of work: somebody from outside."""
    famous_name = f"{f.title} {f.surname.letters}" in lexicon.people()
    office = f.titled("office_titles", "honours") or f.speaks_of(group("jobs"), 4) or f.speaks_of(group("employment"))
    outside = office or famous_name or _comes_from_outside(f) or _serves_or_served(f)
    return titled(f) and outside


def _serves_or_served(f: Features) -> bool:
    """A role or a credit stands beside the name, a body of adults leads to it, or former times are told."""
    listed = f.formal_list or not group("bodies").isdisjoint(f.words_before)
    return listed or f.introduced_from_outside or f.long_ago


def titled_parent(f: Features) -> bool:
    """ "Mr and Mrs ..., whose son ...": a word of a family, and the pupil's forename near."""
    told = f.speaks_of(group("offspring_words", "relative_words"), 6)
    return titled(f) and bool(f.children) and told and not f.titled("office_titles", "honours")


def titled_near_child(f: Features) -> bool:
    """A title, and the pupil's forename near."""
    return titled(f) and bool(f.children)


def _comes_from_outside(f: Features) -> bool:
    """A post that only adults hold is named, or the place of work ("from ... Surgery")."""
    if f.speaks_of(group("adult_roles") - {"volunteer"}, _POST_REACH):
        return True
    if f.beside.from_a_name:
        return True
    following = f.words_after[1:6]
    of_work = not group("businesses", "buildings", "outside_signs").isdisjoint(following)
    return f.beside.after in ("from", "of", "at") and of_work


def somebody_else(f: Features) -> bool:
    """On a long page with no child near, or where the text gives the surname to somebody else, it is not a pupil's."""
    if f.whole.pupils or f.surname.form is Form.PLURAL or f.name.small:
        return False
    if f.beside.after in group("family_nouns", "child_nouns"):
        return False
    alone = not (f.beside.before and (f.stranger or f.mixed or f.initial))
    others = alone and f.others_name and not f.titled("adult_titles", "office_titles", "child_titles")
    return others or (f.long_page and not f.child.close)


def member_by_initial(f: Features) -> bool:
    """A list of who met, governs or was absent ("Apologies: N Throssell"), or who fell ("Pte N Throssell")."""
    initial = f.initial or (len(f.beside.before) == 1 and f.beside.before_is_capital)
    told = f.long_ago or not group("meetings").isdisjoint(f.words_before)
    return bool(initial) and not f.child.surely and told


def similar_name(f: Features) -> bool:
    """Nearly a pupil's forename, but another real one: "Amina" is not Amira."""
    return bool(f.similar) and not f.name.small and not f.title


def half_of_another_name(f: Features) -> bool:
    """ "Jordan Throssell-Cole": a double-barrelled surname that no pupil has, beside a forename none of them has."""
    return bool(f.stranger) and f.name.hyphenated and not (f.name.in_compound or f.child.surely)


def otherwise_named(f: Features) -> bool:
    """Somebody whose forename no pupil of this surname has."""
    return bool(f.stranger or f.mixed) and not f.name.small


def relative_by_forename(f: Features) -> bool:
    """Somebody of another forename, and the pupil's forename beside words of a family."""
    return _of_the_family(f) and not half_of_another_name(f)


def relative_of_half_the_name(f: Features) -> bool:
    """The same of a name that is double-barrelled otherwise than the pupil's."""
    return _of_the_family(f) and half_of_another_name(f)


def _of_the_family(f: Features) -> bool:
    of_family = f.speaks_of(group("relative_words")) or not group("siblings", "offspring_words").isdisjoint(
        f.short_text
    )
    return otherwise_named(f) and bool(f.children) and of_family


def outsider(f: Features) -> bool:
    """Somebody of another forename whose work, role or place of work is told."""
    if not otherwise_named(f):
        return False
    outside = _works_outside(f) or (not f.mixed and _comes_from_outside(f))
    if outside and f.mixed and f.child.surely:
        outside = False
    return outside or (f.name.in_compound and f.surname.is_common_word)


def _works_outside(f: Features) -> bool:
    near = (
        f.speaks_of(group("jobs"), 6)
        or f.speaks_of(group("creators"), 6)
        or f.speaks_of(group("adult_roles") - {"volunteer"}, 5)
    )
    return near or _has_occupation(f) or _serves_or_served(f)


def _has_occupation(f: Features) -> bool:
    """The word before the forename names an occupation ("mountaineer ...", "drumming teacher ...")."""
    lead = f.beside.before_2
    excluded = group("no_occupation", "relative_words", "siblings", "child_signs")
    return len(lead) > 4 and lead.endswith(_OCCUPATIONS) and lead in lexicon.known_words() and lead not in excluded


def mixed_name(f: Features) -> bool:
    """The forename of another pupil."""
    return otherwise_named(f) and bool(f.mixed)


def creator(f: Features) -> bool:
    """Somebody of another forename beside words of works."""
    unsure = f.name.in_compound and not f.surname.is_distinctive
    return otherwise_named(f) and (f.speaks_of(group("works")) or unsure)
