"""reports/latest: where the newest report is always found.

A symbolic link where the system allows one. Where it does not (Windows without developer mode), a folder with a
report.html that leads on to the newest report: it copies no personal data, and one file is replaced in one step.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from auditbot.private_files import private_folder, write_private

_LEADS_ON = Markup(
    '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Newest report</title>'
    '<meta http-equiv="refresh" content="0; url={address}">'
    '<p><a href="{address}">Open the newest report</a></p></html>\n'
)


def point_latest_at(folder: Path, reports: Path) -> Path:
    """Make ``reports/latest`` lead to ``folder``, one of the folders in ``reports``; return the path of latest.

    Raises OSError if neither a link nor a file can be written.
    """
    latest = reports / "latest"
    target = os.path.relpath(folder, reports)
    if not _link(latest, target):
        if latest.is_symlink():
            latest.unlink()  # or the page would be written into the report it leads to
        private_folder(latest)
        address = quote(f"../{Path(target).as_posix()}/report.html")
        write_private(latest / "report.html", _LEADS_ON.format(address=address).encode("utf-8"))
    return latest


def _link(latest: Path, target: str) -> bool:
    """Put a link in the place of ``latest`` in one step; return False where that cannot be done."""
    fresh = latest.with_name(f".latest-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(target, target_is_directory=True)
    except OSError:
        return False
    try:
        _remove_if_it_only_leads_on(latest)
        _put(fresh, latest)
    except OSError:
        fresh.unlink(missing_ok=True)
        return False
    return True


def _put(fresh: Path, latest: Path) -> None:
    try:
        fresh.replace(latest)
    except PermissionError:
        # Windows does not put one link to a folder in the place of another.
        latest.unlink()
        fresh.rename(latest)


def _remove_if_it_only_leads_on(latest: Path) -> None:
    """Remove a folder made where links were not allowed; one that holds anything else is left as it is."""
    page = latest / "report.html"
    if latest.is_symlink() or not latest.is_dir() or [path.name for path in latest.iterdir()] != [page.name]:
        return
    if page.read_bytes().startswith(_LEADS_ON[:40].encode("utf-8")):
        page.unlink()
        latest.rmdir()
