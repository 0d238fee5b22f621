"""The one gate of ``consent/pupils.csv``: whatever changes it passes one difference, one set of stops and of lines.

The register as it was last accepted is kept beside the others, as ``consent/kept/pupils-accepted.csv``. An import, the
nightly import, a command and an edit by hand that the next command sees are all compared with it. A change that takes
protection from many children at once, or from one whose protection is for life, or that moves names against ids, needs
a person's word; every other change is told at the top of that morning's report.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from auditbot.registers.people import CHANNELS, COLUMNS, FLAGS
from auditbot.sentences import Sentence, say

Cells = Mapping[str, str]
Rows = Mapping[str, Cells]

DAYS_THAT_PROTECT = ("withdrawn_on", "biometric_withdrawn_on")
"""Columns whose day protects a child from that day on."""
NAMES = ("legal_forename", "legal_surname", "preferred_forename", "preferred_surname")
OF_THE_CHILD = ("upn", "admission_no", "date_of_birth", "photo_file", "former_surnames", *NAMES)
"""Columns that say who a child is: sorted on their own they give one child's answers to another."""
LARGEST_SHARE = 10
"""One in so many: a larger share of pupils lost, or of a channel's refusals that turn into permission, stops."""
BLANKS_SHARE, FEW = 4, 3
"""Blanks that become permission stop from this many pupils on, if they are more than one in four on roll."""


class What(Enum):
    """What changed of a pupil."""

    NEW = "new"
    LOST = "row taken out"
    LEFT = "left"
    LEAVES = "leaves on"
    BACK = "back on roll"
    ANSWER = "answer"
    PROTECTION_LOST = "protection lost"
    NAME = "name"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed of one pupil."""

    what: What
    """What it is."""
    pupil_id: str
    """Whom it is about."""
    column: str = ""
    """The column, where it is one cell."""
    old: str = ""
    """What stood there."""
    new: str = ""
    """What stands there."""


class Stop(Enum):
    """What no change of the register does without a person's word."""

    PUPILS_LOST = "pupils_lost"
    MORE_PERMISSION = "more_permission"
    BLANKS_BECOME_PERMISSION = "blanks_become_permission"
    PROTECTION_LOST = "protection_lost"
    NAMES_MOVED = "names_moved"
    NO_ANSWERS = "no_answers"


SWITCH = {
    Stop.PUPILS_LOST: "accept_drop",
    Stop.MORE_PERMISSION: "accept_more_permission",
    Stop.BLANKS_BECOME_PERMISSION: "accept_more_permission",
    Stop.PROTECTION_LOST: "accept_more_permission",
    Stop.NAMES_MOVED: "accept_moved_names",
    Stop.NO_ANSWERS: "accept_no_answers",
}
"""The word that lets each through, as the option of the commands is called."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop, and why it stands."""

    stop: Stop
    """Which."""
    sentence: str
    """What would happen."""
    columns: tuple[str, ...] = ()
    """Columns whose new cells are not to be believed meanwhile."""

    @property
    def switch(self) -> str:
        """The word that lets it through."""
        return SWITCH[self.stop]


def difference(before: Rows, after: Rows, today: date) -> tuple[Change, ...]:
    """Return everything that changed from one register to another, pupil by pupil."""
    changes: list[Change] = [Change(What.LOST, pupil_id) for pupil_id in before if pupil_id not in after]
    for pupil_id, row in after.items():
        if pupil_id in before:
            changes += _changes_of(pupil_id, before[pupil_id], row, today)
        else:
            changes.append(Change(What.NEW, pupil_id))
    return tuple(changes)


def _changes_of(pupil_id: str, old: Cells, new: Cells, today: date) -> Iterator[Change]:
    for column in (each for each in COLUMNS if each != "pupil_id"):
        was, now = standing(column, old.get(column, "")), standing(column, new.get(column, ""))
        if was == now:
            continue
        yield Change(_what(column, was, now, today), pupil_id, column, was, now)
    if _disagrees(old) and not _disagrees(new):
        yield Change(What.PROTECTION_LOST, pupil_id, "consent_by", "the parents disagree", "")


