"""Serving the page: on this computer alone, or over HTTPS to the school's network."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server

from auditbot.errors import CertificateUnusable, PublicAddress

THREADS = 16


def server(
    application: Callable[..., Any], host: str, port: int, certificate: Path | None = None, key: Path | None = None
) -> Server:
    """Return a server that is not started yet; over HTTPS if there is a certificate, with its key in PEM files.

    Raises PublicAddress if ``host`` is an address of the internet, CertificateUnusable if the files cannot be used.
    """
    if host not in ("localhost",) and ip_address(host).is_global:
        raise PublicAddress(host)
    made = Server((host, port), application, numthreads=THREADS, server_name="auditbot", timeout=60)
    made.max_request_body_size = 400 * 2**20
    made.max_request_header_size = 64 * 2**10
    if certificate is not None:
        try:
            adapter = BuiltinSSLAdapter(str(certificate), str(key or certificate))
            adapter.context.minimum_version = ssl.TLSVersion.TLSv1_2
        except (OSError, ssl.SSLError) as error:
            raise CertificateUnusable(certificate) from error
        made.ssl_adapter = adapter
    return made
