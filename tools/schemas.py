"""Write docs/schemas/ anew from auditbot/report/shapes.py: the shape of report.json and of ``posts --json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from auditbot.report.shapes import PostShape, ReportShape

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"
SHAPES: dict[str, TypeAdapter[Any]] = {
    "report.schema.json": TypeAdapter(ReportShape),
    "posts.schema.json": TypeAdapter(PostShape),
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def same_again(name: str, document: object) -> object:
    """Return a document as its shape holds it: the same, unless it lacks or adds something.

    Raises pydantic.ValidationError if it is of another shape.
    """
    return SHAPES[name].dump_python(SHAPES[name].validate_python(document), mode="json")


def schema(name: str) -> str:
    """Return one of the schemas as text."""
    content = {"$schema": DIALECT, **SHAPES[name].json_schema()}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in SHAPES:
        (FOLDER / each).write_text(schema(each), "utf-8")
