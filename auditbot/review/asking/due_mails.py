"""Which mails are due: one function over counts, people and the clock. No mail names a pupil, a post or a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from auditbot.sentences import _, _n

DAILY = time(8, 0)
REMINDER = time(13, 0)
HEADTEACHER = time(9, 0)
ON_CALL = "on call"
"""Stands for a role: who stands in for a lead on this day or, if nobody was named, the leads themselves."""
SILENT_SCHOOL_DAYS = 3
"""School days without anybody signed in, after which the Headteacher and IT are told."""
SILENT_NIGHTS = timedelta(hours=50)
"""Two nights without an audit, and two hours for the second to end."""


LONGEST_PAUSE = timedelta(hours=2)


def pause_after(tries: int) -> timedelta:
    """How long a message that could not be sent so often waits: two minutes, then twice as long each time."""
    return min(timedelta(minutes=2 ** min(tries, 10)), LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell, in numbers."""

    new: int
    """Cases that need a decision and were found by the newest audit."""
    overdue: int
    """Cases whose day has passed."""
    not_reached: int
    """Sources that the newest audit did not reach."""
    due_today: int
    """Cases of today, or of days before, that nobody decided."""
    due_since: date | None
    """The day on which the oldest of them should have been decided; None if there is none."""
    last_look: datetime | None
    """When a lead last signed in or looked; None for never."""
    last_complete: datetime | None
    """When an audit last ran to its end; None for never."""
    began: datetime
    """When the first audit began: nobody is told of silence before."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """One mail that is due."""

    role: str
    """Whom it goes to: everybody of this role."""
    news: str
    """What it tells, as a name: the same news is never mailed twice to the same person."""
    subject: str
    """Its subject."""
    text: str
    """Its words, without the link."""


def mails_due(news: News, now: datetime, school_day: Callable[[date], bool]) -> tuple[Mailed, ...]:
    """Return the mails that should have gone out by ``now`` (with a zone) on this day, whether they did or not."""
    today = now.date()
    if not school_day(today):
        return tuple(_on_call(news, now))
    return (*_daily(news, now), *_reminders(news, now, school_day), *_silence(news, now, school_day))


def _daily(news: News, now: datetime) -> Iterator[Mailed]:
    something = news.new or news.overdue or news.not_reached
    if now.time() < DAILY or not (something or now.weekday() == 0):
        return
    told = _counted(((news.new, _("new")), (news.overdue, _("overdue"))))
    if news.not_reached:
        told.append(_n("%(count)s source not reached", "%(count)s sources not reached", news.not_reached))
    words = ", ".join(told) if told else _("Nothing needs you today")
    for role in ("lead", "deputy"):
        yield Mailed(role, f"daily {now.date()}", _("Social media audit: today"), f"{words}.")


def _on_call(news: News, now: datetime) -> Iterator[Mailed]:
    """Yield the one mail of a weekday in the holidays: what is for today cannot wait for the term to begin."""
    if now.weekday() < 5 and now.time() >= DAILY and news.new and news.due_today:
        words = _counted(((news.new, _("new")),))
        yield Mailed(ON_CALL, f"on call {now.date()}", _("Social media audit: today"), f"{words[0]}.")


def _reminders(news: News, now: datetime, school_day: Callable[[date], bool]) -> Iterator[Mailed]:
    if news.due_since is None or not news.due_today:
        return
    late = school_days_between(news.due_since, now.date(), school_day)
    waits = _n(
        "%(count)s matter of today still needs a decision.",
        "%(count)s matters of today still need a decision.",
        news.due_today,
    )
    if late >= 0 and now.time() >= REMINDER:
        for role in ("lead", "deputy"):
            yield Mailed(role, f"reminder {now.date()}", _("Social media audit: a decision is needed today"), waits)
    if late >= 1 and now.time() >= HEADTEACHER:
        words = _n(
            "%(count)s matter has waited for a decision since %(day)s.",
            "%(count)s matters have waited for a decision since %(day)s.",
            news.due_today,
            day=news.due_since,
        )
        yield Mailed("head", f"head {news.due_since}", _("Social media audit: decisions are waiting"), words)
    if late >= 2 and now.time() >= HEADTEACHER:
        words = _("Decisions that are overdue: %(count)s.", count=news.due_today)
        yield Mailed("governor", f"governor {news.due_since}", _("Social media audit: decisions are overdue"), words)


def _silence(news: News, now: datetime, school_day: Callable[[date], bool]) -> Iterator[Mailed]:
    if now.time() < HEADTEACHER:
        return
    looked = (news.last_look or news.began).astimezone(now.tzinfo).date()
    if school_days_between(looked, now.date(), school_day) > SILENT_SCHOOL_DAYS:
        words = _("No safeguarding lead has signed in since %(day)s.", day=looked)
        for role in ("head", "it"):
            yield Mailed(role, f"nobody looked since {looked}", _("Social media audit: nobody has looked"), words)
    last = (news.last_complete or news.began).astimezone(now.tzinfo)
    if now - last > SILENT_NIGHTS:
        words = _("No audit has run to its end since %(day)s.", day=last.date())
        for role in ("head", "it"):
            yield Mailed(role, f"no audit since {last.date()}", _("Social media audit: the audit does not run"), words)


def _counted(parts: Iterable[tuple[int, str]]) -> list[str]:
    return [f"{count} {words}" for count, words in parts if count]


def school_days_between(first: date, last: date, school_day: Callable[[date], bool]) -> int:
    """Return how many school days lie after ``first``, up to and with ``last``; -1 if ``last`` is before it."""
    if last < first:
        return -1
    days = (first + timedelta(days=more) for more in range(1, min((last - first).days, 400) + 1))
    return sum(1 for day in days if school_day(day))
