"""Who saw which child on the page, when: a line in data/access.log beside those of the commands."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from auditbot.privacy.access_log import record_view
from auditbot.review.casebook.desk import desk

ONE_LOOK_SECONDS = 300.0
"""The same person, child and thing within this time is one look: a screen with four pictures is one line, not four."""
_looks: dict[tuple[str, str, str], float] = {}
_lock = threading.Lock()


def saw(request: Any, what: str, pupil_ids: Iterable[str], finding: str) -> None:
    """Note that this person saw something of each of these pupils."""
    now = time.monotonic()
    for pupil_id in pupil_ids or ("",):
        look = (request.user.handle, pupil_id, f"{what} {finding}")
        with _lock:
            if now - _looks.get(look, -ONE_LOOK_SECONDS) < ONE_LOOK_SECONDS:
                continue
            _looks[look] = now
            if len(_looks) > 10_000:
                _looks.clear()
        record_view(desk().workspace, request.user.handle, what, pupil_id, finding, datetime.now().astimezone())
