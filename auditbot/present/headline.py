"""What stands first: new, overdue, asked and gone since last time; counted once, for page, mail and terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditbot.decisions.decided import State
from auditbot.model import Audit, TrackedFinding
from auditbot.present.cards import Card
from auditbot.present.kinds import Risk
from auditbot.sentences import _, _n, say

LONGEST_LIST = 10
"""So many lines a list on the first screen has at most."""


def still_there(findings: Iterable[TrackedFinding]) -> tuple[TrackedFinding, ...]:
    """Return the findings somebody may have to act on: all but those that are gone."""
    return tuple(tracked for tracked in findings if tracked.state != "gone")


@dataclass(frozen=True, slots=True)
class Headline:
    """What the first box says; a photo or post with several findings counts once."""

    first_night: bool
    """True if this is the first audit: everything is new then, and most of it may wait."""
    fresh: tuple[Card, ...]
    """What was not there when the audit before looked, or is back, and nobody has decided yet."""
    overdue: tuple[Card, ...]
    """What should be gone by now."""
    to_decide: tuple[Card, ...]
    """All that needs a decision, in the order of risk, but for the backlog and words to read."""
    waiting: tuple[Card, ...]
    """What waits for a second person or a day."""
    to_come_down: tuple[Card, ...]
    """What is to come down, and nobody was asked yet."""
    asked: tuple[Card, ...]
    """What somebody was asked to take down, and is still there."""
    gone_once: tuple[Card, ...]
    """What one visit found gone."""
    to_read: tuple[Card, ...]
    """Words that somebody should read, undecided."""
    backlog: tuple[Card, ...]
    """What was found on the first night and may wait its turn, undecided."""
    stays_up: tuple[Card, ...]
    """What somebody decided to leave up."""
    gone: tuple[TrackedFinding, ...]
    """What was proved gone since the audit before."""
    ended: tuple[TrackedFinding, ...]
    """What ended for another reason since the audit before."""
    no_finding: int
    """Posts that were reached and gave no finding."""
    posts: int
    """Posts reached in this audit."""
    accounts: int
    """Accounts in this audit."""
    not_reached: int
    """Accounts of which nothing was checked."""
    in_part: int
    """Accounts of which something was not checked."""
    complete: bool
    """True if nothing was left unchecked."""
    everywhere: tuple[str, ...]
    """Why something was not checked in any account, as sentences."""

    @property
    def nothing_reached(self) -> bool:
        """True if no post was reached and that is not as it should be."""
        return self.posts == 0 and not self.complete

    def first(self) -> tuple[Card, ...]:
        """Return what stands in the list on the first screen: new, then overdue, then what else is due, by risk."""
        ordered = (*self.fresh, *self.overdue, *self.to_decide) if not self.first_night else self.to_decide
        return tuple(_apart({card.number: card for card in ordered if not card.backlog}.values())[0])

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Return the first line in parts: each a number (or "") and the words after it."""
        before: list[tuple[str, str]] = [("", say("Nothing was reached"))] if self.nothing_reached else []
        parts: list[tuple[str, str]] = []
        new = 0
        to_decide, gaps = _apart(self.to_decide)
        if self.first_night:
            parts += [(str(len(to_decide)), say("to decide first"))] if to_decide else []
        else:
            new = len([card for card in _apart(self.fresh)[0] if not card.backlog])
            parts += [(str(new), say("new"))] if new else []
            overdue = _apart(self.overdue)[0]
            parts += [(str(len(overdue)), say("overdue"))] if overdue else []
            told = {card.number for card in (*self.fresh, *self.overdue)}
            rest = [card for card in to_decide if card.number not in told]
            parts += [(str(len(rest)), say("to decide"))] if rest else []
        waiting = len(self.to_come_down) + len(self.waiting)
        parts += [(str(waiting), say("decided, not done yet"))] if waiting else []
        parts += [(str(len(self.asked)), say("asked, still up"))] if self.asked else []
        gone = len({(tracked.finding.account, tracked.finding.post_url) for tracked in self.gone})
        parts += [(str(gone), say("gone since last time"))] if gone else []
        parts += [(str(len(self.to_read)), say("please read"))] if self.to_read else []
        parts += [(str(len(self.backlog)), say("in old posts, week by week"))] if self.backlog else []
        parts += [(str(len(gaps)), say("in the school’s own records"))] if gaps else []
        if not self.first_night and not new and (before or parts or self.first()):
            before += [("", say("Nothing new"))]
        return (*before, *parts) or (("", say("Nothing needs a decision")),)

    def line(self) -> str:
        """Return the first line as text: "1 new · 2 overdue · ..."."""
        return " · ".join(f"{number} {words}".strip() for number, words in self.parts())

    def meaning(self) -> tuple[str, ...]:
        """Return how far the audit reached, in sentences; the first says whether it is complete."""
        if self.nothing_reached:
            nothing = _(
                "This audit is incomplete: nothing was reached, so it says nothing about what is published now."
            )
            return (nothing, _("What stands below comes from earlier audits and may still be up."))
        looked = _n(
            "1 post was looked at, %(no_finding)s of them with no finding.",
            "%(count)s posts were looked at, %(no_finding)s of them with no finding.",
            self.posts,
            no_finding=self.no_finding,
        )
        if self.complete:
            all_of_it = _("Everything this audit set out to look at was reached.")
            return (f"{looked} {all_of_it}", *self.everywhere)
        parts = [looked, _("This audit is incomplete.")]
        away = _n("%(count)s source not reached", "%(count)s sources not reached", self.not_reached)
        partly = _n("%(count)s source reached in part", "%(count)s sources reached in part", self.in_part)
        but = "; ".join([away] * bool(self.not_reached) + [partly] * bool(self.in_part))
        parts += [f"{but}."] if but else []
        return (" ".join(parts), *self.everywhere)


