"""``consent/consent_history.csv``: read whole or not at all, added to at its end, and never changed."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Container, Iterable
from pathlib import Path

from auditbot.registers.consent import COLUMNS, KINDS, WORDS, ConsentAnswer, History, Kind
from auditbot.registers.csv_register import Row, read_table
from auditbot.registers.people import CHANNELS
from auditbot.safe_files import write_private


def read_history(path: Path, pupils: Container[str]) -> History:
    """Return the dated answers. A missing file is an empty history; raises RegisterError naming every bad cell.

    Answers about pupils who are no longer in the register are kept in the file and passed over here.
    """
    if not path.exists():
        return {}
    answers = [_answer(row) for row in read_table(path, COLUMNS, COLUMNS[:4])]
    return in_order(answer for answer in answers if answer is not None and answer.pupil_id in pupils)


def _answer(row: Row) -> ConsentAnswer | None:
    pupil_id = row.text("pupil_id", required=True)
    channel = next((known for known in KINDS if known == row.text("channel")), None)
    answer, value = None, ""
    if channel == "name_use":
        value = row.text("answer").replace(WORDS[None], "")
    elif channel == "consent_expires_on":
        day = None if row.text("answer") == WORDS[None] else row.date("answer")
        value = day.isoformat() if day else ""
    else:
        answer = row.answer("answer")
    if channel is None:
        row.refuse("channel", f"is none of {', '.join(CHANNELS)}")
    effective_on = row.date("effective_on") if row.text("effective_on", required=True) else None
    if channel is None or effective_on is None:
        return None
    return ConsentAnswer(
        pupil_id=pupil_id,
        channel=channel,
        answer=answer,
        effective_on=effective_on,
        given_by=row.text("given_by"),
        recorded_at=row.text("recorded_at"),
        source=row.text("source"),
        line=row.line,
        value=value,
    )


def append_answers(path: Path, answers: Iterable[ConsentAnswer]) -> None:
    """Add answers at the end of the history file, making it if there is none; earlier lines are never touched.

    The file is replaced as a whole: a crash leaves either the old or the new one. Raises OSError if it cannot be.
    """
    path = path.resolve()
    content = with_answers(path, answers)
    for unfinished in path.parent.glob(f".{path.name}.*.part"):
        unfinished.unlink()
    write_private(path, content)


def with_answers(path: Path, answers: Iterable[ConsentAnswer]) -> bytes:
    """Return what the history file holds with these answers added at its end. Raises OSError if it cannot be read."""
    earlier = path.read_bytes() if path.exists() else b""
    fresh = not earlier.removeprefix(codecs.BOM_UTF8)
    added = io.StringIO(newline="")
    if not fresh and not earlier.endswith((b"\n", b"\r")):
        added.write("\n")
    writer = csv.writer(added, lineterminator="\n")
    if fresh:
        writer.writerow(COLUMNS)
    for answer in answers:
        writer.writerow(
            [
                answer.pupil_id,
                answer.channel,
                answer.value or WORDS[answer.answer],
                answer.effective_on.isoformat(),
                answer.given_by,
                answer.recorded_at,
                answer.source,
            ]
        )
    return earlier + added.getvalue().encode("utf-8")


def in_order(answers: Iterable[ConsentAnswer]) -> History:
    """Return answers by pupil and channel, in the order in which they took effect."""
    found: dict[tuple[str, Kind], list[ConsentAnswer]] = {}
    for answer in answers:
        found.setdefault((answer.pupil_id, answer.channel), []).append(answer)
    for of_one in found.values():
        of_one.sort(key=lambda answer: answer.effective_on)
    return found
