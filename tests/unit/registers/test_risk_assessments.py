"""The policy's risk assessment form: filled in question by question, kept, and printed as the policy has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from auditbot.cli import main
from auditbot.registers.risk_assessments import (
    COLUMNS,
    QUESTIONS,
    Answer,
    RiskAssessment,
    read_risk_assessment,
    unfinished,
    write_risk_assessment,
)
from auditbot.report.html import form_html
from auditbot.settings import Workspace
from tests.reading import first

TODAY = date(2026, 11, 22)
THE_POLICYS = [
    "Is there an age restriction?",
    "Do pupils have to ‘sign up’?",
    "Does the site have privacy settings?",
    "Can the site be moderated by the school?",
    "Is the site moderated by the owners?",
    "Is there a file upload facility?",
    "Are any site advertisements appropriate?",
    "Does the site allow direct contact between users?",
]
HEADINGS = ["Risk", "Pupils at risk", "Potential methods to minimise risks", "Existing measures to prevent access"]


def type_in(monkeypatch: pytest.MonkeyPatch, answers: Iterator[str]) -> list[str]:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        try:
            return next(answers)
        except StopIteration as end:
            raise EOFError from end

    monkeypatch.setattr("builtins.input", answer)
    return asked


def run(workspace: Workspace, *words: str) -> int:
    return main(["--workspace", str(workspace.folder), "risk-assessment", *words])


def test_the_printed_form_has_the_policys_questions_and_columns_in_its_order() -> None:
    page = LexborHTMLParser(form_html(RiskAssessment(name="<b>Blog</b>"), "Larkmere", TODAY))
    assert [node.text(strip=True) for node in page.css("tbody th")] == THE_POLICYS
    assert [node.text(strip=True) for node in page.css("thead th")] == HEADINGS
    assert [node.text(strip=True) for node in page.css("dt")] == [
        *("Name of social media:", "Purpose of use:", "Year groups to be allowed access:"),
        *("Authorisation:", "Date:"),
    ]
    assert first(page, "dd").text(strip=True) == "<b>Blog</b>"


def test_the_form_is_asked_for_and_kept_answer_by_answer(
    fresh_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = fresh_workspace.config / "risk_assessments" / "website.toml"
    asked = type_in(monkeypatch, iter(["", "News", "R, 1", "Some risk"]))
    assert run(fresh_workspace, "new", "website") == 2  # nobody answers any more: what was said is kept
    kept = read_risk_assessment(file)
    assert (kept.name, kept.year_groups, kept.age_restriction.risk) == ("website", ("R", "1"), "Some risk")
    assert len(asked) == 5
    answers = ["", "", "", "", *["None"] * 31, "Headteacher", "soon", "2026-09-01"]
    type_in(monkeypatch, iter(answers))
    assert run(fresh_workspace, "new", "website") in (0, 1)
    whole = read_risk_assessment(file)
    assert whole.age_restriction == Answer("Some risk", "None", "None", "None")
    assert (whole.authorised_by, whole.date) == ("Headteacher", date(2026, 9, 1))
    assert unfinished(whole, TODAY) == []
    assert "That is no date" in capsys.readouterr().out


def test_the_demo_schools_form_is_checked_and_printed(
    fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fresh_workspace.config / "risk_assessments"
    rows: dict[str, Any] = {question: Answer("None", "None", "None", "None") for question in QUESTIONS}
    form = RiskAssessment("Website", "News", ("R",), **rows, authorised_by="Headteacher", date=date(2026, 9, 1))
    write_risk_assessment(folder / "website.toml", form.with_answer("sign_up", Answer("None", "None", "", "None")))
    assert run(fresh_workspace, "check") == 1
    assert "‘sign up’? – Potential methods to minimise risks: it is empty" in capsys.readouterr().out
    assert run(fresh_workspace, "print", "website") == 0
    pdf = fresh_workspace.reports / "risk_assessments" / "website.pdf"
    assert pdf.read_bytes().startswith(b"%PDF")
    assert run(fresh_workspace, "print", "elsewhere") == 2
    assert "On file: website." in capsys.readouterr().err


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(WORDS, min_size=36, max_size=36), st.none() | st.dates())
def test_whatever_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], day: date | None
) -> None:
    cells = iter(words)
    rows: dict[str, Any] = {question: Answer(*(next(cells) for _ in COLUMNS)) for question in QUESTIONS}
    form = RiskAssessment(next(cells), next(cells), (next(cells),), **rows, authorised_by=next(cells), date=day)
    file = tmp_path_factory.mktemp("forms") / "form.toml"
    write_risk_assessment(file, form)
    assert read_risk_assessment(file) == form


def test_the_questions_are_fields_in_the_forms_order() -> None:
    assert [field.name for field in fields(RiskAssessment) if field.name in QUESTIONS] == list(QUESTIONS)
