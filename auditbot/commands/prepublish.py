"""``auditbot check-photo`` and ``check-text``: photos and texts, before they are published."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console

from auditbot.check.clauses import NOBODY
from auditbot.check.texts import Ours, ours_of
from auditbot.commands.common import COMPLETE, FINDINGS, INCOMPLETE, ProgressBars, workspace_of
from auditbot.prepublish.photo_check import CheckedPhoto, CheckedPhotos, Request, SeenFace, check_photos
from auditbot.prepublish.text_check import check_texts
from auditbot.registers.accounts import read_accounts
from auditbot.registers.people import CHANNELS, Pupil
from auditbot.registers.policy import AllowedPhrase, Policy, read_allowed, read_policy
from auditbot.registers.policy_checks import CheckName
from auditbot.settings import Workspace, load_settings

VERDICTS = {
    "do_not_publish": "do not publish it as it is",
    "look_first": "look at it before it is published",
    "nothing_found": "nothing was found",
    "not_examined": "it could not be examined",
}
NOT_MATCHED = (
    "Faces were counted and compared with nobody: no impact assessment is recorded, or nobody is enrolled (see doctor)."
)


def run_check_photo(options: argparse.Namespace) -> int:
    """Look at every photo, write the copies asked for, and say what was found."""
    request = Request(
        tuple(Path(path) for path in options.path),
        options.channel,
        options.class_name or "",
        Path(options.redact) if options.redact else None,
    )
    with ProgressBars(Console(stderr=True)) as progress:
        checked = check_photos(workspace_of(options), request, progress)
    if options.json:
        print(json.dumps(document(checked), ensure_ascii=True))
    else:
        print("\n".join(_lines(checked)))
    if not checked.words_read or any(photo.not_examined or photo.no_copy for photo in checked.photos):
        return INCOMPLETE
    return FINDINGS if any(photo.verdict != "nothing_found" for photo in checked.photos) else COMPLETE


def document(checked: CheckedPhotos) -> dict[str, Any]:
    """Return the JSON document; pupils stand in it by id."""
    return {
        "channel": checked.request.channel,
        "class": checked.request.class_name,
        "day": checked.declared.today.isoformat(),
        "matched": checked.matched,
        "words_read": checked.words_read,
        "passed_over": checked.passed_over,
        "clauses": {
            check.value: clause.number
            for check in (CheckName.PHOTO_PERMISSION, CheckName.SURNAMES, CheckName.PERSONAL_DATA)
            if (clause := checked.declared.clauses.behind(check)) is not None
        },
        "files": [_file(photo) for photo in checked.photos],
    }


def _file(photo: CheckedPhoto) -> dict[str, Any]:
    return {
        "file": str(photo.path),
        "verdict": photo.verdict,
        "not_examined": photo.not_examined,
        "width": photo.width,
        "height": photo.height,
        "faces": [
            {
                "box": list(seen.face.box),
                "size": round(seen.face.box[2], 1),
                "outcome": seen.face.outcome,
                "candidates": [{"pupil_id": one.pupil_id, "score": one.score} for one in seen.face.evidence],
                "permission": seen.permission,
            }
            for seen in photo.faces
        ],
        "words": [
            {
                "where": words.where,
                "text": words.text,
                "box": list(words.box) if words.box else None,
                "pupil_ids": list(words.pupil_ids),
                "band": words.band,
            }
            for words in photo.words
        ],
        "metadata": {
            "position": photo.metadata.has_position,
            "serial_number": photo.metadata.has_serial_number,
            "words": [{"field": field, "text": text} for field, text in photo.metadata.words],
        },
        "copy": str(photo.copy) if photo.copy else None,
        "no_copy": photo.no_copy,
    }


def _lines(checked: CheckedPhotos) -> Iterator[str]:
    if not checked.matched:
        yield NOT_MATCHED
    if not checked.words_read:
        yield "Words in pictures were not read: config/auditbot.toml says read_words = false under [examine]."
    for photo in checked.photos:
        yield f"{photo.path}: {VERDICTS[photo.verdict]}"
        for line in (*_faces(photo, checked), *_words_and_metadata(photo), *_copy(photo, checked)):
            yield f"  {line}"
    if checked.passed_over:
        yield f"{_count(checked.passed_over, 'file')} in the folders, not pictures by their names, passed over."


def _faces(photo: CheckedPhoto, checked: CheckedPhotos) -> Iterator[str]:
    if photo.not_examined:
        yield photo.not_examined
    if not photo.faces:
        if photo.width:
            yield "No face was found."
        return
    pupils = checked.declared.pupils
    groups: dict[str, list[int]] = {"named": [], "perhaps": [], "nobody": [], "too small": []}
    for number, seen in enumerate(photo.faces, 1):
        groups[_kind(seen)].append(number)
    yield f"{_count(len(photo.faces), 'face')}, numbered from the left."
    for number, seen in enumerate(photo.faces, 1):
        if seen.permission == "no":
            names = " or ".join(_name(one.pupil_id, pupils) for one in seen.face.evidence)
            yield f"Face {number} may be {names}; please confirm."
            yield from (f"    {_name(person, pupils)}: {reason}" for person, reason in seen.lacking)
    for kind, words in (
        ("named", "named, with permission"),
        ("perhaps", "perhaps pupils with permission; please look"),
        ("nobody", "could not be named"),
        ("too small", "too small or unclear to tell"),
    ):
        if groups[kind]:
            shown = [number for number in groups[kind] if photo.faces[number - 1].permission != "no"]
            if shown:
                yield f"{'Face' if len(shown) == 1 else 'Faces'} {_numbers(shown)}: {words}."
    if groups["nobody"] or groups["too small"]:
        whose = "that class" if checked.request.class_name else "the school"
        channel = checked.request.channel.replace("_", " ")
        yield f"{checked.lacking} of {checked.pupils} pupils of {whose} lack permission for {channel}."


def _kind(seen: SeenFace) -> str:
    return {"named": "named", "possible": "perhaps", "too_small": "too small"}.get(seen.face.outcome, "nobody")


def _name(person: str, pupils: Mapping[str, Pupil]) -> str:
    return pupils[person].label if person in pupils else "a member of staff"


def _words_and_metadata(photo: CheckedPhoto) -> Iterator[str]:
    for words in photo.words:
        if words.band:
            surely = "holds" if words.band == "breach" else "may hold"
            where = "Words in the picture" if words.where == "picture" else words.where.capitalize()
            yield f"{where}: “{words.text}” {surely} a pupil's surname."
    if photo.metadata.has_position:
        yield "Its metadata says where it was taken."
    if photo.metadata.has_serial_number:
        yield "Its metadata names the very camera or its owner."


def _copy(photo: CheckedPhoto, checked: CheckedPhotos) -> Iterator[str]:
    if photo.copy:
        hidden = len(photo.hidden)
        what = f"{_count(hidden, 'face')} destroyed in it" if hidden else "no face needed to be hidden"
        every = " (every face, as none can be compared)" if hidden and not checked.matched else ""
        yield f"Copy: {photo.copy}, {what}{every}; metadata left out. Look at it before it is published."
    elif photo.no_copy:
        yield photo.no_copy


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _numbers(numbers: Sequence[int]) -> str:
    texts = [str(number) for number in numbers]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def declare_check_photo(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("path", nargs="+", metavar="FILE|FOLDER", help="photos, or folders of photos")
    parser.add_argument("--channel", choices=CHANNELS, default="social_media", help="where they are to appear")
    parser.add_argument("--class", dest="class_name", metavar="NAME", help="the class that they show")
    parser.add_argument("--redact", metavar="OUT", help="write copies; if one face may not be shown, all are hidden")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON document")
    parser.set_defaults(run=run_check_photo)


# ``auditbot check-text``: texts, before they are published.


def run_check_text(options: argparse.Namespace) -> int:
    """Check each text of the file; print one JSON object a line."""
    workspace = workspace_of(options)
    pupils = Path(options.pupils) if options.pupils else workspace.consent / "pupils.csv"
    staff = Path(options.staff) if options.staff else workspace.consent / "staff.csv"
    found = False
    known = staff if options.staff or staff.exists() else None
    ours, allowed, policy = _own(workspace, options.pupils is None)
    for result in check_texts(_source(options.file), pupils, known, ours, allowed, policy):
        print(json.dumps(result, ensure_ascii=True))
        found = found or bool(result["findings"] or result["other_findings"])
    return FINDINGS if found else COMPLETE


def _source(file: str) -> Path | TextIO:
    return sys.stdin if file == "-" else Path(file)


def _own(workspace: Workspace, needed: bool) -> tuple[Ours, tuple[AllowedPhrase, ...], Policy | None]:
    """Return the school's own contact details, allowed phrases and policy; nothing where none is needed and kept."""
    if not needed and not (workspace.config / "auditbot.toml").is_file():
        return NOBODY, (), None
    settings = load_settings(workspace)
    accounts = {account.name: account for account in read_accounts(workspace.config / "accounts.toml")}
    allowed = read_allowed(workspace.config / "allowed_phrases.toml")
    return ours_of(settings.school, accounts, ()), allowed, read_policy(workspace.config / "policy.toml")


def declare_check_text(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a text, or one JSON object a line: id, kind, author_role, text; - reads what is typed",
    )
    parser.add_argument("--pupils", metavar="CSV", help="the pupils (default: consent/pupils.csv)")
    parser.add_argument("--staff", metavar="CSV", help="the staff (default: consent/staff.csv)")
    parser.set_defaults(run=run_check_text)
