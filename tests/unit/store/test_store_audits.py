"""Findings over the audits: new, still there, gone with proof, back again; and audits that were cut short."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from auditbot.model import Audit, Coverage, Finding, NotChecked, PostGone, Why
from auditbot.sentences import quoted
from auditbot.store import Store
from auditbot.store.values import finding_from_json, finding_to_json
from tests.unit.store.facts import FINDINGS, NIGHT, NOON, URL, finding, post

A, B = "a" * 64, "b" * 64
HOUR = timedelta(hours=1)
REACHED = Coverage("website", "complete", 1, 0)


def night(
    store: Store,
    number: int,
    *findings: Finding,
    notes: tuple[NotChecked, ...] = (),
    coverage: Coverage = REACHED,
    visit: bool = True,
    end: bool = True,
) -> Audit:
    """Run the store's part of one audit, ``number`` nights after the first, and return its result."""
    now = NOON + number * NIGHT
    audit = store.audits.begin(now, "all")
    if visit:
        store.audits.save_coverage(audit, coverage, notes, started_at=now, at=now + HOUR / 2)
    store.audits.carry_forward(audit, "website")
    store.audits.save_check(
        audit,
        now + HOUR,
        findings=findings,
        not_checked=(),
        ended={
            one.id: store.published.gone_proofs().get((one.account, one.post_url), "")
            for one in store.audits.open_findings()
            if one.id not in {derived.id for derived in findings}
        },
        versions={"auditbot": "1"},
        posts_without_finding=3,
    )
    if end:
        store.audits.mark_reported(audit, now + HOUR)
        store.audits.end(audit, now + HOUR)
    return store.audits.load(audit)


def states(audit: Audit) -> dict[str, str]:
    return {tracked.finding.id: tracked.state for tracked in audit.findings}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=FINDINGS)
def test_a_finding_as_text_comes_back_as_it_was(one: Finding) -> None:
    assert finding_from_json(finding_to_json(one)) == one


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=FINDINGS)
def test_a_finding_in_the_file_comes_back_as_it_was(store: Store, one: Finding) -> None:
    audit = night(store, 0, one)
    assert [tracked.finding for tracked in audit.findings if tracked.state != "gone"] == [one]


def test_the_life_of_a_finding(store: Store) -> None:
    store.published.save_post(post(), NOON)
    first = night(store, 0, finding())
    assert states(first) == {"f1": "new"}
    second = night(store, 1, finding())
    assert states(second) == {"f1": "open"}
    third = night(store, 2)
    assert states(third) == {"f1": "gone"}
    fourth = night(store, 3)
    assert states(fourth) == {}
    fifth = night(store, 4, finding())
    assert states(fifth) == {"f1": "back"}
    sixth = night(store, 5, finding())
    assert states(sixth) == {"f1": "open"}

    (new,), (still,), (gone,), (back,) = first.findings, second.findings, third.findings, fifth.findings
    assert (new.first_seen, new.last_seen) == (NOON + HOUR, NOON + HOUR)
    assert (still.first_seen, still.last_seen) == (NOON + HOUR, NOON + NIGHT + HOUR)
    assert (gone.last_seen, gone.gone_at) == (NOON + NIGHT + HOUR, NOON + 2 * NIGHT + HOUR)
    assert (back.first_seen, back.gone_at, back.proof) == (NOON + HOUR, None, "")


def test_the_newest_reading_of_a_finding_replaces_the_earlier_one(store: Store) -> None:
    night(store, 0, finding(severity="week"))
    (tracked,) = night(store, 1, finding(severity="today")).findings
    assert tracked.finding.severity == "today"


def test_gone_says_how_that_is_known(store: Store) -> None:
    there, away = f"{URL}/there", f"{URL}/away"
    for url in (there, away):
        store.published.save_post(post(url), NOON)
    night(store, 0, finding("f1", url=there), finding("f2", url=away))
    store.published.mark_gone(PostGone("website", away, quoted("The page answers 404 Not Found.")), NOON + NIGHT)
    audit = night(store, 1)
    assert {tracked.finding.id: tracked.proof for tracked in audit.findings} == {
        "f1": "",
        "f2": "The page answers 404 Not Found.",
    }


