"""exposure.csv: what to put right, page by page and editor by editor, the worst first, without a child's name."""

from __future__ import annotations

import csv
import io

from auditbot.exposure.exposed import ExposedPhoto, Trait
from auditbot.exposure.grades import ORDER
from auditbot.exposure.names.masking import masked, masked_address
from auditbot.exposure.photo_phrases import GRADE_NAMES, editors_told, names_in_words, todo
from auditbot.exposure.summary import Exposure
from auditbot.present.excerpt import cell

COLUMNS = (
    "place", "share_so_far", "account", "page", "title", "editor", "published", "photo", "inside", "largest_file",
    "worst_grade",
    *(grade.value for grade in ORDER), "names", "full_name", *(trait.value for trait in Trait), "what_to_do",
)  # fmt: skip


def exposure_csv(exposure: Exposure, names: frozenset[str]) -> str:
    """Return one line a photo, those of the post first whose mending takes away most; ``names`` are left out.

    ``share_so_far`` is the share of the exposure that is gone once this post and all before it are put right.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    shares, editors = exposure.curve(), editors_told(exposure, names)
    for place, post in enumerate(exposure.posts, 1):
        for number, photo in enumerate(post.photos, 1):
            if not photo.faces and not photo.traits:
                continue
            grade = photo.grade
            row = [
                place,
                f"{shares[place]:.3f}" if place < len(shares) else "",
                photo.account,
                masked_address(photo.post_url, names),
                masked(photo.post_title, names),
                editors[photo.editor],
                photo.published_at.date().isoformat() if photo.published_at else "",
                f"{number}: {masked_address(photo.url, names)}",
                photo.inside.value,
                f"{photo.width} x {photo.height}",
                str(GRADE_NAMES[grade]),
                *(sum(face.grade is one for face in photo.faces) for one in ORDER),
                names_in_words(photo),
                "yes" if photo.full_name else "no",
                *(_answer(photo, trait) for trait in Trait),
                todo(photo),
            ]
            writer.writerow([cell(str(value)) for value in row])
    return out.getvalue()


def _answer(photo: ExposedPhoto, trait: Trait) -> str:
    if trait is Trait.SEARCHABLE and not photo.search_known:
        return "not known"
    return "yes" if trait in photo.traits else "no"
