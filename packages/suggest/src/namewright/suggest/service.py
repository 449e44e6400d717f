"""The HTTP service: `POST /v1/suggestions` takes a Request and answers in the I/O schema.

Bad input is answered with 422 and the fields that are wrong, a request that no name satisfies with 409, and
everything unforeseen with 500 and no detail. `GET /healthz` says that the process lives and its model is loaded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from namewright.shared import Request
from namewright.suggest.errors import NoNameError

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

    from namewright.suggest.suggester import Suggester

MAX_BODY_BYTES = 64_000
"""A Request with 4,000 characters of description, each four bytes and escaped, is well below."""


def make_app(suggester: Suggester, *, model: str) -> Starlette:
    """Make the ASGI application around a suggester. The model answers one request at a time; others wait."""
    one_at_a_time = anyio.CapacityLimiter(1)

    async def suggestions(http: HttpRequest) -> JSONResponse:
        body = bytearray()
        async for chunk in http.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return _problem(413, [{"field": "body", "message": f"more than {MAX_BODY_BYTES:,} bytes"}])
        try:
            request = Request.model_validate(json.loads(body.decode("utf-8")))
        except ValidationError as error:
            return _problem(
                422,
                [
                    {"field": ".".join(map(str, e["loc"])) or "body", "message": e["msg"].removeprefix("Value error, ")}
                    for e in error.errors(include_url=False)
                ],
            )
        except (ValueError, RecursionError) as error:
            return _problem(422, [{"field": "body", "message": f"not JSON: {error}"}])
        try:
            response = await anyio.to_thread.run_sync(suggester.suggest, request, limiter=one_at_a_time)
        except NoNameError as error:
            return _problem(409, [{"field": "request", "message": str(error)}])
        return JSONResponse(response.model_dump(mode="json"))

    async def healthz(_: HttpRequest) -> JSONResponse:
        return JSONResponse({"status": "ok", "model": model})

    return Starlette(
        routes=[
            Route("/v1/suggestions", suggestions, methods=["POST"]),
            Route("/healthz", healthz, methods=["GET"]),
        ],
    )


def _problem(status: int, errors: list[dict[str, Any]]) -> JSONResponse:
    return JSONResponse({"errors": errors}, status_code=status)
