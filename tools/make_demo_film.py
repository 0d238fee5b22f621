"""Makes the short film of the demo school's site: a slide show of three of its made-up photos, without sound.

    python tools/make_demo_film.py

writes auditbot/demo/site/films, and who is in the film to tests/data/demo_truth.json, after make_demo_assets.py has
written that. Run it only when the film changes; its result is committed.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "auditbot" / "demo" / "site"
TRUTH = ROOT / "tests" / "data" / "demo_truth.json"
SLIDES = ("school-garden.jpg", "mud-kitchen.jpg", "bridge-building.jpg")
SIZE = (640, 426)
RATE = 5
SECONDS_A_SLIDE = 2


def main() -> None:
    """Write the film: each slide stands still for a while."""
    folder = SITE / "films"
    folder.mkdir(exist_ok=True)
    code = cv2.VideoWriter.fourcc(*"VP80")
    film = cv2.VideoWriter(str(folder / "our-year.webm"), cv2.CAP_FFMPEG, code, RATE, SIZE)
    assert film.isOpened()
    for name in SLIDES:
        slide = cv2.imread(str(SITE / "photos" / name))
        assert slide is not None, name
        small = cv2.resize(slide, SIZE, interpolation=cv2.INTER_AREA)
        for _ in range(RATE * SECONDS_A_SLIDE):
            film.write(small)
    film.release()
    truth = json.loads(TRUTH.read_text("utf-8"))
    truth["our-year.webm"] = [person for name in SLIDES for person in truth[name]]
    TRUTH.write_text(json.dumps(truth, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
