"""The whole of permission on one page: every case of the product below, and what follows if the pupil is in the post.

                 then (the day of the post)              now (today, 22 November 2026)          follows
    -----------  --------------------------------------  -------------------------------------  ---------------------
    1  never_publish, whatever else holds                                                       never_publish  today
    2  not yes, or yes and then ended                    not yes                                no_permission  today
    3  yes                                               refused: no, withdrawn, or one parent  withdrawn_since today
    4  yes                                               lapsed: blank, or past its end         lapsed_since    week
    5  posted after its end (it had run out, had left)   held when the pupil left               no_permission  today
    6  no, blank, or before the first dated yes          yes                                    given_later     -
    7  yes, or not known for that day                    yes                                    nothing

On any day only a yes permits. It stops permitting from the day of a no or of a withdrawal of everything, on the day
after its last, on the day after the last on roll, and while one parent's no stands beside the other's yes. Today, of a
pupil who has left, what held on the last day on roll goes on to cover what was posted until then; a no or a withdrawal
since ends that too. A day that nobody can tell for a post permits only if today does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product

import pytest

from auditbot.check.permission import verdict
from auditbot.model import Channel
from auditbot.registers.consent import ConsentAnswer
from auditbot.registers.declared import Declared
from tests.unit.check.school import TODAY, declared, post, pupil

S, W, P, L, T = "2025-09-01", "2026-03-01", "2026-06-01", "2026-07-17", TODAY.isoformat()
"""September (the form), a day in winter, the day of the post, the end of term, today."""

HISTORIES: dict[str, list[tuple[str, str, str]]] = {
    # name: the answers by hand, as (from, answer, given by)
    "none": [],
    "yes": [(S, "yes", "Mother")],
    "no": [(S, "no", "Mother")],
    "blank": [(S, "blank", "Mother")],
    "no before post": [(S, "yes", "Mother"), (W, "no", "Mother")],
    "no after post": [(S, "yes", "Mother"), ("2026-07-01", "no", "Mother")],
    "no today": [(S, "yes", "Mother"), (T, "no", "Mother")],
    "no tomorrow": [(S, "yes", "Mother"), ("2026-11-23", "no", "Mother")],
    "blank after post": [(S, "yes", "Mother"), ("2026-07-01", "blank", "Mother")],
    "yes after post": [(S, "no", "Mother"), ("2026-07-01", "yes", "Mother")],
    "first yes after post": [("2026-07-01", "yes", "Mother")],
    "father refused": [(S, "no", "Father"), (W, "yes", "Mother")],
    "father refused, then both agreed": [(S, "no", "Father"), (W, "yes", "Both parents")],
    "father refused, then took it back": [(S, "no", "Father"), (W, "yes", "Mother"), ("2026-07-01", "yes", "Father")],
    "father refused after post": [
        (S, "yes", "Mother"),
        ("2026-07-01", "no", "Father"),
        ("2026-07-02", "yes", "Mother"),
    ],
}
CHANNELS_ASKED: tuple[Channel, ...] = ("website", "press")  # every answer above is for the website
POSTED = (P, T, "2025-08-31", "")  # in the middle, today, before any answer, and a day that nobody can tell
TODAYS = (TODAY, date(2026, 6, 1))
NEVER = (False, True)
LEFT = ("", L, P, "2026-05-22")  # on roll, left after the post, on its day, before it
ENDS = ("", "2026-08-31", P, "2026-05-31")  # no end, an end after the post, on its day, before it
WITHDRAWN = ("", "2026-07-01", P)  # not, after the post, on its day
DISAGREE = (False, True)  # consent_by says that the parents disagree
CASES = list(product(HISTORIES, CHANNELS_ASKED, POSTED, TODAYS, NEVER, LEFT, ENDS, WITHDRAWN, DISAGREE))
Case = tuple[str, Channel, str, date, bool, str, str, str, bool]


# --- the specification ----------------------------------------------------------------------------------------------


def holds(case: Case, day: str) -> str:
    """Say what holds on a day: yes, refused, ended, blank, early (before the first dated yes) or untold."""
    history, channel, _, _, _, left, ends, withdrawn, disagree = case
    answers = HISTORIES[history] if channel == "website" else []
    until = [(said, by) for since, said, by in answers if since <= day]
    if withdrawn and withdrawn <= day:
        return "refused"
    if not until:
        return "early" if any(said == "yes" for _, said, _ in answers) else "untold" if answers else "blank"
    said, by = until[-1]
    if said != "yes":
        return {"no": "refused", "blank": "blank"}[said]
    mine = {"Mother": "Father", "Father": "Mother"}
    others = [said for said, whose in until if whose == mine.get(by)]
    if disagree or others[-1:] == ["no"]:
        return "refused"
    return "ended" if any(end and end < day for end in (left, ends)) else "yes"


def holds_today(case: Case) -> str:
    """Say what holds today; for a leaver, what held on the last day on roll, unless it was refused since."""
    history, channel, _, today, _, left, _, withdrawn, _ = case
    now = today.isoformat()
    if not left or left >= now:
        return holds(case, now)
    answers = HISTORIES[history] if channel == "website" else []
    since = [said for day, said, _ in answers if left < day <= now and said != "blank"]
    if (withdrawn and withdrawn <= now) or since[-1:] == ["no"]:
        return "refused"
    return holds(case, left)


def follows(case: Case) -> str:
    """Say what follows, by the seven lines at the top of this page."""
    never, posted = case[4], case[2]
    if never:
        return "never_publish"
    now = holds_today(case)
    then = holds(case, posted) if posted else ""
    if now != "yes":
        if then != "yes":
            return "no_permission"
        return "withdrawn_since" if now == "refused" else "lapsed_since"
    if then == "ended":
        return "no_permission"
    return "" if then in ("yes", "untold", "") else "given_later"


SOON = {
    "never_publish": ("today", "breach"),
    "no_permission": ("today", "breach"),
    "withdrawn_since": ("today", "breach"),
    "lapsed_since": ("week", "review"),
    "given_later": ("governance", "review"),
}

# --- the register against it ----------------------------------------------------------------------------------------


@cache
def answered(history: str) -> list[ConsentAnswer]:
    said = {"yes": True, "no": False, "blank": None}
    return [
        ConsentAnswer("P001", "website", said[answer], date.fromisoformat(since), by, since, "form")
        for since, answer, by in HISTORIES[history]
    ]


@cache
def school(
    history: str, channel: Channel, today: date, never: bool, left: str, ends: str, withdrawn: str, disagree: bool
) -> Declared:
    """Return the registers that a case describes: all but the day of the post."""
    last = [answer for since, answer, _ in HISTORIES[history] if since <= today.isoformat()][-1:]
    row = {
        "website": {"yes": "yes", "no": "no"}.get("".join(last), "blank"),
        "left": left,
        "expires": ends,
        "withdrawn": withdrawn,
        "never": "yes" if never else "",
    }
    one = pupil("P001", " ".join(f"{name}={cell}" for name, cell in row.items() if cell))
    return declared([replace(one, parents_disagree=disagree)], history=answered(history), channel=channel, today=today)


def found(case: Case) -> tuple[str, str, str] | None:
    history, channel, posted, *rest = case
    said = verdict(post(on=posted), "P001", school(history, channel, *rest))
    return (said.kind, said.severity, said.band) if said else None


@pytest.mark.parametrize("history", HISTORIES)
def test_every_case_follows_from_the_page_above(history: str) -> None:
    wrong = []
    for case in CASES:
        if case[0] != history:
            continue
        kind, said = follows(case), found(case)
        if said != ((kind, *SOON[kind]) if kind else None):
            wrong.append((case, kind, said))
    assert wrong == []


def test_the_page_tells_cases_of_every_kind() -> None:
    told = {follows(case) for case in CASES}
    assert told == {*SOON, ""}
    assert len(CASES) == 15 * 2 * 4 * 2 * 2 * 4 * 4 * 3 * 2
