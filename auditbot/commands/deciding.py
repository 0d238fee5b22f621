"""``auditbot decide``, ``ask``, ``undo``, ``history`` and ``refer``: what the page does, at the keyboard.

None of them takes the audit's lock: a decision can be recorded while an audit runs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

from auditbot.commands.common import COMPLETE, a_day, a_day_or_moment, workspace_of
from auditbot.decisions.decide import Said, drafts, referred_before
from auditbot.decisions.decided import Decided, Facts, decided
from auditbot.decisions.event import REASONS, Action, Draft, Event, Reason
from auditbot.decisions.ledger import FILE_NAME, Ledger
from auditbot.decisions.standing import Standing
from auditbot.decisions.subject import post_key, whole_subject
from auditbot.errors import NoAuditYet, NoSuchFinding, NotInTheFuture, NotReferredToThem, UnknownAccount
from auditbot.examine.faces.learn import offer_in_words, worth_learning
from auditbot.model import Audit, Finding
from auditbot.model.found import finding_id
from auditbot.present import wording
from auditbot.present.cards import cards
from auditbot.present.report_context import ReportContext
from auditbot.present.takedown import Ask, Letter, comes_down, letters
from auditbot.registers.changes.accepted import register_lock
from auditbot.registers.declared import read_declared
from auditbot.registers.policy import Concern, read_casework, read_policy
from auditbot.registers.policy_checks import CheckName
from auditbot.registers.secrets import find_key
from auditbot.report.joined import joined
from auditbot.run import local_now
from auditbot.sentences import _
from auditbot.settings import Settings, Workspace, load_settings
from auditbot.store import Store

DECISIONS = {
    "down": Action.DOWN,
    "not-so": Action.NOT_SO,
    "no-pupil": Action.NO_PUPIL,
    "permitted": Action.PERMITTED,
    "wait": Action.WAIT,
    "agree": Action.SECOND,
    "disagree": Action.SECOND_NO,
}
"""What each decision is called on the command line."""
REFERRED_TO = {
    "Headteacher": Reason.HEADTEACHER,
    "LADO": Reason.LADO,
    "DPO": Reason.DATA_PROTECTION,
    "police": Reason.POLICE,
}
"""To whom something can be taken."""
ASKED_FOR = {
    Ask.PAGE: Reason.ADDRESS,
    Ask.PHOTO: Reason.PHOTO,
    Ask.FILM: Reason.PHOTO,
    Ask.DOCUMENT: Reason.DOCUMENT,
    Ask.COMMENT: Reason.COMMENT,
    Ask.WORDS: Reason.WORDS,
}
"""What a request asks for, as the reason of its event."""


@dataclass(frozen=True, slots=True)
class OpenDecisions:
    """What decisions are made on: the newest audit, the events, and where each finding stands."""

    settings: Settings
    """The school's settings."""
    audit: Audit
    """The newest audit."""
    ledger: Ledger
    """The open file of decisions."""
    context: ReportContext
    """Names, titles, addresses, and where each finding stands."""
    now: datetime
    """The school's local time."""

    def find(self, name: str) -> Standing:
        """Return the finding of this id, the one whose id begins so, or that of a concern. Raises NoSuchFinding."""
        concern = finding_id("concern", name)
        if concern in self.context.standings:
            return self.context.standings[concern]
        found = [standing for known, standing in self.context.standings.items() if known.startswith(name)]
        if not name or len(found) != 1:
            raise NoSuchFinding(name)
        return found[0]

    def by(self, given: str | None) -> str:
        """Return who acts: as given, or the safeguarding lead."""
        return given or self.settings.school.safeguarding_lead


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[OpenDecisions]:
    """Open what decisions are made on. Raises NoAuditYet if nothing was ever checked."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    now = local_now(settings)
    with register_lock(workspace.consent):
        declared = read_declared(workspace, now.date())
    with Store(workspace.data / "auditbot.db") as store, _ledger(workspace) as ledger:
        latest = store.audits.latest()
        if latest is None:
            raise NoAuditYet(workspace.folder)
        audit = store.audits.load(latest)
        context = joined(workspace, settings, declared, store, audit, ledger.events(), now)
        yield OpenDecisions(settings, audit, ledger, context, now)


def _ledger(workspace: Workspace) -> Ledger:
    return Ledger(workspace.data / FILE_NAME, lambda: find_key(make=True))


def decide(options: argparse.Namespace) -> int:
    """Record one decision about one finding, and say where it stands then."""
    with opened(options) as at:
        standing, settings = at.find(options.finding), at.settings
        said = Said(
            action=DECISIONS[options.decision],
            actor=at.by(options.by),
            reason=Reason(options.reason or ""),
            boxes=tuple(options.box or ()),
            pupil_id=options.pupil or "",
            when=_moment(options.until, at.now) if options.until else None,
            note=options.note,
            acting_for=options.acting_for,
        )
        made = at.ledger.append(drafts(standing.facts, standing.decided, said, at.now))
    with opened(options) as after:
        now = after.find(standing.facts.finding).decided
    print(_("Step %(id)s is recorded. %(state)s.", id=made[0].id, state=wording.STATE[now.state]))
    if now.second_needed:
        print(_("A second person has to agree."))
    if said.action is Action.DOWN:
        _offer_to_learn(standing.tracked.finding, workspace_of(options), settings)
    return COMPLETE


def _offer_to_learn(finding: Finding, workspace: Workspace, settings: Settings) -> None:
    """Offer a confirmed face for learning, while its pupil has fewer photos than are of use."""
    declared = read_declared(workspace, local_now(settings).date())
    with Store(workspace.data / "auditbot.db") as store:
        offered = worth_learning(finding, workspace, settings, declared, store)
    if offered is not None:
        print(
            offer_in_words(offered[1]),
            _("If it is this pupil, learn the face: auditbot confirm %(id)s", id=finding.id[:8]),
        )


def _moment(given: date | datetime, now: datetime) -> datetime:
    """Return the moment that was given, in the school's zone; a day means its end."""
    if not isinstance(given, datetime):
        return datetime.combine(given, time(23, 59), now.tzinfo)
    return given if given.tzinfo else given.replace(tzinfo=now.tzinfo)


