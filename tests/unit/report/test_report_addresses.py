"""Addresses of posts that stand on no website: shown as a person would say them, never as links."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditbot.present.excerpt import may_link, spoken
from auditbot.report.html import report_html
from tests.unit.report import report_sample as sample


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://www.larkmere.example/news/", "https://www.larkmere.example/news/"),
        ("file:Hall%20screen/Year_1/sports%20day%20%231.png", "Hall screen/Year_1/sports day #1.png"),
        (
            "archive:facebook/2026-03-05T10:21:33Z",
            "no address: in the download of Facebook, posted 2026-03-05 10:21 UTC",
        ),
        (
            "archive:facebook/2026-03-05T10:21:33Z/album/2",
            "no address: in the download of Facebook, posted 2026-03-05 10:21 UTC",
        ),
        ("archive:posts/media/1.jpg", "in the download: posts/media/1.jpg"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_an_address_is_said_as_a_person_would(url: str, said: str) -> None:
    assert spoken(url) == said


@pytest.mark.parametrize(
    "url", ["file:Hall%20screen/%3Cscript%3Ealert(1)%3C/script%3E.png", "archive:<script>alert(1)</script>"]
)
def test_what_a_file_is_called_does_not_act(url: str) -> None:
    assert not may_link(url)
    found = sample.tracked(
        sample.finding("a", clause="C12", kind="surname", evidence=sample.text(sample.STORY, "Khan"), post_url=url)
    )
    page = report_html(sample.audit((found,)), sample.context(), {}, Path("evidence"))
    assert "<script>alert" not in page
    assert 'href="file:' not in page
    assert 'href="archive:' not in page
