"""Which "please read" are shown in full: at most ten, the same words once, never fewer than need somebody today."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from auditbot.check.please_read.ranking import MOST, OF_PLEASE_READ, ranked
from auditbot.model import Finding, TextEvidence
from auditbot.sentences import quoted


def finding(number: int, words: str, kind: str = "words_campaign", score: float = 0.6, today: bool = False) -> Finding:
    return Finding(
        id=f"{number:04}",
        clause="E2" if today else "C6",
        kind=kind,
        severity="today" if today else "week",
        band="review",
        account="website",
        post_url=f"http://school.invalid/{number}",
        posted_at=None,
        evidence=TextEvidence("text", f"Hello. {words}", 7, 7 + len(words)),
        pupil_ids=(),
        score=score,
        explanation=quoted("Please read."),
    )


def test_the_worst_ten_are_shown_and_the_rest_counted_by_kind() -> None:
    findings = [finding(n, f"words {n}", score=0.5 + n / 100) for n in range(13)]
    findings += [finding(20 + n, f"offer {n}", "words_advertisement", 0.5) for n in range(2)]
    shown = ranked(findings)
    assert [told.finding.id for told in shown.told] == [f"{n:04}" for n in range(12, 2, -1)]
    assert [(fold.kind, fold.different) for fold in shown.folded] == [("words_campaign", 3), ("words_advertisement", 2)]


def test_the_same_words_are_shown_once_an_account() -> None:
    footer = [finding(n, "Sign the  petition" if n else "sign the petition") for n in range(5)]
    elsewhere = replace(finding(9, "sign the petition"), account="facebook")
    shown = ranked([*footer, elsewhere])
    assert [len(told.also) for told in shown.told] == [4, 0]
    assert shown.folded == ()


def test_what_needs_somebody_today_is_always_shown_first() -> None:
    urgent = [finding(n, f"threat {n}", "words_hurtful", 0.5, today=True) for n in range(14)]
    shown = ranked([finding(99, "an offer", "words_advertisement", 0.99), *urgent])
    assert len(shown.told) == 14
    assert {told.finding.severity for told in shown.told} == {"today"}
    assert [fold.kind for fold in shown.folded] == ["words_advertisement"]


def test_other_findings_are_not_ranked_here() -> None:
    assert ranked([finding(1, "Okonkwo", "surname")]).told == ()


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(sorted(OF_PLEASE_READ)), st.booleans()), max_size=60))
def test_nothing_is_lost(rows: list[tuple[int, str, bool]]) -> None:
    findings = [finding(n, f"words {word}", kind, today=today) for n, (word, kind, today) in enumerate(rows)]
    shown = ranked(findings)
    kept = [one.id for told in shown.told for one in (told.finding, *told.also)]
    kept += [one.id for fold in shown.folded for one in fold.findings]
    assert sorted(kept) == sorted(one.id for one in findings)
    urgent = sum(told.finding.severity == "today" for told in shown.told)
    assert len(shown.told) <= max(MOST, urgent)
