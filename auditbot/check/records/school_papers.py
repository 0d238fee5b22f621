"""A1 to A3, B2, E1, F: documents on file, approvals of events, tools and forms; and concerns entered by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditbot.check.records.form_fits import fewer_years
from auditbot.check.records.record_findings import is_one_of, one_of, record_finding, roles_of
from auditbot.model import Finding, Post, Severity, TextEvidence
from auditbot.model.found import finding_id
from auditbot.registers.declared import Declared
from auditbot.registers.policy import Concern
from auditbot.registers.policy_checks import CheckName, is_filled
from auditbot.registers.risk_assessments import unfinished
from auditbot.sentences import say, say_n

# A1, A3, E1: documents on file.

DECLARATIONS = "config/declarations.toml"
DOCUMENTS = {
    CheckName.ACCEPTABLE_USE: ("A1", "the acceptable use policy"),
    CheckName.SANCTIONS: ("A3", "the e-safety policy with its sanctions"),
    CheckName.BULLYING_DOCUMENT: ("E1", "the e-safety or anti-bullying policy with its sanctions"),
}
URGENT = frozenset({"C5", "C9", "C11", "C12", "E2"})


def check_documents(declared: Declared) -> Iterator[Finding]:
    """Yield which documents that the policy rests on are not on file, or due for review."""
    for check, (clause, name) in DOCUMENTS.items():
        asked = declared.clauses.behind(check)
        if asked is None:
            continue
        held = [each for each in declared.declarations.document if each.clause in (asked.id, asked.number, clause)]
        held = [document for document in held if is_filled(document.title)]
        if not held:
            yield record_finding(
                clause,
                "document_missing",
                register=DECLARATIONS,
                cell=f"document {clause}",
                explanation=say("No entry says that %(name)s is on file.", name=name),
            )
        elif all(document.review_on <= declared.today for document in held):
            latest = max(held, key=lambda document: document.review_on)
            yield record_finding(
                clause,
                "document_review",
                register=DECLARATIONS,
                cell=f"document {clause}",
                value=latest.review_on,
                explanation=say("“%(title)s” was due for review on this day.", title=latest.title),
            )


def check_event_photos(declared: Declared, posts: Iterable[Post]) -> Iterator[Finding]:
    """Yield, once for each account, how many posts with photos no approval by the Headteacher covers (B2)."""
    if declared.clauses.behind(CheckName.EVENT_PHOTOS) is None:
        return
    roles = roles_of(declared, CheckName.EVENT_PHOTOS)
    given = [each for each in declared.declarations.event_approval if is_one_of(each.approved_by, roles, declared)]
    without: dict[str, list[Post]] = {}
    for post in posts:
        if post.photos and post.published_at and post.account in declared.accounts:
            day = post.published_at.date()
            if not any(approval.covers(post.account, day, declared.today) for approval in given):
                without.setdefault(post.account, []).append(post)
    for account, found in without.items():
        newest = max(found, key=lambda post: (str(post.published_at), post.url))
        yield record_finding(
            "B2",
            "no_event_approval",
            account=account,
            register=DECLARATIONS,
            cell="event_approval",
            severity="week",
            band="review",
            explanation=say_n(
                "%(count)s post with photos is covered by no approval of %(roles)s; the newest is %(url)s. Enter an "
                "approval for the event, or a standing one for the account.",
                "%(count)s posts with photos are covered by no approval of %(roles)s; the newest is %(url)s. Enter an "
                "approval for the event, or a standing one for the account.",
                len(found),
                roles=one_of(roles),
                url=newest.url,
            ),
        )


def check_concerns(declared: Declared) -> Iterator[Finding]:
    """Yield every open concern that somebody entered by hand."""
    for concern in declared.casework.concern:
        if concern.closed_on is None:
            yield _concern(concern)


def _concern(concern: Concern) -> Finding:
    severity: Severity = "today" if concern.clause in URGENT else "week"
    reported = concern.reported_on
    return Finding(
        id=finding_id("concern", concern.id),
        clause=concern.clause,
        kind="concern",
        severity=severity,
        band="review",
        account=concern.account,
        post_url=concern.address,
        posted_at=None,
        evidence=TextEvidence("reported words", concern.quote, 0, len(concern.quote)),
        pupil_ids=(),
        score=1.0,
        explanation=say(
            "Reported on %(day)s (%(reported_by)s), concern %(id)s. It stays here until it is "
            "closed with: auditbot concern close %(id)s",
            day=reported,
            reported_by=concern.reported_by,
            id=concern.id,
        ),
    )


# A2 and F: each tool assessed before it is used, each form filled in, authorised and in date.


def check_risk_assessments(declared: Declared) -> Iterator[Finding]:
    """Yield what is missing in each form, cell by cell (F), and tools that pupils use without one (A2)."""
    accounts = {account.risk_assessment: account.name for account in declared.accounts.values()}
    roles = roles_of(declared, CheckName.FORM)
    for name, form in declared.risk_assessments.items():
        missing = unfinished(form, declared.today)
        if is_filled(form.authorised_by) and not is_one_of(form.authorised_by, roles, declared):
            missing.append(("Authorisation", say("it names somebody else than %(roles)s", roles=one_of(roles))))
        for cell, wrong in missing:
            yield record_finding(
                "F",
                "risk_assessment_cell",
                account=accounts.get(name, ""),
                register=f"config/risk_assessments/{name}.toml",
                cell=cell,
                explanation=say("%(cell)s: %(wrong)s.", cell=cell, wrong=wrong),
            )
    for tool in declared.declarations.tool:
        form_of_tool = declared.risk_assessments.get(tool.risk_assessment)
        if form_of_tool is None:
            problem = say("No risk assessment of this tool is on file.")
        elif (made := form_of_tool.first_assessed_on or form_of_tool.date) is not None and made > tool.used_since:
            problem = say(
                "Its risk assessment is of %(made)s; pupils have used it since %(used_since)s.",
                made=made,
                used_since=tool.used_since,
            )
        elif lacking := next(fewer_years(tool.year_groups, form_of_tool), None):
            problem = lacking[1]
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
