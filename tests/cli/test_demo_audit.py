"""The demo school's planted breaches are found exactly, and nothing else is."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from auditbot.exposure.grades import Grade
from auditbot.store import Store
from tests.cli.conftest import School
from tools.schemas import same_again

TRUTH: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "demo_findings.json").read_text("utf-8"))
Audited = tuple[School, dict[str, Any]]


def answers(finding: dict[str, Any], planted: dict[str, Any]) -> bool:
    """Whether a finding is the planted one: post, clause, kind, band, pupils, and the very photo or characters."""
    return (
        urlsplit(finding["post_url"]).path == planted["post"]
        and finding["clause"] == planted["clause"]
        and finding["kind"] == planted["kind"]
        and finding["band"] == planted["band"]
        and sorted(finding["pupils"]) == sorted(planted["pupil_ids"])
        and is_there(finding["evidence"], planted["where"])
    )


def is_there(evidence: dict[str, Any], where: dict[str, Any]) -> bool:
    """Whether the evidence is the photo, or exactly the characters in a field of the sort, that a place names."""
    if "field" not in where:
        return bool(urlsplit(evidence.get("photo_url", "")).path.rpartition("/")[2] == where["photo"])
    if "text" not in evidence:
        return False
    field = evidence.get("field", "words in photo")
    sort = "document text" if re.fullmatch(r"document \d+ page \d+", field) else re.sub(r" \d+", "", field)
    sort = sort.removeprefix("photo ")
    return bool(sort == where["field"] and evidence["text"][evidence["start"] : evidence["end"]] == where["characters"])


def test_the_planted_list_is_found_exactly(audited: Audited, tell: Callable[[str], None]) -> None:
    findings, planted = audited[1]["findings"], TRUTH["planted"]
    right = [finding for finding in findings if any(answers(finding, plant) for plant in planted)]
    found = [plant for plant in planted if any(answers(finding, plant) for finding in findings)]
    precision, recall = len(right) / len(findings), len(found) / len(planted)
    tell(
        f"demo school: {len(planted)} planted, {len(findings)} found, "
        f"precision {precision:.3f}, recall {recall:.3f}; {len(TRUTH['lookalikes'])} look-alikes"
    )
    missed = [plant["id"] for plant in planted if plant not in found]
    extra = [
        (finding["post_url"], finding["kind"], finding["pupils"], finding["evidence"])
        for finding in findings
        if finding not in right
    ]
    assert not missed
    assert not extra
    assert len(findings) == len(planted)


def test_no_look_alike_is_taken_for_a_breach(audited: Audited) -> None:
    findings = audited[1]["findings"]
    taken = [
        alike["id"]
        for alike in TRUTH["lookalikes"]
        for finding in findings
        if urlsplit(finding["post_url"]).path == alike["post"]
        and finding["clause"] == alike["clause"]
        and is_there(finding["evidence"], alike["where"])
    ]
    assert not taken


def test_what_could_not_be_checked_is_said_and_nothing_else(audited: Audited) -> None:
    said = {(note["what"], urlsplit(note["url"]).path.rpartition("/")[2]) for note in audited[1]["not_checked"]}
    assert said == {(entry["what"], entry["photo"]) for entry in TRUTH["not_checked"]}
    assert audited[1]["exit"] == 3
    assert not audited[1]["audit"]["complete"]


def test_exposure_is_seen_to_fall_over_eight_months(audited: Audited) -> None:
    """Close, clear faces of single children in spring; distance, backs, blur and the work itself from October on."""
    with Store(audited[0].folder / "data" / "auditbot.db") as store:
        told = store.exposures.months()
    posts: Counter[int] = Counter()
    clear: Counter[int] = Counter()
    for one in (month for month in told if month.year):  # the staff page has no date
        posts[one.month] += one.posts
        clear[one.month] += one.posts if one.grade == Grade.CLOSE_AND_CLEAR else 0
    assert sorted(posts) == [4, 5, 6, 7, 9, 10, 11]  # nobody writes in August
    shares = [clear[month] / posts[month] for month in (4, 5, 9, 10, 11)]
    assert shares[:2] == [1.0, 1.0] and shares[1:] == sorted(shares[1:], reverse=True)
    assert shares[-1] <= 0.5


def test_every_finding_explains_itself(audited: Audited) -> None:
    school, document = audited
    names = (school.folder / "consent" / "pupils.csv").read_text("utf-8").splitlines()[1:]
    surnames = {line.split(",")[4] for line in names}
    for finding in document["findings"]:
        assert finding["clause"] in {plant["clause"] for plant in TRUTH["planted"]}
        assert finding["explanation"]
        assert finding["severity"] in ("today", "week", "governance")
        assert 0 <= finding["score"] <= 1
        # The explanation comes from the register's side of things: it holds no name the register would have to give.
        assert not set(re.findall(r"\w+", finding["explanation"])) & surnames, finding["explanation"]
    assert set(document["audit"]["versions"]) >= {"auditbot", "gallery", "consent list", "policy"}


def test_what_is_printed_and_written_is_of_the_published_schemas(audited: Audited) -> None:
    report = json.loads((audited[0].folder / "reports" / "latest" / "report.json").read_text("utf-8"))
    written = [("report.schema.json", report), *(("posts.schema.json", post) for post in audited[0].posts())]
    assert len(written) > 10
    for name, document in written:
        # Given back the same: it lacks nothing and holds nothing that the schema does not name.
        assert same_again(name, document) == document


def test_the_database_holds_no_name_that_only_the_register_knows(audited: Audited) -> None:
    data = audited[0].folder / "data"
    rows = (audited[0].folder / "consent" / "pupils.csv").read_text("utf-8").splitlines()[1:]
    database = sqlite3.connect(f"file:{data / 'auditbot.db'}?mode=ro", uri=True)
    pages = " ".join(text for (text,) in database.execute("SELECT text FROM document_pages"))
    published = (json.dumps(audited[0].posts(), ensure_ascii=False) + pages).casefold()
    only_registered = {row.split(",")[4] for row in rows if row.split(",")[4].casefold() not in published}
    only_registered |= {row.split(",")[1] for row in rows if row.split(",")[1]}
    assert len(only_registered) > 60
    content = b"".join(path.read_bytes() for path in data.glob("auditbot.db*"))
    assert not {secret for secret in only_registered if len(secret) > 5 and secret.encode() in content}


def test_files_are_private(audited: Audited) -> None:
    for part in ("data", "reports"):
        for path in (audited[0].folder / part).rglob("*"):
            if not path.is_symlink():
                assert path.stat().st_mode & 0o077 == 0, path


def read(path: Path, whole: bool) -> bytes:
    """Return a file's content in small letters, without the pictures that a page carries unless ``whole``."""
    content = path.read_bytes()
    return (content if whole else re.sub(rb"data:image/[a-z]+;base64,[A-Za-z0-9+/=]+", b"", content)).lower()


