"""Only what the whole internet can reach may be visited."""

from __future__ import annotations

import pytest

from auditbot.collect.net.guard import why_refused

REFUSED = [
    "127.0.0.1",
    "127.8.9.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.5",
    "192.88.99.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "::ffff:8.8.8.8",
    "::ffff:127.0.0.1",
    "::8.8.8.8",
    "::ffff:0:8.8.8.8",
    "2002:808:808::1",
    "2001::1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2001:db8::1",
    "100::1",
    "3fff::1",
    "3fff:fff::1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "127.1",
    "host.example",
]
ALLOWED = [
    "8.8.8.8",
    "1.1.1.1",
    "9.9.9.9",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "192.167.1.1",
    "11.0.0.1",
    "151.101.1.69",
    "2606:4700::1111",
    "2a00:1450:4009:800::200e",
    "2001:4860:4860::8888",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused_with_a_reason(address: str) -> None:
    assert why_refused(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_a_public_address_is_allowed(address: str) -> None:
    assert why_refused(address) == ""
