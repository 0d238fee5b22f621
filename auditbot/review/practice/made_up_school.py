"""The made-up school after eight weeks of audits: findings to decide, and a past for the figures to show.

Photos and pupils are the demo's; the boxes are where its own audit finds these children (measured 2026-11-29).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from auditbot.decisions.event import Action, Draft
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.decisions.proof import AUDIT
from auditbot.decisions.subject import post_key, subjects_of
from auditbot.model import (
    Band,
    Box,
    Comment,
    Coverage,
    Finding,
    PhotoEvidence,
    PhotoUse,
    Post,
    Severity,
    TextEvidence,
)
from auditbot.model.found import finding_id
from auditbot.run import local_now
from auditbot.safe_files import private_folder
from auditbot.sentences import quoted
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from auditbot.workspace import make_demo_workspace

SITE = "http://www.larkmere.example"
ACCOUNT = "website"
WEEKS = 8
VERSIONS = {"auditbot": "practice", "face engine": "practice", "gallery": "practice", "policy": "practice"}
QUIET = ("Lunch menu", "Library day", "Clubs this week", "From the office")
CHAT = "Add me on Snapchat and message me tonight, it is our secret."
THREAT = "Somebody should wait for him outside and teach him a lesson."
GRIEVANCE = "Three letters and still no answer from the office. Not good enough."
Found = tuple[Post, list[Finding]]


def make_practice(folder: Path) -> Workspace:
    """Make the workspace in an empty folder, with its past."""
    make_demo_workspace(folder)
    workspace = Workspace(folder)
    private_folder(workspace.data)
    now = local_now(load_settings(workspace))
    present = list(_present(workspace, now))
    with Store(workspace.data / "auditbot.db") as store, Ledger(workspace.data / FILE_NAME) as ledger:
        up: list[Found] = []
        for back in range(WEEKS, 0, -1):
            at = now - timedelta(weeks=back)
            gone, up = up, [_past(number, at) for number in range(_how_many(back))]
            _decide(ledger, gone, at - timedelta(days=3))
            _audit(
                store,
                [*up, *_quiet(at)],
                at,
                {one.id: "The page answers 404 Not Found." for _, some in gone for one in some},
            )
            _prove(ledger, gone, at)
        ended = {one.id: "The page answers 404 Not Found." for _, some in up for one in some}
        _decide(ledger, up, now - timedelta(days=2))
        _audit(store, present, now - timedelta(hours=6), ended)
        _prove(ledger, up, now - timedelta(hours=6))
    return workspace


def _quiet(at: datetime) -> Iterator[Found]:
    """Yield posts of a week in which nothing was found: most are so."""
    for ago, title in enumerate(QUIET, 1):
        posted = at - timedelta(days=ago)
        url = f"{SITE}/news/{posted:%Y-%m-%d}-{title.lower().replace(' ', '-')}/"
        yield Post(ACCOUNT, url, title, "All are welcome. The office knows more.", published_at=posted), []


def _how_many(back: int) -> int:
    """How many findings a past week had: many at first, then fewer, as in a school that has begun to look."""
    return (1, 1, 2, 1, 3, 3, 5, 7, 9)[back]


def _audit(store: Store, found: Sequence[Found], at: datetime, ended: dict[str, str]) -> None:
    name = store.audits.begin(at, f"practice {at.isoformat()}")
    for post, _ in found:
        store.published.save_post(post, at)
    coverage = Coverage(ACCOUNT, "complete", 40 + len(found), 90)
    store.audits.save_coverage(name, coverage, [], started_at=at, at=at + timedelta(minutes=9))
    store.audits.save_check(
        name,
        at + timedelta(minutes=11),
        findings=[finding for _, some in found for finding in some],
        not_checked=[],
        ended=ended,
        versions=VERSIONS,
        posts_without_finding=40,
    )
    store.audits.end(name, at + timedelta(minutes=12))


def _past(number: int, at: datetime) -> Found:
    url = f"{SITE}/news/{at:%Y-%m-%d}-{number}/"
    post = Post(ACCOUNT, url, "News of the week", "Write to garden.club@mail.example.", published_at=at)
    return post, [_words(post, "C5", "email_address", "garden.club@mail.example", at)]


def _decide(ledger: Ledger, found: Sequence[Found], at: datetime) -> None:
    for _, some in found:
        for one in some:
            ledger.append([_draft(one, Action.DOWN, "lead")], at=at)
            ledger.append([_draft(one, Action.ASK, "lead")], at=at + timedelta(minutes=2))


def _prove(ledger: Ledger, found: Sequence[Found], at: datetime) -> None:
    for _, some in found:
        for one in some:
            ledger.append([_draft(one, Action.PROVED, AUDIT), _draft(one, Action.CLOSE, AUDIT)], at=at)


def _draft(finding: Finding, action: Action, actor: str) -> Draft:
    return Draft(
        actor,
        action,
        finding=finding.id,
        post=post_key(finding.account, finding.post_url),
        subject=subjects_of(finding)[0],
        rule=finding.clause,
    )


def _present(workspace: Workspace, now: datetime) -> Iterator[Found]:
    """Yield what is to be decided: a protected child, private contact, a withdrawn permission, a crowd, names, data."""
    blocks = _post(workspace, "Building blocks", 1, now, photo="art-week-blocks")
    yield blocks, [_face(blocks, "never_publish", ("P016",), ((538.0, 341.0, 177.0, 228.0),), (), now)]
    pond = _post(workspace, "Pond dipping", 2, now, photo="pond-dipping")
    other = ((700.0, 358.0, 206.0, 234.0),)
    yield pond, [_face(pond, "withdrawn_since", ("P005",), ((270.0, 334.0, 220.0, 281.0),), other, now)]
    sports = _post(workspace, "Sports day", 3, now, photo="sports-crowd")
    likely: tuple[Box, ...] = ((646.0, 682.0, 34.0, 40.0),)
    unknown: tuple[Box, ...] = ((592.0, 645.0, 20.0, 26.0), (727.0, 645.0, 25.0, 31.0), (737.0, 691.0, 25.0, 30.0))
    yield (
        sports,
        [
            _face(sports, "possible_no_permission", ("P021",), likely, unknown, now),
            _face(sports, "unknown_faces", (), unknown, likely, now),
        ],
    )
    chess = _post(workspace, "Chess club", 4, now, "Kofi Mensah won the first tournament. Well done!")
    yield chess, [_words(chess, "C12", "surname", "Mensah", now, ("P025",))]
    seeds = _post(workspace, "Seedlings", 5, now, "We have seedlings to give away.", comment=CHAT)
    yield seeds, [_words(seeds, "C9", "words_contact", CHAT, now, field="comment 1 text")]
    plants = _post(workspace, "Plants", 6, now, "Call our volunteer at home on 07700 900482. Thank you!")
    yield plants, [_words(plants, "C5", "phone_number", "07700 900482", now)]
    drums = _post(workspace, "Drummers", 7, now, "Our youngest drummer, born on 3 March 2021, kept perfect time.")
    yield drums, [_words(drums, "C5", "date_of_birth", "3 March 2021", now)]
    gate = _post(workspace, "Gate times", 8, now, "The gate opens at half past eight.", comment=THREAT)
    yield gate, [_words(gate, "E2", "words_hurtful", THREAT, now, field="comment 1 text")]
    parking = _post(workspace, "Parking", 9, now, "Please do not park at the gate.", comment=GRIEVANCE)
    yield parking, [_words(parking, "D2", "words_complaint", GRIEVANCE, now, field="comment 1 text")]


def _post(
    workspace: Workspace, title: str, ago: int, now: datetime, text: str = "", photo: str = "", comment: str = ""
) -> Post:
    photos: tuple[PhotoUse, ...] = ()
    if photo:
        content = (files("auditbot.demo") / "site" / "photos" / f"{photo}.jpg").read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        (private_folder(workspace.data / "evidence") / sha256).write_bytes(content)
        photos = (PhotoUse(f"{SITE}/media/{photo}.jpg", sha256),)
    url = f"{SITE}/news/{title.lower().replace(' ', '-')}/"
    comments = (Comment("A visitor", comment),) if comment else ()
    posted = now - timedelta(days=ago)
    return Post(ACCOUNT, url, title, text, published_at=posted, photos=photos, comments=comments)


def _face(
    post: Post, kind: str, pupils: tuple[str, ...], boxes: tuple[Box, ...], others: tuple[Box, ...], now: datetime
) -> Finding:
    evidence = PhotoEvidence(post.photos[0].url, post.photos[0].sha256 or "", boxes, others)
    sure = kind in ("never_publish", "withdrawn_since")
    severity: Severity = "today" if sure else "week"
    told = f"The face in box 1 may be {{{pupils[0]}}}." if pupils else f"{len(boxes)} faces that could not be named."
    return made_up_finding(post, "C11", kind, severity, "breach" if sure else "review", evidence, pupils, told)


def _words(
    post: Post, clause: str, kind: str, quote: str, now: datetime, pupils: tuple[str, ...] = (), field: str = "text"
) -> Finding:
    whole = post.comments[0].text if field.startswith("comment") else post.text
    start = whole.index(quote)
    band: Band = "review" if kind.startswith("words") else "breach"
    evidence = TextEvidence(field, whole, start, start + len(quote))
    return made_up_finding(
        post, clause, kind, "today", band, evidence, pupils, "Please look whether this should be here."
    )


def made_up_finding(
    post: Post,
    clause: str,
    kind: str,
    severity: Severity,
    band: Band,
    evidence: PhotoEvidence | TextEvidence,
    pupils: tuple[str, ...],
    told: str,
) -> Finding:
    """Return a finding as an audit would have made it of such evidence; the same post and kind give the same id."""
    name = finding_id("practice", f"{post.url} {kind}")
    score = 0.9 if band == "breach" else 0.5
    return Finding(
        name,
        clause,
        kind,
        severity,
        band,
        post.account,
        post.url,
        post.published_at,
        evidence,
        pupils,
        score,
        quoted(told),
    )
