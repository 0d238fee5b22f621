"""A film is looked into at moments spread over its whole length; one that cannot be is a stated outcome."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditbot.examine import films
from auditbot.examine.films import (
    NO_CAPTIONS,
    NO_FILM,
    NO_PICTURE,
    NOTHING_SEEN,
    TOO_LARGE,
    examine_captions,
    examine_film,
    spoken,
)
from auditbot.examine.workers import ExamineWorkers
from auditbot.model import DocumentFacts, Spool
from auditbot.settings import Examine, School, Settings
from tests.unit.examine.little_films import A_QUARTER_TURN, BLACK, ROTATION, film, scene

FORMATS = {"mp4": "mp4v", "mov": "mp4v", "webm": "VP80", "mkv": "VP90", "avi": "MJPG"}


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., DocumentFacts]:
    (tmp_path / "spool").mkdir()

    def run(path: Path, most: int = 60) -> DocumentFacts:
        return examine_film(path, Spool(tmp_path / "spool"), most)

    return run


Look = Callable[..., DocumentFacts]


def seconds(facts: DocumentFacts) -> list[int]:
    return [picture.page for picture in facts.pictures]


def frame(tmp_path: Path, facts: DocumentFacts, place: int) -> np.ndarray:
    shown = cv2.imread(str(tmp_path / "spool" / facts.pictures[place].sha256))
    assert shown is not None
    return shown


@pytest.mark.parametrize("ending", FORMATS)
def test_each_scene_is_looked_at_once_and_kept_as_a_picture(ending: str, look: Look, tmp_path: Path) -> None:
    scenes = [scene(number) for number in range(3)]
    found = look(film(tmp_path / f"film.{ending}", scenes, code=FORMATS[ending]))
    assert found.not_examined == "" and not found.pages and found.seconds == pytest.approx(6, abs=0.3)
    assert seconds(found) == [0, 2, 4]
    for place, wanted in enumerate(scenes):
        assert np.abs(frame(tmp_path, found, place).astype(int) - wanted).mean() < 25
    assert {path.name for path in (tmp_path / "spool").iterdir()} == {picture.sha256 for picture in found.pictures}


def test_the_same_film_gives_the_same_moments(look: Look, tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", [scene(number) for number in range(8)], code="mp4v")
    assert look(path, 5) == look(path, 5)


def test_moments_are_bounded_and_lie_over_the_whole_film(look: Look, tmp_path: Path) -> None:
    path = film(tmp_path / "film.avi", [scene(number) for number in range(40)], 5)
    found = look(path, 6)
    assert len(found.pictures) == 6
    assert found.not_examined == ""
    times = [0, *seconds(found), 40]
    assert max(later - before for before, later in pairwise(times)) <= 14


def test_a_long_film_is_jumped_through_to_its_end(look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(tmp_path / "film.mp4", [scene(number) for number in range(30)], 10, code="mp4v")
    monkeypatch.setattr(films, "SEEK_FRAMES", 5)
    found = look(path, 8)
    assert len(found.pictures) == 8
    assert found.not_examined == ""
    assert seconds(found)[-1] >= 50
    assert look(path, 1).not_examined == ""


def test_who_comes_into_a_still_picture_is_seen(look: Look, tmp_path: Path) -> None:
    """A fifth of the picture changes, its colours hardly do."""
    still = scene(1)
    with_somebody = still.copy()
    with_somebody[60:120, 40:80] = still[60:120, 80:120]
    found = look(film(tmp_path / "film.avi", [still, with_somebody, still], 15))
    assert seconds(found) == [0, 3]


def test_black_and_blurred_moments_are_passed_over(look: Look, tmp_path: Path) -> None:
    blurred = cv2.GaussianBlur(scene(1), (0, 0), 30)
    found = look(film(tmp_path / "film.avi", [BLACK, scene(1), blurred, BLACK]))
    assert seconds(found) == [2]
    assert look(film(tmp_path / "dark.avi", [BLACK])).not_examined == NOTHING_SEEN


def test_a_film_is_turned_as_its_metadata_asks(look: Look, tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", [scene(1)], code="mp4v")
    track = path.read_bytes().find(b"tkhd")
    assert ROTATION in path.read_bytes()[track : track + 100]
    content = path.read_bytes()
    path.write_bytes(content[:track] + content[track:].replace(ROTATION, A_QUARTER_TURN, 1))
    assert frame(tmp_path, look(path), 0).shape[:2] == (160, 120)


def test_a_film_that_does_not_say_how_long_it_is_is_looked_through(look: Look, tmp_path: Path) -> None:
    path = film(tmp_path / "film.webm", [scene(number) for number in range(12)], 5, code="VP80")
    duration = path.read_bytes().find(b"\x44\x89\x88")
    content = path.read_bytes()
    path.write_bytes(content[:duration] + b"\xec\x89" + content[duration + 2 :])
    found = look(path, 4)
    assert len(found.pictures) == 4
    assert seconds(found)[-1] >= 8
    assert found.not_examined == ""


def shortened(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def test_a_film_that_is_cut_short_gives_what_it_has_and_says_so(look: Look, tmp_path: Path) -> None:
    path = shortened(film(tmp_path / "film.webm", [scene(number) for number in range(6)], code="VP80"), 0.5)
    found = look(path)
    assert 1 <= len(found.pictures) < 6
    assert re.search(r"only 0:0\d minutes of 0:12 minutes", found.not_examined)


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty": (lambda path: _write(path, b""), NO_FILM),
    "text": (lambda path: _write(path, b"This is no film."), NO_FILM),
    "list of parts that names a file of ours": (lambda path: _write(path, b"#EXTM3U\n/etc/passwd\n"), NO_FILM),
    "list of files": (lambda path: _write(path, b"ffconcat version 1.0\nfile /etc/passwd\n"), NO_FILM),
    "sound only": (lambda path: _write(path, b"RIFF\x24\0\0\0WAVEfmt " + bytes(60)), NO_FILM),
    "header and nothing else": (lambda path: _write(path, b"\0\0\0\x1cftypisom" + bytes(5000)), NO_PICTURE),
    "index lost": (lambda path: shortened(film(path, [scene(1)], code="mp4v"), 0.6), NO_PICTURE),
    "no frame": (lambda path: film(path, [scene(1)], 0, code="mp4v"), NO_PICTURE),
    "20,000 pixels wide": (lambda path: film(path.with_suffix(".avi"), [scene(1, (20000, 16))], 2), TOO_LARGE),
}  # fmt: skip


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_decoded_is_stated(kind: str, look: Look, tmp_path: Path) -> None:
    make, reason = HOSTILE[kind]
    found = look(make(tmp_path / "film.mp4"))
    assert (found.not_examined, found.pictures) == (reason, ())


def test_a_film_that_takes_too_long_is_given_up_with_what_was_seen(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "MOST_SECONDS", -1.0)
    assert "takes too long" in look(film(tmp_path / "film.avi", [scene(1)])).not_examined


def test_films_and_captions_are_read_in_the_workers(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.folder.mkdir()
    good = film(tmp_path / "film.avi", [scene(1), scene(2)])
    bad = _write(tmp_path / "bad.mp4", b"\0\0\0\x1cftypisom" + bytes(500))
    said = _write(tmp_path / "film.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello")
    with ExamineWorkers(Settings(school=School(name="Larkmere"), examine=Examine(workers=1))) as workers:
        found = list(workers.map_films([good, bad], spool))
        assert [facts.pages for facts in workers.map_captions([said])] == [("Hello",)]
    assert sorted((len(facts.pictures), facts.not_examined) for facts in found) == [(0, NO_PICTURE), (2, "")]


VTT = """\ufeffWEBVTT - Our year

