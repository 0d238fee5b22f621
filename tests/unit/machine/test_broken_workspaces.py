"""Whatever is wrong with a workspace's files is a sentence that names the file and what to do, never a traceback."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from auditbot.cli import COMMANDS, main
from auditbot.machine.refusals import database_refusal
from auditbot.settings import Workspace
from auditbot.workspace import make_workspace

NOBODY = 65534
CHECK = ("audit", "--stage", "check")
Break = Callable[[Workspace], object]


@dataclass(frozen=True)
class Broken:
    """One thing that is wrong, the command that meets it, and what its sentence has to say."""

    name: str
    by: Break
    says: tuple[str, ...]
    command: tuple[str, ...] = CHECK


def gone(name: str) -> Break:
    return lambda school: (school.folder / name).unlink()


def unreadable(name: str) -> Break:
    return lambda school: (school.folder / name).chmod(0)


def read_only(name: str) -> Break:
    return lambda school: (school.folder / name).chmod(0o500)


def text(name: str, content: str | bytes) -> Break:
    raw = content if isinstance(content, bytes) else content.encode()

    def write(school: Workspace) -> None:
        path = school.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)

    return write


def a_folder(name: str) -> Break:
    def make(school: Workspace) -> None:
        path = school.folder / name
        path.unlink(missing_ok=True)
        path.mkdir(parents=True)

    return make


def a_file(name: str) -> Break:
    def make(school: Workspace) -> None:
        path = school.folder / name
        if path.is_dir():
            shutil.rmtree(path)
        path.write_text("x")

    return make


def of_another_user(name: str) -> Break:
    def give(school: Workspace) -> None:
        path = school.folder / name
        path.mkdir(parents=True, exist_ok=True)
        os.chown(path, NOBODY, NOBODY)
        path.chmod(0o700)

    return give


def one_pupil(then: Break) -> Break:
    def fill(school: Workspace) -> None:
        text("consent/pupils.csv", "pupil_id,legal_forename,legal_surname,website\nP001,Maya,Lee,yes\n")(school)
        then(school)

    return fill


def portrait(mode: int) -> Break:
    def make(school: Workspace) -> None:
        one_pupil(text("consent/photos/P001.jpg", b"\xff\xd8\xff"))(school)
        (school.consent / "photos" / "P001.jpg").chmod(mode)

    return make


def damaged_page(school: Workspace) -> None:
    """A database whose beginning is right and a later page of which is not."""
    assert main(["--workspace", str(school.folder), *CHECK]) == 3
    path = school.data / "auditbot.db"
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)


def locked(school: Workspace) -> None:
    """A database that another program holds for writing; it lets go when this process ends."""
    assert main(["--workspace", str(school.folder), *CHECK]) == 3
    holder = sqlite3.connect(school.data / "auditbot.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    HELD.append(holder)


def without_data_and_read_only(school: Workspace) -> None:
    """A workspace as it is before the first audit, where nothing may be made."""
    shutil.rmtree(school.data)
    school.folder.chmod(0o500)


def changed(name: str, *statements: str) -> Break:
    """A database in ``data/`` that something else wrote in."""

    def change(school: Workspace) -> None:
        with closing(sqlite3.connect(school.data / name, isolation_level=None)) as database:
            for statement in statements:
                database.execute(statement)

    return change


def of_another_program(name: str) -> Break:
    return changed(name, "CREATE TABLE posts (id)", "CREATE TABLE event (id)", "CREATE TABLE people_person (id)")


def pragma(name: str, version: int) -> Break:
    return changed(name, f"PRAGMA user_version = {version}", "CREATE TABLE event (id)")


def later(school: Workspace) -> None:
    """A database that a later version has brought up to date."""
    first(changed("auditbot.db", "UPDATE _sqlite_migrations SET name = 'm999_later' WHERE name LIKE 'm016%'"))(school)


def a_pipe(name: str) -> Break:
    """What is read without end where a file should be."""

    def make(school: Workspace) -> None:
        (school.folder / name).unlink(missing_ok=True)
        os.mkfifo(school.folder / name)

    return make


def a_link(name: str) -> Break:
    """A link that leads round in a circle where a file should be."""

    def make(school: Workspace) -> None:
        (school.folder / name).unlink()
        (school.folder / name).symlink_to(school.folder / name)

    return make


HELD: list[sqlite3.Connection] = []


def first(then: Break) -> Break:
    """Let an audit run before something breaks."""

    def run(school: Workspace) -> None:
        assert main(["--workspace", str(school.folder), *CHECK]) == 3
        then(school)

    return run


SETTINGS, ACCOUNTS, PUPILS = "config/auditbot.toml", "config/accounts.toml", "consent/pupils.csv"
WEBSITE = '[[account]]\nname = "website"\nkind = "website"\nurl = "https://larkmere.example/"\n'

TABLE = [
    Broken("settings gone", gone(SETTINGS), ("config/auditbot.toml", "auditbot init")),
    Broken("settings unreadable", unreadable(SETTINGS), ("auditbot.toml", "may not")),
    Broken("settings a folder", a_folder("config/auditbot.toml"), ("auditbot.toml",)),
    Broken("settings no UTF-8", text(SETTINGS, b"[school]\nname = '\xe9'\n"), ("auditbot.toml", "UTF-8")),
    Broken("settings no TOML", text(SETTINGS, "[school\n"), ("auditbot.toml", "line 1")),
    Broken("settings empty", text(SETTINGS, ""), ("auditbot.toml", "school")),
    Broken("config closed", unreadable("config"), ("config", "may not")),
    Broken("config a file", a_file("config"), ("config",)),
    Broken("accounts gone", gone(ACCOUNTS), ("accounts.toml",)),
    Broken("accounts unreadable", unreadable(ACCOUNTS), ("accounts.toml", "may not")),
    Broken("accounts a folder", a_folder(ACCOUNTS), ("accounts.toml",)),
    Broken("accounts no TOML", text(ACCOUNTS, "[[account]\n"), ("accounts.toml", "line 1")),
    Broken("policy no UTF-8", text("config/policy.toml", b"\xff\xfe\x00"), ("policy.toml", "UTF-8")),
    Broken("declarations no TOML", text("config/declarations.toml", "x ="), ("declarations.toml",)),
    Broken("phrases no TOML", text("config/allowed_phrases.toml", "x ="), ("allowed_phrases.toml",)),
    Broken("risk assessments a file", a_file("config/risk_assessments"), ("risk_assessments",)),
    Broken("risk assessment no TOML", text("config/risk_assessments/website.toml", "x ="), ("website.toml",)),
    Broken("pupils gone", gone(PUPILS), ("pupils.csv",)),
    Broken("pupils unreadable", unreadable(PUPILS), ("pupils.csv", "may not")),
    Broken("pupils a folder", a_folder(PUPILS), ("pupils.csv",)),
    Broken("pupils no UTF-8", text(PUPILS, b"pupil_id\n\xff\xfe\x81\n"), ("pupils.csv",)),
    Broken("pupils empty", text(PUPILS, ""), ("pupils.csv",)),
    Broken("staff unreadable", unreadable("consent/staff.csv"), ("staff.csv", "may not")),
    Broken("history unreadable", unreadable("consent/consent_history.csv"), ("consent_history.csv", "may not")),
    Broken("consent not writable", one_pupil(read_only("consent")), ("consent", "ermission denied")),
    Broken("consent closed", unreadable("consent"), ("consent", "may not")),
    Broken("portraits closed", one_pupil(unreadable("consent/photos")), ("consent/photos", "may not"), ("enrol",)),
    Broken("data not writable", read_only("data"), ("data", "may not")),
    Broken("data closed", unreadable("data"), ("data", "may not")),
    Broken("data a file", a_file("data"), ("data",)),
    Broken("data of another user", of_another_user("data"), ("data", "may not", "nobody")),
    Broken("database garbage", text("data/auditbot.db", b"no database" * 1000), ("auditbot.db", "damaged")),
    Broken("database a folder", a_folder("data/auditbot.db"), ("auditbot.db",)),
    Broken("database unreadable", first(unreadable("data/auditbot.db")), ("auditbot.db", "may not")),
    Broken("database read-only", first(read_only("data/auditbot.db")), ("auditbot.db",)),
    Broken("database damaged within", damaged_page, ("auditbot.db", "damaged")),
    Broken("database locked", locked, ("auditbot.db", "another program")),
    Broken("lock a folder", a_folder("data/audit.lock"), ("audit.lock",)),
    Broken("access log a folder", a_folder("data/access.log"), ("access.log",)),
    Broken("reports not writable", first(read_only("reports")), ("reports", "may not"), ("report",)),
    Broken("reports a file", first(a_file("reports")), ("reports",), ("report",)),
    Broken("evidence a file", a_file("data/evidence"), ("evidence",)),
    Broken(
        "database of another program", of_another_program("auditbot.db"), ("auditbot.db", "no database of auditbot")
    ),
    Broken("database a later one's", later, ("auditbot.db", "newer version")),
    Broken("decisions a later one's", pragma("decisions.db", 99), ("decisions.db", "newer version"), ("history",)),
    Broken("decisions another's", of_another_program("decisions.db"), ("decisions.db", "backup"), ("history",)),
    Broken("decisions garbage", text("data/decisions.db", b"none" * 999), ("decisions.db", "backup"), ("history",)),
    Broken("people another's", of_another_program("review.db"), ("review.db", "person add"), ("person", "list")),
    Broken("people garbage", text("data/review.db", b"none" * 999), ("review.db", "person add"), ("person", "list")),
    Broken("people a folder", a_folder("data/review.db"), ("review.db", "Move it away"), ("person", "list")),
    Broken("pupils a pipe", a_pipe(PUPILS), ("pupils.csv", "Move it away")),
    Broken("settings a pipe", a_pipe(SETTINGS), ("auditbot.toml", "Move it away")),
    Broken("a portrait a pipe", a_pipe("consent/photos/P001.jpg"), ("P001.jpg", "Move it away"), ("enrol",)),
    Broken("settings in UTF-16", text(SETTINGS, "[school]".encode("utf-16")), ("auditbot.toml", "UTF-8")),
    Broken("pupils in UTF-16", text(PUPILS, "pupil_id".encode("utf-16")), ("pupils.csv", "UTF-8")),
    Broken("no such time zone", text(SETTINGS, '[school]\nname = "L"\ntimezone = "Moon"'), ("Moon", "Europe/London")),
    Broken("a number without end", text(SETTINGS, '[school]\nname = "L"\n[collect]\ndelay_seconds = inf'), ("finite",)),
    Broken("pupils a link to nowhere", a_link(PUPILS), ("pupils.csv", "leads nowhere")),
    Broken("settings a link to itself", a_link(SETTINGS), ("auditbot.toml", "leads nowhere")),
    Broken("an account twice", text(ACCOUNTS, WEBSITE * 2), ("accounts.toml", "'website'")),
    Broken("an account of no kind", text(ACCOUNTS, WEBSITE.replace('kind = "w', 'kind = "m')), ("'bluesky'",)),
    Broken("an account of no address", text(ACCOUNTS, WEBSITE.replace("https:", "see")), ("web address like",)),
    Broken("staff a folder", a_folder("consent/staff.csv"), ("staff.csv", "cannot be opened")),
    Broken("history no text", text("consent/consent_history.csv", bytes(range(256))), ("history.csv", "CSV UTF-8")),
    Broken("workspace read-only", without_data_and_read_only, ("school", "may not")),
    Broken("workspace closed", unreadable(""), ("school", "may not")),
]


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """Import what the commands need once, and not in the process of each test."""
    for command in COMMANDS:
        if command.name in ("audit", "enrol", "report", "history", "person"):
            import_module(f"auditbot.commands.{command.module}")
    import_module("auditbot.pipeline")


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a workspace with face matching allowed, so that portraits and templates are read."""
    if sys.platform == "win32":
        pytest.skip("rights are kept otherwise on Windows")
    monkeypatch.setattr("auditbot.store.store.BUSY_SECONDS", 0.2)
    monkeypatch.setenv("AUDITBOT_KEY", Fernet.generate_key().decode())
    workspace = make_workspace(tmp_path / "school", "Larkmere Infant School", "https://www.larkmere.example/")
    settings = workspace.config / "auditbot.toml"
    given = settings.read_text("utf-8").replace('# dpia_reference = ""', 'dpia_reference = "D1"')
    given = given.replace('# dpia_officer = ""', 'dpia_officer = "R. A."').replace("# dpia_date", "dpia_date")
    settings.write_text(given, "utf-8")
    return workspace


