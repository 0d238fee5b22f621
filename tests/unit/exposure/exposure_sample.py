"""A report on exposure and its sheet, of a made-up site with everything in it or with nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from auditbot.examine.images import encode
from auditbot.exposure.exposed import Reach, exposed_photos
from auditbot.exposure.exposure_page import About, names_found, page, sheet
from auditbot.exposure.safer import SaferCopy
from auditbot.exposure.summary import Exposure, summed
from auditbot.model import PhotoMetadata
from tests.unit.exposure.test_exposed_photos import CLEAR, HARD, NOT, SEEN, face, facts, post, use

ABOUT = About("Larkmere", ("www.larkmere.example",), "29 November 2026", "Asked by who answers for it.", "0.1.0", True)
CAPTIONS = ("Zayn’s rocket", "Mia & Arlo", "A long walk", "", "Poppy Okonkwo-Featherstonehaugh with her model")
NAMES = ("Zayn", "Arlo", "Poppy", "Okonkwo", "Featherstonehaugh")
"""Names beside its photos."""


def sample_exposure(*, empty: bool = False) -> Exposure:
    """Photos of every grade, with and without names, places and larger files, over eleven months."""
    grades = ((CLEAR,), (CLEAR, SEEN), (HARD, HARD), (), (CLEAR, NOT))
    known, posts = {}, []
    for number, (caption, details) in enumerate(zip(CAPTIONS * 5, grades * 5, strict=True)):
        name = f"p{number}"
        told = PhotoMetadata(has_position=number % 3 == 0, has_time=True, has_device=True)
        known[name] = facts(name, *map(face, details), metadata=told)
        posts.append(post(number, use(name, caption, behind=number % 2 == 0), month=1 + number % 11))
    reach = Reach(frozenset(one.url for one in posts), frozenset({"https://school.example/media/"}))
    return summed(exposed_photos([] if empty else posts, known, reach), 0 if empty else 30)


def write_pages(
    folder: Path,
    *,
    empty: bool = False,
    about: About = ABOUT,
    unseen: Sequence[str] = ("2 films could not be looked through.", "The site answered too slowly. " * 8),
    before: str = "Three fewer.",
) -> list[Path]:
    """Write the report and the sheet."""
    exposure = sample_exposure(empty=empty)
    picture = encode(np.full((80, 120, 3), 120, np.uint8), ".jpg", 80)
    pictures = {photo.sha256: picture for photo in exposure.first[::2]}
    html = folder / "exposure.html"
    told = page(exposure, about, pictures, () if empty else unseen, searchable_known=not empty, before=before)
    html.write_text(told, "utf-8")
    copies = [
        SaferCopy(photo, Path(f"media/{photo.sha256}.jpg"), "" if at % 2 else "It moves.", False, 300, 200, left=at % 3)
        for at, photo in enumerate(exposure.first)
    ]
    after = folder / "before-and-after.html"
    after.write_text(sheet(copies, folder, names_found(exposure)), "utf-8")
    return [html, after]
