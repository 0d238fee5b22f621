"""C1 to C4: each account approved before it was used, assessed, with a fresh password and the school's own e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from auditbot.model import Band, Finding, LinkedAccount, Post, Severity, TextEvidence
from auditbot.model.found import finding_id
from auditbot.registers.accounts import Account
from auditbot.registers.declared import Declared
from auditbot.registers.policy import Concern
from auditbot.registers.policy_checks import HEADTEACHER, CheckName, is_filled, names_role
from auditbot.registers.risk_assessments import RiskAssessment, unfinished
from auditbot.sentences import Sentence, either, say, say_n

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
    explanation: Sentence,
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
            yield from _approved(account, first.get(account.name), declared)
            yield from _owned(account, declared)
            yield from _assessed(account, first.get(account.name), declared)
            yield from _password(account, declared)
            yield from _administrator(account, own)
    yield from _unregistered(declared, linked)


def _one_of(roles: Sequence[str]) -> str:
    return either([say("the %(role)s", role=role) for role in roles])


def _roles(declared: Declared, check: CheckName) -> tuple[str, ...]:
    clause = declared.clauses.behind(check)
    return clause.whose if clause else HEADTEACHER


def _is_one_of(text: str, roles: Sequence[str], declared: Declared) -> bool:
    """Return whether an approval names one of the roles, or a member of staff who holds one."""
    holders = [member for member in declared.staff if names_role(member.role, roles)]
    people = [f"{each.title} {each.surname}" for each in holders if each.title.strip()]
    people += [f"{each.forename} {each.surname}" for each in holders if each.forename.strip()]
    return names_role(text, roles, people)


def _approved(account: Account, first_post: date | None, declared: Declared) -> Iterator[Finding]:
    today, roles = declared.today, _roles(declared, CheckName.SERVICE_APPROVED)
    by = account.approved_by if is_filled(account.approved_by) else ""
    if by and account.approved_on and not _is_one_of(by, roles, declared):
        yield record_finding(
            "C1",
            "not_approved",
            account=account.name,
            register=REGISTER,
            cell="approved_by",
            value=by,
            explanation=say(
                "The policy asks for the approval of %(roles)s, and the register names somebody else.",
                roles=_one_of(roles),
            ),
        )
    if not by or account.approved_on is None:
        missing = "approved_on" if by else "approved_by"
        yield record_finding(
            "C1",
            "not_approved",
            account=account.name,
            register=REGISTER,
            cell=missing,
            explanation=say("The register holds no approval of this account by the Headteacher with its date."),
        )
    elif account.approved_on > today:
        yield record_finding(
            "C1",
            "not_approved",
            account=account.name,
            register=REGISTER,
            cell="approved_on",
            value=account.approved_on,
            explanation=say("The date of the approval lies in the future."),
        )
    elif first_post and first_post < account.approved_on:
        yield record_finding(
            "C1",
            "approved_late",
            account=account.name,
            register=REGISTER,
            cell="approved_on",
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
        yield record_finding(
            "C1",
            "no_owner",
            account=account.name,
            register=REGISTER,
            cell="owner",
            explanation=say("The register names nobody who looks after this account."),
        )
    elif declared.staff and owner.casefold() not in _known_as(declared):
        yield record_finding(
            "C1",
            "owner_gone",
            account=account.name,
            register=REGISTER,
            cell="owner",
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
        yield record_finding(
            "C2",
            "no_risk_assessment",
            account=account.name,
            register=REGISTER,
            cell="risk_assessment",
            explanation=say(
                "No risk assessment is recorded. Make one with: auditbot risk-assessment new %(name)s",
                name=repr(account.name),
            ),
        )
    elif named not in declared.risk_assessments:
        yield record_finding(
            "C2",
            "no_risk_assessment",
            account=account.name,
            register=REGISTER,
            cell="risk_assessment",
            value=named,
            explanation=say("config/risk_assessments holds no form of this name."),
        )
    else:
        for cell, wrong in _does_not_fit(account, declared.risk_assessments[named], first_post):
            yield record_finding(
                "C2",
                "no_risk_assessment",
                account=account.name,
                register=REGISTER,
                cell=f"risk_assessment {cell}",
                value=named,
                explanation=wrong,
            )


def _does_not_fit(account: Account, form: RiskAssessment, first_post: date | None) -> Iterator[tuple[str, Sentence]]:
    """Yield in what a form is not this account's: made after its first use, for another service, for fewer years."""
    made = form.first_assessed_on or form.date
    if made and first_post and made > first_post:
        yield (
            "date",
            (
                say(
                    "The assessment is of %(made)s, and the earliest post seen is of %(first_post)s. If an earlier "
                    "assessment exists, write its day under first_assessed_on.",
                    made=made,
                    first_post=first_post,
                )
            ),
        )
    services = {name for name in SERVICE_NAMES if re.search(rf"\b{name}\b", form.name, re.IGNORECASE)}
    own = SERVICE_NAMES_OF.get(account.kind, frozenset({account.kind}))
    if services and not services & own and account.name.casefold() not in form.name.casefold():
        yield "service", say("The assessment is of another service.")
    yield from _fewer_years(account.year_groups, form)


