"""A threat that is veiled: by what somebody would need against it, a will, a way home, a relative out of prison."""

from __future__ import annotations

import pytest

from auditbot.check.please_read import PleaseReadRules
from auditbot.check.please_read.plain_rules import PLAIN_RULES

VEILED = [
    "hope you're wearing a stab vest on Friday",
    "She better bring a bodyguard to parents' evening",
    "he'll need body armour at the gate Monday",
    "You might want to hire some security for the next meeting",
    "if I were him I'd buy a bulletproof vest",
    "They should get themselves a minder before Thursday",
    "Get yourself a stab vest love",
    "that head wants to get a police escort home on Friday",
    "hope she's got good life insurance",
    "Hope you've made a will, see you at the gates",
    "better pick out a coffin mate",
    "hope he's sorted his funeral plan",
    "you won't make it to the car park in one piece",
    "She'll never get out of that school alive",
    "he's not leaving the building on his feet",
    "I'd look under your car before you drive home",
    "Tell her to check under her car every morning",
    "I'd lock my doors tonight if I was you",
    "hope you can run fast, see you Monday",
    "you won't be so mouthy when we catch you",
    "you're going to need riot gear on Monday, we know which gate you use",
    "my cousin's just out of prison and he'd love to meet you",
    "My brother is out on bail, he wants a word with her",
    "I know people who would sort him out",
    "my dad's just done time and he'll be round to see you",
]
PLAYED = [
    "Hope you're wearing your stab vest on Friday PC Khan, the children want to try it on!",
    "hope you're all wearing a coat on Friday, it will be freezing",
    "PCSO Amy let us hold her body armour, it weighs 6 kilos",
    "Please bring a helmet on Wednesday for Bikeability",
    "You'll need a bodyguard for that cake, it looks amazing",
    "The goalie should get body armour for the hockey match",
    "Hope you've got your tickets for Friday",
    "hope your will power is better than mine at the cake stall",
    "Have you made a will? Our solicitor is offering a discount in May",
    "You won't make it to the car park in five minutes, leave early",
    "We won't all get home in one piece of uniform, please name it",
    "Look under your car for the school cat, she likes the warm engine",
    "Check your brakes before the bike ride",
    "Please lock your doors, there have been burglaries on Elm Road",
    "Hope you can run fast, the Year 6 race is on Monday!",
    "she won't be walking when we see her, she broke her foot",
    "The school has hired security for the summer fair",
    "He wants a bulletproof vest for Christmas, he is seven and police mad",
    "If I were you I'd bring a picnic and some sun cream",
    "They need to bring a packed lunch and wear their minder badges",
    "You'll need nerves of steel and a tin hat for the nit talk in assembly",
    "Governors discussed whether to hire a security guard at the gate",
    "Life insurance is offered to all staff by the council",
    "Hope you get home in one piece in this snow everyone",
    "My brother works in a prison and would love to visit the class",
    "I know people who would love to help at the fair",
    "my uncle's been out of work and would love to meet you about the caretaker job",
]


@pytest.fixture(scope="module")
def rules() -> PleaseReadRules:
    return PleaseReadRules()


@pytest.mark.parametrize("text", VEILED)
def test_a_veiled_threat_is_told_whoever_writes_it(rules: PleaseReadRules, text: str) -> None:
    for role, kind in (("unknown", "comment"), ("parent", "comment"), ("staff", "post")):
        assert "bullying" in {one.rule for one in rules.find(text, kind=kind, author_role=role)}


@pytest.mark.parametrize("text", PLAYED)
def test_armour_in_a_game_or_a_visit_is_no_threat_by_these_words(text: str) -> None:
    """What the model thinks of some of them is another matter."""
    assert not [one for one in PLAIN_RULES if one.rule == "bullying" and one.found_in(text)]
