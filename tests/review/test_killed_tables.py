"""A kill at any moment of bringing review.db up to date leaves a file that the next start brings up to date."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from auditbot.errors import StoreTooNew
from auditbot.workspace import make_workspace

DRIVER = """
import os, shutil, signal, sqlite3, sys
from contextlib import closing
from pathlib import Path
from auditbot.settings import Workspace
from auditbot.review.site.app import set_up

workspace, step = Workspace(Path(sys.argv[1])), int(sys.argv[2])
set_up(workspace)
from django.core.management import call_command
from django.db import connection
from auditbot.review.people.models import Person
from auditbot.review.site.tables import bring_up_to_date
file, older = workspace.data / "review.db", workspace.data / "older.db"

def content():
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        made = database.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        applied = sorted(database.execute("SELECT app, name FROM django_migrations").fetchall())
        people = database.execute("SELECT handle, called, role FROM people_person").fetchall()
    return sorted(made), applied, people

def put(source):
    connection.close()
    for name in ("review.db-wal", "review.db-shm"):
        (workspace.data / name).unlink(missing_ok=True)
    shutil.copy(source, file)

def killed_at(left):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    def count(_):
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
    connection.connect()
    connection.connection.set_trace_callback(count)
    bring_up_to_date(file)
    os._exit(0)

call_command("migrate", "people", "0001", verbosity=0)
call_command("migrate", "socialaccount", "zero", verbosity=0)
Person.objects.create(handle="lead", called="Designated safeguarding lead", role="lead")
connection.close()
with closing(sqlite3.connect(file)) as database:
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
shutil.copy(file, older)
before = content()
bring_up_to_date(file)
connection.close()
wanted, at, kills = content(), 1, 0
assert before[1] != wanted[1] and before[2] == wanted[2] != []
while put(older) or killed_at(at):
    assert content() in (before, wanted), at
    bring_up_to_date(file)
    connection.close()
    assert content() == wanted, at
    at, kills = at + step, kills + 1
assert content() == wanted
print(kills)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_the_tables_are_brought_up_to_date_whole_or_not_at_all(tmp_path: Path) -> None:
    school = make_workspace(tmp_path / "school", "Larkmere", "https://www.larkmere.example/")
    environment = {**os.environ, "AUDITBOT_KEY": Fernet.generate_key().decode()}
    command = [sys.executable, "-c", DRIVER, str(school.folder), "37"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 4


LATER = """
import sys
from pathlib import Path
from auditbot.errors import StoreTooNew
from auditbot.settings import Workspace
from auditbot.review.site.app import set_up
set_up(Workspace(Path(sys.argv[1])))
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).record_applied("people", "9999_later")
try:
    set_up(Workspace(Path(sys.argv[1])))
except StoreTooNew as error:
    print(error)
"""


def test_tables_of_a_later_version_are_refused_with_a_sentence(tmp_path: Path) -> None:
    school = make_workspace(tmp_path / "school", "Larkmere", "https://www.larkmere.example/")
    environment = {**os.environ, "AUDITBOT_KEY": Fernet.generate_key().decode()}
    command = [sys.executable, "-c", LATER, str(school.folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(StoreTooNew(school.data / "review.db")), done.stderr
