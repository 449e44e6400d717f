"""How many calls may be in flight: as many as the server bears."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_TOO_MANY = {429, 503}


_MOST_PATIENCE = 32


class AdaptiveLimiter:
    """A semaphore whose size follows the server: halved when it says 429 or 503, one more for each full round of success.

    Additive increase, multiplicative decrease (Chiu and Jain 1989), as TCP shares a line. It starts at the most that the user
    allows, since a server that bears it should not be made to wait; all refusals of one round count once. A size that a full
    round of calls has borne out is remembered: refused just above it, the limiter goes back to it instead of to the
    half, and tries the next size half as often (what TCP Vegas and CUBIC gain over halving).
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = most
        self._borne = 0
        self._patience = 1
        self._in_flight = 0
        self._successes = 0
        self._round = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[int]:
        """Wait for a place, first come, first served; gives the round in which it was taken."""
        if self._in_flight >= self.limit:
            await self._queue()
        else:
            self._in_flight += 1
        try:
            yield self._round
        finally:
            self._in_flight -= 1
            self._call_in()

    def succeeded(self) -> None:
        """A call came back well."""
        self._successes += 1
        if self._successes >= self.limit * self._patience and self.limit < self.most:
            self._successes = 0
            self._borne = self.limit
            self.limit += 1
            self._call_in()

    def refused(self, taken: int, status: int) -> None:
        """The server answered with an error; `taken` is the round of that call. Only 429 and 503 mean too many."""
        if status in _TOO_MANY and taken == self._round:
            self._round += 1
            self._successes = 0
            if 0 < self._borne < self.limit:
                self.limit = self._borne
                self._patience = min(_MOST_PATIENCE, 2 * self._patience)
            else:
                self.limit = max(1, self.limit // 2)
                self._patience = 1
            self._borne = 0

    async def _queue(self) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():  # called in and cancelled at once: the place is another's
                self._in_flight -= 1
                self._call_in()
            raise

    def _call_in(self) -> None:
        """Give free places to those who wait, and wake nobody else."""
        while self._waiting and self._in_flight < self.limit:
            called = self._waiting.popleft()
            if not called.done():
                self._in_flight += 1
                called.set_result(None)
