"""The same ten decisions by the page and by the command line give equal events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from auditbot.cli import main
from tests.review.conftest import Site

# kind of finding, what the page's form sends, and what follows "decide FINDING" or "refer FINDING" on the command line
TEN = (
    ("never_publish", {"do": "down"}, "decide down"),
    ("words_contact", {"do": "refer", "to": ["headteacher", "lado"]}, "refer --to Headteacher --to LADO"),
    ("withdrawn_since", {"do": "not_so:another_permitted"}, "decide not-so --reason another_permitted"),
    ("no_permission", {"do": "down"}, "decide down"),
    ("unknown_faces", {"do": "no_pupil:visitor", "box": "2"}, "decide no-pupil --reason visitor --box 2"),
    ("unknown_faces", {"do": "not_so:not_recognisable", "box": "1"}, "decide not-so --reason not_recognisable --box 1"),
    ("surname", {"do": "not_so:anothers_name"}, "decide not-so --reason anothers_name"),
    ("phone_number", {"do": "not_so:our_own"}, "decide not-so --reason our_own"),
    ("date_of_birth", {"do": "down"}, "decide down"),
    ("words_complaint", {"do": "wait:office_answers"}, "decide wait --reason office_answers"),
)


def drafts(site: Site) -> list[Any]:
    """What the events say, but for the moment at which a decision ends or was made."""
    return [replace(event.draft, when=None) for event in site.events()]


def test_page_and_command_line_record_the_same(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    from auditbot.decisions.ledger import FILE_NAME

    cases = {case.kind: case for case in site.view().cases}
    client = site.client("lead")
    for kind, said, _ in TEN:
        assert client.post(f"/f/{cases[kind].id}/decide", said).status_code == 302
    by_page = drafts(site)
    for more in ("", "-wal", "-shm"):
        (site.workspace.data / f"{FILE_NAME}{more}").unlink(missing_ok=True)
    for kind, _, said_there in TEN:
        command, *words = said_there.split()
        line = ["--workspace", str(site.workspace.folder), command, cases[kind].id, *words, "--by", "lead"]
        assert main(line) == 0, capsys.readouterr()
    assert drafts(site) == by_page
    assert len(by_page) == len(TEN) + 1  # one of them was taken to two people
