"""``auditbot subject-access``: all that is held about one child, as one page, with everybody else left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditbot.check.permission import describe
from auditbot.errors import NobodyOfThatId
from auditbot.evidence.numbered import numbered_picture
from auditbot.examine.faces.portraits import photos_by_person
from auditbot.examine.faces.templates import Template, load_templates
from auditbot.model import Finding, PhotoEvidence
from auditbot.present.wording import heading, where
from auditbot.privacy.access_log import accesses
from auditbot.privacy.whereabouts import Kind, Whereabouts, where_is
from auditbot.registers.consent import permission_today
from auditbot.registers.declared import Declared, why_no_template
from auditbot.registers.people import CHANNELS, row_as_written
from auditbot.registers.secrets import find_key
from auditbot.report.html import page_environment, render_page, style_sheet
from auditbot.safe_files import is_intact, private_folder, write_private
from auditbot.settings import Settings, Workspace
from auditbot.store import Store

Rows = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the page."""

    title: str
    """Its heading."""
    columns: tuple[str, ...]
    """Headings of its columns."""
    rows: Rows
    """Its rows, as text."""


def write_subject_access(
    workspace: Workspace, settings: Settings, declared: Declared, pupil_id: str, folder: Path
) -> Path:
    """Write all that is held about one pupil into the folder: a page, portraits, and evidence with others hidden.

    Explanations are not given, as they can concern others; of a text only the words about this pupil. Raises
    NobodyOfThatId if nothing is known of the id, OSError if a file cannot be written.
    """
    held = where_is(workspace, settings, declared, pupil_id)
    if pupil_id not in declared.pupils and not any(place.kind != Kind.NOT_SEARCHED for place in held.places):
        raise NobodyOfThatId(pupil_id)
    private_folder(folder)
    with Store(workspace.data / "auditbot.db") as store:
        findings = [(finding, life) for finding, life in store.audits.lives() if pupil_id in finding.pupil_ids]
        deletions = store.erasure.deletions_of(pupil_id)
        photos = store.erasure.photos_of(pupil_id)
    sections = [
        _register(workspace, pupil_id),
        *([_permissions(declared, pupil_id)] if pupil_id in declared.pupils else []),
        _history(declared, pupil_id),
        *([_biometrics(workspace, declared, pupil_id)] if pupil_id in declared.pupils else []),
        _portraits(workspace, declared, pupil_id, folder),
        _files(workspace, held),
        Section(
            "Findings", ("Clause", "What", "Post", "Posted", "Seen", "Ended", "Words or picture"),
            [_finding(finding, life, workspace, folder) for finding, life in findings],
        ),
        Section("Photos that may show this pupil", ("Content hash",), [(photo,) for photo in sorted(photos)]),
        Section("Deletions", ("When", "What", "Why"), deletions),
        Section("Reads of this pupil by name", ("When", "By", "Command"), _reads(workspace, pupil_id)),
    ]  # fmt: skip
    page = folder / "subject_access.html"
    write_private(page, _page(pupil_id, sections).encode("utf-8"))
    return page


def _files(workspace: Workspace, held: Whereabouts) -> Section:
    """Name every file that holds something of the child; what else stands in them is others' and is not given."""
    rows: Rows = []
    for place in held.places:
        inside = place.path.is_relative_to(workspace.folder)
        rows.append((str(place.kind), str(place.path.relative_to(workspace.folder) if inside else place.path)))
    return Section("Files that hold this pupil's number or name", ("What", "File"), rows)


def _register(workspace: Workspace, pupil_id: str) -> Section:
    row = row_as_written(workspace.consent / "pupils.csv", pupil_id)
    # Who the siblings are is theirs to know.
    held: Rows = [(name, value) for name, value in row.items() if value and name != "sibling_group"]
    return Section("The register", ("Column", "Value"), held)


