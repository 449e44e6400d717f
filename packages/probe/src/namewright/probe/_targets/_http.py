"""A suggester behind `POST /v1/suggestions`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

import httpx

from namewright.probe._targets._reply import Reply
from namewright.shared import BadInputError, NamewrightError
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


@dataclass
class HttpTarget:
    """Asks a server, a few requests at a time.

    Attributes:
        url: Where it listens, with or without the path.
        timeout: How many seconds one answer may take.
        workers: How many requests are under way at once.
    """

    url: str
    timeout: float = 60.0
    workers: int = 2
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the connections.

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
        self.url = self.url.rstrip("/").removesuffix(PATH) + PATH
        self._client = httpx.Client(timeout=self.timeout, trust_env=url.host not in {"localhost", "127.0.0.1", "::1"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, bodies: Sequence[str]) -> list[Reply]:
        """Put requests to the server."""
        with ThreadPoolExecutor(self.workers) as pool:
            return list(progress(pool.map(self._ask_one, bodies), total=len(bodies), label="asked"))

    def _ask_one(self, body: str) -> Reply:
        try:
            got = self._client.post(self.url, content=body.encode(), headers={"content-type": "application/json"})
        except httpx.TimeoutException:
            return Reply("timeout", f"no answer within {self.timeout:g} s")
        except (httpx.ConnectError, httpx.UnsupportedProtocol) as error:
            raise NamewrightError(f"{self.url}: nobody answers there ({error}); is it running?") from error
        except httpx.HTTPError as error:
            return Reply("failed", f"{type(error).__name__}: {error}")
        text = got.content.decode("utf-8", "backslashreplace")
        if got.status_code == HTTPStatus.NOT_FOUND:
            raise NamewrightError(f"{self.url}: the server there has no {PATH} (404)")
        if got.status_code == HTTPStatus.OK:
            return Reply("answered", text, got.status_code)
        return Reply("refused" if got.status_code in _REFUSALS else "failed", text, got.status_code)