def holding(folder: Path, *secrets: str) -> set[str]:
    """Return the files that hold one of these texts, in whatever letters, or in their name.

    Pictures and sealed files are searched for texts that cannot stand there by chance, and so are pictures that a page
    carries within it.
    """
    wanted = [secret.casefold().encode() for secret in secrets]
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {
        path.relative_to(folder).as_posix()
        for path in files
        if any(
            secret.decode() in path.name.casefold()
            or ((len(secret) > 6 or path.suffix not in NOISE) and secret in read(path, len(secret) > 6))
            for secret in wanted
        )
    }


FORGOTTEN = ("P048", "Kovar")
NOISE = frozenset({".sealed", ".jpg", ".webp", ".png", ".pdf", ".gz", ""})


def test_a_pupil_who_is_forgotten_is_nowhere_but_in_the_record_of_the_deletion(demo: School) -> None:
    before = holding(demo.folder, *FORGOTTEN)
    assert {"consent/pupils.csv", "data/auditbot.db"} < before
    assert demo.run("forget", "P048", "--why", "asked by the family").returncode == 2
    assert holding(demo.folder, *FORGOTTEN) >= before
    done = demo.run("forget", "P048", "--why", "asked by the family", "--from-register", "--yes")
    assert done.returncode == 0, done.stderr
    assert holding(demo.folder, "Kovar") == set()
    assert holding(demo.folder, "P048") <= {"data/auditbot.db"}
    database = sqlite3.connect(f"file:{demo.folder / 'data' / 'auditbot.db'}?mode=ro", uri=True)
    assert "P048" not in "\n".join(line for line in database.iterdump() if 'INTO "deletions"' not in line)
    assert ("P048",) in database.execute("SELECT person_id FROM deletions WHERE what = 'everything'").fetchall()
    assert demo.run("forget", "P048", "--why", "again", "--yes").returncode == 2


def test_what_is_another_pupils_stays_when_one_with_a_plain_name_is_forgotten(demo: School) -> None:
    """Willow Day's surname is a word and another's: posts about "World Book Day" stay, and so do their findings."""
    posts, report = len(demo.posts()), demo.folder / "reports" / "latest" / "report.json"
    before = {finding["id"] for finding in json.loads(report.read_text("utf-8"))["findings"]}
    done = demo.run("forget", "P003", "--why", "left", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Still in consent/pupils.csv" in done.stdout
    assert posts - len(demo.posts()) <= 2
    assert demo.folder.joinpath("reports", "latest", "report.html").is_file()
    after = {finding["id"] for finding in json.loads(report.read_text("utf-8"))["findings"]}
    assert len(before - after) <= 3
    assert holding(demo.folder, "Willow Day") <= {"consent/pupils.csv", "consent/kept/pupils-accepted.csv"}
    assert not list((demo.folder / "consent" / "photos").glob("P003*"))


def test_a_pupil_whose_row_is_gone_already_is_forgotten_by_id(demo: School) -> None:
    register = demo.folder / "consent" / "pupils.csv"
    lines = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text("".join(line for line in lines if not line.startswith("P048,")), "utf-8")
    done = demo.run("forget", "P048", "--why", "left", "--yes")
    assert done.returncode == 0, done.stderr
    assert "could not be looked for" in done.stdout
    assert holding(demo.folder, "P048") <= {"data/auditbot.db"}


def test_all_that_is_held_about_one_pupil_is_told_and_nothing_of_others(demo: School, tmp_path: Path) -> None:
    rows = (demo.folder / "consent" / "pupils.csv").read_text("utf-8").splitlines()
    others = {row.split(",")[0] for row in rows[1:]} - {"P055"}
    assert demo.run("subject-access", "P055", "--out", str(tmp_path / "all")).returncode == 0
    page = (tmp_path / "all" / "subject_access.html").read_text("utf-8")
    assert "P055" in page
    assert "Template held" in page or "no: " in page
    assert "C11" in page
    assert not [other for other in others if other in page]
    assert demo.run("subject-access", "P055", "--out", str(tmp_path / "all")).returncode == 2
    log = [json.loads(line) for line in (demo.folder / "data" / "access.log").read_text("utf-8").splitlines()]
    assert [line["whose"] for line in log if line["command"] == "subject-access"] == ["P055", "P055"]
    assert {line["whose"] for line in log if line["command"] == "audit"} == {"all pupils"}
