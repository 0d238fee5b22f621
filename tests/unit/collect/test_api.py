"""How long a service asks to wait, in each of the ways they say it; which addresses may carry a secret."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from auditbot.collect.net.fetch import Fetcher
from auditbot.collect.net.guard import Guard
from auditbot.collect.net.json_reading import at, items_at, number_at, text_at
from auditbot.collect.net.throttle import Pace
from auditbot.collect.sources.api import Api, ApiFailed, asked_to_wait, without_secrets
from tests.browser.little_server import Answer, LittleServer

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "30"}, 30),
        ({"retry-after": "Wed, 01 Jul 2026 12:01:00 GMT"}, 60),
        ({"retry-after": "soon"}, 0),
        ({"x-rate-limit-reset": str(EPOCH + 600)}, 601),
        ({"x-rate-limit-reset": str(EPOCH + 600), "x-rate-limit-remaining": "0"}, 601),
        ({"x-rate-limit-reset": str(EPOCH + 600), "x-rate-limit-remaining": "7"}, 0),
        ({"ratelimit-reset": str(EPOCH + 60)}, 61),
        ({"x-ratelimit-reset": "2026-07-01T12:05:00.000Z"}, 301),
        ({"x-ratelimit-reset": "2026-07-01T13:05:00+01:00"}, 301),
        ({"x-ratelimit-reset": "2026-07-01T11:00:00Z"}, 0),
        ({"x-ratelimit-reset": "99999999999999999999"}, 1),
        ({"x-ratelimit-reset": "tomorrow"}, 1),
        ({"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":5}]}'}, 300),
        ({"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access": 0}]}'}, 0),
        ({"x-business-use-case-usage": "{"}, 0),
    ],
)
def test_how_long_a_service_asks_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert asked_to_wait(headers, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://g.example/a?access_token=x&after=2", "https://g.example/a?after=2"),
        ("https://g.example/a?after=2&ACCESS_TOKEN=x", "https://g.example/a?after=2"),
        ("https://g.example/a?appsecret_proof=x", "https://g.example/a"),
        ("https://g.example/a?_nc_tok=x&oh=y%2Fz", "https://g.example/a?_nc_tok=x&oh=y%2Fz"),
        ("https://g.example/access_token=x", "https://g.example/access_token=x"),
        ("https://[", "https://["),
    ],
)
def test_addresses_lose_their_secrets_and_nothing_else(url: str, kept: str) -> None:
    assert without_secrets(url) == kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
)


@given(JSON)
def test_every_question_to_json_has_an_answer_of_its_kind(value: object) -> None:
    at(value, "a", "b")
    assert isinstance(text_at(value, "a", "b"), str)
    assert isinstance(number_at(value, "a"), int)
    assert all(isinstance(item, dict) for item in items_at(value, "a"))


@pytest.mark.parametrize(
    "address",
    [
        "http://EVIL\\@graph.example/x",
        "http://EVIL/\\@graph.example/x",
        "http://graph.example@EVIL/x",
        "http://EVIL#@graph.example/x",
        "http://EVIL\t@graph.example/x",
        "http://EVIL/x",
    ],
)
def test_a_token_goes_to_its_interface_alone(address: str) -> None:
    other, graph = LittleServer({"/x": Answer("{}", "application/json")}), LittleServer()
    host, _, port = graph.address.rpartition(":")
    try:
        with (
            Guard({"graph.example": (host, int(port))}, (other.address,), 5.0) as guard,
            closing(Fetcher(guard, Pace(0, 60), 5.0)) as fetcher,
        ):
            api = Api("http://graph.example", fetcher, Pace(0, 60), SecretStr("secret"), lambda *_: None)
            assert not api.owns(address.replace("EVIL", other.address))
            with pytest.raises(ApiFailed):
                api.get(address.replace("EVIL", other.address))
    finally:
        other.close()
        graph.close()
    assert other.paths() == []
