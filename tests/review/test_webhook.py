"""The webhook: signed numbers, once for each news, tried again and never dropped, and no name in them."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.review.conftest import Site
from tests.review.test_papers import names

KEY = "shared with the other side"


class Receiver:
    """A server that keeps what it is sent."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.status, self.location = 200, ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.got.append((body, self.headers["X-Auditbot-Signature"]))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    from pydantic import SecretStr

    from auditbot.review.integrations import webhook

    monkeypatch.setattr(webhook, "webhook_secret", lambda: SecretStr(KEY))
    made = Receiver()
    yield made
    made.close()


def put_in(site: Site) -> None:
    from auditbot.review.asking.due_mails import Mailed
    from auditbot.review.asking.outbox import news
    from auditbot.review.integrations import webhook

    view = site.view()
    mails = [Mailed(role, "daily 2026-11-30", "Social media audit: today", "11 new.") for role in ("lead", "deputy")]
    webhook.put_in(mails, news(view, view.now), view.now)


def test_numbers_are_sent_once_and_signed(site: Site, receiver: Receiver) -> None:
    from auditbot.review.integrations import webhook

    for _ in range(2):
        put_in(site)
        webhook.send(receiver.address)
    assert len(receiver.got) == 1
    body, signature = receiver.got[0]
    moment, _, digest = signature.removeprefix("t=").partition(",v1=")
    assert hmac.compare_digest(hmac.new(KEY.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest(), digest)
    told = json.loads(body)
    assert set(told) == {"text", "at", "new", "overdue", "not_reached", "due_today"} and told["new"] == 11
    assert not any(name in body for name in names(site)) and "/news/" not in body


def test_what_cannot_be_sent_waits_and_is_said_and_no_redirect_is_followed(site: Site, receiver: Receiver) -> None:
    from django.utils import timezone

    from auditbot.review.integrations import webhook
    from auditbot.review.people.models import Notice

    elsewhere = Receiver()
    put_in(site)
    for status, location in ((500, ""), (307, elsewhere.address)):
        receiver.status, receiver.location = status, location
        Notice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        webhook.send(receiver.address)
        assert webhook.waiting() == [f"the webhook answers {status}"]
        health = site.client("it").get("/health").content.decode()
        assert f"could not be sent on yet: the webhook answers {status}. It is tried again." in health
    assert elsewhere.got == [] and Notice.objects.get().due_at > timezone.now()
    elsewhere.close()
    receiver.status, receiver.location = 200, ""
    Notice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    webhook.send(receiver.address)
    assert webhook.waiting() == [] and Notice.objects.get().sent_at is not None
    put_in(site)
    Notice.objects.create(news="later", body="{}", due_at=timezone.now())
    webhook.send("http://127.0.0.1:9/")
    assert webhook.waiting() == ["the webhook does not answer"]
