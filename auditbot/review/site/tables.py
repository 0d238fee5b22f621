"""Bringing the tables of data/review.db up to date: all that is missing is made, or nothing is."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from auditbot.errors import StoreTooNew

_OURS = "people"


def bring_up_to_date(path: Path) -> None:
    """Apply every migration that is missing, in one transaction. Raises StoreTooNew if a later version wrote the file.

    Django makes the tables of a migration in one transaction and records it in another: a process that is killed in
    between leaves tables that are made once more at the next start, and never can be.
    """
    loader = MigrationExecutor(connection).loader
    known = loader.disk_migrations.keys()
    if any(app == _OURS and (app, name) not in known for app, name in loader.applied_migrations):
        raise StoreTooNew(path)
    if known <= loader.applied_migrations.keys():
        return
    connection.disable_constraint_checking()  # which SQLite does not do within a transaction
    try:
        with transaction.atomic():
            call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.enable_constraint_checking()
