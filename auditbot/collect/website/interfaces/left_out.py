"""What an interface lists and does not give: told of, so that no account is called complete without it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class LeftOut:
    """Filled while the interface is read."""

    protected: list[str] = field(default_factory=list)
    """Permalinks of posts that need a password or are for members: known to exist, never read."""
    unread: list[str] = field(default_factory=list)
    """Addresses of what it lists and could not be read."""
    faults: list[tuple[str, Exception]] = field(default_factory=list)
    """Faults of our own, each with the address of the item that was being read."""
    short: list[tuple[str, int, int]] = field(default_factory=list)
    """Lists that gave fewer items than they say they have: address, items given, items stated."""
