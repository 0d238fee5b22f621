"""Facts for the store's tests, small and made up, and strategies that make odd ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from auditbot.model import (
    Candidate,
    Comment,
    DocumentFacts,
    DocumentPicture,
    DocumentUse,
    Face,
    Finding,
    PhotoEvidence,
    PhotoFacts,
    PhotoUse,
    Post,
    TextEvidence,
    Words,
)
from auditbot.sentences import quoted

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NIGHT = timedelta(days=1)
URL = "https://www.larkmere.example/news/1"


def post(url: str = URL, *photos: str | None, account: str = "website", title: str = "Harvest") -> Post:
    """Return a post that shows the photos with these content hashes."""
    uses = tuple(PhotoUse(f"{url}/{number}.jpg", sha256) for number, sha256 in enumerate(photos, 1))
    return Post(account, url, title, "We sang.", published_at=NOON, photos=uses)


def photo(sha256: str, *faces: Face, not_examined: str = "") -> PhotoFacts:
    """Return the facts about a photo."""
    return PhotoFacts(sha256, 800, 600, faces, (), quoted(not_examined))


def finding(name: str = "f1", *, url: str = URL, sha256: str = "", severity: str = "today") -> Finding:
    """Return a finding with this id, about a photo if a content hash is given."""
    box = (1.0, 2.0, 3.0, 4.0)
    evidence = PhotoEvidence(f"{url}/1.jpg", sha256, (box,)) if sha256 else TextEvidence("title", "Harvest", 0, 7)
    return Finding(
        id=name,
        clause="C11",
        kind="no_permission",
        severity=severity,  # type: ignore[arg-type]
        band="breach",
        account="website",
        post_url=url,
        posted_at=NOON,
        evidence=evidence,
        pupil_ids=("P001",),
        score=0.75,
        explanation=quoted("The face in box 1 may be {P001}."),
    )


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["\0", "a\0b", "\r\n", "\U0001f9d2\U0001f3fd", "e\u0301", "\u202egnp", "'; DROP TABLE posts; --", "\ufffe", " "]
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
BOXES = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES)
HASHES = st.sampled_from(["a" * 64, "b" * 64, "c" * 64])

POSTS = st.builds(
    Post,
    account=TEXTS,
    url=TEXTS,
    title=TEXTS,
    text=TEXTS,
    author=TEXTS,
    published_at=st.none() | MOMENTS,
    photos=st.lists(
        st.builds(
            PhotoUse, TEXTS, st.none() | HASHES, TEXTS, TEXTS, st.sampled_from(["post", "comment", "document", "video"])
        ),
        max_size=3,
    ).map(tuple),
    comments=st.lists(st.builds(Comment, TEXTS, TEXTS, st.none() | MOMENTS, TEXTS), max_size=3).map(tuple),
    documents=st.lists(st.builds(DocumentUse, TEXTS, st.none() | HASHES, TEXTS), max_size=2).map(tuple),
)
PHOTOS = st.builds(
    PhotoFacts,
    sha256=HASHES,
    width=st.integers(0, 30_000),
    height=st.integers(0, 30_000),
    faces=st.lists(
        st.builds(
            Face,
            BOXES,
            NUMBERS,
            st.sampled_from(["named", "possible", "nobody", "too_small"]),
            st.lists(st.builds(Candidate, TEXTS, NUMBERS), max_size=3).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    words=st.lists(st.builds(Words, TEXTS, BOXES, NUMBERS), max_size=3).map(tuple),
    not_examined=TEXTS,
)
DOCUMENTS = st.builds(
    DocumentFacts,
    sha256=HASHES,
    pages=st.lists(TEXTS, max_size=3).map(tuple),
    pictures=st.lists(st.builds(DocumentPicture, st.integers(1, 300), HASHES), max_size=3).map(tuple),
    not_examined=TEXTS,
)
FINDINGS = st.builds(
    Finding,
    id=TEXTS.filter(bool),
    clause=TEXTS,
    kind=TEXTS,
    severity=st.sampled_from(["today", "week", "governance"]),
    band=st.sampled_from(["breach", "review"]),
    account=TEXTS,
    post_url=TEXTS,
    posted_at=st.none() | MOMENTS,
    evidence=st.builds(TextEvidence, TEXTS, TEXTS, st.integers(0, 9), st.integers(0, 9))
    | st.builds(
        PhotoEvidence,
        TEXTS,
        HASHES,
        st.lists(BOXES, max_size=2).map(tuple),
        st.lists(BOXES, max_size=2).map(tuple),
        TEXTS,
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    pupil_ids=st.lists(TEXTS, max_size=3).map(tuple),
    score=NUMBERS,
    explanation=TEXTS,
)
