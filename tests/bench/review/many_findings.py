"""A made-up school with thousands of findings, half of them decided, for measuring the page."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from auditbot.decisions.decide import Said, drafts
from auditbot.decisions.decided import decided
from auditbot.decisions.event import Action, Reason
from auditbot.decisions.facts import facts_of_finding
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.model import Finding, PhotoEvidence, PhotoUse, Post, TextEvidence
from auditbot.registers.declared import read_declared
from auditbot.review.practice.made_up_school import made_up_finding
from auditbot.run import local_now
from auditbot.safe_files import private_folder
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from auditbot.workspace import make_demo_workspace
from tests.review.made_school import FACE, OTHER, SITE, VERSIONS, audit, photo

PHOTOS = ("art-week-blocks", "pond-dipping", "mud-kitchen", "sports-crowd", "rabbit-run")
PLEASE_LOOK = "Please look whether this should be here."
DECIDED = 500
"""So many findings have been decided, a step each."""


def make_school_with(folder: Path, count: int) -> Workspace:
    """Make a workspace with so many findings: a third of faces, the others of words."""
    make_demo_workspace(folder)
    workspace = Workspace(folder)
    private_folder(workspace.data)
    found = [_one(workspace, number) for number in range(count)]
    audit(workspace, found)
    _decide(workspace)
    return workspace


def _one(workspace: Workspace, number: int) -> tuple[Post, list[Finding]]:
    now = local_now(load_settings(workspace))
    posted = now - timedelta(days=number % 700 + 1)
    url, words = f"{SITE}/news/{number}/", f"Call {number:05} our volunteer on 07700 9{number % 100000:05}. Thank you!"
    if number % 3:
        post = Post("website", url, f"Plants {number}", words, published_at=posted)
        start = words.index("07700")
        text = TextEvidence("text", words, start, start + 12)
        return post, [made_up_finding(post, "C5", "phone_number", "today", "breach", text, (), PLEASE_LOOK)]
    name = PHOTOS[number // 3 % len(PHOTOS)]
    content = photo(name) + f"{number}".encode()  # bytes behind the end of a JPEG change its hash, not its picture
    sha256 = hashlib.sha256(content).hexdigest()
    (private_folder(workspace.data / "evidence") / sha256).write_bytes(content)
    post = Post("website", url, f"Photo {number}", "", published_at=posted, photos=(PhotoUse(f"{url}a.jpg", sha256),))
    evidence = PhotoEvidence(f"{url}a.jpg", sha256, (FACE,), (OTHER,))
    pupil = f"P{number % 50 + 1:03}"
    told = f"The face in box 1 may be {{{pupil}}}."
    return post, [made_up_finding(post, "C11", "no_permission", "today", "breach", evidence, (pupil,), told)]


def _decide(workspace: Workspace) -> None:
    now = local_now(load_settings(workspace))
    declared = read_declared(workspace, now.date())
    with Store(workspace.data / "auditbot.db") as store, Ledger(workspace.data / FILE_NAME) as ledger:
        newest = store.audits.latest()
        assert newest is not None
        for tracked in store.audits.load(newest).findings[: 2 * DECIDED : 2]:
            facts = facts_of_finding(tracked, declared, VERSIONS, None)
            photo_of_a_face = tracked.finding.clause == "C11"
            reason = Reason.NOT_THIS_CHILD if photo_of_a_face else Reason.AGREED
            said = Said(Action.NOT_SO, "lead", reason)
            ledger.append(drafts(facts, decided(facts, (), now), said, now), at=now)
