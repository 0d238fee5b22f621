"""Making a workspace: an empty one for a real school, or a copy of the demo school's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

from auditbot.errors import DemoMissing, WorkspaceExists
from auditbot.private_files import private_folder
from auditbot.registers import consent, pupils, staff
from auditbot.settings import Workspace, all_options


def make_workspace(folder: Path, school: str, website: str) -> Workspace:
    """Make an empty workspace with commented settings and registers that hold only their headings.

    Raises WorkspaceExists if the folder holds anything.
    """
    workspace = _empty(folder)
    photos = workspace.consent / "photos"
    for part in (folder, workspace.config, workspace.consent, photos, workspace.reports, workspace.data):
        private_folder(part)
    _write(workspace.config / "auditbot.toml", settings_text({"school.name": school}))
    _write(workspace.config / "accounts.toml", accounts_text(website))
    _write(workspace.config / "policy.toml", (files("auditbot.registers") / "policy.toml").read_text("utf-8"))
    _write(workspace.consent / "pupils.csv", ",".join(pupils.COLUMNS) + "\n")
    _write(workspace.consent / "consent_history.csv", ",".join(consent.COLUMNS) + "\n")
    _write(workspace.consent / "staff.csv", ",".join(staff.COLUMNS) + "\n")
    return workspace


def make_demo_workspace(folder: Path) -> Workspace:
    """Copy the demo school's workspace. Raises WorkspaceExists if the folder holds anything."""
    workspace = _empty(folder)
    with as_file(files("auditbot.demo")) as package:
        inside = package / "workspace"
        source = inside if inside.is_dir() else package.parent.parent
        if not (source / "consent" / "pupils.csv").is_file():
            raise DemoMissing
        private_folder(folder)
        for part in ("config", "consent"):
            shutil.copytree(source / part, folder / part)
    return workspace


def _empty(folder: Path) -> Workspace:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceExists(folder)
    return Workspace(folder)


def settings_text(given: Mapping[str, str]) -> str:
    """Return config/auditbot.toml with every option, its sentence, and its default or the value given here.

    ``given`` maps "section.option" to a text value.
    """
    lines = ["# Settings of auditbot. Every option is listed; a line that starts with # shows its default."]
    for section, options in all_options().items():
        lines += ["", f"[{section}]"]
        for option in options:
            value = given.get(f"{section}.{option.name}")
            comment = "" if value is not None else "# "
            lines += [f"# {option.doc}", f"{comment}{option.name} = {_toml(value or option.default)}"]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """Write a text, number or list as TOML (JSON's form is TOML's for these), and a missing date as an example."""
    if value is None:
        return "2026-09-01"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def accounts_text(website: str) -> str:
    """Return config/accounts.toml with the school's website as its first account; https:// is added if it lacks."""
    address = website if "://" in website else f"https://{website}"
    return f"""\
# Every account in the school's name: its website, and each social media account once the Headteacher has approved it.

[[account]]
name = "website"
kind = "website"
url = {_toml(address)}
# Which permission photos need there: website, social_media, newsletter, prospectus_display, press or video.
channel = "website"
purpose = ""
owner = ""
administrator_email = ""
approved_by = ""
# approved_on = 2026-09-01
risk_assessment = ""
# password_changed_on = 2026-09-01
# password_meets_rule = true
"""


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
