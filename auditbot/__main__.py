"""``python -m auditbot`` is the same as ``auditbot``."""

from auditbot.cli import entry

if __name__ == "__main__":
    raise SystemExit(entry())
