"""What a decision is about, as a fingerprint: the same photo, face or words have the same one wherever they stand."""

from __future__ import annotations

import hashlib

from auditbot.model import Box, Finding, TextEvidence

AROUND = 60
"""Characters on either side of the words that belong to them: a word that was harmless there may not be elsewhere."""
VALUES = frozenset({"phone_number", "email_address", "postal_address", "adult_with_a_name_like_a_pupil"})
"""Kinds whose words say all by themselves: the school's own number is its own in every footer, and an adult is one."""
SAME_FACE = 0.5
"""Share of two boxes that overlaps from which they are one face: another detector draws a box a little differently."""


def subjects_of(finding: Finding) -> tuple[str, ...]:
    """Return the fingerprints of what a finding rests on: one for each face or line of words, or one in all."""
    evidence = finding.evidence
    if isinstance(evidence, TextEvidence):
        field = _unnumbered(evidence.field)
        return (f"text:{finding.account}|{field}|{_hash(finding.clause, _words(finding.kind, evidence))}",)
    return tuple(face_subject(evidence.sha256, box) for box in evidence.boxes) or (photo_subject(evidence.sha256),)


def photo_subject(sha256: str) -> str:
    """Return the fingerprint of a whole photo, from its content hash."""
    return f"photo:{sha256}"


def face_subject(sha256: str, box: Box) -> str:
    """Return the fingerprint of one face, from its photo's content hash and its box in pixels."""
    return f"photo:{sha256}#{','.join(str(round(side)) for side in box)}"


def post_key(account: str, post_url: str) -> str:
    """Return sixteen hex digits for a post; they tell nothing of its address."""
    return _hash(account, post_url)


def same_subject(one: str, other: str) -> bool:
    """Return whether two fingerprints mean the same face, photo or words; a whole photo is no single face."""
    if one == other:
        return True
    if one.startswith("text:") and other.startswith("text:"):
        return one.rpartition("|")[2] == other.rpartition("|")[2]
    photo, _, box = one.partition("#")
    another, _, other_box = other.partition("#")
    return photo == another and bool(box and other_box) and _overlap(_box(box), _box(other_box)) >= SAME_FACE


def whole_subject(subject: str) -> str:
    """Return the whole photo of a face; words stand for themselves."""
    return subject.partition("#")[0] if subject.startswith("photo:") else subject


def _words(kind: str, evidence: TextEvidence) -> str:
    if kind in VALUES:
        return " ".join(evidence.text[evidence.start : evidence.end].split()).casefold()
    before = evidence.text[max(0, evidence.start - AROUND) : evidence.start]
    after = evidence.text[evidence.end : evidence.end + AROUND]
    marked = evidence.text[evidence.start : evidence.end]
    return "\x1e".join(" ".join(part.split()) for part in (before, marked, after))


def _unnumbered(field: str) -> str:
    """A comment or photo that joins or leaves the post gives the others new numbers."""
    return "".join(letter for letter in field if not letter.isdecimal()).replace("|", " ")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _box(text: str) -> Box:
    x, y, width, height = (float(side) for side in text.split(","))
    return (x, y, width, height)


def _overlap(one: Box, other: Box) -> float:
    """Return the share of both boxes together that lies in both, 0 to 1."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    both = one[2] * one[3] + other[2] * other[3] - shared
    return shared / both if both > 0 else 0.0
