"""The watched folder: the newest export in it is imported before an audit, if it has not been yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from auditbot.errors import ImportRefused, RegisterError
from auditbot.registers.mis_import.run import imported_already, prepare, write
from auditbot.settings import Consent, Workspace

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls")


def import_newest(workspace: Workspace, settings: Consent, now: datetime) -> tuple[str, ...]:
    """Import the newest export of the watched folder. Return why that could not be done, or what of it was not used.

    A refused import changes nothing: the register stands as it was, and every report says so until one succeeds.
    """
    if not settings.watch_folder:
        return ()
    folder = workspace.folder / settings.watch_folder
    try:
        newest = _newest_of(folder)
        if newest is None or imported_already(workspace, newest):
            return ()
        prepared = prepare(workspace, newest, now, settings.system or None, settings.headings)
        write(workspace, prepared, now)
    except OSError as error:
        return (f"The folder of exports, {folder}, cannot be read ({error.strerror}), so no consent was imported.",)
    except (ImportRefused, RegisterError) as error:
        reasons = "; ".join(line.strip().removeprefix("- ") for line in str(error).splitlines()[1:4])
        return (
            "The newest export of consent was not imported, so the register may be out of date: "
            f"{reasons.rstrip('.')}. Look at it with: auditbot import-consent",
        )
    if prepared.export.not_read:
        listed = " ".join(prepared.export.not_read)
        return (f"Consent was imported from {newest.name}. What of that file was passed by: {listed}",)
    return ()


def _newest_of(folder: Path) -> Path | None:
    """Return the newest export of a folder, or None. Raises OSError if it cannot be read."""
    files = [path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.name[0] not in ".~"]
    return max(files, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)
