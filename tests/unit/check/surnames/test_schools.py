"""How often the engine is right on labelled posts, and that this does not rest on the names."""

import pytest

from tests.unit.check.surnames.corpus import CORPUS, SCHOOLS, Figures, School, measure, read_school
from tests.unit.check.surnames.renaming import rename


@pytest.fixture(scope="module", params=SCHOOLS)
def school(request: pytest.FixtureRequest) -> School:
    return read_school(CORPUS / request.param)


@pytest.fixture(scope="module")
def figures(school: School) -> Figures:
    return measure(school)


def test_most_breaches_are_found_and_few_findings_are_wrong(figures: Figures) -> None:
    assert figures.precision >= 97
    assert figures.recall >= 94
    assert figures.recall_any_tier >= 98
    assert figures.flagged_without_label <= 8
    assert figures.right_pupil >= 97


@pytest.mark.parametrize("seed", [11, 12])
def test_other_names_make_no_difference(school: School, figures: Figures, seed: int) -> None:
    renamed = measure(rename(school, seed))
    assert renamed.precision >= figures.precision - 3
    assert renamed.recall >= figures.recall - 3
    assert renamed.recall_any_tier >= figures.recall_any_tier - 3
    assert renamed.flagged_without_label <= figures.flagged_without_label + 3
    assert renamed.right_pupil >= figures.right_pupil - 3


def test_renaming_changes_most_names_and_keeps_every_label(school: School) -> None:
    renamed = rename(school, 11)
    changed = [old != new for old, new in zip(school.pupils, renamed.pupils, strict=True)]
    assert sum(changed) >= 0.8 * len(changed)
    for old, new in zip(school.posts, renamed.posts, strict=True):
        assert len(old.labels) == len(new.labels)
        assert all(0 <= label.start < label.end <= len(new.text) for label in new.labels)
