"""The guard over HTTP."""

import httpx
import pytest

from namewright.guard import Guard
from namewright.guard._service import make_app


@pytest.fixture
def ask():
    transport = httpx.ASGITransport(app=make_app(Guard()))

    def call(method, path, **kwargs):
        import asyncio

        async def go():
            async with httpx.AsyncClient(transport=transport, base_url="http://guard") as client:
                return await client.request(method, path, **kwargs)

        return asyncio.run(go())

    return call


def test_one_text_and_a_list(ask):
    assert ask("POST", "/v1/check", json={"text": "guns for kids"}).json()["blocked"] is True
    results = ask("POST", "/v1/check", json={"text": ["coffee", "fake passports"]}).json()["results"]
    assert [result["blocked"] for result in results] == [False, True]


@pytest.mark.parametrize("body", [b"", b"{", b'{"text": 7}', b"[1]", b'{"text": ["a", 2]}', b"\xff", b"[" * 100_000])
def test_a_bad_body_is_refused_with_a_reason(ask, body):
    answer = ask("POST", "/v1/check", content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_health_readiness_and_metrics(ask):
    assert ask("GET", "/healthz").json() == {"status": "ok"}
    assert ask("GET", "/readyz").json()["ready"] is True
    ask("POST", "/v1/check", json={"text": "fake passports"})
    text = ask("GET", "/metrics").text
    assert 'guard_checks_total{decision="blocked",category="illegal"} 1' in text
    assert 'guard_check_seconds_bucket{le="+Inf"} 1' in text
