"""The page of a made school: Django is set up once a process, and every test finds the school as it was made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from auditbot.settings import Mail, Workspace, load_settings
from tests.review.made_school import fresh_copy, make_school

PEOPLE = (
    ("lead", "Designated safeguarding lead"),
    ("deputy", "Deputy lead"),
    ("head", "Headteacher"),
    ("editor", "Web editor"),
    ("data", "School office"),
    ("it", "Technician"),
    ("governor", "Safeguarding governor"),
)


@dataclass
class Site:
    """The site of one workspace."""

    workspace: Workspace
    """Its workspace."""

    def person(self, handle: str) -> Any:
        """The person of this name."""
        from auditbot.review.people.models import Person

        return Person.objects.get(handle=handle)

    def client(self, handle: str = "", **headers: Any) -> Any:
        """A browser's stand-in, signed in as this person, or as nobody."""
        from django.test import Client

        client = Client(HTTP_HOST="localhost", enforce_csrf_checks=False, **headers)
        if handle:
            assert client.get(f"/open/{self.link(handle)}").status_code == 302
        return client

    def with_mail(self) -> None:
        """Set mail up, with an address for the editor; nothing is sent while no mail sender runs."""
        from auditbot.review.casebook.served_workspace import serve_workspace

        mail = Mail(server="127.0.0.1:9", sender="audit@school.example")
        serve_workspace(self.workspace, replace(load_settings(self.workspace), mail=mail))
        editor = self.person("editor")
        editor.email = "web@school.example"
        editor.save()

    def link(self, handle: str) -> str:
        """The code of a one-time address for this person."""
        from auditbot.review.people.models import new_slip

        return new_slip(self.person(handle), timedelta(hours=1), of_this_computer=True)

    def view(self) -> Any:
        """What pages show now."""
        from auditbot.review.casebook.served_workspace import served_workspace

        return served_workspace().view()

    def reopen(self) -> None:
        """Read everything anew: an audit was written meanwhile."""
        from auditbot.review.casebook.served_workspace import served_workspace

        served_workspace().forget()

    def events(self) -> Any:
        """All decisions."""
        from auditbot.review.casebook.served_workspace import served_workspace

        with served_workspace().ledger() as ledger:
            assert ledger.verify() is None
            return ledger.events()


@pytest.fixture(scope="session")
def _key() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's library keeps a loop in the thread of the tests
    yield
    patch.undo()


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory, _key: None) -> tuple[Path, Workspace]:
    gold = tmp_path_factory.mktemp("gold") / "school"
    make_school(gold)
    folder = tmp_path_factory.mktemp("review") / "school"
    folder.mkdir()
    fresh_copy(gold, folder)
    from auditbot.review.site.app import set_up

    set_up(Workspace(folder), hosts=("localhost", "127.0.0.1"))
    from django.db import connections

    from auditbot.review.people.manage import add_person

    for handle, called in PEOPLE:
        person, problem = add_person(handle, called, handle, accounts="website" if handle == "editor" else "")
        assert person is not None, problem
    connections.close_all()
    (gold / "data" / "review.db").write_bytes((folder / "data" / "review.db").read_bytes())
    return gold, Workspace(folder)


@pytest.fixture
def site(_made: tuple[Path, Workspace]) -> Iterator[Site]:
    """The page of the made school, with one person of each role."""
    gold, workspace = _made
    from django.db import connections

    connections.close_all()
    fresh_copy(gold, workspace.folder)
    from auditbot.review.casebook.served_workspace import serve_workspace

    serve_workspace(workspace, load_settings(workspace))
    yield Site(workspace)
    connections.close_all()


@pytest.fixture
def served(site: Site) -> Iterator[Callable[[str], str]]:
    """The site on a real server of this computer; a function that gives the address of a page."""
    from auditbot.review.site.app import application
    from auditbot.review.site.serve import server

    made = server(application(), "127.0.0.1", 0)
    made.prepare()
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    yield lambda path: f"http://127.0.0.1:{made.bind_addr[1]}{path}"
    made.stop()
    thread.join(10)
