"""C1 to C4: each account approved before it was used, assessed, with a fresh password and the school's own e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from auditbot.check.records import record_finding
from auditbot.model import Finding, LinkedAccount, Post
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared

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
