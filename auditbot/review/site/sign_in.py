"""Signing in: by a slip's code once, then by passkey or by password and code; and what allauth is told of our rules."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from auditbot.review.people.models import Person, take_slip

STEP_UP_SECONDS = 600
"""How long after a sign-in what is shown to nobody by chance may be asked for."""


class SlipBackend(ModelBackend):
    """Knows a person by the code of a slip. Failures count towards the lock-out like wrong passwords."""

    def authenticate(self, request: HttpRequest | None, slip: str | None = None, **_: Any) -> Person | None:  # type: ignore[override]
        """Return the slip's person, or None; the slip is used by it."""
        if not slip:
            return None
        taken = take_slip(slip)
        if taken is None:
            return None
        if request is not None:
            request.slip = taken  # type: ignore[attr-defined]
        return taken.person


class AccountRules(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth may do with accounts here: let people in, and nothing else."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing: our pages tell what happened themselves."""

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """Send nothing: all mail goes by our own outbox."""

    def is_reauthentication_required(self, *, app: str = "") -> bool:
        """Ask again before a way to sign in is added, unless there is none yet to ask by."""
        from allauth.core import context  # noqa: PLC0415  the request it is asked for

        return has_way_in(context.request.user)


class CodeRules(DefaultMFAAdapter):  # type: ignore[misc]
    """How secrets of one-time codes are kept: sealed with a key that does not lie in the workspace."""

    def encrypt(self, text: str) -> str:
        """Return the secret, sealed."""
        return str(settings.SEAL.encrypt(text.encode()).decode("ascii"))

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret, opened."""
        return str(settings.SEAL.decrypt(encrypted_text.encode()).decode())

    def get_totp_issuer(self) -> str:
        """Return what the entry is called in the person's app."""
        return "Social media audit"


def has_way_in(person: Any) -> bool:
    """Whether the person has a passkey, a password with one-time codes, or an account of the school that is linked."""
    if not person.is_authenticated:
        return False
    return Authenticator.objects.filter(user_id=person.pk).exists() or is_linked(person)


def is_linked(person: Any) -> bool:
    """Whether the person signs in with the school's own account, and such accounts are switched on."""
    return bool(settings.SIGN_ON) and SocialAccount.objects.filter(user_id=person.pk).exists()
