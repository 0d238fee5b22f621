"""``auditbot doctor --integrity``: whether what is kept still is what was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from auditbot.decisions.ledger import FILE_NAME
from auditbot.doctor.checkup import check_decisions
from auditbot.doctor.line import Check
from auditbot.errors import AuditbotError
from auditbot.evidence.screenshots import MANIFEST
from auditbot.examine.faces.templates import FILE_NAME as TEMPLATES
from auditbot.examine.faces.templates import load_templates
from auditbot.registers.secrets import find_key
from auditbot.safe_files import is_intact
from auditbot.sentences import _, _n, say
from auditbot.settings import Workspace
from auditbot.store.copies import is_whole

DATABASE = "auditbot.db"
_BRING_BACK = say("Bring it back from a backup: auditbot restore")


def check_integrity(workspace: Workspace) -> Iterator[Check]:
    """Yield a line for each kind of thing kept: databases, decisions, evidence, reports, face templates."""
    for path in sorted(workspace.data.glob("*.db")):
        if path.stat().st_size and not is_whole(path):
            yield Check(
                _("Database"), "missing", _("%(path)s is damaged. %(bring_back)s", path=path, bring_back=_BRING_BACK)
            )
        else:
            yield Check(_("Database"), "good", _("%(name)s is whole.", name=path.name))
    if not (workspace.data / DATABASE).is_file():
        yield Check(_("Database"), "note", _("There is none yet. Run an audit: auditbot audit"))
    if (workspace.data / FILE_NAME).is_file():
        yield check_decisions(workspace)
    yield _kept_photos(workspace.data / "evidence")
    yield from _reports(workspace.reports)
    yield from _templates(workspace)


def _kept_photos(folder: Path) -> Check:
    """Each photo kept as evidence is named by the hash of its content."""
    files = [path for path in sorted(folder.iterdir()) if path.is_file()] if folder.is_dir() else []
    damaged = [path.name for path in files if not is_intact(path, path.name)]
    if not damaged:
        return Check(
            _("Evidence"),
            "good",
            _n("%(count)s photo kept, as it was found.", "%(count)s photos kept, each as it was found.", len(files)),
        )
    told = ", ".join(name[:12] for name in damaged[:5])
    return Check(
        _("Evidence"),
        "note",
        _(
            "%(count)s of %(all)s photos kept are damaged (%(told)s), and no report shows them. Bring "
            "data/evidence back from a backup, or remove these files: the next audit takes again what still "
            "stands.",
            count=len(damaged),
            all=len(files),
            told=told,
        ),
    )


def _reports(folder: Path) -> Iterator[Check]:
    """Each report's manifest names the hash of each file of evidence beside it."""
    whole = 0
    for manifest in sorted(folder.glob(f"*/evidence/{MANIFEST}")):
        if manifest.parent.parent.is_symlink():
            continue
        try:
            named = dict(json.loads(manifest.read_text("ascii"))["files"])
        except (OSError, ValueError, LookupError, TypeError):
            yield Check(
                _("Report"),
                "note",
                _("%(manifest)s is damaged: its evidence proves nothing any more.", manifest=manifest),
            )
            continue
        wrong = [name for name, sha256 in named.items() if not is_intact(manifest.parent / name, str(sha256))]
        if wrong:
            yield Check(
                _("Report"),
                "note",
                _(
                    "%(path)s is missing or not what was written. %(bring_back)s",
                    path=manifest.parent / wrong[0],
                    bring_back=_BRING_BACK,
                ),
            )
        else:
            whole += 1
    yield Check(_("Reports"), "good", _("%(whole)s hold their evidence as it was written.", whole=whole))


def _templates(workspace: Workspace) -> Iterator[Check]:
    path = workspace.data / TEMPLATES
    if not path.is_file():
        return
    try:
        count = len(load_templates(path, find_key()))
    except AuditbotError as error:
        yield Check(_("Face templates"), "missing", str(error))
    else:
        yield Check(_("Face templates"), "good", _("%(count)s open with this computer's key.", count=count))
