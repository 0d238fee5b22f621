"""An audit killed at any moment and run again ends as one that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from typing import Any

from tests.cli.conftest import MakeSchool, School, small, without

KILLS = int(os.environ.get("AUDITBOT_KILLS", "8"))
"""So many in the suite, for its time; AUDITBOT_KILLS=20 asks for more."""
SEED = int(os.environ.get("AUDITBOT_KILL_SEED") or random.randrange(2**32))
"""Of the moments: other ones each time, and the same again with the seed that a failure prints."""
SINCE = "2026-11-12"


def test_killed_at_random_moments_and_run_again_ends_the_same(fresh: MakeSchool) -> None:
    """SIGKILL at moments drawn over a whole run; whenever a run reaches its end, a new workspace takes over."""
    undisturbed = small(fresh())
    started = time.monotonic()
    expected = undisturbed.audit("--since", SINCE)
    whole = time.monotonic() - started
    posts = undisturbed.posts()
    assert expected["findings"] and posts
    moments = random.Random(SEED)
    print(f"AUDITBOT_KILL_SEED={SEED}")
    school, kills = small(fresh()), 0
    while kills < KILLS:
        if _killed_after(school, moments.uniform(0.3, whole)):
            kills += 1
        else:
            _assert_same(school, posts, expected)
            school = small(fresh())
    _assert_same(school, posts, expected)


def _killed_after(school: School, seconds: float) -> bool:
    process = subprocess.Popen(
        school.command("audit", "--since", SINCE),
        env=school.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _assert_same(school: School, posts: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    got = school.audit("--since", SINCE)
    assert school.posts() == posts
    # Without their state: the run that was killed may already have told of a finding once.
    assert [without(finding, "state") for finding in got["findings"]] == [
        without(finding, "state") for finding in expected["findings"]
    ]
    assert got["not_checked"] == expected["not_checked"]