def test_a_finding_tells_when_its_page_was_last_reached(store: Store) -> None:
    store.published.save_post(post(), NOON)
    (tracked,) = night(store, 1, finding(), visit=False).findings
    assert tracked.last_checked == NOON


def test_an_audit_cut_short_goes_on_under_its_id_and_its_findings_stay_new(store: Store) -> None:
    cut = night(store, 0, finding("f1"), end=False)
    assert store.audits.begin(NOON + 11 * HOUR, "all") == cut.id
    assert store.audits.already_collected(cut.id) == {"website"}
    resumed = night(store, 0, finding("f1"), finding("f2"))
    assert resumed.id == cut.id
    assert states(resumed) == {"f1": "new", "f2": "new"}
    assert store.audits.begin(NOON + 2 * HOUR, "all") != cut.id


@pytest.mark.parametrize(("why", "visited_again"), [(Why.ROOM, True), (Why.FAILED, False)])
def test_an_account_that_lacked_room_on_the_disk_is_visited_again(store: Store, why: Why, visited_again: bool) -> None:
    cut = store.audits.begin(NOON, "all")
    coverage = Coverage("website", "partial", 1, 0, quoted("One photo is missing."))
    missed = NotChecked("website", f"{URL}/a.jpg", "photo", quoted("No room."), why=why)
    store.audits.save_coverage(cut, coverage, [missed], started_at=NOON, at=NOON)
    assert ("website" not in store.audits.already_collected(cut)) == visited_again


def test_a_nightly_audit_never_takes_the_visits_of_the_night_before_for_its_own(store: Store) -> None:
    cut = night(store, 0, end=False)
    next_night = store.audits.begin(NOON + NIGHT - HOUR, "all")
    assert next_night != cut.id
    assert store.audits.already_collected(next_night) == frozenset()


def test_only_the_same_request_goes_on_with_an_audit_cut_short(store: Store) -> None:
    cut = store.audits.begin(NOON, "posts since November")
    assert store.audits.begin(NOON + HOUR, "all") != cut
    assert store.audits.begin(NOON + HOUR, "posts since November") == cut


def test_a_visit_carried_forward_is_no_visit_of_an_audit_cut_short(store: Store) -> None:
    night(store, 0)
    cut = night(store, 1, visit=False, end=False)
    assert cut.coverage == (REACHED,)
    assert store.audits.already_collected(cut.id) == frozenset()


def test_what_was_never_reported_is_news_of_the_next_report(store: Store) -> None:
    audit = night(store, 0, finding("f1"), end=False)
    store.audits.end(audit.id, NOON + HOUR)
    assert states(night(store, 1, finding("f1"))) == {"f1": "new"}
    assert states(night(store, 2, finding("f1"))) == {"f1": "open"}


def test_an_open_finding_neither_derived_nor_ended_stays_open(store: Store) -> None:
    night(store, 0, finding("f1"))
    audit = store.audits.begin(NOON + NIGHT, "all")
    facts = {"findings": (), "ended": {}, "versions": {}, "posts_without_finding": 0}
    store.audits.save_check(audit, NOON + NIGHT, not_checked=(), **facts)  # type: ignore[arg-type]
    assert states(store.audits.load(audit)) == {"f1": "open"}


def test_only_accounts_visited_to_the_end_are_passed_over_when_an_audit_goes_on(store: Store) -> None:
    audit = store.audits.begin(NOON, "all")
    for name, status in [("a", "complete"), ("b", "partial"), ("c", "walled"), ("d", "error")]:
        store.audits.save_coverage(audit, Coverage(name, status, 1, 1, "why"), (), started_at=NOON, at=NOON)  # type: ignore[arg-type]
    assert store.audits.already_collected(audit) == {"a", "b"}


