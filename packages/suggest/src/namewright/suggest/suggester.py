"""From a request to a response: guard, generate, guard again, rank, choose."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from namewright.guard import Guard
from namewright.shared import BlockedResponse, SuccessResponse
from namewright.shared.cli import log
from namewright.suggest.errors import NoNameError
from namewright.suggest.ranking import Ranked, choose, rank, suggestions

if TYPE_CHECKING:
    from namewright.shared import Calibration, Request
    from namewright.suggest.candidates import Candidate, CandidateSource

_POOL = 2
"""Good names wanted for each one that is asked for, before sampling ends: ranking needs something to choose from."""


@dataclass
class Suggester:
    """Answers requests. The same request, seed and model give the same answer, whatever was asked before.

    Attributes:
        source: Names candidates.
        guard: Says what is unsafe, in requests and in names.
        calibration: Makes confidences probabilities; without one they are raw.
        seed: Where randomness starts.
    """

    source: CandidateSource
    guard: Guard = field(default_factory=Guard)
    calibration: Calibration | None = None
    seed: int = 42

    def suggest(self, request: Request) -> SuccessResponse | BlockedResponse:
        """Answer a request.

        Raises:
            NoNameError: no name was found that the request allows and the guard lets pass.
        """
        if self._is_unsafe_request(request):
            return BlockedResponse()
        ranked: list[Ranked] = []
        seen: list[Candidate] = []
        for candidates in self.source.rounds(request, _seed_for(request, self.seed)):
            seen += candidates
            ranked = rank(request, seen, self._is_unsafe_domain)
            if len(ranked) >= _POOL * request.count:
                break
        if not ranked:
            raise NoNameError(
                "no name was found for this request: its constraints leave too little room (a longer max_length, "
                "fewer must_contain or avoid, or another TLD would help)",
            )
        return SuccessResponse(suggestions=suggestions(choose(ranked, request.count), self.calibration))

    def _is_unsafe_request(self, request: Request) -> bool:
        texts = [text for text in (request.description, request.tone, *request.must_contain) if text]
        results = list(self.guard.check_many(texts))
        for result in results:
            if result.execution_failed:
                log(f"suggest: the guard itself failed, and blocks what it cannot check: {result.reason}")
        return any(result.blocked for result in results)

    def _is_unsafe_domain(self, domain: str) -> bool:
        return self.guard.check_domain(domain).blocked


def _seed_for(request: Request, seed: int) -> int:
    """Derive a request's own seed from what it says, so that its answer does not hang on its place in a file."""
    digest = hashlib.sha256(f"{seed}\0{request.model_dump_json()}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
