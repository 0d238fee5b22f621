"""``auditbot check-text``: every id once, offsets in code points, personal data apart from the other findings."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.prepublish.text_check import check_texts
from auditbot.settings import Workspace

PUPILS = "pupil_id,forename,surname,year_group,class_name\nP1,Maya,Okonkwo,2,Herons\n"
TEXTS = [
    ("a", "post", "school", "\U0001f389 Well done Maya Okonkwo!"),
    ("b", "comment", "parent", "\U0001f389 Ring me on 07700 900123 about the costumes"),
    ("c", "comment", "parent", "I know where you live, watch your back"),
    ("d", "post", "staff", "\U0001f389 Loved our honeymoon in Greece."),
    ("e", "post", "school", "We made boats from boxes."),
    ("f", "filename", "school", "sign-the-petition.jpg"),
    ("g", "post", "school", ""),
]


def test_each_text_has_one_line_of_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pupils.csv").write_text(PUPILS, "utf-8")
    lines = [json.dumps(dict(zip(("id", "kind", "author_role", "text"), row, strict=True))) for row in TEXTS]
    (tmp_path / "texts.jsonl").write_text("\n".join(lines), "utf-8")
    pupils, folder = str(tmp_path / "pupils.csv"), str(tmp_path)
    code = main(["--workspace", folder, "check-text", str(tmp_path / "texts.jsonl"), "--pupils", pupils])
    results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 1
    assert [result["id"] for result in results] == [row[0] for row in TEXTS]
    said = {
        text[0]: [
            (name, found["rule"], text[3][found["start"] : found["end"]])
            for name in ("findings", "other_findings")
            for found in result[name]
        ]
        for text, result in zip(TEXTS, results, strict=True)
    }
    assert said == {
        "a": [("findings", "surname", "Okonkwo")],
        "b": [("other_findings", "phone_number", "07700 900123")],
        "c": [("findings", "bullying", "I know where you live, watch your back")],
        "d": [("other_findings", "personal_use", "\U0001f389 Loved our honeymoon in Greece.")],
        "e": [],
        "f": [],
        "g": [],
    }


def test_the_workspaces_own_details_and_allowed_phrases_are_heeded(
    fresh_workspace: object, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fresh_workspace.folder  # type: ignore[attr-defined]
    (folder / "config" / "allowed_phrases.toml").write_text(
        '[[phrase]]\ntext = "Text Jo on 07700 900123"\nreason = "Jo agreed."\nuntil = 2099-12-31\n', "utf-8"
    )
    text = "Text Jo on 07700 900123. Ring Ann on 07700 900456."
    (folder / "texts.jsonl").write_text(json.dumps({"id": 1, "text": text}), "utf-8")
    main(["--workspace", str(folder), "check-text", str(folder / "texts.jsonl")])
    (result,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [text[found["start"] : found["end"]] for found in result["other_findings"]] == ["07700 900456"]


def test_what_no_clause_of_the_policy_asks_for_is_no_finding_and_the_rest_bears_its_number(
    fresh_workspace: Workspace, repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (fresh_workspace.consent / "pupils.csv").write_text(
        "pupil_id,legal_forename,legal_surname\nP1,Maya,Okonkwo\n", "utf-8"
    )
    lines = [json.dumps(dict(zip(("id", "kind", "author_role", "text"), row, strict=True))) for row in TEXTS]
    (tmp_path / "texts.jsonl").write_text("\n".join(lines), "utf-8")
    told = {}
    for name in ("config/policy.toml", "auditbot/data/policies/small_nursery.toml"):
        policy = (repository / name).read_text("utf-8")
        (fresh_workspace.config / "policy.toml").write_text(policy, "utf-8")
        main(["--workspace", str(fresh_workspace.folder), "check-text", str(tmp_path / "texts.jsonl")])
        results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        told[name] = [
            (result["id"], found["rule"], found["clause"])
            for result in results
            for found in (*result["findings"], *result["other_findings"])
        ]
    ours, nursery = told.values()
    assert ours == [("a", "surname", "C12"), ("b", "phone_number", "C5"), ("c", "bullying", "E2"),
                    ("d", "personal_use", "C10")]  # fmt: skip
    assert nursery == [("a", "surname", "Rule 2"), ("b", "phone_number", "Rule 2")]


@pytest.mark.parametrize("typed", [False, True])
def test_a_plain_text_is_read_as_a_post(
    fresh_workspace: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, typed: bool
) -> None:
    folder = fresh_workspace.folder  # type: ignore[attr-defined]
    text = "Dear families,\nMaya Okonkwo was star of the week.\n"
    (folder / "pupils.csv").write_text(PUPILS, "utf-8")
    (folder / "draft.txt").write_text(text, "utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    file = "-" if typed else str(folder / "draft.txt")
    code = main(["--workspace", str(folder), "check-text", file, "--pupils", str(folder / "pupils.csv")])
    (result,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 1
    assert result["id"] == ("-" if typed else "draft.txt")
    assert [text[found["start"] : found["end"]] for found in result["findings"]] == ["Okonkwo"]


def test_other_pupils_do_not_make_the_school_forget_its_own_details(
    fresh_workspace: object, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fresh_workspace.folder  # type: ignore[attr-defined]
    (folder / "config" / "allowed_phrases.toml").write_text(
        '[[phrase]]\ntext = "Text Jo on 07700 900123"\nreason = "Jo agreed."\nuntil = 2099-12-31\n', "utf-8"
    )
    (folder / "pupils.csv").write_text(PUPILS, "utf-8")
    (folder / "draft.txt").write_text("Text Jo on 07700 900123.", "utf-8")
    pupils = str(folder / "pupils.csv")
    assert main(["--workspace", str(folder), "check-text", str(folder / "draft.txt"), "--pupils", pupils]) == 0
    assert json.loads(capsys.readouterr().out)["other_findings"] == []


@pytest.mark.parametrize("kind", ["letter", "list", "minutes", "message", "post"])
def test_what_is_no_kind_of_its_own_is_read_as_a_post(tmp_path: Path, kind: str) -> None:
    (tmp_path / "pupils.csv").write_text(PUPILS, "utf-8")
    line = {"id": "1", "kind": kind, "text": "Welcome to Year 2, Oskar Lindqvist, who joins the Herons on Monday!"}
    (told,) = check_texts(io.StringIO(json.dumps(line)), tmp_path / "pupils.csv", None)
    assert [found["severity"] for found in told["findings"]] == ["review"]


@pytest.mark.parametrize(("role", "kind", "told"), [("pta", "post", False), ("public", "post", True)])
def test_a_parents_association_speaks_for_the_school(tmp_path: Path, role: str, kind: str, told: bool) -> None:
    (tmp_path / "pupils.csv").write_text(PUPILS, "utf-8")
    text = "Second hand uniform sale on Friday, everything £2, cash only."
    line = {"id": "1", "kind": kind, "author_role": role, "text": text}
    (result,) = check_texts(io.StringIO(json.dumps(line)), tmp_path / "pupils.csv", None)
    assert bool(result["findings"]) is told
