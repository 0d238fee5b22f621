"""A site of two thousand photos in one night, cut off in the middle: time, memory, and whether anything is asked twice.

python -m tests.bench.exposure.many --photos 2000
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import numpy as np
import psutil
from PIL import Image

FACES = Path(__file__).parents[2] / "data" / "faces"
A_PAGE = 2
EVERY_SECONDS = 3.0


class Counting(SimpleHTTPRequestHandler):
    """Serves a folder and counts what was asked for."""

    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        """Answer."""
        self.asked[self.path] += 1
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def make_site(folder: Path, photos: int) -> None:
    """Write a news archive, two photos a page: one face 20 to 160 pixels wide, on noise that no other file has."""
    portraits = [Image.open(path).convert("RGB") for path in sorted(FACES.glob("C0*/portrait_1.jpg"))]
    rng = np.random.default_rng(4)
    (folder / "media").mkdir(parents=True)
    for number in range(photos):
        ground = rng.integers(60, 200, size=(24, 32, 3), dtype=np.uint8)
        picture = Image.fromarray(ground).resize((480, 360))
        portrait = portraits[number % len(portraits)]
        wide = int(rng.integers(40, 240))
        size = (wide, wide * portrait.height // portrait.width)
        picture.paste(
            portrait.resize(size),
            (int(rng.integers(0, 481 - wide)), max(0, int(rng.integers(0, 361 - min(360, size[1]))))),
        )
        picture.save(folder / "media" / f"p{number:05}.jpg", quality=85)
    pages = -(-photos // A_PAGE)
    for page in range(pages):
        place = folder / "news" / f"{page:05}"
        place.mkdir(parents=True)
        shown = range(page * A_PAGE, min(photos, (page + 1) * A_PAGE))
        pictures = "".join(
            f'<p>What we did, seen from where we stood.</p><img src="/media/p{one:05}.jpg" alt="">' for one in shown
        )
        day = f"2026-{1 + page % 11:02}-{1 + page % 28:02}"
        (place / "index.html").write_text(
            f"<!doctype html><title>Day {page}</title><main><article><h1>Day {page}</h1>"
            f'<time datetime="{day}">{day}</time>{pictures}</article></main>',
            "utf-8",
        )
    links = "".join(f'<li><a href="/news/{page:05}/">Day {page}</a></li>' for page in range(pages))
    (folder / "index.html").write_text(f"<!doctype html><title>A school</title><ul>{links}</ul>", "utf-8")


class Watched:
    """One run of the command, and how much memory its whole tree of processes held."""

    def __init__(self, url: str, out: Path) -> None:
        command = [sys.executable, "-m", "auditbot", "exposure", url, "--out", str(out), "--i-answer-for-it"]
        self._process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        self.megabytes: list[float] = []

    def wait(self, asked: Counter[str], cut_after: int) -> bool:
        """Wait until it ends, or kill it once so many photos were asked for; say whether it ended by itself."""
        while self._process.poll() is None:
            self.megabytes.append(_tree(self._process.pid) / 1e6)
            if cut_after and sum(path.startswith("/media/") for path in list(asked)) >= cut_after:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
                return False
            time.sleep(EVERY_SECONDS)
        return True


def _tree(pid: int) -> float:
    total = 0
    try:
        for process in (own := psutil.Process(pid), *own.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
    except psutil.NoSuchProcess:
        return 0.0
    return float(total)


def main() -> None:
    """Make the site, cut the first run in the middle, let the second end, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument(
        "--cut", type=float, default=0.4, help="after which share of the photos the first run is killed"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_site(folder / "site", options.photos)
        print(f"{options.photos} photos made", flush=True)
        handler = partial(Counting, directory=str(folder / "site"))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        for cut in (int(options.cut * options.photos), 0):
            began = time.monotonic()
            run = Watched(url, folder / "out")
            ended = run.wait(Counting.asked, cut)
            parts = np.array_split(np.array(run.megabytes or [0.0]), 5)
            print(
                f"{'ended' if ended else 'killed'} after {(time.monotonic() - began) / 60:.1f} minutes; memory of all "
                f"processes in fifths of the run: {' '.join(f'{part.max():.0f}' for part in parts if part.size)} MB",
                flush=True,
            )
        server.shutdown()
        files = {path: count for path, count in Counting.asked.items() if path.startswith("/media/p")}
        twice = sum(count > 1 for count in files.values())
        rows = list(csv.DictReader(io.StringIO((folder / "out" / "exposure.csv").read_text("utf-8-sig"))))
        print(
            f"{len(files)} of {options.photos} photos asked for, {twice} of them more than once; {len(rows)} lines in "
            f"the work list; {len(list((folder / 'out').iterdir()))} files left"
        )


if __name__ == "__main__":
    main()
