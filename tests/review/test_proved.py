"""From "Yes: take it down" to closed: each step and person stands in the history, and what comes back is new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from auditbot.decisions.decided import State
from auditbot.decisions.event import Action
from auditbot.decisions.proof import record_proofs
from auditbot.decisions.standing import standings
from auditbot.settings import load_settings
from auditbot.store import Store
from tests.review.conftest import Site
from tests.review.made_school import audit, posts_and_findings
from tests.review.test_roles import case_of


def look(site: Site, *, with_it: bool, minutes: int, finding: str) -> None:
    """One audit of the made school, with or without the finding, and the events that the pipeline writes of it."""
    from auditbot.review.casebook.served_workspace import serve_workspace, served_workspace

    found = posts_and_findings(site.workspace)
    kept = [(post, [one for one in findings if with_it or one.id != finding]) for post, findings in found]
    ended = {} if with_it else {finding: "The page answers 404 Not Found."}
    audit(site.workspace, kept, ended=ended, ago=timedelta(minutes=minutes))
    here = serve_workspace(site.workspace, load_settings(site.workspace))
    with Store(site.workspace.data / "auditbot.db") as store, here.ledger() as ledger:
        newest = store.audits.latest()
        assert newest is not None
        told = store.audits.load(newest)
        stands = standings(told.findings, here.view().declared, told.versions, ledger.events(), here.now())
        record_proofs(ledger, stands.values(), here.now())
    served_workspace().forget()


@pytest.mark.parametrize("referred", [False, True])
def test_a_case_goes_from_found_to_closed_with_every_step_and_person(
    site: Site, monkeypatch: pytest.MonkeyPatch, referred: bool
) -> None:
    from auditbot.review.asking.requests import token_digest
    from auditbot.review.pages import asked_page
    from auditbot.review.people.models import Task

    monkeypatch.setattr(asked_page, "look_again", lambda _: None)  # an audit of its own: tests/cli/test_one_post
    lead, case = site.client("lead"), case_of(site, "phone_number")
    if referred:
        lead.post(f"/f/{case.id}/decide", {"do": "refer:data_protection", "last": "0"})
    lead.post(f"/f/{case.id}/decide", {"do": "down", "last": str(site.view().by_finding[case.id].last_event)})
    assert lead.post(f"/f/{case.id}/after", {"do": "close", "once": "0"}).status_code == 404  # not before the proof
    lead.post("/asked/send", {"how": "told", "once": "one"})
    Task.objects.update(digest=token_digest("a-token"))
    site.client("editor").post("/task/a-token", {"do": "done"})
    look(site, with_it=False, minutes=20, finding=case.id)
    standing = site.view().by_finding[case.id].standing
    assert standing.state is (State.PROVED if referred else State.CLOSED)
    told = lead.get(f"/f/{case.id}/history").content.decode()
    for step in ("lead: to come down", "lead: asked to take it down", "editor: said to be done"):
        assert step in told
    assert "audit: proved gone" in told and ("audit: closed" in told) is not referred
    assert lead.post(f"/f/{case.id}/after", {"do": "tick:search_engines", "once": "1"}).status_code == 302
    lead.post(f"/f/{case.id}/after", {"do": "tick:search_engines", "once": "1"})  # sent twice
    assert [event.action for event in site.events()].count(Action.TICK) == 1
    assert lead.post(f"/f/{case.id}/after", {"do": "tick:harmless", "once": "2"}).status_code == 404
    if referred:
        assert "Close it" in lead.get(f"/f/{case.id}/history").content.decode()
        lead.post(f"/f/{case.id}/after", {"do": "close", "once": "3"})
    assert site.view().by_finding[case.id].standing.state is State.CLOSED
    assert "proved gone" in lead.get("/").content.decode()
    look(site, with_it=True, minutes=5, finding=case.id)
    back = site.view().by_finding[case.id].standing
    assert back.state is State.NEW and len(back.history) >= 6
    assert "was gone, and is there again" in lead.get(f"/f/{case.id}").content.decode()
