"""The workspace that a command works in."""

from __future__ import annotations

import argparse
from pathlib import Path

from auditbot.settings import Workspace


def workspace_of(options: argparse.Namespace) -> Workspace:
    """Return the workspace named on the command line, by default the current folder."""
    return Workspace(Path(options.workspace).resolve())