def test_what_an_abandoned_audit_noticed_is_news_of_the_next(store: Store) -> None:
    night(store, 0, finding("open"), finding("leaves"), finding("returns"))
    night(store, 1, finding("open"), finding("leaves"))
    cut = night(store, 2, finding("open"), finding("returns"), finding("arrives"), end=False)
    wanted = {"open": "open", "leaves": "gone", "returns": "back", "arrives": "new"}
    assert states(cut) == wanted
    after = night(store, 3.5, finding("open"), finding("returns"), finding("arrives"))  # type: ignore[arg-type]
    assert after.id != cut.id
    assert states(after) == wanted
    assert states(night(store, 5, finding("open"), finding("returns"), finding("arrives"))) == {
        "open": "open",
        "returns": "open",
        "arrives": "open",
    }


def test_two_audits_begun_in_one_second_have_two_ids(store: Store) -> None:
    ids = []
    for _ in range(3):
        audit = store.audits.begin(NOON, "all")
        store.audits.end(audit, NOON)
        ids.append(audit)
    assert ids == ["2026-11-22T12-00-00", "2026-11-22T12-00-00-2", "2026-11-22T12-00-00-3"]


WALL = NotChecked("website", "https://www.larkmere.example/", "account", quoted("A log-in page."))


def test_an_account_not_visited_repeats_what_its_last_visit_said(store: Store) -> None:
    walled = Coverage("website", "walled", 2, 5, quoted("A log-in page."))
    night(store, 0, coverage=walled, notes=(WALL,))
    audit = night(store, 1, visit=False)
    assert audit.coverage == (walled,)
    assert audit.not_checked == (WALL,)
    assert not audit.complete
    assert store.audits.visits(audit.id) == {"website": NOON}
    third = night(store, 2, visit=False)
    assert (third.coverage, third.not_checked) == ((walled,), (WALL,))


def test_an_account_never_visited_is_not_clean(store: Store) -> None:
    audit = night(store, 0, visit=False)
    assert audit.coverage == (Coverage("website", "error", 0, 0, quoted("Its pages have not been visited yet.")),)
    assert not audit.complete
    assert store.audits.visits(audit.id) == {}


def test_carrying_forward_leaves_a_visit_of_this_audit_alone(store: Store) -> None:
    night(store, 0, coverage=Coverage("website", "error", 0, 0, quoted("down")), notes=(WALL,))
    audit = night(store, 1)
    assert (audit.coverage, audit.not_checked, audit.complete) == ((REACHED,), (), True)


def test_a_second_visit_in_one_audit_replaces_the_first(store: Store) -> None:
    audit = store.audits.begin(NOON, "all")
    store.audits.save_coverage(
        audit, Coverage("website", "partial", 1, 1, quoted("cut")), (WALL, WALL), started_at=NOON, at=NOON
    )
    store.audits.save_coverage(audit, REACHED, (), started_at=NOON, at=NOON)
    assert night(store, 0, visit=False).coverage == (REACHED,)
    assert store.audits.load(audit).not_checked == ()


def test_complete_means_every_account_reached_and_nothing_left_unchecked(store: Store) -> None:
    assert night(store, 0).complete
    assert not night(store, 1, notes=(WALL,)).complete
    assert not night(store, 2, coverage=Coverage("website", "partial", 1, 0, quoted("cut"))).complete
    audit = store.audits.begin(NOON + 3 * NIGHT, "all")
    store.audits.save_coverage(audit, REACHED, (), started_at=NOON, at=NOON)
    missing = NotChecked("", "", "faces", quoted("No assessment."))
    facts = {"findings": (), "ended": {}, "versions": {}, "posts_without_finding": 0}
    store.audits.save_check(audit, NOON, not_checked=(missing,), **facts)  # type: ignore[arg-type]
    assert not store.audits.load(audit).complete
    store.audits.save_check(audit, NOON, not_checked=(), **facts)  # type: ignore[arg-type]
    assert store.audits.load(audit).complete


