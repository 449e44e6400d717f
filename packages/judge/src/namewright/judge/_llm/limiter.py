"""How many calls may be in flight: as many as the server bears."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_TOO_MANY = {429, 503}


class AdaptiveLimiter:
    """A semaphore whose size follows the server: halved when it says 429 or 503, one more for each full round of success.

    Additive increase, multiplicative decrease (Chiu and Jain 1989), as TCP shares a line. It starts at the most that the user
    allows, since a server that bears it should not be made to wait; all refusals of one round halve it only once.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = most
        self._in_flight = 0
        self._successes = 0
        self._round = 0
        self._free = asyncio.Condition()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[int]:
        """Wait for a place; gives the round in which it was taken."""
        async with self._free:
            await self._free.wait_for(lambda: self._in_flight < self.limit)
            self._in_flight += 1
            taken = self._round
        try:
            yield taken
        finally:
            async with self._free:
                self._in_flight -= 1
                self._free.notify_all()

    def succeeded(self) -> None:
        """A call came back well."""
        self._successes += 1
        if self._successes >= self.limit and self.limit < self.most:
            self._successes = 0
            self.limit += 1

    def refused(self, taken: int, status: int) -> None:
        """The server answered with an error; `taken` is the round of that call. Only 429 and 503 mean too many."""
        if status in _TOO_MANY and taken == self._round:
            self._round += 1
            self._successes = 0
            self.limit = max(1, self.limit // 2)
