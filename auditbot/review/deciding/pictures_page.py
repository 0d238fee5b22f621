"""The pictures of a case: who may not see the case gets none, and each that shows a child leaves a line in the log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from auditbot.evidence.likeliest import likeliest
from auditbot.evidence.screenshots import screens_of
from auditbot.examine.faces.enrol import taken_on_of
from auditbot.examine.faces.portraits import photos_by_person
from auditbot.examine.images import encoded_size
from auditbot.model import PhotoEvidence, Screen
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.drawn import Drawn, draw_face, draw_photo, draw_portrait, draw_whole
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.casebook.visible_to import case_for
from auditbot.safe_files import is_intact

_drawn = Drawn()


def photo(request: HttpRequest, finding: str) -> HttpResponse:
    """Send the photo with its faces numbered and all others hidden."""
    case, evidence, original = _evidence(request, finding)
    saw(request, "photo", case.first.finding.pupil_ids, case.id)
    return _jpeg(_drawn.get(("photo", evidence), partial(draw_photo, original, evidence)))


def face(request: HttpRequest, finding: str, number: int) -> HttpResponse:
    """Send one numbered face."""
    case, evidence, original = _evidence(request, finding)
    saw(request, "face", case.first.finding.pupil_ids, case.id)
    return _jpeg(_drawn.get(("face", evidence, number), partial(draw_face, original, evidence, number)))


def whole(request: HttpRequest, finding: str) -> HttpResponse:
    """Send the photo with nothing hidden, to somebody who signed in within ten minutes."""
    case, _, original = _evidence(request, finding)
    saw(request, "all faces", case.first.finding.pupil_ids, case.id)
    return _jpeg(_drawn.get(("whole", original.name), partial(draw_whole, original)))


def portrait(request: HttpRequest, finding: str, pupil_id: str) -> HttpResponse:
    """Send the newest portrait of a pupil whom a case may be about."""
    view = served_workspace().view()
    case = case_for(request.user, finding, view)
    newest = newest_portrait(pupil_id, view)
    if case is None or newest is None or not _may_compare(request, case, pupil_id, view):
        raise Http404
    saw(request, "portrait", (pupil_id,), case.id)
    return _jpeg(_drawn.get(_portrait_key(newest), partial(draw_portrait, newest)))


def _portrait_key(newest: Path) -> object:
    return ("portrait", str(newest), newest.stat().st_mtime_ns)


def _may_compare(request: HttpRequest, case: Case, pupil_id: str, view: View) -> bool:
    """Whether a portrait belongs to a case: of a pupil whom it names or, for a lead, who is among the likeliest."""
    if pupil_id in case.first.finding.pupil_ids:
        return True
    person: Any = request.user
    evidence = case.first.finding.evidence
    if not person.is_lead or not isinstance(evidence, PhotoEvidence):
        return False
    with served_workspace().store() as store:
        faces = likeliest(case.first.finding, store.examined.photo(evidence.sha256), view.declared)
    return any(pupil_id in face.pupil_ids for face in faces)


def screenshot(request: HttpRequest, finding: str) -> HttpResponse:
    """Send the page as it was seen, other faces hidden."""
    view = served_workspace().view()
    case = case_for(request.user, finding, view)
    file = screenshot_of(case, view) if case else None
    if case is None or file is None:
        raise Http404
    saw(request, "page as seen", case.first.finding.pupil_ids, case.id)
    return HttpResponse(file.read_bytes(), content_type="image/jpeg")


class _Folder:
    """What lies in a folder, looked through once: again when a file came or went, or what it is read by has changed."""

    def __init__(self, read: Callable[[View], Mapping[Any, Any]]) -> None:
        self._read, self._lock = read, threading.Lock()
        self._kept: tuple[Any, Any, Mapping[Any, Any]] | None = None

    def at(self, folder: Path, by: Any, view: View) -> Mapping[Any, Any]:
        """Return what the folder holds; ``by`` is the part of the view that it is read by."""
        written = (str(folder), folder.stat().st_mtime_ns if folder.is_dir() else 0)
        with self._lock:
            if self._kept is None or self._kept[0] != written or self._kept[1] is not by:
                self._kept = (written, by, self._read(view))
            return self._kept[2]


def _portraits(view: View) -> Mapping[str, Path]:
    photos = photos_by_person(served_workspace().workspace, view.declared)
    return {person: max(paths, key=taken_on_of) for person, paths in photos.items() if paths}


def _screens(view: View) -> Mapping[tuple[str, str], Screen]:
    here = served_workspace()
    websites = {account.name for account in view.declared.accounts.values() if account.kind == "website"}
    assert view.audit is not None
    return screens_of(here.workspace.data / "screens", view.audit, websites, here.settings.report.screenshots)


_portraits_kept, _screens_kept = _Folder(_portraits), _Folder(_screens)


def newest_portrait(pupil_id: str, view: View) -> Path | None:
    """Return the newest portrait in consent/photos, or None."""
    if pupil_id not in view.declared.pupils:
        return None
    folder = served_workspace().workspace.consent / "photos"
    found: Path | None = _portraits_kept.at(folder, view.declared, view).get(pupil_id)
    return found if found is not None and found.is_file() else None


def screenshot_of(case: Case, view: View) -> Path | None:
    """Return the screenshot of a case's post, or None if none was taken."""
    found = _screen_of(case, view)
    return found.file if found else None


