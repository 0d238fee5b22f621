"""What allauth is told of the school's own sign-in; read before Django is set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from auditbot.settings import SignOn

PROVIDER = "school"
"""The one provider's name in addresses."""


def sign_on_settings(sign_on: SignOn, secret: str) -> Mapping[str, Any]:
    """Return allauth's settings for the school's own sign-in; none of it counts while no issuer is set."""
    app = {
        "provider_id": PROVIDER,
        "name": sign_on.name,
        "client_id": sign_on.client_id,
        "secret": secret,
        "settings": {"server_url": sign_on.issuer, "oauth_pkce_enabled": True},
    }
    return {
        "SIGN_ON": sign_on.name if sign_on.issuer else "",
        "SIGN_ON_ISSUER": sign_on.issuer,
        "SOCIALACCOUNT_ADAPTER": "auditbot.review.integrations.sign_on.SchoolAccounts",
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": [app] if sign_on.issuer else []}},
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
        "SOCIALACCOUNT_LOGIN_ON_GET": False,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_REQUESTS_TIMEOUT": 10,
    }


def origin(issuer: str) -> str:
    """Return the issuer's scheme, host and port: a form of ours may lead there, and nowhere else."""
    parts = urlsplit(issuer)
    return f"{parts.scheme}://{parts.netloc}" if issuer else ""
