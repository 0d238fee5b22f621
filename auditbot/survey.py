"""``auditbot exposure``: visit a site with nothing but its address, and write how exposed the people in its photos are.

No register is needed, no face is compared with any other, and nothing that was collected stays: the working folder,
which makes a survey that was cut short go on where it was, is removed once the report is written.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from auditbot import __version__
from auditbot.collect.browser.launch import render_pdf
from auditbot.errors import NoAuditYet, ReportNotPrinted, UnknownAccount
from auditbot.examine.workers import ExamineWorkers
from auditbot.exposure.exposed import Reach, exposed_photos
from auditbot.exposure.exposure_page import SHEET, About, names_found, page, sheet
from auditbot.exposure.names.masking import masked, words_of
from auditbot.exposure.names.names_beside import words_of_names
from auditbot.exposure.names.own_words import Knowledge
from auditbot.exposure.nightly import facts_of
from auditbot.exposure.reach import Asked, ask, fetch_again, word_of_proof
from auditbot.exposure.safer import SaferCopy, hidden_pictures, safer_copies
from auditbot.exposure.summary import Exposure, summed
from auditbot.exposure.worklist import exposure_csv
from auditbot.model import DocumentFacts, NotChecked, PhotoFacts, Post, Why
from auditbot.pipeline import Request, local_hosts, run_audit
from auditbot.present.exposed_since import ExposureSince, exposure_since
from auditbot.registers.declared import read_declared
from auditbot.run import Progress, local_now, one_at_a_time
from auditbot.safe_files import private_folder, write_private
from auditbot.sentences import Sentence, _, _n, day_of, say_n
from auditbot.settings import Settings, Workspace, load_settings
from auditbot.store import Store
from auditbot.workspace import make_workspace, settings_text

WORK = ".work"
ASKED = "asked.txt"
"""In the working folder, written last: the addresses that were asked for, one a line."""
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
    pdf: Path | None
    """The same, to be printed; None if the browser could not."""
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

    ``secret`` is this machine's own, for the word of proof. Raises what an audit raises, OSError if
    nothing can be written.
    """
    workspace = _workspace(wanted)
    run_audit(workspace, progress, Request(stages=SEEN))
    settings = load_settings(workspace)
    word = word_of_proof(secret, wanted.url)
    with Store(workspace.data / "auditbot.db") as store:
        posts = tuple(store.published.posts())
        facts, documents = facts_of(posts, store)
        missed = store.audits.missed_now()
        unseen = (*not_looked_at(posts, facts, documents, missed), *not_reached_alone(missed))
    with local_hosts(settings) as hosts:
        asked = ask(wanted.url, posts, settings, word, hosts)
    graded = _Graded(
        exposure=summed(exposed_photos(posts, facts, asked.reach, documents), len(posts)),
        files=_at_hand(workspace),
        unseen=unseen,
        asked=asked,
        word=word,
        who=DEMO_SCHOOL if wanted.demo else urlsplit(wanted.url).netloc,
        where=(wanted.url, *wanted.more),
        standing=standing_of(asked.proved, wanted.demo),
    )
    done = _write(graded, wanted.folder, wanted.copies, settings)
    shutil.rmtree(workspace.folder)
    return done


def survey_account(workspace: Workspace, name: str, folder: Path, copies: Path | None, secret: bytes) -> Surveyed:
    """Write the same report of one account of a workspace, from what its audits know; no page is visited.

    Of photos that are no longer at hand the files are asked for once more, each at its own address. Raises
    UnknownAccount, NoAuditYet, AuditRunning, OSError if nothing can be written.
    """
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        declared = read_declared(workspace, local_now(settings).date())
        if name not in declared.accounts:
            raise UnknownAccount(name, list(declared.accounts))
        if not (workspace.data / "auditbot.db").is_file():
            raise NoAuditYet(workspace.folder)
        account = declared.accounts[name]
        word = word_of_proof(secret, account.url)
        with Store(workspace.data / "auditbot.db") as store:
            posts = tuple(post for post in store.published.posts() if post.account == name)
            facts, documents = facts_of(posts, store)
            missed = [one for one in store.audits.missed_now() if one.account == name]
            since = next((one for one in exposure_since(store.exposures.nights()) if one.now.account == name), None)
        private_folder(folder)
        with local_hosts(settings) as hosts, tempfile.TemporaryDirectory(dir=folder, prefix=".files-") as place:
            asked = ask(account.url, posts, settings, word, hosts) if account.kind == "website" else None
            exposure = summed(exposed_photos(posts, facts, asked.reach if asked else None, documents), len(posts))
            files = _at_hand(workspace)
            wanted = exposure.photos if copies else exposure.first
            files |= fetch_again(account.url, wanted, files, Path(place), settings, hosts)
            graded = _Graded(
                exposure=exposure,
                files=files,
                unseen=(*not_looked_at(posts, facts, documents, missed), *not_reached(missed)),
                asked=asked or Asked(Reach(), proved=False),
                word=word,
                who=settings.school.name,
                where=(account.url,),
                standing=_(
                    "From the audits of the account “%(account)s”, which the school’s register holds.", account=name
                ),
                before=compared(since) if since else "",
                searchable_known=asked is not None,
                in_register=True,
            )
            return _write(graded, folder, copies, settings)


