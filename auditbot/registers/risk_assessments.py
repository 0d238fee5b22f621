"""``config/risk_assessments/``: the policy's own form (F), one file for each account or tool."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from auditbot.errors import SettingsError
from auditbot.registers.policy_checks import is_filled
from auditbot.safe_files import private_folder, write_private
from auditbot.sentences import Sentence, say
from auditbot.settings import CONFIG, explain, read_toml

QUESTIONS = {
    "age_restriction": "Is there an age restriction?",
    "sign_up": "Do pupils have to ‘sign up’?",
    "privacy_settings": "Does the site have privacy settings?",
    "moderated_by_school": "Can the site be moderated by the school?",
    "moderated_by_owners": "Is the site moderated by the owners?",
    "file_upload": "Is there a file upload facility?",
    "advertisements": "Are any site advertisements appropriate?",
    "direct_contact": "Does the site allow direct contact between users?",
}
"""The form's questions, in its order."""
COLUMNS = {
    "risk": "Risk",
    "pupils_at_risk": "Pupils at risk",
    "ways_to_minimise": "Potential methods to minimise risks",
    "existing_measures": "Existing measures to prevent access",
}
"""The form's columns, in its order."""


@dataclass(frozen=True, config=CONFIG)
class Answer:
    """One row of the form. "None" is an answer; an empty cell is none."""

    risk: str = ""
    """What the risk is."""
    pupils_at_risk: str = ""
    """Which pupils it concerns."""
    ways_to_minimise: str = ""
    """What could be done to make it smaller."""
    existing_measures: str = ""
    """What is already done to prevent access."""


@dataclass(frozen=True, config=CONFIG)
class RiskAssessment:
    """One form."""

    name: str = ""
    """Name of the social media service."""
    purpose: str = ""
    """What it is used for."""
    year_groups: tuple[str, ...] = ()
    """The year groups that may use it."""
    age_restriction: Answer = Answer()
    """Its row: is there an age restriction."""
    sign_up: Answer = Answer()
    """Its row: do pupils have to sign up."""
    privacy_settings: Answer = Answer()
    """Its row: does the site have privacy settings."""
    moderated_by_school: Answer = Answer()
    """Its row: can the site be moderated by the school."""
    moderated_by_owners: Answer = Answer()
    """Its row: is the site moderated by the owners."""
    file_upload: Answer = Answer()
    """Its row: is there a file upload facility."""
    advertisements: Answer = Answer()
    """Its row: are any site advertisements appropriate."""
    direct_contact: Answer = Answer()
    """Its row: does the site allow direct contact between users."""
    authorised_by: str = ""
    """Who authorised it."""
    date: datetime.date | None = None
    """When it was authorised."""
    review_days: Annotated[int, Field(ge=1, le=3650)] = 365
    """After how many days it has to be looked at again."""
    first_assessed_on: datetime.date | None = None
    """When the first assessment of this service was made, if this one renews it."""

    def answer(self, question: str) -> Answer:
        """Return the row of one of QUESTIONS."""
        row: Answer = getattr(self, question)
        return row

    def with_answer(self, question: str, row: Answer) -> RiskAssessment:
        """Return the form with the row of one of QUESTIONS replaced."""
        changed: dict[str, Any] = {question: row}
        return replace(self, **changed)

    @property
    def review_on(self) -> datetime.date | None:
        """The day on which it has to be looked at again; None while it bears no date."""
        return self.date + datetime.timedelta(days=self.review_days) if self.date else None


def read_risk_assessments(folder: Path) -> dict[str, RiskAssessment]:
    """Return the forms by id, the name of their file without .toml. Raises SettingsError naming every problem."""
    return {path.stem: read_risk_assessment(path) for path in sorted(folder.glob("*.toml"))}


def read_risk_assessment(path: Path) -> RiskAssessment:
    """Return one form. Raises SettingsError naming every problem."""
    content = read_toml(path)
    try:
        form: RiskAssessment = TypeAdapter(RiskAssessment).validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        known = {"": list(RiskAssessment.__dataclass_fields__)}
        known |= {question: list(COLUMNS) for question in QUESTIONS}
        raise SettingsError(path, explain(error, known, content)) from error
    return form


def write_risk_assessment(path: Path, form: RiskAssessment) -> None:
    """Replace the file in one step, private to this user."""
    private_folder(path.parent)
    lines = [
        '# The policy\'s social media risk assessment form. An empty cell is a finding; "None" is an answer.',
        *(f"{name} = {json.dumps(getattr(form, name), ensure_ascii=False)}" for name in ("name", "purpose")),
        f"year_groups = {json.dumps(list(form.year_groups), ensure_ascii=False)}",
        f"authorised_by = {json.dumps(form.authorised_by, ensure_ascii=False)}",
        *([f"date = {form.date}"] if form.date else []),
        *([f"first_assessed_on = {form.first_assessed_on}"] if form.first_assessed_on else []),
        f"review_days = {form.review_days}",
    ]
    for question, asked in QUESTIONS.items():
        row = form.answer(question)
        lines += ["", f"[{question}]  # {asked}"]
        lines += [f"{column} = {json.dumps(getattr(row, column), ensure_ascii=False)}" for column in COLUMNS]
    write_private(path, ("\n".join(lines) + "\n").replace("\x7f", "\\u007f").encode("utf-8"))


_EMPTY = say("it is empty")


def unfinished(form: RiskAssessment, today: datetime.date) -> list[tuple[str, Sentence]]:
    """Return what is missing in a form: the cell in words, and what is wrong with it, in the form's order.

    "TBC", "-" or "?" fill no cell; "None" and "n/a" are answers.
    """
    cells = [
        ("Name of social media", form.name),
        ("Purpose of use", form.purpose),
        ("Year groups to be allowed access", " ".join(group for group in form.year_groups if is_filled(group))),
        *(
            (f"{asked} – {heading}", str(getattr(form.answer(question), column)))
            for question, asked in QUESTIONS.items()
            for column, heading in COLUMNS.items()
        ),
        ("Authorisation", form.authorised_by),
    ]
    missing = [
        (cell, _EMPTY if not said.strip() else say("it holds a placeholder, not an answer"))
        for cell, said in cells
        if not is_filled(said)
    ]
    if form.date is None:
        missing.append(("Date", _EMPTY))
    elif form.date > today:
        missing.append(("Date", say("it lies in the future (%(day)s)", day=str(form.date))))
    elif form.review_on and form.review_on <= today:
        missing.append(("Date", say("its review was due on %(day)s", day=str(form.review_on))))
    return missing
