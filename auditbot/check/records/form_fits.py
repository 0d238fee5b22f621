"""Whether a risk assessment is of this account or tool: its day, its service, its year groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from auditbot.registers.accounts import Account
from auditbot.registers.risk_assessments import RiskAssessment
from auditbot.sentences import Sentence, say


def does_not_fit(account: Account, form: RiskAssessment, first_post: date | None) -> Iterator[tuple[str, Sentence]]:
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
    yield from fewer_years(account.year_groups, form)


def fewer_years(used: Sequence[str], form: RiskAssessment) -> Iterator[tuple[str, Sentence]]:
    """Yield the year groups that use something and that its form does not cover, as one sentence; nothing if none."""
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
