"""The schemas under docs/ are those of the code, and the JSON that the program writes is of their shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from auditbot.report.data import audit_document
from tests.unit.report import report_sample
from tools.schemas import FOLDER, SHAPES, same_again, schema


@pytest.mark.parametrize("name", SHAPES)
def test_each_schema_is_generated_anew(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == schema(name), "write it anew: python tools/schemas.py"


def test_no_other_schema_lies_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(SHAPES)


def document() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(json.dumps(audit_document(report_sample.audit())))
    return whole


def test_a_report_is_of_its_shape() -> None:
    assert same_again("report.schema.json", document()) == document()


@pytest.mark.parametrize(
    ("where", "key", "wrong"),
    [
        ("coverage", "status", "nearly"),
        ("coverage", "posts", -1),
        ("findings", "severity", "tomorrow"),
        ("findings", "score", 1.5),
        ("findings", "evidence", {"text": "words without a place"}),
        ("not_checked", "why", "because"),
    ],
)
def test_another_shape_is_none(where: str, key: str, wrong: object) -> None:
    whole = document()
    whole[where][0][key] = wrong
    with pytest.raises(ValidationError):
        SHAPES["report.schema.json"].validate_python(whole)
