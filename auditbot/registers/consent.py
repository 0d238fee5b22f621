"""Permission as dated answers: what held on the day a photo was posted, and what holds today.

``consent/consent_history.csv`` is append-only, one line per answer; the cells of ``pupils.csv`` are today's answer. A
cell that was edited is noticed by :func:`record_changes`, which adds the dated answer, so nothing of the past is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from auditbot.model import Channel
from auditbot.registers.people import CHANNELS, Pupil

COLUMNS = ("pupil_id", "channel", "answer", "effective_on", "given_by", "recorded_at", "source")
WORDS = {True: "yes", False: "no", None: "not_recorded"}
FIRST_SEEN, FORM, CHANGED = "first seen in pupils.csv", "form dated in pupils.csv", "changed in pupils.csv"
"""What the program writes as source of the answers that it adds itself. FIRST_SEEN has the day of the run, on which
nobody answered anything; FORM has the day of the form.
"""
IMPORT = "import "
"""How the source of an answer begins that came with an export; the file's name follows."""
IMPORT_FIRST_SEEN, IMPORT_FORM = " (first seen)", " (form)"
"""How it ends where the export was the first to tell of the answer, or told the day of the form."""
NOBODY_KNOWN = "not stated"
Fact = Literal["never_publish", "name_use", "consent_expires_on"]
FACTS: tuple[Fact, ...] = get_args(Fact)
"""What the register says of a pupil besides the answers by channel, and that is dated like them."""
Kind = Channel | Fact
KINDS: tuple[Kind, ...] = (*CHANNELS, *FACTS)
Standing = Literal["yes", "no", "not_recorded", "withdrawn", "disagreement", "expired", "not_yet", "unknown"]
NOT_ONE_PARENT = frozenset(
    (
        "",
        NOBODY_KNOWN,
        "both",
        "both parents",
        "all",
        "parents",
        "the parents",
        "mother and father",
        "father and mother",
        "mum and dad",
        "dad and mum",
    )
)
"""What may stand as giver of an answer that is not one parent: it holds for all of them."""


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """One dated answer for one channel, or one dated fact: never to be published, name use, last day of validity."""

    pupil_id: str
    """Whom it is about."""
    channel: Kind
    """Which kind of publication, or which fact."""
    answer: bool | None
    """Yes, no, or None: asked for again and not answered, or a fact that is no yes or no."""
    effective_on: date
    """The day from which it holds."""
    given_by: str
    """Who gave it, for example "Mother"."""
    recorded_at: str
    """When it was entered, as written."""
    source: str
    """Where it comes from, for example "paper form"."""
    line: int = field(default=0, compare=False)
    """Where it stands in the history file; 0 if it does not yet."""
    value: str = ""
    """What is recorded where it is no yes or no: none or first as name use, or a day as 2026-08-31."""
    valid_until: date | None = field(default=None, compare=False)
    """Last day on which a yes holds by the school's rule; None if it holds until the pupil leaves."""

    @property
    def written_by_hand(self) -> bool:
        """False for what the program itself noticed in pupils.csv or in an export."""
        return self.source not in (FIRST_SEEN, FORM, CHANGED) and not self.imported

    @property
    def imported(self) -> bool:
        """True for what came with an export."""
        return self.source.startswith(IMPORT)

    @property
    def tells_nothing_of_before(self) -> bool:
        """True if its day is only that on which it was first seen, or the date of a form, and forms are renewed."""
        ends = (IMPORT_FIRST_SEEN, IMPORT_FORM)
        return self.source in (FIRST_SEEN, FORM) or (self.imported and self.source.endswith(ends))


History = Mapping[tuple[str, Kind], Sequence[ConsentAnswer]]
"""By pupil and channel (or fact), the answers in the order in which they took effect."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What the register says of one pupil, channel and day."""

    standing: Standing
    """yes, no, not_recorded, withdrawn, disagreement (one parent said yes, another no and has not taken it back),
    expired, not_yet (the first yes came later), or unknown for that day."""
    since: date | None = None
    """The day from which that holds, if known; for not_yet, the day of the first yes."""
    until: date | None = field(default=None, compare=False)
    """For a yes, the last day on which the school's rule lets it hold, if there is one."""

    @property
    def allowed(self) -> bool:
        """True only for a recorded yes: no recorded answer is no permission."""
        return self.standing == "yes"


