"""What schools write beside photos: children's names are found, characters, places and things are none."""

from __future__ import annotations

import pytest

from auditbot.exposure.names.characters import characters
from auditbot.exposure.names.own_words import Knowledge
from auditbot.exposure.names.word_lists import fold, lists, usual
from tests.bench.exposure.names import lines, told
from tests.unit.exposure.test_names_beside import beside, post


@pytest.mark.parametrize(("drawn", "found", "invented"), [("a", 0.97, 0.0), ("b", 0.93, 0.03), ("c", 0.97, 0.06)])
def test_names_in_alternative_texts_and_file_names(drawn: str, found: float, invented: float) -> None:
    """The shares were measured on 2026-11-30; set c was counted after the rules were made."""
    mine = [(line, told(line)) for line in lines() if line.drawn == drawn]
    wanted = sum(len(line.names) for line, _ in mine)
    assert sum(len(line.names & names) for line, names in mine) >= found * wanted
    assert sum(bool(names - line.names) for line, names in mine) <= invented * len(mine)


@pytest.mark.parametrize(
    ("alt", "names"),
    [
        ("Amelia reading her book", ["Amelia"]),
        ("Oliver wrote a wonderful story", ["Oliver"]),
        ("Harry Okafor read in assembly", ["Harry"]),
        ("Henry on our visit to the farm", ["Henry"]),
        ("Amelia with her Lego model", ["Amelia"]),
        ("Harry dressed as a pirate", ["Harry"]),
        ("Children dressed as Elsa", []),
        ("Elsa from Frozen", []),
        ("Elsa reads to us", ["Elsa"]),
        ("Harry Potter day costumes", []),
        ("Harry Okafor as Harry Potter", ["Harry"]),
        ("The Gruffalo visited", []),
        ("Alice in Wonderland assembly", []),
        ("Alice in assembly", ["Alice"]),
        ("Charlotte’s Web", []),
        ("Charlotte with her web of wool", ["Charlotte"]),
        ("Sydney Opera House", []),
        ("Sydney Bello in the hall", ["Sydney"]),
        ("Olaf and Elsa in the hall", []),
        ("Mary and Joseph in the stable", []),
        ("Joseph and Tilly in the stable yard", ["Tilly"]),
        ("Ella Brown wins", ["Ella"]),
        ("Amelia Okafor Wins The Poetry Prize", ["Amelia"]),
        ("Noah And Isla At The Pond", ["Noah", "Isla"]),
        ("Congratulations Amelia!", ["Amelia"]),
        ("Our guide dog Molly", []),
        ("A rabbit called Max", []),
        ("Holding the rabbit, Amelia smiles", ["Amelia"]),
        ("We thank our teacher. Amelia sings", ["Amelia"]),
        ("Mrs. Amelia Okafor", []),
        ("Grandma Rose and Mrs Daisy", []),
        ("I've a T-shirt", []),
    ],
)
def test_a_story_is_told_of_only_beside_its_own_words(alt: str, names: list[str]) -> None:
    assert [name.name for name in beside(alt=alt).names] == names


@pytest.mark.parametrize(
    ("file", "names", "full"),
    [
        ("Charlotte_Okafor.jpg", ["Charlotte"], True),
        ("Sofia_Okafor.jpg", ["Sofia"], True),
        ("Austin_Okafor.jpg", ["Austin"], True),
        ("SydneyOkafor.jpg", ["Sydney"], True),
        ("poppy-okafor.jpg", ["Poppy"], True),
        ("amelia-smith.jpg", ["Amelia"], True),
        ("charlotte.jpg", ["Charlotte"], False),
        ("amelias-rocket.jpg", ["Amelia"], False),
        ("sydney-opera-house.jpg", [], False),
        ("charlottes-web.jpg", [], False),
        ("victoria-coach-station.jpg", [], False),
        ("georgia-map.jpg", [], False),
        ("peter-rabbit-2.jpg", [], False),
    ],
)
def test_a_child_called_as_a_place_is_named_in_a_file(file: str, names: list[str], full: bool) -> None:
    found = beside(file=file).names
    assert [name.name for name in found] == names
    assert any(name.full for name in found) is full


def site(*texts: str) -> Knowledge:
    return Knowledge.of([post(f"https://school.example/{n}/", text=text) for n, text in enumerate(texts)])


def test_a_child_named_in_two_posts_of_a_small_account_is_no_word_of_the_site() -> None:
    known = site("Amelia won.", "We saw Amelia.", *["We sang."] * 4)
    assert [name.name for name in beside(alt="Amelia with her cup", known=known).names] == ["Amelia"]
    rare = site("Here is Zylowen.", "We saw Zylowen.", *["We sang."] * 4)
    assert [name.name for name in beside(alt="Here is Zylowen", known=rare).names] == ["Zylowen"]


def test_however_often_a_child_is_named_only_a_class_so_called_makes_a_word_of_the_site() -> None:
    often = ["Well done Amelia."] * 20
    assert "amelia" not in site(*often).own_words
    assert "amelia" in site(*often, *["Amelia House won."] * 8).own_words
    assert "peter" in site(*["We went to St Peter's."] * 8).own_words
    assert "larkmere" in site(*["Here at Larkmere we sing."] * 8).own_words


def test_no_story_names_what_is_never_a_child() -> None:
    """Lists hold each word once, and what they take from children is written as it is compared."""
    for group in ("never", "rooms", "after_name", "adults", "names_first", "of_files"):
        assert all(word == fold(word) for word in lists()[group]), group
    assert lists()["names_first"] <= usual()
    assert characters(("alice", "in", "wonderland")) == {0, 2}
    assert characters(("alice", "in", "the", "garden")) == frozenset()
