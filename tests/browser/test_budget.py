"""What an audit may take of time and disk is kept, and what was left because of it is named."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from auditbot.collect.files import NO_ROOM
from auditbot.collect.stage import collect
from auditbot.examine.workers import ExamineWorkers
from auditbot.model import NotChecked, Why
from auditbot.registers.accounts import Account
from auditbot.run import Run, local_now
from auditbot.settings import Collect, School, Settings, Workspace
from auditbot.store import Store
from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import article, listing, photo


class Silent:
    """Shows nothing."""

    def start(self, stage: str, total: int | None) -> None: ...
    def advance(self, stage: str) -> None: ...
    def finish(self, stage: str) -> None: ...


def night(folder: Path, site: LittleServer, names: list[str], seconds: float, **options: float) -> list[NotChecked]:
    """Collect these accounts, all of them the little site, and return what was left."""
    limits = Collect(delay_seconds=0.0, allow_loopback=(site.address,), **options)  # type: ignore[arg-type]
    settings = Settings(school=School(name="Larkmere"), collect=limits)
    accounts = {name: Account(name, f"{site.url}/{name}") for name in names}
    declared = SimpleNamespace(accounts=accounts)
    with Store(folder / "data" / "auditbot.db") as store:
        audit = store.audits.begin(local_now(settings), "all")
        ends_at = time.monotonic() + seconds
        run = Run(Workspace(folder), settings, declared, store, audit, Silent(), ends_at=ends_at)  # type: ignore[arg-type]
        collect(run, list(accounts.values()), None, frozenset(), {})
        store.audits.end(audit, run.now())
        return store.audits.notes_of_visits(audit)


@pytest.fixture
def school(tmp_path: Path, site: LittleServer) -> Path:
    for name in ("a", "b"):
        site.routes[f"/{name}"] = listing(f"/{name}/1")
        body = f"<p>Words.</p><img src='/{name}.jpg' width='320' height='240'>"
        site.routes[f"/{name}/1"] = article(f"Post {name}", body)
        site.routes[f"/{name}.jpg"] = Answer(photo(name), "image/jpeg")
    return tmp_path / "school"


def test_an_account_that_no_time_is_left_for_is_named_and_comes_first_next(school: Path, site: LittleServer) -> None:
    left = night(school, site, ["a", "b"], seconds=0.0)
    assert [(note.account, note.what, note.why) for note in left] == [
        ("a", "account", Why.TIME),
        ("b", "account", Why.TIME),
    ]
    assert site.paths() == []
    assert [note for note in night(school, site, ["a"], 36_000.0) if note.what == "account"] == []
    site.asked.clear()
    night(school, site, ["a", "b"], 36_000.0)
    assert site.paths().index("/b") < site.paths().index("/a")


def test_photos_that_no_room_is_left_for_are_named(school: Path, site: LittleServer) -> None:
    left = night(school, site, ["a"], 36_000.0, max_audit_gigabytes=0.000001)
    assert [(note.what, note.reason) for note in left] == [("photo", NO_ROOM)]


def test_no_file_is_begun_after_the_time_is_over(tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    for path in paths:
        path.write_bytes(photo(path.name))
    with ExamineWorkers(Settings(school=School(name="Larkmere")), ends_at=time.monotonic() - 1) as workers:
        assert list(workers.map_photos(paths)) == []
