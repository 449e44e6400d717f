"""The LLM judge: asks a model for each answer's names, and knows what to do when it does not get a reply."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from openai import APIStatusError, AsyncOpenAI, DefaultAioHttpClient, OpenAIError

from namewright.judge._llm.budget import MOST_TOKENS_A_NAME, Budget, BudgetReachedError, Prices, Tokens
from namewright.judge._llm.cache import ReplyCache
from namewright.judge._llm.limiter import AdaptiveLimiter
from namewright.judge._llm.prompt import messages, order_of, prompt_hash, response_format
from namewright.judge._llm.reply import UnusableReplyError, Verdict, read_completion, read_reply
from namewright.judge._scoring.fingerprint import make_card
from namewright.judge._scoring.judges import NamesTask, NamesVerdict
from namewright.judge._scoring.rubric import Rubric, name_score
from namewright.judge.records import JudgeCard, NameCriterion, NameScore, Spending
from namewright.shared import BadInputError, NamewrightError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from httpx2 import AsyncClient

_HOPELESS = {401, 403, 404}
_FINAL = {400, 413, 422}
"""The request itself is at fault: asked again, it would be refused again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an LLM is asked.

    Attributes:
        model: The model's name at the server.
        cache: Folder of the replies that have been paid for.
        seed: Shuffles the names, and is handed to the server.
        logprobs: Whether to ask for log probabilities (some servers refuse such a call).
        in_flight: The most calls at a time.
        attempts: How often one call is tried.
        timeout: Seconds until a call counts as failed, from the first byte sent to the last one read.
        backoff: Seconds before the second attempt, doubled for each further one; a Retry-After stands over it.
        prices: Prices and the cap.
    """

    model: str
    cache: Path
    seed: int = 42
    logprobs: bool = True
    in_flight: int = 16
    attempts: int = 5
    timeout: float = 60.0
    backoff: float = 1.0
    prices: Prices = field(default_factory=Prices)


@dataclass(frozen=True, slots=True)
class _Call:
    """A task with what is said about it and the key of its reply."""

    task: NamesTask
    said: list[dict[str, str]]
    key: str


class LLMJudge:
    """Scores names by asking a model. What it cannot get is unscored, never 0.

    The server and the key are read from OPENAI_BASE_URL and OPENAI_API_KEY by the SDK.

    Raises:
        BadInputError: there is no key.
    """

    def __init__(self, settings: Settings, rubric: Rubric, *, announce: Callable[[str], None] = lambda _: None) -> None:
        self.settings = settings
        self.rubric = rubric
        self._announce = announce
        self._budget = Budget(settings.prices)
        self._server = str(self._client().base_url)
        self._cache = ReplyCache(settings.cache, self.card.fingerprint)

    @cached_property
    def card(self) -> JudgeCard:
        """Say who judges."""
        settings = self.settings
        return make_card(
            kind="openai",
            model=settings.model,
            rubric=self.rubric,
            parameters={
                "temperature": 0,
                "seed": settings.seed,
                "logprobs": settings.logprobs,
                "prompt": prompt_hash(),
                "server": self._server,
            },
            folders=("_llm",),
        )

    @property
    def spending(self) -> Spending:
        """What has been spent so far."""
        return self._budget.spending

    def judge(self, tasks: Sequence[NamesTask], *, on_done: Callable[[], None] = lambda: None) -> list[NamesVerdict]:
        """Score each task's names, many at a time.

        Raises:
            BadInputError: the estimate is over the cap.
            NamewrightError: the server refuses the key or does not know the model.
        """
        calls = [self._prepare(task) for task in tasks]
        self._estimate(calls)
        return asyncio.run(self._judge_all(calls, on_done))

    def _prepare(self, task: NamesTask) -> _Call:
        said = messages(task, self.settings.seed)
        return _Call(task, said, self._cache.key(said))

    def _estimate(self, calls: Sequence[_Call]) -> None:
        new = [call for call in calls if self._cache.get(call.key) is None]
        if not new:
            return
        dollars = sum(self._budget.estimate(call.said, len(call.task.domains)) for call in new)
        tokens = sum(self._budget.estimate_tokens(call.said, len(call.task.domains)) for call in new)
        spent = self._budget.dollars
        self._announce(
            f"{len(new):,} calls to {self.settings.model} ({len(calls) - len(new):,} are in the cache), "
            f"about {tokens:,} prompt tokens, ${dollars:.4f}"
        )
        cap = self.settings.prices.cap
        if cap is not None and spent + dollars > cap:
            so_far = f"${spent:.4f} are spent and nothing more" if spent else "nothing"
            msg = f"judging would cost about ${dollars:.4f}, and --max-dollars allows ${cap:g}: {so_far} was asked"
            raise BadInputError(msg)

    async def _judge_all(self, calls: Sequence[_Call], on_done: Callable[[], None]) -> list[NamesVerdict]:
        limiter = AdaptiveLimiter(self.settings.in_flight)
        jitter = random.Random(self.settings.seed)

        async def one(call: _Call) -> NamesVerdict:
            verdict = await self._judge_one(client, limiter, jitter, call)
            on_done()
            return verdict

        async with self._client(DefaultAioHttpClient()) as client:
            try:
                async with asyncio.TaskGroup() as group:
                    running = [group.create_task(one(call)) for call in calls]
            except ExceptionGroup as errors:  # what `except*` raises is a group again in some releases of Python 3.11
                if not isinstance(errors.exceptions[0], NamewrightError):
                    raise
                raise errors.exceptions[0] from None
        return [done.result() for done in running]

    async def _judge_one(
        self, client: AsyncOpenAI, limiter: AdaptiveLimiter, jitter: random.Random, call: _Call
    ) -> NamesVerdict:
        if (known := self._cache.get(call.key)) is not None:
            self._budget.cached += 1
            return self._verdict(call.task, known)
        reason = "never asked"
        for attempt in range(self.settings.attempts):
            self._budget.retries += attempt > 0
            wait = self.settings.backoff * 2**attempt * (0.75 + 0.5 * jitter.random())
            async with limiter.place() as taken:
                try:
                    verdicts = await self._ask(client, call.said, len(call.task.domains))
                except BudgetReachedError as error:
                    return NamesVerdict(unscored=str(error))
                except UnusableReplyError as error:
                    reason = str(error)
                except APIStatusError as error:
                    reason = f"the server answered {error.status_code}: {error.message[:160]}"
                    self._stop_if_hopeless(error)
                    if error.status_code in _FINAL:
                        return NamesVerdict(unscored=reason)
                    limiter.refused(taken, error.status_code)
                    wait = _retry_after(error) or wait
                except (OpenAIError, TimeoutError) as error:
                    reason = f"no reply: {type(error).__name__}"
                else:
                    limiter.succeeded()
                    self._cache.put(call.key, verdicts)
                    return self._verdict(call.task, verdicts)
            await asyncio.sleep(wait if attempt + 1 < self.settings.attempts else 0)
        return NamesVerdict(unscored=f"{reason} (tried {self.settings.attempts} times)")

    async def _ask(self, client: AsyncOpenAI, said: list[dict[str, str]], count: int) -> list[Verdict]:
        reserved = await self._budget.reserve(said, count)
        used = None  # what a call took that brought no count of it, or was given up, nobody knows
        try:
            # The SDK's `chat.completions.create` walks the whole schema and models the whole reply anew for each call: two
            # thirds of its processor time. `post` keeps what we want of it: address, key, timeout, errors.
            # Its timeout is for one read, and a reply may drip.
            async with asyncio.timeout(self.settings.timeout):
                body = await client.post("/chat/completions", cast_to=str, body=self._body(said, count))
            completion = read_completion(body)
            if completion.usage:
                used = Tokens(completion.usage.prompt_tokens, completion.usage.completion_tokens)
            return read_reply(completion, count)
        except OpenAIError as error:
            if _is_unpaid(error):
                used = Tokens(0, 0)
            raise
        finally:
            self._budget.calls += 1
            self._budget.settle(reserved, used)

    def _body(self, said: list[dict[str, str]], count: int) -> dict[str, Any]:
        body = {
            "model": self.settings.model,
            "messages": said,
            "response_format": response_format(count),
            "temperature": 0,
            "seed": self.settings.seed,
            "max_tokens": MOST_TOKENS_A_NAME * count + 100,
        }
        return body | ({"logprobs": True, "top_logprobs": 8} if self.settings.logprobs else {})

    def _verdict(self, task: NamesTask, verdicts: list[Verdict]) -> NamesVerdict:
        names: dict[int, NameScore] = {}
        for place, verdict in zip(order_of(task, self.settings.seed), verdicts, strict=True):
            scores: dict[NameCriterion, float] = verdict.scores
            reasons = (verdict.reason,) if verdict.reason else ()
            names[place] = NameScore(
                domain=task.domains[place], score=name_score(self.rubric, scores), reasons=reasons, **scores
            )
        return NamesVerdict(names=tuple(names[place] for place in range(len(task.domains))))

    def _stop_if_hopeless(self, error: APIStatusError) -> None:
        if error.status_code in _HOPELESS:
            msg = (
                f"{self._server} answered {error.status_code} ({error.message[:160]}): check OPENAI_API_KEY, "
                f"OPENAI_BASE_URL and the model's name {self.settings.model!r}"
            )
            raise NamewrightError(msg)

    def _client(self, http_client: AsyncClient | None = None) -> AsyncOpenAI:
        try:
            return AsyncOpenAI(max_retries=0, timeout=self.settings.timeout, http_client=http_client)
        except OpenAIError as error:
            msg = f"no LLM judge without OPENAI_API_KEY (any text will do for a server that wants none): {error}"
            raise BadInputError(msg) from error


def _is_unpaid(error: OpenAIError) -> bool:
    """Say whether a call surely cost nothing: the server answered with an error, or was never reached.

    What ails a connection is told by aiohttp alone: above it, a server that hung up and one that is not there look alike.
    Of its errors only ClientConnectorError, a connection that was never made, has an `os_error`.
    """
    at_the_socket = error.__cause__ and error.__cause__.__cause__
    return isinstance(error, APIStatusError) or hasattr(at_the_socket, "os_error")


def _retry_after(error: APIStatusError) -> float | None:
    """Read how long the server asks to wait: seconds (RFC 9110, 10.2.3), at most two minutes."""
    try:
        return min(120.0, max(0.0, float(error.response.headers.get("retry-after", ""))))
    except ValueError:
        return None
