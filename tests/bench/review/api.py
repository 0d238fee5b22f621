"""``python -m tests.bench.review.api PROGRAM``: schemathesis over /api/v1, with a real key and a real server.

PROGRAM is schemathesis in an environment of its own, for it asks for other versions than auditbot does:

    python -m venv /somewhere/schemathesis && /somewhere/schemathesis/bin/pip install schemathesis
    python -m tests.bench.review.api /somewhere/schemathesis/bin/schemathesis
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet

from tests.bench.review.readers import serving
from tests.review.made_school import make_school

SCOPES = ("counts", "cases", "health")
OPTIONS = "--wait-for-schema 120 --max-time 60 --continue-on-failure --exclude-checks ignored_auth"
"""Wrong keys are not tried: after ten of them the door closes to their address for 15 minutes."""
OPTIONS += " --suppress-health-check too_slow"


def main() -> int:
    """Make a school, serve it, let schemathesis ask; its exit code."""
    os.environ["AUDITBOT_KEY"] = Fernet.generate_key().decode("ascii")
    with tempfile.TemporaryDirectory(prefix="auditbot-bench-api-") as place:
        workspace = make_school(Path(place) / "school")
        from auditbot.review.site.app import set_up

        set_up(workspace, hosts=("localhost", "127.0.0.1"))
        from auditbot.review.people.manage import new_token

        key = new_token("schemathesis", SCOPES, "bench", timedelta(hours=1))
        with serving(workspace) as (port, _pid):
            address = f"http://127.0.0.1:{port}/api/v1/openapi.json"
            command = [sys.argv[1], "run", address, "--header", f"Authorization: Bearer {key}"]
            command += OPTIONS.split()
            return subprocess.run(command, check=False, cwd=place).returncode


if __name__ == "__main__":
    sys.exit(main())
