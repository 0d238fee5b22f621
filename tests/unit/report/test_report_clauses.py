"""What the report says was checked comes from the program: no line of the policy file can claim it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditbot.check.stage import check
from auditbot.model import Coverage
from auditbot.registers.policy import read_policy
from auditbot.report.stage import report
from auditbot.run import Run, local_now
from auditbot.settings import Report, School, Settings, Workspace
from auditbot.store import Store
from tests.unit.check.school import declared
from tests.unit.check.test_check_stage import Silent

REASON = re.compile(r"^not_audited_because = .*$", re.MULTILINE)
CLAIMS = [
    # what the file is made to say of every clause        what the report says of C9 and of C11
    (None, "Not audited: Not yet part of this version.", "No findings in what was reached"),
    ("", "Not audited: Not yet part of this version.", "No findings in what was reached"),
    ('not_audited_because = "We never asked."', "Not audited: We never asked.", "No findings in what was reached"),
]


@pytest.mark.parametrize(("line", "of_c9", "of_c11"), CLAIMS)
def test_the_policy_file_cannot_say_what_was_checked(
    fresh_workspace: Workspace, line: str | None, of_c9: str, of_c11: str
) -> None:
    policy = fresh_workspace.config / "policy.toml"
    if line is not None:
        bare = REASON.sub("", policy.read_text("utf-8"))
        policy.write_text(re.sub(r"^(id = .*)$", rf"\1\n{line}", bare, flags=re.MULTILINE), "utf-8")
    states = _states(fresh_workspace)
    assert states["C9"] == of_c9
    assert states["C11"] == of_c11


def _states(workspace: Workspace) -> dict[str, str]:
    settings = Settings(School("Larkmere"), report=Report(pdf=False))
    registers = replace(declared(), clauses=read_policy(workspace.config / "policy.toml"))
    with Store(workspace.data / "auditbot.db") as store:
        run = Run(workspace, settings, registers, store, store.audits.begin(local_now(settings), "all"), Silent())
        store.audits.save_coverage(
            run.audit, Coverage("website", "complete", 1, 1), (), started_at=run.now(), at=run.now()
        )
        check(run, "engine 1 | gallery 1", {})
        store.audits.end(run.audit, run.now())
        page = LexborHTMLParser((report(run) / "report.html").read_bytes())
    rows = [row.css("td, th") for row in page.css("tr")]
    return {cells[0].text(strip=True): cells[-1].text(strip=True) for cells in rows if cells}
