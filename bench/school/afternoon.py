"""The same work as a capable engineer would do it in an afternoon: requests, face_recognition, pytesseract, re.

Run as a whole command: python -m bench.school.afternoon WORKSPACE http://HOST:PORT/. Its packages are installed for
the comparison only (requests, face_recognition with dlib, pytesseract and the program tesseract).
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urljoin


def main() -> None:
    """Visit the site, look at each photo once, and print what was found as JSON."""
    import face_recognition
    import numpy as np
    import pytesseract
    import requests
    from PIL import Image

    workspace, start = Path(sys.argv[1]), sys.argv[2]
    with (workspace / "consent" / "pupils.csv").open(encoding="utf-8") as file:
        pupils = list(csv.DictReader(file))
    surnames = re.compile("|".join(rf"\b{re.escape(pupil['legal_surname'])}\b" for pupil in pupils))
    ids: list[str] = []
    known: list[Any] = []
    for pupil in pupils:
        path = workspace / "consent" / "photos" / f"{pupil['pupil_id']}.jpg"
        encodings = face_recognition.face_encodings(face_recognition.load_image_file(path)) if path.exists() else []
        ids += [pupil["pupil_id"]] * len(encodings[:1])
        known += encodings[:1]
    web, found, seen = requests.Session(), [], set()
    page = start
    while page:
        html = web.get(page, timeout=30).text
        for post in re.findall(r"href='(/news/\d+)'", html):
            text = web.get(urljoin(start, post), timeout=30).text
            found += [(post, name) for name in surnames.findall(text)]
            for photo in re.findall(r"<img src='([^']+)'", text):
                if photo in seen:
                    continue
                seen.add(photo)
                pixels = np.asarray(
                    Image.open(io.BytesIO(web.get(urljoin(start, photo), timeout=30).content)).convert("RGB")
                )
                for encoding in face_recognition.face_encodings(pixels):
                    matches = face_recognition.compare_faces(known, encoding, tolerance=0.5)
                    found += [(photo, ids[place]) for place, matched in enumerate(matches) if matched]
                found += [(photo, name) for name in surnames.findall(pytesseract.image_to_string(pixels))]
        older = re.search(r"rel='next' href='([^']+)'", html)
        page = urljoin(start, older[1]) if older else ""
    print(json.dumps({"photos": len(seen), "found": len(found)}))


if __name__ == "__main__":
    main()
