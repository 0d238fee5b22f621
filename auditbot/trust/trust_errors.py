"""What can go wrong between the schools of a trust, each with a sentence the reader can act on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditbot.errors import AuditbotError


class NoSchools(AuditbotError):
    """A folder holds no workspace of a school."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "No school is in %(folder)s. Each school is a workspace in a folder of its own there; make one "
            "with: auditbot init %(folder)s/NAME",
            folder=folder,
        )


class NotThatPupil(AuditbotError):
    """Two registers name different children under the ids given."""

    def __init__(self, old_id: str, new_id: str) -> None:
        super().__init__(
            "%(old_id)s of the one school and %(new_id)s of the other have different names or birthdays; "
            "nothing was entered. See that both ids are right.",
            old_id=old_id,
            new_id=new_id,
        )


class ClusterNotSealed(AuditbotError):
    """A cluster was named that is not reached over TLS with a certificate of this machine."""

    def __init__(self, address: str) -> None:
        super().__init__(
            "The cluster %(address)s cannot be used: photos and what is in them travel over TLS only. Give an "
            "address that begins with tls://, and a folder with ca.pem, cert.pem and key.pem that is not in "
            "the workspace.",
            address=address,
        )


class ClusterNotReached(AuditbotError):
    """The cluster does not answer, or does not take this machine's certificate."""

    def __init__(self, address: str) -> None:
        super().__init__(
            "The cluster %(address)s was not reached. See that its scheduler runs and that the certificates "
            "are signed by the authority it was started with.",
            address=address,
        )


class ClusterOtherVersion(AuditbotError):
    """Workers of the cluster run another version of this program."""

    def __init__(self, others: Sequence[str], here: str) -> None:
        super().__init__(
            "Workers of the cluster run auditbot %(others)s, this machine %(here)s: the same photo could give "
            "other answers. Install the same version everywhere.",
            others=", ".join(others),
            here=here,
        )


class TrustExtraMissing(AuditbotError):
    """The packages for a cluster are not installed."""

    def __init__(self) -> None:
        super().__init__(
            'A cluster needs further packages: pip install "auditbot[trust]". Without [cluster] in '
            "config/auditbot.toml, photos are looked at on this machine."
        )
