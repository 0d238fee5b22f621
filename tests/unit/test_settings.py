"""config/auditbot.toml: every option is documented and valid; every problem is named, with what is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.errors import SettingsError, WorkspaceMissing
from auditbot.settings import Settings, Workspace, all_options, load_settings
from auditbot.workspace import settings_text

NAMED = '[school]\nname = "Larkmere"\n'


def load(folder: Path, text: str | bytes) -> Settings:
    (folder / "config").mkdir(exist_ok=True)
    content = text.encode() if isinstance(text, str) else text
    (folder / "config" / "auditbot.toml").write_bytes(content)
    return load_settings(Workspace(folder))


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(SettingsError) as stopped:
        load(folder, text)
    first, *lines = str(stopped.value).splitlines()
    assert first == f"{folder / 'config' / 'auditbot.toml'} cannot be used:"
    return [line.removeprefix("  - ") for line in lines]


OPTIONS = [(section, option) for section, options in all_options().items() for option in options]


def test_the_commented_file_that_init_writes_loads_and_holds_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, settings_text({"school.name": "Larkmere"})) == load(tmp_path, NAMED)


def test_every_option_of_that_file_can_be_uncommented_at_once(tmp_path: Path) -> None:
    lines = settings_text({"school.name": "Larkmere"}).splitlines()
    keys = {option.name for _, option in OPTIONS}
    opened = [line[2:] if line.startswith("# ") and line[2:].split(" = ")[0] in keys else line for line in lines]
    assert sum(" = " in line and not line.startswith("#") for line in opened) == len(OPTIONS)
    loaded = load(tmp_path, "\n".join(opened))
    plain = load(tmp_path, NAMED)
    for section, option in OPTIONS:
        if option.default is not None:
            assert getattr(getattr(loaded, section), option.name) == getattr(getattr(plain, section), option.name)


@pytest.mark.parametrize(("section", "option"), OPTIONS, ids=[f"{s}.{o.name}" for s, o in OPTIONS])
def test_every_option_has_a_sentence_that_stands_above_it(section: str, option: object) -> None:
    name, doc = option.name, option.doc  # type: ignore[attr-defined]
    assert doc.endswith(".") and "\n" not in doc
    lines = settings_text({"school.name": "Larkmere"}).splitlines()
    start = lines.index(f"[{section}]")
    place = next(i for i in range(start, len(lines)) if lines[i].removeprefix("# ").startswith(f"{name} = "))
    assert lines[place - 1] == f"# {doc}"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.text(min_size=1).filter(lambda text: not any(0xD800 <= ord(char) < 0xE000 for char in text)))
def test_any_name_of_a_school_survives_being_written_and_read(tmp_path: Path, name: str) -> None:
    assert load(tmp_path, settings_text({"school.name": name})).school.name == name


def test_the_repositorys_own_settings_load(repository: Path) -> None:
    loaded = load_settings(Workspace(repository))
    assert loaded.faces.matching_allowed
    assert loaded.demo.serve_as


WRONG = [
    (
        NAMED + '[faces]\nengine = "own"\nown_embedder = "models/own.onnx"\n',
        'faces: engine = "own" needs own_embedder, a full path, and own_embedder_sha256, 64 characters',
    ),
    ("", "school: is missing"),
    ('school = "x"\n', 'school: should be a section in square brackets (found "x")'),
    ("[school]\n", "school.name: is missing"),
    ('[school]\nname = ""\n', 'school.name: should not be empty (found "")'),
    ("[school]\nname = 5\n", "school.name: should be text in quotation marks (found 5)"),
    (
        '[school]\nname = "a"\ntimezone = "Mars/Base"\n',
        "school.timezone: 'Mars/Base' is no time zone; write one like 'Europe/London'",
    ),
    (
        '[school]\nname = "a"\ntimezone = "../etc/passwd"\n',
        "school.timezone: '../etc/passwd' is no time zone; write one like 'Europe/London'",
    ),
    ('[school]\nname = "a"\ndomains = "a.uk"\n', 'school.domains: should be a list (found "a.uk")'),
    (NAMED + "[colect]\n", "colect: unknown key; did you mean 'collect'?"),
    (NAMED + "[quite_else]\n", "quite_else: unknown key"),
    (NAMED + "[collect]\ndelay_secnds = 1\n", "collect.delay_secnds: unknown key; did you mean 'delay_seconds'?"),
    (
        NAMED + "[collect]\ndelay_seconds = -1\n",
        "collect.delay_seconds: should be greater than or equal to 0 (found -1)",
    ),
    (NAMED + "[collect]\ndelay_seconds = 61\n", "collect.delay_seconds: should be less than or equal to 60 (found 61)"),
    (NAMED + '[collect]\ndelay_seconds = "1"\n', 'collect.delay_seconds: should be a number (found "1")'),
    (NAMED + "[collect]\naccount_minutes = nan\n", "collect.account_minutes: should be a finite number (found NaN)"),
    (NAMED + "[collect]\nmax_posts = 2.5\n", "collect.max_posts: should be a whole number (found 2.5)"),
    (NAMED + "[collect]\nmax_posts = true\n", "collect.max_posts: should be a whole number (found true)"),
    (
        NAMED + '[collect]\nallow_loopback = ["127.0.0.1:80", "localhost"]\n',
        "collect.allow_loopback 2: 'localhost' should be a host and a port, like '127.0.0.1:8080'",
    ),
    (
        NAMED + '[collect]\nallow_loopback = ["127.0.0.1:65536"]\n',
        "collect.allow_loopback 1: '127.0.0.1:65536' should be a host and a port, like '127.0.0.1:8080'",
    ),
    (NAMED + "[examine]\nworkers = -1\n", "examine.workers: should be greater than or equal to 0 (found -1)"),
    (NAMED + '[examine]\nread_words = "yes"\n', 'examine.read_words: should be true or false (found "yes")'),
    (NAMED + '[faces]\ndpia_date = "soon"\n', 'faces.dpia_date: should be a date like 2026-09-01 (found "soon")'),
    (NAMED + "[faces]\nfalse_name_rate = 0\n", "faces.false_name_rate: should be greater than 0 (found 0)"),
    (
        NAMED + '[report]\nlanguage = "de"\n',
        "report.language: 'de' is no language that reports are translated into: en-GB",
    ),
    (NAMED + "[report]\nevidence_days = 0\n", "report.evidence_days: should be greater than or equal to 1 (found 0)"),
    (NAMED + '[schedule]\nat = "24:00"\n', "schedule.at: '24:00' should be a time of day like '02:30'"),
    (NAMED + '[schedule]\nat = "2:30"\n', "schedule.at: '2:30' should be a time of day like '02:30'"),
    (NAMED + '[schedule]\nat = "02:30\\n"\n', "schedule.at: '02:30\\n' should be a time of day like '02:30'"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG, ids=[problem for _, problem in WRONG])
def test_what_cannot_be_stops_with_file_key_and_what_would_be_right(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]


RIGHT = [
    "[collect]\ndelay_seconds = 0\n",
    "[collect]\ndelay_seconds = 60.0\n",
    '[collect]\nallow_loopback = ["[::1]:8080", "127.0.0.1:1"]\n',
    "[faces]\ndpia_date = 2026-09-01\n",
    '[faces]\ndpia_date = "2026-09-01"\n',
    "[faces]\nfalse_name_rate = 0.2\n",
    '[schedule]\nat = "23:59"\n',
    "[examine]\nworkers = 64\n",
]


@pytest.mark.parametrize("text", RIGHT)
def test_values_at_the_edge_of_what_is_possible_are_taken(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, NAMED + text).school.name == "Larkmere"


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    text = (
        '[school]\nname = 5\n[collect]\nmax_posts = 0\nspeed = 1\n[report]\npdf = "yes"\n[faces]\ndpia_date = "soon"\n'
    )
    found = problems(tmp_path, text)
    assert [problem.split(":")[0] for problem in sorted(found)] == [
        "collect.max_posts",
        "collect.speed",
        "faces.dpia_date",
        "report.pdf",
        "school.name",
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"[school\n", "line 1, column 8"),
        (b'[school]\nname = "a"\nname = "b"\n', "line 3"),
        ('[school]\nname = "Schöne"\n'.encode("latin-1"), "not UTF-8"),
        ('[school]\nname = "a"\n'.encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_named_with_its_place(tmp_path: Path, text: bytes, part: str) -> None:
    assert part in problems(tmp_path, text)[0]


def test_a_byte_order_mark_of_an_editor_is_taken(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + NAMED.encode()).school.name == "Larkmere"


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceMissing, match="auditbot init"):
        load_settings(Workspace(tmp_path))


@pytest.mark.parametrize(
    ("lines", "allowed"),
    [
        ("", False),
        ('dpia_reference = "D1"\ndpia_officer = "R. Ashdown"\n', False),
        ('dpia_reference = "D1"\ndpia_date = 2026-09-01\n', False),
        ('dpia_officer = "R. Ashdown"\ndpia_date = 2026-09-01\n', False),
        ('dpia_reference = "D1"\ndpia_officer = "R. Ashdown"\ndpia_date = 2026-09-01\n', True),
    ],
)
def test_faces_are_matched_only_with_the_whole_assessment_recorded(tmp_path: Path, lines: str, allowed: bool) -> None:
    assert load(tmp_path, NAMED + "[faces]\n" + lines).faces.matching_allowed is allowed
