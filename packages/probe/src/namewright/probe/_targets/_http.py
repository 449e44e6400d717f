"""A suggester behind `POST /v1/suggestions`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from namewright.probe._targets._reply import Reply
from namewright.shared import BadInputError
from namewright.shared.cli import progress

if TYPE_CHECKING:
    from collections.abc import Sequence

PATH = "/v1/suggestions"
_REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.CONFLICT,  # nothing satisfies the request
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
_TRIES_WHILE_BUSY = 5
_LONGEST_WAIT = 30.0
"""Seconds between two tries, whatever a Retry-After says."""
_UNTIL_IT_LISTENS_AGAIN = 0.5


@dataclass(frozen=True)
class HttpTarget:
    """Asks a server, a few requests at a time.

    Attributes:
        url: Where it listens, with or without the path.
        timeout: How many seconds one answer may take, from the first byte sent to the last one read.
        workers: How many requests are under way at once.
    """

    url: str
    timeout: float = 60.0
    workers: int = 2

    def __post_init__(self) -> None:
        """Look at the address.

        Raises:
            BadInputError: the address is none.
        """
        try:
            url = httpx.URL(self.url)
        except httpx.InvalidURL as error:
            raise BadInputError(f"--against: {self.url!r} is no address: {error}") from error
        if url.scheme not in {"http", "https"} or not url.host:
            raise BadInputError(
                f"--against: {self.url!r} is no address of a server; write it like http://localhost:8000"
            )

    def ask(self, bodies: Sequence[str]) -> list[Reply]:
        """Put requests to the server."""
        return asyncio.run(self._ask_all(bodies))

    async def _ask_all(self, bodies: Sequence[str]) -> list[Reply]:
        free = asyncio.Semaphore(self.workers)
        is_here = httpx.URL(self.url).host in {"localhost", "127.0.0.1", "::1"}

        async def one(body: str) -> Reply:
            async with free:
                return await self._ask_one(client, body)

        async with httpx.AsyncClient(timeout=None, trust_env=not is_here) as client:  # noqa: S113 - see _ask_one
            running = [asyncio.create_task(one(body)) for body in bodies]
            for done in progress(asyncio.as_completed(running), total=len(running), label="asked"):
                await done
        return [task.result() for task in running]

    async def _ask_one(self, client: httpx.AsyncClient, body: str) -> Reply:
        """Ask until there is a reply: a server that is busy for some time again, and once more one that is not there."""
        wait = 1.0
        for attempt in range(_TRIES_WHILE_BUSY):
            try:
                async with asyncio.timeout(self.timeout):  # httpx bounds each read alone, and an answer may drip
                    got = await client.post(
                        self._address, content=body.encode(), headers={"content-type": "application/json"}
                    )
            except TimeoutError:
                return Reply("timeout", f"no answer within {self.timeout:g} s")
            except httpx.ConnectError as error:
                if attempt:
                    return Reply("failed", f"{self._address}: nobody answers there ({error}); is it running?")
                await asyncio.sleep(_UNTIL_IT_LISTENS_AGAIN)
            except httpx.HTTPError as error:
                return Reply("failed", f"{type(error).__name__}: {error}")
            else:
                if got.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                    return _reply(got)
                if attempt + 1 < _TRIES_WHILE_BUSY:
                    await asyncio.sleep(_retry_after(got, wait))
                wait *= 2
        return Reply("timeout", "no answer: too many requests, however long it waits", got.status_code)

    @property
    def _address(self) -> str:
        return self.url.rstrip("/").removesuffix(PATH) + PATH


def _reply(got: httpx.Response) -> Reply:
    text = got.content.decode("utf-8", "backslashreplace")
    if got.status_code == HTTPStatus.OK:
        return Reply("answered", text, got.status_code)
    return Reply("refused" if got.status_code in _REFUSALS else "failed", text, got.status_code)


def _retry_after(got: httpx.Response, otherwise: float) -> float:
    """Read how long the server asks to wait, in seconds (RFC 9110, 10.2.3); it may also be a date, or nonsense."""
    try:
        asked = float(got.headers.get("retry-after", ""))
    except ValueError:
        asked = otherwise
    return min(asked, _LONGEST_WAIT) if asked >= 0 else otherwise
