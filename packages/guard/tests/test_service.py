"""The guard over HTTP."""

import asyncio
import threading

import httpx
import pytest

from namewright.guard import Guard, Policy
from namewright.guard._service import make_app


@pytest.fixture
def ask():
    return asker(make_app(Guard()))


def asker(app):
    transport = httpx.ASGITransport(app=app)

    def call(method, path, **kwargs):
        async def go():
            async with httpx.AsyncClient(transport=transport, base_url="http://guard") as client:
                return await client.request(method, path, **kwargs)

        return asyncio.run(go())

    return call


def test_one_text_and_a_list(ask):
    assert ask("POST", "/v1/check", json={"text": "guns for kids"}).json()["blocked"] is True
    results = ask("POST", "/v1/check", json={"text": ["coffee", "fake passports"]}).json()["results"]
    assert [result["blocked"] for result in results] == [False, True]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"text": 7}',
        b"[1]",
        b'{"text": ["a", 2]}',
        b"\xff",
        b"[" * 100_000,
        b'{"text": "a", "text": "b"}',
        b'{"text": "a", "texts": ["b"]}',
    ],
)
def test_a_bad_body_is_refused_with_a_reason(ask, body):
    answer = ask("POST", "/v1/check", content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]


@pytest.mark.parametrize("policy", [Policy(thresholds={"weapons_minors": 1.01}), Policy(allow=("guns for kids",))])
def test_a_guard_is_ready_whatever_its_policy_lets_pass(policy):
    assert asker(make_app(Guard(policy)))("GET", "/readyz").json()["ready"] is True


def test_a_guard_that_fails_is_not_ready():
    answer = asker(make_app(Guard(model=object())))("GET", "/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_a_long_list_keeps_nobody_waiting():
    """While one request is judged, another is answered."""

    class Slow(Guard):
        def check(self, text):
            judging.set()
            assert answered.wait(10)
            return super().check(text)

    judging, answered = threading.Event(), threading.Event()
    transport = httpx.ASGITransport(app=make_app(Slow()))

    async def go():
        async with httpx.AsyncClient(transport=transport, base_url="http://guard") as client:
            slow = asyncio.create_task(client.post("/v1/check", json={"text": "coffee"}))
            assert await asyncio.to_thread(judging.wait, 10)
            health = await client.get("/healthz")
            answered.set()
            return health.json(), (await slow).json()

    health, judged = asyncio.run(go())
    assert health == {"status": "ok"}
    assert judged["blocked"] is False


def test_health_readiness_and_metrics(ask):
    assert ask("GET", "/healthz").json() == {"status": "ok"}
    assert ask("GET", "/readyz").json()["ready"] is True
    ask("POST", "/v1/check", json={"text": "fake passports"})
    text = ask("GET", "/metrics").text
    assert 'guard_checks_total{decision="blocked",category="illegal"} 1' in text
    assert 'guard_check_seconds_bucket{le="+Inf"} 1' in text
