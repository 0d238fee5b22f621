"""The environment: secrets are read once and stay here; children get a short list."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from auditbot.machine import environment
from auditbot.machine.environment import for_an_audit, for_children, secret, short_environment, take_secrets


@pytest.fixture(autouse=True)
def nothing_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with no secret in memory, and with three in the environment."""
    monkeypatch.setattr(environment, "_taken", {})
    monkeypatch.setenv("AUDITBOT_KEY", "k" * 44)
    monkeypatch.setenv("AUDITBOT_TOKEN_FACEBOOK", " token-of-facebook ")
    monkeypatch.setenv("SOMEBODY_ELSES_PASSWORD", "hunter2")


def test_a_secret_is_taken_out_and_still_known() -> None:
    take_secrets()
    assert not [name for name in os.environ if name.startswith("AUDITBOT_")]
    assert (secret("AUDITBOT_KEY"), secret("AUDITBOT_TOKEN_FACEBOOK")) == ("k" * 44, "token-of-facebook")
    assert secret("AUDITBOT_TOKEN_X") == ""


def test_a_secret_that_was_never_taken_is_taken_when_it_is_asked_for() -> None:
    assert secret("AUDITBOT_KEY") == "k" * 44
    assert "AUDITBOT_KEY" not in os.environ


def test_a_later_secret_replaces_an_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    take_secrets()
    monkeypatch.setenv("AUDITBOT_KEY", "n" * 44)
    assert secret("AUDITBOT_KEY") == "n" * 44


def test_an_audit_as_a_process_of_its_own_has_the_secrets() -> None:
    take_secrets()
    assert for_an_audit()["AUDITBOT_KEY"] == "k" * 44


@pytest.mark.parametrize("name", ["PATH", "LANG", "LC_ALL", "ORT_DISABLE_TELEMETRY"])
def test_a_child_is_given_what_it_needs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")
    assert for_children()[name] == "x"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "AUDITBOT_KEY",
            "AUDITBOT_TOKEN_FACEBOOK",
            "SOMEBODY_ELSES_PASSWORD",
            "AWS_SECRET_ACCESS_KEY",
            "NODE_OPTIONS",
        ),
        *("DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK", "HTTPS_PROXY", "LD_PRELOAD", "CI"),
    ],
)
def test_a_child_is_given_nothing_else(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")
    assert name not in for_children()


def test_a_library_that_hands_on_its_own_environment_hands_on_the_short_one() -> None:
    program = "import os; print(sorted(os.environ))"
    with short_environment():
        inside = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "AUDITBOT" not in inside and "SOMEBODY" not in inside and "PATH" in inside
    assert os.environ["SOMEBODY_ELSES_PASSWORD"] == "hunter2"
    assert "AUDITBOT_KEY" not in os.environ
