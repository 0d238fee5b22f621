"""/api/v1: keys with scopes, numbers without names, a closed door for guesses, and nothing that breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditbot.model import PhotoEvidence
from tests.review.conftest import Site
from tests.review.made_school import PROTECTED, SECRET_WORDS, audit
from tests.review.test_papers import names
from tests.review.test_roles import case_of

PATHS = {"/api/v1/counts": "counts", "/api/v1/weeks": "counts", "/api/v1/cases": "cases", "/api/v1/health": "health"}


@pytest.fixture
def api(site: Site) -> Iterator[Any]:
    """A client that asks with a key of these scopes."""
    from auditbot.review.integrations.reading_api import wrong_keys
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
    from auditbot.review.integrations.reading_api import WRONG_KEYS

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


def test_words_read_in_a_photo_are_words_as_on_the_print_for_the_meeting(site: Site, api: Any) -> None:
    surname = case_of(site, "surname").first.finding
    read = PhotoEvidence("https://www.larkmere.example/media/sign.jpg", "a" * 64, (), (), "Kofi Mensah", 5, 11)
    found = replace(surname, id="a" * 16, evidence=read)
    post = next(post for post in site.view().posts.values() if post.url == surname.post_url)
    audit(site.workspace, [(post, [found])], ago=timedelta(minutes=1))
    site.reopen()
    lines = {line["reference"]: line["what"] for line in api("/api/v1/cases", "cases").json()}
    assert lines["a" * 8] == "words"
    printed = site.client("lead").get("/print/meeting").content.decode()
    assert re.search(rf"Words(?:(?!</tr>).)*{'a' * 8}", printed, re.DOTALL)


def test_counts_are_those_of_the_page(site: Site, api: Any) -> None:
    told = api("/api/v1/counts", "counts").json()
    assert told["to_decide"] == 11 == told["new"]
    assert f"{told['to_decide']} to decide" in site.client("lead").get("/").content.decode()
    assert sum(week["found"] for week in api("/api/v1/weeks", "counts").json()) == 12
    described = site.client().get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == set(PATHS) and all(set(way) == {"get"} for way in described["paths"].values())


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
"""A busy machine is no fault of what is drawn."""
ANSWERS = {200, 401, 403, 404, 405, 422, 429}
"""What may be answered to whatever is asked; never an error of the page's own."""
KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "null": (type(None),),
}
MOMENTS: dict[str, Callable[[str], date]] = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}


def keeps_to(value: Any, schema: dict[str, Any], described: dict[str, Any]) -> bool:
    """Whether a value is as a schema of the description says: its kind, all that is required, and nothing more."""
    if "$ref" in schema:
        return keeps_to(value, described["components"]["schemas"][schema["$ref"].rpartition("/")[2]], described)
    if "anyOf" in schema:
        return any(keeps_to(value, one, described) for one in schema["anyOf"])
    if type(value) not in KINDS[schema["type"]]:
        return False
    if schema["type"] == "object":
        parts = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(parts) and all(
            keeps_to(value[name], parts[name], described) for name in value
        )
    if schema["type"] == "array":
        return all(keeps_to(one, schema["items"], described) for one in value)
    if schema.get("format") in MOMENTS:
        return bool(MOMENTS[schema["format"]](value))
    return True


def odd_values() -> st.SearchStrategy[Any]:
    """What a parameter may be given, whatever its schema asks for."""
    numbers = st.integers() | st.sampled_from([0, -1, 53, 54, 2**31, 2**63, 10**400])
    texts = st.text(max_size=30) | st.sampled_from(["", "null", "NaN", "1e9", "٣", "\x00", "[]", "8,9", "../"])
    return numbers | texts | st.lists(numbers | texts, max_size=3)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_every_answer_is_as_the_pages_own_description_says(site: Site, api: Any, data: st.DataObject) -> None:
    described = site.client().get("/api/v1/openapi.json").json()
    path = data.draw(st.sampled_from(sorted(described["paths"])))
    declared = described["paths"][path]["get"]
    names = [one["name"] for one in declared.get("parameters", ())] + ["x", "format", "page"]
    query = data.draw(st.dictionaries(st.sampled_from(names), odd_values(), max_size=3))
    method = data.draw(st.sampled_from(["get", "get", "get", "head", "options", "post", "put", "patch", "delete"]))
    scopes = data.draw(st.sets(st.sampled_from(["counts", "cases", "health"]), min_size=1))
    ending = data.draw(st.sampled_from(["", "", "", "/", "/..", "/1", "?", "%00"]))
    more: dict[str, Any] = {"query_params": query} if "?" not in ending else {}
    answer = api(path + ending, *sorted(scopes | {PATHS[path]}), method=method, **more)
    assert answer.status_code in ANSWERS, (method, path, ending, query)
    if answer.status_code == 200 and method == "get" and ending in ("", "?"):
        schema = declared["responses"]["200"]["content"]["application/json"]["schema"]
        assert keeps_to(answer.json(), schema, described)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
def test_no_header_opens_the_door_or_breaks_it(site: Site, api: Any, header: str) -> None:
    answer = site.client().get("/api/v1/counts", headers={"Authorization": header})
    assert answer.status_code in (401, 429)


def test_a_wrong_answer_would_be_noticed(site: Site) -> None:
    described = site.client().get("/api/v1/openapi.json").json()
    counted = {"$ref": "#/components/schemas/WeekCounts"}
    right = {"monday": "2026-11-30", "found": 1, "decided": 0, "gone": 0, "left_up": 0}
    assert keeps_to(right, counted, described)
    for wrong in ({**right, "found": "1"}, {**right, "name": "Noah"}, {"monday": "2026-11-30"}, [right], None):
        assert not keeps_to(wrong, counted, described)
