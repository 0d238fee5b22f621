"""C1 to C4: each account approved before it was used, assessed, with a fresh password and the school's own e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from auditbot.model import Band, Finding, LinkedAccount, Post, Severity, TextEvidence
from auditbot.model.found import finding_id
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared
from auditbot.registers.policy import Concern
from auditbot.registers.risk_assessments import unfinished

# Findings that rest on a register of the school, not on a page: the account's record, or the school's.

SCHOOL = ""
"""The account of a finding about the school's own record."""


def record_finding(
    clause: str,
    kind: str,
    *,
    account: str = SCHOOL,
    register: str,
    cell: str,
    value: object = "",
    explanation: str,
    severity: Severity = "governance",
    band: Band = "breach",
) -> Finding:
    """Return a finding about one cell of a register; ``value`` is what stands there, empty if nothing does."""
    text = "" if value is None else str(value)
    return Finding(
        id=finding_id(clause, kind, account, register, cell),
        clause=clause,
        kind=kind,
        severity=severity,
        band=band,
        account=account,
        post_url="",
        posted_at=None,
        evidence=TextEvidence(f"register {register}, {cell}", text, 0, len(text)),
        pupil_ids=(),
        score=1.0,
        explanation=explanation,
    )


REGISTER = "config/accounts.toml"
PASSWORD_DAYS = 56
REMIND_DAYS = 7
NO_SERVICE = frozenset({"folder"})
"""Kinds that are no service of anybody's: there is nothing to approve, assess or log in to."""


def check_accounts(
    declared: Declared, domains: Iterable[str], posts: Iterable[Post], linked: Iterable[LinkedAccount]
) -> Iterator[Finding]:
    """Yield the findings of clauses C1 to C4 on the register of accounts, in its order.

    ``domains`` are the school's own; ``posts`` are all posts known; ``linked`` are social accounts that pages lead to.
    """
    first: dict[str, date] = {}
    for post in posts:
        if post.published_at:
            day = post.published_at.date()
            first[post.account] = min(day, first.get(post.account, day))
    own = tuple(domain.lower().removeprefix("www.").strip(".") for domain in domains)
    for account in declared.accounts.values():
        if account.kind not in NO_SERVICE:
            yield from _approved(account, first.get(account.name), declared.today)
            yield from _owned(account, declared)
            yield from _assessed(account, declared)
            yield from _password(account, declared.today)
            yield from _administrator(account, own)
    yield from _unregistered(declared, linked)


def _approved(account: Account, first_post: date | None, today: date) -> Iterator[Finding]:
    if not account.approved_by.strip() or account.approved_on is None:
        missing = "approved_on" if account.approved_by.strip() else "approved_by"
        yield record_finding(
            "C1", "not_approved", account=account.name, register=REGISTER, cell=missing,
            explanation="The register holds no approval of this account by the Headteacher with its date.",
        )  # fmt: skip
    elif account.approved_on > today:
        yield record_finding(
            "C1", "not_approved", account=account.name, register=REGISTER, cell="approved_on",
            value=account.approved_on, explanation="The date of the approval lies in the future.",
        )  # fmt: skip
    elif first_post and first_post < account.approved_on:
        yield record_finding(
            "C1", "approved_late", account=account.name, register=REGISTER, cell="approved_on",
            value=account.approved_on,
            explanation=f"The earliest post seen is of {_day(first_post)}, before the day of approval. "
            "If an earlier approval exists, put its date into the register.",
        )  # fmt: skip


def _owned(account: Account, declared: Declared) -> Iterator[Finding]:
    owner = account.owner.strip()
    if not owner:
        yield record_finding(
            "C1", "no_owner", account=account.name, register=REGISTER, cell="owner",
            explanation="The register names nobody who looks after this account.",
        )  # fmt: skip
    elif declared.staff and owner.casefold() not in _known_as(declared):
        yield record_finding(
            "C1", "owner_gone", account=account.name, register=REGISTER, cell="owner", value=owner,
            explanation="consent/staff.csv holds neither a role nor a person of this name. "
            "Name who looks after the account now.",
        )  # fmt: skip


def _known_as(declared: Declared) -> set[str]:
    known = set()
    for member in declared.staff:
        names = (f"{member.forename} {member.surname}", f"{member.title} {member.surname}")
        full = f"{member.title} {member.forename} {member.surname}"
        known |= {name.strip().casefold() for name in (member.role, *names, full) if name.strip()}
    return known


def _assessed(account: Account, declared: Declared) -> Iterator[Finding]:
    named = account.risk_assessment.strip()
    if not named:
        yield record_finding(
            "C2", "no_risk_assessment", account=account.name, register=REGISTER, cell="risk_assessment",
            explanation="No risk assessment is recorded. Make one with: auditbot risk-assessment new "
            f"{account.name!r}",
        )  # fmt: skip
    elif named not in declared.risk_assessments:
        yield record_finding(
            "C2", "no_risk_assessment", account=account.name, register=REGISTER, cell="risk_assessment", value=named,
            explanation="config/risk_assessments holds no form of this name.",
        )  # fmt: skip


