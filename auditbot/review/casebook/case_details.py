"""Everything that decides one case, ready to be shown on one screen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from auditbot.check.permission import channels, describe, permissions
from auditbot.decisions.event import LEAVES_UP, Action, Event
from auditbot.decisions.subject import same_subject
from auditbot.examine.faces.trial import Trial
from auditbot.model import Finding, PhotoEvidence, Post, TextEvidence
from auditbot.present.excerpt import Piece, quote
from auditbot.present.kinds import About, Risk, kind_of
from auditbot.present.wording import (
    CHANNEL,
    likeness,
    nothing_to_take_down,
    question,
    steps,
    where,
)
from auditbot.registers.consent import ConsentAnswer, Permission
from auditbot.registers.people import Pupil, StaffMember
from auditbot.review.casebook.cases import Case, comes_down_once_told
from auditbot.review.casebook.phrases import later_step, said, steps_first
from auditbot.review.casebook.served_workspace import View
from auditbot.sentences import _, day_of, say


@dataclass(frozen=True, slots=True)
class Said:
    """What the register says of one channel and day."""

    term: str
    """What it is about, in words: "Website, today"; empty for every channel."""
    words: str
    """The answer, with who gave it, how and when as far as is known."""
    allowed: bool
    """Whether it permits."""


@dataclass(frozen=True, slots=True)
class PupilShown:
    """A pupil whom the case may be about."""

    pupil_id: str
    """The id, for the address of the portrait."""
    label: str
    """Forename and initial."""
    forename: str
    """The forename in use."""
    class_line: str
    """Class and class teacher."""
    permission: tuple[Said, ...]
    """Permission today and on the day of the post."""
    in_register: bool = True
    """False for a pupil taken out of the register since."""


@dataclass(frozen=True, slots=True)
class FaceShown:
    """One numbered face, or line of words in a photo."""

    number: int
    """Its number, from 1."""
    settled: str
    """What was decided about it; empty if it still needs a decision."""
    chosen: bool = False
    """Whether the next decision is about it."""


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One post that shows it."""

    title: str
    """The post's title, or what stands for it."""
    account: str
    """Name of the account."""
    url: str
    """Its permalink."""
    posted_at: datetime | None
    """When it was published, if known."""
    last_checked: datetime | None
    """When a visit last saw it there."""
    editor_url: str = ""
    """Where the post can be changed; empty if that is not known."""


@dataclass(frozen=True, slots=True)
class Before:
    """Something that was decided earlier."""

    at: datetime
    """When."""
    words: str
    """What, in a clause."""
    who: str
    """By whom."""
    about: str
    """What it has to do with this case: "This photo", "Another post with this child"."""


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """One case, ready to be shown."""

    case: Case
    """The case."""
    question: str
    """The question that yes and no answer."""
    heading: str
    """The same as it stands over the case: a later step of it says so."""
    done_before: str
    """What the step before was, if this is a later one; else empty."""
    steps: tuple[str, ...]
    """What to do before anything else, in a few words: about grave words, or how a photo may come back; else empty."""
    advice: tuple[str, ...]
    """All that the report advises about grave words; empty for everything else."""
    grave: bool
    """Whether the words are evidence that has to be kept."""
    sentence: str
    """What it is and where it stands, in a sentence."""
    channel: str
    """What kind of page shows it, with the account's name where that says more: "Website"."""
    plain_channel: bool
    """Whether the channel needs no naming: it is the website, or what the register says of a pupil names it."""
    line: str
    """Where it stands, in as few words as a list needs: 'Website: “Art week”, 14 July 2026'."""
    explanation: str
    """Why it was found, with pupils by their label."""
    likely: str
    """How alike it is, in words; empty where nothing was compared."""
    likely_in_a_word: str
    """The same for somebody who has read what it means."""
    places: tuple[PlaceShown, ...]
    """The posts that show it, newest first."""
    pupils: tuple[PupilShown, ...]
    """Pupils whom it may be about."""
    faces: tuple[FaceShown, ...]
    """The numbered faces; empty for words in a text."""
    others: int
    """How many other faces the photo shows."""
    words: tuple[tuple[Piece, ...], ...]
    """The words in their surroundings, marked; empty for faces."""
    words_from: str
    """Which text they are from; empty if from the post's own."""
    before: tuple[Before, ...]
    """Earlier decisions about this photo or these words, and about these pupils."""

    @property
    def of_photo(self) -> bool:
        """Whether there is a picture to look at."""
        return isinstance(self.case.first.finding.evidence, PhotoEvidence)

    @property
    def asks_who(self) -> bool:
        """Whether the question itself names the pupil."""
        return kind_of(self.case.kind).about is About.FACE and self.of_photo

    @property
    def shown_why(self) -> bool:
        """Whether why it was found has to be read: the question, the pictures or the steps do not say it."""
        compared = bool(self.pupils and self.of_photo and self.faces)
        asked = kind_of(self.case.kind).about in (About.VALUE, About.NAME) and bool(self.words)
        return not (self.grave or self.steps or compared or asked)