def _what(column: str, was: str, now: str, today: date) -> What:
    if column in CHANNELS:
        return What.ANSWER
    if (column in FLAGS and was == "yes") or (column in DAYS_THAT_PROTECT and was and (not now or now > was)):
        return What.PROTECTION_LOST
    if column in (*NAMES, "former_surnames"):
        return What.NAME
    if column == "left_on":
        if now and now <= today.isoformat():
            return What.LEFT
        return What.BACK if was and was <= today.isoformat() else What.LEAVES
    return What.DETAIL


def _disagrees(row: Cells) -> bool:
    return "disagree" in row.get("consent_by", "").casefold()


def standing(column: str, text: str) -> str:
    """Return a cell, comparable: a blank answer is one that is not recorded, a flag that is not yes is none."""
    if column in CHANNELS or column == "biometric_consent":
        return text if text in ("yes", "no") else ""
    if column in FLAGS:
        return "yes" if text == "yes" else ""
    return text


def stops(
    changes: Sequence[Change], before: Rows, after: Rows, today: date, dated: Collection[tuple[str, str]] = ()
) -> tuple[Stopped, ...]:
    """Return what needs a person's word. ``dated`` holds pupil and channel of each yes that bears a newer day."""
    return (
        *_pupils_lost(changes, before, today),
        *_more_permission(changes, before, dated),
        *_blanks_become_permission(changes, before, today),
        *_protections_lost(changes, before),
        *_names_moved(changes, before, after),
    )


def on_roll(rows: Rows, today: date) -> int:
    """Return how many pupils of a register are on roll."""
    return sum(not row.get("left_on") or row["left_on"] >= today.isoformat() for row in rows.values())


def _pupils_lost(changes: Sequence[Change], before: Rows, today: date) -> Iterator[Stopped]:
    there = {pupil_id for pupil_id, row in before.items() if not row.get("left_on")
             or row["left_on"] >= today.isoformat()}  # fmt: skip
    lost = {each.pupil_id for each in changes if each.what in (What.LOST, What.LEFT)} & there
    if lost and len(lost) * LARGEST_SHARE > len(there):
        share = round(100 * len(lost) / len(there))
        yield Stopped(
            Stop.PUPILS_LOST,
            f"{len(lost)} of {len(there)} pupils on roll ({share} %) are missing from the file. Is it the whole "
            "school?",
            ("left_on",),
        )


def _more_permission(changes: Sequence[Change], before: Rows, dated: Collection[tuple[str, str]]) -> Iterator[Stopped]:
    """Stop where too large a share of one channel's refusals, or of all, turns into permission.

    A yes that bears a day newer than the refusal is what a parent who changed their mind leaves: two such are let by.
    """
    turned = [each for each in changes if each.what == What.ANSWER and (each.old, each.new) == ("no", "yes")]
    undated = [each for each in turned if (each.pupil_id, each.column) not in dated]
    for columns in (*((channel,) for channel in CHANNELS), CHANNELS):
        refusals = sum(row.get(channel) == "no" for row in before.values() for channel in columns)
        here = [each for each in turned if each.column in columns]
        unproved = [each for each in undated if each.column in columns]
        if len(unproved) * LARGEST_SHARE > refusals or (len(here) >= FEW and len(here) * LARGEST_SHARE > refusals):
            where = columns[0].replace("_", " ") if len(columns) == 1 else "all channels"
            yield Stopped(
                Stop.MORE_PERMISSION,
                f"{len(here)} of {refusals} refusals ({where}) would become permission. Are the columns right?",
                tuple(each.column for each in here),
            )
            return


