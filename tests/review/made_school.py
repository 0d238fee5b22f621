"""A school after an audit, put together in a second: the demo's registers and photos, posts and findings made up."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from auditbot.model import (
    Band,
    Box,
    Comment,
    Coverage,
    Finding,
    NotChecked,
    PhotoEvidence,
    PhotoUse,
    Post,
    Severity,
    TextEvidence,
)
from auditbot.run import local_now
from auditbot.safe_files import private_folder
from auditbot.sentences import quoted
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from auditbot.workspace import make_demo_workspace

SITE = "http://www.larkmere.example"
VERSIONS = {"auditbot": "0.1.0", "face engine": "test 1", "gallery": "g1", "consent list": "c1", "policy": "p1"}
FACE: Box = (270.0, 333.0, 219.0, 280.0)
OTHER: Box = (699.0, 358.0, 205.0, 270.0)
PROTECTED = "P016"
SECRET_WORDS = "Add me on Snapchat and message me tonight, it is our secret."


def photo(name: str) -> bytes:
    """The bytes of one of the demo site's photos."""
    return (files("auditbot.demo") / "site" / "photos" / f"{name}.jpg").read_bytes()


def make_school(folder: Path) -> Workspace:
    """Make the workspace, with one audit that ended an hour ago."""
    make_demo_workspace(folder)
    workspace = Workspace(folder)
    private_folder(workspace.data)
    audit(workspace, posts_and_findings(workspace))
    return workspace


CUT_SHORT = NotChecked("website", f"{SITE}/media/cut.jpg", "photo", quoted("The file is cut short."))


def audit(
    workspace: Workspace,
    found: Iterable[tuple[Post, list[Finding]]],
    ended: dict[str, str] | None = None,
    ago: timedelta = timedelta(hours=1),
    not_checked: Iterable[NotChecked] = (CUT_SHORT,),
) -> str:
    """Write what one audit found into the store, as the stages do; return its id."""
    now = local_now(load_settings(workspace)) - ago
    found = list(found)
    with Store(workspace.data / "auditbot.db") as store:
        name = store.audits.begin(now, f"made {now.isoformat()}")
        for post, _ in found:
            store.published.save_post(post, now)
        coverage = Coverage("website", "complete", len(found), 12)
        store.audits.save_coverage(name, coverage, [], started_at=now, at=now + timedelta(minutes=2))
        store.audits.save_check(
            name,
            now + timedelta(minutes=3),
            findings=[finding for _, findings in found for finding in findings],
            not_checked=not_checked,
            ended=ended or {},
            versions=VERSIONS,
            posts_without_finding=3,
        )
        store.audits.end(name, now + timedelta(minutes=4))
    return name


