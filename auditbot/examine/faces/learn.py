"""Learning a pupil's face from a photo of a finding, once a person has confirmed whom it shows.

Such a face becomes one more template of that pupil, under the same right and in the same encrypted file as those of
enrolment photos, marked as learned and removable by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditbot.errors import AuditbotError
from auditbot.examine.faces.engines import choice_of, open_engine
from auditbot.examine.faces.enrol import ENOUGH_PHOTOS, Enrolled, FaceObjection, enrol, learned_template
from auditbot.examine.faces.faces import SIZES, Engine
from auditbot.examine.faces.portraits import photos_by_person
from auditbot.examine.faces.templates import Template, load_templates, save_templates
from auditbot.model import Box, Finding, PhotoEvidence
from auditbot.registers.declared import Declared, rights
from auditbot.registers.secrets import find_key
from auditbot.run import local_now
from auditbot.sentences import Sentence, say_n
from auditbot.settings import Settings, Workspace
from auditbot.store import Store


class FaceNotLearned(AuditbotError):
    """A face that somebody confirmed cannot become a template."""


class NoTemplateAllowed(FaceNotLearned):
    """No template of the pupil may be held."""

    def __init__(self, pupil_id: str, reason: str) -> None:
        super().__init__(
            "Nothing was learned: no template of %(pupil_id)s may be held: %(reason)s.",
            pupil_id=pupil_id,
            reason=reason,
        )


class EvidenceGone(FaceNotLearned):
    """The finding's photo is no longer kept."""

    def __init__(self) -> None:
        super().__init__("Nothing was learned: the finding's photo is no longer kept as evidence.")


class NoOpenFinding(FaceNotLearned):
    """No open finding's id begins so."""

    def __init__(self, begins: str) -> None:
        super().__init__("Nothing was learned: no open finding has this id: %(begins)s.", begins=repr(begins))


class SeveralFindings(FaceNotLearned):
    """Several open findings' ids begin so."""

    def __init__(self, begins: str) -> None:
        super().__init__("Nothing was learned: several open findings begin so: %(begins)s.", begins=repr(begins))


class NotOfAFace(FaceNotLearned):
    """The finding is about something else."""

    def __init__(self) -> None:
        super().__init__("Nothing was learned: the finding is not about a face.")


class WhichBox(FaceNotLearned):
    """The finding shows several faces, and none of them is named."""

    def __init__(self, boxes: int) -> None:
        super().__init__(
            "Nothing was learned: the finding has boxes 1 to %(boxes)s; say which with --box.", boxes=str(boxes)
        )


class WhichPupil(FaceNotLearned):
    """The finding names none or several pupils."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was learned: the finding does not name exactly one pupil; say who it is with --pupil."
        )


class WhichFinding(FaceNotLearned):
    """No finding is named."""

    def __init__(self) -> None:
        super().__init__("Nothing was learned: name a finding by its id, as auditbot audit --json prints it.")


class FaceNotClear(FaceNotLearned):
    """The face would make a poor template."""

    def __init__(self, why: str) -> None:
        super().__init__("Nothing was learned: %(why)s.", why=why)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person said of one face."""

    finding: str
    """Id of the finding, or how it begins."""
    pupil_id: str
    """Whom it shows; empty for the one whom the finding names."""
    box: int
    """The number of the face's box, from 1; 0 for the only one."""
    by: str
    """Who said so: a role or initials."""


def learn(workspace: Workspace, settings: Settings, declared: Declared, store: Store, said: Confirmed) -> str:
    """Keep a confirmed face as a template of its pupil, record who confirmed it, and return the pupil's id.

    Raises FaceNotLearned where no template may be held, the face is not clear, or its photo is not at hand; and what
    enrolling raises.
    """
    finding, evidence = _finding(store, said.finding)
    box, pupil_id = _box(evidence, said.box), _pupil(finding, said.pupil_id)
    enrolled = enrol(workspace, settings, declared)
    if pupil_id not in enrolled.may_hold:
        reason = enrolled.no_right.get(pupil_id, "face matching is not allowed, or the id is in no register")
        raise NoTemplateAllowed(pupil_id, reason)
    photo = workspace.data / "evidence" / evidence.sha256
    if not photo.is_file():
        raise EvidenceGone
    now = local_now(settings)
    template = _template(photo, box, open_engine(choice_of(settings.faces)), settings, pupil_id, finding, declared)
    sealed = workspace.data / "templates.sealed"
    key = find_key(make=not sealed.exists())
    kept = [old for old in load_templates(sealed, key) if not _replaces(template, old)]
    save_templates(sealed, [*kept, template], key)
    store.examined.save_confirmation(finding.id, pupil_id, evidence.sha256, said.by, now)
    return pupil_id


