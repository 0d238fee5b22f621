"""A real Dask cluster on this machine, over TLS: the same results, a worker lost costs a retry."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from auditbot import demo
from auditbot.errors import ClusterNotReached, ClusterNotSealed
from auditbot.examine.workers import ExamineWorkers
from auditbot.settings import Cluster as Chosen
from auditbot.settings import Examine, School, Settings
from auditbot.trust.cluster import Cluster
from tests.unit.examine.hostile_pictures import write

SETTINGS = Settings(school=School(name="Larkmere"), examine=Examine(workers=1, read_words=False))


def certificates(folder: Path) -> Path:
    """Make an authority and one certificate that it signed."""
    folder.mkdir()
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("authority", "machine"))
    now = datetime.now(UTC)
    encoding = serialization.Encoding.PEM
    for name, who, key, is_authority in (("ca", issuer, authority, True), ("cert", subject, own, False)):
        made = (
            x509.CertificateBuilder()
            .subject_name(who)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .sign(authority, hashes.SHA256())
        )
        (folder / f"{name}.pem").write_bytes(made.public_bytes(encoding))
    private = own.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    folder = certificates(tmp_path_factory.mktemp("cluster") / "certificates")
    ca, cert, key = (str(folder / f"{name}.pem") for name in ("ca", "cert", "key"))
    keys = {f"tls_{who}_{what}": path for who in ("client", "scheduler", "worker") for what, path in
            (("cert", cert), ("key", key))}  # fmt: skip
    security = distributed.Security(tls_ca_file=ca, require_encryption=True, **keys)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", security=security, protocol="tls://"
    ) as made:
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


def test_whoever_has_no_certificate_of_the_cluster_gets_nothing(cluster: Any, tmp_path: Path) -> None:
    made, _ = cluster
    with pytest.raises(ClusterNotReached):
        Cluster(Chosen(made.scheduler_address, str(certificates(tmp_path / "of a stranger"))))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "127.0.0.1:8786", "tls://127.0.0.1:8786"])
def test_nothing_travels_without_tls_and_certificates(address: str, tmp_path: Path) -> None:
    with pytest.raises(ClusterNotSealed):
        Cluster(Chosen(address, str(tmp_path)))
