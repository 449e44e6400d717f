"""What one service wants of the guard: thresholds by category, and texts that it always allows or denies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from namewright.guard._fold import fold
from namewright.guard._result import CATEGORIES, PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SOONER_OR_LATER = {"illegal": 0.5, "prompt_injection": 0.35, "child_exploitation": 0.08}
DEFAULT_THRESHOLDS = dict.fromkeys(CATEGORIES, 0.25) | _SOONER_OR_LATER
"""0.5 is the measured threshold (`Model.judge`). Most categories block a logit sooner, prompt_injection half of one, and children's two and a half: a harmless
business that looks unsafe mostly looks illegal, and harmless prompts are taken for injections often enough. docs/guard.md has the counts."""
_KEYS = {"version", "thresholds", "allow", "deny", "max_characters"}


@dataclass(frozen=True, slots=True)
class Policy:
    """A service's rules; phrases are folded when it is made, as the texts are, and told by their words, whatever blanks or hyphens part these.

    Raises:
        PolicyError: a value is impossible; the message names the field.

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

    def __post_init__(self) -> None:
        """Check the values, and fold the phrases."""
        for category, value in self.thresholds.items():
            _known(category, "thresholds")
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1.01:  # noqa: PLR2004
                raise PolicyError(f"thresholds.{category}: a number from 0 to 1.01 is wanted, not {value!r}")
        for _, category in self.deny:
            _known(category, "deny")
        if isinstance(self.max_characters, bool) or not isinstance(self.max_characters, int) or self.max_characters < 1:
            raise PolicyError(f"max_characters: a whole number from 1 is wanted, not {self.max_characters!r}")
        object.__setattr__(self, "allow", tuple(_folded(phrase, "allow") for phrase in self.allow))
        denied = tuple((_folded(phrase, f"deny.{category}"), category) for phrase, category in self.deny)
        object.__setattr__(self, "deny", denied)

    def threshold(self, category: str) -> float:
        """Give the score from which a category blocks."""
        return self.thresholds.get(category, DEFAULT_THRESHOLDS[category])


def phrase_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Make a pattern that finds any of some folded phrases in a folded text, the longest first."""
    longest = sorted(phrases, key=len, reverse=True)
    any_of = "|".join(r"[\s_-]+".join(map(re.escape, phrase.split())) for phrase in longest)
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)")


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

    class Loader(yaml.SafeLoader):
        """Refuses a field that stands twice, of which YAML would keep the last."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - yaml's own signature
            seen: set[str] = set()
            for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
                if key.value in seen:
                    problem = f"{key.value}: this field stands twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
            mapping: dict[Any, Any] = super().construct_mapping(node, deep)
            return mapping

    try:
        raw = Path(path).read_bytes()
        values = yaml.load(raw.decode(), Loader)  # noqa: S506 - a safe loader
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise PolicyError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    try:
        return parse_policy(values, default_version=f"sha256:{hashlib.sha256(raw).hexdigest()[:12]}")
    except PolicyError as error:
        raise PolicyError(f"{path}: {error}") from error


def parse_policy(values: Any, *, default_version: str = "custom") -> Policy:  # noqa: ANN401 - YAML is whatever it is
    """Make a policy of plain values.

    Raises:
        PolicyError: a field is unknown, or its value impossible.
    """
    values = {} if values is None else values
    if not isinstance(values, dict) or (unknown := sorted(set(map(str, values)) - _KEYS)):
        what = f"unknown fields {unknown}" if isinstance(values, dict) else "not a mapping"
        raise PolicyError(f"{what}; a policy has {', '.join(sorted(_KEYS))}")
    version = values.get("version", default_version)
    if isinstance(version, bool) or not isinstance(version, str | int) or version == "":
        raise PolicyError(
            f"version: a text is wanted, in quotes where it looks like a number or a date, not {version!r}"
        )
    deny = _mapping(values, "deny")
    return Policy(
        version=str(version),
        thresholds=_mapping(values, "thresholds"),
        allow=tuple(_phrases(values.get("allow"), "allow")),
        deny=tuple((phrase, category) for category in deny for phrase in _phrases(deny[category], f"deny.{category}")),
        max_characters=values.get("max_characters", Policy().max_characters),
    )


def _mapping(values: dict[Any, Any], name: str) -> dict[str, Any]:
    found = values.get(name)
    if found is not None and not isinstance(found, dict):
        raise PolicyError(f"{name}: a mapping by category is wanted, not {found!r}")
    return found or {}


def _phrases(values: Any, name: str) -> list[str]:  # noqa: ANN401
    if values is not None and not isinstance(values, list):
        raise PolicyError(f"{name}: a list of phrases is wanted, not {values!r}")
    return values or []


def _folded(phrase: Any, name: str) -> str:  # noqa: ANN401
    folded = " ".join(fold(phrase).split()) if isinstance(phrase, str) else ""
    if not any(map(str.isalnum, folded)):
        raise PolicyError(f"{name}: a phrase with a letter or a digit is wanted, not {phrase!r}")
    return folded


def _known(category: object, name: str) -> None:
    if category not in CATEGORIES:
        raise PolicyError(f"{name}.{category}: no such category; there are {', '.join(CATEGORIES)}")