def _fewer_years(used: Sequence[str], form: RiskAssessment) -> Iterator[tuple[str, Sentence]]:
    assessed = {_year(group) for group in form.year_groups}
    lacking = [group for group in used if _year(group) not in assessed]
    if lacking and form.year_groups and not assessed & {"all", "wholeschool", "everybody"}:
        yield "year groups", say("The assessment does not cover the year groups %(groups)s.", groups=", ".join(lacking))


def _year(group: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", group.casefold()).removeprefix("year").removeprefix("yr").removeprefix("y")
    return {"reception": "r", "rec": "r", "eyfs": "r", "nursery": "n", "ecption": "r"}.get(plain, plain)


SERVICE_NAMES_OF: Mapping[str, frozenset[str]] = {
    "x": frozenset({"x", "twitter"}),
    **{each: frozenset({each}) for each in ("facebook", "instagram", "youtube", "bluesky", "mastodon", "threads")},
}
SERVICE_NAMES = frozenset().union(*SERVICE_NAMES_OF.values()) | {"tiktok", "snapchat", "whatsapp", "linkedin"}
"""Names by which a form says which service it is of."""


def _password(account: Account, declared: Declared) -> Iterator[Finding]:
    today, clause = declared.today, declared.clauses.behind(CheckName.PASSWORDS)
    days = clause.days if clause and clause.days else PASSWORD_DAYS
    every = say("every eight weeks") if days == PASSWORD_DAYS else say("after %(days)s days", days=days)
    changed = account.password_changed_on
    if account.password_meets_rule is not True:
        said = "" if account.password_meets_rule is None else "false"
        yield record_finding(
            "C3",
            "password_rule",
            account=account.name,
            register=REGISTER,
            cell="password_meets_rule",
            value=said,
            explanation=say(
                "It is not declared that the password meets the policy’s rule (8 or more characters with "
                "capital and small letters, numbers and symbols). The password itself is never asked for."
            ),
        )
    if changed is None or changed > today:
        yield record_finding(
            "C3",
            "password_date",
            account=account.name,
            register=REGISTER,
            cell="password_changed_on",
            value=changed,
            explanation=say("The register does not say when the password was last changed.")
            if changed is None
            else say("The day on which the password was changed lies in the future."),
        )
        return
    due = declared.clauses.due(changed + timedelta(days=days))
    if due < today:
        yield record_finding(
            "C3",
            "password_overdue",
            account=account.name,
            register=REGISTER,
            cell="password_changed_on",
            value=changed,
            explanation=say("Passwords are changed %(every)s: it was due on %(due)s.", every=every, due=due),
        )
    elif due - today <= timedelta(days=REMIND_DAYS):
        yield record_finding(
            "C3",
            "password_due",
            account=account.name,
            register=REGISTER,
            cell="password_changed_on",
            value=changed,
            explanation=say("Passwords are changed %(every)s: it is due by %(due)s.", every=every, due=due),
            band="review",
        )


def _administrator(account: Account, own: tuple[str, ...]) -> Iterator[Finding]:
    address = account.administrator_email.strip().lower() if is_filled(account.administrator_email) else ""
    domain = address.rpartition("@")[2].rstrip(".")
    if not address:
        yield record_finding(
            "C4",
            "administrator_missing",
            account=account.name,
            register=REGISTER,
            cell="administrator_email",
            explanation=say("The register does not say which e-mail address administers the account."),
        )
    elif own and not any(domain == mine or domain.endswith(f".{mine}") for mine in own):
        yield record_finding(
            "C4",
            "administrator_outside",
            account=account.name,
            register=REGISTER,
            cell="administrator_email",
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
                cell=link.service,
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


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


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
    roles = _roles(declared, CheckName.EVENT_PHOTOS)
    given = [each for each in declared.declarations.event_approval if _is_one_of(each.approved_by, roles, declared)]
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
                roles=_one_of(roles),
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
    roles = _roles(declared, CheckName.FORM)
    for name, form in declared.risk_assessments.items():
        missing = unfinished(form, declared.today)
        if is_filled(form.authorised_by) and not _is_one_of(form.authorised_by, roles, declared):
            missing.append(("Authorisation", say("it names somebody else than %(roles)s", roles=_one_of(roles))))
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
        elif lacking := next(_fewer_years(tool.year_groups, form_of_tool), None):
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
