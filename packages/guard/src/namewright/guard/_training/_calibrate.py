"""The thresholds, found on safe texts that the classifier was not trained on, and how it does on the development set."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from namewright.guard._evaluate import wilson
from namewright.guard._features import sentences_of
from namewright.guard._fold import fold
from namewright.guard._result import SAFE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from namewright.guard._guard import Guard
    from namewright.guard._model import Model
    from namewright.guard._training._written import Written

BUSINESS_RATE = 0.002
"""Share of held-out business descriptions that may be blocked as a whole; for a part alone none may."""
CONTRAST_RATE = 0.075
"""Share of held-out safe texts that only look unsafe that may be blocked."""
PART_MARGIN = 1.0
"""How far above the highest part of a held-out description a part has to score: a text has many parts."""
_STRINGS = 2_000
LEAST = -99.0


def held_out_texts(written: Sequence[Written], descriptions: Sequence[str], seed: int) -> dict[str, list[str]]:
    """Give the safe texts that thresholds are set on: business descriptions, also strung together, and contrasts."""
    rng = random.Random(seed)
    lines = [line for line in written if line.held_out and line.category == SAFE]
    business = [text for line in lines if line.source == "companies" for text in line.variants(8, rng)]
    business += descriptions
    strung = [" ".join(rng.sample(business, rng.choice([2, 3, 4]))) for _ in range(_STRINGS)] if business else []
    contrasts = [text for line in lines if line.source != "companies" for text in line.variants(4, rng)]
    return {"business": business + strung, "contrast": contrasts}


def thresholds(model: Model, texts: dict[str, list[str]]) -> dict[str, float]:
    """Find the raw scores from which a "whole" text, and a "part" of one, count as unsafe; `texts` as above."""
    business = [_scores(model, text) for text in texts["business"]]
    contrast = [_scores(model, text)[0] for text in texts["contrast"]]
    whole = max(_quantile([score for score, _ in business], BUSINESS_RATE), _quantile(contrast, CONTRAST_RATE))
    part = _quantile([part for score, part in business if score <= whole], 0.0)
    return {"whole": round(whole, 3), "part": round(max(part + PART_MARGIN, whole), 3)}


def development_table(guard: Guard, written: Sequence[Written], seed: int) -> list[str]:
    """Give recall by category, and false blocks by file, on the held-out lines, one expansion a line."""
    rng = random.Random(seed)
    groups: dict[str, list[bool]] = {}
    for line in written:
        if line.held_out:
            kind = f"safe: {line.source}" if line.category == SAFE else f"unsafe: {line.category}"
            blocked = guard.check(line.variants(1, rng)[0]).blocked
            for name in (kind.partition(":")[0], kind):
                groups.setdefault(name, []).append(blocked)
    width = max(map(len, groups), default=0)
    return [f"{name:<{width}}  {wilson(sum(blocked), len(blocked))}" for name, blocked in sorted(groups.items())]


def _scores(model: Model, text: str) -> tuple[float, float]:
    best = model.highest(sentences_of(fold(text)))
    whole, part = best.get("whole"), best.get("part")
    return whole[0] if whole else LEAST, part[0] if part else LEAST


def _quantile(values: Sequence[float], above: float) -> float:
    """Give the value that so large a share lies above."""
    ordered = sorted(values)
    return ordered[max(0, len(ordered) - 1 - int(above * len(ordered)))] if ordered else 0.0