def _permissions(declared: Declared, pupil_id: str) -> Section:
    pupil = declared.pupils[pupil_id]
    rows: Rows = []
    for channel in CHANNELS:
        today = permission_today(pupil, declared.history, channel, declared.today)
        answer = "not to be published on any channel" if pupil.never_publish else describe(today)
        rows.append((channel.replace("_", " "), answer))
    return Section("Permission today", ("For", "Answer"), rows)


def _history(declared: Declared, pupil_id: str) -> Section:
    answers = [answer for (whose, _), given in declared.history.items() if whose == pupil_id for answer in given]
    words = {True: "yes", False: "no", None: "not recorded"}
    rows: Rows = []
    for one in sorted(answers, key=lambda one: (one.effective_on, one.channel)):
        about = (str(one.effective_on), one.channel.replace("_", " "), one.value or words[one.answer])
        rows.append((*about, one.given_by, one.recorded_at, one.source))
    return Section("Answers over time", ("From", "For", "Answer", "By", "Recorded", "Source"), rows)


def _biometrics(workspace: Workspace, declared: Declared, pupil_id: str) -> Section:
    reason = why_no_template(declared.pupils[pupil_id], declared.today)
    rows: Rows = [("A template may be held", f"no: {reason}" if reason else "yes")]
    for template in _templates(workspace, pupil_id):
        of_whom = (
            f"{template.kind}, made on {template.enrolled_on} by {template.engine}, {len(template.vector)} numbers"
        )
        rows.append(("Template held, encrypted", of_whom))
    return Section("Face templates", ("What", "State"), rows)


def _templates(workspace: Workspace, pupil_id: str) -> Iterator[Template]:
    sealed = workspace.data / "templates.sealed"
    if sealed.exists():
        yield from (one for one in load_templates(sealed, find_key()) if one.pupil_id == pupil_id)


def _portraits(workspace: Workspace, declared: Declared, pupil_id: str, folder: Path) -> Section:
    rows: Rows = []
    for path in photos_by_person(workspace, declared).get(pupil_id, []):
        write_private(folder / path.name, path.read_bytes())
        rows.append((path.name,))
    return Section("Portraits to enrol from (copies lie beside this page)", ("File",), rows)


def _finding(finding: Finding, life: dict[str, str], workspace: Workspace, folder: Path) -> tuple[str, ...]:
    evidence = finding.evidence
    if isinstance(evidence, PhotoEvidence):
        shown = _picture(finding, evidence, workspace, folder)
        if evidence.words:
            shown = f"“{evidence.words[evidence.start : evidence.end]}”, {shown}"
    else:
        shown = f"{where(evidence.field)}: “{evidence.text[evidence.start : evidence.end]}”"
    posted = f"{finding.posted_at:%Y-%m-%d}" if finding.posted_at else "not known"
    seen = f"{life['first_seen'][:10]} to {life['last_seen'][:10]}"
    return finding.clause, heading(finding), finding.post_url, posted, seen, life["gone_at"][:10], shown


def _picture(finding: Finding, evidence: PhotoEvidence, workspace: Workspace, folder: Path) -> str:
    """Write the picture if it can be told which face is meant: with several, one of them is somebody else's."""
    kept = workspace.data / "evidence" / evidence.sha256
    if not kept.is_file():
        return "the picture is not kept"
    if not is_intact(kept, evidence.sha256):
        return "the picture that was kept is damaged and is not given"
    if len(evidence.boxes) != 1 or len(finding.pupil_ids) != 1:
        return "the picture concerns others too and is not given; ask to see it"
    out = folder / f"{finding.id}.jpg"
    numbered_picture(kept, out, evidence.boxes, evidence.other_faces, others_first=True)
    return out.name


def _reads(workspace: Workspace, pupil_id: str) -> Rows:
    return [(line["at"], line.get("user", ""), line.get("command", "")) for line in accesses(workspace, pupil_id)]


def _page(pupil_id: str, sections: list[Section]) -> str:
    environment = page_environment()
    style = style_sheet(environment, "subject_access.css")
    return render_page(environment, "subject_access.html.j2", style, pupil_id=pupil_id, sections=sections)
