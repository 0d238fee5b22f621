"""Every service there is, from one table: which kinds of account exist, what they need, and how links to them look."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from auditbot.model import Channel

NAME = r"[\w.%-]+"
"""What a name in an address matches."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service, as auditbot/data/services.toml describes it."""

    name: str
    """Its name, as people say it."""
    kind: str = ""
    """What accounts.toml calls its accounts; empty if they cannot be read."""
    channel: Channel = "website"
    """Which permission its photos need unless the register says otherwise."""
    token: bool = False
    """Whether only the account's own holder is given its posts."""
    hosts: tuple[str, ...] = ()
    """What hosts match, without www; the first is how addresses are usually written."""
    account: str = ""
    """What paths of an account match; group 1 is the account's own part. Empty if no link to one is looked for."""
    never: str = ""
    """First steps of paths that are no account."""
    usual_host: str = ""
    """How its host is usually written; empty if as it was met."""
    embedded: str = ""
    """Host and path of what it shows in frames, where that is a publication; empty if nothing is."""

    def at(self, host: str) -> bool:
        """Whether a host, without www, is one of the service's."""
        return any(re.fullmatch(pattern, host) for pattern in self.hosts)


def _service(entry: Mapping[str, Any]) -> Service:
    values = dict(entry)
    values["hosts"] = tuple(values.get("hosts", ()))
    values["account"] = values.get("account", "").replace("{name}", NAME)
    return Service(**values)


SERVICES: tuple[Service, ...] = tuple(
    _service(entry)
    for entry in tomllib.loads((files("auditbot") / "data" / "services.toml").read_text("utf-8"))["service"]
)
"""Every service, in the order of the table."""
BY_KIND: Mapping[str, Service] = {service.kind: service for service in SERVICES if service.kind}
"""The services whose accounts can be read, by kind."""
