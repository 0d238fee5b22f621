"""The likeliest only on request, and a confirmed face offered for learning."""

from __future__ import annotations

import hashlib
import shutil
from datetime import timedelta
from typing import Any

import pytest

from auditbot.cli import main
from auditbot.examine.faces.templates import load_templates
from auditbot.model import Candidate, Face, Finding, PhotoEvidence, PhotoFacts, PhotoUse, Post
from auditbot.registers.secrets import find_key
from auditbot.run import local_now
from auditbot.safe_files import private_folder
from auditbot.sentences import quoted
from auditbot.settings import load_settings
from auditbot.store import Store
from tests.review.conftest import Site
from tests.review.made_school import FACE, OTHER, SITE, audit, photo
from tests.unit.examine.made_up_faces import FACES, faces_in

LISTED, UNLISTED = "P017", "P021"


def case_of(site: Site, kind: str) -> Any:
    return next(case for case in site.view().cases if case.kind == kind)


def unknown(site: Site) -> Any:
    """The case of two faces that nobody knows; the first resembles somebody, as most strangers do."""
    case = case_of(site, "unknown_faces")
    sha256 = hashlib.sha256(photo("sports-crowd")).hexdigest()
    faces = (Face(FACE, 0.9, "nobody", (Candidate(LISTED, 0.3),)), Face(OTHER, 0.9, "nobody"))
    with Store(site.workspace.data / "auditbot.db") as store:
        store.examined.save_photo(PhotoFacts(sha256, 1200, 800, faces, ()), "test")
    return case


def test_the_likeliest_of_a_face_nobody_knows_stand_nowhere_until_asked_for(site: Site) -> None:
    case, client = unknown(site), site.client("lead")
    name = site.view().declared.pupils[LISTED].label
    shown = client.get(f"/f/{case.id}").content.decode()
    assert f"/f/{case.id}/likeliest" in shown and name not in shown
    asked = client.get(f"/f/{case.id}/likeliest").content.decode()
    assert name in asked and "no evidence" in asked and "Nobody comes near." in asked
    assert site.view().declared.pupils[UNLISTED].label not in asked
    log = (site.workspace.data / "access.log").read_text("utf-8")
    assert "likeliest" in log and LISTED in log


def test_the_command_says_the_same(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    case = unknown(site)
    assert main(["--workspace", str(site.workspace.folder), "likeliest", case.id[:8]]) == 0
    first, second, worth = capsys.readouterr().out.splitlines()
    assert first.startswith("face 1  ") and LISTED in first and second == "face 2  nobody"
    assert "no evidence" in worth
    assert main(["--workspace", str(site.workspace.folder), "likeliest", "zzz"]) == 2


def test_the_command_offers_a_confirmed_face_too(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    case = confirmed_face(site)
    assert main(["--workspace", str(site.workspace.folder), "decide", case.id, "down"]) == 0
    assert f"auditbot confirm {case.id[:8]}" in capsys.readouterr().out
    plain = case_of(site, "withdrawn_since")  # whose photo is nobody's we may hold a template of, or has photos enough
    assert (
        main(["--workspace", str(site.workspace.folder), "decide", plain.id, "not-so", "--reason", "not_this_child"])
        == 0
    )
    assert "auditbot confirm" not in capsys.readouterr().out


def test_portraits_of_the_likeliest_are_for_leads_and_for_nobody_else_s_face(site: Site) -> None:
    case = unknown(site)
    lead, head = site.client("lead"), site.client("head")
    assert lead.get(f"/f/{case.id}/portrait/{LISTED}.jpg").status_code == 200
    assert lead.get(f"/f/{case.id}/portrait/{UNLISTED}.jpg").status_code == 404
    assert head.get(f"/f/{case.id}/portrait/{LISTED}.jpg").status_code == 404
    assert head.get(f"/f/{case.id}/likeliest").status_code == 404
    named = case_of(site, "withdrawn_since")
    assert f"/f/{named.id}/likeliest" not in lead.get(f"/f/{named.id}").content.decode()


def confirmed_face(site: Site) -> Any:
    """A finding about one real face, of a pupil with one portrait of whom a template may be held."""
    pupil = "P017"
    for path in (site.workspace.consent / "photos").rglob("*.jpg"):
        if not path.name.startswith(pupil):
            path.unlink()
    published = FACES / "C001" / "candid_2.jpg"
    sha256 = hashlib.sha256(published.read_bytes()).hexdigest()
    shutil.copyfile(published, private_folder(site.workspace.data / "evidence") / sha256)
    box = max((face.box for face in faces_in("C001/candid_2.jpg")), key=lambda one: one[2])
    url, now = f"{SITE}/news/99/", local_now(load_settings(site.workspace))
    post = Post(
        "website",
        url,
        "Kites",
        "Kites.",
        published_at=now - timedelta(days=1),
        photos=(PhotoUse(f"{SITE}/k.jpg", sha256),),
    )
    evidence = PhotoEvidence(f"{SITE}/k.jpg", sha256, (box,))
    finding = Finding(
        "9" * 16, "C11", "no_permission", "today", "breach", "website", url, now, evidence, (pupil,), 0.9,
        quoted("The face in box 1 may be {P017}."),
    )  # fmt: skip
    audit(site.workspace, [(post, [finding])], ago=timedelta(minutes=5))
    from auditbot.review.casebook.served_workspace import served_workspace

    served_workspace().forget()
    return next(case for case in site.view().cases if case.id == finding.id)


def test_a_confirmed_clear_face_is_offered_and_learned_with_one_press(site: Site) -> None:
    case, client = confirmed_face(site), site.client("lead")
    answer = client.post(f"/f/{case.id}/decide", {"do": "down", "last": str(case.last_event)})
    shown = client.get(answer.headers["Location"], follow=True).content.decode()
    assert "This pupil has one photo enrolled" in shown and f"/f/{case.id}/learn" in shown
    learned = client.post(f"/f/{case.id}/learn")
    assert learned.headers["Location"].endswith("said=learned")
    assert "Remembered." in client.get(learned.headers["Location"], follow=True).content.decode()
    kinds = [(one.pupil_id, one.kind) for one in load_templates(site.workspace.data / "templates.sealed", find_key())]
    assert ("P017", "learned") in kinds and ("P017", "enrolled") in kinds
    again = client.get(answer.headers["Location"], follow=True).content.decode()
    assert f"/f/{case.id}/learn" not in again  # once is enough