def worth_learning(
    finding: Finding, workspace: Workspace, settings: Settings, declared: Declared, store: Store
) -> tuple[str, int] | None:
    """Return whose face a confirmed finding could teach, and how many photos of them there are; None if nobody's.

    Offered is the only face of a finding that names one pupil, wide enough, of a photo that is at hand, while the right
    to hold a template lasts and there are fewer than three photos. Whether it is sharp is judged when it is learned.
    """
    evidence = finding.evidence
    if not isinstance(evidence, PhotoEvidence) or evidence.words or len(evidence.boxes) != 1:
        return None
    pupil = finding.pupil_ids[0] if len(finding.pupil_ids) == 1 else ""
    allowed = rights(declared, matching_allowed=settings.faces.matching_allowed)
    if pupil not in allowed.may_hold or evidence.boxes[0][2] < SIZES.learned:
        return None
    if not (workspace.data / "evidence" / evidence.sha256).is_file():
        return None
    learned = {row["sha256"] for row in store.examined.confirmations() if row["person_id"] == pupil}
    photos = len(photos_by_person(workspace, declared).get(pupil, ())) + len(learned)
    return None if evidence.sha256 in learned or photos >= ENOUGH_PHOTOS else (pupil, photos)


def offer_in_words(photos: int) -> str:
    """Say why one more photo of a pupil helps: "This pupil has 1 photo, and is found more often with three"."""
    counted = {0: "no photo", 1: "one photo"}.get(photos, f"{photos} photos")
    return f"This pupil has {counted} enrolled, and would be found more often with {ENOUGH_PHOTOS}."


def unlearned_in_words(enrolled: Enrolled) -> tuple[Sentence, ...]:
    """Say whose confirmed faces another engine could not learn anew, in a sentence; nothing if there are none."""
    people = enrolled.not_learned_again
    if not people:
        return ()
    return (
        say_n(
            "Confirmed faces of %(count)s pupil (%(who)s) were learned by an engine used before, and their photos are "
            "no longer at hand. When you see a clear face of theirs, confirm it again.",
            "Confirmed faces of %(count)s pupils (%(who)s) were learned by an engine used before, and their photos are "
            "no longer at hand. When you see a clear face of theirs, confirm it again.",
            len(people),
            who=", ".join(people),
        ),
    )


def forget_learned(workspace: Workspace, pupil_id: str) -> int:
    """Remove a pupil's learned templates, leaving those of enrolment photos, and return how many there were.

    Raises TemplateKeyMissing, TemplateKeyUnusable or TemplatesUnreadable if they cannot be read.
    """
    sealed = workspace.data / "templates.sealed"
    if not sealed.exists():
        return 0
    key = find_key()
    templates = load_templates(sealed, key)
    left = [one for one in templates if not (one.kind == "learned" and one.pupil_id == pupil_id)]
    if len(left) < len(templates):
        save_templates(sealed, left, key)
    return len(templates) - len(left)


def _finding(store: Store, begins: str) -> tuple[Finding, PhotoEvidence]:
    found = [finding for finding in store.audits.open_findings() if begins and finding.id.startswith(begins)]
    if len(found) != 1:
        raise SeveralFindings(begins) if found else NoOpenFinding(begins)
    evidence = found[0].evidence
    if not isinstance(evidence, PhotoEvidence) or not evidence.boxes or evidence.words:
        raise NotOfAFace
    return found[0], evidence


def _box(evidence: PhotoEvidence, number: int) -> Box:
    if number == 0 and len(evidence.boxes) == 1:
        return evidence.boxes[0]
    if not 1 <= number <= len(evidence.boxes):
        raise WhichBox(len(evidence.boxes))
    return evidence.boxes[number - 1]


def _pupil(finding: Finding, said: str) -> str:
    if said:
        return said
    if len(finding.pupil_ids) != 1:
        raise WhichPupil
    return finding.pupil_ids[0]


def _template(
    photo: Path, box: Box, engine: Engine, settings: Settings, pupil_id: str, finding: Finding, declared: Declared
) -> Template:
    like = Template(
        pupil_id=pupil_id,
        photo_sha256=photo.name,
        enrolled_on=declared.today,
        taken_on=finding.posted_at.date() if finding.posted_at else None,
        kind="learned",
        engine="",
        vector=np.zeros(0, np.float32),
    )
    made = learned_template(photo, box, engine, settings, like)
    if isinstance(made, FaceObjection):
        raise FaceNotClear(made.explanation)
    return made


def _replaces(new: Template, old: Template) -> bool:
    """Whether a face was learned from the same photo before: what was said last holds, if it was the same face."""
    if old.kind != "learned" or old.photo_sha256 != new.photo_sha256:
        return False
    return old.pupil_id == new.pupil_id or (
        old.engine == new.engine and float(old.vector @ new.vector) > 0.999 * float(new.vector @ new.vector)
    )
