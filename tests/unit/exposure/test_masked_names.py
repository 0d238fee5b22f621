"""Names found beside a photo stand in no page that leaves: not in another case, with other accents or in a genitive."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.exposure.names.masking import masked, masked_address, words_of


@pytest.mark.parametrize(
    ("found", "text", "told"),
    [
        ("Zayn’s", "Zayn wins", "[name] wins"),
        ("Zayn", "ZAYN’S rocket", "[name] rocket"),
        ("zoe", "Zoë’s day", "[name] day"),
        ("Zoë", "zoe and Zoe\u0308", "[name] and [name]"),
        ("Łucja", "For Lucja", "For [name]"),
        ("Siân", "Siân’s and Sian", "[name] and [name]"),
        ("Ann", "Annabel and Anna", "Annabel and Anna"),
        ("Ann", "HannahHall and Joann", "HannahHall and Joann"),
        ("Amelia", "#WellDoneAmelia", "#WellDone[name]"),
        ("Amelia", "/uploads/AmeliaReads.jpg", "/uploads/[name]Reads.jpg"),
        ("Amelia", "AMELIAReads", "[name]Reads"),
        ("Amelia", "camelia and Ameliasque", "camelia and Ameliasque"),
        ("Zayn", "/news/zayns-rocket/", "/news/[name]-rocket/"),
        ("A", "A day", "A day"),
        ("Zoë", "Café Zoë – naïve", "Café [name] – naïve"),
    ],
)
def test_a_name_is_masked_however_it_is_written(found: str, text: str, told: str) -> None:
    assert masked(text, words_of([found])) == told


@pytest.mark.parametrize("written", ["AmeliaOkafor", "ameliaokafor", "OKAFORAmelia", "Amelia2Okafor", "amelia_okafor"])
def test_names_run_together_are_masked(written: str) -> None:
    told = masked_address(f"https://school.example/uploads/{written}.jpg", words_of(["Amelia", "Okafor"]))
    assert "[name]" in told and "amelia" not in told.casefold() and "okafor" not in told.casefold()


@pytest.mark.parametrize(
    "path", ["/news/zo%C3%AB-wins/", "/news/zoe_wins/", "/news/Zoe%CC%88-wins/", "/news/?who=zoë-wins"]
)
def test_a_name_is_masked_in_an_address(path: str) -> None:
    told = masked_address(f"https://school.example{path}", words_of(["Zoë"]))
    assert "[name]-wins" in told and "zo" not in told.casefold()


@given(st.text(max_size=60))
def test_a_text_without_a_name_stays_as_it_is(text: str) -> None:
    assert masked(text, words_of(["Quetzalcoatlina"])) == text


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["Zoë", "Łucja", "Siân", "Zayn"]))
def test_a_name_between_any_two_texts_is_masked(before: str, after: str, name: str) -> None:
    told = masked(f"{before} {name} {after}", words_of([name]))
    assert unicodedata.normalize("NFC", f" {name} ") not in unicodedata.normalize("NFC", told)
