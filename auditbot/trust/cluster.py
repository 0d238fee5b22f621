"""Photos examined on other machines: a Dask cluster by its address, over TLS only. The only import of distributed.

A photo's bytes travel to a worker and what is in it travels back, in memory; nothing is written there but the photo,
in a temporary folder, while it is looked at. Templates and registers never leave this machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from auditbot import __version__
from auditbot.errors import WorkersLost
from auditbot.examine.workers import Guarded, prepare_worker
from auditbot.settings import Cluster as Chosen
from auditbot.trust.trust_errors import ClusterNotReached, ClusterNotSealed, ClusterOtherVersion, TrustExtraMissing

Facts = TypeVar("Facts")

RETRIES = 3
"""So often an item is given to another worker after the one that had it was lost."""
CONNECT_SECONDS = 30


class Cluster:
    """A pool of workers on other machines; see :class:`auditbot.examine.workers.Pool`."""

    def __init__(self, chosen: Chosen) -> None:
        """Connect.

        Raises ClusterNotSealed without TLS, TrustExtraMissing, ClusterNotReached, or ClusterOtherVersion where a worker
        runs another version of this program.
        """
        certificates = Path(chosen.certificates)
        files = [certificates / name for name in ("ca.pem", "cert.pem", "key.pem")]
        if not chosen.scheduler.startswith("tls://") or not all(file.is_file() for file in files):
            raise ClusterNotSealed(chosen.scheduler)
        try:
            distributed: Any = import_module("distributed")
        except ImportError as error:
            raise TrustExtraMissing from error
        ca, cert, key = map(str, files)
        security = distributed.Security(
            tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True
        )
        try:
            self._client = distributed.Client(
                chosen.scheduler, security=security, timeout=CONNECT_SECONDS, set_as_default=False
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterNotReached(chosen.scheduler) from error
        self._killed: type[Exception] = import_module("distributed.scheduler").KilledWorker
        self._executor = self._client.get_executor(retries=RETRIES, pure=False)
        self._refuse_other_versions()

    def _refuse_other_versions(self) -> None:
        others = {version for version in self._client.run(_version).values() if version != __version__}
        if others:
            self.end()
            raise ClusterOtherVersion(sorted(others), __version__)

    @property
    def at_once(self) -> int:
        """How many photos the workers look at together. Raises WorkersLost."""
        try:
            threads: dict[str, int] = self._client.nthreads()
        except OSError as error:
            raise WorkersLost from error
        return max(1, sum(threads.values()))

    def submit(self, guarded: Guarded[Facts], path: Path) -> Future[tuple[Facts, int]]:
        """Send one file to a worker; the result comes as it would from one of this machine. Raises WorkersLost."""
        content = path.read_bytes()
        try:
            future: Future[tuple[Facts, int]] = self._executor.submit(_far_away, guarded, path.name, content)
        except OSError as error:
            raise WorkersLost from error
        return future

    def renew(self) -> None:
        """Leave them: other schools' photos are with them too, and a worker that grows is replaced by its own nanny."""

    def killed(self, error: BaseException | None) -> bool:
        """Whether each worker that was given a file ended."""
        return isinstance(error, self._killed)

    def end(self) -> None:
        """Let go of the cluster; its workers stay."""
        self._client.close()


def _version() -> str:
    return __version__


_prepared: list[bool] = []


def _far_away(guarded: Callable[[Path], Any], name: str, content: bytes) -> Any:
    """In the worker: look at the file in a folder of its own, which is gone afterwards."""
    if not _prepared:
        prepare_worker()
        _prepared.append(True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return guarded(path)
