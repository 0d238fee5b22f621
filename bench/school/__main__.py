"""Runs the bench: python -m bench.school [--size small] [--script-python PYTHON] [--out FOLDER]

Each line is one whole command, processor seconds of itself and all it started. Nothing here fails by time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path

from cryptography.fernet import Fernet

from auditbot import __version__
from bench.school.made import SIZES, MadeSchool
from bench.school.measure import Cost, bytes_in, run
from bench.school.served import served

MEGABYTE = 1_000_000


def main() -> None:
    """Make the school, run the commands, print and write the table."""
    options = _options()
    school = MadeSchool(SIZES[options.size])
    pages = {path: (kind, content) for path, kind, content in school.pages()}
    print(f"{options.size}: {school.size}", flush=True)
    figures: dict[str, float] = {}
    with served(pages) as address, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "AUDITBOT_KEY": Fernet.generate_key().decode()}
        workspace = Path(folder) / "school"
        auditbot = [sys.executable, "-m", "auditbot", "--workspace", str(workspace)]
        run([*auditbot[:3], "init", str(workspace), "--school", "Bench School", "--website", f"http://{address}/"])
        school.write_workspace(workspace, address)
        rows: list[tuple[str, Cost]] = []

        def measured(name: str, *words: str) -> Cost:
            cost = run(words, environment)
            rows.append((name, cost))
            print(
                f"{name:<34}{cost.cpu:9.1f} s cpu {cost.wall:9.1f} s  {cost.peak / MEGABYTE:7.0f} MB  exit {cost.code}",
                flush=True,
            )
            return cost

        measured("auditbot --version", *auditbot, "--version")
        measured("auditbot --help", *auditbot, "--help")
        first = measured("first audit", *auditbot, "audit", "--json")
        findings = len(json.loads(first.said)["findings"]) if first.said else 0
        held = bytes_in(workspace)
        night = measured("unchanged night", *auditbot, "audit")
        figures["bytes_of_the_night_after_the_first"] = bytes_in(workspace) - held  # where all was new it is open now
        held = bytes_in(workspace)
        measured("a further unchanged night", *auditbot, "audit")
        figures["bytes_of_a_further_night"] = bytes_in(workspace) - held
        again = measured("report again", *auditbot, "report")
        photos = _photos(Path(folder) / "photos", pages)
        bare = json.loads(measured("models alone", sys.executable, "-m", "bench.school.bare", str(photos)).said)
        if options.script_python:
            script = measured(
                "an afternoon's script",
                options.script_python,
                "-m",
                "bench.school.afternoon",
                str(workspace),
                f"http://{address}/",
            )
            figures["script_over_first_audit"] = script.cpu / first.cpu
        figures |= {
            "findings": findings,
            "faces": bare["faces"],
            "first_audit_seconds_a_photo": first.cpu / school.size.photos,
            "bare_models_seconds_a_photo": bare["inside"] / school.size.photos,
            "night_share_of_first": night.cpu / first.cpu,
            "night_milliseconds_a_page": night.cpu * 1000 / (school.size.posts * 1.05),
            "report_seconds_a_finding": again.cpu / max(findings, 1),
        }
    _write(options, school, rows, figures)


def _options() -> argparse.Namespace:
    grammar = argparse.ArgumentParser(prog="python -m bench.school")
    grammar.add_argument("--size", choices=SIZES, default="small")
    grammar.add_argument("--script-python", default="", help="a Python that has the script's packages")
    grammar.add_argument("--out", type=Path, default=Path("reports/bench"))
    return grammar.parse_args()


def _photos(folder: Path, pages: dict[str, tuple[str, bytes]]) -> Path:
    folder.mkdir()
    for path, (kind, content) in pages.items():
        if kind == "image/jpeg":
            (folder / path.rpartition("/")[2]).write_bytes(content)
    return folder


def _write(
    options: argparse.Namespace, school: MadeSchool, rows: list[tuple[str, Cost]], figures: dict[str, float]
) -> None:
    machine = (
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    )
    lines = [
        f"# What auditbot {__version__} costs ({date.today()}, size {options.size})",
        "",
        f"Machine: {machine}, {platform.system()} {platform.release()}. Made by `make bench SIZE={options.size}`.",
        f"School: {', '.join(f'{count} {name}' for name, count in asdict(school.size).items())}.",
        "",
        "| whole command | processor seconds | wall seconds | most memory, MB |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {cost.cpu:.1f} | {cost.wall:.1f} | {cost.peak / MEGABYTE:.0f} |" for name, cost in rows),
        "",
        *(f"* {name.replace('_', ' ')}: {value:.4g}" for name, value in figures.items()),
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{options.size}.md").write_text("\n".join(lines) + "\n", "utf-8")
    document = {
        "size": options.size,
        "figures": figures,
        "commands": {name: {"cpu": c.cpu, "peak": c.peak} for name, c in rows},
    }
    (options.out / f"{options.size}.json").write_text(json.dumps(document, indent=1), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
