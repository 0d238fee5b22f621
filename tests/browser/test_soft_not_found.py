"""A known post whose address answers 200 with something else: gone if a made-up address is answered alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import CollectSite, article, listing

PROOF = "The address answers as the site answers for addresses that never were."
HERE = ("/news/robins", "/news/wrens")
OLD = "/news/owls"


def lay_out(site: LittleServer, else_: Callable[[str], Answer], **more: Answer | str) -> None:
    """Give the site two posts; for every other address it answers ``else_``."""
    pages = {name: article(name[6:], f"<p>What {name[6:]} did by the pond.</p>") for name in HERE}
    site.routes |= {"/": listing(*HERE), "/news": listing(*HERE), **pages, **more}

    def serve(asked: Asked) -> Answer | str:
        return else_(asked.path)

    class Rest(dict[str, object]):
        def get(self, name: str, default: object = None) -> object:
            return super().get(name, default if name.count("/") < 2 else (default or serve))

    site.routes = Rest(site.routes)  # type: ignore[assignment]


SOFT: dict[str, Callable[[str], Answer]] = {
    "words of an error": lambda path: Answer("<title>Larkmere</title><h1>Page not found</h1><p>Sorry.</p>"),
    "words that no list holds": lambda path: Answer("<main><h1>Whoops</h1><p>This one flew off to a nest.</p></main>"),
    "its own address in the words": lambda path: Answer(f"<main><h1>Whoops</h1><p>{path} has flown.</p></main>"),
    "in Welsh": lambda path: Answer("<main><h1>Wedi mynd</h1><p>Nid yw yma mwyach.</p></main>"),
    "a redirect to the start page": lambda path: Answer(status=302, headers={"Location": "/"}),
    "a redirect to the list": lambda path: Answer(status=301, headers={"Location": "/news"}),
    "a redirect to a page of errors": lambda path: Answer(status=302, headers={"Location": f"/lost?from={path}"}),
    "the list in place": lambda path: Answer(listing(*HERE)),
}


@pytest.mark.parametrize("name", SOFT)
def test_a_known_post_that_answers_as_no_address_does_is_gone(
    name: str, site: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, SOFT[name], **{"/lost": "<title>Lost</title><main><p>Nothing lies here, we are sorry.</p></main>"})
    found = collect(known_posts=frozenset(f"{site.url}{path}" for path in (*HERE, OLD)))
    assert found.gone == {OLD: PROOF}
    assert set(HERE) <= set(found.posts)
    assert OLD not in found.posts
    assert found.coverage.status == "complete"


@pytest.mark.parametrize("name", ["words of an error", "words that no list holds"])
def test_a_known_post_that_others_still_link_to_is_gone_too(
    name: str, site: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, SOFT[name], **{HERE[0]: article("robins", f"<p>See also <a href='{OLD}'>the great owls</a>.</p>")})
    found = collect(known_posts=frozenset(f"{site.url}{path}" for path in (*HERE, OLD)))
    assert found.gone == {OLD: PROOF}
    assert found.coverage.status == "complete"


NOT_PROVED: dict[str, Answer] = {
    "an error for this one alone": Answer("<title>Larkmere</title><h1>Page not found</h1><p>Sorry.</p>"),
    "a redirect of this one alone": Answer(status=302, headers={"Location": "/"}),
}


@pytest.mark.parametrize("name", NOT_PROVED)
def test_what_a_made_up_address_is_not_answered_alike_proves_nothing(
    name: str, site: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, lambda path: NOT_PROVED[name] if path == OLD else Answer("<h1>No</h1>", status=404))
    found = collect(known_posts=frozenset(f"{site.url}{path}" for path in (*HERE, OLD)))
    assert found.gone == {}
    assert OLD in found.missed
    assert found.coverage.status == "partial"


@pytest.mark.parametrize("name", ["words of an error", "a redirect to a page of errors"])
def test_a_site_that_answers_every_address_so_proves_nothing(
    name: str, site: LittleServer, collect: CollectSite
) -> None:
    lay_out(site, SOFT[name], **{"/lost": "<main><p>We are doing some work and will be back.</p></main>"})
    for path in HERE:
        site.routes[path] = SOFT[name](path)
    found = collect(known_posts=frozenset(f"{site.url}{path}" for path in (*HERE, OLD)))
    assert found.gone == {}
    assert found.coverage.status != "complete"


def test_a_post_that_is_still_there_and_in_no_list_is_read(site: LittleServer, collect: CollectSite) -> None:
    lay_out(site, SOFT["words that no list holds"], **{OLD: article("owls", "<p>What owls did by night.</p>")})
    found = collect(known_posts=frozenset(f"{site.url}{path}" for path in (*HERE, OLD)))
    assert found.gone == {}
    assert set(found.posts) == {*HERE, OLD}
    assert found.coverage.status == "complete"
