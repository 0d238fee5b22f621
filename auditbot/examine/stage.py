"""The examine stage: each photo and document once, in worker processes; this process alone matches and writes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

from auditbot.examine.documents import documents_examined_with
from auditbot.examine.faces.engines import choice_of, engine_id
from auditbot.examine.faces.enrol import Enrolled
from auditbot.examine.faces.matching import MATCHING, PhotoContext, match_together
from auditbot.examine.films import videos_examined_with
from auditbot.examine.photo import ExaminedPhoto
from auditbot.examine.words import WordReader
from auditbot.examine.workers import ExamineWorkers, Pool
from auditbot.machine.confinement import Folders
from auditbot.model import PhotoFacts, Post
from auditbot.registers.declared import Declared
from auditbot.registers.groups import Groups
from auditbot.run import Run, stage
from auditbot.sentences import _, say
from auditbot.settings import Examine, Settings
from auditbot.store import Store
from auditbot.store.examined_rows import Examined

# What is known of a photo besides its bytes: the posts that use it, and the registers.

# Children are in photos before they are on roll: on settling-in days, as visiting brothers and sisters, in a nursery
# class whose date the register replaced by that of Reception. Leaving one out by mistake is worse than a wide choice,
# so only who joined more than a year after the post is left out. Leavers need no rule: they have no template.
LONG_BEFORE_JOINING = timedelta(days=366)
# Photos of one post are kept in memory together until the last is examined; a post with more is taken in parts.
MOST_TOGETHER = 24


def photos_by_post(store: Store) -> Iterator[tuple[Post, list[str]]]:
    """Yield each post that is not gone with the content hashes of all photos it shows, those in documents included."""
    for post in store.published.posts():
        shown = [use.sha256 for use in post.photos if use.sha256]
        for use in post.documents:
            document = store.examined.document(use.sha256) if use.sha256 else None
            shown += [picture.sha256 for picture in document.pictures] if document else []
        yield post, list(dict.fromkeys(shown))


def contexts_of(
    posts: Iterable[tuple[Post, list[str]]], declared: Declared, enrolled: Iterable[str]
) -> dict[str, PhotoContext]:
    """Return by content hash what all posts that use a photo say together, as far as it concerns those enrolled.

    Who is likely for one post is likely; who is left out must be so for every post.
    """
    known = frozenset(enrolled)
    groups = Groups(declared.pupils.values(), declared.today)
    joined = {pupil.pupil_id: pupil.on_roll_from for pupil in declared.pupils.values() if pupil.pupil_id in known}
    contexts: dict[str, PhotoContext] = {}
    for post, photos in posts:
        likely = (
            groups.named_in(post, declared.accounts.get(post.account), declared.declarations.event_approval) & known
        )
        day = post.published_at.date() if post.published_at else declared.today
        absent = frozenset(one for one, since in joined.items() if since and since > day + LONG_BEFORE_JOINING)
        for sha256 in photos:
            before = contexts.get(sha256)
            contexts[sha256] = PhotoContext(
                likely | (before.likely if before else frozenset()), absent & before.absent if before else absent
            )
    return contexts


def siblings_of(declared: Declared, enrolled: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for each enrolled pupil who has any their enrolled brothers and sisters."""
    known = frozenset(enrolled)
    families: dict[str, set[str]] = {}
    for pupil in declared.pupils.values():
        if pupil.sibling_group and pupil.pupil_id in known:
            families.setdefault(pupil.sibling_group, set()).add(pupil.pupil_id)
    return {one: frozenset(family - {one}) for family in families.values() if len(family) > 1 for one in family}


def matched_with(context: PhotoContext, siblings: Mapping[str, frozenset[str]]) -> str:
    """Name in a few characters all that answers depend on besides pixels and gallery: with another, match again."""
    families = sorted({" ".join(sorted({one, *others})) for one, others in siblings.items()})
    parts = [MATCHING, *sorted(context.likely), "|", *sorted(context.absent), "|", *families]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def in_batches(waiting: Iterable[str], posts: Iterable[tuple[Post, list[str]]]) -> list[list[str]]:
    """Arrange photos so that those of one post stand together, each photo once."""
    left = dict.fromkeys(waiting)
    batches: list[list[str]] = []
    for _post, photos in posts:
        here = [sha256 for sha256 in photos if sha256 in left]
        batches += [here[start : start + MOST_TOGETHER] for start in range(0, len(here), MOST_TOGETHER)]
        for sha256 in here:
            del left[sha256]
    return [*batches, *([sha256] for sha256 in left)]