def _blanks_become_permission(changes: Sequence[Change], before: Rows, today: date) -> Iterator[Stopped]:
    """Stop where many pupils whose answer was blank get permission for a channel that the register knew answers for.

    A blank may be a refusal, as in SIMS. A change that is the first to answer for a channel is none of these.
    """
    known = {channel for channel in CHANNELS if any(row.get(channel) in ("yes", "no") for row in before.values())}
    filled = {
        each.pupil_id
        for each in changes
        if each.what == What.ANSWER and each.column in known and (each.old, each.new) == ("", "yes")
    }
    there = on_roll(before, today)
    if len(filled) >= FEW and len(filled) * BLANKS_SHARE > there:
        yield Stopped(
            Stop.BLANKS_BECOME_PERMISSION,
            f"{len(filled)} of {there} pupils on roll had no answer recorded and would get permission. A blank may "
            "have been a refusal.",
            tuple(sorted(known)),
        )


def _protections_lost(changes: Sequence[Change], before: Rows) -> Iterator[Stopped]:
    freed = [(each.column, each.pupil_id) for each in changes if each.what == What.PROTECTION_LOST]
    gone = {each.pupil_id for each in changes if each.what == What.LOST}
    freed += [
        (column, pupil_id)
        for pupil_id in before
        if pupil_id in gone
        for column in (*FLAGS, *DAYS_THAT_PROTECT)
        if before[pupil_id].get(column, "") not in ("", "no")
    ]
    if freed:
        listed = ", ".join(f"{column} of {pupil_id}" for column, pupil_id in freed[:12])
        more = f" and {len(freed) - 12} more" if len(freed) > 12 else ""
        yield Stopped(
            Stop.PROTECTION_LOST,
            f"{listed}{more} would no longer protect.",
            tuple(dict.fromkeys(column for column, _ in freed)),
        )


def _names_moved(changes: Sequence[Change], before: Rows, after: Rows) -> Iterator[Stopped]:
    """Stop where what says who a child is stands at another id than before.

    A column sorted on its own, or two ids exchanged, leave the same values at other ids; a row that was given to
    another child has both names changed; a column that slipped has many changed at once.
    """
    moved: dict[str, list[str]] = {}
    for column in OF_THE_CHILD:
        of_column = [each for each in changes if each.column == column]
        left, come = Counter(each.old for each in of_column if each.old), Counter(e.new for e in of_column if e.new)
        shared = (left & come).total()
        if shared >= 2 or (column in NAMES and len(of_column) >= FEW and len(of_column) * LARGEST_SHARE > len(before)):
            for each in of_column:
                moved.setdefault(each.pupil_id, []).append(column)
    renamed = [pupil_id for pupil_id in before if pupil_id in after and _is_another(before[pupil_id], after[pupil_id])]
    for pupil_id in renamed:
        moved.setdefault(pupil_id, []).extend(NAMES)
    if moved:
        ids = ", ".join(sorted(moved)[:12]) + (f" and {len(moved) - 12} more" if len(moved) > 12 else "")
        columns = tuple(dict.fromkeys(column for of_one in moved.values() for column in of_one))
        yield Stopped(
            Stop.NAMES_MOVED,
            f"who the pupils are would change against their ids ({', '.join(columns)} of {ids}). Was one column sorted "
            "without the others, or an id given to another child?",
            columns,
        )


