"""Which network addresses may be visited: those that anybody on the public internet can reach, and no others."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_REFUSED_V4 = {
    "multicast": ip_network("224.0.0.0/4"),
    "shared (carrier)": ip_network("100.64.0.0/10"),
    "link-local": ip_network("169.254.0.0/16"),
    "loopback": ip_network("127.0.0.0/8"),
    "6to4 relay": ip_network("192.88.99.0/24"),
    "protocol": ip_network("192.0.0.0/24"),
}
_REFUSED_V6 = {
    "IPv4-mapped": ip_network("::ffff:0:0/96"),
    "loopback": ip_network("::1/128"),
    "IPv4-compatible": ip_network("::/96"),
    "IPv4-translated": ip_network("::ffff:0:0:0/96"),
    "6to4": ip_network("2002::/16"),
    "Teredo": ip_network("2001::/32"),
    "NAT64": ip_network("64:ff9b::/96"),
    "local NAT64": ip_network("64:ff9b:1::/48"),
    "site-local": ip_network("fec0::/10"),
    "link-local": ip_network("fe80::/10"),
    "multicast": ip_network("ff00::/8"),
    "discard-only": ip_network("100::/64"),
}


def why_refused(address: str) -> str:
    """Say why an IP address may not be visited; empty if it may. A zone index ("%eth0") is never public."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return "not an internet address"
    ranges = _REFUSED_V4 if parsed.version == 4 else _REFUSED_V6
    for name, network in ranges.items():
        if parsed in network:
            return f"{name} address"
    if parsed.is_private or parsed.is_reserved or parsed.is_unspecified or not parsed.is_global:
        return "private or reserved address"
    return ""
