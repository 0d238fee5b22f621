"""Decide what a possible surname is: the rules are asked in order, and the first with an opinion wins."""

from auditbot.check.surnames.adult_rules import (
    adult_with_full_name,
    another_forename,
    famous_or_creator,
    member_of_staff,
    named_by_work,
    similar_forename,
    somebody_else,
    titled_adult,
)
from auditbot.check.surnames.child_rules import (
    distinctive_alone,
    family,
    forename_of_someone,
    full_name_or_words,
    half_needs_forename,
    hinted,
    initial_and_surname,
    leads_a_name,
    mailbox,
    ordinary_alone,
    own_full_name,
)
from auditbot.check.surnames.context import Context
from auditbot.check.surnames.thing_rules import (
    brand,
    date,
    named_after,
    own_class,
    pet,
    phrase,
    place,
)
from auditbot.check.surnames.verdict import Rule, Verdict, clear

RULES: tuple[Rule, ...] = (
    mailbox,
    hinted,
    leads_a_name,
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
    full_name_or_words,
    own_full_name,
    half_needs_forename,
    somebody_else,
    initial_and_surname,
    phrase,
    titled_adult,
    named_by_work,
    family,
    similar_forename,
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
