"""A made-up audit of a made-up school, rich enough to fill every section of a report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import cv2
import numpy as np

from auditbot.check.policy_state import ClauseState
from auditbot.model import Audit, Coverage, Finding, NotChecked, PhotoEvidence, TextEvidence, TrackedFinding
from auditbot.present.report_context import AccountEntry, ClauseText, ConsentThenNow, PupilLabel, ReportContext
from auditbot.sentences import quoted

LONDON = ZoneInfo("Europe/London")
STARTED = datetime(2026, 11, 19, 2, 30, tzinfo=LONDON)
BASE = "https://www.larkmere.example"
NOISE = np.random.default_rng(7)
PHOTOS = {
    hashlib.sha256(content).hexdigest(): content
    for content in (
        cv2.imencode(".png", NOISE.integers(0, 255, (300, 500, 3), dtype=np.uint8))[1].tobytes() for _ in range(3)
    )
}
"""Photos of coloured noise, by content hash."""
GROUP, PAIR, GALLERY = PHOTOS
OLD = "c" * 64


def photo(
    sha256: str = GROUP,
    boxes: tuple[tuple[float, float, float, float], ...] = ((100.0, 80.0, 60.0, 80.0),),
    others: tuple[tuple[float, float, float, float], ...] = ((300.0, 80.0, 60.0, 80.0),),
    name: str = "harvest-3.jpg",
    words: str = "",
    start: int = 0,
    end: int = 0,
) -> PhotoEvidence:
    return PhotoEvidence(f"{BASE}/wp-content/uploads/2026/10/{name}", sha256, boxes, others, words, start, end)


def text(whole: str, marked: str, field: str = "text") -> TextEvidence:
    start = whole.index(marked)
    return TextEvidence(field, whole, start, start + len(marked))


def finding(name: str, **changes: Any) -> Finding:
    values: dict[str, object] = {
        "id": name,
        "clause": "C11",
        "kind": "no_permission",
        "severity": "today",
        "band": "breach",
        "account": "website",
        "post_url": f"{BASE}/2026/10/harvest-festival/",
        "posted_at": datetime(2026, 10, 5, 15, 20, tzinfo=LONDON),
        "evidence": photo(),
        "pupil_ids": ("P012",),
        "score": 0.71,
        "explanation": "The face in box 1 may be {P012}. No permission holds: today the answer is refused.",
    }
    return Finding(**(values | changes))  # type: ignore[arg-type]


def tracked(found: Finding, state: str = "new", days: int = 0, **changes: Any) -> TrackedFinding:
    values: dict[str, object] = {
        "finding": found,
        "state": state,
        "first_seen": STARTED - timedelta(days=days),
        "last_seen": STARTED + timedelta(minutes=9),
        "last_checked": STARTED + timedelta(minutes=4),
    }
    return TrackedFinding(**(values | changes))  # type: ignore[arg-type]


STORY = (
    "What a week it has been! On Monday the Reception class visited the farm at Weston, and everybody helped to feed "
    "the lambs. Well done to Rayan Khan, who remembered the name of every breed. On Thursday we made bread from the "
    "flour we had ground ourselves, and the whole corridor smelled of it.\nThank you to all the families who came to "
    "help. We could not have done it without you. On Friday the choir sang at Larkmere Court, and Khan took the last "
    "bow."
)
FARM = f"{BASE}/2026/11/farm-visit/"
STAR = f"{BASE}/2026/11/star-of-the-week-rayan-khan/"
SPORTS = f"{BASE}/2025/07/sports-day/"
TITLES = {
    f"{BASE}/2026/10/harvest-festival/": "Harvest festival",
    f"{BASE}/gallery/autumn/": "Autumn gallery",
    FARM: "Our visit to the farm",
    STAR: "Star of the week: Rayan Khan",
    SPORTS: "Sports day",
    f"{BASE}/2026/09/first-days/": "First days in Reception",
    f"{BASE}/2026/03/book-day/": "World Book Day",
    f"{BASE}/2026/06/picnic/": "Teddy bears’ picnic",
}


NOT_RECORDED = "The face in box 1 may be {P019}. No permission holds: today the answer is not recorded."


def many() -> tuple[TrackedFinding, ...]:
    """Findings of every kind, in every state."""
    harvest = f"{BASE}/2026/10/harvest-festival/"
    star = {"post_url": STAR, "posted_at": datetime(2026, 11, 13, 16, 0, tzinfo=LONDON), "clause": "C12"}
    farm = {"post_url": FARM, "posted_at": datetime(2026, 11, 14, 9, 5, tzinfo=LONDON)}
    surname = {"clause": "C12", "kind": "surname", "pupil_ids": ("P004",)}
    sure = "The words may name {P004} by surname."
    return (
        tracked(finding("f-harvest")),
        tracked(
            finding(
                "f-harvest-unknown",
                kind="unknown_faces",
                severity="week",
                band="review",
                pupil_ids=(),
                evidence=photo(boxes=((300.0, 80.0, 60.0, 80.0), (400.0, 90.0, 50.0, 70.0)), others=()),
                explanation="2 faces that nobody could name. Please look whether they show pupils without permission "
                "for the website: 14 of 61 pupils of the school lack it. 3 faces in the photo: 1 matched, 0 uncertain, "
                "2 nobody could name.",
            )
        ),
        tracked(
            finding(
                "f-gallery",
                post_url=f"{BASE}/gallery/autumn/",
                posted_at=None,
                evidence=photo(GALLERY, name="autumn-7.jpg"),
                pupil_ids=("P019",),
                explanation=NOT_RECORDED,
            ),
            "back",
        ),
        tracked(
            finding(
                "f-copy",
                post_url=f"{BASE}/gallery/autumn-2/",
                posted_at=None,
                evidence=photo(GALLERY, name="autumn-7.jpg"),
                pupil_ids=("P019",),
                explanation=NOT_RECORDED,
            ),
            "open",
            1,
        ),
        tracked(
            finding(
                "f-star-title",
                evidence=text("Star of the week: Rayan Khan", "Khan", "title"),
                score=0.98,
                explanation=sure,
                **star,
                **{k: v for k, v in surname.items() if k != "clause"},
            )
        ),
        tracked(
            finding(
                "f-star-address",
                evidence=text(STAR, "khan", "address"),
                score=0.93,
                explanation=sure,
                **star,
                **{k: v for k, v in surname.items() if k != "clause"},
            )
        ),
        tracked(
            finding("f-farm-1", evidence=text(STORY, "Khan"), score=0.97, explanation=sure, **farm, **surname),
            "open",
            9,
        ),
        tracked(
            finding(
                "f-farm-2",
                evidence=TextEvidence("text", STORY, STORY.rindex("Khan"), STORY.rindex("Khan") + 4),
                score=0.62,
                explanation=sure,
                **farm,
                **surname,
            ),
            "open",
            9,
        ),
        tracked(
            finding(
                "f-sports",
                kind="withdrawn_since",
                post_url=SPORTS,
                posted_at=datetime(2025, 7, 11, 14, 0, tzinfo=LONDON),
                evidence=photo(OLD, name="sports-day-12.jpg"),
                pupil_ids=("P033",),
                explanation="The face in box 1 may be {P033}. It was permitted when posted; permission is withdrawn "
                "(12 October 2026).",
            ),
            last_checked=STARTED - timedelta(days=40),
        ),
        tracked(
            finding(
                "f-first-days",
                kind="possible_no_permission",
                severity="week",
                band="review",
                post_url=f"{BASE}/2026/09/first-days/",
                posted_at=datetime(2026, 9, 9, 8, 0, tzinfo=LONDON),
                evidence=photo(PAIR, boxes=((50.0, 60.0, 70.0, 90.0),), others=((200.0, 70.0, 60.0, 80.0),)),
                pupil_ids=("P019", "P020"),
                score=0.44,
                explanation="The face in box 1 may be {P019} or {P020}. For at least one of these pupils no permission "
                "holds today.",
            )
        ),
        tracked(
            finding(
                "f-certificate",
                severity="week",
                band="review",
                post_url=f"{BASE}/2026/03/book-day/",
                posted_at=datetime(2026, 3, 5, 12, 0, tzinfo=LONDON),
                evidence=photo(
                    PAIR,
                    boxes=((40.0, 200.0, 200.0, 30.0),),
                    others=((200.0, 70.0, 60.0, 80.0),),
                    words="Awarded to Maya Ellison-Grant for reading",
                    start=16,
                    end=29,
                ),
                score=0.81,
                explanation="The words in box 1 may name {P001} by surname.",
                **(surname | {"pupil_ids": ("P001",)}),
            ),
            "open",
            2,
        ),
        tracked(
            finding(
                "f-risk",
                clause="C2",
                kind="risk_assessment_cell",
                severity="governance",
                band="breach",
                post_url="",
                posted_at=None,
                evidence=text("Can the site be moderated by the school?: empty", "empty", "risk assessment"),
                pupil_ids=(),
                score=1.0,
                explanation="One cell of the risk assessment is empty.",
            ),
            "open",
            30,
        ),
        tracked(
            finding("f-picnic", post_url=f"{BASE}/2026/06/picnic/", pupil_ids=("P040",)),
            "gone",
            20,
            gone_at=STARTED + timedelta(minutes=9),
            proof="The page answers 404 Not Found.",
        ),
        tracked(
            finding("f-unproved", post_url=harvest, kind="lapsed_since", severity="week"),
            "gone",
            20,
            gone_at=STARTED + timedelta(minutes=9),
        ),
    )


def audit(
    findings: tuple[TrackedFinding, ...] | None = None,
    coverage: tuple[Coverage, ...] = (
        Coverage("website", "partial", 46, 118, quoted("The listing stopped answering after page 5.")),
        Coverage("Larkmere on Bluesky", "complete", 12, 9),
        Coverage("Larkmere on Facebook", "walled", 0, 0, quoted("A log-in window covers the page.")),
    ),
    not_checked: tuple[NotChecked, ...] | None = None,
    complete: bool = False,
    posts_without_finding: int = 49,
) -> Audit:
    return Audit(
        id="2026-11-19T02-30-00",
        started_at=STARTED,
        finished_at=STARTED + timedelta(minutes=9),
        complete=complete,
        versions={
            "auditbot": "0.1.0",
            "face_detector": "YuNet 2023mar",
            "face_embedder": "MobileFaceNet d8ba40c0",
            "gallery": "2026-11-02, 58 pupils",
            "consent_list": "2026-11-18 5f0c2a",
            "policy": "2026-09-01 77ab01",
            "threshold_named": "0.527",
        },
        coverage=coverage,
        findings=many() if findings is None else findings,
        not_checked=NOT_CHECKED if not_checked is None else not_checked,
        posts_without_finding=posts_without_finding,
    )


NOT_CHECKED = (
    NotChecked("website", f"{BASE}/news/page/6/", "listing", quoted("The listing stopped answering after page 5.")),
    *(
        NotChecked(
            "website", f"{BASE}/wp-content/uploads/2026/10/scan-{n}.heic", "photo", quoted("The file is cut short.")
        )
        for n in range(7)
    ),
    NotChecked(
        "Larkmere on Facebook",
        "https://www.facebook.example/larkmere",
        "account",
        quoted("A log-in window covers the page."),
    ),
)

CLAUSES = {
    "A1": ClauseText(
        "Pupils use social network sites in school for learning only.",
        "register",
        ClauseState(None, "No document is on file.", "An entry [[document]] in config/declarations.toml."),
        "governance",
    ),
    "B1": ClauseText(
        "Staff never add pupils as friends on their personal accounts.",
        "attest",
        ClauseState(date(2026, 9, 2), "Declared (All staff); it stands until 2 September 2027."),
    ),
    "C2": ClauseText(
        "A risk assessment is carried out for every account.",
        "register",
        ClauseState(date(2026, 11, 19), "1 finding."),
        "governance",
    ),
    "C11": ClauseText(
        "A photo of a pupil is published only if a parent or carer has given permission.",
        "pages",
        ClauseState(
            date(2026, 11, 19),
            "5 findings.",
            "Not everything was reached or examined; see what could not be checked.",
        ),
        "today",
        "4.11 Photographs of children need written permission.",
    ),
    "C12": ClauseText(
        "The surname of a pupil is never published.", "pages", ClauseState(date(2026, 11, 19), "3 findings."), "today"
    ),
    "C6": ClauseText(
        "No personal financial interest, commercial venture or personal campaign.",
        "pages",
        ClauseState(date(2026, 11, 19), "No findings in what was reached."),
        "week",
    ),
}


def context(evidence: Mapping[str, Path] | None = None, **changes: Any) -> ReportContext:
    values: dict[str, object] = {
        "school": "Larkmere Infant and Nursery School",
        "safeguarding_lead": "Designated safeguarding lead",
        "timezone": "Europe/London",
        "pupils": {
            "P001": PupilLabel("Maya E.", "Nursery Ducklings"),
            "P004": PupilLabel("Rayan K.", "Nursery Ducklings"),
            "P012": PupilLabel("Amara O.", "Otters"),
            "P019": PupilLabel("Finn D.", "Hedgehogs"),
            "P020": PupilLabel("Noah D.", "Hedgehogs"),
            "P033": PupilLabel("Ivy S."),
        },
        "permissions": {
            "f-harvest": (ConsentThenNow("P012", "no (form of 3 September 2026)", "no (form of 3 September 2026)"),),
            "f-gallery": (ConsentThenNow("P019", "", "not recorded"),),
            "f-copy": (ConsentThenNow("P019", "", "not recorded"),),
            "f-sports": (ConsentThenNow("P033", "yes (form of 2 September 2024)", "withdrawn on 12 October 2026"),),
            "f-first-days": (
                ConsentThenNow("P019", "not recorded", "not recorded"),
                ConsentThenNow("P020", "yes (form of 1 September 2026)", "yes (form of 1 September 2026)"),
            ),
        },
        "clauses": CLAUSES,
        "accounts": (
            AccountEntry("website", "website", f"{BASE}/", "website", "School office"),
            AccountEntry(
                "Larkmere on Bluesky", "bluesky", "https://bsky.example/larkmere", "social_media", "Deputy head"
            ),
            AccountEntry("Larkmere on Facebook", "facebook", "https://www.facebook.example/larkmere", "social_media"),
        ),
        "evidence": evidence or {},
        "titles": TITLES,
        "counts": {"pupils in the register": 61, "pupils whose face can be matched": 58},
    }
    return ReportContext(**(values | changes))  # type: ignore[arg-type]