def permission_on(pupil: Pupil, history: History, channel: Channel, day: date) -> Permission:
    """Return what the register says of this pupil and channel on that day.

    A withdrawal, the end of validity or leaving overrides an earlier yes, and so does another parent's no. A day before
    the first dated answer is "not_yet" if somebody dated the first yes in the history; the date of a form says nothing
    of the days before it, because forms are renewed and only the newest date is kept: such a day is "unknown".
    """
    if pupil.withdrawn_on and pupil.withdrawn_on <= day:
        return Permission("withdrawn", pupil.withdrawn_on)
    protected = fact_on(history, pupil.pupil_id, "never_publish", day)
    if protected and protected.answer:
        return Permission("no", protected.effective_on)
    standing = _answered(pupil, history, channel, day)
    if not standing.allowed:
        return standing
    if pupil.parents_disagree:
        return Permission("disagreement")
    ends = [end for end in (_expiry_on(pupil, history, day), pupil.left_on, standing.until) if end and end < day]
    return Permission("expired", min(ends)) if ends else standing


def fact_on(history: History, pupil_id: str, fact: Fact, day: date) -> ConsentAnswer | None:
    """Return what the register said of a fact on that day, or None if nothing is on record up to it."""
    recorded = [each for each in history.get((pupil_id, fact), ()) if each.effective_on <= day]
    return recorded[-1] if recorded else None


def _expiry_on(pupil: Pupil, history: History, day: date) -> date | None:
    """Return the last day of validity as the register said it on that day; before any record, the first recorded."""
    known = history.get((pupil.pupil_id, "consent_expires_on"), ())
    said = fact_on(history, pupil.pupil_id, "consent_expires_on", day) or (known[0] if known else None)
    if said is None:
        return pupil.consent_expires_on
    return date.fromisoformat(said.value) if said.value else None


def permission_today(pupil: Pupil, history: History, channel: Channel, today: date) -> Permission:
    """Return what holds today: the cell of the register. For a leaver, what held on the last day on roll.

    A leaver's form does not run out and a cell that was emptied takes nothing back, but a refusal made since counts.
    """
    if pupil.left_on is None or pupil.left_on >= today:
        return permission_on(pupil, history, channel, today)
    if pupil.withdrawn_on and pupil.withdrawn_on <= today:
        return Permission("withdrawn", pupil.withdrawn_on)
    last_day = permission_on(pupil, history, channel, pupil.left_on)
    since = [
        answer
        for answer in history.get((pupil.pupil_id, channel), ())
        if answer.answer is not None and pupil.left_on < answer.effective_on <= today
    ]
    if since and since[-1].answer is False:
        return Permission("withdrawn" if last_day.allowed else "no", since[-1].effective_on)
    return last_day


def _answered(pupil: Pupil, history: History, channel: Channel, day: date) -> Permission:
    answers = history.get((pupil.pupil_id, channel), ())
    if answers:
        valid = [answer for answer in answers if answer.effective_on <= day]
        if not valid:
            return _before_any_answer(next((answer for answer in answers if answer.answer), None))
        last = valid[-1]
        if last.answer is False and any(answer.answer for answer in valid):
            return Permission("withdrawn", last.effective_on)
        if last.answer and (refused := _refused_by_another(last, valid)):
            return Permission("disagreement", refused.effective_on)
        return Permission(_word(last.answer), last.effective_on, last.valid_until)
    cell, given_on = (pupil.answers or {}).get(channel), pupil.consent_given_on
    if cell and (given_on is None or day < given_on):
        return Permission("unknown")
    return Permission(_word(cell), given_on)