def versions(enrolled: Enrolled, settings: Settings) -> dict[str, str]:
    """Return the versions of everything that looks at a photo, and the settings it looks with."""
    megapixels = f"{settings.examine.max_megapixels:g}"
    return {
        "face engine": engine_id(choice_of(settings.faces)),
        "gallery": enrolled.gallery.version,
        "word reader": WordReader.version if settings.examine.read_words else say("off"),
        "photo metadata": say("read whole, with time and device"),
        "largest photo": say("%(number)s megapixels", number=megapixels),
    }


def examined_with(enrolled: Enrolled, settings: Settings) -> str:
    """Name engine, gallery, reader and settings: a photo examined with anything else is examined again."""
    return " | ".join(versions(enrolled, settings).values())


def examine(run: Run, enrolled: Enrolled, photos: Pool | None = None) -> None:
    """Examine what is in use, not yet examined with this version, and at hand; ``photos`` are workers elsewhere."""
    with ExamineWorkers(
        run.settings, run.ends_at, photos, only=Folders((run.spool.folder,), (run.evidence,))
    ) as workers:
        _examine_documents(run, workers, enrolled)
        _examine_photos(run, workers, enrolled)


def _examine_documents(run: Run, workers: ExamineWorkers, enrolled: Enrolled) -> None:
    examined, version = run.store.examined, documents_examined_with(run.settings.examine)
    # Pictures inside a document are examined again with the gallery, so the document is opened for them once more.
    holding = examined.documents_holding(_Known.of(run, enrolled).wanted())
    films, captions = examined.of_kind("video"), examined.of_kind("captions")
    waiting = set(examined.documents_to_examine(version)) | holding - films - captions
    paths = _at_hand(run, sorted(waiting))
    with stage(run.progress, _("Documents examined"), len(paths)) as one_more:
        for facts in workers.map_documents(paths, run.spool):
            examined.save_document(facts, version)
            one_more()
    version = videos_examined_with(run.settings.examine)
    paths = _at_hand(run, sorted({*examined.documents_to_examine(version, "video"), *(holding & films)}))
    said = _at_hand(run, examined.documents_to_examine(version, "captions"))
    with stage(run.progress, _("Films looked through"), len(paths)) as one_more:
        for facts in chain(workers.map_captions(said), workers.map_films(paths, run.spool)):
            examined.save_document(facts, version)
            one_more()


def _examine_photos(run: Run, workers: ExamineWorkers, enrolled: Enrolled) -> None:
    known = _Known.of(run, enrolled)
    batches = [paths for batch in known.batches if (paths := _ready(run, known, batch))]
    with stage(run.progress, _("Photos examined"), sum(map(len, batches))) as one_more:
        for together in _by_batch(workers, batches, one_more):
            _save(run, known, together, enrolled)


def _ready(run: Run, known: _Known, batch: list[str]) -> list[Path]:
    """Return what can be examined now: without the other photos of its post, none is matched again for its context."""
    paths = _at_hand(run, batch)
    return paths if len(paths) == len(batch) else [path for path in paths if path.name in known.not_examined]


def _by_batch(
    workers: ExamineWorkers, batches: list[list[Path]], one_more: Callable[[], None]
) -> Iterator[list[ExaminedPhoto]]:
    """Yield the photos of each batch once the last of them is examined; few batches are ever begun at once."""
    batch_of = {path.name: number for number, batch in enumerate(batches) for path in batch}
    begun: dict[int, list[ExaminedPhoto]] = {}
    for examined in workers.map_photos(path for batch in batches for path in batch):
        one_more()
        number = batch_of.get(examined.sha256)
        if number is None:  # the bytes changed on disk since they were fetched
            yield [examined]
            continue
        begun.setdefault(number, []).append(examined)
        if len(begun[number]) == len(batches[number]):
            yield begun.pop(number)
    yield from begun.values()


