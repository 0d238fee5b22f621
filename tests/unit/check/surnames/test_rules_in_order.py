"""The table of rules: the first that holds decides, and every row says what it finds."""

from auditbot.check.surnames import PupilName, SurnameEngine
from auditbot.check.surnames.candidates import Finder
from auditbot.check.surnames.roster import Roster
from auditbot.check.surnames.rules.bearer import bearer_of, bearers_of
from auditbot.check.surnames.rules.features import Features
from auditbot.check.surnames.rules.observe import features_of
from auditbot.check.surnames.rules.place import Place, page_of
from auditbot.check.surnames.rules.rules import RULES, weigh
from auditbot.check.surnames.text import cut

PUPILS = [
    PupilName("p1", ("Nell",), ("Throssell",), "Year 1", "Wrens"),
    PupilName("p2", ("Idris",), ("Marsh",), "", ""),
]


def features(text: str) -> Features:
    """The features of the first surname of the register in `text`."""
    finder = Finder(Roster(PUPILS, ()))
    words = cut(text, text.lower(), finder.names, all_compound=False)
    page = page_of(words, finder.find(words), finder.roster, "post", has_capitals=True, some_capitals=True)
    site = page.sites.surnames[0]
    place, surname = Place(page, site.first, site.last, site.spelling), finder.roster.surnames[site.letters]
    bearer = bearer_of(place, surname)
    return features_of(place, surname, bearer, bearers_of([(place, surname, bearer)]))


def test_features_say_what_stands_beside_a_name() -> None:
    seen = features("Well done Nell Throssell's team! The marsh is wet.")
    assert (seen.beside.before, seen.beside.after) == ("nell", "team")
    assert (seen.name.possessive, seen.name.small, seen.whole.pupils, seen.whole.lead[0]) == (True, False, (0,), "done")
    assert seen.words_after == ("s", "team")
    alone = features("Mr Throssell opened the hall")
    assert (alone.title, alone.whole.pupils, alone.stranger) == ("mr", (), "")


def test_the_first_rule_that_holds_decides() -> None:
    for text in ("Nell Throssell read to us", "Mr Throssell opened the hall", "Throssell Road is shut", "the marsh"):
        seen = features(text)
        holds = [rule for rule in RULES if rule.when(seen)]
        assert weigh(seen).rule == (holds[0].name if holds else "nothing")


def test_a_rule_with_a_finding_says_why_and_one_without_says_nothing() -> None:
    for rule in RULES:
        assert bool(str(rule.says)) == (rule.finding is not None), rule.name
        assert rule.when.__doc__, rule.when.__name__


def test_every_finding_names_its_rule() -> None:
    names = {rule.name for rule in RULES if rule.finding}
    engine = SurnameEngine(PUPILS)
    found = {hit.rule for text in ("Nell Throssell", "N Throssell", "the Throssells") for hit in engine.find(text)}
    assert found == {"full_name", "initial_and_surname", "family"} <= names