def posts_and_findings(workspace: Workspace) -> list[tuple[Post, list[Finding]]]:
    """Return posts with one or more findings of each grave kind; their photos are kept as evidence."""
    now = local_now(load_settings(workspace))
    made: list[tuple[Post, list[Finding]]] = []

    def post(
        number: int, title: str, text: str = "", comments: tuple[Comment, ...] = (), photos: tuple[str, ...] = ()
    ) -> Post:
        posted = now - timedelta(days=number % 9 + 1)
        uses = tuple(PhotoUse(f"{SITE}/media/{name}.jpg", _keep(workspace, name)) for name in photos)
        return Post(
            "website",
            f"{SITE}/news/{number}/",
            title,
            text or "Nothing else.",
            published_at=posted,
            photos=uses,
            comments=comments,
        )

    def face(
        of: Post, kind: str, pupils: tuple[str, ...], name: str, boxes: tuple[Box, ...] = (FACE,), score: float = 0.7
    ) -> Finding:
        severity: Severity = "week" if kind == "unknown_faces" else "today"
        named = " or ".join(f"{{{pupil}}}" for pupil in pupils)
        told = f"The face in box 1 may be {named}." if pupils else f"{len(boxes)} faces that nobody could name."
        evidence = PhotoEvidence(
            f"{SITE}/media/{name}.jpg",
            hashlib.sha256(photo(name)).hexdigest(),
            boxes,
            (OTHER,) if len(boxes) == 1 else (),
        )
        return _finding(of, "C11", kind, severity, evidence, pupils, score, told)

    def words(
        of: Post, clause: str, kind: str, quote: str, pupils: tuple[str, ...] = (), field: str = "text"
    ) -> Finding:
        whole = of.comments[0].text if field.startswith("comment") else of.text
        start = whole.index(quote)
        evidence = TextEvidence(field, whole, start, start + len(quote))
        severity: Severity = "week" if kind in ("words_complaint", "words_claim") else "today"
        return _finding(of, clause, kind, severity, evidence, pupils, 0.9, "Please look whether this should be here.")

    one = post(1, "Building blocks", photos=("art-week-blocks",))
    made.append((one, [face(one, "never_publish", (PROTECTED,), "art-week-blocks")]))
    two = post(2, "Pond dipping", photos=("pond-dipping",))
    made.append((two, [face(two, "withdrawn_since", ("P005",), "pond-dipping")]))
    three = post(3, "Mud kitchen", photos=("mud-kitchen",))
    made.append((three, [face(three, "no_permission", ("P008",), "mud-kitchen")]))
    four = post(4, "Mud kitchen again", photos=("mud-kitchen",))
    made.append((four, [face(four, "no_permission", ("P008",), "mud-kitchen")]))
    five = post(5, "Sports day", photos=("sports-crowd",))
    made.append((five, [face(five, "unknown_faces", (), "sports-crowd", (FACE, OTHER))]))
    six = post(6, "Chess club", "Kofi Mensah won the first tournament. Well done!")
    made.append((six, [words(six, "C12", "surname", "Mensah", ("P025",))]))
    seven = post(7, "Seedlings", comments=(Comment("A visitor", SECRET_WORDS),))
    made.append((seven, [words(seven, "C9", "words_contact", SECRET_WORDS, field="comment 1 text")]))
    eight = post(8, "Plants", "We have seedlings to give away. Text me on 07700 900482. Thank you!")
    made.append((eight, [words(eight, "C5", "phone_number", "07700 900482")]))
    nine = post(9, "Drummers", "Our youngest drummer, Noah, born on 3 March 2021, kept perfect time.")
    made.append((nine, [words(nine, "C5", "date_of_birth", "3 March 2021")]))
    ten = post(10, "Office", "Still no reply to any of my emails. This is not good enough.")
    made.append((ten, [words(ten, "D2", "words_complaint", "This is not good enough.")]))
    eleven = post(11, "Rabbits", photos=("rabbit-run",))
    made.append((eleven, [face(eleven, "possible_no_permission", ("P055",), "rabbit-run", score=0.5)]))
    twelve = post(12, "Picnic", "Write to robin.tyler84@gmail.com about the glow stick.")
    made.append((twelve, [words(twelve, "C5", "email_address", "robin.tyler84@gmail.com")]))
    return made


def _keep(workspace: Workspace, name: str) -> str:
    content = photo(name)
    sha256 = hashlib.sha256(content).hexdigest()
    (private_folder(workspace.data / "evidence") / sha256).write_bytes(content)
    return sha256


def _finding(
    of: Post,
    clause: str,
    kind: str,
    severity: Severity,
    evidence: PhotoEvidence | TextEvidence,
    pupils: tuple[str, ...],
    score: float,
    told: str,
) -> Finding:
    name = hashlib.sha256(f"{of.url} {kind} {pupils}".encode()).hexdigest()[:16]
    band: Band = (
        "review" if kind in ("unknown_faces", "possible_no_permission") or kind.startswith("words") else "breach"
    )
    return Finding(
        name, clause, kind, severity, band, of.account, of.url, of.published_at, evidence, pupils, score, quoted(told)
    )


def fresh_copy(gold: Path, folder: Path) -> None:
    """Put the school back as it was made."""
    for part in ("config", "consent", "data", "reports"):
        shutil.rmtree(folder / part, ignore_errors=True)
        if (gold / part).is_dir():
            shutil.copytree(gold / part, folder / part)


def moment(text: str) -> datetime:
    """A moment with a zone, from ISO text."""
    return datetime.fromisoformat(text)
