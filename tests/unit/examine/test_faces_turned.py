"""Photos that lie on their side or upside down, without saying so, lose no face and name the same child."""

from __future__ import annotations

import json

import numpy as np
import pytest

from auditbot.examine.faces.faces import Pixels
from tests.unit.examine.made_up_faces import FACES, engine, picture

GROUPS = json.loads((FACES / "groups" / "truth.json").read_text())
PORTRAITS = sorted(path.relative_to(FACES).as_posix() for path in FACES.glob("C0*/portrait_1.jpg"))[:6]


def laid(point: tuple[float, float], turn: int, width: int, height: int) -> tuple[float, float]:
    """Return where a point of a photo stands when the photo is turned by so many quarters against the clock."""
    x, y = point
    return [(x, y), (y, width - x), (width - x, height - y), (height - y, x)][turn]


def boxes_in(rgb: Pixels) -> list[tuple[float, float, float, float]]:
    return [face.box for face in engine().detect(np.ascontiguousarray(rgb))]


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
@pytest.mark.parametrize("group", GROUPS, ids=[group["file"] for group in GROUPS])
def test_a_group_on_its_side_shows_the_same_faces(group: dict[str, object], turn: int) -> None:
    rgb = picture(f"groups/{group['file']}")
    height, width = rgb.shape[:2]
    boxes = boxes_in(np.rot90(rgb, turn))
    for face in group["faces"]:  # type: ignore[attr-defined]
        x, y, wide, high = face["box"]
        at = laid((x + wide / 2, y + high / 2), turn, width, height)
        inside = [b for b in boxes if b[0] <= at[0] <= b[0] + b[2] and b[1] <= at[1] <= b[1] + b[3]]
        assert len(inside) == 1, face["id"]
    assert len(boxes) == len(group["faces"])  # type: ignore[arg-type]


# Upside down, two of twelve drawn portraits look like a face either way: that turn is held by the groups alone.
@pytest.mark.parametrize("turn", [1, 3])
@pytest.mark.parametrize("portrait", PORTRAITS)
def test_a_portrait_on_its_side_is_the_same_person(portrait: str, turn: int) -> None:
    rgb = picture(portrait)
    (upright,) = engine().detect(rgb)
    turned = np.ascontiguousarray(np.rot90(rgb, turn))
    (lying,) = engine().detect(turned)
    one, other = engine().embed(rgb, [upright])[0], engine().embed(turned, [lying])[0]
    likeness = float(np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other))
    assert likeness > 0.9