def case_details(case: Case, view: View, stranger_rate: float, trial: Trial | None = None) -> CaseDetails:
    """Return all that decides a case.

    ``stranger_rate`` is how often a stranger may be given a pupil's name, 0 to 1; ``trial`` is that of the school's own
    portraits, if there is one.
    """
    finding = case.first.finding
    places = tuple(_place(tracked.finding, tracked.last_checked, view) for tracked in case.tracked)
    pupils = tuple(_pupil(pupil_id, finding, view) for pupil_id in finding.pupil_ids)
    words, words_from = _words(finding, view)
    asked, likely = _question(finding, pupils, case), _likely(finding, stranger_rate, trial)
    heading, done_before = later_step(case, asked, _or([pupil.label for pupil in pupils]))
    return CaseDetails(
        case=case,
        question=asked,
        heading=heading,
        done_before=done_before,
        steps=steps_first(finding, case),
        advice=tuple(str(step) for step in steps(finding)) if _grave(finding) else (),
        grave=_grave(finding) and bool(finding.post_url),
        sentence=_sentence(finding, places[0], view),
        channel=_channel(finding, view),
        plain_channel=_plain_channel(finding, pupils, view),
        line=_line(finding, places[0], view),
        explanation=labelled(str(finding.explanation), view),
        likely=likely,
        likely_in_a_word=_("Likely") if likely and finding.band == "breach" else likely,
        places=places,
        pupils=pupils,
        faces=_faces(case),
        others=len(finding.evidence.other_faces) if isinstance(finding.evidence, PhotoEvidence) else 0,
        words=words,
        words_from=words_from,
        before=tuple(_before(case, view)),
    )


def label_of(pupil_id: str, view: View) -> str:
    """Return how a pupil is called: forename and initial, never the whole surname."""
    pupil = view.declared.pupils.get(pupil_id)
    return pupil.label if pupil else _("a pupil no longer in the register")


def labelled(text: str, view: View) -> str:
    """Return an explanation with each {id} of a pupil replaced by the pupil's label."""
    named = re.sub(r"\{([^{}]+)\}", lambda found: label_of(found[1], view), text)
    return re.sub(r"\.\.(?=\s|$)", ".", named)  # a label ends with the dot of its initial


_OF_FILE = {
    "photo_position": say("Should this photo come down, because its file tells where it was taken?"),
    "photo_serial_number": say("Should this photo come down, because its file names the camera?"),
    "comment_photo": say("Should this photo come down?"),
}


def _question(finding: Finding, pupils: Sequence[PupilShown], case: Case) -> str:
    """Return the report's own question, as far as what was decided meanwhile does not ask another."""
    labels = [pupil.label for pupil in pupils]
    if case.standing.unnamed and pupils:
        return _("It is not %(who)s. Should this photo come down all the same?", who=_or(labels))
    if comes_down_once_told(finding) and case.standing.referred:
        return _("It is written down. Should these words come down now?")
    if nothing_to_take_down(finding) and case.standing.referred and case.taken_today:
        return _("It was taken further today. Wait for what they decide.")
    if nothing_to_take_down(finding) and case.standing.referred:
        return _("It was taken further. Is it to come down now?")
    if finding.kind == "concern":
        return _("Does this concern have to be taken further?")
    return str(_OF_FILE.get(finding.kind) or question(finding, labels))


def _grave(finding: Finding) -> bool:
    return kind_of(finding.kind).risk is Risk.THREAT or nothing_to_take_down(finding)


