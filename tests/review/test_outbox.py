"""The outbox against real mail servers of this computer: one takes mail, one refuses, one asks to wait, one stalls."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from auditbot.settings import Mail
from tests.review.conftest import Site


class Server(socketserver.ThreadingTCPServer):
    """A mail server that answers RCPT as it is told, and keeps what it takes."""

    allow_reuse_address = daemon_threads = True
    answer = b"250 ok"

    def __init__(self) -> None:
        self.taken: list[str] = []
        super().__init__(("127.0.0.1", 0), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        if self.server.answer == b"":
            self.rfile.readline()  # says nothing at all
            return
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (said := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(said)
                self.server.taken.append(b"".join(lines).decode())
                self.wfile.write(b"250 taken\r\n")
            elif word == b"RCPT":
                self.wfile.write(self.server.answer + b"\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def post(site: Site, server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Deliver what is due now through the server."""
    from auditbot.review.asking import outbox
    from auditbot.review.casebook.served_workspace import serve_workspace, served_workspace

    monkeypatch.setattr(outbox, "SMTP_SECONDS", 1.0)
    settings = served_workspace().settings
    mail = Mail(server=f"127.0.0.1:{server.server_address[1]}", sender="audit@school.example", security="none")
    serve_workspace(site.workspace, replace(settings, mail=mail))
    return lambda: outbox.deliver("https://audit.school.example/")


def put_in(site: Site) -> None:
    from auditbot.review.asking.due_mails import Mailed
    from auditbot.review.asking.outbox import put_in as put

    site_now = site.view().now
    put(Mailed("lead", "daily 1", "Social media audit: today", "1 new."), site_now, "https://audit.school.example/")


def with_address(site: Site, handle: str = "lead") -> None:
    person = site.person(handle)
    person.email = f"{handle}@school.example"
    person.save()


def of_news(server: Server) -> list[str]:
    return [text for text in server.taken if "\n1 new." in text.replace("\r", "")]


def test_a_mail_is_sent_once(site: Site, server: Server, post: Callable[[], None]) -> None:
    with_address(site)
    put_in(site)
    put_in(site)
    post()
    post()
    assert len(of_news(server)) == 1
    text = of_news(server)[0]
    assert "To: lead@school.example" in text and "https://audit.school.example/" in text


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"450 later, please", "the mail server asks to try later (450)"),
        (b"550 nobody here", "the mail server refuses the address (550)"),
        (b"", "the mail server"),
    ],
)
def test_what_is_not_taken_is_kept_told_and_tried_again(
    site: Site, server: Server, post: Callable[[], None], answer: bytes, problem: str
) -> None:
    from django.utils import timezone

    from auditbot.review.people.models import Letter

    with_address(site)
    put_in(site)
    server.answer = answer
    post()
    letter = Letter.objects.get(news__startswith="daily 1 ")
    assert letter.sent_at is None and letter.problem.startswith(problem) and letter.tries == 1
    assert letter.due_at > timezone.now() + timedelta(seconds=60)
    assert "could not be sent" in site.client("lead").get("/").content.decode()
    server.answer = b"250 ok"
    Letter.objects.update(due_at=timezone.now())
    post()
    assert len(of_news(server)) == 1
    assert "could not be sent" not in site.client("lead").get("/").content.decode()


def test_an_address_that_is_wrong_for_weeks_stops_nothing(site: Site, server: Server, post: Callable[[], None]) -> None:
    from django.utils import timezone

    from auditbot.review.people.models import Letter

    with_address(site)
    put_in(site)
    Letter.objects.update(tries=5000)
    server.answer = b"550 nobody here"
    post()
    letter = Letter.objects.get(news__startswith="daily 1 ")
    assert letter.tries == 5001
    assert letter.due_at < timezone.now() + timedelta(hours=3)


@pytest.mark.parametrize("email", ["a@b\nBcc: x@school.example", "a@school.example\r\nCc: x@b.example"])
def test_an_address_with_a_line_end_stops_no_other_mail(
    site: Site, server: Server, post: Callable[[], None], email: str
) -> None:
    from django.utils import timezone

    from auditbot.review.people.manage import add_person
    from auditbot.review.people.models import Letter

    assert add_person("other", "Other", "deputy", email)[0] is None
    wrong = site.person("deputy")
    Letter.objects.create(news="wrong", person=wrong, subject="x", text="x", due_at=timezone.now())
    wrong.email = email
    wrong.save()
    with_address(site)
    put_in(site)
    post()
    assert len(of_news(server)) == 1
    problem = "the e-mail address is none that a mail could be sent to"
    assert {one.problem for one in Letter.objects.filter(person=wrong)} == {problem}


def test_a_fault_of_ours_ends_no_mail(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditbot.review.asking import outbox

    again, turns = threading.Event(), list[int]()

    def deliver(_address: str) -> None:
        if turns:
            again.set()
        turns.append(1)
        raise RuntimeError

    monkeypatch.setattr(outbox, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(outbox, "deliver", deliver)
    sender = outbox.MailSender("https://audit.school.example/")
    sender.start()
    assert again.wait(20)
    sender.stop()
    sender.join(20)


def test_silence_is_counted_from_the_first_audit_not_from_last_night(site: Site) -> None:
    from auditbot.review.asking.outbox import news

    view = site.view()
    assert view.audit is not None and view.first_audit is not None
    long_ago = view.now - timedelta(days=40)
    assert news(replace(view, first_audit=long_ago), view.now).began == long_ago


def test_mail_follows_whoever_stands_in(site: Site, server: Server, post: Callable[[], None]) -> None:
    from auditbot.review.people.models import Cover

    with_address(site)
    with_address(site, "head")
    today = site.view().now.date()
    Cover.objects.create(absent=site.person("lead"), stand_in=site.person("head"), first_day=today, last_day=today)
    put_in(site)
    post()
    assert sorted(text.partition("To: ")[2].split("\n")[0].strip() for text in of_news(server)) == [
        "head@school.example",
        "lead@school.example",
    ]


def test_a_mail_that_waits_five_minutes_is_not_sent_before(
    site: Site, server: Server, post: Callable[[], None]
) -> None:
    with_address(site, "editor")
    lead = site.client("lead")
    case = next(case for case in site.view().cases if case.kind == "surname")
    lead.post(f"/f/{case.id}/decide", {"do": "down", "last": "0"})
    lead.post("/asked/send", {"once": "a"})
    post()
    assert not [text for text in server.taken if "/task/" in text]
    from django.utils import timezone

    from auditbot.review.people.models import Letter

    Letter.objects.update(due_at=timezone.now())
    post()
    assert len([text for text in server.taken if "/task/" in text.replace("=\r\n", "")]) == 1
