"""Where candidate names come from: a fine-tuned model, or its base with a few examples in the prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

from namewright.shared import Request
from namewright.shared.prompts import BLOCKED_COMPLETION
from namewright.shared.tokens import completion_ids, prompt_ids
from namewright.suggest.grammar import grammar_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from namewright.suggest.models import LoadedModel
    from namewright.suggest.sampling import Prefix


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that a model said.

    Attributes:
        domain: The full domain.
        log_probability: Mean log probability a token for this request, among what the request allows (nats).
        association: How much likelier the request makes it: mean log probability a token (nats) given the request,
            less the one given none. It tells a name for this business from one for any.
    """

    domain: str
    log_probability: float
    association: float


class CandidateSource(Protocol):
    """Anything that names candidates, in rounds, until the caller has enough."""

    def rounds(self, request: Request, seed: int) -> Iterator[list[Candidate]]:
        """Give rounds of candidates that obey the request; the same seed gives the same ones."""


@dataclass(frozen=True, slots=True)
class SamplingSettings:
    """How names are drawn.

    Attributes:
        samples: Completions a round.
        temperatures: One round is drawn at each, until there are names enough.
    """

    samples: int = 24
    temperatures: tuple[float, ...] = (0.9, 1.0, 1.1)


class ModelSource:
    """Draws candidates from a language model on this machine."""

    def __init__(self, loaded: LoadedModel, settings: SamplingSettings) -> None:
        self._loaded, self._settings = loaded, settings
        self._blocked = completion_ids(BLOCKED_COMPLETION, loaded.tokenizer)[0]
        self._anything = self._read(Request(description="A business."))
        self._last: tuple[Request, Prefix] | None = None

    def refusal(self, request: Request) -> float:
        """Give the probability that the model begins to say `BLOCKED`; names are lower case, so nothing else does."""
        return self._prefix(request).probability(self._blocked)

    def rounds(self, request: Request, seed: int) -> Iterator[list[Candidate]]:
        """Draw a batch of completions at each temperature."""
        prefix, grammar = self._prefix(request), grammar_for(request)
        generator = torch.Generator().manual_seed(seed)
        for temperature in self._settings.temperatures:
            drawn = self._loaded.sampler.draw(
                prefix,
                grammar,
                count=self._settings.samples,
                temperature=temperature,
                generator=generator,
            )
            distinct = list({completion.text: completion for completion in drawn}.values())
            anywhere = self._loaded.sampler.score(self._anything, distinct) if distinct else []
            yield [
                Candidate(completion.text, completion.allowed, completion.free - free_anywhere)
                for completion, free_anywhere in zip(distinct, anywhere, strict=True)
            ]

    def _prefix(self, request: Request) -> Prefix:
        if self._last is None or self._last[0] != request:
            self._last = (request, self._read(request))
        return self._last[1]

    def _read(self, request: Request) -> Prefix:
        ids = prompt_ids(
            request,
            self._loaded.tokenizer,
            max_tokens=self._loaded.max_prompt_tokens,
            shots=self._loaded.shots,
        )
        return self._loaded.sampler.read(ids)
