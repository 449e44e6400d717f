"""What one service wants of the guard: thresholds by category, and texts that it always allows or denies."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from namewright.guard._fold import fold
from namewright.guard._result import CATEGORIES, PolicyError

_LATER = ("illegal", "prompt_injection")
DEFAULT_THRESHOLDS = dict.fromkeys(CATEGORIES, 0.25) | dict.fromkeys(_LATER, 0.5) | {"child_exploitation": 0.12}
"""0.5 is the measured threshold (`Model.judge`). The others block a logit sooner, and children's two: a harmless business that looks unsafe mostly
looks illegal, and harmless prompts are taken for injections often enough. docs/guard.md has the counts."""
_KEYS = {"version", "thresholds", "allow", "deny", "max_characters"}


@dataclass(frozen=True, slots=True)
class Policy:
    """A service's rules.

    Attributes:
        version: What every result says of the policy that decided.
        thresholds: The score from which a category blocks, where it is not that of `DEFAULT_THRESHOLDS`; 1.01 switches a category off.
        allow: Phrases that are taken out before a text is judged ("Scunthorpe Sex Museum").
        deny: Phrases that block, with their category.
        max_characters: A longer text is blocked unread.
    """

    version: str = "default-1"
    thresholds: dict[str, float] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    deny: tuple[tuple[str, str], ...] = ()
    max_characters: int = 1_000_000

    def threshold(self, category: str) -> float:
        """Give the score from which a category blocks."""
        return self.thresholds.get(category, DEFAULT_THRESHOLDS[category])


def read_policy(path: str | Path) -> Policy:
    """Read a policy from YAML (or JSON, which is YAML).

    Raises:
        PolicyError: it cannot be read, or says something impossible; the message names the file and the field.
    """
    try:
        import hashlib  # noqa: PLC0415 - only who brings a policy file pays for them

        import yaml  # noqa: PLC0415
    except ImportError as error:
        raise PolicyError("reading a policy file needs PyYAML: pip install 'namewright-guard[policy]'") from error
    try:
        raw = Path(path).read_bytes()
        values = yaml.safe_load(raw.decode())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    try:
        return parse_policy(values, default_version=f"sha256:{hashlib.sha256(raw).hexdigest()[:12]}")
    except ValueError as error:
        raise PolicyError(f"{path}: {error}") from error


def parse_policy(values: Any, *, default_version: str = "custom") -> Policy:  # noqa: ANN401 - YAML is whatever it is
    """Make a policy of plain values.

    Raises:
        ValueError: a field is unknown, or its value impossible.
    """
    values = {} if values is None else values
    if not isinstance(values, dict) or (unknown := sorted(set(map(str, values)) - _KEYS)):
        what = f"unknown fields {unknown}" if isinstance(values, dict) else "not a mapping"
        raise ValueError(f"{what}; a policy has {', '.join(sorted(_KEYS))}")
    return Policy(
        version=str(values.get("version", default_version)),
        thresholds=_thresholds(values.get("thresholds") or {}),
        allow=tuple(fold(phrase) for phrase in _phrases(values.get("allow") or [], "allow")),
        deny=tuple(_deny(values.get("deny") or {})),
        max_characters=_positive(values.get("max_characters", Policy().max_characters)),
    )


def _thresholds(values: Any) -> dict[str, float]:  # noqa: ANN401
    if not isinstance(values, dict):
        raise ValueError("thresholds: a mapping of category to number is wanted")  # noqa: TRY004 - one error for the file
    for category, value in values.items():
        _known(category, "thresholds")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1.01:  # noqa: PLR2004
            raise ValueError(f"thresholds.{category}: a number from 0 to 1.01 is wanted, not {value!r}")
    return {str(category): float(value) for category, value in values.items()}


def _deny(values: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    if not isinstance(values, dict):
        raise ValueError("deny: a mapping of category to phrases is wanted")  # noqa: TRY004
    pairs = []
    for category, phrases in values.items():
        _known(category, "deny")
        pairs += [(fold(phrase), str(category)) for phrase in _phrases(phrases, f"deny.{category}")]
    return pairs


def _phrases(values: Any, name: str) -> list[str]:  # noqa: ANN401
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ValueError(f"{name}: a list of phrases is wanted")
    return values


def _known(category: object, name: str) -> None:
    if category not in CATEGORIES:
        raise ValueError(f"{name}.{category}: no such category; there are {', '.join(CATEGORIES)}")


def _positive(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"max_characters: a whole number from 1 is wanted, not {value!r}")
    return value
