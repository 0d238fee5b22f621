"""The audit joined with names, permissions, titles and decisions: what page, report and commands tell it with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditbot.check.permission import channels, permissions
from auditbot.check.policy_state import Basis, ClauseState, policy_states
from auditbot.check.texts import parts_by_file
from auditbot.decisions.event import Action, Event
from auditbot.decisions.standing import Standing, standings
from auditbot.evidence.screenshots import screens_of
from auditbot.examine.faces.trial import TRIAL_FILE, kept_trial
from auditbot.model import Audit, Channel, Finding, PhotoEvidence, Post, TrackedFinding
from auditbot.present.exposed_since import exposure_since
from auditbot.present.order import due_on
from auditbot.present.permission_words import permission_then, permission_today, who_said_so
from auditbot.present.report_context import AccountEntry, ClauseText, ConsentThenNow, PupilLabel, ReportContext
from auditbot.present.takedown import must_stay, secret_names
from auditbot.present.wording import CHANNEL, REASON, moment_of_film
from auditbot.registers.declared import Declared
from auditbot.registers.policy import Clause
from auditbot.sentences import _, say
from auditbot.settings import Settings, Workspace
from auditbot.store import Store

Posts = Mapping[tuple[str, str], Post]


def joined(
    workspace: Workspace,
    settings: Settings,
    declared: Declared,
    store: Store,
    audit: Audit,
    events: Sequence[Event],
    now: datetime,
) -> ReportContext:
    """Return all that is told of ``audit`` and is not in it; ``events`` are all decisions, ``now`` has a zone."""
    posts = {(post.account, post.url): post for post in store.published.posts()}
    zone = ZoneInfo(settings.school.timezone)
    protected = frozenset(pupil.pupil_id for pupil in declared.pupils.values() if pupil.never_publish)
    first, today = store.audits.first_started(), now.astimezone(zone).date()
    first_night = first.astimezone(zone).date() if first else None

    def due(tracked: TrackedFinding) -> date | None:
        return due_on(tracked, today, first_night, zone, protected, declared.school_days.is_school_day)

    stands = standings(audit.findings, declared, audit.versions, events, now, due, declared.school_days.is_school_day)
    states = policy_states(Basis(declared, settings, audit, _referred_on(events, zone), _taken(stands)))
    kept, keep_up = workspace.data / "evidence", _keep_up(audit, stands)
    return ReportContext(
        school=settings.school.name,
        safeguarding_lead=settings.school.safeguarding_lead,
        timezone=settings.school.timezone,
        pupils={pupil.pupil_id: PupilLabel(pupil.label, pupil.class_name) for pupil in declared.pupils.values()},
        protected=protected,
        secret_names=secret_names(declared.pupils.values()),
        of_day=_of_day(posts.values(), zone),
        keep_up=keep_up,
        parts={place: parts_by_file(posts[place]) for place in keep_up if place in posts},
        permissions={
            tracked.finding.id: tuple(_then_and_now(tracked.finding, posts, declared)) for tracked in audit.findings
        },
        referrals=_referrals(declared, stands, zone),
        standings=stands,
        school_days=declared.school_days,
        first_night=first_night,
        is_first_night=store.audits.is_first(audit.id),
        front_pages=frozenset(account.url for account in declared.accounts.values()),
        photo_numbers=_photo_numbers(posts.values()),
        clauses={name: _clause_text(declared.clauses[name], state) for name, state in states.items()},
        cited=_cited(audit, declared),
        accounts=tuple(
            AccountEntry(account.name, account.kind, account.url, account.channel, account.owner)
            for account in declared.accounts.values()
        ),
        evidence={file.name: file for file in kept.iterdir()} if kept.is_dir() else {},
        titles=store.published.titles(),
        screens=screens_of(workspace.data / "screens", audit, _websites(declared), settings.report.screenshots),
        exposure=exposure_since(store.exposures.nights()),
        face_trial=kept_trial(workspace.data / TRIAL_FILE),
        false_name_rate=settings.faces.false_name_rate,
        counts={
            say("posts known"): len(posts),
            say("photos known"): len({use.sha256 for post in posts.values() for use in post.photos if use.sha256}),
            say("pupils in the register"): len(declared.pupils),
        },
    )


def _websites(declared: Declared) -> set[str]:
    return {account.name for account in declared.accounts.values() if account.kind == "website"}


def _of_day(posts: Iterable[Post], zone: ZoneInfo) -> dict[tuple[str, str], tuple[int, int]]:
    """Return which of its account's posts of the day each is, from the day's first, and how many there were."""
    days: dict[tuple[str, date], list[Post]] = {}
    for post in posts:
        if post.published_at:
            days.setdefault((post.account, post.published_at.astimezone(zone).date()), []).append(post)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for same in days.values():
        same.sort(key=lambda post: (post.published_at, post.url))
        found |= {(post.account, post.url): (number, len(same)) for number, post in enumerate(same, 1)}
    return found


def _keep_up(audit: Audit, stands: Mapping[str, Standing]) -> dict[tuple[str, str], tuple[Finding, ...]]:
    found: dict[tuple[str, str], tuple[Finding, ...]] = {}
    for finding in (tracked.finding for tracked in audit.findings if tracked.state != "gone"):
        if finding.id in stands and must_stay(finding, stands[finding.id].decided.state):
            place = (finding.account, finding.post_url)
            found[place] = (*found.get(place, ()), finding)
    return found


def _photo_numbers(posts: Iterable[Post]) -> dict[tuple[str, str], int]:
    """Return by permalink and content hash where a photo stands in its post, from 1; where it stands first."""
    return {
        (post.url, use.sha256): number
        for post in posts
        for number, use in reversed(list(enumerate(post.photos, 1)))
        if use.sha256
    }


def _referred_on(events: Sequence[Event], zone: ZoneInfo) -> tuple[date, ...]:
    taken_back = {event.draft.about for event in events if event.action is Action.UNDO}
    told = [event for event in events if event.action is Action.REFER and event.batch not in taken_back]
    return tuple((event.draft.when or event.at).astimezone(zone).date() for event in told)


def _taken(stands: Mapping[str, Standing]) -> frozenset[str]:
    return frozenset(name for name, standing in stands.items() if standing.decided.referred)


def _referrals(declared: Declared, stands: Mapping[str, Standing], zone: ZoneInfo) -> dict[str, str]:
    """Return by finding id where it was taken: as the register says, and as was decided since."""
    found = {
        given.finding: _(
            "to the %(referred_to)s on %(referred_on)s", referred_to=given.referred_to, referred_on=given.referred_on
        )
        for given in declared.casework.referral
    }
    for name, standing in stands.items():
        told = [
            _(
                "%(to)s on %(day)s",
                to=REASON[event.draft.reason],
                day=(event.draft.when or event.at).astimezone(zone).date(),
            )
            for event in standing.decided.referred
        ]
        if told:
            found[name] = "; ".join(dict.fromkeys([*([found[name]] if name in found else []), *told]))
    return found


def _then_and_now(finding: Finding, posts: Posts, declared: Declared) -> Iterator[ConsentThenNow]:
    post = posts.get((finding.account, finding.post_url))
    if finding.clause != "C11" or post is None or post.account not in declared.accounts:
        return
    for pupil_id in finding.pupil_ids:
        if pupil_id in declared.pupils:
            needed = channels(post, declared, _of_film(finding, post))
            yield _told(pupil_id, post, needed, declared)


def _of_film(finding: Finding, post: Post) -> bool:
    """Whether a finding rests on a moment or the poster of a film."""
    evidence = finding.evidence
    if not isinstance(evidence, PhotoEvidence):
        return False
    poster = any(use.found_in == "video" and use.sha256 == evidence.sha256 for use in post.photos)
    return poster or moment_of_film(finding) != ""


def _told(pupil_id: str, post: Post, needed: Sequence[Channel], declared: Declared) -> ConsentThenNow:
    """Say for each channel that is needed what the register says, and who said so."""
    if declared.pupils[pupil_id].never_publish:
        return ConsentThenNow(pupil_id, "", _("Not to be published on any channel"))
    then, now, by = [], [], []
    for channel in needed:
        what = "" if len(needed) == 1 else _("permission for %(channel)s", channel=str(CHANNEL[channel]).lower())
        on_the_day, today = permissions(post, pupil_id, declared, channel)
        then.append(permission_then(on_the_day, what))
        now.append(permission_today(today, what))
        answers = declared.history.get((pupil_id, channel), ())
        by.append(who_said_so(answers[-1] if answers else None))
    return ConsentThenNow(pupil_id, *("; ".join(filter(None, dict.fromkeys(some))) for some in (then, now, by)))


def _cited(audit: Audit, declared: Declared) -> dict[str, tuple[str, str]]:
    """Return by finding id and number of the clause of the school's policy that it is cited under."""
    found = {each.finding.id: declared.clauses.cited(each.finding.clause, each.finding.kind) for each in audit.findings}
    return {finding: (clause.id, clause.number) for finding, clause in found.items() if clause}


def _clause_text(clause: Clause, state: ClauseState) -> ClauseText:
    """Join the school's words with what the program knows: no line of policy.toml makes a clause a checked one."""
    return ClauseText(
        summary=clause.summary,
        how=", ".join(clause.how),
        severity=clause.severity or None,
        wording=" ".join(part for part in (clause.school_number, clause.school_wording) if part),
        state=state,
    )
