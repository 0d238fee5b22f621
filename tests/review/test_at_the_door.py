"""Who is let near the page at all, what a door answers, and secrets of codes under a new key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.test import override_settings

from auditbot.errors import CertificateUnusable, PublicAddress
from auditbot.review.casebook.squares import Mark, mark_of
from tests.review.conftest import Site


@pytest.mark.parametrize(
    ("address", "status"),
    [("192.168.1.20", 200), ("::1", 200), ("8.8.8.8", 404), ("2001:4860:4860::8888", 404), ("nonsense", 404)],
)
def test_the_page_is_open_to_private_networks_alone(address: str, status: int, site: Site) -> None:
    assert site.client().get("/sign-in", REMOTE_ADDR=address).status_code == status


@pytest.mark.parametrize(
    ("direct", "told", "status"),
    [("10.0.0.1", "10.0.0.9", 200), ("10.0.0.1", "8.8.8.8", 404), ("10.0.0.2", "10.0.0.9", 404)],
)
def test_behind_a_proxy_nobody_else_is_believed(direct: str, told: str, status: int, site: Site) -> None:
    with override_settings(TRUSTED_PROXY="10.0.0.1"):
        answer = site.client().get("/sign-in", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=f"1.2.3.4, {told}")
    assert answer.status_code == status


def test_a_door_takes_no_other_method(site: Site) -> None:
    assert site.client("lead").put("/figures").status_code == 405
    assert site.client().delete("/slip").status_code == 405


def test_no_slip_is_nobody(site: Site) -> None:
    from auditbot.review.site.sign_in import SlipBackend

    assert SlipBackend().authenticate(None, slip="") is None
    assert SlipBackend().authenticate(None, slip="not-a-slip") is None


def test_a_public_address_and_a_certificate_that_is_none_are_refused(tmp_path: Path) -> None:
    from auditbot.review.site.serve import server

    with pytest.raises(PublicAddress):
        server(lambda *_: [], "8.8.8.8", 0)
    (tmp_path / "c.pem").write_text("no certificate", "ascii")
    with pytest.raises(CertificateUnusable):
        server(lambda *_: [], "127.0.0.1", 0, tmp_path / "c.pem")


def test_a_post_that_was_not_reached_says_so_only_where_nothing_waits(site: Site) -> None:
    waiting = site.view().cases[:1]
    assert mark_of([], reached=False) is Mark.NOT_REACHED
    assert mark_of([], reached=True) is Mark.NOTHING
    assert mark_of(waiting, reached=False) is Mark.DECIDE


def test_secrets_of_codes_are_sealed_anew_and_what_no_key_opens_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allauth.mfa.models import Authenticator

    from auditbot.review.people import seal_anew

    old, new, lost = Fernet(Fernet.generate_key()), Fernet(Fernet.generate_key()), Fernet(Fernet.generate_key())
    monkeypatch.setattr(seal_anew, "find_key", lambda: MultiFernet([new, old]))
    data: dict[str, Any] = {
        "secret": old.encrypt(b"one").decode(),
        "codes": [old.encrypt(b"two").decode(), lost.encrypt(b"three").decode(), "é"],
        "used": 3,
    }
    way = Authenticator.objects.create(user=site.person("lead"), type=Authenticator.Type.TOTP, data=data)
    Authenticator.objects.create(user=site.person("head"), type=Authenticator.Type.WEBAUTHN, data={"name": "key"})
    assert seal_anew.codes_of(site.workspace) == 1
    kept = Authenticator.objects.get(pk=way.pk).data
    assert new.decrypt(kept["secret"].encode()) == b"one" and new.decrypt(kept["codes"][0].encode()) == b"two"
    assert kept["codes"][1:] == data["codes"][1:] and kept["used"] == 3