def _password(account: Account, today: date) -> Iterator[Finding]:
    changed = account.password_changed_on
    if account.password_meets_rule is not True:
        said = "" if account.password_meets_rule is None else "false"
        yield record_finding(
            "C3", "password_rule", account=account.name, register=REGISTER, cell="password_meets_rule", value=said,
            explanation="It is not declared that the password meets the policy’s rule (8 or more characters with "
            "capital and small letters, numbers and symbols). The password itself is never asked for.",
        )  # fmt: skip
    if changed is None or changed > today:
        yield record_finding(
            "C3", "password_date", account=account.name, register=REGISTER, cell="password_changed_on", value=changed,
            explanation="The register does not say when the password was last changed."
            if changed is None
            else "The day on which the password was changed lies in the future.",
        )  # fmt: skip
        return
    due = changed + timedelta(days=PASSWORD_DAYS)
    if due < today:
        yield record_finding(
            "C3", "password_overdue", account=account.name, register=REGISTER, cell="password_changed_on",
            value=changed, explanation=f"Passwords are changed every eight weeks: it was due on {_day(due)}.",
        )  # fmt: skip
    elif due - today <= timedelta(days=REMIND_DAYS):
        yield record_finding(
            "C3", "password_due", account=account.name, register=REGISTER, cell="password_changed_on", value=changed,
            explanation=f"Passwords are changed every eight weeks: it is due by {_day(due)}.", band="review",
        )  # fmt: skip


def _administrator(account: Account, own: tuple[str, ...]) -> Iterator[Finding]:
    address = account.administrator_email.strip().lower()
    domain = address.rpartition("@")[2].rstrip(".")
    if not address:
        yield record_finding(
            "C4", "administrator_missing", account=account.name, register=REGISTER, cell="administrator_email",
            explanation="The register does not say which e-mail address administers the account.",
        )  # fmt: skip
    elif own and not any(domain == mine or domain.endswith(f".{mine}") for mine in own):
        yield record_finding(
            "C4", "administrator_outside", account=account.name, register=REGISTER, cell="administrator_email",
            value=account.administrator_email, severity="week",
            explanation=f"The address is outside the school’s own domains ({', '.join(own)}).",
        )  # fmt: skip


def _unregistered(declared: Declared, linked: Iterable[LinkedAccount]) -> Iterator[Finding]:
    registered = {account_key(account.url) for account in declared.accounts.values() if account.url}
    registered |= {account_key(url) for url in declared.declarations.not_ours}
    for link in linked:
        if account_key(link.url) not in registered:
            yield record_finding(
                "C1", "unregistered_account", register=REGISTER, cell=link.service, value=link.url, severity="week",
                band="review",
                explanation=f"The school’s pages lead to this account ({link.found_on}), and the register of accounts "
                "does not hold it. If it is the school’s own, it needs the Headteacher’s approval and an entry; "
                "if it is somebody else’s, note that under not_ours in config/declarations.toml.",
            )  # fmt: skip


def account_key(url: str) -> str:
    """Return what two addresses of the same account share: host without www or m, and path, in small letters."""
    rest, _, query = url.lower().split("://", 1)[-1].split("#", 1)[0].partition("?")
    number = re.search(r"(?:^|&)id=(\d+)", query) if "profile.php" in rest else None
    rest = f"{rest}/{number[1]}" if number else rest.rstrip("/")
    host, _, path = rest.partition("/")
    for prefix in ("www.", "m.", "mobile.", "en-gb."):
        host = host.removeprefix(prefix)
    host = {"twitter.com": "x.com", "fb.com": "facebook.com", "youtu.be": "youtube.com"}.get(host, host)
    return f"{host}/{path.removeprefix('@')}"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


# A1, A3, E1: documents on file.

DECLARATIONS = "config/declarations.toml"
DOCUMENTS = {
    "A1": "the acceptable use policy",
    "A3": "the e-safety policy with its sanctions",
    "E1": "the e-safety or anti-bullying policy with its sanctions",
}
URGENT = frozenset({"C5", "C9", "C11", "C12", "E2"})


def check_documents(declared: Declared) -> Iterator[Finding]:
    """Yield which documents that the policy rests on are not on file, or due for review."""
    for clause, name in DOCUMENTS.items():
        if clause not in declared.clauses:
            continue
        held = [document for document in declared.declarations.document if document.clause == clause]
        if not held:
            yield record_finding(
                clause, "document_missing", register=DECLARATIONS, cell=f"document {clause}",
                explanation=f"No entry says that {name} is on file.",
            )  # fmt: skip
        elif all(document.review_on <= declared.today for document in held):
            latest = max(held, key=lambda document: document.review_on)
            yield record_finding(
                clause, "document_review", register=DECLARATIONS, cell=f"document {clause}", value=latest.review_on,
                explanation=f"“{latest.title}” was due for review on this day.",
            )  # fmt: skip


def check_event_photos(declared: Declared, posts: Iterable[Post]) -> Iterator[Finding]:
    """Yield, once for each account, how many posts with photos no approval by the Headteacher covers (B2)."""
    if "B2" not in declared.clauses:
        return
    without: dict[str, list[Post]] = {}
    for post in posts:
        if post.photos and post.published_at and post.account in declared.accounts:
            day = post.published_at.date()
            given = declared.declarations.event_approval
            if not any(approval.covers(post.account, day, declared.today) for approval in given):
                without.setdefault(post.account, []).append(post)
    for account, found in without.items():
        newest = max(found, key=lambda post: (str(post.published_at), post.url))
        posts_with = "1 post with photos is" if len(found) == 1 else f"{len(found)} posts with photos are"
        yield record_finding(
            "B2", "no_event_approval", account=account, register=DECLARATIONS, cell="event_approval", severity="week",
            band="review",
            explanation=f"{posts_with} covered by no approval of the Headteacher; the newest is {newest.url}. "
            "Enter an approval for the event, or a standing one for the account.",
        )  # fmt: skip


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
        explanation=f"Reported on {reported.day} {reported:%B %Y} ({concern.reported_by}), concern {concern.id}. "
        f"It stays here until it is closed with: auditbot concern close {concern.id}",
    )


# A2 and F: each tool assessed before it is used, each form filled in, authorised and in date.


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
