"""The webhook: the day's numbers, signed, to one address that the settings name. No name, no post, no kind.

The signature is that of many services: ``X-Auditbot-Signature: t=SECONDS,v1=HEX`` with HMAC-SHA256 over "SECONDS.BODY".
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from datetime import datetime
from http.client import HTTPException, HTTPResponse
from typing import Any

from django.utils import timezone

from auditbot.registers.secrets import webhook_secret
from auditbot.review.asking.due_mails import Mailed, News, pause_after
from auditbot.review.people.models import Notice
from auditbot.sentences import _

SECONDS = 20.0


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the numbers go to the address of the settings alone."""

    def redirect_request(self, *_given: Any, **_more: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


def put_in(mails: Iterable[Mailed], news: News, now: datetime) -> None:
    """Put the news of these mails in once, whatever the number of roles that are mailed it."""
    for mail in mails:
        body = {
            "text": f"{mail.subject}: {mail.text}",
            "at": now.isoformat(),
            "new": news.new,
            "overdue": news.overdue,
            "not_reached": news.not_reached,
            "due_today": news.due_today,
        }
        Notice.objects.get_or_create(news=mail.news, defaults={"body": json.dumps(body), "due_at": timezone.now()})


def send(address: str) -> None:
    """Send what waits to ``address``; what cannot be sent is tried again, later each time, and never dropped."""
    for notice in Notice.objects.filter(sent_at=None, due_at__lte=timezone.now()):
        problem = _sent(address, notice.body)
        if problem:
            tries = notice.tries + 1
            again = timezone.now() + pause_after(tries)
            Notice.objects.filter(pk=notice.pk).update(tries=tries, problem=problem, due_at=again)
        else:
            Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), problem="")


def _sent(address: str, body: str) -> str:
    """Return why a message could not be sent; empty if it was."""
    request = urllib.request.Request(address, body.encode(), {"Content-Type": "application/json"}, method="POST")
    request.add_header("X-Auditbot-Signature", signature(body, int(time.time())))
    try:
        answer: HTTPResponse
        with _opener.open(request, timeout=SECONDS) as answer:
            return "" if answer.status < 300 else _("the webhook answers %(code)s", code=answer.status)
    except urllib.error.HTTPError as error:
        return _("the webhook answers %(code)s", code=error.code)
    except (OSError, HTTPException):
        return _("the webhook does not answer")


def signature(body: str, moment: int) -> str:
    """Return the signature of a message sent at ``moment``, in seconds since 1970."""
    key = webhook_secret().get_secret_value().encode()
    return f"t={moment},v1={hmac.new(key, f'{moment}.{body}'.encode(), hashlib.sha256).hexdigest()}"


def waiting() -> list[str]:
    """Return why messages could not be sent so far, each reason once."""
    return sorted(set(Notice.objects.filter(sent_at=None).exclude(problem="").values_list("problem", flat=True)))
