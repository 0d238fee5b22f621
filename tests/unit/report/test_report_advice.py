"""What a reader is told to do fits who spoke and what the policy says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import auditbot
from auditbot.check.please_read import please_read_clauses
from auditbot.model import Finding
from auditbot.present.kinds import KINDS
from auditbot.present.wording import nothing_to_take_down, steps
from tests.unit.report import report_sample as sample


def finding(clause: str, kind: str) -> Finding:
    evidence = sample.text("Add me tonight, it is our secret.", "Add me tonight")
    return sample.finding("a", clause=clause, kind=kind, pupil_ids=(), post_url=sample.STAR, evidence=evidence)


@pytest.mark.parametrize(
    ("clause", "kind"), [("C9", "words_contact"), ("B6", "words_complaint"), ("C7", "words_conduct")]
)
def test_words_of_staff_are_kept_spoken_of_to_nobody_and_referred_today(clause: str, kind: str) -> None:
    told = steps(finding(clause, kind))
    assert "Keep the evidence" in told[0]
    assert "Speak to nobody" in told[1]
    together = " ".join(told)
    assert "Headteacher today" in together and "LADO" in together and "(refer)" in together
    assert "ask the member of staff" not in together
    assert nothing_to_take_down(finding(clause, kind))


def test_contact_with_a_child_names_the_police_if_there_is_danger() -> None:
    assert "police: 999" in " ".join(steps(finding("C9", "words_contact")))


@pytest.mark.parametrize(
    ("clause", "kind"), [("D2", "words_complaint"), ("E2", "words_hurtful"), ("C6", "words_advertisement")]
)
def test_what_others_say_is_no_referral(clause: str, kind: str) -> None:
    assert "Speak to nobody" not in " ".join(steps(finding(clause, kind)))
    assert not nothing_to_take_down(finding(clause, kind))


def test_a_threat_is_read_today_kept_and_the_police_are_named() -> None:
    together = " ".join(steps(finding("E2", "words_hurtful")))
    assert "today" in together and "keep the evidence" in together and "police: 999" in together


def test_every_kind_that_a_check_names_has_its_heading_and_its_steps() -> None:
    named = set()
    for path in (Path(auditbot.__file__).parent / "check").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in KINDS:
                named.add(node.value)
            if isinstance(node, ast.keyword) and node.arg == "kind" and isinstance(node.value, ast.Constant):
                named.add(str(node.value.value))
    named |= set(please_read_clauses.KINDS.values())
    kinds_of_texts = {"post", "alt", "caption", "filename", "address", "comment", "author", "byline", "newsletter"}
    kinds_of_texts |= {"ocr", "stable"}
    unknown = {name for name in named - kinds_of_texts if name not in KINDS}
    assert unknown == set()
    assert len(named & set(KINDS)) > 35
    for kind in KINDS.values():
        assert kind.heading and kind.steps and all(step.endswith(".") or step.endswith("?") for step in kind.steps)


def test_no_step_names_a_file_or_a_command() -> None:
    for kind in KINDS.values():
        for step in kind.steps:
            assert "config/" not in step and "auditbot" not in step and ".toml" not in step
