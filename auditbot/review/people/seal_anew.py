"""The secrets of one-time codes, sealed anew when the key is changed."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken, MultiFernet

from auditbot.registers.secrets import find_key
from auditbot.review.site.app import set_up
from auditbot.settings import Workspace


def codes_of(workspace: Workspace) -> int:
    """Seal every secret of a workspace's page with the newest key, all in one step; return how many there are.

    A secret that no key opens stays as it is: its person needs a new slip either way.
    """
    set_up(workspace)
    from allauth.mfa.models import Authenticator  # noqa: PLC0415  needs Django's settings
    from django.db import transaction  # noqa: PLC0415  needs Django's settings

    key, sealed = find_key(), 0
    with transaction.atomic():
        for way in Authenticator.objects.all():
            way.data = {name: _anew(value, key) for name, value in way.data.items()}
            way.save(update_fields=["data"])
            sealed += way.type != Authenticator.Type.WEBAUTHN
    return sealed


def _anew(value: Any, key: MultiFernet) -> Any:
    if isinstance(value, list):
        return [_anew(one, key) for one in value]
    if not isinstance(value, str):
        return value
    try:
        return key.rotate(value.encode()).decode("ascii")
    except (InvalidToken, UnicodeEncodeError):
        return value
