"""C5, data protection: contact details, dates of birth and special data in words, and what a photo's file tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from auditbot.check.personal_data import PersonalData, find_private_data
from auditbot.check.personal_data.private import CERTAIN
from auditbot.check.personal_data.special import Special, SpecialData, find_special
from auditbot.check.prose import TITLE
from auditbot.check.read_before.reading import Reading
from auditbot.check.texts import Ours, PublishedText, ShownPhoto, evidence_of, photos_of_post
from auditbot.model import Band, Finding, PhotoEvidence, PostFacts, TextEvidence
from auditbot.model.found import finding_id
from auditbot.sentences import Sentence, say, together

KINDS = {
    "phone": "phone_number",
    "email": "email_address",
    "postal_address": "postal_address",
    "postcode": "postal_address",
    "date_of_birth": "date_of_birth",
}
SPECIAL = "special_data"
"""The kind of finding for health, special needs, meals, care and faith."""
_SPECIAL_DATA = {
    Special.HEALTH: say("The sentence seems to tell of a named child's health."),
    Special.SEND: say("The sentence seems to tell of a named child's special educational needs."),
    Special.MEALS: say("The sentence seems to say that a named child gets free meals or other help with money."),
    Special.CARE: say("The sentence seems to tell of a named child's family or care arrangements."),
    Special.FAITH: say("The sentence seems to tell of a named child's faith."),
    Special.ANY: say("The sentence seems to tell of a named child's health, needs, family or faith."),
}
_GUARDED = say("Data protection law guards such details most. Please look today whether it may be public.")
NAMES_NOT_WORDS = frozenset({"address", "filename", "author", "byline"})
_POSITION = say(
    "The file of this photo says where on earth it was taken, to within a few metres. Anyone who saves the photo can "
    "read it. This audit did not keep the place."
)
_SERIAL_NUMBER = say(
    "The file of this photo names the very camera, lens or owner. Photos taken with the same camera can be linked by "
    "it."
)


def personal_data_check(
    ours: Ours, today: date, forenames: frozenset[str] = frozenset()
) -> Callable[[PostFacts], Iterator[Finding]]:
    """Return the check of personal data for a school with these contact details of its own.

    ``today`` is the day of reading, of which the year alone decides; ``forenames`` are those of its pupils in small
    letters.
    """
    year = date(today.year, 1, 1)
    private_data = Reading(ours.read_before, "private data", PersonalData, ours.contacts, year)
    special_data = Reading(ours.read_before, "special data", SpecialData, sorted(forenames))

    def private(published: PublishedText) -> list[PersonalData]:
        words = published.kind not in NAMES_NOT_WORDS
        return find_private_data(published.text, ours.contacts, year) if words else []

    def special(published: PublishedText) -> list[SpecialData]:
        words, title = published.kind not in NAMES_NOT_WORDS, published.kind == TITLE
        return find_special(published.text, forenames, title=title) if words else []

    def check(facts: PostFacts) -> Iterator[Finding]:
        seen: Counter[tuple[str, ...]] = Counter()
        for published, item in private_data.of(facts, private):
            about = _about(KINDS[item.kind], published, item)
            seen[about] += 1
            yield _in_words(facts, published, item, (*about, str(seen[about])))
        for published, said in special_data.of(facts, special):
            about = _about(SPECIAL, published, said)
            seen[about] += 1
            yield _special(facts, published, said, (*about, str(seen[about])))
        for shown in photos_of_post(facts):
            yield from _in_the_file(facts, shown)

    return check


def _about(kind: str, published: PublishedText, found: PersonalData | SpecialData) -> tuple[str, ...]:
    characters = published.text[found.start : found.end].casefold()
    return (kind, published.anchor, " ".join(characters.split()))


def explained(item: PersonalData) -> Sentence:
    """Return why an item is shown, in calm sentences."""
    return together(item.reason, say("Please look whose it is, a child’s or an adult’s, and whether they agreed."))


def band_of(item: PersonalData) -> Band:
    """Return whether the item stands by itself or somebody has to look."""
    return "breach" if item.score >= CERTAIN else "review"


def _in_words(facts: PostFacts, published: PublishedText, item: PersonalData, about: tuple[str, ...]) -> Finding:
    evidence = evidence_of(published, item.start, item.end)
    return _finding(facts, KINDS[item.kind], band_of(item), evidence, item.score, explained(item), about)


def why_special(said: SpecialData) -> Sentence:
    """Return why a sentence is shown, without the child's name."""
    return together(_SPECIAL_DATA[said.what], _GUARDED)


def _special(facts: PostFacts, published: PublishedText, said: SpecialData, about: tuple[str, ...]) -> Finding:
    evidence = evidence_of(published, said.start, said.end)
    found = _finding(facts, SPECIAL, "review", evidence, said.score, why_special(said), about)
    return replace(found, severity="today")


def _in_the_file(facts: PostFacts, shown: ShownPhoto) -> Iterator[Finding]:
    said = shown.facts.metadata
    evidence = PhotoEvidence(shown.url, shown.facts.sha256, (), tuple(face.box for face in shown.facts.faces))
    about = ("file", shown.facts.sha256)
    if said.has_position:
        yield _finding(facts, "photo_position", "breach", evidence, 1.0, _POSITION, ("position", *about))
    if said.has_serial_number:
        yield _finding(facts, "photo_serial_number", "review", evidence, 1.0, _SERIAL_NUMBER, ("serial", *about))


def _finding(
    facts: PostFacts,
    kind: str,
    band: Band,
    evidence: TextEvidence | PhotoEvidence,
    score: float,
    explanation: Sentence,
    about: tuple[str, ...],
) -> Finding:
    post = facts.post
    return Finding(
        id=finding_id("C5", post.account, post.url, *about),
        clause="C5",
        kind=kind,
        severity="today" if band == "breach" else "week",
        band=band,
        account=post.account,
        post_url=post.url,
        posted_at=post.published_at,
        evidence=evidence,
        pupil_ids=(),
        score=round(score, 4),
        explanation=explanation,
    )
