"""The page over HTTPS from another machine: a network namespace stands for it, a virtual device for Windows Hello."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from auditbot.collect.browser.launch import candidates
from tests.review.made_school import make_school

NAME, HERE, THERE = "audit.school.test", "10.231.7.1", "10.231.7.2"
SPACE = "auditbot-test"


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


@pytest.fixture
def another_machine() -> Iterator[list[str]]:
    """A namespace with a wire to this machine; the words that run a program in it."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("needs root and ip netns")
    try:
        _run("ip", "netns", "add", SPACE)
    except subprocess.CalledProcessError:
        pytest.skip("network namespaces are not allowed here")
    try:
        _run("ip", "link", "add", "abt0", "type", "veth", "peer", "name", "abt1", "netns", SPACE)
        _run("ip", "addr", "add", f"{HERE}/24", "dev", "abt0")
        _run("ip", "link", "set", "abt0", "up")
        inside = ["ip", "netns", "exec", SPACE]
        _run(*inside, "ip", "addr", "add", f"{THERE}/24", "dev", "abt1")
        _run(*inside, "ip", "link", "set", "abt1", "up")
        _run(*inside, "ip", "link", "set", "lo", "up")
        yield inside
    finally:
        _run("ip", "netns", "del", SPACE)
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("ip", "link", "del", "abt0")


def certificate(folder: Path) -> tuple[Path, Path, str]:
    """Make a certificate for the page's name; return it, its key, and the hash of its public key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address(HERE))]), False
        )
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding
    (folder / "page.pem").write_bytes(made.public_bytes(encoding.PEM))
    private = key.private_bytes(encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "page.key").write_bytes(private)
    public = key.public_key().public_bytes(encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return folder / "page.pem", folder / "page.key", base64.b64encode(hashlib.sha256(public).digest()).decode()


@pytest.mark.slow
def test_a_lead_with_only_the_slip_reaches_her_first_decision(another_machine: list[str], tmp_path: Path) -> None:
    workspace = make_school(tmp_path / "school")
    pem, key, key_hash = certificate(tmp_path)
    port = 20000 + os.getpid() % 20000
    with (workspace.config / "auditbot.toml").open("a") as file:
        file.write(
            f'\n[review]\nlisten = "{HERE}:{port}"\nnames = ["{NAME}"]\n'
            f'certificate = "{pem}"\ncertificate_key = "{key}"\n'
        )
    environment = {**os.environ, "AUDITBOT_KEY": Fernet.generate_key().decode()}
    command = [sys.executable, "-m", "auditbot", "--workspace", str(workspace.folder)]
    slip = subprocess.run(
        [*command, "person", "add", "dsl", "--role", "lead"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    address, code = re.findall(r"https://\S+", slip)[0], re.findall(r"code (\S+)", slip)[0]
    browser = next(one.path for one in candidates("") if one.path)
    page = subprocess.Popen([*command, "review", "--serve"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert page.stdout is not None and "served at https://" in page.stdout.readline()
        time.sleep(1)
        script = Path(__file__).parent / "from_another_machine.py"
        done = subprocess.run(
            [*another_machine, sys.executable, str(script), str(browser), address, code, key_hash, HERE],
            capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        seen = json.loads(done.stdout)
    finally:
        page.terminate()
        page.wait(20)
    assert seen[0] == "How will you sign in from now on?" and seen[1] == "Add this computer or phone"
    assert seen[2].startswith("11 to decide") and seen[3].endswith("?")
    assert "to come down" in seen[4] and "10 to decide" in seen[5]
