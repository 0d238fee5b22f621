"""Ctrl-C that falls into something that swallows it, as a callback of Python's imports, stops all the same."""

from __future__ import annotations

import subprocess
import sys

SWALLOWS = """
import signal, sys, time, weakref
from auditbot import cli

class Thing: pass

def command(arguments=None):
    thing = Thing()
    kept = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
    try:
        del thing
        time.sleep(5)
    except KeyboardInterrupt:
        return 130
    return 0

cli.main = command
sys.exit(cli.entry())
"""


def test_a_stop_that_was_swallowed_comes_again() -> None:
    done = subprocess.run([sys.executable, "-c", SWALLOWS], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (130, "")


def test_other_things_that_are_swallowed_are_told() -> None:
    broken = SWALLOWS.replace("signal.raise_signal(signal.SIGINT)", "1 / 0").replace("sleep(5)", "sleep(0)")
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "ZeroDivisionError" in done.stderr
