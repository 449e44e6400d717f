"""The thresholds, found on safe texts that the classifier was not trained on, and how it does on the development set."""

from __future__ import annotations

import random
from math import inf
from typing import TYPE_CHECKING

from namewright.guard._evaluate import wilson
from namewright.guard._features import sentences_of
from namewright.guard._fold import fold
from namewright.guard._model import LONG, SHORT
from namewright.guard._result import SAFE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from namewright.guard._guard import Guard
    from namewright.guard._model import Model
    from namewright.guard._training._written import Written

CONTRAST_RATE = 0.105
"""Share of held-out short safe texts that look unsafe that may be blocked. Most of them are twins of an unsafe line, which is harder than
what people ask: docs/guard.md has the rates elsewhere, and says with which of them in sight these numbers were picked."""
BUSINESS_RATE = 0.002
"""The same for held-out business descriptions of many words, half of which were written to come near to unsafe words."""
PART_RATE, PART_MARGIN = 0.002, 1.1
"""Share of the highest parts of held-out business descriptions that lie above the part's threshold less the margin: a text has many parts."""
BUSINESS = {"companies", "trades", "firms"}
"""Files of written lines that describe a business and do not only look unsafe."""
_STRINGS = 2_000
LEAST = -99.0


def held_out_texts(written: Sequence[Written], descriptions: Sequence[str], seed: int) -> dict[str, list[str]]:
    """Give the safe texts that thresholds are set on: business descriptions, also strung together, and contrasts."""
    rng = random.Random(seed)
    lines = [line for line in written if line.held_out and line.category == SAFE]
    business = [text for line in lines if line.source in BUSINESS for text in line.variants(2, rng)]
    business += descriptions
    strung = [" ".join(rng.sample(business, rng.choice([2, 3, 4]))) for _ in range(_STRINGS)] if business else []
    contrasts = [text for line in lines if line.source not in BUSINESS for text in line.variants(1, rng)]
    return {"business": business + strung, "contrast": contrasts}


def thresholds(model: Model, texts: dict[str, list[str]]) -> dict[str, float]:
    """Find the raw scores from which a short "whole" text, a "long" one, and a "part" count as unsafe; `texts` as above.

    `model` has no thresholds yet, so that what it gives are raw scores.
    """
    business = [_scores(model, text) for text in texts["business"]]
    contrast = [_scores(model, text) for text in texts["contrast"]]
    short = _quantile([score for score, _, count in contrast if count <= SHORT], CONTRAST_RATE)
    long = max(short, _quantile([score for score, _, count in business if count >= LONG], BUSINESS_RATE))
    part = _quantile({round(part, 3) for _, part, _ in business}, PART_RATE) + PART_MARGIN  # each sentence once
    return {"whole": round(short, 3), "long": round(long, 3), "part": round(max(part, short), 3)}


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


def _scores(model: Model, text: str) -> tuple[float, float, int]:
    sentences = sentences_of(fold(text))
    best = model.highest(sentences, -inf)
    whole, part = best.get("whole"), best.get("part")
    return whole[0] if whole else LEAST, part[0] if part else LEAST, sum(map(len, sentences))


def _quantile(values: Iterable[float], above: float) -> float:
    """Give the value that so large a share lies above."""
    ordered = sorted(values)
    return ordered[max(0, len(ordered) - 1 - int(above * len(ordered)))] if ordered else 0.0