def ask(options: argparse.Namespace) -> int:
    """Print one message for each account about what is to come down, and record that it was asked."""
    with opened(options) as at:
        if options.account:
            _check_account(options.account, at)
        wanted = _to_ask(options, at.context)
        gathered = cards(at.audit, at.context)
        written = letters(gathered, at.context, wanted)
        if not written:
            print(_("Nothing waits to be asked for. Decide first: auditbot decide FINDING down"))
            return COMPLETE
        for letter in written:
            owner = letter.owner or _("no owner is recorded")
            print(_("To: %(owner)s (%(account)s)", owner=owner, account=letter.account) + f"\n\n{letter.text()}\n")
        if not options.print_only:
            made = at.ledger.append(list(_asked(written, at, at.by(options.by))))
            print(_("Recorded as asked, step %(id)s. The next audits look whether it is gone.", id=made[0].id))
    return COMPLETE


def _check_account(name: str, at: OpenDecisions) -> None:
    """Raises UnknownAccount for one that neither the register nor a finding has."""
    known = {
        *(entry.name for entry in at.context.accounts),
        *(tracked.finding.account for tracked in at.audit.findings),
    }
    if name not in known:
        raise UnknownAccount(name, sorted(known))


def _to_ask(options: argparse.Namespace, context: ReportContext) -> Callable[[Finding], bool]:
    def wanted(finding: Finding) -> bool:
        return (
            comes_down(finding, context)
            and (not options.account or finding.account == options.account)
            and (not options.pupil or options.pupil in finding.pupil_ids)
            and finding.id.startswith(options.finding)
        )

    return wanted


