"""What each role is told of a draft: editors which face and what to do, never who or why; leads the name as well."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from auditbot.model import Box
from auditbot.prepublish.draft_check import Change, MarkedWords, to_be_told
from auditbot.prepublish.photo_check import CheckedPhoto, SeenFace
from auditbot.review.casebook.case_details import label_of, labelled
from auditbot.review.casebook.served_workspace import View
from auditbot.sentences import _, day_and_month, say


class Answer(StrEnum):
    """What may become of a photo, or of words."""

    CAN_GO = "can_go"
    ANOTHER = "another"
    ASK = "ask"
    NOT_OPENED = "not_opened"


SAYS = {
    Answer.CAN_GO: say("Can go"),
    Answer.ANOTHER: say("Choose another"),
    Answer.ASK: say("Ask the safeguarding lead"),
    Answer.NOT_OPENED: say("Could not be opened: choose another"),
}


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    """The answer to one photo."""

    name: str
    """The file's name, as its owner knows it."""
    answer: Answer
    """What may become of it."""
    says: str
    """The answer in words."""
    why: tuple[str, ...]
    """Sentences below it: which face, which words, what to do."""
    names: tuple[str, ...]
    """For leads alone: who a face may be, and what the register says."""
    pupil_ids: tuple[str, ...]
    """For leads alone: whom the names are of."""
    boxes: tuple[Box, ...]
    """The faces and words that are meant, in the order of their numbers."""
    strip: bool
    """Whether the file tells where or with which camera it was taken."""
    picture: str = ""
    """The photo made small, boxes numbered, as a data: address; empty if it cannot be shown."""

    def shown(self, small: bytes) -> PhotoAnswer:
        """Return the answer with its picture, a JPEG."""
        told = "data:image/jpeg;base64," + b64encode(small).decode("ascii") if small else ""
        return replace(self, picture=told)


def photo_answer(checked: CheckedPhoto, view: View, *, full: bool) -> PhotoAnswer:
    """Return the answer to one photo; ``full`` says whether the person may know whom a face may show."""
    answer = _answer(checked)
    meant = _meant(checked, answer)
    words = [one for one in checked.words if one.box and one.band]
    boxes = [seen.face.box for seen in meant] + [one.box for one in words if one.box]
    names = tuple(_names(meant, view)) if full else ()
    return PhotoAnswer(
        name=checked.path.name,
        answer=answer,
        says=SAYS[answer],
        why=tuple(_why(checked, answer, len(meant), len(words))),
        names=names,
        pupil_ids=tuple(sorted({one.pupil_id for seen in meant for one in seen.face.evidence})) if full else (),
        boxes=tuple(boxes),
        strip=checked.metadata.has_position or checked.metadata.has_serial_number,
    )


def _answer(checked: CheckedPhoto) -> Answer:
    if not checked.width:
        return Answer.NOT_OPENED
    if checked.verdict == "do_not_publish":
        return Answer.ANOTHER
    if checked.verdict == "not_examined" or checked.not_examined:
        return Answer.ASK
    doubtful = any(_may_not(seen) or _unsure(seen) for seen in checked.faces) or any(one.band for one in checked.words)
    return Answer.ASK if checked.verdict == "look_first" and doubtful else Answer.CAN_GO


def _may_not(seen: SeenFace) -> bool:
    return seen.permission == "no"


def _unsure(seen: SeenFace) -> bool:
    return seen.face.outcome != "named" or seen.permission == "unknown"


def _meant(checked: CheckedPhoto, answer: Answer) -> list[SeenFace]:
    if answer is Answer.ANOTHER:
        sure = [seen for seen in checked.faces if _may_not(seen) and seen.face.outcome == "named"]
        return sure or [seen for seen in checked.faces if _may_not(seen)]
    return [seen for seen in checked.faces if _may_not(seen) or _unsure(seen)] if answer is Answer.ASK else []


def _why(checked: CheckedPhoto, answer: Answer, faces: int, words: int) -> Iterator[str]:
    """Yield one sentence a fact; the same for every reason that a face may have."""
    if answer is Answer.NOT_OPENED:
        yield _("It is no photo that can be looked at, or it is too large.")
    if answer is Answer.ANOTHER and faces:
        yield _(
            "%(faces)s should not be in it. Choose a photo without; covering or cropping a face points at it.",
            faces=_faces(faces),
        )
    if answer is Answer.ASK and faces:
        yield _("%(faces)s: somebody who knows the children should look first.", faces=_faces(faces))
    if words:
        yield _("Words in the picture (number %(value)s) may hold a surname.", value=faces + 1)
    elif any(one.band for one in checked.words):
        yield _("Its file name, or words kept in its file, may hold a surname: give it another name, or take the copy.")
    if answer is Answer.ASK and checked.not_examined:
        yield _("Not all of it could be looked at.")
    if answer is Answer.CAN_GO and checked.faces:
        yield _("No face in it needs anything.")


