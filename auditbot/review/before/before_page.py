"""Before you post: choose photos, paste the words, read the answer. For a phone first, and without script too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

from auditbot.check.texts import ours_of
from auditbot.errors import UnknownClass
from auditbot.model import Channel
from auditbot.prepublish.draft_check import marked_words
from auditbot.prepublish.photo_check import Request
from auditbot.present.wording import CHANNEL
from auditbot.review.before.answers import Answer, PhotoAnswer, WordsAnswer, photo_answer, words_answer
from auditbot.review.before.photo_queue import photo_queue
from auditbot.review.before.uploads import MOST_FILES, out_of_sight
from auditbot.review.casebook.seen import saw
from auditbot.review.casebook.served_workspace import View, served_workspace
from auditbot.review.people.models import Checked
from auditbot.review.site.rendering import page
from auditbot.sentences import _

LONGEST_TEXT = 20_000
"""Characters of a draft: a long newsletter."""
KEPT = timedelta(days=366)
"""How long the bare fact that a photo was checked is kept."""
BUSY = "Busy just now. Try again in one minute; nothing of yours was kept."
ENOUGH = "That is as many photos as one person may ask about in an hour. Ask the safeguarding lead about the others."


def before(request: HttpRequest) -> HttpResponse:
    """Show the form, or the answers to a whole draft."""
    view = served_workspace().view()
    if request.method != "POST":
        return _form(request, view)
    words, problem = _words(request, view), ""
    photos: tuple[PhotoAnswer, ...] = ()
    if files := request.FILES.getlist("photos"):
        photos, problem = _photos(request, view, files)
    left_out = getattr(request, "left_out", ())
    if not words and not photos and not problem:
        problem = _("Choose a photo, or paste the words.") if not left_out else ""
    status = 503 if problem == BUSY else 429 if problem == ENOUGH else 400 if problem else 200
    made = _form(request, view, status, words=words, photos=photos, problem=problem, left_out=left_out)
    if status == 503:
        made.headers["Retry-After"] = "60"
    return made


def one_photo(request: HttpRequest) -> HttpResponse:
    """Answer one photo, as a piece of the page."""
    view = served_workspace().view()
    files = request.FILES.getlist("photos")[:1]
    if not files:
        return page(request, "before_photo.html", 400, problem=_("Too large: choose a smaller photo."), photo=None)
    photos, problem = _photos(request, view, files)
    status = 503 if problem == BUSY else 429 if problem else 200
    return page(request, "before_photo.html", status, problem=problem, photo=photos[0] if photos else None)


def the_words(request: HttpRequest) -> HttpResponse:
    """Answer the words of a draft, as a piece of the page."""
    return page(request, "before_words.html", words=_words(request, served_workspace().view()))


def copy(request: HttpRequest) -> HttpResponse:
    """Send one photo back without the place, the camera and the words that its file holds."""
    files = request.FILES.getlist("photos")[:1]
    person: Any = request.user
    with out_of_sight(files) as paths, photo_queue.turn() as mine:
        if not mine or not photo_queue.may_ask(person.handle, len(paths)):
            return _form(request, served_workspace().view(), 503 if not mine else 429, problem=ENOUGH if mine else BUSY)
        content = photo_queue.copied(paths[0], served_workspace().settings) if paths else b""
        if not content:
            return _form(
                request,
                served_workspace().view(),
                400,
                problem=_("Choose one photo for a copy. This could not be opened."),
            )
        for known in Checked.objects.filter(digest=_digest(paths[0])):  # of each channel that it was checked for
            _keep(hashlib.sha256(content).hexdigest(), known.channel, Answer(known.answer))
    made = HttpResponse(content, content_type="image/jpeg")
    made.headers["Content-Disposition"] = 'attachment; filename="photo.jpg"'
    return made


def _form(request: HttpRequest, view: View, status: int = 200, **more: Any) -> HttpResponse:
    channels = list(dict.fromkeys(account.channel for account in view.declared.accounts.values()))
    values = {
        "channels": [(channel, CHANNEL[channel]) for channel in channels or ["website"]],
        "channel": _channel(request, view),
        "classes": _classes(view),
        "chosen": request.POST.get("class", ""),
        "text": request.POST.get("text", ""),
        "most": MOST_FILES,
        "words": None,
        "photos": (),
        "problem": "",
        "left_out": (),
    }
    return page(request, "before.html", status, **values | more)


def _classes(view: View) -> list[str]:
    return sorted({pupil.class_name for pupil in view.declared.pupils.values() if pupil.class_name})


def _channel(request: HttpRequest, view: View) -> Channel:
    known = [account.channel for account in view.declared.accounts.values()]
    wanted = request.POST.get("channel", "")
    return next((one for one in known if one == wanted), known[0] if known else "website")


def _words(request: HttpRequest, view: View) -> WordsAnswer | None:
    text = request.POST.get("text", "").replace("\r\n", "\n")[:LONGEST_TEXT]
    if not text.strip():
        return None
    here, person = served_workspace(), _person(request)
    ours = ours_of(here.settings.school, view.declared.accounts, list(view.posts.values()))
    marked = marked_words(text, _channel(request, view), here.settings, view.declared, ours)
    answer = words_answer(text, marked, view, full=person.is_lead)
    if answer.pupil_ids:
        saw(request, "words before posting", answer.pupil_ids, "")
    return answer


def _photos(request: HttpRequest, view: View, files: Sequence[Any]) -> tuple[tuple[PhotoAnswer, ...], str]:
    here, person = served_workspace(), _person(request)
    with out_of_sight(list(files)) as paths:
        if not photo_queue.may_ask(person.handle, len(paths)):
            return (), ENOUGH
        channel = _channel(request, view)
        with photo_queue.turn() as mine:
            if not mine:
                return (), BUSY
            class_name = request.POST.get("class", "")
            asked = Request(tuple(paths), channel, class_name if class_name in _classes(view) else "")
            try:
                seen = photo_queue.looked_at(paths, asked, here.workspace, here.settings, view.declared)
            except UnknownClass as error:
                return (), str(error)
            told = [photo_answer(one, view, full=person.is_lead) for one in seen]
            boxes = {
                path: one.boxes for path, one in zip(paths, told, strict=True) if one.answer is not Answer.NOT_OPENED
            }
            small = photo_queue.small(list(boxes), boxes, here.settings)
        answers = tuple(one.shown(small.get(path, b"")) for path, one in zip(paths, told, strict=True))
        for path, answer in zip(paths, answers, strict=True):
            if answer.answer is not Answer.NOT_OPENED:
                _keep(_digest(path), channel, answer.answer)
    for pupils in {answer.pupil_ids for answer in answers if answer.pupil_ids}:
        saw(request, "photo before posting", pupils, "")
    return answers, ""


def _person(request: HttpRequest) -> Any:
    return request.user


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _keep(digest: str, channel: str, answer: Answer) -> None:
    """Keep that a photo was checked: hash, channel, day and answer; nothing of the picture, nor who asked."""
    today = served_workspace().now().date()
    Checked.objects.filter(day__lt=today - KEPT).delete()
    Checked.objects.update_or_create(digest=digest, channel=channel, defaults={"day": today, "answer": answer.value})
