"""Phrases a school allows: each covers its own words, under its clause, until its last day, and nothing more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditbot.doctor.checkup import examine_workspace
from auditbot.errors import SettingsError
from auditbot.registers.policy import AllowedPhrase, covers, read_allowed
from auditbot.settings import Workspace
from auditbot.workspace import make_workspace

TODAY = date(2026, 11, 22)
BAKERY = AllowedPhrase("Brown's Bakery", "The shop on the corner.", date(2026, 12, 31), "C12")
OFFICE = AllowedPhrase("Ring Jo on 07700 900123", "Jo agreed.", date(2026, 11, 22))
OVER = AllowedPhrase("the Wood Hall", "The village hall.", date(2026, 11, 21))
BARE = AllowedPhrase("Brown", "Everybody is called that.", date(2030, 1, 1))

TABLE = [
    ("within its words", BAKERY, "C12", "Thanks to Brown's Bakery!", "Brown", True),
    ("capitals and spaces do not matter", BAKERY, "C12", "BROWN'S\n  BAKERY gave buns", "BROWN", True),
    ("the same surname elsewhere", BAKERY, "C12", "Mia Brown likes bread", "Brown", False),
    ("part of a longer word", BAKERY, "C12", "McBrown's Bakery", "Brown", False),
    ("another clause", BAKERY, "C6", "Thanks to Brown's Bakery!", "Brown's Bakery", False),
    ("more than its words", BAKERY, "C12", "Mia and Brown's Bakery", "Mia and Brown", False),
    ("every clause, on its last day", OFFICE, "C5", "Ring Jo on 07700 900123.", "07700 900123", True),
    ("marks at the edge do not count", OFFICE, "C6", "Ring Jo on 07700 900123.", "Ring Jo on 07700 900123.", True),
    ("the sentence after it", OFFICE, "C6", "Ring Jo on 07700 900123. Buy now!", "07700 900123. Buy", False),
    ("a day too late", OVER, "C12", "Meet at the Wood Hall", "Wood", False),
    ("a surname alone", BARE, "C12", "Mia Brown likes bread", "Brown", False),
]


@pytest.mark.parametrize(("why", "phrase", "clause", "text", "found", "allowed"), TABLE, ids=[row[0] for row in TABLE])
def test_a_phrase_allows_its_own_words_only(
    why: str, phrase: AllowedPhrase, clause: str, text: str, found: str, allowed: bool
) -> None:
    start = text.index(found)
    assert covers([phrase], clause, text, start, start + len(found), TODAY) is allowed


def test_each_occurrence_is_judged_by_itself() -> None:
    text = "Brown's Bakery baked for Mia Brown. Brown's Bakery is kind."
    places = [at for at in range(len(text)) if text.startswith("Brown", at)]
    assert [covers([BAKERY], "C12", text, at, at + 5, TODAY) for at in places] == [True, False, True]


def test_reads_the_register(tmp_path: Path) -> None:
    path = tmp_path / "allowed_phrases.toml"
    assert read_allowed(path) == ()
    path.write_text("# nothing yet\n", "utf-8")
    assert read_allowed(path) == ()
    path.write_text(
        '[[phrase]]\ntext = "Brown\'s Bakery"\nreason = "The shop on the corner."\nuntil = 2026-12-31\nclause = "C12"\n'
    )
    assert read_allowed(path) == (BAKERY,)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('text = "Bo"\nreason = "x"\nuntil = 2026-12-31', "three letters"),
        ('text = "the Wood Hall"\nuntil = 2026-12-31', "reason: is missing"),
        ('text = "the Wood Hall"\nreason = "x"', "until: is missing"),
        ('text = "the Wood Hall"\nreason = "x"\nuntil = "soon"', "date like 2026-09-01"),
        ('text = "the Wood Hall"\nreason = "x"\nuntil = 2026-12-31\nclause = "surname"', "clause like C12"),
        ('text = "the Wood Hall"\nreason = "x"\nuntil = 2026-12-31\ntil = 1', "unknown key"),
    ],
)
def test_a_phrase_that_says_too_little_stops_the_run(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "allowed_phrases.toml"
    path.write_text(f"[[phrase]]\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match=problem):
        read_allowed(path)


def test_the_doctor_names_phrases_that_are_over(fresh_workspace: Workspace) -> None:
    path = fresh_workspace.config / "allowed_phrases.toml"
    entry = '[[phrase]]\ntext = "{}"\nreason = "x"\nuntil = {}\n'
    path.write_text(entry.format("the Wood Hall", "2020-01-01") + entry.format("the Rose Hall", "2099-01-01"), "utf-8")
    said = [check for check in examine_workspace(fresh_workspace) if check.name == "Allowed phrases"]
    assert [(check.standing, "Wood" in check.message, "Rose" in check.message) for check in said] == [
        ("note", True, False)
    ]


def test_a_new_workspace_has_the_register_with_an_example_and_no_phrase(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "school", "Oakfield", "oakfield.example")
    path = workspace.config / "allowed_phrases.toml"
    assert read_allowed(path) == ()
    example = path.read_text("utf-8").replace("# [[", "[[").replace("# text", "text").replace("# clause", "clause")
    path.write_text(example.replace("# reason", "reason").replace("# until", "until"), "utf-8")
    assert [phrase.clause for phrase in read_allowed(path)] == ["C12"]
