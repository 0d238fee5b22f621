"""A local Dask cluster over TLS, with an authority of its own: for the bench, and for the tests of the cluster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def local_cluster(certificates: Path, workers: int) -> Any:
    """Return a cluster of this machine whose every connection is TLS with these certificates."""
    return import_module("distributed").LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        security=security(certificates),
        protocol="tls://",
    )


def security(folder: Path) -> Any:
    """Return what a client, scheduler or worker shows: the certificate in this folder."""
    ca, cert, key = (str(folder / f"{name}.pem") for name in ("ca", "cert", "key"))
    keys = {f"tls_{who}_{what}": path for who in ("client", "scheduler", "worker")
            for what, path in (("cert", cert), ("key", key))}  # fmt: skip
    return import_module("distributed").Security(tls_ca_file=ca, require_encryption=True, **keys)


def certificates_of(folder: Path) -> Path:
    """Make ca.pem, and cert.pem and key.pem that it signed, in a new folder; return the folder."""
    folder.mkdir()
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("authority", "machine"))
    now, encoding = datetime.now(UTC), serialization.Encoding.PEM
    for name, who, key, is_authority in (("ca", issuer, authority, True), ("cert", subject, own, False)):
        made = (
            x509.CertificateBuilder()
            .subject_name(who)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .sign(authority, hashes.SHA256())
        )
        (folder / f"{name}.pem").write_bytes(made.public_bytes(encoding))
    private = own.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder
