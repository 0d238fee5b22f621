"""Requests: what editors are asked to take down, gathered for each post, in words that name no child."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from auditbot.check.texts import parts_by_file
from auditbot.decisions.decided import State
from auditbot.decisions.event import Action, Draft, Event, Reason
from auditbot.decisions.subject import post_key, whole_subject
from auditbot.model import Finding, PhotoEvidence, Post, TextEvidence
from auditbot.present.takedown import Ask, must_stay, takes_away, whole_file
from auditbot.present.wording import moment_of_film
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.phrases import WHY
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.visible_to import actor
from auditbot.review.people.models import Letter, Person, Task
from auditbot.sentences import _, say

UNDO_MINUTES = 5
"""How long a mail waits in the outbox, so that it can be taken back."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What one post is asked for: the cases in it, and who is asked."""

    account: str
    """Name of the account."""
    url: str
    """The post."""
    title: str
    """Its title."""
    cases: tuple[Case, ...]
    """What is to come down in it."""
    asks: tuple[Reason, ...]
    """What is asked for, each once, the strongest first; the address or the post stands alone."""
    editors: tuple[str, ...]
    """Names of the editors' sign-ins; empty if nobody is entered."""
    mailed: bool = False
    """Whether a mail can go out to one of them; if not, somebody has to tell them."""
    kept: bool = False
    """Whether something else in the post has to stay as evidence, so that the post itself must not go."""

    @property
    def words(self) -> str:
        """What the editor is asked to do first, in a sentence or two."""
        first = self.asks[0]
        if self.kept and first is Reason.WORDS:
            return _("Change the marked words and nothing else. Leave the post itself up.")
        return f"{ASKED_FOR[first]} {_('Leave the post itself up.')}" if self.kept else str(ASKED_FOR[first])

    @property
    def things(self) -> str:
        """Everything that is asked for, in a few words: "the photo, the comment"."""
        return ", ".join(name[:1].lower() + name[1:] for name in (str(WHY[one]) for one in self.asks))


def to_ask(view: View) -> tuple[Asking, ...]:
    """Return what is to come down and nobody was asked about, one entry for each post; evidence is left out."""
    return _asked_in(_to_come_down(view), view, held=False)


def held_back(view: View) -> tuple[Asking, ...]:
    """Return what is to come down, but would take evidence away with it: it is not asked for before that is decided."""
    return _asked_in(_to_come_down(view), view, held=True)


def _to_come_down(view: View) -> Iterable[Case]:
    return (case for case in view.cases if case.standing.state is State.TO_COME_DOWN)


def gathered(found: Iterable[Case], view: View) -> tuple[Asking, ...]:
    """Return cases by post: a photo in three posts is asked for in each."""
    return _asked_in(found, view, held=None)


def _asked_in(found: Iterable[Case], view: View, *, held: bool | None) -> tuple[Asking, ...]:
    """Return cases by post: with ``held``, those alone that would take evidence away, or those that would not."""
    posts: dict[tuple[str, str], list[Case]] = {}
    kept: dict[tuple[str, str], tuple[Finding, ...]] = {}
    for case in found:
        for finding in (tracked.finding for tracked in case.tracked if tracked.finding.post_url):
            place = (finding.account, finding.post_url)
            if place not in kept:
                kept[place] = _kept_in(place, view)
            if held is not None and _takes_away(finding, kept[place], view.posts.get(place)) is not held:
                continue
            if case not in posts.setdefault(place, []):
                posts[place].append(case)
    editors, reached = _editors(), _reached_by_mail()
    made = []
    for (account, url), cases in posts.items():
        post = view.posts.get((account, url))
        title = post.title if post and post.title.strip() else _("A post without a title")
        asks = sorted({_asked_for(case) for case in cases}, key=_STRONGEST.index)
        asks = asks[:1] if asks[0] in (Reason.ADDRESS, Reason.POST) else asks
        entered = tuple(editors.get(account, ()))
        mailed = not reached.isdisjoint(entered)
        made.append(Asking(account, url, title, tuple(cases), tuple(asks), entered, mailed, bool(kept[account, url])))
    return tuple(made)


def _takes_away(finding: Finding, kept: Sequence[Finding], post: Post | None) -> bool:
    return bool(kept) and takes_away(finding, kept, parts_by_file(post) if post else None)


def _kept_in(place: tuple[str, str], view: View) -> tuple[Finding, ...]:
    """Return what has to stay as evidence in one post."""
    return tuple(
        tracked.finding
        for case in view.by_post.get(post_key(*place), ())
        for tracked, standing in zip(case.tracked, case.standings, strict=True)
        if (tracked.finding.account, tracked.finding.post_url) == place and must_stay(tracked.finding, standing.state)
    )


def _reached_by_mail() -> frozenset[str]:
    """Return the sign-ins of the editors to whom a mail can go out: none while the school's mail is not set up."""
    if not served_workspace().settings.mail.server:
        return frozenset()
    return frozenset(
        Person.objects.filter(role="editor", locked=False).exclude(email="").values_list("handle", flat=True)
    )


def _editors() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in Person.objects.filter(role="editor", locked=False).order_by("handle"):
        for account in person.accounts:
            found.setdefault(account, []).append(person.handle)
    return found


_STRONGEST = (Reason.ADDRESS, Reason.POST, Reason.PHOTO, Reason.DOCUMENT, Reason.COMMENT, Reason.WORDS)
ASKED_FOR = {
    Reason.ADDRESS: say(
        "Take the page down, so that its address no longer answers. It can come back under another title."
    ),
    Reason.POST: say("Take the whole post down."),
    Reason.PHOTO: say(
        "Remove the whole photo, from the page and from the media library, so that its own address no longer "
        "answers. Do not crop it or cover any part of it."
    ),
    Reason.DOCUMENT: say("Remove the document and its file, so that its own address no longer answers."),
    Reason.COMMENT: say("Remove the comment."),
    Reason.WORDS: say("Change the marked words, or take the post down until they are changed."),
}
"""What an editor is asked to do. A child without permission and a protected one are asked for in the same words."""


def what_is_asked(finding: Finding) -> Ask:
    """Return what is asked for when a finding comes down: the photo, the comment, or the words alone."""
    evidence = finding.evidence
    if isinstance(evidence, PhotoEvidence):
        return Ask.DOCUMENT if "#page=" in evidence.photo_url else Ask.FILM if moment_of_film(finding) else Ask.PHOTO
    of_a_file = whole_file(evidence.field)
    return of_a_file[0] if of_a_file else Ask.WORDS


def _asked_for(case: Case) -> Reason:
    asked = what_is_asked(case.first.finding)
    return {Ask.PAGE: Reason.ADDRESS, Ask.FILM: Reason.PHOTO}.get(asked) or Reason[asked.name]


def ask(request: Any, asked: Sequence[Asking], *, by_mail: bool = True) -> int:
    """Record the requests as one step, with a task for each post; return how many.

    Mails wait a few minutes; none is written for what somebody says to have told the editors.
    """
    here = served_workspace()
    drafts = [
        Draft(
            actor=actor(request.user),
            action=Action.ASK,
            finding=tracked.finding.id,
            post=facts.post,
            subject=facts.subjects[0],
            rule=facts.rule,
            pupil_ids=facts.pupil_ids,
            reason=_asked_for(case),
        )
        for one in asked
        for case in one.cases
        for tracked, facts in zip(case.tracked, case.facts, strict=True)
        if (tracked.finding.account, tracked.finding.post_url) == (one.account, one.url)
    ]
    if not drafts:
        return 0
    with here.ledger() as ledger:
        events = ledger.append(drafts, once=request.POST.get("once", ""))
    batch = events[0].batch
    if Task.objects.filter(batch=batch).exists():
        return len(asked)  # the form was sent twice
    with transaction.atomic():
        for one in asked:
            _task(one, batch, actor(request.user), request, by_mail=by_mail)
    return len(asked)


def _task(one: Asking, batch: int, who: str, request: Any, *, by_mail: bool) -> None:
    token = secrets.token_urlsafe(24)
    findings = [
        tracked.finding.id
        for case in one.cases
        for tracked in case.tracked
        if (tracked.finding.account, tracked.finding.post_url) == (one.account, one.url)
    ]
    now = timezone.now()
    Task.objects.create(
        digest=token_digest(token), account=one.account, findings=findings, batch=batch, asked_at=now, asked_by=who
    )
    if not by_mail:
        return
    link = request.build_absolute_uri(f"/task/{token}")
    for person in Person.objects.filter(handle__in=one.editors).exclude(email=""):
        Letter.objects.create(
            person=person,
            subject=_("Something is to be taken down"),
            text=_(
                "Please take something down from “%(account)s”. What it is stands here, after you sign "
                "in:\n\n%(link)s\n\nPlease press “Done” there when it is gone. Please do not forward this mail.\n",
                account=one.account,
                link=link,
            ),
            news=f"task {token_digest(token)[:32]} {person.pk}",
            batch=batch,
            due_at=now + timedelta(minutes=UNDO_MINUTES),
        )


def token_digest(token: str) -> str:
    """Return what is stored of a task's address."""
    return hashlib.sha256(f"auditbot task {token}".encode()).hexdigest()


def take_back_mail(batch: int) -> None:
    """Drop the tasks of a request that was taken back, and its mails that were not sent yet."""
    Letter.objects.filter(batch=batch, sent_at=None).delete()
    Task.objects.filter(batch=batch).delete()


def is_wanted(task: Task, view: View) -> bool:
    """Whether anything of a task is still to come down: what was decided otherwise since is asked of nobody."""
    return any(_state_of(name, view) not in (None, *_NOT_ASKED) for name in task.findings)


def _state_of(name: str, view: View) -> State | None:
    case = view.by_finding.get(name)
    if case is None:
        return None
    return next(
        standing.state
        for tracked, standing in zip(case.tracked, case.standings, strict=True)
        if tracked.finding.id == name
    )


_NOT_ASKED = (State.NEW, State.WAITING, State.STAYS_UP)


def withdraw_requests(batch: int, view: View, actor_name: str) -> bool:
    """Withdraw what was asked upon a step that was just taken back; return whether somebody was told already.

    A post of which something else is still to come down keeps its task, without what is not.
    """
    events = [event for event in view.events if event.batch == batch]
    things = {whole_subject(event.draft.subject) for event in events}
    undone = {event.draft.finding for event in events} | {
        tracked.finding.id
        for case in view.cases
        if things & {whole_subject(subject) for facts in case.facts for subject in facts.subjects}
        for tracked in case.tracked
    }
    unwanted = {name for name in undone if _state_of(name, view) in _NOT_ASKED}
    told, batches = False, set()
    for task in Task.objects.filter(answered_at=None):
        if unwanted.isdisjoint(task.findings):
            continue
        batches.add(task.batch)
        mails = Letter.objects.filter(news__startswith=f"task {task.digest[:32]} ")
        told = told or not mails.exists() or mails.exclude(sent_at=None).exists()
        left = [name for name in task.findings if name not in unwanted]
        if left:
            Task.objects.filter(pk=task.pk).update(findings=left)
        else:
            mails.filter(sent_at=None).delete()
            task.delete()
    with served_workspace().ledger() as ledger:
        for one in batches:
            if all(event.draft.finding in unwanted for event in view.events if event.batch == one):
                ledger.take_back(one, actor_name)
    return told


def tasks_of(person: Any) -> list[Task]:
    """Return the open tasks of an editor: those of the accounts that the person looks after, if still wanted."""
    view = served_workspace().view()
    open_tasks = Task.objects.filter(account__in=person.accounts, answered_at=None)
    return [task for task in open_tasks if is_wanted(task, view)]


def answer(task: Task, person: Any, view: View, action: Action, note: str = "") -> tuple[Event, ...]:
    """Record that a task is done, or why it cannot be; a second answer to the same task records nothing."""
    drafts: list[Draft] = []
    for name in task.findings:
        case = view.by_finding.get(name)
        if case is None:
            continue
        place = next(at for at, tracked in enumerate(case.tracked) if tracked.finding.id == name)
        facts = case.facts[place]
        drafts.append(
            Draft(
                actor=actor(person),
                action=action,
                finding=name,
                post=facts.post,
                subject=facts.subjects[0],
                rule=facts.rule,
                pupil_ids=facts.pupil_ids,
                note=note if not drafts else "",
            )
        )
    with served_workspace().ledger() as ledger:
        events = ledger.append(drafts, once=f"task {task.pk} {action.value}") if drafts else ()
    Task.objects.filter(pk=task.pk).update(answered_at=timezone.now())
    return events


def marked(case: Case) -> tuple[str, str, str] | None:
    """Return the sentence around the words to change: before, the words, after; None for a photo."""
    evidence = case.first.finding.evidence
    if not isinstance(evidence, TextEvidence):
        return None
    text, start, end = evidence.text, evidence.start, evidence.end
    first = max(text.rfind(mark, 0, start) for mark in (".", "!", "?", "\n")) + 1
    ends = [at for mark in (".", "!", "?", "\n") if (at := text.find(mark, end)) >= 0]
    last = min(ends, default=len(text) - 1) + 1
    return text[first:start].lstrip(), text[start:end], text[end:last]
