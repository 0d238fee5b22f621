"""Golden files: what the program says today, to be compared byte for byte after a change that should change nothing.

    python tools/golden.py write FOLDER      the demo's report.json and findings.csv, check-text on every corpus, and
                                             what each export of the import's tests becomes
    python tools/golden.py compare FOLDER    make them again and say which differ (exit code 1 if any does)

Run ids, times, ports and versions of the day are masked, nothing else. FOLDER is kept outside of the repository.
"""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MASKS = (
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d[\d.+:]*"), "MOMENT"),
    (re.compile(r'"(evidence_manifest|gallery)": "[0-9a-f]{16,}"'), r'"\1": "HASH"'),
)


def main() -> int:
    """Write or compare, as the command line says."""
    verb, folder = sys.argv[1], Path(sys.argv[2])
    if verb == "write":
        _make(folder, folder / "exports")
        return 0
    with tempfile.TemporaryDirectory() as made:
        again = Path(made)
        _make(again, folder / "exports")
        names = sorted(path.name for path in folder.iterdir() if path.is_file())
        differ = [name for name in names if not filecmp.cmp(folder / name, again / name, shallow=False)]
        for name in differ:
            shutil.copy(again / name, folder / f"{name}.differs")
    print(f"{len(names) - len(differ)} of {len(names)} the same" + "".join(f"\n  differs: {name}" for name in differ))
    return 1 if differ else 0


def _make(folder: Path, exports: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for corpus in sorted(path for path in (ROOT / "tests/data/corpus").iterdir() if path.is_dir()):
        (folder / f"texts-{corpus.name}.jsonl").write_text(_check_text(corpus), "utf-8")
    if not exports.exists():
        _write_exports(exports)
    (folder / "imports.jsonl").write_text(_imports(exports), "utf-8")
    _demo(folder)


def _program(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    return subprocess.run(
        [sys.executable, "-m", "auditbot", *words], env=environment, capture_output=True, text=True, check=False
    )


def _check_text(corpus: Path) -> str:
    with tempfile.TemporaryDirectory() as made:
        posts = Path(made) / "posts.jsonl"
        with posts.open("w", encoding="utf-8") as file:
            for line in (corpus / "posts.jsonl").read_text("utf-8").splitlines():
                post = json.loads(line)
                kept = {key: value for key, value in post.items() if key not in ("labels", "category")}
                print(json.dumps(kept), file=file)
        staff = ("--staff", str(corpus / "staff.csv")) if (corpus / "staff.csv").exists() else ()
        return _program("check-text", str(posts), "--pupils", str(corpus / "pupils.csv"), *staff).stdout


def _write_exports(folder: Path) -> None:
    """Let the tests of the import write their exports, and keep the files."""
    tests = next((ROOT / "tests/unit/registers").glob("mis*"))
    with tempfile.TemporaryDirectory() as made:
        keep = ("-o", "tmp_path_retention_policy=all", "--basetemp", f"{made}/kept")
        command = [sys.executable, "-m", "pytest", "-q", "-n0", *keep, str(tests)]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        folder.mkdir(parents=True)
        for number, path in enumerate(sorted(Path(made).rglob("export.*"))):
            shutil.copy(path, folder / f"{number:04}{path.suffix}")


def _imports(exports: Path) -> str:
    sys.path.insert(0, str(ROOT))
    from auditbot.errors import AuditbotError  # noqa: PLC0415
    from auditbot.registers.mis.entries import read_export  # noqa: PLC0415

    lines = []
    for path in sorted(exports.iterdir()):
        try:
            export = read_export(path)
            said = {
                "rows": [dict(entry.cells) for entry in export.entries],
                "notes": [str(note) for note in export.notes],
            }
        except AuditbotError as refused:
            said = {"refused": str(refused)}
        lines.append(json.dumps({"file": path.name, **said}, ensure_ascii=False))
    return "\n".join(lines)


def _demo(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        school = Path(made) / "school"
        sys.path.insert(0, str(ROOT))
        from auditbot.workspace import make_demo_workspace  # noqa: PLC0415

        make_demo_workspace(school)
        from cryptography.fernet import Fernet  # noqa: PLC0415

        _program("--workspace", str(school), "audit", AUDITBOT_KEY=Fernet.generate_key().decode())
        newest = max(path for path in (school / "reports").iterdir() if path.is_dir())
        for name in ("report.json", "findings.csv"):
            text = (newest / name).read_text("utf-8")
            for mask, put in MASKS:
                text = mask.sub(put, text)
            (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
