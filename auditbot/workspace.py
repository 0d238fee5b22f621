"""Making a workspace: an empty one for a real school, or a copy of the demo school's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import urlsplit

from auditbot.errors import DemoMissing, NotAnAddress, WorkspaceExists
from auditbot.registers import consent, people
from auditbot.registers.accounts import CHANNELS, is_site_address
from auditbot.registers.services import SERVICES
from auditbot.safe_files import private_folder
from auditbot.settings import Report, Workspace, all_options


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """An account as ``init`` enters it."""

    name: str
    """Its short name."""
    kind: str
    """What reads it."""
    url: str
    """Its address; https:// is added if it lacks."""


def first_account(url: str) -> FirstAccount:
    """Return the entry for an address: a known service by its host, everything else a website."""
    address = _with_scheme(url)
    host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    kind = next((service.kind for service in SERVICES if service.kind and service.at(host)), "website")
    return FirstAccount(host.replace(".", "-") if kind == "website" else kind, kind, address)


def make_workspace(
    folder: Path, school: str, website: str, *, domains: Sequence[str] = (), more: Sequence[str] = ()
) -> Workspace:
    """Make an empty workspace: commented settings, registers with their headings, papers for the impact assessment.

    ``domains`` are the school's own beside the website's, also as addresses; ``more`` are addresses of further
    accounts. Raises WorkspaceExists if the folder holds anything, NotAnAddress.
    """
    for url in (website, *domains, *more):
        if not is_site_address(_with_scheme(url)):
            raise NotAnAddress(url)
    site = replace(first_account(website), name="website", kind="website")
    workspace = _empty(folder)
    photos = workspace.consent / "photos"
    for part in (folder, workspace.config, workspace.consent, photos, workspace.reports, workspace.data):
        private_folder(part)
    own = [domain for domain in map(_domain, (site.url, *domains)) if domain]
    given = {"school.name": school, "school.domains": list(dict.fromkeys(own))}
    _write(workspace.config / "auditbot.toml", settings_text(given))
    _write(workspace.config / "accounts.toml", accounts_text([site, *_named_apart(more)]))
    _write(workspace.config / "policy.toml", (files("auditbot.registers") / "policy.toml").read_text("utf-8"))
    for name, place in WORKSPACE_FILES.items():
        text = (files("auditbot") / "workspace_files" / name).read_text("utf-8")
        text = text.replace("{school}", school).replace("{evidence_days}", str(Report().evidence_days))
        _write(folder / place / name, text)
    _write(workspace.config / "allowed_phrases.toml", ALLOWED_PHRASES)
    _write(workspace.consent / "pupils.csv", ",".join(people.COLUMNS) + "\n")
    _write(workspace.consent / "consent_history.csv", ",".join(consent.COLUMNS) + "\n")
    _write(workspace.consent / "staff.csv", ",".join(people.STAFF_COLUMNS) + "\n")
    return workspace


def _domain(text: str) -> str:
    """Return the domain of what somebody typed as one: "school.example", or the address of a page there."""
    return (urlsplit(_with_scheme(text)).hostname or "").removeprefix("www.")


WORKSPACE_FILES = {"declarations.toml": "config", "dpia_outline.md": "", "privacy_notice.md": "", "checklist.md": ""}
"""Files that ``init`` copies, and into which folder of the workspace."""


def _named_apart(urls: Sequence[str]) -> Iterator[FirstAccount]:
    taken = {"website"}
    for url in urls:
        account, number = first_account(url), 2
        while account.name in taken:
            account = replace(account, name=f"{first_account(url).name}-{number}")
            number += 1
        taken.add(account.name)
        yield account


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


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _empty(folder: Path) -> Workspace:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceExists(folder)
    return Workspace(folder)


def settings_text(given: Mapping[str, object]) -> str:
    """Return config/auditbot.toml with every option, its sentence, and its default or the value given here.

    ``given`` maps "section.option" to a value.
    """
    lines = ["# Settings of auditbot. Every option is listed; a line that starts with # shows its default."]
    for section, options in all_options().items():
        lines += ["", f"[{section}]"]
        for option in options:
            value = given.get(f"{section}.{option.name}")
            comment = "" if value is not None else "# "
            lines += [
                f"# {option.doc}",
                f"{comment}{option.name} = {_toml(option.default if value is None else value)}",
            ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """Write a text, number or list as TOML (JSON's form is TOML's for these), and a missing date as an example."""
    if value is None:
        return "2026-09-01"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def accounts_text(accounts: Sequence[FirstAccount]) -> str:
    """Return config/accounts.toml with these accounts, each with empty lines for what the policy asks of it."""
    heading = (
        "# Every account in the school's name, once the Headteacher has approved it. What is empty becomes a finding.\n"
    )
    return heading + "".join(_entry(account) for account in accounts)


def _entry(account: FirstAccount) -> str:
    return f"""
[[account]]
name = {_toml(account.name)}
# What reads it: website, youtube, bluesky, mastodon, facebook, instagram, threads or x. The last four need the
# account's own token: auditbot token set {account.name}
kind = {_toml(account.kind)}
url = {_toml(account.url)}
# Which permission photos need there: website, social_media, newsletter, prospectus_display, press or video.
channel = {_toml(CHANNELS.get(account.kind, "website"))}
purpose = ""
year_groups = []
# A role or a name from consent/staff.csv.
owner = ""
administrator_email = ""
approved_by = ""
# approved_on = 2026-09-01
# The name of its form in config/risk_assessments: auditbot risk-assessment new {account.name}
risk_assessment = ""
# password_changed_on = 2026-09-01
# password_meets_rule = true
"""


ALLOWED_PHRASES = """\
# Phrases that you have looked at and allow, so that no audit shows them again. Each allows exactly its own words, until
# the end of the day given. `clause` is optional: without it, the phrase is allowed under every clause about words.

# [[phrase]]
# text = "Brown’s Bakery"
# clause = "C12"
# reason = "The shop on the corner, not the family."
# until = 2027-07-31
"""


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
