"""What judging may cost, and what it has cost."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from namewright.judge._llm.prompt import schema_characters
from namewright.judge.records import Spending

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHARACTERS_A_TOKEN = 3.0
"""English has four or more; three errs on the dear side, which is the right one for an estimate."""
_WORST = 1.5
"""What is set aside for a call: two characters a token, denser than any text that we send. The reply has a hard limit."""
_TOKENS_A_NAME = 60
"""One entry of a reply: an index, three scores, a reason of ten words, and the JSON around them."""
MOST_TOKENS_A_NAME = 120


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars for a million tokens, in and out, and the most that may be spent in one job (None for no limit)."""

    prompt: float = 0.0
    completion: float = 0.0
    cap: float | None = None


class Tokens(NamedTuple):
    """Tokens in and out."""

    prompt: int
    completion: int


class BudgetReachedError(Exception):
    """The next call could go over the cap."""


class Budget:
    """Counts tokens and money; reserves a call's worst case before it is made, so that a cap holds under concurrency."""

    def __init__(self, prices: Prices) -> None:
        self.prices = prices
        self.calls = self.cached = self.retries = self.prompt_tokens = self.completion_tokens = 0
        self._reserved: list[Tokens] = []
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def spending(self) -> Spending:
        """What has been spent so far."""
        return Spending(
            calls=self.calls,
            cached=self.cached,
            retries=self.retries,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            dollars=round(self.dollars, 6),
        )

    @property
    def dollars(self) -> float:
        """Money spent so far."""
        return self._cost(self.prompt_tokens, self.completion_tokens)

    def estimate(self, messages: Sequence[dict[str, str]], names: int) -> float:
        """Estimate what a call costs, in dollars."""
        return self._cost(self.estimate_tokens(messages, names), _TOKENS_A_NAME * names)

    @staticmethod
    def estimate_tokens(messages: Sequence[dict[str, str]], names: int) -> int:
        """Estimate the tokens of a prompt, the schema with it."""
        characters = sum(len(message["content"]) + 20 for message in messages) + schema_characters(names)
        return int(characters / _CHARACTERS_A_TOKEN)

    async def reserve(self, messages: Sequence[dict[str, str]], names: int) -> Tokens:
        """Set a call's worst case aside; calls in flight are waited for where they could leave enough.

        Raises:
            BudgetReachedError: with it, the cap could be passed, whatever the calls in flight come to.
        """
        worst = Tokens(math.ceil(_WORST * self.estimate_tokens(messages, names)), MOST_TOKENS_A_NAME * names + 100)
        cap = self.prices.cap
        while cap is not None and self.dollars + sum(map(self._price, self._reserved)) + self._price(worst) > cap:
            if not self._reserved:
                msg = f"the cap of ${cap:g} is reached (${self.dollars:.4f} spent)"
                raise BudgetReachedError(msg)
            settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(settled)
            await settled
        self._reserved.append(worst)
        return worst

    def settle(self, reserved: Tokens, used: Tokens | None) -> None:
        """Put what a call took in the place of what was set aside; None where nobody knows, which counts as the worst."""
        self._reserved.remove(reserved)
        prompt, completion = reserved if used is None else used
        self.prompt_tokens += prompt
        self.completion_tokens += completion
        waiting, self._waiting = self._waiting, []
        for settled in waiting:
            if not settled.done():
                settled.set_result(None)

    def _price(self, tokens: Tokens) -> float:
        return self._cost(*tokens)

    def _cost(self, prompt_tokens: float, completion_tokens: float) -> float:
        return (prompt_tokens * self.prices.prompt + completion_tokens * self.prices.completion) / 1e6