def drop_rights() -> None:
    """Let this process, if it is root's, reach no more than any user: it gives up what lets root pass every lock."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        assert libc.capset(header, none) == 0


def without_rights(task: Callable[[], int]) -> tuple[int, str]:
    """Run a task in a process of its own, without root's rights; return its exit code and all that it said."""
    out = tempfile.TemporaryFile()  # noqa: SIM115
    child = os.fork()
    if child == 0:
        code = 99
        try:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
            drop_rights()
            code = task()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 98
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    out.seek(0)
    return os.waitstatus_to_exitcode(status), out.read().decode()


@pytest.mark.parametrize("broken", TABLE, ids=lambda broken: broken.name.replace(" ", "-"))
def test_a_broken_workspace_is_a_sentence(broken: Broken, school: Workspace) -> None:
    words = ["--workspace", str(school.folder), *broken.command]
    if broken.name.endswith("of another user"):
        if os.geteuid() != 0:
            pytest.skip("only root can give a folder to another user")
        broken.by(school)
        code, said = without_rights(lambda: main(words))
    else:

        def meet() -> int:
            broken.by(school)
            sys.stdout.flush()
            os.truncate(1, 0)
            if broken.command[0] == "person":  # the page serves one workspace a process, and this one may have served
                os.execv(sys.executable, [sys.executable, "-m", "auditbot", *words])
            return main(words)

        code, said = without_rights(meet)
    assert "Traceback" not in said, said
    assert code in (2, 3), (code, said)
    assert "auditbot: " in said, said
    missing = [word for word in broken.says if word not in said]
    assert not missing, (missing, said)


def test_the_table_is_long_enough() -> None:
    assert len({broken.name for broken in TABLE}) >= 30


@pytest.mark.parametrize(("free", "said"), [(0, "the disk is full"), (2_000_000, "the disk answered with an error")])
def test_an_error_of_a_disk_without_room_is_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    """SQLite says IOERR where the index of its log finds no room."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10_000_000, 10_000_000 - free, free))
    refused = database_refusal(tmp_path / "auditbot.db", sqlite3.SQLITE_IOERR_SHMSIZE)
    assert refused is not None and said in str(refused)
