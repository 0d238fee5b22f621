"""A small made-up school for the tests of clauses: registers in a line each, posts and photos without fuss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from auditbot.model import (
    Box,
    Candidate,
    Channel,
    DocumentFacts,
    Face,
    Finding,
    Outcome,
    PhotoFacts,
    PhotoUse,
    Post,
    PostFacts,
    TextEvidence,
)
from auditbot.registers.accounts import Account
from auditbot.registers.consent import CHANGED, FIRST_SEEN, FORM, ConsentAnswer, Kind
from auditbot.registers.declared import Declared
from auditbot.registers.people import CHANNELS, Pupil, StaffMember
from auditbot.registers.policy import Clause, Policy
from auditbot.registers.risk_assessments import QUESTIONS, Answer, RiskAssessment
from auditbot.sentences import quoted

TODAY = date(2026, 11, 22)
URL = "https://www.larkmere.example/news/harvest"
NOTICED = {"seen": FIRST_SEEN, "form": FORM, "changed": CHANGED}
SAID = {"yes": True, "no": False, "blank": None}

_ROWS: dict[str, Any] = dict.fromkeys(QUESTIONS, Answer("None", "None", "None needed", "None needed"))
FINISHED = RiskAssessment(
    name="Website",
    purpose="News",
    year_groups=("R",),
    authorised_by="Headteacher",
    date=date(2026, 9, 1),
    first_assessed_on=date(2000, 1, 1),
    **_ROWS,
)
IN_ORDER = Account(
    "website",
    "https://www.larkmere.example/",
    owner="Headteacher",
    administrator_email="office@larkmere.example",
    approved_by="Headteacher",
    approved_on=date(2000, 1, 1),
    risk_assessment="website",
    password_changed_on=date(2026, 11, 20),
    password_meets_rule=True,
)
"""An account of which the register lacks nothing."""


def day(text: str) -> date | None:
    """Return the date, or None for an empty text."""
    return date.fromisoformat(text) if text else None


def pupil(
    pupil_id: str = "P001",
    register: str = "",
    *,
    name: str = "Maya Day",
) -> Pupil:
    """Return a pupil whose row is written like "website=yes given=2025-09-01 left=2026-07-17 never=yes"."""
    cells = dict(cell.split("=") for cell in register.split())
    forename, surname = name.split(" ", 1)
    answers: dict[Channel, bool | None] = {channel: SAID[cells.pop(channel, "blank")] for channel in CHANNELS}
    made = Pupil(
        pupil_id,
        forename,
        surname,
        answers=answers,
        consent_given_on=day(cells.pop("given", "")),
        consent_expires_on=day(cells.pop("expires", "")),
        withdrawn_on=day(cells.pop("withdrawn", "")),
        left_on=day(cells.pop("left", "")),
        never_publish=cells.pop("never", "no") == "yes",
    )
    assert not cells, cells
    return made


def dated(pupil_id: str, channel: Channel, answers: str) -> list[ConsentAnswer]:
    """Return dated answers that are written like "2025-09-01 yes, 2026-03-01 no".

    A yes that the program noticed in pupils.csv is "seen" (the day tells nothing), "form" (it was the day of the form)
    or "changed" (the cell said something else before).
    """
    pairs = [answer.split() for answer in answers.split(", ") if answer]
    return [
        ConsentAnswer(
            pupil_id,
            channel,
            said in NOTICED or SAID[said],
            date.fromisoformat(on),
            "Mother",
            on,
            NOTICED.get(said, "form"),
        )
        for on, said in pairs
    ]


ASKED = ("A2", "B6", "C1", "C2", "C3", "C4", *(f"C{number}" for number in range(5, 13)), "D1", "D2", "D3", "E2", "F")
"""The clauses of the made-up school's policy: all but those that rest on documents and approvals of events."""


def _clause(code: str) -> Clause:
    return Clause(code, "It is asked for.", ("pages",), "")


def declared(
    pupils: Iterable[Pupil] = (),
    *,
    history: Iterable[ConsentAnswer] = (),
    staff: Iterable[StaffMember] = (),
    channel: Channel = "website",
    today: date = TODAY,
) -> Declared:
    """Return the registers of a school with one account, "website"."""
    sorted_answers: dict[tuple[str, Kind], list[ConsentAnswer]] = {}
    for answer in history:
        sorted_answers.setdefault((answer.pupil_id, answer.channel), []).append(answer)
    return Declared(
        today=today,
        pupils={one.pupil_id: one for one in pupils},
        history=sorted_answers,
        staff=tuple(staff),
        accounts={"website": replace(IN_ORDER, channel=channel)},
        clauses=Policy(_clause(code) for code in ASKED),
        consent_version="c",
        policy_version="p",
        risk_assessments={"website": FINISHED},
    )


def post(
    *photos: PhotoUse | str, on: str = "2026-06-01", url: str = URL, title: str = "Harvest", text: str = ""
) -> Post:
    """Return a post of the account "website" that shows these photos, each given by its content hash or in full."""
    uses = tuple(photo if isinstance(photo, PhotoUse) else PhotoUse(f"{url}/{photo}.jpg", photo) for photo in photos)
    published_at = datetime.fromisoformat(on).replace(hour=10, tzinfo=UTC) if on else None
    return Post("website", url, title, text, published_at=published_at, photos=uses)


def face(outcome: Outcome, *pupil_ids: str, left: float = 0.0) -> Face:
    """Return a face with these candidates, the first the likeliest."""
    box: Box = (left, 10.0, 40.0, 50.0)
    likely = tuple(Candidate(pupil_id, round(0.8 - 0.1 * rank, 2)) for rank, pupil_id in enumerate(pupil_ids))
    return Face(box, 0.9, outcome, likely)


def photo(sha256: str, *faces: Face, not_examined: str = "") -> PhotoFacts:
    """Return the facts about a photo."""
    return PhotoFacts(sha256, 800, 600, faces, (), quoted(not_examined))


def facts(one: Post, *photos: PhotoFacts, documents: Iterable[DocumentFacts] = ()) -> PostFacts:
    """Join a post with the facts about its files."""
    return PostFacts(one, {known.sha256: known for known in photos}, {known.sha256: known for known in documents})


def words_of(finding: Finding) -> str:
    """Return the words that a finding rests on."""
    assert isinstance(finding.evidence, TextEvidence)
    return finding.evidence.text[finding.evidence.start : finding.evidence.end]


def place_of(finding: Finding) -> str:
    """Return the field in which they stand."""
    assert isinstance(finding.evidence, TextEvidence)
    return finding.evidence.field
