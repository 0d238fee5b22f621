"""The terminal in a made-up language: no sentence that a command prints or asks is left in English."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from auditbot import sentences
from auditbot.cli import main
from auditbot.commands import exposure as exposure_command
from auditbot.commands import prepublish
from auditbot.commands.audit import summary
from auditbot.exposure.safer import SaferCopy
from auditbot.model import Candidate, Face, PhotoMetadata
from auditbot.prepublish.photo_check import CheckedPhoto, CheckedPhotos, Request, SeenFace, SeenWords, Where
from auditbot.present.cards import cards
from auditbot.present.headline import headline
from auditbot.registers.consent import KINDS
from auditbot.registers.declared import read_declared
from auditbot.registers.risk_assessments import COLUMNS, QUESTIONS
from auditbot.sentences import quoted
from auditbot.settings import Workspace
from auditbot.survey import Surveyed
from auditbot.workspace import make_workspace
from tests import made_up_language as made_up
from tests.unit.at_a_terminal import sit
from tests.unit.examine.made_up_faces import FACES
from tests.unit.exposure.exposure_sample import sample_exposure
from tests.unit.report import report_sample as sample
from tests.unit.report.test_report_page import CASES, case

PUPILS = """pupil_id,legal_forename,legal_surname,class,website,biometric_parents_notified_on,biometric_consent
P001,Maya,Day,Robins,yes,2026-01-01,yes
P002,Otis,Wren,Robins,no,,no
P003,Ivy,Moss,Wrens,,2026-01-01,yes
"""
NAMES = {
    *("auditbot", "website", "Larkmere", "Maya", "Day", "Otis", "Wren", "Ivy", "Moss", "Robins", "Wrens", "Noor"),
    *(
        "Finch",
        "Headteacher",
        "Quentin",
        "note to the office",
        "Mother",
        "kite",
        "Chrome",
        "Chromium",
        "HeadlessChrome",
    ),
}
"""What is called so in every language."""
STORED = ("first seen in pupils.csv", "entered by hand", "not stated", "P001_2.jpg", "maya day.jpg", "somebody.jpg")
"""What stands so in the school's own files."""
LABELS = ("P001  Maya D.", "P002  Otis W.", "P003  Ivy M.")
"""Pupils as a line names them."""
EMPTY = "«Ït ïs ëmpty.»"
"""A reason that is in the language already."""


