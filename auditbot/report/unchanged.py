"""A night that changed nothing: the pages of the report before lead on to the newer one that says the same.

Its report.json, findings.csv and evidence stay; what would be there twice are pages with all pictures in them. What was
new in the earlier night and still stands is open in the newer one: that alone is no change, and findings.csv tells it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from auditbot.safe_files import write_private
from auditbot.sentences import _, language

_SETTLED, _NEWS = "open", "new"
_PARTS = {"audit", "findings", "coverage", "not_checked"}
_PAGES = ("report.html", "meeting.html")
_LEADS_ON = Markup(
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<p>{said} <a href="{address}">{link}</a></p></html>\n'
)


def lead_on_if_unchanged(earlier: Path, newest: Path, decided: Iterable[datetime]) -> bool:
    """Let the pages of ``earlier`` lead to ``newest`` if both folders' reports say the same; return whether they do.

    ``decided`` are the moments of all decisions: one since the earlier audit began makes a difference.
    """
    old, new = _document(earlier), _document(newest)
    if old is None or new is None or _said(_settled(old)) != _said(new):
        return False
    said = _("The next audit found the same; its report says it all.")
    if any(finding["state"] == _NEWS for finding in old["findings"]):
        said = _("The next audit found the same. Which findings were new here, findings.csv beside this page says.")
    began = datetime.fromisoformat(old["audit"]["started_at"])
    if any(at >= began for at in decided) or not (earlier / _PAGES[0]).is_file():
        return False
    for name in _PAGES:
        page = _LEADS_ON.format(
            language=language(),
            title=_("Nothing changed"),
            said=said,
            link=_("Open that report"),
            address=quote(f"../{newest.name}/{name}"),
        )
        write_private(earlier / name, page.encode("utf-8"))
    (earlier / "report.pdf").unlink(missing_ok=True)
    return True


def _document(folder: Path) -> dict[str, Any] | None:
    """Return what a report says as data; None if the folder holds no whole report of ours."""
    try:
        document = json.loads((folder / "report.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and document.keys() >= _PARTS else None


def _settled(document: dict[str, Any]) -> dict[str, Any]:
    """Return what a report says with its news a night older."""
    findings = [
        finding | {"state": _SETTLED} if finding["state"] == _NEWS else finding for finding in document["findings"]
    ]
    return document | {"findings": findings}


def _said(document: dict[str, Any]) -> object:
    """Return all that a report says but for its moments; a report with news is like no other."""
    findings = [finding for finding in document["findings"] if finding["state"] == _SETTLED]
    if len(findings) < len(document["findings"]):
        return object()
    versions = document["audit"]["versions"]
    return [findings, document["coverage"], document["not_checked"], document["audit"]["complete"], versions]