def test_checking_again_writes_nothing_twice(store: Store) -> None:
    notes = (
        NotChecked("website", "u", "photo", quoted("cut short")),
        NotChecked("website", "", "page", quoted("hangs")),
    )
    for _ in range(2):
        audit = night(store, 0, finding(), notes=notes, end=False)
        assert audit.not_checked == notes[::-1]
        assert states(audit) == {"f1": "new"}
        assert (audit.versions, audit.posts_without_finding) == ({"auditbot": "1"}, 3)


def test_findings_come_most_urgent_first_and_gone_ones_last(store: Store) -> None:
    gone = finding("g", severity="today")
    night(store, 0, gone)
    found = [
        finding("w", severity="week"),
        finding("v", severity="governance"),
        finding("t2", url=f"{URL}/b"),
        finding("t1", url=f"{URL}/a"),
    ]
    first = night(store, 1, *found)
    assert [tracked.finding.id for tracked in first.findings] == ["t1", "t2", "w", "v", "g"]
    again = night(store, 2, *reversed(found))
    assert [tracked.finding.id for tracked in again.findings] == ["t1", "t2", "w", "v"]


def test_photos_are_kept_while_a_finding_shows_them_and_for_a_set_time_after(store: Store) -> None:
    night(store, 0, finding("f1", sha256=A), finding("f2", sha256=B), finding("f3"))
    assert store.audits.photos_in_findings(NOON + 500 * NIGHT) == {A, B}
    night(store, 1, finding("f2", sha256=B), finding("f3"))
    ended = NOON + NIGHT + HOUR
    assert store.audits.photos_in_findings(ended - HOUR) == {A, B}
    assert store.audits.photos_in_findings(ended) == {B}
    in_tokyo = (ended - HOUR / 2).astimezone(ZoneInfo("Asia/Tokyo"))
    assert store.audits.photos_in_findings(in_tokyo) == {A, B}


def test_the_newest_audit_that_was_checked_is_the_latest(store: Store) -> None:
    assert store.audits.latest() is None
    first = night(store, 0)
    store.audits.begin(NOON + NIGHT, "all")
    assert store.audits.latest() == first.id
    assert night(store, 1).id == store.audits.latest()


def test_a_night_counts_as_audited_only_if_pages_were_visited_to_the_end(store: Store) -> None:
    assert store.audits.last_started() is None
    night(store, 0)
    assert store.audits.last_started() == NOON
    night(store, 1, visit=False)
    assert store.audits.last_started() == NOON
    night(store, 2, end=False)
    assert store.audits.last_started() == NOON
    night(store, 3.5)  # type: ignore[arg-type]
    assert store.audits.last_started() == NOON + 3.5 * NIGHT


def test_times_keep_their_zone_over_the_change_of_the_clocks(store: Store) -> None:
    london = ZoneInfo("Europe/London")
    began = datetime(2026, 10, 25, 1, 50, tzinfo=london)
    visited = datetime(2026, 10, 25, 1, 10, fold=1, tzinfo=london)
    audit = store.audits.begin(began, "all")
    store.audits.save_coverage(audit, REACHED, (), started_at=began, at=visited)
    store.audits.end(audit, visited)
    last = store.audits.last_started()
    assert last is not None
    assert last.isoformat() == "2026-10-25T01:50:00+01:00"
    assert store.audits.visits(audit)["website"].isoformat() == "2026-10-25T01:50:00+01:00"


def test_the_newest_audit_of_the_hour_that_comes_twice_is_the_later_one(store: Store) -> None:
    london = ZoneInfo("Europe/London")
    for began in (datetime(2026, 10, 25, 1, 50, tzinfo=london), datetime(2026, 10, 25, 1, 10, fold=1, tzinfo=london)):
        audit = store.audits.begin(began, "all")
        note = NotChecked("website", "", "account", quoted(str(began.utcoffset())))
        store.audits.save_coverage(audit, REACHED, [note], started_at=began, at=began)
        store.audits.end(audit, began)
    assert [str(one.reason) for one in store.audits.missed_now()] == ["0:00:00"]
