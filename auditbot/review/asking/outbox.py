"""The outbox: mails are put in once, wait, are tried again after longer and longer pauses, and are never dropped."""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage

from django.db import DatabaseError, close_old_connections
from django.db.models import Max
from django.utils import timezone

from auditbot.decisions.decided import State
from auditbot.errors import AuditbotError
from auditbot.log import Event, log_event, log_fault
from auditbot.registers.secrets import mail_password
from auditbot.review.asking.due_mails import ON_CALL, Mailed, News, mails_due, pause_after
from auditbot.review.asking.requests import is_wanted
from auditbot.review.casebook.cases import decidable
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.integrations import webhook
from auditbot.review.people.kept_for import drop_old_rows
from auditbot.review.people.models import LEADS, Cover, Letter, Person, Task
from auditbot.sentences import _
from auditbot.settings import Mail

EVERY_SECONDS = 60.0
SMTP_SECONDS = 20.0
ACCEPTED_AGAIN = (421, 450, 451, 452)


def deliver(address: str) -> None:
    """Put in what is due now and send what waits; ``address`` is where the page is reached."""
    here = served_workspace()
    view, now = here.view(), here.now()
    counted = news(view, now)
    due = mails_due(counted, now, school_day())
    for mail in due:
        put_in(mail, now, address)
    if here.settings.review.webhook:
        webhook.put_in(due, counted, now)
        webhook.send(here.settings.review.webhook)
    drop_old_rows(timezone.now())
    if here.settings.mail.server:
        for letter in Letter.objects.filter(sent_at=None, due_at__lte=timezone.now()).select_related("person"):
            if _is_wanted(letter, view):
                _send(letter, here.settings.mail)


def _is_wanted(letter: Letter, view: View) -> bool:
    """Whether what a mail asks for is still to come down; a mail that asks for nothing always is."""
    asked = [task for task in Task.objects.filter(batch=letter.batch) if task.digest[:32] in letter.news]
    return not letter.batch or any(is_wanted(task, view) for task in asked)


def school_day() -> Callable[[date], bool]:
    """Return what tells school days from others, as the settings say."""
    return served_workspace().view().declared.school_days.is_school_day


def news(view: View, now: datetime) -> News:
    """Count what there is to tell."""
    waiting = [case for case in view.cases if decidable(case) and not case.backlog and case.standing.open]
    put_off = [case for case in view.tally.put_off if case.standing.state is State.WAITING and not case.backlog]
    undecided = {case.id: case for case in (*waiting, *put_off)}.values()  # the deadline of what waits goes on counting
    due = [facts.due for case in undecided for facts in case.facts if facts.due is not None and facts.due <= now.date()]
    newest = view.audit.started_at if view.audit else now
    last = Person.objects.filter(role__in=LEADS).aggregate(login=Max("last_login"), looked=Max("last_looked"))
    return News(
        new=sum(any(one.first_seen >= newest or one.state == "back" for one in case.tracked) for case in waiting),
        overdue=sum(
            case.standing.overdue and not case.backlog
            for case in view.cases
            if case.standing.state is not State.STAYS_UP
        ),
        not_reached=sum(entry.status in ("walled", "error") for entry in (view.audit.coverage if view.audit else ())),
        due_today=len(due),
        due_since=min(due, default=None),
        last_look=max((at for at in last.values() if at is not None), default=None),
        last_complete=view.visited[1] if view.visited else None,
        began=view.first_audit or now,
    )


def put_in(mail: Mailed, now: datetime, address: str) -> None:
    """Put a mail in for everybody of its role, or who stands in for them; what was put in before is not again."""
    roles = LEADS if mail.role == ON_CALL else (mail.role,)
    for person in Person.objects.filter(role__in=roles, locked=False):
        other = stand_in(person, now.date()) if mail.role in (*LEADS, ON_CALL) else person
        for receiver in {other} if mail.role == ON_CALL else {other, person}:
            if receiver.email:
                Letter.objects.get_or_create(
                    news=f"{mail.news} {receiver.pk}",
                    defaults={
                        "person": receiver,
                        "subject": mail.subject,
                        "text": f"{mail.text}\n\n{address}\n",
                        "due_at": timezone.now(),
                    },
                )


def stand_in(person: Person, day: date) -> Person:
    """Return who stands in for a person on this day, or the person."""
    found = Cover.objects.filter(absent=person, first_day__lte=day, last_day__gte=day, stand_in__locked=False)
    cover = found.select_related("stand_in").last()
    return cover.stand_in if cover else person


def _send(letter: Letter, mail: Mail) -> None:
    try:
        message = _message(letter, mail)
        with _connected(mail) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:  # a ValueError is of an address or a subject
        tries = letter.tries + 1
        again = timezone.now() + pause_after(tries)
        Letter.objects.filter(pk=letter.pk).update(tries=tries, problem=_problem(error), due_at=again)
        return
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), problem="", text="")


def _message(letter: Letter, mail: Mail) -> EmailMessage:
    """Raises ValueError for what can stand in no mail, such as a line's end in an address."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, letter.person.email, letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _connected(mail: Mail) -> smtplib.SMTP:
    host, _, port = mail.server.rpartition(":")
    if mail.security == "tls":
        made: smtplib.SMTP = smtplib.SMTP_SSL(
            host, int(port), timeout=SMTP_SECONDS, context=ssl.create_default_context()
        )
    else:
        made = smtplib.SMTP(host, int(port), timeout=SMTP_SECONDS)
    if mail.security == "starttls":
        made.starttls(context=ssl.create_default_context())
    if mail.user:
        made.login(mail.user, mail_password().get_secret_value())
    return made


def _problem(error: OSError | smtplib.SMTPException | ValueError) -> str:
    """Return what the mail server answered, or that there is no such address, without the address."""
    if isinstance(error, ValueError):
        return _("the e-mail address is none that a mail could be sent to")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _words in error.recipients.values()})
        later = all(code in ACCEPTED_AGAIN for code in codes)
        answer = ", ".join(map(str, codes))
        if later:
            return _("the mail server asks to try later (%(codes)s)", codes=answer)
        return _("the mail server refuses the address (%(codes)s)", codes=answer)
    if isinstance(error, smtplib.SMTPResponseException):
        return _("the mail server answers %(code)s", code=error.smtp_code)
    return _("the mail server does not answer") if isinstance(error, OSError) else _("the mail server breaks off")


def waiting_with_problem() -> list[Letter]:
    """Return the mails that could not be sent so far."""
    return list(Letter.objects.filter(sent_at=None).exclude(problem="").select_related("person"))


class MailSender(threading.Thread):
    """Looks every minute what is to be sent, until it is stopped."""

    def __init__(self, address: str) -> None:
        super().__init__(name="mail sender", daemon=True)
        self._address = address
        self._stopped = threading.Event()

    def run(self) -> None:
        """Deliver, wait, and deliver again."""
        while not self._stopped.wait(EVERY_SECONDS):
            close_old_connections()
            try:
                deliver(self._address)
            except (AuditbotError, DatabaseError, OSError) as error:
                # Tried again in a minute; what cannot be read meanwhile is said on the pages themselves.
                log_event(Event.MAIL_WAITS, error=type(error).__name__)
            except Exception as error:  # noqa: BLE001  without this thread nobody is told anything any more
                log_fault("mail sender", error)

    def stop(self) -> None:
        """End after what is being sent just now."""
        self._stopped.set()
