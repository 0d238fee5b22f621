"""``auditbot enrol``, ``confirm`` and ``likeliest``: the gallery of faces, one more face, whom one resembles."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from rich.console import Console

from auditbot.commands.common import COMPLETE, ProgressBars, workspace_of
from auditbot.errors import NoSuchFinding
from auditbot.evidence.likeliest import likeliest, no_evidence
from auditbot.examine.faces.enrol import Enrolled, enrol
from auditbot.examine.faces.learn import Confirmed, WhichFinding, forget_learned, learn
from auditbot.examine.faces.portraits import accept_portraits, claim_in_words
from auditbot.examine.faces.trial import Trial, portraits_in_words, trial_of
from auditbot.model import PhotoEvidence
from auditbot.registers.declared import Declared, column_against_template, read_declared
from auditbot.run import local_now, one_at_a_time
from auditbot.sentences import _, _n, both
from auditbot.settings import load_settings
from auditbot.store import Store


def run_enrol(options: argparse.Namespace) -> int:
    """Build the gallery and say who is in it, who is not and why, and who is like whom."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace), ProgressBars(Console(stderr=True)) as progress:
        declared = read_declared(workspace, local_now(settings).date())
        enrolled = enrol(workspace, settings, declared, progress)
        if options.accept:
            for before, after in accept_portraits(enrolled.unclaimed, declared):
                print(_("renamed   %(before)s: %(after)s", before=before.name, after=after.name))
            enrolled = enrol(workspace, settings, declared, progress)
        rate = settings.faces.false_name_rate
        trial = trial_of(workspace.data, enrolled.templates, enrolled.gallery, rate) if enrolled.templates else None
    for line in _lines(enrolled, declared, trial):
        print(line)
    return COMPLETE


def _lines(enrolled: Enrolled, declared: Declared, trial: Trial | None) -> Iterator[str]:
    yield from _held(enrolled)
    yield from _not_held(enrolled, declared)
    yield from (_("note      %(what)s", what=sentence) for sentence in portraits_in_words(enrolled, declared, trial))
    groups = {pupil.pupil_id: pupil.sibling_group for pupil in declared.pupils.values()}
    for pair in enrolled.gallery.pairs:
        first, second = (groups.get(person, "") for person in pair.pupil_ids)
        siblings = _(", siblings (group %(group)s)", group=first) if first and first == second else ""
        yield _(
            "alike     %(pupils)s%(siblings)s: each is shown where the other may be",
            pupils=both(pair.pupil_ids),
            siblings=siblings,
        )


def _held(enrolled: Enrolled) -> Iterator[str]:
    """Say who is enrolled, from how many photos, and which of them are old."""
    for person, photos in sorted(enrolled.photos.items()):
        if learned := enrolled.learned.get(person, 0):
            yield _n(
                "enrolled  %(person)s  %(count)s photo, %(learned)s of them learned from confirmed faces",
                "enrolled  %(person)s  %(count)s photos, %(learned)s of them learned from confirmed faces",
                photos,
                person=person,
                learned=learned,
            )
        else:
            yield _n(
                "enrolled  %(person)s  %(count)s photo", "enrolled  %(person)s  %(count)s photos", photos, person=person
            )
        for portrait in enrolled.portraits:
            if portrait.person == person:
                yield f"          {portrait.file}: {portrait.quality}"
    for portrait in enrolled.portraits:
        if portrait.old:
            yield _(
                "old       %(file)s: from %(day)s, more than a year ago; take a new one",
                file=portrait.file,
                day=portrait.taken_on,
            )


def _not_held(enrolled: Enrolled, declared: Declared) -> Iterator[str]:
    """Say who is not enrolled, and which photos are of no use, and why."""
    for name, reason in enrolled.refused:
        yield _("refused   %(name)s: %(reason)s", name=name, reason=reason)
    for pupil_id, reason in sorted(enrolled.no_right.items()):
        column = column_against_template(declared.pupils[pupil_id], declared.today)
        yield _(
            "no right  %(pupil)s: %(reason)s (column %(column)s in consent/pupils.csv)",
            pupil=pupil_id,
            reason=reason,
            column=column,
        )
    for person in enrolled.no_photo:
        yield _("no photo  %(person)s", person=person)
    for found in enrolled.unclaimed:
        yield _("unclaimed %(name)s: %(claim)s", name=found.path.name, claim=claim_in_words(found))
    for person in enrolled.not_learned_again:
        yield _(
            "unlearned %(person)s: a confirmed face was learned by another engine, and its photo is no longer at hand",
            person=person,
        )


def declare_enrol(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument(
        "--accept", action="store_true", help="rename unclaimed portraits to the one pupil each is proposed for"
    )
    parser.set_defaults(run=run_enrol)


# ``auditbot confirm``: learn a pupil's face from a finding's photo, once a person has said whom it shows.


def run_confirm(options: argparse.Namespace) -> int:
    """Learn one face, or forget what was learned of a pupil."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    with one_at_a_time(workspace):
        if options.forget_learned:
            count = forget_learned(workspace, options.forget_learned)
            print(
                _n(
                    "forgotten  %(pupil)s  %(count)s learned template",
                    "forgotten  %(pupil)s  %(count)s learned templates",
                    count,
                    pupil=options.forget_learned,
                )
            )
            return COMPLETE
        if not options.finding:
            raise WhichFinding
        declared = read_declared(workspace, local_now(settings).date())
        said = Confirmed(
            options.finding, options.pupil or "", options.box or 0, options.by or settings.school.safeguarding_lead
        )
        with Store(workspace.data / "auditbot.db") as store:
            pupil_id = learn(workspace, settings, declared, store, said)
    print(_("learned  %(pupil_id)s  The next audit looks at all photos again with it.", pupil_id=pupil_id))
    return COMPLETE


# ``auditbot likeliest``: whom the faces of a finding's photo resemble most, for a person who asks.


def run_likeliest(options: argparse.Namespace) -> int:
    """Print the likeliest pupils of each face of a finding; of a face that nobody knows they are no evidence."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    declared = read_declared(workspace, local_now(settings).date())
    with Store(workspace.data / "auditbot.db") as store:
        found = [one for one in store.audits.open_findings() if one.id.startswith(options.finding)]
        if len(found) != 1:
            raise NoSuchFinding(options.finding)
        evidence = found[0].evidence
        photo = store.examined.photo(evidence.sha256) if isinstance(evidence, PhotoEvidence) else None
    faces = likeliest(found[0], photo, declared)
    for face in faces:
        names = ", ".join(f"{declared.pupils[person].label} ({person})" for person in face.pupil_ids)
        print(_("face %(number)s  %(names)s", number=face.number, names=names or _("nobody")))
    print(no_evidence(faces))
    return COMPLETE


def declare_likeliest(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("finding", metavar="FINDING", help="id of the finding, or how it begins")
    parser.set_defaults(run=run_likeliest)


def declare_confirm(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("finding", nargs="?", metavar="FINDING", help="id of the finding, or how it begins")
    parser.add_argument("--pupil", metavar="PUPIL_ID", help="whom the face shows, if the finding does not name one")
    parser.add_argument("--box", type=int, metavar="N", help="number of the face's box, if there are several")
    parser.add_argument("--by", metavar="ROLE", help="who confirms it: a role or initials, never a full name")
    parser.add_argument("--forget-learned", metavar="PUPIL_ID", help="remove what was learned of a pupil instead")
    parser.set_defaults(run=run_confirm)
