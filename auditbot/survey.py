"""``auditbot exposure``: visit a site with nothing but its address, and write how exposed the people in its photos are.

No register is needed, no face is compared with any other, and nothing that was collected stays: the working folder,
which makes a survey that was cut short go on where it was, is removed once the report is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from auditbot import __version__
from auditbot.examine.workers import ExamineWorkers
from auditbot.exposure.exposed import exposed_photos
from auditbot.exposure.exposure_page import About, names_found, page
from auditbot.exposure.reach import ask, word_of_proof
from auditbot.exposure.safer import SaferCopy, hidden_pictures, safer_copies
from auditbot.exposure.summary import Exposure, summed
from auditbot.exposure.worklist import exposure_csv
from auditbot.model import PhotoFacts, Post
from auditbot.pipeline import Request, local_hosts, run_audit
from auditbot.run import Progress, local_now
from auditbot.safe_files import private_folder, write_private
from auditbot.settings import Settings, Workspace, load_settings
from auditbot.store import Store
from auditbot.workspace import make_workspace, settings_text

WORK = ".work"
DEMO_SCHOOL, DEMO_HOST = "Larkmere Infant and Nursery School (made up)", "www.larkmere.example"
SEEN = ("collect", "examine")


@dataclass(frozen=True, slots=True)
class Survey:
    """What was asked for on the command line."""

    url: str
    """Address of the website."""
    folder: Path
    """Where the report goes."""
    more: tuple[str, ...] = ()
    """Addresses of further accounts, of kinds that need no token."""
    copies: Path | None = None
    """Where safer copies go; None for none."""
    demo: bool = False
    """Whether the made-up school is looked at, which the program serves itself."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What came of it."""

    exposure: Exposure
    """The photos, graded."""
    html: Path
    """The page."""
    csv: Path
    """The work list."""
    copies: tuple[SaferCopy, ...]
    """The safer copies asked for."""
    unseen: tuple[str, ...]
    """What could not be seen, a sentence each."""
    proved: bool
    """Whether a word on the site shows that whoever asked answers for it."""
    word: str
    """That word."""


def survey(wanted: Survey, secret: bytes, progress: Progress) -> Surveyed:
    """Visit, grade, and write the report; go on with a survey that was cut short within twelve hours.

    ``secret`` is this machine's own, for the word of proof. Raises what an audit raises, OSError if nothing can be
    written.
    """
    workspace = _workspace(wanted)
    run_audit(workspace, progress, Request(stages=SEEN))
    settings = load_settings(workspace)
    word = word_of_proof(secret, wanted.url)
    with Store(workspace.data / "auditbot.db") as store:
        posts = tuple(store.published.posts())
        facts = {
            sha256: found
            for post in posts
            for sha256 in (use.sha256 for use in post.photos)
            if sha256 and (found := store.examined.photo(sha256)) is not None
        }
        unseen = (*_not_looked_at(posts, facts), *_not_reached(store))
    with local_hosts(settings) as hosts:
        asked = ask(wanted.url, posts, settings, word, hosts)
    exposure = summed(exposed_photos(posts, facts, asked.reach), len(posts))
    done = _write(wanted, workspace, settings, exposure, unseen, proved=asked.proved, word=word)
    shutil.rmtree(workspace.folder)
    return done


def _workspace(wanted: Survey) -> Workspace:
    """Make the working folder, or return the one that a survey cut short has left."""
    place = private_folder(wanted.folder) / WORK
    if (place / "config" / "accounts.toml").is_file() and (place / "config" / "auditbot.toml").is_file():
        return Workspace(place)
    shutil.rmtree(place, ignore_errors=True)
    host = urlsplit(wanted.url).netloc
    workspace = make_workspace(place, DEMO_SCHOOL if wanted.demo else host, wanted.url, more=wanted.more)
    given: dict[str, object] = {"school.name": host, "report.pdf": False, "report.screenshots": False}
    if wanted.demo:
        given |= {"demo.serve_as": DEMO_HOST, "collect.delay_seconds": 0.0}
    elif _is_this_machine(host):
        given |= {"collect.allow_loopback": [host]}
    write_private(workspace.config / "auditbot.toml", settings_text(given).encode())
    return workspace


def _is_this_machine(host: str) -> bool:
    return urlsplit(f"//{host}").hostname in ("127.0.0.1", "localhost", "::1") and ":" in host


def _not_looked_at(posts: Sequence[Post], facts: Mapping[str, PhotoFacts]) -> list[str]:
    films = sum(use.kind == "video" for post in posts for use in post.documents)
    documents = sum(use.kind == "document" for post in posts for use in post.documents)
    failed = sum(bool(found.not_examined) for found in facts.values())
    missing = sum(use.sha256 is None for post in posts for use in post.photos)
    told = (
        (films, "films whose moments are not graded"),
        (documents, "documents whose pictures are not graded"),
        (failed, "photos that could not be opened, or not as a whole"),
        (missing, "pictures that could not be had or are drawings"),
    )
    return [f"{count} {what}." for count, what in told if count]


def _not_reached(store: Store) -> list[str]:
    """What the visit says it could not reach, each reason once, with how often."""
    reasons: dict[str, int] = {}
    for missed in store.audits.missed_now():
        reasons[missed.reason] = reasons.get(missed.reason, 0) + 1
    return [f"{reason}{f' ({count} times)' if count > 1 else ''}" for reason, count in sorted(reasons.items())]


def _write(
    wanted: Survey,
    workspace: Workspace,
    settings: Settings,
    exposure: Exposure,
    unseen: tuple[str, ...],
    *,
    proved: bool,
    word: str,
) -> Surveyed:
    names = names_found(exposure)
    files = {path.name: path for path in (workspace.data / "spool").iterdir() if path.is_file()}
    copies: tuple[SaferCopy, ...] = ()
    if wanted.copies is not None:
        with ExamineWorkers(settings) as workers:
            copies = safer_copies(
                exposure.photos, files, wanted.copies, workers, names=names,
                max_megapixels=settings.examine.max_megapixels,
            )  # fmt: skip
    about = About(
        who=DEMO_SCHOOL if wanted.demo else urlsplit(wanted.url).netloc,
        where=tuple(urlsplit(url).netloc or url for url in (wanted.url, *wanted.more)),
        day=_day(local_now(settings).date()),
        standing=_standing(proved, wanted.demo),
        version=__version__,
        copies=bool(copies),
    )
    pictures = hidden_pictures(exposure.first, files, settings.examine.max_megapixels)
    html, csv = wanted.folder / "exposure.html", wanted.folder / "exposure.csv"
    write_private(html, page(exposure, about, pictures, unseen, searchable_known=True).encode())
    write_private(csv, exposure_csv(exposure, names).encode("utf-8-sig"))
    return Surveyed(exposure, html, csv, copies, unseen, proved, word)


def _standing(proved: bool, demo: bool) -> str:
    if demo:
        return "A made-up school: nobody shown or named exists."
    if proved:
        return "A word on the site shows that whoever asked for this report answers for it."
    return "Whoever asked for this report says that they answer for the site; no word on the site shows it yet."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
