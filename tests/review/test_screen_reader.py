"""What a screen reader is told, read from Chromium's own tree: headings in order, names, and what was decided."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.review.conftest import Site
from tests.review.test_decide_page import case_of
from tests.review.test_in_the_browser import WIDE, ServedAt, browser, open_as

__all__ = ["browser"]
CONTROLS = {"button", "link", "textbox", "combobox", "radio", "checkbox", "DisclosureTriangle", "progressbar", "img"}


def tree(page: Page) -> list[dict[str, Any]]:
    """Every node that is told, in the order of the page, with role, name, description and level."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    told: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        value = {name: node.get(name, {}).get("value", "") for name in ("role", "name", "description")}
        levels = [one["value"]["value"] for one in node.get("properties", []) if one["name"] == "level"]
        if not node.get("ignored"):
            told.append({**value, "level": levels[0] if levels else 0})
        for child in node.get("childIds", []):
            if child in by_id:
                walk(by_id[child])

    walk(nodes[0])
    return told


@pytest.mark.parametrize("where", ["/", "decide", "crowd", "words", "/asked", "/sign-in", "/slip"])
def test_headings_are_in_order_and_every_control_has_a_name(
    browser: Browser, site: Site, served: ServedAt, where: str
) -> None:
    kinds = {"decide": "withdrawn_since", "crowd": "unknown_faces", "words": "words_contact"}
    page = open_as(browser, site, served, "lead", WIDE)
    page.goto(served(f"/f/{case_of(site, kinds[where]).id}" if where in kinds else where))
    told = tree(page)
    levels = [int(one["level"]) for one in told if one["role"] == "heading"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [one for one in told if one["role"] in CONTROLS and not str(one["name"]).strip()] == []


def test_a_case_is_read_as_what_where_who_permission_decide(browser: Browser, site: Site, served: ServedAt) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    page.goto(served(f"/f/{case_of(site, 'withdrawn_since').id}"))
    names = [str(one["name"]) for one in tree(page)]
    permission = next(name for name in names if name.startswith("No: withdrawn"))
    order = ["Is this Ethan L.?", "Pond dipping", "Compare", "Ethan L.", permission, "Yes: take the photo down"]
    places = [names.index(name) for name in order]
    assert places == sorted(places)
    assert {"Not this child", "More"} <= set(names)  # no key in a name
    page.keyboard.press("m")
    names = [str(one["name"]) for one in tree(page)]
    assert {"Adult or visitor", "Not sure: wait", "Refer", "Undo my last", "Next"} <= set(names)
    assert page.get_by_role("button", name="Undo my last", exact=True).get_attribute("aria-keyshortcuts") == "u"


def test_what_was_decided_is_told_with_the_next_question(browser: Browser, site: Site, served: ServedAt) -> None:
    page = open_as(browser, site, served, "lead", WIDE)
    page.goto(served("/decide"))
    with page.expect_navigation():
        page.keyboard.press("y")
    question = next(one for one in tree(page) if one["role"] == "heading")
    assert str(question["description"]).startswith("Noah K. – to come down.")
    assert page.evaluate("document.activeElement.id") == "question"
    assert "to come down" in page.get_by_role("status").inner_text()
