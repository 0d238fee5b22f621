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
from auditbot.prepublish.photo_check import CheckedPhoto, CheckedPhotos, Request, SeenFace, Where, check_photos
from auditbot.prepublish.text_check import check_texts
from auditbot.registers.accounts import read_accounts
from auditbot.registers.people import CHANNELS, Pupil
from auditbot.registers.policy import AllowedPhrase, Policy, read_allowed, read_policy
from auditbot.registers.policy_checks import CheckName
from auditbot.sentences import _, _n, both, either, say
from auditbot.settings import Workspace, load_settings

VERDICTS = {
    "do_not_publish": say("do not publish it as it is"),
    "look_first": say("look at it before it is published"),
    "nothing_found": say("nothing was found"),
    "not_examined": say("it could not be examined"),
}
WHERE = {
    Where.PICTURE: say("Words in the picture"),
    Where.FILE_NAME: say("File name"),
    Where.METADATA: say("Metadata, %(field)s", field=""),
}
NOT_MATCHED = say(
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
        "not_examined": str(photo.not_examined),
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
                "where": f"{words.where}, {words.field}" if words.field else words.where.value,
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
        "no_copy": str(photo.no_copy),
    }


def _lines(checked: CheckedPhotos) -> Iterator[str]:
    if not checked.matched:
        yield str(NOT_MATCHED)
    if not checked.words_read:
        yield _("Words in pictures were not read: config/auditbot.toml says read_words = false under [examine].")
    for photo in checked.photos:
        yield f"{photo.path}: {VERDICTS[photo.verdict]}"
        for line in (*_faces(photo, checked), *_words_and_metadata(photo), *_copy(photo, checked)):
            yield f"  {line}"
    if checked.passed_over:
        yield _n(
            "%(count)s file in the folders, not a picture by its name, passed over.",
            "%(count)s files in the folders, not pictures by their names, passed over.",
            checked.passed_over,
        )


def _faces(photo: CheckedPhoto, checked: CheckedPhotos) -> Iterator[str]:
    if photo.not_examined:
        yield str(photo.not_examined)
    if not photo.faces:
        if photo.width:
            yield _("No face was found.")
        return
    pupils = checked.declared.pupils
    groups: dict[str, list[int]] = {"named": [], "perhaps": [], "nobody": [], "too small": []}
    for number, seen in enumerate(photo.faces, 1):
        groups[_kind(seen)].append(number)
    yield _("%(faces)s, numbered from the left.", faces=_faces_counted(len(photo.faces)))
    for number, seen in enumerate(photo.faces, 1):
        if seen.permission == "no":
            names = either([_name(one.pupil_id, pupils) for one in seen.face.evidence])
            yield _("Face %(number)s may be %(names)s; please confirm.", number=number, names=names)
            yield from (f"    {_name(person, pupils)}: {reason}" for person, reason in seen.lacking)
    for kind, words in (
        ("named", _("named, with permission")),
        ("perhaps", _("perhaps pupils with permission; please look")),
        ("nobody", _("could not be named")),
        ("too small", _("too small or unclear to tell")),
    ):
        if groups[kind]:
            shown = [number for number in groups[kind] if photo.faces[number - 1].permission != "no"]
            if shown:
                yield _n(
                    "Face %(numbers)s: %(what)s.",
                    "Faces %(numbers)s: %(what)s.",
                    len(shown),
                    numbers=_numbers(shown),
                    what=words,
                )
    if groups["nobody"] or groups["too small"]:
        whose = _("that class") if checked.request.class_name else _("the school")
        channel = checked.request.channel.replace("_", " ")
        yield _(
            "%(lacking)s of %(pupils)s pupils of %(whose)s lack permission for %(channel)s.",
            lacking=checked.lacking,
            pupils=checked.pupils,
            whose=whose,
            channel=channel,
        )


def _kind(seen: SeenFace) -> str:
    return {"named": "named", "possible": "perhaps", "too_small": "too small"}.get(seen.face.outcome, "nobody")


def _name(person: str, pupils: Mapping[str, Pupil]) -> str:
    return pupils[person].label if person in pupils else _("a member of staff")


def _words_and_metadata(photo: CheckedPhoto) -> Iterator[str]:
    for words in photo.words:
        if words.band:
            where = _(WHERE[words.where].message, field=words.field)
            if words.band == "breach":
                yield _("%(where)s: “%(text)s” holds a pupil's surname.", where=where, text=words.text)
            else:
                yield _("%(where)s: “%(text)s” may hold a pupil's surname.", where=where, text=words.text)
    if photo.metadata.has_position:
        yield _("Its metadata says where it was taken.")
    if photo.metadata.has_serial_number:
        yield _("Its metadata names the very camera or its owner.")


def _copy(photo: CheckedPhoto, checked: CheckedPhotos) -> Iterator[str]:
    if photo.copy:
        hidden = len(photo.hidden)
        what = (
            _("%(faces)s destroyed in it", faces=_faces_counted(hidden)) if hidden else _("no face needed to be hidden")
        )
        every = _(" (every face, as none can be compared)") if hidden and not checked.matched else ""
        yield _(
            "Copy: %(copy)s, %(what)s%(every)s; metadata left out. Look at it before it is published.",
            copy=photo.copy,
            what=what,
            every=every,
        )
    elif photo.no_copy:
        yield str(photo.no_copy)


def _faces_counted(number: int) -> str:
    return _n("%(count)s face", "%(count)s faces", number)


def _numbers(numbers: Sequence[int]) -> str:
    texts = [str(number) for number in numbers]
    return texts[0] if len(texts) == 1 else both([", ".join(texts[:-1]), texts[-1]])


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
