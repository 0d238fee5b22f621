"""What the examine stage writes over what was known."""

from __future__ import annotations

import hashlib

import pytest

from auditbot.examine.faces.enrol import enrol
from auditbot.examine.stage import examine, examined_with
from auditbot.model import PhotoFacts, Words
from auditbot.run import Run, local_now
from auditbot.settings import Examine, School, Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import declared, post
from tests.unit.check.test_check_stage import Silent

BROKEN = b"This is no photo."
SHA = hashlib.sha256(BROKEN).hexdigest()
KNOWN = PhotoFacts(SHA, 40, 30, (), (Words("Star of the week", (1.0, 2.0, 3.0, 4.0), 0.9),))


@pytest.mark.parametrize("known", [KNOWN, None])
def test_a_photo_that_cannot_be_examined_again_keeps_what_was_known(
    fresh_workspace: Workspace, known: PhotoFacts | None
) -> None:
    settings = Settings(School("Larkmere"), examine=Examine(workers=1))
    registers = declared()
    with Store(fresh_workspace.data / "auditbot.db") as store:
        run = Run(fresh_workspace, settings, registers, store, store.audits.begin(local_now(settings), "all"), Silent())
        run.spool.path(SHA).write_bytes(BROKEN)
        store.published.save_post(post(SHA), run.now())
        if known:
            store.examined.save_photo(known, "an earlier gallery")
        enrolled = enrol(fresh_workspace, settings, registers)
        examine(run, enrolled)
        now = store.examined.photo(SHA)
        assert now is not None
        assert now == known if known else now.not_examined
        waits = store.examined.photos_to_examine(examined_with(enrolled, settings))
        assert waits == ([SHA] if known else [])


def test_other_settings_look_again(fresh_workspace: Workspace) -> None:
    """Switching the reading of words on, or allowing larger photos, makes every photo wait to be examined."""
    school = School("Larkmere")
    enrolled = enrol(fresh_workspace, Settings(school), declared())
    versions = {
        examined_with(enrolled, Settings(school, examine=looking))
        for looking in (Examine(), Examine(read_words=False), Examine(max_megapixels=60.0))
    }
    assert len(versions) == 3
