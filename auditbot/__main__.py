"""``python -m auditbot`` is the same as ``auditbot``."""

from auditbot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
