"""Fixtures for every test: the checkout, and an empty workspace as ``auditbot init`` makes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

from auditbot.settings import Workspace
from auditbot.workspace import make_workspace


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the top folder of the checkout, which is also the demo school's workspace. Tests never write there."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def fresh_workspace(tmp_path: Path) -> Workspace:
    """Return a new workspace in a temporary folder: commented settings, empty registers, one account "website"."""
    return make_workspace(tmp_path / "school", "Larkmere Infant School", "https://www.larkmere.example/")


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return a function whose text is printed at the end of the whole run: measured figures and tables."""
    return lambda text: record_property("told", text)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print what tests told, whichever process ran them."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    told = [text for report in reports for name, text in report.user_properties if name == "told"]
    if told:
        terminalreporter.section("measured")
        for text in told:
            terminalreporter.write_line(str(text))
