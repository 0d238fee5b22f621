"""A template of a child's face may be held for one combination of what is recorded only: tried over all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from auditbot.registers.declared import rights, why_no_template
from auditbot.registers.people import BiometricAnswers, Pupil, StaffMember
from tests.unit.check.school import declared

TODAY = date(2026, 11, 22)
BEFORE, AFTER = TODAY - timedelta(days=30), TODAY + timedelta(days=30)
DAYS = (None, BEFORE, TODAY, AFTER)
SAID = (True, False, None)


def pupil(
    notified: date | None = BEFORE,
    consent: bool | None = True,
    consent_on: date | None = BEFORE,
    objection: bool | None = None,
    child_objects: bool | None = None,
    withdrawn: date | None = None,
    left: date | None = None,
) -> Pupil:
    recorded = BiometricAnswers(notified, consent, consent_on, objection, child_objects, withdrawn)
    return Pupil("P001", "Maya", "Day", left_on=left, biometric=recorded)


def test_only_the_one_right_combination_opens_the_gate() -> None:
    opened = 0
    for notified, consent, consent_on, objection, child, withdrawn, left in product(
        DAYS, SAID, DAYS, SAID, SAID, DAYS, DAYS
    ):
        right = (
            notified in (BEFORE, TODAY)
            and consent is True
            and consent_on != AFTER
            and objection is not True
            and child is not True
            and withdrawn in (None, AFTER)
            and left in (None, TODAY, AFTER)
        )
        reason = why_no_template(pupil(notified, consent, consent_on, objection, child, withdrawn, left), TODAY)
        assert (reason == "") is right, (notified, consent, consent_on, objection, child, withdrawn, left, reason)
        opened += right
    assert opened == 2 * 1 * 3 * 2 * 2 * 2 * 3


@pytest.mark.parametrize("website", SAID)
@pytest.mark.parametrize("social_media", SAID)
def test_permission_for_photos_never_implies_it(website: bool | None, social_media: bool | None) -> None:
    answers = {"website": website, "social_media": social_media}
    allowed = Pupil("P001", "Maya", "Day", answers=answers)  # type: ignore[arg-type]
    assert why_no_template(allowed, TODAY) == "no record that each parent was notified"


@pytest.mark.parametrize("allowed", [True, False])
def test_of_whom_a_template_may_be_held_is_nobody_without_an_impact_assessment(allowed: bool) -> None:
    may, left = pupil(), replace(pupil(left=BEFORE), pupil_id="P002")
    head = StaffMember("staff-head", "Mrs", "Ann", "Hale", "Headteacher", biometric_consent=True)
    cook = StaffMember("staff-cook", "Mr", "Tom", "Reed", "Cook")
    found = rights(declared([may, left], staff=[head, cook], today=TODAY), matching_allowed=allowed)
    assert found.may_hold == ({"P001", "staff-head"} if allowed else set())
    assert found.why_not == {"P002": f"left on {BEFORE}"}


REASONS = [
    (pupil(left=BEFORE), f"left on {BEFORE}"),
    (pupil(objection=True), "a parent objects"),
    (pupil(child_objects=True), "the child objects"),
    (pupil(withdrawn=TODAY), f"biometric consent withdrawn on {TODAY}"),
    (pupil(notified=None), "no record that each parent was notified"),
    (pupil(notified=AFTER), "no record that each parent was notified"),
    (pupil(consent=False), "biometric consent declined"),
    (pupil(consent=None), "no biometric consent recorded"),
    (pupil(consent_on=AFTER), f"biometric consent starts on {AFTER}"),
    (pupil(objection=True, child_objects=True, consent=False), "a parent objects"),
]


@pytest.mark.parametrize(("who", "reason"), REASONS, ids=[reason for _, reason in REASONS])
def test_the_data_manager_is_told_why_not(who: Pupil, reason: str) -> None:
    assert why_no_template(who, TODAY) == reason
