"""Before you post: the same checks, an answer in as many words as the role needs, and nothing of a photo kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from auditbot.model import Candidate, Face, Outcome, PhotoMetadata
from auditbot.prepublish.draft_pictures import small_picture
from auditbot.prepublish.photo_check import CheckedPhoto, SeenFace, SeenWords, Where
from tests.review.conftest import Site
from tests.review.made_school import PROTECTED, photo

POSTERS = ("lead", "deputy", "head", "editor", "data")
SURNAME = "Kofi Mensah won the first tournament. Well done!"


def jpeg(name: str = "IMG_1.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo("pond-dipping") if content is None else content, "image/jpeg")


def faces(pupil: str, outcome: Outcome = "named", allowed: bool = False) -> tuple[SeenFace, ...]:
    """One face that may be this pupil, and one with permission."""
    seen = []
    for x, who, yes in ((60.0, pupil, allowed), (300.0, "P001", True)):
        face = Face((x, 60.0, 80.0, 90.0), 0.9, outcome if who == pupil else "named", (Candidate(who, 0.8),))
        seen.append(SeenFace(face, "yes" if yes else "no", () if yes else ((who, "has no permission today."),)))
    return tuple(seen)


@pytest.fixture
def seen(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sets what the engines say of every photo that is sent: they themselves are tried in the last test here."""
    from auditbot.review.before.photo_queue import photo_queue

    said: dict[str, Any] = {"faces": (), "verdict": "nothing_found", "words": (), "metadata": PhotoMetadata()}

    def looked_at(paths: list[Path], *_: Any) -> list[CheckedPhoto]:
        return [CheckedPhoto(path, 1000, 800, not_examined="", **said) for path in paths]

    def small(paths: list[Path], boxes: Any, _: Any) -> dict[Path, bytes]:
        return dict(small_picture(path, boxes=boxes, max_megapixels=120.0) for path in paths)

    monkeypatch.setattr(photo_queue, "looked_at", looked_at)
    monkeypatch.setattr(photo_queue, "small", small)
    photo_queue._asked.clear()
    yield said.update


def sent(site: Site, role: str, **form: Any) -> Any:
    return site.client(role).post("/before", {"channel": "website", **form})


@pytest.mark.parametrize("role", POSTERS)
def test_a_photo_gets_its_answer_and_leads_alone_a_name(site: Site, seen: Callable[..., None], role: str) -> None:
    seen(faces=faces("P005"), verdict="do_not_publish")
    answer = sent(site, role, photos=[jpeg()])
    told = answer.content.decode()
    assert answer.status_code == 200 and "Choose another" in told and "Face 1 should not be in it" in told
    label = site.view().declared.pupils["P005"].label
    assert (label in told) is (role in ("lead", "deputy"))
    seen(faces=faces("P005", allowed=True), verdict="nothing_found")
    assert "Can go" in sent(site, role, photos=[jpeg()]).content.decode()
    seen(faces=faces("P005", "possible"), verdict="look_first")
    assert "Ask the safeguarding lead" in sent(site, role, photos=[jpeg()]).content.decode()


@pytest.mark.parametrize("role", ["editor", "head", "data"])
@pytest.mark.parametrize("outcome", ["named", "possible"])
def test_a_protected_child_is_answered_as_any_other(
    site: Site, seen: Callable[..., None], role: str, outcome: Outcome
) -> None:
    told = []
    for pupil in (PROTECTED, "P005"):
        seen(faces=faces(pupil, outcome), verdict="do_not_publish" if outcome == "named" else "look_first")
        page = sent(site, role, photos=[jpeg()]).content.decode()
        told.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert told[0] == told[1]


def test_words_are_marked_with_the_shortest_change(site: Site, seen: Callable[..., None]) -> None:
    told = sent(site, "editor", text=SURNAME).content.decode()
    assert "<mark>Mensah</mark>" in told and "write “M.”" in told and "Kofi M. won the first tournament." in told
    assert "P025" not in told and "pupil" not in told.partition('id="answers"')[2].lower()
    fine = sent(site, "editor", text="We planted seeds this morning.").content.decode()
    assert "The words: Can go" in fine
    phone = sent(site, "editor", text="Our caretaker’s mobile is 07700 900482.").content.decode()
    assert "<mark>07700 900482</mark>" in phone and "The words: Can go" not in phone
    assert sent(site, "editor", text=" ").status_code == 400


def test_what_must_change_is_told_within_words_that_somebody_should_read(site: Site) -> None:
    sale = "Kofi Mensah’s dad sells hand-made cakes, message me privately to order, discount for every family."
    told = sent(site, "editor", text=sale).content.decode()
    assert "“Mensah”: write “M.”." in told and "ask the safeguarding lead before you post it" in told
    assert "Kofi M.’s dad sells" in told and told.count("<mark>") == 1
    ring = "Call 07911 123456 to buy my hand-made candles, discount for every family."
    told = sent(site, "editor", text=ring).content.decode()
    assert "“07911 123456”: take it out." in told and "ask the safeguarding lead before you post it" in told


def test_nothing_of_a_photo_is_kept_but_hash_channel_day_and_answer(site: Site, seen: Callable[..., None]) -> None:
    from django.conf import settings

    from auditbot.review.people.models import Checked

    site.client("editor").get("/before")
    before = {path for path in site.workspace.folder.rglob("*") if path.is_file()}
    seen(faces=faces("P005"), verdict="do_not_publish")
    sent(site, "editor", photos=[jpeg(), jpeg("IMG_2.jpg", photo("mud-kitchen"))])
    after = {path for path in site.workspace.folder.rglob("*") if path.is_file()}
    assert {path.name for path in after - before} <= {"access.log", "access.log.lock", "review.db-wal", "review.db-shm"}
    assert [path for path in Path(settings.FILE_UPLOAD_TEMP_DIR).rglob("*") if path.is_file()] == []
    rows = list(Checked.objects.values())
    assert [row["answer"] for row in rows] == ["another", "another"]
    assert set(rows[0]) == {"id", "digest", "channel", "day", "answer"}