def _apart(made: Iterable[Card]) -> tuple[list[Card], list[Card]]:
    """Return what is published, and the gaps of the school's own records, which the page counts apart too."""
    found: list[Card] = []
    gaps: list[Card] = []
    for card in made:
        (gaps if card.risk is Risk.RECORDS else found).append(card)
    return found, gaps


def headline(audit: Audit, made: Sequence[Card], *, first_night: bool = False) -> Headline:
    """Count what the first box says; ``made`` are the cards of this audit, in their order."""
    status = {entry.account: entry.status for entry in audit.coverage}
    left_out = {item.account for item in audit.not_checked if item.account and not item.aside}
    not_reached = {name for name, state in status.items() if state in ("walled", "error")} | (left_out - set(status))
    in_part = ({name for name, state in status.items() if state == "partial"} | left_out) - not_reached
    new = [card for card in made if card.state is State.NEW]
    gone = [tracked for tracked in audit.findings if tracked.state == "gone"]
    return Headline(
        first_night=first_night,
        fresh=tuple(card for card in new if card.news and not card.to_read),
        overdue=tuple(card for card in made if card.overdue and not card.to_read),
        to_decide=tuple(card for card in new if not card.backlog and not card.to_read),
        waiting=_in(made, State.WAITING),
        to_come_down=_in(made, State.TO_COME_DOWN),
        asked=_in(made, State.ASKED),
        gone_once=_in(made, State.GONE_ONCE),
        to_read=tuple(card for card in new if card.to_read and not card.backlog),
        backlog=tuple(card for card in new if card.backlog),
        stays_up=_in(made, State.STAYS_UP),
        gone=tuple(tracked for tracked in gone if tracked.proof),
        ended=tuple(tracked for tracked in gone if not tracked.proof),
        no_finding=audit.posts_without_finding,
        posts=sum(entry.posts for entry in audit.coverage),
        accounts=len(set(status) | left_out),
        not_reached=len(not_reached),
        in_part=len(in_part),
        complete=audit.complete,
        everywhere=tuple(dict.fromkeys(item.reason for item in audit.not_checked if not item.account)),
    )


def _in(made: Sequence[Card], state: State) -> tuple[Card, ...]:
    return tuple(card for card in made if card.state is state)
