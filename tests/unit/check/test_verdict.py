"""Permission on the day of a post against permission today, as one table: what the register says, what follows.

Strictest reading: what is not recorded is no permission, never_publish beats everything, and a leaver's last answer
stands for what was posted while it held.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import date

import pytest

from auditbot.check.permission import describe, permissions, verdict
from auditbot.model import Channel
from auditbot.registers.consent import Permission, permission_on, permission_today
from auditbot.registers.people import CHANNELS
from tests.unit.check.school import TODAY, dated, declared, post, pupil

NO = ("no_permission", "today", "breach")
SINCE = ("withdrawn_since", "today", "breach")
LAPSED = ("lapsed_since", "week", "review")
LATER = ("given_later", "governance", "review")
NEVER = ("never_publish", "today", "breach")
NOTHING = None
SEP, MAR, JUN = "2025-09-01", "2026-03-01", "2026-06-01"  # June is the day of the post; today is 22 November 2026
GIVEN = "website=yes given=2025-09-01"

TABLE = [
    # the row in pupils.csv                           dated answers for the website                 posted  follows
    # --- one answer, never changed
    ("website=yes given=2025-09-01",                  f"{SEP} yes",                                 JUN,  NOTHING),
    ("website=no given=2025-09-01",                   f"{SEP} no",                                  JUN,  NO),
    ("website=yes given=2025-09-01",                  "",                                           JUN,  NOTHING),
    ("website=no given=2025-09-01",                   "",                                           JUN,  NO),
    # --- nothing recorded is no permission
    ("",                                              "",                                           JUN,  NO),
    ("website=blank given=2025-09-01",                "",                                           JUN,  NO),
    ("social_media=yes given=2025-09-01",             "",                                           JUN,  NO),
    ("website=blank",                                 f"{SEP} blank",                               JUN,  NO),
    # --- permitted when posted, and withdrawn since
    ("website=no given=2025-09-01",                   f"{SEP} yes, 2026-07-01 no",                  JUN,  SINCE),
    ("website=no given=2025-09-01",                   f"{SEP} yes, 2026-06-02 no",                  JUN,  SINCE),
    (f"{GIVEN} withdrawn=2026-07-01",                 f"{SEP} yes",                                 JUN,  SINCE),
    (f"{GIVEN} withdrawn=2026-11-22",                 f"{SEP} yes",                                 JUN,  SINCE),
    # --- withdrawn before it was posted, or on that day
    ("website=no given=2025-09-01",                   f"{SEP} yes, {JUN} no",                       JUN,  NO),
    ("website=no given=2025-09-01",                   f"{SEP} yes, {MAR} no",                       JUN,  NO),
    (f"{GIVEN} withdrawn=2026-06-01",                 f"{SEP} yes",                                 JUN,  NO),
    # --- a withdrawal that is still to come
    (f"{GIVEN} withdrawn=2026-11-23",                 f"{SEP} yes",                                 JUN,  NOTHING),
    (GIVEN,                                           f"{SEP} yes, 2026-11-23 no",                  JUN,  NOTHING),
    # --- an answer that was taken out of the register
    ("website=blank given=2025-09-01",                f"{SEP} yes, 2026-07-01 blank",               JUN,  LAPSED),
    ("website=blank given=2025-09-01",                f"{SEP} yes, {MAR} blank",                    JUN,  NO),
    # --- forms that ran out
    (f"{GIVEN} expires=2026-08-31",                   f"{SEP} yes",                                 JUN,  LAPSED),
    (f"{GIVEN} expires=2026-06-01",                   f"{SEP} yes",                                 JUN,  LAPSED),
    (f"{GIVEN} expires=2026-05-31",                   f"{SEP} yes",                                 JUN,  NO),
    (f"{GIVEN} expires=2026-11-22",                   f"{SEP} yes",                                 JUN,  NOTHING),
    (f"{GIVEN} expires=2026-11-21",                   f"{SEP} yes",                                 JUN,  LAPSED),
    ("website=no expires=2026-08-31",                 f"{SEP} yes, 2026-07-01 no",                  JUN,  SINCE),
    # --- given after it was posted
    ("website=yes",                                   f"{SEP} no, 2026-07-01 yes",                  JUN,  LATER),
    ("website=yes",                                   f"{SEP} blank, 2026-07-01 yes",               JUN,  LATER),
    ("website=yes",                                   f"{SEP} yes, {MAR} no, 2026-07-01 yes",       JUN,  LATER),
    ("website=yes",                                   f"{SEP} no, {JUN} yes",                       JUN,  NOTHING),
    # --- the first yes is later than the post (a form's date says nothing of earlier years: forms are renewed)
    ("website=yes given=2026-09-01",                  "",                                           JUN,  NOTHING),
    ("website=yes given=2026-06-02",                  "",                                           JUN,  NOTHING),
    ("website=yes given=2026-06-01",                  "",                                           JUN,  NOTHING),
    ("website=no given=2026-09-01",                   "",                                           JUN,  NO),
    ("website=yes",                                   "2026-11-22 yes",                             JUN,  LATER),
    ("website=yes",                                   "2026-09-01 yes",                             JUN,  LATER),
    ("website=yes",                                   f"{JUN} yes",                                 JUN,  NOTHING),
    ("website=yes",                                   "2026-07-01 no, 2026-09-01 yes",              JUN,  LATER),
    ("website=yes",                                   "2026-07-01 blank, 2026-09-01 yes",           JUN,  LATER),
    ("website=no",                                    "2026-09-01 yes, 2026-10-01 no",              JUN,  NO),
    ("website=yes given=2026-09-01",                  "2026-09-01 form",                            JUN,  NOTHING),
    ("website=yes",                                   "2026-07-01 no, 2026-09-01 changed",          JUN,  LATER),
    # --- ... but the day on which the program first saw a cell is no day on which anybody answered
    ("website=yes",                                   "2026-11-22 seen",                            JUN,  NOTHING),
    ("website=yes given=2026-09-01",                  "2026-11-22 seen",                            JUN,  NOTHING),
    ("website=yes given=2025-09-01",                  "2026-11-22 seen",                            JUN,  NOTHING),
    ("website=yes",                                   "2026-09-01 seen, 2026-10-01 yes",            JUN,  NOTHING),
    ("website=no",                                    "2026-09-01 seen, 2026-10-01 no",             JUN,  NO),
    # --- no day can be told for the post
    (GIVEN,                                           f"{SEP} yes",                                 "",   NOTHING),
    ("website=no",                                    f"{SEP} yes, 2026-07-01 no",                  "",   NO),
    ("website=blank",                                 f"{SEP} yes, 2026-07-01 blank",               "",   NO),
    (f"{GIVEN} expires=2026-08-31",                   f"{SEP} yes",                                 "",   NO),
    ("website=yes",                                   f"{SEP} no, 2026-07-01 yes",                  "",   NOTHING),
    # --- leavers: what held on the last day stands, a form does not run out, a cleared cell takes nothing back
    (f"{GIVEN} left=2026-07-17",                      f"{SEP} yes",                                 JUN,  NOTHING),
    (f"{GIVEN} left=2026-07-17 expires=2026-08-31",   f"{SEP} yes",                                 JUN,  NOTHING),
    ("website=blank left=2026-07-17",                 f"{SEP} yes, 2026-09-01 blank",               JUN,  NOTHING),
    ("website=no left=2026-07-17",                    f"{SEP} no",                                  JUN,  NO),
    ("website=blank left=2026-07-17",                 "",                                           JUN,  NO),
    (f"{GIVEN} left=2026-07-17 expires=2026-05-31",   f"{SEP} yes",                                 JUN,  NO),
    # ... and covers nothing that was posted after it
    (f"{GIVEN} left=2026-05-22",                      f"{SEP} yes",                                 JUN,  NO),
    (f"{GIVEN} left=2026-06-01",                      f"{SEP} yes",                                 JUN,  NOTHING),
    # ... but a refusal made since counts, and nothing posted after the form's end was permitted
    (f"{GIVEN} left=2026-07-17 withdrawn=2026-09-01", f"{SEP} yes",                                 JUN,  SINCE),
    ("website=no left=2026-07-17",                    f"{SEP} yes, 2026-09-01 no",                  JUN,  SINCE),
    ("website=no left=2026-07-17",                    f"{SEP} yes, 2026-09-01 no, 2026-09-02 blank", JUN, SINCE),
    ("website=yes left=2026-07-17",                   f"{SEP} yes, 2026-09-01 no, 2026-09-02 yes",  JUN,  NOTHING),
    (f"{GIVEN} left=2026-07-17 withdrawn=2026-12-01", f"{SEP} yes",                                 JUN,  NOTHING),
    ("website=yes left=2026-07-17",                   f"{SEP} no, 2026-09-01 yes",                  JUN,  NO),
    (f"{GIVEN} left=2026-07-17 expires=2026-08-31",   f"{SEP} yes",                                 "2026-09-05", NO),
    (f"{GIVEN} left=2026-11-22 expires=2026-11-21",   f"{SEP} yes",                                 JUN,  LAPSED),
    # --- never_publish beats everything
    (f"{GIVEN} never=yes",                            f"{SEP} yes",                                 JUN,  NEVER),
    ("website=no never=yes",                          f"{SEP} no",                                  JUN,  NEVER),
    (f"{GIVEN} never=yes left=2026-07-17",            f"{SEP} yes",                                 JUN,  NEVER),
    (f"{GIVEN} never=yes",                            f"{SEP} yes",                                 "",   NEVER),
    (f"{GIVEN} never=yes withdrawn=2026-01-01",       f"{SEP} yes",                                 JUN,  NEVER),
]  # fmt: skip


@pytest.mark.parametrize(("register", "history", "posted", "follows"), TABLE)
def test_what_follows_if_the_pupil_is_in_the_post(
    register: str, history: str, posted: str, follows: tuple[str, str, str] | None
) -> None:
    school = declared([pupil("P001", register)], history=dated("P001", "website", history))
    found = verdict(post(on=posted), "P001", school)
    assert (astuple(found)[:3] if found else None) == follows


@pytest.mark.parametrize(("register", "history", "posted", "follows"), TABLE)
def test_a_reason_is_calm_and_names_nobody(
    register: str, history: str, posted: str, follows: tuple[str, str, str] | None
) -> None:
    found = verdict(
        post(on=posted),
        "P001",
        declared([pupil("P001", register)], history=dated("P001", "website", history)),
    )
    if found is None:
        return
    assert found.reason.endswith(".")
    assert "Maya" not in found.reason and "Day" not in found.reason
    assert not any(word in found.reason.lower() for word in ("compliant", "unlawful", "illegal", "!"))


@pytest.mark.parametrize("asked", CHANNELS)
@pytest.mark.parametrize("answered", CHANNELS)
def test_an_answer_counts_for_its_own_channel_alone(asked: Channel, answered: Channel) -> None:
    school = declared(
        [pupil("P001", f"{answered}=yes given=2025-09-01")],
        history=dated("P001", answered, f"{SEP} yes"),
        channel=asked,
    )
    assert (verdict(post(), "P001", school) is None) is (asked == answered)


def test_never_publish_says_nothing_of_consent() -> None:
    school = declared([pupil("P001", "website=no never=yes withdrawn=2026-01-01")])
    found = verdict(post(), "P001", school)
    assert found is not None
    assert found.reason == "This pupil is never to be published on any channel."


def test_nothing_follows_for_staff() -> None:
    assert verdict(post(), "staff-A001", declared([pupil()])) is None


@pytest.mark.parametrize("person_id", ["P999", "A001", "Staff-A001", ""])
def test_whoever_is_neither_staff_nor_in_the_register_is_never_taken_for_permitted(person_id: str) -> None:
    found = verdict(post(), person_id, declared([pupil()]))
    assert found is not None
    assert astuple(found)[:3] == ("unknown_faces", "week", "review")


@pytest.mark.parametrize(
    ("register", "history", "on", "says"),
    [
        (GIVEN, "", "2025-09-01", Permission("yes", date(2025, 9, 1))),
        (GIVEN, "", "2025-08-31", Permission("unknown")),
        ("website=yes", "", "2025-08-31", Permission("unknown")),
        ("website=no given=2025-09-01", "", "2025-08-31", Permission("no", date(2025, 9, 1))),
        ("", "", "2025-08-31", Permission("not_recorded")),
        ("", f"{SEP} yes, {MAR} no", "2025-08-31", Permission("not_yet", date(2025, 9, 1))),
        ("", f"{SEP} no, {MAR} yes", "2025-08-31", Permission("not_yet", date(2026, 3, 1))),
        ("", f"{SEP} no", "2025-08-31", Permission("unknown")),
        ("", f"{SEP} seen", "2025-08-31", Permission("unknown")),
        ("", f"{SEP} seen", SEP, Permission("yes", date(2025, 9, 1))),
        ("", f"{SEP} yes, {MAR} no", SEP, Permission("yes", date(2025, 9, 1))),
        ("", f"{SEP} yes, {MAR} no", "2026-02-28", Permission("yes", date(2025, 9, 1))),
        ("", f"{SEP} yes, {MAR} no", MAR, Permission("withdrawn", date(2026, 3, 1))),
        ("", f"{SEP} no", MAR, Permission("no", date(2025, 9, 1))),
        ("", f"{SEP} yes, {MAR} blank", MAR, Permission("not_recorded", date(2026, 3, 1))),
        ("expires=2026-03-01", f"{SEP} yes", MAR, Permission("yes", date(2025, 9, 1))),
        ("expires=2026-03-01", f"{SEP} yes", "2026-03-02", Permission("expired", date(2026, 3, 1))),
        ("withdrawn=2026-03-01", f"{SEP} yes", "2026-02-28", Permission("yes", date(2025, 9, 1))),
        ("withdrawn=2026-03-01", f"{SEP} yes", MAR, Permission("withdrawn", date(2026, 3, 1))),
    ],
)
def test_what_the_register_says_of_a_day(register: str, history: str, on: str, says: Permission) -> None:
    answers = {("P001", "website"): dated("P001", "website", history)} if history else {}
    assert permission_on(pupil("P001", register), answers, "website", date.fromisoformat(on)) == says  # type: ignore[arg-type]


def test_a_permission_that_came_later_is_told_with_its_day() -> None:
    school = declared([pupil("P001", "website=yes")], history=dated("P001", "website", "2026-09-01 yes"))
    then, now = permissions(post(on=JUN), "P001", school)
    assert then is not None
    assert describe(then) == "not given before 1 September 2026"
    assert describe(now) == "given (1 September 2026)"


def test_tomorrow_a_withdrawal_of_tomorrow_counts() -> None:
    one = pupil("P001", f"{GIVEN} withdrawn=2026-11-23")
    assert permission_today(one, {}, "website", TODAY).allowed
    assert not permission_today(one, {}, "website", date(2026, 11, 23)).allowed


def test_only_a_recorded_yes_allows() -> None:
    assert Permission("yes").allowed
    for standing in ("no", "not_recorded", "withdrawn", "expired", "unknown", "not_yet"):
        assert not replace(Permission("yes"), standing=standing).allowed
