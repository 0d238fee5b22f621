"""/api/v1: keys with scopes, numbers without names, a closed door for guesses, and nothing that breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.review.conftest import Site
from tests.review.made_school import PROTECTED, SECRET_WORDS
from tests.review.test_papers import names
from tests.review.test_roles import case_of

PATHS = {"/api/v1/counts": "counts", "/api/v1/weeks": "counts", "/api/v1/cases": "cases", "/api/v1/health": "health"}


@pytest.fixture
def api(site: Site) -> Iterator[Any]:
    """A client that asks with a key of these scopes."""
    from auditbot.review.links.reading_api import wrong_keys
    from auditbot.review.people.manage import new_token

    wrong_keys.forget()

    def asked(path: str, *scopes: str, key: str = "", method: str = "get", **more: Any) -> Any:
        made = key or new_token("dashboard", scopes, "it", timedelta(days=1))
        return getattr(site.client(), method)(path, headers={"Authorization": f"Bearer {made}"}, **more)

    yield asked
    wrong_keys.forget()


def test_each_part_needs_its_scope_and_nothing_can_be_changed(site: Site, api: Any) -> None:
    for path, scope in PATHS.items():
        for given_scope in ("counts", "cases", "health"):
            assert api(path, given_scope).status_code == (200 if given_scope == scope else 403)
        for method in ("post", "put", "delete", "patch"):
            assert api(path, scope, method=method).status_code == 405
        assert site.client().get(path).status_code == 401
        assert site.client("lead").get(path).status_code == 401  # a person's session is no key
    assert site.events() == ()


def test_a_key_ends_and_is_kept_as_its_digest_alone(site: Site, api: Any) -> None:
    from auditbot.review.people.manage import end_token, new_token
    from auditbot.review.people.models import Token

    key = new_token("trust", ["counts"], "it", timedelta(days=1))
    assert api("/api/v1/counts", key=key).status_code == 200
    row = Token.objects.values().get(called="trust")
    assert key not in json.dumps(row, default=str) and key.removeprefix("auditbot_") not in json.dumps(row, default=str)
    Token.objects.update(ends_at=row["made_at"])
    assert api("/api/v1/counts", key=key).status_code == 401
    again = new_token("trust", ["counts"], "it", timedelta(days=1))
    assert end_token("trust") and not end_token("trust")
    assert api("/api/v1/counts", key=again).status_code == 401


def test_guessing_closes_the_door_for_that_address_alone(site: Site, api: Any) -> None:
    from auditbot.review.links.reading_api import WRONG_KEYS

    answers = [api("/api/v1/counts", key=f"auditbot_{at}").status_code for at in range(WRONG_KEYS + 1)]
    assert answers == [401] * WRONG_KEYS + [429]
    assert api("/api/v1/counts", "counts").status_code == 429
    assert api("/api/v1/counts", "counts", REMOTE_ADDR="10.0.0.8").status_code == 200
    assert api("/api/v1/counts", "counts", REMOTE_ADDR="8.8.8.8").status_code == 404  # the page is not on the internet


def test_nothing_of_a_child_is_in_any_byte_and_a_protected_one_reads_like_every_other(site: Site, api: Any) -> None:
    cases = [case_of(site, kind) for kind in ("never_publish", "withdrawn_since")]
    for case in cases:
        site.client("lead").post(f"/f/{case.id}/decide", {"do": "not_so:another_permitted", "last": "0"})
    sent = b"".join(api(path, scope).content for path, scope in PATHS.items()).decode()
    assert {name for name in names(site) - {"King"} if re.search(rf"\b{re.escape(name)}\b", sent)} == set()
    for word in ("/news/", "never", "protected", "C11", PROTECTED, SECRET_WORDS, "second"):
        assert word not in sent
    lines = {line["reference"]: line for line in api("/api/v1/cases", "cases").json()}
    told = [lines[case.id[:8]] | {"reference": "", "found": ""} for case in cases]
    assert told[0] == told[1]


def test_counts_are_those_of_the_page(site: Site, api: Any) -> None:
    told = api("/api/v1/counts", "counts").json()
    assert told["to_decide"] == 11 == told["new"]
    assert f"{told['to_decide']} to decide" in site.client("lead").get("/").content.decode()
    assert sum(week["found"] for week in api("/api/v1/weeks", "counts").json()) == 12
    described = site.client().get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == set(PATHS) and all(set(way) == {"get"} for way in described["paths"].values())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(PATHS)),
    st.dictionaries(st.sampled_from(["weeks", "at", "x"]), st.one_of(st.integers(), st.text(max_size=20)), max_size=2),
)
def test_whatever_is_asked_nothing_breaks(site: Site, api: Any, path: str, query: dict[str, Any]) -> None:
    assert api(path, PATHS[path], query_params=query).status_code in (200, 422)
