"""How well the school's own gallery would do: each photo tried as if it were new, each pupil as a stranger.

Vectors of enrolment photos only; nothing is embedded again. What is kept of a trial are counts and scores, no pupil.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from auditbot.examine.faces.enrol import Enrolled
from auditbot.examine.faces.faces import FaceWithVector, Quality
from auditbot.examine.faces.gallery import FEWEST_TO_NAME, Gallery
from auditbot.examine.faces.matching import match_faces
from auditbot.examine.faces.templates import Template
from auditbot.registers.declared import Declared
from auditbot.safe_files import write_private
from auditbot.sentences import _, _n, say

TRIAL_FILE = "gallery_trial.json"
"""Its name in the workspace's data folder."""
FOLDS = 8
CLEAR = Quality(size=200.0, sharpness=30.0, turn=0.0, tilt=0.0)
BOX = (0.0, 0.0, 200.0, 250.0)
FEWEST_TO_COMPARE = 3
FEW = 1000
"""With fewer photos than this, the range in which the true share may lie is told."""
SECOND_PHOTO = say(
    "Elsewhere, a second portrait of each child named 15 more of 100 children’s faces, more than any other engine did."
)
"""Research photos of children of 2 to 10 years, 167 enrolled (2026-11-29)."""
EASIER = say(
    "These are portraits, most of one year, taken from the front. Faces in posts are smaller, turned and laughing, and "
    "children grow: expect less there than here."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying the gallery's own photos."""

    gallery: str
    """Version of the gallery that was tried."""
    people: int
    """How many people are enrolled."""
    tried: int
    """Photos tried as new: those of people who have another."""
    first: int
    """For how many of them the right person came first."""
    in_three: int
    """For how many the right person was among the first three."""
    named_right: int
    """How many would have been named after the right person."""
    named_wrong: int
    """How many would have been named after somebody else."""
    strangers: int
    """Photos tried as a stranger's: everything of that person taken out."""
    strangers_named: int
    """How many of them would have been given somebody's name."""
    permitted_rate: float
    """The share of strangers' faces that the settings permit to be named."""
    named_above: float
    """The score from which a face is named."""
    right_scores: tuple[float, ...]
    """Scores of the right person where they came first, sorted."""
    stranger_scores: tuple[float, ...]
    """The best score of each stranger's photo, sorted."""
    compared: int = 0
    """Photos of people who have three or more, tried against one other photo and against all others."""
    named_by_one: int = 0
    """How many of them would have been named rightly with one other photo enrolled."""
    named_by_more: int = 0
    """How many would have been with all the others."""


def try_gallery(templates: Sequence[Template], gallery: Gallery, false_name_rate: float) -> Trial | None:
    """Try every photo of the gallery; None while too few people are enrolled to name anybody."""
    if len(gallery.pupil_ids) < FEWEST_TO_NAME + 2:
        return None
    ranks, right_scores, right, wrong = [], [], 0, 0
    for probes, without in _as_new(templates, false_name_rate):
        for probe, row, name in _answers(probes, without):
            place = without.pupil_ids.index(probe.pupil_id)
            rank = int((row > row[place]).sum()) + 1
            ranks.append(rank)
            right_scores += [round(float(row[place]), 4)] if rank == 1 else []
            right += name == probe.pupil_id
            wrong += name not in ("", probe.pupil_id)
    compared, by_one, by_more = _worth_of_more(templates, false_name_rate)
    best, named = [], 0
    for probes, without in _as_strangers(templates, gallery.pupil_ids, false_name_rate):
        for _probe, row, name in _answers(probes, without):
            best.append(round(float(row.max()), 4))
            named += name != ""
    return Trial(
        gallery=gallery.version,
        people=len(gallery.pupil_ids),
        tried=len(ranks),
        first=sum(rank == 1 for rank in ranks),
        in_three=sum(rank <= 3 for rank in ranks),
        named_right=right,
        named_wrong=wrong,
        strangers=len(best),
        strangers_named=named,
        permitted_rate=false_name_rate,
        named_above=round(gallery.named_above, 4),
        right_scores=tuple(sorted(right_scores)),
        stranger_scores=tuple(sorted(best)),
        compared=compared,
        named_by_one=by_one,
        named_by_more=by_more,
    )


def _worth_of_more(templates: Sequence[Template], rate: float) -> tuple[int, int, int]:
    """Try photos of people who have three or more against one other of theirs, and against all others.

    Return how many were tried, and how many were named rightly each way.
    """
    photos = _photos_of(templates)
    several = {person: own for person, own in photos.items() if len(own) >= FEWEST_TO_COMPARE}
    if not several:
        return 0, 0, 0
    tried, named = 0, [0, 0]
    for number in range(FEWEST_TO_COMPARE):
        out = [own[number] for own in several.values()]
        one = {id(own[(number + 1) % len(own)]) for own in several.values()}
        without = [template for template in templates if not any(template is probe for probe in out)]
        thinned = [template for template in without if template.pupil_id not in several or id(template) in one]
        tried += len(out)
        for way, kept in enumerate((thinned, without)):
            gallery = Gallery.from_templates(kept, false_name_rate=rate)
            named[way] += sum(name == probe.pupil_id for probe, _row, name in _answers(out, gallery))
    return tried, named[0], named[1]


def _photos_of(templates: Sequence[Template]) -> dict[str, list[Template]]:
    photos: dict[str, list[Template]] = {}
    for template in templates:
        photos.setdefault(template.pupil_id, []).append(template)
    return photos


def _as_new(templates: Sequence[Template], rate: float) -> Iterator[tuple[list[Template], Gallery]]:
    """Yield photos of people who have another, and the gallery without these photos; every such photo once."""
    photos = _photos_of(templates)
    for number in range(max(map(len, photos.values()))):
        out = [own[number] for own in photos.values() if len(own) > max(1, number)]
        if out:
            left_out = set(map(id, out))
            kept = [template for template in templates if id(template) not in left_out]
            yield out, Gallery.from_templates(kept, false_name_rate=rate)


def _as_strangers(
    templates: Sequence[Template], people: Sequence[str], rate: float
) -> Iterator[tuple[list[Template], Gallery]]:
    """Yield the photos of some people and the gallery without them; everybody is left out once."""
    folds = min(FOLDS, len(people) // 2)
    for fold in range(folds):
        out = set(people[fold::folds])
        kept = [template for template in templates if template.pupil_id not in out]
        probes = [template for template in templates if template.pupil_id in out]
        yield probes, Gallery.from_templates(kept, false_name_rate=rate)


def _answers(probes: Sequence[Template], gallery: Gallery) -> Iterator[tuple[Template, np.ndarray, str]]:
    """Yield each probe with its score for everybody, and whom the product would have named (or "")."""
    # As faces come: one plain view. The mean of several views lies closer to everybody.
    views = [probe.vector if probe.plain is None else probe.plain for probe in probes]
    rows = gallery.scores(np.stack(views))
    for probe, view, row in zip(probes, views, rows, strict=True):
        (face,) = match_faces([FaceWithVector(BOX, 1.0, CLEAR, view)], gallery)
        yield probe, row, face.candidates[0].pupil_id if face.outcome == "named" else ""


def in_words(trial: Trial | None) -> tuple[str, ...]:
    """Say what came of the trial, in sentences a school understands."""
    if trial is None:
        too_few = _(
            "Fewer than %(count)s people are enrolled: too few to try, and hardly anybody is ever named.",
            count=FEWEST_TO_NAME + 2,
        )
        return (too_few,)
    sentences = []
    if trial.tried:
        sentences.append(
            _(
                "Of %(tried)s photos that were tried as if they were new, the right child came first for "
                "%(first)s and was among the first three for %(in_three)s.%(range)s",
                tried=trial.tried,
                first=_share(trial.first, trial.tried),
                in_three=_share(trial.in_three, trial.tried),
                range=_range(trial.first, trial.tried, _("came first")),
            )
        )
        sentences.append(
            _(
                "%(named_right)s of them would have been named rightly and %(named_wrong)s wrongly; the others "
                "would have been left for a person to decide.",
                named_right=trial.named_right,
                named_wrong=trial.named_wrong,
            )
        )
        sentences.append(_worth(trial))
    else:
        sentences.append(
            _(
                "Nobody has two photos, so how often the right child is found could not be tried. "
                "A second photo of some pupils makes that possible."
            )
        )
    permitted = f"{trial.permitted_rate:.1%}"
    sentences.append(
        _(
            "Of %(strangers)s photos that were tried as a stranger's, with everything of that child taken "
            "out, %(share)s would have been given somebody's name; the settings permit "
            "%(permitted)s.%(range)s",
            strangers=trial.strangers,
            share=_share(trial.strangers_named, trial.strangers),
            permitted=permitted,
            range=_range(trial.strangers_named, trial.strangers, _("were named")),
        )
    )
    return (*sentences, EASIER)


def _worth(trial: Trial) -> str:
    """Say what one more portrait is worth, in the school's own figures where it has some."""
    if trial.compared:
        return _(
            "Of %(compared)s photos of children with three or more, %(named_by_one)s would have been named "
            "rightly had one other been enrolled, and %(named_by_more)s with all the others.",
            compared=trial.compared,
            named_by_one=trial.named_by_one,
            named_by_more=trial.named_by_more,
        )
    return _(
        "Each photo was tried against the child’s other photos alone, one fewer than the gallery holds, "
        "so a real face is found more often than this. %(second_photo)s",
        second_photo=SECOND_PHOTO,
    )


def portraits_in_words(enrolled: Enrolled, declared: Declared, trial: Trial | None) -> Iterator[str]:
    """Say how many pupils lack a second portrait, or one of this year, and what one more is worth in this school."""
    pupils = [person for person in enrolled.photos if person in declared.pupils]
    one, old = enrolled.with_one_photo(pupils), enrolled.none_of_this_year(pupils, declared.today)
    if one:
        yield _n(
            "%(count)s of %(all)s pupils has one photo. %(worth)s",
            "%(count)s of %(all)s pupils have one photo. %(worth)s",
            len(one),
            all=len(pupils),
            worth=_worth_here(trial),
        )
    if old:
        yield _n(
            "%(count)s of %(all)s pupils has no photo younger than a year: young children change.",
            "%(count)s of %(all)s pupils have no photo younger than a year: young children change.",
            len(old),
            all=len(pupils),
        )


def _worth_here(trial: Trial | None) -> str:
    if trial is not None and trial.compared:
        return _worth(trial)
    tried = (
        _(
            "Here %(named_right)s of %(tried)s photos were named when tried against the child’s other photo.",
            named_right=trial.named_right,
            tried=trial.tried,
        )
        if trial is not None and trial.tried
        else ""
    )
    return f"{tried} {SECOND_PHOTO}".strip()


def _share(count: int, of: int) -> str:
    """A count with its share: never 100 % or 0 % of what is not all or none."""
    share = count / of
    rounds_off = 0 < count < of and round(100 * share) in (0, 100)
    return f"{count} ({share:.1%})" if rounds_off else f"{count} ({share:.0%})"


def _range(count: int, of: int, what: str) -> str:
    """Say in which range the true share may lie where few were tried (Wilson's interval, 95 %)."""
    if of >= FEW:
        return ""
    z, share = 1.96, count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    least, most = f"{low:.0%}", f"{high:.0%}"
    return _(
        " With so few photos, the true share of those that %(what)s may be anything from %(least)s to %(most)s.",
        what=what,
        least=least,
        most=most,
    )


def trial_of(data: Path, templates: Sequence[Template], gallery: Gallery, false_name_rate: float) -> Trial | None:
    """Return the trial of this gallery, kept in the folder ``data`` from the last time, or made and kept now."""
    path = data / TRIAL_FILE
    trial = kept_trial(path)
    if trial is None or trial.gallery != gallery.version:
        trial = try_gallery(templates, gallery, false_name_rate)
        if trial is None:
            path.unlink(missing_ok=True)
        else:
            write_private(path, json.dumps(asdict(trial)).encode())
    return trial


def kept_trial(path: Path) -> Trial | None:
    """Return the trial kept in a file; None if there is none that this version can read."""
    try:
        content = json.loads(path.read_text("utf-8"))
        scores = {name: tuple(content[name]) for name in ("right_scores", "stranger_scores")}
        return Trial(**(content | scores))
    except (OSError, ValueError, TypeError, LookupError):
        return None