@pytest.fixture(scope="module", autouse=True)
def tongue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the made-up language be one that a school can choose, and be in force until it does."""
    locale = tmp_path_factory.mktemp("locale")
    folder = locale / "tlh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "auditbot.mo").write_bytes(made_up.compiled())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentences, "LOCALE", locale)
        patch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
        sentences.choose("tlh")
        yield
    sentences.choose(sentences.ENGLISH)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, tongue: None) -> Workspace:
    made = make_workspace(tmp_path_factory.mktemp("terminal") / "school", "Larkmere", "https://www.larkmere.example/")
    settings = made.config / "auditbot.toml"
    text = settings.read_text("utf-8").replace("[report]", '[report]\nlanguage = "tlh"', 1)
    assessed = 'dpia_reference = "D1"\ndpia_officer = "DPO"\ndpia_date = 2026-01-01\n'
    settings.write_text(text.replace("[faces]", f"[faces]\n{assessed}", 1), "utf-8")
    (made.consent / "pupils.csv").write_text(PUPILS, "utf-8")
    shutil.copy(FACES / "C001" / "portrait_1.jpg", made.consent / "photos" / "P001.jpg")
    (made.consent / "photos" / "P001_2.jpg").write_bytes(b"no picture")
    shutil.copy(FACES / "C002" / "portrait_1.jpg", made.consent / "photos" / "maya day.jpg")
    shutil.copy(FACES / "C003" / "portrait_1.jpg", made.consent / "photos" / "somebody.jpg")
    (made.folder / "draft.txt").write_text("Maya Day won. Call her mum on 07700 900123. Buy your tickets now!", "utf-8")
    return made


COMMANDS: dict[str, tuple[str, ...]] = {
    "doctor": ("doctor",),
    "integrity": ("doctor", "--integrity"),
    "faces": ("doctor", "--faces"),
    "enrol": ("enrol",),
    "a text": ("check-text", "{folder}/draft.txt"),
    "no such photo": ("check-photo", "{folder}/none.jpg"),
    "what is on record": ("consent", "show", "P001"),
    "an answer": ("consent", "set", "P003", "website", "yes", "--by", "Mother", "--why", "note to the office"),
    "nobody of that name": ("consent", "find", "Zebedee"),
    "edited by hand": ("consent", "changes"),
    "tokens": ("token", "list"),
    "posts of no account": ("posts", "--account", "blog"),
    "a risk assessment": ("risk-assessment", "check"),
    "forgetting without a second word": ("forget", "P002", "--why", "left"),
    "no audit yet": ("history",),
    "exposure of no account": ("exposure", "--account", "blog"),
    "a token for no use": ("token", "set", "website"),
    "a service": ("setup", "{folder}", "--plan", "--yes", "--backup-to", "/backups"),
    "a service of Windows": ("setup", "{folder}", "--system", "windows", "--yes", "--backup-to", "/backups"),
    "no such finding": ("decide", "abc", "down"),
}


def left(told: str, school: Workspace, *more: str) -> list[str]:
    """Return what of some lines is English: no path, command, file or name."""
    paths = {str(school.folder), str(Path.home()), sys.prefix, sys.executable, *LABELS, *more}
    for path in sorted(paths, key=len, reverse=True):
        told = told.replace(path, "")
    told = re.sub(
        r"20\d\d-\d\d-\d\d(T\d\d:\d\d)?|https?://[\w./]+|/config/auditbot.toml|consent/photos/|[\[\]]", "", told
    )
    lines = [line for line in told.splitlines() if not line.startswith("      ")]  # of a plan: what is typed
    return made_up.left_in_english(
        [re.sub(r"(?<=\S)  +", "\n", "\n".join(lines))],
        {*NAMES, *KINDS, *STORED, *QUESTIONS.values(), *COLUMNS.values()},
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_no_sentence_of_a_command_is_left_out(name: str, school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    words = [word.format(folder=school.folder) for word in COMMANDS[name]]
    code = main(["--workspace", str(school.folder), *words])
    printed = capsys.readouterr()
    assert code in (0, 1, 2, 3), printed.err
    told = printed.out + printed.err
    if name == "a text":
        document = json.loads(printed.out)
        found = [*document["findings"], *document["other_findings"]]
        assert found
        told = "\n".join(one["explanation"] for one in found)
    assert "«" in told
    assert "\n".join(left(told, school)) == ""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[str]]]:
    """Sit somebody at a terminal who types these; returns the questions asked."""

    def sitting(*typed: str) -> list[str]:
        return sit(monkeypatch, typed)[1]

    yield sitting
    sentences.choose("tlh")


def test_no_question_is_left_out(
    school: Workspace, asked: Callable[..., list[str]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    everything: list[str] = []
    for words, typed in (
        (("setup", "--plan"), (str(tmp_path / "new"), "Larkmere", "larkmere.example", "/backups")),
        (("init", str(tmp_path / "made")), ("Larkmere", "https://www.larkmere.example/", "", "")),
        (("exposure", "https://www.larkmere.example/"), ("no",)),
        (("--workspace", str(school.folder), "risk-assessment", "new", "website"), ("None",) * 3 + ("?",)),
    ):
        sentences.choose("tlh")
        questions = asked(*typed)
        main(list(words))
        assert questions, words
        everything += questions
    printed = capsys.readouterr()
    told = "\n".join((*everything, printed.out, printed.err))
    assert "\n".join(left(told, school, str(tmp_path))) == ""


@pytest.mark.parametrize("name", CASES)
def test_no_sentence_of_an_audits_summary_is_left_out(name: str, school: Workspace) -> None:
    sentences.choose("tlh")
    audit = case(name)
    head = headline(audit, cards(audit, sample.context()))
    told = summary(audit, head, school.reports / "latest" / "report.html")
    data = {*made_up.strings(audit), *NAMES, "report.html"}
    assert made_up.left_in_english([told.replace(str(school.folder), "")], data) == []


def face(outcome: Any, *people: str) -> Face:
    candidates = tuple(Candidate(person, 0.7) for person in people)
    return Face((1.0, 1.0, 90.0, 120.0), 0.9, outcome, candidates, detail=30.0)


def test_no_sentence_about_a_photo_is_left_out(school: Workspace) -> None:
    sentences.choose("tlh")
    declared = read_declared(school, date.today())
    faces = (
        SeenFace(face("possible", "P002", "P001"), "no", (("P002", str(sentences.say("withdrawn"))),)),
        SeenFace(face("named", "P001"), "yes", ()),
        SeenFace(face("named", "P003"), "yes", ()),
        SeenFace(face("possible", "P003"), "yes", ()),
        SeenFace(face("nobody"), "unknown", ()),
        SeenFace(face("too_small"), "unknown", ()),
        SeenFace(face("too_small"), "unknown", ()),
    )
    words = (
        SeenWords(Where.PICTURE, "Otis Wren", None, ("P002",), "breach"),
        SeenWords(Where.FILE_NAME, "wren.jpg", None, ("P002",), "review"),
    )
    whole = CheckedPhoto(
        school.folder / "a.jpg", 800, 600, faces, words, PhotoMetadata(has_position=True, has_serial_number=True),
        "do_not_publish", "", copy=school.folder / "copy.jpg",
    )  # fmt: skip
    others = (
        replace(whole, faces=(), words=(), verdict="nothing_found"),
        replace(whole, faces=(faces[1],), verdict="look_first", copy=None, no_copy=quoted("")),
        replace(whole, faces=(), width=0, verdict="not_examined", not_examined=EMPTY),
    )
    for matched, class_name in ((True, ""), (False, "Robins")):
        request = Request((school.folder,), "website", class_name)
        checked = CheckedPhotos(request, declared, (whole, *others), matched, matched, 1 + matched, 2, 3)
        told = "\n".join(prepublish._lines(checked))
        assert left(told, school, "Otis Wren", "wren.jpg", "a.jpg", "copy.jpg") == []


def test_no_sentence_about_exposure_is_left_out(school: Workspace) -> None:
    sentences.choose("tlh")
    exposure = sample_exposure()
    photo = exposure.photos[0]
    copies = (
        SaferCopy(photo, Path("kite.jpg"), "", True, 60, 40),
        SaferCopy(photo, Path("kite.jpg"), EMPTY, False, 60, 40),
    )
    page = school.folder / "exposure.html"
    for done in (
        Surveyed(exposure, page, None, page, copies, (), False, "kite"),
        Surveyed(sample_exposure(empty=True), page, page, page, (), (), True, "kite"),
    ):
        told = "\n".join(exposure_command._lines(done, demo=False))
        assert left(told, school, str(page), "kite.jpg") == []
