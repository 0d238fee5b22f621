"""Films: moments spread over their whole length, as pictures for the photo examination; and the words of captions.

A film is of unknown origin and is decoded in a worker only. Moments that look like one already taken, and black or
blurred ones, are passed over. What is taken depends on the file and the settings, and of a film that takes longer than
``MOST_SECONDS`` to decode also on how far the machine came: that it was not looked through is told.
"""

from __future__ import annotations

import hashlib
import html
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from auditbot.examine.images import encode
from auditbot.examine.photo import sha256_of
from auditbot.model import DocumentFacts, DocumentPicture, Spool
from auditbot.safe_files import write_private
from auditbot.sentences import NOTHING, Sentence, say
from auditbot.settings import Examine

Pixels = NDArray[np.uint8]
Cells = NDArray[np.int16]
Colours = NDArray[np.float32]

READER = "film reader 1"
"""Changes whenever the same film or captions may give other moments or words."""
MOST_SECONDS = 480.0
"""How long one film may take to be looked through."""
MOST_SIDE = 8192
FRAME_SIDE = 1920
"""Frames are kept no larger than this: detail beyond it in a film is noise."""
# No bench gave the numbers below, down to COMPARED: they were chosen, not measured (said 2026-11-30).
EVERY_SECONDS = 0.5
"""The closest two moments may lie."""
LOOKED_AT_PER_TAKEN = 4
"""So many times as many moments are looked at as are taken."""
SEEK_FRAMES = 300
"""Beyond so many frames it is quicker to jump to the next moment than to read up to it."""
CELLS = (24, 24)
CHANGED = 24
"""Difference of one colour of a cell, 0 to 255, from which it counts as changed."""
NEW = 0.03
"""Share of changed cells from which a moment counts as unlike another."""
NEW_SCENE = 0.3
"""Distance of the colours of two moments, 0 to 1 (Bhattacharyya), from which the later one begins a scene."""
WITHIN_SCENE_SECONDS = 2.0
"""Within a scene, the closest two moments may lie."""
DARK = 8.0
"""Standard deviation of brightness below which a frame shows nothing."""
BLURRED = 12.0
"""Variance of the Laplacian, of a frame 320 pixels wide, below which nobody in it could be told."""
COMPARED = 64
MATROSKA, OGG, FLV, ASF = b"\x1aE\xdf\xa3", b"OggS", b"FLV\x01", b"0&\xb2u\x8ef\xcf\x11"
# Only containers with a name of their own are opened: a list of parts could lead the decoder to other files.
STARTS = (MATROSKA, OGG, FLV, ASF, b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")
BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")

NO_FILM = say("The file is not a film of a kind that is looked into.")
NO_PICTURE = say("No moving picture in it can be decoded: it holds sound only, is damaged, or is in an unusual format.")
TOO_LARGE = say("Its picture is larger than %(MOST_SIDE)s pixels on a side and was not decoded.", MOST_SIDE=MOST_SIDE)
NOTHING_SEEN = say("Every moment of it that was looked at is black, blank or blurred; nothing in it was examined.")

CAPTION_BYTES = 2_000_000
NO_CAPTIONS = say("The captions are in a format that is not read.")


@dataclass(slots=True, eq=False)
class _Moment:
    """One moment that may be taken."""

    second: float
    """Seconds from the start."""
    begins_scene: bool
    """Whether its colours are unlike those of the moment before it."""
    picture: bytes
    """The frame as a JPEG file."""


@dataclass(slots=True)
class _Seen:
    """What has been seen so far."""

    moments: list[_Moment] = field(default_factory=list)
    looks: list[Cells] = field(default_factory=list)
    colours: Colours | None = None
    last: float = 0.0
    """The last second that could be decoded."""
    looked_at: int = 0
    step: float = EVERY_SECONDS
    """Seconds from one moment looked at to the next."""
    problem: Sentence = NOTHING


def videos_examined_with(settings: Examine) -> str:
    """Name the reader and its settings: a film examined with anything else is examined again."""
    return f"{READER} | {settings.video_frames} moments"


def examine_film(path: Path, spool: Spool, most: int) -> DocumentFacts:
    """Take at most ``most`` moments of a film of unknown origin; their frames go into the spool, named by content hash.

    A film that cannot be decoded, or not to its end, is an outcome, not an error.
    """
    sha256 = sha256_of(path)
    if not _is_film(path):
        return DocumentFacts(sha256, (), (), NO_FILM)
    film = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        width, height = film.get(cv2.CAP_PROP_FRAME_WIDTH), film.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if not film.isOpened() or min(width, height) < 1:
            return DocumentFacts(sha256, (), (), NO_PICTURE)
        if max(width, height) > MOST_SIDE:
            return DocumentFacts(sha256, (), (), TOO_LARGE)
        stated = _stated_seconds(film)
        seen = _look_through(film, stated, most)
    except cv2.error:
        return DocumentFacts(sha256, (), (), NO_PICTURE)
    finally:
        film.release()
    pictures = {}
    for moment in _chosen(seen.moments, most):
        name = hashlib.sha256(moment.picture).hexdigest()
        if name not in pictures:
            write_private(spool.path(name), moment.picture)
            pictures[name] = DocumentPicture(int(moment.second), name)
    return DocumentFacts(sha256, (), tuple(pictures.values()), _problem(seen, stated), max(stated, seen.last))


def unread_film(path: Path, reason: Sentence) -> DocumentFacts:
    """Return the outcome for a film that cannot be examined. Raises OSError if it cannot even be read."""
    return DocumentFacts(sha256_of(path), (), (), reason)


def _is_film(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(16)
    return start.startswith(STARTS) or start[4:8] in BOXES or (start[:4] == b"RIFF" and start[8:11] == b"AVI")


def _stated_seconds(film: cv2.VideoCapture) -> float:
    """Return how long the film says it lasts; 0 where it does not say, or says what cannot be."""
    frames, rate = film.get(cv2.CAP_PROP_FRAME_COUNT), film.get(cv2.CAP_PROP_FPS)
    seconds = frames / rate if rate > 0 else 0.0
    return float(seconds) if 0 < seconds < 24 * 3600 else 0.0


def _look_through(film: cv2.VideoCapture, stated: float, most: int) -> _Seen:
    """Look at moments in equal steps; where the length is not known, the step grows as the film goes on."""
    seen = _Seen()
    room = LOOKED_AT_PER_TAKEN * most
    step = max(EVERY_SECONDS, stated / room)
    rate = film.get(cv2.CAP_PROP_FPS)
    jump = stated > 0 and step * rate > SEEK_FRAMES
    due, end = 0.0, time.monotonic() + MOST_SECONDS
    while True:
        if jump and due > 0:
            film.set(cv2.CAP_PROP_POS_MSEC, due * 1000)
        if not film.grab():
            break
        before, seen.last = seen.last, max(seen.last, _second(film))
        if time.monotonic() > end:
            seen.problem = say(
                "It takes too long to decode: only its first %(clock)s were looked at.", clock=_clock(seen.last)
            )
            break
        if jump and seen.last <= before and due > 0:
            break  # it cannot be moved further on
        if not jump and seen.last + 1e-6 < due:
            continue
        due = max(due, seen.last) + step
        shown, frame = film.retrieve()
        if shown and frame is not None and frame.size:
            _look_at(np.asarray(frame, np.uint8), seen)
        if len(seen.moments) > room:
            seen.moments, step = seen.moments[::2], 2 * step
    seen.step = step
    return seen


def _second(film: cv2.VideoCapture) -> float:
    second = film.get(cv2.CAP_PROP_POS_MSEC) / 1000
    return second if 0 <= second < 24 * 3600 else 0.0


def _look_at(frame: Pixels, seen: _Seen) -> None:
    """Keep a frame if it shows something that no frame kept lately shows."""
    seen.looked_at += 1
    height, width = frame.shape[:2]
    small = cv2.resize(frame, (320, max(1, round(320 * height / width))), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    if grey.std() < DARK or cv2.Laplacian(grey, cv2.CV_64F).var() < BLURRED:
        return
    colours = _colours(np.asarray(small, np.uint8))
    begins = seen.colours is None or cv2.compareHist(seen.colours, colours, cv2.HISTCMP_BHATTACHARYYA) > NEW_SCENE
    if not begins and seen.last < seen.moments[-1].second + WITHIN_SCENE_SECONDS:
        return
    cells = cv2.resize(small, CELLS, interpolation=cv2.INTER_AREA).astype(np.int16)
    if any(_changed(cells, other) < NEW for other in seen.looks):
        return
    seen.looks, seen.colours = [*seen.looks[1 - COMPARED :], cells], colours
    if max(height, width) > FRAME_SIDE:
        scale = FRAME_SIDE / max(height, width)
        frame = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    picture = encode(np.ascontiguousarray(frame[..., ::-1]), ".jpg", quality=90)
    seen.moments.append(_Moment(seen.last, begins, picture))


def _colours(frame: Pixels) -> Colours:
    """Return how often each hue stands with each saturation, and each brightness."""
    hsv = cv2.cvtColor(frame, cv2.COLOR_BGR2HSV)
    tones = cv2.calcHist([hsv], [0, 1], None, [16, 8], [0, 180, 0, 256]).ravel()
    light = cv2.calcHist([hsv], [2], None, [16], [0, 256]).ravel()
    return np.concatenate([tones, light]).astype(np.float32)


def _changed(cells: Cells, other: Cells) -> float:
    return float((np.abs(cells - other).max(axis=2) > CHANGED).mean())


def _chosen(moments: list[_Moment], most: int) -> list[_Moment]:
    """Take all if there is room; else beginnings of scenes, for half of it, and whatever lies farthest from these."""
    taken: list[_Moment] = []
    for among, room in (([one for one in moments if one.begins_scene], (most + 1) // 2), (moments, most)):
        left = [one for one in among if one not in taken]
        while left and len(taken) < room:
            best = max(left, key=lambda one: min((abs(one.second - other.second) for other in taken), default=0.0))
            left.remove(best)
            taken.append(best)
    return sorted(taken, key=lambda one: one.second)


def _problem(seen: _Seen, stated: float) -> Sentence:
    if seen.problem:
        return seen.problem
    if not seen.looked_at:
        return NO_PICTURE
    # The last step may fall short of the end.
    if stated and seen.last < min(0.9 * stated, stated - 2 * seen.step) - 2:
        return say(
            "It is damaged or cut short: only %(decoded)s of %(all)s could be decoded.",
            decoded=_clock(seen.last),
            all=_clock(stated),
        )
    return NOTHING if seen.moments else NOTHING_SEEN


def _clock(seconds: float) -> Sentence:
    clock = f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
    return say("%(clock)s minutes", clock=clock)


# --- captions -----------------------------------------------------------------------------------------------------

_TIMES = re.compile(r"^\s*(\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->.*$")
_NOT_SPOKEN = re.compile(r"(WEBVTT|STYLE|REGION|NOTE)([ \t].*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>")
_TAG = re.compile(r"</?[a-z0-9.:][^<>]{0,200}>|\{\\[^{}]{0,100}\}", re.IGNORECASE)


def examine_captions(path: Path) -> DocumentFacts:
    """Read captions (WebVTT, SRT, or plain text) of unknown origin: what is said, one sentence after the other."""
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    text = _decoded(content[:CAPTION_BYTES]).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text or text.lstrip().startswith(("<", "{")):
        return DocumentFacts(sha256, (), (), NO_CAPTIONS)
    cut = say("Only the first %(count)s megabytes of the captions were read.", count=CAPTION_BYTES // 1_000_000)
    return DocumentFacts(sha256, (spoken(text),), (), cut if len(content) > CAPTION_BYTES else NOTHING)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def spoken(captions: str) -> str:
    """Return what captions say, without times and marks; a sentence that goes on in the next one stays whole."""
    said: list[str] = []
    for block in re.split(r"\n[ \t]*\n", captions):
        lines = block.strip("\n").split("\n")
        at = next((number for number, line in enumerate(lines) if _TIMES.match(line)), None)
        if at is None and (_NOT_SPOKEN.fullmatch(lines[0]) or "-->" in block):
            continue
        words = " ".join(" ".join(_plain(line) for line in lines[at + 1 if at is not None else 0 :]).split())
        if not words or words == (said[-1] if said else ""):
            continue
        if said and not said[-1].endswith((".", "!", "?", "…", ":")):
            said[-1] += f" {words}"
        else:
            said.append(words)
    return "\n".join(said)


def _plain(line: str) -> str:
    return html.unescape(_TAG.sub("", _VOICE.sub(r"\1: ", line)))
