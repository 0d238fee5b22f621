"""Looking once more: the audit of one post as a process of its own, and what the task says of it afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from auditbot.decisions.decided import State
from auditbot.run import one_at_a_time
from tests.review.conftest import Site
from tests.review.test_roles import a_task


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[list[str]]]:
    """Let the audits of posts end with these codes, one after another, and return the commands they were begun by."""

    def ending(*codes: int) -> list[list[str]]:
        left, begun = list(codes), list[list[str]]()

        def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
            begun.append(command)
            return subprocess.CompletedProcess(command, left.pop(0))

        monkeypatch.setattr("auditbot.review.asking.recheck.subprocess.run", run)
        monkeypatch.setattr("auditbot.review.asking.recheck.time.sleep", lambda _: None)
        return begun

    return ending


def looked(site: Site) -> str:
    from auditbot.review.asking.recheck import look_again
    from auditbot.review.people.models import Task

    a_task(site)
    task = Task.objects.order_by("pk")[0]
    look_again(task.pk)
    return str(Task.objects.get(pk=task.pk).looked)


def test_the_post_of_the_task_is_visited_and_what_is_still_there_is_told(
    site: Site, audits: Callable[..., list[list[str]]]
) -> None:
    begun = audits(1)
    assert looked(site) == "there"
    assert [command[-2:] for command in begun] == [["--post", "-"]]  # its address stands in no list of commands


@pytest.mark.parametrize(("codes", "expected"), [((2, 2, 3), "there"), ((70,), "failed"), ((2,) * 20, "failed")])
def test_an_audit_that_cannot_begin_is_tried_again_and_one_that_fails_is_told(
    codes: tuple[int, ...], expected: str, site: Site, audits: Callable[..., list[list[str]]]
) -> None:
    begun = audits(*codes)
    with one_at_a_time(site.workspace):
        assert looked(site) == expected
    assert len(begun) == len(codes)


def test_what_no_waiting_mends_is_told_at_once(site: Site, audits: Callable[..., list[list[str]]]) -> None:
    begun = audits(2)
    assert looked(site) == "failed" and len(begun) == 1


def test_what_is_seen_gone_is_told_so(
    site: Site, audits: Callable[..., list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditbot.review.asking import recheck

    audits(0)
    monkeypatch.setattr(recheck, "GONE", tuple(State))
    assert looked(site) == "gone"


def test_a_task_that_is_no_more_is_left(site: Site, audits: Callable[..., list[list[str]]]) -> None:
    from auditbot.review.asking.recheck import look_again

    begun = audits()
    look_again(999_999)
    assert begun == []