@dataclass(frozen=True, slots=True)
class _Graded:
    """What a report is written from."""

    exposure: Exposure
    """The photos, graded."""
    files: Mapping[str, Path]
    """The files at hand, by content hash."""
    unseen: tuple[str, ...]
    """What could not be seen."""
    asked: Asked
    """What the site answered of its reach."""
    word: str
    """The word of proof."""
    who: str
    """The school, or the site's host."""
    where: tuple[str, ...]
    """Addresses that were read."""
    standing: str
    """Who answers for it, as a sentence."""
    before: str = ""
    """What became of it since an earlier night."""
    searchable_known: bool = True
    """Whether the site was asked what search engines may keep."""
    in_register: bool = False
    """Whether it is an account of a workspace, audited every night."""


def _at_hand(workspace: Workspace) -> dict[str, Path]:
    folders = (workspace.data / "evidence", workspace.data / "spool")
    return {path.name: path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file()}


def _workspace(wanted: Survey) -> Workspace:
    """Make the working folder, or return the one that a survey of the same addresses, cut short, has left."""
    place = private_folder(wanted.folder) / WORK
    asked = "".join(f"{url}\n" for url in (wanted.url, *wanted.more)).encode()
    if (place / ASKED).is_file() and (place / ASKED).read_bytes() == asked:
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
    write_private(place / ASKED, asked)
    return workspace


def _is_this_machine(host: str) -> bool:
    return urlsplit(f"//{host}").hostname in ("127.0.0.1", "localhost", "::1") and ":" in host


def not_looked_at(
    posts: Sequence[Post],
    facts: Mapping[str, PhotoFacts],
    documents: Mapping[str, DocumentFacts],
    missed: Sequence[NotChecked] = (),
) -> list[str]:
    """Say of how many films, documents and pictures nothing could be seen, each file once.

    ``facts`` and ``documents`` are by content hash. What the visit could not have stands in ``missed`` with its reason
    and is not counted here again.
    """
    told = {note.url for note in missed}
    unread = {
        use.sha256 or use.url: use.kind
        for post in posts
        for use in post.documents
        if use.url not in told and _is_unread(documents.get(use.sha256 or ""))
    }
    films = sum(kind == "video" for kind in unread.values()) - _gone_beside(missed, Why.DEAD_FILM)
    others = sum(kind == "document" for kind in unread.values()) - _gone_beside(missed, Why.DEAD_DOCUMENT)
    failed = sum(bool(found.not_examined) for found in facts.values())
    missing = len({use.url for post in posts for use in post.photos if use.sha256 is None} - told)
    missing -= _gone_beside(missed, Why.DEAD_PICTURE)
    counted = (
        (
            films,
            say_n("%(count)s film could not be looked through.", "%(count)s films could not be looked through.", films),
        ),
        (
            others,
            say_n(
                "%(count)s document could not be searched for pictures.",
                "%(count)s documents could not be searched for pictures.",
                others,
            ),
        ),
        (
            failed,
            say_n(
                "%(count)s photo could not be opened, or not as a whole.",
                "%(count)s photos could not be opened, or not as a whole.",
                failed,
            ),
        ),
        (
            missing,
            say_n(
                "%(count)s picture is a drawing or an icon, or could not be had earlier.",
                "%(count)s pictures are drawings or icons, or could not be had earlier.",
                missing,
            ),
        ),
    )
    return [str(told) for count, told in counted if count > 0]


def _gone_beside(missed: Iterable[NotChecked], why: Why) -> int:
    """How many files are gone besides the one whose address stands for all of them."""
    return sum(max(0, note.reason.number - 1) for note in missed if note.why is why)


