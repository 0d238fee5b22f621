"""A2 and F: each tool assessed before it is used, each form filled in, authorised and in date."""

from __future__ import annotations

from collections.abc import Iterator

from auditbot.check.records import record_finding
from auditbot.model import Finding
from auditbot.registers.declared import Declared
from auditbot.registers.risk_assessments import unfinished


def check_risk_assessments(declared: Declared) -> Iterator[Finding]:
    """Yield what is missing in each form, cell by cell (F), and tools that pupils use without one (A2)."""
    accounts = {account.risk_assessment: account.name for account in declared.accounts.values()}
    for name, form in declared.risk_assessments.items():
        for cell, wrong in unfinished(form, declared.today):
            yield record_finding(
                "F",
                "risk_assessment_cell",
                account=accounts.get(name, ""),
                register=f"config/risk_assessments/{name}.toml",
                cell=cell,
                explanation=f"{cell}: {wrong}.",
            )
    for tool in declared.declarations.tool:
        form_of_tool = declared.risk_assessments.get(tool.risk_assessment)
        if form_of_tool is None:
            problem = "No risk assessment of this tool is on file."
        elif form_of_tool.date is not None and form_of_tool.date > tool.used_since:
            problem = f"Its risk assessment is of {form_of_tool.date}; pupils have used it since {tool.used_since}."
        else:
            continue
        yield record_finding(
            "A2",
            "tool_not_assessed",
            register="config/declarations.toml",
            cell=f"tool {tool.name}",
            value=tool.risk_assessment,
            explanation=problem,
        )