def _asked(written: Iterable[Letter], at: OpenDecisions, actor: str) -> Iterator[Draft]:
    """Yield one event for each finding that a letter asks for; what it leaves out is not asked for."""
    for request in (one for letter in written for one in letter.requests):
        for finding in request.findings:
            facts = at.context.standings[finding].facts
            yield Draft(
                actor=actor,
                action=Action.ASK,
                finding=finding,
                post=facts.post,
                subject=whole_subject(facts.subjects[0]),
                rule=facts.rule,
                pupil_ids=facts.people,
                reason=ASKED_FOR[request.asks[0][0]],
            )


def refer(options: argparse.Namespace) -> int:
    """Record that a finding or concern was taken to somebody, or to several; a concern need not be a finding yet."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    now = local_now(settings)
    day = options.on or now.date()
    if day > now.date():
        raise NotInTheFuture(day)
    when = min(datetime.combine(day, time(12), now.tzinfo), now)
    actor = options.by or settings.school.safeguarding_lead
    told = dict(_to_whom(workspace, one) for one in options.to)
    said = [
        Said(
            Action.REFER,
            actor,
            reason,
            when=when,
            note="; ".join(filter(None, (to if reason is Reason.NAMED_IN_POLICY else "", options.reference))),
        )
        for to, reason in told.items()
    ]

    concerns = read_casework(workspace.config / "casework.toml").concern
    concern = next((one for one in concerns if one.id == options.finding), None)
    if concern is not None:
        facts = _facts_of_concern(concern)
        with _ledger(workspace) as ledger:
            made, before = _refer(ledger, facts, decided(facts, ledger.events(), now), said, now)
    elif not (workspace.data / "auditbot.db").is_file():
        raise NoSuchFinding(options.finding)
    else:
        with opened(options) as at:
            found = at.find(options.finding)
            made, before = _refer(at.ledger, found.facts, found.decided, said, now)
    if not made:
        print(
            _(
                "Already recorded, step %(id)s: %(finding)s was referred to the %(to)s. Nothing was written.",
                id=before[-1].id,
                finding=options.finding,
                to=", ".join(told),
            )
        )
        return COMPLETE
    print(
        _(
            "Recorded, step %(id)s: %(finding)s was referred to the %(to)s on %(day)s.",
            id=made[0].id,
            finding=options.finding,
            to=", ".join(told),
            day=day,
        )
    )
    return COMPLETE


def _refer(
    ledger: Ledger, facts: Facts, standing: Decided, said: Sequence[Said], now: datetime
) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """Write down what is not yet, and return it and what was before."""
    before = {one: referred_before(standing, one, ledger.note) for one in said}
    new = [draft for one, event in before.items() if event is None for draft in drafts(facts, standing, one, now)]
    return (ledger.append(new) if new else ()), tuple(filter(None, before.values()))


def _to_whom(workspace: Workspace, said: str) -> tuple[str, Reason]:
    """Return whom somebody means, as the policy calls them. Raises NotReferredToThem for nobody of the policy's."""
    clause = read_policy(workspace.config / "policy.toml").behind(CheckName.REFERRALS)
    known = {**dict.fromkeys(clause.roles if clause else (), Reason.NAMED_IN_POLICY), **REFERRED_TO}
    named = next((name for name in known if name.casefold() == " ".join(said.split()).casefold()), "")
    if not named:
        raise NotReferredToThem(said, list(known))
    return named, known[named]


def _facts_of_concern(concern: Concern) -> Facts:
    identity = finding_id("concern", concern.id)
    post = post_key(concern.account, concern.address)
    return Facts(identity, post, concern.clause, (f"text:{concern.account}|concern|{identity}",))


def undo(options: argparse.Namespace) -> int:
    """Take a step back."""
    with opened(options) as at:
        made = at.ledger.take_back(options.step, at.by(options.by))
    print(
        _("Step %(step)s is taken back.", step=options.step)
        if made
        else _("Step %(step)s was taken back before.", step=options.step)
    )
    return COMPLETE


def history(options: argparse.Namespace) -> int:
    """Print what was decided, newest last: about one finding, or all of it."""
    with opened(options) as at:
        events = at.find(options.finding).decided.history if options.finding else at.ledger.events()
        for event in events:
            print(json.dumps(_as_json(event, at)) if options.json else _line(event, at))
        damaged = at.ledger.verify()
    if damaged is not None:
        print(
            _(
                "Step %(damaged)s is not as it was written: the file was changed by hand, or is damaged.",
                damaged=damaged,
            )
        )
    return COMPLETE


