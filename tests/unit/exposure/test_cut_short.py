"""A survey that was cut short goes on where it was, and never with the pages of another school."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditbot.survey import Survey, _workspace

ONE, OTHER = "https://one.example/", "https://other.example/"


@pytest.mark.parametrize(
    ("then", "goes_on"),
    [
        ((ONE,), True),
        ((OTHER,), False),
        ((ONE, OTHER), False),
    ],
)
def test_only_a_survey_of_the_same_addresses_goes_on(tmp_path: Path, then: tuple[str, ...], goes_on: bool) -> None:
    left = _workspace(Survey(ONE, tmp_path)).data / "pages of one.example"
    left.write_text("seen")
    work = _workspace(Survey(then[0], tmp_path, then[1:]))
    assert left.is_file() is goes_on
    accounts = (work.config / "accounts.toml").read_text("utf-8")
    assert all(url in accounts for url in then) and (OTHER in accounts) is (OTHER in then)


def test_one_whose_settings_were_never_written_begins_anew(tmp_path: Path) -> None:
    work = _workspace(Survey(ONE, tmp_path))
    (work.folder / "asked.txt").unlink()
    (work.config / "auditbot.toml").write_text("[school]\nname = 'half'\n")
    assert "one.example" in (_workspace(Survey(ONE, tmp_path)).config / "auditbot.toml").read_text("utf-8")
