"""C1 to C4: each account approved before it was used, assessed, with a fresh password and the school's own e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from auditbot.check.records.form_fits import does_not_fit
from auditbot.check.records.record_findings import is_one_of, one_of, record_finding, roles_of
from auditbot.model import Band, Finding, LinkedAccount, Post, Severity
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared
from auditbot.registers.policy_checks import CheckName, is_filled
from auditbot.sentences import Sentence, say

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
            yield from _approved(account, first.get(account.name), declared)
            yield from _owned(account, declared)
            yield from _assessed(account, first.get(account.name), declared)
            yield from _password(account, declared)
            yield from _administrator(account, own)
    yield from _unregistered(declared, linked)


def _of_account(
    account: Account,
    clause: str,
    kind: str,
    cell: str,
    *,
    value: object = "",
    explanation: Sentence,
    severity: Severity = "governance",
    band: Band = "breach",
) -> Finding:
    return record_finding(
        clause,
        kind,
        account=account.name,
        register=REGISTER,
        cell=cell,
        value=value,
        explanation=explanation,
        severity=severity,
        band=band,
    )


def _approved(account: Account, first_post: date | None, declared: Declared) -> Iterator[Finding]:
    today, roles = declared.today, roles_of(declared, CheckName.SERVICE_APPROVED)
    by = account.approved_by if is_filled(account.approved_by) else ""
    if by and account.approved_on and not is_one_of(by, roles, declared):
        yield _of_account(
            account,
            "C1",
            "not_approved",
            "approved_by",
            value=by,
            explanation=say(
                "The policy asks for the approval of %(roles)s, and the register names somebody else.",
                roles=one_of(roles),
            ),
        )
    if not by or account.approved_on is None:
        missing = "approved_on" if by else "approved_by"
        yield _of_account(
            account,
            "C1",
            "not_approved",
            missing,
            explanation=say("The register holds no approval of this account by the Headteacher with its date."),
        )
    elif account.approved_on > today:
        yield _of_account(
            account,
            "C1",
            "not_approved",
            "approved_on",
            value=account.approved_on,
            explanation=say("The date of the approval lies in the future."),
        )
    elif first_post and first_post < account.approved_on:
        yield _of_account(
            account,
            "C1",
            "approved_late",
            "approved_on",
            value=account.approved_on,
            explanation=say(
                "The earliest post seen is of %(first_post)s, before the day of approval. If an earlier approval "
                "exists, put its date into the register.",
                first_post=first_post,
            ),
        )


def _owned(account: Account, declared: Declared) -> Iterator[Finding]:
    owner = account.owner.strip()
    if not is_filled(owner):
        yield _of_account(
            account,
            "C1",
            "no_owner",
            "owner",
            explanation=say("The register names nobody who looks after this account."),
        )
    elif declared.staff and owner.casefold() not in _known_as(declared):
        yield _of_account(
            account,
            "C1",
            "owner_gone",
            "owner",
            value=owner,
            explanation=say(
                "consent/staff.csv holds neither a role nor a person of this name. "
                "Name who looks after the account now."
            ),
        )


def _known_as(declared: Declared) -> set[str]:
    known = set()
    for member in declared.staff:
        names = (f"{member.forename} {member.surname}", f"{member.title} {member.surname}")
        full = f"{member.title} {member.forename} {member.surname}"
        known |= {name.strip().casefold() for name in (member.role, *names, full) if name.strip()}
    return known


def _assessed(account: Account, first_post: date | None, declared: Declared) -> Iterator[Finding]:
    named = account.risk_assessment.strip() if is_filled(account.risk_assessment) else ""
    if not named:
        yield _of_account(
            account,
            "C2",
            "no_risk_assessment",
            "risk_assessment",
            explanation=say(
                "No risk assessment is recorded. Make one with: auditbot risk-assessment new %(name)s",
                name=repr(account.name),
            ),
        )
    elif named not in declared.risk_assessments:
        yield _of_account(
            account,
            "C2",
            "no_risk_assessment",
            "risk_assessment",
            value=named,
            explanation=say("config/risk_assessments holds no form of this name."),
        )
    else:
        for cell, wrong in does_not_fit(account, declared.risk_assessments[named], first_post):
            yield _of_account(
                account,
                "C2",
                "no_risk_assessment",
                f"risk_assessment {cell}",
                value=named,
                explanation=wrong,
            )


def _password(account: Account, declared: Declared) -> Iterator[Finding]:
    today, clause = declared.today, declared.clauses.behind(CheckName.PASSWORDS)
    days = clause.days if clause and clause.days else PASSWORD_DAYS
    every = say("every eight weeks") if days == PASSWORD_DAYS else say("after %(days)s days", days=days)
    changed = account.password_changed_on
    if account.password_meets_rule is not True:
        said = "" if account.password_meets_rule is None else "false"
        yield _of_account(
            account,
            "C3",
            "password_rule",
            "password_meets_rule",
            value=said,
            explanation=say(
                "It is not declared that the password meets the policy’s rule (8 or more characters with "
                "capital and small letters, numbers and symbols). The password itself is never asked for."
            ),
        )
    if changed is None or changed > today:
        yield _of_account(
            account,
            "C3",
            "password_date",
            "password_changed_on",
            value=changed,
            explanation=say("The register does not say when the password was last changed.")
            if changed is None
            else say("The day on which the password was changed lies in the future."),
        )
        return
    due = declared.clauses.due(changed + timedelta(days=days))
    if due < today:
        yield _of_account(
            account,
            "C3",
            "password_overdue",
            "password_changed_on",
            value=changed,
            explanation=say("Passwords are changed %(every)s: it was due on %(due)s.", every=every, due=due),
        )
    elif due - today <= timedelta(days=REMIND_DAYS):
        yield _of_account(
            account,
            "C3",
            "password_due",
            "password_changed_on",
            value=changed,
            explanation=say("Passwords are changed %(every)s: it is due by %(due)s.", every=every, due=due),
            band="review",
        )


def _administrator(account: Account, own: tuple[str, ...]) -> Iterator[Finding]:
    address = account.administrator_email.strip().lower() if is_filled(account.administrator_email) else ""
    domain = address.rpartition("@")[2].rstrip(".")
    if not address:
        yield _of_account(
            account,
            "C4",
            "administrator_missing",
            "administrator_email",
            explanation=say("The register does not say which e-mail address administers the account."),
        )
    elif own and not any(domain == mine or domain.endswith(f".{mine}") for mine in own):
        yield _of_account(
            account,
            "C4",
            "administrator_outside",
            "administrator_email",
            value=account.administrator_email,
            severity="week",
            explanation=say("The address is outside the school’s own domains (%(own)s).", own=", ".join(own)),
        )


def _unregistered(declared: Declared, linked: Iterable[LinkedAccount]) -> Iterator[Finding]:
    registered = {account_key(account.url) for account in declared.accounts.values() if account.url}
    registered |= {account_key(url) for url in declared.declarations.not_ours}
    for link in linked:
        if account_key(link.url) not in registered:
            yield record_finding(
                "C1",
                "unregistered_account",
                register=REGISTER,
                cell=f"{link.service} {account_key(link.url)}",  # a service may hold several accounts
                value=link.url,
                severity="week",
                band="review",
                explanation=say(
                    "The school’s pages lead to this account (%(found_on)s), and the register of accounts does not "
                    "hold it. If it is the school’s own, it needs the Headteacher’s approval and an entry; if it is "
                    "somebody else’s, note that under not_ours in config/declarations.toml.",
                    found_on=link.found_on,
                ),
            )


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
