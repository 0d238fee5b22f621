"""``doctor --online`` goes to each account as an audit would, and shows three posts as an audit reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditbot.cli import main
from auditbot.settings import Workspace
from auditbot.workspace import make_workspace, settings_text
from tests.browser.little_server import Answer, LittleServer, Route
from tests.browser.small_site import article, listing, photo

POSTS = {f"/news/{number}": article(f"Post {number}", f"Words of post {number}.") for number in range(1, 6)}


@pytest.fixture
def school(site: LittleServer, tmp_path: Path) -> Workspace:
    workspace = make_workspace(tmp_path / "school", "Larkmere", site.url)
    given: dict[str, object] = {
        "school.name": "Larkmere",
        "collect.allow_loopback": [site.address],
        "collect.delay_seconds": 0.0,
    }
    (workspace.config / "auditbot.toml").write_text(settings_text(given), "utf-8")
    return workspace


@pytest.fixture
def told(school: Workspace, capsys: pytest.CaptureFixture[str]) -> Callable[[], tuple[int, str]]:
    def ask() -> tuple[int, str]:
        code = main(["--workspace", str(school.folder), "doctor", "--online"])
        return code, capsys.readouterr().out

    return ask


def test_three_posts_are_shown_with_title_and_date_and_nothing_is_kept(
    site: LittleServer, school: Workspace, told: Callable[[], tuple[int, str]]
) -> None:
    site.routes |= {"/": listing(*POSTS), **POSTS, "/robots.txt": Answer("User-agent: *\nAllow: /\n", "text/plain")}
    before = {path for path in school.folder.rglob("*") if "log" not in path.parts}
    code, said = told()
    assert code == 0, said
    shown = [line for line in said.splitlines() if "Post: " in line]
    assert len([line for line in shown if "“Post " in line]) == 3
    assert "robots.txt lets auditbot in" in said and "The answer is 200" in said
    after = {path for path in school.folder.rglob("*") if "log" not in path.parts}
    assert {path for path in after - before if path.suffix not in (".lock", ".log")} <= {school.data}


ENDS: dict[str, tuple[dict[str, Route], str]] = {
    "robots keep it out": ({"/robots.txt": Answer("User-agent: *\nDisallow: /", "text/plain")}, "User-agent: auditbot"),
    "leads to another site": (
        {"/": Answer(status=301, headers={"Location": "http://other.example/"})},
        "leads to http://other.example/, another site",
    ),
    "round in a circle": ({"/": Answer(status=302, headers={"Location": "/"})}, "leads round in a circle"),
    "keeps out": ({"/": Answer("no", status=403)}, "keeps this computer or programs out"),
    "no such page": ({"/": Answer("no", status=404)}, "There is no such page"),
    "no posts": ({"/": "<main><p>Coming soon.</p></main>"}, "no post. No posts were found"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDS)
def test_what_stands_in_the_way_is_named_with_what_to_do(
    kind: str, site: LittleServer, told: Callable[[], tuple[int, str]]
) -> None:
    routes, says = ENDS[kind]
    site.routes |= {"/": listing("/news/1"), **POSTS, **routes}
    code, said = told()
    assert (code, says in said) == (2, True), said


def test_a_site_on_this_computer_is_told_how(
    site: LittleServer, school: Workspace, told: Callable[[], tuple[int, str]]
) -> None:
    (school.config / "auditbot.toml").write_text(settings_text({"school.name": "Larkmere"}), "utf-8")
    code, said = told()
    assert code == 2 and f'allow_loopback = ["{site.address}"]' in said


def test_a_post_without_title_or_date_is_told(site: LittleServer, told: Callable[[], tuple[int, str]]) -> None:
    page = "<main><article><p>We walked to the pond and saw two herons there.</p><img src='/a.jpg'></article></main>"
    site.routes |= {
        "/": "<main><a href='/news/1'>Read more</a></main>",
        "/news/1": page,
        "/a.jpg": Answer(photo("a"), "image/jpeg"),
    }
    _, said = told()
    assert "no date could be read there" in said or "no title and no date" in said, said
