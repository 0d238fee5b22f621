"""Django's settings for one workspace: closed sign-up, sealed secrets, cookies for HTTPS alone, no inline script."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from auditbot.review.integrations.sign_on_settings import origin, sign_on_settings
from auditbot.sentences import language
from auditbot.settings import SignOn

HERE = Path(__file__).parent.parent
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 10 * 60 * 60
TRIES = 5
LOCKED_MINUTES = 15

APPS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "auditbot.review.people.apps.People",
)
MIDDLEWARE = (
    "auditbot.review.site.middleware.PrivateNetworkOnly",
    "django.middleware.security.SecurityMiddleware",
    "auditbot.review.site.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "auditbot.review.site.middleware.Sessions",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
)
"""What a request passes, outermost first."""


def policy(sign_on: str) -> str:
    """Return the content security policy of every answer: nothing inline, nothing from elsewhere.

    data: are the picture of the code that an authenticator app reads, and photos that are answered and not kept.
    ``sign_on`` is where the school's own sign-in lies: a browser follows a form's redirect only to what is named.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self'{f' {sign_on}' if sign_on else ''}; base-uri 'none'; frame-ancestors 'none'"
    )


def secret_from(seal: Fernet | MultiFernet) -> str:
    """Return the key that cookies are signed with, derived from the workspace's own; it is stored nowhere."""
    first = seal._fernets[0] if isinstance(seal, MultiFernet) else seal
    key: bytes = first._signing_key + first._encryption_key
    return HKDF(SHA256(), 48, None, b"auditbot review cookies").derive(key).hex()


def django_settings(
    data: Path,
    seal: Fernet | MultiFernet,
    *,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    secure: bool,
    school: str,
    zone: str,
    sign_on: SignOn,
    sign_on_secret: str = "",
) -> Mapping[str, Any]:
    """Return all settings. ``data`` is the folder of review.db; ``secure`` is False on this computer's loopback alone.

    ``hosts`` are the names the page answers to, ``origins`` those with scheme and port that its forms come from.
    """
    return {
        "DEBUG": False,
        "SECRET_KEY": secret_from(seal),
        "SEAL": seal,
        "SCHOOL": school,
        "ALLOWED_HOSTS": list(hosts),
        "CSRF_TRUSTED_ORIGINS": list(origins),
        "ROOT_URLCONF": "auditbot.review.site.routes",
        "WSGI_APPLICATION": None,
        "INSTALLED_APPS": list(APPS),
        "MIDDLEWARE": list(MIDDLEWARE),
        "DATABASES": {"default": _database(data / "review.db")},
        "TEMPLATES": _templates(),
        "FORM_RENDERER": "django.forms.renderers.DjangoTemplates",
        "USE_TZ": True,
        "TIME_ZONE": zone,
        "LANGUAGE_CODE": language().lower(),
        "USE_I18N": True,
        "LOGGING_CONFIG": None,
        **_signing_in(),
        **_accounts(),
        **_cookies(secure),
        **sign_on_settings(sign_on, sign_on_secret),
        "CONTENT_POLICY": policy(origin(sign_on.issuer)),
    }


def _database(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;",
        },
    }


def _templates() -> list[dict[str, Any]]:
    return [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [str(HERE / "templates")],
            "APP_DIRS": False,
            "OPTIONS": {
                "environment": "auditbot.review.site.rendering.environment",
                "context_processors": ["auditbot.review.site.rendering.always"],
            },
        }
    ]


def _signing_in() -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "people.Person",
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "auditbot.review.site.sign_in.SlipBackend",
            "allauth.account.auth_backends.AuthenticationBackend",
        ],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
            for name, options in (
                ("MinimumLengthValidator", {"min_length": 12}),
                ("CommonPasswordValidator", {}),
                ("NumericPasswordValidator", {}),
                ("UserAttributeSimilarityValidator", {"user_attributes": ("handle", "called", "email")}),
            )
        ],
        "AXES_FAILURE_LIMIT": TRIES,
        "AXES_COOLOFF_TIME": LOCKED_MINUTES / 60,
        "AXES_LOCKOUT_PARAMETERS": ["ip_address"],
        "AXES_LOCKOUT_CALLABLE": "auditbot.review.site.middleware.locked_out",
        "AXES_USERNAME_FORM_FIELD": "login",
        "AXES_RESET_ON_SUCCESS": True,
        "AXES_VERBOSE": False,
        "AXES_DISABLE_ACCESS_LOG": True,
        "AXES_CLIENT_IP_CALLABLE": "auditbot.review.site.middleware.address_of",
        "AXES_SENSITIVE_PARAMETERS": ["username", "ip_address", "login", "code", "password", "slip"],
    }


def _accounts() -> dict[str, Any]:
    return {
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "ACCOUNT_ADAPTER": "auditbot.review.site.sign_in.AccountRules",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_NOTIFICATIONS": False,
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": "handle",
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_ON_GET": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "/sign-in",
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 600,
        # Lock-out is django-axes' part: it counts slips and passwords together, and survives a restart.
        "ACCOUNT_RATE_LIMITS": {"login_failed": "30/m/ip"},
        "MFA_ADAPTER": "auditbot.review.site.sign_in.CodeRules",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_PASSKEY_SIGNUP_ENABLED": False,
    }


def _cookies(secure: bool) -> dict[str, Any]:
    prefix = "__Host-" if secure else ""
    return {
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_AGE": LONGEST_SECONDS,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_SAVE_EVERY_REQUEST": False,
        "CSRF_COOKIE_NAME": f"{prefix}csrf",
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_FAILURE_VIEW": "auditbot.review.site.middleware.forged",
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_HSTS_SECONDS": 31_536_000 if secure else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": secure,
        "SECURE_HSTS_PRELOAD": secure,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 2_500_000,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 200,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 30,
        "FILE_UPLOAD_HANDLERS": ["auditbot.review.before.uploads.DraftUpload"],
        "FILE_UPLOAD_PERMISSIONS": 0o600,
    }
