"""``auditbot demo``: serve the demo school's site."""

from __future__ import annotations

import argparse
import signal

from auditbot.commands.exit_codes import COMPLETE
from auditbot.commands.grammar import Commands
from auditbot.demo.site import demo_site


def run(_options: argparse.Namespace) -> int:
    """Serve the site until stopped."""
    with demo_site() as (host, port):
        print(f"The demo school's site: http://{host}:{port}/   (Ctrl-C ends it)", flush=True)
        signal.pause() if hasattr(signal, "pause") else input()
    return COMPLETE


def add(commands: Commands) -> None:
    """Declare the command."""
    commands.add_parser("demo", help="serve the demo school's site, to look at it").set_defaults(run=run)
