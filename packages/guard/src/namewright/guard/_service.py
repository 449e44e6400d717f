"""`guard serve`: the guard as a sidecar, over HTTP."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from namewright.shared.jsonl import refuse_twins

if TYPE_CHECKING:
    from starlette.requests import Request

    from namewright.guard._guard import Guard
    from namewright.guard._result import GuardResult

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

    def count(self, result: GuardResult, seconds: float) -> None:
        """Count one check, which took so long."""
        self.checks["blocked" if result.blocked else "allowed", result.category] += 1
        self.seconds += seconds
        self.failures += result.execution_failed
        for limit in _BUCKETS:
            self.buckets[limit] += seconds <= limit

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

    def judge(texts: list[str]) -> list[tuple[GuardResult, float]]:
        judged = []
        for text in texts:
            started = time.perf_counter()
            judged.append((guard.check(text), time.perf_counter() - started))
        return judged

    async def check(request: Request) -> Response:
        try:
            texts = _read(await _body(request))
        except BadRequestError as error:
            metrics.bad_requests += 1
            return JSONResponse({"error": str(error)}, status_code=422)
        listed = [texts] if isinstance(texts, str) else texts
        judged = await run_in_threadpool(judge, listed)  # so that a long list keeps nobody else waiting
        for result, seconds in judged:
            metrics.count(result, seconds)
        results = [result.to_dict() for result, _ in judged]
        return JSONResponse(results[0] if isinstance(texts, str) else {"results": results})

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        ready = not any(guard.check(text).execution_failed for text in ("guns for kids", "coffee shop"))
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
        value = json.loads(body, object_pairs_hook=refuse_twins)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"the body cannot be read: {error}") from error
    if isinstance(value, dict) and len({"text", "texts"}.intersection(value)) > 1:
        raise BadRequestError("give text or texts, not both")
    texts = value.get("text", value.get("texts")) if isinstance(value, dict) else value
    if isinstance(texts, str):
        return texts
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadRequestError('give {"text": "..."} or {"text": ["...", "..."]}')
    if len(texts) > MAX_TEXTS:
        raise BadRequestError(f"at most {MAX_TEXTS:,} texts at once, not {len(texts):,}")
    return texts
