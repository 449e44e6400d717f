"""`guard serve`: the guard as a sidecar, over HTTP."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from namewright.guard._guard import Guard

MAX_BODY_BYTES = 4_000_000
MAX_TEXTS = 1_000
_BUCKETS = (0.0001, 0.0005, 0.001, 0.005, 0.02, 0.1, 1.0)


@dataclass(slots=True)
class Metrics:
    """What the service has done, as Prometheus reads it."""

    checks: Counter[tuple[str, str]] = field(default_factory=Counter)
    buckets: Counter[float] = field(default_factory=Counter)
    seconds: float = 0.0
    failures: int = 0
    bad_requests: int = 0

    def text(self) -> str:
        """Write the Prometheus text format (version 0.0.4)."""
        lines = ["# TYPE guard_checks_total counter"]
        lines += [
            f'guard_checks_total{{decision="{decision}",category="{category}"}} {count}'
            for (decision, category), count in sorted(self.checks.items())
        ]
        total = sum(self.checks.values())
        lines.append("# TYPE guard_check_seconds histogram")
        lines += [f'guard_check_seconds_bucket{{le="{limit}"}} {self.buckets[limit]}' for limit in _BUCKETS]
        lines += [
            f'guard_check_seconds_bucket{{le="+Inf"}} {total}',
            f"guard_check_seconds_sum {self.seconds:.6f}",
            f"guard_check_seconds_count {total}",
            "# TYPE guard_execution_failures_total counter",
            f"guard_execution_failures_total {self.failures}",
            "# TYPE guard_bad_requests_total counter",
            f"guard_bad_requests_total {self.bad_requests}",
        ]
        return "\n".join(lines) + "\n"


class BadRequestError(ValueError):
    """What came in cannot be checked; the message says why."""


def make_app(guard: Guard) -> Starlette:
    """Make the ASGI application around a guard, which several requests share."""
    metrics = Metrics()

    def judge(text: str) -> dict[str, Any]:
        started = time.perf_counter()
        result = guard.check(text)
        seconds = time.perf_counter() - started
        metrics.checks["blocked" if result.blocked else "allowed", result.category] += 1
        metrics.seconds += seconds
        metrics.failures += result.execution_failed
        for limit in _BUCKETS:
            metrics.buckets[limit] += seconds <= limit
        return result.to_dict()

    async def check(request: Request) -> Response:
        try:
            texts = _read(await _body(request))
        except BadRequestError as error:
            metrics.bad_requests += 1
            return JSONResponse({"error": str(error)}, status_code=422)
        if isinstance(texts, str):
            return JSONResponse(judge(texts))
        return JSONResponse({"results": [judge(text) for text in texts]})

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        ready = guard.check("guns for kids").blocked and not guard.check("coffee shop").execution_failed
        return JSONResponse({"ready": ready, "policy": guard.policy_version}, status_code=200 if ready else 503)

    async def show_metrics(_request: Request) -> Response:
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")

    return Starlette(
        routes=[
            Route("/v1/check", check, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", show_metrics),
        ]
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadRequestError(f"the body is larger than {MAX_BODY_BYTES:,} bytes")
    return bytes(body)


def _read(body: bytes) -> str | list[str]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"the body is not JSON: {error}") from error
    texts = value.get("text", value.get("texts")) if isinstance(value, dict) else value
    if isinstance(texts, str):
        return texts
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadRequestError('give {"text": "..."} or {"text": ["...", "..."]}')
    if len(texts) > MAX_TEXTS:
        raise BadRequestError(f"at most {MAX_TEXTS:,} texts at once, not {len(texts):,}")
    return texts
