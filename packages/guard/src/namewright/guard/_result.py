"""What the guard answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

CATEGORIES = (
    "adult",
    "hate_violence",
    "illegal",
    "weapons_minors",
    "doxxing",
    "child_exploitation",
    "prompt_injection",
)
"""What a text can be blocked for; `docs/SAFETY_POLICY.md` says what falls where."""

SAFE = "safe"
"""The category of a text that is not blocked."""


class GuardError(Exception):
    """Base of the guard's own errors.

    GuardError
    ├── PolicyError      a policy file that cannot be read or says something impossible
    └── WeightsError     the classifier's weights are missing or damaged
    """


class PolicyError(GuardError):
    """A policy cannot be read, or says something impossible."""


class WeightsError(GuardError):
    """The classifier's weights are missing or damaged."""


@dataclass(frozen=True, slots=True)
class GuardResult:
    """The decision on one text.

    Attributes:
        blocked: Whether the text has to be refused.
        category: One of `CATEGORIES`, or "safe" where it is not blocked.
        score: From 0 to 1, how unsafe the text looks; at and above the category's threshold it is blocked.
        reason: Why, in a few words for a log: which rule or how the classifier scored. Never the text itself.
        policy_version: Which policy decided.
        execution_failed: True where the guard itself failed; the text is blocked then, since it fails closed.
    """

    blocked: bool
    category: str
    score: float
    reason: str
    policy_version: str
    execution_failed: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Give the result as a plain dictionary, ready for JSON."""
        return asdict(self)