def _refused_by_another(yes: ConsentAnswer, answers: Sequence[ConsentAnswer]) -> ConsentAnswer | None:
    """Return another parent's refusal that still stands beside one parent's yes: neither overrules the other.

    A yes that the program noticed, in an export or in pupils.csv, without knowing whose it is, takes back no refusal
    that a person wrote down as one parent's.
    """
    giver = parent_of(yes.given_by)
    if not giver and (yes.written_by_hand or is_both(yes.given_by)):
        return None
    stands: dict[str, ConsentAnswer] = {}
    for answer in answers:
        by = parent_of(answer.given_by)
        if answer.answer is None or not (
            answer.written_by_hand or (answer.imported and (by or is_both(answer.given_by)))
        ):
            continue
        if not by:
            stands.clear()
        stands[by] = answer
    return next(
        (
            each
            for parent, each in stands.items()
            if parent not in ("", giver) and each.answer is False and (giver or each.written_by_hand)
        ),
        None,
    )


def may_take_back(refusal: ConsentAnswer, given_by: str) -> bool:
    """Return True if a yes of this giver, told by an export, takes back a refusal that a person wrote down.

    Both parents may, and so may the one who refused; where it is not known who refused, anybody may.
    """
    if is_both(given_by):
        return True
    if is_both(refusal.given_by):
        return False
    return parent_of(refusal.given_by) in ("", parent_of(given_by))


def is_both(given_by: str) -> bool:
    """Return True if an answer is that of all parents, and says so."""
    folded = " ".join(given_by.casefold().split())
    return folded in NOT_ONE_PARENT - {"", NOBODY_KNOWN}


def parent_of(given_by: str) -> str:
    """Return who gave an answer, comparable; empty if that is not one parent, or not known."""
    folded = " ".join(given_by.casefold().split())
    for said, meant in (
        ("mum", "mother"),
        ("mam", "mother"),
        ("mummy", "mother"),
        ("dad", "father"),
        ("daddy", "father"),
    ):
        folded = meant if folded == said else folded
    return "" if folded in NOT_ONE_PARENT else folded


def _before_any_answer(first_yes: ConsentAnswer | None) -> Permission:
    if first_yes is None or first_yes.tells_nothing_of_before:
        return Permission("unknown")
    return Permission("not_yet", first_yes.effective_on)


def _word(answer: bool | None) -> Standing:
    if answer is None:
        return "not_recorded"
    return "yes" if answer else "no"


def answers_at_odds(pupils: Iterable[Pupil], history: History, today: date) -> list[str]:
    """Return a sentence for each cell that says yes although the last answer somebody wrote down is another.

    Which of the two is right only the school knows; a refusal is never overruled by a cell that was forgotten.
    """
    at_odds = []
    for pupil in pupils:
        for channel in CHANNELS:
            last = last_stated(history.get((pupil.pupil_id, channel), ()), today)
            if last and last.written_by_hand and not last.answer and (pupil.answers or {}).get(channel):
                at_odds.append((last.line, pupil.pupil_id, channel, WORDS[last.answer], last.effective_on))
    return [
        f"line {line} says {answer} for {pupil_id}, {channel}, from {effective_on}, but the cell in pupils.csv says "
        "yes; make them agree: change the cell, or add a later line with the yes"
        for line, pupil_id, channel, answer, effective_on in sorted(at_odds)
    ]


def last_stated(answers: Sequence[ConsentAnswer], today: date) -> ConsentAnswer | None:
    """Return the last answer up to today that a person wrote down or an export told of, or None."""
    stated = [
        answer for answer in answers if (answer.written_by_hand or answer.imported) and answer.effective_on <= today
    ]
    return stated[-1] if stated else None


