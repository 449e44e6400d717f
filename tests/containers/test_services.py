"""The guard and the API as services: healthy, right, and gone within ten seconds when they are told to stop."""

from __future__ import annotations

import time

import httpx
import pytest

from .engine import inspect


@pytest.fixture(scope="module")
def services(line, compose, settings):
    """Both services, started as `docker compose up -d` does; gives a client for each."""
    compose.ok("up", "--detach", "--wait", "guard", "api", timeout=420)
    with (
        httpx.Client(base_url=f"http://127.0.0.1:{settings['NAMEWRIGHT_GUARD_PORT']}", timeout=60) as guard,
        httpx.Client(base_url=f"http://127.0.0.1:{settings['NAMEWRIGHT_API_PORT']}", timeout=120) as api,
    ):
        yield {"guard": guard, "api": api}


@pytest.mark.parametrize("name", ["guard", "api"])
def test_it_is_healthy(services, compose, name):
    assert services[name].get("/healthz").status_code == 200
    container = compose.ok("ps", "--quiet", name).strip()
    assert inspect(container)["State"]["Health"]["Status"] == "healthy"
    assert inspect(container)["HostConfig"]["ReadonlyRootfs"]


def test_the_guard_is_ready_and_counts(services):
    assert services["guard"].get("/readyz").status_code == 200
    assert services["guard"].get("/metrics").status_code == 200


@pytest.mark.parametrize(("text", "blocked"), [("guns for kids", True), ("gun-dog training in Kent", False)])
def test_the_guard_answers(services, text, blocked):
    answer = services["guard"].post("/v1/check", json={"text": text})
    assert answer.status_code == 200
    assert answer.json()["blocked"] is blocked


def test_the_api_suggests_names(services):
    answer = services["api"].post(
        "/v1/suggestions", json={"description": "a bakery in Lyon", "tlds": ["com", "fr"], "count": 2}
    )
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "suggestions"}
    assert answer.json()["status"] == "success"


def test_the_api_blocks_an_unsafe_request(services):
    answer = services["api"].post("/v1/suggestions", json={"description": "guns for kids"})
    assert answer.json() == {
        "status": "blocked",
        "message": "Request contains inappropriate content",
        "suggestions": [],
    }


def test_the_probe_reaches_the_api(services, compose):
    done = compose(
        "run", "--rm", "-T", "probe", "run", "--against", "http://api:8080", "--mutators", "invalid", "--budget", "3",
        "--minimise", "0", "--run", "smoke",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["guard", "api"])
def test_it_stops_within_ten_seconds(services, compose, name):
    container = compose.ok("ps", "--quiet", name).strip()
    began = time.monotonic()
    compose.ok("stop", "--timeout", "60", name)
    assert time.monotonic() - began < 10
    assert inspect(container)["State"]["ExitCode"] in {0, 143}
