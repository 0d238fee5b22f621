"""Decide what a possible surname is: the rules are asked in order, and the first with an opinion wins."""

from auditbot.check.surnames.context import Context
from auditbot.check.surnames.rules_adults import (
    adult_with_full_name,
    another_forename,
    famous_or_creator,
    member_of_staff,
    named_by_work,
    titled_adult,
)
from auditbot.check.surnames.rules_children import (
    distinctive_alone,
    family,
    forename_of_someone,
    half_needs_forename,
    hinted,
    initial_and_surname,
    ordinary_alone,
    own_full_name,
)
from auditbot.check.surnames.rules_places import brand, date, named_after, own_class, pet, phrase, place
from auditbot.check.surnames.verdict import Rule, Verdict, clear

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
