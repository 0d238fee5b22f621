"""Whether an audit that is cut short loses anything: python -m tests.bench.cut [kills] [stops] [full disks] [steps]

A site on this machine with a dozen posts is audited undisturbed; then in a workspace that is killed (SIGKILL) at so
many moments spread over that time, and audited to its end; then stopped as by Ctrl-C, which has to end quietly with
130; then, as root on Linux, on a disk of its own with little room left, is given more and audited to its end. Last, it
is killed at so many steps of bringing an older database up to date, and of writing its report. Headline, findings,
coverage, exit code and a decision have to be those of the first; or, where the audit had been counted as ended before
it was cut, those of a second undisturbed one.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from auditbot.decisions.event import Action, Draft
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.report.stage import headline_now
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from auditbot.workspace import make_workspace, settings_text
from tests.bench.cut.compared import Outcome, Undisturbed, differing
from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import article, listing, photo
from tests.unit.store.older_files import NAMES, as_before

POSTS = 12
DISK = "600m"
"""More than an audit leaves free, so that one that is given room reaches everything."""


def school(folder: Path, site: LittleServer) -> Workspace:
    """Make a workspace for the little site, with two pupils and a decision of before."""
    workspace = make_workspace(folder, "Larkmere", site.url)
    given: dict[str, object] = {
        "school.name": "Larkmere", "collect.allow_loopback": [site.address], "collect.delay_seconds": 0.0,
        "examine.workers": 1,
    }  # fmt: skip
    (workspace.config / "auditbot.toml").write_text(settings_text(given), "utf-8")
    rows = "pupil_id,legal_forename,legal_surname,website\nP001,Maya,Okonkwo,yes\nP002,Max,Ellison-Grant,no\n"
    (workspace.consent / "pupils.csv").write_text(rows, "utf-8")
    with Ledger(workspace.data / FILE_NAME) as ledger:
        ledger.append([Draft("DSL", Action.DOWN, finding="earlier")])
    return workspace


def fill(site: LittleServer) -> None:
    """A dozen posts with a photo each; every third names a pupil in full."""
    names = [f"/news/{number}" for number in range(POSTS)]
    site.routes["/"] = listing(*names)
    for number, name in enumerate(names):
        who = "Well done Maya Okonkwo and Max Ellison-Grant!" if number % 3 == 0 else "We walked to the pond."
        picture = f"<img src='/{number}.jpg' width='320' height='240'>"
        site.routes[name] = article(f"Post {number}", f"<p>{who}</p>{picture}")
        site.routes[f"/{number}.jpg"] = Answer(photo(str(number)), "image/jpeg")


def start(workspace: Workspace) -> subprocess.Popen[bytes]:
    """Begin an audit as a process of its own."""
    command = [sys.executable, "-m", "auditbot", "--workspace", str(workspace.folder), "audit"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)


def outcome(workspace: Workspace) -> Outcome:
    """Audit a workspace to its end, and return what must not differ."""
    before = ended(workspace)
    done = start(workspace)
    said = done.communicate()[0].decode()
    with Store(workspace.data / "auditbot.db") as store:
        latest = store.audits.latest()
        audit = store.audits.load(latest) if latest else None
    if audit is None:
        raise SystemExit(f"exit {done.returncode}, and no audit was checked: {said[-300:]}")
    head = headline_now(workspace, load_settings(workspace), audit)
    with Ledger(workspace.data / FILE_NAME) as ledger:
        decided = [event.draft.finding for event in ledger.events()] if ledger.verify() is None else ["damaged"]
    written = json.loads((workspace.reports / "latest" / "report.json").read_text("utf-8"))
    return Outcome(
        ended_before=before,
        first_night=head.first_night,
        line=head.line(),
        due=len({card.number for card in (*head.fresh, *head.overdue, *head.to_decide)}),
        to_read=len(head.to_read),
        looked_at=head.meaning(),
        findings=tuple(sorted(finding["id"] for finding in written["findings"])),
        coverage=tuple((entry["account"], entry["status"], entry["posts"]) for entry in written["coverage"]),
        decided=tuple(decided),
        code=done.returncode,
        headline_was_said=head.line() in said.splitlines(),
    )


def ended(workspace: Workspace) -> int:
    """Return how many audits of this workspace counted as ended; a copy is read, so that the file lies as it lay."""
    with tempfile.TemporaryDirectory() as folder:
        for path in workspace.data.glob("auditbot.db*"):
            shutil.copy(path, folder)
        with closing(sqlite3.connect(Path(folder) / "auditbot.db")) as database:
            known = {row[1] for row in database.execute("PRAGMA table_info(audits)")}
            column = next((name for name in ("ended_at", "finished_at") if name in known), None)
            return int(database.execute(f"SELECT count({column}) FROM audits").fetchone()[0]) if column else 0


def killed(workspace: Workspace, seconds: float) -> bool:
    """Kill an audit after so many seconds, with all its children; False if it had ended by itself."""
    audit = start(workspace)
    try:
        audit.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(audit.pid, signal.SIGKILL)
        audit.communicate()
        return True
    return False


def stopped(workspace: Workspace, seconds: float) -> tuple[int, str]:
    """Send Ctrl-C to an audit and its children after so many seconds; return the exit code and the last line said."""
    audit = start(workspace)
    try:
        said = audit.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        os.killpg(audit.pid, signal.SIGINT)
        said = audit.communicate()[0]
    return audit.returncode, last_line(said)


def last_line(said: bytes) -> str:
    """Return the last line of what a command said, marked if a traceback is in it."""
    lines = said.decode().strip().splitlines()
    return ("TRACEBACK " if any("Traceback" in line for line in lines) else "") + (lines or [""])[-1]


@contextmanager
def small_disk(at: Path) -> Iterator[None]:
    """Mount a disk of its own there."""
    at.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(at)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


def filled(workspace: Workspace, disk: Path, kilobytes: int) -> tuple[int, str]:
    """Audit with so many kilobytes free; return the exit code and the last line said."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free - kilobytes * 1024
    with filler.open("wb") as file:
        file.write(b"\0" * max(free, 0))
    audit = start(workspace)
    said = audit.communicate()[0]
    filler.unlink()
    return audit.returncode, last_line(said)


