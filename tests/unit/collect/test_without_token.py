"""An account without a token is named as not checked, with what to do; nothing is asked on its behalf."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.collect.services import Services

ACCOUNTS = {
    "facebook": ("https://www.facebook.com/larkmere", "pages_read_engagement"),
    "instagram": ("https://www.instagram.com/larkmere/", "instagram_business_basic"),
    "threads": ("https://www.threads.net/@larkmere", "threads_basic"),
    "x": ("https://x.com/larkmere", "API v2"),
}


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_the_report_says_what_to_do(services: Services, tmp_path: Path, kind: str) -> None:
    url, permission = ACCOUNTS[kind]
    found = services.collect(tmp_path, kind, url, token=None)
    assert (found.coverage.status, found.coverage.posts, services.asked) == ("error", 0, [])
    for part in (permission, "AUDITBOT_TOKEN_THE_ACCOUNT", 'auditbot token set "the account"', "import-archive"):
        assert part in found.coverage.reason
