"""Every clause has its state in the report, told by the program: no line of the policy file can claim a check."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditbot.check.clauses import CHECKED_CLAUSES
from auditbot.check.policy_state import REGISTERED
from auditbot.check.stage import check
from auditbot.collect.browser.launch import render_pdf
from auditbot.model import Coverage
from auditbot.registers.policy import read_policy
from auditbot.report.stage import report
from auditbot.run import Run, local_now
from auditbot.settings import Report, School, Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import declared
from tests.unit.check.test_check_stage import Silent

ADDED = '\n[[clause]]\nid = "G1"\nsummary = "Our own."\nhow = ["not audited"]\nseverity = ""\n'


def test_every_clause_of_the_policy_is_checked_kept_declared_or_openly_not_audited(repository: Path) -> None:
    clauses = read_policy(repository / "config" / "policy.toml")
    told = {*CHECKED_CLAUSES, *(name for name, used in clauses.checks.items() if set(used) & REGISTERED.keys())}
    silent = [name for name, clause in clauses.items() if name not in told and not clause.not_audited_because]
    assert silent == []
    assert told <= clauses.keys()
    assert REGISTERED.keys() <= {check for used in clauses.checks.values() for check in used}
    assert not any("this version" in clause.not_audited_because for clause in clauses.values())


@pytest.mark.parametrize("line", ['not_audited_because = "We never asked."', 'school_wording = "It was checked."'])
def test_the_policy_file_cannot_say_what_was_checked(fresh_workspace: Workspace, line: str) -> None:
    policy = fresh_workspace.config / "policy.toml"
    bare = re.sub(r"^(not_audited_because|school_wording) = .*$", "", policy.read_text("utf-8"), flags=re.MULTILINE)
    text = re.sub(r"^(id = .*)$", rf"\1\n{line}", bare + ADDED, flags=re.MULTILINE)
    policy.write_text(text, "utf-8")
    states = _states(fresh_workspace)
    assert states["G1"].startswith("Not audited: ")
    assert states["C11"] == "No findings in what was reached."
    assert states["B1"] == "Not declared."
    assert states["A1"] == "No document is on file."


def _states(workspace: Workspace) -> dict[str, str]:
    settings = Settings(School("Larkmere"), report=Report(pdf=False))
    registers = replace(declared(), clauses=read_policy(workspace.config / "policy.toml"))
    with Store(workspace.data / "auditbot.db") as store:
        run = Run(workspace, settings, registers, store, store.audits.begin(local_now(settings), "all"), Silent())
        store.audits.save_coverage(
            run.audit, Coverage("website", "complete", 1, 1), (), started_at=run.now(), at=run.now()
        )
        check(run, frozenset(), {})
        store.audits.end(run.audit, run.now())
        page = LexborHTMLParser((report(run, render_pdf).folder / "report.html").read_bytes())
    rows = [row.css("td, th") for row in page.css("#policy tbody tr")]
    return {cells[0].text(strip=True): cells[-2].text(strip=True) for cells in rows if cells}
