"""What all embedders share: pixels in, unit-length rows out."""

from __future__ import annotations

import numpy as np

from auditbot.examine.faces import Vectors


def unit(rows: Vectors) -> Vectors:
    """Rows scaled to length one."""
    scaled: Vectors = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    return scaled