def _is_another(old: Cells, new: Cells) -> bool:
    """Return whether forename and surname are both others: then the row is about another child."""
    firsts = {_folded(old.get(n, "")) for n in ("legal_forename", "preferred_forename")} - {""}
    lasts = {_folded(each) for n in ("legal_surname", "preferred_surname") for each in (old.get(n, ""),)} - {""}
    now_first = {_folded(new.get(n, "")) for n in ("legal_forename", "preferred_forename")} - {""}
    now_last = {_folded(new.get(n, "")) for n in ("legal_surname", "preferred_surname")} - {""}
    return not firsts & now_first and not lasts & now_last


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def guarded(before: Rows, after: Rows, stopped: Iterable[Stopped]) -> dict[str, dict[str, str]]:
    """Return the register to go by until a person has given their word: the accepted one, made stricter.

    A protection or refusal that the edit adds counts at once, but for columns that the stops doubt, and for no child
    whose name is another than before.
    """
    doubted = {column for each in stopped for column in each.columns}
    held = {pupil_id: dict(row) for pupil_id, row in before.items()}
    for pupil_id, row in held.items():
        new = after.get(pupil_id)
        if new is None or any(_folded(new.get(n, "")) != _folded(row.get(n, "")) for n in NAMES[:2]):
            continue
        for column in COLUMNS:
            now = standing(column, new.get(column, ""))
            stricter = (
                (column in CHANNELS and row.get(column) == "yes" and now != "yes")
                or (column in FLAGS and now == "yes")
                or (column in DAYS_THAT_PROTECT and now and (not row.get(column) or now < row[column]))
                or (column == "biometric_consent" and now == "no")
            )
            if stricter and column not in doubted:
                row[column] = new.get(column, "")
    for pupil_id, new in after.items():
        # A new row can only protect: no template, no yes, until somebody has looked; its names are known to the checks.
        if pupil_id not in held:
            held[pupil_id] = {**new, **dict.fromkeys(CHANNELS, ""), "biometric_consent": ""}
    return held


MOST_NAMED = 12
OF_LITTLE_WEIGHT = frozenset({What.NEW, What.LEFT, What.LEAVES, What.BACK, What.DETAIL, What.NAME})
"""Changes that take no protection away: of many, not every pupil is named."""
NAMED_WHOLE = frozenset({"legal_forename", "legal_surname", "date_of_birth", "consent_expires_on"})
"""Columns of such changes that may give a permission to another child after all: each pupil is named."""


def lines(changes: Iterable[Change], how: str) -> tuple[Sentence, ...]:
    """Return what a report says of the changes, a sentence each kind, with the ids of the pupils. ``how`` they came."""
    grouped: dict[tuple[What, str, str], list[Change]] = {}
    for each in changes:
        turn = f"{each.old or 'not recorded'} to {each.new or 'not recorded'}" if each.what == What.ANSWER else ""
        turn = each.new if each.what == What.LEAVES else turn
        column = "" if each.what in (What.LEFT, What.LEAVES, What.BACK) else each.column
        grouped.setdefault((each.what, column, turn), []).append(each)
    told = []
    for (what, column, _turn), same in sorted(grouped.items(), key=lambda item: _weight(item[0])):
        most = MOST_NAMED if what in OF_LITTLE_WEIGHT and column not in NAMED_WHOLE else len(same)
        ids = ", ".join(each.pupil_id for each in same[:most])
        pupils = say("%(ids)s and %(count)s more", ids=ids, count=len(same) - most) if len(same) > most else ids
        changed = _said(what, column, same[0])
        told.append(say("The register changed (%(how)s): %(what)s: %(pupils)s.", how=how, what=changed, pupils=pupils))
    return tuple(told)


def _weight(key: tuple[What, str, str]) -> tuple[int, str, str]:
    what, column, turn = key
    order = (What.PROTECTION_LOST, What.LOST, What.ANSWER, What.NAME, What.LEFT, What.LEAVES, What.BACK, What.NEW,
             What.DETAIL)  # fmt: skip
    return order.index(what), column, turn


def _said(what: What, column: str, change: Change) -> Sentence:
    name = column.replace("_", " ")
    return {
        What.NEW: say("new pupils"),
        What.LOST: say("rows taken out"),
        What.LEFT: say("marked as left"),
        What.LEAVES: say("to leave on %(day)s", day=change.new) if change.new else say("no longer to leave"),
        What.BACK: say("back on roll"),
        What.ANSWER: say(
            "%(column)s from %(old)s to %(new)s",
            column=name,
            old=change.old or say("not recorded"),
            new=change.new or say("not recorded"),
        ),
        What.PROTECTION_LOST: say("%(column)s no longer protects", column=name),
        What.NAME: say("%(column)s changed", column=name),
        What.DETAIL: say("%(column)s changed", column=name),
    }[what]