def _faces(count: int) -> str:
    if count == 1:
        return _("Face 1")
    return _("Faces 1 to %(count)s", count=count) if count > 2 else _("Faces 1 and 2")


def _names(meant: Sequence[SeenFace], view: View) -> Iterator[str]:
    for number, seen in enumerate(meant, 1):
        labels = [label_of(one.pupil_id, view) for one in seen.face.evidence]
        reasons = [f"{label_of(pupil_id, view)} {labelled(reason, view)}" for pupil_id, reason in seen.lacking]
        if labels:
            told = f"Face {number} may be {' or '.join(labels)}".rstrip(".")
            yield f"{told}. {' '.join(reasons)}".strip()


@dataclass(frozen=True, slots=True)
class WordsAnswer:
    """The answer to the words of a draft."""

    answer: Answer
    """What may become of them."""
    pieces: tuple[tuple[str, bool], ...]
    """The draft in pieces, each with whether it is marked."""
    changes: tuple[str, ...]
    """What to change, each a sentence."""
    instead: str
    """The draft with the shortest changes made; empty if there are none to make."""
    names: tuple[str, ...]
    """For leads alone: why, with names."""
    pupil_ids: tuple[str, ...]
    """For leads alone: whom the names are of."""

    @property
    def says(self) -> str:
        """The answer in words."""
        return _("Change the marked words") if self.answer is Answer.ANOTHER else SAYS[self.answer]


def words_answer(text: str, marked: Sequence[MarkedWords], view: View, *, full: bool) -> WordsAnswer:
    """Return the answer to words; ``full`` says whether the person may know whom they may concern."""
    told = to_be_told(marked)
    instead, at = "", 0
    for one in told:
        if one.change is Change.INITIAL and one.start >= at:
            instead += text[at : one.start] + one.instead
            at = one.end
    changes = {one.change for one in told}
    must = changes & {Change.INITIAL, Change.TAKE_OUT}
    return WordsAnswer(
        answer=Answer.ANOTHER if must else Answer.ASK if changes else Answer.CAN_GO,
        pieces=tuple(_pieces(text, told)),
        changes=tuple(dict.fromkeys(_change(text, one) for one in told)),
        instead=instead + text[at:] if Change.INITIAL in changes else "",
        names=tuple(dict.fromkeys(labelled(one.explanation, view) for one in marked)) if full else (),
        pupil_ids=tuple(sorted({pupil for one in marked for pupil in one.pupil_ids})) if full else (),
    )


def _pieces(text: str, marked: Sequence[MarkedWords]) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it is marked; marks that overlap are one piece."""
    at = 0
    while at < len(text):
        end = at
        for one in marked:
            if one.start <= end < one.end:
                end = one.end
        if end > at:
            yield text[at:end], True
        else:
            end = min((one.start for one in marked if one.start > at), default=len(text))
            yield text[at:end], False
        at = end


def _change(text: str, one: MarkedWords) -> str:
    words = " ".join(text[one.start : one.end].split())
    short = words if len(words) <= 60 else f"{words[:57]}…"
    if one.change is Change.INITIAL:
        return _("“%(short)s”: write “%(instead)s”.", short=short, instead=one.instead)
    if one.change is Change.TAKE_OUT:
        return _("“%(short)s”: take it out.", short=short)
    return _("“%(short)s”: ask the safeguarding lead before you post it.", short=short)


def checked_before(sha256: str, channels: Sequence[str]) -> str:
    """Return what was answered when this very file was checked for one of these channels, as a sentence, or nothing.

    What may go to one channel may not go to another, so an answer counts for its own alone.
    """
    from auditbot.review.people.models import Checked  # noqa: PLC0415  needs the settings

    known = Checked.objects.filter(digest=sha256, channel__in=channels).order_by("-day").first()
    if known is None:
        return ""
    answered = _("it could go") if known.answer == Answer.CAN_GO else _("something else was advised")
    day = day_and_month(known.day)
    return _("It was checked before posting, on %(day)s: %(answered)s.", day=day, answered=answered)
