"""The rules in order: the first whose condition holds decides what a possible surname is."""

from auditbot.check.surnames.rules import adults, children, things
from auditbot.check.surnames.rules.features import Features
from auditbot.check.surnames.rules.verdict import Rule, Verdict, bearers, named_children
from auditbot.sentences import NOTHING, say

_OF_A_CHILD = say("The words around the surname speak of a child.")
_WORD_BEFORE = say("The word before the surname speaks of a child.")
_FORENAME_AND_WORD = say("A pupil's forename, then a word that is also this pupil's surname.")
_NAME_OR_THING = say("A pupil's forename and surname, which may be the name of an event or a place.")
_ALONE = say("A pupil's surname stands alone.")
_RELATIVE = say("A relative's surname stands with this pupil's forename.")


def _bearers_or_owners(f: Features) -> tuple[int, ...]:
    return f.whole.pupils or f.surname.pupils


def _children_or_owners(f: Features) -> tuple[int, ...]:
    return f.children_of_owners or f.surname.pupils


RULES: tuple[Rule, ...] = (
    Rule("mailbox", children.mailbox),
    Rule(
        "name_in_mailbox",
        children.name_in_mailbox,
        ("review", 0.5),
        say("An e-mail address holds a pupil's full name."),
        bearers,
    ),
    Rule(
        "cut_short",
        children.cut_short,
        ("review", 0.45),
        say("The beginning of a pupil's surname is given."),
        _bearers_or_owners,
    ),
    Rule(
        "initial_and_surname",
        children.entry_of_a_row,
        ("breach", 0.93),
        say("The surname stands with this pupil's initial."),
        lambda f: f.initial,
    ),
    Rule("forename", children.leads_a_name),
    Rule("middle_name", children.middle_name),
    Rule("forename", children.forename),
    # A colleague of the same surname.
    Rule("relative_and_child", adults.relative_of_colleague, ("breach", 0.85), _RELATIVE, named_children),
    Rule("staff", adults.titled_staff),
    Rule("staff", adults.staff_by_forename),
    Rule(
        "staff_or_pupil",
        adults.staff_or_pupil,
        ("review", 0.5),
        say("A pupil and a member of staff have this full name."),
        bearers,
    ),
    # Things, well-known people and adults that go by the name.
    Rule("date", things.date),
    Rule("class", things.own_class),
    Rule("brand", things.brand),
    Rule("remembered", adults.remembered),
    Rule("famous", adults.famous_begun),
    Rule("famous", adults.famous_by_works),
    Rule("famous", adults.famous),
    Rule(
        "famous_namesake",
        adults.famous_namesake,
        ("review", 0.5),
        say("A well-known person and a pupil have this full name."),
        bearers,
    ),
    Rule("famous", adults.famous_surname),
    Rule("place_or_business", things.street_or_hall_by_full_name),
    Rule("place_or_business", things.named_after),
    Rule("place_or_business", things.street_by_full_name),
    Rule("place_or_business", things.place),
    Rule("pet", things.pet),
    Rule(
        "adult_with_full_name",
        adults.adult_with_full_name,
        ("review", 0.5),
        say("A pupil's full name, introduced as an adult's."),
        bearers,
    ),
    # The pupil's own full name.
    Rule("words", children.only_words),
    Rule("forename_and_word", children.signs_and_word, ("review", 0.4), _FORENAME_AND_WORD, bearers),
    Rule("forename_and_word", children.forename_and_word, ("review", 0.4), _FORENAME_AND_WORD, bearers),
    Rule("full_name_or_thing", children.full_name_of_a_place, ("review", 0.35), _NAME_OR_THING, bearers),
    Rule("full_name_or_thing", children.full_name_or_thing, ("review", 0.35), _NAME_OR_THING, bearers),
    Rule(
        "full_name",
        children.full_name,
        ("breach", 0.98),
        say("The surname stands with this pupil's forename."),
        bearers,
    ),
    Rule("famous", children.misspelt_famous),
    Rule(
        "nearly_full_name",
        children.nearly_full_name,
        ("review", 0.5),
        say("Nearly this pupil's surname stands with the forename; it is another name or word as well."),
        bearers,
    ),
    Rule(
        "misspelt_full_name",
        children.misspelt_full_name,
        ("breach", 0.85),
        say("Nearly this pupil's surname stands with the forename."),
        bearers,
    ),
    Rule("half", children.half_alone),
    # Without the pupil's forename.
    Rule("somebody_else", adults.somebody_else),
    Rule("adult_from_outside", adults.member_by_initial),
    Rule(
        "initials_and_surname",
        children.initials_and_surname,
        ("review", 0.4),
        say("Initials and a pupil's surname."),
        lambda f: f.initial,
    ),
    Rule(
        "initial_and_surname",
        children.initial_and_surname,
        ("breach", 0.93),
        say("The surname stands with this pupil's initial."),
        lambda f: f.initial,
    ),
    Rule("phrase", things.phrase),
    Rule("child_by_surname", adults.child_called_miss, ("breach", 0.8), _OF_A_CHILD),
    Rule("relative_and_child", adults.titled_parent, ("breach", 0.85), _RELATIVE, named_children),
    Rule("adult_from_outside", adults.titled_outsider),
    Rule("relative_and_child", adults.titled_near_child, ("breach", 0.85), _RELATIVE, named_children),
    Rule(
        "titled_adult",
        adults.titled,
        ("review", 0.5),
        say("An adult who is not on the staff list has a pupil's surname."),
    ),
    Rule("adult_from_outside", adults.named_by_work),
    Rule("adult_from_outside", adults.maiden_name),
    Rule("words", children.described_child),
    Rule(
        "child_by_surname",
        children.perhaps_child_after,
        ("review", 0.5),
        say("Perhaps a child is described by the surname."),
    ),
    Rule(
        "child_by_surname",
        children.child_after,
        ("breach", 0.88),
        say("The word after the surname speaks of a child."),
    ),
    Rule(
        "family_and_child",
        children.family_and_child,
        ("breach", 0.85),
        say("The family's surname stands with this pupil's forename."),
        named_children,
    ),
    Rule("somebody_else", children.family_made_up),
    Rule("somebody_else", children.family_elsewhere),
    Rule("family", children.family, ("review", 0.5), say("A pupil's family is named.")),
    Rule("plural", children.plural),
    # With another forename.
    Rule(
        "similar_name",
        adults.similar_name,
        ("review", 0.5),
        say("Nearly a pupil's forename stands with the surname; it may be somebody else."),
        lambda f: f.similar,
    ),
    Rule("relative_and_child", adults.relative_by_forename, ("breach", 0.85), _RELATIVE, named_children),
    Rule(
        "half_and_family",
        adults.relative_of_half_the_name,
        ("review", 0.4),
        say("Somebody of half a pupil's surname, in a sentence about a family with this pupil's forename near."),
        named_children,
    ),
    Rule("adult_from_outside_or_words", adults.outsider),
    Rule(
        "mixed_name",
        adults.mixed_name,
        ("review", 0.45),
        say("The forename of one pupil stands with the surname of another."),
        lambda f: f.mixed,
    ),
    Rule("creator", adults.creator),
    Rule("half", adults.half_of_another_name),
    Rule(
        "unknown_forename",
        adults.otherwise_named,
        ("review", 0.4),
        say("Somebody not on the register has a pupil's surname."),
    ),
    # The surname alone.
    Rule("words", children.distinctive_word),
    Rule("child_by_surname", children.led_by_child_title, ("breach", 0.85), _WORD_BEFORE),
    Rule(
        "other_initial",
        children.other_initial,
        ("review", 0.4),
        say("A pupil's surname with another initial."),
    ),
    Rule("account_or_thing", children.account_or_thing),
    Rule("place_or_business", children.small_place),
    Rule("famous", children.taught),
    Rule("unknown_word", children.unknown_word),
    Rule("surname_alone", children.house_or_team, ("review", 0.5), _ALONE),
    Rule(
        "surname_and_child",
        children.surname_and_child,
        ("breach", 0.8),
        say("The surname stands in a sentence about a child."),
        _children_or_owners,
    ),
    Rule("surname_alone", children.surname_alone, ("review", 0.5), _ALONE),
    Rule("child_by_surname", children.ordinary_led_by_child_title, ("breach", 0.8), _WORD_BEFORE),
    Rule(
        "surnames_in_a_row",
        children.surnames_in_a_row,
        ("review", 0.35),
        say("Surnames of pupils stand in a row."),
    ),
    Rule(
        "surname_or_word",
        children.surname_or_word,
        ("review", 0.35),
        say("A pupil's surname, or the ordinary word."),
    ),
)


def weigh(features: Features) -> Verdict:
    """Return the verdict of the first rule whose condition holds; no finding when none does."""
    for rule in RULES:
        if rule.when(features):
            return rule.verdict(features)
    return Verdict(None, 0.0, "nothing", NOTHING)
