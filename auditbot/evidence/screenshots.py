"""Screenshots of posts with findings, and the manifest of all evidence.

A screenshot is taken on a visit of its own, once for each set of findings on a post: so pages without a finding are
never photographed, and an audit that finds nothing new asks for nothing. No picture is asked of the site: where a page
shows a photo that a finding rests on stands its evidence picture, every other face hidden; elsewhere a placeholder.
What a page draws without asking for it (data:, blob:, canvas, film, frame) is hidden before the picture is taken.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditbot.collect.browser.browser import Browser, Shot
from auditbot.collect.browser.page import PageFailed
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.throttle import OutOfTime, Pace
from auditbot.collect.net.urls import Site
from auditbot.collect.post.renditions import loose_name, rendition_key
from auditbot.errors import EvidenceUnreadable
from auditbot.evidence.numbered import numbered_picture
from auditbot.evidence.pictures import MAX_SIDE
from auditbot.model import Audit, PhotoEvidence, Picture, Screen, TrackedFinding
from auditbot.present.headline import still_there
from auditbot.registers.accounts import Account
from auditbot.run import Run, stage
from auditbot.safe_files import is_intact, link_or_copy, private_folder, write_private
from auditbot.sentences import _, say, together

MANIFEST = "manifest.json"
Subject = tuple[str, str]
NOT_TAKEN = say("No screenshot has been taken yet; the next audit that visits the page takes it.")
WEBSITES_ALONE = say(
    "No screenshot is taken: only posts of accounts that are websites are photographed. Open the post."
)
SWITCHED_OFF = say("No screenshot is taken: config/auditbot.toml says screenshots = false under [report].")


def take_screens(run: Run, audit: Audit, local_hosts: Mapping[str, tuple[str, int]]) -> None:
    """Photograph each post of a website that this audit visited, that has findings and no screenshot of them.

    Screenshots that no finding needs any more are removed. Raises BrowserMissing or BrowserUnusable, OSError (disk).
    """
    folder = private_folder(run.workspace.data / "screens")
    subjects = _subjects(audit)
    names = {subject: _name(subject, found) for subject, found in subjects.items()}
    for old in folder.iterdir():
        if old.stem not in names.values():
            old.unlink()
    wanted = {
        subject: name
        for subject, name in names.items()
        if not (folder / f"{name}.jpg").is_file() and _reached(subjects[subject], audit)
    }
    with stage(run.progress, _("Screenshots taken"), len(wanted)) as one_more:
        for account in run.declared.accounts.values():
            posts = [(url, names[name, url]) for name, url in wanted if name == account.name]
            if account.kind == "website" and posts:
                _take(run, account, posts, subjects, local_hosts, one_more)


def screens_of(folder: Path, audit: Audit, websites: Container[str], switched_on: bool) -> dict[Subject, Screen]:
    """Return what is kept for each post with a finding, or why there will be nothing, by account and permalink.

    ``websites`` are the names of the accounts whose posts are photographed, if that is ``switched_on``.
    """
    found: dict[Subject, Screen] = {}
    for subject, findings in _subjects(audit).items():
        name = _name(subject, findings)
        facts = folder / f"{name}.json"
        if facts.is_file():
            picture = folder / f"{name}.jpg"
            found[subject] = Screen(picture if picture.is_file() else None, json.loads(facts.read_text("utf-8")))
        elif subject[0] not in websites:
            found[subject] = Screen(None, {"not_taken": WEBSITES_ALONE})
        elif not switched_on:
            found[subject] = Screen(None, {"not_taken": SWITCHED_OFF})
    return found


def _subjects(audit: Audit) -> dict[Subject, list[TrackedFinding]]:
    subjects: dict[Subject, list[TrackedFinding]] = {}
    for tracked in still_there(audit.findings):
        if tracked.finding.post_url.startswith(("http://", "https://")) and not tracked.removal:
            subjects.setdefault((tracked.finding.account, tracked.finding.post_url), []).append(tracked)
    return subjects


def _reached(findings: Sequence[TrackedFinding], audit: Audit) -> bool:
    """True if this audit itself visited the post."""
    return any(tracked.last_checked and tracked.last_checked >= audit.started_at for tracked in findings)


def _name(subject: Subject, findings: Sequence[TrackedFinding]) -> str:
    """Return a file name that changes when what is found in a post does."""
    marks = repr((subject, sorted(tracked.finding.id for tracked in findings)))
    return f"page-{hashlib.sha256(marks.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def _take(
    run: Run,
    account: Account,
    posts: Sequence[tuple[str, str]],
    subjects: Mapping[Subject, list[TrackedFinding]],
    local_hosts: Mapping[str, tuple[str, int]],
    one_more: Callable[[], None],
) -> None:
    options, site = run.settings.collect, Site(account.url)
    pace = Pace(options.delay_seconds, options.account_minutes)
    folder = run.workspace.data / "screens"
    idle = max(options.page_timeout_seconds / 2, 1.0)
    with Guard(local_hosts, options.allow_loopback, idle) as guard, Browser(run.settings, guard, site) as browser:
        for url, name in posts:
            with tempfile.TemporaryDirectory() as place, contextlib.suppress(OutOfTime):
                pace.wait(url)
                shown = _pictures(run, subjects[account.name, url], Path(place))
                part = Path(place) / "page.jpg"
                facts: dict[str, Any] = {"taken_at": run.now().isoformat()}
                try:
                    page = browser.open(url, Shot(part, shown))
                except PageFailed as failure:
                    facts["not_taken"] = together(say("No screenshot could be taken."), failure.reason)
                else:
                    facts |= {"address": page.url, "status": page.status, "headers": dict(sorted(page.headers.items()))}
                    write_private(folder / f"{name}.jpg", part.read_bytes())
                write_private(folder / f"{name}.json", json.dumps(facts, indent=2).encode("ascii"))
                one_more()


def _pictures(run: Run, findings: Sequence[TrackedFinding], place: Path) -> Callable[[str], Path | None]:
    """Return what stands for a picture of the page: an evidence picture under each name that its photo may have."""
    by_name: dict[str, Path] = {}
    for number, (url, evidence) in enumerate(_photos(findings)):
        original = run.bytes_of(evidence[0].sha256)
        boxes = tuple(dict.fromkeys(box for one in evidence for box in one.boxes))
        others = tuple(dict.fromkeys(box for one in evidence for box in one.other_faces))
        out = place / f"{number}.jpg"
        if original is not None and is_intact(original, evidence[0].sha256):
            with contextlib.suppress(EvidenceUnreadable):
                numbered_picture(original, out, boxes, others, max_side=MAX_SIDE, enlarges=False)
                by_name |= {rendition_key(url): out, loose_name(url): out}
    return lambda url: by_name.get(rendition_key(url)) or by_name.get(loose_name(url))


def _photos(findings: Sequence[TrackedFinding]) -> Iterator[tuple[str, list[PhotoEvidence]]]:
    photos: dict[str, list[PhotoEvidence]] = {}
    for tracked in findings:
        if isinstance(tracked.finding.evidence, PhotoEvidence):
            photos.setdefault(tracked.finding.evidence.photo_url, []).append(tracked.finding.evidence)
    yield from photos.items()


def write_manifest(
    audit: Audit, pictures: Mapping[str, Picture], screens: Mapping[Subject, Screen], folder: Path
) -> str:
    """Copy the screenshots into the folder of evidence and write its manifest; return the manifest's SHA-256."""
    for screen in screens.values():
        if screen.file is not None:
            link_or_copy(screen.file, folder / screen.file.name)
    files = {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.name != MANIFEST}
    document = {
        "run": audit.id,
        "files": files,
        "findings": [_entry(tracked, pictures, screens) for tracked in still_there(audit.findings)],
    }
    write_private(folder / MANIFEST, (json.dumps(document, indent=2) + "\n").encode("ascii"))
    return _sha256(folder / MANIFEST)


def _entry(
    tracked: TrackedFinding, pictures: Mapping[str, Picture], screens: Mapping[Subject, Screen]
) -> dict[str, Any]:
    finding = tracked.finding
    entry: dict[str, Any] = {"finding": finding.id, "account": finding.account, "post": finding.post_url}
    entry["last_seen"] = tracked.last_seen.isoformat()
    if isinstance(finding.evidence, PhotoEvidence):
        picture = pictures.get(finding.id, Picture())
        entry |= {"photo": finding.evidence.photo_url, "photo_sha256": finding.evidence.sha256}
        entry |= {"picture": picture.file_name or None, "no_picture": picture.missing}
    if finding.post_url:
        screen = screens.get((finding.account, finding.post_url), Screen(None, {"not_taken": NOT_TAKEN}))
        entry["screenshot"] = {"file": screen.file.name if screen.file else None, **screen.facts}
    return entry


def manifest_sha256(report: Path) -> str:
    """Return the SHA-256 of the manifest in the folder of a report; empty if there is none."""
    manifest = report / "evidence" / MANIFEST
    return _sha256(manifest) if manifest.is_file() else ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