STYLE
::cue { color: red }

NOTE made by hand

1
00:00.000 --> 00:02.000 align:start
<v.loud Mrs Brown>Hello &amp; welcome.</v>

00:02.000 --> 00:04.000
<i>This is</i> Anaya

00:04.000 --> 00:06.000
Sharma. Look!

00:06.000 --> 00:08.000
Sharma. Look!
"""
SRT = "1\r\n00:00:00,000 --> 00:00:02,000\r\n{\\an8}Well done\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nMaya\r\n"
CAPTIONS = {
    VTT: "Mrs Brown: Hello & welcome.\nThis is Anaya Sharma. Look!\nSharma. Look!",
    SRT: "Well done Maya",
    "00:01.000 --> 00:02.000\n12 children": "12 children",
    "Just words.\n\nAnd more.": "Just words.\nAnd more.",
    "WEBVTT": "",
    "a < b and c > d": "a < b and c > d",
}


@pytest.mark.parametrize("captions", CAPTIONS)
def test_captions_become_what_is_said(captions: str) -> None:
    assert spoken(captions.lstrip("\ufeff").replace("\r\n", "\n")) == CAPTIONS[captions]


BYTES = {
    "mark of order": ("\ufeff" + SRT).encode(),
    "two bytes a letter": SRT.encode("utf-16"),
    "carriage returns": SRT.replace("\r\n", "\r").encode(),
}


@pytest.mark.parametrize("kind", BYTES)
def test_captions_are_read_whatever_wrote_them(kind: str, tmp_path: Path) -> None:
    assert examine_captions(_write(tmp_path / "a.srt", BYTES[kind])).pages == ("Well done Maya",)


def test_captions_of_an_old_program_keep_their_letters(tmp_path: Path) -> None:
    assert examine_captions(_write(tmp_path / "a.srt", "Zoë’s café".encode("cp1252"))).pages == ("Zoë’s café",)


@pytest.mark.parametrize("content", [b"<tt><p>Hello</p></tt>", b'{"events": []}', bytes(40)])
def test_captions_that_are_not_read_are_stated(content: bytes, tmp_path: Path) -> None:
    assert examine_captions(_write(tmp_path / "a.ttml", content)).not_examined == NO_CAPTIONS


def test_very_long_captions_say_that_they_were_cut(tmp_path: Path) -> None:
    found = examine_captions(_write(tmp_path / "a.srt", b"la la\n" * 400_000))
    assert "first 2 megabytes" in found.not_examined
    assert found.pages[0].startswith("la la")


@given(st.text(st.sampled_from("a1:.,->< /v&;{}\\\n\t"), max_size=200) | st.text(max_size=200))
def test_any_captions_give_text(captions: str) -> None:
    assert isinstance(spoken(captions), str)


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), min_size=1, max_size=6))
def test_no_word_of_captions_is_lost(words: list[str]) -> None:
    cues = [f"00:{n:02}.000 --> 00:{n + 1:02}.000\n{word} {n}" for n, word in enumerate(words)]
    assert spoken("WEBVTT\n\n" + "\n\n".join(cues)) == " ".join(f"{word} {n}" for n, word in enumerate(words))
