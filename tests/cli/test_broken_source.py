"""A fault of our own in a source, in a whole audit: traceback in the log, account named in the report, exit code 70."""

from __future__ import annotations

import json
import sys
from typing import Any

from auditbot.log import FAULT_TOLD
from auditbot.settings import Workspace
from tests.cli.conftest import School

REGISTER = """
[[account]]
name = "Hall screen"
kind = "folder"
folder = "screen"

[[account]]
name = "Chatter"
kind = "mastodon"
url = "https://social.example/@larkmere"

[[account]]
name = "Blue"
kind = "bluesky"
url = "https://bsky.app/profile/larkmere.example"
"""
# The program as it is run, but for one line of two sources, which was never meant to be there.
BROKEN = """
import sys
from auditbot.cli import main
from auditbot.collect.sources import source
from auditbot.model import Post

def misspelt(visit):
    return visit.site.addres_of_the_site

def misspelt_later(visit):
    yield Post(visit.job.account, visit.site.url + "/post/1", "Kite day", "We flew kites.")
    yield visit.site.addres_of_the_site

source.BY_SOURCE_KIND["mastodon"] = source.Source("mastodon", misspelt)
source.BY_SOURCE_KIND["bluesky"] = source.Source("bluesky", misspelt_later)
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


def test_a_broken_source_is_logged_named_and_told_by_the_exit_code(
    fresh_workspace: Workspace, key: dict[str, str]
) -> None:
    folder = fresh_workspace.folder
    (folder / "config" / "accounts.toml").write_text(REGISTER, "utf-8")
    (folder / "screen").mkdir()
    (folder / "screen" / "assembly.txt").write_text("Assembly is at nine.", "utf-8")
    school = School(folder, key, program=[sys.executable, "-c", BROKEN])
    assert school.run("audit").returncode == 70

    faults = {line["account"]: line for line in logged(school) if line["event"] == "fault"}
    for account, function in (("Chatter", "misspelt"), ("Blue", "misspelt_later")):
        assert (faults[account]["where"], faults[account]["error"]) == ("collect", "AttributeError")
        assert any(step.endswith(f" {function}") for step in faults[account]["trace"])
    assert len(faults) == 2

    document: dict[str, Any] = json.loads((folder / "reports" / "latest" / "report.json").read_text("utf-8"))
    covered = {each["account"]: (each["status"], each["posts"]) for each in document["coverage"]}
    assert covered == {"Hall screen": ("complete", 1), "Chatter": ("error", 0), "Blue": ("error", 1)}
    told = {note["account"] for note in document["not_checked"] if note["reason"] == FAULT_TOLD}
    assert told == {"Chatter", "Blue"} and not document["audit"]["complete"]
    assert FAULT_TOLD in (folder / "reports" / "latest" / "report.html").read_text("utf-8")
    assert {"Hall screen", "Blue"} == {
        json.loads(line)["account"] for line in school.run("posts", "--json").stdout.splitlines()
    }


def logged(school: School) -> list[dict[str, Any]]:
    paths = sorted((school.folder / "data" / "log").iterdir())
    return [json.loads(line) for path in paths for line in path.read_text("ascii").splitlines()]