def _is_unread(found: DocumentFacts | None) -> bool:
    return found is None or found.not_examined != ""


def not_reached(missed: Iterable[NotChecked]) -> list[str]:
    """Say what the visit could not reach, each reason once, with how often, names in its addresses left out.

    Pictures that pages only name are told together: nobody sees here which.
    """
    missed = tuple(missed)
    named = [note for note in missed if note.what == "photo" and note.why is Why.SHUT]
    reasons = Counter(note.reason for note in missed if note not in named)
    sentences = [
        _("%(reason)s (%(count)s times)", reason=told, count=count) if count > 1 else told
        for reason, count in sorted(reasons.items())
        for told in [masked(str(reason), words_of(words_of_names((), _values_of(reason), Knowledge())))]
    ]
    if count := sum(max(1, note.reason.number) for note in named):
        sentences.append(
            _n(
                "%(count)s picture that a page names in a part that was not read was not looked at.",
                "%(count)s pictures that pages name in parts that were not read were not looked at.",
                count,
            )
        )
    return sentences


def _values_of(reason: Sentence) -> Iterator[str]:
    """Yield the words that were put into a sentence, and into the sentences that it is made of: addresses and hosts."""
    for value in (*reason.values.values(), *reason.parts):
        if isinstance(value, Sentence):
            yield from _values_of(value)
        elif isinstance(value, str):
            yield value


def not_reached_alone(missed: Iterable[NotChecked]) -> list[str]:
    """Say the same of a visit without a workspace: no register of accounts is there to add the school's others to."""
    missed = tuple(missed)
    shown = {str(one.reason.values["service"]) for one in missed if one.what == "embed"}
    told = not_reached(one for one in missed if one.what != "embed")
    if shown:
        services = ", ".join(sorted(shown))
        told.append(
            _(
                "Pages show something from %(services)s, which is not looked into here. If it is the school’s own, "
                "give its address behind the site’s.",
                services=services,
            )
        )
    return told


def _write(graded: _Graded, folder: Path, copies: Path | None, settings: Settings) -> Surveyed:
    exposure, names = graded.exposure, names_found(graded.exposure)
    megapixels = settings.examine.max_megapixels
    made: tuple[SaferCopy, ...] = ()
    with ExamineWorkers(settings) as workers:
        if copies is not None:
            made = safer_copies(
                exposure.photos, graded.files, copies, workers, names=names, max_megapixels=megapixels
            )  # fmt: skip
            write_private(copies / SHEET, sheet(made, copies, names).encode())
        pictures = hidden_pictures(exposure.first, graded.files, workers, megapixels)
    about = About(
        who=graded.who,
        where=tuple(urlsplit(url).netloc or url for url in graded.where),
        day=day_of(local_now(settings).date()),
        standing=graded.standing,
        version=__version__,
        copies=bool(made),
        audited_before=graded.in_register,
    )
    html, pdf, csv = (folder / f"exposure.{kind}" for kind in ("html", "pdf", "csv"))
    told = page(
        exposure, about, pictures, graded.unseen, searchable_known=graded.searchable_known, before=graded.before
    )
    write_private(html, told.encode())
    write_private(csv, exposure_csv(exposure, names).encode("utf-8-sig"))
    printed = _printed(html, pdf, settings)
    return Surveyed(
        exposure, html, pdf if printed else None, csv, made, graded.unseen, graded.asked.proved, graded.word
    )


def _printed(html: Path, pdf: Path, settings: Settings) -> bool:
    write_private(pdf, b"")
    try:
        render_pdf(html, pdf, settings)
    except ReportNotPrinted:  # the page is there, and prints from any browser
        pdf.unlink()
        return False
    return True


def standing_of(proved: bool, demo: bool) -> str:
    """Say whether whoever asked was shown to answer for the site."""
    if demo:
        return _("A made-up school: nobody shown or named exists.")
    if proved:
        return _("A word on the site shows that whoever asked for this report answers for it.")
    return _("Whoever asked for this report says that they answer for the site; no word on the site shows it yet.")


def compared(since: ExposureSince) -> str:
    """Say how tonight's close and clear faces compare with an earlier night; nothing if there is none."""
    if not since.change:
        return ""
    return _n(
        "%(count)s close and clear face: %(change)s.",
        "%(count)s close and clear faces: %(change)s.",
        since.now.clear,
        change=since.change,
    )
