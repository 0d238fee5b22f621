"""What the models alone cost: the same photos through the same sessions, and only the time inside them.

Run as: python -m bench.school.bare FOLDER-OF-PHOTOS. Prints JSON: photos, faces, processor seconds inside sessions and
of the whole loop, in one process with one thread.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import onnxruntime

from auditbot.examine.photo import Models, examine_photo
from auditbot.settings import Faces, School, Settings


def main() -> None:
    """Examine every photo of a folder once."""
    inside = 0.0
    run = onnxruntime.InferenceSession.run

    def timed(session: onnxruntime.InferenceSession, *words: Any, **options: Any) -> Any:
        nonlocal inside
        began = time.process_time()
        try:
            return run(session, *words, **options)
        finally:
            inside += time.process_time() - began

    onnxruntime.InferenceSession.run = timed
    cv2.setNumThreads(1)
    assessed = Faces(
        dpia_reference="BENCH", dpia_officer="R. Ashdown", dpia_date=date(2026, 11, 1)
    )  # or none is compared
    settings, models = Settings(school=School(name="Bench"), faces=assessed), Models()
    faces, photos = 0, sorted(Path(sys.argv[1]).iterdir())
    began = time.process_time()
    for path in photos:
        faces += len(examine_photo(path, settings, models).faces)
    whole = time.process_time() - began
    print(json.dumps({"photos": len(photos), "faces": faces, "inside": round(inside, 2), "whole": round(whole, 2)}))


if __name__ == "__main__":
    main()
