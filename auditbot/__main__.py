"""``python -m auditbot`` is the same as ``auditbot``."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the program is still loaded ends it without a word

from auditbot.cli import entry  # noqa: E402

if __name__ == "__main__":
    raise SystemExit(entry())
