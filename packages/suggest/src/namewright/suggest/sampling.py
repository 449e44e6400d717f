"""Sampling a request's names: one prompt cache, many short completions, each constrained while it is written."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from llguidance import LLMatcher, LLParserLimits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llguidance import LLTokenizer

_LIMITS = LLParserLimits(initial_lexer_fuel=5_000_000, step_lexer_fuel=2_000_000)
"""What llguidance may spend on a grammar; its own defaults end at a few constraints together."""
_LONGEST_COMPLETION = 40
"""Tokens. A name needs about six; one that is longer than this is given up."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A finished completion.

    Attributes:
        text: What the model wrote.
        tokens: The same as token ids, EOS at their end.
        allowed: Its mean log probability a token among what the grammar allowed, in nats, at temperature 1.
        free: The same among all that the model might have said.
    """

    text: str
    tokens: tuple[int, ...]
    allowed: float
    free: float


@dataclass(slots=True)
class _Draft:
    """A completion in the making: its grammar's state, its tokens, and their summed log probabilities."""

    matcher: LLMatcher
    tokens: list[int] = field(default_factory=list)
    allowed: float = 0.0
    free: float = 0.0
    is_finished: bool = False

    def take(self, token: int, allowed: float, free: float, *, is_end: bool) -> None:
        self.tokens.append(token)
        self.allowed += allowed
        self.free += free
        self.is_finished = is_end
        if not is_end:
            self.matcher.consume_token(token)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prompt that the model has read.

    Attributes:
        length: Its tokens.
        cache: The model's key-value cache of it.
        logits: What the model would say next; shape (vocabulary,).
    """

    length: int
    cache: Any
    logits: torch.Tensor

    def probability(self, token: int) -> float:
        """Give the unconstrained probability that a token comes next."""
        return float(self.logits.float().softmax(-1)[token])


class Sampler:
    """Draws completions from a causal language model. Only new tokens are ever decoded."""

    def __init__(self, model: Any, tokenizer: Any, guide: LLTokenizer) -> None:  # noqa: ANN401 - transformers' own types are dynamic
        self._model, self._tokenizer, self._guide = model, tokenizer, guide

    @torch.inference_mode()
    def read(self, prompt: Sequence[int]) -> Prefix:
        """Let the model read a prompt (token ids) once, for any number of draws."""
        output = self._model(input_ids=self._tensor([list(prompt)]), use_cache=True, logits_to_keep=1)
        return Prefix(len(prompt), output.past_key_values, output.logits[0, -1])

    @torch.inference_mode()
    def draw(
        self,
        prefix: Prefix,
        grammar: str,
        *,
        count: int,
        temperature: float,
        generator: torch.Generator,
    ) -> list[Completion]:
        """Draw `count` completions, independently of each other; those that do not end in time are left out.

        Args:
            prefix: The prompt.
            grammar: What may be written, in llguidance's Lark dialect.
            count: How many; they are one batch.
            temperature: Divides the logits; 1 samples from the model as it is.
            generator: On the CPU, so that a seed means the same on every device.
        """
        end = self._tokenizer.eos_token_id
        cache = copy.deepcopy(prefix.cache)
        cache.batch_repeat_interleave(count)
        logits = prefix.logits.expand(count, -1)
        matcher = LLMatcher(self._guide, grammar, limits=_LIMITS, log_level=0)
        if matcher.is_error():
            raise ValueError(f"grammar: {matcher.get_error()}")
        drafts = [_Draft(matcher.deep_copy()) for _ in range(count)]
        alive = drafts
        for step in range(_LONGEST_COMPLETION):
            free = logits.float().cpu()
            allowed = free.masked_fill(~_allowed(alive, free.shape[-1]), -torch.inf)
            drawn = _draw_one((allowed / temperature).softmax(-1), generator)
            gains = [scores.log_softmax(-1).gather(-1, drawn)[:, 0].tolist() for scores in (allowed, free)]
            drawn_ids = drawn[:, 0].tolist()
            for draft, token, gained, gained_free in zip(alive, drawn_ids, *gains, strict=True):
                draft.take(token, gained, gained_free, is_end=token == end)
            going_on = [row for row, token in enumerate(drawn_ids) if token != end]
            if not going_on:
                break
            if len(going_on) < len(alive):
                alive = [alive[row] for row in going_on]
                cache.batch_select_indices(torch.tensor(going_on, device=self._model.device))
            output = self._model(
                input_ids=self._tensor([[drawn_ids[row]] for row in going_on]),
                position_ids=torch.full((len(going_on), 1), prefix.length + step, device=self._model.device),
                past_key_values=cache,
                use_cache=True,
            )
            logits = output.logits[:, -1]
        return [
            Completion(
                self._tokenizer.decode(draft.tokens[:-1]),
                tuple(draft.tokens),
                draft.allowed / len(draft.tokens),
                draft.free / len(draft.tokens),
            )
            for draft in drafts
            if draft.is_finished and not draft.matcher.is_error()
        ]

    @torch.inference_mode()
    def score(self, prefix: Prefix, completions: Sequence[Completion]) -> list[float]:
        """Give the mean free log probability a token (nats) of each completion, had it followed another prompt."""
        width = max(len(completion.tokens) for completion in completions) - 1
        cache = copy.deepcopy(prefix.cache)
        cache.batch_repeat_interleave(len(completions))
        # Padding stands to the right of everything that is scored, so that causality alone keeps it out.
        padded = [[*completion.tokens[:-1], *[0] * (width - len(completion.tokens) + 1)] for completion in completions]
        positions = torch.arange(prefix.length, prefix.length + width, device=self._model.device)
        output = self._model(
            input_ids=self._tensor(padded),
            position_ids=positions.expand(len(completions), -1),
            past_key_values=cache,
            use_cache=True,
        )
        first = prefix.logits.expand(len(completions), 1, -1)
        scores = torch.cat([first, output.logits], dim=1).float().log_softmax(-1).cpu()
        return [
            sum(float(scores[row, place, token]) for place, token in enumerate(completion.tokens))
            / len(completion.tokens)
            for row, completion in enumerate(completions)
        ]

    def _tensor(self, ids: list[list[int]]) -> torch.Tensor:
        return torch.tensor(ids, device=self._model.device)


def _draw_one(probabilities: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Draw one index a row by inverting the cumulative distribution; shape (rows, 1).

    torch.multinomial does the same twenty times slower at the width of a vocabulary. In double precision the rounded
    sum can end below 1, and a draw beyond it would be an index past the last: hence the product with that very sum.
    """
    cumulative = probabilities.double().cumsum(-1)
    heights = torch.rand(len(probabilities), 1, generator=generator, dtype=torch.float64) * cumulative[:, -1:]
    return torch.searchsorted(cumulative, heights, right=True)


def _allowed(drafts: list[_Draft], vocabulary: int) -> torch.Tensor:
    """Say which tokens each draft's grammar allows next; boolean, (drafts, vocabulary).

    llguidance's own helper for this is compiled by torch at its first call, which takes 40 s and a C++ compiler.
    """
    bits = np.frombuffer(b"".join(draft.matcher.compute_bitmask() for draft in drafts), dtype=np.uint8)
    return torch.from_numpy(
        np.unpackbits(bits.reshape(len(drafts), -1), axis=1, bitorder="little")[:, :vocabulary]
    ).bool()
