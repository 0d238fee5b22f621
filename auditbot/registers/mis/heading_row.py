"""Which row of a sheet holds the headings, alone or joined with the row of groups above it."""

from __future__ import annotations

from collections.abc import Sequence

from auditbot.registers.mis.columns import ANSWERED_AT, TIMES, Said, asked_about_child, meanings
from auditbot.registers.mis.headings import (
    ASK,
    ASK_END,
    ASK_START,
    UNUSED,
    folded,
    giver_of,
    is_about_answers,
    meaning,
)
from auditbot.registers.people import CHANNELS

LOOK_FOR_HEADINGS_IN = 40


def heading_rows(
    sheet: Sequence[Sequence[str]], system: str | None, said: Said
) -> list[tuple[tuple[int, int], int, tuple[str, ...]]]:
    """Return each row, alone or joined with the row above it, that may hold the headings, best first.

    With each goes how many of its headings are known, and how many are to be asked about.
    """
    candidates = []
    for place, cells in enumerate(sheet[:LOOK_FOR_HEADINGS_IN]):
        above = sheet[place - 1] if place else ()
        joined = _joined(above, cells, system, said) if sum(map(bool, above)) > 1 else cells
        alone = () if _asks_more(cells, joined, system, said) else (cells,)
        for headings in dict.fromkeys((*alone, joined)):
            meant = [column for heading in headings if heading for column in _roughly(heading, system, said)]
            known = set(meant) - {ASK, ASK_START, ASK_END, UNUSED}
            if len(known) > 1:
                candidates.append(((len(known), meant.count(ASK)), place + 1, tuple(headings)))
    return sorted(candidates, key=lambda candidate: (*(-score for score in candidate[0]), candidate[1]))


def _roughly(heading: str, system: str | None, said: Said) -> tuple[str, ...]:
    """Return what a heading means, one that names a parent by what stands beside the parent; they count apart."""
    meant = meanings(heading, system, said)
    if meant == (UNUSED,) and folded(heading) in TIMES:
        return (ANSWERED_AT,)
    if meant == (UNUSED,) and (asked := asked_about_child(heading)):
        return (asked,)
    giver, rest = giver_of(heading)
    if meant in ((ASK,), (UNUSED,)) and giver and rest and meaning(rest, system) in CHANNELS:
        return (f"{giver} {meaning(rest, system)}",)
    return meant


def _asks_more(alone: Sequence[str], joined: Sequence[str], system: str | None, said: Said) -> bool:
    """Return True if the heading of its group says more of a channel: to be asked about, or whose answer it is."""
    for lower, both in zip(alone, joined, strict=False):
        if lower and meanings(lower, system, said)[0] in CHANNELS:
            meant = _roughly(both, system, said)
            if meant == (ASK,) or (giver_of(both)[0] and meant[0] not in CHANNELS):
                return True
    return False


def _joined(above: Sequence[str], below: Sequence[str], system: str | None, said: Said) -> tuple[str, ...]:
    """Join two rows of headings: a group's heading, merged over its columns, stands once, at the first of them."""
    joined, group = [], ""
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        group = upper or group
        alone = meanings(lower, system, said)[0] if lower else UNUSED
        together = f"{group} {lower}".strip()
        meant = _roughly(together, system, said)[0]
        if not lower:
            joined.append(upper)
        elif (alone in (ASK, UNUSED) and meant != UNUSED) or (
            alone in CHANNELS
            and (meant == ASK or giver_of(together)[0])
            and is_about_answers(group)
            and folded(lower) not in said.columns
        ):
            joined.append(together)
        else:
            joined.append(lower)
    return tuple(joined)
