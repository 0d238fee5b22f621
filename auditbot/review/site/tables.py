"""Bringing the tables of data/review.db up to date: all that is missing is made, or nothing is."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from auditbot.errors import AuditbotError, ReviewDamaged, StoreDamaged, StoreTooNew
from auditbot.machine.refusals import database_refusal

_OURS = "people"


def bring_up_to_date(path: Path) -> None:
    """Apply every migration that is missing, in one transaction.

    Raises StoreTooNew if a later version wrote the file, ReviewDamaged if it is none of ours, and what the machine
    refuses.

    Django makes the tables of a migration in one transaction and records it in another: a process that is killed in
    between leaves tables that are made once more at the next start, and never can be.
    """
    try:
        _bring_up_to_date(path)
    except DatabaseError as error:
        if refused := _refusal(path, error):
            raise refused from error
        raise


def _refusal(path: Path, error: DatabaseError) -> AuditbotError | None:
    refused = database_refusal(path, getattr(error.__cause__, "sqlite_errorcode", 0))
    return ReviewDamaged(path) if isinstance(refused, StoreDamaged) else refused


def _bring_up_to_date(path: Path) -> None:
    loader = MigrationExecutor(connection).loader
    if not loader.applied_migrations and connection.introspection.table_names():
        raise ReviewDamaged(path)
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
