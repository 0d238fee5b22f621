"""Face templates of enrolled pupils, in one encrypted file.

Losing the key loses the templates and nothing else: they are made again from the enrolment photos. Whoever has the file
without the key has nothing.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from numpy.typing import NDArray

from auditbot.errors import TemplatesUnreadable
from auditbot.safe_files import write_private

FORMAT = 2
READABLE = frozenset({1, FORMAT})
"""Format 1 held no plain view and no place of the face."""
TemplateKind = Literal["enrolled", "learned"]


FILE_NAME = "templates.sealed"
"""Name of the file of templates in a workspace's data folder."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """What one photo says about one pupil's face."""

    pupil_id: str
    """The pupil's id in the register."""
    photo_sha256: str
    """Content hash of the photo it was made from."""
    enrolled_on: date
    """The day it was made."""
    taken_on: date | None
    """The day the photo was taken, as far as known."""
    kind: TemplateKind
    """enrolled (from an enrolment photo) or learned (from a face that a person confirmed)."""
    engine: str
    """Name and version of the engine that made it; templates of different engines cannot be compared."""
    vector: NDArray[np.float32]
    """The engine's vector."""
    parts: tuple[tuple[int, float], ...] = ()
    """Its parts: how many numbers, and the share of the score they decide; empty for a vector compared as a whole."""
    size: float = 0.0
    """Width of the face in its photo in pixels; 0 if that was not noted."""
    sharpness: float = 0.0
    """How sharp the face is there, as :class:`auditbot.examine.faces.faces.Quality` measures it."""
    turn: float = 0.0
    """How far the head is turned aside there, in degrees."""
    plain: NDArray[np.float32] | None = None
    """The vector of the face as it was found, where ``vector`` is the mean of several views; None if unknown."""
    box: tuple[float, float, float, float] | None = None
    """Where the face stands in its photo, x, y, width, height in pixels; None if that was not noted."""


def load_templates(path: Path, key: Fernet | MultiFernet) -> tuple[Template, ...]:
    """Read all templates; none if there is no file.

    Raises TemplatesUnreadable if the file is damaged or was written with another key.
    """
    try:
        sealed = path.read_bytes()
    except FileNotFoundError:
        return ()
    try:
        document = json.loads(key.decrypt(sealed))
        if document["format"] not in READABLE:
            raise TemplatesUnreadable(path)
        return tuple(_from_json(entry) for entry in document["templates"])
    except (InvalidToken, KeyError, ValueError) as error:
        raise TemplatesUnreadable(path) from error


def save_templates(path: Path, templates: Iterable[Template], key: Fernet | MultiFernet) -> None:
    """Replace the file as a whole: a crash leaves either the old or the new one. The old one's bytes are overwritten.

    An empty collection removes the file. Solid-state disks may keep old blocks all the same; those stay encrypted.
    """
    entries = sorted(
        (_to_json(template) for template in templates), key=lambda entry: json.dumps(entry, sort_keys=True)
    )
    if not entries:
        remove_templates(path)
        return
    document = {"format": FORMAT, "templates": entries}
    with _overwritten(path):
        write_private(path, key.encrypt(json.dumps(document).encode("utf-8")))


def remove_templates(path: Path) -> None:
    """Remove the file, if there is one, and what killed writes left beside it; their bytes are overwritten."""
    with _overwritten(path):
        path.unlink(missing_ok=True)
    remove_unfinished_templates(path)


def remove_unfinished_templates(path: Path) -> None:
    """Remove what killed writes of this file left beside it; the file itself stays. Never while another run writes."""
    for left in path.parent.glob(f".{path.name}.*"):
        with _overwritten(left):
            left.unlink(missing_ok=True)


@contextmanager
def _overwritten(path: Path) -> Iterator[None]:
    """Overwrite the bytes that the file has now, once it was replaced or removed."""
    if os.name != "posix" or not path.exists():
        yield
        return
    with path.open("r+b") as old:
        yield
        old.write(os.urandom(os.fstat(old.fileno()).st_size))
        old.flush()
        os.fsync(old.fileno())


def _to_json(template: Template) -> dict[str, Any]:
    return {
        "pupil_id": template.pupil_id,
        "photo_sha256": template.photo_sha256,
        "enrolled_on": template.enrolled_on.isoformat(),
        "taken_on": template.taken_on.isoformat() if template.taken_on else None,
        "kind": template.kind,
        "engine": template.engine,
        "parts": template.parts,
        "quality": [round(template.size, 1), round(template.sharpness, 1), round(template.turn, 1)],
        "vector": _as_text(template.vector),
        "plain": None if template.plain is None else _as_text(template.plain),
        "box": template.box and [round(part, 1) for part in template.box],
    }


def _as_text(vector: NDArray[np.float32]) -> str:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode("ascii")


def _as_vector(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)


def _from_json(entry: dict[str, Any]) -> Template:
    size, sharpness, turn = entry.get("quality", (0.0, 0.0, 0.0))
    plain, box = entry.get("plain"), entry.get("box")
    return Template(
        pupil_id=entry["pupil_id"],
        photo_sha256=entry["photo_sha256"],
        enrolled_on=date.fromisoformat(entry["enrolled_on"]),
        taken_on=date.fromisoformat(entry["taken_on"]) if entry["taken_on"] else None,
        kind=entry["kind"],
        engine=entry["engine"],
        vector=_as_vector(entry["vector"]),
        parts=tuple((int(numbers), float(share)) for numbers, share in entry["parts"]),
        size=size,
        sharpness=sharpness,
        turn=turn,
        plain=_as_vector(plain) if plain else None,
        box=(box[0], box[1], box[2], box[3]) if box else None,
    )
