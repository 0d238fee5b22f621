"""Who saw which child on the page, when: a line in data/access.log beside those of the commands."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from auditbot.privacy.access_log import ON_THE_PAGE, record_view
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.sentences import Sentence, _, say

PARTS = frozenset(("face", "page as seen", "photo", "portrait"))
"""Pictures of a case: they belong to the look at its page, which has a line of its own."""
ONE_LOOK_SECONDS = 300.0
"""The same person, child and thing within this time is one look: a screen with four pictures is one line, not four."""
_lock = threading.Lock()


SEEN: Mapping[str, Sentence] = {
    "account changed": say("account changed"),
    "all faces": say("all faces"),
    "face": say("face"),
    "face learned": say("face learned"),
    "finding": say("finding"),
    "gallery": say("portraits"),
    "history": say("history"),
    "likeliest": say("likeliest"),
    "line of today": say("the list on Today"),
    "list of posts": say("list of posts"),
    "list of pupils": say("list of pupils"),
    "page as seen": say("page as seen"),
    "permission of a pupil": say("permission of a pupil"),
    "photo": say("photo"),
    "photo before posting": say("photo before posting"),
    "portrait": say("portrait"),
    "post": say("post"),
    "pupil": say("pupil"),
    "register": say("register"),
    "rows of an import": say("rows of an import"),
    "words before posting": say("words before posting"),
}
"""What the log of accesses calls things, and what a person reads for it."""


def what_was_seen(what: str) -> str:
    """Return what a line of the log of accesses is about, in words; what a command did by the command's own name."""
    name = what.removeprefix(ON_THE_PAGE)
    return _("page: %(what)s", what=SEEN.get(name, name)) if name != what else what


def saw(request: Any, what: str, pupil_ids: Iterable[str], finding: str) -> None:
    """Note that this person saw something of each of these pupils."""
    now, looks = time.monotonic(), served_workspace().looks
    for pupil_id in pupil_ids or ("",):
        look = (request.user.handle, pupil_id, f"{what} {finding}")
        with _lock:
            page = (request.user.handle, pupil_id, f"finding {finding}")
            looked = (look, page) if what in PARTS else (look,)
            if any(now - looks.get(one, -ONE_LOOK_SECONDS) < ONE_LOOK_SECONDS for one in looked):
                continue
            looks[look] = now
            if len(looks) > 10_000:
                looks.clear()
        record_view(
            served_workspace().workspace, request.user.handle, what, pupil_id, finding, datetime.now().astimezone()
        )