def killed_at(workspace: Workspace, kind: str, step: int) -> int:
    """Audit, killed at this step of the kind (``tests.bench.cut.killed_at``); return how many steps there were."""
    command = [sys.executable, "-m", "tests.bench.cut.killed_at", kind, str(step)]
    command += ["--workspace", str(workspace.folder), "audit"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True, check=False
    )
    if (done.returncode == -signal.SIGKILL) != (step > 0):
        raise SystemExit(f"{kind} {step}: exit {done.returncode}, {done.stdout[-300:]}")
    return 0 if step else int(done.stdout.split()[-1])


def audited_by_an_older_version(folder: Path, from_school: Workspace) -> Workspace:
    """Return a copy of an audited workspace whose database is as the first version would have left it."""
    workspace = Workspace(folder)
    shutil.copytree(from_school.folder, folder, symlinks=True)
    for path in workspace.data.glob("auditbot.db*"):
        path.unlink()
    as_before(NAMES[1], from_school.data / "auditbot.db", workspace.data / "auditbot.db")
    return workspace


def undisturbed(workspace: Workspace) -> Undisturbed:
    """Audit twice, with nothing in between."""
    return Undisturbed(outcome(workspace), outcome(workspace))


def within(folder: Path, site: LittleServer, moments: int) -> None:
    """Kill within a migration and within the writing of a report, at moments spread evenly over each."""
    school_before = school(folder / "before", site)
    outcome(school_before)
    for kind in ("migration", "report"):

        def begun(name: str, kind: str = kind) -> Workspace:
            if kind == "migration":
                return audited_by_an_older_version(folder / f"{kind}-{name}", school_before)
            return school(folder / f"{kind}-{name}", site)

        steps = killed_at(begun("counted"), kind, 0)
        wanted = undisturbed(begun("undisturbed"))
        for number in range(moments):
            step = round(1 + (steps - 1) * number / max(moments - 1, 1))
            workspace = begun(str(number))
            killed_at(workspace, kind, step)
            print(f"killed at step {step} of {steps} of a {kind}: {differing(outcome(workspace), wanted)}", flush=True)


def main(kills: int, stops: int, disks: int, steps: int) -> None:
    """Measure, and print a line for each moment."""
    site = LittleServer()
    fill(site)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        workspace = school(Path(folder) / "undisturbed", site)
        first = outcome(workspace)
        lasted = time.monotonic() - began
        wanted = Undisturbed(first, outcome(workspace))
        print(f"undisturbed: {first} in {lasted:.0f} s; then {wanted.second.line!r}", flush=True)
        for number in range(kills):
            workspace = school(Path(folder) / f"killed-{number}", site)
            cut = killed(workspace, lasted * (number + 0.5) / kills)
            same = differing(outcome(workspace), wanted)
            print(f"killed at {(number + 0.5) / kills:.0%}{'' if cut else ' (had ended)'}: {same}", flush=True)
        for number in range(stops):
            workspace = school(Path(folder) / f"stopped-{number}", site)
            code, told = stopped(workspace, lasted * (number + 0.5) / stops)
            same = differing(outcome(workspace), wanted)
            print(f"stopped at {(number + 0.5) / stops:.0%}: exit {code}, {told[:110]!r}; {same}", flush=True)
        for number in range(disks):
            with small_disk(Path(folder) / f"disk-{number}"):
                workspace = school(Path(folder) / f"disk-{number}" / "school", site)
                room = 40 * 2**number
                code, said = filled(workspace, Path(folder) / f"disk-{number}", room)
                same = differing(outcome(workspace), wanted, lacked_room=True)
                print(f"{room} kB free: exit {code}, {said[:110]!r}; afterwards {same}", flush=True)
        if steps:
            within(Path(folder), site, steps)
    site.close()


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] or ("20", "10", "10", "20"))))