def _save(run: Run, known: _Known, together: list[ExaminedPhoto], enrolled: Enrolled) -> None:
    """Replace each face's vector by the gallery's answer, and store that; the vectors end here, in memory."""
    together.sort(key=lambda examined: examined.sha256)  # workers answer in any order
    answers = match_together(together, enrolled.gallery, known.contexts, known.siblings)
    for examined, faces in zip(together, answers, strict=True):
        facts = PhotoFacts(
            sha256=examined.sha256,
            width=examined.width,
            height=examined.height,
            faces=faces,
            words=examined.words,
            not_examined=examined.not_examined,
            metadata=examined.metadata,
        )
        if not _says_less(facts, run.store.examined.photo(facts.sha256)):
            run.store.examined.save_photo(facts, known.version, known.matched_with(facts.sha256))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known besides the bytes when photos are examined."""

    version: str
    """What they are examined with."""
    not_examined: frozenset[str]
    """Photos not examined with this version."""
    batches: list[list[str]]
    """Posts' photos with one not examined, or one whose faces may be answered better by what its posts say now."""
    contexts: dict[str, PhotoContext]
    """What the posts say of each photo."""
    siblings: dict[str, frozenset[str]]
    """The enrolled siblings of each pupil."""

    @classmethod
    def of(cls, run: Run, enrolled: Enrolled) -> _Known:
        store, posts, people = run.store.examined, list(photos_by_post(run.store)), enrolled.gallery.pupil_ids
        version = examined_with(enrolled, run.settings)
        not_examined, matched = frozenset(store.photos_to_examine(version)), store.matched_with()
        known = cls(
            version,
            not_examined,
            in_batches(sorted(not_examined | matched.keys()), posts),
            contexts_of(posts, run.declared, people) if people else {},
            siblings_of(run.declared, people),
        )
        otherwise = {one for one, before in matched.items() if known.matched_with(one) not in ("", before)}
        waiting = not_examined | otherwise
        return replace(known, batches=[batch for batch in known.batches if not waiting.isdisjoint(batch)])

    def matched_with(self, sha256: str) -> str:
        """Name what a photo is matched with besides pixels and gallery; empty if no post uses it or nobody is known."""
        return matched_with(self.contexts[sha256], self.siblings) if sha256 in self.contexts else ""

    def wanted(self) -> set[str]:
        """All photos to examine, whether they are at hand or not."""
        return {sha256 for batch in self.batches for sha256 in batch}


def _says_less(facts: PhotoFacts, known: PhotoFacts | None) -> bool:
    """Whether a photo that was examined before could not be examined now: what was known stands, and is tried again."""
    return facts.not_examined != "" and facts.width == 0 and known is not None and known.width > 0


def _at_hand(run: Run, hashes: list[str]) -> list[Path]:
    return [path for sha256 in hashes if (path := run.bytes_of(sha256))]


def files_to_examine(store: Examined, settings: Examine) -> set[str]:
    """Return the content hashes of documents, films and captions in use that these settings have not examined."""
    version = videos_examined_with(settings)
    documents = store.documents_to_examine(documents_examined_with(settings))
    films = store.documents_to_examine(version, "video")
    return {*documents, *films, *store.documents_to_examine(version, "captions")}


def to_fetch_again(run: Run, enrolled: Enrolled) -> frozenset[str]:
    """Return content hashes of files whose bytes are needed and not at hand.

    They wait to be examined (a killed run, a new gallery, another class named), or a finding shows them and no evidence
    was kept.
    """
    store = run.store.examined
    photos = _Known.of(run, enrolled).wanted() | run.store.audits.photos_in_findings(run.now())
    missing = {sha256 for sha256 in photos if run.bytes_of(sha256) is None}
    documents = {*files_to_examine(store, run.settings.examine), *store.documents_holding(missing)}
    return frozenset(missing | {sha256 for sha256 in documents if run.bytes_of(sha256) is None})
