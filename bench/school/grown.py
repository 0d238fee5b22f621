"""A workspace that has grown for years: what checking, a change of consent and the report cost then.

    python -m bench.school.grown [--posts 10000] [--photos 100000] [--pupils 600]

Posts and facts about photos are written straight into the store, for looking at that many photos would take days; each
photo has one face, one in ten of a pupil who may not be shown. Prints whole commands in processor seconds, and bytes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet

from auditbot.examine.faces.enrol import enrol
from auditbot.examine.stage import examined_with
from auditbot.model import Candidate, Coverage, Face, PhotoFacts, PhotoUse, Post
from auditbot.registers.declared import read_declared
from auditbot.run import local_now
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from bench.school.made import MadeSchool, Size
from bench.school.measure import Cost, bytes_in, run

ADDRESS = "127.0.0.1:9"
MEGABYTE = 1_000_000


def main() -> None:
    """Grow the workspace, run the commands, print the table."""
    grammar = argparse.ArgumentParser(prog="python -m bench.school.grown")
    grammar.add_argument("--posts", type=int, default=10_000)
    grammar.add_argument("--photos", type=int, default=100_000)
    grammar.add_argument("--pupils", type=int, default=600)
    options = grammar.parse_args()
    school = MadeSchool(Size(options.pupils, 2, options.posts, options.photos, 0, 0))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AUDITBOT_KEY"] = Fernet.generate_key().decode()
        environment = dict(os.environ)
        workspace = Workspace(Path(folder) / "school")
        auditbot = (sys.executable, "-m", "auditbot", "--workspace", str(workspace.folder))
        where = ("init", str(workspace.folder), "--school", "Bench School", "--website", f"http://{ADDRESS}/")
        run((*auditbot[:3], *where))
        # Faces of whoever has no consent to be matched are erased at the first command.
        school.write_workspace(workspace.folder, ADDRESS, consenting=options.pupils)
        _grow(workspace, school)
        print(f"{school.size}; database {_megabytes(workspace):.0f} MB", flush=True)
        _show("first check", run((*auditbot, "audit", "--stage", "check"), environment))
        _show("check again, nothing changed", run((*auditbot, "audit", "--stage", "check"), environment))
        # Of a pupil who stands in one photo of eighty.
        who = ("consent", "withdraw", "P0008", "--all", "--by", "Mother", "--why", "a letter")
        _show("a withdrawal", run((*auditbot, *who), environment))
        _show("check after it", run((*auditbot, "audit", "--stage", "check"), environment))
        _show("report, the first time", run((*auditbot, "report"), environment))
        _show("report again", run((*auditbot, "report"), environment))
        print(f"database {_megabytes(workspace):.0f} MB, reports {bytes_in(workspace.reports) / MEGABYTE:.0f} MB")


def _grow(workspace: Workspace, school: MadeSchool) -> None:
    settings = load_settings(workspace)
    now = local_now(settings)
    declared = read_declared(workspace, now.date())
    version = examined_with(enrol(workspace, settings, declared), settings)
    with Store(workspace.data / "auditbot.db") as store:
        audit = store.audits.begin(now, "grown")
        for number in range(school.size.posts):
            photos = tuple(_photos(school, number))
            for use, pupil in photos:
                store.examined.save_photo(_facts(use, pupil), version)
            store.published.save_post(_post(school, number, tuple(use for use, _ in photos), now), now)
        whole = Coverage("website", "complete", school.size.posts, school.size.photos)
        store.audits.save_coverage(audit, whole, (), started_at=now - timedelta(hours=1), at=now)


def _photos(school: MadeSchool, post: int) -> Iterator[tuple[PhotoUse, str]]:
    for number in range(
        post * school.size.photos // school.size.posts, (post + 1) * school.size.photos // school.size.posts
    ):
        # Every seventh pupil may not be shown: one photo in ten names one of them.
        pupil = 7 * (number % 80) if number % 10 == 0 else 7 * (number % 80) + 1
        yield PhotoUse(f"http://{ADDRESS}/media/{number}.jpg", f"{number:064x}"), f"P{pupil:04}"


def _facts(use: PhotoUse, pupil: str) -> PhotoFacts:
    face = Face((400.0, 300.0, 120.0, 150.0), 0.95, "named", (Candidate(pupil, 0.99),), likely=True)
    return PhotoFacts(use.sha256 or "", 1920, 1080, (face,), ())


def _post(school: MadeSchool, number: int, photos: tuple[PhotoUse, ...], now: datetime) -> Post:
    child = school.pupils[number % len(school.pupils)]
    text = (
        f"{child.forename} showed the class shell number {number}. We walked to the wood and drew the leaves we found."
    )
    day = now - timedelta(hours=6 * number)
    return Post("website", f"http://{ADDRESS}/news/{number}", f"News {number}", text, "", day, photos)


def _show(name: str, cost: Cost) -> None:
    print(
        f"{name:<32}{cost.cpu:9.1f} s cpu {cost.wall:9.1f} s {cost.peak / MEGABYTE:7.0f} MB  exit {cost.code}",
        flush=True,
    )


def _megabytes(workspace: Workspace) -> float:
    return sum(path.stat().st_size for path in workspace.data.glob("auditbot.db*")) / MEGABYTE


if __name__ == "__main__":
    main()
