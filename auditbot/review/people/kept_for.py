"""How long rows of data/review.db are kept that nobody needs any more: what was sent, slips, tries to sign in."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt

from auditbot.review.people.models import Letter, Notice, Slip

SENT_FOR = timedelta(days=90)
"""How long it stays on record that something was mailed, so that the same news is not mailed twice."""
TRIES_FOR = timedelta(days=7)
"""How long tries to sign in that failed stay on record; the lock-out looks at minutes."""


def drop_old_rows(now: datetime) -> None:
    """Empty what was sent, and remove what is old; ``now`` has a zone."""
    Letter.objects.exclude(sent_at=None).exclude(text="").update(text="")
    Letter.objects.filter(sent_at__lt=now - SENT_FOR).delete()
    Notice.objects.filter(sent_at__lt=now - SENT_FOR).delete()
    Slip.objects.filter(expires_at__lt=now - SENT_FOR).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - TRIES_FOR).delete()