def _or(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    first = ", ".join(labels[:-1])
    return _("%(first)s or %(last)s", first=first, last=labels[-1]) if first else labels[-1]


def _sentence(finding: Finding, place: PlaceShown, view: View) -> str:
    account = view.declared.accounts.get(finding.account)
    channel = str(CHANNEL[account.channel]).lower() if account else _("page")
    what = _("A photo") if isinstance(finding.evidence, PhotoEvidence) else _("Words")
    known = view.posts.get((finding.account, finding.post_url))
    title = f", in “{known.title}”" if known and known.title.strip() else ""
    day = f", {_day(place.posted_at.astimezone(view.now.tzinfo).date())}" if place.posted_at else ""
    which = "" if finding.account.casefold() == channel else f" ({finding.account})"
    return f"{what} on the {channel}{which}{title}{day}."


def _channel(finding: Finding, view: View) -> str:
    account = view.declared.accounts.get(finding.account)
    channel = str(CHANNEL[account.channel]) if account else _("Page")
    return channel if finding.account.casefold() == channel.casefold() else f"{channel} ({finding.account})"


def _plain_channel(finding: Finding, pupils: Sequence[PupilShown], view: View) -> bool:
    named = {said.term for pupil in pupils for said in pupil.permission}
    return _channel(finding, view) in {str(CHANNEL["website"]), *named}


def _line(finding: Finding, place: PlaceShown, view: View) -> str:
    known = view.posts.get((finding.account, finding.post_url))
    parts = [f"“{known.title}”"] if known and known.title.strip() else []
    parts += [_day(place.posted_at.astimezone(view.now.tzinfo).date())] if place.posted_at else []
    channel = _channel(finding, view)
    return f"{channel}: {', '.join(parts)}" if parts else channel


def _day(value: date) -> str:
    return day_of(value)


def _place(finding: Finding, last_checked: datetime | None, view: View) -> PlaceShown:
    post = view.posts.get((finding.account, finding.post_url))
    title = post.title if post and post.title.strip() else _("A post without a title")
    account = view.declared.accounts.get(finding.account)
    editor = account.editor_of(finding.post_url, post.title if post else "") if account else ""
    return PlaceShown(title, finding.account, finding.post_url, finding.posted_at, last_checked, editor)


def _pupil(pupil_id: str, finding: Finding, view: View) -> PupilShown:
    pupil = view.declared.pupils.get(pupil_id)
    if pupil is None:
        return PupilShown(pupil_id, _("A pupil no longer in the register"), _("this pupil"), "", (), in_register=False)
    post = view.posts.get((finding.account, finding.post_url))
    permission = tuple(_permission(pupil, post, finding, view)) if post and _of_face(finding) else ()
    return PupilShown(pupil_id, pupil.label, pupil.forename, _class_line(pupil, view.declared.staff), permission)


def _of_face(finding: Finding) -> bool:
    return finding.shows_somebody


def _class_line(pupil: Pupil, staff: Sequence[StaffMember]) -> str:
    teacher = class_teacher(pupil, staff)
    return " · ".join(part for part in (pupil.class_name, teacher) if part)


def class_teacher(pupil: Pupil, staff: Sequence[StaffMember]) -> str:
    """Return who teaches the pupil's class, as the staff list says by role; empty if it does not say so of one."""
    wanted = " ".join(pupil.class_name.casefold().split())
    year = f"year {pupil.year_group}".casefold() if pupil.year_group.isdigit() else wanted.split(" ")[0]
    teachers = [member for member in staff if re.search(r"\bteacher\b", member.role, re.IGNORECASE)]
    of_class = [member for member in teachers if wanted and wanted in member.role.casefold()]
    of_year = [member for member in teachers if year and re.search(rf"\b{re.escape(year)}\b", member.role.casefold())]
    found = of_class or of_year
    return " or ".join(f"{member.title} {member.surname}".strip() for member in found[:2])


def _permission(pupil: Pupil, post: Post, finding: Finding, view: View) -> Iterator[Said]:
    declared = view.declared
    if pupil.never_publish:
        yield Said("", _("No: never to be published"), False)
        return
    if post.account not in declared.accounts:
        return
    of_film = "#t=" in finding.evidence.photo_url if isinstance(finding.evidence, PhotoEvidence) else False
    for channel in channels(post, declared, of_film):
        then, now = permissions(post, pupil.pupil_id, declared, channel)
        answers = declared.history.get((pupil.pupil_id, channel), ())
        named = CHANNEL[channel]
        term = str(named) if then == now else _("%(channel)s, today", channel=named)
        yield Said(term, _told(now, answers, declared.today), now.allowed)
        if then is None:
            yield Said(_("On that day"), _("Not known: the post has no date"), False)
        elif then != now:
            day = post.published_at.date() if post.published_at else declared.today
            yield Said(_("On that day"), _told(then, answers, day), then.allowed)


def _told(permission: Permission, answers: Sequence[ConsentAnswer], day: date) -> str:
    """Return what holds, and who said so on which form, as far as the register knows."""
    if permission.standing == "not_recorded":
        return _("No: we have no answer from the parents")
    words = describe(permission)
    given = [answer for answer in answers if answer.effective_on <= day and answer.answer is not None]
    source = _source(given[-1]) if given else ""
    yes_or_no = _("Yes") if permission.allowed else _("No")
    return f"{yes_or_no}: {words}{source}"


def _source(answer: ConsentAnswer) -> str:
    who = answer.given_by.strip()
    by = _(" by %(who)s", who=who[:1].lower() + who[1:]) if who and who != "not stated" else ""
    how = f", {answer.source}" if answer.written_by_hand and answer.source else ""
    form = _(", on the form") if answer.source == "form dated in pupils.csv" else ""
    return f"{by}{how}{form}"


def _likely(finding: Finding, stranger_rate: float, trial: Trial | None) -> str:
    return likeness(finding, trial, stranger_rate) if _of_face(finding) and finding.pupil_ids else ""


def _faces(case: Case) -> tuple[FaceShown, ...]:
    evidence = case.first.finding.evidence
    if not isinstance(evidence, PhotoEvidence):
        return ()
    facts, standing = case.facts[0], case.standing
    left = standing.left or (facts.subjects if case.open else ())
    first = left[0] if left else ""
    return tuple(
        FaceShown(
            number,
            "" if subject in left else _settled(subject, case),
            chosen=len(evidence.boxes) > 1 and subject == first,
        )
        for number, (subject, _) in enumerate(zip(facts.subjects, evidence.boxes, strict=False), 1)
    )


def _settled(subject: str, case: Case) -> str:
    about = [
        event
        for event in case.standing.history
        if same_subject(event.draft.subject, subject) and event.action is not Action.UNDO
    ]
    if not about or hidden_from_second(case, about[-1]):
        return ""
    return said(about[-1])


def _words(finding: Finding, view: View) -> tuple[tuple[tuple[Piece, ...], ...], str]:
    evidence = finding.evidence
    if isinstance(evidence, TextEvidence):
        near = kind_of(finding.kind).about in (About.NAME, About.VALUE)
        return quote(evidence.text, [(evidence.start, evidence.end)], near=near), _from(evidence.field, finding, view)
    if evidence.words:
        return quote(evidence.words, [(evidence.start, evidence.end)]), _("In the words on the photo")
    return (), ""


def _from(field: str, finding: Finding, view: View) -> str:
    """Return where words stand; of a comment who signed it and when too: a name of the staff changes what is done."""
    if field == "text":
        return ""
    post, comment = view.posts.get((finding.account, finding.post_url)), re.fullmatch(r"comment (\d+) text", field)
    if post is None or comment is None or int(comment[1]) > len(post.comments):
        return where(field)
    told = post.comments[int(comment[1]) - 1]
    by = [_("signed “%(who)s”", who=told.author.strip()) if told.author.strip() else _("without a name")]
    day = [_day(told.published_at.astimezone(view.now.tzinfo).date())] if told.published_at else []
    return ", ".join([where(field), *by, *day])


def _before(case: Case, view: View) -> Iterator[Before]:
    """Yield earlier decisions, newest first: those about the same photo or words, then those about the same pupils."""
    own = {event.id for standing in case.standings for event in standing.history}
    pupils = set(case.first.finding.pupil_ids)
    for event in reversed(view.events):
        if event.id in own and hidden_from_second(case, event):
            continue
        if event.id in own:
            thing = _("This photo") if isinstance(case.first.finding.evidence, PhotoEvidence) else _("These words")
            yield _one_before(event, thing)
        elif pupils & set(event.draft.pupil_ids) and event.action is not Action.UNDO:
            yield _one_before(event, _("Another post"))


def hidden_from_second(case: Case, event: Event) -> bool:
    """Whether a decision waits for a second person, who chooses before the first one's reason is shown."""
    return case.standing.second_needed and event.action in LEAVES_UP


def _one_before(event: Event, about: str) -> Before:
    return Before(event.at, said(event), event.draft.acting_for or event.draft.actor, about)