def test_a_copy_holds_no_place_and_no_camera(site: Site, seen: Callable[..., None]) -> None:
    from auditbot.review.before.photo_queue import photo_queue

    picture = Image.new("RGB", (64, 48), (200, 30, 30))
    exif = picture.getexif()
    exif[0x010F], exif[0x9C9B] = "Camera of Noah", "Noah in the garden"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    try:
        answer = site.client("editor").post("/before/copy", {"photos": [jpeg(content=out.getvalue())]})
        hostile = site.client("editor").post("/before/copy", {"photos": [jpeg(content=b"<svg/>")]})
    finally:
        photo_queue.rest()
    assert hostile.status_code == 400
    assert answer["Content-Type"] == "image/jpeg" and answer["Content-Disposition"].startswith("attachment")
    with Image.open(io.BytesIO(answer.content)) as made:
        assert made.size == (64, 48) and not made.getexif() and "exif" not in made.info
    assert b"Noah" not in answer.content
    assert site.client("editor").post("/before/copy", {}).status_code == 400


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", b"\0" * 30_000_000)
    return made.getvalue()


def huge_png() -> bytes:
    made = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.slow
def test_hostile_files_and_a_real_photo_by_the_real_engines(site: Site) -> None:
    from auditbot.review.before.photo_queue import photo_queue

    photo_queue._asked.clear()
    hostile = {
        "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "b.html": b"<!doctype html><script>alert(1)</script>",
        "c.jpg": b"<!doctype html><script>alert(1)</script>",
        "d.pdf": b"%PDF-1.7\n1 0 obj\n<< /Length 1 >>\n",
        "e.zip": bomb(),
        "f.png": huge_png(),
        "../../g.jpg": b"\xff\xd8\xff" + b"\0" * 100,
        "h.jpg": photo("pond-dipping")[:5000],
        "<b>i</b>.jpg": photo("pond-dipping"),
    }
    try:
        answer = sent(site, "editor", photos=[jpeg(name, content) for name, content in hostile.items()])
    finally:
        photo_queue.rest()
    told = answer.content.decode()
    assert answer.status_code == 200
    assert told.count("Could not be opened") >= 7 and told.count("<section") == len(hostile)
    assert "<script>alert" not in told and "<b>i" not in told and "../" not in told.partition('id="answers"')[2]
    assert not (site.workspace.data / "g.jpg").exists()
    assert "Ask the safeguarding lead" in told  # nobody is enrolled: no face can be named


def test_uploads_are_few_small_and_of_somebody_signed_in(site: Site, seen: Callable[..., None]) -> None:
    from django.test import Client

    from auditbot.review.before import uploads

    client = site.client("editor")
    assert client.post("/before", {"photos": [jpeg(f"{at}.jpg", b"x") for at in range(31)]}).status_code == 400
    large = sent(site, "editor", photos=[jpeg("large.jpg", b"x" * (uploads.LARGEST_FILE + 1)), jpeg()])
    assert "large.jpg is too large" in large.content.decode() and large.content.decode().count("<section") == 1
    whole = client.post("/before", {"photos": [jpeg()]}, CONTENT_LENGTH=str(uploads.LARGEST_REQUEST + 1))
    assert whole.status_code == 400
    stranger = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    assert stranger.post("/before", {"photos": [jpeg()]}).status_code == 403
    forged = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    forged.get(f"/open/{site.link('editor')}")
    assert forged.post("/before", {"photos": [jpeg()]}).status_code == 403
    elsewhere = site.client("lead").post("/cover", {"photos": [jpeg()]})  # another page takes no file
    assert not elsewhere.wsgi_request.FILES


def test_who_asks_too_often_or_while_many_wait_is_told_so(site: Site, seen: Callable[..., None]) -> None:
    from auditbot.review.before.photo_queue import MOST_WAITING, PHOTOS_AN_HOUR, photo_queue

    entered = []
    for _ in range(MOST_WAITING + 1):
        assert photo_queue._waiting.acquire(blocking=False)
        entered.append(photo_queue._waiting)
    busy = sent(site, "editor", photos=[jpeg()])
    for one in entered:
        one.release()
    assert busy.status_code == 503 and busy.headers["Retry-After"] == "60" and "one minute" in busy.content.decode()
    assert photo_queue.may_ask("editor", PHOTOS_AN_HOUR - 1)
    assert sent(site, "editor", photos=[jpeg()]).status_code == 429
    assert sent(site, "lead", photos=[jpeg()]).status_code == 200


def test_words_in_the_picture_and_the_camera_are_told(site: Site, seen: Callable[..., None]) -> None:
    line = SeenWords(Where.PICTURE, "Noah Mensah", (10.0, 10.0, 90.0, 20.0), ("P025",), "breach")
    seen(faces=(), verdict="do_not_publish", words=(line,), metadata=PhotoMetadata(has_position=True))
    told = sent(site, "editor", photos=[jpeg()]).content.decode()
    assert "Words in the picture (number 1) may hold a surname." in told and "Mensah" not in told
    assert "post the copy without" in told


@pytest.mark.parametrize("path", ["/before/photo", "/before/words"])
def test_pieces_for_the_script_are_whole(site: Site, seen: Callable[..., None], path: str) -> None:
    form = {"text": SURNAME, "channel": "website", **({"photos": [jpeg()]} if path.endswith("photo") else {})}
    answer = site.client("editor").post(path, form)
    assert answer.status_code == 200 and answer.content.decode().strip().startswith("<section")
