"""Forty small schools on a cluster of three workers, one of them killed: the same findings as one by one.

    python -m bench.trust.forty [--schools N]

Each school is a made-up site of its own on this machine. They are audited one after another without a cluster, then
again from nothing by ``auditbot trust run`` on a Dask cluster over TLS while one of its workers is killed. Prints both
and what differs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bench.school.made import MadeSchool, Size
from bench.school.served import served
from bench.trust.sealed import certificates_of, local_cluster, security

SMALL = Size(12, 6, 3, 4, 0, 0)


def main() -> None:
    """Run both ways and print the table."""
    grammar = argparse.ArgumentParser(prog="python -m bench.trust.forty")
    grammar.add_argument("--schools", type=int, default=40)
    options = grammar.parse_args()
    environment = {**os.environ, "AUDITBOT_KEY": Fernet.generate_key().decode()}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        one_by_one = folder / "one-by-one"
        for number in range(options.schools):
            _make(stack, one_by_one / f"school-{number:02}", number, environment)
        together = folder / "together"
        shutil.copytree(one_by_one, together)
        began = time.monotonic()
        for school in sorted(one_by_one.iterdir()):
            _auditbot(environment, "--workspace", str(school), "audit")
        alone = time.monotonic() - began
        certificates = certificates_of(folder / "certificates")
        cluster = stack.enter_context(local_cluster(certificates, 3))
        killer = threading.Thread(target=_kill_one, args=(cluster, certificates), daemon=True)
        killer.start()
        began = time.monotonic()
        where = ("--scheduler", cluster.scheduler_address, "--certificates", str(certificates))
        _auditbot(environment, "trust", "run", str(together), "--at-once", "3", *where)
        shared = time.monotonic() - began
        killer.join()
        before, after = _findings(one_by_one), _findings(together)
    print(f"{options.schools} schools, {sum(map(len, before.values()))} findings one by one in {alone:.0f} s")
    print(f"on a cluster of three, one killed: {sum(map(len, after.values()))} findings in {shared:.0f} s")
    differ = {school for school in before if before[school] != after.get(school)}
    print(f"schools whose findings differ: {len(differ)} {sorted(differ)}")
    sys.exit(bool(differ) or not any(before.values()))


def _make(stack: ExitStack, place: Path, number: int, environment: dict[str, str]) -> None:
    school = MadeSchool(SMALL, seed=number)
    pages = {path: (kind, content) for path, kind, content in school.pages()}
    address = stack.enter_context(served(pages))
    where = ("init", str(place), "--school", f"School {number}", "--website", f"http://{address}/")
    _auditbot(environment, *where)
    school.write_workspace(place, address)


def _auditbot(environment: dict[str, str], *words: str) -> None:
    command = [sys.executable, "-m", "auditbot", *words]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"auditbot {' '.join(words)} ended with {done.returncode}:\n{done.stderr}")


def _findings(folder: Path) -> dict[str, list[str]]:
    found = {}
    for school in sorted(place for place in folder.iterdir() if place.is_dir() and place.name.startswith("school")):
        report = json.loads((school / "reports" / "latest" / "report.json").read_text("utf-8"))
        found[school.name] = sorted(
            f"{finding['clause']} {finding['kind']} {finding['post_url'].rpartition(':')[2].partition('/')[2]}"
            for finding in report["findings"]
        )
    return found


def _kill_one(cluster: Any, certificates: Path) -> None:
    distributed: Any = import_module("distributed")
    time.sleep(20)
    with distributed.Client(cluster.scheduler_address, security=security(certificates), set_as_default=False) as client:
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)


if __name__ == "__main__":
    main()
