"""A real Dask cluster on this machine, over TLS: the same results, a worker lost costs a retry."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from auditbot import demo
from auditbot.errors import WorkersLost
from auditbot.examine.workers import STOPPED, ExamineWorkers
from auditbot.settings import Cluster as Chosen
from auditbot.settings import Examine, School, Settings
from auditbot.trust.cluster import Cluster
from auditbot.trust.trust_errors import ClusterNotReached, ClusterNotSealed
from bench.trust.sealed import certificates_of, local_cluster
from tests.unit.examine.hostile_pictures import write

SETTINGS = Settings(school=School(name="Larkmere"), examine=Examine(workers=1, read_words=False))


def ends_its_worker(path: Path) -> str:
    """Read the file, but end the worker over one of them, as a broken decoder does."""
    if path.name == "02":
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    pytest.importorskip("distributed")
    folder = certificates_of(tmp_path_factory.mktemp("cluster") / "certificates")
    # A file may end two workers, not four, before it is told: for the test's time.
    few = import_module("dask").config.set({"distributed.scheduler.allowed-failures": 1})
    with few, local_cluster(folder, 2) as made:
        yield made, folder


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    found = sorted((Path(demo.__file__).parent / "site").rglob("*.jpg"), key=lambda path: path.stat().st_size)[:6]
    return [write(tmp_path, path.read_bytes(), f"{number:02}") for number, path in enumerate(found)]


def marks(results: Any) -> list[tuple[str, int, int, str]]:
    return sorted((one.sha256, one.width, len(one.faces), one.not_examined) for one in results)


def test_a_cluster_finds_what_this_machine_finds_though_a_worker_dies(cluster: Any, photos: list[Path]) -> None:
    made, folder = cluster
    pool = Cluster(Chosen(made.scheduler_address, str(folder)))
    assert pool.at_once == 2
    pids = list(pool._client.run(os.getpid).values())
    with ExamineWorkers(SETTINGS) as here:
        wanted = marks(here.map_photos(photos))
    with ExamineWorkers(SETTINGS, photos=pool) as far:
        results = far.map_photos(photos)
        first = next(results)
        os.kill(pids[0], signal.SIGKILL)
        assert marks([first, *results]) == wanted


def test_a_file_that_ends_every_worker_costs_its_own_result(cluster: Any, photos: list[Path]) -> None:
    made, folder = cluster
    with ExamineWorkers(SETTINGS, photos=Cluster(Chosen(made.scheduler_address, str(folder)))) as far:
        told = set(far.map(ends_its_worker, photos, lambda path, why: f"{path.name}: {why}", 60, far._photos))
    assert told == {"00", "01", f"02: {STOPPED}", "03", "04", "05"}


def test_tired_workers_of_a_cluster_go_on(cluster: Any, photos: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    made, folder = cluster
    monkeypatch.setattr("auditbot.examine.workers.TIRED_BYTES", 1)
    with ExamineWorkers(SETTINGS, photos=Cluster(Chosen(made.scheduler_address, str(folder)))) as far:
        assert len(list(far.map_photos(photos))) == len(photos)


def test_a_cluster_that_goes_away_is_a_sentence(
    tmp_path: Path, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("auditbot.trust.cluster.CONNECT_SECONDS", 5)
    folder = certificates_of(tmp_path / "certificates")
    made = local_cluster(folder, 1)
    with ExamineWorkers(SETTINGS, photos=Cluster(Chosen(made.scheduler_address, str(folder)))) as far:
        results = far.map_photos(photos)
        next(results)
        made.close()
        with pytest.raises(WorkersLost):
            list(results)


def test_whoever_has_no_certificate_of_the_cluster_gets_nothing(cluster: Any, tmp_path: Path) -> None:
    made, _ = cluster
    with pytest.raises(ClusterNotReached):
        Cluster(Chosen(made.scheduler_address, str(certificates_of(tmp_path / "of a stranger"))))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "127.0.0.1:8786", "tls://127.0.0.1:8786"])
def test_nothing_travels_without_tls_and_certificates(address: str, tmp_path: Path) -> None:
    with pytest.raises(ClusterNotSealed):
        Cluster(Chosen(address, str(tmp_path)))
