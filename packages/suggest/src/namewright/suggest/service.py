"""The HTTP service: `POST /v1/suggestions` takes a Request and answers in the I/O schema.

Bad input is answered with 422 and the fields that are wrong, a request that no name satisfies with 409, one before
which too many others wait with 503, and everything unforeseen with 500 and no detail. `GET /healthz` says that the
process lives and its model is loaded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.routing import Route

from namewright.shared import Request
from namewright.shared.jsonl import FieldError, refuse_constant, refuse_twins
from namewright.suggest.errors import NoNameError

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest

    from namewright.suggest.suggester import Suggester

MAX_BODY_BYTES = 64_000
"""A Request with 4,000 characters of description, each four bytes and escaped, is well below."""
MAX_WAITING = 32
"""Requests that wait for the model; a few seconds each, so whoever comes after them would wait for minutes."""
_CLIENT_LEFT = 499
"""nginx's status for a client that left; nobody sees it."""


class _RefusedError(Exception):
    """A request that is not answered: the status, and which fields are to blame for what."""

    def __init__(self, status: int, *problems: tuple[str, str]) -> None:
        self.status = status
        self.errors = [{"field": field, "message": message} for field, message in problems]


def make_app(suggester: Suggester, *, model: str) -> Starlette:
    """Make the ASGI application around a suggester. The model answers one request at a time; others wait."""
    one_at_a_time = anyio.CapacityLimiter(1)

    async def suggestions(http: HttpRequest) -> JSONResponse:
        request = _parse(await _body(http))
        if one_at_a_time.statistics().tasks_waiting >= MAX_WAITING:
            raise _RefusedError(503, ("request", f"{MAX_WAITING} others wait already; try again later"))
        async with one_at_a_time:
            if await http.is_disconnected():
                raise ClientDisconnect
            try:
                response = await anyio.to_thread.run_sync(suggester.suggest, request)
            except NoNameError as error:
                raise _RefusedError(409, ("request", str(error))) from error
        return JSONResponse(response.model_dump(mode="json"))

    async def healthz(_: HttpRequest) -> JSONResponse:
        return JSONResponse({"status": "ok", "model": model})

    return Starlette(
        routes=[
            Route("/v1/suggestions", suggestions, methods=["POST"]),
            Route("/healthz", healthz, methods=["GET"]),
        ],
        exception_handlers={_RefusedError: _answer_refused, ClientDisconnect: _answer_nobody},
    )


async def _body(http: HttpRequest) -> bytes:
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _RefusedError(413, ("body", f"more than {MAX_BODY_BYTES:,} bytes"))
    return bytes(body)


def _parse(body: bytes) -> Request:
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=refuse_twins, parse_constant=refuse_constant)
        return Request.model_validate(value)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        found = [(".".join(map(str, p["loc"])) or "body", p["msg"].removeprefix("Value error, ")) for p in problems]
        raise _RefusedError(422, *found) from error
    except FieldError as error:
        raise _RefusedError(422, (error.field, str(error))) from error
    except (ValueError, RecursionError) as error:
        raise _RefusedError(422, ("body", f"not JSON: {error}")) from error


def _answer_refused(_: HttpRequest, error: Exception) -> JSONResponse:
    assert isinstance(error, _RefusedError)
    return JSONResponse({"errors": error.errors}, status_code=error.status)


def _answer_nobody(_: HttpRequest, _error: Exception) -> JSONResponse:
    return JSONResponse({"errors": []}, status_code=_CLIENT_LEFT)
