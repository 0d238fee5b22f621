"""The command line without a browser: what each command takes, its exit code, and what it says on which stream."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from auditbot import __version__, pipeline
from auditbot.cli import main
from auditbot.model import (
    Comment,
    Coverage,
    CoverageStatus,
    DocumentUse,
    NotChecked,
    PhotoFacts,
    PhotoUse,
    Post,
    PostGone,
)
from auditbot.run import local_now, one_at_a_time
from auditbot.sentences import quoted
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from tests.conftest import put_registers_in_order

COMMANDS = [["audit"], ["posts"], ["enrol"], ["report"], ["schedule"]]
URL = "https://www.larkmere.example/news/1"
WEBSITE = "https://www.larkmere.example/"


@pytest.fixture(autouse=True)
def left_as_found(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the tests' own signal handling, and no key in this computer's keyring."""
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def run(workspace: Workspace | Path, *words: str) -> int:
    folder = workspace.folder if isinstance(workspace, Workspace) else workspace
    return main(["--workspace", str(folder), *words])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["frobnicate"],
        ["audit", "--since", "last week"],
        ["audit", "--since", "13/13/2026"],
        ["audit", "--stage", "publish"],
        ["audit", "--fast"],
        ["init"],
        ["--workspace"],
    ],
)
def test_wrong_use_is_exit_code_two_and_says_what_is_right(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "usage: auditbot" in said.err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"auditbot {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_folder_that_is_no_workspace(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, *command) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("auditbot: ") and "auditbot init" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_settings_that_cannot_be_used(
    command: list[str], fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with (fresh_workspace.config / "auditbot.toml").open("a", encoding="utf-8") as file:
        file.write("spede = 1\n")
    assert run(fresh_workspace, *command) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "spede: unknown key" in said.err


@pytest.mark.parametrize("command", [["audit"], ["audit", "--stage", "check"], ["enrol"], ["schedule"], ["report"]])
@pytest.mark.parametrize(
    "file", ["consent/pupils.csv", "consent/staff.csv", "config/accounts.toml", "config/policy.toml"]
)
def test_a_register_that_is_missing_stops_the_run(
    command: list[str], file: str, fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (fresh_workspace.folder / file).unlink()
    assert run(fresh_workspace, *command) == 2
    assert f"{Path(file).name} cannot be" in capsys.readouterr().err
    assert not (fresh_workspace.data / "auditbot.db").exists()


def test_an_account_that_nobody_knows(fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(fresh_workspace, "audit", "--account", "facebook") == 2
    assert "no account called 'facebook'. Known accounts: website." in capsys.readouterr().err


def test_a_second_run_is_refused(fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with one_at_a_time(fresh_workspace):
        assert run(fresh_workspace, "audit", "--stage", "check") == 2
        assert run(fresh_workspace, "enrol") == 2
    assert capsys.readouterr().err.count("Another audit is running") == 2


def test_a_stop_by_hand_is_told_as_one(
    fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(pipeline, "run_audit", stop)
    assert run(fresh_workspace, "audit") == 130
    assert capsys.readouterr().err == (
        "auditbot: the audit was stopped; what it did is kept, and the next audit goes on from there.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no signal of this kind can be sent there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_page_that_is_stopped_says_so_in_its_own_words(number: signal.Signals) -> None:
    words = [sys.executable, "-m", "auditbot", "review", "--demo", "--no-browser"]
    # A shell starts what runs beside it deaf to Ctrl-C, and so would be what is started here.
    page = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509  no thread but this one is asked
    )
    with page:
        try:
            assert page.stdout is not None and page.stderr is not None
            while "Ctrl-C ends the page" not in (line := page.stdout.readline()):
                assert line, page.stderr.read()
            page.send_signal(number)
            told = page.communicate(timeout=60)[1]
        finally:
            page.kill()
    assert (page.returncode, told) == (130, "auditbot: the page is closed; every decision is kept.\n")


def test_a_page_that_is_stopped_while_it_opens_ends_too() -> None:
    program = (
        "import webbrowser\ndef stop(address): raise KeyboardInterrupt\nwebbrowser.open = stop\n"
        "from auditbot.cli import entry\nraise SystemExit(entry())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "review", "--demo"], capture_output=True, text=True, timeout=90, check=False
    )
    assert (done.returncode, done.stderr) == (130, "auditbot: the page is closed; every decision is kept.\n")


def test_an_error_nobody_foresaw_never_reads_as_clean_or_as_findings(
    fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "run_audit", fail)
    assert run(fresh_workspace, "audit", "--json") == 70
    said = capsys.readouterr()
    assert said.out == ""
    assert "ZeroDivisionError" in said.err


# --- exit codes of an audit -----------------------------------------------------------------------------------------

PAGE = Post("website", URL, "Harvest", "We sang.", published_at=datetime(2026, 6, 1, tzinfo=UTC))
SURNAME = replace(PAGE, text="Well done Maya Okonkwo-Price!")
WALL = NotChecked("website", WEBSITE, "account", quoted("A log-in page."))


@pytest.fixture
def school(fresh_workspace: Workspace) -> Workspace:
    """Return a workspace whose registers lack nothing, with one pupil and the impact assessment recorded."""
    settings = fresh_workspace.config / "auditbot.toml"
    text = settings.read_text("utf-8").replace('# dpia_reference = ""', 'dpia_reference = "D1"')
    text = text.replace('# dpia_officer = ""', 'dpia_officer = "R. Ashdown"').replace("# dpia_date", "dpia_date")
    settings.write_text(text, "utf-8")
    register = "pupil_id,legal_forename,legal_surname,website\nP001,Maya,Okonkwo-Price,yes\n"
    (fresh_workspace.consent / "pupils.csv").write_text(register, "utf-8")
    put_registers_in_order(fresh_workspace)
    return fresh_workspace


def visited(
    workspace: Workspace, *posts: Post, gone: bool = False, note: NotChecked | None = None, days: int = 0
) -> None:
    """Record a visit that the next run goes on from."""
    now = local_now(load_settings(workspace)) + timedelta(days=days)
    with Store(workspace.data / "auditbot.db") as store:
        audit = store.audits.begin(now, "all")
        for post in posts:
            store.published.save_post(post, now)
            if gone:
                store.published.mark_gone(PostGone("website", post.url, quoted("The page answers 404 Not Found.")), now)
        status: CoverageStatus = "walled" if note else "complete"
        store.audits.save_coverage(
            audit, Coverage("website", status, len(posts), 0), [note] if note else [], started_at=now, at=now
        )


def checked(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = run(workspace, "audit", "--stage", "check", "--json")
    return code, json.loads(capsys.readouterr().out)


def test_complete_and_nothing_found_is_zero(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    visited(school, PAGE)
    code, document = checked(school, capsys)
    assert (code, document["findings"], document["not_checked"]) == (0, [], [])


def test_findings_are_one(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    visited(school, SURNAME)
    code, document = checked(school, capsys)
    assert code == 1
    assert [(finding["clause"], finding["state"]) for finding in document["findings"]] == [("C12", "new")]


def test_a_full_disk_is_a_sentence_and_no_result(
    school: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    visited(school, *(replace(SURNAME, url=f"{URL}/{number}") for number in range(60)))
    make = Store._up_to_date

    def full(store: Store, path: Path) -> object:
        database = make(store, path)
        database.conn.execute("PRAGMA max_page_count = 1")  # no page more than there are
        return database

    monkeypatch.setattr(Store, "_up_to_date", full)
    assert run(school, "audit", "--stage", "check", "--json") == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("Traceback")) == ("", 0)
    assert "auditbot.db cannot be written: the disk is full. What was done before is kept;" in said.err
    monkeypatch.undo()
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    code, document = checked(school, capsys)
    assert (code, len(document["findings"])) == (1, 60)


def test_findings_that_are_all_gone_are_zero(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    visited(school, SURNAME)
    assert checked(school, capsys)[0] == 1
    visited(school, SURNAME, gone=True)
    code, document = checked(school, capsys)
    assert code == 1
    assert "This was checked once" in document["findings"][0]["removal"]
    visited(school, SURNAME, gone=True, days=1)
    code, document = checked(school, capsys)
    assert (code, [finding["state"] for finding in document["findings"]]) == (0, ["gone"])


@pytest.mark.parametrize("post", [PAGE, SURNAME])
def test_incomplete_is_three_with_and_without_findings(
    school: Workspace, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    visited(school, post, note=WALL)
    code, document = checked(school, capsys)
    assert code == 3
    assert document["not_checked"] == [
        {
            "account": "website",
            "url": WEBSITE,
            "what": "account",
            "reason": "A log-in page.",
            "aside": False,
            "why": "other",
        }
    ]


def test_a_school_never_visited_is_incomplete(fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = checked(fresh_workspace, capsys)
    assert code == 3
    assert not document["audit"]["complete"]
    assert {note["what"] for note in document["not_checked"]} == {"faces", "register"}
    assert [entry["status"] for entry in document["coverage"]] == ["error"]


def test_an_audit_that_checked_nothing_is_not_clean(
    fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(fresh_workspace, "audit", "--stage", "examine") == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "nothing was checked" in said.err


def test_a_report_before_any_audit(fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(fresh_workspace, "report") == 2
    assert "No audit has been run" in capsys.readouterr().err


# --- posts ----------------------------------------------------------------------------------------------------------


def test_posts_before_any_audit(fresh_workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(fresh_workspace, "posts") == 2
    assert "No audit has been run" in capsys.readouterr().err


def test_posts_as_json_lines_in_the_documented_shape(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    full = replace(
        PAGE,
        author="Mrs Lee",
        title="Zoë\u2028 \U0001f389",
        photos=(PhotoUse(f"{URL}/1.jpg", "a" * 64, "alt", "caption"), PhotoUse(f"{URL}/2.jpg", None)),
        comments=(Comment("Ann", "Lovely", datetime(2026, 6, 2, tzinfo=UTC), f"{URL}#1"), Comment("", "Oh")),
        documents=(DocumentUse(f"{URL}/n.pdf", "b" * 64, "Newsletter"),),
    )
    visited(school, full, replace(PAGE, url=f"{URL}0", published_at=None))
    with Store(school.data / "auditbot.db") as store:
        store.examined.save_photo(PhotoFacts("a" * 64, 800, 600, (), ()), "v")
    assert run(school, "posts", "--json") == 0
    undated, first = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first == {
        "account": "website",
        "url": URL,
        "title": "Zoë\u2028 \U0001f389",
        "published_at": "2026-06-01T01:00:00+01:00",
        "author": "Mrs Lee",
        "text": "We sang.",
        "words": [],
        "comments": [
            {"author": "Ann", "text": "Lovely", "published_at": "2026-06-02T00:00:00+00:00", "url": f"{URL}#1"},
            {"author": "", "text": "Oh", "published_at": None, "url": ""},
        ],
        "photos": [
            {
                "url": f"{URL}/1.jpg",
                "sha256": "a" * 64,
                "alt": "alt",
                "caption": "caption",
                "width": 800,
                "height": 600,
            },
            {"url": f"{URL}/2.jpg", "sha256": None, "alt": "", "caption": "", "width": None, "height": None},
        ],
        "captions": [],
        "videos": [],
        "documents": [{"url": f"{URL}/n.pdf", "sha256": "b" * 64}],
    }
    assert undated["published_at"] is None


def test_posts_for_people(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    visited(school, PAGE)
    assert run(school, "posts", "--account", "website") == 0
    assert capsys.readouterr().out == f"2026-06-01  website   0 photos  {URL}\n"
    assert run(school, "posts", "--account", "facebook") == 2
    assert "no account called 'facebook'" in capsys.readouterr().err


# --- init, enrol ----------------------------------------------------------------------------------------------------


def test_init_makes_a_workspace_and_a_second_one_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["init", str(tmp_path / "school"), "--school", "Larkmere", "--website", WEBSITE]
    assert main(words) == 0
    assert load_settings(Workspace(tmp_path / "school")).school.name == "Larkmere"
    assert main(words) == 2
    assert "nothing was changed" in capsys.readouterr().err


def test_init_asks_for_what_it_was_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["", "  ", " Larkmere ", WEBSITE, "", ""])
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    assert main(["init", str(tmp_path / "school")]) == 0
    assert load_settings(Workspace(tmp_path / "school")).school.name == "Larkmere"


def test_init_with_nobody_to_ask_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert main(["init", str(tmp_path / "school")]) == 2
    assert "--school NAME --website" in capsys.readouterr().err
    assert not (tmp_path / "school").exists()


def test_init_of_the_demo_school_asks_nothing(tmp_path: Path) -> None:
    assert main(["init", "--demo", str(tmp_path / "demo")]) == 0
    assert load_settings(Workspace(tmp_path / "demo")).demo.serve_as


def test_enrol_says_who_may_not_be_enrolled_and_why(school: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(school, "enrol") == 0
    assert capsys.readouterr().out == (
        "no right  P001: no record that each parent was notified "
        "(column biometric_parents_notified_on in consent/pupils.csv)\n"
    )


def test_a_stop_inside_an_import_ends_with_the_code_of_a_stop(tmp_path: Path) -> None:
    """A dataclass is made by exec() of a text; a stop at that moment once ended the program with SIGINT itself."""
    (tmp_path / "stopped_there.py").write_text(
        "import sys\nfrom auditbot import cli\n\n\ndef main():\n    try:\n        exec('raise KeyboardInterrupt')\n"
        "    except KeyboardInterrupt:\n        return 130\n\n\ncli.main = main\nsys.exit(cli.entry())\n"
    )
    done = subprocess.run([sys.executable, "-m", "stopped_there"], cwd=tmp_path, check=False)
    assert done.returncode == 130
