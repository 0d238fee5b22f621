"""Setting Django up for one workspace, once a process, and bringing data/review.db up to date."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings as django_conf

from auditbot.registers.secrets import find_key, sign_on_secret
from auditbot.review.casebook import served_workspace
from auditbot.review.site.site_settings import django_settings
from auditbot.safe_files import private_folder
from auditbot.settings import Workspace, load_settings


def set_up(
    workspace: Workspace,
    *,
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost"),
    origins: tuple[str, ...] = (),
    secure: bool = False,
    proxy: str = "",
) -> None:
    """Make Django ready for this workspace and bring its tables up to date; a process serves one workspace.

    ``hosts`` are the names the page answers to; ``secure`` is False on this computer's loopback alone; ``proxy`` is the
    address of the school's own web server that the page stands behind, if it does.
    """
    settings = load_settings(workspace)
    data = private_folder(workspace.data)
    seal = find_key(make=True)
    made = django_settings(
        data,
        seal,
        hosts=hosts,
        origins=origins,
        secure=secure,
        school=settings.school.name,
        zone=settings.school.timezone,
        sign_on=settings.sign_on,
        sign_on_secret=sign_on_secret().get_secret_value() if settings.sign_on.issuer else "",
    )
    if not django_conf.configured:
        told = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")} if proxy else {}
        django_conf.configure(**made, **told, TRUSTED_PROXY=proxy)
        django.setup()
        django_conf.FILE_UPLOAD_TEMP_DIR = str(_place_of_uploads(data))
        _listen()
    os.close(os.open(data / "review.db", os.O_RDWR | os.O_CREAT, 0o600))
    _bring_up_to_date(data / "review.db")
    served_workspace.serve_workspace(workspace, settings)


def _place_of_uploads(data: Path) -> Path:
    from auditbot.review.before.uploads import prepare  # noqa: PLC0415  needs the settings

    place = prepare(data)
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def _bring_up_to_date(path: Path) -> None:
    from auditbot.review.site.tables import bring_up_to_date  # noqa: PLC0415  needs the settings

    bring_up_to_date(path)


def _listen() -> None:
    from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415  needs the settings

    from auditbot.review.pages.sign_in_page import signed_in  # noqa: PLC0415  needs the settings

    user_logged_in.connect(signed_in, dispatch_uid="auditbot.review")


def application() -> Callable[..., Any]:
    """Return the site as a WSGI application."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415  needs the settings

    made: Callable[..., Any] = get_wsgi_application()
    return made
