"""Adding, locking and removing people, and keys of other programs: the same for ``auditbot person`` and the page."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from auditbot.decisions.proof import AUDIT
from auditbot.review.people.models import LEADS, ROLES, Person, Slip, Token

TOKEN_SCOPES = ("counts", "cases", "health")
"""What another program may be allowed to read: numbers, cases without names, whether the audit runs."""


MOST_LETTERS = 41
HANDLE = re.compile(r"[a-z][a-z0-9.-]{1,40}")
"""What somebody may sign in as: it stands in decisions for ever, so it holds no name of a person with blanks."""
_NO_HANDLE = (
    f"The name to sign in with is small letters, digits, dots and hyphens, beginning with a letter; “{AUDIT}” is taken."
)


def may_sign_in_as(handle: str) -> bool:
    """Whether somebody may have this name: in decisions it says who decided, so nobody is called like the audit."""
    return HANDLE.fullmatch(handle) is not None and handle != AUDIT


def add_person(handle: str, called: str, role: str, email: str = "", accounts: str = "") -> tuple[Person | None, str]:
    """Return the new person, or None and why there can be none. ``accounts`` are names with commas between."""
    if not may_sign_in_as(handle):
        return None, _NO_HANDLE
    if role not in dict(ROLES):
        return None, f"The role must be one of {', '.join(dict(ROLES))}."
    if Person.objects.filter(handle__iexact=handle).exists():
        return None, "Somebody signs in with this name already."
    if email and _is_no_address(email):
        return None, "The e-mail address is none that a mail could be sent to."
    person = Person(handle=handle, called=called, role=role, email=email, accounts=_names(accounts))
    person.set_unusable_password()
    person.save()
    return person, ""


def _is_no_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return True
    return False


def _names(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := " ".join(part.split()))]


def find_person(handle: str) -> Person | None:
    """Return the person who signs in with this name, or None."""
    return Person.objects.filter(handle__iexact=handle).first()


def is_only_lead(person: Person) -> bool:
    """Whether nobody else could decide if this person could not sign in."""
    others = Person.objects.filter(role__in=LEADS, locked=False).exclude(pk=person.pk)
    return person.role in LEADS and not person.locked and not others.exists()


def lock_person(person: Person) -> None:
    """Let a person in no more, and end their sessions at once; what they decided stays."""
    Slip.objects.filter(person=person, used_at=None).delete()
    Person.objects.filter(pk=person.pk).update(locked=True)
    person.end_sessions()


def unlock_person(person: Person) -> None:
    """Let a person in again, who signs in as before."""
    Person.objects.filter(pk=person.pk).update(locked=False)


def remove_person(person: Person) -> None:
    """Remove a person; in what they decided their sign-in name stays."""
    person.delete()


def start_afresh(person: Person) -> None:
    """Forget how a person signs in, so that a new slip lets them choose anew; their sessions end."""
    Authenticator.objects.filter(user_id=person.pk).delete()
    SocialAccount.objects.filter(user_id=person.pk).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    person.end_sessions()


def new_token(called: str, scopes: Sequence[str], made_by: str, lasts: timedelta) -> str:
    """Return a key that another program reads with; it is shown once, and an earlier one of this name ends."""
    text = f"auditbot_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    Token.objects.filter(called=called).delete()
    Token.objects.create(
        digest=token_digest(text),
        called=called,
        scopes=[scope for scope in TOKEN_SCOPES if scope in scopes],
        made_by=made_by,
        made_at=now,
        ends_at=now + lasts,
    )
    return text


def token_digest(text: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(f"auditbot key {text}".encode()).hexdigest()


def end_token(called: str) -> bool:
    """End a key; return whether there was one of this name."""
    return bool(Token.objects.filter(called=called).delete()[0])