def changes_since_recorded(pupils: Iterable[Pupil], history: History, today: date) -> list[ConsentAnswer]:
    """Return the dated answers that the history lacks: each cell that differs from the last answer up to today.

    A yes whose form is newer than the last answer is a dated answer too: the form was renewed.

    An empty cell is no new answer where somebody wrote down a refusal: that holds until another answer is given.
    """
    changes = []
    for pupil in pupils:
        for channel in CHANNELS:
            recorded = history.get((pupil.pupil_id, channel), ())
            answers = [answer for answer in recorded if answer.effective_on <= today]
            last = answers[-1] if answers else None
            cell = (pupil.answers or {}).get(channel)
            if cell == (last.answer if last else None):
                if cell and last and _renewed(pupil, last, history, today):
                    changes.append(_noticed(pupil, channel, True, pupil.consent_given_on or today, FORM))
                continue
            if cell is None and last and last.written_by_hand and last.answer is False:
                continue
            effective, source = today, CHANGED if last else FIRST_SEEN
            if not last and pupil.consent_given_on and pupil.consent_given_on <= today:
                effective, source = pupil.consent_given_on, FORM
            changes.append(_noticed(pupil, channel, cell, effective, source))
        changes += _facts_since_recorded(pupil, history, today)
    return changes


def _facts_since_recorded(pupil: Pupil, history: History, today: date) -> Iterator[ConsentAnswer]:
    """Yield the dated facts that the history lacks: never to be published, name use, last day of validity."""
    cells: dict[Fact, tuple[bool | None, str]] = {
        "never_publish": (pupil.never_publish, ""),
        "name_use": (None, pupil.name_use),
        "consent_expires_on": (None, pupil.consent_expires_on.isoformat() if pupil.consent_expires_on else ""),
    }
    for fact, (answer, value) in cells.items():
        last = fact_on(history, pupil.pupil_id, fact, today)
        if last is None and not answer and not value:
            continue
        if last is None or (last.answer, last.value) != (answer, value):
            noticed = _noticed(pupil, fact, answer, today, CHANGED if last else FIRST_SEEN)
            yield replace(noticed, value=value)


def _renewed(pupil: Pupil, last: ConsentAnswer, history: History, today: date) -> bool:
    """Return True if the form in pupils.csv is newer than the last yes, and not that of an export for another."""
    form = pupil.consent_given_on
    if form is None or not last.effective_on < form <= today:
        return False
    return not any(
        answer.imported and answer.effective_on == form
        for channel in CHANNELS
        for answer in history.get((pupil.pupil_id, channel), ())
    )


def _noticed(pupil: Pupil, channel: Kind, answer: bool | None, day: date, source: str) -> ConsentAnswer:
    moment = datetime.now().astimezone().isoformat(timespec="minutes")
    return ConsentAnswer(pupil.pupil_id, channel, answer, day, NOBODY_KNOWN, moment, source)


# How long a yes holds by the school's own rule: until leaving, for twelve months, or to the end of a key stage.

ValidFor = Literal["until leaving", "year", "key stage"]
LAST_YEARS = (0, 2, 6, 9, 11, 99)
"""The last year of each key stage: Reception ends the early years, Year 2 key stage 1, and so on."""


def with_validity(history: History, pupils: Mapping[str, Pupil], valid_for: ValidFor, today: date) -> History:
    """Return the history with the last day on which each yes holds by the school's rule."""
    if valid_for == "until leaving":
        return history
    return {
        key: [
            replace(answer, valid_until=_valid_until(answer, pupils[key[0]], valid_for, today))
            if answer.answer
            else answer
            for answer in answers
        ]
        for key, answers in history.items()
    }


def _valid_until(answer: ConsentAnswer, pupil: Pupil, valid_for: ValidFor, today: date) -> date:
    """Return the last day of twelve months or of the key stage; twelve months too where no year group is known."""
    given = answer.effective_on
    year = {"N1": -2, "N2": -1, "NURSERY": -1, "R": 0}.get(pupil.year_group.upper())
    if year is None and pupil.year_group.isdecimal():
        year = int(pupil.year_group)
    if valid_for == "year" or year is None:
        a_year_later = given.replace(year=given.year + 1, day=28 if (given.month, given.day) == (2, 29) else given.day)
        return a_year_later - timedelta(days=1)
    known_on = min(today, pupil.left_on or today)
    year_then = year - (_school_year(known_on) - _school_year(given))
    last_year = next(last for last in LAST_YEARS if year_then <= last)
    return date(_school_year(given) + last_year - year_then + 1, 8, 31)


def _school_year(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1
