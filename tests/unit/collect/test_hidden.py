"""What a page hides from everybody is not taken for published; what a visitor can open is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from auditbot.collect.html.comments import find_comments
from auditbot.collect.html.content import around
from auditbot.collect.html.dom import parse, text_of

OPENED = [
    "<div class='accordion-panel' data-auditbot-unseen>Words</div>",
    "<div class='accordion'><div><h3>Tap</h3><div data-auditbot-unseen>Words</div></div></div>",
    "<div class='tab-pane fade' data-auditbot-unseen>Words</div>",
    "<div class='collapse' hidden>Words</div>",
    "<div class='elementor-tab-content' data-auditbot-unseen>Words</div>",
    "<div class='swiper-slide' data-auditbot-unseen>Words</div>",
    "<div class='carousel-item' data-auditbot-unseen>Words</div>",
    "<div class='flexslider'><ul class='slides'><li data-auditbot-unseen>Words</li></ul></div>",
    "<div role='tabpanel' hidden>Words</div>",
    "<button aria-controls='y x'>Open</button><p>-</p><div id='x' hidden>Words</div>",
    "<a href='#x'></a><p>-</p><div id='x' hidden>Words</div>",
    "<a data-bs-target='#x'></a><p>-</p><div id='x' hidden>Words</div>",
    "<h3 aria-expanded='false'></h3><div hidden>Words</div>",
    "<div class='d-md-none' data-auditbot-unseen>Words</div>",
    "<div hidden='until-found'>Words</div>",
    "<ul class='gallery'><li data-auditbot-unseen><img src='x.jpg'>Words</li></ul>",
]
NOT_OPENED = [
    "<ul class='gallery'><li data-auditbot-unseen>Words</li></ul>",
    "<div class='admin-panel' data-auditbot-unseen>Words</div>",
    "<div class='more-info' hidden>Words</div>",
    "<div class='show-draft' hidden>Words</div>",
    "<div class='expanded gallery' hidden>Words</div>",
    "<div id='panel' data-auditbot-unseen>Words</div>",
    "<a href='#other'></a><div id='x' hidden>Words</div>",
    "<div class='tab-content'><div class='inner'><div><div hidden>Words</div></div></div></div>",
    "<div hidden>Words</div>",
    "<template>Words</template>",
]


@pytest.mark.parametrize(("html", "shown"), [(html, True) for html in OPENED] + [(html, False) for html in NOT_OPENED])
def test_only_what_a_real_control_opens_counts_as_published(html: str, shown: bool) -> None:
    tree = parse(f"<main>{html}</main>")
    assert tree.body is not None
    assert ("Words" in text_of(tree.body, around(tree))) is shown


@pytest.mark.parametrize(
    ("area", "count"),
    [
        ("<section id='comments'>", 1),
        ("<section id='comments' data-auditbot-unseen>", 0),
        ("<section id='comments' hidden>", 0),
        ("<button aria-controls='comments'>Comments</button><section id='comments' hidden>", 1),
    ],
)
def test_comments_that_nobody_can_open_are_not_published(area: str, count: int) -> None:
    tree = parse(f"{area}<ol class='comment-list'><li class='comment'><p>Well done</p></li></ol></section>")
    assert len(find_comments(tree, "http://a.example/", ZoneInfo("Europe/London"))) == count
