"""Tables of data/review.db: people with one role each, the slips they first sign in with, and who stands in for whom.

No pupil and no address of a post is ever in it; a task holds ids of findings.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from auditbot.sentences import say

ROLES = (
    ("lead", say("Designated safeguarding lead")),
    ("deputy", say("Deputy safeguarding lead")),
    ("head", say("Headteacher")),
    ("editor", say("Page editor")),
    ("data", say("Data manager")),
    ("it", say("IT technician")),
    ("governor", say("Safeguarding governor")),
)
LEADS = frozenset(("lead", "deputy"))
SEES_CHILDREN = LEADS | {"head", "data"}
"""Roles that are shown children by name: only a lead, or whoever is at the machine itself, gives them a way in."""
SLIP_HOURS = 72
"""How long a printed slip holds."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters of a slip's code: none that is taken for another."""
CODE_LENGTH = 12
"""12 of 32 letters are 60 bits: beyond guessing within the five tries that lock an address out."""


class Persons(BaseUserManager["Person"]):
    """Finds people by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person who signs in with this name, whatever its case."""
        return self.get(handle__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who may sign in. Made and locked by ``auditbot person`` or by a lead; nobody signs up."""

    handle: models.CharField[str, str] = models.CharField(max_length=60, unique=True)
    called: models.CharField[str, str] = models.CharField(max_length=80)
    role: models.CharField[str, str] = models.CharField(max_length=12, choices=ROLES)
    email: models.EmailField[str, str] = models.EmailField(blank=True, default="")
    accounts: models.JSONField[Any, Any] = models.JSONField(default=list)
    locked: models.BooleanField[bool, bool] = models.BooleanField(default=False)
    epoch: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    single_keys: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    last_looked: models.DateTimeField[Any, datetime | None] = models.DateTimeField(null=True, default=None)
    looked_before: models.DateTimeField[Any, datetime | None] = models.DateTimeField(null=True, default=None)

    objects: ClassVar[Persons] = Persons()
    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"

    class Meta:
        """Where the rows lie."""

        app_label = "people"

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the person may sign in, and stay signed in."""
        return not self.locked

    @property
    def is_lead(self) -> bool:
        """Whether the person decides on findings."""
        return self.role in LEADS

    @property
    def role_name(self) -> str:
        """The role in words."""
        return dict(ROLES)[self.role]

    def get_session_auth_hash(self) -> str:
        """Return what every session of this person holds: all end when the epoch or the password changes."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self) -> Any:
        """Yield the same with keys used before: none are."""
        yield from ()

    def _session_hash(self) -> str:
        return salted_hmac("auditbot.person", f"{self.epoch}:{self.password}", algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """Sign the person out on every device."""
        Person.objects.filter(pk=self.pk).update(epoch=models.F("epoch") + 1)
        self.refresh_from_db()


class Slip(models.Model):
    """A code on paper, or in the address that the browser is opened with: it signs one person in, once."""

    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, on_delete=models.CASCADE)
    expires_at: models.DateTimeField[Any, datetime] = models.DateTimeField()
    used_at: models.DateTimeField[Any, datetime | None] = models.DateTimeField(null=True, default=None)
    of_this_computer: models.BooleanField[bool, bool] = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Slip]] = models.Manager()

    class Meta:
        """Where the rows lie."""

        app_label = "people"


class Cover(models.Model):
    """Who stands in for whom, from one day to another, both included."""

    absent: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    stand_in: models.ForeignKey[Person, Person] = models.ForeignKey(Person, models.CASCADE, related_name="covers")
    first_day: models.DateField[Any, date] = models.DateField()
    last_day: models.DateField[Any, date] = models.DateField()

    objects: ClassVar[models.Manager[Cover]] = models.Manager()

    class Meta:
        """Where the rows lie."""

        app_label = "people"
        ordering = ("first_day", "pk")


class Task(models.Model):
    """What an editor was asked to take down: ids of findings, and an address that nobody can guess."""

    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    account: models.CharField[str, str] = models.CharField(max_length=80)
    findings: models.JSONField[Any, Any] = models.JSONField(default=list)
    batch: models.PositiveBigIntegerField[int, int] = models.PositiveBigIntegerField(db_index=True)
    asked_at: models.DateTimeField[Any, datetime] = models.DateTimeField()
    asked_by: models.CharField[str, str] = models.CharField(max_length=60)
    answered_at: models.DateTimeField[Any, datetime | None] = models.DateTimeField(null=True, default=None)
    looked: models.CharField[str, str] = models.CharField(max_length=12, blank=True, default="")

    objects: ClassVar[models.Manager[Task]] = models.Manager()

    class Meta:
        """Where the rows lie."""

        app_label = "people"
        ordering = ("-pk",)


class Letter(models.Model):
    """One mail of the outbox. It names no pupil, no post and no kind of finding."""

    person: models.ForeignKey[Person, Person] = models.ForeignKey(Person, on_delete=models.CASCADE)
    subject: models.CharField[str, str] = models.CharField(max_length=200)
    text: models.TextField[str, str] = models.TextField()
    news: models.CharField[str, str] = models.CharField(max_length=120, unique=True)
    batch: models.PositiveBigIntegerField[int, int] = models.PositiveBigIntegerField(default=0, db_index=True)
    due_at: models.DateTimeField[Any, datetime] = models.DateTimeField()
    sent_at: models.DateTimeField[Any, datetime | None] = models.DateTimeField(null=True, default=None)
    tries: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    problem: models.CharField[str, str] = models.CharField(max_length=200, blank=True, default="")

    objects: ClassVar[models.Manager[Letter]] = models.Manager()

    class Meta:
        """Where the rows lie."""

        app_label = "people"
        ordering = ("pk",)


class Checked(models.Model):
    """That a photo was asked about before it was posted: nothing of the picture, of who asked or of whom it shows."""

    digest: models.CharField[str, str] = models.CharField(max_length=64)
    channel: models.CharField[str, str] = models.CharField(max_length=20)
    day: models.DateField[Any, date] = models.DateField()
    answer: models.CharField[str, str] = models.CharField(max_length=12)

    objects: ClassVar[models.Manager[Checked]] = models.Manager()

    class Meta:
        """Where the rows lie."""

        app_label = "people"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("digest", "channel"), name="once_a_channel")
        ]


class Token(models.Model):
    """A key of another program of the school, for reading figures: only its digest is kept."""

    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    called: models.CharField[str, str] = models.CharField(max_length=60, unique=True)
    scopes: models.JSONField[Any, Any] = models.JSONField(default=list)
    made_by: models.CharField[str, str] = models.CharField(max_length=60)
    made_at: models.DateTimeField[Any, datetime] = models.DateTimeField()
    ends_at: models.DateTimeField[Any, datetime] = models.DateTimeField()
    used_at: models.DateTimeField[Any, datetime | None] = models.DateTimeField(null=True, default=None)

    objects: ClassVar[models.Manager[Token]] = models.Manager()

    class Meta:
        """Where the rows lie."""

        app_label = "people"
        ordering = ("called",)


class Notice(models.Model):
    """One message to the webhook. It holds numbers alone."""

    news: models.CharField[str, str] = models.CharField(max_length=120, unique=True)
    body: models.TextField[str, str] = models.TextField()
    due_at: models.DateTimeField[Any, datetime] = models.DateTimeField()
    sent_at: models.DateTimeField[Any, datetime | None] = models.DateTimeField(null=True, default=None)
    tries: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    problem: models.CharField[str, str] = models.CharField(max_length=200, blank=True, default="")

    objects: ClassVar[models.Manager[Notice]] = models.Manager()

    class Meta:
        """Where the rows lie."""

        app_label = "people"
        ordering = ("pk",)


def new_slip(person: Person, lasts: timedelta = timedelta(hours=SLIP_HOURS), *, of_this_computer: bool = False) -> str:
    """Return a code that signs this person in once; earlier codes of the person no longer do."""
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    Slip.objects.filter(person=person, used_at=None).delete()
    Slip.objects.create(
        digest=digest_of(code), person=person, expires_at=timezone.now() + lasts, of_this_computer=of_this_computer
    )
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def take_slip(code: str) -> Slip | None:
    """Return the slip with this code and mark it used, or None if there is none, or it is used or too old.

    Two that come at the same moment do not both get it.
    """
    now = timezone.now()
    fresh = Slip.objects.filter(digest=digest_of(code), used_at=None, expires_at__gt=now, person__locked=False)
    if not fresh.update(used_at=now):
        return None
    return Slip.objects.select_related("person").get(digest=digest_of(code))


def digest_of(code: str) -> str:
    """Return what is stored of a code: letters typed small, with blanks or without hyphens give the same."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"auditbot slip {plain}".encode()).hexdigest()
