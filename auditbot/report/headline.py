"""The numbers at the top of every report: counted once, here, for the page, the terminal and the e-mail alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditbot.model import Audit, Severity, TrackedFinding

SEVERITIES: tuple[Severity, ...] = ("today", "week", "governance")
Subject = tuple[str, str]
"""Account and permalink. Findings about an account itself have an empty permalink."""


def still_there(findings: Iterable[TrackedFinding]) -> tuple[TrackedFinding, ...]:
    """Return the findings somebody has to act on: all but those that are gone."""
    return tuple(tracked for tracked in findings if tracked.state != "gone")


def worst(severities: Iterable[Severity]) -> Severity:
    """Return the most urgent of ``severities``."""
    return min(severities, key=SEVERITIES.index)


@dataclass(frozen=True, slots=True)
class Headline:
    """What the first box says. A post with several findings counts once, under the most urgent."""

    today: int
    """Posts that need action today."""
    week: int
    """Posts that need action this week."""
    governance: int
    """Posts or accounts with a matter for governance."""
    no_finding: int
    """Posts that were reached and gave no finding."""
    not_reached: int
    """Accounts of which nothing was checked."""
    in_part: int
    """Accounts of which something was not checked."""
    accounts: int
    """Accounts in this audit."""
    posts: int
    """Posts reached in this audit."""
    complete: bool
    """True if nothing was left unchecked."""
    everywhere: tuple[str, ...]
    """Why something was not checked in any account, as sentences."""

    @property
    def findings(self) -> int:
        """How many posts or accounts have a finding."""
        return self.today + self.week + self.governance

    @property
    def nothing_reached(self) -> bool:
        """True if no post was reached and that is not as it should be."""
        return self.posts == 0 and not self.complete

    def parts(self) -> tuple[tuple[str, str, str], ...]:
        """Return the first line of the report in parts: what it is about, the number (or ""), the words after it."""
        parts: list[tuple[str, str, str]] = []
        if self.findings:
            parts += [("today", str(self.today), "needs action today" if self.today == 1 else "need action today")]
            parts += [("week", str(self.week), "this week")]
            if self.governance:
                parts += [("governance", str(self.governance), "for governance")]
        else:
            words = "Nothing was reached" if self.nothing_reached else "No findings in what was reached"
            parts += [("none", "", words)]
        parts += [("rest", str(self.no_finding), f"{_plural('post', self.no_finding)} with no finding")]
        parts += [("sources", str(self.not_reached), f"{_plural('source', self.not_reached)} not checked")]
        if self.in_part:
            parts += [("sources", str(self.in_part), f"{_plural('source', self.in_part)} checked in part")]
        return tuple(parts)

    def line(self) -> str:
        """Return the first line as text: "2 need action today · 3 this week · ..."."""
        return " · ".join(f"{number} {words}".strip() for _, number, words in self.parts())

    def meaning(self) -> tuple[str, ...]:
        """Return what the numbers mean, in sentences; the first says whether the audit is complete."""
        if self.nothing_reached:
            nothing = "This audit is incomplete: nothing was reached, so it says nothing about what is published now."
            earlier = "The findings below come from earlier audits and may still be up."
            return (nothing, earlier) if self.findings else (nothing,)
        if self.complete:
            first = "Everything this audit set out to look at was reached."
        else:
            first = "This audit is incomplete. Read what could not be checked before you rely on the numbers."
        second = (
            "“No finding” means that the checks found nothing in what was reached. "
            "It does not promise that nothing is there."
        )
        return (first, *self.everywhere, second)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def headline(audit: Audit) -> Headline:
    """Count what the first box says."""
    subjects: dict[Subject, list[Severity]] = {}
    for tracked in still_there(audit.findings):
        finding = tracked.finding
        subjects.setdefault((finding.account, finding.post_url), []).append(finding.severity)
    found = [worst(severities) for severities in subjects.values()]
    status = {entry.account: entry.status for entry in audit.coverage}
    left_out = {item.account for item in audit.not_checked if item.account and not item.aside}
    not_reached = {name for name, state in status.items() if state in ("walled", "error")} | (left_out - set(status))
    in_part = ({name for name, state in status.items() if state == "partial"} | left_out) - not_reached
    return Headline(
        today=found.count("today"),
        week=found.count("week"),
        governance=found.count("governance"),
        no_finding=audit.posts_without_finding,
        not_reached=len(not_reached),
        in_part=len(in_part),
        accounts=len(set(status) | left_out),
        posts=sum(entry.posts for entry in audit.coverage),
        complete=audit.complete,
        everywhere=tuple(dict.fromkeys(item.reason for item in audit.not_checked if not item.account)),
    )
