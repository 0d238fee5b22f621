"""The examine stage: each photo and document once, in worker processes; this process alone matches and writes."""

from __future__ import annotations

from pathlib import Path

from auditbot.examine.engines.default import DefaultEngine
from auditbot.examine.enrol import Enrolled
from auditbot.examine.matching import match_faces
from auditbot.examine.photo import ExaminedPhoto
from auditbot.examine.words import WordReader
from auditbot.examine.workers import ExamineWorkers
from auditbot.model import PhotoFacts
from auditbot.run import Run, stage
from auditbot.settings import Examine


def versions(enrolled: Enrolled, settings: Examine) -> dict[str, str]:
    """Return the versions of everything that looks at a photo, and the settings it looks with."""
    return {
        "face engine": f"{DefaultEngine.name} {DefaultEngine.version}",
        "gallery": enrolled.gallery.version,
        "word reader": WordReader.version if settings.read_words else "off",
        "photo metadata": "read",
        "largest photo": f"{settings.max_megapixels:g} megapixels",
    }


def examined_with(enrolled: Enrolled, settings: Examine) -> str:
    """Name engine, gallery, reader and settings: a photo examined with anything else is examined again."""
    return " | ".join(versions(enrolled, settings).values())


def examine(run: Run, enrolled: Enrolled) -> None:
    """Examine what is in use, not yet examined with this version, and at hand."""
    with ExamineWorkers(run.settings) as workers:
        _examine_documents(run, workers, enrolled)
        _examine_photos(run, workers, enrolled)


def _examine_documents(run: Run, workers: ExamineWorkers, enrolled: Enrolled) -> None:
    waiting = set(run.store.examined.documents_to_examine())
    # Pictures inside a document are examined again with the gallery, so the document is opened for them once more.
    pictures = set(run.store.examined.photos_to_examine(examined_with(enrolled, run.settings.examine)))
    waiting |= run.store.examined.documents_holding(pictures)
    paths = _at_hand(run, sorted(waiting))
    with stage(run.progress, "Documents examined", len(paths)) as one_more:
        for facts in workers.map_documents(paths, run.spool):
            run.store.examined.save_document(facts)
            one_more()


def _examine_photos(run: Run, workers: ExamineWorkers, enrolled: Enrolled) -> None:
    version = examined_with(enrolled, run.settings.examine)
    paths = _at_hand(run, run.store.examined.photos_to_examine(version))
    with stage(run.progress, "Photos examined", len(paths)) as one_more:
        for examined in workers.map_photos(paths):
            facts = _answer(examined, enrolled)
            if not _says_less(facts, run.store.examined.photo(facts.sha256)):
                run.store.examined.save_photo(facts, version)
            one_more()


def _answer(examined: ExaminedPhoto, enrolled: Enrolled) -> PhotoFacts:
    """Replace each face's vector by the gallery's answer; the vectors end here, in memory."""
    return PhotoFacts(
        sha256=examined.sha256,
        width=examined.width,
        height=examined.height,
        faces=match_faces(examined.faces, enrolled.gallery),
        words=examined.words,
        not_examined=examined.not_examined,
        metadata=examined.metadata,
    )


def _says_less(facts: PhotoFacts, known: PhotoFacts | None) -> bool:
    """Whether a photo that was examined before could not be examined now: what was known stands, and is tried again."""
    return facts.not_examined != "" and facts.width == 0 and known is not None and known.width > 0


def _at_hand(run: Run, hashes: list[str]) -> list[Path]:
    return [path for sha256 in hashes if (path := run.bytes_of(sha256))]


def to_fetch_again(run: Run, enrolled: Enrolled) -> frozenset[str]:
    """Return content hashes of files whose bytes are needed and not at hand.

    They wait to be examined (a killed run, a new gallery), or a finding shows them and no evidence was kept.
    """
    store = run.store.examined
    photos = set(
        store.photos_to_examine(examined_with(enrolled, run.settings.examine))
    ) | run.store.audits.photos_in_findings(run.now())
    missing = {sha256 for sha256 in photos if run.bytes_of(sha256) is None}
    documents = {*store.documents_to_examine(), *store.documents_holding(missing)}
    return frozenset(missing | {sha256 for sha256 in documents if run.bytes_of(sha256) is None})
