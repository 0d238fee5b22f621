"""``auditbot exposure --account``: the same report of an account of a workspace, from what its audits know."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from PIL import Image

from auditbot.cli import main
from auditbot.model import Face, PhotoFacts, PhotoMetadata, PhotoUse, Post
from auditbot.settings import Workspace
from auditbot.store import Store
from auditbot.workspace import make_workspace, settings_text
from tests.browser.little_server import Answer, LittleServer
from tests.cli.test_exposure import FACES

NIGHT = datetime(2026, 11, 28, 2, tzinfo=UTC)


def portrait() -> bytes:
    out = io.BytesIO()
    Image.open(FACES / "C001" / "portrait_1.jpg").convert("RGB").resize((400, 480)).save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture
def audited(tmp_path: Path) -> Iterator[tuple[Workspace, LittleServer]]:
    """A workspace whose last audit knows one post of one clear face with a name, and holds no photo any more."""
    little = LittleServer({"/media/zayn.jpg": Answer(portrait(), kind="image/jpeg")})
    workspace = make_workspace(tmp_path / "school", "Larkmere Infant School", f"{little.url}/")
    given: dict[str, object] = {"school.name": "Larkmere Infant School", "collect.delay_seconds": 0.0}
    text = settings_text(given | {"collect.allow_loopback": [little.address]})
    (workspace.config / "auditbot.toml").write_text(text, "utf-8")
    sha256 = hashlib.sha256(portrait()).hexdigest()
    use = PhotoUse(f"{little.url}/media/zayn.jpg", sha256, caption="Zayn and his kite")
    face = Face((90.0, 110.0, 220.0, 280.0), 0.9, "nobody", detail=30.0)
    with Store(workspace.data / "auditbot.db") as store:
        store.published.save_post(
            Post("website", f"{little.url}/news/kites/", "Kites", "We flew them.", published_at=NIGHT, photos=(use,)),
            NIGHT,
        )
        store.examined.save_photo(
            PhotoFacts(sha256, 400, 480, (face,), (), metadata=PhotoMetadata(has_time=True)), "test"
        )
    yield workspace, little
    little.close()


def test_an_account_s_report_needs_no_visit_and_asks_again_only_for_the_photo(
    audited: tuple[Workspace, LittleServer], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, little = audited
    at = ["--workspace", str(workspace.folder), "exposure", "--account", "website"]
    assert main([*at, "--safer-copies", str(tmp_path / "safer")]) == 1
    out = workspace.reports / "exposure-website"
    assert {path.name for path in out.iterdir()} == {"exposure.html", "exposure.pdf", "exposure.csv"}
    page = (out / "exposure.html").read_text("utf-8")
    assert "Larkmere Infant School" in page and "audited before, and again today" in page
    assert "data:image/jpeg" in page and "Zayn" not in page
    (copy,) = (tmp_path / "safer").rglob("*.jpg")
    assert copy.name == "photo-1.jpg"  # its own name holds the child's
    assert little.paths().count("/media/zayn.jpg") == 1 and "/news/kites/" not in little.paths()
    assert "Safer copies: 1 of 1" in capsys.readouterr().out


def test_an_account_nobody_knows_is_refused(
    audited: tuple[Workspace, LittleServer], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, _ = audited
    assert main(["--workspace", str(workspace.folder), "exposure", "--account", "blog"]) == 2
    assert "blog" in capsys.readouterr().err


# --- a survey that was cut short ------------------------------------------------------------------------------------


class Slow(SimpleHTTPRequestHandler):
    """Serves a folder, photos slowly, and counts."""

    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        """Answer."""
        self.asked[self.path] += 1
        time.sleep(0.3 if self.path.endswith(".jpg") else 0)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_survey_that_was_killed_goes_on_and_asks_for_no_photo_again(tmp_path: Path) -> None:
    photos = 5
    for number in range(photos):
        (tmp_path / "site" / "news" / str(number)).mkdir(parents=True)
        Image.new("RGB", (300, 200), (number * 20, 90, 60)).save(tmp_path / "site" / f"p{number}.jpg")
        body = (
            f'<main><article><h1>Day {number}</h1><p>What we did.</p><img src="/p{number}.jpg" alt=""></article></main>'
        )
        (tmp_path / "site" / "news" / str(number) / "index.html").write_text(
            f"<title>Day {number}</title>{body}", "utf-8"
        )
    links = "".join(f'<li><a href="/news/{number}/">Day {number}</a></li>' for number in range(photos))
    (tmp_path / "site" / "index.html").write_text(f"<title>A school</title><ul>{links}</ul>", "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Slow, directory=str(tmp_path / "site")))
    Thread(target=server.serve_forever, daemon=True).start()
    command = [sys.executable, "-m", "auditbot", "exposure", f"http://127.0.0.1:{server.server_port}/"]
    command += ["--out", str(tmp_path / "out"), "--i-answer-for-it"]
    first = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while first.poll() is None and sum(path.endswith(".jpg") for path in list(Slow.asked)) < 2:
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    before = Counter(Slow.asked)
    assert 2 <= sum(path.endswith(".jpg") for path in before) < photos
    second = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    server.shutdown()
    assert f"{photos} photos" in second.stdout, second.stdout + second.stderr
    again = {path for path, count in Slow.asked.items() if path.endswith(".jpg") and count > 1}
    assert len(again) <= 1  # the one that was under way
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"exposure.html", "exposure.pdf", "exposure.csv"}