def screenshot_taken(case: Case, view: View) -> datetime | None:
    """Return when the screenshot of a case's post was taken, or None if there is none."""
    found = _screen_of(case, view)
    return datetime.fromisoformat(found.facts["taken_at"]) if found and found.file else None


def _screen_of(case: Case, view: View) -> Screen | None:
    if view.audit is None:
        return None
    screens = _screens_kept.at(served_workspace().workspace.data / "screens", view.audit, view)
    found: Screen | None = screens.get((case.first.finding.account, case.first.finding.post_url))
    return found


def original_of(evidence: PhotoEvidence) -> Path | None:
    """Return the photo that was kept, or None if it is not kept any more, or is not what was found any more."""
    data = served_workspace().workspace.data
    places = (data / "evidence" / evidence.sha256, data / "spool" / evidence.sha256)
    return next((place for place in places if place.is_file() and _intact(place)), None)


def _intact(place: Path) -> bool:
    stat = place.stat()
    return _intact_at(place, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)


@lru_cache(4096)
def _intact_at(place: Path, _written_ns: int, _changed_ns: int, _size: int) -> bool:
    """Whether a kept photo still has the hash that it is called by; it is read again once it was written anew."""
    return is_intact(place, place.name)


def photo_size(evidence: PhotoEvidence) -> tuple[int, int] | None:
    """Return width and height of the photo as it is shown, once it is drawn: its place is kept while it is loaded."""
    drawn = _drawn.at_hand(("photo", evidence))
    return encoded_size(drawn) if drawn else None


def warm(case: Case, view: View) -> None:
    """Draw what the next screen shows, so that it is there at once."""
    for pupil_id in case.first.finding.pupil_ids:
        newest = newest_portrait(pupil_id, view)
        if newest is not None:
            _drawn.get(_portrait_key(newest), partial(draw_portrait, newest))
    evidence = case.first.finding.evidence
    original = original_of(evidence) if isinstance(evidence, PhotoEvidence) else None
    if isinstance(evidence, PhotoEvidence) and original is not None:
        draws: list[tuple[object, Callable[[], bytes | None]]] = [
            (("photo", evidence), partial(draw_photo, original, evidence))
        ]
        draws += [(("face", evidence, 1), partial(draw_face, original, evidence, 1))] if evidence.boxes else []
        for key, draw in draws:
            _drawn.get(key, draw)


def _evidence(request: HttpRequest, finding: str) -> tuple[Case, PhotoEvidence, Path]:
    case = case_for(request.user, finding, served_workspace().view())
    if case is None or not isinstance(case.first.finding.evidence, PhotoEvidence):
        raise Http404
    original = original_of(case.first.finding.evidence)
    if original is None:
        raise Http404
    return case, case.first.finding.evidence, original


def _jpeg(picture: bytes | None) -> HttpResponse:
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/jpeg")
