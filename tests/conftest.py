"""Fixtures for every test: the checkout, and an empty workspace as ``auditbot init`` makes it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from auditbot.machine import environment
from auditbot.registers.risk_assessments import QUESTIONS, Answer, RiskAssessment, write_risk_assessment
from auditbot.run import local_now
from auditbot.settings import Workspace, load_settings
from auditbot.workspace import make_workspace

# Hundreds of programs are started: what is compiled once is kept for all of them, whatever the shell says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How fast a machine is decides no test: a loaded one is slow, and nothing is wrong.
hypothesis_settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any machine")


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run tests: two more than processors, as each waits for browsers half of its time."""
    return (os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count() or 1) + 2


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the top folder of the checkout, which is also the demo school's workspace. Tests never write there."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def fresh_workspace(tmp_path: Path) -> Workspace:
    """Return a new workspace in a temporary folder: commented settings, empty registers, one account "website"."""
    return make_workspace(tmp_path / "school", "Larkmere Infant School", "https://www.larkmere.example/")


def put_registers_in_order(workspace: Workspace) -> None:
    """Fill in all that the policy asks of the account "website" and of the school, as of today."""
    today = local_now(load_settings(workspace)).date()
    (workspace.config / "accounts.toml").write_text(
        f"""[[account]]
name = "website"
url = "https://www.larkmere.example/"
owner = "Headteacher"
administrator_email = "office@larkmere.example"
approved_by = "Headteacher"
approved_on = 2000-01-01
risk_assessment = "website"
password_changed_on = {today}
password_meets_rule = true
""",
        "utf-8",
    )
    documents = "".join(
        f'[[document]]\nclause = "{clause}"\ntitle = "On file"\napproved_on = {today}\nreview_on = 9999-01-01\n'
        for clause in ("A1", "A3", "E1")
    )
    approval = '[[event_approval]]\napproved_by = "Headteacher"\napproved_on = 2000-01-01\n'
    (workspace.config / "declarations.toml").write_text(documents + approval, "utf-8")
    cells: dict[str, Any] = {question: Answer("None", "None", "None", "None") for question in QUESTIONS}
    form = RiskAssessment(
        "Website", "News", ("R",), **cells, authorised_by="Headteacher", date=today, first_assessed_on=date(2000, 1, 1)
    )
    write_risk_assessment(workspace.config / "risk_assessments" / "website.toml", form)


@pytest.fixture(autouse=True)
def _secrets_go_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put what a test's program took out of the environment back, so that the next test finds what its own set."""
    yield
    for name, value in environment._taken.items():
        os.environ.setdefault(name, value)
    environment._taken.clear()


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