def _line(event: Event, at: OpenDecisions) -> str:
    draft = event.draft
    words = [
        f"{event.id:>4}",
        f"{event.at.astimezone(at.now.tzinfo):%Y-%m-%d %H:%M}",
        draft.finding or _("(forgotten)"),
    ]
    words += [str(wording.ACTION[draft.action])]
    words += [f"({wording.REASON[draft.reason]})"] if draft.reason else []
    if draft.when is not None and draft.action is not Action.REFER:
        moment = format(draft.when.astimezone(at.now.tzinfo), "%Y-%m-%d %H:%M")
        words += [_("until %(moment)s", moment=moment)]
    words += [_("step %(number)s", number=draft.about)] if draft.about else []
    words += [
        _("– %(actor)s for %(other)s", actor=draft.actor, other=draft.acting_for)
        if draft.acting_for
        else f"– {draft.actor}"
    ]
    return "  ".join(words)


def _as_json(event: Event, at: OpenDecisions) -> dict[str, object]:
    draft = event.draft
    return {
        "step": event.id,
        "at": event.at.isoformat(),
        "by": draft.actor,
        "acting_for": draft.acting_for,
        "finding": draft.finding,
        "clause": draft.rule,
        "pupils": list(draft.pupil_ids),
        "action": draft.action.value,
        "reason": draft.reason.value,
        "when": draft.when.isoformat() if draft.when else None,
        "about": draft.about,
        "chain": event.chain,
    }


def declare_decide(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("finding", metavar="FINDING", help="its reference, or how it begins")
    parser.add_argument("decision", choices=DECISIONS, help="down: it comes down; the others say why it may stay")
    reasons = [reason.value for reasons in REASONS.values() for reason in reasons if reason.value]
    parser.add_argument("--reason", choices=reasons, metavar="REASON", help=", ".join(dict.fromkeys(reasons)))
    parser.add_argument("--box", type=int, action="append", metavar="N", help="only this box (repeatable)")
    parser.add_argument("--pupil", metavar="PUPIL_ID", help="only for this pupil, if several are named")
    parser.add_argument(
        "--until", type=a_day_or_moment, metavar="MOMENT", help="until when: 2026-12-04 or 2026-12-04T15:00"
    )
    parser.add_argument("--note", default="", help="words for the file; kept sealed")
    parser.add_argument("--acting-for", default="", metavar="ROLE", help="for whom you stand in")
    _declare_by(parser)
    parser.set_defaults(run=decide)


def declare_ask(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("finding", nargs="?", default="", metavar="FINDING", help="only for this finding")
    parser.add_argument("--account", default="", help="only for this account")
    parser.add_argument("--pupil", default="", metavar="PUPIL_ID", help="only for this pupil")
    parser.add_argument("--print-only", action="store_true", help="record nothing")
    _declare_by(parser)
    parser.set_defaults(run=ask)


def declare_refer(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("finding", metavar="FINDING", help="its reference, or the concern's number")
    parser.add_argument(
        "--to", required=True, action="append", metavar="ROLE",
        help=f"to whom: {', '.join(REFERRED_TO)}, or a role that the policy's clause on referrals names; "
        "may be given again",
    )  # fmt: skip
    parser.add_argument("--on", type=a_day, metavar="DAY", help="when (default: today)")
    parser.add_argument("--reference", default="", help="theirs or yours, for the file; kept sealed")
    _declare_by(parser)
    parser.set_defaults(run=refer)


def declare_undo(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("step", type=int, metavar="STEP", help="its number, as auditbot history prints it")
    _declare_by(parser)
    parser.set_defaults(run=undo)


def declare_history(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("finding", nargs="?", default="", metavar="FINDING", help="only about this finding")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(run=history)


def _declare_by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", metavar="ROLE", help="who: a role or initials (default: the safeguarding lead)")
