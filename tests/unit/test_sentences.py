"""Sentences for readers: marked, gathered, kept as message and values, and shown in the language that was chosen."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Iterator
from datetime import date

import pytest
from babel.messages.pofile import read_po

from auditbot import sentences
from auditbot.sentences import Sentence, _, _n, both, either, kept, say, say_n, together, told
from auditbot.store.values import finding_from_json, finding_to_json
from tests import made_up_language as made_up
from tests.unit.report import report_sample as sample
from tools.sentences import PACKAGE, TEMPLATE, marked_sentences

WITHDRAWN = say("It was permitted when posted; %(what)s was withdrawn on %(day)s.", what="it", day=date(2026, 10, 3))
SAID = (
    WITHDRAWN,
    say("Nothing new"),
    say_n("%(count)s photo", "%(count)s photos", 1),
    say_n("%(count)s photo", "%(count)s photos", 3),
    together(WITHDRAWN, say_n("%(count)s photo", "%(count)s photos", 2), "100% as the site said it."),
    say("Is this %(who)s?", who=either(["{P1}", "{P2}", "{P3}"])),
)


@pytest.fixture(scope="module")
def spoken() -> Iterator[None]:
    with made_up.spoken():
        yield


def test_the_catalogue_holds_every_marked_sentence_and_no_other() -> None:
    with TEMPLATE.open("rb") as file:
        gathered = {message.id for message in read_po(file) if message.id}
    marked = {message.id for message in marked_sentences() if message.id}
    assert gathered == marked, "run make sentences"


NAMES_IN_TEMPLATES = {"SHA-256", "/manifest.json, SHA-256", "auditbot exposure"}
"""What is called so in every language."""
_SHOWN_TO_READERS = ("report", "review", "trust", "exposure")
_MARKED = re.compile(
    r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|<(style|script)\b.*?</\1>|\{% block body %\}.*?endblock", re.DOTALL
)
"""What is marked, and what is no text: the block that adds attributes to the page's body."""
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_READ_ALOUD = re.compile(r'(?:aria-label|alt|title|placeholder)="([^"¤]*[^\W\d_]{3}[^"¤]*)"')


@pytest.mark.parametrize("room", _SHOWN_TO_READERS)
def test_no_template_holds_words_that_are_not_marked(room: str) -> None:
    left = []
    for path in sorted((PACKAGE / room).rglob("templates/**/*.*")):
        if path.suffix in (".html", ".j2", ".txt"):
            text = _CODE.sub("¤", _MARKED.sub("", path.read_text("utf-8")))
            shown = [*re.split(r"<[^>]*>|¤", text), *_READ_ALOUD.findall(text)]
            left += [f"{path.name}: {part.strip()}" for part in shown if re.search(r"[^\W\d_]{3}", part)]
    assert {one for one in left if one.partition(": ")[2] not in NAMES_IN_TEMPLATES} == set()


@pytest.mark.parametrize("sentence", SAID)
def test_a_sentence_is_kept_as_message_and_values_and_comes_back_as_it_was(sentence: Sentence) -> None:
    for again in (told(kept(sentence)), pickle.loads(pickle.dumps(sentence)), copy.deepcopy(sentence)):
        assert isinstance(again, Sentence) and again == sentence and kept(again) == kept(sentence)
    assert str(sentence) == sentence


@pytest.mark.parametrize("text", ["", "Plain English of an older version.", '{"sentence": ', '{"sentence": {}}', "{}"])
def test_what_was_kept_before_there_were_languages_is_told_as_it_was(text: str) -> None:
    assert told(text) == text and kept(text) == text


def test_english_sentences_read_as_they_are_written() -> None:
    assert str(WITHDRAWN) == "It was permitted when posted; it was withdrawn on 3 October 2026."
    assert [str(sentence) for sentence in SAID[2:4]] == ["1 photo", "3 photos"]
    assert str(SAID[4]).endswith("2 photos 100% as the site said it.")
    assert SAID[5] == "Is this {P1} or {P2} or {P3}?" and both(["a", "b"]) == "a and b"
    assert sentences.long_day(date(2026, 10, 12)) == "Monday 12 October 2026"
    assert (
        sentences.short_day(date(2026, 5, 1)) == "Fri 1 May" and sentences.short_date(date(2026, 5, 1)) == "1 May 2026"
    )


def test_a_language_without_a_catalogue_is_shown_in_english() -> None:
    sentences.choose("tlh")
    assert sentences.language() == "en-GB" and _("Nothing new") == "Nothing new"


def test_a_sentence_kept_in_one_language_is_shown_in_another(spoken: None) -> None:
    shown = str(told(kept(SAID[4])))
    assert shown.endswith("«2 phötös» 100% as the site said it.")
    assert str(SAID[3]) == "«3 phötös»" and str(told(kept(SAID[5]))).startswith("«Ïs thïs «")
    assert _n("%(count)s photo", "%(count)s photos", 1) == "«1 phötö»"


def test_a_finding_keeps_its_explanation_as_message_and_values_and_an_old_one_as_it_was(spoken: None) -> None:
    explanation = say("The face in box %(number)s may be %(pupil)s.", number=1, pupil="{P012}")
    found = sample.finding("f", explanation=explanation)
    text = finding_to_json(found)
    assert "may be %(pupil)s" in text and "may be {P012}" not in text
    assert str(finding_from_json(text).explanation) == "«Thë fàcë ïn böx 1 mày bë {P012}.»"
    kept_before = json.loads(text) | {"explanation": "The face in box 1 may be {P012}."}
    assert str(finding_from_json(json.dumps(kept_before)).explanation) == "The face in box 1 may be {P012}."
