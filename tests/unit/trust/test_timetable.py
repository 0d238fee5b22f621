"""One visitor a host at a time, the slow schools first, and every school once."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.settings import Workspace
from auditbot.trust.night import LAST_NIGHT, NOT_BEGUN, run_night
from auditbot.trust.schools import School
from auditbot.trust.timetable import Timetable, Visit

VISITS = st.lists(
    st.tuples(st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=3), st.floats(0, 1e4)), max_size=12
).map(lambda drawn: [Visit(f"school-{number}", hosts, took) for number, (hosts, took) in enumerate(drawn)])


@given(VISITS, st.integers(1, 4), st.randoms(use_true_random=False))
def test_no_host_has_two_visitors_and_none_is_left_out(visits: list[Visit], at_once: int, draw: object) -> None:
    table, running, done = Timetable(visits), list[Visit](), list[Visit]()
    while len(table) or running:
        while len(running) < at_once and (visit := table.begin(other.hosts for other in running)) is not None:
            assert all(visit.hosts.isdisjoint(other.hosts) for other in running)
            running.append(visit)
        done.append(running.pop(draw.randrange(len(running))))  # type: ignore[attr-defined]
    assert sorted(visit.school for visit in done) == sorted(visit.school for visit in visits)


def test_of_those_that_may_begin_the_slowest_does() -> None:
    slow, slower, quick = (Visit(name, frozenset({host}), took) for name, host, took in
                           (("slow", "a", 50), ("slower", "b", 90), ("quick", "c", 1)))  # fmt: skip
    table = Timetable([quick, slow, slower])
    assert table.begin([frozenset({"b"})]) == slow
    assert table.begin([]) == slower
    assert table.begin([frozenset({"c"})]) is None
    assert table.begin([]) == quick


def test_a_night_visits_a_shared_host_one_school_after_the_other(tmp_path: Path) -> None:
    hosts = {"ash": "shared.example", "birch": "shared.example", "cedar": "cedar.example", "fails": "fails.example"}
    schools = []
    for name, host in hosts.items():
        (tmp_path / name / "data").mkdir(parents=True)
        schools.append(School(name.title(), Workspace(tmp_path / name), frozenset({host})))
    log = tmp_path / "log"
    said = (
        "import sys, time; w = lambda text: open(sys.argv[1], 'a').write(text);"
        "w(f'{sys.argv[2]} begins\\n'); time.sleep(.2); w(f'{sys.argv[2]} ends\\n'); sys.exit(int(sys.argv[3]))"
    )

    def command(school: School) -> list[str]:
        return [sys.executable, "-c", said, str(log), school.name, "70" if school.name == "Fails" else "1"]

    audited = {one.school.name: one for one in run_night(tmp_path, schools, 4, command)}
    assert {name: one.code for name, one in audited.items()} == {"Ash": 1, "Birch": 1, "Cedar": 1, "Fails": 70}
    shared = [line for line in log.read_text().splitlines() if line.startswith(("Ash", "Birch"))]
    assert [line.split()[1] for line in shared] == ["begins", "ends", "begins", "ends"]
    assert "Ash" not in (tmp_path / LAST_NIGHT).read_text()
    assert sorted(json.loads((tmp_path / LAST_NIGHT).read_text())) == sorted(hosts)


@pytest.mark.parametrize(
    ("timing", "taken"), [("", "{"), ("[1, 2]", "[]"), ('{"ash": null}', "1"), ('{"ash": 3.5}', "")]
)
def test_a_school_whose_files_are_damaged_stops_no_other(tmp_path: Path, timing: str, taken: str) -> None:
    schools = []
    for name in ("ash", "birch", "cedar"):
        (tmp_path / name / "data").mkdir(parents=True)
        schools.append(School(name, Workspace(tmp_path / name), frozenset()))
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "policy.toml").write_text("")
    for name in ("ash", "cedar"):
        (tmp_path / name / "config").mkdir()
    (tmp_path / "ash" / "data" / "shared.json").write_text(taken)  # and birch has no folder for the policy
    (tmp_path / LAST_NIGHT).write_text(timing)
    audited = run_night(tmp_path, schools, 2, lambda _: [sys.executable, "-c", ""])
    assert {one.school.name: one.code for one in audited} == {"ash": NOT_BEGUN, "birch": NOT_BEGUN, "cedar": 0}
